//! A hotel and its guests for tests; nothing here names the demo hotel.

pub use super::testing::both;
use super::{Db, DbError, conversations, hotels, stays};
use crate::clock::Clock;
use crate::domain::conversation::{Conversation, Floor, Memory};
use crate::domain::hotel::{Hotel, HotelSettings};
use crate::domain::ids::{ConversationId, PropertyId, StayId};
use crate::domain::proof::Proof;
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

/// A conversation in which something was said, found by these words.
pub async fn conversation_found_by(
    db: &Db,
    clock: &Clock,
    hotel: &Hotel,
    words: &'static str,
) -> ConversationId {
    let now = clock.now();
    let conversation = Conversation {
        id: clock.id(),
        property_id: hotel.id,
        guest_id: clock.id(),
        channel: "webchat".to_owned(),
        address: clock.id::<uuid::Uuid>().to_string(),
        lasting_id: None,
        integration_id: None,
        network: None,
        floor: Floor::new(),
        lang: "en".to_owned(),
        stay_id: None,
        proof: Proof::None,
        memory: Memory::default(),
        last_seq: 1,
        guest_seq: 1,
        answered_seq: 1,
        read_seq: 0,
        last_line: String::new(),
        mood: None,
        priority: None,
        reason: None,
        waiting_since: None,
        greeted: true,
        first_unanswered_at: None,
        turn_due_at: None,
        turn_tries: 0,
        lease_token: 0,
        created_at: now,
        active_at: now,
        opted_out: None,
        window_closes_at: None,
        hotel_revision: 0,
    };
    let c = conversation.clone();
    db.write::<_, DbError, _>(move |tx| {
        Box::pin(async move {
            conversations::insert_guest(tx, c.guest_id, c.property_id, &c.channel, &c.address, now).await?;
            conversations::insert(tx, &c, words).await?;
            conversations::update(tx, &c).await
        })
    })
    .await
    .unwrap();
    conversation.id
}
