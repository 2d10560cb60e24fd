//! What stands on top of every staff page until somebody opens it: emergencies, and how many guests wait.

use super::called;
use super::list::place;
use crate::domain::escalation::Reason;
use crate::domain::ids::ConversationId;
use crate::store::{escalations, inbox};
use crate::web::desk;
use crate::web::error::page as render;
use crate::web::extract::Query;
use crate::web::staff::When;
use crate::web::{Caller, Web, WebError};
use askama::Template;
use axum::extract::State;
use axum::response::Html;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(super) struct Which {
    property: Option<String>,
}

#[derive(Template)]
#[template(path = "inbox/alarms.html")]
struct AlarmsView {
    /// How many guests wait at the hotel that the page is about.
    needing: i64,
    alarms: Vec<Alarm>,
}

struct Alarm {
    conversation: ConversationId,
    reason: String,
    name: String,
    room: Option<String>,
    /// Where the reader works at several.
    hotel: Option<String>,
    at: When,
}

/// What happened; the bar itself says that it is an emergency.
fn in_words(reason: &Reason) -> String {
    match reason {
        Reason::Emergency { alarm, words } => format!("{alarm}, “{words}”"),
        other => other.in_words(),
    }
}

/// `GET /inbox/alarms`: emergencies of every hotel of the caller's.
pub(super) async fn fragment(
    State(web): State<Web>,
    caller: Caller,
    Query(which): Query<Which>,
) -> Result<Html<String>, WebError> {
    let mut conn = web.db.read().await?;
    let (hotel, theirs) = place(&mut conn, &caller, which.property.as_deref()).await?;
    let counts = inbox::counts(&mut conn, hotel.id, caller.staff_id()).await?;
    let mut alarms = Vec::new();
    let ids: Vec<_> = theirs.iter().map(|hotel| hotel.id).collect();
    for escalation in escalations::list_open_emergencies(&mut conn, &ids).await? {
        let Some(hotel) = theirs.iter().find(|hotel| hotel.id == escalation.property_id) else { continue };
        let Some(row) = inbox::find(&mut conn, escalation.conversation_id).await? else { continue };
        let view = desk::ConversationView::from(row);
        alarms.push(Alarm {
            conversation: view.id,
            reason: in_words(&escalation.reason),
            name: called(&view),
            room: view.room,
            hotel: (theirs.len() > 1).then(|| hotel.name.clone()),
            at: When::new(escalation.created_at, web.clock.now(), hotel.zone),
        });
    }
    render(&AlarmsView { needing: counts.needing, alarms })
}
