//! What a turn works with, and the ways to a hotel's systems, which only the app knows how to open.

use super::ready::ReadyBooks;
use crate::clock::Clock;
use crate::connectors::{Connector, OpenError};
use crate::llm::Model;
use crate::store::Db;
use crate::store::hotel_book::{HotelBook, HotelBooks};
use async_trait::async_trait;
use chrono::TimeDelta;
use std::sync::Arc;
use std::time::Duration;

/// A hotel's own systems, opened on demand.
#[async_trait]
pub trait Systems: Send + Sync {
    /// The hotel's models in the order in which they are asked, or the default one; none: the house brain answers.
    async fn models(&self, book: &HotelBook) -> Vec<Arc<dyn Model>>;
    async fn pms(&self, book: &HotelBook) -> Result<Arc<dyn Connector>, OpenError>;
}

/// Limits of a turn.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// For one call of the model.
    pub call: Duration,
    /// For all calls of one turn; then the house brain answers.
    pub turn: Duration,
    /// How often the model may ask for tools before it has to answer.
    pub rounds: u32,
    /// For the history that the model sees.
    pub context_tokens: i64,
    pub completion_tokens: u32,
    /// How long a worker may hold a conversation.
    pub lease: TimeDelta,
    /// After this many runs that failed, staff are called instead.
    pub tries: i64,
    /// After waiting so long for an answer, the guest is told that it takes longer.
    pub told_after: TimeDelta,
    /// And after so long, staff are called.
    pub called_after: TimeDelta,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            call: Duration::from_secs(20),
            turn: Duration::from_secs(45),
            rounds: 4,
            context_tokens: 6_000,
            completion_tokens: 700,
            lease: TimeDelta::seconds(120),
            tries: 5,
            told_after: TimeDelta::seconds(60),
            called_after: TimeDelta::seconds(300),
        }
    }
}

/// The engine; cheap to clone.
#[derive(Clone)]
pub struct Engine {
    pub db: Db,
    pub clock: Clock,
    pub books: HotelBooks,
    pub systems: Arc<dyn Systems>,
    pub limits: Limits,
    pub ready: ReadyBooks,
}
