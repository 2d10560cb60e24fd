//! `pms.custom`: any hotel system that speaks our small REST contract, `docs/connectors/custom.md`. It must not promise
//! for a system what its settings do not.

mod client;
mod map;
pub use map::sign;
#[cfg(test)]
mod tests;
mod wire;

use super::{Account, AfterCut, Connector, Folios, Means, OpenError, Requests, Reservations, Stays, Step};
use crate::clock::Clock;
use crate::domain::ids::PropertyId;
use crate::domain::integration::Field;
use crate::http::Line;
use crate::secrets::Secrets;
use chrono::TimeDelta;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use std::sync::Arc;
use std::time::Duration;
use url::Url;

pub const KIND: &str = "pms.custom";

/// For how long the contract wants an idempotency key to be kept.
const KEYS_KEPT: TimeDelta = TimeDelta::hours(24);
/// Reading changes nothing, so nobody waits longer than this for it.
const READ: Duration = Duration::from_secs(5);

pub const FIELDS: &[Field] = &[
    Field {
        name: "base_url",
        help: "Where your system answers, such as https://pms.example/bellhop/v1",
        required: true,
        secret: false,
    },
    Field {
        name: "idempotency",
        help: "What your system can do after a call that was cut off: key (it keeps our Idempotency-Key for 24 hours), \
               lookup (it finds a charge by our reference), none (neither: staff look into it). Empty: none",
        required: false,
        secret: false,
    },
    Field {
        name: "visible_after_secs",
        help: "With lookup: how many seconds a charge may need until it can be found. Empty: 60",
        required: false,
        secret: false,
    },
    Field {
        name: "timeout_secs",
        help: "How many seconds a call may take. Empty: 10",
        required: false,
        secret: false,
    },
    Field {
        name: "signing_key",
        help: "The key that signs each call, 16 characters or more; your system checks it",
        required: true,
        secret: true,
    },
];

/// What the system can do about a call that was cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Idempotency {
    Key,
    Lookup,
    #[default]
    None,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    base_url: String,
    #[serde(default)]
    idempotency: Idempotency,
    #[serde(default = "visible_after", deserialize_with = "seconds")]
    visible_after_secs: f64,
    #[serde(default = "timeout", deserialize_with = "seconds")]
    timeout_secs: f64,
}

fn visible_after() -> f64 {
    60.0
}

fn timeout() -> f64 {
    10.0
}

/// A number, or the text of one: forms send texts.
fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Given {
        Number(f64),
        Text(String),
    }
    let seconds = match Given::deserialize(deserializer)? {
        Given::Number(number) => Some(number),
        Given::Text(text) => text.trim().parse().ok(),
    };
    let fits = seconds.filter(|seconds| (0.0..=3_600.0).contains(seconds));
    fits.ok_or_else(|| serde::de::Error::custom("seconds are a number from 0 to 3600"))
}

/// What every call needs; its halves are pure functions over it.
struct Settings {
    property: PropertyId,
    base_url: Url,
    signing_key: SecretString,
    idempotency: Idempotency,
    visible_after: TimeDelta,
    timeout: Duration,
}

impl Settings {
    fn read(property: PropertyId, config: &Map<String, Value>, secrets: &Secrets) -> Result<Self, OpenError> {
        let bad = |why: &str| OpenError::Config { kind: KIND, why: why.to_owned() };
        let config: Config = super::config(KIND, config)?;
        let url = Url::parse(config.base_url.trim()).ok();
        let url = url.filter(|url| matches!(url.scheme(), "https" | "http") && url.host_str().is_some());
        let url = url.ok_or_else(|| bad("base_url is no address of the form https://…"))?;
        if !url.username().is_empty() || url.password().is_some() || url.query().is_some() {
            return Err(bad("base_url must hold neither user, password nor query"));
        }
        if config.timeout_secs <= 0.0 {
            return Err(bad("timeout_secs must be more than 0"));
        }
        if let Some(unknown) = secrets.names().find(|name| *name != "signing_key") {
            return Err(bad(&format!("there is no secret {unknown}: the only one is signing_key")));
        }
        let key = secrets.require("signing_key").map_err(|missing| bad(&missing.to_string()))?;
        if key.expose_secret().len() < 16 {
            return Err(bad("signing_key has fewer than 16 characters"));
        }
        let visible_after = Duration::from_secs_f64(config.visible_after_secs);
        Ok(Self {
            property,
            base_url: url,
            signing_key: key.clone(),
            idempotency: config.idempotency,
            visible_after: TimeDelta::from_std(visible_after).unwrap_or_default(),
            timeout: Duration::from_secs_f64(config.timeout_secs),
        })
    }

    fn limit(&self) -> TimeDelta {
        TimeDelta::from_std(self.timeout).unwrap_or(TimeDelta::MAX)
    }
}

pub(super) fn check(config: &Map<String, Value>, secrets: &Secrets) -> Result<(), OpenError> {
    Settings::read(PropertyId(uuid::Uuid::nil()), config, secrets).map(drop)
}

pub(super) fn open(means: &Means, account: &Account<'_>) -> Result<Arc<dyn Connector>, OpenError> {
    let settings = Settings::read(account.property, account.config, account.secrets)?;
    let line = Line::new(means.http.clone(), account.breaker.clone());
    Ok(Arc::new(Custom { settings, line, clock: means.clock.clone() }))
}

/// One account of a system that speaks the contract.
struct Custom {
    settings: Settings,
    line: Line,
    clock: Clock,
}

impl Connector for Custom {
    fn kind(&self) -> &'static str {
        KIND
    }
    fn reservations(&self) -> Option<&dyn Reservations> {
        Some(self)
    }
    fn folios(&self) -> Option<&dyn Folios> {
        Some(self)
    }
    fn requests(&self) -> Option<&dyn Requests> {
        Some(self)
    }
    fn stays(&self) -> Option<&dyn Stays> {
        Some(self)
    }
    fn after_cut(&self, step: Step) -> AfterCut {
        let settings = &self.settings;
        match (step, settings.idempotency) {
            // Setting the same departure again changes nothing, and the contract says so.
            (Step::Departure, _) => AfterCut::Repeat { within: KEYS_KEPT },
            (Step::Charge | Step::Task, Idempotency::Key) => AfterCut::Repeat { within: KEYS_KEPT },
            (Step::Charge | Step::Task, Idempotency::Lookup) => {
                AfterCut::LookUp { sure_after: settings.limit() + settings.visible_after }
            }
            (Step::Charge | Step::Task, Idempotency::None) => AfterCut::Staff,
        }
    }
}
