//! Escalations: why staff were called, who has seen it, and when the next on-call number rings.

use super::bell::Bell;
use super::db::{Conn, DbError, One, Tx, sql};
use super::outbox;
use crate::clock::Clock;
use crate::domain::conversation::{Conversation, Status};
use crate::domain::escalation::{Priority, Reason};
use crate::domain::hotel::Hotel;
use crate::domain::ids::{ConversationId, EscalationId, PropertyId, UserId};
use crate::telemetry;
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::types::Json;
use uuid::Uuid;

/// One call for staff.
#[derive(Debug, Clone, PartialEq)]
pub struct Escalation {
    pub id: EscalationId,
    pub property_id: PropertyId,
    pub conversation_id: ConversationId,
    pub reason: Reason,
    pub priority: Priority,
    pub seq: i64,
    pub created_at: DateTime<Utc>,
    pub opened_at: Option<DateTime<Utc>>,
    /// How many on-call numbers have been rung.
    pub rings: i64,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    property_id: Uuid,
    conversation_id: Uuid,
    reason: Json<Reason>,
    priority: i64,
    seq: i64,
    created_at: DateTime<Utc>,
    opened_at: Option<DateTime<Utc>>,
    rings: i64,
}

impl From<Row> for Escalation {
    fn from(row: Row) -> Self {
        Escalation {
            id: row.id.into(),
            property_id: row.property_id.into(),
            conversation_id: row.conversation_id.into(),
            reason: row.reason.0,
            priority: Priority::from_rank(row.priority).unwrap_or_default(),
            seq: row.seq,
            created_at: row.created_at,
            opened_at: row.opened_at,
            rings: row.rings,
        }
    }
}

/// Inserts it; false when its `once_key` has been used in this conversation.
pub async fn insert(
    tx: &mut Tx,
    e: &Escalation,
    once_key: Option<&str>,
    ring_at: Option<DateTime<Utc>>,
) -> Result<bool, DbError> {
    let changed = sql!(
        tx,
        execute,
        "INSERT INTO escalations (id, property_id, conversation_id, kind, once_key, reason, priority, seq, created_at, \
         opened_at, opened_by, ring_at, rings) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL, NULL, $10, 0) \
         ON CONFLICT DO NOTHING",
        e.id.0,
        e.property_id.0,
        e.conversation_id.0,
        e.reason.kind(),
        once_key,
        Json(&e.reason),
        e.priority.rank(),
        e.seq,
        e.created_at,
        ring_at,
    )?;
    Ok(changed == 1)
}

/// A call for staff that is about to be raised.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    pub reason: Reason,
    pub priority: Priority,
    /// The same key again in the same conversation changes nothing.
    pub once_key: Option<String>,
}

impl Call {
    pub fn new(reason: Reason, priority: Priority) -> Self {
        Self { reason, priority, once_key: None }
    }
}

/// Calls staff: the escalation with its ring, and the conversation's floor, reason and priority. The caller writes the
/// conversation back. False: its `once_key` has been used.
pub async fn raise(
    tx: &mut Tx,
    clock: &Clock,
    hotel: &Hotel,
    conversation: &mut Conversation,
    call: &Call,
) -> Result<bool, DbError> {
    let now = clock.now();
    let escalation = Escalation {
        id: clock.id(),
        property_id: hotel.id,
        conversation_id: conversation.id,
        reason: call.reason.clone(),
        priority: call.priority,
        seq: conversation.guest_seq,
        created_at: now,
        opened_at: None,
        rings: 0,
    };
    if !insert(tx, &escalation, call.once_key.as_deref(), Some(first_ring(hotel, call.priority, now))).await?
    {
        return Ok(false);
    }
    conversation.floor = match call.priority {
        Priority::Emergency => conversation.floor.alarm(),
        Priority::Normal | Priority::High => conversation.floor.call_staff(),
    };
    if call.priority == Priority::Emergency {
        outbox::silence_bot(tx, conversation.id, "an emergency came between").await?;
    }
    let waits_for_holder = matches!(call.reason, Reason::GuestWaits { .. });
    if conversation.floor.status == Status::Waiting || waits_for_holder {
        conversation.waiting_since.get_or_insert(now);
    }
    if conversation.priority.is_none_or(|before| before <= call.priority) {
        conversation.priority = Some(call.priority);
        conversation.reason = Some(call.reason.clone());
    }
    metrics::counter!(telemetry::ESCALATIONS, "kind" => call.reason.kind()).increment(1);
    tx.ring(Bell::Desk { property: hotel.id });
    Ok(true)
}

/// An emergency rings at once, and so does everything while nobody is at the desk.
fn first_ring(hotel: &Hotel, priority: Priority, now: DateTime<Utc>) -> DateTime<Utc> {
    let local = now.with_timezone(&hotel.zone).time();
    let at_desk = hotel.settings.desk_hours.is_none_or(|hours| hours.contains(local));
    match priority {
        Priority::Emergency => now,
        Priority::Normal | Priority::High if !at_desk => now,
        Priority::Normal | Priority::High => {
            now + TimeDelta::minutes(i64::from(hotel.settings.patience.alert_minutes))
        }
    }
}

/// Which once-keys a conversation has used.
pub async fn used_keys(conn: &mut Conn, conversation: ConversationId) -> Result<Vec<String>, DbError> {
    let rows = sql!(
        conn,
        all One<String>,
        "SELECT once_key FROM escalations WHERE conversation_id = $1 AND once_key IS NOT NULL",
        conversation.0
    )?;
    Ok(rows.into_iter().map(|(key,)| key).collect())
}

pub async fn list(conn: &mut Conn, conversation: ConversationId) -> Result<Vec<Escalation>, DbError> {
    let rows = sql!(
        conn,
        all Row,
        "SELECT id, property_id, conversation_id, reason, priority, seq, created_at, opened_at, rings FROM escalations \
         WHERE conversation_id = $1 ORDER BY created_at, id",
        conversation.0
    )?;
    Ok(rows.into_iter().map(Escalation::from).collect())
}

/// Staff looked: nothing more rings for this conversation.
pub async fn open_all(
    tx: &mut Tx,
    conversation: ConversationId,
    by: UserId,
    now: DateTime<Utc>,
) -> Result<u64, DbError> {
    sql!(
        tx,
        execute,
        "UPDATE escalations SET opened_at = $2, opened_by = $3, ring_at = NULL WHERE conversation_id = $1 AND \
         opened_at IS NULL",
        conversation.0,
        now,
        by.0
    )
}

/// What has to ring now.
pub async fn list_ringing(
    conn: &mut Conn,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Escalation>, DbError> {
    let rows = sql!(
        conn,
        all Row,
        "SELECT id, property_id, conversation_id, reason, priority, seq, created_at, opened_at, rings FROM escalations \
         WHERE ring_at <= $1 ORDER BY ring_at LIMIT $2",
        now,
        limit
    )?;
    Ok(rows.into_iter().map(Escalation::from).collect())
}

/// It rings now, and again at `next`; false: another node has rung it, or somebody has opened it meanwhile.
pub async fn count_ring(tx: &mut Tx, e: &Escalation, next: DateTime<Utc>) -> Result<bool, DbError> {
    let changed = sql!(
        tx,
        execute,
        "UPDATE escalations SET ring_at = $3, rings = rings + 1 WHERE id = $1 AND rings = $2 AND ring_at IS NOT NULL",
        e.id.0,
        e.rings,
        next
    )?;
    Ok(changed == 1)
}

/// Nobody is left to ring: it stays in the inbox.
pub async fn end_ringing(tx: &mut Tx, id: EscalationId) -> Result<(), DbError> {
    sql!(tx, execute, "UPDATE escalations SET ring_at = NULL WHERE id = $1", id.0)?;
    Ok(())
}

/// Emergencies of these hotels that nobody has opened yet, oldest first, the first 100: they stand on top of every page.
pub async fn list_open_emergencies(
    conn: &mut Conn,
    properties: &[PropertyId],
) -> Result<Vec<Escalation>, DbError> {
    // A list of ids is one argument on both engines, but each unpacks it in its own way.
    let text = conn.pick(
        "SELECT id, property_id, conversation_id, reason, priority, seq, created_at, opened_at, rings FROM escalations \
         WHERE property_id IN (SELECT unhex(value) FROM json_each($1)) AND priority = 3 AND opened_at IS NULL ORDER BY \
         created_at LIMIT 100",
        "SELECT id, property_id, conversation_id, reason, priority, seq, created_at, opened_at, rings FROM escalations \
         WHERE property_id = ANY (ARRAY(SELECT CAST(value AS UUID) FROM json_array_elements_text(CAST($1 AS JSON)))) AND \
         priority = 3 AND opened_at IS NULL ORDER BY created_at LIMIT 100",
    );
    let ids = serde_json::json!(properties.iter().map(|id| id.0.simple().to_string()).collect::<Vec<_>>());
    let rows = sql!(conn, all Row, text, ids.to_string())?;
    Ok(rows.into_iter().map(Escalation::from).collect())
}
