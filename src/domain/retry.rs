//! When something that failed is tried again: the one schedule of turns and messages. It waits for nobody itself.

use chrono::TimeDelta;
use std::time::Duration;

/// Pauses that double, each drawn anew between nothing and its ceiling: what failed together must not return together.
#[derive(Debug, Clone, Copy)]
pub struct Schedule {
    /// The ceiling of the first pause.
    pub first: TimeDelta,
    /// No ceiling is higher.
    pub longest: TimeDelta,
}

/// Of messages to a vendor.
pub const SENDING: Schedule = Schedule { first: TimeDelta::seconds(1), longest: TimeDelta::minutes(5) };
/// Of a conversation's turns.
pub const TURNS: Schedule = Schedule { first: TimeDelta::seconds(4), longest: TimeDelta::seconds(64) };
/// Of asking a vendor what became of a message.
pub const LOOKING: Schedule = Schedule { first: TimeDelta::seconds(4), longest: TimeDelta::minutes(5) };

/// How long one recipient is left alone after the `failed`-th message that the vendor found too much for them, counted
/// from 1: four times as long each time and up to five minutes, with a second at most of chance. `chance` lies in 0 … 1.
pub fn pair_pause(failed: i64, chance: f64) -> TimeDelta {
    let fourfold = u32::try_from(failed.clamp(1, 6) - 1).unwrap_or(0);
    let least = TimeDelta::seconds(4_i64.pow(fourfold)).min(SENDING.longest);
    least + SENDING.pause(1, None, chance)
}

impl Schedule {
    /// How long to wait after the `failed`-th failure, counted from 1. `chance` lies in 0 … 1; what the other side has
    /// asked for is never shortened.
    pub fn pause(self, failed: i64, asked: Option<Duration>, chance: f64) -> TimeDelta {
        let doublings = u32::try_from(failed.clamp(1, 30) - 1).unwrap_or(0);
        let ceiling = self.first.checked_mul(2_i32.saturating_pow(doublings)).unwrap_or(self.longest);
        let micros = ceiling.min(self.longest).num_microseconds().unwrap_or(0);
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            reason = "minutes in microseconds"
        )]
        let drawn = TimeDelta::microseconds((micros as f64 * chance.clamp(0.0, 1.0)) as i64);
        let asked = asked.and_then(|asked| TimeDelta::from_std(asked).ok()).unwrap_or_default();
        asked + drawn
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ceilings_double_up_to_the_longest() {
        let ceilings: Vec<i64> = (1..12).map(|n| SENDING.pause(n, None, 1.0).num_seconds()).collect();
        assert_eq!(ceilings, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
        assert_eq!(SENDING.pause(i64::MAX, None, 1.0), SENDING.longest);
    }

    #[test]
    fn a_recipient_who_got_too_much_is_left_alone_four_times_as_long_each_time() {
        let pauses: Vec<i64> = (1..8).map(|n| pair_pause(n, 0.0).num_seconds()).collect();
        assert_eq!(pauses, [1, 4, 16, 64, 256, 300, 300]);
        assert_eq!(pair_pause(2, 1.0), TimeDelta::seconds(5));
    }

    proptest! {
        #[test]
        fn nobody_comes_back_sooner_than_asked_or_later_than_the_longest(
            failed in 0..1000_i64, asked in prop::option::of(0..4000_u64), chance in 0.0..1.0_f64,
        ) {
            let pause = SENDING.pause(failed, asked.map(Duration::from_secs), chance);
            let least = TimeDelta::seconds(i64::try_from(asked.unwrap_or(0)).unwrap());
            prop_assert!(pause >= least && pause <= least + SENDING.longest);
        }
    }
}
