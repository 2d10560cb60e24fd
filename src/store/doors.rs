//! Bells for those who wait for one thing only: a guest's page for its conversation, a worker for work. With thousands of
//! pages open, a bell must not wake them all.

use super::bell::Bell;
use crate::domain::ids::ConversationId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{broadcast, watch};

/// Rings that one page may leave unheard before it has to look by itself.
const UNHEARD: usize = 8;

/// Who waits for what; cheap to clone.
#[derive(Clone)]
pub(super) struct Doors {
    pages: Arc<Mutex<HashMap<ConversationId, broadcast::Sender<Bell>>>>,
    turns: watch::Sender<()>,
    sendings: watch::Sender<()>,
}

impl Default for Doors {
    fn default() -> Self {
        Self { pages: Arc::default(), turns: watch::Sender::new(()), sendings: watch::Sender::new(()) }
    }
}

impl Doors {
    pub fn ring(&self, bell: Bell) {
        match bell {
            Bell::Conversation { conversation, .. } | Bell::Typing { conversation, .. } => {
                let pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(page) = pages.get(&conversation) {
                    // Whoever has just gone hears nothing.
                    let _ = page.send(bell);
                }
            }
            Bell::Turn => self.turns.send_replace(()),
            Bell::Sending => self.sendings.send_replace(()),
            Bell::Missed => {
                self.turns.send_replace(());
                self.sendings.send_replace(());
                let pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
                pages.values().for_each(|page| drop(page.send(bell)));
            }
            Bell::Desk { .. } | Bell::Property { .. } => {}
        }
    }

    pub fn turns(&self) -> watch::Receiver<()> {
        self.turns.subscribe()
    }

    pub fn sendings(&self) -> watch::Receiver<()> {
        self.sendings.subscribe()
    }

    pub fn page(&self, conversation: ConversationId) -> PageBells {
        let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        let sender = pages.entry(conversation).or_insert_with(|| broadcast::Sender::new(UNHEARD));
        PageBells { bells: sender.subscribe(), conversation, doors: self.clone() }
    }
}

/// What rings for one conversation.
pub struct PageBells {
    bells: broadcast::Receiver<Bell>,
    conversation: ConversationId,
    doors: Doors,
}

impl PageBells {
    /// The next ring; [`broadcast::error::RecvError::Lagged`]: some were missed.
    pub async fn next(&mut self) -> Result<Bell, broadcast::error::RecvError> {
        self.bells.recv().await
    }
}

impl Drop for PageBells {
    fn drop(&mut self) {
        let mut pages = self.doors.pages.lock().unwrap_or_else(PoisonError::into_inner);
        // This one is still counted.
        if pages.get(&self.conversation).is_some_and(|page| page.receiver_count() <= 1) {
            pages.remove(&self.conversation);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;

    #[tokio::test]
    async fn a_page_hears_its_own_conversation_and_leaves_nothing_behind() {
        let (clock, doors) = (Clock::system(), Doors::default());
        let (mine, other, property) = (clock.id(), clock.id(), clock.id());
        let (mut here, again) = (doors.page(mine), doors.page(mine));
        let bell = |conversation, seq| Bell::Conversation { property, conversation, seq, echo: false };
        doors.ring(bell(other, 1));
        doors.ring(bell(mine, 2));
        assert_eq!(here.next().await, Ok(bell(mine, 2)));
        drop(here);
        assert_eq!(doors.pages.lock().unwrap().len(), 1);
        drop(again);
        assert!(doors.pages.lock().unwrap().is_empty());
    }

    #[tokio::test]
    async fn work_rings_once_however_often_it_was_rung_and_only_whom_it_concerns() {
        let doors = Doors::default();
        let (mut turns, sendings) = (doors.turns(), doors.sendings());
        doors.ring(Bell::Turn);
        doors.ring(Bell::Turn);
        turns.changed().await.unwrap();
        assert!(!turns.has_changed().unwrap() && !sendings.has_changed().unwrap());
    }
}
