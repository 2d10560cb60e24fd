//! Stories of guests in danger and of guests who only sound like it. The fixture holds more of both.

use super::*;

fn kind(text: &str) -> Option<AlarmKind> {
    detect(text).map(|alarm| alarm.kind)
}

#[derive(serde::Deserialize)]
struct Row {
    lang: String,
    kind: String,
    text: String,
}

fn fixture() -> Vec<Row> {
    let text = include_str!("../../../fixtures/reading/emergencies.jsonl");
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn smoke_in_the_corridor_is_a_fire_and_tells_its_words() {
    let alarm = detect("There is SMOKE in the corridor!").unwrap();
    assert_eq!((alarm.kind, alarm.lang), (AlarmKind::Fire, "en"));
    assert!(alarm.matched.contains("smoke"), "{}", alarm.matched);
}

#[test]
fn nearly_every_danger_of_the_fixture_is_recognised_as_what_it_is() {
    let rows: Vec<Row> = fixture().into_iter().filter(|r| r.kind != "none").collect();
    let missed: Vec<&str> = rows
        .iter()
        .filter(|r| kind(&r.text).map(AlarmKind::as_str) != Some(&r.kind))
        .map(|r| r.text.as_str())
        .collect();
    assert!(rows.len() >= 200);
    assert!(missed.len() * 20 <= rows.len(), "recall under 0.95: {missed:?}");
}

#[test]
fn none_of_the_harmless_messages_of_the_fixture_raises_an_alarm() {
    let rows: Vec<Row> = fixture().into_iter().filter(|r| r.kind == "none").collect();
    assert!(rows.len() >= 80);
    for row in rows {
        assert_eq!(detect(&row.text), None, "{}: {}", row.lang, row.text);
    }
}

#[test]
fn the_most_pressing_danger_is_reported() {
    assert_eq!(kind("we were robbed and now the room is on fire"), Some(AlarmKind::Fire));
    assert_eq!(kind("I am stuck in the elevator and my wife is not breathing"), Some(AlarmKind::Medical));
}

#[test]
fn a_harmless_sentence_beside_it_hides_no_danger() {
    assert_eq!(kind("Is smoking allowed? There is smoke in the corridor!"), Some(AlarmKind::Fire));
    assert_eq!(kind("Do you have a first aid kit? My husband is not breathing"), Some(AlarmKind::Medical));
    assert_eq!(kind("what happens in case of fire? fire in my room now"), Some(AlarmKind::Fire));
}

#[test]
fn a_line_end_separates_two_thoughts_and_breaks_none() {
    assert_eq!(kind("Do you have a first aid kit\nmy husband is not breathing"), Some(AlarmKind::Medical));
    assert_eq!(kind("Is there a fireplace\r\nsmoke in the corridor"), Some(AlarmKind::Fire));
    assert_eq!(kind("There is smoke in\nthe corridor"), Some(AlarmKind::Fire));
}

#[test]
fn the_words_of_an_alarm_hold_no_card_number() {
    let alarm = detect("my card 4111111111111111 was stolen").unwrap();
    assert!(alarm.matched.contains("stolen") && !alarm.matched.contains("4111"), "{}", alarm.matched);
}

#[test]
fn a_supposition_is_no_danger() {
    assert_eq!(kind("what should we do if there is a fire in the room?"), None);
    assert_eq!(kind("en caso de incendio en la habitación ¿por dónde salimos?"), None);
    assert_eq!(kind("I'm afraid of a fire in the hotel"), None);
}

#[test]
fn curly_quotes_capitals_and_accents_change_nothing() {
    assert_eq!(kind("MY HUSBAND ISN’T BREATHING"), Some(AlarmKind::Medical));
    assert_eq!(kind("il y a de la FUMÉE dans le couloir"), Some(AlarmKind::Fire));
    assert_eq!(kind("C’è fumo nel corridoio"), Some(AlarmKind::Fire));
}

#[test]
fn nothing_said_is_no_danger() {
    for text in ["", "   ", "?!", "🔥", "thanks", "room 112 please"] {
        assert_eq!(detect(text), None, "{text}");
    }
}

#[test]
fn every_line_of_the_lexicon_is_well_formed() {
    for lexicon in [
        lexicon_en::LEXICONS,
        lexicon_es_pt::LEXICONS,
        lexicon_fr_it::LEXICONS,
        lexicon_de::LEXICONS,
        lexicon_world::LEXICONS,
    ]
    .into_iter()
    .flatten()
    {
        let lists = lexicon.lists.iter().map(|(_, list)| *list);
        let lines =
            lexicon.blocks.iter().flat_map(|b| b.says.iter().chain(b.unless)).chain(lexicon.supposing);
        for line in lines.copied().chain(lists) {
            let mut open = Vec::new();
            for c in line.chars() {
                match c {
                    '(' | '[' => open.push(c),
                    ')' => assert_eq!(open.pop(), Some('('), "{line}"),
                    ']' => assert_eq!(open.pop(), Some('['), "{line}"),
                    _ => {}
                }
            }
            assert!(open.is_empty(), "{line}");
        }
    }
}

#[test]
fn kinds_are_stored_under_the_names_they_tell() {
    for kind in [AlarmKind::Fire, AlarmKind::SelfHarm, AlarmKind::Distress] {
        assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{}\"", kind.as_str()));
    }
}
