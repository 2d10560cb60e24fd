//! The hotel's own terms and rules, pure; it must not do I/O or know another module.

pub mod names;
pub mod opt_out;
pub mod phone;
pub mod redact;
pub mod words;
