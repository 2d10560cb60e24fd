//! Two workers look after one effect, and the answer of one comes when the other has gone on: nothing is said to have
//! happened that has not, and what comes to light late comes to staff.

use super::cut_off::{charges, holds_a_call, is_offered_water, later};
use super::support::{Chat, House, story};
use async_trait::async_trait;
use bellhop::clock::Clock;
use bellhop::connectors::{
    AfterCut, Connector, ConnectorError, Folio, Folios, OpenError, Posted, Posting, Requests, Reservations,
    Stays, Step,
};
use bellhop::conversation::Systems;
use bellhop::domain::effect::{Course, Effect, EffectState, Plan};
use bellhop::domain::escalation::Reason;
use bellhop::domain::request::RequestKind;
use bellhop::domain::stay::Stay;
use bellhop::jobs::Jobs;
use bellhop::lab::fake_pms::{FakePms, Fault, Keeps, On};
use bellhop::llm::Model;
use bellhop::store::hotel_book::HotelBook;
use bellhop::store::{DbError, effects};
use chrono::TimeDelta;
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::Notify;

/// One answer of the hotel's system, which is held back until the story lets it go.
struct Hold {
    on: On,
    taken: AtomicBool,
    came: Notify,
    goes_on: Notify,
}

impl Hold {
    fn first(on: On) -> Arc<Self> {
        Arc::new(Self { on, taken: AtomicBool::new(false), came: Notify::new(), goes_on: Notify::new() })
    }

    async fn pass(&self, on: On) {
        if on == self.on && !self.taken.swap(true, Ordering::SeqCst) {
            self.came.notify_one();
            self.goes_on.notified().await;
        }
    }

    /// Workers whose first answer of that sort is held back.
    fn jobs(self: &Arc<Self>, house: &House) -> Jobs {
        let mut jobs = house.jobs.clone();
        jobs.engine.systems =
            Arc::new(HeldSystems { inner: house.jobs.engine.systems.clone(), hold: self.clone() });
        jobs
    }
}

struct HeldSystems {
    inner: Arc<dyn Systems>,
    hold: Arc<Hold>,
}

#[async_trait]
impl Systems for HeldSystems {
    async fn models(&self, book: &HotelBook) -> Vec<Arc<dyn Model>> {
        self.inner.models(book).await
    }
    async fn pms(&self, book: &HotelBook) -> Result<Arc<dyn Connector>, OpenError> {
        let inner = self.inner.pms(book).await?;
        Ok(Arc::new(HeldPms { inner, hold: self.hold.clone() }))
    }
}

struct HeldPms {
    inner: Arc<dyn Connector>,
    hold: Arc<Hold>,
}

impl Connector for HeldPms {
    fn kind(&self) -> &'static str {
        self.inner.kind()
    }
    fn reservations(&self) -> Option<&dyn Reservations> {
        self.inner.reservations()
    }
    fn folios(&self) -> Option<&dyn Folios> {
        Some(self)
    }
    fn requests(&self) -> Option<&dyn Requests> {
        self.inner.requests()
    }
    fn stays(&self) -> Option<&dyn Stays> {
        self.inner.stays()
    }
    fn after_cut(&self, step: Step) -> AfterCut {
        self.inner.after_cut(step)
    }
}

#[async_trait]
impl Folios for HeldPms {
    async fn folio(&self, stay: &Stay) -> Result<Folio, ConnectorError> {
        self.inner.folios().unwrap().folio(stay).await
    }
    async fn post(&self, stay: &Stay, posting: &Posting) -> Result<Posted, ConnectorError> {
        let answer = self.inner.folios().unwrap().post(stay, posting).await;
        self.hold.pass(On::Charge).await;
        answer
    }
    async fn find_posting(&self, stay: &Stay, reference: &str) -> Result<Option<Posted>, ConnectorError> {
        let answer = self.inner.folios().unwrap().find_posting(stay, reference).await;
        self.hold.pass(On::Read).await;
        answer
    }
    async fn void(
        &self,
        stay: &Stay,
        reference: &str,
        external_id: Option<&str>,
    ) -> Result<(), ConnectorError> {
        self.inner.folios().unwrap().void(stay, reference, external_id).await
    }
}

async fn one_charge(house: &House, guest: &Chat<'_>) -> Value {
    let [charge] = charges(house, guest).await.try_into().expect("one charge");
    charge
}

/// In which states of an effect staff were called, in that order.
async fn called_for(house: &House, guest: &Chat<'_>) -> Vec<EffectState> {
    let state = |reason: Reason| match reason {
        Reason::Effect { state, .. } => Some(state),
        _ => None,
    };
    house.reasons(&guest.conversation).await.into_iter().filter_map(state).collect()
}

async fn water(house: &House) -> Chat<'_> {
    let guest = house.chat().await;
    is_offered_water(&guest).await;
    guest
}

/// A charge is given up as surely not done and the guest told so, and then its own answer says that it was done.
async fn comes_to_light(house: &House, shows: bool) -> (Chat<'_>, FakePms) {
    // Its own clock stands still: what it has done it does not show.
    let right = Clock::manual(house.clock.now());
    let fake = house.connects_by(&right, Keeps::References, TimeDelta::seconds(10), 5.0).await;
    let guest = water(house).await;
    guest.writes("yes").await;
    house.passes(TimeDelta::seconds(6));
    let hold = Hold::first(On::Charge);
    let slow = hold.jobs(house);
    let others = async {
        hold.came.notified().await;
        fake.then(On::Charge, Fault::DropBefore);
        let heard = later(house, &guest).await;
        assert!(heard.contains("Nothing was charged"), "{heard}");
        assert_eq!(one_charge(house, &guest).await["state"], "failed");
        if shows {
            right.advance(TimeDelta::minutes(1));
        }
        hold.goes_on.notify_one();
    };
    let (ran, ()) = tokio::join!(slow.run_all(), others);
    ran.unwrap();
    (guest, fake)
}

#[tokio::test]
async fn a_charge_that_was_done_after_it_had_been_given_up_comes_to_staff_as_that() {
    story(async |house: &House| {
        let (guest, fake) = comes_to_light(house, true).await;
        let heard = later(house, &guest).await;
        let charge = one_charge(house, &guest).await;
        assert_eq!((charge["state"].as_str(), fake.postings().len()), (Some("succeeded"), 1));
        assert!(heard.contains("It is ordered"), "{heard}");
        let called = called_for(house, &guest).await;
        assert_eq!(called.last(), Some(&EffectState::Succeeded), "{called:?}: {charge}");
        assert!(charge["error"].as_str().is_some_and(|error| error.contains("given up")), "{charge}");
    })
    .await;
}

#[tokio::test]
async fn what_came_to_light_and_does_not_show_is_neither_repeated_nor_given_up_again() {
    story(async |house: &House| {
        let (guest, fake) = comes_to_light(house, false).await;
        later(house, &guest).await;
        let charge = one_charge(house, &guest).await;
        assert_eq!((charge["state"].as_str(), fake.postings().len()), (Some("unknown"), 1), "{charge}");
        assert_eq!(charge["looks_again_at"], Value::Null, "{charge}");
        let called = called_for(house, &guest).await;
        assert_eq!(called.last(), Some(&EffectState::Unknown), "{called:?}");
        assert!(called.contains(&EffectState::Failed), "{called:?}");
    })
    .await;
}

#[tokio::test]
async fn of_two_who_find_that_a_charge_stands_one_goes_on_and_the_other_says_nothing() {
    story(async |house: &House| {
        let fake = house.connects(Keeps::References, TimeDelta::seconds(20)).await;
        let guest = water(house).await;
        fake.then(On::Charge, Fault::DropAfter);
        assert!(guest.says("yes").await.contains("checking"));
        house.passes(TimeDelta::seconds(30));
        let hold = Hold::first(On::Read);
        let slow = hold.jobs(house);
        let other = async {
            hold.came.notified().await;
            house.passes(TimeDelta::seconds(61));
            // The bar's list hangs while the first one goes on.
            fake.then(On::Request, Fault::HangAfter);
            let waiting = fake.waiting();
            let lets_go = async {
                holds_a_call(&fake, waiting).await;
                hold.goes_on.notify_one();
            };
            let (swept, ()) = tokio::join!(house.jobs.sweep(), lets_go);
            swept.unwrap();
        };
        let (swept, ()) = tokio::join!(slow.sweep(), other);
        swept.unwrap();
        let heard = later(house, &guest).await;
        let charge = one_charge(house, &guest).await;
        assert_eq!(
            (charge["state"].as_str(), &charge["error"]),
            (Some("succeeded"), &Value::Null),
            "{heard}"
        );
        assert_eq!(heard.matches("It is ordered").count(), 1, "{heard}");
        assert_eq!((fake.postings().len(), fake.requests().len()), (1, 1));
        assert_eq!(called_for(house, &guest).await, [], "nothing is wrong");
    })
    .await;
}

#[tokio::test]
async fn two_workers_that_take_up_the_same_effects_do_not_stop_each_other() {
    story(async |house: &House| {
        let guest = house.chat().await;
        guest.proves().await;
        let stay = house.stay("HRB1001").await;
        for round in 0..4 {
            let effect = agreed_and_left(house, &guest, &stay);
            let key = format!("round {round}");
            house
                .db
                .write::<_, DbError, _>(move |tx| {
                    Box::pin(async move { effects::insert(tx, &effect, &key).await })
                })
                .await
                .unwrap();
        }
        house.passes(TimeDelta::minutes(6));
        let (one, other) = tokio::join!(house.jobs.sweep(), house.jobs.sweep());
        one.unwrap();
        other.unwrap();
        house.works().await;
        let shown = house.read(&format!("/conversations/{}", guest.conversation)).await;
        let states: Vec<&str> = shown["effects"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|effect| effect["state"].as_str())
            .collect();
        assert_eq!(states, ["failed"; 4]);
        assert_eq!(called_for(house, &guest).await.len(), 4);
    })
    .await;
}

#[tokio::test]
async fn an_offer_that_its_turn_never_told_ends_too_and_not_before_a_slow_turn_could_tell_it() {
    story(async |house: &House| {
        let guest = house.chat().await;
        guest.proves().await;
        let stay = house.stay("HRB1001").await;
        let offer = Effect { state: EffectState::Proposed, ..agreed_and_left(house, &guest, &stay) };
        let (id, row) = (offer.id, offer.clone());
        let insert = house.db.write::<_, DbError, _>(move |tx| {
            Box::pin(async move { effects::insert(tx, &row, "a wish").await })
        });
        insert.await.unwrap();
        for (hours, state) in [(1, EffectState::Proposed), (24, EffectState::Failed)] {
            house.passes(TimeDelta::hours(hours));
            house.works().await;
            let mut conn = house.db.read().await.unwrap();
            assert_eq!(effects::find(&mut conn, id).await.unwrap().unwrap().state, state);
        }
    })
    .await;
}

/// An effect whose turn died right after the agreement.
fn agreed_and_left(house: &House, guest: &Chat<'_>, stay: &Stay) -> Effect {
    let now = house.clock.now();
    Effect {
        id: house.clock.id(),
        property_id: stay.property_id,
        conversation_id: guest.conversation.parse().unwrap(),
        stay_id: stay.id,
        turn_id: house.clock.id(),
        tool: "request_service".to_owned(),
        plan: Plan::Request { kind: RequestKind::Other, item: "tea".to_owned(), quantity: 1, note: None },
        total: None,
        state: EffectState::Confirmed,
        error: None,
        anchor_seq: 0,
        confirmed_seq: None,
        quoted_seq: None,
        expires_at: None,
        voided_at: None,
        created_at: now,
        updated_at: now,
        course: Course::default(),
    }
}
