//! Stories of guests who prove their booking, and of guests who say something else.

use super::*;

fn claim(burst: &[&str], earlier: &[&str]) -> (Vec<String>, Option<String>) {
    let claim = find_claim(burst, earlier);
    assert_eq!(claim.has_name, !claim.name_text.is_empty());
    (claim.numbers, claim.has_name.then_some(claim.name_text))
}

#[test]
fn number_and_name_are_found_in_whatever_words_they_come() {
    for (text, number, name) in [
        ("HRB1001, Ruiz", "HRB1001", "Ruiz"),
        ("Ruiz HRB1001", "HRB1001", "Ruiz"),
        ("hrb1001 ruiz", "HRB1001", "ruiz"),
        ("HRB-1001 / Ruiz", "HRB1001", "Ruiz"),
        ("my booking is hrb 1001 the name's ruiz", "HRB1001", "ruiz"),
        ("reserva HRB-1001 a nombre de Ana Ruiz", "HRB1001", "Ana Ruiz"),
        ("Hi, I'm Ana Ruiz, confirmation number HRB1001", "HRB1001", "Ana Ruiz"),
        ("Confirmation #HRB1001\nLast name: Ruiz", "HRB1001", "Ruiz"),
        ("HRB1001 under O'Brien please", "HRB1001", "O'Brien"),
        ("it's HRB1001 and my surname is de la Cruz", "HRB1001", "de la Cruz"),
        ("Surname Ruiz, number 84729103. Could I get two towels?", "84729103", "Ruiz"),
        ("HRB1001 Ruiz, two towels to my room please", "HRB1001", "Ruiz"),
        ("Hola, soy Ana Ruiz y mi reserva es la HRB1001", "HRB1001", "Ana Ruiz"),
        ("Buchungsnummer HRB1001, Nachname Müller", "HRB1001", "Müller"),
        ("numéro de réservation HRB1001 au nom de Moreau", "HRB1001", "Moreau"),
        ("prenotazione HRB1001 a nome di Rossi", "HRB1001", "Rossi"),
        ("reserva HRB1001 em nome de Silva", "HRB1001", "Silva"),
        ("1001 Ruiz", "1001", "Ruiz"),
        ("booking 1001, Ruiz", "1001", "Ruiz"),
        ("X7K2QP Tanaka", "X7K2QP", "Tanaka"),
        ("ＨＲＢ１００１ 田中", "HRB1001", "田中"),
        ("HRB1001 García-López", "HRB1001", "García-López"),
        ("HRB1001, my last name is May", "HRB1001", "May"),
        ("HRB1001 ruiz, ana", "HRB1001", "ruiz ana"),
    ] {
        let (numbers, found) = claim(&[text], &[]);
        assert_eq!(numbers.first().map(String::as_str), Some(number), "{text}: {numbers:?}");
        assert_eq!(found.as_deref(), Some(name), "{text}");
    }
}

#[test]
fn the_two_halves_may_come_in_two_messages() {
    for (burst, earlier) in [
        (vec!["Ruiz"], vec!["two towels please", "HRB1001"]),
        (vec!["it's Ruiz"], vec!["HRB1001"]),
        (vec!["HRB1001", "Ruiz"], vec![]),
        (vec!["Ruiz", "HRB1001"], vec![]),
        (vec!["HRB1001"], vec!["two towels please", "Ruiz"]),
        (vec!["sorry, HRB1001"], vec!["my name is Ruiz"]),
    ] {
        let (numbers, name) = claim(&burst, &earlier);
        assert_eq!(
            (numbers, name.as_deref()),
            (vec!["HRB1001".to_owned()], Some("Ruiz")),
            "{burst:?} {earlier:?}"
        );
    }
    assert_eq!(claim(&["Ruiz"], &["1001"]), (vec!["1001".into()], Some("Ruiz".into())));
    assert_eq!(claim(&["1001", "Ruiz"], &[]), (vec!["1001".into()], Some("Ruiz".into())));
}

#[test]
fn half_a_claim_is_told_as_half() {
    assert_eq!(claim(&["HRB1001"], &[]), (vec!["HRB1001".into()], None));
    assert_eq!(claim(&["1001"], &[]), (vec!["1001".into()], None));
    assert_eq!(claim(&["my name is Ana Ruiz"], &[]), (vec![], Some("Ana Ruiz".into())));
}

#[test]
fn an_earlier_claim_is_not_made_again_by_the_next_sentence() {
    for text in
        ["two towels please", "thanks", "ok", "is breakfast included?", "I am waiting", "no", "gracias"]
    {
        assert_eq!(claim(&[text], &["HRB1001, Ruiz"]), (vec![], None), "{text}");
    }
}

#[test]
fn ordinary_sentences_hold_no_confirmation_number() {
    for text in [
        "two towels to 204 please",
        "breakfast at 7:30 for 2",
        "room 204",
        "I'm in room 1204, the AC is broken",
        "Necesito 2 toallas en la habitación 305",
        "wake me at 0630 please",
        "taxi at 1900h for 4 people",
        "dinner for 2 at 19.30 on 2026-03-15",
        "we arrive 12/03/2026 around 1500",
        "on 15 March 2026",
        "call me on +34 600 111 222",
        "my number is 600 111 222",
        "my phone number is 600111222",
        "my flight BA2490 lands at 10",
        "flight number TP1234",
        "is it 18.00 EUR or €20?",
        "I was charged 250 euros",
        "my car's plate is 1234 ABC",
        "the wifi password 12345678 doesn't work",
        "write to ana1985@example.com",
        "I need 100 towels",
        "covid19 rules? iphone15 charger?",
        "2 adults, 1 child, 3 nights",
        "see you on the 3rd at 7pm",
        "how much for 300 people?",
        "it's 35 degrees in here",
    ] {
        assert_eq!(claim(&[text], &[]).0, Vec::<String>::new(), "{text}");
    }
}

#[test]
fn a_small_number_or_a_question_about_a_name_is_no_claim_of_a_name() {
    for text in [
        "I'll be there at half past 12",
        "what is the name of the restaurant?",
        "2 coffees",
        "pier 17 located?",
    ] {
        assert_eq!(claim(&[text], &[]), (vec![], None), "{text}");
    }
}

#[test]
fn the_same_number_twice_is_one_candidate_and_two_are_two() {
    assert_eq!(claim(&["HRB1001 Ruiz", "hrb-1001"], &[]).0, ["HRB1001"]);
    assert_eq!(claim(&["HRB1001 or HRB1002, Ruiz"], &[]).0, ["HRB1001", "HRB1002"]);
}
