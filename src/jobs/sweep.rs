//! What time alone brings about: quotes expire, alerts ring, waiting guests and lost sendings are looked after. It must
//! not ask a vendor: nobody's alert waits for a slow one.

use super::{Jobs, alerts, waiting};
use crate::breaker::Change;
use crate::outbox::{self, dispatcher::Dispatcher};
use crate::store::{DbError, conversations, effects, integrations, leases};
use chrono::{DateTime, TimeDelta};

/// An offer that no turn has told for so long is never told: its turn died, and the guest has gone on.
const UNTOLD: TimeDelta = TimeDelta::days(1);
/// Clocks of nodes may differ by this much without being wrong.
const SKEW: TimeDelta = TimeDelta::minutes(1);

/// One pass; gives how many things it dealt with.
pub(super) async fn sweep(jobs: &Jobs) -> Result<usize, DbError> {
    let mut done = catch_up(jobs).await?;
    done += jobs.dispatcher.mark_lost().await?;
    done += expire_quotes(jobs).await?;
    done += holders(jobs).await?;
    done += waiting::look_after(jobs).await?;
    done += alerts::ring(jobs).await?;
    done += note_health(jobs).await?;
    Ok(done)
}

/// After a clock was set back, what was put off until a time that is hours away now happens at once.
async fn catch_up(jobs: &Jobs) -> Result<usize, DbError> {
    let now = jobs.engine.clock.now();
    let before = jobs.last_look.replace(Some(now));
    let written_after = match before {
        Some(before) if now < before - SKEW => DateTime::UNIX_EPOCH,
        Some(_) => return Ok(0),
        // Whether it was set while this process was not there, only what others wrote can tell.
        None => now + SKEW,
    };
    let sending = Dispatcher::LEASE;
    let unit = jobs
        .engine
        .db
        .write(move |tx| Box::pin(async move { leases::catch_up(tx, now, written_after, sending).await }));
    let moved = unit.await.inspect_err(|_| {
        jobs.last_look.replace(before);
    })?;
    if moved > 0 {
        tracing::warn!(moved, "the clock was set back; what waited for a later time happens now");
    }
    Ok(usize::try_from(moved).unwrap_or(usize::MAX))
}

/// Accounts that are left alone, or answer again, are shown so on their pages, on every node.
async fn note_health(jobs: &Jobs) -> Result<usize, DbError> {
    let (changes, now) = (jobs.breakers.take_changes(), jobs.engine.clock.now());
    if changes.is_empty() {
        return Ok(0);
    }
    let (count, noted) = (changes.len(), changes.clone());
    let unit = jobs.engine.db.write::<_, DbError, _>(move |tx| {
        Box::pin(async move {
            for Change { integration, trouble } in noted {
                let outcome = trouble.as_deref().map_or(Ok(()), Err);
                integrations::note_health(tx, integration, outcome, now).await?;
            }
            Ok(())
        })
    });
    unit.await.inspect_err(|_| jobs.breakers.put_back(changes))?;
    Ok(count)
}

async fn expire_quotes(jobs: &Jobs) -> Result<usize, DbError> {
    let now = jobs.engine.clock.now();
    let unit = jobs.engine.db.write::<_, DbError, _>(move |tx| {
        Box::pin(async move {
            let expired = effects::expire_quotes(tx, now, now - UNTOLD).await?;
            for id in &expired {
                // Open pages show that the offer has ended.
                if let Some(conversation) = conversations::find(tx, *id).await? {
                    outbox::ring(tx, &conversation);
                }
            }
            Ok(expired.len())
        })
    });
    unit.await
}

async fn holders(jobs: &Jobs) -> Result<usize, DbError> {
    let mut conn = jobs.engine.db.read().await?;
    let waiting = conversations::list_holder_due(&mut conn, jobs.engine.clock.now(), 100).await?;
    drop(conn);
    for conversation in &waiting {
        alerts::guest_waits(jobs, *conversation).await?;
    }
    Ok(waiting.len())
}
