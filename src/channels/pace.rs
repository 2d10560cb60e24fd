//! How fast an account may send, as a manager writes it; it must not wait or count.

use super::ConfigProblem;
use chrono::TimeDelta;
use serde::{Deserialize, Deserializer};

/// Slower than one message in an hour, or faster than any vendor takes them, is a slip of the pen.
const SENSIBLE: std::ops::RangeInclusive<f64> = (1.0 / 3600.0)..=1000.0;

/// A number, or a number written as text, as forms give it; an empty text is none.
pub(super) fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Option<f64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Number(f64),
        Text(String),
    }
    match Option::<Written>::deserialize(from)? {
        None => Ok(None),
        Some(Written::Number(number)) => Ok(Some(number)),
        Some(Written::Text(text)) if text.trim().is_empty() => Ok(None),
        Some(Written::Text(text)) => text.trim().parse().map(Some).map_err(serde::de::Error::custom),
    }
}

/// The time between two messages; none at 0 per second.
pub(super) fn gap(per_second: f64) -> Result<TimeDelta, ConfigProblem> {
    if per_second == 0.0 {
        return Ok(TimeDelta::zero());
    }
    if !SENSIBLE.contains(&per_second) {
        let text = "messages_per_second must lie between 1 in an hour and 1000, or be 0 for no limit.";
        return Err(ConfigProblem(text.to_owned()));
    }
    #[expect(clippy::cast_possible_truncation, reason = "an hour at the most, in microseconds")]
    let micros = (1_000_000.0 / per_second).ceil() as i64;
    Ok(TimeDelta::microseconds(micros))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pace_is_a_gap_and_nonsense_is_refused() {
        assert_eq!(gap(1.0).unwrap(), TimeDelta::seconds(1));
        assert_eq!(gap(0.25).unwrap(), TimeDelta::seconds(4));
        assert_eq!(gap(3.0).unwrap(), TimeDelta::microseconds(333_334));
        assert_eq!(gap(0.0).unwrap(), TimeDelta::zero());
        for nonsense in [-1.0, f64::NAN, f64::INFINITY, 1e9, 1e-9] {
            assert!(gap(nonsense).is_err(), "{nonsense}");
        }
    }
}
