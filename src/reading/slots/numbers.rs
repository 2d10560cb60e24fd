//! Numbers written as words, and how many of a thing are asked for; it does not read times or dates.

use super::{Line, Slot};
use crate::reading::tokens::{Kind, tokens};

const WORDS: &[(&str, u32)] = &[
    ("zero", 0),
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("thirteen", 13),
    ("fourteen", 14),
    ("fifteen", 15),
    ("sixteen", 16),
    ("seventeen", 17),
    ("eighteen", 18),
    ("nineteen", 19),
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fourty", 40),
    ("fifty", 50),
    ("cero", 0),
    ("uno", 1),
    ("una", 1),
    ("un", 1),
    ("dos", 2),
    ("tres", 3),
    ("cuatro", 4),
    ("cinco", 5),
    ("seis", 6),
    ("siete", 7),
    ("ocho", 8),
    ("nueve", 9),
    ("diez", 10),
    ("once", 11),
    ("doce", 12),
    ("trece", 13),
    ("catorce", 14),
    ("quince", 15),
    ("dieciseis", 16),
    ("diecisiete", 17),
    ("dieciocho", 18),
    ("diecinueve", 19),
    ("veinte", 20),
    ("veinticinco", 25),
    ("treinta", 30),
    ("cuarenta", 40),
    ("cincuenta", 50),
];

/// The number that a folded word means, in English or Spanish.
pub(crate) fn number_word(word: &str) -> Option<u32> {
    WORDS.iter().find(|(w, _)| *w == word).map(|(_, n)| *n)
}

/// Words of how many that are no numbers. "A few" is three: what one would carry up without asking.
const AMOUNTS: &[(&[&str], u32)] = &[
    (&["half", "a", "dozen"], 6),
    (&["a", "dozen"], 12),
    (&["dozen"], 12),
    (&["media", "docena"], 6),
    (&["una", "docena"], 12),
    (&["a", "couple"], 2),
    (&["couple"], 2),
    (&["a", "pair"], 2),
    (&["pair"], 2),
    (&["un", "par"], 2),
    (&["par"], 2),
    (&["a", "few"], 3),
    (&["unos", "cuantos"], 3),
    (&["unas", "cuantas"], 3),
    (&["both"], 2),
];

/// A number after one of these is a place, a time or a date, not how many.
const NOT_AFTER: &[&str] = &[
    "room",
    "number",
    "no",
    "suite",
    "floor",
    "at",
    "by",
    "until",
    "till",
    "before",
    "after",
    "around",
    "about",
    "since",
    "habitacion",
    "cuarto",
    "numero",
    "planta",
    "piso",
    "las",
    "la",
    "on",
    "am",
    "#",
    "/",
    ":",
    ".",
    "from",
];

/// A number before one of these is a time, a date or a price, not how many.
const NOT_BEFORE: &[&str] = &[
    "am", "pm", "a.m", "oclock", "th", "st", "nd", "rd", "minute", "minutes", "min", "mins", "hour", "hours",
    "night", "nights", "day", "days", "week", "weeks", "people", "persons", "guests", "adults", "kids",
    "children", "euro", "euros", "eur", "usd", "dollars", "minutos", "horas", "hora", "noches", "dias",
    "personas", "percent", "%", "€", "$", ":", "/", "°",
];

/// How many of something the words ask for: "two extra towels", "a couple", "x3", "dos". A bare "a" or "an" is one,
/// and only counts where no number is said. Nothing above 999 is taken for a quantity.
pub fn quantity(text: &str) -> Option<Slot<u32>> {
    let all = tokens(text);
    let line = Line(&all);
    let mut single = None;
    let mut at = 0;
    while at < all.len() {
        if let Some((to, value)) = amount(&line, at) {
            return Slot::over(text, &all, at, to, value);
        }
        let article = line.is(at, &["a", "an", "un", "una", "another", "otra", "otro"]);
        if article {
            single = single.or_else(|| Slot::over(text, &all, at, at + 1, 1));
            at += 1;
            continue;
        }
        match line.number(at) {
            Some((value, to)) => {
                let dozens = line.is(to, &["dozen", "docena", "docenas"]);
                let (value, to) = if dozens { (value.saturating_mul(12), to + 1) } else { (value, to) };
                if counts(&line, at, to) && (1..=999).contains(&value) {
                    return Slot::over(text, &all, at, to, value);
                }
                at = to;
            }
            None => at += 1,
        }
    }
    single
}

fn amount(line: &Line, at: usize) -> Option<(usize, u32)> {
    let fits = |words: &[&str]| words.iter().enumerate().all(|(i, w)| line.word(at + i) == *w);
    AMOUNTS.iter().find(|(words, _)| fits(words)).map(|(words, n)| (at + words.len(), *n))
}

fn counts(line: &Line, at: usize, to: usize) -> bool {
    // "one" in "the other one", "this one" is no number; neither are digits inside a word such as HRB1001
    let pronoun =
        line.word(at) == "one" && matches!(line.before(at), "this" | "that" | "other" | "the" | "which");
    let glued =
        at.checked_sub(1).and_then(|i| line.0.get(i).zip(line.0.get(at))).is_some_and(|(before, here)| {
            before.end == here.start && before.kind == Kind::Word && before.folded != "x"
        });
    !pronoun && !glued && !NOT_AFTER.contains(&line.before(at)) && !NOT_BEFORE.contains(&line.word(to))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<u32> {
        quantity(text).map(|q| q.value)
    }

    #[test]
    fn how_many_is_read_in_digits_words_and_sayings() {
        assert_eq!(read("could I get two extra towels?"), Some(2));
        assert_eq!(read("a couple of pillows"), Some(2));
        assert_eq!(read("towels x3 please"), Some(3));
        assert_eq!(read("3x water"), Some(3));
        assert_eq!(read("two dozen roses"), Some(24));
        assert_eq!(read("half a dozen hangers"), Some(6));
        assert_eq!(read("dos toallas"), Some(2));
        assert_eq!(read("twenty-five chairs"), Some(25));
        assert_eq!(read("I need an iron and two towels"), Some(2));
        assert_eq!(read("an iron"), Some(1));
    }

    #[test]
    fn rooms_times_dates_and_codes_are_not_how_many() {
        for text in [
            "towels to room 204",
            "towels at 7",
            "towels at 7:30",
            "HRB1001",
            "for the 20th",
            "the other one",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_survived(text in "(\\PC|[0-9]| a | two |x){0,40}") {
            if let Some(q) = quantity(&text) {
                proptest::prop_assert_eq!(text.get(q.span), Some(q.text.as_str()));
            }
        }
    }
}
