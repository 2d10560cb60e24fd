//! The left pane: tabs, search, and rows sorted by harm and wait.

use super::{called, channel_name};
use crate::domain::conversation::Status;
use crate::domain::escalation::Priority;
use crate::domain::hotel::Hotel;
use crate::domain::ids::{ConversationId, UserId};
use crate::store::Conn;
use crate::store::inbox::{self, Counts, Filter, InboxRow, MOST_COUNTED};
use crate::web::desk::{self, ConversationView};
use crate::web::error::page as render;
use crate::web::extract::Query;
use crate::web::paging::{Page, Paging};
use crate::web::staff::{Frame, When};
use crate::web::{Caller, Web, WebError, console};
use askama::Template;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;

/// Rows of one page of the list.
const ROWS: i64 = 40;

text_enum! {
    /// The tabs of the list.
    #[derive(Default)]
    pub enum Tab {
        #[default]
        Needs = "needs",
        Mine = "mine",
        Bot = "bot",
        Resolved = "resolved",
        All = "all",
    }
}

impl Tab {
    fn label(self) -> &'static str {
        match self {
            Tab::Needs => "Needs you",
            Tab::Mine => "Mine",
            Tab::Bot => "With the bot",
            Tab::Resolved => "Resolved",
            Tab::All => "All",
        }
    }

    /// What the pane says when the tab is empty.
    fn nothing(self) -> &'static str {
        match self {
            Tab::Needs => {
                "Nobody waits. Guests who ask for a person, or whom a rule or the bot hands over, appear here."
            }
            Tab::Mine => "You hold no conversation. Take one over and it stays here until you hand it back.",
            Tab::Bot => "The bot talks to nobody right now.",
            Tab::Resolved => {
                "Nothing is resolved yet. A guest who writes again opens the conversation again."
            }
            Tab::All => "No guest has written yet. Conversations from every channel appear here.",
        }
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Which {
    pub property: Option<String>,
    #[serde(default)]
    tab: Option<String>,
    #[serde(default)]
    q: Option<String>,
    /// The conversation that is open beside the list.
    #[serde(default)]
    open: Option<String>,
    #[serde(default)]
    cursor: Option<String>,
}

impl Which {
    /// The same list with a conversation open beside it.
    pub(super) fn opening(self, id: ConversationId) -> Self {
        Self { open: Some(id.to_string()), ..self }
    }
}

/// The list as it is drawn.
#[derive(Template)]
#[template(path = "inbox/list.html")]
pub(super) struct ListView {
    property: String,
    tabs: Vec<TabView>,
    tab: &'static str,
    q: String,
    rows: Vec<RowView>,
    next_cursor: Option<String>,
    /// A further page: rows alone.
    is_more: bool,
    nothing: String,
}

struct TabView {
    slug: &'static str,
    label: &'static str,
    count: Option<String>,
    here: bool,
    needs: bool,
}

struct RowView {
    id: ConversationId,
    open: bool,
    name: String,
    room: Option<String>,
    channel: String,
    icon: String,
    line: String,
    reason: Option<String>,
    mood: Option<String>,
    urgency: &'static str,
    waiting: Option<When>,
    at: When,
    holder: Option<String>,
    by_bot: bool,
    resolved: bool,
    unread: bool,
}

#[derive(Template)]
#[template(path = "inbox/page.html")]
pub(super) struct PageView {
    pub frame: Frame,
    pub list: ListView,
    /// The stage: a conversation, drawn, or nothing.
    pub stage: Option<String>,
}

/// `GET /inbox`
pub(super) async fn page(
    State(web): State<Web>,
    caller: Caller,
    Query(which): Query<Which>,
) -> Result<Response, WebError> {
    let mut conn = web.db.read().await?;
    let (hotel, theirs) = match place(&mut conn, &caller, which.property.as_deref()).await {
        Ok(found) => found,
        Err(error) => return console::first(&mut conn, &caller).await?.ok_or(error),
    };
    let list = load(&mut conn, &caller, &hotel, &which, web.clock.now()).await?;
    let frame = Frame::new(&caller, &hotel, &theirs, "inbox");
    Ok(render(&PageView { frame, list, stage: None })?.into_response())
}

/// `GET /inbox/list`
pub(super) async fn fragment(
    State(web): State<Web>,
    caller: Caller,
    Query(which): Query<Which>,
) -> Result<Html<String>, WebError> {
    let mut conn = web.db.read().await?;
    let (hotel, _) = place(&mut conn, &caller, which.property.as_deref()).await?;
    render(&load(&mut conn, &caller, &hotel, &which, web.clock.now()).await?)
}

/// The hotel that a page is about, the first of several where the address names none, and all that the caller has.
pub(super) async fn place(
    conn: &mut Conn,
    caller: &Caller,
    named: Option<&str>,
) -> Result<(Hotel, Vec<Hotel>), WebError> {
    let theirs = desk::hotels_of(conn, caller).await?;
    let hotel = match (named.filter(|named| !named.is_empty()), theirs.first()) {
        (None, Some(first)) => first.clone(),
        (named, _) => desk::one_hotel(conn, caller, named).await?,
    };
    Ok((hotel, theirs))
}

pub(super) async fn load(
    conn: &mut Conn,
    caller: &Caller,
    hotel: &Hotel,
    which: &Which,
    now: DateTime<Utc>,
) -> Result<ListView, WebError> {
    let tab = which.tab.as_deref().and_then(|tab| tab.parse().ok()).unwrap_or_default();
    let q = desk::search(which.q.as_deref())?.unwrap_or_default();
    let me = caller.staff_id();
    let open = which.open.as_deref().and_then(|id| id.parse().ok());
    let paging = Paging { cursor: which.cursor.clone(), limit: None };
    let page = rows(conn, hotel, tab, &q, me, &paging).await?;
    let counts = inbox::counts(conn, hotel.id, me).await?;
    let nothing = if q.is_empty() {
        tab.nothing().to_owned()
    } else {
        format!("Nothing is found for “{q}”. Search by name, room, confirmation or number.")
    };
    Ok(ListView {
        property: hotel.slug.clone(),
        tabs: Tab::ALL.iter().map(|other| tab_view(*other, tab, q.is_empty(), counts)).collect(),
        tab: tab.as_str(),
        rows: page.items.into_iter().map(|row| RowView::new(row, hotel, me, open, now)).collect(),
        next_cursor: page.next_cursor,
        is_more: which.cursor.is_some(),
        nothing,
        q,
    })
}

/// A page of rows; a search looks in all tabs at once.
async fn rows(
    conn: &mut Conn,
    hotel: &Hotel,
    tab: Tab,
    q: &str,
    me: UserId,
    paging: &Paging,
) -> Result<Page<InboxRow>, WebError> {
    let filter = match tab {
        _ if !q.is_empty() => Filter { q: Some(q.to_owned()), ..Filter::default() },
        Tab::Needs => {
            let rows = inbox::list_needing(conn, hotel.id, paging.after()?, ROWS + 1).await?;
            let key = |row: &InboxRow| {
                (row.priority.map_or(0, Priority::rank), row.waiting_since.unwrap_or(row.active_at), row.id)
            };
            return Ok(Page::new(rows, ROWS, key, |row| row));
        }
        Tab::Mine => Filter { holder: Some(me), ..Filter::default() },
        Tab::Bot => Filter { status: Some(Status::Bot), ..Filter::default() },
        Tab::Resolved => Filter { status: Some(Status::Resolved), ..Filter::default() },
        Tab::All => Filter::default(),
    };
    let rows = inbox::list(conn, hotel.id, &filter, paging.after()?, ROWS + 1).await?;
    Ok(Page::new(rows, ROWS, |row| (row.active_at, row.id), |row| row))
}

fn tab_view(tab: Tab, here: Tab, listed: bool, counts: Counts) -> TabView {
    let count = match tab {
        Tab::Needs => Some(counts.needing),
        Tab::Mine => Some(counts.mine),
        Tab::Bot | Tab::Resolved | Tab::All => None,
    };
    let count = count.filter(|count| *count > 0).map(capped);
    TabView {
        slug: tab.as_str(),
        label: tab.label(),
        count,
        here: listed && tab == here,
        needs: tab == Tab::Needs,
    }
}

/// A number as a badge shows it.
pub(super) fn capped(count: i64) -> String {
    if count > MOST_COUNTED { format!("{MOST_COUNTED}+") } else { count.to_string() }
}

impl RowView {
    fn new(
        row: InboxRow,
        hotel: &Hotel,
        me: UserId,
        open: Option<ConversationId>,
        now: DateTime<Utc>,
    ) -> Self {
        let view = ConversationView::from(row);
        let when = |at| When::new(at, now, hotel.zone);
        let urgency = match (view.waiting_since, view.priority) {
            (Some(_), Some(Priority::Emergency)) => "emergency",
            (Some(_), Some(Priority::High)) => "high",
            (Some(_), Some(Priority::Normal) | None) => "waiting",
            (None, _) => "calm",
        };
        let is_mine = view.holder.as_ref().is_some_and(|holder| holder.id == me);
        Self {
            id: view.id,
            open: open == Some(view.id),
            name: called(&view),
            room: view.room,
            channel: channel_name(&view.channel).to_owned(),
            icon: view.channel,
            line: view.last_line,
            reason: view.reason.filter(|_| matches!(view.status, Status::Waiting | Status::Staff)),
            mood: view
                .mood
                .filter(|mood| *mood <= -0.3)
                .map(|mood| format!("mood {mood:.1}").replace('-', "−")),
            urgency,
            waiting: view.waiting_since.map(when),
            at: when(view.active_at),
            holder: view.holder.map(|holder| if is_mine { "You".to_owned() } else { holder.name }),
            by_bot: view.status == Status::Bot,
            resolved: view.status == Status::Resolved,
            unread: view.unread,
        }
    }
}
