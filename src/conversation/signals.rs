//! What calls staff before anything is answered: the manager's words, the guest's mood, a wish for a person, files.

use super::draft::Gate;
use super::turn::{Turn, TurnError};
use crate::domain::conversation::Status;
use crate::domain::escalation::{Priority, Reason};
use crate::reading::intent::{Intent, intents};
use crate::reading::sentiment;
use crate::store::escalations::{self, Call};
use crate::texts::Say;
use crate::tools;

pub(super) async fn check(turn: &mut Turn<'_>) -> Result<Gate, TurnError> {
    let mut calls = rules(turn).await?;
    calls.extend(person(turn));
    let told = !calls.is_empty();
    for call in calls {
        turn.draft.call(call);
    }
    if told {
        tell(turn);
    }
    let files = turn.burst_media;
    if files > 0 {
        turn.draft.call(Call::new(Reason::Media { count: files }, Priority::Normal));
        turn.draft.say(Say::Files);
    }
    let only_files = files > 0 && turn.burst.iter().all(|text| text.trim().is_empty());
    Ok(if told || only_files { Gate::Settled } else { Gate::Passed })
}

async fn rules(turn: &Turn<'_>) -> Result<Vec<Call>, TurnError> {
    let judge = &turn.ready.judge;
    let mut calls = Vec::new();
    for message in turn.asked() {
        calls.extend(judge.keywords(&message.text));
        // It was scored when it came; its words are looked for only where they are told to staff.
        if message.mood.is_none_or(|score| judge.minds(score)) {
            let mood = sentiment::score(&message.text);
            calls.extend(judge.mood(mood.score, mood.words));
        }
    }
    if calls.iter().any(|call| call.once_key.is_some()) {
        let mut conn = turn.engine.db.read().await?;
        let used = escalations::used_keys(&mut conn, turn.conversation.id).await?;
        calls.retain(|call| call.once_key.as_ref().is_none_or(|key| !used.contains(key)));
    }
    Ok(calls)
}

fn person(turn: &Turn<'_>) -> Option<Call> {
    let hits = turn.burst.iter().flat_map(|text| intents(text));
    let asked = hits.into_iter().find(|hit| hit.intent == Intent::Person)?;
    Some(Call::new(Reason::AskedForPerson { words: asked.evidence }, Priority::Normal))
}

/// The guest is always told; who waits already hears that staff know.
fn tell(turn: &mut Turn<'_>) {
    match turn.conversation.floor.status {
        Status::Waiting => turn.draft.say(Say::StillWaiting),
        Status::Bot | Status::Staff | Status::Resolved => {
            let phone = tools::phone(&turn.book);
            turn.draft.say(Say::HandedOff { phone });
        }
    }
    turn.draft.memory.waiting_told_at = Some(turn.engine.clock.now());
}
