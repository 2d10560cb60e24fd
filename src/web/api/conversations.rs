//! `/api/v1/conversations`, the reading half: lists, one, its messages, its flight record. It changes nothing.

use crate::domain::conversation::Status;
use crate::domain::ids::{ConversationId, UserId};
use crate::store::decisions::{self, Decision};
use crate::store::inbox::{self, Filter};
use crate::web::desk::{self, ConversationDetail, ConversationView, MessageView};
use crate::web::extract::{Json, Path, Query};
use crate::web::paging::{Page, Paging};
use crate::web::{Caller, Web, WebError};
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Most entries of one flight record.
const ENTRIES: i64 = 1_000;

pub fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(one))
        .routes(routes!(messages))
        .routes(routes!(timeline))
}

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Id or slug; needed by those who work at several properties.
    property: Option<String>,
    /// `bot`, `waiting`, `staff` or `resolved`.
    status: Option<String>,
    /// The id of who holds it, or `me`.
    assignee: Option<String>,
    /// Words of the guest's name, room, confirmation number or address; 200 characters at most.
    q: Option<String>,
}

impl Which {
    fn filter(&self, caller: &Caller) -> Result<Filter, WebError> {
        let status = self.status.as_deref().filter(|status| !status.is_empty());
        let status: Option<Status> = status
            .map(|status| status.parse().map_err(|error| WebError::bad("bad_status", format!("{error}."))))
            .transpose()?;
        let holder: Option<UserId> = match self.assignee.as_deref().filter(|id| !id.is_empty()) {
            None => None,
            Some("me") => Some(caller.staff_id()),
            Some(id) => {
                let bad = |_| WebError::bad("bad_assignee", "assignee is a user's id, or me.");
                Some(id.parse().map_err(bad)?)
            }
        };
        Ok(Filter { status, holder, q: desk::search(self.q.as_deref())? })
    }
}

/// Conversations, newest activity first.
#[utoipa::path(get, path = "/conversations", tag = "conversations", params(Which, Paging),
    responses((status = 200, body = Page<ConversationView>)))]
async fn list(
    State(web): State<Web>,
    caller: Caller,
    Query(which): Query<Which>,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<ConversationView>>, WebError> {
    let filter = which.filter(&caller)?;
    let limit = paging.limit()?;
    let mut conn = web.db.read().await?;
    let hotel = desk::one_hotel(&mut conn, &caller, which.property.as_deref()).await?;
    let rows = inbox::list(&mut conn, hotel.id, &filter, paging.after()?, limit + 1).await?;
    Ok(Json(Page::new(rows, limit, |row| (row.active_at, row.id), ConversationView::from)))
}

/// One conversation with what belongs to it, without its messages.
#[utoipa::path(get, path = "/conversations/{id}", tag = "conversations", params(("id" = ConversationId, Path)),
    responses((status = 200, body = ConversationDetail)))]
async fn one(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<ConversationId>,
) -> Result<Json<ConversationDetail>, WebError> {
    let mut conn = web.db.read().await?;
    let row = desk::conversation(&mut conn, &caller, id).await?;
    Ok(Json(desk::detail(&mut conn, row, web.clock.now()).await?))
}

/// Messages of a conversation.
#[derive(Serialize, utoipa::ToSchema)]
struct MessagesView {
    status: Status,
    /// Oldest first.
    items: Vec<MessageView>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct After {
    /// Those with a higher `seq`; absent: the latest.
    after: Option<i64>,
}

/// Messages after a number, notes among staff included; 200 at most.
#[utoipa::path(get, path = "/conversations/{id}/messages", tag = "conversations", params(("id" = ConversationId, Path), After, Paging),
    responses((status = 200, body = MessagesView)))]
async fn messages(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Query(after): Query<After>,
    Query(paging): Query<Paging>,
) -> Result<Json<MessagesView>, WebError> {
    let limit = match paging.limit {
        Some(_) => paging.limit()?,
        None => 200,
    };
    let mut conn = web.db.read().await?;
    let row = desk::conversation(&mut conn, &caller, id).await?;
    let items = desk::messages(&mut conn, id, after.after, limit).await?;
    Ok(Json(MessagesView { status: row.status, items }))
}

/// The flight record.
#[derive(Serialize, utoipa::ToSchema)]
struct TimelineView {
    /// Oldest first, 1000 at most.
    items: Vec<Decision>,
}

/// Every decision about a conversation, with its evidence and the versions that it rests on.
#[utoipa::path(get, path = "/conversations/{id}/timeline", tag = "conversations", params(("id" = ConversationId, Path)),
    responses((status = 200, body = TimelineView)))]
async fn timeline(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<ConversationId>,
) -> Result<Json<TimelineView>, WebError> {
    let mut conn = web.db.read().await?;
    desk::conversation(&mut conn, &caller, id).await?;
    Ok(Json(TimelineView { items: decisions::list(&mut conn, id, ENTRIES).await? }))
}
