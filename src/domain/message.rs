//! Messages: who wrote them, and how far each has come on its way to the guest.

use super::ids::{ConversationId, MessageId, UserId};
use super::money::Money;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

text_enum! {
    /// Who wrote a message.
    pub enum Author {
        Guest = "guest",
        Bot = "bot",
        Staff = "staff",
        /// Bellhop's own fixed sentences: emergency text, hand-off lines.
        System = "system",
    }
}

text_enum! {
    /// How far a message to the guest has come. A guest's own message is `delivered` once stored.
    pub enum Delivery {
        Queued = "queued",
        Sent = "sent",
        Delivered = "delivered",
        Read = "read",
        Failed = "failed",
        /// The sending was cut off; nobody knows whether it arrived, and it is not repeated blindly.
        Unknown = "unknown",
        Cancelled = "cancelled",
    }
}

text_enum! {
    /// Who speaks in a row; only the bot falls silent when staff take over.
    pub enum Voice {
        Bot = "bot",
        Staff = "staff",
        /// Fixed lines that stand even after a take-over: emergencies.
        Emergency = "emergency",
        /// To staff themselves.
        Alert = "alert",
    }
}

text_enum! {
    pub enum SendState {
        Queued = "queued",
        /// A dispatcher has it; if it dies now, the row becomes `unknown`.
        Sending = "sending",
        Sent = "sent",
        Failed = "failed",
        Unknown = "unknown",
        Cancelled = "cancelled",
    }
}

impl Delivery {
    /// What this state may take the place of. Receipts arrive twice and out of order: a message only moves forward.
    pub fn follows(self) -> &'static [Delivery] {
        use Delivery::{Delivered, Queued, Sent, Unknown};
        match self {
            Delivery::Queued => &[],
            Delivery::Unknown => &[Queued],
            Delivery::Sent => &[Queued, Unknown],
            Delivery::Delivered | Delivery::Failed | Delivery::Cancelled => &[Queued, Unknown, Sent],
            Delivery::Read => &[Queued, Unknown, Sent, Delivered],
        }
    }
}

/// A file that came with a message, as the vendor names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Media {
    /// Where the vendor keeps it; empty where it gives no address.
    pub url: String,
    pub content_type: String,
    /// Its file name, or what a person needs to know of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// What a message quotes to the guest, so that a screen can draw it as a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct QuoteCard {
    pub item: String,
    pub quantity: u32,
    pub total: Money,
}

/// A stored message.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    pub id: MessageId,
    pub conversation_id: ConversationId,
    /// 1, 2, 3 … within its conversation.
    pub seq: i64,
    pub author: Author,
    pub user_id: Option<UserId>,
    /// A note among staff; the guest never sees it.
    pub private: bool,
    pub text: String,
    pub media: Vec<Media>,
    /// The effect that this message quotes; of a guest's message, whose offer was answered by a tap.
    pub quote: Option<super::ids::EffectId>,
    pub delivery: Delivery,
    /// Why it failed, in words.
    pub delivery_reason: Option<String>,
    /// −1 (furious) … 1 (delighted); guest messages only.
    pub mood: Option<f64>,
    /// Length in model tokens; `None` until somebody needed to know.
    pub tokens: Option<i64>,
    pub created_at: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use super::Delivery::*;

    #[test]
    fn a_late_sent_receipt_does_not_undo_delivered() {
        for (state, next) in [(Sent, Delivered), (Sent, Failed), (Unknown, Delivered), (Queued, Unknown)] {
            assert!(next.follows().contains(&state), "{state} becomes {next}");
            assert!(!state.follows().contains(&next), "{next} does not become {state}");
        }
        assert!(!Failed.follows().contains(&Delivered));
        assert!(!Delivered.follows().contains(&Failed));
    }
}
