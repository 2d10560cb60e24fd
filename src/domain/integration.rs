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

/// One setting or secret of a kind, so that a form can ask for it by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Field {
    pub name: &'static str,
    /// What it is and where to find it, for a manager.
    pub help: &'static str,
    pub required: bool,
    /// Kept encrypted, never shown again.
    pub secret: bool,
}
