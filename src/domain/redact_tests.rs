//! Stories of card numbers that guests type, and of numbers that are none.

use proptest::prelude::*;

use super::*;

const MASK: &str = "•••• •••• •••• 1111";

#[test]
fn a_card_number_is_hidden_however_it_is_typed() {
    for typed in [
        "4111111111111111",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "4111.1111.1111.1111",
        "4111\u{a0}1111\u{a0}1111\u{a0}1111",
        "4111 - 1111 - 1111 - 1111",
        "4111\n1111\n1111\n1111",
        "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
        "41 111111 1111 1111",
        "４１１１ １１１１ １１１１ １１１１",
        "٤١١١ ١١١١ ١١١١ ١١١١",
        "4111\u{200b}1111\u{200b}1111\u{200b}1111",
        "𝟒𝟏𝟏𝟏 𝟏𝟏𝟏𝟏 𝟏𝟏𝟏𝟏 𝟏𝟏𝟏𝟏",
    ] {
        assert_eq!(mask_cards(typed), MASK, "{typed}");
        assert_eq!(mask_cards(&format!("card {typed}, thanks")), format!("card {MASK}, thanks"));
    }
}

#[test]
fn every_common_brand_is_known() {
    for (number, last) in [
        ("5555 5555 5555 4444", "4444"),
        ("2223 0031 2200 3222", "3222"),
        ("378282246310005", "0005"),
        ("3782 822463 10005", "0005"),
        ("30569309025904", "5904"),
        ("6011111111111117", "1117"),
        ("3530111333300000", "0000"),
        ("6200000000000005", "0005"),
        ("4222222222222", "2222"),
        ("6304000000000000000", "0000"),
    ] {
        assert_eq!(mask_cards(number), format!("•••• •••• •••• {last}"), "{number}");
    }
}

#[test]
fn a_room_an_expiry_or_a_code_beside_the_card_does_not_save_it() {
    for text in [
        "room 204 4111 1111 1111 1111",
        "4111 1111 1111 1111 12/27 123",
        "4111 1111 1111 1111 123",
        "41111111111111111227",
        "4111111111111111exp1227cvc123",
        "+4111111111111111",
        "a 5555555555554444 b 4111111111111111",
    ] {
        let masked = mask_cards(text);
        assert!(masked.contains("••••"), "{text}");
        assert!(
            !masked.contains("41111") && !masked.contains("4111 1111") && !masked.contains("55555"),
            "{masked}"
        );
    }
}

#[test]
fn other_numbers_stay() {
    for text in [
        "+34 600 111 222",
        "+351210000000",
        "0034 600 111 222",
        "(415) 555-0123",
        "HRB1001",
        "my number is 123456789012",
        "4111 1111 1111 1112",
        "1234567890123452",
        "2026-03-15T14:00:00.123456Z",
        "2026-03-15 14:00 - 2026-03-18 11:00",
        "18.00 EUR, room 204, 2 towels at 7:30",
        "4111, 1111, 1111, 1111 are rooms",
        "0000 0000 0000 0000",
        "",
    ] {
        assert!(matches!(mask_cards(text), Cow::Borrowed(same) if same == text), "{text}");
    }
}

#[test]
fn masking_twice_changes_nothing_more() {
    let once = mask_cards("pay with 4111111111111111 and 5555555555554444").into_owned();
    assert_eq!(once, "pay with •••• •••• •••• 1111 and •••• •••• •••• 4444");
    assert!(matches!(mask_cards(&once), Cow::Borrowed(_)));
}

fn across(prev: &[&str], next: &str) -> Option<(Vec<String>, String)> {
    mask_across(prev, next).map(|m| (m.prev, m.next))
}

#[test]
fn a_number_split_over_messages_is_hidden_in_all_of_them() {
    let (prev, next) = across(&["4111 1111"], "1111 1111").unwrap();
    assert_eq!((prev, next.as_str()), (vec!["•••• ••••".to_owned()], "•••• 1111"));

    let (prev, next) = across(&["hello", "my card is 4111 1111 1111"], "1111 thanks").unwrap();
    assert_eq!((prev, next.as_str()), (vec!["my card is •••• •••• ••••".to_owned()], "1111 thanks"));

    let (prev, next) = across(&["it's 4111", "1111,", " 1111 "], "1111").unwrap();
    assert_eq!(
        (prev, next.as_str()),
        (vec!["it's ••••".to_owned(), "••••,".into(), " •••• ".into()], "1111")
    );

    let (prev, next) = across(&["4111 1111 1111 11"], "11 exp 12/27").unwrap();
    assert_eq!((prev, next.as_str()), (vec!["•••• •••• •••• 11".to_owned()], "11 exp 12/27"));
}

#[test]
fn words_that_go_on_with_the_number_do_not_save_it() {
    let (prev, next) = across(&["my card is 4111 1111 and then"], "1111 1111").unwrap();
    assert_eq!((prev[0].as_str(), next.as_str()), ("my card is •••• •••• and then", "•••• 1111"));
    let (prev, next) = across(&["it starts with 4111 1111"], "and the rest is 1111 1111").unwrap();
    assert_eq!((prev[0].as_str(), next.as_str()), ("it starts with •••• ••••", "and the rest is •••• 1111"));
    let (_, next) = across(&["4111 1111 1111"], "los últimos cuatro son 1111").unwrap();
    assert_eq!(next, "los últimos cuatro son 1111");
}

#[test]
fn two_messages_with_other_numbers_are_left_alone() {
    for (prev, next) in [
        (vec![], "4111 1111 1111 1111"),
        (vec!["4111 1111"], "1111 1112"),
        (vec!["4111 1111 ok?"], "1111 1111"),
        (vec!["4111 1111"], "yes 1111 1111"),
        (vec!["4111 1111", "thanks"], "1111 1111"),
        (vec!["call +4111111111"], "111111"),
        (vec!["room 204"], "2 towels"),
        (vec!["4111 1111"], "my booking is 1111 1111"),
        (vec!["•••• •••• •••• 1111"], "123"),
    ] {
        assert_eq!(across(&prev, next), None, "{prev:?} {next}");
    }
}

/// A valid number of the wanted length: random digits behind the prefix and the check digit that fits.
fn card() -> impl Strategy<Value = Vec<u8>> {
    let prefix = prop_oneof![
        Just("4"),
        Just("51"),
        Just("2221"),
        Just("2720"),
        Just("34"),
        Just("37"),
        Just("36"),
        Just("6011"),
        Just("65"),
        Just("62"),
        Just("3528"),
        Just("50")
    ];
    (prefix, 13usize..=19, proptest::collection::vec(0u8..10, 19)).prop_map(|(prefix, len, random)| {
        let mut digits: Vec<u8> = prefix.bytes().map(|b| b - b'0').collect();
        digits.extend(&random);
        digits.truncate(len - 1);
        let sum: u32 = digits
            .iter()
            .rev()
            .enumerate()
            .map(|(i, d)| {
                let d = u32::from(*d);
                if i % 2 == 1 {
                    d
                } else if d > 4 {
                    d * 2 - 9
                } else {
                    d * 2
                }
            })
            .sum();
        digits.push(u8::try_from((10 - sum % 10) % 10).unwrap());
        digits
    })
}

fn separators() -> impl Strategy<Value = Vec<&'static str>> {
    let one = prop_oneof![6 => Just(""), 2 => Just(" "), 1 => Just("-"), 1 => Just("."), 1 => Just("\u{a0}"),
        1 => Just(" - "), 1 => Just("\u{2009}"), 1 => Just("–")];
    proptest::collection::vec(one, 19)
}

proptest! {
    #[test]
    fn no_valid_card_survives_in_any_separators(card in card(), gaps in separators(), zero in prop_oneof![Just('0'), Just('０'), Just('٠')]) {
        let typed: String = card.iter().zip(&gaps).enumerate().map(|(i, (d, gap))| {
            let digit = char::from_u32(u32::from(zero) + u32::from(*d)).unwrap();
            if i + 1 == card.len() { digit.to_string() } else { format!("{digit}{gap}") }
        }).collect();
        let text = format!("My card: {typed}. Thanks");
        let masked = mask_cards(&text);
        let left = masked.chars().filter(|c| digit_value(*c).is_some()).count();
        prop_assert_eq!(left, 4, "{} -> {}", text, masked);
        prop_assert!(masked.starts_with("My card: ") && masked.ends_with(". Thanks"));
    }

    #[test]
    fn text_without_long_runs_of_digits_is_unchanged(text in "([a-zé•+ ]{0,6}[0-9 .-]{0,12}[a-z:])*") {
        prop_assert!(matches!(mask_cards(&text), Cow::Borrowed(_)));
    }

    #[test]
    fn any_text_is_masked_once_and_for_all(text in "\\PC{0,60}") {
        let once = mask_cards(&text).into_owned();
        prop_assert_eq!(mask_cards(&once).into_owned(), once);
    }

    #[test]
    fn a_card_cut_anywhere_over_two_messages_does_not_survive(card in card(), cut in 1usize..13) {
        prop_assume!(card.len() > 13);
        let typed: String = card.iter().map(|d| char::from(b'0' + d)).collect();
        let (first, second) = typed.split_at(cut);
        let masked = mask_across(&[first], second).unwrap();
        let shown = format!("{}{}", masked.prev[0], masked.next);
        prop_assert_eq!(shown.chars().filter(char::is_ascii_digit).count(), 4);
    }
}

#[test]
fn a_megabyte_of_digits_is_read_in_one_pass() {
    // Each digit is looked at a bounded number of times, so this ends at once or, if it were quadratic, never.
    for unit in ["4", "4 ", "41 1-1", "4111 1111 1111 1112 "] {
        let text = unit.repeat(1_000_000 / unit.len());
        assert!(mask_cards(&text).len() <= text.len() * 4);
    }
}
