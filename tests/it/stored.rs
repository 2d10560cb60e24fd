//! What an older version wrote stays readable for ever. A file here is never edited; a new form gets a new folder.

use bellhop::domain::conversation::Memory;
use bellhop::domain::effect::Plan;
use bellhop::domain::escalation::Reason;
use bellhop::store::outbox::Payload;
use serde::de::DeserializeOwned;

fn every<T: DeserializeOwned>(file: &str) -> Vec<T> {
    let text = std::fs::read_to_string(super::source::root().join("fixtures/stored").join(file)).unwrap();
    let rows: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    rows.into_iter()
        .map(|row| serde_json::from_value(row.clone()).unwrap_or_else(|error| panic!("{row}: {error}")))
        .collect()
}

#[test]
fn effects_reasons_memories_and_messages_of_the_first_version_are_read() {
    let plans: Vec<Plan> = every("v1/plans.json");
    assert!(matches!(&plans[0], Plan::Request { quantity: 2, .. }));
    assert!(matches!(&plans[4], Plan::LateCheckout { .. }));
    let reasons: Vec<Reason> = every("v1/reasons.json");
    let kinds: std::collections::BTreeSet<&str> = reasons.iter().map(Reason::kind).collect();
    assert_eq!(kinds.len(), reasons.len(), "one of each");
    let memories: Vec<Memory> = every("v1/memories.json");
    assert!(memories[0] == Memory::default() && memories[1].proof_asked);
    assert_eq!(memories[2].waiting_for_quote[0].words, ["and a water"]);
    let first = &every::<Payload>("v1/payloads.json")[0];
    assert!(matches!(first, Payload::Text { text, .. } if text.contains("towels")));
}

#[test]
fn templates_of_the_second_form_are_read() {
    let template = &every::<Payload>("v2/payloads.json")[0];
    assert!(
        matches!(template, Payload::Template { template, text } if template.values.len() == 1 && text.contains("204"))
    );
}
