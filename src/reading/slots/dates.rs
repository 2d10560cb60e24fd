//! Reads dates: "tomorrow", "20th of April", "next friday", "mañana", "20/03/2022"; it does not know who stays when.

use chrono::{Datelike as _, Days, Months, NaiveDate, Weekday};

use super::calendar::{
    FEASTS, day_and_month, month, next_day_of_month, next_day_on_weekday, next_weekday, weekday,
    weekday_next_week,
};
use super::{Line, Slot};
use crate::reading::tokens::{Kind, Token, tokens};

/// All dates in the words, in order, counted from `today` in the hotel's zone. A day without a month is the next one,
/// a month that has passed is next year's, and numbers with strokes are day first unless that cannot be.
pub fn dates(text: &str, today: NaiveDate) -> Vec<Slot<NaiveDate>> {
    let all = tokens(text);
    let line = Line(&all);
    let mut out: Vec<Slot<NaiveDate>> = Vec::new();
    let mut at = 0;
    while at < all.len() {
        let last = out.last().map(|slot| slot.value);
        let found = numeric(&line, at)
            .or_else(|| range_start(&line, at, today))
            .or_else(|| day_month(&line, at, today))
            .or_else(|| near(&line, at, today))
            .or_else(|| apart(&line, at, today))
            .or_else(|| feast(&line, at, today))
            .or_else(|| on_weekday(&line, at, today, last))
            .or_else(|| day_alone(&line, at, today));
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

type Read = Option<(NaiveDate, usize)>;

/// "20/03/2022", "2022-03-20", "20.3.", "20/3".
fn numeric(line: &Line, at: usize) -> Read {
    let number = |i: usize| line.0.get(i).and_then(Token::number);
    let mark = line.word(at + 1);
    let together = line.0.get(at).zip(line.0.get(at + 2)).is_some_and(|(a, c)| c.start == a.end + 1);
    if !matches!(mark, "/" | "-" | ".") || !together {
        return None;
    }
    let (a, b) = (number(at)?, number(at + 2)?);
    let third = if line.word(at + 3) == mark { number(at + 4) } else { None };
    let year = |y: u32| i32::try_from(if y < 100 { 2000 + y } else { y }).ok();
    let (y, m, d, to) = match third {
        Some(c) if a > 31 => (year(a)?, b, c, at + 5),
        Some(c) => (year(c)?, b, a, at + 5),
        None => return None,
    };
    NaiveDate::from_ymd_opt(y, m, d).or_else(|| NaiveDate::from_ymd_opt(y, d, m)).map(|date| (date, to))
}

/// The place after "st", "nd", "rd", "th" or "º", or `at`.
fn after_ordinal(line: &Line, at: usize) -> usize {
    if line.is(at, &["st", "nd", "rd", "th", "º"]) { at + 1 } else { at }
}

/// A day of the month: "20", "20th", "twentieth" is not read. Only digits, or an ordinal word up to tenth.
fn day_number(line: &Line, at: usize) -> Option<(u32, usize, bool)> {
    const ORDINALS: &[&str] =
        &["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];
    if let Some(n) = (1..).zip(ORDINALS).find(|(_, w)| **w == line.word(at)).map(|(n, _)| n) {
        return Some((n, at + 1, true));
    }
    let token = line.0.get(at)?;
    let day = token.number().filter(|n| (1..=31).contains(n) && token.folded.len() <= 2)?;
    let to = after_ordinal(line, at + 1);
    Some((day, to, to > at + 1))
}

/// A year after a date: "2022", ", 2023", "de 2024".
fn year_after(line: &Line, at: usize) -> Option<(i32, usize)> {
    let place = if line.is(at, &[",", "of", "de", "del", "in"]) { at + 1 } else { at };
    let token = line.0.get(place).filter(|t| t.kind == Kind::Number && t.folded.len() == 4)?;
    let year = token.number().filter(|y| (1900..2200).contains(y))?;
    Some((i32::try_from(year).ok()?, place + 1))
}

/// "Sunday 10 July", "20th of April", "March 13th", "el 5 de mayo", each with or without a year.
fn day_month(line: &Line, at: usize, today: NaiveDate) -> Read {
    let weekday = weekday(line.word(at)).filter(|_| full_weekday(line, at));
    let mut from = if weekday.is_some() { at + 1 } else { at };
    while weekday.is_some() && line.is(from, &[",", "the", "on", "el", "of"]) {
        from += 1;
    }
    let (day, month, to) = if let Some(m) = month(line.word(from)) {
        let place = if line.word(from + 1) == "the" { from + 2 } else { from + 1 };
        let place = if line.word(place) == "." { place + 1 } else { place };
        let (day, to, _) = day_number(line, place)?;
        // "March 5:30" is no day
        if line.word(to) == ":" {
            return None;
        }
        (day, m, to)
    } else {
        let (day, next, _) = day_number(line, from)?;
        let next = if line.is(next, &["of", "de", "-", "/"]) { next + 1 } else { next };
        let m = month(line.word(next))?;
        // "may" is also a verb
        if line.word(next) == "may" && line.is(next + 1, &["i", "we", "be", "have"]) {
            return None;
        }
        (day, m, next + 1)
    };
    if let Some((year, to)) = year_after(line, to) {
        return NaiveDate::from_ymd_opt(year, month, day).map(|d| (d, to));
    }
    day_and_month(today, day, month, weekday).map(|d| (d, to))
}

/// The first day of "17 - 19 July" or "5 to 23 January", of which the month is said only once.
fn range_start(line: &Line, at: usize, today: NaiveDate) -> Read {
    let (day, to, _) = day_number(line, at)?;
    let mut next = to;
    if !line.is(next, &["-", "–", "to", "until", "till", "and", "through", "al", "a", "y"]) {
        return None;
    }
    next += 1;
    while line.is(next, &["the", "el"]) {
        next += 1;
    }
    let (last, ..) = day_number(line, next)?;
    let (end, _) = day_month(line, next, today).filter(|_| last > day)?;
    end.with_day(day).map(|start| (start, to))
}

/// "today", "the day after tomorrow", "pasado mañana" …
fn near(line: &Line, at: usize, today: NaiveDate) -> Read {
    let days = |n: i64, to: usize| shifted(today, n).map(|d| (d, to));
    match (line.word(at), line.word(at + 1), line.word(at + 2)) {
        ("day", "after", "tomorrow") => days(2, at + 3),
        ("day", "before", "yesterday") => days(-2, at + 3),
        ("today" | "tonight" | "hoy" | "2day", ..) => days(0, at + 1),
        ("now" | "ahora", ..) if line.before(at) == "from" || line.before(at) == "desde" => days(0, at + 1),
        ("esta", "noche" | "tarde", _) | ("this", "evening" | "afternoon" | "morning", _) => days(0, at + 2),
        ("tomorrow" | "tomorow" | "tommorow" | "tommorrow" | "tmrw" | "tmr", ..) => days(1, at + 1),
        ("pasado", "manana", _) => days(2, at + 2),
        ("manana", ..) if !morning(line, at) => days(1, at + 1),
        ("yesterday" | "ayer", ..) => days(-1, at + 1),
        ("anteayer" | "antier", ..) => days(-2, at + 1),
        _ => None,
    }
}

/// Whether "mañana" is the part of the day: "de la mañana", "por la mañana".
fn morning(line: &Line, at: usize) -> bool {
    matches!(line.before(at), "la" | "esta" | "buena")
}

fn shifted(day: NaiveDate, n: i64) -> Option<NaiveDate> {
    let days = Days::new(n.unsigned_abs());
    if n < 0 { day.checked_sub_days(days) } else { day.checked_add_days(days) }
}

/// "in 3 days", "a couple of days ago", "two weeks from now", "dentro de una semana", "hace 3 días".
fn apart(line: &Line, at: usize, today: NaiveDate) -> Read {
    let (from, ahead, behind) = match (line.word(at), line.word(at + 1)) {
        ("in" | "en", _) => (at + 1, true, false),
        ("dentro", "de") => (at + 2, true, false),
        ("hace", _) => (at + 1, false, true),
        _ => (at, false, false),
    };
    let (n, unit) = count(line, from)?;
    let (days, months) = match line.word(unit) {
        "day" | "days" | "dia" | "dias" => (u64::from(n), 0),
        "week" | "weeks" | "semana" | "semanas" => (7 * u64::from(n), 0),
        "fortnight" => (14 * u64::from(n), 0),
        "month" | "months" | "mes" | "meses" => (0, n),
        _ => return None,
    };
    let add = |to: usize| {
        today.checked_add_months(Months::new(months))?.checked_add_days(Days::new(days)).map(|d| (d, to))
    };
    let take = |to: usize| {
        today.checked_sub_months(Months::new(months))?.checked_sub_days(Days::new(days)).map(|d| (d, to))
    };
    let next = unit + 1;
    match (line.word(next), line.word(next + 1)) {
        _ if behind => take(next),
        ("ago", _) => take(next + 1),
        ("from", "now" | "today") => add(next + 2),
        // "a fortnight today"
        ("today", _) if days % 7 == 0 => add(next + 1),
        _ if ahead => add(next),
        _ => None,
    }
}

fn count(line: &Line, at: usize) -> Option<(u32, usize)> {
    match (line.word(at), line.word(at + 1), line.word(at + 2)) {
        ("a", "couple", "of") => Some((2, at + 3)),
        ("a", "couple", _) | ("un", "par", _) => {
            Some((2, if line.word(at + 2) == "de" { at + 3 } else { at + 2 }))
        }
        ("couple", "of", _) => Some((2, at + 2)),
        ("a" | "an", ..) => Some((1, at + 1)),
        _ => line.number(at).filter(|(n, _)| *n <= 1000),
    }
}

fn feast(line: &Line, at: usize, today: NaiveDate) -> Read {
    let fits = |words: &[&str]| words.iter().enumerate().all(|(i, w)| line.word(at + i) == *w);
    let (words, month, day) = FEASTS.iter().find(|(words, ..)| fits(words))?;
    let to = at + words.len();
    if let Some((year, to)) = year_after(line, to) {
        return NaiveDate::from_ymd_opt(year, *month, *day).map(|d| (d, to));
    }
    let this = NaiveDate::from_ymd_opt(today.year(), *month, *day)?;
    let next = if this < today { NaiveDate::from_ymd_opt(today.year() + 1, *month, *day)? } else { this };
    Some((next, to))
}

/// Short names such as "sun" and "sat" count only with a day or "on" beside them.
fn full_weekday(line: &Line, at: usize) -> bool {
    line.word(at).len() > 4
        || line.0.get(at + 1).is_some_and(|t| t.kind == Kind::Number)
        || matches!(line.before(at), "on" | "next" | "this" | "from" | "to" | "until" | "till")
}

/// "Friday", "next Tuesday", "Sunday next week", "Friday 29th", "that Wednesday", "el próximo lunes".
fn on_weekday(line: &Line, at: usize, today: NaiveDate, last: Option<NaiveDate>) -> Read {
    let lead = line.is(at, &["next", "this", "coming", "that", "proximo", "este"]);
    let place = if lead { at + 1 } else { at };
    let day = weekday(line.word(place)).filter(|_| full_weekday(line, place))?;
    let mut to = place + 1;
    if let Some(found) = weekday_and_number(line, place, today, day) {
        return Some(found);
    }
    let week = |to: usize| weekday_next_week(today, day).map(|d| (d, to));
    match (line.word(at), line.word(to), line.word(to + 1)) {
        ("next", ..) => return week(to),
        (_, "next", "week") => return week(to + 2),
        (_, "of", "next") if line.word(to + 2) == "week" => return week(to + 3),
        ("that", ..) => {
            return next_weekday(last.unwrap_or(today), day).map(|d| (d, to));
        }
        (_, "coming", _) | (_, "que", "viene") => to += if line.word(to) == "que" { 2 } else { 1 },
        _ => {}
    }
    next_weekday(today, day).map(|d| (d, to))
}

fn weekday_and_number(line: &Line, at: usize, today: NaiveDate, day: Weekday) -> Read {
    let place = if line.is(at + 1, &["the", ",", "el"]) { at + 2 } else { at + 1 };
    let (number, to, ordinal) = day_number(line, place)?;
    let said = ordinal || line.word(at + 1) == "the";
    let found = next_day_on_weekday(today, number, day).or_else(|| next_day_of_month(today, number))?;
    said.then_some((found, to))
}

/// "the 23rd", "12th", "the 5th of the month", "el día 20".
fn day_alone(line: &Line, at: usize, today: NaiveDate) -> Read {
    let (number, to, ordinal) = day_number(line, at)?;
    if line.0.get(at).is_some_and(|t| t.kind == Kind::Word) && line.before(at) != "the" {
        return None;
    }
    let led = matches!((line.before(at), at.checked_sub(2).map(|i| line.word(i))), ("dia", _) | ("el", _))
        && !line.is(to, &[":", "h", "pm", "am"]);
    if !ordinal && !led {
        return None;
    }
    // "5th floor", "2nd bed" are no dates
    if line.is(
        to,
        &["floor", "room", "bed", "night", "time", "person", "one", "avenue", "street", "planta", "piso"],
    ) {
        return None;
    }
    if line.word(to) == "of" && month(line.word(to + 1)).is_some() {
        return None;
    }
    let of_month =
        line.is(to, &["of"]) && line.is(to + 1, &["the", "this", "next"]) && line.word(to + 2) == "month";
    next_day_of_month(today, number).map(|d| (d, if of_month { to + 3 } else { to }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        let tuesday = NaiveDate::from_ymd_opt(2022, 3, 15).unwrap();
        dates(text, tuesday).into_iter().map(|d| d.value.to_string()).collect()
    }

    #[test]
    fn the_ways_of_naming_a_day() {
        for (text, day) in [
            ("tomorrow", "2022-03-16"),
            ("mañana a las diez", "2022-03-16"),
            ("pasado mañana", "2022-03-17"),
            ("20th of April", "2022-04-20"),
            ("March 20", "2022-03-20"),
            ("el 5 de mayo", "2022-05-05"),
            ("next friday", "2022-03-25"),
            ("on Friday", "2022-03-18"),
            ("el próximo viernes", "2022-03-18"),
            ("on Tuesday", "2022-03-22"),
            ("Sunday next week", "2022-03-27"),
            ("Friday 29th", "2022-04-29"),
            ("the 23rd", "2022-03-23"),
            ("the 12th", "2022-04-12"),
            ("23rd of Feb", "2023-02-23"),
            ("in 3 days", "2022-03-18"),
            ("a couple of days ago", "2022-03-13"),
            ("dentro de una semana", "2022-03-22"),
            ("20/03/2022", "2022-03-20"),
            ("2022-03-20", "2022-03-20"),
            ("3/20/2022", "2022-03-20"),
            ("new years eve 2025", "2025-12-31"),
            ("October 9, 2017", "2017-10-09"),
        ] {
            assert_eq!(read(text), [day], "{text}");
        }
    }

    #[test]
    fn two_days_of_which_the_month_is_said_once() {
        assert_eq!(read("from the 17 - 19 July"), ["2022-07-17", "2022-07-19"]);
        assert_eq!(read("del 3 al 6 de abril"), ["2022-04-03", "2022-04-06"]);
    }

    #[test]
    fn times_floors_and_mornings_are_no_days() {
        for text in [
            "at 7",
            "the 5th floor",
            "a las 8 de la mañana",
            "2 towels",
            "may I ask",
            "sun lounger",
            "the 31st of June",
        ] {
            assert_eq!(read(text), Vec::<String>::new(), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_and_any_day_are_survived(
            text in "(\\PC|[0-9]{1,5}|th| of |/|-| march| in | days| next | monday| 2022){0,20}",
            day in -100_000_i32..100_000,
        ) {
            if let Some(day) = NaiveDate::from_num_days_from_ce_opt(day) {
                dates(&text, day);
            }
            dates(&text, NaiveDate::MAX);
            dates(&text, NaiveDate::MIN);
        }
    }
}
