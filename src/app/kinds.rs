//! Every kind of integration that is built: whether an account of one can be used, and trying it for real. The one list.

use super::systems::LADDER;
use crate::breaker::Breakers;
use crate::clock::Clock;
use crate::config::{Config, Finding, IntegrationEntry};
use crate::connectors::{Account, ConnectorError, Means, house};
use crate::domain::ids::PropertyId;
use crate::domain::integration::Integration;
use crate::http::Http;
use crate::llm::{self, ChatMessage, LlmAccount, Model, ModelError, ModelRequest};
use crate::secrets::Secrets;
use crate::store::Db;
use crate::web::kinds::{Kind, Kinds, Step};
use crate::{channels, connectors};
use async_trait::async_trait;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::time::Duration;

/// How long a test waits for an answer.
const PATIENCE: Duration = Duration::from_secs(20);
/// A confirmation number that no guest has.
const NOBODY: &str = "BELLHOP-TEST";

/// Every kind that is built, by name.
pub fn built() -> Vec<&'static str> {
    let mut kinds = channels::kinds();
    kinds.extend(connectors::kinds());
    kinds.push(llm::KIND);
    kinds.sort_unstable();
    kinds
}

/// The kinds with what opening them takes; cheap to clone.
#[derive(Clone)]
pub struct BuiltKinds {
    means: Means,
}

impl BuiltKinds {
    pub fn new(db: &Db, clock: &Clock, http: Http) -> Self {
        let house = house::Tables { db: db.clone(), clock: clock.clone() };
        Self { means: Means { house, http, clock: clock.clone() } }
    }
}

/// Whether the entry's kind is built and its settings can be read; if not, why, in words. The network is not asked.
pub fn judge(entry: &IntegrationEntry) -> Result<(), String> {
    judge_parts(&entry.kind, &entry.config, &entry.secrets)
}

fn judge_parts(kind: &str, config: &Map<String, Value>, secrets: &Secrets) -> Result<(), String> {
    if let Some(channel) = channels::by_kind(kind) {
        return channel.open(config, secrets).map(|_| ()).map_err(|problem| problem.to_string());
    }
    if kind == llm::KIND {
        return LlmAccount::parse(config, secrets).map(|_| ()).map_err(|problem| problem.to_string());
    }
    if connectors::kinds().contains(&kind) {
        return connectors::check(kind, config, secrets).map_err(|error| format!("{error}."));
    }
    Err(format!("its kind {kind:?} is not built; built are: {}.", built().join(", ")))
}

/// All of the file's entries that cannot be used.
pub fn check(config: &Config) -> Vec<Finding> {
    let problem = |(at, entry): (usize, &IntegrationEntry)| {
        let why = judge(entry).err()?;
        let problem = format!("cannot be used: {}", why.trim_end_matches('.'));
        Some(Finding::error(format!("integrations.{at}"), problem, "Correct it."))
    };
    let mut findings: Vec<Finding> = config.integrations.iter().enumerate().filter_map(problem).collect();
    findings.extend(idle_models(config));
    findings
}

/// A hotel's models beyond those that a turn asks.
fn idle_models(config: &Config) -> Vec<Finding> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let mut idle = Vec::new();
    for (at, entry) in config.integrations.iter().enumerate() {
        if entry.kind == llm::KIND && entry.enabled {
            let count = counts.entry(&entry.property).or_default();
            *count += 1;
            if *count > LADDER {
                let problem = "is never asked: the hotel has two other models before it";
                idle.push(Finding::warning(format!("integrations.{at}"), problem, "Leave it out."));
            }
        }
    }
    idle
}

#[async_trait]
impl Kinds for BuiltKinds {
    fn built(&self) -> Vec<Kind> {
        let kind = |kind: &'static str| {
            let channel = channels::by_kind(kind);
            let fields = match channel {
                Some(channel) => channel.fields(),
                None if kind == llm::KIND => llm::FIELDS,
                None => connectors::fields(kind),
            };
            Kind {
                kind,
                fields: fields.to_vec(),
                hook: channel.and_then(|channel| channel.hook()),
                hook_fragment: channel.map_or("", |channel| channel.hook_fragment()),
            }
        };
        built().into_iter().map(kind).collect()
    }

    fn judge(&self, kind: &str, config: &Map<String, Value>, secrets: &Secrets) -> Result<(), String> {
        judge_parts(kind, config, secrets)
    }

    async fn test(&self, integration: &Integration, secrets: &Secrets) -> Vec<Step> {
        let Integration { property_id, kind, config, .. } = integration;
        let read = judge_parts(kind, config, secrets);
        let mut steps = vec![Step::new("Settings", read.map(|()| "They can be read.".to_owned()))];
        if steps.iter().all(|step| step.ok) {
            let asked = if kind == llm::KIND {
                self.ask_model(config, secrets).await
            } else if channels::by_kind(kind).is_some() {
                self.ask_channel(kind, config, secrets).await
            } else {
                self.ask_system(*property_id, kind, config, secrets).await
            };
            steps.push(Step::new("Answer", asked));
        }
        steps
    }
}

impl BuiltKinds {
    async fn ask_channel(
        &self,
        kind: &str,
        config: &Map<String, Value>,
        secrets: &Secrets,
    ) -> Result<String, String> {
        let channel = channels::by_kind(kind).ok_or("The channel is not built.")?;
        let account = channel.open(config, secrets).map_err(|problem| problem.to_string())?;
        let Some(request) = account.probe() else {
            return Ok("This vendor has nothing that could be asked without sending a message.".to_owned());
        };
        let answer = self.means.http.send(request).await;
        account.classify_probe(answer.as_ref())
    }

    async fn ask_model(&self, config: &Map<String, Value>, secrets: &Secrets) -> Result<String, String> {
        let account = LlmAccount::parse(config, secrets).map_err(|problem| problem.to_string())?;
        let model = account.open(self.means.http.client()).map_err(|problem| format!("{problem}."))?;
        let request = ModelRequest {
            messages: vec![ChatMessage::User("Answer with the one word: ready".to_owned())],
            tools: std::sync::Arc::default(),
            // Enough for models that think before they speak.
            max_completion_tokens: 256,
            cache_key: "bellhop-test".to_owned(),
            timeout: PATIENCE,
        };
        match model.complete(&request).await {
            Ok(answer) if answer.text.is_some() || answer.truncated => {
                Ok(format!("The model {} answers.", model.name()))
            }
            Ok(_) => {
                Err("The server answers, but the model said nothing. Is the model's name right?".to_owned())
            }
            Err(error) => Err(model_words(&error)),
        }
    }

    async fn ask_system(
        &self,
        property: PropertyId,
        kind: &str,
        config: &Map<String, Value>,
        secrets: &Secrets,
    ) -> Result<String, String> {
        // Whoever tries an account by hand wants it tried, whatever its calls came to before.
        let breaker = &Breakers::new(self.means.clock.clone()).named("test");
        let account = Account { property, config, secrets, breaker };
        let system = connectors::open(&self.means, kind, &account).map_err(|error| format!("{error}."))?;
        let Some(reservations) = system.reservations() else {
            return Ok("This system has nothing that could be read as a test.".to_owned());
        };
        match reservations.by_confirmation(NOBODY).await {
            Ok(_) | Err(ConnectorError::NotFound) => Ok("Reservations can be read.".to_owned()),
            Err(error) => Err(format!("{error}.")),
        }
    }
}

fn model_words(error: &ModelError) -> String {
    match error {
        ModelError::Refused { status: 401 | 403, .. } => {
            "The server refused the key. Paste api_key again.".to_owned()
        }
        ModelError::Refused { status: 404, .. } => {
            "The server knows no such address or model. Check base_url and model.".to_owned()
        }
        ModelError::Timeout => "There was no answer within 20 seconds. Check base_url.".to_owned(),
        ModelError::Unavailable => {
            "The server cannot be reached, or is out of order. Check base_url.".to_owned()
        }
        ModelError::RateLimited { .. } => {
            "The server says: too many requests. Check the account's limits and credit.".to_owned()
        }
        ModelError::Refused { .. } | ModelError::Broken(_) => format!("{error}."),
    }
}
