//! How fast one session may write, by this process alone: a node more lets a session be a little faster, never slower.

use crate::domain::ids::ConversationId;
use crate::web::error::WebError;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// A burst of as many messages as a minute allows, and then one whenever its share of the minute has passed.
#[derive(Clone, Default)]
pub(super) struct Pace(Arc<Mutex<Held>>);

#[derive(Default)]
struct Held {
    /// When all that a session has sent will have been paid for.
    paid_at: HashMap<ConversationId, DateTime<Utc>>,
    /// Those that have been paid are dropped when there are so many.
    sweep_at: usize,
}

impl Pace {
    /// Counts one message, or says how long to wait.
    pub fn take(&self, who: ConversationId, now: DateTime<Utc>, per_minute: u32) -> Result<(), WebError> {
        let share = share(per_minute);
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let owed =
            held.paid_at.get(&who).map_or(TimeDelta::zero(), |paid| (*paid - now).max(TimeDelta::zero()));
        let wait = owed + share - TimeDelta::minutes(1);
        if wait > TimeDelta::zero() {
            // Rounded up: who comes back then is let in.
            return Err(WebError::TooMany { retry_after_secs: (wait.num_milliseconds() + 999) / 1000 });
        }
        held.paid_at.insert(who, now + owed + share);
        if held.paid_at.len() > held.sweep_at {
            held.paid_at.retain(|_, paid| *paid > now);
            held.sweep_at = (held.paid_at.len() * 2).max(1024);
        }
        Ok(())
    }

    /// The message that was counted is one that had been counted before.
    pub fn give_back(&self, who: ConversationId, per_minute: u32) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(paid) = held.paid_at.get_mut(&who) {
            *paid -= share(per_minute);
        }
    }
}

fn share(per_minute: u32) -> TimeDelta {
    TimeDelta::minutes(1) / i32::try_from(per_minute.max(1)).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::hotel_fixtures::{clock, noon};

    fn wait(outcome: Result<(), WebError>) -> i64 {
        match outcome {
            Ok(()) => 0,
            Err(WebError::TooMany { retry_after_secs }) => retry_after_secs,
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn a_burst_passes_then_each_waits_for_its_share_and_others_do_not() {
        let (pace, one, other) = (Pace::default(), clock().id(), clock().id());
        for _ in 0..20 {
            assert_eq!(wait(pace.take(one, noon(), 20)), 0);
        }
        assert_eq!(wait(pace.take(one, noon(), 20)), 3);
        assert_eq!(wait(pace.take(other, noon(), 20)), 0);
        let later = noon() + TimeDelta::seconds(3);
        assert_eq!(wait(pace.take(one, later, 20)), 0);
        assert_eq!(wait(pace.take(one, later, 20)), 3);
        pace.give_back(one, 20);
        assert_eq!(wait(pace.take(one, later, 20)), 0);
        let rested = noon() + TimeDelta::minutes(2);
        assert!((0..20).all(|_| wait(pace.take(one, rested, 20)) == 0));
    }

    #[test]
    fn who_has_paid_is_forgotten() {
        let pace = Pace::default();
        for _ in 0..1024 {
            pace.take(clock().id(), noon(), 20).unwrap();
        }
        pace.take(clock().id(), noon() + TimeDelta::minutes(2), 20).unwrap();
        assert_eq!(pace.0.lock().unwrap().paid_at.len(), 1);
    }
}
