//! Carrying an effect out: its intent is on disk before the hotel's system is called, its result after. A call that
//! is cut off becomes `unknown`, is followed until its end is known, and is never blindly repeated.

mod course;
mod settle;
mod steps;

use super::{Fence, Outcome, Refusal, ToolCx, ToolError, refuse};
use crate::clock::Clock;
use crate::connectors::Connector;
use crate::domain::conversation::Conversation;
use crate::domain::effect::{Confirmed, Course, Effect, EffectEvent, EffectState, Plan};
use crate::domain::escalation::{Priority, Reason};
use crate::domain::money::Money;
use crate::domain::request::{Request, RequestState};
use crate::domain::stay::Stay;
use crate::store::effects::Note;
use crate::store::{Db, DbError, Tx, effects};
use crate::texts::{self, Lang, Say};
use course::Begun;
use serde_json::json;

/// One wish of one burst has one key, however often the turn is run.
fn key(cx: &ToolCx<'_>, tool: &str, plan: &Plan) -> String {
    // The guest's words are not part of the wish.
    let wish = match plan {
        Plan::Request { kind, item, quantity, .. } => json!([kind, item, quantity]),
        Plan::Order { item_id, quantity, .. } | Plan::Charge { item_id, quantity, .. } => {
            json!([item_id, quantity])
        }
        Plan::LateCheckout { on, until } => json!([on, until]),
    };
    format!("{}:{}:{tool}:{wish}", cx.fence.conversation, cx.anchor_seq)
}

/// What the same wish has come to before: in this turn, or in an earlier one over the same burst. An effect of an earlier
/// turn answers one wish of this one. What came to nothing answers none: then `wish` gets a key of its own.
async fn made_before(tx: &mut Tx, wish: &mut Wish) -> Result<Option<Effect>, DbError> {
    let mut found = None;
    while let Some(effect) = effects::find_by_key(tx, &wish.key).await? {
        if !effect.came_to_nothing() {
            found = Some(effect);
            break;
        }
        wish.key = format!("{}:{}", wish.key, effect.id.0);
    }
    if found.is_none() {
        let recent = effects::list_last(tx, wish.effect.conversation_id, 20).await?;
        found = recent.into_iter().find(|earlier| is_the_same(earlier, &wish.effect));
    }
    if let Some(earlier) = found.as_ref().filter(|earlier| earlier.turn_id != wish.effect.turn_id) {
        effects::adopt(tx, earlier.id, wish.effect.turn_id).await?;
    }
    Ok(found)
}

/// The same wish of the same burst, in other words.
fn is_the_same(earlier: &Effect, wish: &Effect) -> bool {
    // An offer that was never told may be of another quantity; the next one takes its place.
    let never_told = earlier.state == EffectState::Proposed && earlier.quoted_seq.is_none();
    earlier.anchor_seq == wish.anchor_seq
        && earlier.turn_id != wish.turn_id
        && !never_told
        && !earlier.came_to_nothing()
        && earlier.plan.same_wish(&wish.plan)
}

/// An effect about to be written, with its key.
#[derive(Clone)]
struct Wish {
    effect: Effect,
    key: String,
}

/// Writes the wish down under the fence, or gives what it came to before.
pub(super) async fn write_down(
    cx: &ToolCx<'_>,
    tool: &str,
    plan: Plan,
    total: Option<Money>,
    state: EffectState,
) -> Result<Effect, ToolError> {
    let stay = cx.stay()?;
    let now = cx.clock.now();
    let mut wish = Wish {
        key: key(cx, tool, &plan),
        effect: Effect {
            id: cx.clock.id(),
            property_id: stay.property_id,
            conversation_id: cx.fence.conversation,
            stay_id: stay.id,
            turn_id: cx.turn,
            tool: tool.to_owned(),
            plan,
            total,
            state,
            error: None,
            anchor_seq: cx.anchor_seq,
            confirmed_seq: None,
            quoted_seq: None,
            expires_at: None,
            voided_at: None,
            created_at: now,
            updated_at: now,
            course: match state {
                EffectState::Sent => Course::begun(now),
                EffectState::Proposed
                | EffectState::Confirmed
                | EffectState::Succeeded
                | EffectState::Failed
                | EffectState::Unknown => Course::default(),
            },
        },
    };
    let fence = cx.fence;
    cx.db
        .write(move |tx| {
            Box::pin(async move {
                fence.hold(tx).await?;
                if let Some(effect) = made_before(tx, &mut wish).await? {
                    return Ok(effect);
                }
                effects::insert(tx, &wish.effect, &wish.key).await?;
                Ok(wish.effect)
            })
        })
        .await
}

/// An effect that needs no word of the guest's: written down as sent, carried out, its result written.
pub(super) async fn run_now(
    cx: &ToolCx<'_>,
    tool: &str,
    plan: Plan,
    total: Option<Money>,
) -> Result<Effect, ToolError> {
    let means = Means::of(cx);
    let begun = Begun::now(&means);
    let effect = write_down(cx, tool, plan, total, EffectState::Sent).await?;
    match effect.state {
        EffectState::Sent if effect.turn_id == cx.turn => {
            Box::pin(course::finish(&means, Some(cx.fence), cx.stay()?, effect, begun)).await
        }
        EffectState::Sent => Box::pin(course::resolve(&means, Some(cx.fence), cx.stay()?, effect)).await,
        EffectState::Unknown
        | EffectState::Proposed
        | EffectState::Confirmed
        | EffectState::Succeeded
        | EffectState::Failed => Ok(effect),
    }
}

/// What carrying out needs beyond the effect itself.
pub struct Means<'a> {
    pub db: &'a Db,
    pub clock: &'a Clock,
    pub connector: &'a dyn Connector,
    /// Nobody waits for the outcome, as a turn does: once it is known, the guest has to be told.
    pub tell: bool,
}

impl<'a> Means<'a> {
    /// Of a turn, which tells the guest itself.
    pub(super) fn of(cx: &ToolCx<'a>) -> Self {
        Self { db: cx.db, clock: cx.clock, connector: cx.connector, tell: false }
    }

    async fn find(&self, effect: &Effect) -> Result<Effect, ToolError> {
        let mut conn = self.db.read().await?;
        Ok(effects::find(&mut conn, effect.id).await?.unwrap_or_else(|| effect.clone()))
    }
}

/// Sends what the guest has agreed to: fenced right before the call, recorded after it whatever has happened meanwhile.
pub(super) async fn carry_out(
    means: &Means<'_>,
    fence: Fence,
    stay: &Stay,
    effect: Confirmed<Effect>,
) -> Result<Effect, ToolError> {
    let (begun, now) = (Begun::now(means), means.clock.now());
    let confirmed = effect.get().clone();
    let sent = means
        .db
        .write(move |tx| {
            Box::pin(async move {
                fence.hold(tx).await?;
                let sent = effects::step(tx, &confirmed, EffectEvent::Send, Note::default(), now).await?;
                Ok::<_, ToolError>(sent)
            })
        })
        .await?;
    // Most turns carry nothing out: what that takes is not part of every turn's memory.
    Box::pin(course::finish(means, Some(fence), stay, sent, begun)).await
}

/// What the hotel's people see of an effect that was done; `None`: nothing to be done by them.
pub fn request(clock: &Clock, stay: &Stay, effect: &Effect) -> Option<Request> {
    let task = steps::task(stay, effect)?;
    Some(Request {
        id: clock.id(),
        property_id: effect.property_id,
        stay_id: Some(stay.id),
        conversation_id: Some(effect.conversation_id),
        effect_id: Some(effect.id),
        kind: task.kind,
        item: task.item,
        quantity: i64::from(task.quantity),
        room: task.room,
        department: task.department,
        state: RequestState::Open,
        note: match &effect.plan {
            Plan::Request { note, .. } | Plan::Order { note, .. } => note.clone(),
            Plan::Charge { .. } | Plan::LateCheckout { .. } => None,
        },
        due_at: task.due_at,
        created_at: clock.now(),
        closed_at: None,
        closed_by: None,
    })
}

/// What to say of an effect that has not succeeded.
pub(super) fn not_done(effect: &Effect, lang: Lang) -> Outcome {
    let item = texts::item(&effect.plan, lang);
    match (effect.state, worry(effect)) {
        (EffectState::Unknown | EffectState::Sent, None) => {
            Outcome::Pending { say: Say::Checking { item }, effect: effect.clone() }
        }
        (EffectState::Unknown | EffectState::Sent, Some((reason, priority))) => {
            Outcome::HandOff { reason, priority, say: Say::Unsure { item } }
        }
        (EffectState::Failed, Some((reason, priority))) => {
            Outcome::HandOff { reason, priority, say: Say::NotPossibleNow { item } }
        }
        (
            EffectState::Proposed | EffectState::Confirmed | EffectState::Succeeded | EffectState::Failed,
            _,
        ) => refuse(Refusal::Failed, Say::NotPossibleNow { item }),
    }
}

/// Looks after effects whose turn died between the confirmation and the result; the caller says what came of them.
pub async fn recover(
    means: &Means<'_>,
    fence: Option<Fence>,
    stay: &Stay,
    effect: Effect,
) -> Result<Effect, ToolError> {
    match (effect.state, fence) {
        (EffectState::Confirmed, Some(fence)) => match Confirmed::of(effect.clone()) {
            Some(confirmed) => carry_out(means, fence, stay, confirmed).await,
            None => Ok(effect),
        },
        (EffectState::Sent | EffectState::Unknown, fence) => {
            Box::pin(course::resolve(means, fence, stay, effect)).await
        }
        (EffectState::Confirmed, None)
        | (EffectState::Proposed | EffectState::Succeeded | EffectState::Failed, _) => Ok(effect),
    }
}

/// Why staff should look at an effect, if they should. One that is still being followed is no worry yet.
pub fn worry(effect: &Effect) -> Option<(Reason, Priority)> {
    let (state, priority) = match effect.state {
        EffectState::Unknown if effect.course.due_at.is_some() => return None,
        EffectState::Unknown | EffectState::Sent => (EffectState::Unknown, Priority::High),
        EffectState::Failed => (EffectState::Failed, Priority::Normal),
        // Done, but not as it should be.
        EffectState::Succeeded if effect.error.is_some() => (EffectState::Succeeded, Priority::Normal),
        EffectState::Proposed | EffectState::Confirmed | EffectState::Succeeded => return None,
    };
    Some((doubt(effect, state), priority))
}

/// The reason with which staff are called for an effect.
pub fn doubt(effect: &Effect, state: EffectState) -> Reason {
    let why = effect.error.clone().unwrap_or_default();
    Reason::Effect { effect: effect.id, state, why: format!("{}: {why}", effect.plan.item()) }
}

/// Whether a turn has to see to an effect of this conversation first: it is on its way without an end, or it is for
/// staff and the turn that was to call them has died.
pub fn is_left_over(effect: &Effect, conversation: &Conversation) -> bool {
    let unanswered = effect.is_of_burst_after(conversation.answered_seq);
    let left = match effect.state {
        EffectState::Confirmed | EffectState::Sent => true,
        EffectState::Unknown => unanswered && effect.course.due_at.is_none(),
        EffectState::Proposed | EffectState::Succeeded | EffectState::Failed => false,
    };
    left && effect.conversation_id == conversation.id
}
