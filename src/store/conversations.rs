//! Conversations: who has the floor, what is due, and the lease under which a turn runs.

use super::db::{Conn, DbError, One, Tx, sql};
use crate::domain::conversation::{Conversation, Floor, Memory, Status};
use crate::domain::escalation::{Priority, Reason};
use crate::domain::ids::{ConversationId, GuestId, IntegrationId, PropertyId, StayId, UserId};
use crate::domain::proof::Proof;
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::types::Json;
use uuid::Uuid;

// What every unit of a conversation asks for beside its row is read with it: a statement less each time.
macro_rules! columns {
    () => {
        "id, property_id, guest_id, channel, address, lasting_id, integration_id, network, status, holder, epoch, lang, stay_id, \
         proof, memory, last_seq, guest_seq, answered_seq, read_seq, last_line, mood, priority, reason, \
         waiting_since, greeted, first_unanswered_at, turn_due_at, turn_tries, lease_token, created_at, active_at, \
         (SELECT o.word FROM opt_outs o WHERE o.property_id = conversations.property_id AND \
         o.channel = conversations.channel AND o.address = conversations.address) AS opted_out, window_closes_at, \
         (SELECT p.revision FROM properties p WHERE p.id = conversations.property_id) AS hotel_revision"
    };
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    property_id: Uuid,
    guest_id: Uuid,
    channel: String,
    address: String,
    lasting_id: Option<String>,
    integration_id: Option<Uuid>,
    network: Option<String>,
    #[sqlx(try_from = "String")]
    status: Status,
    holder: Option<Uuid>,
    epoch: i64,
    lang: String,
    stay_id: Option<Uuid>,
    #[sqlx(try_from = "String")]
    proof: Proof,
    memory: Json<Memory>,
    last_seq: i64,
    guest_seq: i64,
    answered_seq: i64,
    read_seq: i64,
    last_line: String,
    mood: Option<f64>,
    priority: i64,
    reason: Option<Json<Reason>>,
    waiting_since: Option<DateTime<Utc>>,
    greeted: bool,
    first_unanswered_at: Option<DateTime<Utc>>,
    turn_due_at: Option<DateTime<Utc>>,
    turn_tries: i64,
    lease_token: i64,
    created_at: DateTime<Utc>,
    active_at: DateTime<Utc>,
    opted_out: Option<String>,
    window_closes_at: Option<DateTime<Utc>>,
    hotel_revision: i64,
}

impl From<Row> for Conversation {
    fn from(row: Row) -> Self {
        Conversation {
            id: row.id.into(),
            property_id: row.property_id.into(),
            guest_id: row.guest_id.into(),
            channel: row.channel,
            address: row.address,
            lasting_id: row.lasting_id,
            integration_id: row.integration_id.map(IntegrationId),
            network: row.network,
            floor: Floor { status: row.status, holder: row.holder.map(UserId), epoch: row.epoch },
            lang: row.lang,
            stay_id: row.stay_id.map(StayId),
            proof: row.proof,
            memory: row.memory.0,
            last_seq: row.last_seq,
            guest_seq: row.guest_seq,
            answered_seq: row.answered_seq,
            read_seq: row.read_seq,
            last_line: row.last_line,
            mood: row.mood,
            priority: Priority::from_rank(row.priority),
            reason: row.reason.map(|reason| reason.0),
            waiting_since: row.waiting_since,
            greeted: row.greeted,
            first_unanswered_at: row.first_unanswered_at,
            turn_due_at: row.turn_due_at,
            turn_tries: row.turn_tries,
            lease_token: row.lease_token,
            created_at: row.created_at,
            active_at: row.active_at,
            opted_out: row.opted_out,
            window_closes_at: row.window_closes_at,
            hotel_revision: row.hotel_revision,
        }
    }
}

pub async fn find(conn: &mut Conn, id: ConversationId) -> Result<Option<Conversation>, DbError> {
    let row =
        sql!(conn, optional Row, concat!("SELECT ", columns!(), " FROM conversations WHERE id = $1"), id.0)?;
    Ok(row.map(Conversation::from))
}

/// Reads it for a change: on PostgreSQL its row stays locked until the unit ends; on SQLite there is one writer anyway.
pub async fn lock(tx: &mut Tx, id: ConversationId) -> Result<Option<Conversation>, DbError> {
    let text = tx.pick(
        concat!("SELECT ", columns!(), " FROM conversations WHERE id = $1"),
        concat!("SELECT ", columns!(), " FROM conversations WHERE id = $1 FOR UPDATE"),
    );
    Ok(sql!(tx, optional Row, text, id.0)?.map(Conversation::from))
}

/// By what a message names its conversation.
#[derive(Debug, Clone, Copy)]
pub enum Named<'a> {
    Id(ConversationId),
    /// The guest's address on a channel of the hotel.
    Address {
        property: PropertyId,
        channel: &'a str,
        address: &'a str,
    },
    /// The vendor's own id of the guest.
    LastingId {
        property: PropertyId,
        channel: &'a str,
        lasting_id: &'a str,
    },
}

#[derive(sqlx::FromRow)]
struct Met {
    #[sqlx(flatten)]
    row: Row,
    known: bool,
}

macro_rules! meet {
    ($named:literal, $lock:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            ", EXISTS (SELECT 1 FROM messages m WHERE m.account = $1 AND m.vendor_id = $2) AS known FROM conversations \
             WHERE ",
            $named,
            $lock
        )
    };
}

/// Like [`lock`], and whether the message for which it is done is there already. Where two units meet the answer may be
/// too old by the other one's message; then the message's own key refuses the second.
pub async fn lock_for_message(
    tx: &mut Tx,
    named: Named<'_>,
    account: &str,
    vendor_id: &str,
) -> Result<Option<(Conversation, bool)>, DbError> {
    let met = match named {
        Named::Id(id) => {
            let text = tx.pick(meet!("id = $3", ""), meet!("id = $3", " FOR UPDATE"));
            sql!(tx, optional Met, text, account, vendor_id, id.0)?
        }
        Named::Address { property, channel, address } => {
            let text = tx.pick(
                meet!("property_id = $3 AND channel = $4 AND address = $5", ""),
                meet!("property_id = $3 AND channel = $4 AND address = $5", " FOR UPDATE"),
            );
            sql!(tx, optional Met, text, account, vendor_id, property.0, channel, address)?
        }
        Named::LastingId { property, channel, lasting_id } => {
            let text = tx.pick(
                meet!("property_id = $3 AND channel = $4 AND lasting_id = $5", ""),
                meet!("property_id = $3 AND channel = $4 AND lasting_id = $5", " FOR UPDATE"),
            );
            sql!(tx, optional Met, text, account, vendor_id, property.0, channel, lasting_id)?
        }
    };
    Ok(met.map(|met| (Conversation::from(met.row), met.known)))
}

/// Everything that a change of a conversation may touch, written back at once.
pub async fn update(tx: &mut Tx, c: &Conversation) -> Result<(), DbError> {
    write(tx, c, false).await
}

/// The same, and the lease that the caller holds ends with it.
pub async fn update_and_release(tx: &mut Tx, c: &Conversation) -> Result<(), DbError> {
    write(tx, c, true).await
}

async fn write(tx: &mut Tx, c: &Conversation, release: bool) -> Result<(), DbError> {
    sql!(
        tx,
        later,
        "UPDATE conversations SET status = $2, holder = $3, epoch = $4, lang = $5, stay_id = $6, proof = $7, \
         memory = $8, last_seq = $9, guest_seq = $10, answered_seq = $11, read_seq = $12, last_line = $13, \
         mood = $14, priority = $15, reason = $16, waiting_since = $17, greeted = $18, first_unanswered_at = $19, \
         turn_due_at = $20, turn_tries = $21, integration_id = $22, active_at = $23, \
         window_closes_at = $25, lease_until = CASE WHEN $24 THEN NULL ELSE lease_until END WHERE id = $1",
        c.id.0,
        c.floor.status.as_str(),
        c.floor.holder.map(|user| user.0),
        c.floor.epoch,
        &c.lang,
        c.stay_id.map(|stay| stay.0),
        c.proof.as_str(),
        Json(&c.memory),
        c.last_seq,
        c.guest_seq,
        c.answered_seq,
        c.read_seq,
        &c.last_line,
        c.mood,
        c.priority.map_or(0, Priority::rank),
        c.reason.as_ref().map(Json),
        c.waiting_since,
        c.greeted,
        c.first_unanswered_at,
        c.turn_due_at,
        c.turn_tries,
        c.integration_id.map(|id| id.0),
        c.active_at,
        release,
        c.window_closes_at,
    )
}

/// Inserts it, with what the search box finds it by.
pub async fn insert(tx: &mut Tx, c: &Conversation, search: &str) -> Result<(), DbError> {
    sql!(
        tx,
        execute,
        "INSERT INTO conversations (id, property_id, guest_id, channel, address, integration_id, network, status, \
         holder, epoch, lang, stay_id, proof, memory, last_seq, guest_seq, answered_seq, read_seq, last_line, mood, \
         priority, reason, waiting_since, greeted, first_unanswered_at, turn_due_at, turn_tries, lease_token, \
         created_at, active_at, search, lasting_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, $9, $10, $11, $12, \
         $13, 0, 0, 0, 0, '', NULL, 0, NULL, NULL, $14, NULL, NULL, 0, 0, $15, $15, $16, $17)",
        c.id.0,
        c.property_id.0,
        c.guest_id.0,
        &c.channel,
        &c.address,
        c.integration_id.map(|id| id.0),
        c.network.as_deref(),
        c.floor.status.as_str(),
        c.floor.epoch,
        &c.lang,
        c.stay_id.map(|stay| stay.0),
        c.proof.as_str(),
        Json(&c.memory),
        c.greeted,
        c.created_at,
        search,
        c.lasting_id.as_deref(),
    )?;
    Ok(())
}

/// The guest is reached at another address, or known by another id, from now on: the conversation, what is known of the
/// guest, and whatever still waits to be sent. `c` holds the new ones. [`DbError::Unique`]: another conversation has them.
pub async fn set_place(tx: &mut Tx, c: &Conversation, address_before: &str) -> Result<(), DbError> {
    sql!(
        tx,
        execute,
        "UPDATE conversations SET address = $2, lasting_id = $3 WHERE id = $1",
        c.id.0,
        &c.address,
        c.lasting_id.as_deref()
    )?;
    if c.address == address_before {
        return Ok(());
    }
    sql!(
        tx,
        execute,
        "UPDATE identities SET address = $4 WHERE property_id = $1 AND channel = $2 AND address = $3",
        c.property_id.0,
        &c.channel,
        address_before,
        &c.address
    )?;
    sql!(
        tx,
        execute,
        "UPDATE outbox SET address = $2 WHERE conversation_id = $1 AND state = 'queued'",
        c.id.0,
        &c.address
    )?;
    Ok(())
}

/// Replaces what the search box finds it by.
pub async fn set_search(tx: &mut Tx, id: ConversationId, search: &str) -> Result<(), DbError> {
    sql!(tx, execute, "UPDATE conversations SET search = $2 WHERE id = $1", id.0, search)?;
    Ok(())
}

/// Starts or ends the holder's time to answer; a running one keeps its start.
pub async fn set_holder_due(
    tx: &mut Tx,
    id: ConversationId,
    due: Option<DateTime<Utc>>,
) -> Result<(), DbError> {
    let text = match due {
        Some(_) => "UPDATE conversations SET holder_due_at = COALESCE(holder_due_at, $2) WHERE id = $1",
        None => "UPDATE conversations SET holder_due_at = $2 WHERE id = $1",
    };
    sql!(tx, execute, text, id.0, due)?;
    Ok(())
}

/// Conversations whose holder has let the guest wait too long.
pub async fn list_holder_due(
    conn: &mut Conn,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<ConversationId>, DbError> {
    let rows = sql!(
        conn,
        all One<Uuid>,
        "SELECT id FROM conversations WHERE holder_due_at <= $1 ORDER BY holder_due_at LIMIT $2",
        now,
        limit
    )?;
    Ok(rows.into_iter().map(|(id,)| id.into()).collect())
}

/// Ends the holder's time if it is over; false: they have answered meanwhile, or it was dealt with.
pub async fn end_holder_due(tx: &mut Tx, id: ConversationId, now: DateTime<Utc>) -> Result<bool, DbError> {
    let changed = sql!(
        tx,
        execute,
        "UPDATE conversations SET holder_due_at = NULL WHERE id = $1 AND holder_due_at <= $2",
        id.0,
        now
    )?;
    Ok(changed == 1)
}

/// Conversations of the bot's whose guest waits since before `told` and has not been told so, or since before `called`.
pub async fn list_kept_waiting(
    conn: &mut Conn,
    told: DateTime<Utc>,
    called: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<ConversationId>, DbError> {
    let rows = sql!(
        conn,
        all One<Uuid>,
        "SELECT id FROM conversations WHERE turn_due_at IS NOT NULL AND status = 'bot' AND first_unanswered_at <= $1 \
         AND (wait_told_seq <= answered_seq OR first_unanswered_at <= $2) ORDER BY first_unanswered_at LIMIT $3",
        told,
        called,
        limit
    )?;
    Ok(rows.into_iter().map(|(id,)| id.into()).collect())
}

/// Notes that the guest is told that what they have written is waiting; false: they know it.
pub async fn note_wait_told(tx: &mut Tx, id: ConversationId) -> Result<bool, DbError> {
    let changed = sql!(
        tx,
        execute,
        "UPDATE conversations SET wait_told_seq = guest_seq WHERE id = $1 AND wait_told_seq <= answered_seq",
        id.0
    )?;
    Ok(changed == 1)
}

/// Leases due conversations to the caller. The token fences off whoever held an older lease. A lease from a clock that
/// ran far ahead is ignored; another node's clock may be ahead by the length of a lease.
pub async fn claim_due(
    tx: &mut Tx,
    now: DateTime<Utc>,
    lease: TimeDelta,
    limit: i64,
) -> Result<Vec<Conversation>, DbError> {
    // SKIP LOCKED lets several workers claim at once; SQLite has one writer and no such words.
    let text = tx.pick(
        concat!(
            "UPDATE conversations SET lease_token = lease_token + 1, lease_until = $2, turn_tries = turn_tries + 1 \
             WHERE id IN (SELECT id FROM conversations WHERE turn_due_at <= $1 AND \
             (lease_until IS NULL OR lease_until < $1 OR lease_until > $4) ORDER BY turn_due_at LIMIT $3) RETURNING ",
            columns!()
        ),
        concat!(
            "UPDATE conversations SET lease_token = lease_token + 1, lease_until = $2, turn_tries = turn_tries + 1 \
             WHERE id IN (SELECT id FROM conversations WHERE turn_due_at <= $1 AND \
             (lease_until IS NULL OR lease_until < $1 OR lease_until > $4) ORDER BY turn_due_at LIMIT $3 \
             FOR UPDATE SKIP LOCKED) RETURNING ",
            columns!()
        ),
    );
    let rows = sql!(tx, all Row, text, now, now + lease, limit, now + lease + lease)?;
    Ok(rows.into_iter().map(Conversation::from).collect())
}

/// The epoch and the lease as they stand, locked until the unit ends: what a fence is checked against.
pub async fn lock_fence(tx: &mut Tx, id: ConversationId) -> Result<Option<(i64, i64)>, DbError> {
    let text = tx.pick(
        "SELECT epoch, lease_token FROM conversations WHERE id = $1",
        "SELECT epoch, lease_token FROM conversations WHERE id = $1 FOR UPDATE",
    );
    sql!(tx, optional(i64, i64), text, id.0)
}

/// Ends the lease, if it is still the caller's.
pub async fn release(tx: &mut Tx, id: ConversationId, lease_token: i64) -> Result<bool, DbError> {
    let changed = sql!(
        tx,
        execute,
        "UPDATE conversations SET lease_until = NULL WHERE id = $1 AND lease_token = $2",
        id.0,
        lease_token
    )?;
    Ok(changed == 1)
}

/// When the next turn is due that no worker has leased.
pub async fn next_claimable_at(
    conn: &mut Conn,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, DbError> {
    let row = sql!(
        conn,
        optional One<DateTime<Utc>>,
        "SELECT turn_due_at FROM conversations WHERE turn_due_at IS NOT NULL AND \
         (lease_until IS NULL OR lease_until < $1) ORDER BY turn_due_at LIMIT 1",
        now
    )?;
    Ok(row.map(|(at,)| at))
}

/// When the next turn is due, leased or not.
pub async fn next_turn_at(conn: &mut Conn) -> Result<Option<DateTime<Utc>>, DbError> {
    let row = sql!(
        conn,
        optional One<DateTime<Utc>>,
        "SELECT turn_due_at FROM conversations WHERE turn_due_at IS NOT NULL ORDER BY turn_due_at LIMIT 1"
    )?;
    Ok(row.map(|(at,)| at))
}

/// A new guest, known by one address.
pub async fn insert_guest(
    tx: &mut Tx,
    guest: GuestId,
    property: PropertyId,
    channel: &str,
    address: &str,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    sql!(
        tx,
        execute,
        "INSERT INTO guests (id, property_id, name, lang, created_at, erased_at) VALUES ($1, $2, NULL, NULL, $3, NULL)",
        guest.0,
        property.0,
        now
    )?;
    sql!(
        tx,
        execute,
        "INSERT INTO identities (property_id, channel, address, guest_id, created_at) VALUES ($1, $2, $3, $4, $5)",
        property.0,
        channel,
        address,
        guest.0,
        now
    )?;
    Ok(())
}

/// The guest's name, as the proved stay has it.
pub async fn set_guest_name(tx: &mut Tx, guest: GuestId, name: &str, lang: &str) -> Result<(), DbError> {
    sql!(tx, execute, "UPDATE guests SET name = $2, lang = $3 WHERE id = $1", guest.0, name, lang)?;
    Ok(())
}

/// When the stay was proved.
pub async fn set_proved_at(tx: &mut Tx, id: ConversationId, at: DateTime<Utc>) -> Result<(), DbError> {
    sql!(tx, execute, "UPDATE conversations SET proved_at = $2 WHERE id = $1", id.0, at)?;
    Ok(())
}

/// Sets a turn due later: it has failed.
pub async fn postpone(tx: &mut Tx, id: ConversationId, due: DateTime<Utc>) -> Result<(), DbError> {
    sql!(
        tx,
        execute,
        "UPDATE conversations SET turn_due_at = $2 WHERE id = $1 AND turn_due_at IS NOT NULL",
        id.0,
        due
    )?;
    Ok(())
}
