//! Time and identifiers, as arguments: the system's in production, a settable one in tests and simulations.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use uuid::Uuid;

#[derive(Clone)]
enum Source {
    System,
    /// Microseconds since 1970, set by its holder.
    Manual(Arc<AtomicI64>),
}

/// The clock. It truncates to microseconds, which is what both databases keep.
#[derive(Clone)]
pub struct Clock(Source);

impl Clock {
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands still until it is moved.
    pub fn manual(start: DateTime<Utc>) -> Self {
        Self(Source::Manual(Arc::new(AtomicI64::new(start.timestamp_micros()))))
    }

    pub fn now(&self) -> DateTime<Utc> {
        match &self.0 {
            #[expect(clippy::disallowed_methods, reason = "this is where the system's time comes from")]
            Source::System => Utc::now().duration_trunc(TimeDelta::microseconds(1)).unwrap_or_default(),
            Source::Manual(micros) => {
                DateTime::from_timestamp_micros(micros.load(Ordering::SeqCst)).unwrap_or_default()
            }
        }
    }

    /// Moves a manual clock; the system's takes no orders.
    pub fn advance(&self, by: TimeDelta) {
        if let Source::Manual(micros) = &self.0 {
            micros.fetch_add(by.num_microseconds().unwrap_or(0), Ordering::SeqCst);
        }
    }

    /// A fresh UUIDv7 of this clock's time.
    pub fn id<T: From<Uuid>>(&self) -> T {
        let now = self.now();
        let seconds = u64::try_from(now.timestamp()).unwrap_or(0);
        let timestamp = uuid::Timestamp::from_unix(
            uuid::timestamp::context::ContextV7::new(),
            seconds,
            now.timestamp_subsec_nanos(),
        );
        T::from(Uuid::new_v7(timestamp))
    }
}
