//! What API and inbox share about guests' conversations: who may see them, the views of them, and what a refusal of
//! the desk is to a caller. Nothing of guests leaves the property's own staff.

mod load;
mod views;

pub use load::{detail, guest, messages};
pub use views::{
    ChargeView, ConversationDetail, ConversationView, EffectView, EscalationView, GuestView, Holder,
    IdentityView, MessageView, RequestView, StayView,
};

use super::{Caller, Web, WebError};
use crate::connectors::{Connector, ConnectorError};
use crate::conversation::desk::{Desk, DeskError};
use crate::domain::conversation::FloorError;
use crate::domain::effect::EffectState;
use crate::domain::hotel::Hotel;
use crate::domain::ids::{ConversationId, PropertyId, UserId};
use crate::domain::people::Role;
use crate::intake;
use crate::store::inbox::{self, InboxRow};
use crate::store::{Conn, hotels};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// How many characters a search may have.
pub const SEARCH: usize = 200;

/// The desk of this web.
pub fn desk(web: &Web) -> Desk {
    Desk { db: web.db.clone(), clock: web.clock.clone() }
}

/// The conversation, for staff of its property; 404 for everybody else.
pub async fn conversation(
    conn: &mut Conn,
    caller: &Caller,
    id: ConversationId,
) -> Result<InboxRow, WebError> {
    let row = inbox::find(conn, id).await?.ok_or(WebError::NotFound)?;
    caller.may(row.property_id, Role::Agent)?;
    Ok(row)
}

/// The one hotel that a list is about: the one named, by id or slug, else the only one that the caller works at.
pub async fn one_hotel(conn: &mut Conn, caller: &Caller, named: Option<&str>) -> Result<Hotel, WebError> {
    if let Some(named) = named.filter(|named| !named.is_empty()) {
        return caller.hotel(conn, named, Role::Agent).await;
    }
    let mut theirs = hotels_of(conn, caller).await?;
    match (theirs.pop(), theirs.is_empty()) {
        (None, _) => Err(WebError::forbidden("role", "You work at no property yet.")),
        (Some(hotel), true) => Ok(hotel),
        (Some(_), false) => {
            Err(WebError::bad("property_needed", "You work at several properties: say which, as property=…."))
        }
    }
}

/// Every hotel that the caller works at, by name.
pub async fn hotels_of(conn: &mut Conn, caller: &Caller) -> Result<Vec<Hotel>, WebError> {
    if caller.grants.everywhere.is_none() {
        // Few people work at more than a handful, so that reading them singly is no list of all hotels.
        let mut theirs = Vec::new();
        for (property, _) in &caller.grants.at {
            theirs.extend(hotels::find(conn, *property).await?);
        }
        theirs.sort_by(|a, b| a.name.cmp(&b.name));
        return Ok(theirs);
    }
    Ok(hotels::list(conn).await?)
}

/// The hotel's own system.
pub async fn pms(web: &Web, property: PropertyId) -> Result<Arc<dyn Connector>, WebError> {
    let book = web.books.get(&mut web.db.read().await?, property, None).await?.ok_or(WebError::NotFound)?;
    web.systems.pms(&book).await.map_err(|error| WebError::Upstream { detail: format!("{error}.") })
}

/// What somebody wrote, without what cannot be stored; refused when nothing is left.
pub fn text(text: &str) -> Result<String, WebError> {
    let text = intake::clean(text).trim().to_owned();
    if text.is_empty() { Err(WebError::bad("empty_text", "text holds nothing to say.")) } else { Ok(text) }
}

/// Words to search for; `None`: there are none. A longer text is no search, and would cost one.
pub fn search(words: Option<&str>) -> Result<Option<String>, WebError> {
    let words = words.unwrap_or_default().trim();
    if words.chars().count() > SEARCH {
        let detail = format!("Search for at most {SEARCH} characters: a name, a room, a number.");
        return Err(WebError::bad("search_too_long", detail));
    }
    Ok(Some(words.to_owned()).filter(|words| !words.is_empty()))
}

/// What a refusal of the desk is to a caller; it names who has the conversation.
pub async fn refusal(web: &Web, error: DeskError) -> WebError {
    match error {
        DeskError::Db(error) => error.into(),
        DeskError::NotFound => WebError::NotFound,
        DeskError::Floor(FloorError::Taken { holder }) => held(web, "taken", holder).await,
        DeskError::Floor(FloorError::NotYours { holder }) => held(web, "not_yours", holder).await,
        DeskError::TooLong { max } => WebError::bad(
            "too_long",
            format!("The guest's channel carries {max} characters in one message: send it in parts."),
        ),
        DeskError::NotLost { delivery } => WebError::conflict(
            "not_failed",
            format!("This message is {delivery}; only what failed or is in doubt is sent again."),
        ),
        DeskError::BeingAsked => WebError::conflict(
            "being_asked",
            "The vendor is being asked whether this arrived. That is known in a minute or two; look again then.",
        ),
        DeskError::DealtWith => {
            WebError::conflict("dealt_with", "A colleague has dealt with this already. Look at it again.")
        }
        DeskError::Blocked { why } => WebError::conflict("blocked", format!("{why}.")),
        DeskError::WindowClosed => WebError::conflict(
            "window_closed",
            "The guest has been silent for too long: the vendor takes only approved templates now. Choose one.",
        ),
        DeskError::NoSuchColleague => {
            WebError::bad("no_such_colleague", "Nobody of that id works at this property.")
        }
        DeskError::Closed { state } => with(
            WebError::conflict("closed", format!("This request is {state} already.")),
            "state",
            json!(state),
        ),
        DeskError::NotVoidable { state } => with(not_voidable(state), "state", json!(state)),
        DeskError::NotInDoubt { state } => with(
            WebError::conflict(
                "not_in_doubt",
                format!("There is no doubt about it any more: it is {state}."),
            ),
            "state",
            json!(state),
        ),
        DeskError::SystemBeingAsked { until } => with(
            WebError::conflict(
                "being_asked",
                "The hotel's system is still being asked, and what it does not show yet may still appear. Wait: Bellhop \
                 settles it by what it finds, or leaves it to you ten minutes after the first call.",
            ),
            "until",
            json!(until),
        ),
        DeskError::NoFolios => WebError::conflict(
            "no_bills",
            "This hotel's system keeps no bills that can be changed from here.",
        ),
        DeskError::Hotel(error @ (ConnectorError::NotFound | ConnectorError::Refused { .. })) => {
            WebError::conflict("hotel_refused", format!("{error}."))
        }
        DeskError::Hotel(error @ (ConnectorError::Unavailable { .. } | ConnectorError::Unknown { .. })) => {
            WebError::Upstream { detail: format!("{error}. Nothing was changed here; try again.") }
        }
    }
}

fn not_voidable(state: EffectState) -> WebError {
    let why = match state {
        EffectState::Unknown => {
            "Whether this charge stands on the bill is not known. Look there first and settle it here."
        }
        EffectState::Proposed => "The guest has not agreed to it yet: nothing was charged.",
        EffectState::Confirmed | EffectState::Sent => "It is being posted right now. Try again in a minute.",
        EffectState::Failed => "It was never posted: nothing was charged.",
        EffectState::Succeeded => "It cannot be voided.",
    };
    WebError::conflict("not_voidable", why)
}

async fn held(web: &Web, code: &'static str, holder: Option<UserId>) -> WebError {
    let Some(id) = holder else {
        let words = "Nobody has this conversation any more. Look at it again.";
        return with(WebError::conflict(code, words), "holder", Value::Null);
    };
    let name = match web.db.read().await {
        Ok(mut conn) => inbox::staff_name(&mut conn, id).await.ok().flatten(),
        Err(_) => None,
    };
    let name = name.unwrap_or_else(|| "A colleague".to_owned());
    let holder = json!({ "id": id, "name": name });
    with(WebError::conflict(code, format!("{name} has this conversation.")), "holder", holder)
}

fn with(error: WebError, member: &str, value: Value) -> WebError {
    match error {
        WebError::Conflict { code, detail, .. } => {
            let with = Map::from_iter([(member.to_owned(), value)]);
            WebError::Conflict { code, detail, with }
        }
        other => other,
    }
}
