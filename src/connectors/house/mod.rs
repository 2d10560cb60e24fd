//! The house itself as property system: small hotels keep their stays and bills in Bellhop's own tables. It must not
//! charge to a stay that has ended.

mod client;
pub mod import;
mod rows;
#[cfg(test)]
mod tests;

use super::{
    Account, AfterCut, Connector, ConnectorError, Folios, Means, OpenError, Requests, Reservations, Stays,
    Step,
};
use crate::clock::Clock;
use crate::domain::ids::PropertyId;
use crate::secrets::Secrets;
use crate::store::{Db, DbError};
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::sync::Arc;

pub const KIND: &str = "pms.house";

/// Where the house keeps its things.
#[derive(Clone)]
pub struct Tables {
    pub db: Db,
    pub clock: Clock,
}

/// It has nothing to configure; a key that somebody writes is refused rather than ignored.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {}

/// One property's house.
struct House {
    tables: Tables,
    property: PropertyId,
}

pub(super) fn check(config: &Map<String, Value>, _: &Secrets) -> Result<(), OpenError> {
    let Config {} = super::config(KIND, config)?;
    Ok(())
}

pub(super) fn open(means: &Means, account: &Account<'_>) -> Result<Arc<dyn Connector>, OpenError> {
    check(account.config, account.secrets)?;
    Ok(Arc::new(House { tables: means.house.clone(), property: account.property }))
}

impl Connector for House {
    fn kind(&self) -> &'static str {
        KIND
    }
    fn reservations(&self) -> Option<&dyn Reservations> {
        Some(self)
    }
    fn folios(&self) -> Option<&dyn Folios> {
        Some(self)
    }
    /// Bellhop's own list is the house's list.
    fn requests(&self) -> Option<&dyn Requests> {
        None
    }
    /// The same reference is one posting, and a departure set twice is set once.
    fn after_cut(&self, _: Step) -> AfterCut {
        AfterCut::Repeat { within: TimeDelta::MAX }
    }
    fn stays(&self) -> Option<&dyn Stays> {
        Some(self)
    }
}

/// Of a write: a database that went away in the middle may have committed, and a row that is there already was
/// written by somebody with the same reference.
impl From<DbError> for ConnectorError {
    fn from(error: DbError) -> Self {
        let why = error.to_string();
        match error {
            DbError::Unavailable(_) | DbError::Unique => ConnectorError::Unknown { why },
            DbError::ForeignKey
            | DbError::Corrupt(_)
            | DbError::Refused(_)
            | DbError::Schema(_)
            | DbError::Panicked => ConnectorError::Refused { why },
        }
    }
}

/// Of a read: nothing was to be done, so nothing can have been.
fn unread(error: DbError) -> ConnectorError {
    match ConnectorError::from(error) {
        ConnectorError::Unknown { why } => ConnectorError::Unavailable { why },
        other => other,
    }
}
