//! The way in: one message, one unit. It masks, stores once, raises alarms and wakes the engine; it answers nobody.

mod accept;
mod events;
mod late;
mod notes;
mod receipts;
mod whose;
mod words;

pub use accept::{Opening, accept, default_lang, find, open};
pub use events::event;
pub use receipts::receipt;

use crate::clock::Clock;
use crate::domain::capability::Capability;
use crate::domain::hotel::Hotel;
use crate::domain::ids::{ConversationId, IntegrationId, MessageId};
use crate::domain::message::Media;
use crate::store::{Db, DbError};
use chrono::{DateTime, TimeDelta, Utc};

/// Longest guest text that is kept, in characters; the rest is cut with a mark.
pub const MAX_CHARS: usize = 16_000;

/// What intake needs.
#[derive(Clone)]
pub struct Intake {
    pub db: Db,
    pub clock: Clock,
    pub debounce: Debounce,
}

/// How long the engine waits for the guest to finish.
#[derive(Debug, Clone, Copy)]
pub struct Debounce {
    /// After the last message.
    pub quiet: TimeDelta,
    /// After the first one at most.
    pub most: TimeDelta,
}

impl Debounce {
    fn due(self, first: DateTime<Utc>, now: DateTime<Utc>, at_once: bool) -> DateTime<Utc> {
        if at_once { now } else { (now + self.quiet).min(first + self.most) }
    }
}

/// A guest's message, verified and parsed, with where it belongs.
#[derive(Clone)]
pub struct Arrival {
    pub hotel: std::sync::Arc<Hotel>,
    pub channel: &'static str,
    pub capability: Capability,
    pub integration_id: Option<IntegrationId>,
    /// The conversation, where the channel knows it (web chat); otherwise it is found by `address`.
    pub conversation: Option<ConversationId>,
    pub address: String,
    /// The vendor's own id of the guest, where it has one that outlasts the address.
    pub lasting_id: Option<String>,
    /// The vendor's id, or the page's own key; unique within the account or the session.
    pub vendor_id: String,
    pub text: String,
    /// When the guest sent it, where the channel says so.
    pub sent_at: Option<DateTime<Utc>>,
    pub media: Vec<Media>,
    pub button: bool,
    /// Our own id of what was tapped.
    pub choice: Option<String>,
    pub word: Option<CarrierWord>,
}

/// A message that is nothing but a word to the carrier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CarrierWord {
    OptOut(String),
    OptIn {
        word: String,
        /// YES: for an address that has not opted out it is an ordinary message.
        only_if_opted_out: bool,
    },
    Help(String),
}

impl Arrival {
    /// The scope within which `vendor_id` is unique.
    fn account(&self) -> String {
        match (self.integration_id, self.conversation) {
            (Some(integration), _) => format!("in:{integration}"),
            (None, Some(conversation)) => format!("in:{conversation}"),
            (None, None) => format!("in:{}:{}:{}", self.hotel.id, self.channel, self.address),
        }
    }
}

/// Where a message was stored, or had been before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    pub conversation: ConversationId,
    pub message: MessageId,
    pub seq: i64,
    /// It was here already; nothing changed.
    pub duplicate: bool,
}

/// Why a message was not stored.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    #[error(transparent)]
    Db(#[from] DbError),
    #[error("the conversation does not exist")]
    NoConversation,
}

/// No NUL, no control characters but line breaks and tabs, no more than is kept.
pub fn clean(text: &str) -> String {
    let mut cleaned: String =
        text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).take(MAX_CHARS).collect();
    if text.chars().nth(MAX_CHARS).is_some() {
        cleaned.push('…');
    }
    cleaned
}
