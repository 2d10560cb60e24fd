//! Service requests: what the hotel's people have to do for a guest.

use super::ids::{ConversationId, EffectId, PropertyId, RequestId, StayId, UserId};
use chrono::{DateTime, Utc};

text_enum! {
    pub enum RequestKind {
        Towels = "towels",
        Amenity = "amenity",
        Cleaning = "cleaning",
        Fault = "fault",
        Order = "order",
        LateCheckout = "late_checkout",
        Other = "other",
    }
}

impl RequestKind {
    /// The department that does it, unless an item names its own.
    pub fn department(self) -> &'static str {
        match self {
            RequestKind::Towels | RequestKind::Amenity | RequestKind::Cleaning => "housekeeping",
            RequestKind::Fault => "maintenance",
            RequestKind::Order => "kitchen",
            RequestKind::LateCheckout | RequestKind::Other => "reception",
        }
    }
}

text_enum! {
    pub enum RequestState {
        Open = "open",
        Done = "done",
        /// Staff cannot do it; the guest is told.
        Cannot = "cannot",
        Cancelled = "cancelled",
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    pub id: RequestId,
    pub property_id: PropertyId,
    pub stay_id: Option<StayId>,
    pub conversation_id: Option<ConversationId>,
    pub effect_id: Option<EffectId>,
    pub kind: RequestKind,
    /// What is wanted, in the hotel's or the guest's words: "towels", "lamp does not work".
    pub item: String,
    pub quantity: i64,
    pub room: Option<String>,
    pub department: String,
    pub state: RequestState,
    /// What staff wrote when they closed it.
    pub note: Option<String>,
    pub due_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub closed_at: Option<DateTime<Utc>>,
    pub closed_by: Option<UserId>,
}
