//! Who did what, before and after. Written inside the unit that does it; never changed, never deleted here.

use super::db::{Conn, DbError, Tx, sql};
use crate::clock::Clock;
use crate::domain::ids::{ApiKeyId, AuditId, PropertyId, UserId};
use crate::domain::people::{Actor, Grants, Reach};
use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::types::Json;
use uuid::Uuid;

/// Something that a person, a key or a command did.
#[derive(Debug, Clone)]
pub struct Entry {
    pub actor: Actor,
    /// As it was called then.
    pub actor_name: String,
    /// Object and verb in the past: `user.disabled`, `prompt.published`.
    pub action: &'static str,
    /// The id of what it was done to.
    pub subject: String,
    /// Never a secret, never a guest's words.
    pub before: Option<Value>,
    pub after: Option<Value>,
    /// `None`: of no single property; only admins everywhere read it.
    pub property: Option<PropertyId>,
}

/// An entry as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Audited {
    pub id: AuditId,
    pub property: Option<PropertyId>,
    pub actor: Actor,
    pub actor_name: String,
    pub action: String,
    pub subject: String,
    pub before: Option<Value>,
    pub after: Option<Value>,
    pub at: DateTime<Utc>,
}

pub async fn record(tx: &mut Tx, clock: &Clock, entry: Entry) -> Result<(), DbError> {
    sql!(
        tx,
        execute,
        "INSERT INTO audit (id, property_id, actor, actor_name, action, subject, before_json, after_json, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        clock.id::<AuditId>().0,
        entry.property.map(|id| id.0),
        actor_text(entry.actor),
        &entry.actor_name,
        entry.action,
        &entry.subject,
        entry.before.map(Json),
        entry.after.map(Json),
        clock.now(),
    )?;
    Ok(())
}

/// Something about a person: one line at each property where they work, so that its admins read it there; one line of
/// no property for those who work everywhere or nowhere.
pub async fn record_about(tx: &mut Tx, clock: &Clock, grants: &Grants, entry: Entry) -> Result<(), DbError> {
    if grants.everywhere.is_some() || grants.at.is_empty() {
        return record(tx, clock, Entry { property: None, ..entry }).await;
    }
    for (property, _) in &grants.at {
        record(tx, clock, Entry { property: Some(*property), ..entry.clone() }).await?;
    }
    Ok(())
}

/// Latest first, those before `before`.
pub async fn list(
    conn: &mut Conn,
    reach: Reach,
    before: Option<(DateTime<Utc>, AuditId)>,
    limit: i64,
) -> Result<Vec<Audited>, DbError> {
    let (at, id) = before.unwrap_or((DateTime::<Utc>::MAX_UTC, AuditId(Uuid::max())));
    // The far future of chrono is no PostgreSQL time.
    let at = at.min(DateTime::from_timestamp(253_402_300_799, 0).unwrap_or_default());
    let rows = match reach {
        Reach::Property(property) => sql!(
            conn, all Row,
            "SELECT id, property_id, actor, actor_name, action, subject, before_json, after_json, at
             FROM audit WHERE property_id = $1 AND (at, id) < ($2, $3) ORDER BY at DESC, id DESC LIMIT $4",
            property.0, at, id.0, limit,
        )?,
        // Ids carry their time, and the primary key is the one index over all properties.
        Reach::Everywhere => sql!(
            conn, all Row,
            "SELECT id, property_id, actor, actor_name, action, subject, before_json, after_json, at
             FROM audit WHERE id < $1 ORDER BY id DESC LIMIT $2",
            id.0, limit,
        )?,
    };
    rows.into_iter().map(Audited::try_from).collect()
}

#[derive(sqlx::FromRow)]
struct Row {
    #[sqlx(try_from = "Uuid")]
    id: AuditId,
    property_id: Option<Uuid>,
    actor: String,
    actor_name: String,
    action: String,
    subject: String,
    before_json: Option<Json<Value>>,
    after_json: Option<Json<Value>>,
    at: DateTime<Utc>,
}

impl TryFrom<Row> for Audited {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.id,
            property: row.property_id.map(PropertyId),
            actor: read_actor(&row.actor)?,
            actor_name: row.actor_name,
            action: row.action,
            subject: row.subject,
            before: row.before_json.map(|json| json.0),
            after: row.after_json.map(|json| json.0),
            at: row.at,
        })
    }
}

const SYSTEM: &str = "system";

fn actor_text(actor: Actor) -> String {
    match actor {
        Actor::User(id) => id.to_string(),
        Actor::ApiKey(id) => id.to_string(),
        Actor::System => SYSTEM.to_owned(),
    }
}

fn read_actor(text: &str) -> Result<Actor, DbError> {
    if text == SYSTEM {
        Ok(Actor::System)
    } else if let Ok(id) = text.parse::<UserId>() {
        Ok(Actor::User(id))
    } else if let Ok(id) = text.parse::<ApiKeyId>() {
        Ok(Actor::ApiKey(id))
    } else {
        Err(DbError::Corrupt("an audit row names no actor".to_owned()))
    }
}
