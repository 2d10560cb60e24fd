//! Effects: written down before they are done. Their state moves only along `EffectState::step`.

use super::db::{Conn, DbError, One, Tx, sql};
use crate::domain::effect::{Course, Effect, EffectEvent, EffectState, Plan};
use crate::domain::ids::{ConversationId, EffectId, StayId, TurnId};
use crate::domain::money::{Currency, Money};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::types::Json;
use uuid::Uuid;

macro_rules! columns {
    () => {
        "id, property_id, conversation_id, stay_id, turn_id, tool, plan, amount_minor, currency, state, error, \
         anchor_seq, confirmed_seq, quoted_seq, expires_at, voided_at, created_at, updated_at, sent_at, called_at, calls, \
         steps_done, external_id, due_at, overtaken_at"
    };
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    property_id: Uuid,
    conversation_id: Uuid,
    stay_id: Uuid,
    turn_id: Uuid,
    tool: String,
    plan: Json<Plan>,
    amount_minor: Option<i64>,
    currency: Option<String>,
    #[sqlx(try_from = "String")]
    state: EffectState,
    error: Option<String>,
    anchor_seq: i64,
    confirmed_seq: Option<i64>,
    quoted_seq: Option<i64>,
    expires_at: Option<DateTime<Utc>>,
    voided_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    sent_at: Option<DateTime<Utc>>,
    called_at: Option<DateTime<Utc>>,
    calls: i64,
    steps_done: i64,
    external_id: Option<String>,
    due_at: Option<DateTime<Utc>>,
    overtaken_at: Option<DateTime<Utc>>,
}

impl TryFrom<Row> for Effect {
    type Error = DbError;
    fn try_from(row: Row) -> Result<Self, DbError> {
        let total = match (row.amount_minor, row.currency) {
            (Some(amount), Some(code)) => {
                let currency: Currency =
                    code.parse().map_err(|_| DbError::Corrupt("effects.currency".to_owned()))?;
                Some(Money::new(amount, currency))
            }
            (None, _) | (_, None) => None,
        };
        Ok(Effect {
            id: row.id.into(),
            property_id: row.property_id.into(),
            conversation_id: row.conversation_id.into(),
            stay_id: row.stay_id.into(),
            turn_id: row.turn_id.into(),
            tool: row.tool,
            plan: row.plan.0,
            total,
            state: row.state,
            error: row.error,
            anchor_seq: row.anchor_seq,
            confirmed_seq: row.confirmed_seq,
            quoted_seq: row.quoted_seq,
            expires_at: row.expires_at,
            voided_at: row.voided_at,
            created_at: row.created_at,
            updated_at: row.updated_at,
            course: Course {
                sent_at: row.sent_at,
                called_at: row.called_at,
                calls: row.calls,
                steps_done: row.steps_done,
                external_id: row.external_id,
                due_at: row.due_at,
                overtaken_at: row.overtaken_at,
            },
        })
    }
}

fn read_all(rows: Vec<Row>) -> Result<Vec<Effect>, DbError> {
    rows.into_iter().map(Effect::try_from).collect()
}

pub async fn find(conn: &mut Conn, id: EffectId) -> Result<Option<Effect>, DbError> {
    let text = concat!("SELECT ", columns!(), " FROM effects WHERE id = $1");
    sql!(conn, optional Row, text, id.0)?.map(Effect::try_from).transpose()
}

/// The effect that the same wish of the same burst made before, if it did.
pub async fn find_by_key(conn: &mut Conn, key: &str) -> Result<Option<Effect>, DbError> {
    let text = concat!("SELECT ", columns!(), " FROM effects WHERE idempotency_key = $1");
    sql!(conn, optional Row, text, key)?.map(Effect::try_from).transpose()
}

/// The latest of a conversation, newest first.
pub async fn list_last(
    conn: &mut Conn,
    conversation: ConversationId,
    limit: i64,
) -> Result<Vec<Effect>, DbError> {
    let text = concat!(
        "SELECT ",
        columns!(),
        " FROM effects WHERE conversation_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2"
    );
    read_all(sql!(conn, all Row, text, conversation.0, limit)?)
}

/// The charges of a stay, oldest first.
pub async fn list_charges(conn: &mut Conn, stay: StayId) -> Result<Vec<Effect>, DbError> {
    let text = concat!(
        "SELECT ",
        columns!(),
        " FROM effects WHERE stay_id = $1 AND amount_minor IS NOT NULL ORDER BY created_at, id"
    );
    read_all(sql!(conn, all Row, text, stay.0)?)
}

/// [`DbError::Unique`] when the key has been used.
pub async fn insert(tx: &mut Tx, effect: &Effect, key: &str) -> Result<(), DbError> {
    sql!(
        tx,
        execute,
        "INSERT INTO effects (id, property_id, conversation_id, stay_id, turn_id, tool, idempotency_key, plan, \
         amount_minor, currency, state, error, anchor_seq, confirmed_seq, quoted_seq, expires_at, agreed_on, \
         voided_at, void_reason, created_at, updated_at, sent_at, called_at, calls, steps_done) VALUES ($1, $2, $3, $4, \
         $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, NULL, NULL, NULL, $17, $17, $18, $19, $20, $21)",
        effect.id.0,
        effect.property_id.0,
        effect.conversation_id.0,
        effect.stay_id.0,
        effect.turn_id.0,
        &effect.tool,
        key,
        Json(&effect.plan),
        effect.total.map(|total| total.amount_minor),
        effect.total.map(|total| total.currency.to_string()),
        effect.state.as_str(),
        effect.error.as_deref(),
        effect.anchor_seq,
        effect.confirmed_seq,
        effect.quoted_seq,
        effect.expires_at,
        effect.created_at,
        effect.course.sent_at,
        effect.course.called_at,
        effect.course.calls,
        effect.course.steps_done,
    )?;
    Ok(())
}

/// What is written down with a step, beyond the state.
#[derive(Debug, Clone, Default)]
pub struct Note {
    /// Why; of what succeeded: what staff still have to know.
    pub error: Option<String>,
    /// When it has to be looked at again.
    pub due_at: Option<DateTime<Utc>>,
}

impl Note {
    pub fn why(error: &str) -> Self {
        Self { error: Some(error.to_owned()), due_at: None }
    }
}

/// One step of its life, with what `effect` knows of its steps so far; [`DbError::Refused`] when it is no longer in a
/// state that can take it, or when another call has been begun for it.
pub async fn step(
    tx: &mut Tx,
    effect: &Effect,
    event: EffectEvent,
    note: Note,
    now: DateTime<Utc>,
) -> Result<Effect, DbError> {
    let stepped = effect.course.clone().step(effect.state, event, now);
    let (next, course) = stepped.map_err(|bad| DbError::Refused(bad.to_string()))?;
    let course = Course { due_at: note.due_at, ..course };
    let stepped = sql!(
        tx,
        optional One<Option<DateTime<Utc>>>,
        "UPDATE effects SET state = $4, error = $5, updated_at = $6, sent_at = $7, called_at = $8, calls = $9, \
         steps_done = $10, external_id = $11, due_at = $12 WHERE id = $1 AND state = $2 AND calls = $3 AND \
         steps_done <= $10 RETURNING overtaken_at",
        effect.id.0,
        effect.state.as_str(),
        effect.course.calls,
        next.as_str(),
        note.error.as_deref(),
        now,
        course.sent_at,
        course.called_at,
        course.calls,
        course.steps_done,
        course.external_id.as_deref(),
        course.due_at
    )?;
    let Some((overtaken_at,)) = stepped else {
        return Err(DbError::Refused("the effect has moved on meanwhile".to_owned()));
    };
    let course = Course { overtaken_at, ..course };
    Ok(Effect { state: next, error: note.error, updated_at: now, course, ..effect.clone() })
}

/// Between two steps of one effect: how many stand. False when its next step must not be begun, because another call
/// has taken its place or staff have taken over.
pub async fn advance(tx: &mut Tx, effect: &Effect, now: DateTime<Utc>) -> Result<bool, DbError> {
    let changed = sql!(
        tx,
        execute,
        "UPDATE effects SET steps_done = $3, external_id = $4, called_at = $5 WHERE id = $1 AND state = 'sent' AND \
         calls = $2 AND overtaken_at IS NULL",
        effect.id.0,
        effect.course.calls,
        effect.course.steps_done,
        effect.course.external_id.as_deref(),
        now
    )?;
    Ok(changed == 1)
}

/// Those that have to be looked at, longest due first.
pub async fn list_due(conn: &mut Conn, now: DateTime<Utc>, limit: i64) -> Result<Vec<Effect>, DbError> {
    let text = concat!("SELECT ", columns!(), " FROM effects WHERE due_at <= $1 ORDER BY due_at LIMIT $2");
    read_all(sql!(conn, all Row, text, now, limit)?)
}

/// Sets when it is looked at next, by comparing with when its caller believes it due: of several who look, one does.
pub async fn set_due(tx: &mut Tx, effect: &Effect, due_at: Option<DateTime<Utc>>) -> Result<bool, DbError> {
    let changed = sql!(
        tx,
        execute,
        "UPDATE effects SET due_at = $4 WHERE id = $1 AND state = $2 AND COALESCE(due_at, $5) = COALESCE($3, $5)",
        effect.id.0,
        effect.state.as_str(),
        effect.course.due_at,
        due_at,
        DateTime::<Utc>::UNIX_EPOCH
    )?;
    Ok(changed == 1)
}

/// The conversation passes on: what is with the hotel's system at this moment comes to its end, but nothing is added to
/// it. What has ended already and the turn has not told is marked too: that turn tells nobody any more. `answered`: how
/// far the guest has been answered.
pub async fn overtake(
    tx: &mut Tx,
    conversation: ConversationId,
    answered: i64,
    now: DateTime<Utc>,
) -> Result<u64, DbError> {
    sql!(
        tx,
        execute,
        "UPDATE effects SET overtaken_at = $3 WHERE conversation_id = $1 AND overtaken_at IS NULL AND (state IN ('sent', \
         'unknown') OR due_at IS NOT NULL OR (state IN ('succeeded', 'failed') AND sent_at IS NOT NULL AND (anchor_seq = $2 \
         OR confirmed_seq > $2)))",
        conversation.0,
        answered,
        now
    )
}

/// What the guest wrote after `answered` is answered by somebody else than a turn: what was done for it and has not been
/// told is due to be told, for no turn will.
pub async fn hand_on(
    tx: &mut Tx,
    conversation: ConversationId,
    answered: i64,
    now: DateTime<Utc>,
) -> Result<u64, DbError> {
    sql!(
        tx,
        execute,
        "UPDATE effects SET due_at = $3 WHERE conversation_id = $1 AND due_at IS NULL AND sent_at IS NOT NULL AND state IN \
         ('unknown', 'succeeded', 'failed') AND (anchor_seq = $2 OR confirmed_seq > $2)",
        conversation.0,
        answered,
        now
    )
}

/// An effect of an earlier turn over the same burst answers a wish of this one.
pub async fn adopt(tx: &mut Tx, id: EffectId, turn: TurnId) -> Result<(), DbError> {
    sql!(tx, execute, "UPDATE effects SET turn_id = $2 WHERE id = $1", id.0, turn.0)?;
    Ok(())
}

/// When the guest agreed: the hotel's day, for the limit per stay and day, and the end of the burst that said so.
pub async fn set_agreed(tx: &mut Tx, id: EffectId, day: NaiveDate, seq: i64) -> Result<(), DbError> {
    sql!(tx, execute, "UPDATE effects SET agreed_on = $2, confirmed_seq = $3 WHERE id = $1", id.0, day, seq)?;
    Ok(())
}

/// The message that told the guest the price.
pub async fn set_quoted(
    tx: &mut Tx,
    id: EffectId,
    seq: i64,
    expires_at: DateTime<Utc>,
) -> Result<(), DbError> {
    sql!(
        tx,
        execute,
        "UPDATE effects SET quoted_seq = $2, expires_at = $3 WHERE id = $1",
        id.0,
        seq,
        expires_at
    )?;
    Ok(())
}

/// Ends every open quote of a conversation: a newer one, a refusal or an opt-out took its place.
pub async fn close_open_quotes(
    tx: &mut Tx,
    conversation: ConversationId,
    except: Option<EffectId>,
    why: &str,
    now: DateTime<Utc>,
) -> Result<u64, DbError> {
    sql!(
        tx,
        execute,
        "UPDATE effects SET state = 'failed', error = $3, updated_at = $4 WHERE conversation_id = $1 AND id <> $2 \
         AND state = 'proposed'",
        conversation.0,
        except.map_or(Uuid::nil(), |id| id.0),
        why,
        now
    )
}

/// Ends what has not been sent to the hotel's system yet, agreed or not: staff have the floor now.
pub async fn abandon(
    tx: &mut Tx,
    conversation: ConversationId,
    why: &str,
    now: DateTime<Utc>,
) -> Result<u64, DbError> {
    sql!(
        tx,
        execute,
        "UPDATE effects SET state = 'failed', error = $2, updated_at = $3 WHERE conversation_id = $1 AND state IN \
         ('proposed', 'confirmed')",
        conversation.0,
        why,
        now
    )
}

/// Ends the quotes whose time is over, and those made before `untold` that no turn has told since; gives the conversation
/// of each.
pub async fn expire_quotes(
    tx: &mut Tx,
    now: DateTime<Utc>,
    untold: DateTime<Utc>,
) -> Result<Vec<ConversationId>, DbError> {
    let ended = sql!(
        tx,
        all One<Uuid>,
        "UPDATE effects SET state = 'failed', error = 'expired', updated_at = $1 WHERE state = 'proposed' AND \
         (expires_at <= $1 OR (expires_at IS NULL AND created_at < $2)) RETURNING conversation_id",
        now,
        untold
    )?;
    Ok(ended.into_iter().map(|(id,)| ConversationId(id)).collect())
}

/// What a stay has agreed to on a day, minor units: confirmed and not certainly undone.
pub async fn agreed_minor(conn: &mut Conn, stay: StayId, day: NaiveDate) -> Result<i64, DbError> {
    let (sum,) = sql!(
        conn,
        one One<i64>,
        "SELECT CAST(COALESCE(SUM(amount_minor), 0) AS BIGINT) FROM effects WHERE stay_id = $1 AND agreed_on = $2 \
         AND voided_at IS NULL AND state IN ('confirmed', 'sent', 'succeeded', 'unknown')",
        stay.0,
        day
    )?;
    Ok(sum)
}

/// Locks the stay's row so that two confirmations of one stay are counted one after the other.
pub async fn lock_stay(tx: &mut Tx, stay: StayId) -> Result<(), DbError> {
    // SQLite has one writer; PostgreSQL needs the row lock.
    let text =
        tx.pick("SELECT id FROM stays WHERE id = $1", "SELECT id FROM stays WHERE id = $1 FOR NO KEY UPDATE");
    sql!(tx, optional One<Uuid>, text, stay.0)?;
    Ok(())
}

/// Marks a charge as taken back by staff; false when it was voided before.
pub async fn void(tx: &mut Tx, id: EffectId, reason: &str, now: DateTime<Utc>) -> Result<bool, DbError> {
    let changed = sql!(
        tx,
        execute,
        "UPDATE effects SET voided_at = $2, void_reason = $3, updated_at = $2 WHERE id = $1 AND voided_at IS NULL",
        id.0,
        now,
        reason
    )?;
    Ok(changed == 1)
}

/// Effects that were being carried out when nobody was left to see the end: sent or confirmed before `before`.
pub async fn list_stranded(
    conn: &mut Conn,
    before: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Effect>, DbError> {
    let text = concat!(
        "SELECT ",
        columns!(),
        " FROM effects WHERE state IN ('confirmed', 'sent') AND updated_at < $1 ORDER BY updated_at LIMIT $2"
    );
    read_all(sql!(conn, all Row, text, before, limit)?)
}
