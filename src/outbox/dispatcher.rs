//! Sends what the outbox holds: each row once, in the order of its conversation, at its account's pace. What became of
//! it is written down in `fate`.

use super::accounts::{AccountError, Accounts, Opened};
use super::fate;
use crate::channels::{self, LookedUp, OutboundText, Rejected, SendOutcome, Sought};
use crate::clock::Clock;
use crate::domain::choices::Choices;
use crate::http::Http;
use crate::store::outbox::{OutboxRow, Payload};
use crate::store::{Db, DbError, hotels, messages, outbox};
use crate::telemetry;
use chrono::TimeDelta;
use url::Url;
use uuid::Uuid;

/// What a request may take: with less of the lease left, a sending is not begun.
const REQUEST: TimeDelta = TimeDelta::seconds(30);
/// A sending that has not begun so soon after its row was claimed is not begun at all, by the time that really passes: a
/// clock that is set back must not bring back a lease that is over.
pub(super) const BEGIN_WITHIN: TimeDelta = TimeDelta::seconds(15);
/// How many lost rows one pass looks after, and about how many doubtful ones a vendor is asked at once.
const BATCH: i64 = 16;

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

/// What came of one try.
pub(super) enum Tried {
    /// The vendor's word, or its silence.
    Vendor(SendOutcome),
    /// Nothing has left this house: the database did not answer, or the lease was nearly over.
    NotBegun { why: String },
}

impl Dispatcher {
    /// How long a dispatcher may hold a row; longer than any request may take.
    pub const LEASE: TimeDelta = TimeDelta::seconds(90);

    /// Claims rows that are due; each must then be given to [`Dispatcher::send`].
    pub async fn claim(&self, limit: i64) -> Result<Vec<OutboxRow>, DbError> {
        let (now, before) = (self.clock.now(), self.clock.passed());
        let rows = self
            .db
            .write(move |tx| Box::pin(async move { outbox::claim_due(tx, now, Self::LEASE, limit).await }))
            .await?;
        rows.iter().for_each(|row| self.clock.knows(claim(row), before));
        Ok(rows)
    }

    /// Sends one claimed row and writes down its fate; staff are called in the same unit where that is called for.
    pub async fn send(&self, row: OutboxRow) -> Result<(), DbError> {
        let tried = self.try_send(&row).await;
        self.clock.forget(claim(&row));
        let labels = [("channel", row.channel.clone()), ("outcome", word(&tried).to_owned())];
        metrics::counter!(telemetry::MESSAGES_OUT, &labels).increment(1);
        let sent = matches!(tried, Tried::Vendor(SendOutcome::Sent { .. }));
        let (clock, settled) = (self.clock.clone(), row.clone());
        self.db
            .write(move |tx| Box::pin(async move { fate::of_sending(tx, &clock, &settled, tried).await }))
            .await?;
        if sent { self.mark_read(&row).await } else { Ok(()) }
    }

    /// Only now is there an answer: a mark before it would promise one that a person may have to give. Whether the mark
    /// arrives changes nothing.
    async fn mark_read(&self, row: &OutboxRow) -> Result<(), DbError> {
        let marks = channels::by_name(&row.channel).is_some_and(|channel| channel.capability().read_marks);
        let (true, Some(account), Some(conversation), Some(message)) =
            (marks, row.integration_id, row.conversation_id, row.message_id)
        else {
            return Ok(());
        };
        let mut conn = self.db.read().await?;
        let answered = messages::first_answered_by(&mut conn, conversation, message).await?;
        drop(conn);
        let Some(vendor_id) = answered else { return Ok(()) };
        if let Ok(opened) = self.accounts.open(row.property_id, account).await
            && let Some(request) = opened.account.read_mark(&vendor_id)
            && let Err(error) = self.http.send(request).await
        {
            tracing::debug!(%error, row = %row.id, "a message could not be marked as read");
        }
        Ok(())
    }

    async fn try_send(&self, row: &OutboxRow) -> Tried {
        let Some(integration) = row.integration_id else {
            return rejected("no account of the hotel can send this");
        };
        let opened = match self.accounts.open(row.property_id, integration).await {
            Ok(opened) => opened,
            Err(AccountError::Db(error)) => return Tried::NotBegun { why: error.to_string() },
            Err(error) => return rejected(&error.to_string()),
        };
        let (template, choices) = match &row.payload {
            Payload::Text { choices, .. } => (None, choices.clone()),
            Payload::Template { template, .. } => (Some(template.clone()), Choices::default()),
        };
        let request = opened.account.render(&OutboundText {
            to: row.address.clone(),
            text: row.payload.text().to_owned(),
            template,
            choices,
            reference: row.id.to_string(),
            status_callback_url: self.status_callback(row, opened.integration.kind.as_str()).await,
        });
        let request = match request {
            Ok(request) => request,
            Err(refused) => return Tried::Vendor(SendOutcome::Rejected(refused)),
        };
        // A process that was paused for long no longer holds the row, whatever it believes.
        let lapsed = row.lease_until.is_none_or(|until| self.clock.now() + REQUEST > until);
        if lapsed || self.clock.known_for(claim(row)) > BEGIN_WITHIN {
            return Tried::NotBegun { why: "it was held for too long before it could be sent".to_owned() };
        }
        let answer = self.http.send(request).await;
        Tried::Vendor(opened.account.classify(answer.as_ref()))
    }

    async fn status_callback(&self, row: &OutboxRow, kind: &str) -> Option<String> {
        let hook = channels::by_kind(kind)?.hook()?;
        let mut conn = self.db.read().await.ok()?;
        let hotel = hotels::find(&mut conn, row.property_id).await.ok()??;
        let base = self.public_url.as_str().trim_end_matches('/');
        Some(format!("{base}/hooks/{hook}/{}/status", hotel.slug))
    }

    /// Rows whose dispatcher died in the middle: nobody knows whether they were sent, and they are not repeated. Gives
    /// how many there were.
    pub async fn mark_lost(&self) -> Result<usize, DbError> {
        let mut conn = self.db.read().await?;
        let lost = outbox::list_lost(&mut conn, self.clock.now(), Self::LEASE, BATCH).await?;
        drop(conn);
        let count = lost.len();
        for row in lost {
            let clock = self.clock.clone();
            let why = "cut off while it was being sent; it may or may not have arrived".to_owned();
            let tried = Tried::Vendor(SendOutcome::Unknown { why });
            self.db
                .write::<_, DbError, _>(move |tx| {
                    Box::pin(async move { fate::of_sending(tx, &clock, &row, tried).await })
                })
                .await?;
        }
        Ok(count)
    }

    /// Takes rows of unknown fate whose time it is; each must then be given to [`Self::look`].
    pub async fn claim_looks(&self) -> Result<Vec<OutboxRow>, DbError> {
        let now = self.clock.now();
        let unit = self.db.write::<_, DbError, _>(move |tx| {
            Box::pin(async move { outbox::claim_looks(tx, now, Self::LEASE, BATCH).await })
        });
        unit.await
    }

    /// Asks the vendor what became of a row.
    pub async fn look(&self, row: OutboxRow) -> Result<(), DbError> {
        let listed_at = fate::listed_at(&self.clock, &row);
        let seen = self.ask(&row).await;
        let clock = self.clock.clone();
        let unit = self.db.write::<_, DbError, _>(move |tx| {
            Box::pin(async move { fate::of_look(tx, &clock, &row, seen, listed_at).await })
        });
        unit.await
    }

    async fn ask(&self, row: &OutboxRow) -> LookedUp {
        let (Some(integration), Some(tried_at)) = (row.integration_id, row.tried_at) else {
            return not_now("nobody knows when it was sent".to_owned());
        };
        let Opened { account, .. } = match self.accounts.open(row.property_id, integration).await {
            Ok(opened) => opened,
            Err(error) => return not_now(error.to_string()),
        };
        let sought = Sought { to: row.address.clone(), text: row.payload.text().to_owned(), tried_at };
        let Some(request) = account.look_up(&sought) else {
            return not_now("this channel's vendor cannot be asked".to_owned());
        };
        let answer = self.http.send(request).await;
        account.classify_look_up(&sought, answer.as_ref())
    }
}

/// What a process remembers of a row that it has claimed; doubts are counted upwards.
fn claim(row: &OutboxRow) -> (Uuid, i64) {
    (row.id.0, -row.lease_token)
}

fn word(tried: &Tried) -> &'static str {
    match tried {
        Tried::Vendor(SendOutcome::Sent { .. }) => "sent",
        Tried::Vendor(SendOutcome::Retry { .. }) => "retry",
        Tried::Vendor(SendOutcome::Rejected(_)) => "rejected",
        Tried::Vendor(SendOutcome::WindowClosed) => "window_closed",
        Tried::Vendor(SendOutcome::Unknown { .. }) => "unknown",
        Tried::NotBegun { .. } => "not_begun",
    }
}

fn not_now(why: String) -> LookedUp {
    LookedUp::NotNow { why }
}

fn rejected(why: &str) -> Tried {
    let refused = Rejected { why: why.to_owned(), code: None, opted_out: false, permanent: false };
    Tried::Vendor(SendOutcome::Rejected(refused))
}
