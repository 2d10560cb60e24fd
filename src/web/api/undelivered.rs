//! `/api/v1/undelivered`: what did not get through to guests or on-call numbers, for staff to send again or let be.

use crate::domain::ids::{ConversationId, MessageId, OutboxId};
use crate::domain::message::{SendState, Voice};
use crate::domain::people::Role;
use crate::store::outbox::{self, OutboxRow};
use crate::store::undelivered::{self, Undelivered};
use crate::web::desk;
use crate::web::extract::{Json, Path, Query};
use crate::web::paging::{Page, Paging};
use crate::web::{Caller, Web, WebError};
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(retry)).routes(routes!(let_be))
}

/// A message that did not get through, or of which nobody knows whether it did.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct UndeliveredView {
    pub id: OutboxId,
    /// Absent: an alert to one of the hotel's own numbers.
    pub conversation: Option<ConversationId>,
    pub message: Option<MessageId>,
    pub guest_name: Option<String>,
    pub channel: String,
    /// Where it should have gone.
    pub address: String,
    /// Who spoke: `bot`, `staff`, `emergency`, or `alert` to staff themselves.
    pub voice: Voice,
    pub text: String,
    /// `failed`, or `unknown`: it may have arrived.
    pub state: SendState,
    /// In words.
    pub why: String,
    pub tries: i64,
    pub created_at: DateTime<Utc>,
}

impl From<Undelivered> for UndeliveredView {
    fn from(lost: Undelivered) -> Self {
        let text = lost.payload.text().to_owned();
        Self {
            id: lost.id,
            conversation: lost.conversation,
            message: lost.message,
            guest_name: lost.guest_name,
            channel: lost.channel,
            address: lost.address,
            voice: lost.voice,
            text,
            state: lost.state,
            why: lost.why.unwrap_or_else(|| "No reason was given.".to_owned()),
            tries: lost.tries,
            created_at: lost.created_at,
        }
    }
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Id or slug; needed by those who work at several properties.
    property: Option<String>,
}

/// What waits for a person, oldest first. What the vendor is still being asked about is not in the list yet.
#[utoipa::path(get, path = "/undelivered", tag = "undelivered", params(Which, Paging), responses((status = 200, body = Page<UndeliveredView>)))]
async fn list(
    State(web): State<Web>,
    caller: Caller,
    Query(which): Query<Which>,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<UndeliveredView>>, WebError> {
    let limit = paging.limit()?;
    let after: (DateTime<Utc>, Uuid) = paging.after()?.unwrap_or((DateTime::UNIX_EPOCH, Uuid::nil()));
    let mut conn = web.db.read().await?;
    let hotel = desk::one_hotel(&mut conn, &caller, which.property.as_deref()).await?;
    let rows = undelivered::list(&mut conn, hotel.id, after, limit + 1).await?;
    Ok(Json(Page::new(rows, limit, |row| (row.created_at, row.id.0), UndeliveredView::from)))
}

async fn see(web: &Web, caller: &Caller, id: OutboxId) -> Result<OutboxRow, WebError> {
    let row = outbox::find(&mut web.db.read().await?, id).await?.ok_or(WebError::NotFound)?;
    caller.may(row.property_id, Role::Agent)?;
    Ok(row)
}

/// Sends it once more; 409 `not_failed` or `dealt_with` when somebody has done so before, so that two clicks send once.
#[utoipa::path(post, path = "/undelivered/{id}/retry", tag = "undelivered", params(("id" = OutboxId, Path)), responses((status = 204)))]
async fn retry(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<OutboxId>,
) -> Result<StatusCode, WebError> {
    let row = see(&web, &caller, id).await?;
    let desk = desk::desk(&web);
    let done = match (row.conversation_id, row.message_id) {
        (Some(conversation), Some(message)) => {
            desk.retry(caller.staff(), conversation, message).await.map(drop)
        }
        (_, _) => desk.retry_alert(caller.staff(), id).await,
    };
    match done {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(error) => Err(desk::refusal(&web, error).await),
    }
}

/// Takes it off the list without sending anything. Again changes nothing.
#[utoipa::path(post, path = "/undelivered/{id}/let-be", tag = "undelivered", params(("id" = OutboxId, Path)), responses((status = 204)))]
async fn let_be(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<OutboxId>,
) -> Result<StatusCode, WebError> {
    see(&web, &caller, id).await?;
    match desk::desk(&web).let_be(caller.staff(), id).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(error) => Err(desk::refusal(&web, error).await),
    }
}
