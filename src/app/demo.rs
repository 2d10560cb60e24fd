//! The demo: one folder with database, key and logins, and one hotel in it. It must not touch what it did not make.

use super::App;
use super::people::{NewStaff, PeopleProblem, add_key, add_user};
use crate::config::Config;
use crate::domain::people::{Role, Scope};
use crate::lab::demo::{self, DemoError};
use crate::passwords;
use crate::secrets::{SecretKey, hash_token, random_key, random_password};
use crate::store::{DbError, people};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

const KEY: &str = "secret.key";
const LOGINS: &str = "logins.json";
const DATABASE: &str = "bellhop.db";
/// All that the demo ever writes; the last two are SQLite's, the one before them the lock of who serves it.
const OWN: &[&str] = &[KEY, LOGINS, DATABASE, "bellhop.db-node", "bellhop.db-wal", "bellhop.db-shm"];

/// Why the demo cannot run.
#[derive(Debug, thiserror::Error)]
pub enum DemoProblem {
    #[error("{path}: {error}")]
    Folder { path: String, error: io::Error },
    #[error(
        "{path} holds {other}, which is not the demo's, so nothing was removed; use another folder or empty it yourself"
    )]
    NotOurs { path: String, other: String },
    #[error("{path} cannot be read; start again with --reset to make a new one")]
    Unreadable { path: String },
    #[error(transparent)]
    Seed(#[from] DemoError),
    #[error(transparent)]
    People(#[from] PeopleProblem),
    #[error(transparent)]
    Db(#[from] DbError),
}

/// The demo's own folder.
#[derive(Debug, Clone)]
pub struct DemoFolder(PathBuf);

impl DemoFolder {
    /// Makes the folder where it is missing; with `reset`, empties it first if it holds nothing but the demo's files.
    pub fn open(path: &Path, reset: bool) -> Result<Self, DemoProblem> {
        let folder = Self(path.to_owned());
        if reset && path.exists() {
            folder.reset()?;
        }
        let mut maker = fs::DirBuilder::new();
        maker.recursive(true);
        // What guests write is for its owner alone.
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut maker, 0o700);
        maker.create(path).map_err(|error| folder.problem(path, error))?;
        Ok(folder)
    }

    fn reset(&self) -> Result<(), DemoProblem> {
        let entries = fs::read_dir(&self.0).and_then(Iterator::collect::<io::Result<Vec<_>>>);
        for entry in entries.map_err(|error| self.problem(&self.0, error))? {
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
            if !is_file || !OWN.contains(&name.as_str()) {
                return Err(DemoProblem::NotOurs { path: self.0.display().to_string(), other: name });
            }
        }
        for path in OWN.iter().map(|name| self.0.join(name)).filter(|path| path.exists()) {
            fs::remove_file(&path).map_err(|error| self.problem(&path, error))?;
        }
        Ok(())
    }

    /// Points a configuration at this folder. A key of the environment wins over the folder's.
    pub fn configure(&self, config: &mut Config) -> Result<(), DemoProblem> {
        let path = self.0.join(DATABASE).display().to_string();
        // In a URL these two mean something.
        let path = path.replace('%', "%25").replace('?', "%3F");
        config.database.url = format!("sqlite:{path}").into();
        if config.secret_key.expose_secret().is_empty() {
            config.secret_key = self.key()?;
        }
        Ok(())
    }

    /// The kept key, or a new one, which is kept.
    fn key(&self) -> Result<SecretString, DemoProblem> {
        if let Some(text) = self.read(KEY)? {
            return Ok(text.trim().to_owned().into());
        }
        let key = SecretKey::random().to_base64();
        self.keep(KEY, key.expose_secret())?;
        Ok(key)
    }

    fn logins(&self) -> Result<Option<Kept>, DemoProblem> {
        let path = || self.0.join(LOGINS).display().to_string();
        let read =
            |text: String| serde_json::from_str(&text).map_err(|_| DemoProblem::Unreadable { path: path() });
        self.read(LOGINS)?.map(read).transpose()
    }

    fn read(&self, name: &str) -> Result<Option<String>, DemoProblem> {
        let path = self.0.join(name);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.problem(&path, error)),
        }
    }

    /// Writes a file that its owner alone can read.
    fn keep(&self, name: &str, text: &str) -> Result<(), DemoProblem> {
        let path = self.0.join(name);
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let written = options.open(&path).and_then(|mut file| writeln!(file, "{text}"));
        written.map_err(|error| self.problem(&path, error))
    }

    fn problem(&self, path: &Path, error: io::Error) -> DemoProblem {
        DemoProblem::Folder { path: path.display().to_string(), error }
    }
}

/// What the folder keeps of the logins, so that every start can show them.
#[derive(Serialize, Deserialize)]
struct Kept {
    password: String,
    api_key: String,
}

/// What a visitor of the demo needs.
pub struct Logins {
    /// Mail address and role, and whether [`Logins::password`] still opens it.
    pub staff: Vec<(String, Role, bool)>,
    pub password: SecretString,
    pub api_key: SecretString,
    /// False: somebody has switched the key off.
    pub api_key_works: bool,
}

/// Makes the demo hotel and its logins where they are missing. A password of the environment is put in force; one
/// that somebody has changed since is otherwise left alone.
pub async fn prepare(app: &App, folder: &DemoFolder) -> Result<Logins, DemoProblem> {
    demo::seed(&app.db, &app.clock).await?;
    let kept = folder.logins()?;
    let choose = |given: &SecretString, kept: Option<String>, make: fn() -> SecretString| {
        let given = Some(given.expose_secret().to_owned()).filter(|text| !text.is_empty());
        given.or(kept).map_or_else(make, SecretString::from)
    };
    let (old_password, old_key) = kept.map_or((None, None), |kept| (Some(kept.password), Some(kept.api_key)));
    let given = &app.config.demo;
    let password = choose(&given.password, old_password, random_password);
    let api_key = choose(&given.api_key, old_key, random_key);
    let mut staff = Vec::new();
    for role in Role::ALL {
        staff.push(member(app, *role, &password).await?);
    }
    let api_key_works = put_key(app, &api_key).await?;
    let kept =
        Kept { password: password.expose_secret().to_owned(), api_key: api_key.expose_secret().to_owned() };
    folder.keep(LOGINS, &serde_json::json!(kept).to_string())?;
    Ok(Logins { staff, password, api_key, api_key_works })
}

async fn member(app: &App, role: Role, password: &SecretString) -> Result<(String, Role, bool), DemoProblem> {
    let email = format!("{role}@{}.example", demo::SLUG);
    let login = people::find_login(&mut app.db.read().await?, &email).await?;
    let Some(login) = login else {
        // The admin may make further hotels.
        let property = (role != Role::Admin).then(|| demo::SLUG.to_owned());
        let staff = NewStaff { email: email.clone(), name: format!("Demo {role}"), role, property };
        add_user(&app.db, &app.clock, staff, password).await?;
        return Ok((email, role, true));
    };
    if passwords::verify(password.expose_secret(), Some(&login.password_hash)) {
        return Ok((email, role, true));
    }
    if app.config.demo.password.expose_secret().is_empty() {
        return Ok((email, role, false));
    }
    passwords::check(password.expose_secret()).map_err(PeopleProblem::from)?;
    let hash = passwords::hash(password.expose_secret()).map_err(PeopleProblem::from)?;
    let id = login.user.id;
    let set = app.db.write::<_, DbError, _>(move |tx| {
        Box::pin(async move { people::set_password_hash(tx, id, &hash).await })
    });
    set.await?;
    Ok((email, role, true))
}

/// Whether the key works.
async fn put_key(app: &App, key: &SecretString) -> Result<bool, DemoProblem> {
    let hash = hash_token(key.expose_secret());
    if people::find_live_key(&mut app.db.read().await?, &hash).await?.is_some() {
        return Ok(true);
    }
    match add_key(&app.db, &app.clock, "Demo".to_owned(), Scope::Admin, None, key).await {
        Ok(_) => Ok(true),
        Err(PeopleProblem::Taken) => Ok(false),
        Err(problem) => Err(problem.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Env, load};

    async fn start(path: &Path, env: &Env) -> (App, Logins) {
        let folder = DemoFolder::open(path, false).unwrap();
        let mut config = load(None, env).config;
        folder.configure(&mut config).unwrap();
        let app = App::open(config).await.unwrap();
        let logins = prepare(&app, &folder).await.unwrap();
        (app, logins)
    }

    #[tokio::test]
    async fn a_second_start_shows_the_same_logins_and_keeps_the_key_to_itself() {
        let outer = tempfile::tempdir().unwrap();
        let path = outer.path().join("what? 100%");
        let (first, logins) = start(&path, &Env::default()).await;
        let (second, again) = start(&path, &Env::default()).await;
        assert_eq!(logins.password.expose_secret(), again.password.expose_secret());
        assert_eq!(logins.api_key.expose_secret(), again.api_key.expose_secret());
        assert_eq!(first.config.secret_key.expose_secret(), second.config.secret_key.expose_secret());
        assert!(again.api_key_works && again.staff.iter().all(|(_, _, works)| *works));
        let emails: Vec<_> = again.staff.iter().map(|(email, _, _)| email.as_str()).collect();
        assert_eq!(emails, ["agent@harbour.example", "manager@harbour.example", "admin@harbour.example"]);
        #[cfg(unix)]
        for name in [KEY, LOGINS] {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(path.join(name)).unwrap().permissions().mode() & 0o777, 0o600, "{name}");
        }
    }

    #[tokio::test]
    async fn a_password_of_the_environment_is_put_in_force() {
        let folder = tempfile::tempdir().unwrap();
        let (_, made_up) = start(folder.path(), &Env::default()).await;
        let env = Env::from([("BELLHOP_DEMO_PASSWORD", "correct horse"), ("BELLHOP_DEMO_API_KEY", "k")]);
        let (app, logins) = start(folder.path(), &env).await;
        assert_ne!(made_up.password.expose_secret(), "correct horse");
        assert_eq!((logins.password.expose_secret(), logins.api_key.expose_secret()), ("correct horse", "k"));
        let mut conn = app.db.read().await.unwrap();
        let login = people::find_login(&mut conn, "manager@harbour.example").await.unwrap().unwrap();
        assert!(passwords::verify("correct horse", Some(&login.password_hash)));
    }

    #[test]
    fn a_reset_removes_the_demos_files_and_refuses_a_folder_with_anything_else() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str| fs::write(folder.path().join(name), "x").unwrap();
        let left = || fs::read_dir(folder.path()).unwrap().count();
        put(KEY);
        put(DATABASE);
        put("holiday.jpg");
        let refused = DemoFolder::open(folder.path(), true).unwrap_err();
        assert!(refused.to_string().contains("holiday.jpg"), "{refused}");
        assert_eq!(left(), 3);
        fs::remove_file(folder.path().join("holiday.jpg")).unwrap();
        DemoFolder::open(folder.path(), true).unwrap();
        assert_eq!(left(), 0);
        fs::create_dir(folder.path().join(LOGINS)).unwrap();
        assert!(matches!(DemoFolder::open(folder.path(), true), Err(DemoProblem::NotOurs { .. })));
    }
}
