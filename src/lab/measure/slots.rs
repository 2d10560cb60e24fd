//! Measures the reading of dates and times: each labelled place in a message against what is read there from the whole of it.

use std::ops::Range;

use chrono::{Datelike as _, NaiveDate, NaiveDateTime, NaiveTime, Timelike as _};
use serde_json::{Map, Value, json};

use super::{Outcome, Row, field, share, with_id};
use crate::reading::slots::{Slot, TimeHint, dates, times};

/// The day and hour at which the labels were made.
fn reference() -> Option<NaiveDateTime> {
    NaiveDate::from_ymd_opt(2022, 3, 15)?.and_hms_opt(9, 0, 0)
}

#[derive(Default)]
struct Count {
    right: usize,
    all: usize,
}

pub(super) fn measure(rows: &[Row]) -> Outcome {
    let (mut of_dates, mut of_times) = (Count::default(), Count::default());
    let mut predictions = Vec::new();
    for row in rows {
        let mut said = Map::new();
        let text = field(row, "text");
        let read = reference().map(|now| (dates(text, now.date()), times(text, now, TimeHint::Plain)));
        let (days, hours) = read.unwrap_or_default();
        for (name, slot) in row.get("slots").and_then(Value::as_object).into_iter().flatten() {
            let Some(gold) = slot.get("value").filter(|v| v.is_object()) else { continue };
            let Some(span) = span(text, slot) else { continue };
            let (value, count) = if gold.get("hour").is_some() {
                (at(&hours, &span).map(time_value), &mut of_times)
            } else {
                (at(&days, &span).map(date_value), &mut of_dates)
            };
            count.all += 1;
            count.right += usize::from(value.as_ref() == Some(gold));
            if let Some(value) = value {
                said.insert(name.clone(), value);
            }
        }
        predictions.push(with_id(row, json!({ "slots": said })));
    }
    let figures = json!({
        "task": "slots", "rows": rows.len(),
        "dates": {"right": of_dates.right, "all": of_dates.all, "share": share(of_dates.right, of_dates.all)},
        "times": {"right": of_times.right, "all": of_times.all, "share": share(of_times.right, of_times.all)},
    });
    Outcome { figures, predictions }
}

/// The labelled place in bytes; the labels count characters.
fn span(text: &str, slot: &Value) -> Option<Range<usize>> {
    let ends = slot.get("span")?.as_array()?;
    let byte = |n: &Value| {
        let n = usize::try_from(n.as_u64()?).ok()?;
        text.char_indices().map(|(at, _)| at).chain([text.len()]).nth(n)
    };
    Some(byte(ends.first()?)?..byte(ends.get(1)?)?)
}

/// What was read at the place, that which shares the most of it.
fn at<'a, T>(read: &'a [Slot<T>], place: &Range<usize>) -> Option<&'a T> {
    let shared = |s: &Slot<T>| s.span.end.min(place.end).saturating_sub(s.span.start.max(place.start));
    read.iter().filter(|s| shared(s) > 0).max_by_key(|s| shared(s)).map(|s| &s.value)
}

fn date_value(day: &NaiveDate) -> Value {
    json!({"day": day.day(), "month": day.month(), "year": day.year()})
}

fn time_value(time: &NaiveTime) -> Value {
    json!({"hour": time.hour(), "minute": time.minute()})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_compared_with_what_is_read_at_its_place() {
        let rows = [json!({"id": "1", "text": "we’ll arrive tomorrow at 25 to 7 p.m.", "slots": {
            "date_from": {"span": [13, 21], "value": {"day": 16, "month": 3, "year": 2022}},
            "time_from": {"span": [25, 37], "value": {"hour": 18, "minute": 0}},
            "person_name": {"span": [0, 2], "value": "we"},
        }})];
        let outcome = measure(&rows);
        assert_eq!(outcome.figures["dates"], json!({"right": 1, "all": 1, "share": 1.0}));
        assert_eq!(outcome.figures["times"], json!({"right": 0, "all": 1, "share": 0.0}));
        assert_eq!(outcome.predictions[0]["slots"]["time_from"], json!({"hour": 18, "minute": 35}));
    }
}
