//! Names of months, weekdays and feast days, and the steps between days; it reads no message by itself.

use chrono::{Datelike as _, Days, NaiveDate, Weekday};

const MONTHS: [&[&str]; 12] = [
    &["january", "jan", "enero", "ene"],
    &["february", "feb", "febrero"],
    &["march", "mar", "marzo"],
    &["april", "apr", "abril", "abr"],
    &["may", "mayo"],
    &["june", "jun", "junio"],
    &["july", "jul", "julio"],
    &["august", "aug", "agosto", "ago"],
    &["september", "sep", "sept", "septiembre", "setiembre"],
    &["october", "oct", "octubre"],
    &["november", "nov", "noviembre"],
    &["december", "dec", "diciembre", "dic"],
];

const WEEKDAYS: [(Weekday, &[&str]); 7] = [
    (Weekday::Mon, &["monday", "mon", "lunes"]),
    (Weekday::Tue, &["tuesday", "tue", "tues", "martes"]),
    (Weekday::Wed, &["wednesday", "wed", "weds", "miercoles"]),
    (Weekday::Thu, &["thursday", "thu", "thur", "thurs", "jueves"]),
    (Weekday::Fri, &["friday", "fri", "viernes"]),
    (Weekday::Sat, &["saturday", "sat", "sabado"]),
    (Weekday::Sun, &["sunday", "sun", "domingo"]),
];

/// Words, month and day of feasts with a fixed date; the longer ones first.
pub(super) const FEASTS: &[(&[&str], u32, u32)] = &[
    (&["new", "years", "eve"], 12, 31),
    (&["new", "year", "eve"], 12, 31),
    (&["nye"], 12, 31),
    (&["nochevieja"], 12, 31),
    (&["new", "years", "day"], 1, 1),
    (&["new", "years"], 1, 1),
    (&["ano", "nuevo"], 1, 1),
    (&["christmas", "eve"], 12, 24),
    (&["nochebuena"], 12, 24),
    (&["christmas", "day"], 12, 25),
    (&["christmas"], 12, 25),
    (&["xmas"], 12, 25),
    (&["navidad"], 12, 25),
    (&["boxing", "day"], 12, 26),
    (&["valentines", "day"], 2, 14),
    (&["valentines"], 2, 14),
    (&["san", "valentin"], 2, 14),
    (&["halloween"], 10, 31),
];

/// The month that a folded word names, 1 to 12.
pub(super) fn month(word: &str) -> Option<u32> {
    (1..).zip(MONTHS).find(|(_, names)| names.contains(&word)).map(|(n, _)| n)
}

/// The weekday that a folded word names.
pub(super) fn weekday(word: &str) -> Option<Weekday> {
    let singular = if word.len() > 5 { word.strip_suffix('s').unwrap_or(word) } else { word };
    let found = |w: &str| WEEKDAYS.iter().find(|(_, names)| names.contains(&w)).map(|(day, _)| *day);
    found(word).or_else(|| found(singular))
}

/// The first such weekday after `day`, a week later if it is one itself.
pub(super) fn next_weekday(day: NaiveDate, weekday: Weekday) -> Option<NaiveDate> {
    let ahead = (7 + weekday.num_days_from_monday() - day.weekday().num_days_from_monday()) % 7;
    day.checked_add_days(Days::new(if ahead == 0 { 7 } else { u64::from(ahead) }))
}

/// That weekday in the calendar week after the one of `day`; weeks begin on Monday.
pub(super) fn weekday_next_week(day: NaiveDate, weekday: Weekday) -> Option<NaiveDate> {
    let monday = day.checked_sub_days(Days::new(u64::from(day.weekday().num_days_from_monday())))?;
    monday.checked_add_days(Days::new(7 + u64::from(weekday.num_days_from_monday())))
}

/// The next day with this number, today or later.
pub(super) fn next_day_of_month(today: NaiveDate, day: u32) -> Option<NaiveDate> {
    months_from(today).filter_map(|(y, m)| NaiveDate::from_ymd_opt(y, m, day)).find(|d| *d >= today)
}

/// The next day with this number that is such a weekday, within two years.
pub(super) fn next_day_on_weekday(today: NaiveDate, day: u32, weekday: Weekday) -> Option<NaiveDate> {
    let days = months_from(today).filter_map(|(y, m)| NaiveDate::from_ymd_opt(y, m, day));
    days.take(24).find(|d| *d >= today && d.weekday() == weekday)
}

/// A day and month without a year. A month that has passed is next year's; a day of this month stays in it, because
/// people speak of the days just gone too. With a weekday, the next year in which they agree, ten years at most.
pub(super) fn day_and_month(
    today: NaiveDate,
    day: u32,
    month: u32,
    weekday: Option<Weekday>,
) -> Option<NaiveDate> {
    let first = if month < today.month() { today.year() + 1 } else { today.year() };
    let years = (first..first + 11).filter_map(|y| NaiveDate::from_ymd_opt(y, month, day));
    let mut years = years.peekable();
    let plain = years.peek().copied();
    weekday.and_then(|w| years.find(|d| d.weekday() == w)).or(plain)
}

fn months_from(today: NaiveDate) -> impl Iterator<Item = (i32, u32)> {
    let start = today.month0();
    (0..36_u32).map(move |n| {
        let months = start + n;
        (today.year() + i32::try_from(months / 12).unwrap_or(0), months % 12 + 1)
    })
}
