//! What a prompt template may speak of: the hotel, and what changes from turn to turn. It must not hold more of a guest than these.

use crate::domain::hotel::{Hotel, LateCheckout};
use crate::domain::proof::Proof;
use crate::domain::stay::{Stay, StayState};
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use serde::{Deserialize, Serialize};

/// The variables of a prompt template. [`HotelLines`], `policies` and `late_checkout` may stand anywhere; the rest
/// changes from turn to turn and may only stand in `{% block turn %}`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PromptInput {
    pub hotel: HotelLines,
    /// The hotel's rules in words, one sentence each.
    pub policies: Vec<String>,
    /// The late check-out policy in words.
    pub late_checkout: String,
    pub today: Today,
    /// How the guest writes, in words: "web chat", "SMS".
    pub channel: String,
    pub guest: GuestLines,
    /// The stay that has been proved, if any.
    pub stay: Option<StayLines>,
    /// What the guest has shown, in words.
    pub proof: String,
    /// Names of the tools that are offered in this turn.
    pub tools: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct HotelLines {
    pub name: String,
    pub zone: String,
    pub currency: String,
    pub languages: Vec<String>,
    pub reception_phone: String,
    pub emergency_number: String,
    /// In the hotel's first language; empty if there is none.
    pub description: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Today {
    /// In the hotel's zone: `2026-11-20`.
    pub date: String,
    /// In English: `Friday`.
    pub weekday: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct GuestLines {
    pub first_name: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StayLines {
    /// `not yet arrived`, `in house`, `left` or `cancelled`.
    pub state: String,
    pub arrives_on: String,
    pub departs_on: String,
    pub room: Option<String>,
}

/// What a turn adds to what the hotel is.
#[derive(Debug, Clone, Copy)]
pub struct TurnFacts<'a> {
    pub now: DateTime<Utc>,
    /// In words: "web chat".
    pub channel: &'a str,
    pub guest_first_name: Option<&'a str>,
    pub stay: Option<&'a Stay>,
    pub proof: Proof,
    pub tools: &'a [String],
}

/// What the prompts of one hotel differ by.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct PromptKey {
    today: NaiveDate,
    channel: String,
    guest_first_name: Option<String>,
    stay: Option<StayLines>,
    proof: &'static str,
    tools: Vec<String>,
}

impl TurnFacts<'_> {
    pub fn key(&self, hotel: &Hotel) -> PromptKey {
        PromptKey {
            today: hotel.today(self.now),
            channel: self.channel.to_owned(),
            guest_first_name: self.first_name(),
            stay: self.stay.map(stay_lines),
            proof: proof_in_words(self.proof),
            tools: self.tools.to_vec(),
        }
    }

    fn first_name(&self) -> Option<String> {
        let of_stay = self.stay.map(|stay| stay.first_name.as_str());
        of_stay.or(self.guest_first_name).filter(|name| !name.is_empty()).map(plain)
    }
}

impl PromptInput {
    pub fn new(hotel: &Hotel, turn: &TurnFacts<'_>) -> Self {
        let today = hotel.today(turn.now);
        Self {
            hotel: hotel_lines(hotel),
            policies: policies(hotel),
            late_checkout: late_checkout(hotel),
            today: Today { date: today.to_string(), weekday: weekday(today).to_owned() },
            channel: turn.channel.to_owned(),
            guest: GuestLines { first_name: turn.first_name() },
            stay: turn.stay.map(stay_lines),
            proof: proof_in_words(turn.proof).to_owned(),
            tools: turn.tools.to_vec(),
        }
    }
}

/// Names and descriptions come from outside: one line each, and no longer than such a thing is.
fn plain(text: &str) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    one_line.chars().filter(|c| !c.is_control()).take(2_000).collect()
}

fn hotel_lines(hotel: &Hotel) -> HotelLines {
    let settings = &hotel.settings;
    let first = settings.languages.first().map_or("en", String::as_str);
    HotelLines {
        name: plain(&hotel.name),
        zone: hotel.zone.name().to_owned(),
        currency: hotel.currency.to_string(),
        languages: settings.languages.clone(),
        reception_phone: plain(&settings.reception_phone),
        emergency_number: plain(&settings.emergency_number),
        description: hotel.localised(&settings.description, first).map(plain).unwrap_or_default(),
    }
}

fn policies(hotel: &Hotel) -> Vec<String> {
    let settings = &hotel.settings;
    let mut policies = vec![
        "Nothing is charged before the guest has been told the price and has agreed to it.".to_owned(),
        format!("One request or order is for at most {} pieces.", settings.limits.max_quantity),
    ];
    if let Some(hours) = settings.desk_hours {
        policies.push(format!("Staff are at the desk from {} to {}.", clock(hours.from), clock(hours.to)));
    }
    policies
}

fn late_checkout(hotel: &Hotel) -> String {
    let LateCheckout { standard, free_until, paid_until, price_minor } = hotel.settings.late_checkout;
    let mut text = format!("Check-out is until {}.", clock(standard));
    if free_until > standard {
        text.push_str(&format!(" Late check-out is free of charge until {}.", clock(free_until)));
    }
    if paid_until > free_until {
        let price = hotel.money(price_minor);
        text.push_str(&format!(" Until {} it costs {price}.", clock(paid_until)));
    }
    text.push_str(
        " Anything later is for staff to decide. Use request_late_checkout for every wish to leave later.",
    );
    text
}

fn clock(time: NaiveTime) -> String {
    time.format("%H:%M").to_string()
}

fn stay_lines(stay: &Stay) -> StayLines {
    let state = match stay.state {
        StayState::Expected => "not yet arrived",
        StayState::InHouse => "in house",
        StayState::Left => "left",
        StayState::Cancelled => "cancelled",
    };
    StayLines {
        state: state.to_owned(),
        arrives_on: stay.arrives_on.to_string(),
        departs_on: stay.departs_on.to_string(),
        room: stay.room.as_deref().map(plain),
    }
}

fn proof_in_words(proof: Proof) -> &'static str {
    match proof {
        Proof::None => "nothing yet",
        Proof::Address => "writes from an address that the booking names",
        Proof::Reservation => "confirmation number and surname",
        Proof::Token => "a link from the hotel",
    }
}

fn weekday(date: NaiveDate) -> &'static str {
    match date.weekday() {
        Weekday::Mon => "Monday",
        Weekday::Tue => "Tuesday",
        Weekday::Wed => "Wednesday",
        Weekday::Thu => "Thursday",
        Weekday::Fri => "Friday",
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
    }
}

/// Three conversations that every template has to serve, by name: no stay known, a guest in house, one who has left.
pub fn sample_inputs(hotel: &Hotel, now: DateTime<Utc>) -> [(&'static str, PromptInput); 3] {
    let today = hotel.today(now);
    let tools = ["search_facts", "request_service", "hand_off_to_staff"].map(str::to_owned);
    let none = TurnFacts {
        now,
        channel: "web chat",
        guest_first_name: None,
        stay: None,
        proof: Proof::None,
        tools: &tools[..1],
    };
    let with = |state: &str, from: i64, to: i64, room: Option<&str>| {
        let day = |days| (today + TimeDelta::days(days)).to_string();
        let room = room.map(str::to_owned);
        let known = TurnFacts {
            channel: "SMS",
            guest_first_name: Some("Alex"),
            proof: Proof::Address,
            tools: &tools,
            ..none
        };
        let stay = StayLines { state: state.to_owned(), arrives_on: day(from), departs_on: day(to), room };
        PromptInput { stay: Some(stay), ..PromptInput::new(hotel, &known) }
    };
    [
        ("no stay", PromptInput::new(hotel, &none)),
        ("in house", with("in house", -1, 2, Some("101"))),
        ("left", with("left", -4, -1, None)),
    ]
}
