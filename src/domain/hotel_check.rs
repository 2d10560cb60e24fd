//! What is wrong with a hotel's settings, in words that say what to do. It must not change them.

use super::hotel::{Hotel, HotelSettings};
use super::phone;
use std::collections::BTreeMap;
use url::Url;

/// Longest text of one language in the settings, in characters.
const MOST_TEXT: usize = 2_000;

impl Hotel {
    /// What is wrong with it; empty: nothing.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        if !is_slug(&self.slug) {
            problems.push(
                "slug: use 1 to 40 small letters, digits and dashes, beginning with a letter: it stands in addresses"
                    .to_owned(),
            );
        }
        let length = self.name.trim().chars().count();
        if length == 0 || length > 200 || self.name.chars().any(char::is_control) {
            problems.push("name: write 1 to 200 characters on one line".to_owned());
        }
        problems.extend(self.settings.problems());
        problems
    }
}

fn is_slug(text: &str) -> bool {
    let plain = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    plain && text.len() <= 40 && text.starts_with(|c: char| c.is_ascii_lowercase())
}

impl HotelSettings {
    /// What is wrong with them, each beginning with the setting's name; empty: nothing.
    pub fn problems(&self) -> Vec<String> {
        let mut out = Vec::new();
        languages(&self.languages, &mut out);
        phones(self, &mut out);
        for origin in &self.allowed_origins {
            if !is_origin(origin) {
                out.push(format!(
                    "allowed_origins: {origin} is not the beginning of an address: write https://hotel.example, without a path"
                ));
            }
        }
        texts("emergency_text", &self.emergency_text, &mut out);
        texts("description", &self.description, &mut out);
        texts("greeting", &self.greeting, &mut out);
        if self.accent.as_deref().is_some_and(|accent| !is_colour(accent)) {
            out.push("accent: write a colour as #rrggbb, such as #0f5a6b".to_owned());
        }
        late_checkout(self, &mut out);
        numbers(self, &mut out);
        out
    }
}

fn languages(languages: &[String], out: &mut Vec<String>) {
    if languages.is_empty() {
        out.push("languages: name at least one, such as en".to_owned());
    }
    for (index, lang) in languages.iter().enumerate() {
        if !is_language(lang) {
            out.push(format!(
                "languages: {lang} is no language code: write two small letters, such as en or es"
            ));
        } else if languages.iter().take(index).any(|other| other == lang) {
            out.push(format!("languages: {lang} stands there twice"));
        }
    }
}

fn is_language(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|b| b.is_ascii_lowercase())
}

fn phones(settings: &HotelSettings, out: &mut Vec<String>) {
    let mut check = |setting: &str, number: &str| {
        let stored = phone::normalise(number, None).is_some_and(|phone| phone.as_str() == number);
        if !stored {
            out.push(format!(
                "{setting}: {number} is no telephone number in international form: write + and the country's code, such as +351210000000"
            ));
        }
    };
    if !settings.reception_phone.is_empty() {
        check("reception_phone", &settings.reception_phone);
    }
    for number in &settings.on_call {
        check("on_call", number);
    }
    let emergency = &settings.emergency_number;
    if !(2..=15).contains(&emergency.len()) || !emergency.bytes().all(|b| b.is_ascii_digit() || b == b'+') {
        out.push("emergency_number: write the digits that people dial, such as 112".to_owned());
    }
}

fn is_origin(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    // A browser sends exactly this form, so nothing else can match.
    matches!(url.scheme(), "http" | "https") && url.origin().ascii_serialization() == text
}

fn is_colour(text: &str) -> bool {
    text.strip_prefix('#')
        .is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn texts(setting: &str, texts: &BTreeMap<String, String>, out: &mut Vec<String>) {
    for (lang, text) in texts {
        if !is_language(lang) {
            out.push(format!("{setting}: {lang} is no language code: write two small letters, such as en"));
        }
        if text.chars().count() > MOST_TEXT {
            out.push(format!(
                "{setting}: the text for {lang} is longer than {MOST_TEXT} characters: shorten it"
            ));
        }
    }
}

fn late_checkout(settings: &HotelSettings, out: &mut Vec<String>) {
    let policy = settings.late_checkout;
    if policy.free_until < policy.standard {
        out.push(
            "late_checkout: free_until comes before standard: make it the same time or later".to_owned(),
        );
    }
    if policy.paid_until < policy.free_until {
        out.push(
            "late_checkout: paid_until comes before free_until: make it the same time or later".to_owned(),
        );
    }
    if policy.price_minor < 0 {
        out.push("late_checkout: price_minor is below 0".to_owned());
    }
    let ordered = policy.standard <= policy.free_until && policy.free_until <= policy.paid_until;
    if ordered && policy.paid_until > policy.free_until && policy.price_minor == 0 {
        out.push(
            "late_checkout: the paid part costs nothing: set price_minor, or end it at free_until".to_owned(),
        );
    }
}

fn numbers(settings: &HotelSettings, out: &mut Vec<String>) {
    let limits = settings.limits;
    if limits.per_charge_minor < 0 || limits.per_stay_and_day_minor < 0 {
        out.push("limits: an amount is below 0; 0 means that staff decide every charge".to_owned());
    }
    if limits.per_stay_and_day_minor < limits.per_charge_minor {
        out.push(
            "limits: per_stay_and_day_minor is below per_charge_minor: one charge could never reach its own limit".to_owned(),
        );
    }
    if !(1..=1_000).contains(&limits.max_quantity) {
        out.push("limits: max_quantity lies between 1 and 1000".to_owned());
    }
    let patience = settings.patience;
    let day = 24 * 60;
    for (name, minutes) in [
        ("alert_minutes", patience.alert_minutes),
        ("holder_minutes", patience.holder_minutes),
        ("quote_minutes", patience.quote_minutes),
    ] {
        if !(1..=day).contains(&minutes) {
            out.push(format!("patience: {name} lies between 1 and {day} minutes"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_new_hotel_starts_with_is_right() {
        assert!(HotelSettings::default().problems().is_empty());
    }

    #[test]
    fn every_problem_names_its_setting_and_what_to_do() {
        let mut settings = HotelSettings {
            languages: vec!["en".to_owned(), "english".to_owned(), "en".to_owned()],
            reception_phone: "210 000 000".to_owned(),
            on_call: vec!["+351 210 000 000".to_owned()],
            emergency_number: "call us".to_owned(),
            allowed_origins: vec!["https://hotel.example/".to_owned(), "https://hotel.example".to_owned()],
            accent: Some("teal".to_owned()),
            ..HotelSettings::default()
        };
        settings.limits.per_charge_minor = -1;
        settings.patience.alert_minutes = 0;
        settings.late_checkout.free_until = chrono::NaiveTime::MIN;
        let problems = settings.problems();
        let about = |name: &str| problems.iter().filter(|problem| problem.starts_with(name)).count();
        assert_eq!(about("languages:"), 2, "{problems:?}");
        assert_eq!((about("reception_phone:"), about("on_call:"), about("emergency_number:")), (1, 1, 1));
        assert_eq!((about("allowed_origins:"), about("accent:"), about("late_checkout:")), (1, 1, 1));
        assert_eq!((about("limits:"), about("patience:")), (1, 1));
    }

    #[test]
    fn a_slug_can_stand_in_an_address() {
        for good in ["harbour", "h", "hotel-2"] {
            assert!(is_slug(good), "{good}");
        }
        for bad in ["", "Harbour", "2nd", "-x", "a/b", "ü", "prop_1"] {
            assert!(!is_slug(bad), "{bad}");
        }
    }
}
