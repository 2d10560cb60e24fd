//! What staff say, to the guest and among themselves, and what they have seen.

use super::floor::{take, write_back};
use super::{Desk, DeskError, decide, lock};
use crate::channels;
use crate::clock::Clock;
use crate::domain::conversation::Conversation;
use crate::domain::ids::ConversationId;
use crate::domain::message::{Author, Delivery, Message};
use crate::domain::people::Staff;
use crate::domain::redact;
use crate::domain::template::Filled;
use crate::outbox::{self, Speech};
use crate::store::messages::Origin;
use crate::store::{Bell, Tx, conversations, effects, escalations, messages};
use serde_json::json;

/// A message that staff wrote.
#[derive(Debug, Clone, PartialEq)]
pub struct Spoken {
    pub message: Message,
    /// The same key has written it before; nothing changed.
    pub repeated: bool,
}

impl Desk {
    /// Answers the guest. Where nobody holds the conversation, this takes it over in the same unit. The same
    /// `client_id` of the same writer is the same message.
    pub async fn reply(
        &self,
        by: Staff,
        id: ConversationId,
        text: String,
        client_id: Option<String>,
    ) -> Result<Spoken, DeskError> {
        self.say(by, id, text, None, client_id).await
    }

    /// Sends an approved text with its blanks filled; `text` is what the guest reads. Otherwise as [`Desk::reply`].
    pub async fn send_template(
        &self,
        by: Staff,
        id: ConversationId,
        template: Filled,
        text: String,
        client_id: Option<String>,
    ) -> Result<Spoken, DeskError> {
        let masked = |(blank, value): (String, String)| (blank, redact::mask_cards(&value).into_owned());
        let values = template.values.into_iter().map(masked).collect();
        self.say(by, id, text, Some(Filled { values, ..template }), client_id).await
    }

    async fn say(
        &self,
        by: Staff,
        id: ConversationId,
        text: String,
        template: Option<Filled>,
        client_id: Option<String>,
    ) -> Result<Spoken, DeskError> {
        let clock = self.clock.clone();
        let text = redact::mask_cards(&text).into_owned();
        let key = client_id.map(|client_id| format!("{}:{client_id}", by.id));
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let mut c = lock(tx, id).await?;
                    if let Some(message) = said_before(tx, &c, key.as_deref()).await? {
                        return Ok(Spoken { message, repeated: true });
                    }
                    check_length(&c, &text)?;
                    if template.is_none() && c.is_window_closed(clock.now()) {
                        return Err(DeskError::WindowClosed);
                    }
                    let floor = c.floor.speak(by.id)?;
                    take(tx, &clock, &by, &mut c, floor).await?;
                    let speech = Speech { template, ..Speech::staff(&text, by.id, key.as_deref()) };
                    let message = outbox::enqueue(tx, &clock, &mut c, speech).await?;
                    answered(tx, &clock, &mut c).await?;
                    write_back(tx, &c).await?;
                    Ok(Spoken { message, repeated: false })
                })
            })
            .await
    }

    /// Writes for colleagues only; nothing tells the guest's page.
    pub async fn note(
        &self,
        by: Staff,
        id: ConversationId,
        text: String,
        client_id: Option<String>,
    ) -> Result<Spoken, DeskError> {
        let clock = self.clock.clone();
        let text = redact::mask_cards(&text).into_owned();
        let key = client_id.map(|client_id| format!("{}:{client_id}", by.id));
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let mut c = lock(tx, id).await?;
                    if let Some(message) = said_before(tx, &c, key.as_deref()).await? {
                        return Ok(Spoken { message, repeated: true });
                    }
                    c.last_seq += 1;
                    c.active_at = clock.now();
                    let message = Message {
                        id: clock.id(),
                        conversation_id: c.id,
                        seq: c.last_seq,
                        author: Author::Staff,
                        user_id: Some(by.id),
                        private: true,
                        text,
                        media: Vec::new(),
                        quote: None,
                        delivery: Delivery::Sent,
                        delivery_reason: None,
                        mood: None,
                        tokens: None,
                        created_at: c.active_at,
                    };
                    let account = outbox::own_keys(c.id);
                    let origin = Origin { account: &account, vendor_id: key.as_deref(), turn: None };
                    messages::insert(tx, c.property_id, &message, origin).await?;
                    conversations::update(tx, &c).await?;
                    tx.ring(Bell::Desk { property: c.property_id });
                    Ok(Spoken { message, repeated: false })
                })
            })
            .await
    }

    /// Staff look at the conversation and have seen it up to `seq`: nothing rings for it any more.
    pub async fn mark_read(
        &self,
        by: Staff,
        id: ConversationId,
        seq: i64,
    ) -> Result<Conversation, DeskError> {
        let clock = self.clock.clone();
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let mut c = lock(tx, id).await?;
                    let opened = escalations::open_all(tx, c.id, by.id, clock.now()).await?;
                    if opened > 0 {
                        decide(tx, &clock, &by, &c, "opened", json!({ "calls": opened })).await?;
                    }
                    let seen = seq.min(c.last_seq);
                    if opened > 0 || seen > c.read_seq {
                        c.read_seq = c.read_seq.max(seen);
                        conversations::update(tx, &c).await?;
                        tx.ring(Bell::Desk { property: c.property_id });
                    }
                    Ok(c)
                })
            })
            .await
    }
}

async fn said_before(tx: &mut Tx, c: &Conversation, key: Option<&str>) -> Result<Option<Message>, DeskError> {
    match key {
        Some(key) => Ok(messages::find_by_vendor_id(tx, &outbox::own_keys(c.id), key).await?),
        None => Ok(None),
    }
}

fn check_length(c: &Conversation, text: &str) -> Result<(), DeskError> {
    let max = channels::by_name(&c.channel).map_or(usize::MAX, |channel| channel.capability().max_chars);
    if text.chars().count() > max { Err(DeskError::TooLong { max }) } else { Ok(()) }
}

/// The guest has an answer: nothing of theirs waits any more, neither for the holder nor for the bot.
async fn answered(tx: &mut Tx, clock: &Clock, c: &mut Conversation) -> Result<(), DeskError> {
    effects::hand_on(tx, c.id, c.answered_seq, clock.now()).await?;
    c.answered_seq = c.guest_seq;
    c.read_seq = c.last_seq;
    c.waiting_since = None;
    c.memory.waiting_for_proof.clear();
    c.memory.waiting_for_quote.clear();
    c.memory.not_understood = 0;
    c.memory.left_to_staff = None;
    conversations::set_holder_due(tx, c.id, None).await?;
    Ok(())
}
