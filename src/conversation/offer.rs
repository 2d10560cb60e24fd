//! The guest's word on an open offer, read by Bellhop from the whole burst. A yes counts for the latest offer only, and
//! only after the sentence with its price has been sent.

use super::brain;
use super::draft::Gate;
use super::turn::{Turn, TurnError};
use crate::domain::effect::{Effect, EffectState, Plan};
use crate::domain::message::{Author, Delivery};
use crate::reading::confirm::{Answer, QuoteWords, read};
use crate::reading::intent::{FactTopic, Intent};
use crate::reading::items::{ItemName, find_items};
use crate::reading::slots::{TimeHint, quantity, times};
use crate::store::outbox::{self, SentAfter};
use crate::texts::{self, Say};
use crate::tools::{self, Quoted};
use chrono::TimeDelta;
use serde_json::{Value, json};

/// For how long a second yes is told that it has been done.
const RECENT: TimeDelta = TimeDelta::minutes(60);

pub(super) async fn check(turn: &mut Turn<'_>) -> Result<Gate, TurnError> {
    if let Some(gate) = agreed_before(turn) {
        return Ok(gate);
    }
    let Some(quote) = turn.open_quote().cloned() else { return second_yes(turn) };
    let answer = answer_to(turn, &quote, &turn.burst());
    let after = match told_at(turn, &quote).await? {
        Some(told) => said_after(turn, &quote, told),
        None => Vec::new(),
    };
    if after.is_empty() {
        return if answer == Answer::Yes { tell_again(turn, &quote).await } else { Ok(Gate::Passed) };
    }
    if answer == Answer::Yes && answer_to(turn, &quote, &after) != Answer::Yes {
        return Ok(Gate::Passed);
    }
    turn.draft.note(json!({ "offer": quote.id, "answer": format!("{answer:?}").to_lowercase() }));
    match answer {
        Answer::Yes => confirm(turn, &quote).await,
        Answer::No => {
            tools::decline(&turn.tool_cx(), &quote, "declined").await?;
            turn.draft.say(Say::Declined { item: texts::item(&quote.plan, turn.draft.lang) });
            settle(turn, &quote);
            brain::run_waiting_for_quote(turn).await?;
            Ok(Gate::Settled)
        }
        Answer::Change => change(turn, &quote).await,
        Answer::Other => Ok(Gate::Passed),
    }
}

/// All that the guest did was to tap below offers that are over: they are told so, and nothing is agreed to.
pub(super) fn only_stale(turn: &mut Turn<'_>) -> bool {
    if turn.stale_taps.is_empty() || !turn.burst.is_empty() {
        return false;
    }
    let taps = turn.stale_taps.clone();
    let mut past: Vec<Effect> =
        turn.ledger.iter().filter(|effect| taps.contains(&effect.id)).cloned().collect();
    past.dedup_by_key(|effect| effect.id);
    if past.is_empty() {
        turn.draft.say(Say::NotUnderstood);
    }
    for effect in &past {
        say_what_became(turn, effect);
    }
    turn.draft.note(json!({ "stale_taps": taps }));
    true
}

/// A turn that died after the agreement: this same burst has said yes already.
fn agreed_before(turn: &mut Turn<'_>) -> Option<Gate> {
    let from = turn.conversation.answered_seq;
    let agreed =
        turn.ledger.iter().find(|effect| effect.confirmed_seq.is_some_and(|seq| seq > from))?.clone();
    let room = turn.stay.as_ref().and_then(|stay| stay.get().room.clone());
    turn.draft.had_effect = true;
    turn.draft.outcome(&tools::carried_out(&agreed, room, turn.draft.lang));
    settle(turn, &agreed);
    Some(Gate::Settled)
}

fn answer_to(turn: &Turn<'_>, quote: &Effect, said: &[&str]) -> Answer {
    let item = texts::item(&quote.plan, turn.draft.lang);
    let total = quote.total.map(|total| total.to_string()).unwrap_or_default();
    read(said, &QuoteWords { item: &item, quantity: quote.plan.quantity(), total: &total })
}

/// After which message the guest had been told the price; `None`: nobody knows that it has left.
async fn told_at(turn: &Turn<'_>, quote: &Effect) -> Result<Option<i64>, TurnError> {
    let told = turn.history.iter().find(|message| quote.quoted_seq == Some(message.seq));
    let sent = told.filter(|message| match message.delivery {
        Delivery::Sent | Delivery::Delivered | Delivery::Read => true,
        Delivery::Queued | Delivery::Failed | Delivery::Unknown | Delivery::Cancelled => false,
    });
    let Some(message) = sent else { return Ok(None) };
    let mut conn = turn.engine.db.read().await?;
    Ok(match outbox::sent_after(&mut conn, message.id).await? {
        SentAfter::AtOnce => Some(message.seq),
        SentAfter::Seq(seq) => Some(message.seq.max(seq)),
        SentAfter::Unknown => None,
    })
}

/// What the guest wrote after the price had been sent: nobody agrees to what they have not been told.
fn said_after<'t>(turn: &'t Turn<'_>, quote: &Effect, told: i64) -> Vec<&'t str> {
    let told = told.max(turn.conversation.answered_seq);
    let after = turn.history.iter().filter(|message| {
        message.author == Author::Guest
            && message.seq > told
            && message.seq <= turn.burst_end
            && message.quote.is_none_or(|offer| offer == quote.id)
    });
    after.map(|message| message.text.as_str()).collect()
}

async fn confirm(turn: &mut Turn<'_>, quote: &Effect) -> Result<Gate, TurnError> {
    turn.draft.had_effect = true;
    let quoted = tools::confirm(&turn.tool_cx(), quote).await?;
    match quoted {
        Quoted::Outcome(outcome) => turn.draft.outcome(&outcome),
        Quoted::Over => turn.draft.say(Say::QuoteOver { item: texts::item(&quote.plan, turn.draft.lang) }),
    }
    settle(turn, quote);
    brain::run_waiting_for_quote(turn).await?;
    Ok(Gate::Settled)
}

/// What the offer was about is dealt with; the brain must not read the same words as a new order, nor a "cancel that"
/// as a cancellation of the booking.
fn settle(turn: &mut Turn<'_>, quote: &Effect) {
    let topics = [
        FactTopic::RoomService,
        FactTopic::Restaurant,
        FactTopic::Bar,
        FactTopic::Breakfast,
        FactTopic::Transfer,
    ];
    turn.draft.dealt_with.extend([
        Intent::OrderFood,
        Intent::Extra,
        Intent::CancelBooking,
        Intent::ChangeBooking,
    ]);
    turn.draft.dealt_with.extend(topics.map(Intent::Fact));
    if matches!(quote.plan, Plan::LateCheckout { .. }) {
        turn.draft.dealt_with.extend([Intent::LateCheckout, Intent::Fact(FactTopic::CheckOut)]);
    }
}

/// The guest may never have seen the price: the yes counts for nothing, and the price is told again.
async fn tell_again(turn: &mut Turn<'_>, quote: &Effect) -> Result<Gate, TurnError> {
    let (tool, arguments) = match &quote.plan {
        Plan::LateCheckout { until, .. } => {
            ("request_late_checkout", json!({ "time": until.format("%H:%M").to_string() }))
        }
        Plan::Order { item, quantity, .. } | Plan::Charge { item, quantity, .. } => {
            ("order_item", json!({ "item": item, "quantity": quantity }))
        }
        Plan::Request { .. } => return Ok(Gate::Passed),
    };
    tools::decline(&turn.tool_cx(), quote, "its price was not delivered").await?;
    let outcome = brain::call_tool(turn, tool, arguments).await?;
    turn.draft.outcome(&outcome);
    settle(turn, quote);
    Ok(Gate::Settled)
}

/// "Yes, but make it two": the old offer ends, nothing is posted, a new one is made.
async fn change(turn: &mut Turn<'_>, quote: &Effect) -> Result<Gate, TurnError> {
    tools::decline(&turn.tool_cx(), quote, "changed").await?;
    let Some((tool, arguments)) = changed_wish(turn, quote) else { return Ok(Gate::Passed) };
    let outcome = brain::call_tool(turn, tool, arguments).await?;
    turn.draft.outcome(&outcome);
    settle(turn, quote);
    Ok(Gate::Settled)
}

fn changed_wish(turn: &Turn<'_>, quote: &Effect) -> Option<(&'static str, Value)> {
    let said = turn.burst.join("\n");
    match &quote.plan {
        Plan::LateCheckout { .. } => {
            let local = turn.engine.clock.now().with_timezone(&turn.book.hotel.zone).naive_local();
            let until = times(&said, local, TimeHint::CheckOut).pop()?.value;
            Some(("request_late_checkout", json!({ "time": until.format("%H:%M").to_string() })))
        }
        Plan::Order { item, .. } | Plan::Charge { item, .. } => {
            let named = other_item(turn, &said);
            let wanted = quantity(&said).map(|found| found.value);
            let (item, wanted) = match named {
                Some((item, count)) => (item, count.or(wanted).unwrap_or_else(|| quote.plan.quantity())),
                None => (item.clone(), wanted?),
            };
            Some(("order_item", json!({ "item": item, "quantity": wanted })))
        }
        Plan::Request { .. } => None,
    }
}

fn other_item(turn: &Turn<'_>, said: &str) -> Option<(String, Option<u32>)> {
    let active: Vec<_> = turn.book.items.iter().filter(|item| item.active).collect();
    let catalogue: Vec<ItemName<'_, usize>> = active
        .iter()
        .enumerate()
        .map(|(id, item)| ItemName {
            id,
            names: item.details.names.values().chain(&item.details.aliases).map(String::as_str).collect(),
        })
        .collect();
    let hits = find_items(said, &catalogue);
    let hit = hits.last()?;
    let item = active.get(*hit.only()?)?;
    Some((item.name(turn.draft.lang.as_str()).to_owned(), hit.quantity))
}

/// A second, separate yes: there is nothing to agree to, and the guest is told what was done.
fn second_yes(turn: &mut Turn<'_>) -> Result<Gate, TurnError> {
    let now = turn.engine.clock.now();
    let Some(last) = turn.ledger.iter().find(|effect| effect.quoted_seq.is_some()).cloned() else {
        return Ok(Gate::Passed);
    };
    if now - last.updated_at > RECENT
        || answer_to(turn, &last, &turn.burst()) != Answer::Yes
        || !follows(turn, &last)
    {
        return Ok(Gate::Passed);
    }
    // The same order in full once more is an order, not a yes to the one before.
    let names_it = last.state == EffectState::Failed && other_item(turn, &turn.burst.join("\n")).is_some();
    if names_it || brain::has_wishes(turn) {
        return Ok(Gate::Passed);
    }
    if last.state == EffectState::Proposed {
        return Ok(Gate::Passed);
    }
    say_what_became(turn, &last);
    settle(turn, &last);
    Ok(Gate::Settled)
}

/// Tells what became of an offer that can no longer be agreed to.
fn say_what_became(turn: &mut Turn<'_>, effect: &Effect) {
    let item = texts::counted_item(&effect.plan, turn.draft.lang);
    turn.draft.say(match effect.state {
        EffectState::Succeeded => Say::AlreadyOrdered { item },
        EffectState::Failed | EffectState::Proposed => Say::QuoteOver { item },
        EffectState::Unknown if effect.course.due_at.is_some() => Say::Checking { item },
        EffectState::Unknown | EffectState::Confirmed | EffectState::Sent => Say::Unsure { item },
    });
}

/// Whether the last thing said to the guest was about that offer: only then is a bare yes an answer to it.
fn follows(turn: &Turn<'_>, last: &Effect) -> bool {
    let ours = turn.history.iter().rev().find(|message| {
        message.seq <= turn.conversation.answered_seq.max(turn.conversation.last_seq)
            && message.author == Author::Bot
    });
    let item = texts::item(&last.plan, turn.draft.lang);
    ours.is_some_and(|message| message.quote == Some(last.id) || message.text.contains(&item))
}
