//! Every sentence that Bellhop itself says to a guest, in every language it speaks. Nothing is said from elsewhere.

mod en;
mod es;

use crate::domain::effect::Plan;
use crate::domain::money::Money;
use crate::domain::request::RequestKind;
use crate::domain::stay::StayState;
use chrono::{NaiveDate, NaiveTime};

text_enum! {
    /// The languages of Bellhop's own sentences.
    pub enum Lang {
        En = "en",
        Es = "es",
    }
}

impl Lang {
    /// The language for a tag such as `es` or `es-MX`; English for those that Bellhop does not speak.
    pub fn of(tag: &str) -> Lang {
        let primary = tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        Lang::ALL.iter().copied().find(|lang| lang.as_str() == primary).unwrap_or(Lang::En)
    }
}

/// One sentence, or a few that belong together.
#[derive(Debug, Clone, PartialEq)]
pub enum Say {
    /// Who speaks, and how to reach a person; before the first answer.
    Introduction {
        hotel: String,
        phone: Option<String>,
    },
    Greeting {
        hotel: String,
    },
    Welcome,
    Goodbye,
    NotUnderstood,
    /// The facts do not answer it.
    NoFact,
    /// The hotel's own words.
    Verbatim(String),

    AskProof,
    /// Number or surname wrong: the same words for both.
    ProofWrong,
    ProofTooOften,
    ProofDone {
        first_name: String,
    },

    Requested {
        kind: RequestKind,
        item: String,
        quantity: u32,
        room: Option<String>,
    },
    NotedForArrival {
        item: String,
        quantity: u32,
    },
    Reservation(ReservationText),
    Bill {
        lines: Vec<(String, Money)>,
        balance: Money,
    },
    NotInState {
        state: StayState,
    },

    Quote {
        item: String,
        quantity: u32,
        total: Money,
    },
    QuoteLateCheckout {
        until: NaiveTime,
        total: Money,
    },
    Ordered {
        item: String,
        quantity: u32,
        total: Money,
        room: Option<String>,
    },
    Charged {
        item: String,
        quantity: u32,
        total: Money,
    },
    LateCheckoutDone {
        until: NaiveTime,
        total: Option<Money>,
    },
    /// By the hotel's rule, or agreed before.
    LateCheckoutAllowed {
        until: NaiveTime,
    },
    AlreadyOrdered {
        item: String,
    },
    Declined {
        item: String,
    },
    /// A yes to an offer that is over.
    QuoteOver {
        item: String,
    },
    /// A second order in the same breath: it is quoted next.
    AfterThat {
        item: String,
    },
    ItemUnknown,
    ItemWhich {
        options: Vec<String>,
    },
    ItemClosed {
        item: String,
        from: NaiveTime,
        to: NaiveTime,
    },
    TooMany {
        max: u32,
    },
    WhichTime,
    WhatIsWanted,
    /// On a button below an offer: a word that is read as agreement.
    Yes,
    No,
    /// What opens a list of things to choose from.
    Choose,

    /// Staff have been called.
    HandedOff {
        phone: Option<String>,
    },
    /// Staff decide it; they have been told.
    StaffDecide {
        phone: Option<String>,
    },
    StillWaiting,
    /// More guests are writing than can be answered at once.
    Queued,
    Emergency {
        number: String,
        phone: Option<String>,
    },
    /// It may have been done; Bellhop looks into it and says what it finds.
    Checking {
        item: String,
    },
    /// It may have been done; staff look.
    Unsure {
        item: String,
    },
    NotPossibleNow {
        item: String,
    },
    /// Staff have looked: it was not done.
    NotDone {
        item: String,
    },
    Trouble {
        phone: Option<String>,
    },
    Files,
    Slower,

    RequestDone {
        item: String,
    },
    RequestCannot {
        item: String,
        word: Option<String>,
    },
    ChargeVoided {
        item: String,
        total: Money,
    },
}

/// What a guest is told of a reservation.
#[derive(Debug, Clone, PartialEq)]
pub struct ReservationText {
    pub confirmation: String,
    pub state: StayState,
    pub room: Option<String>,
    pub arrives_on: NaiveDate,
    pub departs_on: NaiveDate,
    pub checkout_until: Option<NaiveTime>,
}

impl Say {
    pub fn to_text(&self, lang: Lang) -> String {
        match lang {
            Lang::En => en::text(self),
            Lang::Es => es::text(self),
        }
    }
}

/// For the on-call number: no guest text, a reason and a link.
pub fn alert(lang: Lang, hotel: &str, reason: &str, link: &str) -> String {
    match lang {
        Lang::En => en::alert(hotel, reason, link),
        Lang::Es => es::alert(hotel, reason, link),
    }
}

/// What a plan is about, in the guest's language; the hotel's own things keep the name that the guest was told.
pub fn item(plan: &Plan, lang: Lang) -> String {
    match plan {
        Plan::Request { item, .. } | Plan::Order { item, .. } | Plan::Charge { item, .. } => item.clone(),
        Plan::LateCheckout { until, .. } => match lang {
            Lang::En => format!("late check-out until {}", time(*until)),
            Lang::Es => format!("salida tardía hasta las {}", time(*until)),
        },
    }
}

/// What a request is for, where nobody has named the thing.
pub fn service(kind: RequestKind, lang: Lang) -> &'static str {
    match lang {
        Lang::En => en::service(kind),
        Lang::Es => es::service(kind),
    }
}

/// The same with its number: `2 × club sandwich`.
pub fn counted_item(plan: &Plan, lang: Lang) -> String {
    counted(plan.quantity(), &item(plan, lang))
}

/// A sentence begins with a capital, whatever the hotel's list does.
fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn time(time: NaiveTime) -> String {
    time.format("%H:%M").to_string()
}

/// `2 × towels`, or the thing alone.
fn counted(quantity: u32, item: &str) -> String {
    if quantity == 1 { item.to_owned() } else { format!("{quantity} × {item}") }
}

#[cfg(test)]
mod tests;
