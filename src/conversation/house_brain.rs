//! The answerer without a model: the guest's intents become calls of the same tools, in Bellhop's own sentences.

use super::brain::call_tool;
use super::turn::{Turn, TurnError};
use crate::domain::conversation::Status;
use crate::domain::escalation::{Priority, Reason};
use crate::reading::intent::{FactTopic, Intent, IntentHit, intents};
use crate::reading::items::{ItemHit, ItemName, find_items};
use crate::reading::slots::{TimeHint, quantity, times};
use crate::store::escalations::Call;
use crate::texts::Say;
use crate::tools::{self, Outcome, Refusal};
use chrono::TimeDelta;
use serde_json::{Value, json};

/// How often a waiting guest hears that staff know.
const TELL_AGAIN: TimeDelta = TimeDelta::minutes(10);
/// After this many answers that understood nothing, staff are called.
const PATIENCE: u32 = 2;

/// Longest name of a thing, in characters; `request_service` takes no longer one.
const LONGEST_THING: usize = 60;

/// One thing to do about a burst.
enum Step {
    Call(&'static str, Value),
    Say(Say),
    /// Staff decide it.
    Staff(&'static str),
}

pub(super) async fn answer(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    let said = turn.burst.join("\n");
    let hits: Vec<IntentHit> =
        intents(&said).into_iter().filter(|hit| !turn.draft.dealt_with.contains(&hit.intent)).collect();
    turn.draft
        .note(json!({ "intents": hits.iter().map(|hit| format!("{:?}", hit.intent)).collect::<Vec<_>>() }));
    let steps = plan(turn, &said, &hits);
    if steps.is_empty() {
        return nothing_understood(turn, &said).await;
    }
    let mut understood = false;
    for step in steps {
        understood |= take(turn, step).await?;
    }
    if understood {
        turn.draft.memory.not_understood = 0;
    }
    Ok(())
}

/// Carries one step out; false when it led nowhere.
async fn take(turn: &mut Turn<'_>, step: Step) -> Result<bool, TurnError> {
    match step {
        Step::Say(say) => turn.draft.say(say),
        Step::Call(name, arguments) => {
            let outcome = call_tool(turn, name, arguments).await?;
            turn.draft.outcome(&outcome);
            return Ok(!matches!(outcome, Outcome::Refused { why: Refusal::NotFound, .. }));
        }
        Step::Staff(why) => {
            let reason = Reason::StaffDecide { tool: "house_brain".to_owned(), why: why.to_owned() };
            turn.draft.call(Call::new(reason, Priority::Normal));
            turn.draft.say(Say::StaffDecide { phone: tools::phone(&turn.book) });
        }
    }
    Ok(true)
}

fn plan(turn: &Turn<'_>, said: &str, hits: &[IntentHit]) -> Vec<Step> {
    let mut steps = Vec::new();
    let orders = orders(turn, said);
    let mut ordered = false;
    for hit in hits {
        match hit.intent {
            Intent::OrderFood | Intent::Extra => {
                if !ordered {
                    ordered = true;
                    steps.extend(order_steps(turn, &orders));
                }
            }
            intent => steps.extend(step(turn, intent, hit)),
        }
    }
    // "What time is breakfast?" names something on the list, and asks for a fact.
    let asks = said.contains('?') && hits.iter().any(|hit| is_question(hit.intent));
    if !ordered
        && !asks
        && !orders.is_empty()
        && hits.iter().all(|hit| is_courtesy(hit.intent) || is_question(hit.intent))
    {
        steps.retain(|step| !matches!(step, Step::Call("search_facts", _)));
        steps.extend(order_steps(turn, &orders));
    }
    // Whoever waits for a colleague is not greeted as if nothing had been said.
    if steps.is_empty() && turn.conversation.floor.status != Status::Waiting {
        steps.extend(courtesy(turn, hits));
    }
    steps
}

fn is_courtesy(intent: Intent) -> bool {
    matches!(intent, Intent::Greeting | Intent::Thanks | Intent::Goodbye)
}

/// "Do you have a club sandwich?" is best answered with its price; "what time is breakfast?" is no order.
fn is_question(intent: Intent) -> bool {
    matches!(intent, Intent::Fact(FactTopic::Other | FactTopic::RoomService))
}

fn step(turn: &Turn<'_>, intent: Intent, hit: &IntentHit) -> Option<Step> {
    let count = quantity(&hit.clause).map(|found| found.value);
    let request = |kind: &str, item: Option<String>, quantity: u32| {
        Some(Step::Call("request_service", json!({ "kind": kind, "item": item, "quantity": quantity })))
    };
    match intent {
        Intent::Towels => request("towels", None, count.unwrap_or(2)),
        Intent::Amenity => request("amenity", Some(thing(&hit.evidence)), count.unwrap_or(1)),
        Intent::Cleaning => request("cleaning", None, 1),
        Intent::Fault => request("fault", Some(thing(&hit.clause)), 1),
        Intent::Bill => Some(Step::Call("get_folio", json!({}))),
        Intent::Reservation => Some(Step::Call("lookup_reservation", json!({}))),
        Intent::LateCheckout => Some(late_checkout(turn, hit)),
        Intent::Fact(FactTopic::CheckOut) if asks_to_leave_at(turn, hit) => Some(late_checkout(turn, hit)),
        Intent::Fact(_) => Some(Step::Call("search_facts", json!({ "query": hit.clause }))),
        Intent::NewBooking => Some(Step::Staff("a new booking")),
        Intent::Appointment => Some(Step::Staff("a table or an appointment")),
        Intent::ChangeBooking => Some(Step::Staff("a change of the booking")),
        Intent::CancelBooking => Some(Step::Staff("a cancellation")),
        Intent::Refund => Some(Step::Staff("a refund")),
        Intent::EarlyCheckin => Some(Step::Staff("an early check-in")),
        Intent::WakeUp => Some(Step::Staff("a wake-up call")),
        Intent::LostItem => Some(Step::Staff("something lost")),
        // The mood or a rule has called staff for the same words.
        Intent::Complaint if !turn.draft.calls.is_empty() => None,
        Intent::Complaint => Some(Step::Call("hand_off_to_staff", json!({ "why": "complaint" }))),
        // Dealt with before, by the signals, or said only when nothing else is.
        Intent::Person | Intent::Greeting | Intent::Thanks | Intent::Goodbye => None,
        Intent::OrderFood | Intent::Extra => None,
    }
}

/// The thing meant, without an article and without digits.
fn thing(words: &str) -> String {
    let mut words: Vec<&str> = words.split_whitespace().collect();
    while words.first().is_some_and(|word| {
        ["a", "an", "the", "some", "un", "una", "unos", "unas", "el", "la", "my", "mi"]
            .contains(&word.to_lowercase().as_str())
    }) {
        words.remove(0);
    }
    let plain = |word: &&str| {
        word.chars().filter(|c| c.is_alphabetic() || *c == '-' || *c == '\'').collect::<String>()
    };
    let mut short = String::new();
    for word in words.iter().map(plain).filter(|word| !word.is_empty()) {
        if short.chars().count() + word.chars().count() >= LONGEST_THING {
            break;
        }
        short.push_str(if short.is_empty() { "" } else { " " });
        short.push_str(&word);
    }
    short
}

fn leaving_time(turn: &Turn<'_>, hit: &IntentHit) -> Option<chrono::NaiveTime> {
    let local = turn.engine.clock.now().with_timezone(&turn.book.hotel.zone).naive_local();
    times(&hit.clause, local, TimeHint::CheckOut).pop().map(|found| found.value)
}

fn asks_to_leave_at(turn: &Turn<'_>, hit: &IntentHit) -> bool {
    leaving_time(turn, hit).is_some()
}

fn late_checkout(turn: &Turn<'_>, hit: &IntentHit) -> Step {
    match leaving_time(turn, hit) {
        Some(until) => {
            Step::Call("request_late_checkout", json!({ "time": until.format("%H:%M").to_string() }))
        }
        None => Step::Say(Say::WhichTime),
    }
}

/// What of the hotel's list the words name.
fn orders(turn: &Turn<'_>, said: &str) -> Vec<(Vec<String>, Option<u32>)> {
    if turn.draft.dealt_with.contains(&Intent::OrderFood) {
        return Vec::new();
    }
    let active: Vec<_> = turn.book.items.iter().filter(|item| item.active).collect();
    let catalogue: Vec<ItemName<'_, usize>> = active
        .iter()
        .enumerate()
        .map(|(id, item)| ItemName {
            id,
            names: item.details.names.values().chain(&item.details.aliases).map(String::as_str).collect(),
        })
        .collect();
    let name = |id: &usize| active.get(*id).map(|item| item.name(turn.draft.lang.as_str()).to_owned());
    let found: Vec<ItemHit<usize>> = find_items(said, &catalogue);
    found.iter().map(|hit| (hit.candidates.iter().filter_map(name).collect(), hit.quantity)).collect()
}

fn order_steps(turn: &Turn<'_>, orders: &[(Vec<String>, Option<u32>)]) -> Vec<Step> {
    if orders.is_empty() {
        return match turn.conversation.floor.status {
            Status::Waiting => Vec::new(),
            Status::Bot | Status::Staff | Status::Resolved => vec![Step::Say(Say::ItemUnknown)],
        };
    }
    let step = |(names, count): &(Vec<String>, Option<u32>)| match names.as_slice() {
        [only] => Step::Call("order_item", json!({ "item": only, "quantity": count.unwrap_or(1) })),
        several => Step::Say(Say::ItemWhich { options: several.iter().take(6).cloned().collect() }),
    };
    orders.iter().map(step).collect()
}

fn courtesy(turn: &Turn<'_>, hits: &[IntentHit]) -> Option<Step> {
    let hotel = turn.book.hotel.name.clone();
    hits.iter().find_map(|hit| match hit.intent {
        Intent::Thanks => Some(Step::Say(Say::Welcome)),
        Intent::Goodbye => Some(Step::Say(Say::Goodbye)),
        Intent::Greeting => Some(Step::Say(Say::Greeting { hotel: hotel.clone() })),
        _ => None,
    })
}

/// No intent: perhaps a fact answers it; otherwise say so, and call staff rather than say it a third time.
async fn nothing_understood(turn: &mut Turn<'_>, said: &str) -> Result<(), TurnError> {
    if !turn.draft.parts.is_empty() {
        return Ok(());
    }
    let outcome = call_tool(turn, "search_facts", json!({ "query": said })).await?;
    if matches!(outcome, Outcome::Done { .. }) {
        turn.draft.memory.not_understood = 0;
        turn.draft.outcome(&outcome);
        return Ok(());
    }
    if turn.conversation.floor.status == Status::Waiting {
        let now = turn.engine.clock.now();
        let told = turn.draft.memory.waiting_told_at.is_some_and(|at| now - at < TELL_AGAIN);
        if !told {
            turn.draft.say(Say::StillWaiting);
            turn.draft.memory.waiting_told_at = Some(now);
        }
        return Ok(());
    }
    turn.draft.memory.not_understood += 1;
    if turn.draft.memory.not_understood > PATIENCE {
        turn.draft.memory.not_understood = 0;
        turn.draft.call(Call::new(
            Reason::NoAnswer { why: "the guest was not understood".to_owned() },
            Priority::Normal,
        ));
        turn.draft.say(Say::Trouble { phone: tools::phone(&turn.book) });
    } else {
        turn.draft.say(Say::NotUnderstood);
    }
    Ok(())
}
