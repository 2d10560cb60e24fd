//! What a form sends, as it stands, and how money, lists and times are written in forms.

use crate::domain::hotel::{Hotel, Hours};
use crate::domain::money::{Currency, Money};
use chrono::NaiveTime;
use std::collections::BTreeMap;

/// Names and values in the order of the form.
#[derive(Debug, Default, Clone)]
pub(super) struct Fields(pub Vec<(String, String)>);

impl Fields {
    /// Empty where the form has no such field.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    pub fn is(&self, name: &str, value: &str) -> bool {
        self.get(name) == value
    }

    pub fn lines(&self, name: &str) -> Vec<String> {
        lines(self.get(name))
    }

    /// Fields `name.xx`, by what stands behind the dot; empty ones left out.
    pub fn by_language(&self, name: &str) -> BTreeMap<String, String> {
        let of = self.0.iter().filter_map(|(key, value)| {
            let lang = key.strip_prefix(name)?.strip_prefix('.')?;
            let value = value.replace("\r\n", "\n").trim().to_owned();
            (!value.is_empty()).then(|| (lang.to_owned(), value))
        });
        of.collect()
    }
}

/// One thing per line, or several with commas between them; empty ones left out.
pub(super) fn lines(text: &str) -> Vec<String> {
    text.split(['\n', ',']).map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// "18", "18.00" or "18,00" in the currency's minor units; what is wrong otherwise.
pub(super) fn money(text: &str, currency: Currency) -> Result<Money, String> {
    let wrong = || {
        format!("{text:?} is no amount of {currency}: write it like {}", Money::new(1800, currency).amount())
    };
    let digits = usize::try_from(currency.exponent()).unwrap_or(2);
    let text = text.trim().replace(',', ".");
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !plain(whole) || !plain(part) || part.len() > digits {
        return Err(wrong());
    }
    let minor = format!("{whole}{part:0<digits$}").parse().map_err(|_| wrong())?;
    Ok(Money::new(minor, currency))
}

/// "07:30"
pub(super) fn time(text: &str) -> Result<NaiveTime, String> {
    let read =
        NaiveTime::parse_from_str(text, "%H:%M").or_else(|_| NaiveTime::parse_from_str(text, "%H:%M:%S"));
    read.map_err(|_| format!("{text:?} is no time of day: write it like 07:30"))
}

/// Both ends, or neither: always.
pub(super) fn hours(from: &str, to: &str) -> Result<Option<Hours>, String> {
    match (from, to) {
        ("", "") => Ok(None),
        ("", _) | (_, "") => Err("Hours need a beginning and an end; leave both empty for always".to_owned()),
        (from, to) => Ok(Some(Hours { from: time(from)?, to: time(to)? })),
    }
}

pub(super) fn show_time(time: NaiveTime) -> String {
    time.format("%H:%M").to_string()
}

/// The hotel's languages, and those that a text has besides.
pub(super) fn languages(hotel: &Hotel, texts: &BTreeMap<String, String>) -> Vec<String> {
    let mut all = hotel.settings.languages.clone();
    all.extend(texts.keys().filter(|lang| !hotel.settings.languages.contains(lang)).cloned());
    all
}

/// The zones that a form suggests.
pub(super) fn zones() -> impl Iterator<Item = &'static str> {
    chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name()).filter(|name| name.contains('/'))
}

/// A language by its English name, where it is one that hotels use much.
pub(super) fn language(code: &str) -> &str {
    match code {
        "en" => "English",
        "es" => "Spanish",
        "pt" => "Portuguese",
        "fr" => "French",
        "de" => "German",
        "it" => "Italian",
        "ja" => "Japanese",
        "zh" => "Chinese",
        "nl" => "Dutch",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_write_them() {
        let eur = "EUR".parse().unwrap();
        let minor = |text: &str| money(text, eur).map(|money| money.amount_minor).ok();
        assert_eq!(
            [minor("18"), minor("18.5"), minor("18,00"), minor("0.05")],
            [Some(1800), Some(1850), Some(1800), Some(5)]
        );
        for wrong in ["", "18.005", "-1", "1.000,00", "€18", "18 EUR", ".5"] {
            assert_eq!(minor(wrong), None, "{wrong}");
        }
        assert_eq!(money("1800", "JPY".parse().unwrap()).unwrap().amount_minor, 1800);
        assert!(money("1.5", "JPY".parse().unwrap()).is_err());
    }

    #[test]
    fn hours_have_two_ends_or_none() {
        assert_eq!(hours("", ""), Ok(None));
        assert!(hours("07:00", "").is_err() && hours("7h", "22:00").is_err());
        assert!(hours("07:00", "22:00").unwrap().is_some());
    }
}
