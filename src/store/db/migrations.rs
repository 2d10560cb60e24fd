//! Migrations: which the program knows, which the database has. They only add, so an older program runs on newer tables.

use super::{Db, DbError, Engine, sql};
use sqlx::migrate::{Migration, Migrator};
use std::collections::HashMap;

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

impl Db {
    /// Brings the tables up to date. Migrations of a newer program that were applied before are left alone.
    pub async fn migrate(&self) -> Result<(), DbError> {
        let mut migrator = Migrator::with_migrations(self.known().iter().cloned().collect());
        migrator.set_ignore_missing(true);
        let done = match &*self.engine {
            Engine::Sqlite { readers, .. } => migrator.run(&mut *readers.acquire().await?).await,
            Engine::Postgres { pool, .. } => migrator.run(pool).await,
        };
        done.map_err(|error| DbError::Schema(format!("the migration failed: {error}")))
    }

    /// How many migrations this program knows and the database lacks. [`DbError::Schema`] when one was applied whose
    /// text was another.
    pub async fn pending_migrations(&self) -> Result<usize, DbError> {
        let mut conn = self.read().await?;
        let text = "SELECT version, checksum FROM _sqlx_migrations WHERE success";
        let applied = match sql!(&mut conn, all(i64, Vec<u8>), text) {
            Ok(rows) => rows,
            // The table itself is missing: nothing has been applied.
            Err(DbError::Refused(_)) => Vec::new(),
            Err(error) => return Err(error),
        };
        pending(self.known().iter(), applied.into_iter().collect())
    }

    fn known(&self) -> &'static Migrator {
        match &*self.engine {
            Engine::Sqlite { .. } => &SQLITE,
            Engine::Postgres { .. } => &POSTGRES,
        }
    }
}

fn pending<'m>(
    known: impl Iterator<Item = &'m Migration>,
    applied: HashMap<i64, Vec<u8>>,
) -> Result<usize, DbError> {
    let mut pending = 0;
    for migration in known {
        match applied.get(&migration.version) {
            None => pending += 1,
            Some(checksum) if *checksum == *migration.checksum => {}
            Some(_) => {
                let (version, name) = (migration.version, &migration.description);
                let why =
                    format!("migration {version} ({name}) was applied with another text than this program's");
                return Err(DbError::Schema(why));
            }
        }
    }
    Ok(pending)
}

#[cfg(test)]
mod tests {
    use super::super::One;
    use super::*;
    use crate::store::{Bells, testing};

    async fn change(db: &Db, text: &'static str) {
        let unit = db.write(move |tx| Box::pin(async move { sql!(tx, execute, text) }));
        assert_eq!(unit.await.unwrap(), 1);
    }

    #[tokio::test]
    async fn an_empty_database_lacks_all_and_lacks_none_once_it_is_migrated() {
        testing::both_urls(|url| async move {
            let db = Db::open(&url, 2, Bells::new()).await.unwrap();
            assert_eq!(db.pending_migrations().await, Ok(db.known().iter().count()));
            db.migrate().await.unwrap();
            assert_eq!(db.pending_migrations().await, Ok(0));
        })
        .await;
    }

    #[tokio::test]
    async fn a_newer_programs_migration_is_none_of_ours() {
        testing::both(|db| async move {
            change(
                &db,
                "INSERT INTO _sqlx_migrations (version, description, installed_on, success, checksum, execution_time) \
                 SELECT 900000, 'of a newer program', installed_on, success, checksum, 1 FROM _sqlx_migrations \
                 WHERE version = 1",
            )
            .await;
            assert_eq!(db.pending_migrations().await, Ok(0));
            db.migrate().await.unwrap();
            change(&db, "DELETE FROM _sqlx_migrations WHERE version = 1").await;
            assert_eq!(db.pending_migrations().await, Ok(1), "one more does not make up for one that is missing");
        })
        .await;
    }

    #[tokio::test]
    async fn a_migration_with_another_text_is_refused() {
        testing::both(|db| async move {
            let mut conn = db.read().await.unwrap();
            let text = "SELECT checksum FROM _sqlx_migrations WHERE version = 1";
            let (other,) = sql!(&mut conn, one One<Vec<u8>>, text).unwrap();
            drop(conn);
            let other: Vec<u8> = other.iter().map(|byte| !byte).collect();
            let unit = db.write(move |tx| {
                Box::pin(async move {
                    sql!(tx, execute, "UPDATE _sqlx_migrations SET checksum = $1 WHERE version = 1", other)
                })
            });
            assert_eq!(unit.await.unwrap(), 1);
            assert!(matches!(db.pending_migrations().await, Err(DbError::Schema(why)) if why.contains("migration 1 ")));
            assert!(matches!(db.migrate().await, Err(DbError::Schema(_))));
        })
        .await;
    }
}
