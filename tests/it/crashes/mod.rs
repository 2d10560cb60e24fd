//! Load on real processes that are killed at random moments. BELLHOP_CRASH_ROUNDS lengthens it, BELLHOP_CRASH_SEED
//! chooses the moments: `scripts/crash-rounds`.

mod audit;
mod guests;

use crate::support::dice::Dice;
use crate::support::exchange::Exchange;
use crate::support::node::Node;
use crate::support::process::{Process, wait_for};
use crate::support::{House, both_urls};
use audit::audit;
use bellhop::clock::Clock;
use bellhop::lab::fake_pms::{FakePms, Fault, Keeps, Setup, Weather, guest};
use chrono::TimeDelta;
use futures_util::future::join_all;
use guests::{NUMBERS, Said, live};
use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};

/// Rounds of an ordinary test run, on each database.
const ROUNDS: usize = 6;
const SEED: u64 = 1;
/// So many messages have been taken since the last kill when the next one is prepared.
const FEW: usize = 3;
const SIGNING_KEY: &str = "the-crash-rounds-own-signing-key";
/// What a hotel's system can do about a call that was cut off, by the word of its settings.
const SYSTEMS: [(Keeps, &str); 3] =
    [(Keeps::Nothing, "none"), (Keeps::References, "lookup"), (Keeps::Keys, "key")];

/// A remote hotel system with the guests in house: often slow enough for a node to die in the middle of a call, and
/// sometimes cut off by itself.
async fn hotel_system(keeps: Keeps, seed: u64) -> FakePms {
    let clock = Clock::system();
    let one = |(place, number): (usize, &&str)| {
        let (confirmation, surname) = (format!("CR{place}"), format!("Number{place}"));
        guest(&clock, &confirmation, ("Guest", &surname), number, &format!("4{place:02}"))
    };
    let stays = NUMBERS.iter().enumerate().map(one).collect();
    let signing_key = SIGNING_KEY.into();
    let setup = Setup { keeps, visible_after: TimeDelta::zero(), signing_key, clock: clock.clone(), stays };
    let system = FakePms::start(setup).await.unwrap();
    let slow = Fault::Slow(Duration::from_millis(80));
    system.weather(Weather { seed, faults: vec![(slow, 600), (Fault::DropAfter, 20)] });
    system
}

/// The hotel on that system. Guests order all day long: its limit is not what is tried here.
fn hotel(system: &FakePms, idempotency: &str) -> String {
    let base_url = system.base_url();
    format!(
        "[[properties]]\nslug = 'harbour'\nname = 'Harbour House'\nzone = 'Europe/Lisbon'\ncurrency = 'EUR'\n\
         limits = {{ per_charge_minor = 10000, per_stay_and_day_minor = 100000000, max_quantity = 10 }}\n\
         [[integrations]]\nproperty = 'harbour'\nkind = 'pms.house'\nname = 'The house'\nenabled = false\n\
         [[integrations]]\nproperty = 'harbour'\nkind = 'pms.custom'\n\
         config = {{ base_url = '{base_url}', idempotency = '{idempotency}', visible_after_secs = 0, timeout_secs = 5 }}\n\
         secrets = {{ signing_key = '{SIGNING_KEY}' }}\n"
    )
}

/// What goes on outside of the nodes.
pub struct World {
    pub exchange: Exchange,
    pub system: FakePms,
    pub said: RefCell<Vec<Said>>,
    sids: Cell<u32>,
    over: Cell<bool>,
}

impl World {
    pub fn is_over(&self) -> bool {
        self.over.get()
    }

    fn acknowledged(&self) -> usize {
        self.said.borrow().iter().filter(|said| said.acknowledged).count()
    }

    pub fn next_sid(&self) -> String {
        self.sids.set(self.sids.get() + 1);
        format!("SMc{:031}", self.sids.get())
    }
}

#[expect(clippy::disallowed_methods, reason = "how long a test runs is no configuration of the product's")]
fn number_of<T: std::str::FromStr>(name: &str, default: T) -> T {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")),
        Err(_) => default,
    }
}

/// Kills one node after the other, each at a random moment of the load, and puts another in its place.
async fn rounds(
    world: &World,
    node: &Node,
    mut nodes: Vec<Process>,
    count: usize,
    dice: Dice,
) -> Vec<Process> {
    for _ in 0..count {
        let before = world.acknowledged();
        wait_for("guests to be heard", async || (world.acknowledged() >= before + FEW).then_some(())).await;
        tokio::time::sleep(dice.millis(0, 1500)).await;
        let victim = dice.below(nodes.len());
        nodes.remove(victim).kill();
        tokio::time::sleep(dice.millis(0, 700)).await;
        nodes.insert(victim, node.start().await);
        world.exchange.doors.replace(doors(&nodes));
        let twice = audit::sent_twice(&world.exchange.taken());
        assert!(twice.is_empty(), "a guest was sent the same message twice: {twice:?}");
    }
    world.over.set(true);
    nodes
}

fn doors(nodes: &[Process]) -> Vec<String> {
    nodes.iter().map(|node| node.base.clone()).collect()
}

#[tokio::test]
async fn crash_rounds_lose_nothing_and_do_nothing_twice() {
    let count = number_of("BELLHOP_CRASH_ROUNDS", ROUNDS);
    let seed = number_of("BELLHOP_CRASH_SEED", SEED);
    both_urls(|url| async move {
        let begun = Instant::now();
        let dice = Dice::new(seed);
        let exchange = Exchange::start(dice.child()).await;
        let sqlite = url.starts_with("sqlite:");
        let (many, turn) = if sqlite { (1, seed) } else { (3, seed + 1) };
        let (keeps, idempotency) = SYSTEMS[usize::try_from(turn % 3).unwrap()];
        let system = hotel_system(keeps, seed).await;
        let node = Node::over(&url, &exchange.base_url(), &hotel(&system, idempotency)).await;
        let mut nodes = Vec::new();
        for _ in 0..many {
            nodes.push(node.start().await);
        }
        exchange.doors.replace(doors(&nodes));
        let (said, sids, over) = (RefCell::default(), Cell::new(0), Cell::new(false));
        let world = World { exchange, system, said, sids, over };
        let guests = NUMBERS.map(|number| live(&world, number, dice.child()));
        let load =
            async { tokio::join!(rounds(&world, &node, nodes, count, dice.child()), join_all(guests)).0 };
        let nodes = tokio::select! {
            nodes = load => nodes,
            () = world.exchange.reports() => unreachable!("it reports for ever"),
        };
        // The last ones die as well, and what they held has run out.
        for process in nodes {
            process.kill();
        }
        let house = House::later(&url, &node.key, &node.twilio, TimeDelta::minutes(10)).await;
        house.works().await;
        // What is in doubt is asked about, later and later.
        for _ in 0..10 {
            house.passes(TimeDelta::minutes(5));
            house.works().await;
        }
        let report = audit(&house, &world).await;
        let took = begun.elapsed().as_secs();
        let counts = &report.counts;
        eprintln!(
            "{count} rounds, {many} nodes, seed {seed}, system keeps {idempotency}, {took} s: {counts}"
        );
        assert!(report.violations.is_empty(), "seed {seed}: {:#?}", report.violations);
        assert!(report.counts.is_worth_it(count), "seed {seed}: {}", report.counts);
    })
    .await;
}
