//! What a guest did without saying anything that could be answered: kept among the staff's notes, once. No turn comes
//! of it.

use super::accept::find_or_open;
use super::{Arrival, Intake, IntakeError, Stored, clean, whose};
use crate::clock::Clock;
use crate::domain::conversation::Conversation;
use crate::domain::escalation::{Priority, Reason};
use crate::domain::message::{Author, Delivery, Message};
use crate::domain::redact;
use crate::outbox;
use crate::store::escalations::Call;
use crate::store::messages::Origin;
use crate::store::{Bell, DbError, Tx, conversations, escalations, messages};
use std::sync::Arc;

/// What follows from a note.
#[derive(Debug, Clone)]
pub(super) enum Follows {
    Nothing,
    /// Staff have to look at it.
    Call,
    /// The guest is reached elsewhere from now on.
    Move {
        address: Option<String>,
        lasting_id: Option<String>,
    },
}

/// Stores a note, whose words are `arrival.text`; a second delivery finds the first. `None`: a guest of whom nothing is
/// known has moved.
pub(super) async fn note(
    intake: &Intake,
    arrival: Arrival,
    follows: Follows,
) -> Result<Option<Stored>, IntakeError> {
    let (arrival, mut tries) = (Arc::new(arrival), 0);
    loop {
        let (clock, a, f) = (intake.clock.clone(), arrival.clone(), follows.clone());
        let stored =
            intake.db.write(move |tx| Box::pin(async move { store(tx, &clock, &a, &f).await })).await;
        match stored {
            // Two deliveries met: the other one has stored it or made the conversation.
            Err(IntakeError::Db(DbError::Unique)) if tries < 3 => tries += 1,
            outcome => return outcome,
        }
    }
}

async fn store(
    tx: &mut Tx,
    clock: &Clock,
    arrival: &Arrival,
    follows: &Follows,
) -> Result<Option<Stored>, IntakeError> {
    let account = arrival.account();
    let found = match follows {
        Follows::Move { .. } => {
            let met = whose::find(tx, arrival, &account).await?;
            met.filter(|(_, known)| !known).map(|(conversation, _)| conversation)
        }
        Follows::Nothing | Follows::Call => find_or_open(tx, clock, arrival, None, &account).await?,
    };
    let Some(mut conversation) = found else {
        let known = messages::find_by_vendor_id(tx, &account, &arrival.vendor_id).await?;
        return Ok(known.map(|known| super::accept::duplicate(&known)));
    };
    if let Follows::Move { address, lasting_id } = follows {
        whose::move_to(tx, &mut conversation, address.as_deref(), lasting_id.as_deref()).await?;
    }
    let stored = append(tx, clock, &mut conversation, arrival, &account).await?;
    if matches!(follows, Follows::Call) {
        let why = "the guest did what only a person can judge".to_owned();
        let call = Call::new(Reason::NoAnswer { why }, Priority::Normal);
        escalations::raise(tx, clock, &arrival.hotel, &mut conversation, &call).await?;
    }
    conversations::update(tx, &conversation).await?;
    outbox::ring(tx, &conversation);
    tx.ring(Bell::Desk { property: conversation.property_id });
    Ok(Some(stored))
}

async fn append(
    tx: &mut Tx,
    clock: &Clock,
    conversation: &mut Conversation,
    arrival: &Arrival,
    account: &str,
) -> Result<Stored, DbError> {
    conversation.last_seq += 1;
    conversation.active_at = clock.now();
    let message = Message {
        id: clock.id(),
        conversation_id: conversation.id,
        seq: conversation.last_seq,
        author: Author::System,
        user_id: None,
        private: true,
        text: redact::mask_cards(&clean(&arrival.text)).into_owned(),
        media: Vec::new(),
        quote: None,
        delivery: Delivery::Sent,
        delivery_reason: None,
        mood: None,
        tokens: None,
        created_at: conversation.active_at,
    };
    let origin = Origin { account, vendor_id: Some(&arrival.vendor_id), turn: None };
    messages::insert(tx, conversation.property_id, &message, origin).await?;
    Ok(Stored { conversation: conversation.id, message: message.id, seq: message.seq, duplicate: false })
}
