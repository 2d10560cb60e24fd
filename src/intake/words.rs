//! Opt-out words of the carriers: stored, obeyed, never answered by us (the vendor answers them itself).

use super::{Arrival, CarrierWord};
use crate::clock::Clock;
use crate::domain::conversation::Conversation;
use crate::domain::escalation::Reason;
use crate::domain::message::Delivery;
use crate::outbox::blocked_by;
use crate::store::decisions::Decision;
use crate::store::{DbError, Tx, decisions, effects, messages, opt_outs, outbox};
use serde_json::json;

/// Does what the word asks for, in the unit that stores the message. True: nothing of ours may answer.
pub(super) async fn obey(
    tx: &mut Tx,
    clock: &Clock,
    conversation: &mut Conversation,
    arrival: &Arrival,
) -> Result<bool, DbError> {
    let (property, address) = (conversation.property_id, conversation.address.clone());
    match &arrival.word {
        None if !arrival.capability.opt_out_words => Ok(false),
        None => Ok(conversation.opted_out.is_some()),
        Some(CarrierWord::OptOut(word)) => {
            opt_outs::insert(tx, property, arrival.channel, &address, word, clock.now()).await?;
            conversation.opted_out.get_or_insert_with(|| word.clone());
            stop(tx, clock, conversation, word).await?;
            record(tx, clock, conversation, "opted_out", word).await?;
            Ok(true)
        }
        Some(CarrierWord::OptIn { word, only_if_opted_out }) => {
            let was_out = opt_outs::delete(tx, property, arrival.channel, &address).await?;
            conversation.opted_out = None;
            if was_out {
                if matches!(conversation.reason, Some(Reason::Undelivered { .. })) {
                    conversation.reason = None;
                }
                record(tx, clock, conversation, "opted_in", word).await?;
            }
            Ok(was_out || !only_if_opted_out)
        }
        Some(CarrierWord::Help(word)) => {
            record(tx, clock, conversation, "help_word", word).await?;
            Ok(true)
        }
    }
}

async fn stop(
    tx: &mut Tx,
    clock: &Clock,
    conversation: &mut Conversation,
    word: &str,
) -> Result<(), DbError> {
    let why = blocked_by(&conversation.channel, word);
    effects::close_open_quotes(tx, conversation.id, None, "opted out", clock.now()).await?;
    for message in outbox::cancel_all(tx, conversation.id).await? {
        messages::set_delivery(tx, message, Delivery::Failed, Some(&why)).await?;
    }
    conversation.reason = Some(Reason::Undelivered { why });
    Ok(())
}

async fn record(
    tx: &mut Tx,
    clock: &Clock,
    conversation: &Conversation,
    kind: &str,
    word: &str,
) -> Result<(), DbError> {
    let decision = Decision {
        seq: conversation.guest_seq,
        kind: kind.to_owned(),
        body: json!({ "word": word }),
        at: clock.now(),
    };
    decisions::insert(tx, clock.id(), conversation.id, None, &decision).await
}
