//! The course of an effect that has been written down as sent: its calls, what each came to, and learning what became of
//! one that was cut off. Nothing is repeated here unless it is safe or surely was not done.

use super::super::{Fence, ToolError};
use super::Means;
use super::settle::settle;
use super::steps::{self, Seen};
use crate::connectors::{AfterCut, ConnectorError, Step};
use crate::domain::conversation::Status;
use crate::domain::effect::{Effect, EffectEvent, EffectState, FOLLOWED, Plan};
use crate::domain::stay::Stay;
use crate::store::effects::Note;
use crate::store::{Tx, conversations, effects};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

/// A call that has not begun so soon after it was written down is not begun at all: whoever writes it may have been
/// asleep, and somebody else may be looking after it by now.
const BEGIN_WITHIN: TimeDelta = TimeDelta::seconds(5);
/// Where the same call twice could be done twice, it is made so often at most, the first included.
const MOST_CALLS: i64 = 2;
/// More than an effect has.
const STEPS_APART: i64 = 16;

/// When the last write unit before a call began, by two clocks: the one that both databases keep, which can be set back,
/// and the time that passes here, which stands still while the machine sleeps. Only both together are sound.
#[derive(Clone, Copy)]
pub(super) struct Begun {
    at: DateTime<Utc>,
    passed: TimeDelta,
}

impl Begun {
    pub fn now(means: &Means<'_>) -> Self {
        Self { at: means.clock.now(), passed: means.clock.passed() }
    }

    /// Asked right before the wire.
    fn is_late(self, means: &Means<'_>) -> bool {
        means.clock.now() - self.at > BEGIN_WITHIN || means.clock.passed() - self.passed > BEGIN_WITHIN
    }
}

/// How a row of calls ended.
enum Ran {
    Ended(Effect),
    /// Somewhere in the middle, nobody knows where; written down as unknown.
    Lost(Effect),
}

/// Makes the calls of an effect that is written down as sent; one that is cut off is looked after once, at once.
pub(super) async fn finish(
    means: &Means<'_>,
    fence: Option<Fence>,
    stay: &Stay,
    sent: Effect,
    begun: Begun,
) -> Result<Effect, ToolError> {
    match Box::pin(run(means, stay, sent, begun, Earlier::None)).await? {
        Ran::Ended(effect) => Ok(effect),
        Ran::Lost(effect) => Box::pin(resolve(means, fence, stay, effect)).await,
    }
}

/// Whether the first of the calls had been made before, and nobody knows what came of that.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Earlier {
    None,
    InDoubt,
}

async fn run(
    means: &Means<'_>,
    stay: &Stay,
    sent: Effect,
    begun: Begun,
    earlier: Earlier,
) -> Result<Ran, ToolError> {
    let (mut effect, mut begun) = (sent, begun);
    let first = index(effect.course.steps_done);
    let all = steps::of(&effect, means.connector);
    for (place, step) in all.iter().enumerate().skip(first) {
        let done = match begun.is_late(means) {
            true => Err(ConnectorError::Unavailable { why: "it was too late to begin".to_owned() }),
            false => steps::perform(means.connector, stay, &effect, *step).await,
        };
        match done {
            Ok(external_id) => {
                effect.course.external_id = external_id.or(effect.course.external_id);
                effect.course.steps_done = i64::try_from(place + 1).unwrap_or(i64::MAX);
            }
            Err(ConnectorError::Unknown { why }) => {
                return Ok(Ran::Lost(lose(means, stay, effect, *step, why).await?));
            }
            // That this call was not done says nothing of the one before it.
            Err(error) if earlier == Earlier::InDoubt && place == first => {
                return Ok(Ran::Lost(lose(means, stay, effect, *step, error.to_string()).await?));
            }
            Err(error) => {
                return refused(means, stay, effect, *step, &error.to_string()).await.map(Ran::Ended);
            }
        }
        if let Some(next) = all.get(place + 1) {
            begun = Begun::now(means);
            if !advance(means, &effect).await? {
                return stopped(means, stay, effect, *next).await.map(Ran::Ended);
            }
        }
    }
    settle(means, stay, effect, EffectEvent::Succeed, Note::default()).await.map(Ran::Ended)
}

fn index(steps_done: i64) -> usize {
    usize::try_from(steps_done).unwrap_or(0)
}

async fn advance(means: &Means<'_>, effect: &Effect) -> Result<bool, ToolError> {
    let (effect, now) = (effect.clone(), means.clock.now());
    means.db.write(move |tx| Box::pin(async move { Ok(effects::advance(tx, &effect, now).await?) })).await
}

/// A step stands, and the next may no longer be begun: the conversation has passed on, or somebody else has gone on.
async fn stopped(means: &Means<'_>, stay: &Stay, effect: Effect, next: Step) -> Result<Effect, ToolError> {
    let current = means.find(&effect).await?;
    match current.state {
        _ if current.is_where(&effect) => {
            refused(means, stay, effect, next, "the conversation had passed to staff").await
        }
        // Given up meanwhile, although that step stands.
        EffectState::Failed => settle(means, stay, effect, EffectEvent::Succeed, Note::default()).await,
        EffectState::Proposed
        | EffectState::Confirmed
        | EffectState::Sent
        | EffectState::Succeeded
        | EffectState::Unknown => Ok(current),
    }
}

/// A step surely was not done. What stands before it stands, and is said to staff.
async fn refused(
    means: &Means<'_>,
    stay: &Stay,
    effect: Effect,
    step: Step,
    why: &str,
) -> Result<Effect, ToolError> {
    let (event, error) = match (&effect.plan, step) {
        (Plan::Order { .. }, Step::Task) if effect.course.steps_done > 0 => {
            (EffectEvent::Succeed, format!("charged, but not on the list of the hotel's own system: {why}"))
        }
        (Plan::LateCheckout { until, .. }, Step::Charge) => {
            let until = until.format("%H:%M");
            (EffectEvent::Fail, format!("the departure was set to {until}, but it was not charged: {why}"))
        }
        (
            Plan::Request { .. } | Plan::Order { .. } | Plan::Charge { .. } | Plan::LateCheckout { .. },
            Step::Charge | Step::Task | Step::Departure,
        ) => (EffectEvent::Fail, why.to_owned()),
    };
    settle(means, stay, effect, event, Note::why(&error)).await
}

/// The call was cut off: from here on nobody knows, and that it has to be looked at is on disk in the same unit.
async fn lose(
    means: &Means<'_>,
    stay: &Stay,
    effect: Effect,
    step: Step,
    why: String,
) -> Result<Effect, ToolError> {
    means.clock.known_for(doubt(&effect));
    let due_at = match means.connector.after_cut(step) {
        AfterCut::Staff => None,
        AfterCut::Repeat { .. } | AfterCut::LookUp { .. } => again_at(means, &effect),
    };
    settle(means, stay, effect, EffectEvent::LoseSight, Note { error: Some(why), due_at }).await
}

/// Later each time; `None`: it has been followed for long enough.
fn again_at(means: &Means<'_>, effect: &Effect) -> Option<DateTime<Utc>> {
    let age = age(means, effect);
    let wait = (age / 2).clamp(TimeDelta::seconds(5), TimeDelta::seconds(60));
    (age < FOLLOWED).then(|| means.clock.now() + wait)
}

/// For how long it has been followed: by the clock, which may have been set since, forward or back, and by the time that
/// has really passed here. The longer counts, for systems forget our keys.
fn age(means: &Means<'_>, effect: &Effect) -> TimeDelta {
    let by_the_clock = means.clock.now() - effect.course.sent_at.unwrap_or(effect.created_at);
    by_the_clock.abs().max(means.clock.known_for((effect.id.0, 0)))
}

/// After a cut: one question to the hotel's system, or one repeat, whichever it can bear. `fence`: of the turn that asks;
/// without one, the bot must have the floor for anything to be repeated.
pub(super) async fn resolve(
    means: &Means<'_>,
    fence: Option<Fence>,
    stay: &Stay,
    effect: Effect,
) -> Result<Effect, ToolError> {
    let effect = match effect.state {
        EffectState::Sent => {
            let step = steps::of(&effect, means.connector).get(index(effect.course.steps_done)).copied();
            lose(means, stay, effect, step.unwrap_or(Step::Charge), "cut off".to_owned()).await?
        }
        EffectState::Unknown => effect,
        EffectState::Proposed | EffectState::Confirmed | EffectState::Succeeded | EffectState::Failed => {
            return Ok(effect);
        }
    };
    // What has passed on is not the turn's any more: whoever follows it asks, and tells.
    if effect.course.overtaken_at.is_some() && !means.tell {
        return Ok(effect);
    }
    let all = steps::of(&effect, means.connector);
    let Some(step) = all.get(index(effect.course.steps_done)).copied() else {
        return settle(means, stay, effect, EffectEvent::Succeed, Note::default()).await;
    };
    match means.connector.after_cut(step) {
        AfterCut::Staff => keep(means, effect, None).await,
        AfterCut::Repeat { within } => match age(means, &effect) < within.min(FOLLOWED) {
            true => Box::pin(repeat(means, fence, stay, effect)).await,
            false => keep(means, effect, None).await,
        },
        AfterCut::LookUp { sure_after } => {
            let sure_at = sure_at(means, &effect, BEGIN_WITHIN + sure_after);
            Box::pin(look(means, fence, stay, effect, (&all, step), sure_at)).await
        }
    }
}

/// From when on a question shows what a call that was cut off has done, if it has done anything: by the clock, and by the
/// time that has really passed here since this process learnt of the cut. `None`: from now on.
fn sure_at(means: &Means<'_>, effect: &Effect, after: TimeDelta) -> Option<DateTime<Utc>> {
    let now = means.clock.now();
    let by_the_clock = effect.course.called_at.unwrap_or(effect.updated_at) + after;
    let really = now + (after - means.clock.known_for(doubt(effect)));
    Some(by_the_clock.max(really)).filter(|sure_at| *sure_at > now)
}

/// Each call, and each step of it, is another doubt.
fn doubt(effect: &Effect) -> (Uuid, i64) {
    (effect.id.0, effect.course.calls * STEPS_APART + effect.course.steps_done)
}

/// Asks for one of its steps; that nothing is found says nothing before `sure_at`.
async fn look(
    means: &Means<'_>,
    fence: Option<Fence>,
    stay: &Stay,
    effect: Effect,
    (all, step): (&[Step], Step),
    sure_at: Option<DateTime<Utc>>,
) -> Result<Effect, ToolError> {
    match steps::look_up(means.connector, stay, &effect, step).await {
        Ok(Seen::Stands(external_id)) => {
            let mut effect = effect;
            effect.course.external_id = external_id.or(effect.course.external_id);
            effect.course.steps_done += 1;
            go_on(means, fence, stay, effect, all).await
        }
        Ok(Seen::Undone) => {
            let why = "it was done, and taken back at the hotel";
            settle(means, stay, effect, EffectEvent::Fail, Note::why(why)).await
        }
        Ok(Seen::Nothing) if sure_at.is_some() => keep(means, effect, sure_at).await,
        // Its own call has said that it was done: that it does not show proves nothing, and staff look.
        Ok(Seen::Nothing) if effect.has_surfaced() => keep(means, effect, None).await,
        Ok(Seen::Nothing) => surely_not_done(means, fence, stay, effect, step).await,
        Err(_) => {
            let due_at = again_at(means, &effect);
            keep(means, effect, due_at).await
        }
    }
}

/// The step that was cut off stands; those after it are still to be made, unless the conversation has passed on.
async fn go_on(
    means: &Means<'_>,
    fence: Option<Fence>,
    stay: &Stay,
    effect: Effect,
    all: &[Step],
) -> Result<Effect, ToolError> {
    let Some(next) = all.get(index(effect.course.steps_done)).copied() else {
        return settle(means, stay, effect, EffectEvent::Succeed, Note::default()).await;
    };
    match once_more(means, fence, stay, &effect, Earlier::None).await? {
        Some(effect) => Ok(effect),
        None => stopped(means, stay, effect, next).await,
    }
}

async fn surely_not_done(
    means: &Means<'_>,
    fence: Option<Fence>,
    stay: &Stay,
    effect: Effect,
    step: Step,
) -> Result<Effect, ToolError> {
    if effect.course.calls < MOST_CALLS
        && let Some(effect) = once_more(means, fence, stay, &effect, Earlier::None).await?
    {
        return Ok(effect);
    }
    refused(means, stay, effect, step, "the hotel's system shows nothing of it").await
}

async fn repeat(
    means: &Means<'_>,
    fence: Option<Fence>,
    stay: &Stay,
    effect: Effect,
) -> Result<Effect, ToolError> {
    match once_more(means, fence, stay, &effect, Earlier::InDoubt).await? {
        Some(effect) => Ok(effect),
        // The bot has not the floor: it is for staff to look into.
        None => keep(means, effect, None).await,
    }
}

/// Makes the call once more, with those after it, and gives what came of them. `None`: it was not begun, because the
/// conversation has passed on, or the effect has moved on, or it came to light after it had been given up.
async fn once_more(
    means: &Means<'_>,
    fence: Option<Fence>,
    stay: &Stay,
    effect: &Effect,
    earlier: Earlier,
) -> Result<Option<Effect>, ToolError> {
    let begun = Begun::now(means);
    let (effect, now) = (effect.clone(), begun.at);
    let sent =
        means.db.write(move |tx| Box::pin(async move { send_again(tx, fence, effect, now).await })).await?;
    let Some(sent) = sent else { return Ok(None) };
    match Box::pin(run(means, stay, sent, begun, earlier)).await? {
        Ran::Ended(effect) | Ran::Lost(effect) => Ok(Some(effect)),
    }
}

async fn send_again(
    tx: &mut Tx,
    fence: Option<Fence>,
    effect: Effect,
    now: DateTime<Utc>,
) -> Result<Option<Effect>, ToolError> {
    match fence {
        Some(fence) => fence.hold(tx).await?,
        None => {
            let floor = conversations::lock(tx, effect.conversation_id).await?.map(|c| c.floor.status);
            if !matches!(floor, Some(Status::Bot | Status::Waiting)) {
                return Ok(None);
            }
        }
    }
    let Some(current) = effects::find(tx, effect.id).await? else { return Ok(None) };
    if !current.is_where(&effect) || current.course.overtaken_at.is_some() || current.has_surfaced() {
        return Ok(None);
    }
    Ok(Some(effects::step(tx, &effect, EffectEvent::Repeat, Note::default(), now).await?))
}

/// It stays unknown; when it is looked at next is on disk. What is for staff now stays on the list until whoever tells
/// has called them.
async fn keep(means: &Means<'_>, effect: Effect, due_at: Option<DateTime<Utc>>) -> Result<Effect, ToolError> {
    if effect.course.due_at == due_at {
        return Ok(effect);
    }
    let mut kept = effect.clone();
    kept.course.due_at = due_at;
    if means.tell && due_at.is_none() {
        return Ok(kept);
    }
    let set = means
        .db
        .write(move |tx| Box::pin(async move { effects::set_due(tx, &effect, due_at).await }))
        .await?;
    if set { Ok(kept) } else { means.find(&kept).await }
}
