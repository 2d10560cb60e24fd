//! The demo hotel: one property with guests, bills, items and facts, made once. Nothing outside this folder names it.

mod book;
#[cfg(test)]
mod tests;

use crate::clock::Clock;
use crate::connectors;
use crate::conversation::first_versions;
use crate::domain::hotel::Hotel;
use crate::domain::ids::PropertyId;
use crate::domain::integration::Integration;
use crate::domain::item::{Fact, Item};
use crate::store::{Db, DbError, Tx, facts, hotels, house_postings, integrations, items, stays};
use book::{Book, Guest};
use chrono::{DateTime, Utc};

/// The demo hotel's name in addresses.
pub const SLUG: &str = "harbour";

/// Why the demo hotel could not be made.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error("the demo's data cannot be read: {0}")]
    Data(String),
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Makes the demo hotel with dates around today, unless it is there already; gives its id.
///
/// All of it is one write unit: a start that was cut off leaves nothing half made.
pub async fn seed(db: &Db, clock: &Clock) -> Result<PropertyId, DemoError> {
    if let Some(hotel) = hotels::find_by_slug(&mut db.read().await?, SLUG).await? {
        return Ok(hotel.id);
    }
    let now = clock.now();
    let hotel = book::hotel(clock)?;
    let today = hotel.today(now);
    let book = Book::read(clock, &hotel, today)?;
    let (clock, id) = (clock.clone(), hotel.id);
    let made = db.write::<_, DbError, _>(move |tx| {
        Box::pin(async move {
            hotels::insert(tx, &hotel, now).await?;
            put_offer(tx, &hotel, &book.items, &book.facts, now).await?;
            put_engine(tx, &clock, &hotel, now).await?;
            put_guests(tx, &hotel, &book.guests, now).await
        })
    });
    match made.await {
        Ok(()) => Ok(id),
        // Another node that started at the same moment made it.
        Err(DbError::Unique) => {
            let other = hotels::find_by_slug(&mut db.read().await?, SLUG).await?;
            other.map(|hotel| hotel.id).ok_or(DemoError::Db(DbError::Unique))
        }
        Err(error) => Err(error.into()),
    }
}

async fn put_offer(
    tx: &mut Tx,
    hotel: &Hotel,
    offered: &[Item],
    known: &[Fact],
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    for item in offered {
        items::insert(tx, hotel.id, item, now).await?;
    }
    for fact in known {
        facts::insert(tx, hotel.id, fact, now).await?;
    }
    Ok(())
}

/// Prompt and rules as a new hotel has them, and the house as its property system. Tools follow their own defaults.
async fn put_engine(tx: &mut Tx, clock: &Clock, hotel: &Hotel, now: DateTime<Utc>) -> Result<(), DbError> {
    first_versions::publish(tx, clock, hotel.id).await?;
    let house = Integration {
        id: clock.id(),
        property_id: hotel.id,
        kind: connectors::DEFAULT_PMS.to_owned(),
        name: "The house".to_owned(),
        config: serde_json::Map::new(),
        enabled: true,
        last_ok_at: None,
        last_error: None,
        created_at: now,
    };
    integrations::insert(tx, &house, None, now).await
}

async fn put_guests(tx: &mut Tx, hotel: &Hotel, guests: &[Guest], now: DateTime<Utc>) -> Result<(), DbError> {
    for guest in guests {
        stays::upsert(tx, &guest.stay, now).await?;
        for posting in &guest.postings {
            house_postings::insert_once(tx, hotel.id, posting).await?;
        }
    }
    Ok(())
}
