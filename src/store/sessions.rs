//! Staff sessions and sign-in tries. A session counts only while its user is enabled; nothing here knows a cookie.

use super::db::{Conn, DbError, Tx, sql};
use super::people::{read_grant, read_role};
use crate::clock::Clock;
use crate::domain::ids::UserId;
use crate::domain::people::Grants;
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

/// Failed sign-ins are counted over this long.
pub const WINDOW: TimeDelta = TimeDelta::minutes(15);
/// So many failures per mail address within [`WINDOW`].
pub const TRIES_PER_EMAIL: i64 = 10;
/// So many per network address; a hotel's whole staff may share one.
pub const TRIES_PER_NETWORK: i64 = 50;

/// A signed-in user, as of now.
#[derive(Debug, Clone)]
pub struct Session {
    pub user: UserId,
    pub email: String,
    pub name: String,
    pub grants: Grants,
    pub csrf: String,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// A session to be.
#[derive(Debug, Clone)]
pub struct NewSession {
    pub token_hash: Vec<u8>,
    pub user: UserId,
    pub csrf: String,
    pub expires_at: DateTime<Utc>,
}

/// Whether a sign-in may be tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Try {
    Allowed,
    /// Not before that time.
    TooMany {
        until: DateTime<Utc>,
    },
}

/// Opens a session and drops those that have run out.
pub async fn insert(tx: &mut Tx, session: &NewSession, now: DateTime<Utc>) -> Result<(), DbError> {
    sql!(tx, execute, "DELETE FROM staff_sessions WHERE expires_at <= $1", now)?;
    sql!(
        tx,
        execute,
        "INSERT INTO staff_sessions (token_hash, user_id, csrf, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
        session.token_hash.as_slice(),
        session.user.0,
        &session.csrf,
        now,
        session.expires_at,
    )?;
    Ok(())
}

/// The session, its user and their roles in one statement; `None` once it ran out or the user was disabled.
pub async fn find(
    conn: &mut Conn,
    token_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<Option<Session>, DbError> {
    let rows = sql!(
        conn, all Row,
        "SELECT s.user_id, s.csrf, s.created_at, s.expires_at, u.email, u.name, u.everywhere_role, r.property_id, r.role
         FROM staff_sessions s JOIN users u ON u.id = s.user_id LEFT JOIN user_roles r ON r.user_id = u.id
         WHERE s.token_hash = $1 AND s.expires_at > $2 AND u.disabled_at IS NULL ORDER BY r.property_id",
        token_hash, now,
    )?;
    let mut session: Option<Session> = None;
    for row in rows {
        let grant = read_grant(row.property_id, row.role.as_deref())?;
        match &mut session {
            Some(session) => session.grants.at.extend(grant),
            None => {
                session = Some(Session {
                    user: row.user_id,
                    email: row.email,
                    name: row.name,
                    grants: Grants {
                        everywhere: row.everywhere_role.as_deref().map(read_role).transpose()?,
                        at: grant.into_iter().collect(),
                    },
                    csrf: row.csrf,
                    created_at: row.created_at,
                    expires_at: row.expires_at,
                });
            }
        }
    }
    Ok(session)
}

#[derive(sqlx::FromRow)]
struct Row {
    #[sqlx(try_from = "Uuid")]
    user_id: UserId,
    csrf: String,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    email: String,
    name: String,
    everywhere_role: Option<String>,
    property_id: Option<Uuid>,
    role: Option<String>,
}

pub async fn extend(tx: &mut Tx, token_hash: &[u8], expires_at: DateTime<Utc>) -> Result<(), DbError> {
    sql!(
        tx,
        execute,
        "UPDATE staff_sessions SET expires_at = $2 WHERE token_hash = $1",
        token_hash,
        expires_at,
    )?;
    Ok(())
}

pub async fn delete(tx: &mut Tx, token_hash: &[u8]) -> Result<(), DbError> {
    sql!(tx, execute, "DELETE FROM staff_sessions WHERE token_hash = $1", token_hash)?;
    Ok(())
}

/// Ends a user's sessions, all but `keep`.
pub async fn delete_of_user(tx: &mut Tx, user: UserId, keep: Option<&[u8]>) -> Result<(), DbError> {
    sql!(
        tx,
        execute,
        "DELETE FROM staff_sessions WHERE user_id = $1 AND token_hash <> $2",
        user.0,
        keep.unwrap_or_default(),
    )?;
    Ok(())
}

/// Counts a try before its password is looked at, so that many at once cannot slip through; a success takes its
/// tries back with [`forget_tries`].
pub async fn begin_try(tx: &mut Tx, clock: &Clock, email: &str, network: &str) -> Result<Try, DbError> {
    let now = clock.now();
    let since = now - WINDOW;
    sql!(tx, execute, "DELETE FROM sign_in_tries WHERE at <= $1", since)?;
    let (by_email, first_by_email) = sql!(
        tx,
        one(i64, Option<DateTime<Utc>>),
        "SELECT CAST(COUNT(*) AS BIGINT), MIN(at) FROM sign_in_tries WHERE email = $1",
        email,
    )?;
    let (by_network, first_by_network) = sql!(
        tx,
        one(i64, Option<DateTime<Utc>>),
        "SELECT CAST(COUNT(*) AS BIGINT), MIN(at) FROM sign_in_tries WHERE network = $1",
        network,
    )?;
    let email_until = first_by_email.filter(|_| by_email >= TRIES_PER_EMAIL);
    let network_until = first_by_network.filter(|_| by_network >= TRIES_PER_NETWORK);
    if let Some(first) = email_until.max(network_until) {
        return Ok(Try::TooMany { until: first + WINDOW });
    }
    sql!(
        tx,
        execute,
        "INSERT INTO sign_in_tries (id, email, network, at) VALUES ($1, $2, $3, $4)",
        clock.id::<Uuid>(),
        email,
        network,
        now,
    )?;
    Ok(Try::Allowed)
}

/// After a sign-in: the tries of this mail address from this network no longer count.
pub async fn forget_tries(tx: &mut Tx, email: &str, network: &str) -> Result<(), DbError> {
    sql!(tx, execute, "DELETE FROM sign_in_tries WHERE email = $1 AND network = $2", email, network)?;
    Ok(())
}
