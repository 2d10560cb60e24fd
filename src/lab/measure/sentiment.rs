//! Measures the mood read from messages against people's ratings: correlation, and how many of the angry ones are found.

use serde_json::{Value, json};

use super::{Outcome, Row, field, rounded, share, with_id};
use crate::reading::sentiment::score;

/// A rating at or below which people called a text angry or bad, and the score at which we would act on it.
const BAD: f64 = -2.0;
const ACT: f64 = -0.5;

pub(super) fn measure(rows: &[Row]) -> Outcome {
    let mut pairs = Vec::new();
    let mut predictions = Vec::new();
    for row in rows {
        let said = score(field(row, "text")).score;
        if let Some(gold) = row.get("score").and_then(Value::as_f64) {
            pairs.push((said, gold));
        }
        predictions.push(with_id(row, json!({ "score": rounded(said) })));
    }
    let bad = pairs.iter().filter(|(_, gold)| *gold <= BAD).count();
    let found = pairs.iter().filter(|(said, gold)| *gold <= BAD && *said <= ACT).count();
    let alarmed = pairs.iter().filter(|(said, _)| *said <= ACT).count();
    let figures = json!({
        "task": "sentiment", "rows": rows.len(), "pearson_r": pearson(&pairs).map(rounded),
        "recall_of_bad": share(found, bad), "precision_of_bad": share(found, alarmed),
    });
    Outcome { figures, predictions }
}

/// Pearson's correlation, or nothing where one side does not vary.
fn pearson(pairs: &[(f64, f64)]) -> Option<f64> {
    let n = pairs.len() as f64;
    let (mean_x, mean_y) =
        (pairs.iter().map(|p| p.0).sum::<f64>() / n, pairs.iter().map(|p| p.1).sum::<f64>() / n);
    let sum = |f: fn(f64, f64) -> f64| pairs.iter().map(|(x, y)| f(x - mean_x, y - mean_y)).sum::<f64>();
    let spread = (sum(|x, _| x * x) * sum(|_, y| y * y)).sqrt();
    (spread > 0.0).then(|| sum(|x, y| x * y) / spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn correlation_is_one_for_a_line_and_nothing_without_spread() {
        assert!((pearson(&[(0.0, 1.0), (1.0, 3.0), (2.0, 5.0)]).unwrap() - 1.0).abs() < 1e-12);
        assert!((pearson(&[(0.0, 5.0), (1.0, 3.0), (2.0, 1.0)]).unwrap() + 1.0).abs() < 1e-12);
        assert_eq!(pearson(&[(0.0, 1.0), (0.0, 3.0)]), None);
        assert_eq!(pearson(&[]), None);
    }

    #[test]
    fn a_bad_text_that_is_read_as_bad_is_found() {
        let rows = [
            json!({"id": "1", "text": "this is disgusting, the worst ever", "score": -3.0}),
            json!({"id": "2", "text": "a table", "score": -2.5}),
        ];
        assert_eq!(measure(&rows).figures["recall_of_bad"], 0.5);
    }
}
