//! What the web asks about kinds of integration. The app answers, because it alone knows channels, systems and models
//! together; nothing here opens an account.

use crate::domain::integration::{Field, Integration};
use crate::secrets::Secrets;
use async_trait::async_trait;
use serde::Serialize;
use serde_json::{Map, Value};

/// One kind that is built.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Kind {
    /// `area.vendor`
    pub kind: &'static str,
    /// Its settings and secrets; empty: it needs none.
    pub fields: Vec<Field>,
    /// The vendor's part of `/hooks/{hook}/{property}`, where the vendor calls us.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hook: Option<&'static str>,
    /// What belongs behind that address at the vendor, so that it repeats what could not be stored; mostly nothing.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub hook_fragment: &'static str,
}

/// One step of a test, ticked or not.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Step {
    pub name: String,
    pub ok: bool,
    /// What happened and, where it failed, what to do.
    pub words: String,
}

impl Step {
    pub fn new(name: &str, outcome: Result<String, String>) -> Self {
        let ok = outcome.is_ok();
        let (Ok(words) | Err(words)) = outcome;
        Self { name: name.to_owned(), ok, words }
    }
}

/// The kinds that are built, and what can be done with an account of each.
#[async_trait]
pub trait Kinds: Send + Sync {
    /// By name.
    fn built(&self) -> Vec<Kind>;

    /// Whether these settings can be used; if not, why and what to do. The network is not asked.
    fn judge(&self, kind: &str, config: &Map<String, Value>, secrets: &Secrets) -> Result<(), String>;

    /// Tries the account for real, without changing anything there; the first step that fails is the last.
    async fn test(&self, integration: &Integration, secrets: &Secrets) -> Vec<Step>;
}
