//! A guest's messages in, the conversation out. Only the session's own conversation is ever touched or shown.

use super::gate::Guest;
use super::pace::Pace;
use super::{CHANNEL, view};
use crate::channels;
use crate::domain::ids::MessageId;
use crate::intake::{self, Arrival, Stored};
use crate::web::error::WebError;
use crate::web::extract::{Json, Query, check_client_id};
use crate::web::state::Web;
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
pub(super) struct Sent {
    text: String,
    /// The page's own key: the same key again is the same message.
    client_id: String,
}

#[derive(Serialize)]
struct Kept {
    message: MessageId,
    seq: i64,
}

/// `POST /chat/messages`
pub(super) async fn send(
    State(web): State<Web>,
    guest: Guest,
    Extension(pace): Extension<Pace>,
    Json(sent): Json<Sent>,
) -> Result<Response, WebError> {
    check(&sent)?;
    let arrival = arrival(&guest, sent)?;
    let (now, per_minute) = (web.clock.now(), web.settings.chat_messages_per_minute);
    // A repeat costs nothing: the guest's page has not heard our answer.
    if let Err(too_fast) = pace.take(guest.conversation, now, per_minute) {
        let known = intake::find(&web.intake, &arrival).await?;
        return known.map(answer).ok_or(too_fast);
    }
    let stored = intake::accept(&web.intake, arrival).await?;
    if stored.duplicate {
        pace.give_back(guest.conversation, per_minute);
    }
    Ok(answer(stored))
}

fn check(sent: &Sent) -> Result<(), WebError> {
    check_client_id(&sent.client_id)?;
    if intake::clean(&sent.text).trim().is_empty() {
        return Err(WebError::bad("empty_text", "text is empty."));
    }
    Ok(())
}

fn arrival(guest: &Guest, sent: Sent) -> Result<Arrival, WebError> {
    let channel = channels::by_name(CHANNEL).ok_or(WebError::Internal)?;
    Ok(Arrival {
        hotel: guest.book.hotel.clone(),
        channel: channel.name(),
        capability: channel.capability(),
        integration_id: None,
        conversation: Some(guest.conversation),
        address: String::new(),
        lasting_id: None,
        vendor_id: sent.client_id,
        text: sent.text,
        sent_at: None,
        media: Vec::new(),
        button: false,
        choice: None,
        word: None,
    })
}

fn answer(stored: Stored) -> Response {
    let status = if stored.duplicate { StatusCode::OK } else { StatusCode::ACCEPTED };
    (status, Json(Kept { message: stored.message, seq: stored.seq })).into_response()
}

#[derive(Deserialize)]
pub(super) struct After {
    /// The last `seq` that the page has; 0: everything.
    #[serde(default)]
    after: i64,
}

/// `GET /chat/messages?after=SEQ`
pub(super) async fn list(
    State(web): State<Web>,
    guest: Guest,
    Query(from): Query<After>,
) -> Result<Json<view::Thread>, WebError> {
    let mut conn = web.db.read().await?;
    let (after, now) = (from.after.max(0), web.clock.now());
    Ok(Json(view::thread(&mut conn, &guest, after, now).await?))
}
