//! Time, identifiers and chance, as arguments: the system's in production, settable ones in tests and simulations.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use uuid::timestamp::context::ContextV7;
use uuid::{Timestamp, Uuid};

/// What nobody has asked about for so long is forgotten: whoever asks again waits again.
const REMEMBERED: TimeDelta = TimeDelta::hours(2);

#[derive(Clone)]
enum Source {
    /// Since when this process has been counting.
    System(Instant),
    /// Microseconds since 1970, and microseconds that have passed, both moved by its holder.
    Manual { wall: Arc<AtomicI64>, passed: Arc<AtomicI64> },
}

/// The clock. It truncates to microseconds, which is what both databases keep.
#[derive(Clone)]
pub struct Clock {
    source: Source,
    /// Ids of the same millisecond go up: rows that are written together keep their order.
    counter: Arc<Mutex<ContextV7>>,
    /// Where chance has come to; a manual clock begins it at its own time, so that a story goes the same way again.
    dice: Arc<AtomicU64>,
    /// Since when this process has known of something, by the time that has passed; gone with the process.
    known: Arc<Mutex<HashMap<(Uuid, i64), TimeDelta>>>,
}

impl Clock {
    fn of(source: Source, seed: u64) -> Self {
        Self {
            source,
            counter: Arc::new(Mutex::new(ContextV7::new())),
            dice: Arc::new(AtomicU64::new(seed)),
            known: Arc::default(),
        }
    }

    pub fn system() -> Self {
        // Two processes that start together must not draw the same pauses.
        let (high, low) = Uuid::new_v7(Timestamp::from_unix(ContextV7::new(), 0, 0)).as_u64_pair();
        Self::of(Source::System(Instant::now()), high ^ low)
    }

    /// A clock that stands still until it is moved.
    pub fn manual(start: DateTime<Utc>) -> Self {
        let micros = start.timestamp_micros();
        let (wall, passed) = (Arc::new(AtomicI64::new(micros)), Arc::default());
        Self::of(Source::Manual { wall, passed }, micros.unsigned_abs())
    }

    pub fn now(&self) -> DateTime<Utc> {
        match &self.source {
            #[expect(clippy::disallowed_methods, reason = "this is where the system's time comes from")]
            Source::System(_) => Utc::now().duration_trunc(TimeDelta::microseconds(1)).unwrap_or_default(),
            Source::Manual { wall, .. } => {
                DateTime::from_timestamp_micros(wall.load(Ordering::SeqCst)).unwrap_or_default()
            }
        }
    }

    /// How much time has really passed since this process began to count, whatever the clock has been set to meanwhile.
    pub fn passed(&self) -> TimeDelta {
        match &self.source {
            Source::System(since) => TimeDelta::from_std(since.elapsed()).unwrap_or(TimeDelta::MAX),
            Source::Manual { passed, .. } => TimeDelta::microseconds(passed.load(Ordering::SeqCst)),
        }
    }

    /// For how much time that has really passed this process has known of `what`; the first question begins it. `what`: a
    /// row, and which of the things that happened to it.
    pub fn known_for(&self, what: (Uuid, i64)) -> TimeDelta {
        let passed = self.passed();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(since) = known.get(&what) {
            return passed - *since;
        }
        known.retain(|_, since| passed - *since < REMEMBERED);
        known.insert(what, passed);
        TimeDelta::zero()
    }

    /// As if it had been asked about at `since`, in time that has passed.
    pub fn knows(&self, what: (Uuid, i64), since: TimeDelta) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).entry(what).or_insert(since);
    }

    /// It has come to its end.
    pub fn forget(&self, what: (Uuid, i64)) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).remove(&what);
    }

    /// Lets time pass by a manual clock; the system's takes no orders.
    pub fn advance(&self, by: TimeDelta) {
        if let Source::Manual { passed, .. } = &self.source {
            passed.fetch_add(by.num_microseconds().unwrap_or(0).max(0), Ordering::SeqCst);
        }
        self.jump(by);
    }

    /// Sets a manual clock forward or back; no time passes.
    pub fn jump(&self, by: TimeDelta) {
        if let Source::Manual { wall, .. } = &self.source {
            wall.fetch_add(by.num_microseconds().unwrap_or(0), Ordering::SeqCst);
        }
    }

    /// A number in 0 … 1, below 1: for pauses, never for secrets.
    pub fn chance(&self) -> f64 {
        // A Weyl sequence with a mixing function: short, even, and the same again from the same seed.
        let step = 0x9e37_79b9_7f4a_7c15;
        let mut z = self.dice.fetch_add(step, Ordering::Relaxed).wrapping_add(step);
        z = (z ^ (z >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
        z = (z ^ (z >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
        z ^= z >> 32;
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
        let share = (z >> 11) as f64 / (1_u64 << 53) as f64;
        share
    }

    /// A fresh UUIDv7 of this clock's time, above those it gave before in the same millisecond.
    pub fn id<T: From<Uuid>>(&self) -> T {
        let now = self.now();
        let seconds = u64::try_from(now.timestamp()).unwrap_or(0);
        let counter = self.counter.lock().unwrap_or_else(PoisonError::into_inner);
        let timestamp = Timestamp::from_unix(&*counter, seconds, now.timestamp_subsec_nanos());
        drop(counter);
        T::from(Uuid::new_v7(timestamp))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::MessageId;

    #[test]
    fn ids_of_one_moment_go_up_in_the_order_in_which_they_were_asked_for() {
        let clock = Clock::manual(DateTime::from_timestamp(1_781_092_800, 0).unwrap());
        let ids: Vec<MessageId> = (0..1000).map(|_| clock.id()).collect();
        assert!(ids.is_sorted());
        assert!(ids.windows(2).all(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn what_is_known_grows_old_with_the_time_that_passes_and_not_with_a_clock_that_is_set() {
        let clock = Clock::manual(DateTime::from_timestamp(1_781_092_800, 0).unwrap());
        let what = (clock.id::<MessageId>().0, 1);
        assert_eq!(clock.known_for(what), TimeDelta::zero());
        clock.jump(TimeDelta::hours(1));
        assert_eq!(clock.known_for(what), TimeDelta::zero());
        clock.advance(TimeDelta::seconds(30));
        clock.jump(TimeDelta::hours(-3));
        clock.advance(TimeDelta::seconds(30));
        assert_eq!(clock.clone().known_for(what), TimeDelta::minutes(1), "clones are one process");
        assert_eq!(clock.known_for((what.0, 2)), TimeDelta::zero(), "the next call is another");
    }

    #[test]
    fn chance_is_even_and_goes_the_same_way_again() {
        let draw = || {
            let clock = Clock::manual(DateTime::from_timestamp(1_781_092_800, 0).unwrap());
            (0..10_000).map(|_| clock.chance()).collect::<Vec<f64>>()
        };
        let drawn = draw();
        assert_eq!(drawn, draw());
        assert!(drawn.iter().all(|chance| (0.0..1.0).contains(chance)));
        for tenth in 0..10 {
            let from = f64::from(tenth) / 10.0;
            let share = drawn.iter().filter(|chance| (from..from + 0.1).contains(*chance)).count();
            assert!((850..1150).contains(&share), "{share} of 10000 between {from} and its next tenth");
        }
    }
}
