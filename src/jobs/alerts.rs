//! Calls for staff that nobody has opened ring the hotel's on-call numbers in turn: a reason and a link, no guest text.

use super::Jobs;
use crate::domain::escalation::{Priority, Reason};
use crate::domain::ids::ConversationId;
use crate::domain::integration::Integration;
use crate::outbox::dispatcher::Undelivered;
use crate::outbox::{self, Alert};
use crate::store::escalations::{self, Call, Escalation};
use crate::store::hotel_book::HotelBook;
use crate::store::{DbError, conversations};
use crate::texts::{self, Lang};
use chrono::TimeDelta;
use std::sync::Arc;

/// How often each on-call number rings before the list alone has to do.
const ROUNDS: i64 = 3;

/// Rings what is due; gives how many did.
pub(super) async fn ring(jobs: &Jobs) -> Result<usize, DbError> {
    let now = jobs.engine.clock.now();
    // A first guess at the next time; the hotel's own patience is set below, in the unit that writes the alert.
    let again = TimeDelta::minutes(5);
    let due = jobs
        .engine
        .db
        .write(move |tx| Box::pin(async move { escalations::take_ringing(tx, now, again, 20).await }))
        .await?;
    let count = due.len();
    for escalation in due {
        ring_one(jobs, escalation).await?;
    }
    Ok(count)
}

async fn ring_one(jobs: &Jobs, escalation: Escalation) -> Result<(), DbError> {
    let mut conn = jobs.engine.db.read().await?;
    let book = jobs.engine.books.get(&mut conn, escalation.property_id, None).await?;
    drop(conn);
    let Some(book) = book else { return Ok(()) };
    let numbers = book.hotel.settings.on_call.clone();
    let account = account(&book);
    let rung = escalation.rings - 1;
    let count = i64::try_from(numbers.len()).unwrap_or(i64::MAX);
    let (Some(account), true) = (account, count > 0 && rung < ROUNDS.saturating_mul(count)) else {
        return stop(jobs, escalation).await;
    };
    let index = usize::try_from(rung % count).unwrap_or(0);
    let Some(number) = numbers.get(index).cloned() else { return stop(jobs, escalation).await };
    let text = text(jobs, &book, &escalation);
    let next = jobs.engine.clock.now()
        + TimeDelta::minutes(i64::from(book.hotel.settings.patience.alert_minutes.max(1)));
    let (clock, account) = (jobs.engine.clock.clone(), account.clone());
    jobs.engine
        .db
        .write(move |tx| {
            Box::pin(async move {
                if escalations::is_open(tx, escalation.id).await? {
                    let alert =
                        Alert { integration: &account, escalation: escalation.id, to: &number, text: &text };
                    outbox::enqueue_alert(tx, &clock, alert).await?;
                    escalations::set_ring(tx, escalation.id, Some(next)).await?;
                }
                Ok(())
            })
        })
        .await
}

/// Nobody to ring: it stays in the inbox.
async fn stop(jobs: &Jobs, escalation: Escalation) -> Result<(), DbError> {
    jobs.engine
        .db
        .write(move |tx| Box::pin(async move { escalations::set_ring(tx, escalation.id, None).await }))
        .await
}

fn account(book: &Arc<HotelBook>) -> Option<&Integration> {
    book.integrations.iter().find(|integration| integration.area() == "sms")
}

fn text(jobs: &Jobs, book: &HotelBook, escalation: &Escalation) -> String {
    let lang = Lang::of(book.hotel.settings.languages.first().map_or("en", String::as_str));
    let base = jobs.public_url.as_str().trim_end_matches('/');
    let link = format!("{base}/inbox/{}", escalation.conversation_id);
    texts::alert(lang, &book.hotel.name, &escalation.reason.without_guest_text(), &link)
}

/// A message to a guest failed or is in doubt: staff see it with the reason in words.
pub(super) async fn undelivered(jobs: &Jobs, lost: Undelivered) -> Result<(), DbError> {
    let call = Call::new(Reason::Undelivered { why: lost.why }, Priority::Normal);
    raise(jobs, lost.conversation, call).await
}

/// The holder has let the guest wait: it rings, and a colleague may take over.
pub(super) async fn guest_waits(jobs: &Jobs, conversation: ConversationId) -> Result<(), DbError> {
    let mut conn = jobs.engine.db.read().await?;
    let found = conversations::find(&mut conn, conversation).await?;
    let Some(found) = found else { return Ok(()) };
    let Some(book) = jobs.engine.books.get(&mut conn, found.property_id, None).await? else { return Ok(()) };
    drop(conn);
    let minutes = book.hotel.settings.patience.holder_minutes;
    raise(jobs, conversation, Call::new(Reason::GuestWaits { minutes }, Priority::High)).await
}

/// Raises a call outside of any turn.
pub(super) async fn raise(jobs: &Jobs, conversation: ConversationId, call: Call) -> Result<(), DbError> {
    let mut conn = jobs.engine.db.read().await?;
    let Some(found) = conversations::find(&mut conn, conversation).await? else { return Ok(()) };
    let Some(book) = jobs.engine.books.get(&mut conn, found.property_id, None).await? else { return Ok(()) };
    drop(conn);
    let clock = jobs.engine.clock.clone();
    jobs.engine
        .db
        .write(move |tx| {
            Box::pin(async move {
                let Some(mut locked) = conversations::lock(tx, conversation).await? else { return Ok(()) };
                escalations::raise(tx, &clock, &book.hotel, &mut locked, &call).await?;
                conversations::update(tx, &locked).await?;
                outbox::ring(tx, &locked);
                Ok(())
            })
        })
        .await
}
