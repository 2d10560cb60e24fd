//! Stories of questions to a small hotel's facts.

use super::*;

const HOUSE: [(&str, &str, &str); 9] = [
    ("wifi", "Wi-Fi", "Network HarbourGuest; the password is on your key card."),
    (
        "breakfast",
        "Breakfast",
        "Served from 07:00 to 10:30 in the garden room; 14 EUR for those without it in their rate.",
    ),
    ("in", "Check-in", "From 15:00. Reception is open day and night."),
    ("out", "Check-out", "Until 11:00. Ask us if you need longer."),
    ("parking", "Parking", "Underground, 18 EUR a night, no reservation needed."),
    ("pets", "Pets", "Dogs up to 20 kg are welcome; they stay out of the restaurant."),
    ("pool", "Pool", "On the roof, 08:00 to 21:00. Children only with an adult."),
    ("smoking", "Smoking", "The whole house is smoke-free; there is a place for it on the terrace."),
    ("luggage", "Luggage", "We keep it before check-in and after check-out."),
];

fn house() -> Vec<FactDoc<'static, &'static str>> {
    HOUSE.map(|(id, title, text)| FactDoc { id, title, text, lang: "en" }).to_vec()
}

#[test]
fn ordinary_questions_find_their_fact() {
    for (question, fact) in [
        ("wifi?", "wifi"),
        ("what's the internet password", "wifi"),
        ("is breakfast included", "breakfast"),
        ("what time is check out", "out"),
        ("when can I check in?", "in"),
        ("where can I leave my car?", "parking"),
        ("can I bring my dog", "pets"),
        ("is there somewhere to swim", "pool"),
        ("can you keep our suitcases after we check out?", "luggage"),
        ("Is smoking allowed?", "smoking"),
    ] {
        assert_eq!(answer(question, &house()), Some(fact), "{question}");
    }
}

#[test]
fn a_spanish_question_finds_an_english_fact() {
    assert_eq!(answer("¿a qué hora es el desayuno?", &house()), Some("breakfast"));
    assert_eq!(answer("puedo traer a mi perro", &house()), Some("pets"));
}

#[test]
fn what_the_facts_do_not_say_is_not_answered() {
    for question in [
        "is there a helipad",
        "do you have a gym",
        "who won the match yesterday",
        "",
        "asdf qwer",
        "is there an atm",
    ] {
        assert_eq!(answer(question, &house()), None, "{question}");
    }
}

#[test]
fn all_facts_are_ranked_and_none_where_there_are_none() {
    let ranked = rank("parking", &house());
    assert_eq!((ranked.len(), ranked[0].id), (HOUSE.len(), "parking"));
    assert!(ranked.windows(2).all(|pair| pair[0].score >= pair[1].score));
    assert!(rank::<u8>("parking", &[]).is_empty());
}

proptest::proptest! {
    #[test]
    fn any_question_and_any_fact_are_survived(query in "\\PC{0,60}", title in "\\PC{0,20}", text in "\\PC{0,60}") {
        let facts = [FactDoc { id: 1, title: &title, text: &text, lang: "es" }, FactDoc { id: 2, title: "", text: "", lang: "" }];
        proptest::prop_assert_eq!(rank(&query, &facts).len(), 2);
        answer(&query, &facts);
    }
}
