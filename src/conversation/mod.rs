//! One turn of a conversation, from the guest's burst to the reply; the model is asked here and never believed.

mod address;
mod brain;
pub mod claims;
mod commit;
pub mod context;
pub mod desk;
mod draft;
pub mod engine;
pub mod escalation;
mod evidence;
pub mod first_versions;
mod house_brain;
mod model_brain;
mod offer;
pub mod prompt;
mod prompt_guard;
pub mod prompt_input;
mod proof;
pub mod ready;
mod signals;
pub mod turn;

pub use engine::{Engine, Limits, Systems};
pub use proof::{ProvedBy, attach_stay};
pub use ready::ReadyBooks;
