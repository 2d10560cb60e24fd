//! The one integration binary: stories that guests, staff and managers would tell, and the shape of the source.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod support;

mod answers;
mod any_order;
mod arrows;
mod away;
mod backup;
mod bad_input;
mod browser;
mod bursts;
mod cards;
mod clock;
mod crashes;
mod cut_off;
mod document;
mod doubts;
mod doubts_race;
mod fates;
mod fence;
mod first_hotel;
mod full_queue;
mod handover;
mod hostile;
mod killed;
mod meanwhile;
mod models;
mod neighbours;
mod nodes;
mod pace;
mod paused;
mod rules;
mod sandwich;
mod shape;
mod smoke;
mod source;
mod stays_end;
mod stored;
mod text_messages;
mod towels;
mod whatsapp;
