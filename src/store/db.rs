//! The database: two engines behind one SQL text, and the one write unit through which everything is written.

mod backup;
mod carrier;
mod later;
mod migrations;
mod readers;

pub use backup::{BackupProblem, backup};
pub use later::Later;
pub use readers::Reader;

use super::bell::{Bell, Bells};
use super::gate::Gate;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use readers::Readers;
use sqlx::error::DatabaseError;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteError, SqliteJournalMode, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection, PgPool, Postgres, Transaction};
use std::ops::{Deref, DerefMut};
use std::panic::{AssertUnwindSafe, Location};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

/// How many waiting write units share one SQLite commit at most.
const UNITS_PER_COMMIT: usize = 32;
/// How long a reader waits for a free connection.
const ACQUIRE: Duration = Duration::from_secs(10);
/// How long a look at whether the server answers may take.
const GLANCE: Duration = Duration::from_secs(2);
/// After so long without use a connection to PostgreSQL is asked whether it lives.
const IDLE: Duration = Duration::from_secs(1);

/// What a database answers other than rows.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum DbError {
    #[error("the database is not reachable: {0}")]
    Unavailable(String),
    #[error("the row exists already")]
    Unique,
    #[error("the row refers to one that does not exist")]
    ForeignKey,
    #[error("a stored value cannot be read: {0}")]
    Corrupt(String),
    #[error("the database refused: {0}")]
    Refused(String),
    #[error("the tables are not what this program works with: {0}")]
    Schema(String),
    #[error("the write unit failed inside")]
    Panicked,
}

impl DbError {
    /// Whether the same unit may succeed later.
    pub fn retryable(&self) -> bool {
        match self {
            DbError::Unavailable(_) => true,
            DbError::Unique
            | DbError::ForeignKey
            | DbError::Corrupt(_)
            | DbError::Refused(_)
            | DbError::Schema(_)
            | DbError::Panicked => false,
        }
    }
}

impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(inner) => match inner.kind() {
                sqlx::error::ErrorKind::UniqueViolation => DbError::Unique,
                sqlx::error::ErrorKind::ForeignKeyViolation => DbError::ForeignKey,
                _ if is_passing(inner.as_ref()) => DbError::Unavailable(inner.message().to_owned()),
                _ => DbError::Refused(inner.message().to_owned()),
            },
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => DbError::Unavailable(error.to_string()),
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => DbError::Corrupt(error.to_string()),
            _ => DbError::Refused(error.to_string()),
        }
    }
}

/// Whether the server, the disk or the rush is to blame, and not the statement: the same unit may succeed later.
fn is_passing(error: &dyn DatabaseError) -> bool {
    let code = error.code().unwrap_or_default();
    if error.try_downcast_ref::<SqliteError>().is_some() {
        // The primary code: busy, locked, read-only, input or output, full, cannot open. https://sqlite.org/rescode.html
        let primary = code.parse().unwrap_or(0) & 0xff;
        return matches!(primary, 5 | 6 | 8 | 10 | 13 | 14);
    }
    // Connection, read-only or taking nobody, serialisation and deadlock, resources, operator, system; and what only a
    // new connection can meet: another password, a database that is being put back.
    // https://www.postgresql.org/docs/current/errcodes-appendix.html
    let passing = ["08", "25006", "55000", "40001", "40P01", "53", "57", "58", "28", "3D"];
    passing.iter().any(|class| code.starts_with(class))
}

/// A connection to either engine.
pub enum Conn {
    SqliteWriter(SqliteConnection, Later),
    SqliteReader(Reader),
    PostgresWriter(Transaction<'static, Postgres>),
    PostgresReader(PoolConnection<Postgres>),
}

/// The engine's own connection, borrowed for one statement.
pub enum Raw<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

impl Conn {
    /// Ready for a statement: what was written before it has been sent.
    pub async fn raw(&mut self) -> Result<Raw<'_>, DbError> {
        Ok(match self {
            Conn::SqliteWriter(conn, later) => {
                later.send(conn, None).await?;
                Raw::Sqlite(conn)
            }
            Conn::SqliteReader(conn) => Raw::Sqlite(conn),
            Conn::PostgresWriter(tx) => Raw::Postgres(tx),
            Conn::PostgresReader(conn) => Raw::Postgres(conn),
        })
    }

    /// Where statements wait whose answer nobody needs; `None`: here they would gain nothing by it.
    pub fn later(&mut self) -> Option<&mut Later> {
        match self {
            Conn::SqliteWriter(_, later) => Some(later),
            Conn::SqliteReader(_) | Conn::PostgresWriter(_) | Conn::PostgresReader(_) => None,
        }
    }

    /// Where the text must differ; each use says why.
    pub fn pick(&self, sqlite: &'static str, postgres: &'static str) -> &'static str {
        match self {
            Conn::SqliteWriter(..) | Conn::SqliteReader(_) => sqlite,
            Conn::PostgresWriter(_) | Conn::PostgresReader(_) => postgres,
        }
    }
}

/// One statement on either engine: `sql!(conn, optional Row, "SELECT …", bind, …)`.
///
/// `execute` gives the number of rows changed; `one`, `optional` and `all` give rows. The same text, binds and row
/// type are checked against both drivers. `later` gives nothing: the statement may be sent with those that follow it in
/// its unit, and if it fails the unit does.
macro_rules! sql {
    ($conn:expr, later, $text:expr $(, $bind:expr)* $(,)?) => {
        match $crate::store::db::Conn::later($conn) {
            Some(later) => (|| {
                $(later.bind($bind)?;)*
                later.push($crate::store::db::recorder::note($text));
                Ok::<(), $crate::store::db::DbError>(())
            })(),
            None => $crate::store::db::sql!($conn, execute, $text $(, $bind)*).map(|_| ()),
        }
    };
    ($conn:expr, execute, $text:expr $(, $bind:expr)* $(,)?) => {
        $crate::store::db::on_engine!($conn, raw, sqlx::query::<Engine>($crate::store::db::recorder::note($text))$(.bind($bind))*.execute(&mut *raw).await.map(|done| done.rows_affected()))
    };
    ($conn:expr, one $row:ty, $text:expr $(, $bind:expr)* $(,)?) => {
        $crate::store::db::on_engine!($conn, raw, sqlx::query_as::<Engine, $row>($crate::store::db::recorder::note($text))$(.bind($bind))*.fetch_one(&mut *raw).await)
    };
    ($conn:expr, optional $row:ty, $text:expr $(, $bind:expr)* $(,)?) => {
        $crate::store::db::on_engine!($conn, raw, sqlx::query_as::<Engine, $row>($crate::store::db::recorder::note($text))$(.bind($bind))*.fetch_optional(&mut *raw).await)
    };
    ($conn:expr, all $row:ty, $text:expr $(, $bind:expr)* $(,)?) => {
        $crate::store::db::on_engine!($conn, raw, sqlx::query_as::<Engine, $row>($crate::store::db::recorder::note($text))$(.bind($bind))*.fetch_all(&mut *raw).await)
    };
}

/// A row of one column.
pub type One<T> = (T,);

/// The texts of this thread's statements, for tests that count them or ask for their plans.
#[cfg(test)]
pub(crate) mod recorder {
    use std::cell::RefCell;

    thread_local! {
        static TEXTS: RefCell<Option<Vec<&'static str>>> = const { RefCell::new(None) };
    }

    pub(crate) fn note(text: &'static str) -> &'static str {
        TEXTS.with_borrow_mut(|texts| texts.as_mut().map(|texts| texts.push(text)));
        text
    }

    /// What ran on this thread since the last call, which began the recording.
    pub(crate) fn take() -> Vec<&'static str> {
        TEXTS.with_borrow_mut(|texts| texts.replace(Vec::new()).unwrap_or_default())
    }
}

#[cfg(not(test))]
pub(crate) mod recorder {
    #[inline]
    pub(crate) fn note(text: &'static str) -> &'static str {
        text
    }
}

macro_rules! on_engine {
    ($conn:expr, $raw:ident, $run:expr) => {
        match $crate::store::db::Conn::raw($conn).await {
            Ok($crate::store::db::Raw::Sqlite($raw)) => {
                type Engine = sqlx::Sqlite;
                $run.map_err($crate::store::db::DbError::from)
            }
            Ok($crate::store::db::Raw::Postgres($raw)) => {
                type Engine = sqlx::Postgres;
                $run.map_err($crate::store::db::DbError::from)
            }
            Err(error) => Err(error),
        }
    };
}
pub(crate) use {on_engine, sql};

/// What a write unit works on. Bells ring only once it has been committed.
pub struct Tx {
    conn: Conn,
    bells: Vec<Bell>,
}

impl Tx {
    /// Tells readers and workers that something changed, after the commit.
    pub fn ring(&mut self, bell: Bell) {
        if !self.bells.contains(&bell) {
            self.bells.push(bell);
        }
    }

    /// Sends what waits, and with it the words that end the unit on SQLite.
    async fn end(&mut self, words: &'static str) -> Result<(), DbError> {
        match &mut self.conn {
            Conn::SqliteWriter(conn, later) => later.send(conn, Some(words)).await,
            Conn::SqliteReader(_) | Conn::PostgresWriter(_) | Conn::PostgresReader(_) => Ok(()),
        }
    }

    /// Forgets what a failed unit wanted: bells from `kept` on, and statements that wait.
    fn forget(&mut self, kept: usize) {
        self.bells.truncate(kept);
        if let Some(later) = self.conn.later() {
            later.clear();
        }
    }
}

impl Deref for Tx {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}

/// The future of a write unit; made by `Box::pin(async move { … })`.
pub type UnitFuture<'t, T, E> = BoxFuture<'t, Result<T, E>>;

/// A waiting write unit on SQLite, its types forgotten.
trait Unit: Send {
    /// Runs it and ends it with these words; true: it has kept what it wrote.
    fn run<'t>(&'t mut self, tx: &'t mut Tx, end: &'static str) -> BoxFuture<'t, bool>;
    /// Answers the caller, after the commit or instead of it.
    fn finish(self: Box<Self>, outcome: Result<(), String>);
}

struct Pending<F, T, E> {
    unit: Option<F>,
    result: Option<Result<T, E>>,
    caller: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> Unit for Pending<F, T, E>
where
    F: for<'t> FnOnce(&'t mut Tx) -> UnitFuture<'t, T, E> + Send,
    T: Send,
    E: From<DbError> + Send,
{
    fn run<'t>(&'t mut self, tx: &'t mut Tx, end: &'static str) -> BoxFuture<'t, bool> {
        Box::pin(async move {
            let Some(unit) = self.unit.take() else { return false };
            let result = AssertUnwindSafe(unit(tx)).catch_unwind().await;
            let result = match result.unwrap_or_else(|_| Err(DbError::Panicked.into())) {
                Ok(value) => tx.end(end).await.map(|()| value).map_err(E::from),
                error => error,
            };
            let keep = result.is_ok();
            self.result = Some(result);
            keep
        })
    }

    fn finish(self: Box<Self>, outcome: Result<(), String>) {
        let answer = match (outcome, self.result) {
            (Err(why), Some(Ok(_)) | None) => Err(DbError::Unavailable(why).into()),
            (_, Some(result)) => result,
            (Ok(()), None) => Err(DbError::Panicked.into()),
        };
        // The caller may have gone; what was committed stays committed.
        let _ = self.caller.send(answer);
    }
}

enum Engine {
    Sqlite { readers: Readers, units: mpsc::Sender<Box<dyn Unit>>, file: PathBuf },
    Postgres { pool: PgPool, options: PgConnectOptions },
}

/// The database handle; cheap to clone.
#[derive(Clone)]
pub struct Db {
    engine: Arc<Engine>,
    bells: Bells,
    gate: Option<Arc<dyn Gate>>,
}

impl Db {
    /// Opens `sqlite:PATH` or `postgres://…`; see [`Db::migrate`] for the tables.
    pub async fn open(url: &str, connections: u32, bells: Bells) -> Result<Self, DbError> {
        if url.starts_with("sqlite:") {
            Self::open_sqlite(url, connections, bells).await
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let options = PgConnectOptions::from_str(url)?.disable_statement_logging();
            // Asked before every use, whether it lives, a connection would cost a way to the server each time.
            let pool = PgPoolOptions::new().test_before_acquire(false).before_acquire(|conn, meta| {
                Box::pin(async move {
                    if meta.idle_for > IDLE {
                        conn.ping().await?;
                    }
                    Ok(true)
                })
            });
            let pool = pool.max_connections(connections.max(2)).acquire_timeout(ACQUIRE);
            let pool = match pool.connect_with(options.clone()).await {
                Err(sqlx::Error::PoolTimedOut) => {
                    return Err(unreachable(&options, &try_once(&options).await));
                }
                pool => pool?,
            };
            Ok(Self { engine: Arc::new(Engine::Postgres { pool, options }), bells, gate: None })
        } else {
            Err(DbError::Refused("a database URL begins with sqlite: or postgres://".to_owned()))
        }
    }

    async fn open_sqlite(url: &str, connections: u32, bells: Bells) -> Result<Self, DbError> {
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(10))
            .foreign_keys(true)
            .disable_statement_logging();
        // Pages that every turn touches are written back once in a while, not every few turns; and the writer, whose
        // pages nobody else changes, keeps more of them.
        let writing = options.clone().pragma("wal_autocheckpoint", "4000").pragma("cache_size", "-8000");
        let writer = writing.connect().await?;
        let readers = Readers::new(options.clone().create_if_missing(false), connections);
        let (units, queue) = mpsc::channel(1024);
        #[expect(
            clippy::disallowed_methods,
            reason = "the writer lives as long as the handles that feed it"
        )]
        tokio::spawn(write_sqlite(writer, queue, bells.clone()));
        let file = options.get_filename().to_owned();
        Ok(Self { engine: Arc::new(Engine::Sqlite { readers, units, file }), bells, gate: None })
    }

    /// The same database behind a gate; without one, which is how the product runs, nothing is asked.
    pub fn behind(self, gate: Arc<dyn Gate>) -> Self {
        Self { gate: Some(gate), ..self }
    }

    /// Why the database does not answer, as a connection of its own finds it; `None`: it does answer.
    pub async fn trouble(&self) -> Option<DbError> {
        match &*self.engine {
            Engine::Sqlite { .. } => None,
            Engine::Postgres { options, .. } => match try_once(options).await {
                Ok(()) => None,
                outcome => Some(unreachable(options, &outcome)),
            },
        }
    }

    pub fn bells(&self) -> &Bells {
        &self.bells
    }

    pub fn is_sqlite(&self) -> bool {
        self.sqlite_file().is_some()
    }

    /// `None` on PostgreSQL.
    pub fn sqlite_file(&self) -> Option<&Path> {
        match &*self.engine {
            Engine::Sqlite { file, .. } => Some(file),
            Engine::Postgres { .. } => None,
        }
    }

    /// Writes, though nothing that anybody reads: an error where the disk is full or the server takes no writes.
    pub async fn try_writing(&self) -> Result<(), DbError> {
        self.write(|tx| {
            Box::pin(async move {
                // SQLite writes the page of a value that nobody uses; PostgreSQL notes a transaction.
                let text = tx.pick("PRAGMA user_version = 0", "SELECT txid_current()");
                sql!(tx, execute, text).map(|_| ())
            })
        })
        .await
    }

    /// A connection to read from. It sees what was committed when each statement begins.
    #[track_caller]
    pub fn read(&self) -> impl Future<Output = Result<Conn, DbError>> + Send {
        let place = Location::caller();
        async move {
            if let Some(gate) = &self.gate {
                gate.read(place).await?;
            }
            Ok(match &*self.engine {
                Engine::Sqlite { readers, .. } => Conn::SqliteReader(readers.acquire().await?),
                Engine::Postgres { pool, options } => {
                    Conn::PostgresReader(pool.acquire().await.map_err(|error| from_pool(options, error))?)
                }
            })
        }
    }

    /// The one way to write: all of the unit or nothing. It awaits nothing but `tx`; an `Err` rolls it back.
    ///
    /// On SQLite several waiting units may share a commit, each in a savepoint of its own.
    #[track_caller]
    pub fn write<T, E, F>(&self, unit: F) -> impl Future<Output = Result<T, E>> + Send
    where
        F: for<'t> FnOnce(&'t mut Tx) -> UnitFuture<'t, T, E> + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let place = Location::caller();
        async move {
            let Some(gate) = &self.gate else { return self.run(unit).await };
            gate.write(place).await?;
            let kept = self.run(unit).await?;
            gate.committed(place).await?;
            Ok(kept)
        }
    }

    async fn run<T, E, F>(&self, unit: F) -> Result<T, E>
    where
        F: for<'t> FnOnce(&'t mut Tx) -> UnitFuture<'t, T, E> + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        match &*self.engine {
            Engine::Sqlite { units, .. } => {
                let (caller, answer) = oneshot::channel();
                let pending = Box::new(Pending { unit: Some(unit), result: None, caller });
                let gone = || DbError::Unavailable("the writer has stopped".to_owned());
                units.send(pending).await.map_err(|_| gone())?;
                answer.await.map_err(|_| gone())?
            }
            Engine::Postgres { pool, options } => {
                let tx = pool.begin().await.map_err(|error| from_pool(options, error))?;
                let mut tx = Tx { conn: Conn::PostgresWriter(tx), bells: Vec::new() };
                let value = unit(&mut tx).await?;
                if let Conn::PostgresWriter(inner) = tx.conn {
                    inner.commit().await.map_err(DbError::from)?;
                }
                self.bells.ring_all(tx.bells);
                Ok(value)
            }
        }
    }
}

/// A connection of its own, within the time that a person or a load balancer waits.
async fn try_once(options: &PgConnectOptions) -> Result<(), String> {
    match timeout(GLANCE, options.connect()).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err(format!("no answer within {} s", GLANCE.as_secs())),
    }
}

/// Where the server is, without user and password, and what keeps us from it.
fn unreachable(options: &PgConnectOptions, outcome: &Result<(), String>) -> DbError {
    let host = match options.get_socket() {
        Some(socket) => socket.display().to_string(),
        None => options.get_host().to_owned(),
    };
    let (port, name) = (options.get_port(), options.get_database().unwrap_or("that of the user's name"));
    let why = outcome.as_ref().err().map_or("all connections are in use", String::as_str);
    DbError::Unavailable(format!("PostgreSQL at {host} port {port}, database {name}: {why}"))
}

fn from_pool(options: &PgConnectOptions, error: sqlx::Error) -> DbError {
    match error {
        sqlx::Error::PoolTimedOut => {
            let why = format!("no connection within {} s", ACQUIRE.as_secs());
            unreachable(options, &Err(why))
        }
        error => DbError::from(error),
    }
}

/// SQLite's one writer: takes what waits, runs it in one transaction, commits, and answers.
async fn write_sqlite(writer: SqliteConnection, mut queue: mpsc::Receiver<Box<dyn Unit>>, bells: Bells) {
    let mut tx = Tx { conn: Conn::SqliteWriter(writer, Later::default()), bells: Vec::new() };
    while let Some(first) = queue.recv().await {
        let mut batch = vec![first];
        while batch.len() < UNITS_PER_COMMIT
            && let Ok(unit) = queue.try_recv()
        {
            batch.push(unit);
        }
        let outcome = commit_batch(&mut tx, &mut batch).await;
        let rung = std::mem::take(&mut tx.bells);
        match &outcome {
            Ok(()) => bells.ring_all(rung),
            Err(error) => {
                tracing::error!(%error, units = batch.len(), "a commit failed");
                tx.forget(0);
                let _ = sql!(&mut tx, execute, "ROLLBACK");
            }
        }
        let outcome = outcome.map_err(|error| error.to_string());
        for unit in batch {
            unit.finish(outcome.clone());
        }
    }
}

/// Every statement is a way to SQLite's thread and back, so what belongs together goes together.
async fn commit_batch(tx: &mut Tx, batch: &mut [Box<dyn Unit>]) -> Result<(), DbError> {
    if let [unit] = batch {
        // Alone it needs no savepoint.
        sql!(tx, execute, "BEGIN IMMEDIATE")?;
        if !unit.run(tx, "COMMIT").await {
            tx.forget(0);
            sql!(tx, execute, "ROLLBACK")?;
        }
        return Ok(());
    }
    sql!(tx, execute, "BEGIN IMMEDIATE; SAVEPOINT unit")?;
    let last = batch.len() - 1;
    for (place, unit) in batch.iter_mut().enumerate() {
        let bells = tx.bells.len();
        let end = if place < last { "RELEASE unit; SAVEPOINT unit" } else { "RELEASE unit; COMMIT" };
        if !unit.run(tx, end).await {
            tx.forget(bells);
            // The savepoint itself stays, for the next one. If it was the commit that failed there is none any more:
            // this fails, too, and with it the whole batch.
            sql!(
                tx,
                execute,
                if place < last { "ROLLBACK TO unit" } else { "ROLLBACK TO unit; RELEASE unit; COMMIT" }
            )?;
        }
    }
    Ok(())
}
