//! Wrong proofs, counted per conversation, per stay and day, and per network address and hour.

use super::db::{Conn, DbError, Tx, sql};
use crate::domain::ids::{ConversationId, PropertyId};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

/// Where a try came from and what it aimed at.
#[derive(Debug, Clone)]
pub struct Try {
    pub property_id: PropertyId,
    pub conversation_id: ConversationId,
    /// The confirmation number tried, hashed.
    pub stay_key: String,
    pub network: String,
}

/// Most wrong tries before staff decide.
pub const PER_CONVERSATION: i64 = 5;
pub const PER_STAY_AND_DAY: i64 = 10;
pub const PER_NETWORK_AND_HOUR: i64 = 20;

/// Whether another try is allowed.
async fn allowed(conn: &mut Conn, t: &Try, now: DateTime<Utc>) -> Result<bool, DbError> {
    let (conversation, stay, network) = sql!(
        conn,
        one(i64, i64, i64),
        "SELECT (SELECT CAST(COUNT(*) AS BIGINT) FROM proof_tries WHERE conversation_id = $1), \
         (SELECT CAST(COUNT(*) AS BIGINT) FROM proof_tries WHERE property_id = $2 AND stay_key = $3 AND at > $4), \
         (SELECT CAST(COUNT(*) AS BIGINT) FROM proof_tries WHERE network = $5 AND at > $6)",
        t.conversation_id.0,
        t.property_id.0,
        &t.stay_key,
        now - TimeDelta::days(1),
        &t.network,
        now - TimeDelta::hours(1),
    )?;
    Ok(conversation < PER_CONVERSATION && stay < PER_STAY_AND_DAY && network < PER_NETWORK_AND_HOUR)
}

/// Counts the tries, one after the other, as far as they are allowed; gives how many are. They are counted before
/// anything is looked up, so that many at once cannot slip through; see [`forget`].
pub async fn begin(tx: &mut Tx, tries: &[(Uuid, Try)], now: DateTime<Utc>) -> Result<usize, DbError> {
    for (place, (id, t)) in tries.iter().enumerate() {
        if !allowed(tx, t, now).await? {
            return Ok(place);
        }
        sql!(
            tx,
            execute,
            "INSERT INTO proof_tries (id, property_id, conversation_id, stay_key, network, at) \
             VALUES ($1, $2, $3, $4, $5, $6)",
            id,
            t.property_id.0,
            t.conversation_id.0,
            &t.stay_key,
            &t.network,
            now,
        )?;
    }
    Ok(tries.len())
}

/// What proved the stay was no wrong try.
pub async fn forget(tx: &mut Tx, tries: &[Uuid]) -> Result<(), DbError> {
    for id in tries {
        sql!(tx, execute, "DELETE FROM proof_tries WHERE id = $1", id)?;
    }
    Ok(())
}
