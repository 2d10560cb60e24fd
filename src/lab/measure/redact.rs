//! Measures the masking of card numbers: what each text becomes, and whether that is what the row expects.

use serde_json::{Value, json};

use super::{Outcome, Row, field, share, with_id};
use crate::domain::redact::mask_cards;

pub(super) fn measure(rows: &[Row]) -> Outcome {
    let (mut masked, mut labelled, mut right) = (0, 0, 0);
    let mut predictions = Vec::new();
    for row in rows {
        let text = field(row, "text");
        let safe = mask_cards(text);
        masked += usize::from(safe != text);
        if let Some(expected) = row.get("expected").and_then(Value::as_str) {
            labelled += 1;
            right += usize::from(safe == expected);
        }
        predictions.push(with_id(row, json!({ "text": safe })));
    }
    let figures = json!({
        "task": "redact", "rows": rows.len(), "masked": masked, "labelled": labelled, "exact": share(right, labelled),
    });
    Outcome { figures, predictions }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_number_is_masked_and_a_phone_is_not() {
        let rows = [
            json!({"id": "1", "text": "card 4111 1111 1111 1111 please"}),
            json!({"id": "2", "text": "call +34600111222", "expected": "call +34600111222"}),
        ];
        let outcome = measure(&rows);
        assert_eq!((&outcome.figures["masked"], &outcome.figures["exact"]), (&json!(1), &json!(1.0)));
        assert!(!outcome.predictions[0].to_string().contains("4111 1111 1111"));
    }
}
