//! The loops of a working process. They end when told to, after what is under way, and give back what they cut off.

use super::{Jobs, followed, sweep, turns};
use crate::shutdown::{Shutdown, ShutdownOrder};
use crate::store::leases::{self, Held};
use crate::store::{DbError, conversations, outbox};
use chrono::{DateTime, Utc};
use futures_util::future::join_all;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::{sleep, timeout};

/// The shortest wait.
const SOON: Duration = Duration::from_millis(20);
/// How often time alone is looked after.
const SWEEP: Duration = Duration::from_secs(1);
/// After an error of the database.
const REST: Duration = Duration::from_secs(2);

/// Runs until the order to stop; what is under way then has `limit` to come to its end, and answers are still sent.
pub async fn run(jobs: Jobs, shutdown: Shutdown, limit: Duration) {
    let (answered, outage) = (ShutdownOrder::new(), Outage::default());
    let sending = send_loop(jobs.clone(), answered.listener(), limit, &outage);
    let answering = async {
        turn_loop(jobs.clone(), shutdown.clone(), limit, &outage).await;
        answered.give();
    };
    let sweeping = sweep_loop(jobs.clone(), shutdown.clone(), &outage);
    tokio::join!(answering, sending, sweeping, look_loop(jobs.clone(), shutdown.clone(), &outage));
}

async fn turn_loop(jobs: Jobs, shutdown: Shutdown, limit: Duration, outage: &Outage) {
    let mut bells = jobs.engine.db.bells().listen_for_turns();
    let mut turns = Turns::default();
    while !shutdown.is_ordered() {
        turns.forget_ended();
        let most = jobs.at_once.saturating_sub(turns.under_way.len()).min(64);
        if most == 0 {
            tokio::select! {
                _ = turns.one_ends() => {}
                () = shutdown.ordered() => {}
            }
            continue;
        }
        // What rings from here on is looked for once more.
        bells.mark_unchanged();
        let claimed = turns::claim(&jobs, most).await;
        outage.note("turns", &claimed);
        match claimed {
            Ok(claimed) => {
                // Fewer than it might have been: nothing else is due.
                let all = claimed.len() < most;
                for conversation in claimed {
                    let (jobs, held) = (jobs.clone(), (conversation.id, conversation.lease_token));
                    turns.spawn(held, async move {
                        report("turn", turns::run(&jobs, conversation).await).unwrap_or(true)
                    });
                }
                if all {
                    idle(&jobs, &mut bells, &shutdown, turns.one_leaves_something(), next_turn(&jobs)).await;
                }
            }
            Err(_) => rest(&shutdown).await,
        }
    }
    turns.end(&jobs, limit).await;
}

/// The turns under way, and which conversations they hold.
#[derive(Default)]
struct Turns {
    /// Each tells whether something may be due that no bell tells of.
    under_way: JoinSet<bool>,
    held: HashMap<Id, Held>,
}

impl Turns {
    fn spawn(&mut self, held: Held, turn: impl Future<Output = bool> + Send + 'static) {
        let task = self.under_way.spawn(turn);
        self.held.insert(task.id(), held);
    }

    fn forget_ended(&mut self) {
        while let Some(ended) = self.under_way.try_join_next_with_id() {
            self.forget(ended);
        }
    }

    /// When one of them comes to its end; never, where there is none.
    async fn one_ends(&mut self) -> bool {
        match self.under_way.join_next_with_id().await {
            Some(ended) => self.forget(ended),
            None => std::future::pending().await,
        }
    }

    /// When one of them ends that may have left something due.
    async fn one_leaves_something(&mut self) {
        while !self.one_ends().await {}
    }

    /// Whether it may have left something due.
    fn forget(&mut self, ended: Result<(Id, bool), JoinError>) -> bool {
        let (id, more) = ended.unwrap_or_else(|error| (error.id(), true));
        self.held.remove(&id);
        more
    }

    /// Lets them come to their end; at the limit they are cut off, as by a crash, and others may have them at once.
    async fn end(mut self, jobs: &Jobs, limit: Duration) {
        let all = async {
            while let Some(ended) = self.under_way.join_next_with_id().await {
                self.forget(ended);
            }
        };
        if timeout(limit, all).await.is_ok() {
            return;
        }
        self.under_way.shutdown().await;
        let held: Vec<Held> = self.held.into_values().collect();
        tracing::warn!(
            turns = held.len(),
            "cut off at the end of server.shutdown_secs; another worker answers"
        );
        let db = &jobs.engine.db;
        let given = db.write(move |tx| Box::pin(async move { leases::give_back(tx, &held).await })).await;
        report("giving back leases", given);
    }
}

async fn send_loop(jobs: Jobs, shutdown: Shutdown, limit: Duration, outage: &Outage) {
    let mut bells = jobs.engine.db.bells().listen_for_sendings();
    let mut under_way = JoinSet::new();
    loop {
        // Looked at before the claim: what was written before the order is still sent.
        let last = shutdown.is_ordered();
        while under_way.try_join_next().is_some() {}
        let free = jobs.at_once.saturating_sub(under_way.len());
        let most = i64::try_from(free.min(64)).unwrap_or(64);
        bells.mark_unchanged();
        let claimed = if free == 0 { Ok(Vec::new()) } else { jobs.dispatcher.claim(most).await };
        outage.note("sendings", &claimed);
        match claimed {
            Ok(claimed) if claimed.is_empty() && !last => {
                idle(&jobs, &mut bells, &shutdown, one_ends(&mut under_way), next_row(&jobs)).await;
            }
            Ok(claimed) => {
                for row in claimed {
                    let jobs = jobs.clone();
                    under_way.spawn(async move {
                        report("sending", jobs.dispatcher.send(row).await);
                    });
                }
            }
            Err(_) => rest(&shutdown).await,
        }
        if last {
            break;
        }
    }
    // What is cut off may have been sent: its lease runs out, and then it counts as lost, not as unsent.
    let all = async { while under_way.join_next().await.is_some() {} };
    if timeout(limit, all).await.is_err() {
        tracing::warn!(
            sendings = under_way.len(),
            "cut off at the end of server.shutdown_secs; their fate is unknown"
        );
    }
}

/// When one of the sendings comes to its end; never, where there is none.
async fn one_ends(under_way: &mut JoinSet<()>) {
    if under_way.join_next().await.is_none() {
        std::future::pending().await
    }
}

async fn sweep_loop(jobs: Jobs, shutdown: Shutdown, outage: &Outage) {
    while !shutdown.is_ordered() {
        let swept = sweep::sweep(&jobs).await;
        outage.note("sweep", &swept);
        tokio::select! {
            () = sleep(if swept.is_ok() { SWEEP } else { REST }) => {}
            () = shutdown.ordered() => {}
        }
    }
}

/// Asks vendors about what is in doubt; apart from the sweep, which must not wait for a slow one.
async fn look_loop(jobs: Jobs, shutdown: Shutdown, outage: &Outage) {
    while !shutdown.is_ordered() {
        let looked = look(&jobs).await;
        outage.note("looks", &looked);
        tokio::select! {
            () = sleep(if looked.is_ok() { SWEEP } else { REST }) => {}
            () = shutdown.ordered() => {}
        }
    }
}

/// At once, so that a slow vendor of messages and a slow system of the hotel do not wait for each other.
async fn look(jobs: &Jobs) -> Result<(), DbError> {
    let messages = async {
        let rows = jobs.dispatcher.claim_looks().await?;
        join_all(rows.into_iter().map(|row| jobs.dispatcher.look(row))).await.into_iter().collect()
    };
    let (messages, effects) = tokio::join!(messages, followed::look_after(jobs));
    effects.and(messages)
}

async fn next_turn(jobs: &Jobs) -> Option<DateTime<Utc>> {
    let mut conn = jobs.engine.db.read().await.ok()?;
    conversations::next_claimable_at(&mut conn, jobs.engine.clock.now()).await.ok()?
}

async fn next_row(jobs: &Jobs) -> Option<DateTime<Utc>> {
    let mut conn = jobs.engine.db.read().await.ok()?;
    outbox::next_due_at(&mut conn).await.ok()?
}

/// Waits for a bell, for the end of something under way, for the next thing that is due, or for the next poll. Only when
/// it has been quiet for a moment it asks what is due next: in a rush bells tell it first.
async fn idle(
    jobs: &Jobs,
    bells: &mut watch::Receiver<()>,
    shutdown: &Shutdown,
    ended: impl Future<Output = ()>,
    next: impl Future<Output = Option<DateTime<Utc>>>,
) {
    tokio::pin!(ended);
    tokio::select! {
        _ = bells.changed() => return,
        () = &mut ended => return,
        () = shutdown.ordered() => return,
        () = sleep(SOON) => {}
    }
    let until = next.await.map(|at| (at - jobs.engine.clock.now()).to_std().unwrap_or(Duration::ZERO));
    // What is due but cannot be claimed waits for something under way: no reason to spin.
    let wait = until.unwrap_or(jobs.poll).clamp(SOON, jobs.poll.max(SOON));
    tokio::select! {
        _ = timeout(wait, bells.changed()) => {}
        // What has ended may have made room, or let its follower through.
        () = ended => {}
        () = shutdown.ordered() => {}
    }
}

async fn rest(shutdown: &Shutdown) {
    tokio::select! {
        () = sleep(REST) => {}
        () = shutdown.ordered() => {}
    }
}

/// Tells once that the database is away, and once that it is back, for all loops together: from the first that it fails
/// until none is left that it has failed.
#[derive(Default)]
struct Outage(Mutex<Failing>);

#[derive(Default)]
struct Failing {
    since: Option<Instant>,
    loops: BTreeSet<&'static str>,
}

impl Outage {
    fn note<T>(&self, who: &'static str, outcome: &Result<T, DbError>) {
        let mut failing = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = outcome {
            failing.loops.insert(who);
            if failing.since.is_none() {
                tracing::error!(%error, "the database does not answer; workers wait and go on trying");
                failing.since = Some(Instant::now());
            }
        } else if failing.loops.remove(who)
            && failing.loops.is_empty()
            && let Some(since) = failing.since.take()
        {
            tracing::warn!(secs = since.elapsed().as_secs(), "the database answers again; workers go on");
        }
    }
}

/// `None`: it failed, which is logged.
fn report<T>(what: &'static str, outcome: Result<T, DbError>) -> Option<T> {
    outcome.inspect_err(|error| tracing::error!(what, %error, "a job failed; it will be tried again")).ok()
}
