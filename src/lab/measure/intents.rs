//! Measures the tags of messages against labels in the NLU++ naming; the labels that are not ours are ignored on both sides.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Outcome, Row, field, rounded, with_id};
use crate::reading::tags::{Tag, tags};
use crate::reading::tokens::words;

const SCORED: &[&str] = &[
    "wifi",
    "parking",
    "pets",
    "gym",
    "spa",
    "restaurant",
    "swimming_pool",
    "room_service",
    "check_in",
    "check_out",
    "housekeeping",
    "refund",
    "handoff",
    "lost_stolen",
    "cancel_close_leave_freeze",
    "thank",
    "greet",
    "accesibility",
    "room_ammenities",
    "booking",
    "wrong_notworking_notshowing",
    "change",
    "how_much",
    "when",
];

/// The data's names for what a message mentions and wants.
fn labels(text: &str) -> Vec<&'static str> {
    let words = words(text);
    let found = tags(&words);
    let has = |tag: Tag| found.iter().any(|h| h.label == tag);
    let brought = has(Tag::Towels) || has(Tag::Amenity);
    let missing = has(Tag::RunOut);
    let room_service = !has(Tag::Booking)
        && (has(Tag::RoomService)
            || has(Tag::Order)
            || (brought && has(Tag::Ask) && !has(Tag::Extra) && !has(Tag::WantRoom) && !missing));
    let dining = has(Tag::Restaurant) || has(Tag::Breakfast);
    let asked_about = !has(Tag::HowLong);
    let pairs = [
        ("wifi", has(Tag::Wifi)),
        ("parking", has(Tag::Parking)),
        ("pets", has(Tag::Pets)),
        ("gym", has(Tag::Gym)),
        ("spa", has(Tag::Spa)),
        ("restaurant", dining && !room_service),
        ("swimming_pool", has(Tag::Pool)),
        ("room_service", room_service),
        ("check_in", has(Tag::CheckIn)),
        ("check_out", has(Tag::CheckOut)),
        ("housekeeping", has(Tag::Housekeeping)),
        ("refund", has(Tag::Refund)),
        ("handoff", has(Tag::Person)),
        ("lost_stolen", has(Tag::Lost)),
        ("cancel_close_leave_freeze", has(Tag::Cancel)),
        ("thank", has(Tag::Thanks)),
        ("greet", has(Tag::Greeting)),
        ("accesibility", has(Tag::Accessibility)),
        ("room_ammenities", (has(Tag::Feature) || brought) && !room_service),
        ("booking", has(Tag::Booking) || has(Tag::WantRoom)),
        ("wrong_notworking_notshowing", has(Tag::Fault) || missing),
        ("change", has(Tag::Change)),
        ("how_much", (has(Tag::HowMuch) && asked_about) || has(Tag::HowMany)),
        ("when", has(Tag::When) && asked_about),
    ];
    pairs.into_iter().filter(|(_, yes)| *yes).map(|(label, _)| label).collect()
}

#[derive(Default)]
struct Count {
    right: usize,
    wrong: usize,
    missed: usize,
}

impl Count {
    fn f1(&self) -> f64 {
        let all = 2 * self.right + self.wrong + self.missed;
        if all == 0 { 0.0 } else { rounded(2.0 * self.right as f64 / all as f64) }
    }
}

pub(super) fn measure(rows: &[Row]) -> Outcome {
    let mut total = Count::default();
    let mut each: BTreeMap<&str, Count> = BTreeMap::new();
    let mut predictions = Vec::new();
    for row in rows {
        let said = labels(field(row, "text"));
        let gold: Vec<&str> = row
            .get("intents")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        for &label in SCORED {
            let count = each.entry(label).or_default();
            for count in [count, &mut total] {
                match (said.contains(&label), gold.contains(&label)) {
                    (true, true) => count.right += 1,
                    (true, false) => count.wrong += 1,
                    (false, true) => count.missed += 1,
                    (false, false) => {}
                }
            }
        }
        predictions.push(with_id(row, json!({ "intents": said })));
    }
    let each: BTreeMap<&str, Value> = each
        .iter()
        .map(|(label, c)| {
            (*label, json!({"f1": c.f1(), "right": c.right, "wrong": c.wrong, "missed": c.missed}))
        })
        .collect();
    let figures = json!({
        "task": "intents", "rows": rows.len(), "micro_f1": total.f1(),
        "right": total.right, "wrong": total.wrong, "missed": total.missed, "labels": each,
    });
    Outcome { figures, predictions }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_that_is_not_scored_changes_nothing() {
        let rows = [
            json!({"id": "1", "text": "the wifi is broken", "intents": ["wifi", "wrong_notworking_notshowing", "why"]}),
            json!({"id": "2", "text": "is there a pool", "intents": ["gym"]}),
        ];
        let outcome = measure(&rows);
        assert_eq!(outcome.figures["right"], 2);
        assert_eq!((&outcome.figures["wrong"], &outcome.figures["missed"]), (&json!(1), &json!(1)));
        assert_eq!(outcome.figures["micro_f1"], 0.6667);
        assert_eq!(outcome.predictions[1], json!({"id": "2", "intents": ["swimming_pool"]}));
    }
}
