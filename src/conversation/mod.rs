//! One turn of a conversation, from the guest's burst to the reply; the model is asked here and never believed.

pub mod claims;
pub mod context;
pub mod prompt;
mod prompt_guard;
pub mod prompt_input;
