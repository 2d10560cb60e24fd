//! Time and identifiers, as arguments: the system's in production, a settable one in tests and simulations.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use uuid::timestamp::context::ContextV7;
use uuid::{Timestamp, Uuid};

#[derive(Clone)]
enum Source {
    System,
    /// Microseconds since 1970, set by its holder.
    Manual(Arc<AtomicI64>),
}

/// The clock. It truncates to microseconds, which is what both databases keep.
#[derive(Clone)]
pub struct Clock {
    source: Source,
    /// Ids of the same millisecond go up: rows that are written together keep their order.
    counter: Arc<Mutex<ContextV7>>,
}

impl Clock {
    fn of(source: Source) -> Self {
        Self { source, counter: Arc::new(Mutex::new(ContextV7::new())) }
    }

    pub fn system() -> Self {
        Self::of(Source::System)
    }

    /// A clock that stands still until it is moved.
    pub fn manual(start: DateTime<Utc>) -> Self {
        Self::of(Source::Manual(Arc::new(AtomicI64::new(start.timestamp_micros()))))
    }

    pub fn now(&self) -> DateTime<Utc> {
        match &self.source {
            #[expect(clippy::disallowed_methods, reason = "this is where the system's time comes from")]
            Source::System => Utc::now().duration_trunc(TimeDelta::microseconds(1)).unwrap_or_default(),
            Source::Manual(micros) => {
                DateTime::from_timestamp_micros(micros.load(Ordering::SeqCst)).unwrap_or_default()
            }
        }
    }

    /// Moves a manual clock; the system's takes no orders.
    pub fn advance(&self, by: TimeDelta) {
        if let Source::Manual(micros) = &self.source {
            micros.fetch_add(by.num_microseconds().unwrap_or(0), Ordering::SeqCst);
        }
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
}
