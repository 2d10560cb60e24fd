//! A conversation's life: who answers, and the epoch that fences the bot off once staff take over.

use super::escalation::{Priority, Reason};
use super::ids::{ConversationId, GuestId, IntegrationId, PropertyId, StayId, UserId};
use super::proof::Proof;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

text_enum! {
    /// Who answers the guest now.
    pub enum Status {
        /// Bellhop answers.
        Bot = "bot",
        /// Staff have been called; nobody has taken it yet.
        Waiting = "waiting",
        /// A member of staff holds it; Bellhop is silent.
        Staff = "staff",
        /// Closed; the guest's next message opens it again.
        Resolved = "resolved",
    }
}

/// The part of a conversation that decides who may speak. Transitions consume it and give the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Floor {
    pub status: Status,
    pub holder: Option<UserId>,
    /// Raised whenever the floor passes from or to the bot; what began under an older epoch may not commit.
    pub epoch: i64,
}

/// Why the floor did not pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FloorError {
    #[error("somebody else has this conversation")]
    Taken { holder: Option<UserId> },
    #[error("this conversation is not yours")]
    NotYours { holder: Option<UserId> },
}

impl Floor {
    pub fn new() -> Self {
        Self { status: Status::Bot, holder: None, epoch: 0 }
    }

    fn next(self, status: Status, holder: Option<UserId>) -> Self {
        Self { status, holder, epoch: self.epoch + 1 }
    }

    /// A compare-and-set: `expected` is the holder that the caller saw.
    pub fn take_over(self, by: UserId, expected: Option<UserId>) -> Result<Self, FloorError> {
        if self.holder != expected {
            return Err(FloorError::Taken { holder: self.holder });
        }
        match self.holder {
            Some(holder) if holder == by => Ok(self),
            _ => Ok(self.next(Status::Staff, Some(by))),
        }
    }

    /// Staff speak: where nobody holds the conversation, speaking takes it over.
    pub fn speak(self, by: UserId) -> Result<Self, FloorError> {
        match self.holder {
            Some(holder) if holder == by => Ok(self),
            Some(_) => Err(FloorError::NotYours { holder: self.holder }),
            None => self.take_over(by, None),
        }
    }

    pub fn assign(self, to: UserId) -> Self {
        match self.holder {
            Some(holder) if holder == to => self,
            _ => self.next(Status::Staff, Some(to)),
        }
    }

    /// Back to the bot. Whoever holds it, or anyone where nobody does, may hand it back.
    pub fn hand_back(self, by: UserId) -> Result<Self, FloorError> {
        match self.holder {
            Some(holder) if holder != by => Err(FloorError::NotYours { holder: self.holder }),
            _ if self.status == Status::Bot => Ok(self),
            _ => Ok(self.next(Status::Bot, None)),
        }
    }

    pub fn resolve(self, by: UserId) -> Result<Self, FloorError> {
        match self.holder {
            Some(holder) if holder != by => Err(FloorError::NotYours { holder: self.holder }),
            _ if self.status == Status::Resolved => Ok(self),
            _ => Ok(self.next(Status::Resolved, None)),
        }
    }

    /// The bot, a rule or an alarm calls staff. It changes nothing while somebody already holds the conversation.
    /// The epoch stays: the turn that calls staff must still be able to tell the guest so.
    pub fn call_staff(self) -> Self {
        match self.status {
            Status::Staff => self,
            Status::Bot | Status::Waiting | Status::Resolved => Self { status: Status::Waiting, ..self },
        }
    }

    /// An emergency: staff are called, and whatever the bot was about to say is fenced off.
    pub fn alarm(self) -> Self {
        match self.status {
            Status::Staff => self,
            Status::Bot | Status::Waiting | Status::Resolved => self.next(Status::Waiting, None),
        }
    }

    /// The guest writes: a closed conversation opens again with the bot.
    pub fn guest_writes(self) -> Self {
        match self.status {
            Status::Resolved => self.next(Status::Bot, None),
            Status::Bot | Status::Waiting | Status::Staff => self,
        }
    }
}

impl Default for Floor {
    fn default() -> Self {
        Self::new()
    }
}

/// What the engine remembers from one turn to the next. Stored; fields are only ever added.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    /// The guest has been asked for number and surname.
    pub proof_asked: bool,
    /// Guest messages up to here have served as a proof that failed; they are not tried again.
    pub proof_tried_seq: i64,
    /// The guest's wish, which waits for the proof.
    pub waiting_for_proof: Vec<Wish>,
    /// Further orders of the guest's; they are quoted one by one.
    pub waiting_for_quote: Vec<Wish>,
    /// When the address was last looked up in the property system.
    pub address_checked_at: Option<DateTime<Utc>>,
    /// How many answers in a row said that the guest was not understood.
    pub not_understood: u32,
    /// When a waiting guest was last told that staff know.
    pub waiting_told_at: Option<DateTime<Utc>>,
    /// The guest's messages after this one were left to the staff that had been called: nothing was said to them.
    pub left_to_staff: Option<i64>,
}

/// A tool call that has not been allowed yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Wish {
    pub tool: String,
    pub arguments: Value,
    /// The guest's own words for it, which the people who do the work will read.
    #[serde(default)]
    pub words: Vec<String>,
}

/// One guest on one channel.
#[derive(Debug, Clone, PartialEq)]
pub struct Conversation {
    pub id: ConversationId,
    pub property_id: PropertyId,
    pub guest_id: GuestId,
    /// The channel's name: `webchat`, `sms`.
    pub channel: String,
    /// Where an answer goes.
    pub address: String,
    /// The vendor's own id of the guest, which outlasts the address.
    pub lasting_id: Option<String>,
    pub integration_id: Option<IntegrationId>,
    /// The network address of a web session.
    pub network: Option<String>,
    pub floor: Floor,
    /// Two letters.
    pub lang: String,
    pub stay_id: Option<StayId>,
    pub proof: Proof,
    pub memory: Memory,
    pub last_seq: i64,
    /// The guest's last message.
    pub guest_seq: i64,
    /// Guest messages up to here have been answered, or are with staff.
    pub answered_seq: i64,
    /// Staff have seen up to here.
    pub read_seq: i64,
    pub last_line: String,
    pub mood: Option<f64>,
    /// How urgent it is while it is with staff.
    pub priority: Option<Priority>,
    pub reason: Option<Reason>,
    pub waiting_since: Option<DateTime<Utc>>,
    /// The first answer, which says who speaks, has been given.
    pub greeted: bool,
    pub first_unanswered_at: Option<DateTime<Utc>>,
    pub turn_due_at: Option<DateTime<Utc>>,
    pub turn_tries: i64,
    pub lease_token: i64,
    pub created_at: DateTime<Utc>,
    pub active_at: DateTime<Utc>,
    /// The word by which its address has asked not to be written to, as it stood when this was read.
    pub opted_out: Option<String>,
    /// Until when the vendor takes free words; `None`: it has no such limit, or it is not known.
    pub window_closes_at: Option<DateTime<Utc>>,
    /// The hotel's revision when this was read; 0: not known.
    pub hotel_revision: i64,
}

impl Conversation {
    /// Whether the guest has been waiting for the bot's answer since before `then`, and staff do not know of it.
    pub fn is_kept_waiting(&self, then: DateTime<Utc>) -> bool {
        let due = self.turn_due_at.is_some() && self.floor.status == Status::Bot;
        due && self.first_unanswered_at.is_some_and(|first| first <= then)
    }

    /// Whether the vendor takes nothing but templates now.
    pub fn is_window_closed(&self, now: DateTime<Utc>) -> bool {
        self.window_closes_at.is_some_and(|closes_at| closes_at <= now)
    }

    /// Whether the guest's words are for the bot to answer: not while staff have it, not once it is closed, and not
    /// while an emergency waits for staff.
    pub fn is_the_bots(&self) -> bool {
        match self.floor.status {
            Status::Bot => true,
            Status::Waiting => self.priority != Some(Priority::Emergency),
            Status::Staff | Status::Resolved => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    const MARTA: UserId = UserId(Uuid::from_u128(1));
    const PAULO: UserId = UserId(Uuid::from_u128(2));

    #[test]
    fn the_second_of_two_who_take_over_learns_who_was_first() {
        let floor = Floor::new().call_staff().take_over(MARTA, None).unwrap();
        assert_eq!(floor.take_over(PAULO, None), Err(FloorError::Taken { holder: Some(MARTA) }));
        assert_eq!(floor.take_over(PAULO, Some(MARTA)).unwrap().holder, Some(PAULO));
    }

    proptest! {
        #[test]
        fn staff_status_and_a_holder_go_together_and_the_epoch_never_falls(steps in prop::collection::vec((0..8u8, any::<bool>()), 0..40)) {
            let mut floor = Floor::new();
            for (step, marta) in steps {
                let who = if marta { MARTA } else { PAULO };
                let before = floor;
                floor = match step {
                    0 => floor.take_over(who, floor.holder).unwrap_or(floor),
                    1 => floor.speak(who).unwrap_or(floor),
                    2 => floor.hand_back(who).unwrap_or(floor),
                    3 => floor.resolve(who).unwrap_or(floor),
                    4 => floor.call_staff(),
                    5 => floor.assign(who),
                    6 => floor.alarm(),
                    _ => floor.guest_writes(),
                };
                prop_assert_eq!(floor.holder.is_some(), floor.status == Status::Staff);
                prop_assert!(floor.epoch >= before.epoch);
                let bot_loses_the_floor = before.status != Status::Staff && floor.status == Status::Staff;
                prop_assert!(!bot_loses_the_floor || floor.epoch > before.epoch);
            }
        }
    }
}
