//! What a turn is about to say and do, before anything of it is committed.

use crate::domain::choices::Choices;
use crate::domain::conversation::{Memory, Wish};
use crate::domain::effect::Effect;
use crate::domain::escalation::Reason;
use crate::reading::intent::Intent;
use crate::store::escalations::Call;
use crate::texts::{Lang, Say};
use crate::tools::Outcome;
use crate::tools::effects::worry;
use serde_json::{Value, json};

/// The reply and its consequences, still on paper.
pub(super) struct Draft {
    pub lang: Lang,
    pub memory: Memory,
    /// Paragraphs of the reply.
    pub parts: Vec<String>,
    /// The offer that the reply makes.
    pub quote: Option<Effect>,
    /// The things between which the reply asks the guest to choose.
    pub options: Vec<String>,
    pub calls: Vec<Call>,
    /// Something was changed outside: a newer message no longer restarts the turn.
    pub had_effect: bool,
    /// The guest writes faster than anybody can answer, and is told so.
    pub fast: bool,
    /// The flight record.
    pub record: Vec<Value>,
    /// Effects that this turn made, for the claim check.
    pub done: Vec<Effect>,
    /// Wishes that a gate has dealt with; the brain leaves them alone.
    pub dealt_with: Vec<Intent>,
}

impl Draft {
    pub fn new(lang: Lang, memory: Memory) -> Self {
        Self {
            lang,
            memory,
            parts: Vec::new(),
            quote: None,
            options: Vec::new(),
            calls: Vec::new(),
            had_effect: false,
            fast: false,
            record: Vec::new(),
            done: Vec::new(),
            dealt_with: Vec::new(),
        }
    }

    /// Adds a sentence of Bellhop's own; the same one is not said twice.
    pub fn say(&mut self, say: Say) {
        self.text(say.to_text(self.lang));
        if let Say::ItemWhich { options } = say {
            self.options = options;
        }
    }

    pub fn text(&mut self, text: String) {
        if !self.parts.contains(&text) && !text.trim().is_empty() {
            self.parts.push(text);
        }
    }

    pub fn call(&mut self, call: Call) {
        let same = |other: &Call| match (&other.reason, &call.reason) {
            // Each effect in doubt is a matter of its own.
            (Reason::Effect { effect: one, .. }, Reason::Effect { effect: other, .. }) => one == other,
            (one, another) => one.kind() == another.kind() && other.once_key == call.once_key,
        };
        if !self.calls.iter().any(same) {
            self.calls.push(call);
        }
    }

    pub fn note(&mut self, entry: Value) {
        self.record.push(entry);
    }

    /// Takes over what a tool said should happen, with its sentence.
    pub fn outcome(&mut self, outcome: &Outcome) {
        self.consequences(outcome);
        match outcome {
            // The price stands last, below everything else.
            Outcome::Quote { .. } => {}
            Outcome::Done { say, .. }
            | Outcome::Pending { say, .. }
            | Outcome::HandOff { say, .. }
            | Outcome::Refused { say, .. } => self.say(say.clone()),
        }
    }

    /// What the guest may tap below the reply; an offer goes first.
    pub fn choices(&self) -> Choices {
        let word = |say: Say| say.to_text(self.lang);
        match &self.quote {
            Some(effect) => Choices::yes_or_no(effect.id, word(Say::Yes), word(Say::No)),
            None if self.options.is_empty() => Choices::default(),
            None => Choices::one_of(word(Say::Choose), &self.options),
        }
    }

    /// The same without its sentence: a model words it, or has been told.
    pub fn consequences(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Done { effect: Some(effect), .. } => {
                self.had_effect = true;
                if let Some((reason, priority)) = worry(effect) {
                    self.call(Call::new(reason, priority));
                }
                self.done.push(effect.clone());
            }
            Outcome::Done { effect: None, .. } => {}
            Outcome::Pending { .. } => self.had_effect = true,
            Outcome::Quote { effect, .. } => self.quote = Some(effect.clone()),
            Outcome::HandOff { reason, priority, .. } => {
                self.had_effect |= matches!(reason, Reason::Effect { .. });
                self.call(Call::new(reason.clone(), *priority));
            }
            Outcome::Refused { why: crate::tools::Refusal::NeedsProof, .. } => self.memory.proof_asked = true,
            Outcome::Refused { .. } => {}
        }
    }

    /// Remembers a wish until the guest has proved the stay.
    pub fn wait_for_proof(&mut self, wish: Wish) {
        if self.memory.waiting_for_proof.len() < 5 && !self.memory.waiting_for_proof.contains(&wish) {
            self.memory.waiting_for_proof.push(wish);
        }
    }

    pub fn wait_for_quote(&mut self, wish: Wish) {
        if self.memory.waiting_for_quote.len() < 5 && !self.memory.waiting_for_quote.contains(&wish) {
            self.memory.waiting_for_quote.push(wish);
        }
    }

    /// For the flight record: what was decided, in one entry.
    pub fn flight(&self, versions: Value) -> Value {
        let calls: Vec<Value> = self
            .calls
            .iter()
            .map(|call| json!({ "reason": call.reason, "priority": call.priority }))
            .collect();
        json!({
            "versions": versions,
            "steps": self.record,
            "escalated": calls,
            "quote": self.quote.as_ref().map(|effect| effect.id),
            "effects": self.done.iter().map(|effect| effect.id).collect::<Vec<_>>(),
        })
    }
}

/// Whether a gate has dealt with the burst.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gate {
    /// Nothing here for this gate.
    Passed,
    /// Dealt with; what else the burst wishes is still to be answered.
    Settled,
}

impl Gate {
    pub fn settled(self) -> bool {
        self == Gate::Settled
    }
}
