//! Bellhop, an AI concierge for hotels. The modules stand in the order in which a message meets them.

/// The only wiring, from a configuration to a running server.
pub mod app;
/// The ways to a guest: verify and parse what comes in, render and classify what goes out.
pub mod channels;
/// Time and identifiers, as arguments.
pub mod clock;
/// What can be configured: defaults, a file, the environment.
pub mod config;
/// The hotel's own systems: capability traits, the registry, and the house on Bellhop's own tables.
pub mod connectors;
/// One turn of a conversation: prompt, context, claims.
pub mod conversation;
/// The hotel's words as types: pure data and state machines.
pub mod domain;
/// Requests to vendors and their answers.
pub mod http;
/// What measures and tries the product; no guest is served by it.
pub mod lab;
/// The language model behind one trait: chooses words, proposes actions, is not trusted.
pub mod llm;
/// Passwords: judged, hashed, verified.
pub mod passwords;
/// What the guest's words mean, decided without a model.
pub mod reading;
/// Secrets: sealed at rest, hidden in memory, random where we make them.
pub mod secrets;
/// The order to stop, as long-lived tasks and event streams hear it.
pub mod shutdown;
/// What Bellhop keeps: SQL for two engines, and the one write unit.
pub mod store;
/// Logs and metrics, without anything of a guest.
pub mod telemetry;
/// HTTP: pages, API, who may do what.
pub mod web;

#[cfg(test)]
extern crate self as bellhop;
