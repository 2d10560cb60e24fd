//! Messages: kept in the order of their `seq`, each vendor's message once.

use super::bell::Bell;
use super::db::{Conn, DbError, One, Tx, sql};
use crate::domain::ids::{ConversationId, EffectId, MessageId, PropertyId, TurnId, UserId};
use crate::domain::message::{Author, Delivery, Media, Message};
use chrono::{DateTime, Utc};
use sqlx::types::Json;
use uuid::Uuid;

macro_rules! columns {
    () => {
        "id, conversation_id, seq, author, user_id, private, text, media, quote_id, delivery, delivery_reason, mood, \
         tokens, created_at"
    };
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    conversation_id: Uuid,
    seq: i64,
    #[sqlx(try_from = "String")]
    author: Author,
    user_id: Option<Uuid>,
    private: bool,
    text: String,
    media: Json<Vec<Media>>,
    quote_id: Option<Uuid>,
    #[sqlx(try_from = "String")]
    delivery: Delivery,
    delivery_reason: Option<String>,
    mood: Option<f64>,
    tokens: Option<i64>,
    created_at: DateTime<Utc>,
}

impl From<Row> for Message {
    fn from(row: Row) -> Self {
        Message {
            id: row.id.into(),
            conversation_id: row.conversation_id.into(),
            seq: row.seq,
            author: row.author,
            user_id: row.user_id.map(UserId),
            private: row.private,
            text: row.text,
            media: row.media.0,
            quote: row.quote_id.map(EffectId),
            delivery: row.delivery,
            delivery_reason: row.delivery_reason,
            mood: row.mood,
            tokens: row.tokens,
            created_at: row.created_at,
        }
    }
}

/// Where a message came from or goes to: the scope within which its vendor id is unique.
#[derive(Debug, Clone, Copy)]
pub struct Origin<'a> {
    pub account: &'a str,
    pub vendor_id: Option<&'a str>,
    pub turn: Option<TurnId>,
}

/// The unit fails with [`DbError::Unique`], at its end at the latest, when the vendor's message is there already.
pub async fn insert(
    tx: &mut Tx,
    property: PropertyId,
    m: &Message,
    origin: Origin<'_>,
) -> Result<(), DbError> {
    sql!(
        tx,
        later,
        "INSERT INTO messages (id, property_id, conversation_id, seq, author, user_id, private, text, media, \
         quote_id, turn_id, account, vendor_id, delivery, delivery_reason, mood, tokens, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        m.id.0,
        property.0,
        m.conversation_id.0,
        m.seq,
        m.author.as_str(),
        m.user_id.map(|user| user.0),
        m.private,
        &m.text,
        Json(&m.media),
        m.quote.map(|effect| effect.0),
        origin.turn.map(|turn| turn.0),
        origin.account,
        origin.vendor_id,
        m.delivery.as_str(),
        m.delivery_reason.as_deref(),
        m.mood,
        m.tokens,
        m.created_at,
    )
}

pub async fn find_by_vendor_id(
    conn: &mut Conn,
    account: &str,
    vendor_id: &str,
) -> Result<Option<Message>, DbError> {
    let text = concat!("SELECT ", columns!(), " FROM messages WHERE account = $1 AND vendor_id = $2");
    Ok(sql!(conn, optional Row, text, account, vendor_id)?.map(Message::from))
}

pub async fn find(conn: &mut Conn, id: MessageId) -> Result<Option<Message>, DbError> {
    let text = concat!("SELECT ", columns!(), " FROM messages WHERE id = $1");
    Ok(sql!(conn, optional Row, text, id.0)?.map(Message::from))
}

/// In order, after `after`.
pub async fn list_after(
    conn: &mut Conn,
    conversation: ConversationId,
    after: i64,
    limit: i64,
) -> Result<Vec<Message>, DbError> {
    let text = concat!(
        "SELECT ",
        columns!(),
        " FROM messages WHERE conversation_id = $1 AND seq > $2 ORDER BY seq LIMIT $3"
    );
    Ok(sql!(conn, all Row, text, conversation.0, after, limit)?.into_iter().map(Message::from).collect())
}

#[derive(sqlx::FromRow)]
struct KeyedRow {
    #[sqlx(flatten)]
    row: Row,
    vendor_id: Option<String>,
}

/// What the guest may see, in order, after `after`; each with the key that its writer gave it, if any.
pub async fn list_for_guest(
    conn: &mut Conn,
    conversation: ConversationId,
    after: i64,
    limit: i64,
) -> Result<Vec<(Message, Option<String>)>, DbError> {
    let text = concat!(
        "SELECT ",
        columns!(),
        ", vendor_id FROM messages WHERE conversation_id = $1 AND seq > $2 AND NOT private ORDER BY seq LIMIT $3"
    );
    let rows = sql!(conn, all KeyedRow, text, conversation.0, after, limit)?;
    Ok(rows.into_iter().map(|keyed| (keyed.row.into(), keyed.vendor_id)).collect())
}

/// The last `limit` messages, oldest first.
pub async fn list_last(
    conn: &mut Conn,
    conversation: ConversationId,
    limit: i64,
) -> Result<Vec<Message>, DbError> {
    let text = concat!(
        "SELECT ",
        columns!(),
        " FROM messages WHERE conversation_id = $1 ORDER BY seq DESC LIMIT $2"
    );
    let mut rows = sql!(conn, all Row, text, conversation.0, limit)?;
    rows.reverse();
    Ok(rows.into_iter().map(Message::from).collect())
}

/// The guest's last messages, newest first: for numbers that are split over several.
pub async fn last_guest_texts(
    conn: &mut Conn,
    conversation: ConversationId,
    limit: i64,
) -> Result<Vec<(MessageId, String)>, DbError> {
    let rows = sql!(
        conn,
        all(Uuid, String),
        "SELECT id, text FROM messages WHERE conversation_id = $1 AND author = 'guest' ORDER BY seq DESC LIMIT $2",
        conversation.0,
        limit
    )?;
    Ok(rows.into_iter().map(|(id, text)| (id.into(), text)).collect())
}

/// The vendor's id of the guest's message that `answer` is the first to follow; `None`: something has followed it before,
/// or no vendor brought it.
pub async fn first_answered_by(
    conn: &mut Conn,
    conversation: ConversationId,
    answer: MessageId,
) -> Result<Option<String>, DbError> {
    let row = sql!(
        conn,
        optional One<Option<String>>,
        "SELECT g.vendor_id FROM messages a JOIN messages g ON g.conversation_id = a.conversation_id AND g.seq = \
         (SELECT MAX(m.seq) FROM messages m WHERE m.conversation_id = $1 AND m.seq < a.seq AND NOT m.private) \
         WHERE a.id = $2 AND g.author = 'guest'",
        conversation.0,
        answer.0
    )?;
    Ok(row.and_then(|(id,)| id))
}

/// Masks what turned out to be a part of a card number.
pub async fn replace_text(tx: &mut Tx, id: MessageId, text: &str) -> Result<(), DbError> {
    sql!(tx, execute, "UPDATE messages SET text = $2, tokens = NULL WHERE id = $1", id.0, text)?;
    Ok(())
}

/// Moves a message's delivery forward, never back, and tells open pages; false: it had come that far already. One
/// statement, so that of receipts which meet the later state stays.
pub async fn advance(
    tx: &mut Tx,
    id: MessageId,
    delivery: Delivery,
    reason: Option<&str>,
) -> Result<bool, DbError> {
    let before = |at: usize| delivery.follows().get(at).map_or("", |state| state.as_str());
    let moved = sql!(
        tx,
        optional(Uuid, Uuid, i64),
        "UPDATE messages SET delivery = $2, delivery_reason = $3 WHERE id = $1 AND delivery IN ($4, $5, $6, $7) \
         RETURNING property_id, conversation_id, (SELECT c.last_seq FROM conversations c WHERE c.id = conversation_id)",
        id.0,
        delivery.as_str(),
        reason,
        before(0),
        before(1),
        before(2),
        before(3),
    )?;
    if let Some((property, conversation, seq)) = moved {
        tx.ring(Bell::Conversation {
            property: property.into(),
            conversation: conversation.into(),
            seq,
            echo: false,
        });
    }
    Ok(moved.is_some())
}

/// Whatever it was before: staff, or the guest's own word to the carrier, have decided.
pub async fn set_delivery(
    tx: &mut Tx,
    id: MessageId,
    delivery: Delivery,
    reason: Option<&str>,
) -> Result<(), DbError> {
    sql!(
        tx,
        execute,
        "UPDATE messages SET delivery = $2, delivery_reason = $3 WHERE id = $1",
        id.0,
        delivery.as_str(),
        reason
    )?;
    Ok(())
}

/// What a guest wrote, for trying rules on it.
#[derive(Debug, Clone, PartialEq)]
pub struct PastLine {
    pub conversation: ConversationId,
    pub seq: i64,
    pub text: String,
    /// −1 … 1, as it was when the message came.
    pub mood: Option<f64>,
}

#[derive(sqlx::FromRow)]
struct PastRow {
    conversation_id: Uuid,
    seq: i64,
    text: String,
    mood: Option<f64>,
}

/// How many conversations are looked into at most, so that the read stays short in a large hotel.
const PAST_CONVERSATIONS: i64 = 2_000;

/// The hotel's latest guest messages: the conversation that was active last comes first, each from its end.
pub async fn list_past_guest_lines(
    conn: &mut Conn,
    property: PropertyId,
    limit: i64,
) -> Result<Vec<PastLine>, DbError> {
    let rows = sql!(
        conn,
        all PastRow,
        "SELECT m.conversation_id, m.seq, m.text, m.mood FROM \
         (SELECT id, active_at FROM conversations WHERE property_id = $1 ORDER BY active_at DESC, id DESC LIMIT $3) c \
         JOIN messages m ON m.conversation_id = c.id WHERE m.author = 'guest' \
         ORDER BY c.active_at DESC, c.id DESC, m.seq DESC LIMIT $2",
        property.0,
        limit,
        PAST_CONVERSATIONS,
    )?;
    let line = |row: PastRow| PastLine {
        conversation: row.conversation_id.into(),
        seq: row.seq,
        text: row.text,
        mood: row.mood,
    };
    Ok(rows.into_iter().map(line).collect())
}
