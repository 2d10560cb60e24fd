//! A hotel as data: everything that differs from one property to the next.

use super::ids::PropertyId;
use super::money::{Currency, Money};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One property.
#[derive(Debug, Clone, PartialEq)]
pub struct Hotel {
    pub id: PropertyId,
    /// Its name in addresses: `/chat/{slug}/…`.
    pub slug: String,
    pub name: String,
    pub zone: Tz,
    pub currency: Currency,
    /// Raised by every change of the property, its items, facts, rules, prompt, policies and integrations.
    pub revision: i64,
    pub settings: HotelSettings,
}

impl Hotel {
    /// The hotel's own calendar day.
    pub fn today(&self, now: DateTime<Utc>) -> NaiveDate {
        now.with_timezone(&self.zone).date_naive()
    }

    pub fn money(&self, amount_minor: i64) -> Money {
        Money::new(amount_minor, self.currency)
    }

    /// The text in `lang`, or in the hotel's first language, or any.
    pub fn localised<'a>(&self, texts: &'a BTreeMap<String, String>, lang: &str) -> Option<&'a str> {
        let first = self.settings.languages.first().map_or("en", String::as_str);
        texts.get(lang).or_else(|| texts.get(first)).or_else(|| texts.values().next()).map(String::as_str)
    }
}

/// What a manager can change about a property.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct HotelSettings {
    /// Languages in which the hotel answers, two letters each, the preferred one first.
    pub languages: Vec<String>,
    /// Reception, E.164.
    pub reception_phone: String,
    /// The public emergency number, such as 112.
    pub emergency_number: String,
    /// What a guest in danger is told, by language; empty: Bellhop's own text with the two numbers above.
    pub emergency_text: BTreeMap<String, String>,
    /// Called in turn when an alert stays unopened, E.164.
    pub on_call: Vec<String>,
    /// Web origins (`https://hotel.example`) whose pages may embed the chat.
    pub allowed_origins: Vec<String>,
    /// A few words about the hotel, by language.
    pub description: BTreeMap<String, String>,
    /// First line of the chat, by language.
    pub greeting: BTreeMap<String, String>,
    /// Colour of the chat, `#rrggbb`.
    pub accent: Option<String>,
    /// When staff are at the desk; outside, the on-call numbers ring at once. Empty: always.
    pub desk_hours: Option<Hours>,
    pub late_checkout: LateCheckout,
    pub limits: Limits,
    pub patience: Patience,
}

impl Default for HotelSettings {
    fn default() -> Self {
        Self {
            languages: vec!["en".to_owned()],
            reception_phone: String::new(),
            emergency_number: "112".to_owned(),
            emergency_text: BTreeMap::new(),
            on_call: Vec::new(),
            allowed_origins: Vec::new(),
            description: BTreeMap::new(),
            greeting: BTreeMap::new(),
            accent: None,
            desk_hours: None,
            late_checkout: LateCheckout::default(),
            limits: Limits::default(),
            patience: Patience::default(),
        }
    }
}

/// A daily span in the hotel's zone; it may pass midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Hours {
    #[schema(value_type = String, example = "07:00:00")]
    pub from: NaiveTime,
    #[schema(value_type = String, example = "22:00:00")]
    pub to: NaiveTime,
}

impl Hours {
    /// From inclusive, to exclusive; equal ends mean all day.
    pub fn contains(self, time: NaiveTime) -> bool {
        if self.from == self.to {
            true
        } else if self.from < self.to {
            self.from <= time && time < self.to
        } else {
            time >= self.from || time < self.to
        }
    }
}

/// Until when a guest may stay on departure day, and what it costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LateCheckout {
    #[schema(value_type = String)]
    pub standard: NaiveTime,
    #[schema(value_type = String)]
    pub free_until: NaiveTime,
    #[schema(value_type = String)]
    pub paid_until: NaiveTime,
    /// Price of the paid part, minor units of the hotel's currency.
    pub price_minor: i64,
}

fn clock(hour: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or(NaiveTime::MIN)
}

impl Default for LateCheckout {
    fn default() -> Self {
        Self { standard: clock(11), free_until: clock(11), paid_until: clock(11), price_minor: 0 }
    }
}

/// What the policy says to a wish to leave at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LateCheckoutAnswer {
    /// Not later than the standard time anyway.
    AlreadyAllowed,
    Free,
    Paid {
        price_minor: i64,
    },
    StaffDecide,
}

impl LateCheckout {
    pub fn answer(&self, wish: NaiveTime, room_is_let_again: bool) -> LateCheckoutAnswer {
        if wish <= self.standard {
            LateCheckoutAnswer::AlreadyAllowed
        } else if room_is_let_again {
            LateCheckoutAnswer::StaffDecide
        } else if wish <= self.free_until {
            LateCheckoutAnswer::Free
        } else if wish <= self.paid_until {
            LateCheckoutAnswer::Paid { price_minor: self.price_minor }
        } else {
            LateCheckoutAnswer::StaffDecide
        }
    }
}

/// Above these, staff decide. Minor units of the hotel's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    pub per_charge_minor: i64,
    pub per_stay_and_day_minor: i64,
    /// Most pieces of one thing in one request or order.
    pub max_quantity: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { per_charge_minor: 10_000, per_stay_and_day_minor: 20_000, max_quantity: 10 }
    }
}

/// How long Bellhop waits, in whole minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Patience {
    /// An alert nobody has opened rings the next on-call number after this long.
    pub alert_minutes: u32,
    /// A guest whom the holder leaves waiting rings after this long.
    pub holder_minutes: u32,
    /// A quote that the guest does not answer expires after this long.
    pub quote_minutes: u32,
}

impl Default for Patience {
    fn default() -> Self {
        Self { alert_minutes: 5, holder_minutes: 10, quote_minutes: 30 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn late_checkout_is_free_then_paid_then_for_staff() {
        let policy = LateCheckout {
            standard: clock(11),
            free_until: clock(12),
            paid_until: clock(14),
            price_minor: 3000,
        };
        assert_eq!(policy.answer(clock(11), true), LateCheckoutAnswer::AlreadyAllowed);
        assert_eq!(policy.answer(clock(12), false), LateCheckoutAnswer::Free);
        assert_eq!(policy.answer(clock(13), false), LateCheckoutAnswer::Paid { price_minor: 3000 });
        assert_eq!(policy.answer(clock(15), false), LateCheckoutAnswer::StaffDecide);
        assert_eq!(policy.answer(clock(12), true), LateCheckoutAnswer::StaffDecide);
    }

    #[test]
    fn hours_may_pass_midnight() {
        let night = Hours { from: clock(22), to: clock(7) };
        assert!(night.contains(clock(23)) && night.contains(clock(3)) && !night.contains(clock(12)));
    }
}
