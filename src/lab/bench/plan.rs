//! What the conductor asks of the load and what the load tells it, one JSON object per line. It measures nothing.

use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

/// How guests write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    Webchat,
    Sms,
}

impl Channel {
    pub fn as_str(self) -> &'static str {
        match self {
            Channel::Webchat => "webchat",
            Channel::Sms => "sms",
        }
    }
}

/// The first line of the load: where its stubs listen.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Stubs {
    pub address: SocketAddr,
}

/// One stretch of load.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Phase {
    /// Guests are spread over them.
    pub servers: Vec<SocketAddr>,
    pub channel: Channel,
    pub turns: u32,
    /// Guests at the same time; in an open loop, guests who stand ready.
    pub guests: u32,
    pub turns_per_guest: u32,
    /// Turns per second that begin whether or not earlier ones have ended; `None`: the next begins when one ends.
    pub rate: Option<f64>,
    pub wish: Wish,
    /// Guests of stays; empty: strangers.
    pub stays: Vec<StayOf>,
    /// Keeps the guests of one phase from being those of another.
    pub phase: u32,
}

/// What the guests write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Wish {
    /// Something that the model answers in words.
    Talk,
    /// Towels: the model calls a tool and then answers.
    Towels,
}

/// What a guest of a stay proves it with.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct StayOf {
    pub phone: String,
    pub token: String,
}

/// What the load saw. Times in microseconds.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Seen {
    pub seconds: f64,
    pub turns: u32,
    /// Turns without a reply, or with a wrong answer of the server; the first few in words.
    pub failed: u32,
    pub failures: Vec<String>,
    pub acknowledged: Vec<u32>,
    pub replied: Vec<u32>,
    /// Requests that the stub model answered.
    pub model_calls: u64,
    /// The load's own processor time, in seconds.
    pub cpu_seconds: f64,
}
