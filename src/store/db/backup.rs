//! A consistent copy of a SQLite database that may be in use. It writes nothing into the database, and over no file.

use super::DbError;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
pub enum BackupProblem {
    #[error(
        "only SQLite is copied this way; for PostgreSQL use its own tool: pg_dump --format=custom --file={path} \
         \"$DATABASE_URL\""
    )]
    NotSqlite { path: String },
    #[error("{path} exists already; name another file")]
    Exists { path: String },
    #[error("{path}: {error}")]
    File { path: String, error: io::Error },
    #[error("the copy is damaged and was removed: {0}")]
    Damaged(String),
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Copies the database of `url` to the new file `to`, as it stands at one moment, and gives the copy's size in bytes.
/// Once it returns, the copy is on the disk; until then there is no file of that name with anything in it.
pub async fn backup(url: &str, to: &Path) -> Result<u64, BackupProblem> {
    let path = to.display().to_string();
    if !url.starts_with("sqlite:") {
        return Err(BackupProblem::NotSqlite { path });
    }
    let options = SqliteConnectOptions::from_str(url).map_err(DbError::from)?;
    let options = options.create_if_missing(false).busy_timeout(Duration::from_secs(10));
    let mut source = options.disable_statement_logging().connect().await.map_err(DbError::from)?;
    // Both names are taken before anything is written: nobody else's file is ever in the way.
    let place = Reserved::take(to)?;
    let begun = Reserved::take(&beside(to))?;
    copy(&mut source, &begun.path).await?;
    source.close().await.map_err(DbError::from)?;
    check(&begun.path).await?;
    let size = begun.settle(&place)?;
    place.keep();
    Ok(size)
}

/// Where the copy stands until it is whole.
fn beside(to: &Path) -> PathBuf {
    let mut name = to.as_os_str().to_owned();
    name.push(".partial");
    name.into()
}

async fn copy(source: &mut SqliteConnection, to: &Path) -> Result<(), BackupProblem> {
    let Some(text) = to.to_str() else {
        let error = io::Error::new(io::ErrorKind::InvalidInput, "the name is not UTF-8");
        return Err(BackupProblem::File { path: to.display().to_string(), error });
    };
    // One read transaction: writers go on meanwhile, and the copy does not see what they do.
    sqlx::query("VACUUM INTO $1").bind(text).execute(source).await.map_err(DbError::from)?;
    Ok(())
}

async fn check(copy: &Path) -> Result<(), BackupProblem> {
    let options = SqliteConnectOptions::new().filename(copy).read_only(true).immutable(true);
    let mut conn = options.disable_statement_logging().connect().await.map_err(DbError::from)?;
    let told: String =
        sqlx::query_scalar("PRAGMA quick_check(1)").fetch_one(&mut conn).await.map_err(DbError::from)?;
    conn.close().await.map_err(DbError::from)?;
    if told == "ok" { Ok(()) } else { Err(BackupProblem::Damaged(told)) }
}

/// A file of ours, empty at first; removed unless it is kept.
struct Reserved {
    path: PathBuf,
    kept: bool,
}

impl Reserved {
    fn take(path: &Path) -> Result<Self, BackupProblem> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        // What guests write is for its owner alone.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let shown = path.display().to_string();
        match options.open(path) {
            Ok(_) => Ok(Self { path: path.to_owned(), kept: false }),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Err(BackupProblem::Exists { path: shown })
            }
            Err(error) => Err(BackupProblem::File { path: shown, error }),
        }
    }

    /// Puts it, whole and on the disk, in the other's place.
    fn settle(mut self, place: &Self) -> Result<u64, BackupProblem> {
        let settled = || -> io::Result<u64> {
            let file = File::open(&self.path)?;
            file.sync_all()?;
            fs::rename(&self.path, &place.path)?;
            let folder = place.path.parent().filter(|folder| !folder.as_os_str().is_empty());
            File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
            Ok(file.metadata()?.len())
        };
        let size = settled()
            .map_err(|error| BackupProblem::File { path: self.path.display().to_string(), error })?;
        self.kept = true;
        Ok(size)
    }

    fn keep(mut self) {
        self.kept = true;
    }
}

impl Drop for Reserved {
    fn drop(&mut self) {
        if !self.kept {
            // What cannot be removed is empty or only half a copy, and was told as a failure.
            let _ = fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Bells, Db};

    #[tokio::test]
    async fn a_file_that_exists_is_not_touched_and_nothing_half_done_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("bellhop.db"), folder.path().join("copy.db"));
        let url = format!("sqlite:{}", from.display());
        let missing = backup(&url, &to).await;
        assert!(matches!(missing, Err(BackupProblem::Db(_))), "{missing:?}");
        assert!(!from.exists() && !to.exists(), "a wrong address makes no new database");
        Db::open(&url, 1, Bells::new()).await.unwrap().migrate().await.unwrap();
        fs::write(&to, "mine").unwrap();
        assert!(matches!(backup(&url, &to).await, Err(BackupProblem::Exists { .. })));
        assert_eq!(fs::read_to_string(&to).unwrap(), "mine");
        fs::remove_file(&to).unwrap();
        fs::write(beside(&to), "mine").unwrap();
        assert!(matches!(backup(&url, &to).await, Err(BackupProblem::Exists { .. })));
        assert!(!to.exists(), "what was reserved is given back");
        fs::remove_file(beside(&to)).unwrap();
        let size = backup(&url, &to).await.unwrap();
        assert_eq!(fs::metadata(&to).unwrap().len(), size);
        assert!(!beside(&to).exists());
    }

    #[tokio::test]
    async fn postgresql_is_left_to_its_own_tool() {
        let told = backup("postgres://hotel:secret@db.example/bellhop", Path::new("copy.db")).await;
        let told = told.unwrap_err().to_string();
        assert!(
            told.contains("pg_dump --format=custom --file=copy.db") && !told.contains("secret"),
            "{told}"
        );
    }
}
