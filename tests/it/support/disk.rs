//! What lies in the database, all of it as text: for stories about what must never be written down.

use sqlx::{AssertSqlSafe, Connection, PgConnection, Row, SqliteConnection};

/// Every value of every row of every table.
pub async fn everything(url: &str) -> String {
    if url.starts_with("sqlite:") { sqlite(url).await } else { postgres(url).await }
}

async fn sqlite(url: &str) -> String {
    let mut conn = SqliteConnection::connect(url).await.unwrap();
    let tables =
        sqlx::query("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
    let mut all = String::new();
    for table in tables.fetch_all(&mut conn).await.unwrap() {
        let table: String = table.get(0);
        let columns = format!("SELECT name FROM pragma_table_info('{table}')");
        let columns = sqlx::query(AssertSqlSafe(columns)).fetch_all(&mut conn).await.unwrap();
        let values: Vec<String> =
            columns.iter().map(|row| format!("quote(\"{}\")", row.get::<String, _>(0))).collect();
        let rows = format!("SELECT {} FROM \"{table}\"", values.join(" || ' ' || "));
        for row in sqlx::query(AssertSqlSafe(rows)).fetch_all(&mut conn).await.unwrap() {
            all += &line(&table, &row.get::<String, _>(0));
        }
    }
    conn.close().await.unwrap();
    all
}

async fn postgres(url: &str) -> String {
    let mut conn = PgConnection::connect(url).await.unwrap();
    let tables = sqlx::query("SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()");
    let mut all = String::new();
    for table in tables.fetch_all(&mut conn).await.unwrap() {
        let table: String = table.get(0);
        let rows = format!("SELECT CAST(t AS TEXT) FROM \"{table}\" t");
        for row in sqlx::query(AssertSqlSafe(rows)).fetch_all(&mut conn).await.unwrap() {
            all += &line(&table, &row.get::<String, _>(0));
        }
    }
    conn.close().await.unwrap();
    all
}

fn line(table: &str, row: &str) -> String {
    format!("{table}: {}\n", row.replace('\n', "\\n"))
}

/// The rows of one table.
pub async fn rows(url: &str, table: &str) -> Vec<String> {
    let prefix = format!("{table}: ");
    let all = everything(url).await;
    all.lines().filter(|line| line.starts_with(&prefix)).map(str::to_owned).collect()
}
