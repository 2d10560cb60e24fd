//! One run from beginning to end: prepare, start, measure phase by phase, compare with the database, end everything.

use super::Options;
use super::plan::{Phase, Wish};
use super::prepare::Place;
use super::processes::{Load, Server};
use super::report::{Figures, Report};
use crate::store::probe::{self, Tally};
use anyhow::{Context as _, bail};
use std::time::{Duration, Instant};

/// How long bare commits are measured before each phase.
const PROBE: Duration = Duration::from_millis(700);
/// After so long without a guest the server's memory is what it needs when idle.
const REST: Duration = Duration::from_secs(20);
/// How long the open loop lasts at most, in seconds.
const OPEN_SECS: f64 = 20.0;
/// The phase with one guest alone ends after so many turns, or about so many milliseconds of the model's time.
const ALONE: u32 = 300;
const ALONE_MS: u64 = 30_000;

pub(super) async fn run(options: &Options) -> anyhow::Result<()> {
    let place = Place::make(options).await?;
    let outcome = measure(options, &place).await;
    let cleared = place.clear().await;
    let report = outcome?;
    cleared?;
    print!("{report}");
    if let Some(path) = &options.json {
        std::fs::write(path, format!("{:#}\n", report.to_json())).context("the JSON cannot be written")?;
    }
    report.verdict()
}

async fn measure(options: &Options, place: &Place) -> anyhow::Result<Report> {
    let stays = place.fill(options).await?;
    let load = Load::start(&options.load_cpus, options.model_latency_ms).await?;
    let config = place.configure(load.stubs)?;
    let mut servers = Vec::new();
    for node in 0..options.nodes.max(1) {
        servers.push(
            Server::start(options.program.as_deref(), &options.server_cpus, place, &config, node).await?,
        );
    }
    let addresses: Vec<_> = servers.iter().map(|server| server.address).collect();
    let mut bench = Bench { options, place, load, servers, phases: 0, before: tally(place).await? };
    let mut report = Report::new(options, bench.ready(), bench.memory_mb().0);
    let (turns, guests) = (options.turns, options.concurrency);
    let phase = |turns: u32, guests: u32| Phase {
        servers: addresses.clone(),
        channel: options.channel,
        turns: turns.max(1),
        guests,
        turns_per_guest: options.turns_per_guest,
        rate: None,
        wish: Wish::Talk,
        stays: Vec::new(),
        phase: 0,
    };
    let most = u32::try_from(ALONE_MS / options.model_latency_ms.max(1)).unwrap_or(ALONE).min(ALONE);
    let (warm, alone) = (phase((turns / 10).min(500), guests), phase((turns / 10).min(most), 1));
    let closed = phase(turns, guests);
    let (mut open, mut towels) = (phase(turns, guests), phase(turns / 4, guests));
    towels.wish = Wish::Towels;
    towels.stays = stays;
    let warm = bench.phase("warm-up", warm).await?;
    report.note(warm);
    let figures = bench.phase("closed loop", closed).await?;
    let half = figures.per_second() / 2.0;
    report.add(figures);
    if !options.quick {
        report.add(bench.phase("one guest alone", alone).await?);
        let most = (half * OPEN_SECS).clamp(1.0, f64::from(turns));
        let turns = most as u32;
        (open.rate, open.turns, open.guests) = (Some(half), turns, guests.max(64));
        report.add(bench.phase("open loop at half of it", open).await?);
        report.add(bench.phase("towels, closed loop", towels).await?);
    }
    tokio::time::sleep(REST).await;
    report.end(bench.memory_mb());
    for server in bench.servers {
        server.end().await;
    }
    bench.load.end().await;
    Ok(report)
}

async fn tally(place: &Place) -> anyhow::Result<Tally> {
    let db = place.open().await?;
    Ok(probe::tally(&mut db.read().await?).await?)
}

struct Bench<'a> {
    options: &'a Options,
    place: &'a Place,
    load: Load,
    servers: Vec<Server>,
    phases: u32,
    /// As the database stood when the last phase had ended.
    before: Tally,
}

impl Bench<'_> {
    /// Of the slowest.
    fn ready(&self) -> Duration {
        self.servers.iter().map(|server| server.ready).max().unwrap_or_default()
    }

    /// Of all servers together.
    fn cpu_seconds(&self) -> f64 {
        self.servers.iter().map(Server::cpu_seconds).sum()
    }

    /// Of all servers together, now and at the highest.
    fn memory_mb(&self) -> (f64, f64) {
        let each = self.servers.iter().map(Server::memory_mb);
        each.fold((0.0, 0.0), |all, one| (all.0 + one.0, all.1 + one.1))
    }

    async fn phase(&mut self, name: &'static str, mut phase: Phase) -> anyhow::Result<Figures> {
        self.phases += 1;
        phase.phase = self.phases;
        let commits = probe::commit_rate(&self.place.probe_url, phase.guests, PROBE).await?;
        let cpu = self.cpu_seconds();
        let seen = self.load.play(&phase).await?;
        let cpu = self.cpu_seconds() - cpu;
        let memory = self.memory_mb();
        if seen.turns == 0 {
            let log = std::fs::read_to_string(self.place.log(0)).unwrap_or_default();
            let log = log.lines().rev().take(5).collect::<Vec<_>>().join("\n");
            bail!("{name}: no turn has succeeded: {}\n{log}", seen.failures.join("; "));
        }
        let tally = self.settled().await?;
        let wrong = differences(&phase, &seen, &self.before, &tally);
        self.before = tally;
        Ok(Figures::new(name, &phase, seen, commits, cpu, memory, wrong, self.options.model_latency_ms))
    }

    /// The database once nothing is under way any more.
    async fn settled(&self) -> anyhow::Result<Tally> {
        let begun = Instant::now();
        loop {
            let tally = tally(self.place).await?;
            if tally.turns_due == 0 && tally.sending == 0 || begun.elapsed() > Duration::from_secs(15) {
                return Ok(tally);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// Where the database and the load do not agree, in words.
fn differences(phase: &Phase, seen: &super::plan::Seen, before: &Tally, after: &Tally) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut expect = |what: &str, counted: i64, wanted: i64| {
        if counted != wanted {
            wrong.push(format!("{what}: {counted} in the database, {wanted} seen by the load"));
        }
    };
    let all = i64::from(seen.turns + seen.failed);
    expect("messages of guests", after.guest_messages - before.guest_messages, all);
    expect("replies", after.bot_messages - before.bot_messages, all);
    expect("unanswered", after.unanswered, 0);
    expect("turns still due", after.turns_due, 0);
    expect("sendings still due", after.sending, 0);
    if phase.channel == super::Channel::Sms {
        expect("texts sent", after.sent - before.sent, all);
    }
    if phase.wish == Wish::Towels {
        expect("requests", after.effects_done - before.effects_done, all);
    }
    expect("turns without the model", after.in_place_of_model - before.in_place_of_model, 0);
    let rounds = if phase.wish == Wish::Towels { 2 } else { 1 };
    expect("calls of the model", i64::try_from(seen.model_calls).unwrap_or(0), all * rounds);
    wrong.extend(seen.failures.iter().map(|why| format!("a turn failed: {why}")));
    wrong
}
