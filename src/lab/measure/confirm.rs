//! Measures whether a guest's answer to an offer is read as the labels have it; a yes that was none counts worst.

use std::collections::BTreeMap;

use serde_json::json;

use super::{Outcome, Row, field, share, with_id};
use crate::reading::confirm::{Answer, QuoteWords, read};

pub(super) fn measure(rows: &[Row]) -> Outcome {
    let (mut labelled, mut right, mut same, mut false_yes, mut no) = (0, 0, 0, 0, 0);
    let mut each: BTreeMap<&str, usize> = BTreeMap::new();
    let mut predictions = Vec::new();
    for row in rows {
        let answer = read(&[field(row, "text")], &QuoteWords::default());
        // a change of the offer is a no to it
        let label = match answer {
            Answer::Yes => "yes",
            Answer::No | Answer::Change => "no",
            Answer::Other => "other",
        };
        *each.entry(label).or_default() += 1;
        let gold = field(row, "gold");
        if !gold.is_empty() {
            labelled += 1;
            no += usize::from(gold != "yes");
            false_yes += usize::from(label == "yes" && gold != "yes");
            same += usize::from(label == gold);
            // whatever is not read as a yes executes nothing, which is what a no asks for
            right += usize::from((label == "yes") == (gold == "yes"));
        }
        predictions.push(with_id(row, json!({ "label": label })));
    }
    let figures = json!({
        "task": "confirm", "rows": rows.len(), "labels": each,
        "false_yes": false_yes, "of_no": no, "accuracy": share(right, labelled), "same_label": share(same, labelled),
    });
    Outcome { figures, predictions }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_yes_that_was_none_is_counted_apart() {
        let rows = [
            json!({"id": "1", "text": "yes please", "gold": "yes"}),
            json!({"id": "2", "text": "no", "gold": "no"}),
            json!({"id": "3", "text": "yes", "gold": "no"}),
        ];
        let figures = measure(&rows).figures;
        assert_eq!((&figures["false_yes"], &figures["of_no"]), (&json!(1), &json!(2)));
        assert_eq!(figures["accuracy"], 0.6667);
    }
}
