//! Mails as programs and guests write them, and mails that nobody should; the fixture holds the most of the former.

use super::*;

#[derive(serde::Deserialize)]
struct Row {
    id: String,
    body: String,
    expected: String,
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_mail_of_the_fixture_is_parted_as_a_reader_would() {
    let rows = include_str!("../../../fixtures/reading/email_replies.jsonl");
    let rows: Vec<Row> = rows.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let wrong: Vec<_> = rows
        .iter()
        .map(|row| (&row.id, folded(&split(&row.body).words), folded(&row.expected)))
        .filter(|(_, words, expected)| words != expected)
        .collect();
    assert!(rows.len() >= 60);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn each_part_keeps_its_lines() {
    let parts = split(
        "Two towels, please.\r\n\r\n\r\n    for room 12\r\n-- \r\nAnna\r\n\r\nOn 12 May 2026 at 9:14, Hotel wrote:\r\n> Hello\r\n>\r\n> Anna\r\n",
    );
    assert_eq!(parts.words, "Two towels, please.\n\n    for room 12");
    assert_eq!(parts.signature, "--\nAnna");
    assert_eq!(parts.quoted, "On 12 May 2026 at 9:14, Hotel wrote:\n> Hello\n>\n> Anna");
}

#[test]
fn an_empty_mail_has_no_parts() {
    assert_eq!(split(""), Parts::default());
    assert_eq!(split("\u{feff} \r\n\u{200b}\n"), Parts::default());
}

#[test]
fn a_rest_of_a_link_between_quoted_lines_is_quoted_and_a_guests_link_is_not() {
    let parts = split("> see\n (https://example.com/a) >\n> there\n\nhttps://example.com/b\n");
    assert_eq!(parts.words, "https://example.com/b");
}

#[test]
fn a_quote_without_marks_is_only_cut_behind_what_a_program_wrote() {
    let kept = |text: &str| assert_eq!(folded(&split(text).words), folded(text));
    kept("Hello,\nAnna <anna@kovacs.example> wrote:\nno parking");
    kept("On 3 May 2026 I saw what Anna wrote:\nno parking");
    kept("Frau Weber schrieb am 03.05.2026 um 16:19:\nDas Zimmer ist fertig.");
    kept("----- Message for the kitchen -----\nno nuts please");
    let quoting = |text: &str| {
        let parts = split(&format!("{text}\n> the key is outside"));
        assert_eq!((folded(&parts.words), &*parts.quoted), (folded(text), "> the key is outside"));
    };
    quoting("On 12 May we arrive late.\nHere is what Anna wrote:");
    quoting("On 12 May 2026 we arrive as late as your last bus does, so at 22:00.\nThis is what Anna wrote:");
    quoting("Here is the original message:");
    kept("Subject: my stay\nTo: the manager\nDate: 12 May 10:00\nit was loud");
}

#[test]
fn a_footer_is_only_cut_at_the_end() {
    let text = "Sent from my iPhone\nis what your mails say, and nothing else.";
    assert_eq!(split(text).words, text);
    let text = "This message is confidential, for the addressee alone, and was sent to you in error. Delete the late fee.";
    assert_eq!(split(text).words, text);
    let text = "This message is confidential, for the addressee alone. In error you billed twice, delete one item.\n\nLea";
    assert_eq!(split(text).words, text);
}

/// Texts that make a careless parser slow: would one of them take more than linear time, this test would not end.
#[test]
fn hostile_mails_are_parted_all_the_same() {
    let shapes = [
        ">",
        ">\n",
        "\n",
        "\r\n",
        " ",
        "-",
        "-- \n",
        "--\n",
        "-----\n",
        "<",
        "On 1 <\n",
        "On 1\n",
        "On 1 ",
        "a--- On 1\n",
        "On 3 May bob wrote:\n",
        "From: a\n",
        "From: a\n\n",
        "From: a@b\nc@d\n",
        "Begin forwarded message:\n",
        "Sent from my iPhone\n",
        "x\n\n-Anna Kovacs\n\n",
        "regards\nTel. 1234567\n",
        "> q\nword\n",
        ">\nhttp://a\n",
        "x\n_____\nunsubscribe http://a\n",
        "\u{200b}",
        "é",
        ":",
        "This e-mail is confidential and for the addressee alone. In error? No: delete it. It is prohibited.\n\n",
        "This e-mail is confidential and for the addressee alone; delete it, for its use is prohibited.\n\n",
    ];
    for shape in shapes {
        let body = format!("hello\n\n{}", shape.repeat(30_000 / shape.len()));
        let parts = split(&body);
        assert_eq!(
            letters(&body),
            letters(&parts.words) + letters(&parts.signature) + letters(&parts.quoted)
        );
        assert!(parts.words.starts_with("hello"), "{shape:?}");
    }
}

/// How many characters a text has that are not white space.
fn letters(text: &str) -> usize {
    text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}')).count()
}

/// Lines of which mails are made, and such as only look like them.
fn line() -> impl proptest::strategy::Strategy<Value = String> {
    use proptest::prelude::*;
    prop_oneof![
        "\\PC{0,40}",
        "[>< -]{0,6}[a-zé@:.?]{0,9}",
        proptest::sample::select(vec![
            "", "", "-- ", "--", "_____", "> a", "On 12 May 2026 at 9:14, Bob <b@c.example> wrote:", "On 12 May 2026, Bob",
            "<b@c.example> wrote:", "From: Bob <b@c.example>", "Sent: Tuesday, May 12, 2026 9:14", "Subject: x", "To: y",
            "-----Original Message-----", "Sent from my iPhone", "Best regards,", "Tel. +49 30 555 0100", "www.c.example",
            "-Anna Kovacs", "(https://c.example) >", "x--- On 3 May 2026", "unsubscribe: http://c.example",
            "Dit bericht is vertrouwelijk en alleen voor de geadresseerde bestemd; verwijder het anders direct en geheel.",
        ])
        .prop_map(str::to_owned),
    ]
}

proptest::proptest! {
    #[test]
    fn no_word_of_a_mail_disappears(lines in proptest::collection::vec(line(), 0..25)) {
        let body = lines.join("\n");
        let parts = split(&body);
        let all = letters(&parts.words) + letters(&parts.signature) + letters(&parts.quoted);
        proptest::prop_assert_eq!(letters(&body), all);
    }

    #[test]
    fn whatever_stands_in_a_mail_it_is_parted(body in "(?s).{0,200}") {
        let parts = split(&body);
        let all = letters(&parts.words) + letters(&parts.signature) + letters(&parts.quoted);
        proptest::prop_assert_eq!(letters(&body), all);
    }

    #[test]
    fn plain_sentences_are_the_guests(body in "([A-Za-z ,!?']{1,30}[.\n]){1,12}") {
        proptest::prop_assert_eq!(folded(&split(&body).words), folded(&body));
    }
}
