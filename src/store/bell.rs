//! Wake-ups: hints that something was committed. A missed bell costs a delay, never a message.

use super::doors::{Doors, PageBells};
use crate::domain::ids::{ConversationId, PropertyId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Notify, broadcast, watch};

/// What was committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bell {
    /// A conversation has something new, up to `seq`; its row in the inbox may have moved. An `echo` tells of nothing but
    /// the guest's own message, which the page that sent it knows; other nodes hear it without that word.
    Conversation { property: PropertyId, conversation: ConversationId, seq: i64, echo: bool },
    /// Requests, charges or alerts of a property changed.
    Desk { property: PropertyId },
    /// A property, its items, facts, rules, prompt, policies or integrations changed.
    Property { property: PropertyId },
    /// Somebody is writing an answer; never stored.
    Typing { property: PropertyId, conversation: ConversationId, who: Typist },
    /// A conversation's turn is due.
    Turn,
    /// The outbox holds something that is due.
    Sending,
    /// Bells may have rung that nobody here heard: look at everything once.
    Missed,
}

/// Who is writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Typist {
    Bot,
    Staff,
}

/// Everybody who listens, within this process and, where a carrier takes them there, on other nodes.
#[derive(Clone)]
pub struct Bells {
    sender: broadcast::Sender<Bell>,
    doors: Doors,
    abroad: Arc<Abroad>,
}

/// What other nodes have still to hear.
#[derive(Default)]
struct Abroad {
    /// `None`: nobody carries them.
    waiting: Mutex<Option<Gathered>>,
    more: Notify,
}

/// Each bell once, a conversation's with its highest seq: however often it rings, one look finds everything.
#[derive(Default)]
struct Gathered(HashMap<Bell, i64>);

/// With so many different bells waiting, other nodes look at everything instead.
const MOST: usize = 4096;

impl Gathered {
    fn add(&mut self, bell: Bell) {
        let (key, seq) = match bell {
            Bell::Conversation { property, conversation, seq, echo: _ } => {
                (Bell::Conversation { property, conversation, seq: 0, echo: false }, seq)
            }
            Bell::Desk { .. }
            | Bell::Property { .. }
            | Bell::Typing { .. }
            | Bell::Turn
            | Bell::Sending
            | Bell::Missed => (bell, 0),
        };
        if self.0.len() >= MOST && !self.0.contains_key(&key) {
            self.0.clear();
            self.0.insert(Bell::Missed, 0);
            return;
        }
        let highest = self.0.entry(key).or_insert(seq);
        *highest = seq.max(*highest);
    }

    fn into_bells(self) -> Vec<Bell> {
        let with_seq = |(bell, highest)| match bell {
            Bell::Conversation { property, conversation, .. } => {
                Bell::Conversation { property, conversation, seq: highest, echo: false }
            }
            Bell::Desk { .. }
            | Bell::Property { .. }
            | Bell::Typing { .. }
            | Bell::Turn
            | Bell::Sending
            | Bell::Missed => bell,
        };
        self.0.into_iter().map(with_seq).collect()
    }
}

impl Bells {
    pub fn new() -> Self {
        Self { sender: broadcast::Sender::new(1024), doors: Doors::default(), abroad: Arc::default() }
    }

    /// Everything, for those who look after whole hotels.
    pub fn listen(&self) -> broadcast::Receiver<Bell> {
        self.sender.subscribe()
    }

    /// What rings for one conversation.
    pub fn listen_to(&self, conversation: ConversationId) -> PageBells {
        self.doors.page(conversation)
    }

    /// Changes whenever a turn is due.
    pub fn listen_for_turns(&self) -> watch::Receiver<()> {
        self.doors.turns()
    }

    /// Changes whenever the outbox holds something that is due.
    pub fn listen_for_sendings(&self) -> watch::Receiver<()> {
        self.doors.sendings()
    }

    /// Rings here, and has them carried to the other nodes.
    pub fn ring_all(&self, bells: Vec<Bell>) {
        if bells.is_empty() {
            return;
        }
        if let Some(gathered) = &mut *self.abroad.waiting.lock().unwrap_or_else(PoisonError::into_inner) {
            bells.iter().for_each(|bell| gathered.add(*bell));
            self.abroad.more.notify_one();
        }
        for bell in bells {
            self.hear(bell);
        }
    }

    /// A bell that rang on another node; it goes no further.
    pub(super) fn hear(&self, bell: Bell) {
        // Nobody listening is no error.
        let _ = self.sender.send(bell);
        self.doors.ring(bell);
    }

    /// From now on bells are kept for a carrier.
    pub(super) fn gather(&self) {
        self.abroad.waiting.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_default();
    }

    /// What waits to be carried, each bell once; waits until there is something. Cancelled, it has taken nothing.
    pub(super) async fn gathered(&self) -> Vec<Bell> {
        loop {
            let bells = self.take_gathered();
            if !bells.is_empty() {
                return bells;
            }
            self.abroad.more.notified().await;
        }
    }

    pub(super) fn take_gathered(&self) -> Vec<Bell> {
        let mut waiting = self.abroad.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.as_mut().map(std::mem::take).map(Gathered::into_bells).unwrap_or_default()
    }
}

impl Default for Bells {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;

    #[test]
    fn a_bell_is_carried_once_however_often_it_rings() {
        let (clock, bells) = (Clock::system(), Bells::new());
        let (property, conversation) = (clock.id(), clock.id());
        bells.ring_all(vec![Bell::Turn]);
        assert_eq!(bells.take_gathered(), [], "nobody carries yet");
        bells.gather();
        for seq in [3, 5, 4] {
            bells.ring_all(vec![Bell::Conversation { property, conversation, seq, echo: true }]);
        }
        assert_eq!(
            bells.take_gathered(),
            [Bell::Conversation { property, conversation, seq: 5, echo: false }]
        );
        assert_eq!(bells.take_gathered(), []);
    }

    #[test]
    fn too_many_different_bells_become_one_that_says_look_at_everything() {
        let (clock, bells) = (Clock::system(), Bells::new());
        bells.gather();
        bells.ring_all((0..=MOST).map(|_| Bell::Desk { property: clock.id() }).collect());
        assert_eq!(bells.take_gathered(), [Bell::Missed]);
    }
}
