//! The prompt and the rules that a new hotel begins with, published as its first versions. It must not touch a hotel
//! that has some.

use super::prompt;
use crate::clock::Clock;
use crate::domain::ids::PropertyId;
use crate::domain::rules;
use crate::store::versions::{Prompts, RuleSets, Versions};
use crate::store::{DbError, Tx};

/// Who wrote them, as the history shows it.
pub const AUTHOR: &str = "Bellhop";

/// Publishes both, so that a manager finds something to edit.
pub async fn publish(tx: &mut Tx, clock: &Clock, property: PropertyId) -> Result<(), DbError> {
    let now = clock.now();
    let template = prompt::DEFAULT.to_owned();
    let version = Prompts::insert_draft(tx, property, clock.id(), &template, AUTHOR, now).await?;
    Prompts::publish(tx, property, version, now).await?;
    let rules = rules::standard().map_err(|error| DbError::Corrupt(format!("rules.toml: {error}")))?;
    let version = RuleSets::insert_draft(tx, property, clock.id(), &rules, AUTHOR, now).await?;
    RuleSets::publish(tx, property, version, now).await?;
    Ok(())
}
