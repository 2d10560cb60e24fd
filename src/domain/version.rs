//! Versions of what a manager publishes: prompts and rule sets. One is live at most; publishing an older one rolls back.

use chrono::{DateTime, Utc};

text_enum! {
    pub enum VersionState {
        /// Written, never published.
        Draft = "draft",
        /// In use.
        Live = "live",
        /// Was in use; can be published again.
        Past = "past",
    }
}

/// One version of `T`.
#[derive(Debug, Clone, PartialEq)]
pub struct Version<T> {
    /// Counts from 1 within the property.
    pub version: i64,
    pub content: T,
    pub state: VersionState,
    /// Who wrote it, by name.
    pub created_by: String,
    pub created_at: DateTime<Utc>,
    /// The last time that it went live.
    pub published_at: Option<DateTime<Utc>>,
}
