//! What Bellhop keeps, one file per aggregate. Only this module knows SQL; every write goes through [`db::Db::write`].

pub mod bell;
pub mod db;

pub use bell::{Bell, Bells};
pub use db::{Conn, Db, DbError, Tx};
