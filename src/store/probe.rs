//! What measuring needs of a database: how fast it commits at all, what it holds, a schema of its own. No guest is served by
//! it, and it must touch nothing that it did not make.

use super::db::{Conn, DbError, sql};
use futures_util::future::try_join_all;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection};
use std::str::FromStr;
use std::time::{Duration, Instant};

/// Commits that SQLite is given at once, so that the way to its thread does not count.
const TOGETHER: usize = 64;

/// Commits per second of one small row each, with the durability that [`super::Db::open`] uses: by one connection on SQLite,
/// where only one can write, by `clients` on PostgreSQL.
pub async fn commit_rate(url: &str, clients: u32, how_long: Duration) -> Result<f64, DbError> {
    if url.starts_with("sqlite:") {
        return commit_rate_sqlite(url, how_long).await;
    }
    let options = PgConnectOptions::from_str(url)?.disable_statement_logging();
    let mut first = options.connect().await?;
    first.execute("CREATE TABLE IF NOT EXISTS probe (id BIGSERIAL PRIMARY KEY, words TEXT)").await?;
    let begun = Instant::now();
    let client = |options: PgConnectOptions| async move {
        let mut conn = options.connect().await?;
        let begun = Instant::now();
        let mut done = 0_u32;
        while begun.elapsed() < how_long {
            sqlx::query("INSERT INTO probe (words) VALUES ($1)").bind(WORDS).execute(&mut conn).await?;
            done += 1;
        }
        let rate = f64::from(done) / begun.elapsed().as_secs_f64();
        conn.close().await?;
        Ok::<_, sqlx::Error>(rate)
    };
    let rates = try_join_all((0..clients.clamp(1, 64)).map(|_| client(options.clone()))).await?;
    tracing::debug!(seconds = begun.elapsed().as_secs_f64(), "bare commits were measured");
    first.execute("DROP TABLE probe").await?;
    first.close().await?;
    Ok(rates.iter().sum())
}

const WORDS: &str = "some forty letters of nobody in particular";

async fn commit_rate_sqlite(url: &str, how_long: Duration) -> Result<f64, DbError> {
    let mut conn = SqliteConnectOptions::from_str(url)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .disable_statement_logging()
        .connect()
        .await?;
    conn.execute("CREATE TABLE IF NOT EXISTS probe (id INTEGER PRIMARY KEY, words TEXT)").await?;
    let one = format!("INSERT INTO probe (words) VALUES ('{WORDS}');");
    let (many, begun) = (one.repeat(TOGETHER), Instant::now());
    let mut done = 0_usize;
    while begun.elapsed() < how_long {
        sqlx::raw_sql(AssertSqlSafe(many.as_str())).execute(&mut conn).await?;
        done += TOGETHER;
    }
    let rate = done as f64 / begun.elapsed().as_secs_f64();
    conn.execute("DROP TABLE probe").await?;
    conn.close().await?;
    Ok(rate)
}

/// Refuses a PostgreSQL that may forget what it has acknowledged: figures without durability compare with nothing.
pub async fn must_be_durable(url: &str) -> Result<(), DbError> {
    let mut conn = PgConnection::connect(url).await?;
    let off: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes') AND setting \
         NOT IN ('on', 'local', 'remote_write', 'remote_apply') ORDER BY name",
    )
    .fetch_all(&mut conn)
    .await?;
    conn.close().await?;
    match off.is_empty() {
        true => Ok(()),
        false => Err(DbError::Refused(format!("{} must be on to measure it", off.join(" and ")))),
    }
}

/// Makes a schema of this name and gives a URL whose tables are in it.
pub async fn make_schema(url: &str, name: &str) -> Result<String, DbError> {
    let mut conn = PgConnection::connect(url).await?;
    conn.execute(sqlx::raw_sql(AssertSqlSafe(format!("CREATE SCHEMA {name}")))).await?;
    conn.close().await?;
    let mark = if url.contains('?') { '&' } else { '?' };
    Ok(format!("{url}{mark}options=-c%20search_path%3D{name}"))
}

/// Drops a schema that [`make_schema`] made, with all that is in it.
pub async fn drop_schema(url: &str, name: &str) -> Result<(), DbError> {
    let mut conn = PgConnection::connect(url).await?;
    conn.execute(sqlx::raw_sql(AssertSqlSafe(format!("DROP SCHEMA {name} CASCADE")))).await?;
    conn.close().await?;
    Ok(())
}

/// What a database holds, counted to be compared with what a load has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Tally {
    pub guest_messages: i64,
    pub bot_messages: i64,
    /// Conversations with a guest message that the bot has not answered and staff do not have.
    pub unanswered: i64,
    pub turns_due: i64,
    /// Rows of the outbox that wait or are being sent, and those that were sent.
    pub sending: i64,
    pub sent: i64,
    /// Effects that succeeded.
    pub effects_done: i64,
    /// Turns that Bellhop answered in the place of a model.
    pub in_place_of_model: i64,
}

/// Counts everything; slow on purpose on a large database.
pub async fn tally(conn: &mut Conn) -> Result<Tally, DbError> {
    sql!(
        conn,
        one Tally,
        "SELECT (SELECT COUNT(*) FROM messages WHERE author = 'guest') AS guest_messages,
             (SELECT COUNT(*) FROM messages WHERE author = 'bot') AS bot_messages,
             (SELECT COUNT(*) FROM conversations WHERE guest_seq > answered_seq AND status IN ('bot', 'waiting'))
                 AS unanswered,
             (SELECT COUNT(*) FROM conversations WHERE turn_due_at IS NOT NULL) AS turns_due,
             (SELECT COUNT(*) FROM outbox WHERE due_at IS NOT NULL) AS sending,
             (SELECT COUNT(*) FROM outbox WHERE state = 'sent') AS sent,
             (SELECT COUNT(*) FROM effects WHERE state = 'succeeded') AS effects_done,
             (SELECT COUNT(*) FROM decisions WHERE kind = 'turn' AND CAST(body AS TEXT) LIKE '%instead_of%')
                 AS in_place_of_model"
    )
}
