//! A stand-in behind a free port of this machine: it serves until it is stopped or dropped, and can hold answers back
//! until they are released. What it answers is not its business.

use axum::Router;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinHandle;

/// The running server.
pub(super) struct Served {
    pub address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    task: Option<JoinHandle<()>>,
}

impl Served {
    pub async fn start(router: Router) -> std::io::Result<Self> {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel::<()>();
        let serve = async move {
            tokio::select! {
                // Calls that are left hanging would hold up a graceful end for ever.
                _ = stopped => {}
                result = async { axum::serve(listener, router).await } => drop(result),
            }
        };
        #[expect(clippy::disallowed_methods, reason = "ends with its Served")]
        let task = tokio::spawn(serve);
        Ok(Self { address, stop: Some(stop), task: Some(task) })
    }

    /// Stops and waits until the port is free.
    pub async fn stop(mut self) {
        drop(self.stop.take());
        if let Some(task) = self.task.take() {
            let _ = task.await;
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}

/// What holds answers back. Once it is opened nothing waits at it any more.
pub(super) struct Gate(Semaphore);

impl Default for Gate {
    fn default() -> Self {
        Self(Semaphore::const_new(0))
    }
}

impl Gate {
    pub fn open(&self) {
        self.0.close();
    }

    /// Until it is opened.
    pub async fn wait(&self) {
        // It has no permits, so this ends by its closing alone.
        let _ = self.0.acquire().await;
    }

    /// Until it is opened, or so long.
    pub async fn wait_for(&self, time: Duration) {
        let _ = tokio::time::timeout(time, self.wait()).await;
    }
}
