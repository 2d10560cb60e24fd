//! The one integration binary: stories that guests, staff and managers would tell, and the shape of the source.

mod support;

mod answers;
mod arrows;
mod bad_input;
mod bursts;
mod cards;
mod fence;
mod handover;
mod hostile;
mod killed;
mod models;
mod neighbours;
mod rules;
mod sandwich;
mod shape;
mod smoke;
mod source;
mod text_messages;
mod towels;
