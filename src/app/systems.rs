//! A hotel's model and property system, opened with their secrets and kept until the hotel's book changes.

use crate::breaker::{Breaker, Breakers};
use crate::clock::Clock;
use crate::config::Llm;
use crate::connectors::{self, Account, Connector, Means, OpenError, house};
use crate::conversation::Systems;
use crate::domain::ids::PropertyId;
use crate::domain::integration::Integration;
use crate::http::Http;
use crate::llm::{self, AccountProblem, Guarded, LlmAccount, Model, OpenAi};
use crate::outbox::accounts::unseal;
use crate::secrets::{Sealer, Secrets};
use crate::store::hotel_book::HotelBook;
use crate::store::{Db, DbError, integrations};
use async_trait::async_trait;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Where OpenAI itself answers.
const OPENAI: &str = "https://api.openai.com/v1";

/// So many models are asked in one turn at most, one after the other.
pub(super) const LADDER: usize = 2;

/// What is kept of one hotel, as of a revision of its book.
#[derive(Clone)]
struct Kept {
    revision: i64,
    /// First to be asked first.
    models: Option<Vec<Arc<dyn Model>>>,
    pms: Option<Arc<dyn Connector>>,
}

/// The model of the configuration; `None`: neither key nor address is set, or they cannot be used.
pub fn default_model(llm: &Llm, http: &Http, breakers: &Breakers) -> Option<Arc<dyn Model>> {
    if !llm.is_configured() {
        return None;
    }
    let base_url = llm.base_url.as_ref().map_or(OPENAI, url::Url::as_str);
    let opened = OpenAi::new(http.client(), base_url, &llm.api_key, &llm.model);
    let opened = opened.inspect_err(|error| tracing::error!(%error, "the configured model cannot be used"));
    opened.ok().map(|model| guarded(model, breakers.named("the configuration's model")))
}

fn guarded(model: OpenAi, breaker: Arc<Breaker>) -> Arc<dyn Model> {
    Arc::new(Guarded::new(Arc::new(model), breaker))
}

/// Opens what the book names; the default model stands in where the hotel has none of its own.
pub struct HotelSystems {
    db: Db,
    sealer: Sealer,
    http: Http,
    means: Means,
    breakers: Breakers,
    default_model: Option<Arc<dyn Model>>,
    kept: Mutex<HashMap<PropertyId, Kept>>,
}

impl HotelSystems {
    pub fn new(
        db: Db,
        clock: Clock,
        sealer: Sealer,
        http: Http,
        breakers: Breakers,
        default_model: Option<Arc<dyn Model>>,
    ) -> Self {
        let house = house::Tables { db: db.clone(), clock: clock.clone() };
        let means = Means { house, http: http.clone(), clock };
        Self { db, sealer, http, means, breakers, default_model, kept: Mutex::default() }
    }

    fn kept(&self, book: &HotelBook) -> Kept {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let current = kept.get(&book.hotel.id).filter(|kept| kept.revision == book.hotel.revision);
        current.cloned().unwrap_or(Kept { revision: book.hotel.revision, models: None, pms: None })
    }

    fn keep(&self, property: PropertyId, kept: Kept) {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).insert(property, kept);
    }

    /// What cannot be opened is as good as not there; a database that is away says nothing about it.
    async fn secrets(&self, integration: &Integration) -> Result<Option<Secrets>, DbError> {
        let mut conn = self.db.read().await?;
        let sealed = integrations::sealed_secrets(&mut conn, integration.property_id, integration.id).await?;
        let opened = unseal(&self.sealer, integration.id, sealed.as_deref()).inspect_err(
            |error| tracing::error!(integration = %integration.id, %error, "secrets cannot be opened"),
        );
        Ok(opened.ok())
    }

    async fn own_model(&self, integration: &Integration) -> Result<Option<Arc<dyn Model>>, DbError> {
        let Some(secrets) = self.secrets(integration).await? else { return Ok(None) };
        let opened = LlmAccount::parse(&integration.config, &secrets)
            .and_then(|account| account.open(self.http.client()).map_err(AccountProblem::from));
        let opened = opened.inspect_err(|error| {
            tracing::error!(integration = %integration.id, %error, "the model's account cannot be used");
        });
        Ok(opened.ok().map(|model| guarded(model, self.breakers.of(integration.id))))
    }
}

#[async_trait]
impl Systems for HotelSystems {
    async fn models(&self, book: &HotelBook) -> Vec<Arc<dyn Model>> {
        let own = || book.integrations.iter().filter(|integration| integration.kind == llm::KIND);
        if own().next().is_none() {
            return self.default_model.clone().into_iter().collect();
        }
        if let Some(models) = self.kept(book).models {
            return models;
        }
        let (mut models, mut complete) = (Vec::new(), true);
        for integration in own().take(LADDER) {
            match self.own_model(integration).await {
                Ok(model) => models.extend(model),
                Err(error) => {
                    complete = false;
                    tracing::warn!(integration = %integration.id, %error, "the model's account cannot be read now");
                }
            }
        }
        if complete {
            self.keep(book.hotel.id, Kept { models: Some(models.clone()), ..self.kept(book) });
        }
        models
    }

    async fn pms(&self, book: &HotelBook) -> Result<Arc<dyn Connector>, OpenError> {
        let kept = self.kept(book);
        if let Some(pms) = kept.pms {
            return Ok(pms);
        }
        // A system that somebody connected goes before Bellhop's own tables.
        let mut systems = book.integrations.iter().filter(|integration| integration.area() == "pms");
        let own = |integration: &&Integration| integration.kind != connectors::DEFAULT_PMS;
        let integration = systems.clone().find(own).or_else(|| systems.next());
        let opened = match integration {
            Some(integration) => {
                let secrets = self
                    .secrets(integration)
                    .await
                    .map_err(|error| OpenError::NotNow(error.to_string()))?
                    .unwrap_or_default();
                let (config, breaker) = (&integration.config, &self.breakers.of(integration.id));
                let account = Account { property: book.hotel.id, config, secrets: &secrets, breaker };
                connectors::open(&self.means, &integration.kind, &account)?
            }
            None => {
                let (config, secrets) = (serde_json::Map::new(), Secrets::default());
                let breaker = &self.breakers.named(connectors::DEFAULT_PMS);
                let account =
                    Account { property: book.hotel.id, config: &config, secrets: &secrets, breaker };
                connectors::open(&self.means, connectors::DEFAULT_PMS, &account)?
            }
        };
        self.keep(book.hotel.id, Kept { pms: Some(opened.clone()), ..self.kept(book) });
        Ok(opened)
    }
}

#[cfg(test)]
#[path = "systems_tests.rs"]
mod tests;
