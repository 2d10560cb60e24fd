//! Hotels as rows, and the one revision that every change of a hotel's things raises. It must not judge settings.

use super::bell::Bell;
use super::db::{Conn, DbError, One, Tx, sql};
use crate::domain::hotel::{Hotel, HotelSettings};
use crate::domain::ids::PropertyId;
use chrono::{DateTime, Utc};
use sqlx::types::{Json, Uuid};

#[derive(sqlx::FromRow)]
struct HotelRow {
    id: Uuid,
    slug: String,
    name: String,
    zone: String,
    currency: String,
    settings: Json<HotelSettings>,
    revision: i64,
}

impl TryFrom<HotelRow> for Hotel {
    type Error = DbError;
    fn try_from(row: HotelRow) -> Result<Self, DbError> {
        let zone = row.zone.parse().map_err(|_| DbError::Corrupt("properties.zone".to_owned()))?;
        let currency =
            row.currency.parse().map_err(|_| DbError::Corrupt("properties.currency".to_owned()))?;
        Ok(Hotel {
            id: PropertyId(row.id),
            slug: row.slug,
            name: row.name,
            zone,
            currency,
            revision: row.revision,
            settings: row.settings.0,
        })
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT id, slug, name, zone, currency, settings, revision FROM properties ", $rest)
    };
}

pub async fn find(conn: &mut Conn, id: PropertyId) -> Result<Option<Hotel>, DbError> {
    sql!(conn, optional HotelRow, select!("WHERE id = $1"), id.0)?.map(Hotel::try_from).transpose()
}

pub async fn find_by_slug(conn: &mut Conn, slug: &str) -> Result<Option<Hotel>, DbError> {
    sql!(conn, optional HotelRow, select!("WHERE slug = $1"), slug)?.map(Hotel::try_from).transpose()
}

/// Every hotel, by name.
pub async fn list(conn: &mut Conn) -> Result<Vec<Hotel>, DbError> {
    let rows = sql!(conn, all HotelRow, select!("ORDER BY name, id"))?;
    rows.into_iter().map(Hotel::try_from).collect()
}

/// The cheap question whether a copy of the hotel is still the newest.
pub async fn revision(conn: &mut Conn, id: PropertyId) -> Result<Option<i64>, DbError> {
    let row = sql!(conn, optional One<i64>, "SELECT revision FROM properties WHERE id = $1", id.0)?;
    Ok(row.map(|(revision,)| revision))
}

/// The cheap question whether a copy of something of all hotels is still the newest: every change of any gives another
/// answer.
pub async fn stamp(conn: &mut Conn) -> Result<(i64, i64), DbError> {
    sql!(
        conn,
        one(i64, i64),
        "SELECT CAST(COUNT(*) AS BIGINT), CAST(COALESCE(SUM(revision), 0) AS BIGINT) FROM properties"
    )
}

/// Adds the hotel, with its `revision` as it stands; [`DbError::Unique`]: its slug is taken.
pub async fn insert(tx: &mut Tx, hotel: &Hotel, now: DateTime<Utc>) -> Result<(), DbError> {
    sql!(
        tx,
        execute,
        "INSERT INTO properties (id, slug, name, zone, currency, settings, revision, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)",
        hotel.id.0,
        hotel.slug.as_str(),
        hotel.name.as_str(),
        hotel.zone.name(),
        hotel.currency.as_str(),
        Json(&hotel.settings),
        hotel.revision,
        now,
    )?;
    tx.ring(Bell::Property { property: hotel.id });
    Ok(())
}

/// Raises the revision and gives the hotel as it now stands; `None`: there is no such hotel.
///
/// The row stays locked until the unit ends, so that what the caller reads and then writes back is not written by
/// another in between. Every change of a hotel's things begins with this.
pub async fn begin_change(tx: &mut Tx, id: PropertyId, now: DateTime<Utc>) -> Result<Option<Hotel>, DbError> {
    let row = sql!(
        tx,
        optional HotelRow,
        "UPDATE properties SET revision = revision + 1, updated_at = $2 WHERE id = $1
         RETURNING id, slug, name, zone, currency, settings, revision",
        id.0,
        now,
    )?;
    tx.ring(Bell::Property { property: id });
    row.map(Hotel::try_from).transpose()
}

/// Writes back a hotel that [`begin_change`] gave in the same unit. The slug stays: links and webhooks hold it.
pub async fn update(tx: &mut Tx, hotel: &Hotel) -> Result<(), DbError> {
    sql!(
        tx,
        execute,
        "UPDATE properties SET name = $2, zone = $3, currency = $4, settings = $5 WHERE id = $1",
        hotel.id.0,
        hotel.name.as_str(),
        hotel.zone.name(),
        hotel.currency.as_str(),
        Json(&hotel.settings),
    )?;
    Ok(())
}

/// [`begin_change`] for a caller that needs no more of the hotel than that it is there.
pub(super) async fn touch(tx: &mut Tx, id: PropertyId, now: DateTime<Utc>) -> Result<(), DbError> {
    begin_change(tx, id, now).await?.map(drop).ok_or(DbError::ForeignKey)
}
