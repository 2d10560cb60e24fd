//! `bellhop chaos`: hotel days in which everything goes wrong that can, on a clock and a scheduler of its own, over the
//! product's real code and a real database. The same seed goes the same way. It must not serve anybody.

mod audit;
mod calls;
mod edge;
mod faults;
mod gate;
mod guests;
mod invariants;
mod model;
mod plants;
mod pms;
mod process;
mod report;
mod rng;
mod scheduler;
mod setup;
mod staff;
#[cfg(test)]
mod tests;
mod vendor;
mod world;

pub use faults::{Fault, Step, Tally};
pub use invariants::Violation;
pub use plants::Plant;
pub use report::Report;

use crate::http::Http;
use crate::store::{Bells, Db};
use anyhow::{Context as _, bail};
use scheduler::Stage;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// A run.
#[derive(Debug, Clone)]
pub struct Options {
    /// The first seed.
    pub seed: u64,
    /// How many seeds, one after the other from the first on.
    pub seeds: u64,
    /// How many turns guests take, all seeds together.
    pub turns: u64,
    /// `None`: a file of its own for each seed, which is removed.
    pub database: Option<String>,
    /// How many seeds run at the same time; one where they share a database.
    pub jobs: usize,
    /// A mistake to be found.
    pub plant: Option<Plant>,
    /// Faults that stay away: to see which one a violation takes.
    pub without: Vec<Fault>,
}

/// Runs all seeds and adds up what they found.
pub fn run(options: &Options) -> anyhow::Result<Report> {
    if options.database.is_some() && options.jobs > 1 {
        bail!("seeds that share a database run one after the other: leave --jobs out");
    }
    let begun = Instant::now();
    let (next, total) = (AtomicU64::new(0), Mutex::new(Report::default()));
    let http = Http::new()?;
    let outcome: anyhow::Result<()> = std::thread::scope(|scope| {
        let worker = || -> anyhow::Result<()> {
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                if at >= options.seeds {
                    return Ok(());
                }
                let turns = share(options, at);
                let seed = options.seed + at;
                let report = one_seed(options, seed, turns, &http).with_context(|| format!("seed {seed}"))?;
                total.lock().unwrap_or_else(PoisonError::into_inner).add(report);
            }
        };
        let workers: Vec<_> = (0..options.jobs.max(1)).map(|_| scope.spawn(worker)).collect();
        let joined = workers.into_iter().map(|worker| worker.join());
        joined.into_iter().try_for_each(|done| done.unwrap_or_else(|_| bail!("a seed panicked")))
    });
    outcome?;
    let mut report = total.into_inner().unwrap_or_else(PoisonError::into_inner);
    report.took = begun.elapsed();
    report.violations.sort_by_key(|violation| (violation.seed, violation.turn));
    Ok(report)
}

/// The turns of one seed: what is left over goes to the first ones.
fn share(options: &Options, at: u64) -> u64 {
    let seeds = options.seeds.max(1);
    options.turns / seeds + u64::from(at < options.turns % seeds)
}

fn one_seed(options: &Options, seed: u64, turns: u64, http: &Http) -> anyhow::Result<Report> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let file = Scratch::new(seed)?;
    let url = options.database.clone().unwrap_or_else(|| file.url());
    runtime.block_on(async { simulate(options, seed, turns, &open(&url).await?, http).await })
}

/// A sweep asks about many messages at once and is suspended with as many connections in its hands: with fewer than all
/// of them could hold, whoever goes on next would wait for the suspended.
const CONNECTIONS: u32 = 64;

async fn open(url: &str) -> anyhow::Result<Db> {
    let db = Db::open(url, CONNECTIONS, Bells::new()).await?;
    db.migrate().await?;
    Ok(db)
}

/// One seed on an open database.
pub async fn simulate(
    options: &Options,
    seed: u64,
    turns: u64,
    db: &Db,
    http: &Http,
) -> anyhow::Result<Report> {
    let setting = setup::set(options, seed, turns, db, http).await?;
    let world = setting.world.clone();
    let begun = world.lock().now;
    Stage::new(world.clone(), setup::PROCESSES).run().await;
    let report = {
        let mut inner = world.lock();
        let hotel_secs = (inner.now - begun) / world::SECOND;
        let violations = std::mem::take(&mut inner.violations);
        Report::of_seed(inner.counts.clone(), inner.tally.clone(), violations, hotel_secs)
    };
    setting.strike();
    Ok(report)
}

/// A folder for one seed's database, in memory where the machine has such a place; removed in the end.
struct Scratch {
    folder: PathBuf,
}

impl Scratch {
    fn new(seed: u64) -> anyhow::Result<Self> {
        let memory = Path::new("/dev/shm");
        let base = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        let folder = base.join(format!("bellhop-chaos-{}-{seed}", std::process::id()));
        std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(Self { folder })
    }

    fn url(&self) -> String {
        format!("sqlite:{}", self.folder.join("chaos.db").display())
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed is the system's to clear away.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
