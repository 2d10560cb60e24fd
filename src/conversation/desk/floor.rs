//! The floor passes between bot and staff. Whenever it does, what the bot was about to say or do is taken back in the
//! same unit.

use super::{Desk, DeskError, audit, decide, lock};
use crate::clock::Clock;
use crate::domain::conversation::{Conversation, Floor, Status};
use crate::domain::ids::{ConversationId, UserId};
use crate::domain::people::Staff;
use crate::outbox;
use crate::store::{Bell, DbError, Tx, conversations, effects, escalations, hotels, outbox as rows, people};
use chrono::TimeDelta;
use serde_json::json;

impl Desk {
    /// A compare-and-set against the holder whom the caller saw; `None`: nobody.
    pub async fn take_over(
        &self,
        by: Staff,
        id: ConversationId,
        expected: Option<UserId>,
    ) -> Result<Conversation, DeskError> {
        let clock = self.clock.clone();
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let mut conversation = lock(tx, id).await?;
                    let floor = conversation.floor.take_over(by.id, expected)?;
                    if take(tx, &clock, &by, &mut conversation, floor).await? {
                        write_back(tx, &conversation).await?;
                    }
                    Ok(conversation)
                })
            })
            .await
    }

    /// Gives it to a colleague, whoever holds it now.
    pub async fn assign(&self, by: Staff, id: ConversationId, to: UserId) -> Result<Conversation, DeskError> {
        let clock = self.clock.clone();
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let mut conversation = lock(tx, id).await?;
                    let person = people::find_user(tx, to).await?;
                    let works_here = person.filter(|person| {
                        person.disabled_at.is_none()
                            && person.grants.role_at(conversation.property_id).is_some()
                    });
                    works_here.ok_or(DeskError::NoSuchColleague)?;
                    let floor = conversation.floor.assign(to);
                    if take(tx, &clock, &by, &mut conversation, floor).await? {
                        write_back(tx, &conversation).await?;
                    }
                    Ok(conversation)
                })
            })
            .await
    }

    /// Back to the bot, which knows what was said meanwhile and answers what nobody has answered.
    pub async fn hand_back(&self, by: Staff, id: ConversationId) -> Result<Conversation, DeskError> {
        let clock = self.clock.clone();
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let mut c = lock(tx, id).await?;
                    let floor = c.floor.hand_back(by.id)?;
                    if !pass(tx, &clock, &mut c, floor).await? {
                        return Ok(c);
                    }
                    end_call(tx, &clock, &by, &mut c).await?;
                    c.reason = None;
                    // Nor did staff answer what had been left to them.
                    let left = c.memory.left_to_staff.take().filter(|left| *left < c.answered_seq);
                    if let Some(left) = left {
                        outbox::taken_back::unanswer_to(tx, &clock, &mut c, left).await?;
                    }
                    if c.guest_seq > c.answered_seq {
                        let now = clock.now();
                        c.turn_due_at = Some(now);
                        c.first_unanswered_at = Some(now);
                        tx.ring(Bell::Turn);
                    }
                    record(tx, &clock, &by, &c, "handed_back", "conversation.handed_back").await?;
                    write_back(tx, &c).await?;
                    Ok(c)
                })
            })
            .await
    }

    /// Closes it; the guest's next message opens it again, with the bot.
    pub async fn resolve(&self, by: Staff, id: ConversationId) -> Result<Conversation, DeskError> {
        let clock = self.clock.clone();
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let mut c = lock(tx, id).await?;
                    let floor = c.floor.resolve(by.id)?;
                    if !pass(tx, &clock, &mut c, floor).await? {
                        return Ok(c);
                    }
                    end_call(tx, &clock, &by, &mut c).await?;
                    effects::hand_on(tx, c.id, c.answered_seq, clock.now()).await?;
                    c.answered_seq = c.guest_seq;
                    c.memory.left_to_staff = None;
                    record(tx, &clock, &by, &c, "resolved", "conversation.resolved").await?;
                    write_back(tx, &c).await?;
                    Ok(c)
                })
            })
            .await
    }
}

/// Staff get the floor; false: they had it. The caller writes the conversation back.
pub(super) async fn take(
    tx: &mut Tx,
    clock: &Clock,
    by: &Staff,
    c: &mut Conversation,
    floor: Floor,
) -> Result<bool, DbError> {
    let before = c.floor;
    if !pass(tx, clock, c, floor).await? {
        return Ok(false);
    }
    let now = clock.now();
    if before.status == Status::Resolved {
        c.reason = None;
    }
    // `answered_seq` stays: if staff hand back without a word, the bot answers what it would have answered.
    if before.status == Status::Waiting || c.guest_seq > c.answered_seq {
        let hotel = hotels::find(tx, c.property_id).await?;
        let minutes = hotel.map_or(0, |hotel| hotel.settings.patience.holder_minutes);
        conversations::set_holder_due(tx, c.id, Some(now + TimeDelta::minutes(i64::from(minutes)))).await?;
    }
    c.waiting_since = None;
    c.read_seq = c.last_seq;
    escalations::open_all(tx, c.id, by.id, now).await?;
    let details = json!({ "holder": c.floor.holder, "before": before.holder, "epoch": c.floor.epoch });
    let given = c.floor.holder != Some(by.id);
    let (kind, action) = match given {
        true => ("assigned", "conversation.assigned"),
        false => ("took_over", "conversation.taken_over"),
    };
    decide(tx, clock, by, c, kind, details.clone()).await?;
    audit(tx, clock, by, c.property_id, action, c.id.to_string(), Some(details)).await?;
    Ok(true)
}

/// Raises the epoch and clears what the bot had under way; false: the floor is where it was.
async fn pass(tx: &mut Tx, clock: &Clock, c: &mut Conversation, floor: Floor) -> Result<bool, DbError> {
    if floor == c.floor {
        return Ok(false);
    }
    c.floor = floor;
    let silenced = rows::silence_bot(tx, c.id, "staff took over").await?;
    outbox::taken_back::unanswer(tx, clock, c, &silenced).await?;
    effects::abandon(tx, c.id, "staff took over", clock.now()).await?;
    effects::overtake(tx, c.id, c.answered_seq, clock.now()).await?;
    c.turn_due_at = None;
    c.first_unanswered_at = None;
    c.turn_tries = 0;
    // The worker that holds the lease is fenced off by the epoch; the next one need not wait for its end.
    conversations::release(tx, c.id, c.lease_token).await?;
    Ok(true)
}

/// Nobody waits for staff any more and nothing rings.
async fn end_call(tx: &mut Tx, clock: &Clock, by: &Staff, c: &mut Conversation) -> Result<(), DbError> {
    c.waiting_since = None;
    c.priority = None;
    c.read_seq = c.last_seq;
    conversations::set_holder_due(tx, c.id, None).await?;
    escalations::open_all(tx, c.id, by.id, clock.now()).await?;
    Ok(())
}

async fn record(
    tx: &mut Tx,
    clock: &Clock,
    by: &Staff,
    c: &Conversation,
    kind: &str,
    action: &'static str,
) -> Result<(), DbError> {
    decide(tx, clock, by, c, kind, json!({ "epoch": c.floor.epoch })).await?;
    audit(tx, clock, by, c.property_id, action, c.id.to_string(), None).await
}

pub(super) async fn write_back(tx: &mut Tx, c: &Conversation) -> Result<(), DbError> {
    conversations::update(tx, c).await?;
    outbox::ring(tx, c);
    tx.ring(Bell::Desk { property: c.property_id });
    Ok(())
}
