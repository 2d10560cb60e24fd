//! Conversation, effect and outbox under events in any order: guests, staff, faults of the hotel's system, dying workers
//! and passing time. Whatever comes when, the promises hold.

use super::support::twilio::{Mishap, Phone};
use super::support::{Chat, House, disk, story};
use bellhop::domain::conversation::{Conversation, Status};
use bellhop::domain::effect::{Effect, EffectState};
use bellhop::domain::ids::ConversationId;
use bellhop::domain::message::{Author, Delivery, Message};
use bellhop::lab::fake_pms::{FakePms, Fault, Keeps, On};
use bellhop::store::{conversations, effects, messages};
use chrono::TimeDelta;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use serde_json::json;
use std::collections::{HashMap, HashSet};
use std::pin::pin;
use std::task::Poll;

/// Sequences tried on each database, unless BELLHOP_TEST_CASES says more.
const CASES: u64 = 12;
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
    /// The carrier treats the next text so.
    Misbehaves(Mishap),
    Works,
    /// A worker that is polled so often and then dies.
    Dies(usize),
    Passes(i64),
    TakeOver,
    HandBack,
    Resolve,
}

fn mishap() -> impl Strategy<Value = Mishap> {
    prop::sample::select(vec![
        Mishap::TakesAndFails,
        Mishap::Fails,
        Mishap::TooMany(3),
        Mishap::TooMany(200),
        Mishap::Refuses(30003),
    ])
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
        2 => mishap().prop_map(Event::Misbehaves),
        6 => Just(Event::Works),
        2 => (1..120_usize).prop_map(Event::Dies),
        3 => prop::sample::select(vec![2_i64, 7, 45, 130]).prop_map(Event::Passes),
        1 => Just(Event::TakeOver),
        1 => Just(Event::HandBack),
        1 => Just(Event::Resolve),
    ]
}

/// Twelve or so things that happen, in any order; among them some without which a story would try little.
fn events() -> impl Strategy<Value = Vec<Event>> {
    let scenes = vec![
        vec![Event::Orders, Event::Works, Event::Agrees, Event::Works],
        vec![Event::Misbehaves(Mishap::TakesAndFails), Event::WantsTowels, Event::Works],
        vec![Event::TakeOver, Event::Works, Event::HandBack],
    ];
    let others = prop::collection::vec(event().prop_map(|event| vec![event]), 3..14);
    let all = others.prop_map(move |others| [scenes.clone(), others].concat());
    all.prop_shuffle().prop_map(|scenes| scenes.concat())
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
    /// Effects of earlier stories of the same guest.
    earlier: HashSet<String>,
    known: HashMap<String, EffectState>,
    /// While staff have it: how things stood when they took over.
    taken: Option<Taken>,
    met: Met,
}

#[derive(Clone, Copy)]
struct Taken {
    /// The last message.
    seq: i64,
    /// Texts to the guest until then.
    sent: usize,
    /// Rows that a dispatcher, dead or alive, may have handed to the carrier: their texts cannot be called back.
    on_the_way: usize,
}

/// What came about in a story: one in which nothing does tries nothing.
#[derive(Debug, Default, Clone, Copy)]
struct Met {
    charges: usize,
    unknown: usize,
    lost: usize,
    take_overs: usize,
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
        let mut world = Self {
            house,
            fake,
            keeps,
            guest,
            conversation,
            earlier: HashSet::new(),
            known: HashMap::new(),
            taken: None,
            met: Met::default(),
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
            Event::Misbehaves(mishap) => self.house.twilio.will(&[*mishap]),
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
            check(agreed(&said, &posting.reference), || {
                format!("a charge that nobody agreed to: {posting:?}")
            })?;
        }
        let sent = self.house.twilio.sent_to(PHONE).await;
        let rows: HashSet<_> = sent.iter().map(|sent| &sent.status_callback).collect();
        check(rows.len() == sent.len(), || "a message was sent twice".to_owned())?;
        let staffs = conversation.floor.status == Status::Staff;
        self.taken = match self.taken {
            Some(taken) if staffs => {
                let spoke = |m: &Message| matches!(m.author, Author::Bot | Author::System);
                let spoke = said.iter().any(|m| m.seq > taken.seq && spoke(m));
                check(!spoke, || "the bot spoke while staff had the conversation".to_owned())?;
                let left = sent.len() - taken.sent;
                check(left <= taken.on_the_way, || format!("{left} texts left while staff had it"))?;
                Some(taken)
            }
            None if staffs => {
                self.met.take_overs += 1;
                let rows = disk::rows(&self.house.url, "outbox").await;
                let on_the_way = rows.iter().filter(|row| row.contains("sending")).count();
                Some(Taken { seq: conversation.last_seq, sent: sent.len(), on_the_way })
            }
            Some(_) | None => None,
        };
        let is = |state| said.iter().filter(|message| message.delivery == state).count();
        self.met.unknown = self.met.unknown.max(is(Delivery::Unknown));
        self.met.lost = self.met.lost.max(is(Delivery::Failed));
        self.met.charges = self.fake.postings().len();
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
        check(queued == 0, || format!("{queued} messages were left unsent"))
    }
}

/// Whether the guest said yes to the price of this effect, by their own words: after it was told, and before another was.
fn agreed(said: &[Message], reference: &str) -> bool {
    let mut latest = None;
    for message in said {
        let told = !matches!(message.delivery, Delivery::Failed | Delivery::Cancelled);
        latest = message.quote.filter(|_| told).or(latest);
        let is_yes = message.author == Author::Guest && message.text == "yes";
        if is_yes && latest.is_some_and(|effect| effect.to_string() == reference) {
            return true;
        }
    }
    false
}

fn check(holds: bool, why: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(why()) }
}

/// What holds throughout, and what came about.
async fn plays(house: &House, keeps: Keeps, by_phone: bool, events: &[Event]) -> Result<Met, String> {
    house.twilio.behaves();
    let mut world = World::new(house, keeps, by_phone).await;
    for event in events {
        world.happens(event).await;
        world.holds().await?;
    }
    house.twilio.behaves();
    world.rests().await?;
    // What staff still hold would be left over for the next story.
    for what in ["take-over", "resolve"] {
        world.staff(what).await;
    }
    Ok(world.met)
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
        while plays(house, keeps, by_phone, &tree.current()).await.is_ok() {
            if !tree.complicate() {
                return worst;
            }
        }
        worst = format!("still failing: {:#?}\n(first: {why})", tree.current());
    }
    worst
}

#[expect(clippy::disallowed_methods, reason = "how long and how to try is for whoever runs the tests to say")]
fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|text| text.parse().unwrap())
}

fn runner(seed: u64) -> TestRunner {
    TestRunner::new(Config { rng_seed: RngSeed::Fixed(seed), ..Config::default() })
}

/// Another one in every run.
fn any_seed() -> u64 {
    any::<u32>().new_tree(&mut TestRunner::default()).unwrap().current().into()
}

#[tokio::test]
async fn in_whatever_order_things_happen_nothing_is_lost_done_twice_or_said_out_of_turn() {
    let first = number("BELLHOP_TEST_SEED").unwrap_or_else(any_seed);
    let cases = number("BELLHOP_TEST_CASES").unwrap_or(CASES);
    story(async |house: &House| {
        let mut met = Vec::new();
        for seed in first..first + cases {
            let keeps = [Keeps::Keys, Keeps::References, Keeps::Nothing][usize::try_from(seed / 2 % 3).unwrap()];
            let by_phone = seed % 2 == 1;
            let mut tree = events().new_tree(&mut runner(seed)).unwrap();
            match plays(house, keeps, by_phone, &tree.current()).await {
                Ok(came) => met.push(came),
                Err(why) => {
                    let shortest = shrink(house, keeps, by_phone, &mut tree, why).await;
                    panic!("BELLHOP_TEST_SEED={seed} BELLHOP_TEST_CASES=1: {keeps:?}, by phone {by_phone}: {shortest}");
                }
            }
        }
        let all = |of: fn(&Met) -> usize| met.iter().map(of).sum::<usize>();
        let tried =
            [all(|met| met.charges), all(|met| met.unknown), all(|met| met.lost), all(|met| met.take_overs)];
        eprintln!("{cases} cases from seed {first}: charges, unknown, lost, take-overs: {tried:?}");
        let enough = tried[0] > 0 && tried[1] > 0 && tried[3] > 0;
        assert!(enough || cases < CASES, "from seed {first} on nothing was tried: {tried:?}");
    })
    .await;
}
