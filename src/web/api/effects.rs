//! `/api/v1/effects`: what was done for a guest in the hotel's systems and ended in doubt, settled by hand.

use super::acts::at_desk;
use crate::conversation::desk::Desk;
use crate::domain::ids::EffectId;
use crate::store::effects;
use crate::web::desk::EffectView;
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
/// where its end is known to be another, and `being_asked`, with the time `until`, while the hotel's system is still asked.
#[utoipa::path(post, path = "/effects/{id}/settle", tag = "effects", params(("id" = EffectId, Path)),
    request_body = Settle, responses((status = 200, body = EffectView)))]
async fn settle(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<EffectId>,
    Json(body): Json<Settle>,
) -> Result<Json<EffectView>, WebError> {
    let found = effects::find(&mut web.db.read().await?, id).await?.ok_or(WebError::NotFound)?;
    let settle = async |desk: Desk, me| desk.settle_effect(me, id, body.was_done).await;
    let settled = at_desk(&web, &caller, found.conversation_id, settle).await?;
    Ok(Json(EffectView::new(settled, web.clock.now())))
}
