//! The page of open requests, by department, oldest first: for whoever does them, also on a phone in a corridor.

use super::list::place;
use crate::domain::hotel::Hotel;
use crate::domain::ids::{ConversationId, RequestId};
use crate::domain::request::{Request, RequestState};
use crate::store::{Conn, requests};
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

/// More open requests than anybody can look at; the oldest come first.
const MOST: i64 = 200;

#[derive(Debug, Deserialize)]
pub(super) struct Which {
    property: Option<String>,
    /// One department alone.
    department: Option<String>,
}

#[derive(Template)]
#[template(path = "inbox/requests.html")]
struct PageView {
    frame: Frame,
    board: Board,
}

#[derive(Template)]
#[template(path = "inbox/board.html")]
struct Board {
    property: String,
    is_all: bool,
    /// Every department with open requests.
    tabs: Vec<Tab>,
    departments: Vec<Department>,
    all: usize,
}

struct Tab {
    name: String,
    href: String,
    count: usize,
    here: bool,
}

struct Department {
    name: String,
    cards: Vec<Card>,
}

struct Card {
    id: RequestId,
    room: String,
    what: String,
    note: Option<String>,
    kind: String,
    conversation: Option<ConversationId>,
    at: When,
    due: Option<When>,
}

/// `GET /inbox/requests`
pub(super) async fn page(
    State(web): State<Web>,
    caller: Caller,
    Query(which): Query<Which>,
) -> Result<Html<String>, WebError> {
    let mut conn = web.db.read().await?;
    let (hotel, theirs) = place(&mut conn, &caller, which.property.as_deref()).await?;
    let board = load(&mut conn, &hotel, which.department, web.clock.now()).await?;
    render(&PageView { frame: Frame::new(&caller, &hotel, &theirs, "requests"), board })
}

/// `GET /inbox/requests/list`
pub(super) async fn fragment(
    State(web): State<Web>,
    caller: Caller,
    Query(which): Query<Which>,
) -> Result<Html<String>, WebError> {
    let mut conn = web.db.read().await?;
    let (hotel, _) = place(&mut conn, &caller, which.property.as_deref()).await?;
    render(&load(&mut conn, &hotel, which.department, web.clock.now()).await?)
}

async fn load(
    conn: &mut Conn,
    hotel: &Hotel,
    only: Option<String>,
    now: DateTime<Utc>,
) -> Result<Board, WebError> {
    let start = (DateTime::UNIX_EPOCH, Uuid::nil());
    let open = requests::list(conn, hotel.id, RequestState::Open, start, MOST).await?;
    let mut departments: Vec<Department> = Vec::new();
    let all = open.len();
    for request in open {
        let name = request.department.clone();
        let card = card(request, hotel, now);
        match departments.iter_mut().find(|department| department.name == name) {
            Some(department) => department.cards.push(card),
            None => departments.push(Department { name, cards: vec![card] }),
        }
    }
    departments.sort_by(|a, b| a.name.cmp(&b.name));
    let only = only.filter(|only| !only.is_empty());
    let tabs = departments.iter().map(|department| tab(department, hotel, only.as_deref())).collect();
    departments.retain(|department| only.as_ref().is_none_or(|only| *only == department.name));
    Ok(Board { property: hotel.slug.clone(), is_all: only.is_none(), tabs, departments, all })
}

fn tab(department: &Department, hotel: &Hotel, only: Option<&str>) -> Tab {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("property", &hotel.slug).append_pair("department", &department.name);
    Tab {
        href: format!("/inbox/requests?{}", query.finish()),
        count: department.cards.len(),
        here: only == Some(department.name.as_str()),
        name: department.name.clone(),
    }
}

fn card(request: Request, hotel: &Hotel, now: DateTime<Utc>) -> Card {
    let when = |at| When::new(at, now, hotel.zone);
    let count = if request.quantity > 1 { format!("{} × ", request.quantity) } else { String::new() };
    Card {
        id: request.id,
        room: request.room.unwrap_or_else(|| "—".to_owned()),
        what: format!("{count}{}", request.item),
        note: request.note,
        kind: request.kind.as_str().replace('_', " "),
        conversation: request.conversation_id,
        at: when(request.created_at),
        due: request.due_at.map(when),
    }
}
