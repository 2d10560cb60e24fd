//! Mistakes that others have made, planted on purpose: a simulation that does not find them would not find ours.

use super::edge::PUBLIC_URL;
use super::setup::SLUG;
use super::world::{MILLI, World};
use crate::channels::{OutboundText, SendOutcome};
use crate::domain::conversation::Conversation;
use crate::domain::message::SendState;
use crate::jobs::Jobs;
use crate::store::outbox::{Fate, OutboxRow};
use crate::store::{DbError, conversations, outbox};
use chrono::TimeDelta;

text_enum! {
    /// A mistake in the parts of the world that stand in for the product's.
    pub enum Plant {
        /// A dispatcher looks whether a row may be sent, and only then, a moment later, takes it.
        CheckThenSend = "check-then-send",
        /// A webhook that comes twice has two names.
        NoDedupe = "no-dedupe",
        /// A worker takes a conversation without a lease of its own.
        LostLease = "lost-lease",
        /// A call that timed out is made again.
        RetryAfterTimeout = "retry-after-timeout",
    }
}

impl Plant {
    /// The rules that it breaks.
    pub fn breaks(self) -> &'static [&'static str] {
        match self {
            Plant::CheckThenSend => &["sent twice", "the bot spoke after a take-over"],
            Plant::NoDedupe => &["stored twice"],
            Plant::LostLease => &["answered twice"],
            Plant::RetryAfterTimeout => &["sent twice", "charged twice", "asked twice"],
        }
    }
}

/// Why a unit that only looks is taken back.
enum Looked<T> {
    Saw(T),
    Failed(DbError),
}

impl<T> From<DbError> for Looked<T> {
    fn from(error: DbError) -> Self {
        Looked::Failed(error)
    }
}

fn seen<T>(looked: Result<(), Looked<T>>) -> Result<T, DbError> {
    match looked {
        Err(Looked::Saw(rows)) => Ok(rows),
        Err(Looked::Failed(error)) => Err(error),
        Ok(()) => Err(DbError::Panicked),
    }
}

/// [`Plant::LostLease`]: what is due, with the lease of whoever had it last.
pub async fn take_without_lease(jobs: &Jobs, limit: usize) -> Result<Vec<Conversation>, DbError> {
    let (now, lease) = (jobs.engine.clock.now(), jobs.engine.limits.lease);
    let limit = i64::try_from(limit).unwrap_or(1);
    let looked = jobs.engine.db.write(move |tx| {
        Box::pin(async move {
            let due = conversations::claim_due(tx, now, lease, limit).await?;
            Err(Looked::Saw(due))
        })
    });
    let due = seen(looked.await)?;
    Ok(due.into_iter().map(|c| Conversation { lease_token: c.lease_token - 1, ..c }).collect())
}

/// [`Plant::CheckThenSend`]: rows that may be sent now.
pub async fn look_at_rows(jobs: &Jobs, limit: i64) -> Result<Vec<OutboxRow>, DbError> {
    let now = jobs.engine.clock.now();
    let looked = jobs.engine.db.write(move |tx| {
        Box::pin(async move {
            let rows = outbox::claim_due(tx, now, TimeDelta::seconds(90), limit).await?;
            Err(Looked::Saw(rows))
        })
    });
    seen(looked.await)
}

/// [`Plant::CheckThenSend`]: sends it a moment later, and takes it when that is done.
pub async fn send_and_then_take(world: &World, jobs: &Jobs, row: OutboxRow) {
    world.sleep(200 * MILLI).await;
    let Some(integration) = row.integration_id else { return };
    let Ok(opened) = jobs.dispatcher.accounts.open(row.property_id, integration).await else { return };
    let message = OutboundText {
        to: row.address.clone(),
        text: row.payload.text().to_owned(),
        template: None,
        choices: Default::default(),
        reference: row.id.to_string(),
        status_callback_url: Some(format!("{PUBLIC_URL}/hooks/twilio/{SLUG}/status")),
    };
    let Ok(request) = opened.account.render(&message) else { return };
    let answer = jobs.dispatcher.http.send(request).await;
    let state = match opened.account.classify(answer.as_ref()) {
        SendOutcome::Sent { .. } => SendState::Sent,
        SendOutcome::Retry { .. } => return,
        SendOutcome::Rejected(_) | SendOutcome::WindowClosed => SendState::Failed,
        SendOutcome::Unknown { .. } => SendState::Unknown,
    };
    let now = jobs.engine.clock.now();
    let taken = jobs.engine.db.write::<_, DbError, _>(move |tx| {
        Box::pin(async move {
            for due in outbox::claim_due(tx, now, TimeDelta::seconds(90), 64).await? {
                let ours = due.id == row.id;
                let state = if ours { state } else { SendState::Queued };
                let due_at = (!ours).then_some(now);
                let sent_at = (state == SendState::Sent).then_some(now);
                let fate = Fate { state, due_at, vendor_id: None, error: None, sent_at };
                outbox::settle(tx, &due, fate).await?;
            }
            Ok(())
        })
    });
    let _ = taken.await;
}
