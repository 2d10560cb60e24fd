//! Measures what would call staff on ordinary messages: emergency words, the rules a hotel starts with, and the mood.

use std::collections::BTreeMap;

use anyhow::Context as _;
use serde_json::{Value, json};

use super::{Outcome, Row, field, rounded, with_id};
use crate::conversation::escalation::Judge;
use crate::domain::emergency;
use crate::domain::escalation::Reason;
use crate::domain::rules;
use crate::reading::sentiment;

pub(super) fn measure(rows: &[Row]) -> anyhow::Result<Outcome> {
    let rules = rules::standard().context("the standard rules cannot be read")?;
    let judge = Judge::new(&rules, 0);
    let (mut emergencies, mut called) = (0, 0);
    let mut each: BTreeMap<String, usize> = BTreeMap::new();
    let mut predictions = Vec::new();
    for row in rows {
        let text = field(row, "text");
        let emergency = emergency::detect(text).is_some();
        let mood = sentiment::score(text);
        let calls = judge.keywords(text).into_iter().chain(judge.mood(mood.score, mood.words));
        let names: Vec<String> = calls.filter_map(|call| name(call.reason)).collect();
        emergencies += usize::from(emergency);
        called += usize::from(!names.is_empty());
        for name in &names {
            *each.entry(name.clone()).or_default() += 1;
        }
        predictions.push(with_id(row, json!({"emergency": emergency, "rules": names})));
    }
    let per_thousand = |n: usize| {
        if rows.is_empty() { Value::Null } else { json!(rounded(n as f64 * 1000.0 / rows.len() as f64)) }
    };
    let figures = json!({
        "task": "alarms", "rows": rows.len(), "emergencies": emergencies, "called_by_rules": called,
        "emergencies_per_1000": per_thousand(emergencies), "called_per_1000": per_thousand(called), "rules": each,
    });
    Ok(Outcome { figures, predictions })
}

/// The rule that called; the mood threshold is one of them.
fn name(reason: Reason) -> Option<String> {
    match reason {
        Reason::Keyword { rule, .. } => Some(rule),
        Reason::Mood { .. } => Some("mood".to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_mood_and_emergencies_are_told_apart() {
        let rows = [
            json!({"id": "1", "text": "I will talk to my lawyer"}),
            json!({"id": "2", "text": "This is disgusting, I have been waiting for two hours and nobody cares!"}),
            json!({"id": "3", "text": "what time is breakfast"}),
            json!({"id": "4", "text": "there is a fire in my room"}),
        ];
        let outcome = measure(&rows).unwrap();
        let rules = |n: usize| outcome.predictions[n]["rules"].clone();
        assert_eq!((rules(0), rules(1), rules(2)), (json!(["legal threat"]), json!(["mood"]), json!([])));
        assert_eq!(outcome.figures["emergencies"], 1);
    }
}
