//! Conversation, effect and outbox under events in any order: guests, staff, faults of the hotel's system, dying workers
//! and passing time. Whatever comes when, the promises hold.

use super::support::twilio::Phone;
use super::support::{Chat, House, story};
use bellhop::domain::conversation::{Conversation, Status};
use bellhop::domain::effect::{Effect, EffectState};
use bellhop::domain::ids::ConversationId;
use bellhop::domain::message::{Author, Delivery, Message};
use bellhop::lab::fake_pms::{FakePms, Fault, Keeps, On};
use bellhop::store::{conversations, effects, messages};
use chrono::TimeDelta;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::json;
use std::collections::{HashMap, HashSet};
use std::pin::pin;
use std::task::Poll;

/// Sequences tried on each database.
const CASES: usize = 6;
const PHONE: &str = "+34600111222";
/// Attempts to make a failing sequence shorter.
const SHRINKS: usize = 40;

#[derive(Debug, Clone)]
enum Event {
    Orders,
    Agrees,
    Declines,
    WantsTowels,
    /// The next call of this sort goes wrong.
    Breaks(bool, Fault),
    Works,
    /// A worker that is polled so often and then dies.
    Dies(usize),
    Passes(i64),
    TakeOver,
    HandBack,
    Resolve,
}

fn event() -> impl Strategy<Value = Event> {
    let fault = prop::sample::select(vec![
        Fault::DropBefore,
        Fault::DropAfter,
        Fault::ErrorBefore,
        Fault::ErrorAfter,
        Fault::TooMany(3),
        Fault::OddStatus,
    ]);
    prop_oneof![
        3 => Just(Event::Orders),
        4 => Just(Event::Agrees),
        1 => Just(Event::Declines),
        1 => Just(Event::WantsTowels),
        3 => (any::<bool>(), fault).prop_map(|(charge, fault)| Event::Breaks(charge, fault)),
        6 => Just(Event::Works),
        2 => (1..120_usize).prop_map(Event::Dies),
        3 => prop::sample::select(vec![2_i64, 7, 45, 130]).prop_map(Event::Passes),
        1 => Just(Event::TakeOver),
        1 => Just(Event::HandBack),
        1 => Just(Event::Resolve),
    ]
}

/// A guest of this story, on one channel or the other.
enum Guest<'h> {
    Chat(Chat<'h>),
    Phone(Phone<'h>),
}

struct World<'h> {
    house: &'h House,
    fake: FakePms,
    keeps: Keeps,
    guest: Guest<'h>,
    conversation: ConversationId,
    /// Texts that the phone had been sent before this story began.
    sent_before: usize,
    /// Effects of earlier stories of the same guest.
    earlier: HashSet<String>,
    known: HashMap<String, EffectState>,
    /// While staff have it: the last message when they took over.
    taken_at: Option<i64>,
}

impl<'h> World<'h> {
    async fn new(house: &'h House, keeps: Keeps, by_phone: bool) -> Self {
        let fake = house.connects(keeps, TimeDelta::seconds(20)).await;
        let (guest, conversation) = match by_phone {
            false => {
                let chat = house.chat().await;
                chat.proves().await;
                let id = chat.conversation.parse().unwrap();
                (Guest::Chat(chat), id)
            }
            true => {
                let phone = house.phone(PHONE);
                phone.says("hello").await;
                let list = house.read("/conversations?property=harbour").await;
                let own = list["items"].as_array().unwrap().iter().find(|c| c["channel"] == "sms").unwrap();
                let id: ConversationId = own["id"].as_str().unwrap().parse().unwrap();
                // The same guest writes again and again: each story begins with the bot and with nothing open.
                for what in ["take-over", "hand-back"] {
                    house.api("POST", &format!("/conversations/{id}/{what}"), Some(json!({}))).await;
                }
                house.settles().await;
                (Guest::Phone(phone), id)
            }
        };
        let sent_before = house.twilio.sent_to(PHONE).await.len();
        let mut world = Self {
            house,
            fake,
            keeps,
            guest,
            conversation,
            sent_before,
            earlier: HashSet::new(),
            known: HashMap::new(),
            taken_at: None,
        };
        let (_, all, _) = world.read().await;
        world.earlier = all.iter().map(|effect| effect.id.to_string()).collect();
        world
    }

    async fn writes(&self, text: &str) {
        match &self.guest {
            Guest::Chat(chat) => drop(chat.writes(text).await),
            Guest::Phone(phone) => phone.writes(text).await,
        }
    }

    async fn staff(&self, what: &str) {
        // A refusal is as good an outcome as any.
        self.house
            .api("POST", &format!("/conversations/{}/{what}", self.conversation), Some(json!({})))
            .await;
    }

    async fn happens(&self, event: &Event) {
        match event {
            Event::Orders => self.writes("A bottle of water to my room please").await,
            Event::Agrees => self.writes("yes").await,
            Event::Declines => self.writes("no thanks").await,
            Event::WantsTowels => self.writes("two extra towels please").await,
            Event::Breaks(charge, fault) => {
                self.fake.then(if *charge { On::Charge } else { On::Request }, *fault);
            }
            Event::Works => self.house.settles().await,
            Event::Dies(polls) => self.dies(*polls).await,
            Event::Passes(seconds) => {
                self.house.passes(TimeDelta::seconds(*seconds));
                self.house.works().await;
            }
            Event::TakeOver => self.staff("take-over").await,
            Event::HandBack => self.staff("hand-back").await,
            Event::Resolve => self.staff("resolve").await,
        }
    }

    async fn dies(&self, polls: usize) {
        self.house.passes(TimeDelta::seconds(6));
        let mut work = pin!(self.house.jobs.run_all());
        let mut left = polls;
        std::future::poll_fn(|cx| {
            left = left.saturating_sub(1);
            match work.as_mut().poll(cx) {
                Poll::Ready(_) => Poll::Ready(()),
                Poll::Pending if left == 0 => Poll::Ready(()),
                Poll::Pending => Poll::Pending,
            }
        })
        .await;
    }

    async fn read(&self) -> (Conversation, Vec<Effect>, Vec<Message>) {
        let mut conn = self.house.db.read().await.unwrap();
        let conversation = conversations::find(&mut conn, self.conversation).await.unwrap().unwrap();
        let mut all = effects::list_last(&mut conn, self.conversation, 500).await.unwrap();
        all.retain(|effect| !self.earlier.contains(&effect.id.to_string()));
        let said = messages::list_after(&mut conn, self.conversation, 0, 2_000).await.unwrap();
        (conversation, all, said)
    }

    /// What holds at every moment.
    async fn holds(&mut self) -> Result<(), String> {
        let (conversation, all, said) = self.read().await;
        for (place, message) in said.iter().enumerate() {
            check(message.seq == i64::try_from(place).unwrap() + 1, || "messages have gaps".to_owned())?;
        }
        for effect in &all {
            self.one_holds(effect)?;
        }
        for posting in self.fake.postings() {
            let of = all.iter().find(|effect| effect.id.to_string() == posting.reference);
            let agreed = of.is_some_and(|effect| effect.confirmed_seq.is_some());
            check(agreed, || format!("a charge that nobody agreed to: {posting:?}"))?;
        }
        let staffs = conversation.floor.status == Status::Staff;
        self.taken_at = match self.taken_at {
            Some(seq) if staffs => {
                let spoke =
                    said.iter().any(|m| m.seq > seq && matches!(m.author, Author::Bot | Author::System));
                check(!spoke, || "the bot spoke while staff had the conversation".to_owned())?;
                Some(seq)
            }
            None if staffs => Some(conversation.last_seq),
            Some(_) | None => None,
        };
        self.known = all.iter().map(|effect| (effect.id.to_string(), effect.state)).collect();
        Ok(())
    }

    fn one_holds(&self, effect: &Effect) -> Result<(), String> {
        let id = effect.id.to_string();
        let posted = self.fake.postings_of(&id);
        check(posted <= 1, || format!("{posted} postings of {effect:?}"))?;
        let filed = self.fake.requests().iter().filter(|reference| **reference == id).count();
        check(filed <= 1, || format!("{filed} tasks of {effect:?}"))?;
        check(self.keeps != Keeps::Nothing || effect.course.calls <= 1, || format!("repeated: {effect:?}"))?;
        let ended = |state| matches!(state, EffectState::Succeeded | EffectState::Failed);
        match self.known.get(&id) {
            Some(before) if ended(*before) => {
                check(*before == effect.state, || format!("{before} became {}: {effect:?}", effect.state))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// What holds once everything has come to rest.
    async fn rests(&mut self) -> Result<(), String> {
        for _ in 0..8 {
            self.house.passes(TimeDelta::seconds(130));
            self.house.works().await;
            self.holds().await?;
        }
        let (conversation, all, said) = self.read().await;
        let called = self.house.reasons(&self.conversation.to_string()).await;
        for effect in all.iter().filter(|effect| effect.total.is_some() && effect.course.sent_at.is_some()) {
            let posted = self.fake.postings_of(&effect.id.to_string());
            let right = match effect.state {
                EffectState::Succeeded => posted == 1,
                EffectState::Failed => posted == 0,
                EffectState::Unknown => {
                    let seen = called.iter().any(|reason| reason.kind() == "effect");
                    seen || effect.course.overtaken_at.is_some()
                }
                EffectState::Proposed | EffectState::Confirmed | EffectState::Sent => false,
            };
            check(right, || format!("{posted} postings of {effect:?}"))?;
        }
        let answered = conversation.answered_seq >= conversation.guest_seq;
        let with_staff = matches!(conversation.floor.status, Status::Staff | Status::Waiting);
        check(answered || with_staff, || format!("a guest was left without an answer: {conversation:?}"))?;
        let queued =
            said.iter().filter(|m| m.delivery == Delivery::Queued && m.author != Author::Guest).count();
        check(queued == 0, || format!("{queued} messages were left unsent"))?;
        let ours =
            said.iter().filter(|m| m.author != Author::Guest && m.delivery != Delivery::Cancelled).count();
        let sent = self.house.twilio.sent_to(PHONE).await.len() - self.sent_before;
        check(sent <= ours, || format!("{sent} texts were sent for {ours} messages"))
    }
}

fn check(holds: bool, why: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(why()) }
}

async fn plays(house: &House, keeps: Keeps, by_phone: bool, events: &[Event]) -> Result<(), String> {
    let mut world = World::new(house, keeps, by_phone).await;
    for event in events {
        world.happens(event).await;
        world.holds().await?;
    }
    let outcome = world.rests().await;
    // What staff still hold would be left over for the next story.
    for what in ["take-over", "resolve"] {
        world.staff(what).await;
    }
    outcome
}

/// The shortest sequence that still fails, and how.
async fn shrink(
    house: &House,
    keeps: Keeps,
    by_phone: bool,
    tree: &mut impl ValueTree<Value = Vec<Event>>,
    why: String,
) -> String {
    let mut worst = format!("{why}\nafter {:#?}", tree.current());
    for _ in 0..SHRINKS {
        if !tree.simplify() {
            break;
        }
        while let Ok(()) = plays(house, keeps, by_phone, &tree.current()).await {
            if !tree.complicate() {
                return worst;
            }
        }
        worst = format!("still failing: {:#?}\n(first: {why})", tree.current());
    }
    worst
}

#[tokio::test]
async fn in_whatever_order_things_happen_nothing_is_lost_done_twice_or_said_out_of_turn() {
    story(async |house: &House| {
        let mut runner = TestRunner::deterministic();
        let sequences = prop::collection::vec(event(), 4..20);
        for case in 0..CASES {
            let keeps = [Keeps::Keys, Keeps::References, Keeps::Nothing][case % 3];
            let by_phone = case % 2 == 1;
            let mut tree = sequences.new_tree(&mut runner).unwrap();
            if let Err(why) = plays(house, keeps, by_phone, &tree.current()).await {
                let shortest = shrink(house, keeps, by_phone, &mut tree, why).await;
                panic!("{keeps:?}, by phone {by_phone}: {shortest}");
            }
        }
    })
    .await;
}
