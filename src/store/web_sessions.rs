//! Web chat sessions: a secret token for one conversation.

use super::db::{Conn, DbError, One, Tx, sql};
use crate::domain::conversation::Status;
use crate::domain::ids::{ConversationId, PropertyId};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// What a token opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebSession {
    pub property_id: PropertyId,
    pub conversation_id: ConversationId,
}

/// A session that was found, with what every request of it asks for: read together, in one statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub session: WebSession,
    /// The hotel's; see [`super::hotel_book::HotelBooks::get`].
    pub revision: i64,
    /// Who answers, and the conversation's newest message.
    pub status: Status,
    pub last_seq: i64,
    /// The conversation's; two letters.
    pub lang: String,
}

#[derive(sqlx::FromRow)]
struct FoundRow {
    property_id: Uuid,
    conversation_id: Uuid,
    revision: i64,
    #[sqlx(try_from = "String")]
    status: Status,
    last_seq: i64,
    lang: String,
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

pub async fn find(conn: &mut Conn, token_hash: &[u8], now: DateTime<Utc>) -> Result<Option<Found>, DbError> {
    let row = sql!(
        conn,
        optional FoundRow,
        "SELECT s.property_id, s.conversation_id, p.revision, c.status, c.last_seq, c.lang FROM web_sessions s \
         JOIN properties p ON p.id = s.property_id JOIN conversations c ON c.id = s.conversation_id \
         WHERE s.token_hash = $1 AND s.expires_at > $2",
        token_hash,
        now
    )?;
    Ok(row.map(|row| Found {
        session: WebSession {
            property_id: row.property_id.into(),
            conversation_id: row.conversation_id.into(),
        },
        revision: row.revision,
        status: row.status,
        last_seq: row.last_seq,
        lang: row.lang,
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
