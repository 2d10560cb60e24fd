//! A hotel's day in a few counts, each by an index and bounded. It must not judge them.

use super::db::{Conn, DbError, One, sql};
use crate::domain::conversation::Status;
use crate::domain::ids::PropertyId;
use chrono::{DateTime, Utc};

/// How many rows a count looks at: beyond, "5,000" says enough.
pub const MOST: i64 = 5_000;

/// Conversations that were active since `from`, by who has them now.
pub async fn conversations_since(
    conn: &mut Conn,
    property: PropertyId,
    from: DateTime<Utc>,
) -> Result<Vec<(Status, i64)>, DbError> {
    let rows = sql!(
        conn,
        all(String, i64),
        "SELECT status, CAST(COUNT(*) AS BIGINT) FROM (SELECT status FROM conversations
         WHERE property_id = $1 AND active_at >= $2 ORDER BY active_at DESC LIMIT $3) latest GROUP BY status",
        property.0,
        from,
        MOST,
    )?;
    let read = |(word, count): (String, i64)| {
        let status = word.parse().map_err(|error| DbError::Corrupt(format!("{error}")))?;
        Ok((status, count))
    };
    rows.into_iter().map(read).collect()
}

/// Conversations that wait for staff, and since when the first of them does.
pub async fn waiting(conn: &mut Conn, property: PropertyId) -> Result<(i64, Option<DateTime<Utc>>), DbError> {
    sql!(
        conn,
        one(i64, Option<DateTime<Utc>>),
        "SELECT CAST(COUNT(*) AS BIGINT), MIN(waiting_since) FROM (SELECT waiting_since FROM conversations
         WHERE property_id = $1 AND status = 'waiting' ORDER BY active_at LIMIT $2) held",
        property.0,
        MOST,
    )
}

/// Of the calls for staff since `from`: when each was made, and when somebody looked, for those that were looked at.
pub async fn looked_at_since(
    conn: &mut Conn,
    property: PropertyId,
    from: DateTime<Utc>,
) -> Result<Vec<(DateTime<Utc>, DateTime<Utc>)>, DbError> {
    sql!(
        conn,
        all(DateTime<Utc>, DateTime<Utc>),
        "SELECT created_at, opened_at FROM escalations WHERE property_id = $1 AND created_at >= $2
         AND opened_at IS NOT NULL ORDER BY created_at DESC LIMIT $3",
        property.0,
        from,
        MOST,
    )
}

/// Conversations that were active since `from` whose mood is at or below `low`, between, and at or above `high`.
pub async fn moods_since(
    conn: &mut Conn,
    property: PropertyId,
    from: DateTime<Utc>,
    (low, high): (f64, f64),
) -> Result<(i64, i64, i64), DbError> {
    sql!(
        conn,
        one(i64, i64, i64),
        "SELECT CAST(COALESCE(SUM(CASE WHEN mood <= $3 THEN 1 ELSE 0 END), 0) AS BIGINT),
         CAST(COALESCE(SUM(CASE WHEN mood > $3 AND mood < $4 THEN 1 ELSE 0 END), 0) AS BIGINT),
         CAST(COALESCE(SUM(CASE WHEN mood >= $4 THEN 1 ELSE 0 END), 0) AS BIGINT)
         FROM (SELECT mood FROM conversations WHERE property_id = $1 AND active_at >= $2 AND mood IS NOT NULL
         ORDER BY active_at DESC LIMIT $5) latest",
        property.0,
        from,
        low,
        high,
        MOST,
    )
}

/// Why staff were called since `from`, by the reason's kind, the most frequent first.
pub async fn reasons_since(
    conn: &mut Conn,
    property: PropertyId,
    from: DateTime<Utc>,
) -> Result<Vec<(String, i64)>, DbError> {
    sql!(
        conn,
        all(String, i64),
        "SELECT kind, CAST(COUNT(*) AS BIGINT) AS calls FROM (SELECT kind FROM escalations
         WHERE property_id = $1 AND created_at >= $2 ORDER BY created_at DESC LIMIT $3) latest
         GROUP BY kind ORDER BY calls DESC, kind",
        property.0,
        from,
        MOST,
    )
}

/// Open requests made before `before`.
pub async fn requests_open_since(
    conn: &mut Conn,
    property: PropertyId,
    before: DateTime<Utc>,
) -> Result<i64, DbError> {
    let (count,) = sql!(
        conn,
        one One<i64>,
        "SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT id FROM requests
         WHERE property_id = $1 AND state = 'open' AND created_at < $2 ORDER BY created_at LIMIT $3) old",
        property.0,
        before,
        MOST,
    )?;
    Ok(count)
}
