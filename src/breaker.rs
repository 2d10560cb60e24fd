//! A circuit breaker for each account of an outside system: after a row of failures it is left alone for a while, and one
//! call tries it again. It must not decide what a failed call means for a guest.

use crate::clock::Clock;
use crate::domain::ids::IntegrationId;
use crate::telemetry;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// So many failures in a row, and the account is left alone.
const FAILURES: u32 = 5;
/// For so long the first time; twice as long each time that the trying call fails too.
const PAUSE: TimeDelta = TimeDelta::seconds(15);
/// The longest pause, whatever the system asks for and whichever way the clock is set.
const LONGEST: TimeDelta = TimeDelta::minutes(2);

/// Whether an account is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum State {
    #[default]
    Closed,
    /// Left alone.
    Open { until: DateTime<Utc> },
    /// One call is on its way to try it.
    Trying { since: DateTime<Utc> },
}

#[derive(Debug, Default)]
struct Inner {
    state: State,
    failures: u32,
    pauses: u32,
    /// It has answered this process: its page does not show any more what an earlier one had met.
    has_answered: bool,
}

/// How a call went, as far as the account's health goes: an answer is health, even one that refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    Answered,
    Failed,
    /// It asks to be left alone, for so long if it says.
    Busy(Option<Duration>),
}

/// One account's breaker.
pub struct Breaker {
    id: Option<IntegrationId>,
    name: String,
    clock: Clock,
    inner: Mutex<Inner>,
    changes: Arc<Mutex<Vec<Change>>>,
}

/// An account was left alone, or answers again; for the integration's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub integration: IntegrationId,
    /// In words; `None`: it answers again.
    pub trouble: Option<String>,
}

impl Breaker {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a call may be made now; who is told so must say how it went, or the account is tried again later.
    pub fn lets_through(&self) -> bool {
        let now = self.clock.now();
        let mut inner = self.lock();
        match inner.state {
            State::Closed => true,
            // A clock that was set back must not keep it shut for longer than it can be.
            State::Open { until } if now < until && until - now <= LONGEST => false,
            State::Open { .. } => {
                inner.state = State::Trying { since: now };
                true
            }
            // The trying call was lost with its task: another one tries.
            State::Trying { since } if (now - since).abs() > LONGEST => {
                inner.state = State::Trying { since: now };
                true
            }
            State::Trying { .. } => false,
        }
    }

    pub fn went(&self, health: Health) {
        let now = self.clock.now();
        let mut inner = self.lock();
        let was_open = inner.state != State::Closed;
        let first_answer = health == Health::Answered && !inner.has_answered;
        let pause = match health {
            Health::Answered => {
                *inner = Inner { has_answered: true, ..Inner::default() };
                None
            }
            Health::Failed => {
                inner.failures = inner.failures.saturating_add(1);
                let trying = matches!(inner.state, State::Trying { .. });
                let doubled = PAUSE.checked_mul(1_i32 << inner.pauses.min(4)).unwrap_or(LONGEST);
                (trying || inner.failures >= FAILURES && !was_open).then_some(doubled)
            }
            Health::Busy(after) => {
                let asked = after.and_then(|after| TimeDelta::from_std(after).ok());
                Some(asked.unwrap_or(PAUSE))
            }
        };
        if let Some(pause) = pause {
            inner.pauses += 1;
            inner.state = State::Open { until: now + pause.min(LONGEST) };
        }
        let is_open = inner.state != State::Closed;
        drop(inner);
        if was_open != is_open {
            self.tell(is_open);
        } else if first_answer {
            self.note(None);
        }
    }

    fn tell(&self, is_open: bool) {
        let gauge = metrics::gauge!(telemetry::BREAKER_OPEN, "account" => self.name.clone());
        gauge.set(if is_open { 1.0 } else { 0.0 });
        match is_open {
            true => tracing::warn!(account = self.name, "it does not answer and is left alone for a while"),
            false => tracing::info!(account = self.name, "it answers again"),
        }
        let words = "It does not answer, so calls are held back; it is tried again by itself.";
        self.note(is_open.then(|| words.to_owned()));
    }

    fn note(&self, trouble: Option<String>) {
        if let Some(integration) = self.id {
            let change = Change { integration, trouble };
            self.changes.lock().unwrap_or_else(PoisonError::into_inner).push(change);
        }
    }
}

/// The breakers of this process; cheap to clone.
#[derive(Clone)]
pub struct Breakers {
    clock: Clock,
    kept: Arc<Mutex<HashMap<String, Arc<Breaker>>>>,
    changes: Arc<Mutex<Vec<Change>>>,
}

impl Breakers {
    pub fn new(clock: Clock) -> Self {
        Self { clock, kept: Arc::default(), changes: Arc::default() }
    }

    /// The account's own, the same however often the account is opened anew.
    pub fn of(&self, integration: IntegrationId) -> Arc<Breaker> {
        self.get(integration.to_string(), Some(integration))
    }

    /// Of an account that is no integration.
    pub fn named(&self, name: &str) -> Arc<Breaker> {
        self.get(name.to_owned(), None)
    }

    fn get(&self, name: String, id: Option<IntegrationId>) -> Arc<Breaker> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || {
            let (clock, changes) = (self.clock.clone(), self.changes.clone());
            Arc::new(Breaker { id, name: name.clone(), clock, inner: Mutex::default(), changes })
        };
        kept.entry(name.clone()).or_insert_with(new).clone()
    }

    /// What has changed since the last question.
    pub fn take_changes(&self) -> Vec<Change> {
        std::mem::take(&mut *self.changes.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes that could not be written down: they are given again, before newer ones.
    pub fn put_back(&self, mut changes: Vec<Change>) {
        let mut kept = self.changes.lock().unwrap_or_else(PoisonError::into_inner);
        changes.append(&mut kept);
        *kept = changes;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breaker() -> (Clock, Breakers, Arc<Breaker>) {
        let clock = Clock::manual(DateTime::from_timestamp(1_800_000_000, 0).unwrap());
        let breakers = Breakers::new(clock.clone());
        let breaker = breakers.of(clock.id());
        (clock, breakers, breaker)
    }

    fn fails(breaker: &Breaker, times: u32) {
        for _ in 0..times {
            assert!(breaker.lets_through());
            breaker.went(Health::Failed);
        }
    }

    #[test]
    fn five_failures_in_a_row_open_it_and_one_answer_closes_it() {
        let (clock, breakers, breaker) = breaker();
        fails(&breaker, 4);
        breaker.went(Health::Answered);
        assert_eq!(breakers.take_changes().len(), 1, "what an earlier process had met is over");
        fails(&breaker, 5);
        assert!(!breaker.lets_through());
        clock.advance(PAUSE);
        assert!(breaker.lets_through(), "one call tries it");
        assert!(!breaker.lets_through(), "and only one");
        breaker.went(Health::Answered);
        assert!(breaker.lets_through() && breaker.lets_through());
        breakers.put_back(breakers.take_changes());
        let troubles: Vec<bool> = breakers.take_changes().iter().map(|c| c.trouble.is_some()).collect();
        assert_eq!(troubles, [true, false]);
        assert_eq!(breakers.take_changes(), []);
    }

    #[test]
    fn each_try_that_fails_doubles_the_pause_up_to_the_longest() {
        let (clock, _, breaker) = breaker();
        fails(&breaker, 5);
        let mut pauses = Vec::new();
        for _ in 0..5 {
            let mut pause = 0;
            while !breaker.lets_through() {
                clock.advance(TimeDelta::seconds(1));
                pause += 1;
            }
            pauses.push(pause);
            breaker.went(Health::Failed);
        }
        assert_eq!(pauses, [15, 30, 60, 120, 120]);
    }

    #[test]
    fn who_asks_to_be_left_alone_is_left_alone_for_as_long_but_not_for_ever() {
        let (clock, _, breaker) = breaker();
        breaker.went(Health::Busy(Some(Duration::from_secs(7))));
        clock.advance(TimeDelta::seconds(6));
        assert!(!breaker.lets_through());
        clock.advance(TimeDelta::seconds(1));
        assert!(breaker.lets_through());
        breaker.went(Health::Busy(Some(Duration::from_secs(86_400))));
        clock.advance(LONGEST);
        assert!(breaker.lets_through());
    }

    #[test]
    fn a_lost_try_and_a_clock_set_back_keep_nobody_out_for_ever() {
        let (clock, _, breaker) = breaker();
        fails(&breaker, 5);
        clock.advance(PAUSE);
        assert!(breaker.lets_through());
        clock.advance(LONGEST + TimeDelta::seconds(1));
        assert!(breaker.lets_through(), "the first try was lost");
        breaker.went(Health::Failed);
        clock.advance(-TimeDelta::hours(1));
        assert!(breaker.lets_through());
    }
}
