//! One due conversation: its turn is run, and set due again where it failed.

use super::Jobs;
use crate::conversation::turn::{self, Ended};
use crate::domain::conversation::Conversation;
use crate::domain::retry;
use crate::store::{DbError, conversations};
use crate::telemetry;

/// Leases up to `limit` conversations that are due.
pub(super) async fn claim(jobs: &Jobs, limit: usize) -> Result<Vec<Conversation>, DbError> {
    let (now, lease) = (jobs.engine.clock.now(), jobs.engine.limits.lease);
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    jobs.engine
        .db
        .write(move |tx| Box::pin(async move { conversations::claim_due(tx, now, lease, limit).await }))
        .await
}

/// Runs the turn of a leased conversation. A failure sets it due again, later each time; at last staff are called.
///
/// True: the conversation may be due again, and no bell tells so.
pub(super) async fn run(jobs: &Jobs, leased: Conversation) -> Result<bool, DbError> {
    let (id, token, tries) = (leased.id, leased.lease_token, leased.turn_tries);
    let since = leased.first_unanswered_at;
    let outcome = match tries > jobs.engine.limits.tries {
        true => turn::give_up(&jobs.engine, leased, "the turn failed again and again").await,
        false => turn::run(&jobs.engine, leased).await,
    };
    let word = match &outcome {
        Ok(Ended::Committed) => "committed",
        Ok(Ended::Silent) => "silent",
        Ok(Ended::Fenced) => "fenced",
        Err(_) => "failed",
    };
    metrics::counter!(telemetry::TURNS, "outcome" => word).increment(1);
    if let (Ok(Ended::Committed), Some(since)) = (&outcome, since) {
        let took = (jobs.engine.clock.now() - since).to_std().unwrap_or_default();
        metrics::histogram!(telemetry::TURN_SECONDS).record(took);
    }
    match outcome {
        // What came meanwhile has rung.
        Ok(ended) => Ok(ended != Ended::Committed),
        Err(error) => {
            tracing::error!(conversation = %id, tries, retryable = error.retryable(), %error, "a turn failed");
            // If not even that can be written, the lease runs out by itself.
            later(jobs, id, token, tries).await?;
            Ok(true)
        }
    }
}

async fn later(
    jobs: &Jobs,
    id: crate::domain::ids::ConversationId,
    token: i64,
    tries: i64,
) -> Result<(), DbError> {
    let clock = &jobs.engine.clock;
    let due = clock.now() + retry::TURNS.pause(tries, None, clock.chance());
    jobs.engine
        .db
        .write(move |tx| {
            Box::pin(async move {
                if conversations::release(tx, id, token).await? {
                    conversations::postpone(tx, id, due).await?;
                }
                Ok(())
            })
        })
        .await
}
