//! `/api/v1/requests`: what the hotel's people have to do for guests.

use crate::conversation::desk::NewRequest;
use crate::domain::ids::{ConversationId, RequestId, StayId};
use crate::domain::people::Role;
use crate::domain::request::{RequestKind, RequestState};
use crate::store::{Conn, requests, stays};
use crate::web::desk::{self, RequestView};
use crate::web::extract::{Json, Path, Query};
use crate::web::paging::{Page, Paging};
use crate::web::{Caller, Web, WebError};
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// Longest word to the guest or among staff, in characters.
const MOST_WORD: usize = 500;

pub fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(one, change))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Id or slug; needed by those who work at several properties.
    property: Option<String>,
    /// `open` unless told: `done`, `cannot` or `cancelled`.
    state: Option<String>,
}

/// Requests in one state, oldest first.
#[utoipa::path(get, path = "/requests", tag = "requests", params(Which, Paging), responses((status = 200, body = Page<RequestView>)))]
async fn list(
    State(web): State<Web>,
    caller: Caller,
    Query(which): Query<Which>,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<RequestView>>, WebError> {
    let state = match which.state.as_deref().filter(|state| !state.is_empty()) {
        None => RequestState::Open,
        Some(state) => state.parse().map_err(|error| WebError::bad("bad_state", format!("{error}.")))?,
    };
    let limit = paging.limit()?;
    let after: (DateTime<Utc>, Uuid) = paging.after()?.unwrap_or((DateTime::UNIX_EPOCH, Uuid::nil()));
    let mut conn = web.db.read().await?;
    let hotel = desk::one_hotel(&mut conn, &caller, which.property.as_deref()).await?;
    let rows = requests::list(&mut conn, hotel.id, state, after, limit + 1).await?;
    Ok(Json(Page::new(rows, limit, |row| (row.created_at, row.id.0), RequestView::from)))
}

/// One request.
#[utoipa::path(get, path = "/requests/{id}", tag = "requests", params(("id" = RequestId, Path)), responses((status = 200, body = RequestView)))]
async fn one(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<RequestId>,
) -> Result<Json<RequestView>, WebError> {
    let request = requests::find(&mut web.db.read().await?, id).await?.ok_or(WebError::NotFound)?;
    caller.may(request.property_id, Role::Agent)?;
    Ok(Json(request.into()))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewBody {
    /// Id or slug; may be left out with a conversation, and by those who work at one property.
    property: Option<String>,
    /// The guest hears there when it is done.
    conversation: Option<ConversationId>,
    stay: Option<StayId>,
    kind: RequestKind,
    /// What is wanted, in a few words.
    item: String,
    #[serde(default = "single")]
    #[schema(default = 1)]
    quantity: u32,
    /// Absent: the stay's.
    room: Option<String>,
    /// Absent: the kind's own.
    department: Option<String>,
    note: Option<String>,
    due_at: Option<DateTime<Utc>>,
}

fn single() -> u32 {
    1
}

/// Writes a request down.
#[utoipa::path(post, path = "/requests", tag = "requests", request_body = NewBody, responses((status = 201, body = RequestView)))]
async fn create(
    State(web): State<Web>,
    caller: Caller,
    Json(body): Json<NewBody>,
) -> Result<(StatusCode, Json<RequestView>), WebError> {
    let mut conn = web.db.read().await?;
    let new = place(&mut conn, &caller, body).await?;
    drop(conn);
    match desk::desk(&web).open_request(caller.staff(), new).await {
        Ok(request) => Ok((StatusCode::CREATED, Json(request.into()))),
        Err(error) => Err(desk::refusal(&web, error).await),
    }
}

/// The request with everything in it belonging to one property of the caller's.
async fn place(conn: &mut Conn, caller: &Caller, body: NewBody) -> Result<NewRequest, WebError> {
    let conversation = match body.conversation {
        Some(id) => Some(desk::conversation(conn, caller, id).await?),
        None => None,
    };
    let property = match (&body.property, &conversation) {
        (None, Some(conversation)) => conversation.property_id,
        (named, _) => desk::one_hotel(conn, caller, named.as_deref()).await?.id,
    };
    if conversation.as_ref().is_some_and(|conversation| conversation.property_id != property) {
        return Err(WebError::NotFound);
    }
    let stay = body.stay.or(conversation.as_ref().and_then(|conversation| conversation.stay_id));
    let stay = match stay {
        Some(id) => {
            let stay = stays::find(conn, id).await?.filter(|stay| stay.property_id == property);
            Some(stay.ok_or(WebError::NotFound)?)
        }
        None => None,
    };
    if body.quantity == 0 {
        return Err(WebError::bad("bad_quantity", "quantity is 1 or more."));
    }
    Ok(NewRequest {
        property,
        conversation: body.conversation,
        room: short(body.room, "room")?.or_else(|| stay.as_ref().and_then(|stay| stay.room.clone())),
        stay: stay.map(|stay| stay.id),
        kind: body.kind,
        item: short(Some(body.item), "item")?
            .ok_or_else(|| WebError::bad("bad_item", "item says in a few words what is wanted."))?,
        quantity: body.quantity,
        department: short(body.department, "department")?,
        note: short(body.note, "note")?,
        due_at: body.due_at,
    })
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Change {
    /// `done`, `cannot` or `cancelled`.
    state: RequestState,
    /// With `cannot`: a word that the guest is told. Otherwise kept as a note.
    word: Option<String>,
}

/// Ends a request. Of done and cannot the guest is told; 409 `closed` if it ended otherwise before.
#[utoipa::path(patch, path = "/requests/{id}", tag = "requests", params(("id" = RequestId, Path)), request_body = Change,
    responses((status = 200, body = RequestView)))]
async fn change(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<RequestId>,
    Json(change): Json<Change>,
) -> Result<Json<RequestView>, WebError> {
    let request = requests::find(&mut web.db.read().await?, id).await?.ok_or(WebError::NotFound)?;
    caller.may(request.property_id, Role::Agent)?;
    if change.state == RequestState::Open {
        return Err(WebError::bad("bad_state", "state is done, cannot or cancelled."));
    }
    let word = short(change.word, "word")?;
    match desk::desk(&web).close_request(caller.staff(), id, change.state, word).await {
        Ok(request) => Ok(Json(request.into())),
        Err(error) => Err(desk::refusal(&web, error).await),
    }
}

/// A short text without what cannot be stored; empty is none.
fn short(text: Option<String>, field: &str) -> Result<Option<String>, WebError> {
    let Some(text) = text else { return Ok(None) };
    let text = crate::intake::clean(&text).trim().to_owned();
    match text.chars().count() {
        0 => Ok(None),
        length if length > MOST_WORD => {
            Err(WebError::bad("too_long", format!("{field} has at most {MOST_WORD} characters.")))
        }
        _ => Ok(Some(text)),
    }
}
