//! The only wiring: from a configuration to a running server. Nothing is decided here about guests.

mod apply;
mod demo;
mod kinds;
mod one_node;
mod people;
#[cfg(test)]
mod statements_tests;
mod systems;
mod tasks;
#[cfg(test)]
mod tests;

pub use apply::{ApplyProblem, apply};
pub use demo::{DemoFolder, DemoProblem, Logins, prepare};
pub use kinds::BuiltKinds;
pub use people::{NewStaff, PeopleProblem, add_key, add_user};
pub use systems::HotelSystems;
pub use tasks::{Ended, Tasks};

use crate::breaker::Breakers;
use crate::clock::Clock;
use crate::config::{self, Config, Finding};
use crate::conversation::{Engine, Limits, ReadyBooks, Systems};
use crate::domain::emergency;
use crate::http::{ClientProblem, Http};
use crate::intake::{Debounce, Intake};
use crate::jobs::{self, Jobs, LastLook};
use crate::outbox::accounts::Accounts;
use crate::outbox::dispatcher::Dispatcher;
use crate::secrets::{BadKey, Sealer, SecretKey};
use crate::shutdown::Shutdown;
use crate::store::hotel_book::HotelBooks;
use crate::store::{Bells, Db, DbError};
use crate::telemetry::{Metrics, TelemetryProblem};
use crate::web::Parts;
use crate::web::{self, Web};
use axum::Router;
use chrono::TimeDelta;
use secrecy::ExposeSecret;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use url::Url;

/// How long, after `server.shutdown_secs`, workers may take to give back what they have cut off.
const GIVING_BACK: Duration = Duration::from_secs(3);
/// How long the other nodes may take to be told of what the end of this one brought.
const LAST_BELLS: Duration = Duration::from_secs(1);

/// Everything that is shared; cheap to clone.
#[derive(Clone)]
pub struct App {
    pub config: Arc<Config>,
    pub db: Db,
    pub clock: Clock,
    pub sealer: Sealer,
    pub http: Http,
    pub metrics: Metrics,
    pub books: HotelBooks,
    pub systems: Arc<dyn Systems>,
    pub breakers: Breakers,
}

/// What this process does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    All,
    /// Pages, API, webhooks.
    Web,
    /// Turns, effects, sending; of the web only what operators ask.
    Worker,
}

/// Why Bellhop cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartProblem {
    #[error("the configuration's secret_key {0}")]
    Key(#[from] BadKey),
    #[error(transparent)]
    Db(#[from] DbError),
    #[error(transparent)]
    Http(#[from] ClientProblem),
    #[error(transparent)]
    Telemetry(#[from] TelemetryProblem),
    #[error("{0} migrations are pending; run `bellhop migrate` first")]
    Migrations(usize),
    #[error(
        "SQLite is for one node, which does everything: leave --role out (--role web alone answers and sends nothing), or \
         use PostgreSQL, which several nodes share"
    )]
    RoleNeedsPostgres,
    #[error(
        "{file} is served by another process already; SQLite is for one node, and several nodes share one PostgreSQL"
    )]
    Taken { file: String },
    #[error("cannot lock {file}: {why}")]
    Lock { file: String, why: std::io::Error },
    #[error(transparent)]
    Apply(#[from] ApplyProblem),
    #[error("cannot listen on {address}: {why}")]
    Listen { address: SocketAddr, why: std::io::Error },
}

/// Everything that is wrong with a configuration that could be read, for `serve`.
pub fn check(config: &Config) -> Vec<Finding> {
    let mut findings = config::check(config);
    findings.extend(kinds::check(config));
    findings
}

/// The database of the configuration, without a look at its tables.
pub async fn open_db(config: &Config) -> Result<Db, DbError> {
    Db::open(config.database.url.expose_secret(), config.database.connections, Bells::new()).await
}

/// The database with its tables up to date. SQLite is brought there at once; PostgreSQL may be shared by nodes of
/// another version, so there somebody decides when to migrate.
pub async fn open_current_db(config: &Config) -> Result<Db, StartProblem> {
    let db = open_db(config).await?;
    if db.is_sqlite() {
        db.migrate().await?;
    }
    match db.pending_migrations().await? {
        0 => Ok(db),
        pending => Err(StartProblem::Migrations(pending)),
    }
}

impl App {
    pub async fn open(config: Config) -> Result<Self, StartProblem> {
        let db = open_current_db(&config).await?;
        Self::assemble(config, db, Clock::system())
    }

    /// Puts the parts together over a database and a clock; nothing runs yet.
    pub fn assemble(config: Config, db: Db, clock: Clock) -> Result<Self, StartProblem> {
        let key = SecretKey::from_base64(config.secret_key.expose_secret())?;
        let (sealer, http) = (Sealer::new(&key), Http::new()?);
        let breakers = Breakers::new(clock.clone());
        let model = systems::default_model(&config.llm, &http, &breakers);
        let (own, kept) = (http.clone(), breakers.clone());
        let systems = HotelSystems::new(db.clone(), clock.clone(), sealer.clone(), own, kept, model);
        Ok(Self {
            config: Arc::new(config),
            db,
            clock,
            sealer,
            http,
            metrics: Metrics::install()?,
            books: HotelBooks::new(),
            systems: Arc::new(systems),
            breakers,
        })
    }

    /// What runs by itself. `public_url` is where links in alerts lead and vendors report.
    pub fn jobs(&self, public_url: Url) -> Jobs {
        let (llm, engine) = (&self.config.llm, &self.config.engine);
        Jobs {
            engine: Engine {
                db: self.db.clone(),
                clock: self.clock.clone(),
                books: self.books.clone(),
                systems: self.systems.clone(),
                limits: Limits {
                    call: llm.call(),
                    turn: llm.turn(),
                    rounds: llm.max_rounds,
                    context_tokens: i64::try_from(llm.context_tokens).unwrap_or(i64::MAX),
                    completion_tokens: llm.max_completion_tokens,
                    lease: delta(engine.lease()),
                    told_after: delta(engine.told_after()),
                    called_after: delta(engine.called_after()),
                    ..Limits::default()
                },
                ready: ReadyBooks::default(),
            },
            dispatcher: Dispatcher {
                db: self.db.clone(),
                clock: self.clock.clone(),
                http: self.http.clone(),
                accounts: Accounts::new(self.db.clone(), self.sealer.clone()),
                public_url: public_url.clone(),
            },
            breakers: self.breakers.clone(),
            public_url,
            at_once: engine.workers,
            poll: engine.poll(),
            last_look: LastLook::default(),
            started_at: self.clock.now(),
        }
    }

    /// What the router is made of.
    pub fn web(&self, public_url: Url, shutdown: Shutdown) -> Web {
        let (server, limits, engine) = (&self.config.server, &self.config.limits, &self.config.engine);
        Web::new(Parts {
            db: self.db.clone(),
            clock: self.clock.clone(),
            settings: Arc::new(web::Settings {
                public_url,
                trusted_proxies: server.trusted_proxies.clone(),
                body_limit: limits.body_bytes,
                chat_messages_per_minute: limits.chat_messages_per_minute,
                chat_sessions_per_hour: limits.chat_sessions_per_hour,
            }),
            metrics: self.metrics.clone(),
            sealer: self.sealer.clone(),
            http: self.http.clone(),
            books: self.books.clone(),
            accounts: Accounts::new(self.db.clone(), self.sealer.clone()),
            intake: Intake {
                db: self.db.clone(),
                clock: self.clock.clone(),
                debounce: Debounce { quiet: delta(engine.debounce()), most: delta(engine.debounce_max()) },
            },
            systems: self.systems.clone(),
            kinds: Arc::new(BuiltKinds::new(&self.db, &self.clock, self.http.clone())),
            shutdown,
        })
    }

    /// The socket of `server.listen`.
    pub async fn listen(config: &Config) -> Result<TcpListener, StartProblem> {
        let address = config.server.listen;
        TcpListener::bind(address).await.map_err(|why| StartProblem::Listen { address, why })
    }

    /// Applies the file's hotels and accounts, then starts what the role asks for.
    pub async fn start(self, role: Role, listener: TcpListener) -> Result<Running, StartProblem> {
        let alone = one_node::take(&self.db, &self.clock, role).await?;
        apply(&self.db, &self.clock, &self.sealer, &self.config).await?;
        let listen = self.config.server.listen;
        let address = listener.local_addr().map_err(|why| StartProblem::Listen { address: listen, why })?;
        // The first look compiles the lexicon; no guest should wait for it.
        tokio::task::spawn_blocking(|| emergency::detect(""));
        let mut tasks = Tasks::new();
        let shutdown = tasks.shutdown();
        let public_url = self.config.server.public_url(address);
        let web = self.web(public_url.clone(), shutdown.clone());
        let router = match role {
            Role::All | Role::Web => web::router(web),
            Role::Worker => web::operation_router(web),
        };
        tasks.spawn("web", serve_web(listener, router, shutdown.clone()));
        match role {
            Role::All | Role::Worker => {
                let limit = self.config.server.shutdown();
                tasks.spawn("jobs", jobs::run(self.jobs(public_url), shutdown, limit));
            }
            Role::Web => {}
        }
        // Stopped after all others, for what they do at their end rings too.
        let mut carrier = Tasks::new();
        let (db, node, stop) = (self.db.clone(), self.clock.id(), carrier.shutdown());
        carrier.spawn("bells", async move { db.carry_bells(node, stop).await });
        tracing::info!(%address, ?role, "listening");
        Ok(Running { address, tasks, carrier, app: self, _alone: alone })
    }
}

/// Bellhop at work.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    pub app: App,
    tasks: Tasks,
    carrier: Tasks,
    _alone: Option<one_node::Alone>,
}

impl Running {
    /// Runs until `stop` is ready or a task dies, then lets requests and turns under way come to their end.
    pub async fn until(mut self, stop: impl Future<Output = ()>) -> Result<(), Ended> {
        let outcome = tokio::select! {
            () = stop => Ok(()),
            ended = self.tasks.first_to_end() => Err(ended),
            ended = self.carrier.first_to_end() => Err(ended),
        };
        if let Err(ended) = &outcome {
            tracing::error!(%ended, "stopping, because a part of Bellhop is gone");
        }
        let limit = self.app.config.server.shutdown() + GIVING_BACK;
        let mut late = self.tasks.stop(limit).await;
        late.extend(self.carrier.stop(LAST_BELLS).await);
        if !late.is_empty() {
            tracing::warn!(?late, "tasks were cut off at the end of server.shutdown_secs");
        }
        outcome
    }
}

async fn serve_web(listener: TcpListener, router: Router, shutdown: Shutdown) {
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let stop = async move { shutdown.ordered().await };
    if let Err(error) = axum::serve(listener, service).with_graceful_shutdown(stop).await {
        tracing::error!(%error, "the web server failed");
    }
}

fn delta(duration: Duration) -> TimeDelta {
    TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX)
}

/// Ready when the process is told to stop: SIGTERM, or Ctrl-C.
pub async fn stop_signal() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
