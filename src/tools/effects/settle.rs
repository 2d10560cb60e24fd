//! The end of a step on disk: the effect's new state and, with a success, the request that the hotel's people see, in one
//! unit. A late answer never overwrites what has been learnt since.

use super::super::ToolError;
use super::{Means, request};
use crate::domain::effect::{Course, Effect, EffectEvent, EffectState, SURFACED};
use crate::domain::stay::Stay;
use crate::store::effects::Note;
use crate::store::{Bell, DbError, Tx, conversations, effects, requests};
use crate::telemetry;
use chrono::{DateTime, Utc};

/// Gives the effect as it stands afterwards, where it had moved on too.
pub async fn settle(
    means: &Means<'_>,
    stay: &Stay,
    effect: Effect,
    event: EffectEvent,
    note: Note,
) -> Result<Effect, ToolError> {
    let now = means.clock.now();
    let tool = effect.tool.clone();
    // It stays on the list until the guest has been told, or staff have been called.
    let to_tell = means.tell && (event != EffectEvent::LoseSight || note.due_at.is_none());
    let note =
        Note { due_at: if to_tell { Some(now) } else { note.due_at }, error: effect.said_of_it(note.error) };
    let (clock, stay) = (means.clock.clone(), stay.clone());
    let settled = means
        .db
        .write(move |tx| {
            Box::pin(async move {
                let property = effect.property_id;
                // First the conversation, as everywhere: an alarm comes with it, and marks its effects.
                conversations::lock_fence(tx, effect.conversation_id).await?;
                let done = settled(tx, effect, event, note, now).await?;
                if done.state == EffectState::Succeeded
                    && let Some(request) = request(&clock, &stay, &done)
                {
                    requests::insert_once(tx, &request).await?;
                }
                tx.ring(Bell::Desk { property });
                Ok::<_, ToolError>(done)
            })
        })
        .await?;
    let labels = [("tool", tool), ("state", settled.state.to_string())];
    metrics::counter!(telemetry::EFFECTS, &labels).increment(1);
    Ok(settled)
}

/// One step; where the effect has moved on meanwhile, what its late answer adds to that. Whoever answers late has lost the
/// conversation and tells nobody: that is left to those who follow it.
async fn settled(
    tx: &mut Tx,
    effect: Effect,
    event: EffectEvent,
    note: Note,
    now: DateTime<Utc>,
) -> Result<Effect, ToolError> {
    match effects::step(tx, &effect, event, note.clone(), now).await {
        Ok(done) => return Ok(left_by_its_turn(tx, done, now).await?),
        Err(DbError::Refused(_)) => {}
        Err(error) => return Err(error.into()),
    }
    let Some(mut current) = effects::find(tx, effect.id).await? else { return Ok(effect) };
    match (event, current.state) {
        (EffectEvent::Succeed, EffectState::Sent | EffectState::Unknown) => {
            current.course.external_id = effect.course.external_id;
            current.course.steps_done = effect.course.steps_done;
            let note = Note { due_at: Some(now), error: current.said_of_it(note.error) };
            Ok(effects::step(tx, &current, event, note, now).await?)
        }
        // It had been given up as surely not done, and was done: the gap that remains. Staff have to know.
        (EffectEvent::Succeed, EffectState::Failed) => {
            metrics::counter!(telemetry::EFFECTS_SURFACED, "tool" => current.tool.clone()).increment(1);
            let note = Note { due_at: Some(now), ..Note::why(SURFACED) };
            Ok(effects::step(tx, &current, EffectEvent::Surface, note, now).await?)
        }
        (
            EffectEvent::Succeed
            | EffectEvent::Fail
            | EffectEvent::LoseSight
            | EffectEvent::Confirm
            | EffectEvent::Send
            | EffectEvent::Repeat
            | EffectEvent::Surface,
            _,
        ) => Ok(current),
    }
}

/// The conversation had passed on while the call was under way, and its burst has been answered since: no turn will tell
/// what became of it.
async fn left_by_its_turn(tx: &mut Tx, effect: Effect, now: DateTime<Utc>) -> Result<Effect, DbError> {
    if effect.course.overtaken_at.is_none() || effect.course.due_at.is_some() {
        return Ok(effect);
    }
    let conversation = conversations::find(tx, effect.conversation_id).await?;
    if conversation.is_none_or(|conversation| effect.is_of_burst_after(conversation.answered_seq)) {
        return Ok(effect);
    }
    effects::set_due(tx, &effect, Some(now)).await?;
    let course = Course { due_at: Some(now), ..effect.course.clone() };
    Ok(Effect { course, ..effect })
}
