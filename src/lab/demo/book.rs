//! Reads the demo hotel's data files and dates them around today. It must not write anything.

use super::DemoError;
use crate::clock::Clock;
use crate::connectors;
use crate::domain::hotel::{Hotel, HotelSettings};
use crate::domain::ids::StayId;
use crate::domain::item::{Fact, Item, ItemDetails, ItemKind};
use crate::domain::money::Currency;
use crate::domain::stay::{Stay, StayState};
use crate::store::house_postings::HousePosting;
use crate::store::stays::confirmation_key;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;

/// Lisbon's tax per person and night, in cents, and for how many nights it is asked.
const CITY_TAX_MINOR: i64 = 400;
const CITY_TAX_NIGHTS: i64 = 7;

pub(super) struct Book {
    pub items: Vec<Item>,
    pub facts: Vec<Fact>,
    pub guests: Vec<Guest>,
}

pub(super) struct Guest {
    pub stay: Stay,
    pub postings: Vec<HousePosting>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HotelFile {
    slug: String,
    name: String,
    zone: Tz,
    currency: Currency,
    settings: HotelSettings,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemsFile {
    item: Vec<ItemEntry>,
}

#[derive(Deserialize)]
struct ItemEntry {
    kind: ItemKind,
    #[serde(flatten)]
    details: ItemDetails,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FactsFile {
    fact: Vec<FactEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FactEntry {
    title: String,
    text: String,
}

/// `arrives` and `departs` are days from today.
#[derive(Deserialize)]
struct StayLine {
    confirmation: String,
    first_name: String,
    last_name: String,
    phone: Option<String>,
    email: Option<String>,
    lang: String,
    room: Option<String>,
    arrives: i64,
    departs: i64,
    state: StayState,
    guests: i64,
    night_minor: i64,
}

#[derive(Deserialize)]
struct PostingLine {
    confirmation: String,
    days_ago: i64,
    description: String,
    quantity: i64,
    unit_minor: i64,
}

fn toml_file<T: DeserializeOwned>(name: &str, text: &str) -> Result<T, DemoError> {
    toml::from_str(text).map_err(|error| DemoError::Data(format!("{name}: {error}")))
}

fn csv_file<T: DeserializeOwned>(name: &str, text: &str) -> Result<Vec<T>, DemoError> {
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(text.as_bytes());
    let rows: Result<Vec<T>, csv::Error> = reader.deserialize().collect();
    rows.map_err(|error| DemoError::Data(format!("{name}: {error}")))
}

/// The hotel itself, under a new id.
pub(super) fn hotel(clock: &Clock) -> Result<Hotel, DemoError> {
    let file: HotelFile = toml_file("hotel.toml", include_str!("hotel.toml"))?;
    Ok(Hotel {
        id: clock.id(),
        slug: file.slug,
        name: file.name,
        zone: file.zone,
        currency: file.currency,
        revision: 1,
        settings: file.settings,
    })
}

impl Book {
    pub(super) fn read(clock: &Clock, hotel: &Hotel, today: NaiveDate) -> Result<Self, DemoError> {
        let items: ItemsFile = toml_file("items.toml", include_str!("items.toml"))?;
        let item = |entry: ItemEntry| Item {
            id: clock.id(),
            kind: entry.kind,
            details: entry.details,
            active: true,
        };
        let mut facts = Vec::new();
        for (lang, name, text) in [
            ("en", "facts.en.toml", include_str!("facts.en.toml")),
            ("es", "facts.es.toml", include_str!("facts.es.toml")),
        ] {
            let file: FactsFile = toml_file(name, text)?;
            facts.extend(file.fact.into_iter().map(|entry| Fact {
                id: clock.id(),
                title: entry.title,
                text: entry.text,
                lang: lang.to_owned(),
            }));
        }
        let items = items.item.into_iter().map(item).collect();
        Ok(Self { items, facts, guests: guests(clock, hotel, today)? })
    }
}

fn guests(clock: &Clock, hotel: &Hotel, today: NaiveDate) -> Result<Vec<Guest>, DemoError> {
    let mut extras: HashMap<String, Vec<PostingLine>> = HashMap::new();
    for line in csv_file::<PostingLine>("postings.csv", include_str!("postings.csv"))? {
        extras.entry(line.confirmation.clone()).or_default().push(line);
    }
    let lines: Vec<StayLine> = csv_file("stays.csv", include_str!("stays.csv"))?;
    let mut guests = Vec::new();
    for line in lines {
        let extras = extras.remove(&line.confirmation).unwrap_or_default();
        let stay = stay(clock, hotel, today, &line);
        let mut bill = Bill { clock, hotel, today, stay: stay.id, postings: Vec::new() };
        bill.fill(&line, extras);
        guests.push(Guest { stay, postings: bill.postings });
    }
    match extras.keys().next() {
        Some(nobody) => Err(DemoError::Data(format!("postings.csv: {nobody} is not in stays.csv"))),
        None => Ok(guests),
    }
}

fn day(today: NaiveDate, days: i64) -> NaiveDate {
    today + TimeDelta::days(days)
}

fn stay(clock: &Clock, hotel: &Hotel, today: NaiveDate, line: &StayLine) -> Stay {
    Stay {
        id: clock.id(),
        property_id: hotel.id,
        source: connectors::DEFAULT_PMS.to_owned(),
        external_id: confirmation_key(&line.confirmation),
        arrives_on: day(today, line.arrives),
        departs_on: day(today, line.departs),
        confirmation: line.confirmation.clone(),
        first_name: line.first_name.clone(),
        last_name: line.last_name.clone(),
        phone: line.phone.clone(),
        email: line.email.clone(),
        lang: Some(line.lang.clone()),
        room: line.room.clone(),
        state: line.state,
        checkout_until: None,
    }
}

/// One stay's bill as it has come to be until today.
struct Bill<'a> {
    clock: &'a Clock,
    hotel: &'a Hotel,
    today: NaiveDate,
    stay: StayId,
    postings: Vec<HousePosting>,
}

impl Bill<'_> {
    fn fill(&mut self, line: &StayLine, extras: Vec<PostingLine>) {
        if !matches!(line.state, StayState::InHouse | StayState::Left) {
            return;
        }
        for night in 0..line.departs.min(0) - line.arrives {
            let on = day(self.today, line.arrives + night);
            self.post(on, (23, 0), "Room night", 1, line.night_minor);
            if night < CITY_TAX_NIGHTS {
                self.post(on, (23, 1), "City tax", line.guests, CITY_TAX_MINOR);
            }
        }
        for extra in extras {
            let on = day(self.today, -extra.days_ago);
            self.post(on, (18, 0), &extra.description, extra.quantity, extra.unit_minor);
        }
        if line.state == StayState::Left {
            let total: i64 = self.postings.iter().map(|posting| posting.amount.amount_minor).sum();
            self.post(day(self.today, line.departs), (10, 30), "Card payment", 1, -total);
        }
    }

    fn post(
        &mut self,
        on: NaiveDate,
        (hour, minute): (u32, u32),
        description: &str,
        quantity: i64,
        unit_minor: i64,
    ) {
        self.postings.push(HousePosting {
            id: self.clock.id(),
            stay_id: self.stay,
            // Unique in the whole table, as the stay's id is.
            reference: format!("{}:{}", self.stay, self.postings.len() + 1),
            description: description.to_owned(),
            quantity,
            amount: self.hotel.money(unit_minor * quantity),
            posted_at: at(self.hotel.zone, on, hour, minute),
            voided_at: None,
        });
    }
}

/// A time of the hotel's day; one that the change to summer leaves out counts as UTC.
fn at(zone: Tz, on: NaiveDate, hour: u32, minute: u32) -> DateTime<Utc> {
    let local = on.and_time(NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default());
    zone.from_local_datetime(&local)
        .earliest()
        .map_or_else(|| local.and_utc(), |time| time.with_timezone(&Utc))
}
