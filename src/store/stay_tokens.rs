//! Links that prove one stay: expiring, revocable, kept only as hashes. It must not see a token itself.

use super::db::{Conn, DbError, One, Tx, sql};
use crate::domain::ids::StayId;
use chrono::{DateTime, Utc};
use sqlx::types::Uuid;

/// Keeps the SHA-256 of a token that proves `stay` until `expires_at`.
pub async fn insert(
    tx: &mut Tx,
    token_hash: &[u8],
    stay: StayId,
    expires_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    sql!(
        tx,
        execute,
        "INSERT INTO stay_tokens (token_hash, stay_id, expires_at, created_at) VALUES ($1, $2, $3, $4)",
        token_hash,
        stay.0,
        expires_at,
        now,
    )?;
    Ok(())
}

/// The stay behind a token that is neither expired nor revoked.
pub async fn find_valid(
    conn: &mut Conn,
    token_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<Option<StayId>, DbError> {
    let row = sql!(
        conn,
        optional One<Uuid>,
        "SELECT stay_id FROM stay_tokens WHERE token_hash = $1 AND expires_at > $2 AND revoked_at IS NULL",
        token_hash,
        now,
    )?;
    Ok(row.map(|(id,)| StayId(id)))
}

/// Revokes every token of the stay; gives how many were still valid.
pub async fn revoke_all(tx: &mut Tx, stay: StayId, now: DateTime<Utc>) -> Result<u64, DbError> {
    sql!(
        tx,
        execute,
        "UPDATE stay_tokens SET revoked_at = $2 WHERE stay_id = $1 AND revoked_at IS NULL AND expires_at > $2",
        stay.0,
        now,
    )
}
