//! Carries bells between the nodes of one PostgreSQL, by LISTEN and NOTIFY. What it loses costs a delay, and it may
//! never hold up a write unit: that is why it notifies after the commit, in rounds of its own.

use super::{Db, DbError, Engine};
use crate::domain::ids::{ConversationId, PropertyId};
use crate::shutdown::Shutdown;
use crate::store::bell::{Bell, Bells, Typist};
use crate::telemetry;
use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use sqlx::{ConnectOptions, PgConnection};
use std::convert::Infallible;
use std::time::Duration;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

/// At most one round in this time: all that has rung meanwhile goes together.
const ROUND: Duration = Duration::from_millis(10);
/// After so long without a bell an empty round shows that the way is open.
const PULSE: Duration = Duration::from_secs(20);
/// A node that hears not even its own pulse for so long is not connected any more.
const DEAF: Duration = Duration::from_secs(60);
/// After an error of the database.
const REST: Duration = Duration::from_secs(1);
/// PostgreSQL carries less than 8000 bytes in one notification.
const LONGEST: usize = 7900;

impl Db {
    /// Carries bells to and from the other nodes until the order to stop, and then what is left. On SQLite there is
    /// one node, and nothing to do.
    ///
    /// `node`: an id that no other process has.
    pub async fn carry_bells(&self, node: Uuid, stop: Shutdown) {
        let Engine::Postgres { options, .. } = &*self.engine else { return stop.ordered().await };
        self.bells.gather();
        // A lost notification is a delay: no reason to wait for the disk.
        let options = PgConnectOptions::clone(options).options([("synchronous_commit", "off")]);
        let node = node.as_simple().to_string();
        tokio::select! {
            never = hear(&options, &node, &self.bells) => match never {},
            () = tell(&options, &node, &self.bells, &stop) => {}
        }
    }
}

/// One name per schema, so that hotels in one database do not wake each other.
const CHANNEL: &str =
    "SELECT 'bellhop_' || CAST(oid AS TEXT) FROM pg_namespace WHERE nspname = current_schema()";

async fn hear(options: &PgConnectOptions, node: &str, bells: &Bells) -> Infallible {
    let mut was_told = false;
    loop {
        let Err(error) = hear_until_lost(options, node, bells, &mut was_told).await;
        if !was_told {
            tracing::warn!(%error, "does not hear the other nodes; polling goes on, and it tries again");
            was_told = true;
        }
        sleep(REST).await;
    }
}

async fn hear_until_lost(
    options: &PgConnectOptions,
    node: &str,
    bells: &Bells,
    was_told: &mut bool,
) -> Result<Infallible, DbError> {
    let one =
        PgPoolOptions::new().max_connections(1).max_lifetime(None).idle_timeout(None).acquire_timeout(REST);
    let pool = one.connect_with(options.clone()).await?;
    let mut listener = PgListener::connect_with(&pool).await?;
    listener.eager_reconnect(false);
    let channel: String = sqlx::query_scalar(CHANNEL).fetch_one(&mut listener).await?;
    listener.listen(&channel).await?;
    if std::mem::take(was_told) {
        tracing::info!("hears the other nodes again");
    }
    // What rang until now, nobody here has heard.
    bells.hear(Bell::Missed);
    loop {
        let lost = || DbError::Unavailable("the connection that listens is lost".to_owned());
        let heard = timeout(DEAF, listener.try_recv()).await.map_err(|_| lost())??.ok_or_else(lost)?;
        let (from, rung) = decode(heard.payload());
        if from != node {
            metrics::counter!(telemetry::BELLS, "way" => "heard").increment(rung.len() as u64);
            rung.into_iter().for_each(|bell| bells.hear(bell));
        }
    }
}

async fn tell(options: &PgConnectOptions, node: &str, bells: &Bells, stop: &Shutdown) {
    let mut way = None;
    // Other nodes look at everything, where this one could not tell them what.
    let mut lost = false;
    loop {
        let mut rung = tokio::select! {
            rung = timeout(PULSE, bells.gathered()) => rung.unwrap_or_default(),
            () = stop.ordered() => bells.take_gathered(),
        };
        if lost {
            rung = vec![Bell::Missed];
        }
        match notify(&mut way, options, node, &rung).await {
            Ok(()) => lost = false,
            Err(error) => {
                tracing::debug!(%error, "could not tell the other nodes");
                (way, lost) = (None, true);
            }
        }
        if stop.is_ordered() {
            return;
        }
        sleep(if lost { REST } else { ROUND }).await;
    }
}

/// An open connection, and the channel.
type Way = (PgConnection, String);

async fn notify(
    way: &mut Option<Way>,
    options: &PgConnectOptions,
    node: &str,
    rung: &[Bell],
) -> Result<(), DbError> {
    let (conn, channel) = match way {
        Some(way) => way,
        None => {
            let mut conn = options.connect().await?;
            let channel = sqlx::query_scalar(CHANNEL).fetch_one(&mut conn).await?;
            way.insert((conn, channel))
        }
    };
    let payloads = encode(node, rung);
    sqlx::query("SELECT pg_notify($1, p) FROM unnest($2) AS p")
        .bind(&*channel)
        .bind(&payloads)
        .execute(conn)
        .await?;
    metrics::counter!(telemetry::BELLS, "way" => "told").increment(rung.len() as u64);
    Ok(())
}

/// The bells as notifications: the node's id, then a word for each bell.
fn encode(node: &str, rung: &[Bell]) -> Vec<String> {
    let mut payloads = vec![node.to_owned()];
    for bell in rung {
        let word = to_word(*bell);
        match payloads.last_mut() {
            Some(last) if last.len() + 1 + word.len() <= LONGEST => {
                last.push(' ');
                last.push_str(&word);
            }
            Some(_) | None => payloads.push(format!("{node} {word}")),
        }
    }
    payloads
}

/// Who told, and what. A word of a newer node that means nothing here is left out: it is only a hint.
fn decode(payload: &str) -> (&str, Vec<Bell>) {
    let mut words = payload.split(' ');
    let node = words.next().unwrap_or_default();
    (node, words.filter_map(from_word).collect())
}

fn to_word(bell: Bell) -> String {
    let hex = |id: Uuid| id.as_simple().to_string();
    match bell {
        Bell::Conversation { property, conversation, seq, echo: _ } => {
            format!("c:{}:{}:{seq}", hex(property.0), hex(conversation.0))
        }
        Bell::Desk { property } => format!("d:{}", hex(property.0)),
        Bell::Property { property } => format!("p:{}", hex(property.0)),
        Bell::Typing { property, conversation, who } => {
            let who = match who {
                Typist::Bot => "bot",
                Typist::Staff => "staff",
            };
            format!("t:{}:{}:{who}", hex(property.0), hex(conversation.0))
        }
        Bell::Turn => "w".to_owned(),
        Bell::Sending => "s".to_owned(),
        Bell::Missed => "m".to_owned(),
    }
}

fn from_word(word: &str) -> Option<Bell> {
    let property = |text: &str| Uuid::try_parse(text).ok().map(PropertyId);
    let conversation = |text: &str| Uuid::try_parse(text).ok().map(ConversationId);
    let parts: Vec<&str> = word.split(':').collect();
    match *parts.as_slice() {
        ["c", at, of, seq] => Some(Bell::Conversation {
            property: property(at)?,
            conversation: conversation(of)?,
            seq: seq.parse().ok()?,
            echo: false,
        }),
        ["d", at] => Some(Bell::Desk { property: property(at)? }),
        ["p", at] => Some(Bell::Property { property: property(at)? }),
        ["t", at, of, who] => {
            let who = match who {
                "bot" => Typist::Bot,
                "staff" => Typist::Staff,
                _ => return None,
            };
            Some(Bell::Typing { property: property(at)?, conversation: conversation(of)?, who })
        }
        ["w"] => Some(Bell::Turn),
        ["s"] => Some(Bell::Sending),
        ["m"] => Some(Bell::Missed),
        _ => None,
    }
}

#[cfg(test)]
#[path = "carrier_tests.rs"]
mod tests;
