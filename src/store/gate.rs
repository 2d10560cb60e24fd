//! What may stand between a caller and the database: nothing in the product; in the laboratory a world that suspends,
//! refuses and loses answers. It must not touch what is read or written.

use super::db::DbError;
use async_trait::async_trait;
use std::panic::Location;

/// The line of code that asks.
pub type Place = &'static Location<'static>;

/// Passed by everybody who reads or writes.
#[async_trait]
pub trait Gate: Send + Sync {
    /// Before a connection to read from is given out; an error is what the caller gets in its place.
    async fn read(&self, place: Place) -> Result<(), DbError>;

    /// Before a unit begins; with an error nothing of it is written.
    async fn write(&self, place: Place) -> Result<(), DbError>;

    /// After the commit and before the caller hears of it; with an error the caller does not know that it was kept.
    async fn committed(&self, place: Place) -> Result<(), DbError>;
}
