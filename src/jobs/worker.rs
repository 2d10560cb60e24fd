//! The loops of a working process. They end when told to, after what is under way.

use super::{Jobs, sweep, turns};
use crate::shutdown::Shutdown;
use crate::store::{Bell, DbError, conversations, outbox};
use chrono::{DateTime, Utc};
use std::time::Duration;
use tokio::sync::broadcast;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// The shortest wait.
const SOON: Duration = Duration::from_millis(20);
/// How often time alone is looked after.
const SWEEP: Duration = Duration::from_secs(1);
/// After an error of the database.
const REST: Duration = Duration::from_secs(2);

/// Runs until the order to stop; turns under way come to their end.
pub async fn run(jobs: Jobs, shutdown: Shutdown) {
    tokio::join!(
        turn_loop(jobs.clone(), shutdown.clone()),
        send_loop(jobs.clone(), shutdown.clone()),
        sweep_loop(jobs, shutdown)
    );
}

async fn turn_loop(jobs: Jobs, shutdown: Shutdown) {
    let mut bells = jobs.engine.db.bells().listen();
    let mut under_way = JoinSet::new();
    while !shutdown.is_ordered() {
        while under_way.try_join_next().is_some() {}
        let free = jobs.at_once.saturating_sub(under_way.len());
        let claimed = if free == 0 { Ok(Vec::new()) } else { turns::claim(&jobs, free.min(64)).await };
        match claimed {
            Ok(claimed) if claimed.is_empty() => {
                let next = next_turn(&jobs).await;
                idle(&jobs, &mut bells, &shutdown, next).await;
            }
            Ok(claimed) => {
                for conversation in claimed {
                    let jobs = jobs.clone();
                    under_way.spawn(async move { report("turn", turns::run(&jobs, conversation).await) });
                }
            }
            Err(error) => rest(&error).await,
        }
    }
    while under_way.join_next().await.is_some() {}
}

async fn send_loop(jobs: Jobs, shutdown: Shutdown) {
    let mut bells = jobs.engine.db.bells().listen();
    let mut under_way = JoinSet::new();
    while !shutdown.is_ordered() {
        while under_way.try_join_next().is_some() {}
        let free = jobs.at_once.saturating_sub(under_way.len());
        let limit = i64::try_from(free.min(64)).unwrap_or(64);
        let claimed = if free == 0 { Ok(Vec::new()) } else { jobs.dispatcher.claim(limit).await };
        match claimed {
            Ok(claimed) if claimed.is_empty() => {
                let next = next_row(&jobs).await;
                idle(&jobs, &mut bells, &shutdown, next).await;
            }
            Ok(claimed) => {
                for row in claimed {
                    let jobs = jobs.clone();
                    under_way.spawn(async move { report("sending", turns::send(&jobs, row).await) });
                }
            }
            Err(error) => rest(&error).await,
        }
    }
    while under_way.join_next().await.is_some() {}
}

async fn sweep_loop(jobs: Jobs, shutdown: Shutdown) {
    while !shutdown.is_ordered() {
        report("sweep", sweep::sweep(&jobs).await.map(|_| ()));
        tokio::select! {
            () = sleep(SWEEP) => {}
            () = shutdown.ordered() => {}
        }
    }
}

async fn next_turn(jobs: &Jobs) -> Option<DateTime<Utc>> {
    let mut conn = jobs.engine.db.read().await.ok()?;
    conversations::next_claimable_at(&mut conn, jobs.engine.clock.now()).await.ok()?
}

async fn next_row(jobs: &Jobs) -> Option<DateTime<Utc>> {
    let mut conn = jobs.engine.db.read().await.ok()?;
    outbox::next_due_at(&mut conn).await.ok()?
}

/// Waits for a bell, for the next thing that is due, or for the next poll.
async fn idle(
    jobs: &Jobs,
    bells: &mut broadcast::Receiver<Bell>,
    shutdown: &Shutdown,
    next: Option<DateTime<Utc>>,
) {
    let until = next.map(|at| (at - jobs.engine.clock.now()).to_std().unwrap_or(Duration::ZERO));
    // What is due but cannot be claimed waits for something under way: no reason to spin.
    let wait = until.unwrap_or(jobs.poll).clamp(SOON, jobs.poll.max(SOON));
    tokio::select! {
        _ = timeout(wait, work_bell(bells)) => {}
        () = shutdown.ordered() => {}
    }
}

async fn work_bell(bells: &mut broadcast::Receiver<Bell>) {
    loop {
        match bells.recv().await {
            Ok(Bell::Work | Bell::Missed) | Err(broadcast::error::RecvError::Lagged(_)) => return,
            Ok(_) => {}
            Err(broadcast::error::RecvError::Closed) => std::future::pending::<()>().await,
        }
    }
}

async fn rest(error: &DbError) {
    tracing::error!(%error, "the database does not answer; trying again");
    sleep(REST).await;
}

fn report(what: &'static str, outcome: Result<(), DbError>) {
    if let Err(error) = outcome {
        tracing::error!(what, %error, "a job failed; it will be tried again");
    }
}
