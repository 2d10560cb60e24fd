//! The way out: what is said to a guest is written here, in the caller's unit; a dispatcher sends it later.

pub mod accounts;
pub mod dispatcher;
mod fate;
pub mod taken_back;
mod window;

use crate::channels;
use crate::clock::Clock;
use crate::domain::capability::Transport;
use crate::domain::choices::Choices;
use crate::domain::conversation::Conversation;
use crate::domain::escalation::{Priority, Reason};
use crate::domain::ids::{ConversationId, EffectId, EscalationId, OutboxId, TurnId, UserId};
use crate::domain::message::{Author, Delivery, Message, SendState, Voice};
use crate::domain::template::Filled;
use crate::store::escalations::{self, Call};
use crate::store::messages::Origin;
use crate::store::outbox::{OutboxRow, Payload};
use crate::store::{Bell, DbError, Tx, conversations, hotels, messages, outbox, undelivered};
use chrono::{DateTime, Utc};

/// Why free words do not pass, in words for staff.
pub const WINDOW_CLOSED: &str = "the guest has been silent for too long; the vendor takes only templates now";

/// Something said to the guest.
#[derive(Debug, Clone)]
pub struct Speech<'a> {
    pub author: Author,
    pub voice: Voice,
    pub user: Option<UserId>,
    pub text: &'a str,
    pub quote: Option<EffectId>,
    /// The approved text that it was made from.
    pub template: Option<Filled>,
    /// What the guest may tap, where the channel can show it.
    pub choices: Choices,
    pub turn: Option<TurnId>,
    /// The writer's own key: the same key again is the same message.
    pub client_id: Option<&'a str>,
    pub tokens: Option<i64>,
}

impl<'a> Speech<'a> {
    pub fn bot(text: &'a str, turn: TurnId) -> Self {
        let turn = Some(turn);
        Self {
            author: Author::Bot,
            voice: Voice::Bot,
            user: None,
            text,
            quote: None,
            template: None,
            choices: Choices::default(),
            turn,
            client_id: None,
            tokens: None,
        }
    }

    pub fn system(text: &'a str, voice: Voice) -> Self {
        Self {
            author: Author::System,
            voice,
            user: None,
            text,
            quote: None,
            template: None,
            choices: Choices::default(),
            turn: None,
            client_id: None,
            tokens: None,
        }
    }

    pub fn staff(text: &'a str, user: UserId, client_id: Option<&'a str>) -> Self {
        let (author, voice, user) = (Author::Staff, Voice::Staff, Some(user));
        Self { author, voice, user, text, client_id, ..Self::system(text, voice) }
    }
}

/// The scope within which the keys of our own writers are unique.
pub fn own_keys(conversation: ConversationId) -> String {
    format!("out:{conversation}")
}

/// Writes the message and, where a vendor carries it, its outbox row. The caller writes the conversation back.
pub async fn enqueue(
    tx: &mut Tx,
    clock: &Clock,
    conversation: &mut Conversation,
    speech: Speech<'_>,
) -> Result<Message, DbError> {
    let now = clock.now();
    let push = channels::by_name(&conversation.channel)
        .is_some_and(|channel| channel.capability().transport == Transport::Push);
    let payload = match push {
        true => window::payload(tx, conversation, &speech, now).await?,
        false => None,
    };
    let (delivery, delivery_reason) = match (push, &conversation.opted_out, &payload) {
        (false, _, _) => (Delivery::Sent, None),
        (true, Some(word), _) => (Delivery::Failed, Some(blocked_by(&conversation.channel, word))),
        (true, None, Some(_)) => (Delivery::Queued, None),
        (true, None, None) => (Delivery::Failed, Some(WINDOW_CLOSED.to_owned())),
    };
    conversation.last_seq += 1;
    conversation.active_at = now;
    // An answer says first who speaks, last what it is about.
    conversation.last_line = first_line(speech.text.rsplit("\n\n").next().unwrap_or(speech.text));
    let message = Message {
        id: clock.id(),
        conversation_id: conversation.id,
        seq: conversation.last_seq,
        author: speech.author,
        user_id: speech.user,
        private: false,
        text: speech.text.to_owned(),
        media: Vec::new(),
        quote: speech.quote,
        delivery,
        delivery_reason,
        mood: None,
        tokens: speech.tokens,
        created_at: now,
    };
    let account = own_keys(conversation.id);
    let origin = Origin { account: &account, vendor_id: speech.client_id, turn: speech.turn };
    messages::insert(tx, conversation.property_id, &message, origin).await?;
    if let Some(payload) = payload.filter(|_| delivery == Delivery::Queued) {
        let row = row(clock, conversation, &message, speech.voice, payload);
        // Words for an emergency wait for nothing.
        let due = match speech.voice {
            Voice::Emergency => now,
            Voice::Bot | Voice::Staff | Voice::Alert => not_before(tx, conversation, now).await?,
        };
        outbox::insert(tx, &row, now, due).await?;
        tx.ring(Bell::Sending);
    }
    // Staff who write see it at once; the bot's words are theirs to bring across now.
    if push
        && delivery == Delivery::Failed
        && conversation.opted_out.is_none()
        && speech.author != Author::Staff
    {
        call_staff(tx, clock, conversation, WINDOW_CLOSED, None).await?;
    }
    ring(tx, conversation);
    Ok(message)
}

/// From when on the vendor bears another message to this guest.
async fn not_before(
    tx: &mut Tx,
    conversation: &Conversation,
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>, DbError> {
    let limit = channels::by_name(&conversation.channel).and_then(|channel| channel.capability().pair_limit);
    let Some(limit) = limit else { return Ok(now) };
    let nth = outbox::nth_last_sending_at(tx, conversation.id, limit.messages).await?;
    Ok(nth.map_or(now, |at| now.max(at + limit.within)))
}

fn row(
    clock: &Clock,
    conversation: &Conversation,
    message: &Message,
    voice: Voice,
    payload: Payload,
) -> OutboxRow {
    OutboxRow {
        id: clock.id(),
        property_id: conversation.property_id,
        conversation_id: Some(conversation.id),
        message_id: Some(message.id),
        escalation_id: None,
        channel: conversation.channel.clone(),
        integration_id: conversation.integration_id,
        address: conversation.address.clone(),
        voice,
        payload,
        epoch: conversation.floor.epoch,
        state: SendState::Queued,
        tries: 0,
        tried_at: None,
        looks: 0,
        lease_token: 0,
        lease_until: None,
    }
}

/// A text to staff themselves, through one of the hotel's accounts.
pub async fn enqueue_alert(tx: &mut Tx, clock: &Clock, alert: Alert<'_>) -> Result<OutboxId, DbError> {
    let row = OutboxRow {
        id: clock.id(),
        property_id: alert.integration.property_id,
        conversation_id: None,
        message_id: None,
        escalation_id: Some(alert.escalation),
        channel: alert.integration.area().to_owned(),
        integration_id: Some(alert.integration.id),
        address: alert.to.to_owned(),
        voice: Voice::Alert,
        payload: Payload::Text { text: alert.text.to_owned(), choices: Choices::default() },
        epoch: 0,
        state: SendState::Queued,
        tries: 0,
        tried_at: None,
        looks: 0,
        lease_token: 0,
        lease_until: None,
    };
    let now = clock.now();
    outbox::insert(tx, &row, now, now).await?;
    tx.ring(Bell::Sending);
    Ok(row.id)
}

/// One ring of an on-call number.
#[derive(Debug, Clone, Copy)]
pub struct Alert<'a> {
    pub integration: &'a crate::domain::integration::Integration,
    pub escalation: EscalationId,
    pub to: &'a str,
    pub text: &'a str,
}

/// The same alert once more: staff have decided so, and have closed the row that was lost.
pub async fn enqueue_alert_again(tx: &mut Tx, clock: &Clock, lost: &OutboxRow) -> Result<(), DbError> {
    let fresh = OutboxRow { id: clock.id(), state: SendState::Queued, ..lost.clone() };
    let now = clock.now();
    outbox::insert(tx, &fresh, now, now).await?;
    tx.ring(Bell::Sending);
    Ok(())
}

/// Tries a failed or unknown message once more: staff have decided so.
pub async fn enqueue_again(
    tx: &mut Tx,
    clock: &Clock,
    conversation: &Conversation,
    message: &Message,
) -> Result<(), DbError> {
    let payload = Payload::Text { text: message.text.clone(), choices: Choices::default() };
    let (row, now) = (row(clock, conversation, message, Voice::Staff, payload), clock.now());
    undelivered::close_of_message(tx, message.id, now).await?;
    let due = not_before(tx, conversation, now).await?;
    outbox::insert(tx, &row, now, due).await?;
    messages::set_delivery(tx, message.id, Delivery::Queued, None).await?;
    tx.ring(Bell::Sending);
    ring(tx, conversation);
    Ok(())
}

/// A message did not get through, or nobody knows whether it did: staff hear of it, in the unit that finds out. The
/// conversation is locked already; with a `once_key` they hear once.
pub async fn call_staff(
    tx: &mut Tx,
    clock: &Clock,
    conversation: &mut Conversation,
    why: &str,
    once_key: Option<String>,
) -> Result<(), DbError> {
    let Some(hotel) = hotels::find(tx, conversation.property_id).await? else { return Ok(()) };
    let mut call = Call::new(Reason::Undelivered { why: why.to_owned() }, Priority::Normal);
    call.once_key = once_key;
    if escalations::raise(tx, clock, &hotel, conversation, &call).await? {
        conversations::update(tx, conversation).await?;
    }
    ring(tx, conversation);
    Ok(())
}

/// In words for staff: "SMS blocked: the guest wrote CANCEL".
pub fn blocked_by(channel: &str, word: &str) -> String {
    let label = channels::by_name(channel).map_or(channel, |known| known.label());
    format!("{label} blocked: the guest wrote {word}")
}

/// Tells open pages that the conversation has moved.
pub fn ring(tx: &mut Tx, conversation: &Conversation) {
    ring_for(tx, conversation, false);
}

/// Tells open pages of a guest's message; nothing else has changed.
pub fn echo(tx: &mut Tx, conversation: &Conversation) {
    ring_for(tx, conversation, true);
}

fn ring_for(tx: &mut Tx, conversation: &Conversation, echo: bool) {
    tx.ring(Bell::Conversation {
        property: conversation.property_id,
        conversation: conversation.id,
        seq: conversation.last_seq,
        echo,
    });
}

/// The start of a text, for lists.
pub fn first_line(text: &str) -> String {
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim();
    match line.char_indices().nth(140) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or(line)),
        None => line.to_owned(),
    }
}
