//! What the inbox lists: rows of conversations with the names beside them, paged on indexed columns. It writes nothing
//! and counts no further than a screen shows.

use super::db::{Conn, DbError, One, sql};
use super::search;
use crate::domain::conversation::Status;
use crate::domain::escalation::{Priority, Reason};
use crate::domain::ids::{ConversationId, GuestId, PropertyId, StayId, UserId};
use crate::domain::proof::Proof;
use chrono::{DateTime, Utc};
use sqlx::types::Json;
use std::collections::HashMap;
use uuid::Uuid;

/// A tab's number is counted up to this; one more reads "99+".
pub const MOST_COUNTED: i64 = 99;

/// One line of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct InboxRow {
    pub id: ConversationId,
    pub property_id: PropertyId,
    pub guest_id: GuestId,
    pub guest_name: Option<String>,
    pub channel: String,
    pub address: String,
    pub room: Option<String>,
    pub stay_id: Option<StayId>,
    pub proof: Proof,
    pub proved_at: Option<DateTime<Utc>>,
    pub lang: String,
    pub status: Status,
    pub holder: Option<UserId>,
    pub holder_name: Option<String>,
    pub last_line: String,
    pub last_seq: i64,
    pub guest_seq: i64,
    pub read_seq: i64,
    pub mood: Option<f64>,
    pub priority: Option<Priority>,
    pub reason: Option<Reason>,
    pub waiting_since: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub active_at: DateTime<Utc>,
    pub window_closes_at: Option<DateTime<Utc>>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    property_id: Uuid,
    guest_id: Uuid,
    guest_name: Option<String>,
    channel: String,
    address: String,
    room: Option<String>,
    stay_id: Option<Uuid>,
    #[sqlx(try_from = "String")]
    proof: Proof,
    proved_at: Option<DateTime<Utc>>,
    lang: String,
    #[sqlx(try_from = "String")]
    status: Status,
    holder: Option<Uuid>,
    holder_name: Option<String>,
    last_line: String,
    last_seq: i64,
    guest_seq: i64,
    read_seq: i64,
    mood: Option<f64>,
    priority: i64,
    reason: Option<Json<Reason>>,
    waiting_since: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    active_at: DateTime<Utc>,
    window_closes_at: Option<DateTime<Utc>>,
}

impl From<Row> for InboxRow {
    fn from(row: Row) -> Self {
        InboxRow {
            id: row.id.into(),
            property_id: row.property_id.into(),
            guest_id: row.guest_id.into(),
            guest_name: row.guest_name,
            channel: row.channel,
            address: row.address,
            room: row.room,
            stay_id: row.stay_id.map(StayId),
            proof: row.proof,
            proved_at: row.proved_at,
            lang: row.lang,
            status: row.status,
            holder: row.holder.map(UserId),
            holder_name: row.holder_name,
            last_line: row.last_line,
            last_seq: row.last_seq,
            guest_seq: row.guest_seq,
            read_seq: row.read_seq,
            mood: row.mood,
            priority: Priority::from_rank(row.priority),
            reason: row.reason.map(|reason| reason.0),
            waiting_since: row.waiting_since,
            created_at: row.created_at,
            active_at: row.active_at,
            window_closes_at: row.window_closes_at,
        }
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT c.id, c.property_id, c.guest_id, g.name AS guest_name, c.channel, c.address, s.room, c.stay_id, ",
            "c.proof, c.proved_at, c.lang, c.status, c.holder, COALESCE(u.name, k.name) AS holder_name, c.last_line, ",
            "c.last_seq, c.guest_seq, c.read_seq, c.mood, c.priority, c.reason, c.waiting_since, c.created_at, ",
            "c.active_at, c.window_closes_at FROM conversations c JOIN guests g ON g.id = c.guest_id LEFT JOIN stays s ON s.id = c.stay_id ",
            "LEFT JOIN users u ON u.id = c.holder LEFT JOIN api_keys k ON k.id = c.holder ",
            $rest
        )
    };
}

/// Which conversations a list is to show; absent: any.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub status: Option<Status>,
    pub holder: Option<UserId>,
    /// Words of name, room, confirmation number or address.
    pub q: Option<String>,
}

/// Where a page by activity begins: after this row.
pub type ByActivity = (DateTime<Utc>, ConversationId);

/// Where a page by urgency begins: after this row.
pub type ByUrgency = (i64, DateTime<Utc>, ConversationId);

/// Newest activity first, after `after`.
pub async fn list(
    conn: &mut Conn,
    property: PropertyId,
    filter: &Filter,
    after: Option<ByActivity>,
    limit: i64,
) -> Result<Vec<InboxRow>, DbError> {
    let (at, id) = after.unwrap_or((far_future(), ConversationId(Uuid::max())));
    // A question without a letter asks nothing.
    let q = filter.q.as_ref().filter(|q| !search::words(q).is_empty());
    let rows = match (filter.status, filter.holder, q) {
        (None, None, None) => sql!(
            conn, all Row,
            select!("WHERE c.property_id = $1 AND c.last_seq > 0 AND (c.active_at, c.id) < ($2, $3) ORDER BY c.active_at DESC, c.id DESC LIMIT $4"),
            property.0, at, id.0, limit
        )?,
        (Some(status), None, None) => sql!(
            conn, all Row,
            select!("WHERE c.property_id = $1 AND c.status = $2 AND c.last_seq > 0 AND (c.active_at, c.id) < ($3, $4)
                ORDER BY c.active_at DESC, c.id DESC LIMIT $5"),
            property.0, status.as_str(), at, id.0, limit
        )?,
        (None, Some(holder), None) => sql!(
            conn, all Row,
            select!("WHERE c.holder = $1 AND c.property_id = $2 AND (c.active_at, c.id) < ($3, $4)
                ORDER BY c.active_at DESC, c.id DESC LIMIT $5"),
            holder.0, property.0, at, id.0, limit
        )?,
        (Some(status), Some(holder), None) => sql!(
            conn, all Row,
            select!("WHERE c.holder = $1 AND c.property_id = $2 AND c.status = $3 AND (c.active_at, c.id) < ($4, $5)
                ORDER BY c.active_at DESC, c.id DESC LIMIT $6"),
            holder.0, property.0, status.as_str(), at, id.0, limit
        )?,
        (status, holder, Some(q)) => {
            let question = search::question(conn, q);
            // Each engine has an index of its own for pieces of words.
            let text = conn.pick(
                select!("WHERE c.property_id = $1 AND c.last_seq > 0 AND (c.active_at, c.id) < ($2, $3) AND ($4 = '' OR c.status = $4)
                    AND ($5 IS NULL OR c.holder = $5) AND c.id IN (SELECT i.conversation_id FROM conversation_search f
                    JOIN conversation_search_ids i ON i.id = f.rowid WHERE f.words MATCH $6)
                    ORDER BY c.active_at DESC, c.id DESC LIMIT $7"),
                select!("WHERE c.property_id = $1 AND c.last_seq > 0 AND (c.active_at, c.id) < ($2, $3) AND ($4 = '' OR c.status = $4)
                    AND (CAST($5 AS UUID) IS NULL OR c.holder = $5) AND c.id IN (SELECT f.conversation_id FROM conversation_search f
                    WHERE f.pieces @> search_pieces($6) AND search_meets(f.words, $6)) ORDER BY c.active_at DESC, c.id DESC LIMIT $7"),
            );
            let (status, holder) = (status.map_or("", Status::as_str), holder.map(|holder| holder.0));
            sql!(conn, all Row, text, property.0, at, id.0, status, holder, question, limit)?
        }
    };
    Ok(rows.into_iter().map(InboxRow::from).collect())
}

/// Guests who wait for staff: the most urgent first, then who has waited longest.
pub async fn list_needing(
    conn: &mut Conn,
    property: PropertyId,
    after: Option<ByUrgency>,
    limit: i64,
) -> Result<Vec<InboxRow>, DbError> {
    let (priority, since, id) = after.unwrap_or((i64::MAX, far_future(), ConversationId(Uuid::nil())));
    let rows = sql!(
        conn, all Row,
        select!("WHERE c.property_id = $1 AND c.waiting_since IS NOT NULL
            AND (c.priority < $2 OR (c.priority = $2 AND (c.waiting_since, c.id) > ($3, $4)))
            ORDER BY c.priority DESC, c.waiting_since, c.id LIMIT $5"),
        property.0, priority, since, id.0, limit
    )?;
    Ok(rows.into_iter().map(InboxRow::from).collect())
}

pub async fn find(conn: &mut Conn, id: ConversationId) -> Result<Option<InboxRow>, DbError> {
    Ok(sql!(conn, optional Row, select!("WHERE c.id = $1"), id.0)?.map(InboxRow::from))
}

/// The guest's conversations, newest activity first.
pub async fn list_of_guest(conn: &mut Conn, guest: GuestId, limit: i64) -> Result<Vec<InboxRow>, DbError> {
    let rows = sql!(conn, all Row, select!("WHERE c.guest_id = $1 ORDER BY c.active_at DESC, c.id DESC LIMIT $2"), guest.0, limit)?;
    Ok(rows.into_iter().map(InboxRow::from).collect())
}

/// Conversations about the same stay, newest activity first.
pub async fn list_of_stay(
    conn: &mut Conn,
    property: PropertyId,
    stay: StayId,
    limit: i64,
) -> Result<Vec<InboxRow>, DbError> {
    let rows = sql!(
        conn, all Row,
        select!("WHERE c.property_id = $1 AND c.stay_id = $2 ORDER BY c.active_at DESC, c.id DESC LIMIT $3"),
        property.0, stay.0, limit
    )?;
    Ok(rows.into_iter().map(InboxRow::from).collect())
}

/// How many each tab holds, up to one more than [`MOST_COUNTED`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    pub needing: i64,
    pub mine: i64,
}

pub async fn counts(conn: &mut Conn, property: PropertyId, me: UserId) -> Result<Counts, DbError> {
    let (needing, mine) = sql!(
        conn,
        one(i64, i64),
        "SELECT (SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT 1 AS n FROM conversations WHERE property_id = $1 AND \
         waiting_since IS NOT NULL LIMIT $3) waiting), (SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT 1 AS n FROM \
         conversations WHERE property_id = $1 AND holder = $2 LIMIT $3) held)",
        property.0,
        me.0,
        MOST_COUNTED + 1
    )?;
    Ok(Counts { needing, mine })
}

/// The names under which staff, and keys that act as staff, have written in a conversation.
pub async fn staff_names(
    conn: &mut Conn,
    conversation: ConversationId,
) -> Result<HashMap<UserId, String>, DbError> {
    let rows = sql!(
        conn,
        all(Uuid, Option<String>),
        "SELECT DISTINCT m.user_id, COALESCE(u.name, k.name) FROM messages m LEFT JOIN users u ON u.id = m.user_id \
         LEFT JOIN api_keys k ON k.id = m.user_id WHERE m.conversation_id = $1 AND m.user_id IS NOT NULL",
        conversation.0
    )?;
    Ok(rows.into_iter().filter_map(|(id, name)| Some((UserId(id), name?))).collect())
}

/// The name of one member of staff, or of a key that acts as one.
pub async fn staff_name(conn: &mut Conn, id: UserId) -> Result<Option<String>, DbError> {
    let row = sql!(
        conn,
        optional One<String>,
        "SELECT name FROM users WHERE id = $1 UNION ALL SELECT name FROM api_keys WHERE id = $1",
        id.0
    )?;
    Ok(row.map(|(name,)| name))
}

/// How the guest sounded, message by message, oldest first: the last `limit`.
pub async fn moods(conn: &mut Conn, conversation: ConversationId, limit: i64) -> Result<Vec<f64>, DbError> {
    let rows = sql!(
        conn,
        all One<f64>,
        "SELECT mood FROM messages WHERE conversation_id = $1 AND author = 'guest' AND mood IS NOT NULL \
         ORDER BY seq DESC LIMIT $2",
        conversation.0,
        limit
    )?;
    Ok(rows.into_iter().rev().map(|(mood,)| mood).collect())
}

/// Later than any row; the far future of chrono is no PostgreSQL time.
fn far_future() -> DateTime<Utc> {
    DateTime::from_timestamp(253_402_300_799, 0).unwrap_or_default()
}

/// A guest's profile; `None` also once it was erased.
#[derive(Debug, Clone, PartialEq)]
pub struct Guest {
    pub property_id: PropertyId,
    pub name: Option<String>,
    pub lang: Option<String>,
    pub created_at: DateTime<Utc>,
}

pub async fn find_guest(conn: &mut Conn, id: GuestId) -> Result<Option<Guest>, DbError> {
    let row = sql!(
        conn,
        optional(Uuid, Option<String>, Option<String>, DateTime<Utc>),
        "SELECT property_id, name, lang, created_at FROM guests WHERE id = $1 AND erased_at IS NULL",
        id.0
    )?;
    Ok(row.map(|(property, name, lang, created_at)| Guest {
        property_id: property.into(),
        name,
        lang,
        created_at,
    }))
}

/// A guest's addresses, by channel.
pub async fn identities(conn: &mut Conn, guest: GuestId) -> Result<Vec<(String, String)>, DbError> {
    sql!(
        conn,
        all(String, String),
        "SELECT channel, address FROM identities WHERE guest_id = $1 ORDER BY created_at, channel",
        guest.0
    )
}
