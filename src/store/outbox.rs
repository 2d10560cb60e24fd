//! The outbox: every text that a vendor has to carry, one row each, until its fate is known.

use super::db::{Conn, DbError, One, Tx, sql};
use super::{messages, send_pace};
use crate::domain::choices::Choices;
use crate::domain::ids::{ConversationId, EscalationId, IntegrationId, MessageId, OutboxId, PropertyId};
use crate::domain::message::{Delivery, SendState, Voice};
use crate::domain::template::Filled;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use uuid::Uuid;

/// What is sent. Stored; old forms stay readable.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "v")]
pub enum Payload {
    #[serde(rename = "1")]
    Text {
        text: String,
        #[serde(default, skip_serializing_if = "Choices::is_empty")]
        choices: Choices,
    },
    /// An approved text; `text` is what the guest reads.
    #[serde(rename = "2")]
    Template { template: Filled, text: String },
}

impl Payload {
    /// What the guest reads.
    pub fn text(&self) -> &str {
        match self {
            Payload::Text { text, .. } | Payload::Template { text, .. } => text,
        }
    }
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
    /// When the latest sending began.
    pub tried_at: Option<DateTime<Utc>>,
    /// How often the vendor was asked what became of it.
    pub looks: i64,
    pub lease_token: i64,
    pub lease_until: Option<DateTime<Utc>>,
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
    tried_at: Option<DateTime<Utc>>,
    looks: i64,
    lease_token: i64,
    lease_until: Option<DateTime<Utc>>,
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
            tried_at: row.tried_at,
            looks: row.looks,
            lease_token: row.lease_token,
            lease_until: row.lease_until,
        }
    }
}

macro_rules! columns {
    () => {
        "id, property_id, conversation_id, message_id, escalation_id, channel, integration_id, address, voice, \
         payload, epoch, state, tries, tried_at, looks, lease_token, lease_until"
    };
}

/// Written at `now`, to be sent from `due` on.
pub async fn insert(
    tx: &mut Tx,
    row: &OutboxRow,
    now: DateTime<Utc>,
    due: DateTime<Utc>,
) -> Result<(), DbError> {
    let place = place(tx, row, now).await?;
    sql!(
        tx,
        later,
        "INSERT INTO outbox (id, property_id, conversation_id, message_id, escalation_id, channel, integration_id, \
         address, voice, payload, epoch, state, tries, due_at, lease_token, lease_until, vendor_id, last_error, \
         created_at, sent_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'queued', 0, $12, 0, NULL, NULL, \
         NULL, $13, NULL)",
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
        due,
        place,
    )
}

/// When it was written, as the order of its conversation has it: behind everything that waits there, although the clock
/// may have been set back since.
async fn place(tx: &mut Tx, row: &OutboxRow, now: DateTime<Utc>) -> Result<DateTime<Utc>, DbError> {
    let Some(conversation) = row.conversation_id else { return Ok(now) };
    let last = sql!(
        tx,
        optional One<DateTime<Utc>>,
        "SELECT created_at FROM outbox WHERE conversation_id = $1 AND due_at IS NOT NULL ORDER BY created_at DESC \
         LIMIT 1",
        conversation.0
    )?;
    Ok(last.map_or(now, |(last,)| now.max(last + TimeDelta::microseconds(1))))
}

/// What may be sent: a bot's row only under its own epoch, and the first of its conversation. A row of unknown fate
/// holds up only its own voice: staff need not wait until the vendor has told what became of the bot's words. Words for
/// an emergency wait for nothing.
macro_rules! sendable {
    () => {
        "o.state = 'queued' AND (o.voice <> 'bot' OR o.epoch = (SELECT c.epoch FROM conversations c WHERE c.id = \
         o.conversation_id)) AND (o.voice = 'emergency' OR NOT EXISTS (SELECT 1 FROM outbox e WHERE e.conversation_id = \
         o.conversation_id AND e.due_at IS NOT NULL AND (e.created_at, e.id) < (o.created_at, o.id) AND (e.state <> \
         'unknown' OR e.voice = o.voice)))"
    };
}

macro_rules! claim {
    ($which:literal, $lock:literal) => {
        concat!(
            "UPDATE outbox SET state = 'sending', tries = tries + 1, tried_at = $1, lease_token = lease_token + 1, \
             lease_until = $2 WHERE id IN (SELECT o.id FROM outbox o WHERE ",
            $which,
            " AND o.due_at <= $1 AND ",
            sendable!(),
            " ORDER BY o.due_at, o.created_at, o.id LIMIT $3",
            $lock,
            ") RETURNING ",
            columns!()
        )
    };
}

/// Claims what is due for sending, oldest first, `limit` at most: of accounts with a pace as many as their pace allows,
/// of the others all. All of it in this unit, so that several nodes keep one pace.
pub async fn claim_due(
    tx: &mut Tx,
    now: DateTime<Utc>,
    lease: TimeDelta,
    limit: i64,
) -> Result<Vec<OutboxRow>, DbError> {
    // SKIP LOCKED lets several dispatchers claim at once; SQLite has one writer.
    let (free, paced) = (
        tx.pick(
            claim!("NOT EXISTS (SELECT 1 FROM send_pace p WHERE p.integration_id = o.integration_id)", ""),
            claim!(
                "NOT EXISTS (SELECT 1 FROM send_pace p WHERE p.integration_id = o.integration_id)",
                " FOR UPDATE SKIP LOCKED"
            ),
        ),
        tx.pick(
            claim!("o.integration_id = $4", ""),
            claim!("o.integration_id = $4", " FOR UPDATE SKIP LOCKED"),
        ),
    );
    // What cannot wait takes an account's places first, however long its queue is.
    let urgent = tx.pick(
        claim!("o.integration_id = $4 AND o.voice IN ('emergency', 'alert')", ""),
        claim!("o.integration_id = $4 AND o.voice IN ('emergency', 'alert')", " FOR UPDATE SKIP LOCKED"),
    );
    let (until, mut rows) = (now + lease, Vec::<Row>::new());
    let free_of = |rows: &[Row]| limit.saturating_sub(i64::try_from(rows.len()).unwrap_or(i64::MAX));
    for turn in send_pace::take_turns(tx, now, limit).await? {
        let places = turn.places(now, free_of(&rows));
        if places == 0 {
            continue;
        }
        let mut claimed = sql!(tx, all Row, urgent, now, until, places, turn.account.0)?;
        let left = places.saturating_sub(i64::try_from(claimed.len()).unwrap_or(i64::MAX));
        if left > 0 {
            claimed.extend(sql!(tx, all Row, paced, now, until, left, turn.account.0)?);
        }
        if !claimed.is_empty() {
            send_pace::count(tx, turn, i64::try_from(claimed.len()).unwrap_or(i64::MAX)).await?;
        }
        rows.extend(claimed);
    }
    // Behind those that have to keep to their turns.
    let left = free_of(&rows);
    if left > 0 {
        rows.extend(sql!(tx, all Row, free, now, until, left)?);
    }
    Ok(rows.into_iter().map(OutboxRow::from).collect())
}

/// Claims rows of unknown fate about which the vendor is to be asked now.
pub async fn claim_looks(
    tx: &mut Tx,
    now: DateTime<Utc>,
    lease: TimeDelta,
    limit: i64,
) -> Result<Vec<OutboxRow>, DbError> {
    // As above.
    let text = tx.pick(
        concat!(
            "UPDATE outbox SET looks = looks + 1, lease_token = lease_token + 1, lease_until = $2 WHERE id IN (SELECT id \
             FROM outbox WHERE due_at <= $1 AND state = 'unknown' AND (lease_until IS NULL OR lease_until < $1) \
             ORDER BY due_at LIMIT $3) RETURNING ",
            columns!()
        ),
        concat!(
            "UPDATE outbox SET looks = looks + 1, lease_token = lease_token + 1, lease_until = $2 WHERE id IN (SELECT id \
             FROM outbox WHERE due_at <= $1 AND state = 'unknown' AND (lease_until IS NULL OR lease_until < $1) \
             ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED) RETURNING ",
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
        " FROM outbox WHERE state = 'sending' AND (lease_until < $1 OR lease_until > $2) LIMIT $3"
    );
    let rows = sql!(conn, all Row, text, now, now + lease + lease, limit)?;
    Ok(rows.into_iter().map(OutboxRow::from).collect())
}

/// What became of a sending.
#[derive(Debug, Clone, Copy)]
pub struct Fate<'a> {
    pub state: SendState,
    /// For `queued`: when it is tried again; for `unknown`: when the vendor is asked.
    pub due_at: Option<DateTime<Utc>>,
    pub vendor_id: Option<&'a str>,
    pub error: Option<&'a str>,
    /// For `sent`: when it left.
    pub sent_at: Option<DateTime<Utc>>,
}

/// False when the row is no longer the caller's: its lease or its state has moved on.
pub async fn settle(tx: &mut Tx, row: &OutboxRow, fate: Fate<'_>) -> Result<bool, DbError> {
    let changed = sql!(
        tx,
        execute,
        "UPDATE outbox SET state = $3, due_at = $4, vendor_id = $5, last_error = $6, sent_at = $7, lease_until = NULL, \
         sent_after_seq = CASE WHEN $3 = 'sent' THEN (SELECT c.guest_seq FROM conversations c WHERE c.id = \
         outbox.conversation_id) ELSE sent_after_seq END WHERE id = $1 AND lease_token = $2 AND state = $8 AND closed_at IS NULL",
        row.id.0,
        row.lease_token,
        fate.state.as_str(),
        fate.due_at,
        fate.vendor_id,
        fate.error,
        fate.sent_at,
        row.state.as_str(),
    )?;
    Ok(changed == 1)
}

/// Staff have the floor, or are called at once: what the bot has said and no dispatcher holds yet is taken back, in the
/// unit that raises the epoch. Nothing of an older epoch may stay queued: it would hold up whatever comes after it. Gives
/// the messages.
pub async fn silence_bot(
    tx: &mut Tx,
    conversation: ConversationId,
    why: &str,
) -> Result<Vec<MessageId>, DbError> {
    let rows = sql!(
        tx,
        all One<Option<Uuid>>,
        "UPDATE outbox SET state = 'cancelled', due_at = NULL WHERE conversation_id = $1 AND voice = 'bot' AND \
         state = 'queued' RETURNING message_id",
        conversation.0
    )?;
    let silenced: Vec<MessageId> = rows.into_iter().filter_map(|(id,)| id.map(MessageId)).collect();
    for message in &silenced {
        messages::advance(tx, *message, Delivery::Cancelled, Some(why)).await?;
    }
    Ok(silenced)
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

/// When the next row can be claimed: it is due, first of its conversation, and its account may send.
pub async fn next_due_at(conn: &mut Conn) -> Result<Option<DateTime<Utc>>, DbError> {
    let text = concat!(
        "SELECT o.due_at, p.next_at FROM outbox o LEFT JOIN send_pace p ON p.integration_id = o.integration_id WHERE \
         o.due_at IS NOT NULL AND ",
        sendable!(),
        " ORDER BY CASE WHEN p.next_at > o.due_at THEN p.next_at ELSE o.due_at END LIMIT 1"
    );
    let row = sql!(conn, optional(DateTime<Utc>, Option<DateTime<Utc>>), text)?;
    Ok(row.map(|(due, paced)| paced.map_or(due, |paced| due.max(paced))))
}

pub async fn find(conn: &mut Conn, id: OutboxId) -> Result<Option<OutboxRow>, DbError> {
    let text = concat!("SELECT ", columns!(), " FROM outbox WHERE id = $1");
    Ok(sql!(conn, optional Row, text, id.0)?.map(OutboxRow::from))
}

/// What the guest had written when it became known that a message was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SentAfter {
    /// No vendor carries it: it was there as soon as it was written.
    AtOnce,
    /// The guest's latest message at that moment.
    Seq(i64),
    /// It has not been sent, or nobody noted it.
    Unknown,
}

/// By the messages themselves, so that no two clocks are compared.
pub async fn sent_after(conn: &mut Conn, message: MessageId) -> Result<SentAfter, DbError> {
    let row = sql!(
        conn,
        optional One<Option<i64>>,
        "SELECT sent_after_seq FROM outbox WHERE message_id = $1 ORDER BY (sent_after_seq IS NULL), sent_after_seq \
         LIMIT 1",
        message.0
    )?;
    Ok(row.map_or(SentAfter::AtOnce, |(seq,)| seq.map_or(SentAfter::Unknown, SentAfter::Seq)))
}

/// When the `nth` of the latest messages to a guest left, or is to leave; `None`: there have not been so many.
pub async fn nth_last_sending_at(
    conn: &mut Conn,
    conversation: ConversationId,
    nth: i64,
) -> Result<Option<DateTime<Utc>>, DbError> {
    let row = sql!(
        conn,
        optional One<DateTime<Utc>>,
        "SELECT COALESCE(o.sent_at, o.due_at, o.created_at) FROM messages m JOIN outbox o ON o.message_id = m.id \
         WHERE m.conversation_id = $1 AND m.author <> 'guest' ORDER BY m.seq DESC LIMIT 1 OFFSET $2",
        conversation.0,
        nth - 1
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
         lease_until = NULL, sent_after_seq = (SELECT c.guest_seq FROM conversations c WHERE c.id = \
         outbox.conversation_id) WHERE id = $1 AND state IN ('unknown', 'sending')",
        row.id.0,
        vendor_id,
        now
    )?;
    Ok(())
}
