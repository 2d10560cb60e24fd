//! What stands behind a model's words: tool results, quotes, facts and what has succeeded in this conversation.

use super::claims::{Done, Evidence};
use super::ready::ReadyPrompt;
use super::turn::Turn;
use crate::domain::effect::EffectState;
use crate::domain::message::Author;
use crate::tools::Outcome;

pub(super) fn collect(turn: &Turn<'_>, prompt: &ReadyPrompt, outcomes: &[Outcome]) -> Evidence {
    let mut evidence = Evidence::none(turn.book.hotel.currency);
    evidence.texts.extend(outcomes.iter().map(|outcome| outcome.for_model().to_string()));
    // What Bellhop or staff have said before has been checked, or is theirs to say.
    let said = turn.history.iter().filter(|message| message.author != Author::Guest && !message.private);
    evidence.texts.extend(said.map(|message| message.text.clone()));
    evidence.texts.extend(turn.draft.parts.iter().cloned());
    // Phone numbers, departure times and their price stand in the prompt.
    evidence.shown.push(prompt.shown(turn.book.hotel.currency));
    evidence.guest.extend(turn.burst.iter().cloned());
    evidence.room = turn.stay.as_ref().and_then(|stay| stay.get().room.clone());
    for effect in turn.ledger.iter().chain(&turn.draft.done) {
        evidence.done.extend(Done::of(effect));
        if matches!(effect.state, EffectState::Proposed | EffectState::Succeeded) {
            evidence.amounts.extend(effect.total);
        }
    }
    if !turn.draft.calls.is_empty() || turn.conversation.waiting_since.is_some() {
        evidence.done.push(Done::hand_off());
    }
    evidence
}
