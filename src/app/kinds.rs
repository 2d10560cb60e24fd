//! Which kinds of integration are built, and whether one that the configuration names can be used. No I/O.

use crate::channels;
use crate::config::{Config, Finding, IntegrationEntry};

/// The model's account; it belongs to no channel and to no system of the hotel.
const MODEL: &str = "llm.openai";

/// Every kind that is built, by name.
pub fn built() -> Vec<&'static str> {
    let mut kinds = channels::kinds();
    kinds.push(MODEL);
    kinds.sort_unstable();
    kinds
}

/// Whether the entry's kind is built and its settings can be read; if not, why, in words.
pub fn judge(entry: &IntegrationEntry) -> Result<(), String> {
    if let Some(channel) = channels::by_kind(&entry.kind) {
        return channel
            .open(&entry.config, &entry.secrets)
            .map(|_| ())
            .map_err(|problem| problem.to_string());
    }
    if built().contains(&entry.kind.as_str()) {
        Ok(())
    } else {
        Err(format!("its kind {:?} is not built; built are: {}", entry.kind, built().join(", ")))
    }
}

/// All of the file's entries that cannot be used.
pub fn check(config: &Config) -> Vec<Finding> {
    let problem = |(at, entry): (usize, &IntegrationEntry)| {
        let why = judge(entry).err()?;
        Some(Finding::error(format!("integrations.{at}"), format!("cannot be used: {why}"), "Correct it."))
    };
    config.integrations.iter().enumerate().filter_map(problem).collect()
}
