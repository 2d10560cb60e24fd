//! Accounts of outside systems, as rows. Secrets pass through sealed; it must not open them.

use super::db::{Conn, DbError, One, Tx, sql};
use super::hotels::touch;
use super::send_pace;
use crate::domain::ids::{IntegrationId, PropertyId};
use crate::domain::integration::Integration;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use sqlx::types::{Json, Uuid};

#[derive(sqlx::FromRow)]
struct IntegrationRow {
    id: Uuid,
    property_id: Uuid,
    kind: String,
    name: String,
    config: Json<Map<String, Value>>,
    enabled: bool,
    last_ok_at: Option<DateTime<Utc>>,
    last_error: Option<String>,
    created_at: DateTime<Utc>,
}

impl From<IntegrationRow> for Integration {
    fn from(row: IntegrationRow) -> Self {
        Integration {
            id: IntegrationId(row.id),
            property_id: PropertyId(row.property_id),
            kind: row.kind,
            name: row.name,
            config: row.config.0,
            enabled: row.enabled,
            last_ok_at: row.last_ok_at,
            last_error: row.last_error,
            created_at: row.created_at,
        }
    }
}

#[derive(sqlx::FromRow)]
struct SecretsRow {
    sealed_secrets: Option<Vec<u8>>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, property_id, kind, name, config, enabled, last_ok_at, last_error, created_at ",
            "FROM integrations ",
            $rest
        )
    };
}

pub async fn find(
    conn: &mut Conn,
    property: PropertyId,
    id: IntegrationId,
) -> Result<Option<Integration>, DbError> {
    let row = sql!(
        conn,
        optional IntegrationRow,
        select!("WHERE property_id = $1 AND id = $2"),
        property.0,
        id.0,
    )?;
    Ok(row.map(Integration::from))
}

/// The integration of this kind and name, on or off.
pub async fn find_by_name(
    conn: &mut Conn,
    property: PropertyId,
    kind: &str,
    name: &str,
) -> Result<Option<Integration>, DbError> {
    let row = sql!(
        conn,
        optional IntegrationRow,
        select!("WHERE property_id = $1 AND kind = $2 AND name = $3"),
        property.0,
        kind,
        name,
    )?;
    Ok(row.map(Integration::from))
}

/// Every integration of the hotel, oldest first.
pub async fn list(conn: &mut Conn, property: PropertyId) -> Result<Vec<Integration>, DbError> {
    let rows = sql!(conn, all IntegrationRow, select!("WHERE property_id = $1 ORDER BY created_at, id"), property.0)?;
    Ok(rows.into_iter().map(Integration::from).collect())
}

/// The sealed secrets; `None`: no such integration, or none were given.
pub async fn sealed_secrets(
    conn: &mut Conn,
    property: PropertyId,
    id: IntegrationId,
) -> Result<Option<Vec<u8>>, DbError> {
    let row = sql!(
        conn,
        optional SecretsRow,
        "SELECT sealed_secrets FROM integrations WHERE property_id = $1 AND id = $2",
        property.0,
        id.0,
    )?;
    Ok(row.and_then(|row| row.sealed_secrets))
}

/// [`DbError::Unique`]: the hotel has one of this kind and name.
pub async fn insert(
    tx: &mut Tx,
    integration: &Integration,
    sealed_secrets: Option<&[u8]>,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    touch(tx, integration.property_id, now).await?;
    sql!(
        tx,
        execute,
        "INSERT INTO integrations (id, property_id, kind, name, config, sealed_secrets, enabled, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)",
        integration.id.0,
        integration.property_id.0,
        integration.kind.as_str(),
        integration.name.as_str(),
        Json(&integration.config),
        sealed_secrets,
        integration.enabled,
        now,
    )?;
    Ok(())
}

/// Name, config and whether it is on; the kind stays. False: the hotel has no such integration.
pub async fn update(tx: &mut Tx, integration: &Integration, now: DateTime<Utc>) -> Result<bool, DbError> {
    touch(tx, integration.property_id, now).await?;
    let changed = sql!(
        tx,
        execute,
        "UPDATE integrations SET name = $3, config = $4, enabled = $5, updated_at = $6
         WHERE property_id = $1 AND id = $2",
        integration.property_id.0,
        integration.id.0,
        integration.name.as_str(),
        Json(&integration.config),
        integration.enabled,
        now,
    )?;
    Ok(changed > 0)
}

/// Replaces all secrets. False: the hotel has no such integration.
pub async fn set_secrets(
    tx: &mut Tx,
    property: PropertyId,
    id: IntegrationId,
    sealed_secrets: Option<&[u8]>,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    touch(tx, property, now).await?;
    let changed = sql!(
        tx,
        execute,
        "UPDATE integrations SET sealed_secrets = $3, updated_at = $4 WHERE property_id = $1 AND id = $2",
        property.0,
        id.0,
        sealed_secrets,
        now,
    )?;
    Ok(changed > 0)
}

/// False: the hotel has no such integration. [`DbError::ForeignKey`]: conversations came through it; switch it off.
pub async fn delete(
    tx: &mut Tx,
    property: PropertyId,
    id: IntegrationId,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    touch(tx, property, now).await?;
    send_pace::delete(tx, id).await?;
    let gone =
        sql!(tx, execute, "DELETE FROM integrations WHERE property_id = $1 AND id = $2", property.0, id.0)?;
    Ok(gone > 0)
}

/// How the last call went: `Ok`, or what to tell the console. This is no change of the hotel, so no revision.
pub async fn note_health(
    tx: &mut Tx,
    id: IntegrationId,
    outcome: Result<(), &str>,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let (ok_at, error) = match outcome {
        Ok(()) => (Some(now), None),
        Err(why) => (None, Some(why)),
    };
    sql!(
        tx,
        execute,
        "UPDATE integrations SET last_ok_at = COALESCE($2, last_ok_at), last_error = $3 WHERE id = $1",
        id.0,
        ok_at,
        error,
    )?;
    Ok(())
}

/// When it was last changed; `None`: there is none.
pub async fn changed_at(
    conn: &mut Conn,
    property: PropertyId,
    id: IntegrationId,
) -> Result<Option<DateTime<Utc>>, DbError> {
    let row = sql!(
        conn,
        optional One<DateTime<Utc>>,
        "SELECT updated_at FROM integrations WHERE id = $1 AND property_id = $2",
        id.0,
        property.0
    )?;
    Ok(row.map(|(at,)| at))
}
