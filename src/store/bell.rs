//! Wake-ups: hints that something was committed. A missed bell costs a delay, never a message.

use crate::domain::ids::{ConversationId, PropertyId};
use tokio::sync::broadcast;

/// What was committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bell {
    /// A conversation has something new, up to `seq`; its row in the inbox may have moved.
    Conversation { property: PropertyId, conversation: ConversationId, seq: i64 },
    /// Requests, charges or alerts of a property changed.
    Desk { property: PropertyId },
    /// A property, its items, facts, rules, prompt, policies or integrations changed.
    Property { property: PropertyId },
    /// Somebody is writing an answer; never stored.
    Typing { property: PropertyId, conversation: ConversationId, who: Typist },
    /// A worker has something to do.
    Work,
}

/// Who is writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typist {
    Bot,
    Staff,
}

/// Everybody who listens, within this process.
#[derive(Clone)]
pub struct Bells {
    sender: broadcast::Sender<Bell>,
}

impl Bells {
    pub fn new() -> Self {
        Self { sender: broadcast::Sender::new(1024) }
    }

    pub fn listen(&self) -> broadcast::Receiver<Bell> {
        self.sender.subscribe()
    }

    pub fn ring_all(&self, bells: Vec<Bell>) {
        for bell in bells {
            // Nobody listening is no error.
            let _ = self.sender.send(bell);
        }
    }
}

impl Default for Bells {
    fn default() -> Self {
        Self::new()
    }
}
