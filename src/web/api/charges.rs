//! `/api/v1/charges`: what guests were charged through Bellhop, and taking it back.

use crate::domain::ids::{ChargeId, EffectId, StayId};
use crate::domain::people::Role;
use crate::store::{Conn, effects, stays};
use crate::web::desk::{self, ChargeView};
use crate::web::extract::{Json, Path, Query};
use crate::web::{Caller, Web, WebError};
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(one)).routes(routes!(void))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Which {
    stay: StayId,
}

/// A stay's charges.
#[derive(Serialize, utoipa::ToSchema)]
struct ChargesView {
    /// Oldest first.
    items: Vec<ChargeView>,
}

/// The charges of a stay, with those that were only offered, failed or voided.
#[utoipa::path(get, path = "/charges", tag = "charges", params(Which), responses((status = 200, body = ChargesView)))]
async fn list(
    State(web): State<Web>,
    caller: Caller,
    Query(which): Query<Which>,
) -> Result<Json<ChargesView>, WebError> {
    let mut conn = web.db.read().await?;
    let stay = stays::find(&mut conn, which.stay).await?.ok_or(WebError::NotFound)?;
    caller.may(stay.property_id, Role::Agent)?;
    let charges = effects::list_charges(&mut conn, stay.id).await?;
    Ok(Json(ChargesView { items: charges.into_iter().filter_map(ChargeView::of).collect() }))
}

async fn find(conn: &mut Conn, caller: &Caller, id: ChargeId) -> Result<ChargeView, WebError> {
    let effect = effects::find(conn, EffectId::from(id)).await?;
    let charge = effect.and_then(ChargeView::of).ok_or(WebError::NotFound)?;
    caller.may(charge.property, Role::Agent)?;
    Ok(charge)
}

/// One charge.
#[utoipa::path(get, path = "/charges/{id}", tag = "charges", params(("id" = ChargeId, Path)), responses((status = 200, body = ChargeView)))]
async fn one(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<ChargeId>,
) -> Result<Json<ChargeView>, WebError> {
    Ok(Json(find(&mut web.db.read().await?, &caller, id).await?))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Void {
    /// Kept in the audit; the guest is not told it.
    reason: String,
}

/// Takes a charge off the bill and tells the guest; the same again changes nothing. 409 `not_voidable` unless it was
/// posted.
#[utoipa::path(post, path = "/charges/{id}/void", tag = "charges", params(("id" = ChargeId, Path)), request_body = Void,
    responses((status = 200, body = ChargeView)))]
async fn void(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<ChargeId>,
    Json(body): Json<Void>,
) -> Result<Json<ChargeView>, WebError> {
    let charge = find(&mut web.db.read().await?, &caller, id).await?;
    let reason = desk::text(&body.reason)?;
    let pms = desk::pms(&web, charge.property).await?;
    let done = desk::desk(&web).void_charge(caller.staff(), id.into(), reason, pms.as_ref()).await;
    match done {
        Ok(effect) => ChargeView::of(effect).map(Json).ok_or(WebError::NotFound),
        Err(error) => Err(desk::refusal(&web, error).await),
    }
}
