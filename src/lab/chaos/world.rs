//! What everybody in a simulated hotel shares: time, chance, who waits for what, and what has happened. It runs nobody;
//! that is the scheduler's.

use super::edge::Edge;
use super::faults::{Fault, Step, Tally, odds};
use super::guests::Guests;
use super::invariants::Violation;
use super::plants::Plant;
use super::pms::Pms;
use super::process::Factory;
use super::rng::Rng;
use super::staff::Floor;
use super::vendor::Vendor;
use crate::clock::Clock;
use crate::domain::ids::ConversationId;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::BoxFuture;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

/// Microseconds of the simulated day.
pub type Micros = i64;
pub const MILLI: Micros = 1_000;
pub const SECOND: Micros = 1_000_000;
pub const MINUTE: Micros = 60 * SECOND;

/// How many events of a conversation are kept for its trace.
const TRACE: usize = 60;

/// An actor's place and how often that place has been given away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct ActorId {
    pub slot: usize,
    pub life: u64,
}

/// What an actor does, for the steps and the trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Guest,
    /// A vendor calling us.
    Webhook,
    Staff,
    Claims,
    Turn,
    Sends,
    Sweeps,
    /// Looks at the whole now and then.
    Auditor,
}

/// What is known of an actor while it lives.
#[derive(Debug, Clone)]
pub struct Card {
    pub role: Role,
    /// The working process that it is part of, which it dies with.
    pub process: Option<usize>,
    /// The conversation that it works on.
    pub conversation: Option<ConversationId>,
    pub step: Step,
    /// The place in the order of commits of its latest one.
    pub committed: u64,
    /// It has called the hotel's system and not written since.
    pub after_call: bool,
    woken: bool,
    /// Suspended until then, whatever it waits for.
    pub paused_until: Micros,
}

/// When somebody can go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// As soon as the lot falls on it.
    Lot,
    Until(Micros),
    /// Until it is woken, or until then.
    Woken(Micros),
}

impl Wait {
    /// Whichever comes first, where one actor waits for several things.
    fn sooner(self, other: Option<Wait>) -> Wait {
        let at = |wait: Wait| match wait {
            Wait::Lot => Micros::MIN,
            Wait::Until(at) | Wait::Woken(at) => at,
        };
        match other {
            Some(other) if at(other) < at(self) => other,
            Some(_) | None => self,
        }
    }
}

/// What happens by itself at its time.
pub enum Event {
    Wake(ActorId),
    Run(Box<dyn FnOnce(&mut Inner) + Send>),
}

pub struct Timed {
    pub at: Micros,
    order: u64,
    pub event: Event,
}

impl PartialEq for Timed {
    fn eq(&self, other: &Self) -> bool {
        (self.at, self.order) == (other.at, other.order)
    }
}
impl Eq for Timed {}
impl PartialOrd for Timed {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Timed {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.order).cmp(&(other.at, other.order))
    }
}

/// Somebody new, to be put on the stage.
pub struct Entrance {
    pub card: Card,
    pub future: BoxFuture<'static, ()>,
}

/// How often things came about in one seed.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    pub turns: u64,
    pub suspensions: u64,
    pub figures: BTreeMap<&'static str, u64>,
    /// Of what happened, in its order.
    pub digest: u64,
}

/// Everything behind the one lock.
pub struct Inner {
    pub seed: u64,
    pub rng: Rng,
    pub now: Micros,
    /// Raised with every commit and every other thing whose order matters.
    pub order: u64,
    /// The actor whose lot it is.
    pub current: ActorId,
    pub parked: Option<Wait>,
    pub cards: Vec<Option<Card>>,
    pub entering: Vec<Entrance>,
    pub timed: BinaryHeap<Reverse<Timed>>,
    timed_order: u64,
    /// Who was woken and can go on at once.
    pub woken: Vec<ActorId>,
    /// Processes that end now.
    pub dying: Vec<usize>,
    /// One per process; the first is everybody else's.
    pub clocks: Vec<Clock>,
    /// Nothing goes wrong any more: what is under way comes to its end.
    pub calm: bool,
    pub over: bool,
    /// Somebody looks for a planted mistake: once it is found, that is enough.
    pub plant: Option<Plant>,
    /// What does not go wrong in this run.
    pub without: Vec<Fault>,
    /// How many turns guests still take.
    pub turns_left: u64,
    pub tally: Tally,
    pub counts: Counts,
    pub guests: Guests,
    pub vendor: Vendor,
    pub pms: Pms,
    pub floor: Floor,
    pub edge: Option<Edge>,
    pub factory: Option<Arc<Factory>>,
    pub violations: Vec<Violation>,
    traces: BTreeMap<usize, VecDeque<String>>,
}

/// The world; cheap to clone.
#[derive(Clone)]
pub struct World(Arc<Mutex<Inner>>);

impl World {
    pub fn new(seed: u64, start: DateTime<Utc>, processes: usize, turns: u64) -> Self {
        Self(Arc::new(Mutex::new(Inner {
            seed,
            rng: Rng::new(seed),
            now: start.timestamp_micros(),
            order: 0,
            current: ActorId::default(),
            parked: None,
            cards: Vec::new(),
            entering: Vec::new(),
            timed: BinaryHeap::new(),
            timed_order: 0,
            woken: Vec::new(),
            dying: Vec::new(),
            clocks: (0..=processes).map(|_| Clock::manual(start)).collect(),
            calm: false,
            over: false,
            plant: None,
            without: Vec::new(),
            turns_left: turns,
            tally: Tally::default(),
            counts: Counts::default(),
            guests: Guests::default(),
            vendor: Vendor::default(),
            pms: Pms::default(),
            floor: Floor::default(),
            edge: None,
            factory: None,
            violations: Vec::new(),
            traces: BTreeMap::new(),
        })))
    }

    pub fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The clock of everybody who is no worker: the web's, staff's, the vendors'.
    pub fn clock(&self) -> Clock {
        self.lock().clocks[0].clone()
    }

    pub fn park(&self, wait: Wait) -> Park {
        Park { world: self.clone(), wait, begun: false }
    }

    /// Lets the lot decide when to go on.
    pub fn step(&self) -> Park {
        self.park(Wait::Lot)
    }

    pub fn sleep(&self, length: Micros) -> Park {
        let until = self.lock().now + length;
        self.park(Wait::Until(until))
    }

    /// Puts somebody on the stage.
    pub fn enter(
        &self,
        role: Role,
        process: Option<usize>,
        future: impl Future<Output = ()> + Send + 'static,
    ) {
        self.lock().enter(role, process, None, Box::pin(future));
    }
}

impl Inner {
    pub fn enter(
        &mut self,
        role: Role,
        process: Option<usize>,
        conversation: Option<ConversationId>,
        future: BoxFuture<'static, ()>,
    ) {
        let step = match role {
            Role::Guest | Role::Webhook => Step::Intake,
            Role::Staff => Step::Desk,
            Role::Claims => Step::Claim,
            Role::Turn => Step::TurnLoad,
            Role::Sends => Step::OutboxClaim,
            Role::Sweeps | Role::Auditor => Step::Sweep,
        };
        let card = Card {
            role,
            process,
            conversation,
            step,
            committed: self.order,
            after_call: false,
            woken: false,
            paused_until: 0,
        };
        self.entering.push(Entrance { card, future });
    }

    pub fn card(&mut self) -> Option<&mut Card> {
        self.cards.get_mut(self.current.slot).and_then(Option::as_mut)
    }

    pub fn at(&mut self, at: Micros, event: Event) {
        self.timed_order += 1;
        self.timed.push(Reverse(Timed { at, order: self.timed_order, event }));
    }

    pub fn after(&mut self, length: Micros, what: impl FnOnce(&mut Inner) + Send + 'static) {
        self.at(self.now + length, Event::Run(Box::new(what)));
    }

    pub fn wake(&mut self, who: ActorId) {
        if let Some(Some(card)) = self.cards.get_mut(who.slot) {
            card.woken = true;
            self.woken.push(who);
        }
    }

    /// A new place in the order of things.
    pub fn next_order(&mut self) -> u64 {
        self.order += 1;
        self.order
    }

    pub fn count(&mut self, what: &'static str) {
        *self.counts.figures.entry(what).or_default() += 1;
    }

    /// Whether this fault comes about now, at this step; counted if it does.
    pub fn meets(&mut self, fault: Fault, step: Step) -> bool {
        let met = self.draws(fault, step);
        if met {
            self.tally.count(fault, step);
        }
        met
    }

    /// As [`Inner::meets`], and not counted.
    pub fn draws(&mut self, fault: Fault, step: Step) -> bool {
        let lot = self.rng.lot(odds(fault, step));
        lot && !self.calm && !self.without.contains(&fault)
    }

    /// The clock of a process that begins: as wrong as the machine's, with nothing counted and nothing known.
    pub fn fresh_clock(&mut self, process: usize) -> Clock {
        let clock = Clock::manual(self.clocks[process].now());
        self.clocks[process] = clock.clone();
        clock
    }

    /// Moves time, and every clock with it.
    pub fn pass(&mut self, length: Micros) {
        self.now += length;
        for clock in &self.clocks {
            clock.advance(TimeDelta::microseconds(length));
        }
    }

    /// The last guest has gone: clocks are set right, and nothing goes wrong any more.
    pub fn calm_down(&mut self) {
        if self.calm {
            return;
        }
        self.calm = true;
        for clock in &self.clocks {
            let wrong_by = self.now - clock.now().timestamp_micros();
            clock.jump(TimeDelta::microseconds(wrong_by));
        }
    }

    /// A line in a guest's trace.
    pub fn note(&mut self, guest: usize, what: impl FnOnce() -> String) {
        let at = DateTime::from_timestamp_micros(self.now).unwrap_or_default();
        let line = format!("{} {}", at.format("%d %H:%M:%S%.3f"), what());
        self.digest(guest, line.len());
        let trace = self.traces.entry(guest).or_default();
        if trace.len() == TRACE {
            trace.pop_front();
        }
        trace.push_back(line);
    }

    /// Ids differ from run to run, so it takes no words; whom, when and how long is enough to tell two runs apart.
    fn digest(&mut self, guest: usize, length: usize) {
        let mut digest = self.counts.digest;
        for value in [guest, length, usize::try_from(self.now).unwrap_or(0)] {
            digest = (digest ^ u64::try_from(value).unwrap_or(0)).wrapping_mul(0x0100_0000_01b3);
        }
        self.counts.digest = digest;
    }

    pub fn trace(&self, guest: usize) -> Vec<String> {
        self.traces.get(&guest).map(|trace| trace.iter().cloned().collect()).unwrap_or_default()
    }
}

/// A point at which somebody waits for the world and not for the database.
pub struct Park {
    world: World,
    wait: Wait,
    begun: bool,
}

impl Future for Park {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        let (wait, begun) = (self.wait, self.begun);
        self.begun = true;
        let world = self.world.clone();
        let mut inner = world.lock();
        let now = inner.now;
        let Some(card) = inner.card() else { return Poll::Ready(()) };
        let ready = begun
            && match wait {
                Wait::Lot => true,
                Wait::Until(at) => now >= at,
                Wait::Woken(at) => card.woken || now >= at,
            };
        if ready {
            return Poll::Ready(());
        }
        card.woken = false;
        inner.parked = Some(wait.sooner(inner.parked));
        Poll::Pending
    }
}

/// Something that may be dropped at one of its suspensions, as if its process had died.
pub struct Mortal<F> {
    world: World,
    work: Option<Pin<Box<F>>>,
    suspensions: u32,
}

impl<F: Future> Mortal<F> {
    /// `suspensions`: at which of them it dies; 0: never.
    pub fn new(world: &World, work: F, suspensions: u32) -> Self {
        Self { world: world.clone(), work: Some(Box::pin(work)), suspensions }
    }
}

impl<F: Future> Future for Mortal<F> {
    /// `None`: it died.
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(work) = self.work.as_mut() else { return Poll::Ready(None) };
        if let Poll::Ready(done) = work.as_mut().poll(cx) {
            return Poll::Ready(Some(done));
        }
        let world = self.world.clone();
        let mut inner = world.lock();
        if inner.parked.is_none() || self.suspensions == 0 {
            return Poll::Pending;
        }
        self.suspensions -= 1;
        if self.suspensions > 0 {
            return Poll::Pending;
        }
        inner.parked = None;
        let step = inner.card().map(|card| card.step);
        if let Some(step) = step {
            inner.tally.count(Fault::Death, step);
        }
        drop(inner);
        self.work = None;
        Poll::Ready(None)
    }
}
