//! What may go wrong with one call: queued by a test, or by chance from a seed.

use std::collections::VecDeque;
use std::time::Duration;

/// Which calls a fault is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    /// Posting a charge.
    Charge,
    /// Filing a request.
    Request,
    /// Setting a departure.
    Checkout,
    /// Anything that only reads.
    Read,
}

/// What happens to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The connection breaks before anything was done.
    DropBefore,
    /// Done, and the connection breaks before the answer is complete.
    DropAfter,
    /// Never done, and never answered until all is released; then it is broken off.
    HangBefore,
    /// Done, and never answered until all is released; then it is broken off.
    HangAfter,
    /// Status 500, and nothing was done.
    ErrorBefore,
    /// Done, and status 500.
    ErrorAfter,
    /// Status 422, and nothing was done.
    Refused,
    /// Status 429 with `Retry-After` in seconds; nothing was done.
    TooMany(u32),
    /// Done and answered, so much later, or when all is released.
    Slow(Duration),
    /// Done, and answered with a status that is not in the contract.
    OddStatus,
}

/// Faults by chance.
#[derive(Debug, Clone, Default)]
pub struct Weather {
    /// The same seed over the same calls gives the same faults.
    pub seed: u64,
    /// Each with its share of the calls that change something, in thousandths; the rest go well.
    pub faults: Vec<(Fault, u32)>,
}

#[derive(Default)]
pub(super) struct Faults {
    pub queue: VecDeque<(On, Fault)>,
    pub weather: Weather,
    drawn: u64,
}

impl Faults {
    pub fn next(&mut self, on: On) -> Option<Fault> {
        if let Some(at) = self.queue.iter().position(|(of, _)| *of == on) {
            return self.queue.remove(at).map(|(_, fault)| fault);
        }
        if on == On::Read || self.weather.faults.is_empty() {
            return None;
        }
        self.drawn += 1;
        let mut left = u32::try_from(mixed(self.weather.seed.wrapping_add(self.drawn)) % 1_000).unwrap_or(0);
        for (fault, share) in &self.weather.faults {
            if left < *share {
                return Some(*fault);
            }
            left -= *share;
        }
        None
    }
}

/// Spreads neighbouring numbers over all 64 bits.
fn mixed(number: u64) -> u64 {
    let mut mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    for shift in [31, 27, 33] {
        mixed = (mixed ^ (mixed >> shift)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    }
    mixed ^ (mixed >> 32)
}
