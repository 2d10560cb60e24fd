//! `/api/v1/effects`: what was done for a guest in the hotel's systems and ended in doubt, settled by hand.

use crate::domain::ids::EffectId;
use crate::domain::people::Role;
use crate::store::effects;
use crate::web::desk::{self, EffectView};
use crate::web::extract::{Json, Path};
use crate::web::{Caller, Web, WebError};
use axum::extract::State;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(settle))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Settle {
    /// What staff have found in the hotel's system: it was done, or it was not.
    was_done: bool,
}

/// Settles an effect that is in doubt, and tells the guest; saying the same again changes nothing. 409 `not_in_doubt`
/// where its end is known to be another.
#[utoipa::path(post, path = "/effects/{id}/settle", tag = "effects", params(("id" = EffectId, Path)),
    request_body = Settle, responses((status = 200, body = EffectView)))]
async fn settle(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<EffectId>,
    Json(body): Json<Settle>,
) -> Result<Json<EffectView>, WebError> {
    let found = effects::find(&mut web.db.read().await?, id).await?.ok_or(WebError::NotFound)?;
    caller.may(found.property_id, Role::Agent)?;
    match desk::desk(&web).settle_effect(caller.staff(), id, body.was_done).await {
        Ok(effect) => Ok(Json(effect.into())),
        Err(error) => Err(desk::refusal(&web, error).await),
    }
}
