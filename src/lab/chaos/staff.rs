//! The hotel's people: they look, take over, answer, hand back and close at random moments, most of all while something
//! is under way; and they remember what they did.

use super::faults::Step;
use super::invariants;
use super::world::{Inner, MILLI, Micros, Role, SECOND, World};
use crate::conversation::desk::Desk;
use crate::domain::conversation::Status;
use crate::domain::ids::{ConversationId, MessageId};
use crate::domain::message::{Author, Delivery};
use crate::domain::people::Staff;
use crate::domain::request::RequestState;
use crate::store::{Db, conversations, messages, requests};
use std::collections::BTreeSet;

/// Somebody of staff has a conversation.
#[derive(Debug, Clone, Copy)]
pub struct Hold {
    pub guest: usize,
    /// From this place in the order of commits on.
    pub from: u64,
    /// Up to here; `None`: still.
    pub to: Option<u64>,
}

/// What staff remember.
#[derive(Default)]
pub struct Floor {
    pub holds: Vec<Hold>,
    /// When somebody last looked, by guest, each time.
    pub looked: Vec<(usize, Micros)>,
    /// When somebody answered or closed, by guest, in the order of things.
    pub dealt_with: Vec<(usize, u64)>,
    /// Everything they wrote.
    pub wrote: BTreeSet<String>,
    /// What they sent once more on purpose.
    pub sent_again: BTreeSet<MessageId>,
    written: u64,
}

impl Floor {
    pub fn held(&self, guest: usize, order: u64) -> bool {
        let within =
            |hold: &&Hold| hold.guest == guest && hold.from < order && hold.to.is_none_or(|to| order < to);
        self.holds.iter().rev().find(within).is_some()
    }
}

/// One of staff at work.
pub struct Member {
    pub world: World,
    pub db: Db,
    pub desk: Desk,
    pub who: Staff,
}

/// What they could do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Look,
    TakeOver,
    Reply,
    HandBack,
    Resolve,
    Note,
    SendAgain,
    CloseRequest,
}

impl Member {
    pub async fn work(self) {
        loop {
            let wait = self.world.lock().rng.between(500, 9_000) * MILLI;
            self.world.sleep(wait).await;
            if self.world.lock().calm {
                return;
            }
            if let Some((guest, conversation)) = self.choose() {
                self.deal_with(guest, conversation).await;
            }
        }
    }

    /// Most of all one in which something is under way.
    fn choose(&self) -> Option<(usize, ConversationId)> {
        let mut inner = self.world.lock();
        let brief = inner.rng.chance(60);
        let fits = |step: Step| {
            let is_brief = matches!(
                step,
                Step::TurnLoad
                    | Step::ToolIntent
                    | Step::ToolResult
                    | Step::ReadBack
                    | Step::Commit
                    | Step::Settle
            );
            is_brief || !brief
        };
        let busy: Vec<ConversationId> = inner
            .cards
            .iter()
            .flatten()
            .filter(|card| card.role != Role::Staff && fits(card.step))
            .filter_map(|card| card.conversation)
            .collect();
        if !busy.is_empty() && inner.rng.chance(75) {
            let at = inner.rng.below(busy.len());
            let chosen = busy.get(at).copied()?;
            return inner.guests.of(chosen).map(|guest| (guest, chosen));
        }
        let at = inner.guests.all.len();
        let guest = inner.rng.below(at);
        inner.guests.all.get(guest)?.conversation.map(|conversation| (guest, conversation))
    }

    async fn deal_with(&self, guest: usize, id: ConversationId) {
        let Ok(mut conn) = self.db.read().await else { return };
        let Ok(Some(seen)) = conversations::find(&mut conn, id).await else { return };
        drop(conn);
        let mine = seen.floor.holder == Some(self.who.id);
        let act = {
            let mut inner = self.world.lock();
            let rng = &mut inner.rng;
            match seen.floor.status {
                Status::Staff if mine => rng.weighted(
                    &[
                        (35, Act::Reply),
                        (35, Act::HandBack),
                        (12, Act::Resolve),
                        (8, Act::Note),
                        (10, Act::Look),
                    ],
                    Act::Look,
                ),
                Status::Staff => Act::Look,
                Status::Waiting => rng.weighted(
                    &[
                        (45, Act::TakeOver),
                        (15, Act::Reply),
                        (10, Act::HandBack),
                        (15, Act::Resolve),
                        (15, Act::Look),
                    ],
                    Act::Look,
                ),
                Status::Bot | Status::Resolved => rng.weighted(
                    &[
                        (45, Act::TakeOver),
                        (10, Act::Reply),
                        (5, Act::Resolve),
                        (15, Act::SendAgain),
                        (10, Act::CloseRequest),
                        (15, Act::Look),
                    ],
                    Act::Look,
                ),
            }
        };
        self.act(act, guest, id, seen.last_seq).await;
        // Whoever holds one gives it back after a while.
        if act == Act::TakeOver || act == Act::Reply {
            self.attend(guest, id).await;
        }
    }

    async fn attend(&self, guest: usize, id: ConversationId) {
        let wait = self.world.lock().rng.between(300, 20_000) * MILLI;
        self.world.sleep(wait).await;
        let answers = self.world.lock().rng.chance(50);
        if answers {
            self.act(Act::Reply, guest, id, 0).await;
        }
        let gives_back = self.world.lock().rng.chance(85);
        if gives_back {
            self.act(Act::HandBack, guest, id, 0).await;
        }
    }

    async fn act(&self, act: Act, guest: usize, id: ConversationId, seen: i64) {
        let begun = {
            let mut inner = self.world.lock();
            let now = inner.now;
            inner.note(guest, || format!("{} begins: {act:?}", self.who.name));
            if matches!(act, Act::Look | Act::TakeOver | Act::Reply | Act::HandBack | Act::Resolve) {
                inner.floor.looked.push((guest, now));
            }
            inner.order
        };
        let who = self.who.clone();
        match act {
            Act::Look => drop(self.desk.mark_read(who, id, seen).await),
            Act::TakeOver => {
                self.about(Some(id));
                let taken = self.desk.take_over(who, id, None).await;
                self.about(None);
                if taken.is_ok_and(|taken| taken.floor.holder == Some(self.who.id)) {
                    self.taken(guest);
                }
            }
            Act::Reply => self.reply(guest, id).await,
            Act::HandBack => {
                self.given_back(guest, begun);
                if self.desk.hand_back(who, id).await.is_err() {
                    // It may have been: what follows is judged as if it had.
                }
            }
            Act::Resolve => {
                self.given_back(guest, begun);
                if self.desk.resolve(who, id).await.is_ok() {
                    let mut inner = self.world.lock();
                    let order = inner.order;
                    inner.floor.dealt_with.push((guest, order));
                }
            }
            Act::Note => drop(self.desk.note(who, id, "looked into it".to_owned(), None).await),
            Act::SendAgain => self.send_again(id).await,
            Act::CloseRequest => self.close_request(id).await,
        }
    }

    /// Which conversation is being taken over.
    fn about(&self, conversation: Option<ConversationId>) {
        if let Some(card) = self.world.lock().card() {
            card.conversation = conversation;
        }
    }

    /// Staff have the floor from their latest commit on.
    fn taken(&self, guest: usize) {
        let mut inner = self.world.lock();
        let from = inner.card().map_or(0, |card| card.committed);
        if inner.floor.holds.iter().any(|hold| hold.guest == guest && hold.to.is_none()) {
            return;
        }
        inner.count("take-overs");
        inner.note(guest, || format!("{} has taken over ({from})", self.who.name));
        inner.floor.holds.push(Hold { guest, from, to: None });
        invariants::taken_over(&mut inner, guest, from);
    }

    /// From here on the bot may speak again.
    fn given_back(&self, guest: usize, order: u64) {
        let mut inner = self.world.lock();
        let open = inner.floor.holds.iter_mut().rev().find(|hold| hold.guest == guest && hold.to.is_none());
        if let Some(hold) = open {
            hold.to = Some(order + 1);
        }
    }

    /// Says something of their own, and says it again under the same key when it is not clear whether it was kept.
    async fn reply(&self, guest: usize, id: ConversationId) {
        let text = {
            let mut inner = self.world.lock();
            inner.floor.written += 1;
            let text = format!("{} here, message {}", self.who.name, inner.floor.written);
            inner.floor.wrote.insert(text.clone());
            text
        };
        for _ in 0..3 {
            let said = self.desk.reply(self.who.clone(), id, text.clone(), Some(text.clone())).await;
            match said {
                Ok(_) => {
                    self.taken(guest);
                    let mut inner = self.world.lock();
                    let order = inner.order;
                    inner.floor.dealt_with.push((guest, order));
                    return;
                }
                Err(error) if error.retryable() => self.world.sleep(SECOND).await,
                Err(_) => return,
            }
        }
    }

    async fn send_again(&self, id: ConversationId) {
        let Ok(mut conn) = self.db.read().await else { return };
        let Ok(last) = messages::list_last(&mut conn, id, 20).await else { return };
        drop(conn);
        let lost = last.iter().find(|message| {
            message.author != Author::Guest
                && matches!(message.delivery, Delivery::Failed | Delivery::Unknown)
        });
        let Some(lost) = lost else { return };
        self.world.lock().floor.sent_again.insert(lost.id);
        let _ = self.desk.retry(self.who.clone(), id, lost.id).await;
    }

    async fn close_request(&self, id: ConversationId) {
        let Ok(mut conn) = self.db.read().await else { return };
        let Ok(all) = requests::list_by_conversation(&mut conn, id).await else { return };
        drop(conn);
        let Some(open) = all.iter().find(|request| request.state == RequestState::Open) else { return };
        let _ = self.desk.close_request(self.who.clone(), open.id, RequestState::Done, None).await;
    }
}

impl Inner {
    /// Whether staff have answered or closed a guest's conversation after `order`.
    pub fn staff_dealt_with(&self, guest: usize, order: u64) -> bool {
        self.floor.dealt_with.iter().any(|(whose, at)| *whose == guest && *at > order)
    }
}
