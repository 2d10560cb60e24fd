//! Service requests of all departments.

use super::db::{Conn, DbError, Tx, sql};
use crate::domain::ids::{ConversationId, EffectId, PropertyId, RequestId, StayId, UserId};
use crate::domain::request::{Request, RequestKind, RequestState};
use chrono::{DateTime, Utc};
use uuid::Uuid;

macro_rules! columns {
    () => {
        "id, property_id, stay_id, conversation_id, effect_id, kind, item, quantity, room, department, state, note, \
         due_at, created_at, closed_at, closed_by"
    };
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    property_id: Uuid,
    stay_id: Option<Uuid>,
    conversation_id: Option<Uuid>,
    effect_id: Option<Uuid>,
    #[sqlx(try_from = "String")]
    kind: RequestKind,
    item: String,
    quantity: i64,
    room: Option<String>,
    department: String,
    #[sqlx(try_from = "String")]
    state: RequestState,
    note: Option<String>,
    due_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    closed_at: Option<DateTime<Utc>>,
    closed_by: Option<Uuid>,
}

impl From<Row> for Request {
    fn from(row: Row) -> Self {
        Request {
            id: row.id.into(),
            property_id: row.property_id.into(),
            stay_id: row.stay_id.map(StayId),
            conversation_id: row.conversation_id.map(ConversationId),
            effect_id: row.effect_id.map(EffectId),
            kind: row.kind,
            item: row.item,
            quantity: row.quantity,
            room: row.room,
            department: row.department,
            state: row.state,
            note: row.note,
            due_at: row.due_at,
            created_at: row.created_at,
            closed_at: row.closed_at,
            closed_by: row.closed_by.map(UserId),
        }
    }
}

/// False when its effect has made a request before: one effect, one request.
pub async fn insert_once(tx: &mut Tx, r: &Request) -> Result<bool, DbError> {
    let changed = sql!(
        tx,
        execute,
        "INSERT INTO requests (id, property_id, stay_id, conversation_id, effect_id, kind, item, quantity, room, \
         department, state, note, due_at, created_at, closed_at, closed_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, \
         $9, $10, $11, $12, $13, $14, NULL, NULL) ON CONFLICT DO NOTHING",
        r.id.0,
        r.property_id.0,
        r.stay_id.map(|id| id.0),
        r.conversation_id.map(|id| id.0),
        r.effect_id.map(|id| id.0),
        r.kind.as_str(),
        &r.item,
        r.quantity,
        r.room.as_deref(),
        &r.department,
        r.state.as_str(),
        r.note.as_deref(),
        r.due_at,
        r.created_at,
    )?;
    Ok(changed == 1)
}

pub async fn find(conn: &mut Conn, id: RequestId) -> Result<Option<Request>, DbError> {
    let text = concat!("SELECT ", columns!(), " FROM requests WHERE id = $1");
    Ok(sql!(conn, optional Row, text, id.0)?.map(Request::from))
}

pub async fn find_by_effect(conn: &mut Conn, effect: EffectId) -> Result<Option<Request>, DbError> {
    let text = concat!("SELECT ", columns!(), " FROM requests WHERE effect_id = $1");
    Ok(sql!(conn, optional Row, text, effect.0)?.map(Request::from))
}

pub async fn list_by_conversation(
    conn: &mut Conn,
    conversation: ConversationId,
) -> Result<Vec<Request>, DbError> {
    let text = concat!(
        "SELECT ",
        columns!(),
        " FROM requests WHERE conversation_id = $1 ORDER BY created_at DESC, id DESC LIMIT 50"
    );
    Ok(sql!(conn, all Row, text, conversation.0)?.into_iter().map(Request::from).collect())
}

/// Oldest first, after the keyset `(created_at, id)`.
pub async fn list(
    conn: &mut Conn,
    property: PropertyId,
    state: RequestState,
    after: (DateTime<Utc>, Uuid),
    limit: i64,
) -> Result<Vec<Request>, DbError> {
    let text = concat!(
        "SELECT ",
        columns!(),
        " FROM requests WHERE property_id = $1 AND state = $2 AND (created_at, id) > ($3, $4) \
         ORDER BY created_at, id LIMIT $5"
    );
    let rows = sql!(conn, all Row, text, property.0, state.as_str(), after.0, after.1, limit)?;
    Ok(rows.into_iter().map(Request::from).collect())
}

/// Open → done, cannot or cancelled; false when somebody closed it before.
pub async fn close(
    tx: &mut Tx,
    id: RequestId,
    state: RequestState,
    note: Option<&str>,
    by: Option<UserId>,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let changed = sql!(
        tx,
        execute,
        "UPDATE requests SET state = $2, note = COALESCE($3, note), closed_at = $4, closed_by = $5 WHERE id = $1 AND \
         state = 'open'",
        id.0,
        state.as_str(),
        note,
        now,
        by.map(|user| user.0)
    )?;
    Ok(changed == 1)
}
