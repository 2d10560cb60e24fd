//! What a channel can do: data, so that the engine never asks for a channel by name.

/// How a message reaches the guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// The guest's page reads it; nothing is sent.
    Pull,
    /// A dispatcher sends it through the vendor.
    Push,
}

/// A channel's abilities and limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capability {
    pub transport: Transport,
    /// Longest text of one message, in characters.
    pub max_chars: usize,
    /// Whether the channel itself vouches for the guest's address.
    pub vouches_for_address: bool,
    /// Whether the vendor can be asked what became of a message.
    pub can_look_up: bool,
    /// Whether recipients can opt out by a word (SMS).
    pub opt_out_words: bool,
    /// Most messages per second and account; 0: no limit.
    pub per_second: u32,
}
