//! Who goes next is drawn from the seed. One actor runs at a time, up to the next point at which it waits for the world;
//! time passes when nobody can go on. It knows nothing of hotels.

use super::faults::{Fault, Step};
use super::process;
use super::world::{ActorId, Card, Event, Inner, MILLI, Micros, Role, SECOND, Wait, World};
use chrono::TimeDelta;
use futures_util::future::{BoxFuture, poll_fn};
use std::cmp::Reverse;
use std::task::Poll;

/// Whose clock everybody has who belongs to no worker: webhooks and staff.
const WEB: usize = 0;
/// What one step of anybody costs.
const TICK: Micros = MILLI;

struct Actor {
    life: u64,
    future: BoxFuture<'static, ()>,
}

/// The stage: everybody who is alive, and who of them can go on.
pub struct Stage {
    world: World,
    actors: Vec<Option<Actor>>,
    free: Vec<usize>,
    lives: u64,
    ready: Vec<ActorId>,
    /// How many suspensions each process still has to live.
    left: Vec<u32>,
}

/// How an actor's step ended.
enum Ended {
    Done,
    Parked(Wait),
}

impl Stage {
    pub fn new(world: World, processes: usize) -> Self {
        let left = (0..=processes).map(|_| life(&world)).collect();
        Self { world, actors: Vec::new(), free: Vec::new(), lives: 0, ready: Vec::new(), left }
    }

    /// Runs until it is over, or until nobody is left who could do anything.
    pub async fn run(&mut self) {
        loop {
            self.let_in();
            self.bury();
            if self.world.lock().over {
                return;
            }
            self.due();
            let Some(next) = self.draw() else {
                if !self.pass_time() {
                    return;
                }
                continue;
            };
            let ended = self.drive(next).await;
            self.world.lock().pass(TICK);
            match ended {
                Ended::Done => self.remove(next),
                Ended::Parked(wait) => self.suspend(next, wait),
            }
        }
    }

    fn let_in(&mut self) {
        let entering = std::mem::take(&mut self.world.lock().entering);
        for entrance in entering {
            self.lives += 1;
            let slot = self.free.pop().unwrap_or(self.actors.len());
            if slot == self.actors.len() {
                self.actors.push(None);
                self.world.lock().cards.push(None);
            }
            self.actors[slot] = Some(Actor { life: self.lives, future: entrance.future });
            self.world.lock().cards[slot] = Some(entrance.card);
            self.ready.push(ActorId { slot, life: self.lives });
        }
    }

    /// Ends the processes that have to die: whatever of them is under way is dropped where it stands.
    fn bury(&mut self) {
        let dying = std::mem::take(&mut self.world.lock().dying);
        for process in dying {
            for slot in 0..self.actors.len() {
                let Some(actor) = &self.actors[slot] else { continue };
                let id = ActorId { slot, life: actor.life };
                let mut inner = self.world.lock();
                let Some(card) = inner.cards[slot].clone().filter(|card| card.process == Some(process))
                else {
                    continue;
                };
                if Fault::Death.can_meet(card.step) {
                    inner.tally.count(Fault::Death, card.step);
                }
                if let Some(guest) = card.conversation.and_then(|id| inner.guests.of(id)) {
                    inner.note(guest, || format!("process {process} dies in {}", card.step));
                }
                drop(inner);
                self.remove(id);
            }
            self.left[process] = life(&self.world);
            process::reborn(&self.world, process);
        }
    }

    fn remove(&mut self, id: ActorId) {
        if self.is(id) {
            self.actors[id.slot] = None;
            self.world.lock().cards[id.slot] = None;
            self.free.push(id.slot);
        }
    }

    fn is(&self, id: ActorId) -> bool {
        self.actors.get(id.slot).and_then(Option::as_ref).is_some_and(|actor| actor.life == id.life)
    }

    /// Lets happen what is due by now.
    fn due(&mut self) {
        loop {
            let mut inner = self.world.lock();
            let now = inner.now;
            if let Some(id) = inner.woken.pop() {
                self.ready.push(id);
                continue;
            }
            let is_due = inner.timed.peek().is_some_and(|Reverse(timed)| timed.at <= now);
            let Some(Reverse(timed)) = is_due.then(|| inner.timed.pop()).flatten() else { return };
            match timed.event {
                Event::Wake(id) => self.ready.push(id),
                Event::Run(what) => what(&mut inner),
            }
        }
    }

    fn draw(&mut self) -> Option<ActorId> {
        while !self.ready.is_empty() {
            let at = self.world.lock().rng.below(self.ready.len());
            let id = self.ready.swap_remove(at);
            if !self.is(id) {
                continue;
            }
            let mut inner = self.world.lock();
            let (now, paused) =
                (inner.now, inner.cards[id.slot].as_ref().map_or(0, |card| card.paused_until));
            if paused > now {
                inner.at(paused, Event::Wake(id));
                continue;
            }
            return Some(id);
        }
        None
    }

    fn pass_time(&mut self) -> bool {
        let mut inner = self.world.lock();
        let Some(at) = inner.timed.peek().map(|Reverse(timed)| timed.at) else { return false };
        let length = at - inner.now;
        inner.pass(length.max(0));
        true
    }

    /// One step: while it waits for the database nobody else goes on, so that the same seed goes the same way.
    async fn drive(&mut self, id: ActorId) -> Ended {
        let world = self.world.clone();
        world.lock().current = id;
        let Some(actor) = self.actors[id.slot].as_mut() else { return Ended::Done };
        poll_fn(|cx| {
            let polled = actor.future.as_mut().poll(cx);
            match (polled, world.lock().parked.take()) {
                (Poll::Ready(()), _) => Poll::Ready(Ended::Done),
                (Poll::Pending, Some(wait)) => Poll::Ready(Ended::Parked(wait)),
                (Poll::Pending, None) => Poll::Pending,
            }
        })
        .await
    }

    fn suspend(&mut self, id: ActorId, wait: Wait) {
        let mut inner = self.world.lock();
        inner.counts.suspensions += 1;
        match wait {
            Wait::Lot => self.ready.push(id),
            Wait::Until(at) | Wait::Woken(at) => inner.at(at, Event::Wake(id)),
        }
        let Some(card) = inner.cards[id.slot].clone() else { return };
        inner.tally.visit(card.step);
        if inner.calm || matches!(card.role, Role::Guest | Role::Auditor) {
            return;
        }
        jump(&mut inner, card.process.unwrap_or(WEB), card.step);
        let Some(process) = card.process else { return };
        pause(&mut inner, id, card.step);
        let struck = inner.draws(Fault::Death, card.step);
        let left = self.left[process].saturating_sub(1);
        self.left[process] = left;
        let mortal = !inner.without.contains(&Fault::Death);
        if mortal && (left == 0 || struck) {
            inner.dying.push(process);
        }
    }
}

/// At which of its suspensions a process dies.
fn life(world: &World) -> u32 {
    let mut inner = world.lock();
    let n = inner.rng.between(40, 4_000);
    u32::try_from(n).unwrap_or(400)
}

/// Now and then one stands still for longer than any lease, as a machine under a debugger or a full swap does.
fn pause(inner: &mut Inner, id: ActorId, step: Step) {
    let length = inner.rng.between(100, 400) * SECOND;
    if inner.meets(Fault::Pause, step) {
        let until = inner.now + length;
        if let Some(Some(card)) = inner.cards.get_mut(id.slot) {
            card.paused_until = until;
        }
    }
}

/// Now and then a process's clock is set, by up to an hour either way, and some minutes later right again.
fn jump(inner: &mut Inner, process: usize, step: Step) {
    if !inner.draws(Fault::ClockJump, step) {
        return;
    }
    let wrong_by = inner.rng.between(-3_600, 3_600) * SECOND;
    set_clock(inner, process, wrong_by);
    let right_again = inner.rng.between(30, 600) * SECOND;
    inner.after(right_again, move |inner| set_clock(inner, process, 0));
    let of_process = |card: &&Card| {
        card.process.unwrap_or(WEB) == process && !matches!(card.role, Role::Guest | Role::Auditor)
    };
    let steps: Vec<Step> = inner.cards.iter().flatten().filter(of_process).map(|card| card.step).collect();
    for step in steps {
        inner.tally.count(Fault::ClockJump, step);
    }
}

fn set_clock(inner: &mut Inner, process: usize, wrong_by: Micros) {
    let Some(clock) = inner.clocks.get(process) else { return };
    let is = clock.now().timestamp_micros();
    clock.jump(TimeDelta::microseconds(inner.now + wrong_by - is));
}
