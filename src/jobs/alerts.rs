//! Calls for staff that nobody has opened ring the hotel's on-call numbers in turn: a reason and a link, no guest text.

use super::Jobs;
use crate::clock::Clock;
use crate::domain::conversation::Conversation;
use crate::domain::escalation::{Priority, Reason};
use crate::domain::ids::ConversationId;
use crate::domain::integration::Integration;
use crate::outbox::{self, Alert};
use crate::store::escalations::{self, Call, Escalation};
use crate::store::hotel_book::HotelBook;
use crate::store::{DbError, Tx, conversations};
use crate::texts::{self, Lang};
use chrono::TimeDelta;
use std::sync::Arc;

/// How often each on-call number rings before the list alone has to do.
const ROUNDS: i64 = 3;

/// Rings what is due; gives how many were dealt with.
pub(super) async fn ring(jobs: &Jobs) -> Result<usize, DbError> {
    let mut conn = jobs.engine.db.read().await?;
    let due = escalations::list_ringing(&mut conn, jobs.engine.clock.now(), 20).await?;
    drop(conn);
    let count = due.len();
    for escalation in due {
        ring_one(jobs, escalation).await?;
    }
    Ok(count)
}

/// The ring and its message in one unit: two nodes ring once, and a node that dies in between has not rung.
async fn ring_one(jobs: &Jobs, escalation: Escalation) -> Result<(), DbError> {
    let mut conn = jobs.engine.db.read().await?;
    let book = jobs.engine.books.get(&mut conn, escalation.property_id, None).await?;
    drop(conn);
    let Some(book) = book else { return stop(jobs, escalation).await };
    let numbers = &book.hotel.settings.on_call;
    let count = i64::try_from(numbers.len()).unwrap_or(i64::MAX);
    let rings_left = count > 0 && escalation.rings < ROUNDS.saturating_mul(count);
    let place = usize::try_from(escalation.rings.checked_rem(count).unwrap_or(0)).unwrap_or(0);
    let (Some(account), Some(number), true) = (account(&book), numbers.get(place).cloned(), rings_left)
    else {
        return stop(jobs, escalation).await;
    };
    let text = text(jobs, &book, &escalation);
    let next = jobs.engine.clock.now()
        + TimeDelta::minutes(i64::from(book.hotel.settings.patience.alert_minutes.max(1)));
    let (clock, account) = (jobs.engine.clock.clone(), account.clone());
    jobs.engine
        .db
        .write(move |tx| {
            Box::pin(async move {
                if escalations::count_ring(tx, &escalation, next).await? {
                    let alert =
                        Alert { integration: &account, escalation: escalation.id, to: &number, text: &text };
                    outbox::enqueue_alert(tx, &clock, alert).await?;
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
        .write(move |tx| Box::pin(async move { escalations::end_ringing(tx, escalation.id).await }))
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

/// The holder has let the guest wait: it rings, and a colleague may take over.
pub(super) async fn guest_waits(jobs: &Jobs, conversation: ConversationId) -> Result<(), DbError> {
    let Some(book) = book(jobs, conversation).await? else { return Ok(()) };
    let clock = jobs.engine.clock.clone();
    jobs.engine
        .db
        .write(move |tx| {
            Box::pin(async move {
                let Some(mut locked) = conversations::lock(tx, conversation).await? else { return Ok(()) };
                if !conversations::end_holder_due(tx, conversation, clock.now()).await? {
                    return Ok(());
                }
                let minutes = book.hotel.settings.patience.holder_minutes;
                let call = Call::new(Reason::GuestWaits { minutes }, Priority::High);
                raise_on(tx, &clock, &book, &mut locked, &call).await
            })
        })
        .await
}

/// Raises a call outside of any turn.
pub(super) async fn raise(jobs: &Jobs, conversation: ConversationId, call: Call) -> Result<(), DbError> {
    let Some(book) = book(jobs, conversation).await? else { return Ok(()) };
    let clock = jobs.engine.clock.clone();
    jobs.engine
        .db
        .write(move |tx| {
            Box::pin(async move {
                match conversations::lock(tx, conversation).await? {
                    Some(mut locked) => raise_on(tx, &clock, &book, &mut locked, &call).await,
                    None => Ok(()),
                }
            })
        })
        .await
}

async fn raise_on(
    tx: &mut Tx,
    clock: &Clock,
    book: &HotelBook,
    locked: &mut Conversation,
    call: &Call,
) -> Result<(), DbError> {
    if escalations::raise(tx, clock, &book.hotel, locked, call).await? {
        conversations::update(tx, locked).await?;
        outbox::ring(tx, locked);
    }
    Ok(())
}

async fn book(jobs: &Jobs, conversation: ConversationId) -> Result<Option<Arc<HotelBook>>, DbError> {
    let mut conn = jobs.engine.db.read().await?;
    match conversations::find(&mut conn, conversation).await? {
        Some(found) => jobs.engine.books.get(&mut conn, found.property_id, None).await,
        None => Ok(None),
    }
}
