//! Guests whose message waits too long for its answer, because every worker is busy or theirs has died: they are told so
//! once, and later staff are called. What they asked is never answered here; their turn stays due.

use super::Jobs;
use crate::clock::Clock;
use crate::domain::conversation::Conversation;
use crate::domain::escalation::{Priority, Reason};
use crate::domain::ids::ConversationId;
use crate::domain::message::Voice;
use crate::outbox::{self, Speech};
use crate::store::escalations::{self, Call};
use crate::store::hotel_book::HotelBook;
use crate::store::{DbError, Tx, conversations, leases};
use crate::telemetry;
use crate::texts::{Lang, Say};
use crate::tools;
use chrono::{DateTime, TimeDelta, Utc};

/// So many in one pass; the next pass finds the others.
const AT_ONCE: i64 = 200;

/// Since when a message must be waiting for its guest to be told so, and for staff to be called.
#[derive(Clone, Copy)]
struct Since {
    told: DateTime<Utc>,
    called: DateTime<Utc>,
}

/// One pass; gives how many guests were dealt with. What is due is counted for the metrics.
pub(super) async fn look_after(jobs: &Jobs) -> Result<usize, DbError> {
    let (now, limits) = (jobs.engine.clock.now(), &jobs.engine.limits);
    let mut conn = jobs.engine.db.read().await?;
    let (turns, rows) = leases::count_due(&mut conn, now).await?;
    for (queue, due) in [("turns", turns), ("outbox", rows)] {
        metrics::gauge!(telemetry::DUE, "queue" => queue)
            .set(f64::from(i32::try_from(due).unwrap_or(i32::MAX)));
    }
    // After an outage whoever waits is answered first; only what is still waiting then waits for a worker.
    if (TimeDelta::zero()..limits.told_after).contains(&(now - jobs.started_at)) {
        return Ok(0);
    }
    let since = Since { told: now - limits.told_after, called: now - limits.called_after };
    let waiting = conversations::list_kept_waiting(&mut conn, since.told, since.called, AT_ONCE).await?;
    drop(conn);
    let mut done = 0;
    for id in waiting {
        done += usize::from(speak(jobs, id, since).await?);
    }
    Ok(done)
}

/// False: the guest has been answered or told meanwhile, or staff have the conversation.
async fn speak(jobs: &Jobs, id: ConversationId, since: Since) -> Result<bool, DbError> {
    let mut conn = jobs.engine.db.read().await?;
    let Some(found) = conversations::find(&mut conn, id).await? else { return Ok(false) };
    let book = jobs.engine.books.get(&mut conn, found.property_id, None).await?;
    drop(conn);
    let Some(book) = book else { return Ok(false) };
    let clock = jobs.engine.clock.clone();
    let unit = jobs.engine.db.write(move |tx| {
        Box::pin(async move {
            let Some(mut locked) = conversations::lock(tx, id).await? else { return Ok(None) };
            if !locked.is_kept_waiting(since.told) {
                return Ok(None);
            }
            let said = match locked.is_kept_waiting(since.called) {
                true => call(tx, &clock, &book, &mut locked).await?,
                false if conversations::note_wait_told(tx, id).await? => Say::Queued,
                false => return Ok(None),
            };
            say(tx, &clock, &book, &mut locked, &said).await?;
            conversations::update(tx, &locked).await?;
            Ok::<_, DbError>(Some(said))
        })
    });
    let Some(said) = unit.await? else { return Ok(false) };
    let outcome = if said == Say::Queued { "told" } else { "staff" };
    metrics::counter!(telemetry::KEPT_WAITING, "outcome" => outcome).increment(1);
    Ok(true)
}

/// Staff are called; gives what the guest is told.
async fn call(
    tx: &mut Tx,
    clock: &Clock,
    book: &HotelBook,
    locked: &mut Conversation,
) -> Result<Say, DbError> {
    let waited = clock.now() - locked.first_unanswered_at.unwrap_or(locked.active_at);
    let why = format!("no worker was free for {} minutes", waited.num_minutes());
    let call = Call::new(Reason::NoAnswer { why }, Priority::Normal);
    escalations::raise(tx, clock, &book.hotel, locked, &call).await?;
    Ok(Say::HandedOff { phone: tools::phone(book) })
}

async fn say(
    tx: &mut Tx,
    clock: &Clock,
    book: &HotelBook,
    locked: &mut Conversation,
    said: &Say,
) -> Result<(), DbError> {
    let lang = Lang::of(&locked.lang);
    let mut text = said.to_text(lang);
    if !locked.greeted {
        text = format!("{}\n\n{text}", tools::introduction(book).to_text(lang));
        locked.greeted = true;
    }
    outbox::enqueue(tx, clock, locked, Speech::system(&text, Voice::Bot)).await?;
    Ok(())
}
