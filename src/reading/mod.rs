//! What the guest's words mean, decided without a model; it must not do I/O or import anything of ours but `domain`.

pub mod confirm;
mod confirm_words;
pub mod email_reply;
pub mod facts;
pub mod intent;
pub mod items;
pub mod language;
pub mod phrases;
pub mod proof;
mod proof_words;
pub mod sentiment;
pub mod slots;
pub mod tags;
pub mod tokens;
