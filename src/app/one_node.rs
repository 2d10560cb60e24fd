//! SQLite is for one node: whoever serves a file holds the lock beside it until the process ends. The database's own
//! file stays alone, for SQLite's locks on it would not outlive a second handle.

use super::{Role, StartProblem};
use crate::clock::Clock;
use crate::store::{Db, DbError, leases};
use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

/// The lock; the process that ends, however it ends, gives it up.
pub(super) struct Alone(#[expect(dead_code, reason = "open, it holds the lock")] File);

/// On SQLite, makes sure that this process is the only node, and ends the leases of the one before it. On PostgreSQL
/// there is nothing to make sure of.
pub(super) async fn take(db: &Db, clock: &Clock, role: Role) -> Result<Option<Alone>, StartProblem> {
    let Some(file) = db.sqlite_file() else { return Ok(None) };
    // One that only shows what is there has its use after a restore; one that shows nothing has none.
    if role == Role::Worker {
        return Err(StartProblem::RoleNeedsPostgres);
    }
    let alone = lock(file)?;
    let now = clock.now();
    let ended =
        db.write::<_, DbError, _>(move |tx| Box::pin(async move { leases::end_all(tx, now).await })).await?;
    if ended > 0 {
        tracing::info!(ended, "the process before this one left work in the middle; it is taken up again");
    }
    Ok(Some(alone))
}

fn lock(file: &Path) -> Result<Alone, StartProblem> {
    let mut path = file.as_os_str().to_owned();
    path.push("-node");
    let opened = OpenOptions::new().write(true).create(true).truncate(false).open(&path);
    let locked = opened.map_err(TryLockError::Error).and_then(|file| file.try_lock().map(|()| Alone(file)));
    locked.map_err(|error| match error {
        TryLockError::WouldBlock => StartProblem::Taken { file: file.display().to_string() },
        TryLockError::Error(why) => StartProblem::Lock { file: Path::new(&path).display().to_string(), why },
    })
}
