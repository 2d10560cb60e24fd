//! What Bellhop keeps, one file per aggregate. Only this module knows SQL; every write goes through [`db::Db::write`].

pub mod audit;
pub mod bell;
pub mod conversations;
pub mod db;
pub mod decisions;
pub mod effects;
pub mod escalations;
pub mod hotels;
pub mod messages;
pub mod opt_outs;
pub mod outbox;
pub mod people;
pub mod proof_tries;
pub mod requests;
pub mod sessions;
pub mod stay_tokens;
pub mod stays;
pub mod web_sessions;

#[cfg(test)]
pub(crate) mod hotel_fixtures;
#[cfg(test)]
pub mod testing;

pub use bell::{Bell, Bells};
pub use db::{Conn, Db, DbError, Tx};
