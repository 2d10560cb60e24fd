//! What stories are told with: a Bellhop inside the test, a stub Twilio, the disk, real processes, a browser.

pub mod app;
mod books;
pub mod browser;
pub mod dice;
pub mod disk;
pub mod exchange;
pub mod node;
pub mod process;
mod remote;
pub mod served;
pub mod tcp;
pub mod twilio;

#[path = "../../../src/store/testing.rs"]
#[allow(dead_code, reason = "the file is shared with the unit tests, which use more of it")]
mod databases;

pub use super::source::root as source_root;
pub use app::{Answer, Chat, House, Setup, story};
pub use databases::both_urls;
