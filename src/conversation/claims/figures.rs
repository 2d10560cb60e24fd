//! Finds the figures in a sentence (amounts, times, rooms, waits, other numbers) and looks each up in the evidence.

use super::verbs::NEGATIVE;
use super::{Claim, ClaimKind, Evidence, Sentence};
use crate::domain::money::{Currency, Money};
use chrono::Timelike;
use regex::{Captures, Regex};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// What one text shows, read once.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    pub(super) text: String,
    figures: Figures,
    /// Sentences that say that something costs nothing.
    free: Vec<String>,
}

impl Shown {
    pub fn of(text: &str, currency: Currency) -> Self {
        let mut figures = Figures::default();
        figures.read(&super::plain(text), currency, Style::Written);
        figures.read_json(text, currency);
        let sentences = super::sentences(text).into_iter().map(|sentence| sentence.text);
        let free = sentences.filter(|text| FREE_WORD.is_match(text)).collect();
        Self { text: text.to_owned(), figures, free }
    }
}

/// All figures that the evidence holds.
#[derive(Debug)]
pub(super) struct Proved {
    shown: Figures,
    /// From the guest's messages: may be repeated where nothing is promised with it.
    said_by_guest: Figures,
    /// Sentences that say that something costs nothing.
    free: Vec<String>,
}

impl Proved {
    pub(super) fn of(evidence: &Evidence) -> Self {
        let (mut shown, mut free) = (Figures::default(), Vec::new());
        let read: Vec<Shown> = evidence.texts.iter().map(|text| Shown::of(text, evidence.currency)).collect();
        for text in evidence.shown.iter().map(AsRef::as_ref).chain(&read) {
            shown.add(&text.figures);
            free.extend(text.free.iter().cloned());
        }
        shown.amounts.extend(evidence.amounts.iter().map(key));
        shown.amounts.extend(evidence.done.iter().filter_map(|done| done.total.as_ref().map(key)));
        let until = evidence.done.iter().filter_map(|done| done.until);
        shown.times.extend(until.map(|time| time.hour() * 60 + time.minute()));
        shown.rooms.extend(evidence.room.iter().map(|room| room.to_lowercase()));
        let mut said_by_guest = Figures::default();
        for text in &evidence.guest {
            said_by_guest.read(&super::plain(text), evidence.currency, Style::Spoken);
        }
        Self { shown, said_by_guest, free }
    }

    /// Whether the evidence calls free what this sentence is about: one of its longer words stands there too.
    fn is_free(&self, sentence: &str) -> bool {
        let about = |text: &'_ str| -> BTreeSet<String> {
            let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 3);
            words
                .filter(|word| !FREE_WORD.is_match(word) && *word != "charge" && *word != "until")
                .map(str::to_owned)
                .collect()
        };
        let said = about(sentence);
        let pronoun = sentence.split(' ').any(|word| matches!(word, "it" | "it's" | "that" | "es"));
        self.free.iter().any(|shown| pronoun || said.is_empty() || !about(shown).is_disjoint(&said))
    }
}

/// "It is not free."
fn denies(text: &str) -> bool {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric() && c != '\'').collect();
    words.iter().any(|word| ["not", "isn't", "aren't", "never", "cannot", "can't"].contains(word))
        || words.windows(2).any(|pair| pair[0] == "no" && ["es", "son", "puedo", "esta"].contains(&pair[1]))
}

/// The evidence is read only for a sentence with a figure in it.
pub(super) fn check<'e>(
    sentence: &Sentence,
    currency: Currency,
    evidence: impl FnOnce() -> &'e Proved,
    claims: &mut Vec<Claim>,
) {
    let said = Figures::of(&sentence.text, currency);
    if said == Figures::default() {
        return;
    }
    let proved = evidence();
    let echo = may_echo(sentence);
    let shown = &proved.shown;
    let guest = &proved.said_by_guest;
    let mut object = |kind, words: String| claims.push(Claim { kind, words });
    for (amount, code) in &said.amounts {
        let known = |figures: &Figures| figures.amounts.contains(&(*amount, code.clone()));
        if !(known(shown) || (echo && known(guest))) {
            object(ClaimKind::Money, format!("{amount} minor units of {code}"));
        }
    }
    for percent in &said.percents {
        if !(shown.percents.contains(percent) || (echo && guest.percents.contains(percent))) {
            object(ClaimKind::Money, format!("{percent}%"));
        }
    }
    if said.free && !sentence.question && !denies(&sentence.text) && !proved.is_free(&sentence.text) {
        object(ClaimKind::Money, "free of charge".to_owned());
    }
    for time in &said.spoken_times {
        let known = |figures: &Figures| time.iter().any(|minute| figures.times.contains(minute));
        if !(known(shown) || (echo && known(guest))) {
            object(
                ClaimKind::Time,
                time.first().map(|m| format!("{:02}:{:02}", m / 60, m % 60)).unwrap_or_default(),
            );
        }
    }
    let lists = [
        (ClaimKind::Room, &said.rooms, &shown.rooms, &guest.rooms, echo),
        (ClaimKind::Wait, &said.waits, &shown.waits, &guest.waits, echo),
        (ClaimKind::Number, &said.numbers, &shown.numbers, &guest.numbers, true),
    ];
    for (kind, said, shown, guest, echo) in lists {
        for words in said.iter().filter(|words| !(shown.contains(*words) || (echo && guest.contains(*words))))
        {
            object(kind, words.clone());
        }
    }
}

/// In a question or a refusal, or where it says whose words they are, a text may repeat the guest's figures.
fn may_echo(sentence: &Sentence) -> bool {
    const REPORTED: &[&str] = &[
        "you asked",
        "you said",
        "you mentioned",
        "you wrote",
        "you want",
        "you would like",
        "you'd like",
        "request",
        "asked",
        "wish",
        "instead of",
        "ha pedido",
        "ha dicho",
        "solicitud",
        "pregunta",
        "solicitado",
        "reception",
        "desea",
        "quiere",
    ];
    sentence.question
        || is_negative(&sentence.text)
        || REPORTED.iter().any(|words| sentence.text.contains(words))
}

fn is_negative(text: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'').any(|word| NEGATIVE.contains(&word))
}

#[derive(Debug, Clone, Default, PartialEq)]
struct Figures {
    /// Minor units and currency code.
    amounts: BTreeSet<(i64, String)>,
    percents: BTreeSet<String>,
    /// Says that something costs nothing.
    free: bool,
    /// Minutes of the day that any time in the text may mean.
    times: BTreeSet<u32>,
    /// The same, time by time.
    spoken_times: Vec<Vec<u32>>,
    rooms: BTreeSet<String>,
    waits: BTreeSet<String>,
    numbers: BTreeSet<String>,
}

impl Figures {
    fn of(plain: &str, currency: Currency) -> Self {
        let mut figures = Self::default();
        figures.read(plain, currency, Style::Spoken);
        figures
    }

    fn add(&mut self, other: &Figures) {
        self.amounts.extend(other.amounts.iter().cloned());
        self.percents.extend(other.percents.iter().cloned());
        self.free |= other.free;
        self.times.extend(&other.times);
        self.spoken_times.extend(other.spoken_times.iter().cloned());
        self.rooms.extend(other.rooms.iter().cloned());
        self.waits.extend(other.waits.iter().cloned());
        self.numbers.extend(other.numbers.iter().cloned());
    }

    /// Reads plain text: folded, see `super::plain`.
    fn read(&mut self, plain: &str, currency: Currency, style: Style) {
        // What has been read is blanked, so that no digit is read twice.
        let mut text = plain.to_owned();
        take(&mut text, &DATE, |_| true);
        take(&mut text, &LONG_NUMBER, |found| {
            let digits: String = found[0].chars().filter(char::is_ascii_digit).collect();
            let enough = digits.len() >= 7;
            if enough {
                self.numbers.insert(digits);
            }
            enough
        });
        take(&mut text, &REFERENCE, |found| {
            self.numbers.insert(found[0].replace('-', ""));
            true
        });
        for pattern in [&*ROOM, &*BARE_ROOM] {
            take(&mut text, pattern, |found| {
                self.rooms.extend(DIGITS.find_iter(&found[0]).map(|room| room.as_str().to_owned()));
                true
            });
        }
        take(&mut text, &WAIT, |found| {
            let unit = if found[3].starts_with("min") { "min" } else { "h" };
            let counts = [found.get(1), found.get(2)].into_iter().flatten();
            let counts = counts.map(|count| {
                small_number(count.as_str()).map_or(count.as_str().to_owned(), |n| n.to_string())
            });
            self.waits.extend(counts.map(|count| format!("{count} {unit}")));
            true
        });
        take(&mut text, &CLOCK, |found| self.time(found, style));
        for amount in read_amounts(&mut text, currency) {
            self.amounts.insert(key(&amount));
        }
        take(&mut text, &PERCENT, |found| {
            self.percents.insert(found[1].replace(',', "."));
            true
        });
        take(&mut text, &HALF_DAY, |found| self.time(found, style));
        take(&mut text, &HOUR, |found| self.time(found, style));
        for (words, hour) in
            [("noon", 12), ("midday", 12), ("mediodia", 12), ("midnight", 0), ("medianoche", 0)]
        {
            if text.split(|c: char| !c.is_alphanumeric()).any(|word| word == words) {
                self.spoken_times.push(vec![hour * 60]);
                self.times.insert(hour * 60);
            }
        }
        self.free |= FREE.is_match(&text);
    }

    /// Tool results are JSON: amounts in minor units, rooms as fields.
    fn read_json(&mut self, text: &str, currency: Currency) {
        for found in JSON_AMOUNT.captures_iter(text) {
            if let Ok(amount) = found[1].parse::<i64>() {
                self.amounts.insert((amount.abs(), currency.to_string()));
            }
        }
        self.rooms.extend(JSON_ROOM.captures_iter(text).map(|found| found[1].to_lowercase()));
    }

    /// A clock time, of which the half of the day may be open: `1` is both 01:00 and 13:00.
    fn time(&mut self, found: &Captures<'_>, style: Style) -> bool {
        let part = |name| found.name(name).map(|m| m.as_str());
        let Some(hour) = part("h").and_then(|h| h.parse().ok().or_else(|| small_number(h))) else {
            return false;
        };
        let minute: u32 = part("m").and_then(|m| m.parse().ok()).unwrap_or(0);
        let hour = if hour == 24 && minute == 0 { 0 } else { hour };
        if hour > 23 || minute > 59 {
            return false;
        }
        let two_digits = part("h").is_some_and(|h| h.len() == 2);
        let full = two_digits && (hour < 10 || (style == Style::Written && part("m").is_some()));
        let hours = match part("half").map(|half| &half[..1]) {
            Some("a") => vec![hour % 12],
            Some("p") => vec![hour % 12 + 12],
            _ if hour == 0 || hour > 12 || full => vec![hour],
            _ if hour == 12 => vec![12],
            _ => vec![hour, hour + 12],
        };
        let minutes: Vec<u32> = hours.iter().map(|hour| hour * 60 + minute).collect();
        self.times.extend(&minutes);
        self.spoken_times.push(minutes);
        true
    }
}

/// How times are meant: hotels write `10:30` for the morning, people say it for either half of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Written,
    Spoken,
}

/// All amounts in a text, in its own currency or else the hotel's.
pub(super) fn amounts(text: &str, currency: Currency) -> Vec<(i64, String)> {
    let mut text = super::plain(text);
    read_amounts(&mut text, currency).iter().map(key).collect()
}

fn key(money: &Money) -> (i64, String) {
    (money.amount_minor.abs(), money.currency.to_string())
}

fn read_amounts(text: &mut String, currency: Currency) -> Vec<Money> {
    let mut amounts = Vec::new();
    for pattern in [&*MONEY_AFTER, &*MONEY_BEFORE, &*PRICE, &*DECIMAL] {
        take(text, pattern, |found| {
            let unit = found.name("unit").map_or("", |unit| unit.as_str());
            let Some(currency) = currency_of(unit, currency) else { return false };
            let numbers = ["first", "second"].into_iter().filter_map(|name| found.name(name));
            let read: Vec<Money> = numbers.filter_map(|n| amount(n.as_str(), currency)).collect();
            let any = !read.is_empty();
            amounts.extend(read);
            any
        });
    }
    amounts
}

/// `$` is the hotel's own if it has dollars or pesos; a word that is no currency gives none.
fn currency_of(unit: &str, hotel: Currency) -> Option<Currency> {
    const OWN_DOLLAR: [&str; 9] = ["USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "CLP", "ARS"];
    let own_dollar = OWN_DOLLAR.contains(&hotel.as_str());
    let code = match unit {
        "" => return Some(hotel),
        "€" | "eur" | "euro" | "euros" => "EUR",
        "$" | "dollar" | "dollars" | "dolar" | "dolares" if own_dollar => return Some(hotel),
        "$" | "us$" | "usd" | "dollar" | "dollars" | "dolar" | "dolares" => "USD",
        "£" | "gbp" | "pound" | "pounds" | "libras" => "GBP",
        "¥" | "yen" | "jpy" => "JPY",
        other => return other.to_uppercase().parse().ok(),
    };
    code.parse().ok()
}

/// `1,234.50`, `1.234,50`, `18`, `eighteen` in minor units.
fn amount(text: &str, currency: Currency) -> Option<Money> {
    let scale = 10_i64.checked_pow(currency.exponent())?;
    if let Some(number) = small_number(text) {
        return Some(Money::new(i64::from(number).checked_mul(scale)?, currency));
    }
    let last = text.rfind([',', '.']);
    let decimals = last.map_or(0, |at| text.len() - at - 1);
    let is_fraction = last.is_some() && decimals != 3 && decimals <= 2;
    let (whole, fraction) = match last {
        Some(at) if is_fraction => (&text[..at], &text[at + 1..]),
        Some(_) | None => (text, ""),
    };
    let whole: i64 = whole.replace([',', '.', ' '], "").parse().ok()?;
    let exponent = currency.exponent() as usize;
    let fraction: i64 = match exponent {
        0 => 0,
        _ => format!("{fraction:0<exponent$}").get(..exponent)?.parse().ok()?,
    };
    Some(Money::new(whole.checked_mul(scale)?.checked_add(fraction)?, currency))
}

/// A number written in digits or as one word, up to 999 in digits and 100 in words.
pub(super) fn small_number(word: &str) -> Option<u32> {
    const ENGLISH: [&str; 21] = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "twenty",
    ];
    const SPANISH: [&str; 21] = [
        "cero",
        "una",
        "dos",
        "tres",
        "cuatro",
        "cinco",
        "seis",
        "siete",
        "ocho",
        "nueve",
        "diez",
        "once",
        "doce",
        "trece",
        "catorce",
        "quince",
        "dieciseis",
        "diecisiete",
        "dieciocho",
        "diecinueve",
        "veinte",
    ];
    const TENS: [(&str, u32); 15] = [
        ("thirty", 30),
        ("forty", 40),
        ("fifty", 50),
        ("sixty", 60),
        ("seventy", 70),
        ("eighty", 80),
        ("ninety", 90),
        ("hundred", 100),
        ("treinta", 30),
        ("cuarenta", 40),
        ("cincuenta", 50),
        ("sesenta", 60),
        ("setenta", 70),
        ("ochenta", 80),
        ("cien", 100),
    ];
    if let Ok(number) = word.parse::<u32>() {
        return (number < 1_000).then_some(number);
    }
    if let Some((ten, one)) = word.split_once('-') {
        let tens =
            TENS.iter().find(|(name, _)| *name == ten).map(|(_, n)| *n).or((ten == "twenty").then_some(20));
        return tens
            .zip(ENGLISH.iter().position(|name| *name == one))
            .and_then(|(a, b)| Some(a + u32::try_from(b).ok()?));
    }
    let place =
        |list: &[&str]| list.iter().position(|name| *name == word).and_then(|at| u32::try_from(at).ok());
    place(&ENGLISH)
        .or_else(|| place(&SPANISH))
        .or_else(|| TENS.iter().find(|(name, _)| *name == word).map(|(_, n)| *n))
}

/// Shows each match to `read` and blanks those that it takes.
fn take(text: &mut String, pattern: &Regex, mut read: impl FnMut(&Captures<'_>) -> bool) {
    let blanked = pattern.replace_all(
        text,
        |found: &Captures<'_>| {
            if read(found) { " _ ".to_owned() } else { found[0].to_owned() }
        },
    );
    *text = blanked.into_owned();
}

#[expect(clippy::expect_used, reason = "constant patterns; every test of this module compiles them all")]
fn pattern(pattern: &str) -> Regex {
    Regex::new(&format!("(?x){pattern}")).expect("a constant pattern")
}

macro_rules! patterns {
    ($($(#[$meta:meta])* $name:ident = $text:expr;)+) => {
        $($(#[$meta])* static $name: LazyLock<Regex> = LazyLock::new(|| pattern($text));)+
    };
}

patterns! {
    /// Dates are not checked.
    DATE = r"\b\d{4}-\d{2}-\d{2}\b | \b\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\b
        | \b\d{1,2}(?:st|nd|rd|th)?(?:\s*(?:to|-|and|y|al|a)\s*(?:the\s+|el\s+)?\d{1,2}(?:st|nd|rd|th)?)?\s*(?:of\s+|de\s+)?
          (?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec|
          enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)\b
        | \b(?:january|february|march|april|may|june|july|august|september|october|november|december)\s+\d{1,2}(?:st|nd|rd|th)?\b";
    /// Phones and the like: seven digits at least, which the reader counts.
    LONG_NUMBER = r"\+?\d(?:[\ ().-]?\d){6,}";
    /// Letters and digits glued together, as confirmation numbers are.
    REFERENCE = r"\b[a-z]{2,5}-?\d{3,}\b";
    ROOM = r"\b(?:rooms?|rm|suite|habitacion(?:es)?|zimmer|chambre|quarto)\s*(?:no\.?|number|numero|nr\.?|\#)?\s*
        [a-z]?\d{1,4}[a-z]?\b(?:\s*(?:,|and|or|y|o|&)\s*\d{2,4}\b)*";
    /// "You are in 305".
    BARE_ROOM = r"\b(?:you\ are|you're|stays|staying|is|are)\s+in\s+\d{3}\b";
    DIGITS = r"[a-z]?\d{1,4}[a-z]?";
    WAIT = r"\b(\d{1,3}|two|three|five|ten|fifteen|twenty|thirty|forty|forty-five|dos|tres|cinco|diez|quince|veinte|treinta)
        (?:\s*(?:-|to|or|a|o)\s*(\d{1,3}|ten|fifteen|twenty|thirty|diez|quince|veinte|treinta))?
        \s*(min(?:ute|uto)?s?|hours?|hrs?|horas?)\b";
    /// Hours and minutes with a colon or an h; with a full stop only behind a preposition or before am and pm.
    CLOCK = r"(?:\b(?P<h>\d{1,2})[:h](?P<m>\d{2})(?:\s*(?P<half>am|pm|a\.m|p\.m)|\s*h(?:rs|oras)?)?\b)";
    HOUR = r"\b(?:(?:at|until|till|by|from|before|after|to|and|between|a\ las?|hasta\ las?|desde\ las?|de\ las?|las)\s+
        (?P<h>\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce)
        (?:[:.](?P<m>\d{2}))?(?:\s*(?P<half>am|pm)\b|\s*(?:o'clock|h|hrs|horas)\b|
          (?:\s*(?:$|[.,;!?)-]|(?:and|to|or|on|in\ the|today|tomorrow|tonight|daily|every|if|free|with|for\ (?:free|_)|y|de\ la|hoy|manana)\b))))";
    /// An hour with am or pm needs no preposition.
    HALF_DAY = r"\b(?P<h>\d{1,2})(?:[.](?P<m>\d{2}))?\s*(?P<half>am|pm)\b";
    PERCENT = r"\b(\d{1,3}(?:[.,]\d+)?)\s*(?:%|percent|per\ cent|por\ ciento)";
    /// A price without a currency.
    PRICE = r"\b(?:costs?|price|total|fee|charge\ of|cuesta|precio|importe)\s*(?:is|of|you|es|de|comes\ to|will\ be|:)?\s*(?:only|just|solo)?\s*
        (?P<first>\d+(?:[.,]\d{1,2})?)\b";
    /// Two decimals are money unless they have been read as a time.
    DECIMAL = r"\b(?P<first>\d{1,3}(?:[.,]\d{3})*[.,]\d{2})\b";
    FREE = r"\b(?:free\ of\ charge|at\ no\ (?:extra\ |additional\ )?(?:charge|cost)|no\ extra\ (?:charge|cost)|complimentary|on\ the\ house|
        for\ free|(?:is|are|it's)\ (?:\w+\ )?free(?:\s*[.,!]|$|\ (?:for|until|till|to)\b)|gratis|gratuit[oa]s?|sin\ (?:coste|cargo|costo)|de\ cortesia|free\ (?:late|early))\b?";
    FREE_WORD = r"\b(?:free|complimentary|gratis|gratuit[oa]s?|sin\ (?:coste|cargo|costo)|no\ (?:extra\ )?(?:charge|cost)|included|incluid[oa]s?)\b";
    JSON_AMOUNT = r#""amount_minor"\s*:\s*(-?\d+)"#;
    JSON_ROOM = r#""room"\s*:\s*"([^"]{1,12})""#;
}

/// What counts as a number in words before a currency.
const NUMBER: &str = r"(?:\d{1,3}(?:[.,\ ]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-\w+)?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|hundred|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|doce|quince|dieciocho|veinte|treinta|cuarenta|cincuenta|sesenta|cien)";
/// Currencies as they are written, folded.
const UNIT: &str = r"(?:us\$|[€$£¥]|(?:euros?|eur|dollars?|dolar(?:es)?|usd|pounds?|libras|gbp|yen|jpy|chf|cad|aud|nok|sek|dkk|pln|czk|huf|mxn|brl|aed|thb|inr|zar|nzd|sgd|hkd)\b)";

static MONEY_AFTER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?:\b(?P<first>{NUMBER})\s*(?:-|to|or|and|a|o|y)\s*)?\b(?P<second>{NUMBER})\s*(?P<unit>{UNIT})"
    ))
});
static MONEY_BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?P<unit>{UNIT})\s*(?P<first>\d{{1,3}}(?:[.,\ ]\d{{3}})+(?:[.,]\d{{1,2}})?|\d+(?:[.,]\d{{1,2}})?)\b"
    ))
});
