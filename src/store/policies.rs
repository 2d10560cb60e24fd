//! What a hotel allows each tool, as rows; a tool without one follows its own defaults.

use super::db::{Conn, DbError, Tx, sql};
use super::hotels::touch;
use crate::domain::ids::PropertyId;
use crate::domain::tool_policy::ToolPolicy;
use chrono::{DateTime, Utc};
use sqlx::types::Json;
use std::collections::BTreeMap;

/// The hotel's policies by the tool's name.
pub async fn list(conn: &mut Conn, property: PropertyId) -> Result<BTreeMap<String, ToolPolicy>, DbError> {
    let rows = sql!(
        conn,
        all(String, Json<ToolPolicy>),
        "SELECT tool, policy FROM tool_policies WHERE property_id = $1",
        property.0,
    )?;
    Ok(rows.into_iter().map(|(tool, policy)| (tool, policy.0)).collect())
}

/// Sets the policy of one tool, known or new.
pub async fn set(
    tx: &mut Tx,
    property: PropertyId,
    tool: &str,
    policy: &ToolPolicy,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    touch(tx, property, now).await?;
    sql!(
        tx,
        execute,
        "INSERT INTO tool_policies (property_id, tool, policy, updated_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (property_id, tool) DO UPDATE SET policy = excluded.policy, updated_at = excluded.updated_at",
        property.0,
        tool,
        Json(policy),
        now,
    )?;
    Ok(())
}

/// Back to the tool's own defaults; false: it had no policy.
pub async fn delete(
    tx: &mut Tx,
    property: PropertyId,
    tool: &str,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    touch(tx, property, now).await?;
    let gone = sql!(
        tx,
        execute,
        "DELETE FROM tool_policies WHERE property_id = $1 AND tool = $2",
        property.0,
        tool
    )?;
    Ok(gone > 0)
}
