//! Confirmation number and surname, read from the guest's own words. A wrong number and a wrong surname get word for
//! word the same answer, and tries are counted.

use super::brain;
use super::draft::Gate;
use super::turn::{Turn, TurnError};
use crate::clock::Clock;
use crate::domain::conversation::Conversation;
use crate::domain::escalation::{Priority, Reason};
use crate::domain::ids::TurnId;
use crate::domain::message::Author;
use crate::domain::names::surname_matches;
use crate::domain::proof::{Proof, Verified};
use crate::domain::stay::{Stay, StayState};
use crate::domain::words::fold;
use crate::reading::proof::{ProofClaim, find_claim};
use crate::store::decisions::Decision;
use crate::store::escalations::Call;
use crate::store::proof_tries::{self, Try};
use crate::store::{DbError, Tx, conversations, decisions, stays};
use crate::texts::Say;
use crate::tools::{self, ToolError};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// How many numbers of one burst are looked up.
const NUMBERS: usize = 3;
/// How many earlier messages may hold the other half of a proof.
const EARLIER: usize = 4;

pub(super) async fn check(turn: &mut Turn<'_>) -> Result<Gate, TurnError> {
    // Who has left may come again, under another number.
    if turn.stay.as_ref().is_some_and(|stay| stay.get().state != StayState::Left) {
        return Ok(Gate::Passed);
    }
    let earlier = earlier_texts(turn);
    let earlier: Vec<&str> = earlier.iter().map(String::as_str).collect();
    // No confirmation number is without a digit, and most messages are.
    if !turn.burst().iter().chain(&earlier).any(|text| text.chars().any(char::is_numeric)) {
        return Ok(Gate::Passed);
    }
    let claim = find_claim(&turn.burst(), &earlier);
    if claim.numbers.is_empty() {
        return Ok(Gate::Passed);
    }
    if !claim.has_name {
        if !turn.draft.memory.proof_asked {
            return Ok(Gate::Passed);
        }
        turn.draft.say(Say::AskProof);
        return Ok(Gate::Settled);
    }
    try_claim(turn, &claim).await?;
    Ok(Gate::Settled)
}

/// What the guest wrote after the last try that failed.
fn earlier_texts(turn: &Turn<'_>) -> Vec<String> {
    let from = turn.draft.memory.proof_tried_seq;
    let mut texts: Vec<String> = turn
        .history
        .iter()
        .rev()
        .filter(|m| m.author == Author::Guest && m.seq > from && m.seq <= turn.conversation.answered_seq)
        .take(EARLIER)
        .map(|m| m.text.clone())
        .collect();
    texts.reverse();
    texts
}

async fn try_claim(turn: &mut Turn<'_>, claim: &ProofClaim) -> Result<(), TurnError> {
    let tries = begin(turn, claim).await?;
    // A newer message does not restart the turn, or the same try would count twice.
    turn.draft.had_effect = true;
    if tries.is_empty() {
        turn.draft.memory.proof_tried_seq = turn.burst_end;
        turn.draft.call(Call {
            reason: Reason::ProofTries,
            priority: Priority::Normal,
            once_key: Some("proof_tries".to_owned()),
        });
        turn.draft.say(Say::ProofTooOften);
        return Ok(());
    }
    let numbers = claim.numbers.get(..tries.len()).unwrap_or_default();
    match find(turn, numbers, &claim.name_text).await {
        Ok(Some(stay)) => {
            let name = stay.first_name.clone();
            bind(turn, stay, Proof::Reservation, tries).await?;
            turn.draft.memory.proof_asked = false;
            turn.draft.say(Say::ProofDone { first_name: name });
            brain::run_waiting_for_proof(turn).await
        }
        Ok(None) => {
            turn.draft.memory.proof_asked = true;
            turn.draft.memory.proof_tried_seq = turn.burst_end;
            turn.draft.say(Say::ProofWrong);
            Ok(())
        }
        Err(error) => {
            tracing::warn!(%error, "a reservation could not be looked up");
            turn.draft.call(Call::new(
                Reason::NoAnswer { why: "reservations cannot be read".to_owned() },
                Priority::Normal,
            ));
            turn.draft.say(Say::Trouble { phone: tools::phone(&turn.book) });
            Ok(())
        }
    }
}

/// Counts a try for each number that is to be looked up; gives those that are allowed.
async fn begin(turn: &Turn<'_>, claim: &ProofClaim) -> Result<Vec<Uuid>, TurnError> {
    let numbers = claim.numbers.iter().take(NUMBERS);
    let tries: Vec<(Uuid, Try)> =
        numbers.map(|number| (turn.engine.clock.id(), attempt(turn, number))).collect();
    let (fence, now) = (turn.fence(), turn.engine.clock.now());
    let allowed = turn
        .engine
        .db
        .write(move |tx| {
            Box::pin(async move {
                fence.hold(tx).await?;
                let allowed = proof_tries::begin(tx, &tries, now).await?;
                Ok::<_, ToolError>(tries.into_iter().take(allowed).map(|(id, _)| id).collect())
            })
        })
        .await?;
    Ok(allowed)
}

fn attempt(turn: &Turn<'_>, number: &str) -> Try {
    let digest = Sha256::digest(format!("{}:{number}", turn.conversation.property_id));
    Try {
        property_id: turn.conversation.property_id,
        conversation_id: turn.conversation.id,
        stay_key: digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect(),
        network: turn.conversation.network.clone().unwrap_or_else(|| turn.conversation.address.clone()),
    }
}

async fn find(
    turn: &Turn<'_>,
    numbers: &[String],
    name: &str,
) -> Result<Option<Stay>, crate::connectors::ConnectorError> {
    let Some(reservations) = turn.connector.reservations() else { return Ok(None) };
    let mut matching = Vec::new();
    for number in numbers {
        for stay in reservations.by_confirmation(number).await? {
            let named = surname_matches(name, &stay.last_name);
            if named && stay.state != StayState::Cancelled && !matching.contains(&stay) {
                matching.push(stay);
            }
        }
    }
    // Two stays under one number and surname prove neither.
    Ok(if matching.len() == 1 { matching.pop() } else { None })
}

/// Binds the conversation to a stay: from here on its tools work with this stay and no other. The tries that led to it
/// were not wrong.
pub(super) async fn bind(
    turn: &mut Turn<'_>,
    stay: Stay,
    proof: Proof,
    tries: Vec<Uuid>,
) -> Result<(), TurnError> {
    let (fence, clock, id) = (turn.fence(), turn.engine.clock.clone(), turn.id);
    let (seq, wanted) = (turn.burst_end, stay.clone());
    let bound = turn
        .engine
        .db
        .write(move |tx| {
            Box::pin(async move {
                fence.hold(tx).await?;
                proof_tries::forget(tx, &tries).await?;
                let (stay, _) = stays::upsert(tx, &wanted, clock.now()).await?;
                let found = conversations::lock(tx, fence.conversation).await?;
                let Some(mut conversation) = found else { return Err(ToolError::Fenced) };
                let stay = Stay { id: stay, ..wanted };
                attach_stay(tx, &clock, &mut conversation, &stay, ProvedBy { proof, seq, turn: Some(id) })
                    .await?;
                Ok(stay.id)
            })
        })
        .await?;
    turn.conversation.stay_id = Some(bound);
    turn.conversation.proof = proof;
    turn.stay = Verified::new(Stay { id: bound, ..stay }, proof);
    Ok(())
}

/// What a stay was proved by, and when in the conversation.
#[derive(Debug, Clone, Copy)]
pub struct ProvedBy {
    pub proof: Proof,
    /// The guest message that proved it; 0: the conversation began with it.
    pub seq: i64,
    pub turn: Option<TurnId>,
}

/// Binds the conversation, in the caller's unit, to a stay that the caller has proved.
pub async fn attach_stay(
    tx: &mut Tx,
    clock: &Clock,
    conversation: &mut Conversation,
    stay: &Stay,
    by: ProvedBy,
) -> Result<(), DbError> {
    let ProvedBy { proof, seq, turn } = by;
    conversation.stay_id = Some(stay.id);
    conversation.proof = proof;
    conversations::update(tx, conversation).await?;
    conversations::set_proved_at(tx, conversation.id, clock.now()).await?;
    conversations::set_guest_name(tx, conversation.guest_id, &stay.guest_name(), &conversation.lang).await?;
    conversations::set_search(tx, conversation.id, &search_text(stay, &conversation.address)).await?;
    let body = json!({ "proof": proof, "stay": stay.id });
    let decision = Decision { seq, kind: "proof".to_owned(), body, at: clock.now() };
    decisions::insert(tx, clock.id::<Uuid>(), conversation.id, turn, &decision).await
}

fn search_text(stay: &Stay, address: &str) -> String {
    let room = stay.room.as_deref().unwrap_or_default();
    fold(&format!("{} {room} {} {address}", stay.guest_name(), stay.confirmation))
}
