//! Measures whether a guest's new words in an e-mail are parted from the rest as the rows have it; words lost count worst.

use serde_json::{Value, json};

use super::{Outcome, Row, field, share, with_id};
use crate::reading::email_reply::split;

pub(super) fn measure(rows: &[Row]) -> Outcome {
    let (mut labelled, mut exact, mut lost, mut more) = (0, 0, 0, 0);
    let mut predictions = Vec::new();
    for row in rows {
        let words = split(field(row, "body")).words;
        if let Some(expected) = row.get("expected").and_then(Value::as_str) {
            labelled += 1;
            // how lines are broken and indented does not matter
            let same = words.split_whitespace().eq(expected.split_whitespace());
            let loses = !holds(&words, expected);
            exact += usize::from(same);
            lost += usize::from(loses);
            more += usize::from(!same && !loses);
        }
        predictions.push(with_id(row, json!({ "words": words })));
    }
    let figures = json!({
        "task": "email_reply", "rows": rows.len(), "labelled": labelled, "exact": share(exact, labelled),
        "guest_text_lost": lost, "too_much_kept": more,
    });
    Outcome { figures, predictions }
}

/// Do all words of `expected` stand in `words`, in their order?
fn holds(words: &str, expected: &str) -> bool {
    let mut words = words.split_whitespace();
    expected.split_whitespace().all(|wanted| words.any(|word| word == wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lost_is_counted_apart_from_what_is_too_much() {
        let rows = [
            json!({"id": "1", "body": "Two\n towels\n\n> more?", "expected": "Two towels"}),
            json!({"id": "2", "body": "> Two towels", "expected": "Two towels"}),
            json!({"id": "3", "body": "Two towels\nof wool", "expected": "Two towels"}),
        ];
        let outcome = measure(&rows);
        let figures = outcome.figures;
        assert_eq!((&figures["exact"], &figures["labelled"]), (&json!(0.3333), &json!(3)));
        assert_eq!((&figures["guest_text_lost"], &figures["too_much_kept"]), (&json!(1), &json!(1)));
        assert_eq!(outcome.predictions[0], json!({"id": "1", "words": "Two\n towels"}));
    }
}
