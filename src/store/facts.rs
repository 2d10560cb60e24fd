//! What a hotel knows and tells anyone, as rows. It must not search them.

use super::db::{Conn, DbError, Tx, sql};
use super::hotels::touch;
use crate::domain::ids::{FactId, PropertyId};
use crate::domain::item::Fact;
use chrono::{DateTime, Utc};
use sqlx::types::Uuid;

#[derive(sqlx::FromRow)]
struct FactRow {
    id: Uuid,
    title: String,
    body: String,
    lang: String,
}

impl From<FactRow> for Fact {
    fn from(row: FactRow) -> Self {
        Fact { id: FactId(row.id), title: row.title, text: row.body, lang: row.lang }
    }
}

pub async fn find(conn: &mut Conn, property: PropertyId, id: FactId) -> Result<Option<Fact>, DbError> {
    let row = sql!(
        conn,
        optional FactRow,
        "SELECT id, title, body, lang FROM facts WHERE property_id = $1 AND id = $2",
        property.0,
        id.0,
    )?;
    Ok(row.map(Fact::from))
}

/// Every fact of the hotel, oldest first.
pub async fn list(conn: &mut Conn, property: PropertyId) -> Result<Vec<Fact>, DbError> {
    let rows = sql!(
        conn,
        all FactRow,
        "SELECT id, title, body, lang FROM facts WHERE property_id = $1 ORDER BY created_at, id",
        property.0,
    )?;
    Ok(rows.into_iter().map(Fact::from).collect())
}

pub async fn insert(
    tx: &mut Tx,
    property: PropertyId,
    fact: &Fact,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    touch(tx, property, now).await?;
    sql!(
        tx,
        execute,
        "INSERT INTO facts (id, property_id, title, body, lang, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $6)",
        fact.id.0,
        property.0,
        fact.title.as_str(),
        fact.text.as_str(),
        fact.lang.as_str(),
        now,
    )?;
    Ok(())
}

/// False: the hotel has no such fact.
pub async fn update(
    tx: &mut Tx,
    property: PropertyId,
    fact: &Fact,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    touch(tx, property, now).await?;
    let changed = sql!(
        tx,
        execute,
        "UPDATE facts SET title = $3, body = $4, lang = $5, updated_at = $6 WHERE property_id = $1 AND id = $2",
        property.0,
        fact.id.0,
        fact.title.as_str(),
        fact.text.as_str(),
        fact.lang.as_str(),
        now,
    )?;
    Ok(changed > 0)
}

/// False: the hotel has no such fact.
pub async fn delete(
    tx: &mut Tx,
    property: PropertyId,
    id: FactId,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    touch(tx, property, now).await?;
    let gone = sql!(tx, execute, "DELETE FROM facts WHERE property_id = $1 AND id = $2", property.0, id.0)?;
    Ok(gone > 0)
}
