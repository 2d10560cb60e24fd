//! Stories of the router: who gets in, who stays out, and what an error looks like.

mod answers;
