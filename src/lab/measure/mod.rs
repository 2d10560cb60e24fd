//! `bellhop measure`: runs one deterministic part over labelled rows and prints how well it does; it changes nothing.

mod alarms;
mod confirm;
mod email_reply;
mod facts;
mod intents;
mod language;
mod redact;
mod sentiment;
mod slots;

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

/// One labelled row.
type Row = Value;

/// What a task makes of all rows: its figures, and a prediction per row.
struct Outcome {
    figures: Value,
    predictions: Vec<Value>,
}

/// The tasks that can be measured.
pub const TASKS: &[&str] =
    &["intents", "slots", "confirm", "facts", "sentiment", "alarms", "language", "redact", "email_reply"];

/// Measures `task` on the rows of `file` (one JSON object per line), prints the figures as one JSON object on stdout
/// and writes one prediction per row, with the row's `id`, to `out`.
pub fn run(task: &str, file: &Path, out: Option<&Path>) -> anyhow::Result<()> {
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let rows = parse(&text).with_context(|| format!("in {}", file.display()))?;
    let outcome = measure(task, &rows)?;
    if let Some(out) = out {
        let mut to = fs::File::create(out).with_context(|| format!("cannot write {}", out.display()))?;
        for prediction in &outcome.predictions {
            writeln!(to, "{prediction}")?;
        }
    }
    println!("{}", outcome.figures);
    Ok(())
}

fn parse(text: &str) -> anyhow::Result<Vec<Row>> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(n, line)| {
            let row: Row =
                serde_json::from_str(line).with_context(|| format!("line {} is no JSON", n + 1))?;
            if !row.is_object() {
                bail!("line {} is no object", n + 1);
            }
            Ok(row)
        })
        .collect()
}

fn measure(task: &str, rows: &[Row]) -> anyhow::Result<Outcome> {
    match task {
        "intents" => Ok(intents::measure(rows)),
        "slots" => Ok(slots::measure(rows)),
        "facts" => Ok(facts::measure(rows)),
        "confirm" => Ok(confirm::measure(rows)),
        "alarms" => alarms::measure(rows),
        "redact" => Ok(redact::measure(rows)),
        "sentiment" => Ok(sentiment::measure(rows)),
        "email_reply" => Ok(email_reply::measure(rows)),
        "language" => Ok(language::measure(rows)),
        other => bail!("unknown task {other:?}; there are: {}", TASKS.join(", ")),
    }
}

/// A string field of a row, empty where there is none.
fn field<'a>(row: &'a Row, name: &str) -> &'a str {
    row.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// A prediction with its row's id in front.
fn with_id(row: &Row, prediction: Value) -> Value {
    let mut all = json!({ "id": row.get("id").cloned().unwrap_or(Value::Null) });
    if let (Some(all), Value::Object(prediction)) = (all.as_object_mut(), prediction) {
        all.extend(prediction);
    }
    all
}

/// Rounded to four places, so that figures read well.
fn rounded(figure: f64) -> f64 {
    (figure * 10_000.0).round() / 10_000.0
}

/// A share of the whole, or null where there was nothing to count.
fn share(part: usize, whole: usize) -> Value {
    if whole == 0 { Value::Null } else { json!(rounded(part as f64 / whole as f64)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_measured_and_each_row_gets_a_prediction_with_its_id() {
        let dir = tempfile::tempdir().unwrap();
        let (file, out) = (dir.path().join("rows.jsonl"), dir.path().join("out.jsonl"));
        fs::write(&file, "{\"id\": \"a\", \"text\": \"is there a pool\", \"intents\": []}\n\n").unwrap();
        run("intents", &file, Some(&out)).unwrap();
        assert_eq!(fs::read_to_string(&out).unwrap(), "{\"id\":\"a\",\"intents\":[\"swimming_pool\"]}\n");
    }

    #[test]
    fn a_broken_line_and_an_unknown_task_are_named() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("rows.jsonl");
        fs::write(&file, "{}\n{broken\n").unwrap();
        let why = format!("{:#}", run("intents", &file, None).unwrap_err());
        assert!(why.contains("line 2"), "{why}");
        fs::write(&file, "{}\n").unwrap();
        let why = format!("{:#}", run("poetry", &file, None).unwrap_err());
        assert!(why.contains("poetry") && why.contains("intents"), "{why}");
    }

    #[test]
    fn every_task_survives_a_row_without_fields() {
        for task in TASKS {
            let outcome = measure(task, &[json!({"id": "x"})]).unwrap();
            assert_eq!(outcome.predictions[0]["id"], "x", "{task}");
        }
    }
}
