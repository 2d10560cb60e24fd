//! What becomes of leases and appointments when a process ends or begins, or its clock is set. Claiming, and the tokens
//! on which correctness rests, stand with the rows themselves.

use super::bell::Bell;
use super::db::{Conn, DbError, One, Tx, sql};
use crate::domain::ids::ConversationId;
use chrono::{DateTime, TimeDelta, Utc};

/// A conversation that a worker has leased, and the token that it was given.
pub type Held = (ConversationId, i64);

/// Gives conversations back whose turns were cut off by an orderly end: others may have them at once, and the turn does
/// not count as one that failed.
pub async fn give_back(tx: &mut Tx, held: &[Held]) -> Result<(), DbError> {
    for (conversation, token) in held {
        sql!(
            tx,
            execute,
            "UPDATE conversations SET lease_until = NULL, turn_tries = turn_tries - 1 WHERE id = $1 AND \
             lease_token = $2 AND lease_until IS NOT NULL AND turn_tries > 0",
            conversation.0,
            token
        )?;
    }
    tx.ring(Bell::Turn);
    Ok(())
}

/// How many turns and how many messages are due and with nobody.
pub async fn count_due(conn: &mut Conn, now: DateTime<Utc>) -> Result<(i64, i64), DbError> {
    let (turns,) = sql!(
        conn,
        one One<i64>,
        "SELECT CAST(COUNT(*) AS BIGINT) FROM conversations WHERE turn_due_at <= $1 AND (lease_until IS NULL OR lease_until < $1)",
        now
    )?;
    let (rows,) = sql!(conn, one One<i64>, "SELECT CAST(COUNT(*) AS BIGINT) FROM outbox WHERE due_at <= $1 AND state = 'queued'", now)?;
    Ok((turns, rows))
}

/// Ends every lease: only for a process that is alone on its database, as it starts. What was being sent is then of
/// unknown fate, and dealt with as such.
pub async fn end_all(tx: &mut Tx, now: DateTime<Utc>) -> Result<u64, DbError> {
    let turns =
        sql!(tx, execute, "UPDATE conversations SET lease_until = NULL WHERE lease_until IS NOT NULL")?;
    let sendings = sql!(
        tx,
        execute,
        "UPDATE outbox SET lease_until = $1 WHERE state = 'sending' AND lease_until > $1",
        now
    )?;
    Ok(turns + sendings)
}

/// Everything that waits for a time, as it happens at $1 where it was written after $2.
const PUT_OFF: [&str; 6] = [
    "UPDATE conversations SET turn_due_at = $1 WHERE turn_due_at > $1 AND active_at > $2",
    "UPDATE conversations SET holder_due_at = $1 WHERE holder_due_at > $1 AND active_at > $2",
    "UPDATE outbox SET due_at = $1 WHERE due_at > $1 AND state IN ('queued', 'unknown') AND created_at > $2",
    "UPDATE send_pace SET next_at = $1 WHERE next_at > $1 AND next_at > $2",
    "UPDATE escalations SET ring_at = $1 WHERE ring_at > $1 AND created_at > $2",
    "UPDATE effects SET due_at = $1 WHERE due_at > $1 AND updated_at > $2",
];

/// The clock was set back, or whoever wrote these rows had one that was ahead: what they put off happens now, rather
/// early than hours late. `written_after`: only rows written later than that, which on a right clock is no time yet.
/// A sending under way begins its lease anew, of at most `sending`.
pub async fn catch_up(
    tx: &mut Tx,
    now: DateTime<Utc>,
    written_after: DateTime<Utc>,
    sending: TimeDelta,
) -> Result<u64, DbError> {
    let begins_anew = "UPDATE outbox SET lease_until = $1 WHERE state = 'sending' AND lease_until > $1";
    let mut moved = sql!(tx, execute, begins_anew, now + sending)?;
    for put_off in PUT_OFF {
        moved += sql!(tx, execute, put_off, now, written_after)?;
    }
    if moved > 0 {
        tx.ring(Bell::Turn);
        tx.ring(Bell::Sending);
    }
    Ok(moved)
}
