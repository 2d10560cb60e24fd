//! Sends what the outbox holds: each row once, in the order of its conversation, and says honestly what became of it.

use super::accounts::{AccountError, Accounts};
use super::{blocked_by, call_staff};
use crate::channels::{OutboundText, Rejected, SendOutcome};
use crate::clock::Clock;
use crate::domain::conversation::Conversation;
use crate::domain::message::{Delivery, SendState, Voice};
use crate::http::Http;
use crate::store::outbox::{Fate, OutboxRow, Payload};
use crate::store::{Db, DbError, Tx, conversations, hotels, messages, opt_outs, outbox};
use crate::telemetry;
use chrono::TimeDelta;
use std::time::Duration;
use url::Url;

const WINDOW_CLOSED: &str = "the guest has been silent for too long; the vendor takes only templates now";
/// After so many tries the vendor's refusal to answer is final.
const TRIES: i64 = 8;

/// What sending needs; cheap to clone.
#[derive(Clone)]
pub struct Dispatcher {
    pub db: Db,
    pub clock: Clock,
    pub http: Http,
    pub accounts: Accounts,
    /// Where vendors report delivery; a local address that no vendor can reach is fine for trying things out.
    pub public_url: Url,
}

impl Dispatcher {
    /// How long a dispatcher may hold a row; longer than any request may take.
    pub const LEASE: TimeDelta = TimeDelta::seconds(90);

    /// Claims rows that are due; each must then be given to [`Dispatcher::send`].
    pub async fn claim(&self, limit: i64) -> Result<Vec<OutboxRow>, DbError> {
        let now = self.clock.now();
        self.db
            .write(move |tx| Box::pin(async move { outbox::claim_due(tx, now, Self::LEASE, limit).await }))
            .await
    }

    /// Sends one claimed row and writes down its fate; staff are called in the same unit where that is called for.
    pub async fn send(&self, row: OutboxRow) -> Result<(), DbError> {
        let outcome = self.try_send(&row).await;
        let labels = [("channel", row.channel.clone()), ("outcome", word(&outcome).to_owned())];
        metrics::counter!(telemetry::MESSAGES_OUT, &labels).increment(1);
        let clock = self.clock.clone();
        self.db.write(move |tx| Box::pin(async move { settle(tx, &clock, &row, outcome).await })).await
    }

    async fn try_send(&self, row: &OutboxRow) -> SendOutcome {
        let Some(integration) = row.integration_id else {
            return rejected("no account of the hotel can send this");
        };
        let opened = match self.accounts.open(row.property_id, integration).await {
            Ok(opened) => opened,
            Err(AccountError::Db(error)) => {
                return SendOutcome::Retry { after: None, why: error.to_string() };
            }
            Err(error) => return rejected(&error.to_string()),
        };
        let Payload::Text { text } = &row.payload;
        let request = opened.account.render(&OutboundText {
            to: row.address.clone(),
            text: text.clone(),
            reference: row.id.to_string(),
            status_callback_url: self.status_callback(row, opened.integration.kind.as_str()).await,
        });
        let request = match request {
            Ok(request) => request,
            Err(refused) => return SendOutcome::Rejected(refused),
        };
        let answer = self.http.send(request).await;
        opened.account.classify(answer.as_ref())
    }

    async fn status_callback(&self, row: &OutboxRow, kind: &str) -> Option<String> {
        let hook = crate::channels::by_kind(kind)?.hook()?;
        let mut conn = self.db.read().await.ok()?;
        let hotel = hotels::find(&mut conn, row.property_id).await.ok()??;
        let base = self.public_url.as_str().trim_end_matches('/');
        Some(format!("{base}/hooks/{hook}/{}/status", hotel.slug))
    }

    /// Rows whose dispatcher died in the middle: nobody knows whether they were sent, and they are not repeated. Gives
    /// how many there were.
    pub async fn mark_lost(&self) -> Result<usize, DbError> {
        let mut conn = self.db.read().await?;
        let lost = outbox::list_lost(&mut conn, self.clock.now(), Self::LEASE, 100).await?;
        drop(conn);
        let count = lost.len();
        for row in lost {
            let clock = self.clock.clone();
            let why = "cut off while it was being sent; it may or may not have arrived".to_owned();
            let fate = SendOutcome::Unknown { why };
            self.db
                .write::<_, DbError, _>(move |tx| {
                    Box::pin(async move { settle(tx, &clock, &row, fate).await })
                })
                .await?;
        }
        Ok(count)
    }
}

fn word(outcome: &SendOutcome) -> &'static str {
    match outcome {
        SendOutcome::Sent { .. } => "sent",
        SendOutcome::Retry { .. } => "retry",
        SendOutcome::Rejected(_) => "rejected",
        SendOutcome::WindowClosed => "window_closed",
        SendOutcome::Unknown { .. } => "unknown",
    }
}

fn rejected(why: &str) -> SendOutcome {
    SendOutcome::Rejected(Rejected { why: why.to_owned(), code: None, opted_out: false, permanent: false })
}

/// Everything that follows from an outcome, in one unit. The conversation is locked first, as everywhere.
async fn settle(tx: &mut Tx, clock: &Clock, row: &OutboxRow, outcome: SendOutcome) -> Result<(), DbError> {
    let now = clock.now();
    let mut conversation = match (&outcome, row.conversation_id) {
        (SendOutcome::Sent { .. }, _) | (_, None) => None,
        (_, Some(id)) => conversations::lock(tx, id).await?,
    };
    let wanted = match &outcome {
        SendOutcome::Retry { .. } => still_wanted(tx, row, conversation.as_ref()).await?,
        _ => Ok(()),
    };
    let (fate, delivery) = match (&outcome, &wanted) {
        (SendOutcome::Sent { vendor_id }, _) => {
            let fate = Fate { state: SendState::Sent, due_at: None, vendor_id: Some(vendor_id), error: None };
            (fate, Delivery::Sent)
        }
        (_, Err((state, why))) => {
            let delivery = if *state == SendState::Failed { Delivery::Failed } else { Delivery::Cancelled };
            (Fate { state: *state, due_at: None, vendor_id: None, error: Some(why) }, delivery)
        }
        (SendOutcome::Retry { after, why }, Ok(())) if row.tries < TRIES => {
            let due_at = Some(now + pause(*after, row.tries));
            (Fate { state: SendState::Queued, due_at, vendor_id: None, error: Some(why) }, Delivery::Queued)
        }
        (SendOutcome::Retry { why, .. } | SendOutcome::Rejected(Rejected { why, .. }), _) => {
            (failed(why), Delivery::Failed)
        }
        (SendOutcome::WindowClosed, _) => (failed(WINDOW_CLOSED), Delivery::Failed),
        (SendOutcome::Unknown { why }, _) => {
            let fate = Fate { state: SendState::Unknown, due_at: None, vendor_id: None, error: Some(why) };
            (fate, Delivery::Unknown)
        }
    };
    if !outbox::settle(tx, row, fate, now).await? {
        return Ok(());
    }
    if let SendOutcome::Rejected(Rejected { opted_out: true, .. }) = &outcome {
        opt_outs::insert(tx, row.property_id, &row.channel, &row.address, "STOP", now).await?;
    }
    let why = fate.error.unwrap_or_default();
    if let Some(message) = row.message_id
        && delivery != Delivery::Queued
    {
        messages::advance(tx, message, delivery, fate.error).await?;
    }
    let lost = matches!(delivery, Delivery::Failed | Delivery::Unknown) && wanted.is_ok();
    match &mut conversation {
        Some(conversation) if lost => call_staff(tx, clock, conversation, why, None).await,
        Some(_) | None => Ok(()),
    }
}

/// Between two tries staff may have taken over, or the guest may have opted out: then there is no second one.
async fn still_wanted(
    tx: &mut Tx,
    row: &OutboxRow,
    conversation: Option<&Conversation>,
) -> Result<Result<(), (SendState, String)>, DbError> {
    let Some(conversation) = conversation else { return Ok(Ok(())) };
    if row.voice == Voice::Bot && row.epoch != conversation.floor.epoch {
        return Ok(Err((SendState::Cancelled, "staff took over".to_owned())));
    }
    let word = opt_outs::find(tx, row.property_id, &row.channel, &row.address).await?;
    Ok(word.map_or(Ok(()), |word| Err((SendState::Failed, blocked_by(&row.channel, &word)))))
}

fn failed(why: &str) -> Fate<'_> {
    Fate { state: SendState::Failed, due_at: None, vendor_id: None, error: Some(why) }
}

/// What the vendor asks for, or 1, 2, 4 … 120 seconds.
fn pause(after: Option<Duration>, tries: i64) -> TimeDelta {
    let asked = after.and_then(|after| TimeDelta::from_std(after).ok());
    let doublings = u32::try_from(tries.clamp(1, 8) - 1).unwrap_or(0);
    asked.unwrap_or_else(|| TimeDelta::seconds(2_i64.pow(doublings).min(120)))
}
