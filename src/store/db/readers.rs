//! SQLite's connections for reading. A pool that asks each connection whether it lives, before and after every use, would
//! pay two ways to its thread for nothing; here they are asked now and then. It must never be given a write.

use super::{ACQUIRE, DbError};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// How long a connection that was found alive is believed to be.
const BELIEVED: Duration = Duration::from_secs(5);

/// A connection that nobody has used for so long is closed, the last one excepted: a rush needs many, a night one, and
/// each keeps its pages and its prepared statements.
const UNUSED: Duration = Duration::from_secs(10);

/// The connections that nobody uses, the latest used one first.
pub(super) struct Readers {
    free: Arc<Mutex<Vec<Known>>>,
    places: Arc<Semaphore>,
    options: SqliteConnectOptions,
}

struct Known {
    conn: SqliteConnection,
    seen_alive: Instant,
}

/// A connection in use; it goes back when dropped.
pub struct Reader {
    known: Option<Known>,
    home: Arc<Mutex<Vec<Known>>>,
    _place: OwnedSemaphorePermit,
}

impl Readers {
    pub fn new(options: SqliteConnectOptions, most: u32) -> Self {
        let places = Arc::new(Semaphore::new(usize::try_from(most.max(1)).unwrap_or(1)));
        Self { free: Arc::default(), places, options }
    }

    /// A free connection, or a new one while there are fewer than may be.
    pub async fn acquire(&self) -> Result<Reader, DbError> {
        let busy = || DbError::Unavailable("no connection became free in time".to_owned());
        let place = timeout(ACQUIRE, self.places.clone().acquire_owned()).await.map_err(|_| busy())?;
        let place = place.map_err(|_| busy())?;
        let known = match self.alive().await {
            Some(known) => known,
            None => Known { conn: self.options.connect().await?, seen_alive: Instant::now() },
        };
        Ok(Reader { known: Some(known), home: self.free.clone(), _place: place })
    }

    async fn alive(&self) -> Option<Known> {
        self.close_unused();
        loop {
            let mut known = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop()?;
            if known.seen_alive.elapsed() < BELIEVED {
                return Some(known);
            }
            if known.conn.ping().await.is_ok() {
                known.seen_alive = Instant::now();
                return Some(known);
            }
        }
    }
}

impl Readers {
    fn close_unused(&self) {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        // Nobody's use is further back than the time for which a connection is believed.
        let unused = free.iter().take_while(|known| known.seen_alive.elapsed() > BELIEVED + UNUSED).count();
        let surplus = unused.min(free.len().saturating_sub(1));
        let closed: Vec<Known> = free.drain(..surplus).collect();
        drop(free);
        drop(closed);
    }
}

#[expect(clippy::expect_used, reason = "a reader has its connection until it is dropped")]
impl Deref for Reader {
    type Target = SqliteConnection;
    fn deref(&self) -> &SqliteConnection {
        &self.known.as_ref().expect("a connection until the drop").conn
    }
}

#[expect(clippy::expect_used, reason = "a reader has its connection until it is dropped")]
impl DerefMut for Reader {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.known.as_mut().expect("a connection until the drop").conn
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        if let Some(known) = self.known.take() {
            self.home.lock().unwrap_or_else(PoisonError::into_inner).push(known);
        }
    }
}
