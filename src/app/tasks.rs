//! The long-lived tasks of the process: started here alone, awaited at shutdown with a limit.

use crate::shutdown::{Shutdown, ShutdownOrder};
use std::collections::HashMap;
use std::time::Duration;
use tokio::task::{Id, JoinError, JoinSet};

/// Named tasks that run until the order to stop.
pub struct Tasks {
    order: ShutdownOrder,
    set: JoinSet<()>,
    names: HashMap<Id, &'static str>,
}

/// A task that ended although nobody had ordered it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the task {task} has ended by itself{}", if *.panicked { ", with a panic" } else { "" })]
pub struct Ended {
    pub task: &'static str,
    pub panicked: bool,
}

impl Tasks {
    pub fn new() -> Self {
        Self { order: ShutdownOrder::new(), set: JoinSet::new(), names: HashMap::new() }
    }

    /// What tasks and event streams listen to.
    pub fn shutdown(&self) -> Shutdown {
        self.order.listener()
    }

    pub fn spawn(&mut self, name: &'static str, task: impl Future<Output = ()> + Send + 'static) {
        let handle = self.set.spawn(task);
        self.names.insert(handle.id(), name);
    }

    /// Waits until a task ends without an order; while all go on, for ever.
    pub async fn first_to_end(&mut self) -> Ended {
        match self.set.join_next_with_id().await {
            Some(end) => self.ended(end),
            None => std::future::pending().await,
        }
    }

    /// Orders everybody to stop and waits up to `limit`; gives the names of those that had to be cut off.
    pub async fn stop(mut self, limit: Duration) -> Vec<&'static str> {
        self.order.give();
        let all = async {
            while let Some(end) = self.set.join_next_with_id().await {
                let ended = ended(&mut self.names, end);
                if ended.panicked {
                    tracing::error!(task = ended.task, "a task panicked while it stopped");
                }
            }
        };
        let in_time = tokio::time::timeout(limit, all).await.is_ok();
        let mut late: Vec<_> = if in_time { Vec::new() } else { self.names.values().copied().collect() };
        late.sort_unstable();
        self.set.shutdown().await;
        late
    }

    fn ended(&mut self, end: Result<(Id, ()), JoinError>) -> Ended {
        ended(&mut self.names, end)
    }
}

impl Default for Tasks {
    fn default() -> Self {
        Self::new()
    }
}

fn ended(names: &mut HashMap<Id, &'static str>, end: Result<(Id, ()), JoinError>) -> Ended {
    let (id, panicked) = match end {
        Ok((id, ())) => (id, false),
        Err(error) => (error.id(), error.is_panic()),
    };
    Ended { task: names.remove(&id).unwrap_or("unnamed"), panicked }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_polite_task_finishes_what_it_does() {
        let mut tasks = Tasks::new();
        let shutdown = tasks.shutdown();
        let (done, result) = tokio::sync::oneshot::channel();
        tasks.spawn("polite", async move {
            shutdown.ordered().await;
            tokio::task::yield_now().await;
            done.send("finished").unwrap();
        });
        assert_eq!(tasks.stop(Duration::from_secs(600)).await, [""; 0]);
        assert_eq!(result.await, Ok("finished"));
    }

    #[tokio::test]
    async fn a_task_that_does_not_stop_is_cut_off_and_named() {
        let mut tasks = Tasks::new();
        tasks.spawn("deaf", std::future::pending());
        assert_eq!(tasks.stop(Duration::ZERO).await, ["deaf"]);
    }

    #[tokio::test]
    async fn a_task_that_ends_by_itself_is_noticed() {
        let mut tasks = Tasks::new();
        tasks.spawn("going on", std::future::pending());
        tasks.spawn("broken", async { panic!("of this test") });
        assert_eq!(tasks.first_to_end().await, Ended { task: "broken", panicked: true });
    }
}
