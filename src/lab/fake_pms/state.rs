//! What the fake remembers. Charges are never merged here: one that was posted twice is there twice.

use super::faults::Faults;
use crate::domain::money::Money;
use chrono::{DateTime, Utc};
use serde_json::Value;
use std::collections::HashMap;

/// What the system can do about a call that comes again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeps {
    /// The same `Idempotency-Key` is done once; it cannot be asked by reference.
    Keys,
    /// It can be asked by reference; a call that comes again is done again.
    References,
    Nothing,
}

/// A charge on a bill.
#[derive(Debug, Clone, PartialEq)]
pub struct Posting {
    pub id: String,
    /// The stay's confirmation number.
    pub confirmation: String,
    /// Ours, as it was sent, even where the system itself keeps none.
    pub reference: String,
    pub description: String,
    pub amount: Money,
    pub posted_at: DateTime<Utc>,
    pub voided: bool,
}

pub(super) struct Request {
    pub id: String,
    pub reference: String,
    pub filed_at: DateTime<Utc>,
}

#[derive(Default)]
pub(super) struct State {
    pub stays: Vec<Value>,
    pub postings: Vec<Posting>,
    pub requests: Vec<Request>,
    /// The answer that a key was given.
    pub keys: HashMap<String, Value>,
    pub faults: Faults,
    pub calls: u64,
    /// Calls that were made to wait, for an answer or for ever.
    pub made_to_wait: u64,
    made: u64,
}

impl State {
    pub fn new(stays: Vec<Value>) -> Self {
        Self { stays, ..Self::default() }
    }

    pub fn next_id(&mut self, prefix: &str) -> String {
        self.made += 1;
        format!("{prefix}-{}", self.made)
    }

    pub fn stay(&self, id: &str) -> Option<&Value> {
        self.stays.iter().find(|stay| stay["id"] == id)
    }
}
