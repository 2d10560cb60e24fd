//! How conversations and what belongs to them are shown: the same views as JSON and on the pages.

use crate::domain::conversation::Status;
use crate::domain::effect::{Effect, EffectState};
use crate::domain::escalation::{Priority, Reason};
use crate::domain::ids::{
    ChargeId, ConversationId, EffectId, EscalationId, GuestId, MessageId, PropertyId, RequestId, StayId,
    UserId,
};
use crate::domain::message::{Author, Delivery, Media, Message};
use crate::domain::money::Money;
use crate::domain::proof::Proof;
use crate::domain::request::{Request, RequestKind, RequestState};
use crate::domain::stay::{Stay, StayState};
use crate::store::escalations::Escalation;
use crate::store::inbox::InboxRow;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::Serialize;
use std::collections::HashMap;

/// Who has a conversation.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Holder {
    /// A person; of an API key that acts as one, the key's own id.
    pub id: UserId,
    pub name: String,
}

/// A conversation as lists show it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ConversationView {
    pub id: ConversationId,
    pub property: PropertyId,
    pub guest: GuestId,
    /// Known once the stay is proved.
    pub guest_name: Option<String>,
    /// The channel's name, such as `webchat` or `sms`.
    pub channel: String,
    /// Where an answer goes; absent where that says nothing to people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    pub room: Option<String>,
    pub stay: Option<StayId>,
    pub proof: Proof,
    pub lang: String,
    pub status: Status,
    pub holder: Option<Holder>,
    pub last_line: String,
    /// Number of the last message.
    pub last_seq: i64,
    /// Whether the guest has written something that staff have not seen.
    pub unread: bool,
    /// −1 (furious) … 1 (delighted), the later messages counting more.
    pub mood: Option<f64>,
    pub priority: Option<Priority>,
    /// Why it is with staff, in words.
    pub reason: Option<String>,
    /// The same with its evidence.
    pub why: Option<Reason>,
    pub waiting_since: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub active_at: DateTime<Utc>,
}

impl From<InboxRow> for ConversationView {
    fn from(row: InboxRow) -> Self {
        let people_know = row.address.starts_with('+') || row.address.contains('@');
        let unnamed = || "a colleague".to_owned();
        let holder_name = row.holder_name;
        Self {
            id: row.id,
            property: row.property_id,
            guest: row.guest_id,
            guest_name: row.guest_name,
            channel: row.channel,
            address: Some(row.address).filter(|_| people_know),
            room: row.room,
            stay: row.stay_id,
            proof: row.proof,
            lang: row.lang,
            status: row.status,
            holder: row.holder.map(|id| Holder { id, name: holder_name.unwrap_or_else(unnamed) }),
            last_line: row.last_line,
            last_seq: row.last_seq,
            unread: row.guest_seq > row.read_seq,
            mood: row.mood,
            priority: row.priority,
            reason: row.reason.as_ref().map(Reason::in_words),
            why: row.reason,
            waiting_since: row.waiting_since,
            created_at: row.created_at,
            active_at: row.active_at,
        }
    }
}

/// A conversation with what belongs to it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ConversationDetail {
    #[serde(flatten)]
    pub conversation: ConversationView,
    pub proved_at: Option<DateTime<Utc>>,
    /// The stay that the conversation is bound to, as Bellhop last knew it.
    pub stay_details: Option<StayView>,
    /// Why nothing can be sent: the word by which the guest opted out of the channel.
    pub opted_out: Option<String>,
    /// Until when the channel's vendor takes free words, and then only templates; absent: it has no such limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window_closes_at: Option<DateTime<Utc>>,
    pub escalations: Vec<EscalationView>,
    /// What was done for the guest in the hotel's systems, or was offered, oldest first.
    pub effects: Vec<EffectView>,
    /// Newest first.
    pub requests: Vec<RequestView>,
}

/// A message.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct MessageView {
    pub id: MessageId,
    pub seq: i64,
    pub author: Author,
    /// Of staff: their name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// A note among staff; the guest never sees it.
    pub private: bool,
    pub text: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<Media>,
    /// The charge whose price it tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quote: Option<ChargeId>,
    pub delivery: Delivery,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery_reason: Option<String>,
    /// Of the guest's: how it sounds, −1 … 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mood: Option<f64>,
    pub created_at: DateTime<Utc>,
}

impl MessageView {
    pub fn new(message: Message, names: &HashMap<UserId, String>) -> Self {
        Self {
            id: message.id,
            seq: message.seq,
            author: message.author,
            by: message.user_id.and_then(|id| names.get(&id).cloned()),
            private: message.private,
            text: message.text,
            media: message.media,
            quote: message.quote.filter(|_| message.author != Author::Guest).map(ChargeId::from),
            delivery: message.delivery,
            delivery_reason: message.delivery_reason,
            mood: message.mood,
            created_at: message.created_at,
        }
    }
}

/// A stay as Bellhop knows it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct StayView {
    pub id: StayId,
    pub property: PropertyId,
    pub confirmation: String,
    /// First and last name.
    pub guest_name: String,
    pub first_name: String,
    pub last_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub room: Option<String>,
    pub state: StayState,
    pub arrives_on: NaiveDate,
    pub departs_on: NaiveDate,
    /// A later departure that the hotel has agreed to.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checkout_until: Option<NaiveTime>,
}

impl From<Stay> for StayView {
    fn from(stay: Stay) -> Self {
        Self {
            guest_name: stay.guest_name(),
            id: stay.id,
            property: stay.property_id,
            confirmation: stay.confirmation,
            first_name: stay.first_name,
            last_name: stay.last_name,
            phone: stay.phone,
            email: stay.email,
            lang: stay.lang,
            room: stay.room,
            state: stay.state,
            arrives_on: stay.arrives_on,
            departs_on: stay.departs_on,
            checkout_until: stay.checkout_until,
        }
    }
}

/// Why and when staff were called.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct EscalationView {
    pub id: EscalationId,
    /// In words.
    pub reason: String,
    /// With its evidence: the matched words, the rules' version …
    pub why: Reason,
    pub priority: Priority,
    /// The guest message that caused it.
    pub seq: i64,
    pub created_at: DateTime<Utc>,
    pub opened_at: Option<DateTime<Utc>>,
}

impl From<Escalation> for EscalationView {
    fn from(escalation: Escalation) -> Self {
        Self {
            id: escalation.id,
            reason: escalation.reason.in_words(),
            why: escalation.reason,
            priority: escalation.priority,
            seq: escalation.seq,
            created_at: escalation.created_at,
            opened_at: escalation.opened_at,
        }
    }
}

/// Something done, or offered, for a guest in the hotel's systems.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct EffectView {
    pub id: EffectId,
    pub tool: String,
    pub item: String,
    pub quantity: u32,
    /// Where it costs something: the charge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charge: Option<ChargeId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    pub state: EffectState,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub voided_at: Option<DateTime<Utc>>,
    /// When the hotel's system was first called for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<DateTime<Utc>>,
    /// Of one in doubt: when Bellhop looks again by itself; absent: staff have to look.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub looks_again_at: Option<DateTime<Utc>>,
    /// Of one in doubt: until then the hotel's system is asked, and staff cannot settle it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked_until: Option<DateTime<Utc>>,
    /// When staff took over while it was under way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overtaken_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl EffectView {
    pub fn new(effect: Effect, now: DateTime<Utc>) -> Self {
        Self {
            id: effect.id,
            asked_until: effect.asked_until(now),
            item: effect.plan.item(),
            quantity: effect.plan.quantity(),
            tool: effect.tool,
            charge: effect.total.map(|_| ChargeId::from(effect.id)),
            amount: effect.total,
            state: effect.state,
            error: effect.error,
            voided_at: effect.voided_at,
            sent_at: effect.course.sent_at,
            looks_again_at: effect.course.due_at.filter(|_| effect.state == EffectState::Unknown),
            overtaken_at: effect.course.overtaken_at,
            created_at: effect.created_at,
            updated_at: effect.updated_at,
        }
    }
}

/// A charge.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ChargeView {
    pub id: ChargeId,
    pub property: PropertyId,
    pub conversation: ConversationId,
    pub stay: StayId,
    pub item: String,
    pub quantity: u32,
    pub amount: Money,
    /// `succeeded`: it stands on the bill, unless it was voided.
    pub state: EffectState,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    pub voided_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ChargeView {
    /// `None`: the effect costs nothing.
    pub fn of(effect: Effect) -> Option<Self> {
        let amount = effect.total?;
        Some(Self {
            id: effect.id.into(),
            property: effect.property_id,
            conversation: effect.conversation_id,
            stay: effect.stay_id,
            item: effect.plan.item(),
            quantity: effect.plan.quantity(),
            amount,
            state: effect.state,
            error: effect.error,
            voided_at: effect.voided_at,
            created_at: effect.created_at,
            updated_at: effect.updated_at,
        })
    }
}

/// A service request.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct RequestView {
    pub id: RequestId,
    pub property: PropertyId,
    pub stay: Option<StayId>,
    pub conversation: Option<ConversationId>,
    /// What the bot did that made it.
    pub effect: Option<EffectId>,
    pub kind: RequestKind,
    pub item: String,
    pub quantity: i64,
    pub room: Option<String>,
    pub department: String,
    pub state: RequestState,
    pub note: Option<String>,
    pub due_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub closed_at: Option<DateTime<Utc>>,
    pub closed_by: Option<UserId>,
}

impl From<Request> for RequestView {
    fn from(request: Request) -> Self {
        Self {
            id: request.id,
            property: request.property_id,
            stay: request.stay_id,
            conversation: request.conversation_id,
            effect: request.effect_id,
            kind: request.kind,
            item: request.item,
            quantity: request.quantity,
            room: request.room,
            department: request.department,
            state: request.state,
            note: request.note,
            due_at: request.due_at,
            created_at: request.created_at,
            closed_at: request.closed_at,
            closed_by: request.closed_by,
        }
    }
}

/// A guest as the hotel knows them.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct GuestView {
    pub id: GuestId,
    pub property: PropertyId,
    pub name: Option<String>,
    pub lang: Option<String>,
    pub created_at: DateTime<Utc>,
    /// The addresses that belong to this guest.
    pub identities: Vec<IdentityView>,
    /// Newest activity first, the last 50.
    pub conversations: Vec<ConversationView>,
}

/// An address on a channel.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct IdentityView {
    pub channel: String,
    pub address: String,
}
