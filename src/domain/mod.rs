//! The hotel's words as types: pure data and state machines, which import nothing else of ours.

#[macro_use]
mod text_enum;
pub use text_enum::UnknownWord;

pub mod capability;
pub mod choices;
pub mod conversation;
pub mod effect;
pub mod emergency;
pub mod escalation;
pub mod hotel;
mod hotel_check;
pub mod ids;
pub mod integration;
pub mod item;
pub mod message;
pub mod money;
pub mod names;
pub mod network;
pub mod opt_out;
pub mod people;
pub mod phone;
pub mod proof;
pub mod redact;
pub mod request;
pub mod retry;
pub mod rules;
pub mod stay;
pub mod template;
pub mod tool_policy;
pub mod version;
pub mod words;
