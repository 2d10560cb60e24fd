//! The flight record: what was decided, on what evidence, under which versions.

use super::db::{Conn, DbError, One, Tx, sql};
use crate::domain::ids::{ConversationId, MessageId, TurnId};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use sqlx::types::Json;
use uuid::Uuid;

/// One entry.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Decision {
    /// The last guest message that it rests on.
    pub seq: i64,
    /// `turn`, `escalated`, `proof`, `took_over` …
    pub kind: String,
    pub body: Value,
    pub at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct Row {
    seq: i64,
    kind: String,
    body: Json<Value>,
    at: DateTime<Utc>,
}

pub async fn insert(
    tx: &mut Tx,
    id: Uuid,
    conversation: ConversationId,
    turn: Option<TurnId>,
    decision: &Decision,
) -> Result<(), DbError> {
    sql!(
        tx,
        later,
        "INSERT INTO decisions (id, conversation_id, seq, turn_id, kind, body, at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        id,
        conversation.0,
        decision.seq,
        turn.map(|turn| turn.0),
        &decision.kind,
        Json(&decision.body),
        decision.at,
    )
}

/// Oldest first.
pub async fn list(
    conn: &mut Conn,
    conversation: ConversationId,
    limit: i64,
) -> Result<Vec<Decision>, DbError> {
    let rows = sql!(
        conn,
        all Row,
        "SELECT seq, kind, body, at FROM decisions WHERE conversation_id = $1 ORDER BY at, id LIMIT $2",
        conversation.0,
        limit
    )?;
    Ok(rows
        .into_iter()
        .map(|row| Decision { seq: row.seq, kind: row.kind, body: row.body.0, at: row.at })
        .collect())
}

/// How far the guest had been answered before the turn that wrote a message; `None` where that turn's reply was heard in
/// part, or staff have spoken since, or were called by it: then somebody has what the guest asked.
pub async fn answered_before(
    conn: &mut Conn,
    conversation: ConversationId,
    message: MessageId,
) -> Result<Option<i64>, DbError> {
    let row = sql!(
        conn,
        optional One<Json<Value>>,
        "SELECT d.body FROM messages m JOIN decisions d ON d.conversation_id = m.conversation_id AND d.turn_id = \
         m.turn_id WHERE m.id = $2 AND m.conversation_id = $1 AND d.kind = 'turn' AND NOT EXISTS (SELECT 1 FROM \
         messages o WHERE o.conversation_id = $1 AND ((o.turn_id = m.turn_id AND o.delivery <> 'cancelled') OR \
         (o.author = 'staff' AND NOT o.private AND o.seq > m.seq)))",
        conversation.0,
        message.0
    )?;
    let Some((Json(body),)) = row else { return Ok(None) };
    let called = body["escalated"].as_array().is_some_and(|calls| !calls.is_empty());
    Ok(body["from"].as_i64().filter(|_| !called))
}
