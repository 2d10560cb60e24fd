//! Users, their roles, and API keys. It stores what was decided; who may decide is [`crate::web`]'s question.

use super::db::{Conn, DbError, Tx, sql};
use crate::clock::Clock;
use crate::domain::ids::{ApiKeyId, PropertyId, UserId};
use crate::domain::people::{Grants, Reach, Role, Scope};
use crate::secrets::{hash_token, random_token};
use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

/// Somebody who can sign in.
#[derive(Debug, Clone, PartialEq)]
pub struct User {
    pub id: UserId,
    /// Lower case.
    pub email: String,
    pub name: String,
    pub grants: Grants,
    pub disabled_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

/// A user to be; the hash is made before the write unit, which must not wait for it.
#[derive(Debug, Clone)]
pub struct NewUser {
    pub id: UserId,
    pub email: String,
    pub name: String,
    pub password_hash: String,
    pub grants: Grants,
}

/// What a sign-in is checked against.
#[derive(Debug, Clone)]
pub struct Login {
    pub user: User,
    pub password_hash: String,
}

/// A machine's way in.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiKey {
    pub id: ApiKeyId,
    pub reach: Reach,
    pub name: String,
    pub scope: Scope,
    pub disabled_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

/// A key that was just made, with the only copy of its text.
pub struct IssuedKey {
    pub key: ApiKey,
    pub text: SecretString,
    pub hash: [u8; 32],
}

impl IssuedKey {
    pub fn new(clock: &Clock, name: String, scope: Scope, reach: Reach) -> Self {
        let text = SecretString::from(format!("bh_{}", random_token().expose_secret()));
        let created_at = clock.now();
        let key = ApiKey { id: clock.id(), reach, name, scope, disabled_at: None, created_at };
        let hash = hash_token(text.expose_secret());
        Self { key, text, hash }
    }
}

/// The one spelling under which a mail address is stored and looked up.
pub fn normal_email(email: &str) -> String {
    email.trim().to_lowercase()
}

pub async fn find_user(conn: &mut Conn, id: UserId) -> Result<Option<User>, DbError> {
    let rows = sql!(
        conn, all UserRow,
        "SELECT u.id, u.email, u.name, u.password_hash, u.everywhere_role, u.disabled_at, u.created_at, r.property_id, r.role
         FROM users u LEFT JOIN user_roles r ON r.user_id = u.id WHERE u.id = $1 ORDER BY r.property_id",
        id.0,
    )?;
    Ok(logins(rows)?.pop().map(|login| login.user))
}

/// By mail address in any spelling; disabled users too.
pub async fn find_login(conn: &mut Conn, email: &str) -> Result<Option<Login>, DbError> {
    let rows = sql!(
        conn, all UserRow,
        "SELECT u.id, u.email, u.name, u.password_hash, u.everywhere_role, u.disabled_at, u.created_at, r.property_id, r.role
         FROM users u LEFT JOIN user_roles r ON r.user_id = u.id WHERE u.email = $1 ORDER BY r.property_id",
        normal_email(email),
    )?;
    Ok(logins(rows)?.pop())
}

/// Oldest first, those after `after`. Of a property: everybody with a role there, be it a role everywhere.
pub async fn list_users(
    conn: &mut Conn,
    reach: Reach,
    after: Option<UserId>,
    limit: i64,
) -> Result<Vec<User>, DbError> {
    let property = match reach {
        Reach::Everywhere => None,
        Reach::Property(id) => Some(id.0),
    };
    let rows = sql!(
        conn, all UserRow,
        "SELECT u.id, u.email, u.name, u.password_hash, u.everywhere_role, u.disabled_at, u.created_at, r.property_id, r.role
         FROM (SELECT id, email, name, password_hash, everywhere_role, disabled_at, created_at FROM users
               WHERE id > $1 AND ($2 IS NULL OR everywhere_role IS NOT NULL
                 OR EXISTS (SELECT 1 FROM user_roles own WHERE own.user_id = users.id AND own.property_id = $2))
               ORDER BY id LIMIT $3) u
         LEFT JOIN user_roles r ON r.user_id = u.id ORDER BY u.id, r.property_id",
        after.map_or(Uuid::nil(), |id| id.0), property, limit,
    )?;
    Ok(logins(rows)?.into_iter().map(|login| login.user).collect())
}

/// [`DbError::Unique`] when the mail address is taken.
pub async fn insert_user(tx: &mut Tx, user: &NewUser, now: DateTime<Utc>) -> Result<(), DbError> {
    sql!(
        tx,
        execute,
        "INSERT INTO users (id, email, name, password_hash, everywhere_role, disabled_at, created_at)
         VALUES ($1, $2, $3, $4, $5, NULL, $6)",
        user.id.0,
        normal_email(&user.email),
        &user.name,
        &user.password_hash,
        user.grants.everywhere.map(Role::as_str),
        now,
    )?;
    for (property, role) in &user.grants.at {
        set_role(tx, user.id, Reach::Property(*property), Some(*role)).await?;
    }
    Ok(())
}

/// Gives a role in one place instead of the one held there; `None` takes it away.
pub async fn set_role(tx: &mut Tx, id: UserId, reach: Reach, role: Option<Role>) -> Result<(), DbError> {
    match (reach, role) {
        (Reach::Everywhere, role) => sql!(
            tx,
            execute,
            "UPDATE users SET everywhere_role = $2 WHERE id = $1",
            id.0,
            role.map(Role::as_str),
        )?,
        (Reach::Property(property), Some(role)) => sql!(
            tx,
            execute,
            "INSERT INTO user_roles (user_id, property_id, role) VALUES ($1, $2, $3)
             ON CONFLICT (user_id, property_id) DO UPDATE SET role = excluded.role",
            id.0,
            property.0,
            role.as_str(),
        )?,
        (Reach::Property(property), None) => sql!(
            tx,
            execute,
            "DELETE FROM user_roles WHERE user_id = $1 AND property_id = $2",
            id.0,
            property.0,
        )?,
    };
    Ok(())
}

pub async fn set_name(tx: &mut Tx, id: UserId, name: &str) -> Result<(), DbError> {
    sql!(tx, execute, "UPDATE users SET name = $2 WHERE id = $1", id.0, name)?;
    Ok(())
}

pub async fn set_password_hash(tx: &mut Tx, id: UserId, hash: &str) -> Result<(), DbError> {
    sql!(tx, execute, "UPDATE users SET password_hash = $2 WHERE id = $1", id.0, hash)?;
    Ok(())
}

/// Their sessions stop counting at once; [`super::sessions::delete_of_user`] removes them.
pub async fn set_user_disabled(tx: &mut Tx, id: UserId, at: Option<DateTime<Utc>>) -> Result<(), DbError> {
    sql!(tx, execute, "UPDATE users SET disabled_at = $2 WHERE id = $1", id.0, at)?;
    Ok(())
}

/// Enabled admins of everything. On PostgreSQL it locks them until the commit, so that two admins who switch each
/// other off cannot both succeed; SQLite has one writer anyway.
pub async fn admins_everywhere(tx: &mut Tx) -> Result<Vec<UserId>, DbError> {
    let text = tx.pick(
        "SELECT id FROM users WHERE everywhere_role = $1 AND disabled_at IS NULL ORDER BY id",
        "SELECT id FROM users WHERE everywhere_role = $1 AND disabled_at IS NULL ORDER BY id FOR UPDATE",
    );
    let rows = sql!(tx, all(Uuid,), text, Role::Admin.as_str())?;
    Ok(rows.into_iter().map(|(id,)| UserId(id)).collect())
}

#[derive(sqlx::FromRow)]
struct UserRow {
    #[sqlx(try_from = "Uuid")]
    id: UserId,
    email: String,
    name: String,
    password_hash: String,
    everywhere_role: Option<String>,
    disabled_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    property_id: Option<Uuid>,
    role: Option<String>,
}

/// Folds one row per role into one login per user; the rows of a user are neighbours.
fn logins(rows: Vec<UserRow>) -> Result<Vec<Login>, DbError> {
    let mut logins: Vec<Login> = Vec::new();
    for row in rows {
        let grant = read_grant(row.property_id, row.role.as_deref())?;
        match logins.last_mut() {
            Some(last) if last.user.id == row.id => last.user.grants.at.extend(grant),
            _ => logins.push(Login {
                user: User {
                    id: row.id,
                    email: row.email,
                    name: row.name,
                    grants: Grants {
                        everywhere: row.everywhere_role.as_deref().map(read_role).transpose()?,
                        at: grant.into_iter().collect(),
                    },
                    disabled_at: row.disabled_at,
                    created_at: row.created_at,
                },
                password_hash: row.password_hash,
            }),
        }
    }
    Ok(logins)
}

pub(super) fn read_role(word: &str) -> Result<Role, DbError> {
    word.parse().map_err(|error| DbError::Corrupt(format!("{error}")))
}

pub(super) fn read_grant(
    property: Option<Uuid>,
    role: Option<&str>,
) -> Result<Option<(PropertyId, Role)>, DbError> {
    match (property, role) {
        (Some(property), Some(role)) => Ok(Some((PropertyId(property), read_role(role)?))),
        _ => Ok(None),
    }
}

pub async fn insert_key(tx: &mut Tx, key: &ApiKey, key_hash: &[u8]) -> Result<(), DbError> {
    sql!(
        tx,
        execute,
        "INSERT INTO api_keys (id, property_id, name, key_hash, scope, disabled_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        key.id.0,
        reach_column(key.reach),
        &key.name,
        key_hash,
        key.scope.as_str(),
        key.disabled_at,
        key.created_at,
    )?;
    Ok(())
}

pub async fn find_key(conn: &mut Conn, id: ApiKeyId) -> Result<Option<ApiKey>, DbError> {
    let row = sql!(
        conn, optional KeyRow,
        "SELECT id, property_id, name, scope, disabled_at, created_at FROM api_keys WHERE id = $1",
        id.0,
    )?;
    Ok(row.map(ApiKey::from))
}

/// The enabled key with this hash.
pub async fn find_live_key(conn: &mut Conn, key_hash: &[u8]) -> Result<Option<ApiKey>, DbError> {
    let row = sql!(
        conn, optional KeyRow,
        "SELECT id, property_id, name, scope, disabled_at, created_at FROM api_keys
         WHERE key_hash = $1 AND disabled_at IS NULL",
        key_hash,
    )?;
    Ok(row.map(ApiKey::from))
}

/// Oldest first, those after `after`. Of a property: only its own keys.
pub async fn list_keys(
    conn: &mut Conn,
    reach: Reach,
    after: Option<ApiKeyId>,
    limit: i64,
) -> Result<Vec<ApiKey>, DbError> {
    let rows = sql!(
        conn, all KeyRow,
        "SELECT id, property_id, name, scope, disabled_at, created_at FROM api_keys
         WHERE id > $1 AND ($2 IS NULL OR property_id = $2) ORDER BY id LIMIT $3",
        after.map_or(Uuid::nil(), |id| id.0), reach_column(reach), limit,
    )?;
    Ok(rows.into_iter().map(ApiKey::from).collect())
}

pub async fn set_key_name(tx: &mut Tx, id: ApiKeyId, name: &str) -> Result<(), DbError> {
    sql!(tx, execute, "UPDATE api_keys SET name = $2 WHERE id = $1", id.0, name)?;
    Ok(())
}

pub async fn set_key_disabled(tx: &mut Tx, id: ApiKeyId, at: Option<DateTime<Utc>>) -> Result<(), DbError> {
    sql!(tx, execute, "UPDATE api_keys SET disabled_at = $2 WHERE id = $1", id.0, at)?;
    Ok(())
}

fn reach_column(reach: Reach) -> Option<Uuid> {
    match reach {
        Reach::Everywhere => None,
        Reach::Property(id) => Some(id.0),
    }
}

#[derive(sqlx::FromRow)]
struct KeyRow {
    #[sqlx(try_from = "Uuid")]
    id: ApiKeyId,
    property_id: Option<Uuid>,
    name: String,
    #[sqlx(try_from = "String")]
    scope: Scope,
    disabled_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
}

impl From<KeyRow> for ApiKey {
    fn from(row: KeyRow) -> Self {
        Self {
            id: row.id,
            reach: row.property_id.map_or(Reach::Everywhere, |id| Reach::Property(PropertyId(id))),
            name: row.name,
            scope: row.scope,
            disabled_at: row.disabled_at,
            created_at: row.created_at,
        }
    }
}

#[cfg(test)]
#[path = "people_tests.rs"]
mod tests;
