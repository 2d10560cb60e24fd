//! What answers the rest of a burst: the hotel's model, or the house brain in its place; both through the same gate.

use super::turn::{Turn, TurnError};
use super::{house_brain, model_brain};
use crate::domain::conversation::Wish;
use crate::domain::tool_policy::SideEffect;
use crate::reading::intent::{FactTopic, Intent, intents};
use crate::texts::Say;
use crate::tools::{self, Outcome, Refusal};
use serde_json::{Value, json};

/// The ladder: the hotel's models in their order, as long as the turn has time and nothing was done; then the house
/// brain, which calls staff for what it does not understand.
pub(super) async fn answer(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    let models = turn.engine.systems.models(&turn.book).await;
    let mut deadline = None;
    for model in &models {
        let failed = match model_brain::answer(turn, model.as_ref(), &mut deadline).await? {
            Ok(()) => return Ok(()),
            Err(failed) => failed,
        };
        turn.draft.note(json!({ "gave_up": model.name(), "because": failed.why }));
        // Calls that were refused have changed nothing: the guest's wish is still to be answered.
        if failed.outcomes.iter().any(|outcome| !matches!(outcome, Outcome::Refused { .. })) {
            // Tools have run: what they did is said in Bellhop's own words, nothing is done again.
            for outcome in &failed.outcomes {
                turn.draft.outcome(outcome);
            }
            return Ok(());
        }
    }
    turn.draft.note(json!({ "brain": "house" }));
    house_brain::answer(turn).await
}

/// Whether the burst still wishes something that no gate has dealt with.
pub(super) fn has_wishes(turn: &Turn<'_>) -> bool {
    let dealt_with = &turn.draft.dealt_with;
    let mut wished = turn.burst.iter().flat_map(|text| intents(text)).map(|hit| hit.intent);
    wished.any(|intent| is_wish(intent) && !dealt_with.contains(&intent))
}

/// Something to be done, looked up or decided; not a courtesy, and not a call for staff, which the signals heard.
fn is_wish(intent: Intent) -> bool {
    !matches!(
        intent,
        Intent::Greeting
            | Intent::Thanks
            | Intent::Goodbye
            | Intent::Person
            | Intent::Complaint
            | Intent::Reservation
            | Intent::Fact(FactTopic::Other)
    )
}

/// One call through the gate, with what has to wait: a proof, or an offer that is still open.
pub(super) async fn call_tool(
    turn: &mut Turn<'_>,
    name: &str,
    arguments: Value,
) -> Result<Outcome, TurnError> {
    let charges = tools::find(name).is_some_and(|tool| tool.side_effect() == SideEffect::Charge);
    if charges && turn.draft.quote.is_some() {
        let item = arguments.get("item").and_then(Value::as_str).unwrap_or(name).chars().take(60).collect();
        turn.draft.wait_for_quote(Wish { tool: name.to_owned(), arguments, words: turn.burst.clone() });
        return Ok(Outcome::Refused { why: Refusal::OneAtATime, say: Say::AfterThat { item } });
    }
    let outcome = tools::call(&turn.tool_cx(), name, arguments.clone()).await?;
    turn.draft.note(json!({ "tool": name, "arguments": arguments, "result": outcome.for_model() }));
    if matches!(outcome, Outcome::Refused { why: Refusal::NeedsProof, .. }) {
        turn.draft.wait_for_proof(Wish { tool: name.to_owned(), arguments, words: turn.burst.clone() });
    }
    Ok(outcome)
}

/// A wish that has waited, in the words of the burst that made it.
async fn call_wish(turn: &mut Turn<'_>, wish: Wish) -> Result<Outcome, TurnError> {
    let burst = std::mem::replace(&mut turn.burst, wish.words);
    let outcome = call_tool(turn, &wish.tool, wish.arguments).await;
    turn.burst = burst;
    outcome
}

/// What the guest had asked for before the stay was proved.
pub(super) async fn run_waiting_for_proof(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    let wishes = std::mem::take(&mut turn.draft.memory.waiting_for_proof);
    for wish in wishes {
        let outcome = call_wish(turn, wish).await?;
        turn.draft.outcome(&outcome);
        turn.draft.dealt_with.push(Intent::Reservation);
    }
    Ok(())
}

/// The next of several orders, once the guest has had a word on the one before.
pub(super) async fn run_waiting_for_quote(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    let wishes = std::mem::take(&mut turn.draft.memory.waiting_for_quote);
    for wish in wishes {
        let outcome = call_wish(turn, wish).await?;
        if !matches!(outcome, Outcome::Refused { why: Refusal::OneAtATime, .. }) {
            turn.draft.outcome(&outcome);
        }
    }
    Ok(())
}
