//! Stories of what guests write when they are content, when they are not, and when they only want something.

use super::*;

fn of(text: &str) -> f64 {
    score(text).score
}

#[test]
fn angry_guests_sound_angry() {
    for text in [
        "This is disgusting, I have been waiting for two hours and nobody cares!",
        "WORST HOTEL EVER. The room is filthy and your staff are rude",
        "Esto es una vergüenza, llevamos dos horas esperando y nadie viene!",
        "I am furious, this is totally unacceptable",
        "terrible service, never again 😡",
    ] {
        assert!(of(text) <= -0.6, "{text}: {}", of(text));
    }
}

#[test]
fn requests_and_faults_told_plainly_are_calm() {
    for text in [
        "the shower is broken",
        "could I get two extra towels please?",
        "There is no hot water in room 204",
        "tv is just dead",
        "the wifi is not working",
        "what time is check out",
        "I lost my wallet in the bar",
        "la ducha no funciona",
        "no hay agua caliente",
        "I need to cancel my booking",
    ] {
        assert!((-0.5..=0.6).contains(&of(text)), "{text}: {}", of(text));
    }
    assert_eq!(of("HRB1001, Ruiz"), 0.0);
}

#[test]
fn content_guests_sound_content() {
    for text in [
        "Thank you so much, the room is lovely!",
        "Everything was perfect 😍",
        "muchas gracias, todo excelente",
    ] {
        assert!(of(text) >= 0.6, "{text}: {}", of(text));
    }
}

#[test]
fn not_turns_it_round_and_but_weighs_what_follows() {
    assert!(of("the food was not good") < 0.0);
    assert!(of("not bad at all") > 0.0);
    assert!(of("The room is nice but the service is terrible") < 0.0);
    assert!(of("very good") > of("good"));
    assert!(of("GOOD stay") > of("good stay"));
    assert!(of("bad stay!!!") < of("bad stay"));
}

#[test]
fn the_words_that_told_are_given_as_written() {
    assert_eq!(score("What a Waste of Money :(").words, ["Waste of Money", ":("]);
}

proptest::proptest! {
    #[test]
    fn any_text_stays_within_bounds(text in "(\\PC|not |but |good|BAD|!|:\\)| ){0,40}") {
        let score = score(&text).score;
        proptest::prop_assert!((-1.0..=1.0).contains(&score));
    }
}
