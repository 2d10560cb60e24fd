//! Stories of the router: who gets in, who stays out, and what an error looks like.

mod answers;
mod people;
mod sign_in;
