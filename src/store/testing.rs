//! For tests alone: runs one body on a fresh SQLite file and on a fresh PostgreSQL schema. Keeps nothing afterwards.
//!
//! Unit tests use it as `crate::store::testing`; `tests/it` includes the file by its path, hence `bellhop::` below.

use bellhop::clock::Clock;
use bellhop::domain::ids::PropertyId;
use bellhop::store::{Bells, Db};
use futures_util::FutureExt;
use sqlx::Connection;
use std::panic::AssertUnwindSafe;

/// Runs `body` on both engines, each with an empty, migrated database.
pub async fn both<F, Fut>(body: F)
where
    F: Fn(Db) -> Fut,
    Fut: Future<Output = ()>,
{
    let body = &body;
    both_urls(|url| async move {
        let db = Db::open(&url, 8, Bells::new()).await.expect("the test database opens");
        db.migrate().await.expect("the migrations run");
        body(db).await;
    })
    .await;
}

/// The same with the URL of an empty database that has no tables yet, for tests that start processes.
pub async fn both_urls<F, Fut>(body: F)
where
    F: Fn(String) -> Fut,
    Fut: Future<Output = ()>,
{
    let folder = tempfile::tempdir().expect("a folder for SQLite");
    eprintln!("on SQLite");
    body(format!("sqlite:{}", folder.path().join("test.db").display())).await;

    eprintln!("on PostgreSQL");
    let server = postgres_url();
    let schema = format!("t_{}", Clock::system().id::<PropertyId>().0.as_simple());
    command(&server, format!("CREATE SCHEMA {schema}")).await;
    let mark = if server.contains('?') { '&' } else { '?' };
    let url = format!("{server}{mark}options=-c%20search_path%3D{schema}");
    let outcome = AssertUnwindSafe(body(url)).catch_unwind().await;
    command(&server, format!("DROP SCHEMA {schema} CASCADE")).await;
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests take their server from the environment; the product does not"
)]
fn postgres_url() -> String {
    std::env::var("BELLHOP_TEST_POSTGRES_URL").expect(
        "BELLHOP_TEST_POSTGRES_URL is not set: run ./scripts/test, or export it from the output of `scripts/postgres start`",
    )
}

async fn command(server: &str, text: String) {
    let mut conn = sqlx::PgConnection::connect(server).await.expect("the PostgreSQL server answers");
    sqlx::raw_sql(sqlx::AssertSqlSafe(text)).execute(&mut conn).await.expect("the schema command runs");
    conn.close().await.expect("the connection closes");
}
