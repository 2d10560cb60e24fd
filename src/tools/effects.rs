//! Carrying an effect out: its intent is on disk before the hotel's system is called, its result after. A call that
//! is cut off becomes `unknown`, is read back by our reference, and is never blindly repeated.

use super::{Fence, Outcome, Refusal, ToolCx, ToolError, refuse};
use crate::clock::Clock;
use crate::connectors::{Connector, ConnectorError, Posting, Task};
use crate::domain::conversation::Conversation;
use crate::domain::effect::{Confirmed, Effect, EffectEvent, EffectState, Plan};
use crate::domain::escalation::{Priority, Reason};
use crate::domain::money::Money;
use crate::domain::request::{Request, RequestKind, RequestState};
use crate::domain::stay::Stay;
use crate::store::{Bell, Db, DbError, Tx, effects, requests};
use crate::telemetry;
use crate::texts::{self, Lang, Say};
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

/// What the same wish has come to before: in this turn, or in one that died over the same burst.
async fn made_before(tx: &mut Tx, cx: &Wish) -> Result<Option<Effect>, DbError> {
    if let Some(effect) = effects::find_by_key(tx, &cx.key).await? {
        return Ok(Some(effect));
    }
    let recent = effects::list_last(tx, cx.effect.conversation_id, 20).await?;
    Ok(recent.into_iter().find(|earlier| {
        earlier.anchor_seq == cx.effect.anchor_seq
            && earlier.turn_id != cx.effect.turn_id
            && earlier.plan.same_wish(&cx.effect.plan)
    }))
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
    let wish = Wish {
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
        },
    };
    let fence = cx.fence;
    cx.db
        .write(move |tx| {
            Box::pin(async move {
                fence.hold(tx).await?;
                if let Some(effect) = made_before(tx, &wish).await? {
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
    let effect = write_down(cx, tool, plan, total, EffectState::Sent).await?;
    let means = Means { db: cx.db, clock: cx.clock, connector: cx.connector };
    match effect.state {
        EffectState::Sent if effect.turn_id == cx.turn => finish(&means, cx.stay()?, effect).await,
        EffectState::Sent | EffectState::Unknown => read_back(&means, cx.stay()?, effect).await,
        EffectState::Proposed | EffectState::Confirmed | EffectState::Succeeded | EffectState::Failed => {
            Ok(effect)
        }
    }
}

/// What carrying out needs beyond the effect itself.
pub struct Means<'a> {
    pub db: &'a Db,
    pub clock: &'a Clock,
    pub connector: &'a dyn Connector,
}

/// Sends what the guest has agreed to: fenced right before the call, recorded after it whatever has happened meanwhile.
pub(super) async fn carry_out(
    means: &Means<'_>,
    fence: Fence,
    stay: &Stay,
    effect: Confirmed<Effect>,
) -> Result<Effect, ToolError> {
    let now = means.clock.now();
    let confirmed = effect.get().clone();
    let sent = means
        .db
        .write(move |tx| {
            Box::pin(async move {
                fence.hold(tx).await?;
                Ok::<_, ToolError>(effects::step(tx, &confirmed, EffectEvent::Send, None, now).await?)
            })
        })
        .await?;
    finish(means, stay, sent).await
}

/// Calls the hotel's system and writes down what it said.
async fn finish(means: &Means<'_>, stay: &Stay, sent: Effect) -> Result<Effect, ToolError> {
    match perform(means.connector, stay, &sent).await {
        Ok(()) => settle(means, stay, sent, EffectEvent::Succeed, None).await,
        Err(ConnectorError::Unknown { why }) => {
            let lost = settle(means, stay, sent, EffectEvent::LoseSight, Some(why)).await?;
            read_back(means, stay, lost).await
        }
        Err(
            error @ (ConnectorError::NotFound
            | ConnectorError::Refused { .. }
            | ConnectorError::Unavailable { .. }),
        ) => settle(means, stay, sent, EffectEvent::Fail, Some(error.to_string())).await,
    }
}

/// After a cut: asks the hotel's system by our reference. What it does not show stays unknown, for staff.
pub(super) async fn read_back(means: &Means<'_>, stay: &Stay, effect: Effect) -> Result<Effect, ToolError> {
    let effect = match effect.state {
        EffectState::Sent => {
            settle(means, stay, effect, EffectEvent::LoseSight, Some("cut off".to_owned())).await?
        }
        EffectState::Unknown => effect,
        EffectState::Proposed | EffectState::Confirmed | EffectState::Succeeded | EffectState::Failed => {
            return Ok(effect);
        }
    };
    match seen(means.connector, stay, &effect).await {
        Ok(true) => settle(means, stay, effect, EffectEvent::Succeed, None).await,
        Ok(false)
            if matches!(
                means.connector.after_cut(crate::connectors::Step::Charge),
                crate::connectors::AfterCut::Repeat { .. }
            ) =>
        {
            match perform(means.connector, stay, &effect).await {
                Ok(()) => settle(means, stay, effect, EffectEvent::Succeed, None).await,
                Err(_) => Ok(effect),
            }
        }
        Ok(false) | Err(_) => Ok(effect),
    }
}

/// The calls themselves, each under the effect's own reference.
async fn perform(connector: &dyn Connector, stay: &Stay, effect: &Effect) -> Result<(), ConnectorError> {
    if let Some(posting) = posting(effect) {
        let folios = connector.folios().ok_or_else(|| missing("a folio"))?;
        folios.post(stay, &posting).await?;
    }
    if let (Some(task), Some(requests)) = (task(stay, effect), connector.requests()) {
        let made = requests.create(stay, &task).await;
        made.map_err(|error| half_done(effect, "the request was not made", error))?;
    }
    if let Plan::LateCheckout { on, until } = &effect.plan {
        let stays = connector.stays().ok_or_else(|| missing("departures"))?;
        let set = stays.set_checkout(stay, *on, *until, &effect.id.to_string()).await;
        set.map_err(|error| half_done(effect, "the departure was not set", error))?;
    }
    Ok(())
}

/// Once the charge is posted, a refusal of the rest is no plain failure: something was charged, and staff have to look.
fn half_done(effect: &Effect, what: &str, error: ConnectorError) -> ConnectorError {
    match effect.total {
        Some(_) => ConnectorError::Unknown { why: format!("charged, but {what}: {error}") },
        None => error,
    }
}

/// Whether all of the effect can be seen in the hotel's system.
async fn seen(connector: &dyn Connector, stay: &Stay, effect: &Effect) -> Result<bool, ConnectorError> {
    let reference = effect.id.to_string();
    if effect.total.is_some() {
        let folios = connector.folios().ok_or_else(|| missing("a folio"))?;
        if folios.find_posting(stay, &reference).await?.is_none() {
            return Ok(false);
        }
    }
    if let (Some(_), Some(requests)) = (task(stay, effect), connector.requests())
        && requests.find(&reference).await?.is_none()
    {
        return Ok(false);
    }
    match &effect.plan {
        // A departure cannot be asked for by reference.
        Plan::LateCheckout { .. } => Ok(false),
        Plan::Request { .. } | Plan::Order { .. } | Plan::Charge { .. } => Ok(true),
    }
}

fn missing(what: &str) -> ConnectorError {
    ConnectorError::Refused { why: format!("this hotel's system does not offer {what}") }
}

fn posting(effect: &Effect) -> Option<Posting> {
    let amount = effect.total?;
    let reference = effect.id.to_string();
    Some(Posting { reference, description: effect.plan.item(), quantity: effect.plan.quantity(), amount })
}

/// What the hotel's people have to do for it; `None`: nothing.
fn task(stay: &Stay, effect: &Effect) -> Option<Task> {
    let (kind, item, quantity, department) = match &effect.plan {
        Plan::Request { kind, item, quantity, .. } => (*kind, item, *quantity, kind.department().to_owned()),
        Plan::Order { item, quantity, department, .. } => {
            (RequestKind::Order, item, *quantity, department.clone())
        }
        Plan::Charge { .. } | Plan::LateCheckout { .. } => return None,
    };
    Some(Task {
        reference: effect.id.to_string(),
        conversation: Some(effect.conversation_id),
        kind,
        item: item.clone(),
        quantity,
        room: stay.room.clone(),
        department,
        due_at: None,
    })
}

/// Writes the result, and with a success the request that the hotel's people see, in one unit.
async fn settle(
    means: &Means<'_>,
    stay: &Stay,
    effect: Effect,
    event: EffectEvent,
    error: Option<String>,
) -> Result<Effect, ToolError> {
    let now = means.clock.now();
    if let Ok(state) = effect.state.step(event) {
        let labels = [("tool", effect.tool.clone()), ("state", state.to_string())];
        metrics::counter!(telemetry::EFFECTS, &labels).increment(1);
    }
    let request = match event {
        EffectEvent::Succeed => task(stay, &effect).map(|task| Request {
            id: means.clock.id(),
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
            created_at: now,
            closed_at: None,
            closed_by: None,
        }),
        EffectEvent::Confirm | EffectEvent::Send | EffectEvent::Fail | EffectEvent::LoseSight => None,
    };
    means
        .db
        .write(move |tx| {
            Box::pin(async move {
                let done = effects::step(tx, &effect, event, error.as_deref(), now).await?;
                if let Some(request) = request {
                    requests::insert_once(tx, &request).await?;
                }
                tx.ring(Bell::Desk { property: effect.property_id });
                Ok::<_, ToolError>(done)
            })
        })
        .await
}

/// What to say of an effect that has not succeeded.
pub(super) fn not_done(effect: &Effect, lang: Lang) -> Outcome {
    let item = texts::item(&effect.plan, lang);
    let why = effect.error.clone().unwrap_or_default();
    match effect.state {
        EffectState::Unknown | EffectState::Sent => Outcome::HandOff {
            reason: Reason::Effect {
                effect: effect.id,
                state: EffectState::Unknown,
                why: format!("{item}: {why}"),
            },
            priority: Priority::High,
            say: Say::Unsure { item },
        },
        EffectState::Failed => Outcome::HandOff {
            reason: Reason::Effect {
                effect: effect.id,
                state: EffectState::Failed,
                why: format!("{item}: {why}"),
            },
            priority: Priority::Normal,
            say: Say::NotPossibleNow { item },
        },
        EffectState::Proposed | EffectState::Confirmed | EffectState::Succeeded => {
            refuse(Refusal::Failed, Say::NotPossibleNow { item })
        }
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
        (EffectState::Sent | EffectState::Unknown, _) => read_back(means, stay, effect).await,
        (EffectState::Confirmed, None)
        | (EffectState::Proposed | EffectState::Succeeded | EffectState::Failed, _) => Ok(effect),
    }
}

/// Why staff should look at an effect, if they should.
pub fn worry(effect: &Effect) -> Option<(Reason, Priority)> {
    match not_done(effect, Lang::En) {
        Outcome::HandOff { reason, priority, .. } => Some((reason, priority)),
        Outcome::Done { .. } | Outcome::Quote { .. } | Outcome::Refused { .. } => None,
    }
}

/// Whether an effect of this conversation is on its way without an end.
pub fn is_under_way(effect: &Effect, conversation: &Conversation) -> bool {
    effect.conversation_id == conversation.id
        && matches!(effect.state, EffectState::Confirmed | EffectState::Sent)
}

#[cfg(test)]
#[path = "effects_tests.rs"]
mod tests;
