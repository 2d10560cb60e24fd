//! Quotes and the guest's word on them: price from the hotel's list, limits of the hotel, one charge per agreement.

use super::{Fence, Outcome, Refusal, Tool, ToolCx, ToolError, effects, refuse, schema};
use crate::domain::effect::{Confirmed, Effect, EffectEvent, EffectState, Plan};
use crate::domain::escalation::{Priority, Reason};
use crate::domain::item::{Item, ItemKind};
use crate::domain::message::QuoteCard;
use crate::domain::money::Money;
use crate::domain::proof::ProofNeed;
use crate::domain::stay::{Stay, StayState};
use crate::domain::tool_policy::SideEffect;
use crate::reading::items::{ItemName, find_items};
use crate::store::effects as rows;
use crate::texts::{self, Lang, Say};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a model may say about an order: which item of the hotel's list, and how many.
#[derive(Debug, Deserialize, Serialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// The item's name as the hotel's list has it.
    pub item: String,
    #[serde(default)]
    pub quantity: Option<u32>,
}

/// A tool that quotes something of the hotel's list.
pub(super) struct FromTheList {
    pub name: &'static str,
    pub description: &'static str,
    /// What of the list it sells.
    pub kinds: &'static [ItemKind],
}

#[async_trait]
impl Tool for FromTheList {
    fn name(&self) -> &'static str {
        self.name
    }

    fn description(&self) -> &'static str {
        self.description
    }

    fn parameters(&self) -> Value {
        schema::<Wanted>()
    }

    fn side_effect(&self) -> SideEffect {
        SideEffect::Charge
    }

    fn proof(&self) -> ProofNeed {
        ProofNeed::Stay
    }

    fn allowed_in(&self, state: StayState) -> bool {
        state == StayState::InHouse
    }

    fn available(&self, cx: &ToolCx<'_>) -> bool {
        cx.connector.folios().is_some()
    }

    async fn run(&self, cx: &ToolCx<'_>, arguments: Value) -> Result<Outcome, ToolError> {
        quote_item(cx, self.name, arguments, self.kinds).await
    }
}

async fn quote_item(
    cx: &ToolCx<'_>,
    tool: &str,
    arguments: Value,
    kinds: &[ItemKind],
) -> Result<Outcome, ToolError> {
    let wanted: Wanted = match super::arguments(arguments) {
        Ok(wanted) => wanted,
        Err(refused) => return Ok(refused),
    };
    let item = match find_item(cx, &wanted.item, kinds) {
        Ok(item) => item,
        Err(refused) => return Ok(refused),
    };
    let quantity = wanted.quantity.unwrap_or(1).max(1);
    let max = cx.book.hotel.settings.limits.max_quantity;
    if quantity > max {
        return Ok(refuse(Refusal::TooMany, Say::TooMany { max }));
    }
    let name = item.name(cx.lang.as_str()).to_owned();
    if let Some(hours) = item.details.hours {
        let local = cx.clock.now().with_timezone(&cx.book.hotel.zone).time();
        if !hours.contains(local) {
            let say = Say::ItemClosed { item: name, from: hours.from, to: hours.to };
            return Ok(refuse(Refusal::Closed, say));
        }
    }
    let Some(total) = cx.book.hotel.money(item.details.price_minor).checked_mul(quantity) else {
        return Ok(refuse(Refusal::TooMany, Say::TooMany { max }));
    };
    let plan = if item.details.department.is_empty() {
        Plan::Charge { item_id: item.id, item: name, quantity }
    } else {
        let department = item.details.department.clone();
        let note = Some(cx.guests_words());
        Plan::Order { item_id: item.id, item: name, quantity, department, note }
    };
    quote(cx, tool, plan, total).await
}

#[expect(clippy::result_large_err, reason = "a refusal is an ordinary outcome, made once per call")]
fn find_item<'a>(cx: &ToolCx<'a>, wanted: &str, kinds: &[ItemKind]) -> Result<&'a Item, Outcome> {
    let wanted: String = wanted.chars().take(200).collect();
    let offered: Vec<&Item> =
        cx.book.items.iter().filter(|item| item.active && kinds.contains(&item.kind)).collect();
    let catalogue: Vec<ItemName<'_, usize>> = offered
        .iter()
        .enumerate()
        .map(|(id, item)| ItemName {
            id,
            names: item.details.names.values().chain(&item.details.aliases).map(String::as_str).collect(),
        })
        .collect();
    let hits = find_items(&wanted, &catalogue);
    let Some(hit) = hits.first() else { return Err(refuse(Refusal::NotFound, Say::ItemUnknown)) };
    match hit.only().and_then(|id| offered.get(*id)) {
        Some(item) => Ok(item),
        None => {
            let name = |id: &usize| offered.get(*id).map(|item| item.name(cx.lang.as_str()).to_owned());
            let options = hit.candidates.iter().filter_map(name).take(6).collect();
            Err(refuse(Refusal::Ambiguous, Say::ItemWhich { options }))
        }
    }
}

/// Writes the offer down. It counts only once the sentence with its price has been sent to the guest.
pub(super) async fn quote(
    cx: &ToolCx<'_>,
    tool: &str,
    plan: Plan,
    total: Money,
) -> Result<Outcome, ToolError> {
    let limits = cx.book.hotel.settings.limits;
    let own = cx.book.policies.get(tool).and_then(|policy| policy.max_charge_minor);
    let most = own.map_or(limits.per_charge_minor, |own| own.min(limits.per_charge_minor));
    if total.amount_minor > most {
        return Ok(over_limit(cx, tool, &plan, total, "above the limit per charge"));
    }
    let day = cx.book.hotel.today(cx.clock.now());
    let stay = cx.stay()?;
    let mut conn = cx.db.read().await?;
    let agreed = rows::agreed_minor(&mut conn, stay.id, day).await?;
    drop(conn);
    if agreed.saturating_add(total.amount_minor) > limits.per_stay_and_day_minor {
        return Ok(over_limit(cx, tool, &plan, total, "above the limit per stay and day"));
    }
    let effect = effects::write_down(cx, tool, plan, Some(total), EffectState::Proposed).await?;
    Ok(match effect.state {
        EffectState::Proposed => offer(effect, total, cx.lang),
        EffectState::Succeeded => {
            let say = Say::AlreadyOrdered { item: texts::counted_item(&effect.plan, cx.lang) };
            Outcome::Done { say, data: serde_json::json!({ "already": true }), effect: Some(effect) }
        }
        EffectState::Confirmed | EffectState::Sent | EffectState::Unknown | EffectState::Failed => {
            effects::not_done(&effect, cx.lang)
        }
    })
}

fn offer(effect: Effect, total: Money, lang: Lang) -> Outcome {
    let card = QuoteCard { item: texts::item(&effect.plan, lang), quantity: effect.plan.quantity(), total };
    Outcome::Quote { say: offer_sentence(&effect, total), card, effect }
}

/// The sentence that tells the guest item, quantity and total; only an offer told in it can be agreed to.
pub fn offer_sentence(effect: &Effect, total: Money) -> Say {
    let (item, quantity) = (effect.plan.item(), effect.plan.quantity());
    match &effect.plan {
        Plan::LateCheckout { until, .. } => Say::QuoteLateCheckout { until: *until, total },
        Plan::Request { .. } | Plan::Order { .. } | Plan::Charge { .. } => {
            Say::Quote { item, quantity, total }
        }
    }
}

fn over_limit(cx: &ToolCx<'_>, tool: &str, plan: &Plan, total: Money, why: &str) -> Outcome {
    let why = format!("{} × {}, {total}: {why}", plan.quantity(), plan.item());
    Outcome::HandOff {
        reason: Reason::Limit { tool: tool.to_owned(), why },
        priority: Priority::Normal,
        say: Say::StaffDecide { phone: super::phone(cx.book) },
    }
}

/// What became of the guest's word.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "one per turn, never kept")]
pub enum Quoted {
    /// Carried out, or tried.
    Outcome(Outcome),
    /// Somebody or something else has ended the offer meanwhile.
    Over,
}

/// The guest agreed: the offer is confirmed under the fence and within the limits, then carried out.
pub async fn confirm(cx: &ToolCx<'_>, quote: &Effect) -> Result<Quoted, ToolError> {
    let stay = cx.stay()?.clone();
    if stay.id != quote.stay_id {
        return Ok(Quoted::Over);
    }
    if !is_still_offered(cx, &stay, quote) {
        decline(cx, quote, "no longer offered").await?;
        return Ok(Quoted::Over);
    }
    let now = cx.clock.now();
    let agreement = Agreement {
        day: cx.book.hotel.today(now),
        limit: cx.book.hotel.settings.limits.per_stay_and_day_minor,
        seq: cx.burst_end,
        now,
    };
    if let Some(outcome) = room_gone(cx, &stay, quote, agreement).await? {
        return Ok(Quoted::Outcome(outcome));
    }
    let (fence, wanted) = (cx.fence, quote.clone());
    let agreed =
        cx.db.write(move |tx| Box::pin(async move { agree(tx, fence, wanted, agreement).await })).await?;
    let confirmed = match agreed {
        Agreed::Confirmed(effect) => effect,
        Agreed::Over => return Ok(Quoted::Over),
        Agreed::AboveLimit(effect) => {
            let total = effect.total.unwrap_or_else(|| cx.book.hotel.money(0));
            let outcome =
                over_limit(cx, &effect.tool, &effect.plan, total, "above the limit per stay and day");
            return Ok(Quoted::Outcome(outcome));
        }
    };
    let Some(confirmed) = Confirmed::of(confirmed) else { return Ok(Quoted::Over) };
    let means = effects::Means::of(cx);
    let done = effects::carry_out(&means, cx.fence, &stay, confirmed).await?;
    Ok(Quoted::Outcome(carried_out(&done, stay.room, cx.lang)))
}

/// Between offer and yes a manager may have taken the item off the list or switched the tool off, or the stay has ended.
fn is_still_offered(cx: &ToolCx<'_>, stay: &Stay, quote: &Effect) -> bool {
    let allowed = super::find(&quote.tool)
        .is_some_and(|tool| super::policy(cx.book, tool).enabled && tool.allowed_in(stay.state));
    allowed
        && match &quote.plan {
            Plan::Order { item_id, .. } | Plan::Charge { item_id, .. } => {
                cx.book.items.iter().any(|item| item.active && item.id == *item_id)
            }
            Plan::Request { .. } | Plan::LateCheckout { .. } => true,
        }
}

/// Between offer and yes somebody else may have been given the room: then staff decide, and nothing is charged.
async fn room_gone(
    cx: &ToolCx<'_>,
    stay: &Stay,
    quote: &Effect,
    agreement: Agreement,
) -> Result<Option<Outcome>, ToolError> {
    let (Plan::LateCheckout { on, until }, Some(stays)) = (&quote.plan, cx.connector.stays()) else {
        return Ok(None);
    };
    if !stays.room_is_let_again(stay, *on).await.unwrap_or(true) {
        return Ok(None);
    }
    end(cx, quote, "the room has been let again", Some(agreement)).await?;
    Ok(Some(Outcome::HandOff {
        reason: Reason::StaffDecide {
            tool: quote.tool.clone(),
            why: format!("late check-out until {}: the room has been let again", until.format("%H:%M")),
        },
        priority: Priority::Normal,
        say: Say::StaffDecide { phone: super::phone(cx.book) },
    }))
}

/// What to say of a charge that has been carried out, or tried.
pub fn carried_out(done: &Effect, room: Option<String>, lang: Lang) -> Outcome {
    if done.state != EffectState::Succeeded {
        return effects::not_done(done, lang);
    }
    let (item, quantity) = (done.plan.item(), done.plan.quantity());
    let say = match (&done.plan, done.total) {
        (Plan::LateCheckout { until, .. }, total) => Say::LateCheckoutDone { until: *until, total },
        (Plan::Charge { .. }, Some(total)) => Say::Charged { item, quantity, total },
        (Plan::Order { .. } | Plan::Request { .. }, Some(total)) => {
            Say::Ordered { item, quantity, total, room }
        }
        (Plan::Request { kind, .. }, None) => Say::Requested { kind: *kind, item, quantity, room },
        (Plan::Order { .. } | Plan::Charge { .. }, None) => Say::AlreadyOrdered { item },
    };
    let data = serde_json::json!({ "charged": done.total.map(|total| total.to_string()) });
    Outcome::Done { say, data, effect: Some(done.clone()) }
}

#[derive(Clone, Copy)]
struct Agreement {
    day: chrono::NaiveDate,
    limit: i64,
    seq: i64,
    now: chrono::DateTime<chrono::Utc>,
}

enum Agreed {
    Confirmed(Effect),
    Over,
    AboveLimit(Effect),
}

/// One unit: still open, still ours to confirm, and within what the stay may spend on the day.
async fn agree(
    tx: &mut crate::store::Tx,
    fence: Fence,
    wanted: Effect,
    agreement: Agreement,
) -> Result<Agreed, ToolError> {
    fence.hold(tx).await?;
    rows::lock_stay(tx, wanted.stay_id).await?;
    let Some(found) = rows::find(tx, wanted.id).await? else { return Ok(Agreed::Over) };
    let effect = Effect { confirmed_seq: Some(agreement.seq), ..found };
    let expired = effect.expires_at.is_some_and(|at| at <= agreement.now);
    if effect.state != EffectState::Proposed || effect.quoted_seq.is_none() || expired {
        return Ok(Agreed::Over);
    }
    let agreed = rows::agreed_minor(tx, effect.stay_id, agreement.day).await?;
    // Beside a failure too: a turn that dies now is followed by one that knows what the guest was to hear.
    rows::set_agreed(tx, effect.id, agreement.day, agreement.seq).await?;
    let total = effect.total.map_or(0, |total| total.amount_minor);
    if agreed.saturating_add(total) > agreement.limit {
        let why = rows::Note::why("above the limit per stay and day");
        let ended = rows::step(tx, &effect, EffectEvent::Fail, why, agreement.now).await?;
        return Ok(Agreed::AboveLimit(ended));
    }
    Ok(Agreed::Confirmed(
        rows::step(tx, &effect, EffectEvent::Confirm, rows::Note::default(), agreement.now).await?,
    ))
}

/// The guest does not want it, or wants something else.
pub async fn decline(cx: &ToolCx<'_>, quote: &Effect, why: &'static str) -> Result<(), ToolError> {
    end(cx, quote, why, None).await
}

/// Ends an open offer; `agreed`: although the guest said yes, which stays on record.
async fn end(
    cx: &ToolCx<'_>,
    quote: &Effect,
    why: &'static str,
    agreed: Option<Agreement>,
) -> Result<(), ToolError> {
    let (fence, quote, now) = (cx.fence, quote.clone(), cx.clock.now());
    cx.db
        .write(move |tx| {
            Box::pin(async move {
                fence.hold(tx).await?;
                let open =
                    rows::find(tx, quote.id).await?.filter(|effect| effect.state == EffectState::Proposed);
                if let Some(effect) = open {
                    if let Some(agreement) = agreed {
                        rows::set_agreed(tx, effect.id, agreement.day, agreement.seq).await?;
                    }
                    rows::step(tx, &effect, EffectEvent::Fail, rows::Note::why(why), now).await?;
                }
                Ok(())
            })
        })
        .await
}
