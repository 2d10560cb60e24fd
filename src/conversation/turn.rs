//! One turn: a burst of guest messages becomes at most one reply. Deterministic gates come first; a model only words
//! what is left, and the last unit commits everything or nothing.

use super::draft::Draft;
use super::engine::Engine;
use super::ready::Ready;
use super::{address, brain, commit, offer, proof, signals};
use crate::connectors::{Connector, OpenError};
use crate::domain::conversation::{Conversation, Status};
use crate::domain::effect::{Effect, EffectState};
use crate::domain::escalation::{Priority, Reason};
use crate::domain::ids::{EffectId, TurnId};
use crate::domain::message::{Author, Message};
use crate::domain::proof::{Proof, Verified};
use crate::domain::stay::Stay;
use crate::store::escalations::Call;
use crate::store::hotel_book::HotelBook;
use crate::store::{Bell, DbError, Typist, effects, messages, stays};
use crate::texts::{Lang, Say};
use crate::tools::{self, Fence, ToolCx, ToolError};
use std::sync::Arc;

/// How many messages of the history are read; all that wait for an answer, even where they are more.
const HISTORY: i64 = 60;
const MOST_HISTORY: i64 = 500;
/// How many effects of the conversation are remembered.
const LEDGER: i64 = 30;
/// A newer message restarts a turn without effect this often.
pub const RESTARTS: u32 = 2;

/// Why a turn ended without a reply.
#[derive(Debug, thiserror::Error)]
pub enum TurnError {
    #[error(transparent)]
    Db(#[from] DbError),
    #[error("the turn has lost its lease or its epoch")]
    Fenced,
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error("the property is gone")]
    NoHotel,
}

impl From<ToolError> for TurnError {
    fn from(error: ToolError) -> Self {
        match error {
            ToolError::Db(error) => TurnError::Db(error),
            ToolError::Fenced => TurnError::Fenced,
            ToolError::NoStay => TurnError::Db(DbError::Corrupt("a tool ran without its stay".to_owned())),
        }
    }
}

impl TurnError {
    /// Whether the same turn may succeed later.
    pub fn retryable(&self) -> bool {
        match self {
            TurnError::Db(error) => error.retryable(),
            TurnError::Open(_) => true,
            TurnError::Fenced | TurnError::NoHotel => false,
        }
    }
}

/// How a turn ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    Committed,
    /// There was nothing to answer, or it is staff's to answer.
    Silent,
    /// Somebody else has the conversation now; nothing was written.
    Fenced,
}

/// What a turn knows.
pub(super) struct Turn<'a> {
    pub engine: &'a Engine,
    pub id: TurnId,
    pub conversation: Conversation,
    pub book: Arc<HotelBook>,
    pub ready: Arc<Ready>,
    pub connector: Arc<dyn Connector>,
    pub stay: Option<Verified<Stay>>,
    pub history: Vec<Message>,
    /// The guest's messages that have not been answered.
    pub burst: Vec<String>,
    /// Offers that are over and below which the guest has tapped in this burst.
    pub stale_taps: Vec<EffectId>,
    pub burst_media: usize,
    pub burst_end: i64,
    /// The conversation's effects, newest first.
    pub ledger: Vec<Effect>,
    pub draft: Draft,
}

/// Runs the turn of a leased conversation.
pub async fn run(engine: &Engine, leased: Conversation) -> Result<Ended, TurnError> {
    let mut leased = leased;
    for restart in 0..=RESTARTS {
        let Some(mut turn) = Turn::load(engine, leased).await? else { return Ok(Ended::Silent) };
        match turn.answer().await {
            Err(TurnError::Fenced) => return Ok(Ended::Fenced),
            Err(error) => return Err(error),
            Ok(()) => {}
        }
        match commit::commit(turn, restart < RESTARTS).await? {
            commit::Committed::Done => return Ok(Ended::Committed),
            commit::Committed::Fenced => return Ok(Ended::Fenced),
            commit::Committed::Newer(conversation) => leased = *conversation,
        }
    }
    Ok(Ended::Silent)
}

/// Ends a conversation's turns that keep failing: the guest is told, staff are called. It asks nobody but the database,
/// for what failed may be the hotel's own system.
pub async fn give_up(engine: &Engine, leased: Conversation, why: &str) -> Result<Ended, TurnError> {
    if !leased.is_the_bots() || leased.guest_seq <= leased.answered_seq {
        commit::nothing_to_do(engine, &leased).await?;
        return Ok(Ended::Silent);
    }
    let mut conn = engine.db.read().await?;
    let book = engine.books.get(&mut conn, leased.property_id, None).await?.ok_or(TurnError::NoHotel)?;
    let ledger = effects::list_last(&mut conn, leased.id, LEDGER).await?;
    drop(conn);
    let mut draft = Draft::new(Lang::of(&leased.lang), leased.memory.clone());
    // What its dead runs have left in doubt: no other turn will call staff for it.
    let in_doubt = |effect: &&Effect| {
        effect.state == EffectState::Unknown && tools::effects::is_left_over(effect, &leased)
    };
    for (reason, priority) in ledger.iter().filter(in_doubt).filter_map(tools::effects::worry) {
        draft.call(Call::new(reason, priority));
    }
    // Who has waited long enough was given to staff for the same reason, and told so.
    let with_staff = leased.floor.status == Status::Waiting
        && leased.reason.as_ref().is_some_and(|reason| matches!(reason, Reason::NoAnswer { .. }));
    if !with_staff {
        draft.call(Call::new(Reason::NoAnswer { why: why.to_owned() }, Priority::High));
        draft.say(Say::Trouble { phone: tools::phone(&book) });
    }
    match commit::write_reply(engine, commit::Reply::new(engine, engine.clock.id(), &leased, book, draft))
        .await?
    {
        commit::Committed::Done | commit::Committed::Newer(_) => Ok(Ended::Committed),
        commit::Committed::Fenced => Ok(Ended::Fenced),
    }
}

impl<'a> Turn<'a> {
    /// `None`: nothing to answer; the lease has been given back.
    async fn load(engine: &'a Engine, conversation: Conversation) -> Result<Option<Self>, TurnError> {
        if !conversation.is_the_bots() || conversation.guest_seq <= conversation.answered_seq {
            commit::nothing_to_do(engine, &conversation).await?;
            return Ok(None);
        }
        let mut conn = engine.db.read().await?;
        let (property, revision) = (conversation.property_id, conversation.hotel_revision);
        let book = engine.books.get(&mut conn, property, Some(revision)).await?.ok_or(TurnError::NoHotel)?;
        let unanswered = conversation.last_seq - conversation.answered_seq;
        let history =
            messages::list_last(&mut conn, conversation.id, unanswered.clamp(HISTORY, MOST_HISTORY)).await?;
        // An effect needs a stay, and a conversation never loses the one that it is bound to.
        let ledger = match conversation.stay_id {
            Some(_) => effects::list_last(&mut conn, conversation.id, LEDGER).await?,
            None => Vec::new(),
        };
        let known = match conversation.stay_id {
            Some(id) => stays::find(&mut conn, id).await?,
            None => None,
        };
        drop(conn);
        let connector = engine.systems.pms(&book).await?;
        let today = book.hotel.today(engine.clock.now());
        let stay = refresh(connector.as_ref(), known, conversation.proof).await;
        let stay = stay.filter(|stay| !stay.get().is_long_over(today));
        let (from, to) = (conversation.answered_seq, conversation.guest_seq);
        let open = open_quote(&ledger).map(|effect| effect.id);
        // A tap below an old offer says nothing about the open one.
        let (stale, burst): (Vec<&Message>, Vec<&Message>) = asked(&history, from, to)
            .partition(|message| message.quote.is_some_and(|offer| Some(offer) != open));
        Ok(Some(Turn {
            id: engine.clock.id(),
            stale_taps: stale.iter().filter_map(|message| message.quote).collect(),
            burst_media: burst.iter().map(|message| message.media.len()).sum(),
            burst: burst.iter().map(|message| message.text.clone()).collect(),
            burst_end: to,
            draft: Draft::new(Lang::of(&conversation.lang), conversation.memory.clone()),
            ready: engine.ready.of(&book),
            engine,
            conversation,
            book,
            connector,
            stay,
            history,
            ledger,
        }))
    }

    /// Shows open pages that an answer is being written.
    pub fn shows_typing(&self) {
        self.engine.db.bells().ring_all(vec![Bell::Typing {
            property: self.conversation.property_id,
            conversation: self.conversation.id,
            who: Typist::Bot,
        }]);
    }

    pub fn fence(&self) -> Fence {
        Fence {
            conversation: self.conversation.id,
            epoch: self.conversation.floor.epoch,
            lease_token: self.conversation.lease_token,
        }
    }

    pub fn tool_cx(&self) -> ToolCx<'_> {
        ToolCx {
            db: &self.engine.db,
            clock: &self.engine.clock,
            book: &self.book,
            connector: self.connector.as_ref(),
            fence: self.fence(),
            turn: self.id,
            anchor_seq: self.conversation.answered_seq,
            burst_end: self.burst_end,
            lang: self.draft.lang,
            stay: self.stay.as_ref(),
            burst: &self.burst,
        }
    }

    /// The messages of the burst.
    pub fn asked(&self) -> impl Iterator<Item = &Message> {
        asked(&self.history, self.conversation.answered_seq, self.burst_end)
    }

    pub fn burst(&self) -> Vec<&str> {
        self.burst.iter().map(String::as_str).collect()
    }

    /// The gates in their order; each may settle the burst, so that no model is asked.
    async fn answer(&mut self) -> Result<(), TurnError> {
        self.recover().await?;
        address::check(self).await?;
        if offer::only_stale(self) {
            return Ok(());
        }
        let called = signals::check(self).await?;
        let proved = proof::check(self).await?;
        let offered = offer::check(self).await?;
        let settled = called.settled() || proved.settled() || offered.settled();
        if settled && !brain::has_wishes(self) {
            return Ok(());
        }
        brain::answer(self).await
    }

    /// Effects of this conversation that a turn left in the middle.
    async fn recover(&mut self) -> Result<(), TurnError> {
        let left_over = self.ledger.iter().filter(|e| tools::effects::is_left_over(e, &self.conversation));
        let left_over: Vec<Effect> = left_over.cloned().collect();
        for effect in left_over {
            let stay = self.stay.clone().filter(|stay| stay.get().id == effect.stay_id);
            let done = match &stay {
                Some(stay) => {
                    let means = tools::effects::Means {
                        db: &self.engine.db,
                        clock: &self.engine.clock,
                        connector: self.connector.as_ref(),
                        tell: false,
                    };
                    tools::effects::recover(&means, Some(self.fence()), stay.get(), effect).await?
                }
                // It cannot be asked for here; what is for staff still is.
                None if effect.state == EffectState::Unknown => effect,
                // Those who take up what was left see to it.
                None => continue,
            };
            self.draft.had_effect = true;
            let room = stay.and_then(|stay| stay.get().room.clone());
            self.recovered(&done, room);
            if let Some(known) = self.ledger.iter_mut().find(|effect| effect.id == done.id) {
                *known = done;
            }
        }
        Ok(())
    }

    /// What a turn says of an effect that an earlier one left: everything of its own burst; of older ones what the guest
    /// had agreed to, and whatever worries staff. What is due to be told is told by those who follow it.
    fn recovered(&mut self, done: &Effect, room: Option<String>) {
        let outcome = tools::carried_out(done, room, self.draft.lang);
        if done.is_of_burst_after(self.conversation.answered_seq) {
            self.draft.outcome(&outcome);
        } else if done.course.due_at.is_none() {
            match done.confirmed_seq {
                Some(_) => self.draft.outcome(&outcome),
                None => self.draft.consequences(&outcome),
            }
        }
    }

    /// The offer that waits for the guest's word.
    pub fn open_quote(&self) -> Option<&Effect> {
        open_quote(&self.ledger)
    }
}

fn asked(history: &[Message], from: i64, to: i64) -> impl Iterator<Item = &Message> {
    history
        .iter()
        .filter(move |message| message.author == Author::Guest && message.seq > from && message.seq <= to)
}

fn open_quote(ledger: &[Effect]) -> Option<&Effect> {
    ledger.iter().find(|effect| effect.state == EffectState::Proposed && effect.quoted_seq.is_some())
}

/// The stay as the hotel's system has it now; what cannot be asked stays as it was last known.
async fn refresh(connector: &dyn Connector, known: Option<Stay>, proof: Proof) -> Option<Verified<Stay>> {
    let known = known?;
    let fresh = match connector.reservations() {
        Some(reservations) => reservations.get(&known).await.unwrap_or_else(|_| Some(known.clone())),
        None => Some(known.clone()),
    };
    Verified::new(fresh?, proof)
}
