//! The laboratory: what measures and tries the product; nothing here runs while guests are served.

pub mod bench;
pub mod chaos;
pub mod demo;
pub mod fake_pms;
pub mod measure;
pub mod seed;
mod served;
pub mod stub_model;
