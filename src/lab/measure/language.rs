//! Measures the guess of a message's language, where rows say it in `lang`; it judges only what a caller would act on.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Outcome, Row, field, rounded, share, with_id};
use crate::reading::language::{ENOUGH, guess};

pub(super) fn measure(rows: &[Row]) -> Outcome {
    let (mut labelled, mut right, mut acted, mut acted_right) = (0, 0, 0, 0);
    let mut guesses: BTreeMap<&str, usize> = BTreeMap::new();
    let mut predictions = Vec::new();
    for row in rows {
        let guess = guess(field(row, "text"));
        let sure = guess.confidence >= ENOUGH;
        *guesses.entry(guess.lang.filter(|_| sure).unwrap_or("unsure")).or_default() += 1;
        if let Some(gold) = row.get("lang").and_then(Value::as_str) {
            let good = guess.lang == Some(gold);
            labelled += 1;
            right += usize::from(good);
            acted += usize::from(sure);
            acted_right += usize::from(sure && good);
        }
        predictions.push(with_id(row, json!({"lang": guess.lang, "confidence": rounded(guess.confidence)})));
    }
    let figures = json!({
        "task": "language", "rows": rows.len(), "guesses": guesses, "labelled": labelled,
        "accuracy": share(right, labelled), "acted_on": acted, "accuracy_acted_on": share(acted_right, acted),
    });
    Outcome { figures, predictions }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unsure_guess_is_not_acted_on() {
        let rows = [
            json!({"id": "1", "text": "could we have some more towels please", "lang": "en"}),
            json!({"id": "2", "text": "ok", "lang": "es"}),
        ];
        let figures = measure(&rows).figures;
        assert_eq!((&figures["acted_on"], &figures["accuracy_acted_on"]), (&json!(1), &json!(1.0)));
        assert_eq!(figures["accuracy"], 0.5);
    }
}
