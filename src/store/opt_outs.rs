//! Addresses that have asked not to be written to.

use super::db::{Conn, DbError, One, Tx, sql};
use crate::domain::ids::PropertyId;
use chrono::{DateTime, Utc};

/// The word by which the address opted out, if it has.
pub async fn find(
    conn: &mut Conn,
    property: PropertyId,
    channel: &str,
    address: &str,
) -> Result<Option<String>, DbError> {
    let row = sql!(
        conn,
        optional One<String>,
        "SELECT word FROM opt_outs WHERE property_id = $1 AND channel = $2 AND address = $3",
        property.0,
        channel,
        address
    )?;
    Ok(row.map(|(word,)| word))
}

pub async fn insert(
    tx: &mut Tx,
    property: PropertyId,
    channel: &str,
    address: &str,
    word: &str,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    sql!(
        tx,
        execute,
        "INSERT INTO opt_outs (property_id, channel, address, word, at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT DO NOTHING",
        property.0,
        channel,
        address,
        word,
        now
    )?;
    Ok(())
}

/// True when it had opted out.
pub async fn delete(
    tx: &mut Tx,
    property: PropertyId,
    channel: &str,
    address: &str,
) -> Result<bool, DbError> {
    let changed = sql!(
        tx,
        execute,
        "DELETE FROM opt_outs WHERE property_id = $1 AND channel = $2 AND address = $3",
        property.0,
        channel,
        address
    )?;
    Ok(changed > 0)
}
