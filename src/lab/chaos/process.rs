//! A working process: it claims, runs turns, sends and sweeps as the product's workers do, with what it keeps in memory;
//! all of it is gone when it dies, and another one comes up a little later.

use super::faults::Step;
use super::model::SimModel;
use super::plants::{self, Plant};
use super::pms::{Mode, SimPms};
use super::vendor::Claim;
use super::world::{Inner, MILLI, Micros, Role, SECOND, World};
use crate::breaker::Breakers;
use crate::connectors::{Connector, OpenError};
use crate::conversation::{Engine, Limits, ReadyBooks, Systems};
use crate::domain::conversation::Conversation;
use crate::domain::money::Currency;
use crate::http::Http;
use crate::jobs::{Jobs, LastLook};
use crate::llm::Model;
use crate::outbox::accounts::Accounts;
use crate::outbox::dispatcher::Dispatcher;
use crate::secrets::Sealer;
use crate::store::Db;
use crate::store::hotel_book::{HotelBook, HotelBooks};
use crate::store::outbox::OutboxRow;
use async_trait::async_trait;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use url::Url;

/// How many turns and sendings of one process are under way at most.
const AT_ONCE: usize = 12;

/// What a process is made of.
pub struct Factory {
    pub db: Db,
    pub sealer: Sealer,
    pub http: Http,
    pub mode: Mode,
    pub currency: Currency,
    pub plant: Option<Plant>,
    pub public_url: Url,
}

impl Factory {
    /// With nothing in memory.
    fn jobs(&self, world: &World, process: usize) -> Jobs {
        let clock = world.lock().fresh_clock(process);
        let systems = SimSystems {
            world: world.clone(),
            model: Arc::new(SimModel { world: world.clone() }),
            pms: Arc::new(SimPms {
                world: world.clone(),
                mode: self.mode,
                currency: self.currency,
                plant: self.plant,
            }),
        };
        Jobs {
            engine: Engine {
                db: self.db.clone(),
                clock: clock.clone(),
                books: HotelBooks::new(),
                systems: Arc::new(systems),
                limits: Limits { context_tokens: 200, ..Limits::default() },
                ready: ReadyBooks::default(),
            },
            breakers: Breakers::new(clock.clone()),
            started_at: clock.now(),
            dispatcher: Dispatcher {
                db: self.db.clone(),
                clock,
                http: self.http.clone(),
                accounts: Accounts::new(self.db.clone(), self.sealer.clone()),
                public_url: self.public_url.clone(),
            },
            public_url: self.public_url.clone(),
            at_once: AT_ONCE,
            poll: Duration::from_secs(1),
            last_look: LastLook::default(),
        }
    }
}

struct SimSystems {
    world: World,
    model: Arc<dyn Model>,
    pms: Arc<dyn Connector>,
}

#[async_trait]
impl Systems for SimSystems {
    /// Some turns find no model and are answered by the house; some have a second one to ask.
    async fn models(&self, _: &HotelBook) -> Vec<Arc<dyn Model>> {
        let count = self.world.lock().rng.weighted(&[(20, 0), (50, 1), (30, 2)], 1);
        vec![self.model.clone(); count]
    }

    async fn pms(&self, _: &HotelBook) -> Result<Arc<dyn Connector>, OpenError> {
        Ok(self.pms.clone())
    }
}

/// Brings up a process after another one has died in its place.
pub fn reborn(world: &World, process: usize) {
    let mut inner = world.lock();
    inner.count("deaths of a process");
    let wait = inner.rng.between(200, 15_000) * MILLI;
    let again = world.clone();
    inner.after(wait, move |inner| begin(&again, inner, process));
}

/// Its loops.
pub fn begin(world: &World, inner: &mut Inner, process: usize) {
    let Some(factory) = inner.factory.clone() else { return };
    let born = Born { world: world.clone(), factory, process };
    inner.enter(Role::Sweeps, Some(process), None, Box::pin(born.live()));
}

struct Born {
    world: World,
    factory: Arc<Factory>,
    process: usize,
}

impl Born {
    async fn live(self) {
        let jobs = self.factory.jobs(&self.world, self.process);
        let at_work = || Loop {
            world: self.world.clone(),
            jobs: jobs.clone(),
            process: self.process,
            plant: self.factory.plant,
            under_way: Arc::new(AtomicUsize::new(0)),
        };
        self.world.enter(Role::Claims, Some(self.process), at_work().turns());
        self.world.enter(Role::Sends, Some(self.process), at_work().sends());
        at_work().sweeps().await;
    }
}

/// One of the loops of a process.
struct Loop {
    world: World,
    jobs: Jobs,
    process: usize,
    plant: Option<Plant>,
    under_way: Arc<AtomicUsize>,
}

/// Counts one thing under way, for as long as it lives.
struct UnderWay(Arc<AtomicUsize>);

impl UnderWay {
    fn new(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count.clone())
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Loop {
    fn free(&self) -> usize {
        let most = 1 + self.world.lock().rng.below(5);
        AT_ONCE.saturating_sub(self.under_way.load(Ordering::Relaxed)).min(most)
    }

    async fn idle(&self, low: Micros, high: Micros) {
        let length = {
            let mut inner = self.world.lock();
            let slower = if inner.calm { 20 } else { 1 };
            inner.rng.between(low, high) * slower
        };
        self.world.sleep(length).await;
    }

    async fn turns(self) {
        loop {
            let free = self.free();
            let claimed = match (free, self.plant) {
                (0, _) => Ok(Vec::new()),
                (_, Some(Plant::LostLease)) => plants::take_without_lease(&self.jobs, free).await,
                _ => self.jobs.claim_turns(free).await,
            };
            let claimed = claimed.unwrap_or_default();
            if claimed.is_empty() {
                self.idle(500 * MILLI, 5 * SECOND).await;
            }
            for conversation in claimed {
                self.turn(conversation);
            }
        }
    }

    fn turn(&self, leased: Conversation) {
        let (jobs, under_way, id) = (self.jobs.clone(), UnderWay::new(&self.under_way), leased.id);
        let work = async move {
            // What failed is due again by itself.
            let _ = jobs.turn(leased).await;
            drop(under_way);
        };
        self.world.lock().enter(Role::Turn, Some(self.process), Some(id), Box::pin(work));
    }

    async fn sends(self) {
        loop {
            let free = i64::try_from(self.free()).unwrap_or(1);
            if let Some(card) = self.world.lock().card() {
                card.step = Step::OutboxClaim;
            }
            let careless = self.plant == Some(Plant::CheckThenSend);
            let claimed = match free {
                0 => Ok(Vec::new()),
                _ if careless => plants::look_at_rows(&self.jobs, free).await,
                _ => self.jobs.claim_rows(free).await,
            };
            let claimed = claimed.unwrap_or_default();
            if claimed.is_empty() {
                self.idle(500 * MILLI, 5 * SECOND).await;
            }
            for row in claimed {
                if !careless {
                    self.remember(&row);
                }
                self.send(row, careless);
            }
        }
    }

    fn remember(&self, row: &OutboxRow) {
        let mut inner = self.world.lock();
        let order = inner.card().map_or(0, |card| card.committed);
        let claim = Claim { order, voice: row.voice, message: row.message_id };
        inner.vendor.claims.insert(row.id.to_string(), claim);
    }

    fn send(&self, row: OutboxRow, careless: bool) {
        let (jobs, under_way, id) = (self.jobs.clone(), UnderWay::new(&self.under_way), row.conversation_id);
        let world = self.world.clone();
        let work = async move {
            if careless {
                plants::send_and_then_take(&world, &jobs, row).await;
            } else {
                let _ = jobs.send(row).await;
            }
            drop(under_way);
        };
        let mut inner = self.world.lock();
        inner.enter(Role::Sends, Some(self.process), id, Box::pin(work));
        if let Some(entrance) = inner.entering.last_mut() {
            entrance.card.step = Step::Send;
        }
    }

    async fn sweeps(self) {
        loop {
            let _ = self.jobs.sweep().await;
            self.idle(4 * SECOND, 14 * SECOND).await;
        }
    }
}
