//! Stays as Bellhop knows them, whatever system they come from. It must not decide who may see one.

use super::db::{Conn, DbError, One, Tx, sql};
use crate::domain::ids::{PropertyId, StayId};
use crate::domain::names::fold_name;
use crate::domain::stay::{DAYS_AFTER, Stay, StayState};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use sqlx::types::Uuid;

/// A guest writes about a coming stay this many days ahead at most.
const DAYS_AHEAD: u64 = 60;

#[derive(sqlx::FromRow)]
struct StayRow {
    id: Uuid,
    property_id: Uuid,
    source: String,
    external_id: String,
    confirmation: String,
    first_name: String,
    last_name: String,
    phone: Option<String>,
    email: Option<String>,
    lang: Option<String>,
    room: Option<String>,
    #[sqlx(try_from = "String")]
    state: StayState,
    arrives_on: NaiveDate,
    departs_on: NaiveDate,
    checkout_until: Option<NaiveTime>,
}

impl From<StayRow> for Stay {
    fn from(row: StayRow) -> Self {
        Stay {
            id: StayId(row.id),
            property_id: PropertyId(row.property_id),
            source: row.source,
            external_id: row.external_id,
            confirmation: row.confirmation,
            first_name: row.first_name,
            last_name: row.last_name,
            phone: row.phone,
            email: row.email,
            lang: row.lang,
            room: row.room,
            state: row.state,
            arrives_on: row.arrives_on,
            departs_on: row.departs_on,
            checkout_until: row.checkout_until,
        }
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, property_id, source, external_id, confirmation, first_name, last_name, phone, email, lang, ",
            "room, state, arrives_on, departs_on, checkout_until FROM stays ",
            $rest
        )
    };
}

fn all(rows: Vec<StayRow>) -> Vec<Stay> {
    rows.into_iter().map(Stay::from).collect()
}

/// The form in which a confirmation number is compared: upper-case letters and digits only.
pub fn confirmation_key(confirmation: &str) -> String {
    let folded = crate::domain::words::fold(confirmation).to_uppercase();
    folded.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// The first name stands twice, so that both orders of a name are found by a pattern of words in order.
fn search_line(stay: &Stay) -> String {
    let first = fold_name(&stay.first_name);
    let last = fold_name(&stay.last_name);
    let room = stay.room.as_deref().map(fold_name).unwrap_or_default();
    format!("{first} {last} {first} {room} {}", confirmation_key(&stay.confirmation).to_lowercase())
}

pub async fn find(conn: &mut Conn, id: StayId) -> Result<Option<Stay>, DbError> {
    Ok(sql!(conn, optional StayRow, select!("WHERE id = $1"), id.0)?.map(Stay::from))
}

/// The stay that an outside system knows by this key.
pub async fn find_external(
    conn: &mut Conn,
    property: PropertyId,
    source: &str,
    external_id: &str,
) -> Result<Option<Stay>, DbError> {
    let row = sql!(
        conn,
        optional StayRow,
        select!("WHERE property_id = $1 AND source = $2 AND external_id = $3"),
        property.0,
        source,
        external_id,
    )?;
    Ok(row.map(Stay::from))
}

/// Every stay under this confirmation number, however it is written; a group may share one.
pub async fn by_confirmation(
    conn: &mut Conn,
    property: PropertyId,
    confirmation: &str,
) -> Result<Vec<Stay>, DbError> {
    let key = confirmation_key(confirmation);
    if key.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sql!(
        conn,
        all StayRow,
        select!("WHERE property_id = $1 AND confirmation_key = $2 ORDER BY arrives_on DESC, id LIMIT 50"),
        property.0,
        key,
    )?;
    Ok(all(rows))
}

/// Stays with this E.164 number that matter on the hotel's day `today`: expected within 60 days, in house, or over
/// for 14 days at most, whether the guest left or never came.
pub async fn by_phone(
    conn: &mut Conn,
    property: PropertyId,
    phone: &str,
    today: NaiveDate,
) -> Result<Vec<Stay>, DbError> {
    let rows = sql!(
        conn,
        all StayRow,
        select!(
            "WHERE property_id = $1 AND phone = $2
             AND (state = 'in_house' OR (state IN ('expected', 'left') AND arrives_on <= $3 AND departs_on >= $4))
             ORDER BY arrives_on, id LIMIT 50"
        ),
        property.0,
        phone,
        today + Days::new(DAYS_AHEAD),
        today - Days::new(DAYS_AFTER),
    )?;
    Ok(all(rows))
}

/// As [`by_phone`], by mail address in any case.
pub async fn by_email(
    conn: &mut Conn,
    property: PropertyId,
    email: &str,
    today: NaiveDate,
) -> Result<Vec<Stay>, DbError> {
    let rows = sql!(
        conn,
        all StayRow,
        select!(
            "WHERE property_id = $1 AND email = $2
             AND (state = 'in_house' OR (state IN ('expected', 'left') AND arrives_on <= $3 AND departs_on >= $4))
             ORDER BY arrives_on, id LIMIT 50"
        ),
        property.0,
        email.trim().to_lowercase(),
        today + Days::new(DAYS_AHEAD),
        today - Days::new(DAYS_AFTER),
    )?;
    Ok(all(rows))
}

/// Where a page of [`search`] goes on: the last stay of the page before.
pub type After = (NaiveDate, StayId);

/// Stays whose guest, room or confirmation number has the words of `query` in this order (empty: all), latest arrival
/// first.
pub async fn search(
    conn: &mut Conn,
    property: PropertyId,
    query: &str,
    after: Option<After>,
    limit: u32,
) -> Result<Vec<Stay>, DbError> {
    // Folding leaves letters, digits and spaces: nothing that a pattern would read as its own.
    let pattern = format!("%{}%", fold_name(query).replace(' ', "%"));
    let (arrives_on, id) = after.map(|(on, id)| (on, id.0)).unzip();
    let rows = sql!(
        conn,
        all StayRow,
        select!(
            "WHERE property_id = $1 AND search LIKE $2
             AND ($3 IS NULL OR arrives_on < $3 OR (arrives_on = $3 AND id < $4))
             ORDER BY arrives_on DESC, id DESC LIMIT $5"
        ),
        property.0,
        pattern,
        arrives_on,
        id,
        i64::from(limit),
    )?;
    Ok(all(rows))
}

/// Whether somebody else is to move into the stay's room on that day. A stay without a room holds none.
pub async fn room_is_let_again(conn: &mut Conn, stay: &Stay, on: NaiveDate) -> Result<bool, DbError> {
    let row = sql!(
        conn,
        optional One<i64>,
        "SELECT CAST(1 AS BIGINT) FROM stays WHERE property_id = $1 AND room = $2 AND arrives_on = $3 AND id <> $4
         AND state IN ('expected', 'in_house') LIMIT 1",
        stay.property_id.0,
        stay.room.as_deref(),
        on,
        stay.id.0,
    )?;
    Ok(row.is_some())
}

/// What an [`upsert`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Upserted {
    Inserted,
    Changed,
    Unchanged,
}

/// Writes what a system tells of a stay under (property, source, external id); gives its id, which stays the same for
/// ever. A departure time already agreed to is kept unless the system names another.
pub async fn upsert(tx: &mut Tx, stay: &Stay, now: DateTime<Utc>) -> Result<(StayId, Upserted), DbError> {
    let known = find_external(tx, stay.property_id, &stay.source, &stay.external_id).await?;
    let stay = &Stay { email: stay.email.as_deref().map(str::to_lowercase), ..stay.clone() };
    if let Some(known) = &known {
        let checkout_until = stay.checkout_until.or(known.checkout_until);
        if *known == (Stay { id: known.id, checkout_until, ..stay.clone() }) {
            return Ok((known.id, Upserted::Unchanged));
        }
    }
    let (id,) = sql!(
        tx,
        one One<Uuid>,
        "INSERT INTO stays (id, property_id, source, external_id, confirmation_key, confirmation, first_name, last_name,
             phone, email, lang, room, state, arrives_on, departs_on, checkout_until, search, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $18)
         ON CONFLICT (property_id, source, external_id) DO UPDATE SET
             confirmation_key = excluded.confirmation_key, confirmation = excluded.confirmation,
             first_name = excluded.first_name, last_name = excluded.last_name, phone = excluded.phone,
             email = excluded.email, lang = excluded.lang, room = excluded.room, state = excluded.state,
             arrives_on = excluded.arrives_on, departs_on = excluded.departs_on,
             checkout_until = COALESCE(excluded.checkout_until, stays.checkout_until),
             search = excluded.search, updated_at = excluded.updated_at
         RETURNING id",
        stay.id.0,
        stay.property_id.0,
        stay.source.as_str(),
        stay.external_id.as_str(),
        confirmation_key(&stay.confirmation),
        stay.confirmation.as_str(),
        stay.first_name.as_str(),
        stay.last_name.as_str(),
        stay.phone.as_deref(),
        stay.email.as_deref(),
        stay.lang.as_deref(),
        stay.room.as_deref(),
        stay.state.as_str(),
        stay.arrives_on,
        stay.departs_on,
        stay.checkout_until,
        search_line(stay),
        now,
    )?;
    Ok((StayId(id), if known.is_some() { Upserted::Changed } else { Upserted::Inserted }))
}

/// The departure time that the hotel has agreed to; false: there is no such stay.
pub async fn set_checkout(
    tx: &mut Tx,
    id: StayId,
    until: Option<NaiveTime>,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let changed = sql!(
        tx,
        execute,
        "UPDATE stays SET checkout_until = $2, updated_at = $3 WHERE id = $1",
        id.0,
        until,
        now,
    )?;
    Ok(changed > 0)
}

/// Moves a guest in, out or to another room; false: there is no such stay.
pub async fn set_room_and_state(
    tx: &mut Tx,
    id: StayId,
    room: Option<&str>,
    state: StayState,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let Some(stay) = find(tx, id).await? else { return Ok(false) };
    let stay = Stay { room: room.map(str::to_owned), state, ..stay };
    let changed = sql!(
        tx,
        execute,
        "UPDATE stays SET room = $2, state = $3, search = $4, updated_at = $5 WHERE id = $1",
        id.0,
        room,
        state.as_str(),
        search_line(&stay),
        now,
    )?;
    Ok(changed > 0)
}

#[cfg(test)]
#[path = "stays_tests.rs"]
mod tests;
