//! Bellhop, an AI concierge for hotels. The modules stand in the order in which a message meets them, then what they
//! all stand on.

/// The hotel's words as types: pure data and state machines. First only because its macro is used by the others.
#[macro_use]
pub mod domain;
/// The only wiring, from a configuration to a running server.
pub mod app;
/// A circuit breaker for each account of an outside system.
pub mod breaker;
/// The ways to a guest: verify and parse what comes in, render and classify what goes out.
pub mod channels;
/// Time and identifiers, as arguments.
pub mod clock;
/// What can be configured: defaults, a file, the environment.
pub mod config;
/// The hotel's own systems: capability traits, the registry, and the house on Bellhop's own tables.
pub mod connectors;
/// One turn: rules, context, model or house brain, claims, commit.
pub mod conversation;
/// Requests to vendors, their answers, and the one client.
pub mod http;
/// One message, one unit: mask, store once, alarm, wake.
pub mod intake;
/// What runs by itself: turns, sending, alerts, expiries.
pub mod jobs;
/// What measures and tries the product; no guest is served by it.
pub mod lab;
/// The language model behind one trait: chooses words, proposes actions, is not trusted.
pub mod llm;
/// What is said to a guest: written in the turn's unit, sent by a dispatcher.
pub mod outbox;
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
/// Every sentence that Bellhop itself says to a guest.
pub mod texts;
/// What a model may propose, and the one gate through which it passes.
pub mod tools;
/// HTTP: pages, API, who may do what.
pub mod web;

#[cfg(test)]
extern crate self as bellhop;
