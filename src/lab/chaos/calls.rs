//! A call to an outside system, and what can become of it. What the system does, it does in its own time, whether or
//! not anybody is left to hear of it.

use super::faults::{Fault, OF_VENDOR, Step};
use super::world::{Inner, MILLI, Micros, SECOND, World};
use std::sync::{Arc, Mutex, PoisonError};

/// What the caller sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome<R> {
    Answered(R),
    /// It may have been done.
    TimedOut,
    /// The connection broke before the answer; it has been done.
    Broken,
    /// It may have been done.
    ServerError,
    /// It has not been done.
    TooMany {
        seconds: u64,
    },
    /// It has not been done.
    Unreachable,
}

/// How one call goes.
struct Course {
    /// When the system does it; `None`: never.
    does_at: Option<Micros>,
    caller_waits: Micros,
    fault: Option<Fault>,
}

/// Calls. `limit`: how long the caller waits for an answer; `work` is what the system does.
pub async fn call<R: Send + 'static>(
    world: &World,
    step: Step,
    limit: Micros,
    work: impl FnOnce(&mut Inner) -> R + Send + 'static,
) -> Outcome<R> {
    let answer = Arc::new(Mutex::new(None));
    let (course, seconds) = {
        let mut inner = world.lock();
        if let Some(card) = inner.card() {
            card.step = step;
            card.after_call = matches!(step, Step::ConnectorCall | Step::ReadBack);
        }
        let course = course(&mut inner, step, limit);
        let at = answer.clone();
        if let Some(does_at) = course.does_at {
            inner.after(does_at, move |inner| {
                let done = work(inner);
                *at.lock().unwrap_or_else(PoisonError::into_inner) = Some(done);
            });
        }
        (course, u64::try_from(inner.rng.between(1, 8)).unwrap_or(1))
    };
    world.sleep(course.caller_waits).await;
    let done = answer.lock().unwrap_or_else(PoisonError::into_inner).take();
    match (course.fault, done) {
        (None | Some(Fault::Slow), Some(done)) => Outcome::Answered(done),
        (Some(Fault::AnswerLost), _) => Outcome::Broken,
        (Some(Fault::ServerError), _) => Outcome::ServerError,
        (Some(Fault::TooMany), _) => Outcome::TooMany { seconds },
        (Some(Fault::Unreachable), _) => Outcome::Unreachable,
        _ => Outcome::TimedOut,
    }
}

fn course(inner: &mut Inner, step: Step, limit: Micros) -> Course {
    let fault = OF_VENDOR.iter().copied().find(|fault| inner.meets(*fault, step));
    let there = inner.rng.between(5, 300) * MILLI;
    let back = inner.rng.between(5, 100) * MILLI;
    let usual = Course { does_at: Some(there), caller_waits: there + back, fault };
    match fault {
        None | Some(Fault::AnswerLost) => usual,
        Some(Fault::Slow) => {
            let there = inner.rng.between(SECOND, (limit - SECOND).max(SECOND));
            Course { does_at: Some(there), caller_waits: there + back, fault }
        }
        Some(Fault::TimeoutDone) => {
            let does_at = inner.rng.between(there, limit);
            Course { does_at: Some(does_at), caller_waits: limit, fault }
        }
        Some(Fault::TimeoutBefore) => Course { does_at: None, caller_waits: limit, fault },
        // Half of them fail after the work is done.
        Some(Fault::ServerError) => Course { does_at: inner.rng.chance(50).then_some(there), ..usual },
        Some(_) => Course { does_at: None, ..usual },
    }
}
