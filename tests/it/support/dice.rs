//! Chance that can be repeated: the same seed throws the same numbers. It is no source of secrets.

use std::cell::Cell;
use std::time::Duration;

/// SplitMix64. <https://prng.di.unimi.it/splitmix64.c>
pub struct Dice(Cell<u64>);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(Cell::new(seed))
    }

    /// Other dice, which do not disturb these.
    pub fn child(&self) -> Self {
        Self::new(self.throw())
    }

    fn throw(&self) -> u64 {
        self.0.set(self.0.get().wrapping_add(0x9e37_79b9_7f4a_7c15));
        let mut z = self.0.get();
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// 0 … `count` − 1.
    pub fn below(&self, count: usize) -> usize {
        usize::try_from(self.throw() % u64::try_from(count).unwrap()).unwrap()
    }

    pub fn millis(&self, from: usize, to: usize) -> Duration {
        Duration::from_millis(u64::try_from(from + self.below(to - from)).unwrap())
    }
}
