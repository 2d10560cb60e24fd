//! A hotel and its guests for tests; nothing here names the demo hotel.

pub use super::testing::both;
use super::{Db, hotels, stays};
use crate::clock::Clock;
use crate::domain::hotel::{Hotel, HotelSettings};
use crate::domain::ids::{PropertyId, StayId};
use crate::domain::stay::{Stay, StayState};
use chrono::{DateTime, NaiveDate, Utc};

/// Noon of 10 June 2026, UTC.
pub fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_781_092_800, 0).unwrap()
}

pub fn clock() -> Clock {
    Clock::manual(noon())
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub async fn hotel(db: &Db, clock: &Clock, slug: &str) -> Hotel {
    let hotel = Hotel {
        id: clock.id(),
        slug: slug.to_owned(),
        name: format!("Hotel {slug}"),
        zone: chrono_tz::Europe::Vienna,
        currency: "EUR".parse().unwrap(),
        revision: 1,
        settings: HotelSettings::default(),
    };
    let (row, now) = (hotel.clone(), clock.now());
    db.write(move |tx| Box::pin(async move { hotels::insert(tx, &row, now).await })).await.unwrap();
    hotel
}

/// A stay from 9 to 12 June in room 101.
pub fn stay(clock: &Clock, property: PropertyId, confirmation: &str, state: StayState) -> Stay {
    Stay {
        id: clock.id(),
        property_id: property,
        source: "pms.house".to_owned(),
        external_id: confirmation.to_owned(),
        confirmation: confirmation.to_owned(),
        first_name: "Zoé".to_owned(),
        last_name: "O'Brien".to_owned(),
        phone: Some("+43660111222".to_owned()),
        email: Some("Zoe@Example.com".to_owned()),
        lang: Some("en".to_owned()),
        room: Some("101".to_owned()),
        state,
        arrives_on: day("2026-06-09"),
        departs_on: day("2026-06-12"),
        checkout_until: None,
    }
}

pub async fn put(db: &Db, clock: &Clock, stay: &Stay) -> (StayId, stays::Upserted) {
    let (row, now) = (stay.clone(), clock.now());
    db.write(move |tx| Box::pin(async move { stays::upsert(tx, &row, now).await })).await.unwrap()
}
