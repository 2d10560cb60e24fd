//! What Bellhop keeps, one file per aggregate. Only this module knows SQL; every write goes through [`db::Db::write`].

pub mod audit;
pub mod bell;
pub mod conversations;
pub mod db;
pub mod decisions;
mod doors;
pub mod effects;
pub mod escalations;
pub mod facts;
pub mod gate;
pub mod hotel_book;
pub mod hotels;
pub mod house_postings;
pub mod inbox;
pub mod integrations;
pub mod items;
pub mod leases;
pub mod messages;
pub mod opt_outs;
pub mod outbox;
pub mod overview;
pub mod people;
pub mod policies;
pub mod probe;
pub mod proof_tries;
pub mod requests;
mod search;
pub mod send_pace;
pub mod sessions;
pub mod stay_tokens;
pub mod stays;
pub mod undelivered;
pub mod versions;
pub mod web_sessions;

#[cfg(test)]
pub(crate) mod hotel_fixtures;
#[cfg(test)]
mod parity_tests;
#[cfg(test)]
mod plan_tests;
#[cfg(test)]
pub mod testing;

pub use bell::{Bell, Bells, Typist};
pub use db::{Conn, Db, DbError, Tx};
pub use doors::PageBells;
pub use gate::{Gate, Place};
