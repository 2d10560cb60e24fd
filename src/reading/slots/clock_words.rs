//! The words of telling the time: parts of the day, and what they make of an hour; it reads no message by itself.

use super::Line;

/// A part of the day that goes with an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Period {
    Morning,
    Afternoon,
    Evening,
    Night,
}

/// "pm", "p.m.", "in the evening", "de la tarde" … at `at`, with the place after it.
pub(super) fn period(line: &Line, at: usize) -> Option<(Period, usize)> {
    let oclock = if line.is(at, &["oclock", "h", "hrs", "hours", "horas"]) { at + 1 } else { at };
    if line.word(oclock) == "o" && line.word(oclock + 1) == "clock" {
        return period(line, oclock + 2);
    }
    let at = if line.word(oclock) == "," { oclock + 1 } else { oclock };
    match (line.word(at), line.word(at + 1), line.word(at + 2), line.word(at + 3)) {
        ("a", ".", "m", ".") | ("p", ".", "m", ".") => Some((half(line.word(at)), at + 4)),
        ("a", ".", "m", _) | ("p", ".", "m", _) => Some((half(line.word(at)), at + 3)),
        ("a", "m", ..) | ("p", "m", ..) => Some((half(line.word(at)), at + 2)),
        ("am" | "pm", ".", "", _) => Some((half(line.word(at)), at + 1)),
        ("am" | "pm", ..) => Some((half(line.word(at)), at + 1)),
        ("in", "the", "early" | "late", part) => Some((part_of_day(part)?, at + 4)),
        ("in" | "de" | "por", "the" | "la", part, _) => Some((part_of_day(part)?, at + 3)),
        ("at", "night", ..) => Some((Period::Night, at + 2)),
        ("this", part, ..) => Some((part_of_day(part)?, at + 2)),
        (part @ ("morning" | "afternoon" | "evening" | "night" | "tonight"), ..) => {
            Some((part_of_day(part)?, at + 1))
        }
        _ => None,
    }
}

fn half(word: &str) -> Period {
    if word.starts_with('a') { Period::Morning } else { Period::Afternoon }
}

pub(super) fn part_of_day(word: &str) -> Option<Period> {
    Some(match word {
        "morning" | "manana" | "madrugada" => Period::Morning,
        "afternoon" | "tarde" => Period::Afternoon,
        "evening" | "tonight" => Period::Evening,
        "night" | "noche" => Period::Night,
        _ => return None,
    })
}

impl Period {
    /// The hour of the day that an hour of the clock means in this part of it.
    pub(super) fn hour(self, hour: u32) -> u32 {
        match (self, hour) {
            (Period::Morning, 12) | (Period::Night, 12) => 0,
            (Period::Night, 0..=5) | (Period::Morning, _) => hour,
            (_, 0..=11) => hour + 12,
            _ => hour,
        }
    }
}
