//! Web chat sessions: a secret token for one conversation.

use super::db::{Conn, DbError, One, Tx, sql};
use crate::domain::ids::{ConversationId, PropertyId};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// What a token opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebSession {
    pub property_id: PropertyId,
    pub conversation_id: ConversationId,
}

pub async fn insert(
    tx: &mut Tx,
    token_hash: &[u8],
    session: &WebSession,
    network: &str,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<(), DbError> {
    sql!(
        tx,
        execute,
        "INSERT INTO web_sessions (token_hash, property_id, conversation_id, network, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        token_hash,
        session.property_id.0,
        session.conversation_id.0,
        network,
        now,
        expires_at
    )?;
    Ok(())
}

pub async fn find(
    conn: &mut Conn,
    token_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<Option<WebSession>, DbError> {
    let row = sql!(
        conn,
        optional(Uuid, Uuid),
        "SELECT property_id, conversation_id FROM web_sessions WHERE token_hash = $1 AND expires_at > $2",
        token_hash,
        now
    )?;
    Ok(row.map(|(property, conversation)| WebSession {
        property_id: property.into(),
        conversation_id: conversation.into(),
    }))
}

/// When a network address opened its `nth` latest session, counted from 1; `None`: it has not opened so many.
pub async fn opened_at(conn: &mut Conn, network: &str, nth: u32) -> Result<Option<DateTime<Utc>>, DbError> {
    let row = sql!(
        conn,
        optional One<DateTime<Utc>>,
        "SELECT created_at FROM web_sessions WHERE network = $1 ORDER BY created_at DESC LIMIT 1 OFFSET $2",
        network,
        i64::from(nth) - 1
    )?;
    Ok(row.map(|(at,)| at))
}
