//! What staff do, each in one write unit: take over, speak, hand back, close. Who may do it is not asked here.

mod charges;
mod effects;
mod floor;
mod requests;
mod speech;
mod undelivered;

pub use requests::NewRequest;
pub use speech::Spoken;

use crate::clock::Clock;
use crate::connectors::ConnectorError;
use crate::domain::conversation::{Conversation, FloorError};
use crate::domain::effect::EffectState;
use crate::domain::ids::{ConversationId, PropertyId};
use crate::domain::message::Delivery;
use crate::domain::people::Staff;
use crate::domain::request::RequestState;
use crate::store::audit::{self, Entry};
use crate::store::decisions::Decision;
use crate::store::{Db, DbError, Tx, conversations, decisions};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// Where staff's actions are written; cheap to clone.
#[derive(Clone)]
pub struct Desk {
    pub db: Db,
    pub clock: Clock,
}

/// Why something that staff wanted was not done; nothing of it was written.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    #[error(transparent)]
    Db(#[from] DbError),
    #[error(transparent)]
    Floor(#[from] FloorError),
    #[error("there is no such thing")]
    NotFound,
    #[error("the channel carries {max} characters in one message")]
    TooLong { max: usize },
    #[error("the message is {delivery}: only what failed or is in doubt is sent again")]
    NotLost { delivery: Delivery },
    /// Sending it again now could send it twice.
    #[error("the vendor is still being asked whether it arrived")]
    BeingAsked,
    #[error("somebody has dealt with it already")]
    DealtWith,
    /// The guest wants no messages on this channel.
    #[error("{why}")]
    Blocked { why: String },
    /// Only templates pass.
    #[error("{}", crate::outbox::WINDOW_CLOSED)]
    WindowClosed,
    #[error("nobody of that id works at this property")]
    NoSuchColleague,
    #[error("the request is {state} already")]
    Closed { state: RequestState },
    #[error("a charge that is {state} cannot be voided")]
    NotVoidable { state: EffectState },
    #[error("the effect is {state}: there is no doubt about it")]
    NotInDoubt { state: EffectState },
    /// What it shows now may not be what it will show in a minute.
    #[error("the hotel's system is still being asked")]
    SystemBeingAsked { until: DateTime<Utc> },
    #[error("this hotel's system keeps no bills")]
    NoFolios,
    #[error(transparent)]
    Hotel(#[from] ConnectorError),
}

impl DeskError {
    /// Whether the same action may succeed later as it is.
    pub fn retryable(&self) -> bool {
        match self {
            DeskError::Db(error) => error.retryable(),
            // Voiding twice is voiding once, so an unknown end may be tried again too.
            DeskError::Hotel(error) => error.retryable() || matches!(error, ConnectorError::Unknown { .. }),
            DeskError::BeingAsked | DeskError::SystemBeingAsked { .. } => true,
            DeskError::Floor(_)
            | DeskError::DealtWith
            | DeskError::NotFound
            | DeskError::TooLong { .. }
            | DeskError::NotLost { .. }
            | DeskError::Blocked { .. }
            | DeskError::WindowClosed
            | DeskError::NoSuchColleague
            | DeskError::Closed { .. }
            | DeskError::NotVoidable { .. }
            | DeskError::NotInDoubt { .. }
            | DeskError::NoFolios => false,
        }
    }
}

async fn lock(tx: &mut Tx, id: ConversationId) -> Result<Conversation, DeskError> {
    conversations::lock(tx, id).await?.ok_or(DeskError::NotFound)
}

/// A line in the conversation's flight record; `details` is an object.
async fn decide(
    tx: &mut Tx,
    clock: &Clock,
    by: &Staff,
    conversation: &Conversation,
    kind: &str,
    details: Value,
) -> Result<(), DbError> {
    let mut body = match details {
        Value::Object(details) => details,
        _ => Map::new(),
    };
    body.insert("by".to_owned(), json!(by.actor));
    body.insert("name".to_owned(), json!(by.name));
    let decision = Decision {
        seq: conversation.guest_seq,
        kind: kind.to_owned(),
        body: Value::Object(body),
        at: clock.now(),
    };
    decisions::insert(tx, clock.id::<Uuid>(), conversation.id, None, &decision).await
}

async fn audit(
    tx: &mut Tx,
    clock: &Clock,
    by: &Staff,
    property: PropertyId,
    action: &'static str,
    subject: String,
    after: Option<Value>,
) -> Result<(), DbError> {
    let entry = Entry {
        actor: by.actor,
        actor_name: by.name.clone(),
        action,
        subject,
        before: None,
        after,
        property: Some(property),
    };
    audit::record(tx, clock, entry).await
}
