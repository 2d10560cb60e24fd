//! The page of what did not get through, oldest first, each with its reason in words: sent again or let be by one click.

use super::channel_name;
use super::list::place;
use crate::domain::hotel::Hotel;
use crate::domain::ids::{ConversationId, OutboxId};
use crate::domain::message::SendState;
use crate::outbox::first_line;
use crate::store::Conn;
use crate::store::undelivered::{self, Undelivered};
use crate::web::error::page as render;
use crate::web::extract::Query;
use crate::web::staff::{Frame, When};
use crate::web::{Caller, Web, WebError};
use askama::Template;
use axum::extract::State;
use axum::response::Html;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

/// More than anybody can look at; the oldest come first.
const MOST: i64 = 200;

#[derive(Debug, Deserialize)]
pub(super) struct Which {
    property: Option<String>,
}

#[derive(Template)]
#[template(path = "inbox/undelivered.html")]
struct PageView {
    frame: Frame,
    board: Board,
}

#[derive(Template)]
#[template(path = "inbox/undelivered_board.html")]
struct Board {
    cards: Vec<Card>,
}

struct Card {
    id: OutboxId,
    /// Whom it was for.
    who: String,
    channel: String,
    line: String,
    /// It may have arrived: sending it again may send it twice.
    in_doubt: bool,
    why: String,
    conversation: Option<ConversationId>,
    at: When,
}

/// `GET /inbox/undelivered`
pub(super) async fn page(
    State(web): State<Web>,
    caller: Caller,
    Query(which): Query<Which>,
) -> Result<Html<String>, WebError> {
    let mut conn = web.db.read().await?;
    let (hotel, theirs) = place(&mut conn, &caller, which.property.as_deref()).await?;
    let board = load(&mut conn, &hotel, web.clock.now()).await?;
    render(&PageView { frame: Frame::new(&caller, &hotel, &theirs, "undelivered"), board })
}

/// `GET /inbox/undelivered/list`
pub(super) async fn fragment(
    State(web): State<Web>,
    caller: Caller,
    Query(which): Query<Which>,
) -> Result<Html<String>, WebError> {
    let mut conn = web.db.read().await?;
    let (hotel, _) = place(&mut conn, &caller, which.property.as_deref()).await?;
    render(&load(&mut conn, &hotel, web.clock.now()).await?)
}

async fn load(conn: &mut Conn, hotel: &Hotel, now: DateTime<Utc>) -> Result<Board, WebError> {
    let start = (DateTime::UNIX_EPOCH, Uuid::nil());
    let lost = undelivered::list(conn, hotel.id, start, MOST).await?;
    Ok(Board { cards: lost.into_iter().map(|lost| card(lost, hotel, now)).collect() })
}

fn card(lost: Undelivered, hotel: &Hotel, now: DateTime<Utc>) -> Card {
    let text = lost.payload.text();
    let who = match lost.conversation {
        None => format!("On call, {}", lost.address),
        Some(_) => lost.guest_name.filter(|name| !name.is_empty()).unwrap_or(lost.address),
    };
    Card {
        id: lost.id,
        who,
        channel: channel_name(&lost.channel).to_owned(),
        line: first_line(text),
        in_doubt: lost.state == SendState::Unknown,
        why: lost.why.unwrap_or_else(|| "No reason was given.".to_owned()),
        conversation: lost.conversation,
        at: When::new(lost.created_at, now, hotel.zone),
    }
}
