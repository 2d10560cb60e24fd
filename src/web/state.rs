//! What every handler shares: the database, the clock, how the outside reaches us. Cheap to clone, holds no request.

use super::error::WebError;
use super::kinds::Kinds;
use crate::clock::Clock;
use crate::conversation::Systems;
use crate::domain::network::Network;
use crate::http::Http;
use crate::intake::Intake;
use crate::outbox::accounts::Accounts;
use crate::passwords;
use crate::secrets::Sealer;
use crate::shutdown::Shutdown;
use crate::store::Db;
use crate::store::hotel_book::HotelBooks;
use crate::telemetry::Metrics;
use std::ops::Deref;
use std::sync::Arc;
use tokio::sync::Semaphore;
use url::Url;

/// How many passwords are hashed at the same time; each takes some 20 MB.
const HASHERS: usize = 4;

/// What the router needs to know from the configuration.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What browsers and vendors call; its scheme decides whether cookies are `Secure`.
    pub public_url: Url,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// Larger request bodies are answered 413; bytes.
    pub body_limit: usize,
    /// Web chat: messages per minute and session, new sessions per hour and network address.
    pub chat_messages_per_minute: u32,
    pub chat_sessions_per_hour: u32,
}

/// What the app gives to the web.
pub struct Parts {
    pub db: Db,
    pub clock: Clock,
    pub settings: Arc<Settings>,
    pub metrics: Metrics,
    pub sealer: Sealer,
    pub http: Http,
    pub books: HotelBooks,
    pub accounts: Accounts,
    pub intake: Intake,
    pub systems: Arc<dyn Systems>,
    /// The kinds of integration that are built.
    pub kinds: Arc<dyn Kinds>,
    pub shutdown: Shutdown,
}

/// Its parts, which handlers reach as fields of it. Every layer of every request clones it.
#[derive(Clone)]
pub struct Web {
    parts: Arc<Parts>,
    hashers: Arc<Semaphore>,
}

impl Deref for Web {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.parts
    }
}

impl Web {
    pub fn new(parts: Parts) -> Self {
        Self { parts: Arc::new(parts), hashers: Arc::new(Semaphore::new(HASHERS)) }
    }

    pub fn is_https(&self) -> bool {
        self.settings.public_url.scheme() == "https"
    }

    /// See [`passwords::verify`]; off the async threads, a few at a time.
    pub async fn verify_password(&self, password: String, hash: Option<String>) -> Result<bool, WebError> {
        self.work(move || passwords::verify(&password, hash.as_deref())).await
    }

    /// Checks and hashes a password that somebody chose.
    pub async fn hash_password(&self, password: String) -> Result<String, WebError> {
        let hash = self
            .work(move || {
                passwords::check(&password)?;
                passwords::hash(&password)
            })
            .await?;
        hash.map_err(|error| WebError::bad("bad_password", error.to_string()))
    }

    /// Something that takes the processor for long, off the async threads, a few at a time.
    pub async fn work<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, WebError> {
        let _permit = self.hashers.acquire().await.map_err(|_| WebError::Internal)?;
        tokio::task::spawn_blocking(job).await.map_err(|_| WebError::Internal)
    }
}
