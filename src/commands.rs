//! What the commands do, by calling the library; part of the program, not of the library.

use crate::Wrong;
use bellhop::app::{self, App, NewStaff, PeopleProblem};
use bellhop::clock::Clock;
use bellhop::config::{self, Config, ConfigFile, Env, Finding, LogFormat};
use bellhop::connectors::house::import::{self, ImportError, Report};
use bellhop::domain::people::{Role, Scope};
use bellhop::secrets::random_token;
use bellhop::store::Db;
use bellhop::telemetry::{self, Format};
use secrecy::{ExposeSecret, SecretString};
use std::path::{Path, PathBuf};

/// Read where nobody names a file, if it is there.
const USUAL_FILE: &str = "bellhop.toml";
/// Letters of a password that is made up: 120 bits.
const PASSWORD_CHARS: usize = 20;

pub fn check_config(file: Option<PathBuf>) -> anyhow::Result<()> {
    let loaded = config::load(read_file(file)?.as_ref(), &Env::system());
    let mut findings = loaded.findings;
    findings.extend(app::check(&loaded.config));
    for finding in &findings {
        println!("{finding}");
    }
    match findings.iter().filter(|finding| finding.is_error()).count() {
        0 => println!("The configuration can be used."),
        1 => return Err(Wrong("The configuration has an error.".to_owned()).into()),
        errors => return Err(Wrong(format!("The configuration has {errors} errors.")).into()),
    }
    Ok(())
}

pub async fn serve(file: Option<PathBuf>, role: app::Role) -> anyhow::Result<()> {
    let env = Env::system();
    let config = usable(file, &env, app::check)?;
    init_logs(&config, &env, "info")?;
    for warning in app::check(&config) {
        tracing::warn!(key = warning.key, "{}. {}", warning.problem, warning.mend);
    }
    let listener = App::listen(&config).await?;
    let running = App::open(config).await?.start(role, listener).await?;
    println!("Bellhop listens on http://{}", running.address);
    running.until(app::stop_signal()).await?;
    Ok(())
}

pub async fn migrate(file: Option<PathBuf>) -> anyhow::Result<()> {
    let env = Env::system();
    let config = usable(file, &env, config::check_database)?;
    init_logs(&config, &env, "warn")?;
    let db = app::open_db(&config).await?;
    let pending = db.pending_migrations().await?;
    db.migrate().await?;
    println!("{pending} migrations applied; the tables are up to date.");
    Ok(())
}

pub async fn add_user(
    file: Option<PathBuf>,
    email: String,
    name: Option<String>,
    role: Role,
    property: Option<String>,
) -> anyhow::Result<()> {
    let db = open_migrated(file).await?;
    let password = made_up_password();
    let name = name.unwrap_or_else(|| email.clone());
    let staff = NewStaff { email: email.clone(), name, role, property };
    app::add_user(&db, &Clock::system(), staff, &password).await.map_err(people_problem)?;
    println!("User:      {email}\nPassword:  {}\nIt is shown only this once.", password.expose_secret());
    Ok(())
}

pub async fn add_key(
    file: Option<PathBuf>,
    name: String,
    scope: Scope,
    property: Option<String>,
) -> anyhow::Result<()> {
    let db = open_migrated(file).await?;
    let key = SecretString::from(format!("bh_{}", random_token().expose_secret()));
    app::add_key(&db, &Clock::system(), name, scope, property, &key).await.map_err(people_problem)?;
    println!("Key:  {}\nIt is shown only this once.", key.expose_secret());
    Ok(())
}

pub async fn import_stays(
    config: Option<PathBuf>,
    property: String,
    file: PathBuf,
    dry_run: bool,
) -> anyhow::Result<()> {
    let name = file.display();
    let csv = std::fs::read(&file).map_err(|error| Wrong(format!("{name} cannot be read: {error}")))?;
    let db = open_migrated(config).await?;
    let report = match import::import_stays(&db, &Clock::system(), &property, &csv, dry_run).await {
        Ok(report) => report,
        Err(ImportError::Db(error)) => return Err(error.into()),
        Err(ImportError::Rows(rows)) => {
            rows.iter().for_each(|row| eprintln!("{name}, line {}: {}", row.line, row.what));
            return Err(Wrong(ImportError::Rows(rows).to_string()).into());
        }
        Err(problem @ (ImportError::NoSuchProperty(_) | ImportError::File(_))) => {
            return Err(Wrong(problem.to_string()).into());
        }
    };
    if !report.ignored_columns.is_empty() {
        println!("Columns that mean nothing here: {}", report.ignored_columns.join(", "));
    }
    let mood = if dry_run { " would be" } else { "" };
    let Report { inserted, changed, unchanged, .. } = report;
    println!("Stays{mood}: {inserted} new, {changed} changed, {unchanged} as before.");
    Ok(())
}

fn made_up_password() -> SecretString {
    random_token().expose_secret().chars().take(PASSWORD_CHARS).collect::<String>().into()
}

/// What the caller can mend is wrong usage; the rest is a failure.
fn people_problem(problem: PeopleProblem) -> anyhow::Error {
    match problem {
        PeopleProblem::Db(error) => error.into(),
        PeopleProblem::Taken
        | PeopleProblem::BadEmail
        | PeopleProblem::NoProperty(_)
        | PeopleProblem::Password(_) => Wrong(problem.to_string()).into(),
    }
}

async fn open_migrated(file: Option<PathBuf>) -> anyhow::Result<Db> {
    let env = Env::system();
    let config = usable(file, &env, config::check_database)?;
    init_logs(&config, &env, "warn")?;
    Ok(app::open_current_db(&config).await?)
}

/// The configuration, if neither reading it nor `check` finds an error.
fn usable(file: Option<PathBuf>, env: &Env, check: fn(&Config) -> Vec<Finding>) -> anyhow::Result<Config> {
    let loaded = config::load(read_file(file)?.as_ref(), env);
    let mut findings = loaded.findings;
    findings.extend(check(&loaded.config));
    let errors: Vec<_> =
        findings.iter().filter(|finding| finding.is_error()).map(ToString::to_string).collect();
    if errors.is_empty() { Ok(loaded.config) } else { Err(Wrong(errors.join("\n")).into()) }
}

fn read_file(file: Option<PathBuf>) -> anyhow::Result<Option<ConfigFile>> {
    let path = match file {
        Some(path) => path,
        None if Path::new(USUAL_FILE).exists() => PathBuf::from(USUAL_FILE),
        None => return Ok(None),
    };
    let name = path.display().to_string();
    let text =
        std::fs::read_to_string(&path).map_err(|error| Wrong(format!("{name} cannot be read: {error}")))?;
    Ok(Some(ConfigFile { name, text }))
}

fn init_logs(config: &Config, env: &Env, filter: &str) -> anyhow::Result<()> {
    let format = match config.log.format {
        LogFormat::Text => Format::Text,
        LogFormat::Json => Format::Json,
    };
    let filter = env.find("RUST_LOG").unwrap_or(filter);
    Ok(telemetry::init_logs(filter, format).map_err(|error| Wrong(error.to_string()))?)
}
