//! What every handler shares: the database, the clock, how the outside reaches us. Cheap to clone, holds no request.

use super::error::WebError;
use super::kinds::Kinds;
use crate::clock::Clock;
use crate::domain::network::Network;
use crate::passwords;
use crate::secrets::Sealer;
use crate::store::Db;
use crate::store::hotel_book::HotelBooks;
use crate::telemetry::Metrics;
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
}

/// What the app gives the web to work with.
pub struct Parts {
    pub db: Db,
    pub clock: Clock,
    pub settings: Settings,
    pub metrics: Metrics,
    pub sealer: Sealer,
    pub books: HotelBooks,
    pub kinds: Arc<dyn Kinds>,
}

#[derive(Clone)]
pub struct Web {
    pub db: Db,
    pub clock: Clock,
    pub settings: Arc<Settings>,
    pub metrics: Metrics,
    /// Seals what integrations keep secret.
    pub sealer: Sealer,
    pub books: HotelBooks,
    /// The kinds of integration that are built.
    pub kinds: Arc<dyn Kinds>,
    hashers: Arc<Semaphore>,
}

impl Web {
    pub fn new(parts: Parts) -> Self {
        let Parts { db, clock, settings, metrics, sealer, books, kinds } = parts;
        let hashers = Arc::new(Semaphore::new(HASHERS));
        Self { db, clock, settings: Arc::new(settings), metrics, sealer, books, kinds, hashers }
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
