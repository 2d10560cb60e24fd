//! What a guest can order or read: the hotel's own items and facts.

use super::hotel::Hours;
use super::ids::{FactId, ItemId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

text_enum! {
    pub enum ItemKind {
        /// Brought to the room: a charge and a request to its department.
        Menu = "menu",
        /// Charged and arranged by its department: transfer, parking.
        Extra = "extra",
    }
}

/// Something with a price.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    pub id: ItemId,
    pub kind: ItemKind,
    pub details: ItemDetails,
    pub active: bool,
}

/// What a manager writes about an item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemDetails {
    /// Name by language; one at least.
    pub names: BTreeMap<String, String>,
    /// Other words that guests use for it.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Minor units of the hotel's currency.
    pub price_minor: i64,
    /// Who prepares it: `kitchen`, `concierge`.
    pub department: String,
    /// When it can be ordered; `None`: always.
    #[serde(default)]
    pub hours: Option<Hours>,
}

impl Item {
    /// Its name in the language, or the first that there is.
    pub fn name(&self, lang: &str) -> &str {
        let names = &self.details.names;
        names
            .get(lang)
            .or_else(|| names.get("en"))
            .or_else(|| names.values().next())
            .map_or("?", String::as_str)
    }
}

/// Something the hotel knows and tells anyone.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    pub id: FactId,
    pub title: String,
    pub text: String,
    pub lang: String,
}
