//! Sends what the outbox holds: each row once, in the order of its conversation, and says honestly what became of it.

use super::accounts::{AccountError, Accounts};
use super::ring;
use crate::channels::{OutboundText, Rejected, SendOutcome};
use crate::clock::Clock;
use crate::domain::ids::ConversationId;
use crate::domain::message::{Delivery, SendState};
use crate::http::Http;
use crate::store::outbox::{Fate, OutboxRow, Payload};
use crate::store::{Db, DbError, Tx, conversations, hotels, messages, opt_outs, outbox};
use crate::telemetry;
use chrono::{DateTime, TimeDelta, Utc};
use std::time::Duration;
use url::Url;

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

/// A message that did not get through: staff should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undelivered {
    pub conversation: ConversationId,
    pub why: String,
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

    /// Sends one claimed row and writes down its fate.
    pub async fn send(&self, row: OutboxRow) -> Result<Option<Undelivered>, DbError> {
        let outcome = self.try_send(&row).await;
        let labels = [("channel", row.channel.clone()), ("outcome", word(&outcome).to_owned())];
        metrics::counter!(telemetry::MESSAGES_OUT, &labels).increment(1);
        let now = self.clock.now();
        let settled =
            self.db.write(move |tx| Box::pin(async move { settle(tx, row, outcome, now).await })).await?;
        Ok(settled)
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

    /// Rows whose dispatcher died in the middle: nobody knows whether they were sent, and they are not repeated.
    pub async fn mark_lost(&self) -> Result<Vec<Undelivered>, DbError> {
        let now = self.clock.now();
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let mut undelivered = Vec::new();
                    for row in outbox::take_lost(tx, now).await? {
                        let why = "cut off while it was being sent; it may or may not have arrived";
                        mark(tx, &row, Delivery::Unknown, Some(why)).await?;
                        undelivered.extend(to_staff(&row, why));
                    }
                    Ok(undelivered)
                })
            })
            .await
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

async fn settle(
    tx: &mut Tx,
    row: OutboxRow,
    outcome: SendOutcome,
    now: DateTime<Utc>,
) -> Result<Option<Undelivered>, DbError> {
    let (fate, delivery, why) = match &outcome {
        SendOutcome::Sent { vendor_id } => {
            let fate = Fate { state: SendState::Sent, due_at: None, vendor_id: Some(vendor_id), error: None };
            (fate, Delivery::Sent, None)
        }
        SendOutcome::Retry { after, why } if row.tries < TRIES => {
            let due = now + pause(*after, row.tries);
            let fate =
                Fate { state: SendState::Queued, due_at: Some(due), vendor_id: None, error: Some(why) };
            (fate, Delivery::Queued, None)
        }
        SendOutcome::Retry { why, .. } => (failed(why), Delivery::Failed, Some(why.as_str())),
        SendOutcome::Rejected(refused) => {
            (failed(&refused.why), Delivery::Failed, Some(refused.why.as_str()))
        }
        SendOutcome::WindowClosed => {
            let why = "the guest has been silent for too long; the vendor takes only templates now";
            (failed(why), Delivery::Failed, Some(why))
        }
        SendOutcome::Unknown { why } => {
            let fate = Fate { state: SendState::Unknown, due_at: None, vendor_id: None, error: Some(why) };
            (fate, Delivery::Unknown, Some(why.as_str()))
        }
    };
    if !outbox::settle(tx, &row, fate, now).await? {
        return Ok(None);
    }
    if let SendOutcome::Rejected(Rejected { opted_out: true, .. }) = &outcome {
        opt_outs::insert(tx, row.property_id, &row.channel, &row.address, "STOP", now).await?;
    }
    mark(tx, &row, delivery, why).await?;
    Ok(why.and_then(|why| to_staff(&row, why)))
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

fn to_staff(row: &OutboxRow, why: &str) -> Option<Undelivered> {
    row.conversation_id.map(|conversation| Undelivered { conversation, why: why.to_owned() })
}

/// The guest's page and the inbox show the same as the row.
async fn mark(tx: &mut Tx, row: &OutboxRow, delivery: Delivery, why: Option<&str>) -> Result<(), DbError> {
    let Some(id) = row.message_id else { return Ok(()) };
    let Some(message) = messages::find(tx, id).await? else { return Ok(()) };
    // A receipt may have been faster than the answer to our sending.
    let merged = match delivery {
        Delivery::Queued => message.delivery,
        Delivery::Sent
        | Delivery::Delivered
        | Delivery::Read
        | Delivery::Failed
        | Delivery::Unknown
        | Delivery::Cancelled => message.delivery.merge(delivery),
    };
    if merged != message.delivery {
        messages::set_delivery(tx, id, merged, why).await?;
        if let Some(conversation) = conversations::find(tx, message.conversation_id).await? {
            ring(tx, &conversation);
        }
    }
    Ok(())
}
