//! A message that comes long after it was sent, as after an outage: it is kept and goes to staff. The bot would answer
//! what may have been settled since.

use super::Arrival;
use crate::clock::Clock;
use crate::domain::conversation::{Conversation, Status};
use crate::domain::escalation::{Priority, Reason};
use crate::store::escalations::{self, Call};
use crate::store::{DbError, Tx};
use chrono::TimeDelta;

/// Guests know that an answer may take a while; what is older than this has a story that only staff know.
const LATE: TimeDelta = TimeDelta::hours(2);

/// True: it was late, staff are called, and no turn comes of it. Whoever holds the conversation has it in front of them.
pub(super) async fn hand_over(
    tx: &mut Tx,
    clock: &Clock,
    conversation: &mut Conversation,
    arrival: &Arrival,
) -> Result<bool, DbError> {
    let age = arrival.sent_at.map_or(TimeDelta::zero(), |sent_at| clock.now() - sent_at);
    if age < LATE || conversation.floor.status == Status::Staff {
        return Ok(false);
    }
    let why = format!("it arrived {} hours after the guest sent it", age.num_hours());
    let call = Call::new(Reason::NoAnswer { why }, Priority::Normal);
    escalations::raise(tx, clock, &arrival.hotel, conversation, &call).await?;
    // With a turn that is due already it will be read, beside what came in time.
    if conversation.turn_due_at.is_none() {
        conversation.answered_seq = conversation.guest_seq;
        conversation.first_unanswered_at = None;
    }
    Ok(true)
}
