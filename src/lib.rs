//! Bellhop.

pub mod domain;
pub mod reading;
