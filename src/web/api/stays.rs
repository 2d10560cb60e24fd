//! `/api/v1/properties/{p}/stays` and stay links: stays as Bellhop knows them, and tokens that prove one.

use crate::domain::ids::StayId;
use crate::domain::people::Role;
use crate::domain::stay::Stay;
use crate::secrets::{hash_token, random_token};
use crate::store::{audit, stay_tokens, stays};
use crate::web::desk::StayView;
use crate::web::extract::{Json, Path, Query};
use crate::web::paging::{Page, Paging};
use crate::web::{Caller, Web, WebError};
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// A link is good for this long unless told, and this long at most.
const USUAL_DAYS: u32 = 7;
const MOST_DAYS: u32 = 90;

pub fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(create_token, revoke_tokens))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Words of the guest's name, the room or the confirmation number.
    #[serde(default)]
    q: String,
}

/// Stays, latest arrival first.
#[utoipa::path(get, path = "/properties/{property}/stays", tag = "stays",
    params(("property" = String, Path, description = "id or slug"), Which, Paging), responses((status = 200, body = Page<StayView>)))]
async fn list(
    State(web): State<Web>,
    caller: Caller,
    Path(property): Path<String>,
    Query(which): Query<Which>,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<StayView>>, WebError> {
    let mut conn = web.db.read().await?;
    let hotel = caller.hotel(&mut conn, &property, Role::Agent).await?;
    let limit = paging.limit()?;
    let most = u32::try_from(limit + 1).unwrap_or(u32::MAX);
    let rows = stays::search(&mut conn, hotel.id, &which.q, paging.after()?, most).await?;
    Ok(Json(Page::new(rows, limit, |stay| (stay.arrives_on, stay.id), StayView::from)))
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct TokenBody {
    /// How long it is good for; 7 unless told.
    #[schema(minimum = 1, maximum = 90)]
    days: Option<u32>,
}

/// A link's secret part.
#[derive(Serialize, utoipa::ToSchema)]
struct TokenView {
    /// `stay_token` of a new chat session; shown this once.
    token: String,
    expires_at: DateTime<Utc>,
}

/// Makes a token that proves one stay, for a room or confirmation link.
#[utoipa::path(post, path = "/stays/{id}/tokens", tag = "stays", params(("id" = StayId, Path)), request_body = TokenBody,
    responses((status = 201, body = TokenView)))]
async fn create_token(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<StayId>,
    Json(body): Json<TokenBody>,
) -> Result<(StatusCode, Json<TokenView>), WebError> {
    let days = body.days.unwrap_or(USUAL_DAYS);
    if !(1..=MOST_DAYS).contains(&days) {
        return Err(WebError::bad("bad_days", format!("days lies between 1 and {MOST_DAYS}.")));
    }
    let stay = own_stay(&web, &caller, id).await?;
    let now = web.clock.now();
    let (token, expires_at) = (random_token(), now + TimeDelta::days(i64::from(days)));
    let hash = hash_token(token.expose_secret());
    let mut entry = caller.did("stay_token.created", id, Some(stay.property_id));
    entry.after = Some(json!({ "expires_at": expires_at }));
    let clock = web.clock.clone();
    web.db
        .write::<_, WebError, _>(move |tx| {
            Box::pin(async move {
                stay_tokens::insert(tx, &hash, id, expires_at, now).await?;
                Ok(audit::record(tx, &clock, entry).await?)
            })
        })
        .await?;
    let view = TokenView { token: token.expose_secret().to_owned(), expires_at };
    Ok((StatusCode::CREATED, Json(view)))
}

/// How many tokens had still been good.
#[derive(Serialize, utoipa::ToSchema)]
struct RevokedView {
    revoked: u64,
}

/// Ends every token of the stay.
#[utoipa::path(delete, path = "/stays/{id}/tokens", tag = "stays", params(("id" = StayId, Path)),
    responses((status = 200, body = RevokedView)))]
async fn revoke_tokens(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<StayId>,
) -> Result<Json<RevokedView>, WebError> {
    let stay = own_stay(&web, &caller, id).await?;
    let clock = web.clock.clone();
    let revoked = web
        .db
        .write::<_, WebError, _>(move |tx| {
            Box::pin(async move {
                let revoked = stay_tokens::revoke_all(tx, id, clock.now()).await?;
                let mut entry = caller.did("stay_token.revoked", id, Some(stay.property_id));
                entry.after = Some(json!({ "revoked": revoked }));
                audit::record(tx, &clock, entry).await?;
                Ok(revoked)
            })
        })
        .await?;
    Ok(Json(RevokedView { revoked }))
}

async fn own_stay(web: &Web, caller: &Caller, id: StayId) -> Result<Stay, WebError> {
    let stay = stays::find(&mut web.db.read().await?, id).await?.ok_or(WebError::NotFound)?;
    caller.may(stay.property_id, Role::Agent)?;
    Ok(stay)
}
