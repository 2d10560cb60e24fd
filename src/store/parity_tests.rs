//! Both engines have the same tables, columns, nullability, keys and unique indexes, but for the names of types.

use super::db::{Conn, sql};
use super::testing::both;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

#[derive(sqlx::FromRow)]
struct ColumnRow {
    in_table: String,
    name: String,
    kind: String,
    required: bool,
}

/// A line of an index: `unique` with its name, and one of its columns.
#[derive(sqlx::FromRow)]
struct IndexRow {
    in_table: String,
    index_name: String,
    column_name: String,
    is_unique: bool,
    is_partial: bool,
}

#[derive(sqlx::FromRow)]
struct KeyRow {
    in_table: String,
    column_name: String,
    refers_to: String,
}

/// What is compared: all of it in one readable list.
type Schema = BTreeSet<String>;

// The catalogues of the two engines have nothing in common; every text here exists twice. What the search box uses is each
// engine's own and left out.
async fn columns(conn: &mut Conn) -> Vec<ColumnRow> {
    let text = conn.pick(
        "SELECT m.name AS in_table, c.name AS name, c.type AS kind, c.\"notnull\" = 1 AS required
         FROM sqlite_schema m JOIN pragma_table_info(m.name) c
         WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> '_sqlx_migrations'
             AND m.name NOT LIKE 'conversation_search%'",
        "SELECT CAST(table_name AS TEXT) AS in_table, CAST(column_name AS TEXT) AS name,
             CAST(data_type AS TEXT) AS kind, is_nullable = 'NO' AS required
         FROM information_schema.columns
         WHERE table_schema = current_schema() AND table_name <> '_sqlx_migrations'
             AND table_name NOT LIKE 'conversation_search%'",
    );
    sql!(conn, all ColumnRow, text).unwrap()
}

async fn indexes(conn: &mut Conn) -> Vec<IndexRow> {
    let text = conn.pick(
        "SELECT m.name AS in_table, i.name AS index_name, c.name AS column_name, i.\"unique\" = 1 AS is_unique,
             i.partial = 1 AS is_partial
         FROM sqlite_schema m JOIN pragma_index_list(m.name) i JOIN pragma_index_info(i.name) c
         WHERE m.type = 'table' AND m.name <> '_sqlx_migrations' AND m.name NOT LIKE 'conversation_search%'
         ORDER BY m.name, i.name, c.seqno",
        "SELECT CAST(t.relname AS TEXT) AS in_table, CAST(i.relname AS TEXT) AS index_name,
             CAST(a.attname AS TEXT) AS column_name, x.indisunique AS is_unique, x.indpred IS NOT NULL AS is_partial
         FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
         JOIN pg_namespace n ON n.oid = t.relnamespace
         CROSS JOIN LATERAL unnest(CAST(x.indkey AS SMALLINT[])) WITH ORDINALITY AS k(attnum, place)
         JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum
         WHERE n.nspname = current_schema() AND t.relname <> '_sqlx_migrations'
             AND t.relname NOT LIKE 'conversation_search%'
         ORDER BY t.relname, i.relname, k.place",
    );
    sql!(conn, all IndexRow, text).unwrap()
}

async fn foreign_keys(conn: &mut Conn) -> Vec<KeyRow> {
    let text = conn.pick(
        "SELECT m.name AS in_table, f.\"from\" AS column_name, f.\"table\" AS refers_to
         FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'",
        "SELECT CAST(t.relname AS TEXT) AS in_table, CAST(a.attname AS TEXT) AS column_name,
             CAST(r.relname AS TEXT) AS refers_to
         FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class r ON r.oid = c.confrelid
         JOIN pg_namespace n ON n.oid = t.relnamespace
         JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = c.conkey[1]
         WHERE c.contype = 'f' AND n.nspname = current_schema()",
    );
    sql!(conn, all KeyRow, text).unwrap()
}

/// The types of SQLite that may stand for one of PostgreSQL.
fn sqlite_type(postgres: &str) -> &str {
    match postgres {
        "uuid" | "bytea" => "BLOB",
        "jsonb" | "text" | "timestamp with time zone" | "date" | "time without time zone" => "TEXT",
        "bigint" => "BIGINT",
        "boolean" => "BOOLEAN",
        "double precision" => "REAL",
        other => other,
    }
}

async fn schema(conn: &mut Conn) -> Schema {
    let mut schema = Schema::new();
    for column in columns(conn).await {
        let ColumnRow { in_table, name, kind, required } = column;
        let kind = sqlite_type(&kind);
        schema.insert(format!("{in_table}.{name} {kind}{}", if required { " NOT NULL" } else { "" }));
    }
    // Names of constraints differ, so an index is known by its table and columns; a key of SQLite is a unique index.
    let mut by_index: BTreeMap<(String, String), (Vec<String>, bool, bool)> = BTreeMap::new();
    for row in indexes(conn).await {
        let entry = by_index.entry((row.in_table, row.index_name)).or_default();
        entry.0.push(row.column_name);
        (entry.1, entry.2) = (row.is_unique, row.is_partial);
    }
    for ((table, _), (columns, unique, partial)) in by_index {
        let unique = if unique { "UNIQUE " } else { "" };
        let partial = if partial { " WHERE …" } else { "" };
        schema.insert(format!("{table}: {unique}INDEX ({}){partial}", columns.join(", ")));
    }
    for key in foreign_keys(conn).await {
        schema.insert(format!("{}.{} REFERENCES {}", key.in_table, key.column_name, key.refers_to));
    }
    schema
}

#[tokio::test]
async fn both_engines_have_one_schema() {
    let seen: Mutex<Vec<Schema>> = Mutex::new(Vec::new());
    let seen = &seen;
    both(|db| async move {
        let schema = schema(&mut db.read().await.unwrap()).await;
        seen.lock().unwrap().push(schema);
    })
    .await;
    let seen = seen.lock().unwrap();
    let [sqlite, postgres] = seen.as_slice() else { panic!("two engines, not {}", seen.len()) };
    assert!(sqlite.contains("stays: UNIQUE INDEX (property_id, source, external_id)"), "{sqlite:#?}");
    assert!(sqlite.contains("stays.property_id REFERENCES properties"), "{sqlite:#?}");
    let only_sqlite: Vec<_> = sqlite.difference(postgres).collect();
    let only_postgres: Vec<_> = postgres.difference(sqlite).collect();
    assert_eq!((only_sqlite, only_postgres), (vec![], vec![]), "only SQLite, only PostgreSQL");
}
