//! What the commands do, by calling the library; part of the program, not of the library.

use crate::Wrong;
use bellhop::app::{
    self, App, DemoFolder, DemoProblem, Logins, NewStaff, PeopleProblem, Running, StartProblem,
};
use bellhop::clock::Clock;
use bellhop::config::{self, Config, ConfigFile, Env, Finding, Loaded, LogFormat};
use bellhop::connectors::house::import::{self, ImportError, Report};
use bellhop::domain::people::{Role, Scope};
use bellhop::lab;
use bellhop::secrets::{random_key, random_password};
use bellhop::store::Db;
use bellhop::store::db::{self, BackupProblem};
use bellhop::telemetry::{self, Format};
use secrecy::ExposeSecret;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Read where nobody names a file, if it is there.
const USUAL_FILE: &str = "bellhop.toml";

pub fn check_config(file: Option<PathBuf>) -> anyhow::Result<()> {
    let loaded = config::load(read_file(file)?.as_ref(), &Env::system());
    let mut findings = loaded.findings;
    findings.extend(app::check(&loaded.config));
    for finding in &findings {
        println!("{finding}");
    }
    match findings.iter().filter(|finding| finding.is_error()).count() {
        0 => {
            println!("The configuration can be used.");
            println!("{}", config::nodes(&loaded.config));
        }
        1 => return Err(Wrong("The configuration has an error.".to_owned()).into()),
        errors => return Err(Wrong(format!("The configuration has {errors} errors.")).into()),
    }
    Ok(())
}

pub async fn demo(listen: SocketAddr, data: PathBuf, reset: bool) -> anyhow::Result<()> {
    let env = Env::system();
    // No file: the demo is the same wherever it is started.
    let Loaded { mut config, findings } = config::load(None, &env);
    stop_at_errors(&findings)?;
    config.server.listen = listen;
    init_logs(&config, &env, "warn")?;
    // First the socket: a demo that runs already on this address keeps its files.
    let listener = App::listen(&config).await?;
    let folder = DemoFolder::open(&data, reset).map_err(demo_problem)?;
    folder.configure(&mut config).map_err(demo_problem)?;
    stop_at_errors(&app::check(&config))?;
    let app = App::open(config).await?;
    let logins = app::prepare(&app, &folder).await.map_err(demo_problem)?;
    let running = app.start(app::Role::All, listener).await?;
    welcome(&running, &logins, &data);
    running.until(app::stop_signal()).await?;
    Ok(())
}

fn welcome(running: &Running, logins: &Logins, data: &Path) {
    let config = &running.app.config;
    let base = config.server.public_url(running.address);
    let base = base.as_str().trim_end_matches('/');
    println!("The demo hotel is open.\n");
    println!("  Guest page   {base}/\n  Inbox        {base}/inbox\n  Console      {base}/console\n");
    for (email, _, works) in &logins.staff {
        let note = if *works { "" } else { "   (its password was changed since)" };
        println!("  {email}{note}");
    }
    println!("  Password     {}", logins.password.expose_secret());
    let note = if logins.api_key_works { "" } else { "   (it was switched off since)" };
    println!("  API key      {}{note}\n", logins.api_key.expose_secret());
    match config.llm.is_configured() {
        true => println!("  Model        {}", config.llm.model),
        false => println!("  Model        none; set OPENAI_API_KEY or OPENAI_BASE_URL to have one"),
    }
    println!("  Data         {}   (--reset starts anew)\n\nCtrl-C ends it.", data.display());
}

/// What the caller can mend is wrong usage; the rest is a failure.
fn demo_problem(problem: DemoProblem) -> anyhow::Error {
    match problem {
        DemoProblem::People(problem) => people_problem(problem),
        DemoProblem::NotOurs { .. } | DemoProblem::Unreadable { .. } => Wrong(problem.to_string()).into(),
        DemoProblem::Folder { .. } | DemoProblem::Seed(_) | DemoProblem::Db(_) => problem.into(),
    }
}

pub async fn serve(file: Option<PathBuf>, role: app::Role) -> anyhow::Result<()> {
    let env = Env::system();
    let config = usable(file, &env, app::check)?;
    init_logs(&config, &env, "info")?;
    for warning in app::check(&config) {
        tracing::warn!(key = warning.key, "{}. {}", warning.problem, warning.mend);
    }
    let listener = App::listen(&config).await?;
    let started = App::open(config).await?.start(role, listener).await;
    let running = started.map_err(|problem| match problem {
        StartProblem::RoleNeedsPostgres => Wrong(problem.to_string()).into(),
        other => anyhow::Error::from(other),
    })?;
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

pub async fn backup(file: Option<PathBuf>, path: PathBuf) -> anyhow::Result<()> {
    let env = Env::system();
    let config = usable(file, &env, config::check_database)?;
    let copied = db::backup(config.database.url.expose_secret(), &path).await;
    let bytes = copied.map_err(|problem| match problem {
        BackupProblem::NotSqlite { .. } | BackupProblem::Exists { .. } => Wrong(problem.to_string()).into(),
        other => anyhow::Error::from(other),
    })?;
    println!("{}: {bytes} bytes. The secret key is not in it; keep that too.", path.display());
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
    let password = random_password();
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
    let key = random_key();
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

pub async fn seed(file: Option<PathBuf>, conversations: u64, messages: u64) -> anyhow::Result<()> {
    let db = open_migrated(file).await?;
    let clock = Clock::system();
    let property = lab::demo::seed(&db, &clock).await?;
    lab::seed::fill(&db, &clock, property, conversations, messages).await?;
    println!("{conversations} conversations with {messages} messages were added to {}.", lab::demo::SLUG);
    Ok(())
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
    stop_at_errors(&findings)?;
    Ok(loaded.config)
}

fn stop_at_errors(findings: &[Finding]) -> Result<(), Wrong> {
    let errors: Vec<_> =
        findings.iter().filter(|finding| finding.is_error()).map(ToString::to_string).collect();
    if errors.is_empty() { Ok(()) } else { Err(Wrong(errors.join("\n"))) }
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
