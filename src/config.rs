//! Configuration: built-in defaults, a file, the environment, in this order. Nothing else reads the environment.

mod check;
mod entries;
mod env;
mod layers;
#[cfg(test)]
mod tests;

pub use check::{Finding, Severity, check, check_database, nodes};
pub use entries::{IntegrationEntry, PropertyEntry};
pub use env::Env;
pub use layers::{ConfigFile, Loaded, load};

use crate::domain::network::Network;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;
use url::Url;

/// Everything that can be configured; `config/default.toml` explains each key.
#[derive(Debug, Clone)]
pub struct Config {
    pub server: Server,
    pub database: Database,
    /// base64; empty: none.
    pub secret_key: SecretString,
    pub llm: Llm,
    pub engine: Engine,
    pub limits: RequestLimits,
    pub log: Log,
    pub demo: Demo,
    pub properties: Vec<PropertyEntry>,
    pub integrations: Vec<IntegrationEntry>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    pub listen: SocketAddr,
    #[serde(deserialize_with = "optional_url")]
    public_url: Option<Url>,
    pub trusted_proxies: Vec<Network>,
    shutdown_secs: u64,
}

impl Server {
    pub fn shutdown(&self) -> Duration {
        Duration::from_secs(self.shutdown_secs)
    }

    /// Where others reach this server; `bound` is where it listens.
    pub fn public_url(&self, bound: SocketAddr) -> Url {
        self.public_url.clone().unwrap_or_else(|| {
            let mut reachable = bound;
            if bound.ip().is_unspecified() {
                let local: IpAddr = match bound {
                    SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
                    SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
                };
                reachable.set_ip(local);
            }
            #[expect(clippy::expect_used, reason = "an address and a port always make a URL")]
            Url::parse(&format!("http://{reachable}")).expect("a socket's address is a host")
        })
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// May hold a password.
    #[serde(deserialize_with = "secret")]
    pub url: SecretString,
    pub connections: u32,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Llm {
    #[serde(deserialize_with = "secret")]
    pub api_key: SecretString,
    #[serde(deserialize_with = "optional_url")]
    pub base_url: Option<Url>,
    pub model: String,
    call_secs: u64,
    turn_secs: u64,
    pub max_rounds: u32,
    pub context_tokens: usize,
    pub max_completion_tokens: u32,
}

impl Llm {
    /// With neither key nor address, Bellhop answers without a model.
    pub fn is_configured(&self) -> bool {
        !self.api_key.expose_secret().is_empty() || self.base_url.is_some()
    }

    pub fn call(&self) -> Duration {
        Duration::from_secs(self.call_secs)
    }

    pub fn turn(&self) -> Duration {
        Duration::from_secs(self.turn_secs)
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Engine {
    debounce_ms: u64,
    debounce_max_ms: u64,
    pub workers: usize,
    lease_secs: u64,
    told_after_secs: u64,
    called_after_secs: u64,
    poll_ms: u64,
}

impl Engine {
    pub fn debounce(&self) -> Duration {
        Duration::from_millis(self.debounce_ms)
    }

    pub fn debounce_max(&self) -> Duration {
        Duration::from_millis(self.debounce_max_ms)
    }

    pub fn lease(&self) -> Duration {
        Duration::from_secs(self.lease_secs)
    }

    pub fn told_after(&self) -> Duration {
        Duration::from_secs(self.told_after_secs)
    }

    pub fn called_after(&self) -> Duration {
        Duration::from_secs(self.called_after_secs)
    }

    pub fn poll(&self) -> Duration {
        Duration::from_millis(self.poll_ms)
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestLimits {
    pub body_bytes: usize,
    pub chat_messages_per_minute: u32,
    pub chat_sessions_per_hour: u32,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    pub format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Demo {
    /// Empty: a random one.
    #[serde(deserialize_with = "secret")]
    pub password: SecretString,
    /// Empty: a random one.
    #[serde(deserialize_with = "secret")]
    pub api_key: SecretString,
}

fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SecretString, D::Error> {
    String::deserialize(deserializer).map(SecretString::from)
}

/// Empty text means none.
fn optional_url<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Url>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.trim().is_empty() {
        return Ok(None);
    }
    let url = Url::parse(text.trim())
        .map_err(|error| serde::de::Error::custom(format!("is not a complete URL ({error})")))?;
    if matches!(url.scheme(), "http" | "https") && url.has_host() {
        Ok(Some(url))
    } else {
        Err(serde::de::Error::custom("is not a URL that begins with http:// or https://"))
    }
}
