//! Telephone numbers in the one international form (E.164); it must not guess a country that nobody named.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A telephone number as `+` and 8 to 15 digits. `Display` gives it in full; `Debug` and [`Phone::masked`] do not,
/// so that a number never slips into a log.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Phone(String);

/// The text is no telephone number in international form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a telephone number in international form: + and 8 to 15 digits")]
pub struct NotAPhone;

/// Reads a number as people write it: `+34 600 111 222`, `0034-600111222`, `+44 (0)20 7946 0000`.
///
/// `default_country` is the calling code ("351" or "+351") for numbers written without one; a leading trunk zero is
/// then dropped, except in Italy, which keeps it. Without it, only numbers that name their country are read.
pub fn normalise(raw: &str, default_country: Option<&str>) -> Option<Phone> {
    let folded = super::words::fold(raw);
    let text = folded.strip_prefix("tel:").or_else(|| folded.strip_prefix("sms:")).unwrap_or(&folded).trim();
    let (international, text) = match text.strip_prefix('+') {
        Some(rest) => (true, rest.replace("(0)", "")),
        None => (false, text.to_owned()),
    };
    let allowed = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '.' | '/' | '(' | ')');
    if !text.chars().all(allowed) {
        return None;
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if international {
        return checked(&digits);
    }
    if let Some(rest) = digits.strip_prefix("00") {
        return checked(rest);
    }
    let code = default_country?.trim().trim_start_matches('+');
    if code.is_empty() || !code.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let national = match code {
        "39" => digits.as_str(),
        // North America writes the country's own 1 in front of ten digits.
        "1" if digits.len() == 11 => digits.strip_prefix('1')?,
        _ => digits.strip_prefix('0').unwrap_or(&digits),
    };
    checked(&format!("{code}{national}"))
}

fn checked(digits: &str) -> Option<Phone> {
    let plausible = (8..=15).contains(&digits.len()) && !digits.starts_with('0');
    plausible.then(|| Phone(format!("+{digits}")))
}

impl Phone {
    /// The number in full, `+34600111222`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Calling code and last three digits, `+34…222`: enough to tell two numbers apart, too little to ring one.
    pub fn masked(&self) -> String {
        let digits = &self.0[1..];
        format!("+{}…{}", &digits[..code_len(digits)], &digits[digits.len() - 3..])
    }
}

/// Length of the calling code by the ITU's numbering plan: one digit for zones 1 and 7, two for the listed ones.
fn code_len(digits: &str) -> usize {
    match digits.as_bytes() {
        [b'1' | b'7', ..] => 1,
        [b'2', b'0' | b'7', ..]
        | [b'3', b'0'..=b'4' | b'6' | b'9', ..]
        | [b'4', b'0' | b'1' | b'3'..=b'9', ..]
        | [b'5', b'1'..=b'8', ..]
        | [b'6', b'0'..=b'6', ..]
        | [b'8', b'1' | b'2' | b'4' | b'6', ..]
        | [b'9', b'0'..=b'5' | b'8', ..] => 2,
        _ => 3,
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Phone({})", self.masked())
    }
}

impl FromStr for Phone {
    type Err = NotAPhone;

    fn from_str(text: &str) -> Result<Self, NotAPhone> {
        normalise(text, None).ok_or(NotAPhone)
    }
}

impl TryFrom<String> for Phone {
    type Error = NotAPhone;

    fn try_from(text: String) -> Result<Self, NotAPhone> {
        text.parse()
    }
}

impl From<Phone> for String {
    fn from(phone: Phone) -> Self {
        phone.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(raw: &str, country: Option<&str>) -> Option<String> {
        normalise(raw, country).map(|p| p.to_string())
    }

    #[test]
    fn the_same_number_written_five_ways_is_one_number() {
        for raw in
            ["+34600111222", "+34 600 111 222", "0034-600-111-222", "tel:+34.600.111.222", "＋３４ 600111222"]
        {
            assert_eq!(read(raw, None).as_deref(), Some("+34600111222"), "{raw}");
        }
        assert_eq!(read("+44 (0)20 7946 0000", None).as_deref(), Some("+442079460000"));
    }

    #[test]
    fn a_number_without_country_is_read_only_when_the_country_is_known() {
        assert_eq!(read("600 111 222", None), None);
        assert_eq!(read("600 111 222", Some("34")).as_deref(), Some("+34600111222"));
        assert_eq!(read("020 7946 0000", Some("+44")).as_deref(), Some("+442079460000"));
        assert_eq!(read("06 1234 5678", Some("39")).as_deref(), Some("+390612345678"));
        assert_eq!(read("1 (415) 555-0123", Some("1")).as_deref(), Some("+14155550123"));
        assert_eq!(read("(415) 555-0123", Some("1")).as_deref(), Some("+14155550123"));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for raw in ["", "+", "hello", "+1234567", "+1234567890123456", "+0600111222", "+34 600 ext 5", "204"]
        {
            assert_eq!(read(raw, Some("34")), None, "{raw}");
        }
        assert_eq!(read("600111222", Some("ES")), None);
    }

    #[test]
    fn neither_the_mask_nor_debug_shows_the_number() {
        let phone: Phone = "+34600111222".parse().unwrap();
        assert_eq!(phone.masked(), "+34…222");
        assert_eq!(format!("{phone:?}"), "Phone(+34…222)");
        assert_eq!("+351210000000".parse::<Phone>().unwrap().masked(), "+351…000");
        assert_eq!("+14155550123".parse::<Phone>().unwrap().masked(), "+1…123");
    }

    #[test]
    fn stored_text_comes_back_as_the_same_phone() {
        let phone: Phone = "+34600111222".parse().unwrap();
        let json = serde_json::to_string(&phone).unwrap();
        assert_eq!(json, "\"+34600111222\"");
        assert_eq!(serde_json::from_str::<Phone>(&json).unwrap(), phone);
        assert!(serde_json::from_str::<Phone>("\"12\"").is_err());
    }
}
