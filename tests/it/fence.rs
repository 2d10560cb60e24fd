//! The fence of a take-over: at whatever moment of a turn staff take over, nothing of the bot's is said or begun after.

use super::support::{House, story};
use async_trait::async_trait;
use bellhop::connectors::{
    AfterCut, Connector, ConnectorError, Filed, Folio, Folios, OpenError, Posted, Posting, Requests,
    Reservations, Stays, Step, Task,
};
use bellhop::conversation::Systems;
use bellhop::conversation::desk::Desk;
use bellhop::domain::conversation::Status;
use bellhop::domain::effect::{Effect, EffectState};
use bellhop::domain::ids::{ConversationId, UserId};
use bellhop::domain::message::{Author, Delivery};
use bellhop::domain::people::{Actor, Staff};
use bellhop::domain::stay::Stay;
use bellhop::llm::Model;
use bellhop::store::hotel_book::HotelBook;
use bellhop::store::{conversations, effects, messages};
use chrono::{NaiveDate, NaiveTime, TimeDelta};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// What stood when staff had taken over.
struct Snapshot {
    last_seq: i64,
    effects: Vec<Effect>,
}

/// Every moment at which a turn talks to the outside counts as a gate; at one of them staff act.
struct Gate {
    desk: Desk,
    conversation: ConversationId,
    marta: Staff,
    at: usize,
    passed: AtomicUsize,
    snapshot: Mutex<Option<Snapshot>>,
}

impl Gate {
    async fn pass(&self) {
        if self.passed.fetch_add(1, Ordering::SeqCst) != self.at {
            return;
        }
        let (by, id) = (self.marta.clone(), self.conversation);
        // All the ways in which staff get the floor.
        let taken = match self.at % 2 {
            0 => self.desk.take_over(by, id, None).await.map(drop),
            _ => self.desk.reply(by, id, "I am looking into it.".to_owned(), None).await.map(drop),
        };
        taken.unwrap();
        let mut conn = self.desk.db.read().await.unwrap();
        let c = conversations::find(&mut conn, id).await.unwrap().unwrap();
        assert_eq!(c.floor.status, Status::Staff);
        let effects = effects::list_last(&mut conn, id, 50).await.unwrap();
        *self.snapshot.lock().unwrap() = Some(Snapshot { last_seq: c.last_seq, effects });
    }
}

/// The hotel's systems, every call to which passes the gate before and after.
struct Gated {
    inner: Arc<dyn Systems>,
    gate: Arc<Gate>,
}

#[async_trait]
impl Systems for Gated {
    async fn models(&self, book: &HotelBook) -> Vec<Arc<dyn Model>> {
        self.gate.pass().await;
        self.inner.models(book).await
    }
    async fn pms(&self, book: &HotelBook) -> Result<Arc<dyn Connector>, OpenError> {
        self.gate.pass().await;
        let inner = self.inner.pms(book).await?;
        Ok(Arc::new(GatedPms { inner, gate: self.gate.clone() }))
    }
}

struct GatedPms {
    inner: Arc<dyn Connector>,
    gate: Arc<Gate>,
}

impl Connector for GatedPms {
    fn kind(&self) -> &'static str {
        self.inner.kind()
    }
    fn reservations(&self) -> Option<&dyn Reservations> {
        self.inner.reservations().map(|_| self as &dyn Reservations)
    }
    fn folios(&self) -> Option<&dyn Folios> {
        self.inner.folios().map(|_| self as &dyn Folios)
    }
    fn requests(&self) -> Option<&dyn Requests> {
        self.inner.requests().map(|_| self as &dyn Requests)
    }
    fn stays(&self) -> Option<&dyn Stays> {
        self.inner.stays().map(|_| self as &dyn Stays)
    }
    fn after_cut(&self, step: Step) -> AfterCut {
        self.inner.after_cut(step)
    }
}

/// Calls the inner connector's ability between two gates.
macro_rules! between_gates {
    ($self:ident, $ability:ident, $call:ident($($argument:expr),*)) => {{
        $self.gate.pass().await;
        let answer = $self.inner.$ability().unwrap().$call($($argument),*).await;
        $self.gate.pass().await;
        answer
    }};
}

#[async_trait]
impl Reservations for GatedPms {
    async fn by_confirmation(&self, confirmation: &str) -> Result<Vec<Stay>, ConnectorError> {
        between_gates!(self, reservations, by_confirmation(confirmation))
    }
    async fn by_phone(&self, phone: &str) -> Result<Vec<Stay>, ConnectorError> {
        between_gates!(self, reservations, by_phone(phone))
    }
    async fn by_email(&self, email: &str) -> Result<Vec<Stay>, ConnectorError> {
        between_gates!(self, reservations, by_email(email))
    }
    async fn get(&self, stay: &Stay) -> Result<Option<Stay>, ConnectorError> {
        between_gates!(self, reservations, get(stay))
    }
}

#[async_trait]
impl Folios for GatedPms {
    async fn folio(&self, stay: &Stay) -> Result<Folio, ConnectorError> {
        between_gates!(self, folios, folio(stay))
    }
    async fn post(&self, stay: &Stay, posting: &Posting) -> Result<Posted, ConnectorError> {
        between_gates!(self, folios, post(stay, posting))
    }
    async fn find_posting(&self, stay: &Stay, reference: &str) -> Result<Option<Posted>, ConnectorError> {
        between_gates!(self, folios, find_posting(stay, reference))
    }
    async fn void(
        &self,
        stay: &Stay,
        reference: &str,
        external_id: Option<&str>,
    ) -> Result<(), ConnectorError> {
        between_gates!(self, folios, void(stay, reference, external_id))
    }
}

#[async_trait]
impl Requests for GatedPms {
    async fn create(&self, stay: &Stay, task: &Task) -> Result<Filed, ConnectorError> {
        between_gates!(self, requests, create(stay, task))
    }
    async fn find(&self, reference: &str) -> Result<Option<Filed>, ConnectorError> {
        between_gates!(self, requests, find(reference))
    }
}

#[async_trait]
impl Stays for GatedPms {
    async fn set_checkout(
        &self,
        stay: &Stay,
        on: NaiveDate,
        until: NaiveTime,
        reference: &str,
    ) -> Result<(), ConnectorError> {
        between_gates!(self, stays, set_checkout(stay, on, until, reference))
    }
    async fn room_is_let_again(&self, stay: &Stay, on: NaiveDate) -> Result<bool, ConnectorError> {
        between_gates!(self, stays, room_is_let_again(stay, on))
    }
}

/// The guest has said all but the last of `says`; in the turn over that one, staff act at gate `at`. False: the turn
/// has no such gate.
async fn taken_over_at(house: &House, says: &[&str], at: usize) -> bool {
    let guest = house.chat().await;
    guest.proves().await;
    let (last, before) = says.split_last().unwrap();
    for text in before {
        guest.says(text).await;
    }
    let gate = Arc::new(Gate {
        desk: Desk { db: house.db.clone(), clock: house.clock.clone() },
        conversation: guest.conversation.parse().unwrap(),
        marta: marta(house),
        at,
        passed: AtomicUsize::new(0),
        snapshot: Mutex::new(None),
    });
    let mut jobs = house.jobs.clone();
    jobs.engine.systems = Arc::new(Gated { inner: house.jobs.engine.systems.clone(), gate: gate.clone() });
    guest.writes(last).await;
    house.passes(TimeDelta::seconds(6));
    jobs.run_all().await.unwrap();
    let snapshot = gate.snapshot.lock().unwrap().take();
    let Some(then) = snapshot else { return false };
    nothing_came_after(house, &gate, &then, at).await;
    nothing_is_done_twice(house, &gate, at).await;
    true
}

fn marta(house: &House) -> Staff {
    let id: UserId = house.clock.id();
    Staff { id, actor: Actor::User(id), name: "Marta".to_owned() }
}

async fn nothing_came_after(house: &House, gate: &Gate, then: &Snapshot, at: usize) {
    let mut conn = house.db.read().await.unwrap();
    for message in messages::list_after(&mut conn, gate.conversation, then.last_seq, 50).await.unwrap() {
        assert_ne!(message.author, Author::Bot, "gate {at}: the bot spoke after the take-over");
    }
    for effect in effects::list_last(&mut conn, gate.conversation, 50).await.unwrap() {
        let before = then.effects.iter().find(|before| before.id == effect.id);
        let before = before.unwrap_or_else(|| panic!("gate {at}: an effect began after the take-over"));
        // What had been sent may come to its end, and is written down; nothing else moves.
        let may_end = before.state == EffectState::Sent || before.state == EffectState::Unknown;
        assert!(
            before.state == effect.state || may_end,
            "gate {at}: {} became {}",
            before.state,
            effect.state
        );
        assert_ne!(
            effect.state,
            EffectState::Confirmed,
            "gate {at}: an agreement was left to be carried out later"
        );
    }
    let c = conversations::find(&mut conn, gate.conversation).await.unwrap().unwrap();
    assert_eq!((c.floor.holder, c.turn_due_at), (Some(gate.marta.id), None), "gate {at}");
}

/// Handed back, the bot may answer, but what was done or begun is not done again.
async fn nothing_is_done_twice(house: &House, gate: &Gate, at: usize) {
    gate.desk.hand_back(gate.marta.clone(), gate.conversation).await.unwrap();
    house.settles().await;
    let mut conn = house.db.read().await.unwrap();
    let all = effects::list_last(&mut conn, gate.conversation, 50).await.unwrap();
    let done = all.iter().filter(|effect| effect.state == EffectState::Succeeded).count();
    assert!(done <= 1, "gate {at}: {done} times");
    let unsent = messages::list_after(&mut conn, gate.conversation, 0, 50).await.unwrap();
    assert!(unsent.iter().all(|message| message.delivery != Delivery::Queued));
}

/// Takes over at each moment of the turn in which the last of `says` is answered; gives how many there were.
async fn at_every_gate(house: &House, says: &[&str]) -> usize {
    let mut gates = 0;
    while taken_over_at(house, says, gates).await {
        gates += 1;
    }
    gates
}

#[tokio::test]
async fn towels_are_not_ordered_and_no_word_is_said_after_a_take_over() {
    story(async |house: &House| {
        let gates = at_every_gate(house, &["two extra towels please"]).await;
        assert!(gates >= 3, "{gates}");
    })
    .await;
}

#[tokio::test]
async fn nothing_is_charged_that_was_not_on_its_way_when_staff_took_over() {
    story(async |house: &House| {
        let gates = at_every_gate(house, &["a bottle of water to my room please", "yes"]).await;
        assert!(gates >= 5, "{gates}");
    })
    .await;
}
