//! Staff, their roles, API scopes, and who did something.

use super::ids::{ApiKeyId, PropertyId, UserId};
use serde::Serialize;

text_enum! {
    /// Each role may do what those before it may.
    pub enum Role {
        /// Works in the inbox.
        Agent = "agent",
        /// Edits prompts, rules, facts, items, tools.
        Manager = "manager",
        /// Edits integrations, people and keys too.
        Admin = "admin",
    }
}

text_enum! {
    /// What an API key may do; each scope includes those before it.
    pub enum Scope {
        Read = "read",
        Write = "write",
        Admin = "admin",
    }
}

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "actor", content = "id", rename_all = "snake_case")]
pub enum Actor {
    User(UserId),
    ApiKey(ApiKeyId),
    /// Bellhop itself, or a command on its machine.
    System,
}

/// Where somebody has a role: one property, or all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    Property(PropertyId),
    Everywhere,
}

impl Reach {
    pub fn covers(self, property: PropertyId) -> bool {
        match self {
            Reach::Everywhere => true,
            Reach::Property(id) => id == property,
        }
    }
}
