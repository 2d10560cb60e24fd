//! A reply that was taken back before it left has answered nobody: what the guest had asked is unanswered again. It
//! cancels and sends nothing.

use crate::clock::Clock;
use crate::domain::conversation::{Conversation, Status};
use crate::domain::ids::MessageId;
use crate::store::decisions::Decision;
use crate::store::{DbError, Tx, decisions};
use serde_json::json;
use uuid::Uuid;

/// Puts `answered_seq` back to where it stood before the replies among `cancelled`; false: nothing changes. The caller
/// holds the conversation's lock and writes it back.
pub async fn unanswer(
    tx: &mut Tx,
    clock: &Clock,
    conversation: &mut Conversation,
    cancelled: &[MessageId],
) -> Result<bool, DbError> {
    // Who closes a conversation needs no answer in it.
    if conversation.floor.status == Status::Resolved {
        return Ok(false);
    }
    let mut answered = conversation.answered_seq;
    for message in cancelled {
        let before = decisions::answered_before(tx, conversation.id, *message).await?;
        answered = before.map_or(answered, |before| answered.min(before));
    }
    if answered == conversation.answered_seq {
        return Ok(false);
    }
    unanswer_to(tx, clock, conversation, answered).await?;
    Ok(true)
}

/// The guest's messages after `answered` have no answer; why the next turn answers them again is on record.
pub async fn unanswer_to(
    tx: &mut Tx,
    clock: &Clock,
    conversation: &mut Conversation,
    answered: i64,
) -> Result<(), DbError> {
    conversation.answered_seq = answered;
    let decision = Decision {
        seq: conversation.guest_seq,
        kind: "unanswered".to_owned(),
        body: json!({ "answered": answered }),
        at: clock.now(),
    };
    decisions::insert(tx, clock.id::<Uuid>(), conversation.id, None, &decision).await
}
