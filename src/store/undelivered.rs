//! What did not get through, or nobody knows whether it did: rows of the outbox that wait for a person. Nothing is sent
//! from here.

use super::db::{Conn, DbError, One, Tx, sql};
use crate::domain::ids::{ConversationId, MessageId, OutboxId, PropertyId};
use crate::domain::message::{SendState, Voice};
use crate::store::outbox::Payload;
use chrono::{DateTime, Utc};
use sqlx::types::Json;
use uuid::Uuid;

/// One of them, as people need it.
#[derive(Debug, Clone, PartialEq)]
pub struct Undelivered {
    pub id: OutboxId,
    /// `None`: an alert to staff themselves.
    pub conversation: Option<ConversationId>,
    pub message: Option<MessageId>,
    pub guest_name: Option<String>,
    pub channel: String,
    pub address: String,
    pub voice: Voice,
    pub payload: Payload,
    pub state: SendState,
    pub why: Option<String>,
    pub tries: i64,
    pub created_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    conversation_id: Option<Uuid>,
    message_id: Option<Uuid>,
    guest_name: Option<String>,
    channel: String,
    address: String,
    #[sqlx(try_from = "String")]
    voice: Voice,
    payload: Json<Payload>,
    #[sqlx(try_from = "String")]
    state: SendState,
    last_error: Option<String>,
    tries: i64,
    created_at: DateTime<Utc>,
}

/// Oldest first, after the keyset `(created_at, id)`; without those about which the vendor is still being asked.
pub async fn list(
    conn: &mut Conn,
    property: PropertyId,
    after: (DateTime<Utc>, Uuid),
    limit: i64,
) -> Result<Vec<Undelivered>, DbError> {
    let rows = sql!(
        conn,
        all Row,
        "SELECT o.id, o.conversation_id, o.message_id, (SELECT g.name FROM conversations c JOIN guests g ON g.id = \
         c.guest_id WHERE c.id = o.conversation_id) AS guest_name, o.channel, o.address, o.voice, o.payload, o.state, \
         o.last_error, o.tries, o.created_at FROM outbox o WHERE o.property_id = $1 AND o.state IN ('failed', \
         'unknown') AND o.closed_at IS NULL AND o.due_at IS NULL AND (o.created_at, o.id) > ($2, $3) \
         ORDER BY o.created_at, o.id LIMIT $4",
        property.0,
        after.0,
        after.1,
        limit
    )?;
    let read = |row: Row| Undelivered {
        id: row.id.into(),
        conversation: row.conversation_id.map(ConversationId),
        message: row.message_id.map(MessageId),
        guest_name: row.guest_name,
        channel: row.channel,
        address: row.address,
        voice: row.voice,
        payload: row.payload.0,
        state: row.state,
        why: row.last_error,
        tries: row.tries,
        created_at: row.created_at,
    };
    Ok(rows.into_iter().map(read).collect())
}

/// A person has dealt with it; false: somebody had before, or it is not theirs to deal with yet.
pub async fn close(tx: &mut Tx, id: OutboxId, now: DateTime<Utc>) -> Result<bool, DbError> {
    let changed = sql!(
        tx,
        execute,
        "UPDATE outbox SET closed_at = $2 WHERE id = $1 AND state IN ('failed', 'unknown') AND due_at IS NULL AND \
         closed_at IS NULL",
        id.0,
        now
    )?;
    Ok(changed == 1)
}

/// The same for all rows of a message.
pub async fn close_of_message(tx: &mut Tx, message: MessageId, now: DateTime<Utc>) -> Result<(), DbError> {
    sql!(
        tx,
        execute,
        "UPDATE outbox SET closed_at = $2 WHERE message_id = $1 AND state IN ('failed', 'unknown') AND due_at IS NULL \
         AND closed_at IS NULL",
        message.0,
        now
    )?;
    Ok(())
}

/// Whether the vendor is still being asked what became of the message.
pub async fn is_being_asked(conn: &mut Conn, message: MessageId) -> Result<bool, DbError> {
    let row = sql!(
        conn,
        optional One<Uuid>,
        "SELECT id FROM outbox WHERE message_id = $1 AND state = 'unknown' AND due_at IS NOT NULL LIMIT 1",
        message.0
    )?;
    Ok(row.is_some())
}
