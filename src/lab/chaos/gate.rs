//! The world's gate before the database: it suspends whoever passes, refuses, and loses answers.

use super::faults::{Fault, Step};
use super::world::{Inner, MILLI, Role, World};
use crate::store::{DbError, Gate, Place};
use async_trait::async_trait;

pub struct Threshold {
    pub world: World,
}

impl Threshold {
    /// Which step this is, put down on the actor's card.
    fn step(&self, place: Place, writes: bool) -> Step {
        let mut inner = self.world.lock();
        let Some(card) = inner.card() else { return Step::TurnLoad };
        let step = match card.role {
            Role::Turn => Step::at(place, false, card.after_call),
            // What a sender reads before it calls belongs to the sending that it has claimed.
            Role::Sends => Step::at(place, matches!(card.step, Step::Send | Step::Settle), false),
            Role::Claims => Step::Claim,
            Role::Staff => Step::Desk,
            Role::Sweeps | Role::Auditor => Step::Sweep,
            Role::Webhook | Role::Guest => Step::at(place, false, false),
        };
        card.step = step;
        if writes && step == Step::ToolResult {
            card.after_call = false;
        }
        step
    }

    /// A database that has other things to do now and then.
    async fn linger(&self, step: Step) {
        let slow = {
            let mut inner = self.world.lock();
            let brief = matches!(step, Step::ToolResult | Step::TurnLoad | Step::Commit | Step::Settle);
            let slow = inner.rng.chance(if brief { 60 } else { 15 });
            slow.then(|| inner.rng.between(5, 250) * MILLI)
        };
        match slow {
            Some(length) => self.world.sleep(length).await,
            None => self.world.step().await,
        }
    }
}

/// Staff have just taken a conversation over: what was under way in it has met that.
fn taken_over(inner: &mut Inner) {
    let taken = inner.card().filter(|card| card.role == Role::Staff).and_then(|card| card.conversation);
    let Some(taken) = taken else { return };
    let steps: Vec<Step> = inner
        .cards
        .iter()
        .flatten()
        .filter(|card| card.role != Role::Staff && card.conversation == Some(taken))
        .map(|card| card.step)
        .filter(|step| Fault::TakeOver.can_meet(*step))
        .collect();
    for step in steps {
        inner.tally.count(Fault::TakeOver, step);
    }
}

fn gone() -> DbError {
    DbError::Unavailable("the database does not answer".to_owned())
}

#[async_trait]
impl Gate for Threshold {
    async fn read(&self, place: Place) -> Result<(), DbError> {
        let step = self.step(place, false);
        let (refused, waits) = {
            let mut inner = self.world.lock();
            let waits = inner.rng.chance(30);
            // A refusal counts where something was to be written.
            let refused = step == Step::TurnLoad && inner.meets(Fault::DbRefused, step);
            (refused, waits)
        };
        if waits || refused {
            self.linger(step).await;
        }
        if refused { Err(gone()) } else { Ok(()) }
    }

    async fn write(&self, place: Place) -> Result<(), DbError> {
        let step = self.step(place, true);
        self.linger(step).await;
        let refused = self.world.lock().meets(Fault::DbRefused, step);
        if refused { Err(gone()) } else { Ok(()) }
    }

    async fn committed(&self, _: Place) -> Result<(), DbError> {
        let (step, lost) = {
            let mut inner = self.world.lock();
            let order = inner.next_order();
            let step = inner.card().map_or(Step::TurnLoad, |card| {
                card.committed = order;
                card.step
            });
            taken_over(&mut inner);
            (step, inner.meets(Fault::DbAnswerLost, step))
        };
        self.linger(step).await;
        if lost { Err(gone()) } else { Ok(()) }
    }
}
