//! What a channel can do: data, so that the engine never asks for a channel by name.

use chrono::TimeDelta;
use std::time::Duration;

/// How a message reaches the guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// The guest's page reads it; nothing is sent.
    Pull,
    /// A dispatcher sends it through the vendor.
    Push,
}

/// How many messages a vendor lets one account send to one recipient within some time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PairLimit {
    pub messages: i64,
    pub within: TimeDelta,
}

/// A channel's abilities and limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capability {
    pub transport: Transport,
    /// Longest text of one message, in characters.
    pub max_chars: usize,
    /// Whether the channel itself vouches for the guest's address.
    pub vouches_for_address: bool,
    /// How long after a sending began the vendor surely lists what it has taken, the request's own time limit included;
    /// `None`: the vendor cannot be asked.
    pub surely_listed_after: Option<Duration>,
    /// Whether recipients can opt out by a word (SMS).
    pub opt_out_words: bool,
    /// Whether the guest can be shown that a message was read.
    pub read_marks: bool,
    /// For how long after the guest's last message the vendor takes free words, and later only templates; `None`: always.
    pub window: Option<TimeDelta>,
    /// `None`: only the account as a whole has a pace.
    pub pair_limit: Option<PairLimit>,
}
