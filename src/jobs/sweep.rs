//! What time alone brings about: quotes expire, alerts ring, lost sendings and stranded effects are looked after.

use super::{Jobs, alerts};
use crate::connectors::Connector;
use crate::domain::conversation::Conversation;
use crate::domain::effect::{Effect, EffectState};
use crate::domain::stay::Stay;
use crate::outbox::{self, dispatcher::Dispatcher};
use crate::store::escalations::Call;
use crate::store::{DbError, conversations, effects, leases, stays};
use crate::tools::effects::{Means, recover, worry};
use chrono::{DateTime, TimeDelta};
use std::sync::Arc;

/// An effect that has not moved for this long has lost its turn; longer than any lease.
const STRANDED: TimeDelta = TimeDelta::minutes(5);

/// Clocks of nodes may differ by this much without being wrong.
const SKEW: TimeDelta = TimeDelta::minutes(1);

/// One pass; gives how many things it dealt with.
pub(super) async fn sweep(jobs: &Jobs) -> Result<usize, DbError> {
    let mut done = catch_up(jobs).await?;
    done += jobs.dispatcher.mark_lost().await?;
    done += expire_quotes(jobs).await?;
    done += holders(jobs).await?;
    done += alerts::ring(jobs).await?;
    done += stranded(jobs).await?;
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

async fn expire_quotes(jobs: &Jobs) -> Result<usize, DbError> {
    let now = jobs.engine.clock.now();
    let unit = jobs.engine.db.write::<_, DbError, _>(move |tx| {
        Box::pin(async move {
            let expired = effects::expire_quotes(tx, now).await?;
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

/// Effects without a turn: what was sent is read back; what was only confirmed is left to staff, for the guest may have
/// been told something else meanwhile.
async fn stranded(jobs: &Jobs) -> Result<usize, DbError> {
    let before = jobs.engine.clock.now() - STRANDED;
    let mut conn = jobs.engine.db.read().await?;
    let effects = effects::list_stranded(&mut conn, before, 20).await?;
    drop(conn);
    let mut done = 0;
    for effect in effects {
        done += usize::from(settle(jobs, effect).await?);
    }
    Ok(done)
}

async fn settle(jobs: &Jobs, effect: Effect) -> Result<bool, DbError> {
    let mut conn = jobs.engine.db.read().await?;
    let conversation = conversations::find(&mut conn, effect.conversation_id).await?;
    let stay = stays::find(&mut conn, effect.stay_id).await?;
    let (Some(conversation), Some(stay)) = (conversation, stay) else { return Ok(false) };
    // A turn that is due or under way looks after it by itself.
    if conversation.turn_due_at.is_some() {
        return Ok(false);
    }
    let Some(book) = jobs.engine.books.get(&mut conn, effect.property_id, None).await? else {
        return Ok(false);
    };
    drop(conn);
    let Ok(connector) = jobs.engine.systems.pms(&book).await else { return Ok(false) };
    let settled = match effect.state {
        EffectState::Confirmed => end_unsent(jobs, effect).await?,
        EffectState::Sent
        | EffectState::Proposed
        | EffectState::Succeeded
        | EffectState::Failed
        | EffectState::Unknown => read_back(jobs, &connector, &stay, effect).await?,
    };
    tell_staff(jobs, &conversation, &settled).await?;
    Ok(true)
}

async fn end_unsent(jobs: &Jobs, effect: Effect) -> Result<Effect, DbError> {
    let now = jobs.engine.clock.now();
    jobs.engine
        .db
        .write(move |tx| {
            Box::pin(async move {
                let why = Some("confirmed, but never sent to the hotel's system");
                effects::step(tx, &effect, crate::domain::effect::EffectEvent::Fail, why, now).await
            })
        })
        .await
}

async fn read_back(
    jobs: &Jobs,
    connector: &Arc<dyn Connector>,
    stay: &Stay,
    effect: Effect,
) -> Result<Effect, DbError> {
    let means = Means { db: &jobs.engine.db, clock: &jobs.engine.clock, connector: connector.as_ref() };
    match recover(&means, None, stay, effect.clone()).await {
        Ok(settled) => Ok(settled),
        Err(crate::tools::ToolError::Db(error)) => Err(error),
        Err(crate::tools::ToolError::Fenced | crate::tools::ToolError::NoStay) => Ok(effect),
    }
}

async fn tell_staff(jobs: &Jobs, conversation: &Conversation, effect: &Effect) -> Result<(), DbError> {
    match worry(effect) {
        Some((reason, priority)) => alerts::raise(jobs, conversation.id, Call::new(reason, priority)).await,
        None => Ok(()),
    }
}
