//! Which kinds of integration are built, and whether one that the configuration names can be used. No I/O.

use crate::config::{Config, Finding, IntegrationEntry};
use crate::connectors::{Account, Means};
use crate::domain::ids::PropertyId;
use crate::{channels, connectors};

/// The model's account; it belongs to no channel and to no system of the hotel.
const MODEL: &str = "llm.openai";

/// Every kind that is built, by name.
pub fn built() -> Vec<&'static str> {
    let mut kinds = channels::kinds();
    kinds.extend(connectors::kinds());
    kinds.push(MODEL);
    kinds.sort_unstable();
    kinds
}

/// As [`judge`]; a system of the hotel is opened too, which needs its property. The network is not asked.
pub fn judge_at(property: PropertyId, means: &Means, entry: &IntegrationEntry) -> Result<(), String> {
    judge(entry)?;
    if connectors::kinds().contains(&entry.kind.as_str()) {
        let account = Account { property, config: &entry.config, secrets: &entry.secrets };
        connectors::open(means, &entry.kind, &account).map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// Whether the entry's kind is built and, of a channel, its settings can be read; if not, why, in words.
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
