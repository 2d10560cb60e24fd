//! `/api/v1/guests`: who wrote, on which channels, in which conversations.

use crate::domain::ids::GuestId;
use crate::domain::people::Role;
use crate::web::desk::{self, GuestView};
use crate::web::extract::{Json, Path};
use crate::web::{Caller, Web, WebError};
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(one))
}

/// A guest's profile.
#[utoipa::path(get, path = "/guests/{id}", tag = "guests", params(("id" = GuestId, Path)), responses((status = 200, body = GuestView)))]
async fn one(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<GuestId>,
) -> Result<Json<GuestView>, WebError> {
    let guest = desk::guest(&mut web.db.read().await?, id).await?;
    caller.may(guest.property, Role::Agent)?;
    Ok(Json(guest))
}
