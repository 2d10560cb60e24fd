//! Chance from a seed: the same seed gives the same world. It is no source of secrets.

/// SplitMix64 (Steele, Lea, Flood 2014): one word of state, good enough for drawing lots.
#[derive(Debug, Clone)]
pub struct Rng(u64);

impl Rng {
    pub fn new(seed: u64) -> Self {
        // Neighbouring seeds must not begin alike.
        let mut rng = Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d);
        rng.next();
        rng
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below `end`; 0 when `end` is 0.
    pub fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % end).unwrap_or(0)
    }

    /// Both ends included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = u64::try_from(high.saturating_sub(low)).unwrap_or(0).saturating_add(1);
        low.saturating_add(i64::try_from(self.next() % span).unwrap_or(0))
    }

    /// True so many times in a hundred.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.next() % 100 < percent
    }

    /// True so many times in 100,000.
    pub fn lot(&mut self, of_100_000: u64) -> bool {
        self.next() % 100_000 < of_100_000
    }

    /// One of them, by weight.
    pub fn weighted<T: Copy>(&mut self, lots: &[(u64, T)], otherwise: T) -> T {
        let total: u64 = lots.iter().map(|(weight, _)| weight).sum();
        let mut drawn = self.next() % total.max(1);
        for (weight, lot) in lots {
            match drawn.checked_sub(*weight) {
                Some(left) => drawn = left,
                None => return *lot,
            }
        }
        otherwise
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_draws_the_same_lots_and_weights_are_kept() {
        let (mut one, mut other) = (Rng::new(7), Rng::new(7));
        assert!((0..100).all(|_| one.next() == other.next()));
        let mut rng = Rng::new(8);
        let often = (0..10_000).filter(|_| rng.weighted(&[(9, true), (1, false)], false)).count();
        assert!((8_800..9_200).contains(&often), "{often}");
        assert!((0..1000).all(|_| (3..=5).contains(&rng.between(3, 5))));
    }
}
