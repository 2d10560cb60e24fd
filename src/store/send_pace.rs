//! When a channel account may send next. The database decides, so that all nodes together keep the account's pace.

use super::db::{Conn, DbError, One, Tx, sql};
use crate::domain::ids::IntegrationId;
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

/// After a rest an account may send what it could have sent within this time, at once.
const CREDIT: TimeDelta = TimeDelta::seconds(1);

/// An account whose turn it is, locked until the unit ends.
#[derive(Debug, Clone, Copy)]
pub struct Turn {
    pub account: IntegrationId,
    gap: TimeDelta,
    /// From here on there are places.
    from: DateTime<Utc>,
}

impl Turn {
    fn new(account: IntegrationId, gap_micros: i64, next_at: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        let gap = TimeDelta::microseconds(gap_micros.max(0));
        let credit = (CREDIT - gap).max(TimeDelta::zero());
        Self { account, gap, from: next_at.max(now - credit) }
    }

    /// How many messages may leave now, `most` at the most.
    pub fn places(self, now: DateTime<Utc>, most: i64) -> i64 {
        let gap = self.gap.num_microseconds().unwrap_or(i64::MAX);
        let waited = (now - self.from).num_microseconds().unwrap_or(0);
        waited.checked_div(gap).map_or(most, |places| (places + 1).clamp(0, most))
    }

    fn after(self, sent: i64) -> DateTime<Utc> {
        let gap = self.gap.num_microseconds().unwrap_or(0);
        self.from + TimeDelta::microseconds(gap.saturating_mul(sent))
    }
}

/// Accounts with a pace that have something due and may send it now. Another node skips them until this unit ends.
pub async fn take_turns(tx: &mut Tx, now: DateTime<Utc>, limit: i64) -> Result<Vec<Turn>, DbError> {
    // SKIP LOCKED lets another node go on with other accounts; SQLite has one writer.
    let text = tx.pick(
        "SELECT p.integration_id, p.gap_micros, p.next_at FROM send_pace p WHERE p.next_at <= $1 AND EXISTS (SELECT 1 \
         FROM outbox o WHERE o.integration_id = p.integration_id AND o.due_at <= $1 AND o.state = 'queued') \
         ORDER BY p.next_at LIMIT $2",
        "SELECT p.integration_id, p.gap_micros, p.next_at FROM send_pace p WHERE p.next_at <= $1 AND EXISTS (SELECT 1 \
         FROM outbox o WHERE o.integration_id = p.integration_id AND o.due_at <= $1 AND o.state = 'queued') \
         ORDER BY p.next_at LIMIT $2 FOR UPDATE OF p SKIP LOCKED",
    );
    let rows = sql!(tx, all(Uuid, i64, DateTime<Utc>), text, now, limit)?;
    Ok(rows.into_iter().map(|(id, gap, next)| Turn::new(id.into(), gap, next, now)).collect())
}

/// So many have left in this turn.
pub async fn count(tx: &mut Tx, turn: Turn, sent: i64) -> Result<(), DbError> {
    sql!(
        tx,
        execute,
        "UPDATE send_pace SET next_at = $2 WHERE integration_id = $1",
        turn.account.0,
        turn.after(sent)
    )?;
    Ok(())
}

/// The vendor takes nothing for now: all of the account waits, not each message by itself.
pub async fn hold(tx: &mut Tx, account: IntegrationId, until: DateTime<Utc>) -> Result<(), DbError> {
    sql!(
        tx,
        execute,
        "INSERT INTO send_pace (integration_id, gap_micros, next_at) VALUES ($1, 0, $2) ON CONFLICT (integration_id) \
         DO UPDATE SET next_at = CASE WHEN send_pace.next_at < excluded.next_at THEN excluded.next_at ELSE \
         send_pace.next_at END",
        account.0,
        until
    )?;
    Ok(())
}

/// The least time between two messages; `None`: the account has never been paced.
pub async fn gap(conn: &mut Conn, account: IntegrationId) -> Result<Option<TimeDelta>, DbError> {
    let row = sql!(
        conn,
        optional One<i64>,
        "SELECT gap_micros FROM send_pace WHERE integration_id = $1",
        account.0
    )?;
    Ok(row.map(|(micros,)| TimeDelta::microseconds(micros)))
}

/// Sets the least time between two messages; none: no limit.
pub async fn set_gap(tx: &mut Tx, account: IntegrationId, gap: TimeDelta) -> Result<(), DbError> {
    sql!(
        tx,
        execute,
        "INSERT INTO send_pace (integration_id, gap_micros, next_at) VALUES ($1, $2, $3) ON CONFLICT (integration_id) \
         DO UPDATE SET gap_micros = excluded.gap_micros",
        account.0,
        gap.num_microseconds().unwrap_or(0),
        DateTime::UNIX_EPOCH
    )?;
    Ok(())
}

/// The account is gone.
pub async fn delete(tx: &mut Tx, account: IntegrationId) -> Result<(), DbError> {
    sql!(tx, execute, "DELETE FROM send_pace WHERE integration_id = $1", account.0)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(gap_millis: i64, rested_millis: i64) -> (Turn, DateTime<Utc>) {
        let now = DateTime::from_timestamp(1_781_092_800, 0).unwrap();
        let next = now - TimeDelta::milliseconds(rested_millis);
        (Turn::new(IntegrationId(Uuid::nil()), gap_millis * 1000, next, now), now)
    }

    #[test]
    fn one_a_second_is_one_a_second_however_long_it_has_rested() {
        for rested in [0, 999, 1000, 3_600_000] {
            let (turn, now) = turn(1000, rested);
            assert_eq!(turn.places(now, 64), 1, "{rested}");
            assert_eq!(turn.after(1), now + TimeDelta::seconds(1));
        }
    }

    #[test]
    fn ten_a_second_may_leave_together_after_a_rest_and_no_more() {
        let (rested, now) = turn(100, 60_000);
        assert_eq!(rested.places(now, 64), 10);
        assert_eq!(rested.after(10), now + TimeDelta::milliseconds(100));
        let (busy, now) = turn(100, 250);
        assert_eq!(busy.places(now, 64), 3);
        let (free, now) = turn(0, 0);
        assert_eq!(free.places(now, 64), 64);
    }
}
