//! Stories of the router: who gets in, who stays out, and what an error looks like.

mod answers;
mod chat;
mod console;
mod desk;
mod hooks;
mod inbox;
mod integrations;
mod manager;
mod people;
mod sign_in;
mod whatsapp;
mod windows;
