//! The hotel's settings as a form: written out as text, and read back into a change. It judges nothing but the writing.

use super::fields::{Fields, hours, languages, money, show_time, time};
use crate::domain::hotel::{Hotel, Hours};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The texts that a hotel has by language: setting, what it is called, what it is for.
pub(super) const TEXTS: [(&str, &str, &str); 3] = [
    ("greeting", "Greeting", "The first line of the chat. Empty: Bellhop's own."),
    ("description", "About the hotel", "A few words that the assistant knows about the hotel."),
    (
        "emergency_text",
        "In an emergency",
        "What a guest in danger is told at once. Empty: Bellhop's own text with the numbers above, which is tried and short.",
    ),
];

/// The form's values by the name of their field.
pub(super) fn write(hotel: &Hotel) -> BTreeMap<String, String> {
    let settings = &hotel.settings;
    let amount = |minor: i64| hotel.money(minor).amount();
    let desk = |end: fn(Hours) -> chrono::NaiveTime| {
        settings.desk_hours.map(|hours| show_time(end(hours))).unwrap_or_default()
    };
    let pairs = [
        ("name", hotel.name.clone()),
        ("zone", hotel.zone.name().to_owned()),
        ("currency", hotel.currency.to_string()),
        ("languages", settings.languages.join(", ")),
        ("reception_phone", settings.reception_phone.clone()),
        ("emergency_number", settings.emergency_number.clone()),
        ("on_call", settings.on_call.join("\n")),
        ("allowed_origins", settings.allowed_origins.join("\n")),
        ("accent", settings.accent.clone().unwrap_or_default()),
        ("desk_from", desk(|hours| hours.from)),
        ("desk_to", desk(|hours| hours.to)),
        ("standard", show_time(settings.late_checkout.standard)),
        ("free_until", show_time(settings.late_checkout.free_until)),
        ("paid_until", show_time(settings.late_checkout.paid_until)),
        ("late_price", amount(settings.late_checkout.price_minor)),
        ("per_charge", amount(settings.limits.per_charge_minor)),
        ("per_day", amount(settings.limits.per_stay_and_day_minor)),
        ("max_quantity", settings.limits.max_quantity.to_string()),
        ("alert_minutes", settings.patience.alert_minutes.to_string()),
        ("holder_minutes", settings.patience.holder_minutes.to_string()),
        ("quote_minutes", settings.patience.quote_minutes.to_string()),
    ];
    let mut values: BTreeMap<String, String> =
        pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let by_language = [
        ("greeting", &settings.greeting),
        ("description", &settings.description),
        ("emergency_text", &settings.emergency_text),
    ];
    for (setting, texts) in by_language {
        for lang in languages(hotel, texts) {
            values.insert(format!("{setting}.{lang}"), texts.get(&lang).cloned().unwrap_or_default());
        }
    }
    values
}

/// The change that the form asks for; all that cannot be read otherwise.
pub(super) fn read(fields: &Fields, hotel: &Hotel) -> Result<Map<String, Value>, Vec<String>> {
    let mut reader = Reader { fields, hotel, problems: Vec::new() };
    let desk = match hours(fields.get("desk_from"), fields.get("desk_to")) {
        Ok(hours) => json!(hours),
        Err(problem) => {
            reader.problems.push(format!("Staff at the desk: {problem}"));
            Value::Null
        }
    };
    let accent = Some(fields.get("accent")).filter(|accent| !accent.is_empty());
    let mut change = json!({
        "name": fields.get("name"),
        "zone": fields.get("zone"),
        "currency": fields.get("currency").to_uppercase(),
        "languages": fields.lines("languages").iter().map(|lang| lang.to_lowercase()).collect::<Vec<_>>(),
        "reception_phone": phone(fields.get("reception_phone")),
        "emergency_number": fields.get("emergency_number"),
        "on_call": fields.lines("on_call").iter().map(|number| phone(number)).collect::<Vec<_>>(),
        "allowed_origins": fields.lines("allowed_origins").iter().map(|at| at.trim_end_matches('/')).collect::<Vec<_>>(),
        "accent": accent,
        "desk_hours": desk,
        "late_checkout": {
            "standard": reader.time("standard", "Check-out"),
            "free_until": reader.time("free_until", "Free until"),
            "paid_until": reader.time("paid_until", "For a price until"),
            "price_minor": reader.money("late_price", "Price of a late check-out"),
        },
        "limits": {
            "per_charge_minor": reader.money("per_charge", "Most for one charge"),
            "per_stay_and_day_minor": reader.money("per_day", "Most for a stay and day"),
            "max_quantity": reader.number("max_quantity", "Most pieces"),
        },
        "patience": {
            "alert_minutes": reader.number("alert_minutes", "Alert"),
            "holder_minutes": reader.number("holder_minutes", "Guest waits"),
            "quote_minutes": reader.number("quote_minutes", "Offer"),
        },
    });
    for (setting, ..) in TEXTS {
        change[setting] = reader.texts(setting);
    }
    match change {
        Value::Object(change) if reader.problems.is_empty() => Ok(change),
        _ => Err(reader.problems),
    }
}

/// People write numbers with spaces; they are kept without.
fn phone(text: &str) -> String {
    crate::domain::phone::normalise(text, None).map_or_else(|| text.to_owned(), |phone| phone.to_string())
}

struct Reader<'a> {
    fields: &'a Fields,
    hotel: &'a Hotel,
    problems: Vec<String>,
}

impl Reader<'_> {
    fn note<T>(&mut self, label: &str, read: Result<T, String>) -> Option<T> {
        read.map_err(|problem| self.problems.push(format!("{label}: {problem}"))).ok()
    }

    fn time(&mut self, name: &str, label: &str) -> Value {
        let read = time(self.fields.get(name));
        json!(self.note(label, read))
    }

    fn money(&mut self, name: &str, label: &str) -> Value {
        let read = money(self.fields.get(name), self.hotel.currency);
        json!(self.note(label, read).map(|money| money.amount_minor))
    }

    fn number(&mut self, name: &str, label: &str) -> Value {
        let text = self.fields.get(name);
        let read = text.parse::<u32>().map_err(|_| format!("{text:?} is no whole number"));
        json!(self.note(label, read))
    }

    /// A language whose text was emptied is taken away.
    fn texts(&self, setting: &str) -> Value {
        let given = self.fields.by_language(setting);
        let settings = &self.hotel.settings;
        let had = match setting {
            "greeting" => &settings.greeting,
            "description" => &settings.description,
            _ => &settings.emergency_text,
        };
        let gone =
            had.keys().filter(|lang| !given.contains_key(*lang)).map(|lang| (lang.clone(), Value::Null));
        let new = given.iter().map(|(lang, text)| (lang.clone(), json!(text)));
        Value::Object(gone.chain(new).collect())
    }
}
