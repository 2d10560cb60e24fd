//! One account of one outside system at one property.

use super::ids::{IntegrationId, PropertyId};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

/// Its secrets are kept apart, encrypted; see `secrets`.
#[derive(Debug, Clone, PartialEq)]
pub struct Integration {
    pub id: IntegrationId,
    pub property_id: PropertyId,
    /// `area.vendor`: `sms.twilio`, `pms.house`, `llm.openai`.
    pub kind: String,
    pub name: String,
    pub config: Map<String, Value>,
    pub enabled: bool,
    pub last_ok_at: Option<DateTime<Utc>>,
    /// In words, for the console.
    pub last_error: Option<String>,
    pub created_at: DateTime<Utc>,
}

impl Integration {
    /// `sms` of `sms.twilio`.
    pub fn area(&self) -> &str {
        self.kind.split('.').next().unwrap_or_default()
    }
}
