//! Measures the ranking of one hotel's facts for a question, and whether the one told is right; without its gold a question must get none.

use serde_json::{Value, json};

use super::{Outcome, Row, field, share, with_id};
use crate::reading::facts::{FactDoc, answer, rank};

pub(super) fn measure(rows: &[Row]) -> Outcome {
    let (mut first, mut five, mut told, mut told_right, mut told_without) = (0, 0, 0, 0, 0);
    let mut predictions = Vec::new();
    for row in rows {
        let text = field(row, "text");
        let docs = docs(row);
        let gold: Vec<&str> = strings(row.get("gold"));
        let ranking: Vec<&str> = rank(text, &docs).into_iter().map(|r| r.id).collect();
        let hit = |n: usize| ranking.iter().take(n).any(|id| gold.contains(id));
        first += usize::from(hit(1));
        five += usize::from(hit(5));
        let answered = answer(text, &docs);
        told += usize::from(answered.is_some());
        told_right += usize::from(answered.is_some_and(|id| gold.contains(&id)));
        let others: Vec<FactDoc<&str>> = docs.iter().copied().filter(|d| !gold.contains(&d.id)).collect();
        told_without += usize::from(answer(text, &others).is_some());
        predictions.push(with_id(row, json!({"ranking": ranking, "answer": answered})));
    }
    let figures = json!({
        "task": "facts", "rows": rows.len(),
        "recall_at_1": share(first, rows.len()), "recall_at_5": share(five, rows.len()),
        "answered": share(told, rows.len()), "answered_right": share(told_right, told),
        "answered_without_gold": share(told_without, rows.len()),
    });
    Outcome { figures, predictions }
}

fn strings(list: Option<&Value>) -> Vec<&str> {
    list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

/// The facts of a row: `docs` maps ids to question and answer.
fn docs(row: &Row) -> Vec<FactDoc<'_, &str>> {
    let docs = row.get("docs").and_then(Value::as_object);
    docs.into_iter()
        .flatten()
        .map(|(id, doc)| {
            let parts = strings(Some(doc));
            FactDoc {
                id: id.as_str(),
                title: parts.first().copied().unwrap_or_default(),
                text: parts.get(1).copied().unwrap_or_default(),
                lang: "en",
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gold_fact_counts_where_it_is_first_and_where_it_is_missing() {
        let rows = [json!({"id": "1", "text": "is there a pool?", "gold": ["7"], "docs": {
            "3": ["Do you have parking?", "Yes, free of charge."], "7": ["Is there a pool?", "No."],
        }})];
        let outcome = measure(&rows);
        assert_eq!(outcome.figures["recall_at_1"], 1.0);
        assert_eq!(outcome.figures["answered_without_gold"], 0.0);
        assert_eq!(outcome.predictions[0], json!({"id": "1", "ranking": ["7", "3"], "answer": "7"}));
    }
}
