//! What can be ordered, as rows. It must not look into prices or hours.

use super::db::{Conn, DbError, Tx, sql};
use super::hotels::touch;
use crate::domain::ids::{ItemId, PropertyId};
use crate::domain::item::{Item, ItemDetails, ItemKind};
use chrono::{DateTime, Utc};
use sqlx::types::{Json, Uuid};

#[derive(sqlx::FromRow)]
struct ItemRow {
    id: Uuid,
    #[sqlx(try_from = "String")]
    kind: ItemKind,
    details: Json<ItemDetails>,
    active: bool,
}

impl From<ItemRow> for Item {
    fn from(row: ItemRow) -> Self {
        Item { id: ItemId(row.id), kind: row.kind, details: row.details.0, active: row.active }
    }
}

pub async fn find(conn: &mut Conn, property: PropertyId, id: ItemId) -> Result<Option<Item>, DbError> {
    let row = sql!(
        conn,
        optional ItemRow,
        "SELECT id, kind, details, active FROM items WHERE property_id = $1 AND id = $2",
        property.0,
        id.0,
    )?;
    Ok(row.map(Item::from))
}

/// Every item of the hotel, oldest first.
pub async fn list(conn: &mut Conn, property: PropertyId) -> Result<Vec<Item>, DbError> {
    let rows = sql!(
        conn,
        all ItemRow,
        "SELECT id, kind, details, active FROM items WHERE property_id = $1 ORDER BY created_at, id",
        property.0,
    )?;
    Ok(rows.into_iter().map(Item::from).collect())
}

pub async fn insert(
    tx: &mut Tx,
    property: PropertyId,
    item: &Item,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    touch(tx, property, now).await?;
    sql!(
        tx,
        execute,
        "INSERT INTO items (id, property_id, kind, details, active, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $6)",
        item.id.0,
        property.0,
        item.kind.as_str(),
        Json(&item.details),
        item.active,
        now,
    )?;
    Ok(())
}

/// False: the hotel has no such item.
pub async fn update(
    tx: &mut Tx,
    property: PropertyId,
    item: &Item,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    touch(tx, property, now).await?;
    let changed = sql!(
        tx,
        execute,
        "UPDATE items SET kind = $3, details = $4, active = $5, updated_at = $6 WHERE property_id = $1 AND id = $2",
        property.0,
        item.id.0,
        item.kind.as_str(),
        Json(&item.details),
        item.active,
        now,
    )?;
    Ok(changed > 0)
}

/// False: the hotel has no such item. Orders already made keep what they were made of.
pub async fn delete(
    tx: &mut Tx,
    property: PropertyId,
    id: ItemId,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    touch(tx, property, now).await?;
    let gone = sql!(tx, execute, "DELETE FROM items WHERE property_id = $1 AND id = $2", property.0, id.0)?;
    Ok(gone > 0)
}
