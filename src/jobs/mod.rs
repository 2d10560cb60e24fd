//! What runs by itself: turns, sending, alerts, expiries. The database says what is due; bells only make it quicker.

mod alerts;
mod followed;
mod sweep;
mod turns;
mod waiting;
mod worker;

pub use worker::run;

use crate::breaker::Breakers;
use crate::conversation::Engine;
use crate::domain::conversation::Conversation;
use crate::outbox::dispatcher::Dispatcher;
use crate::store::DbError;
use crate::store::outbox::OutboxRow;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use url::Url;

/// What the jobs work with; cheap to clone.
#[derive(Clone)]
pub struct Jobs {
    pub engine: Engine,
    pub dispatcher: Dispatcher,
    /// What they have learnt is written to the integrations' pages.
    pub breakers: Breakers,
    /// Links in alerts lead here.
    pub public_url: Url,
    /// How many turns and sendings run at the same time.
    pub at_once: usize,
    /// Polling is the truth: this often the database is asked, however quiet the bells are.
    pub poll: Duration,
    pub last_look: LastLook,
    pub started_at: DateTime<Utc>,
}

/// When this process last looked at what time brings about: a clock that was set back shows here.
#[derive(Clone, Default)]
pub struct LastLook(Arc<Mutex<Option<DateTime<Utc>>>>);

impl LastLook {
    /// Notes `now` and gives the time of the look before.
    fn replace(&self, now: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
        std::mem::replace(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner), now)
    }
}

/// What one pass did, by kind.
pub type Done = BTreeMap<&'static str, usize>;

impl Jobs {
    /// Leases up to `limit` conversations that are due; each must then be given to [`Jobs::turn`].
    pub async fn claim_turns(&self, limit: usize) -> Result<Vec<Conversation>, DbError> {
        turns::claim(self, limit).await
    }

    /// Runs the turn of a leased conversation.
    pub async fn turn(&self, leased: Conversation) -> Result<(), DbError> {
        turns::run(self, leased).await.map(|_| ())
    }

    /// Claims up to `limit` rows that are due; each must then be given to [`Jobs::send`].
    pub async fn claim_rows(&self, limit: i64) -> Result<Vec<OutboxRow>, DbError> {
        self.dispatcher.claim(limit).await
    }

    /// Sends a claimed row; in the unit that writes down its fate staff are called where it did not get through.
    pub async fn send(&self, row: OutboxRow) -> Result<(), DbError> {
        self.dispatcher.send(row).await
    }

    /// What time alone brings about and what is in doubt, once and one after another; gives how many things it dealt
    /// with.
    pub async fn sweep(&self) -> Result<usize, DbError> {
        let swept = sweep::sweep(self).await? + followed::look_after(self).await?;
        let rows = self.dispatcher.claim_looks().await?;
        let looked = rows.len();
        for row in rows {
            self.dispatcher.look(row).await?;
        }
        Ok(swept + looked)
    }

    /// Everything that is due now, until nothing is: for tests and simulations, which own the clock.
    pub async fn run_all(&self) -> Result<Done, DbError> {
        let mut done = Done::new();
        loop {
            let before: usize = done.values().sum();
            let turns = turns::claim(self, self.at_once).await?;
            *done.entry("turns").or_default() += turns.len();
            for conversation in turns {
                turns::run(self, conversation).await?;
            }
            let rows = self.dispatcher.claim(64).await?;
            *done.entry("sent").or_default() += rows.len();
            for row in rows {
                self.dispatcher.send(row).await?;
            }
            *done.entry("swept").or_default() += self.sweep().await?;
            if done.values().sum::<usize>() == before {
                return Ok(done);
            }
        }
    }
}

#[cfg(test)]
mod queue_tests;
