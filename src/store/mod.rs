//! What Bellhop keeps, one file per aggregate. Only this module knows SQL; every write goes through [`db::Db::write`].

pub mod bell;
pub mod db;
#[cfg(test)]
pub(crate) mod hotel_fixtures;
pub mod hotels;
pub mod stay_tokens;
pub mod stays;

pub use bell::{Bell, Bells};
pub use db::{Conn, Db, DbError, Tx};
