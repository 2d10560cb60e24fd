//! Reads times of day: "at 1", "half past one", "25 to 7 p.m.", "a la una", "13:00"; it does not know the hotel's hours.

use chrono::{NaiveDateTime, NaiveTime, TimeDelta, Timelike as _};

use super::clock_words::{Period, part_of_day, period};
use super::{Line, Slot};
use crate::reading::tokens::{Kind, Token, tokens};

/// What is talked of, which decides the half of the day of a bare "at 1".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum TimeHint {
    /// Nothing known: the hour as it stands.
    #[default]
    Plain,
    /// Leaving: 1 to 6 are afternoon hours.
    CheckOut,
    /// Arriving: 1 to 9 are afternoon and evening hours.
    CheckIn,
    /// Dinner or a drink: 1 to 11 are afternoon and evening hours.
    Evening,
}

impl TimeHint {
    fn hour(self, hour: u32) -> u32 {
        let last = match self {
            TimeHint::Plain => 0,
            TimeHint::CheckOut => 6,
            TimeHint::CheckIn => 9,
            TimeHint::Evening => 11,
        };
        if (1..=last).contains(&hour) { hour + 12 } else { hour }
    }
}

/// A time as it stands on the clock, before the half of the day is known.
struct Clock {
    hour: u32,
    minute: u32,
    /// Place after it.
    to: usize,
    /// How surely this is a time of day.
    sure: Sure,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sure {
    /// By its form: 13:00, half past one, noon.
    Form,
    /// Only with "at", "pm" or the like about it.
    Company,
}

/// All times of day in the words, in order; `now` is the hotel's local time, for "in an hour".
pub fn times(text: &str, now: NaiveDateTime, hint: TimeHint) -> Vec<Slot<NaiveTime>> {
    let all = tokens(text);
    let line = Line(&all);
    let mut out = Vec::new();
    let mut at = 0;
    while at < all.len() {
        let found = relative(&line, at, now).or_else(|| named(&line, at)).or_else(|| clock(&line, at, hint));
        match found {
            Some((value, to)) if to > at => {
                out.extend(Slot::over(text, &all, at, to, value));
                at = to;
            }
            _ => at += 1,
        }
    }
    out
}

/// "in an hour", "in 20 minutes", "dentro de media hora".
fn relative(line: &Line, at: usize, now: NaiveDateTime) -> Option<(NaiveTime, usize)> {
    let from = match (line.word(at), line.word(at + 1)) {
        ("dentro", "de") => at + 2,
        ("in" | "en", _) => at + 1,
        _ => return None,
    };
    let (minutes, to) = match (line.word(from), line.word(from + 1), line.word(from + 2)) {
        ("half", "an", "hour") => (30, from + 3),
        ("media", "hora", _) => (30, from + 2),
        ("an" | "una", "hour" | "hora", _) => (60, from + 2),
        _ => {
            let (n, unit) = line.number(from)?;
            match line.word(unit) {
                "minute" | "minutes" | "min" | "mins" | "minuto" | "minutos" => (n, unit + 1),
                "hour" | "hours" | "hora" | "horas" if n <= 24 => (n * 60, unit + 1),
                _ => return None,
            }
        }
    };
    let later = now.checked_add_signed(TimeDelta::minutes(i64::from(minutes)))?;
    Some((later.time().with_second(0)?.with_nanosecond(0)?, to))
}

fn named(line: &Line, at: usize) -> Option<(NaiveTime, usize)> {
    let hour = match line.word(at) {
        "noon" | "midday" | "mediodia" => 12,
        "midnight" | "medianoche" => 0,
        _ => return None,
    };
    Some((NaiveTime::from_hms_opt(hour, 0, 0)?, at + 1))
}

fn clock(line: &Line, at: usize, hint: TimeHint) -> Option<(NaiveTime, usize)> {
    if glued_before(line, at) {
        return None;
    }
    let found = past_or_to(line, at).or_else(|| spanish(line, at)).or_else(|| digits(line, at))?;
    if found.hour > 24 || found.minute > 59 {
        return None;
    }
    let (hour, to) = match period(line, found.to) {
        Some((period, to)) => (period.hour(found.hour), to),
        None if found.sure == Sure::Company && !in_company(line, at, found.to) => {
            return until_other(line, &found);
        }
        None => {
            let to = if line.is(found.to, &["oclock", "h", "hrs"]) { found.to + 1 } else { found.to };
            let said = period_before(line, at).map(|period| period.hour(found.hour));
            (said.unwrap_or_else(|| hint.hour(found.hour)), to)
        }
    };
    Some((NaiveTime::from_hms_opt(hour % 24, found.minute, 0)?, to))
}

/// The first hour of "5 to 7 pm" and "between 5 and 7 in the evening", which shares the other's part of the day.
fn until_other(line: &Line, first: &Clock) -> Option<(NaiveTime, usize)> {
    if !line.is(first.to, &["to", "and", "-", "–", "until", "till", "a", "y"]) {
        return None;
    }
    let other = digits(line, first.to + 1)?;
    let (period, _) = period(line, other.to)?;
    let same = period.hour(first.hour);
    let hour = if same < period.hour(other.hour) { same } else { first.hour };
    Some((NaiveTime::from_hms_opt(hour % 24, first.minute, 0)?, first.to))
}

/// The part of the day just before: "tomorrow evening at 7", "esta noche a las 9".
fn period_before(line: &Line, at: usize) -> Option<Period> {
    let near = (1..=3).filter_map(|back| at.checked_sub(back)).map(|i| line.word(i));
    near.take_while(|w| !matches!(*w, "," | "." | "and" | "y" | "to")).find_map(|word| match word {
        "la" | "las" => None,
        word => part_of_day(word).filter(|_| word != "manana"),
    })
}

/// Whether the token is the rest of something else: "HRB1001", "1.200", "20/3".
fn glued_before(line: &Line, at: usize) -> bool {
    let here = line.0.get(at);
    let before = at.checked_sub(1).and_then(|i| line.0.get(i));
    here.zip(before).is_some_and(|(here, before)| {
        before.end == here.start
            && (before.kind == Kind::Word
                || matches!(before.folded.as_str(), "/" | "." | "," | "€" | "$" | "#"))
    })
}

/// "half past one", "quarter to 7", "25 to 7", "10 minutes past 16".
fn past_or_to(line: &Line, at: usize) -> Option<Clock> {
    let start = if line.word(at) == "a" && line.word(at + 1) == "quarter" { at + 1 } else { at };
    let (minutes, mut next, unclear) = match line.word(start) {
        "half" => (30, start + 1, false),
        "quarter" => (15, start + 1, false),
        _ => {
            let (n, next) = line.number(start)?;
            let spelt = line.is(next, &["minutes", "minute", "mins", "min"]);
            (n, if spelt { next + 1 } else { next }, !spelt)
        }
    };
    let to_hour = line.is(next, &["to", "before", "til", "till"]);
    if !to_hour && !line.is(next, &["past", "after"]) {
        // "half seven"
        let (hour, to) = (line.word(start) == "half").then(|| line.number(next)).flatten()?;
        return Some(Clock { hour, minute: 30, to, sure: Sure::Company });
    }
    // "15 to 19" may also be from one hour to another, and "2 to 4" is
    let led = matches!(line.before(at), "from" | "between" | "the" | "de");
    let range =
        minutes % 5 != 0 || (led && line.number(next + 1).is_none_or(|(_, to)| period(line, to).is_none()));
    if minutes == 0 || minutes > 59 || (unclear && to_hour && range) {
        return None;
    }
    next += 1;
    let (hour, to) = line.number(next)?;
    if !(unclear && to_hour && counted(line, to)) {
        let hour = if to_hour { (hour + 23) % 24 } else { hour };
        let minute = if to_hour { 60 - minutes } else { minutes };
        return (hour <= 24).then_some(Clock { hour, minute, to, sure: Sure::Form });
    }
    None
}

/// "la una", "las dos y media", "las 8 menos cuarto".
fn spanish(line: &Line, at: usize) -> Option<Clock> {
    if !line.is(at, &["la", "las"]) {
        return None;
    }
    let (hour, next) = line.number(at + 1)?;
    if (hour == 1) != (line.word(at) == "la") {
        return None;
    }
    let part = |place: usize| match line.word(place) {
        "media" => Some((30, place + 1)),
        "cuarto" => Some((15, place + 1)),
        _ => line.number(place).filter(|(n, _)| *n < 60),
    };
    let clock = |hour, minute, to| Clock { hour, minute, to, sure: Sure::Form };
    match (line.word(next), part(next + 1)) {
        ("y" | "con", Some((minute, to))) => Some(clock(hour, minute, to)),
        ("menos", Some((minute, to))) if minute > 0 => Some(clock((hour + 23) % 24, 60 - minute, to)),
        (":" | "." | "h", Some((minute, to))) => Some(clock(hour, minute, to)),
        _ => Some(clock(hour, 0, next)),
    }
}

/// "13:00", "9.30 pm", "6 55 morning", "13h30", "one thirty", "7".
fn digits(line: &Line, at: usize) -> Option<Clock> {
    let (hour, next) = line.number(at)?;
    let first = line.0.get(at)?;
    if first.kind == Kind::Number && first.folded.len() > 2 {
        // "1830 hours"
        let military = first.folded.len() == 4 && line.is(next, &["h", "hrs", "hours", "horas"]);
        return military.then_some(Clock {
            hour: hour / 100,
            minute: hour % 100,
            to: next + 1,
            sure: Sure::Form,
        });
    }
    let glued = |a: usize| line.0.get(a - 1).zip(line.0.get(a)).is_some_and(|(x, y)| x.end == y.start);
    let two =
        |a: usize| line.0.get(a).filter(|t| t.folded.len() == 2).and_then(Token::number).filter(|n| *n < 60);
    if line.is(next, &[":", "h", "."])
        && glued(next)
        && let Some(minute) = two(next + 1).filter(|_| glued(next + 1))
    {
        let dotted = line.word(next) == ".";
        // 13.50 may be a price, and 20.03.2022 is a date
        if dotted && line.is(next + 2, &["."]) && glued(next + 2) {
            return None;
        }
        let sure = if dotted { Sure::Company } else { Sure::Form };
        return Some(Clock { hour, minute, to: next + 2, sure });
    }
    let spoken = first.kind == Kind::Word;
    let minute = if spoken { line.number(next).filter(|(n, _)| (10..60).contains(n)) } else { None };
    if let Some((minute, to)) = minute.or_else(|| two(next).map(|n| (n, next + 1))) {
        return Some(Clock { hour, minute, to, sure: Sure::Company });
    }
    Some(Clock { hour, minute: 0, to: next, sure: Sure::Company })
}

/// Words that make the bare number after them an hour.
const HOUR_AFTER: &[&str] = &[
    "at",
    "by",
    "until",
    "till",
    "til",
    "around",
    "about",
    "before",
    "after",
    "past",
    "than",
    "approximately",
    "circa",
    "sobre",
    "hacia",
    "starts",
    "starting",
    "start",
    "opens",
    "closes",
    "ends",
    "time",
];

fn in_company(line: &Line, from: usize, to: usize) -> bool {
    if line.is(to, &["oclock", "h", "hrs"]) || (line.word(to) == "o" && line.word(to + 1) == "clock") {
        return true;
    }
    // "between 8 and 10"
    let between = |a: usize, and: usize| line.word(a) == "between" && line.word(and) == "and";
    if between(from.wrapping_sub(1), to) || (from >= 3 && between(from - 3, from - 1)) {
        return !counted(line, to);
    }
    // "for 18 45": hour and minutes side by side need less
    let beside =
        to == from + 2 && line.0.get(from + 1).is_some_and(|t| t.folded.len() == 2 && t.number().is_some());
    let first = from == 0 && line.0.get(to).is_some_and(Token::is_text);
    if beside && (first || line.is(from.wrapping_sub(1), &["for", "to", "the", "my", "is", "from", "para"])) {
        return !counted(line, to);
    }
    let spelt = line.0.get(from).is_some_and(|t| t.kind == Kind::Word);
    let after = HOUR_AFTER.contains(&line.before(from))
        && !(spelt && line.word(from) == "one" && line.word(to) == "of");
    after && !counted(line, to)
}

/// Whether what follows makes the number a count, a date or a price.
fn counted(line: &Line, to: usize) -> bool {
    const COUNTED: &[&str] = &[
        "th", "st", "nd", "rd", "of", "night", "nights", "day", "days", "week", "weeks", "minute", "minutes",
        "hour", "hours", "people", "persons", "person", "guests", "adults", "adult", "kids", "children",
        "rooms", "room", "euros", "eur", "dollars", "noches", "dias", "horas", "minutos", "personas", "%",
        "€", "$", "/", "-", "percent", "months", "years", "floor", "meters", "km", "miles", "more", "times",
    ];
    COUNTED.contains(&line.word(to)) || super::calendar::month(line.word(to)).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, hint: TimeHint) -> Vec<String> {
        let now = chrono::NaiveDate::from_ymd_opt(2022, 3, 15).unwrap().and_hms_opt(9, 0, 0).unwrap();
        times(text, now, hint).into_iter().map(|t| t.value.format("%H:%M").to_string()).collect()
    }

    #[test]
    fn a_bare_hour_is_read_by_what_is_talked_of() {
        assert_eq!(read("can I check out at 1?", TimeHint::CheckOut), ["13:00"]);
        assert_eq!(read("puedo salir a la una?", TimeHint::CheckOut), ["13:00"]);
        assert_eq!(read("check out at 11", TimeHint::CheckOut), ["11:00"]);
        assert_eq!(read("we arrive at 8", TimeHint::CheckIn), ["20:00"]);
        assert_eq!(read("breakfast at 7", TimeHint::Plain), ["07:00"]);
        assert_eq!(read("check out at 1 am", TimeHint::CheckOut), ["01:00"]);
    }

    #[test]
    fn the_ways_of_telling_the_time() {
        for (text, time) in [
            ("1pm", "13:00"),
            ("at 7 p.m. please", "19:00"),
            ("half past one", "01:30"),
            ("13:00", "13:00"),
            ("25 to 7 p.m.", "18:35"),
            ("quarter past 5 afternoon", "17:15"),
            ("10 to 20 evening", "19:50"),
            ("my 6 55 morning table", "06:55"),
            ("0 45 p.m.", "12:45"),
            ("12:25 night", "00:25"),
            ("noon", "12:00"),
            ("a las dos y media de la tarde", "14:30"),
            ("a las 8 menos cuarto", "07:45"),
            ("one thirty pm", "13:30"),
            ("in half an hour", "09:30"),
            ("dentro de dos horas", "11:00"),
            ("8 in the evening", "20:00"),
        ] {
            assert_eq!(read(text, TimeHint::Plain), [time], "{text}");
        }
    }

    #[test]
    fn counts_prices_and_dates_are_no_times() {
        for text in [
            "2 towels",
            "for 3 nights",
            "about 2 people",
            "HRB1001",
            "20/3/2022",
            "17 to 19 July",
            "15.50",
            "at 1200",
        ] {
            assert_eq!(read(text, TimeHint::Plain), Vec::<String>::new(), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_survived(text in "(\\PC|[0-9]{1,3}|:| to | half past | a las | in | hours| pm){0,20}") {
            read(&text, TimeHint::CheckOut);
        }
    }
}
