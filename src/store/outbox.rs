//! The outbox: every text that a vendor has to carry, one row each, until its fate is known.

use super::db::{Conn, DbError, One, Tx, sql};
use super::messages;
use crate::domain::ids::{ConversationId, EscalationId, IntegrationId, MessageId, OutboxId, PropertyId};
use crate::domain::message::{Delivery, SendState, Voice};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use uuid::Uuid;

/// What is sent. Stored; old forms stay readable.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "v")]
pub enum Payload {
    #[serde(rename = "1")]
    Text { text: String },
}

#[derive(Debug, Clone, PartialEq)]
pub struct OutboxRow {
    pub id: OutboxId,
    pub property_id: PropertyId,
    pub conversation_id: Option<ConversationId>,
    pub message_id: Option<MessageId>,
    pub escalation_id: Option<EscalationId>,
    pub channel: String,
    pub integration_id: Option<IntegrationId>,
    pub address: String,
    pub voice: Voice,
    pub payload: Payload,
    pub epoch: i64,
    pub state: SendState,
    pub tries: i64,
    pub lease_token: i64,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    property_id: Uuid,
    conversation_id: Option<Uuid>,
    message_id: Option<Uuid>,
    escalation_id: Option<Uuid>,
    channel: String,
    integration_id: Option<Uuid>,
    address: String,
    #[sqlx(try_from = "String")]
    voice: Voice,
    payload: Json<Payload>,
    epoch: i64,
    #[sqlx(try_from = "String")]
    state: SendState,
    tries: i64,
    lease_token: i64,
}

impl From<Row> for OutboxRow {
    fn from(row: Row) -> Self {
        OutboxRow {
            id: row.id.into(),
            property_id: row.property_id.into(),
            conversation_id: row.conversation_id.map(ConversationId),
            message_id: row.message_id.map(MessageId),
            escalation_id: row.escalation_id.map(EscalationId),
            channel: row.channel,
            integration_id: row.integration_id.map(IntegrationId),
            address: row.address,
            voice: row.voice,
            payload: row.payload.0,
            epoch: row.epoch,
            state: row.state,
            tries: row.tries,
            lease_token: row.lease_token,
        }
    }
}

macro_rules! columns {
    () => {
        "id, property_id, conversation_id, message_id, escalation_id, channel, integration_id, address, voice, \
         payload, epoch, state, tries, lease_token"
    };
}

pub async fn insert(tx: &mut Tx, row: &OutboxRow, now: DateTime<Utc>) -> Result<(), DbError> {
    sql!(
        tx,
        execute,
        "INSERT INTO outbox (id, property_id, conversation_id, message_id, escalation_id, channel, integration_id, \
         address, voice, payload, epoch, state, tries, due_at, lease_token, lease_until, vendor_id, last_error, \
         created_at, sent_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'queued', 0, $12, 0, NULL, NULL, \
         NULL, $12, NULL)",
        row.id.0,
        row.property_id.0,
        row.conversation_id.map(|id| id.0),
        row.message_id.map(|id| id.0),
        row.escalation_id.map(|id| id.0),
        &row.channel,
        row.integration_id.map(|id| id.0),
        &row.address,
        row.voice.as_str(),
        Json(&row.payload),
        row.epoch,
        now,
    )?;
    Ok(())
}

/// Claims what is due for sending: oldest first within a conversation, and a bot's row only under its own epoch.
pub async fn claim_due(
    tx: &mut Tx,
    now: DateTime<Utc>,
    lease: TimeDelta,
    limit: i64,
) -> Result<Vec<OutboxRow>, DbError> {
    // SKIP LOCKED lets several dispatchers claim at once; SQLite has one writer.
    let text = tx.pick(
        concat!(
            "UPDATE outbox SET state = 'sending', tries = tries + 1, lease_token = lease_token + 1, lease_until = $2 \
             WHERE id IN (SELECT o.id FROM outbox o WHERE o.due_at <= $1 AND o.state = 'queued' AND (o.voice <> 'bot' \
             OR o.epoch = (SELECT c.epoch FROM conversations c WHERE c.id = o.conversation_id)) AND NOT EXISTS \
             (SELECT 1 FROM outbox e WHERE e.conversation_id = o.conversation_id AND e.due_at IS NOT NULL AND \
             (e.created_at, e.id) < (o.created_at, o.id)) ORDER BY o.due_at LIMIT $3) RETURNING ",
            columns!()
        ),
        concat!(
            "UPDATE outbox SET state = 'sending', tries = tries + 1, lease_token = lease_token + 1, lease_until = $2 \
             WHERE id IN (SELECT o.id FROM outbox o WHERE o.due_at <= $1 AND o.state = 'queued' AND (o.voice <> 'bot' \
             OR o.epoch = (SELECT c.epoch FROM conversations c WHERE c.id = o.conversation_id)) AND NOT EXISTS \
             (SELECT 1 FROM outbox e WHERE e.conversation_id = o.conversation_id AND e.due_at IS NOT NULL AND \
             (e.created_at, e.id) < (o.created_at, o.id)) ORDER BY o.due_at LIMIT $3 FOR UPDATE SKIP LOCKED) RETURNING ",
            columns!()
        ),
    );
    let rows = sql!(tx, all Row, text, now, now + lease, limit)?;
    Ok(rows.into_iter().map(OutboxRow::from).collect())
}

/// Rows whose dispatcher vanished in the middle of a sending; a lease from a clock that ran ahead holds nobody up.
pub async fn list_lost(
    conn: &mut Conn,
    now: DateTime<Utc>,
    lease: TimeDelta,
    limit: i64,
) -> Result<Vec<OutboxRow>, DbError> {
    let text = concat!(
        "SELECT ",
        columns!(),
        " FROM outbox WHERE state = 'sending' AND due_at IS NOT NULL AND (lease_until < $1 OR lease_until > $2) LIMIT $3"
    );
    let rows = sql!(conn, all Row, text, now, now + lease + lease, limit)?;
    Ok(rows.into_iter().map(OutboxRow::from).collect())
}

/// What became of a sending.
#[derive(Debug, Clone, Copy)]
pub struct Fate<'a> {
    pub state: SendState,
    /// For `queued`: when it is tried again.
    pub due_at: Option<DateTime<Utc>>,
    pub vendor_id: Option<&'a str>,
    pub error: Option<&'a str>,
}

/// False when the lease is no longer the caller's.
pub async fn settle(
    tx: &mut Tx,
    row: &OutboxRow,
    fate: Fate<'_>,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let sent_at = (fate.state == SendState::Sent).then_some(now);
    let changed = sql!(
        tx,
        execute,
        "UPDATE outbox SET state = $3, due_at = $4, vendor_id = $5, last_error = $6, sent_at = $7, lease_until = NULL \
         WHERE id = $1 AND lease_token = $2 AND state = 'sending'",
        row.id.0,
        row.lease_token,
        fate.state.as_str(),
        fate.due_at,
        fate.vendor_id,
        fate.error,
        sent_at,
    )?;
    Ok(changed == 1)
}

/// Staff have the floor, or are called at once: what the bot has said and no dispatcher holds yet is taken back, in the
/// unit that raises the epoch. Nothing of an older epoch may stay queued: it would hold up whatever comes after it.
pub async fn silence_bot(tx: &mut Tx, conversation: ConversationId, why: &str) -> Result<usize, DbError> {
    let rows = sql!(
        tx,
        all One<Option<Uuid>>,
        "UPDATE outbox SET state = 'cancelled', due_at = NULL WHERE conversation_id = $1 AND voice = 'bot' AND \
         state = 'queued' RETURNING message_id",
        conversation.0
    )?;
    for (message,) in &rows {
        if let Some(message) = message {
            messages::advance(tx, MessageId(*message), Delivery::Cancelled, Some(why)).await?;
        }
    }
    Ok(rows.len())
}

/// Everything queued to an address that has opted out.
pub async fn cancel_all(tx: &mut Tx, conversation: ConversationId) -> Result<Vec<MessageId>, DbError> {
    let rows = sql!(
        tx,
        all One<Option<Uuid>>,
        "UPDATE outbox SET state = 'cancelled', due_at = NULL WHERE conversation_id = $1 AND state = 'queued' \
         RETURNING message_id",
        conversation.0
    )?;
    Ok(rows.into_iter().filter_map(|(id,)| id.map(MessageId)).collect())
}

/// The message and conversation that a vendor's receipt speaks of.
pub async fn find_by_vendor_id(
    conn: &mut Conn,
    integration: IntegrationId,
    vendor_id: &str,
) -> Result<Option<OutboxRow>, DbError> {
    let text = concat!("SELECT ", columns!(), " FROM outbox WHERE integration_id = $1 AND vendor_id = $2");
    Ok(sql!(conn, optional Row, text, integration.0, vendor_id)?.map(OutboxRow::from))
}

/// The latest row of a message.
pub async fn find_by_message(conn: &mut Conn, message: MessageId) -> Result<Option<OutboxRow>, DbError> {
    let text = concat!(
        "SELECT ",
        columns!(),
        " FROM outbox WHERE message_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1"
    );
    Ok(sql!(conn, optional Row, text, message.0)?.map(OutboxRow::from))
}

/// Rows that still wait or are being sent.
pub async fn count_due(conn: &mut Conn) -> Result<i64, DbError> {
    let (count,) =
        sql!(conn, one One<i64>, "SELECT CAST(COUNT(*) AS BIGINT) FROM outbox WHERE due_at IS NOT NULL")?;
    Ok(count)
}

/// When the next row is due.
pub async fn next_due_at(conn: &mut Conn) -> Result<Option<DateTime<Utc>>, DbError> {
    let row = sql!(
        conn,
        optional One<DateTime<Utc>>,
        "SELECT due_at FROM outbox WHERE due_at IS NOT NULL AND state = 'queued' ORDER BY due_at LIMIT 1"
    )?;
    Ok(row.map(|(at,)| at))
}

pub async fn find(conn: &mut Conn, id: OutboxId) -> Result<Option<OutboxRow>, DbError> {
    let text = concat!("SELECT ", columns!(), " FROM outbox WHERE id = $1");
    Ok(sql!(conn, optional Row, text, id.0)?.map(OutboxRow::from))
}

/// When a message was first sent; `None`: it has not been.
pub async fn sent_at(conn: &mut Conn, message: MessageId) -> Result<Option<DateTime<Utc>>, DbError> {
    let row = sql!(
        conn,
        optional One<DateTime<Utc>>,
        "SELECT sent_at FROM outbox WHERE message_id = $1 AND sent_at IS NOT NULL ORDER BY sent_at LIMIT 1",
        message.0
    )?;
    Ok(row.map(|(at,)| at))
}

/// A receipt proves that a row of unknown fate, or one that is still being sent, was sent.
pub async fn set_known(
    tx: &mut Tx,
    row: &OutboxRow,
    vendor_id: &str,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    sql!(
        tx,
        execute,
        "UPDATE outbox SET state = 'sent', vendor_id = $2, last_error = NULL, sent_at = $3, due_at = NULL, \
         lease_until = NULL WHERE id = $1 AND state IN ('unknown', 'sending')",
        row.id.0,
        vendor_id,
        now
    )?;
    Ok(())
}
