//! `/api/v1/api-keys`: machines' ways in. A key's text is shown once, when it is made, and kept as a hash.

use crate::domain::ids::{ApiKeyId, PropertyId};
use crate::domain::people::{Reach, Role, Scope};
use crate::store::audit;
use crate::store::people::{self, ApiKey, IssuedKey};
use crate::web::extract::{Json, Path, Query};
use crate::web::paging::{Page, Paging};
use crate::web::{Caller, Web, WebError};
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(change))
}

/// An API key without its text.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct KeyView {
    pub id: ApiKeyId,
    /// Absent: every property.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub property: Option<PropertyId>,
    pub name: String,
    pub scope: Scope,
    pub disabled: bool,
    pub created_at: DateTime<Utc>,
}

impl From<ApiKey> for KeyView {
    fn from(key: ApiKey) -> Self {
        Self {
            id: key.id,
            property: key.reach.property(),
            name: key.name,
            scope: key.scope,
            disabled: key.disabled_at.is_some(),
            created_at: key.created_at,
        }
    }
}

/// A key that was just made.
#[derive(Serialize, utoipa::ToSchema)]
pub struct NewKeyView {
    #[serde(flatten)]
    pub view: KeyView,
    /// What the machine sends as `Authorization: Bearer …`; shown this once.
    pub key: String,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Id or slug: one property's keys; needed by those who work at several.
    property: Option<String>,
}

/// API keys, oldest first; takes an admin.
#[utoipa::path(get, path = "/api-keys", tag = "people", params(Which, Paging), responses((status = 200, body = Page<KeyView>)))]
async fn list(
    State(web): State<Web>,
    caller: Caller,
    Query(which): Query<Which>,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<KeyView>>, WebError> {
    let mut conn = web.db.read().await?;
    let reach = caller.reach(&mut conn, which.property.as_deref(), Role::Admin).await?;
    let limit = paging.limit()?;
    let rows = people::list_keys(&mut conn, reach, paging.after()?, limit + 1).await?;
    Ok(Json(Page::new(rows, limit, |key| key.id, KeyView::from)))
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewKey {
    pub name: String,
    pub scope: Scope,
    /// Id or slug; absent: every property, which takes an admin of all.
    pub property: Option<String>,
}

/// Makes a key.
#[utoipa::path(post, path = "/api-keys", tag = "people", request_body = NewKey, responses((status = 201, body = NewKeyView)))]
async fn create(
    State(web): State<Web>,
    caller: Caller,
    Json(new): Json<NewKey>,
) -> Result<(StatusCode, Json<NewKeyView>), WebError> {
    Ok((StatusCode::CREATED, Json(add(&web, &caller, new).await?)))
}

/// The key behind the route, for the console too.
pub async fn add(web: &Web, caller: &Caller, new: NewKey) -> Result<NewKeyView, WebError> {
    let reach = caller.place(&mut web.db.read().await?, new.property.as_deref(), Role::Admin).await?;
    let name = super::name(&new.name)?;
    let IssuedKey { key, text, hash } = IssuedKey::new(&web.clock, name, new.scope, reach);
    let mut entry = caller.did("api_key.created", key.id, reach.property());
    entry.after = Some(json!({"name": key.name, "scope": key.scope}));
    let (clock, row) = (web.clock.clone(), key.clone());
    web.db
        .write::<_, WebError, _>(move |tx| {
            Box::pin(async move {
                people::insert_key(tx, &row, &hash).await?;
                audit::record(tx, &clock, entry).await?;
                Ok(())
            })
        })
        .await?;
    Ok(NewKeyView { view: KeyView::from(key), key: text.expose_secret().to_owned() })
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyChange {
    pub name: Option<String>,
    /// `true` ends its use at once.
    pub disabled: Option<bool>,
}

/// Renames a key, switches it off or on.
#[utoipa::path(patch, path = "/api-keys/{id}", tag = "people", params(("id" = ApiKeyId, Path)), request_body = KeyChange,
    responses((status = 200, body = KeyView)))]
async fn change(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<ApiKeyId>,
    Json(change): Json<KeyChange>,
) -> Result<Json<KeyView>, WebError> {
    Ok(Json(update(&web, &caller, id, change).await?))
}

/// The change behind the route, for the console too.
pub async fn update(
    web: &Web,
    caller: &Caller,
    id: ApiKeyId,
    change: KeyChange,
) -> Result<KeyView, WebError> {
    let caller = caller.clone();
    let name = change.name.as_deref().map(super::name).transpose()?;
    let (clock, now) = (web.clock.clone(), web.clock.now());
    let key = web
        .db
        .write::<_, WebError, _>(move |tx| {
            Box::pin(async move {
                let before = people::find_key(tx, id).await?.ok_or(WebError::NotFound)?;
                check_reach(&caller, &before)?;
                let mut after = before.clone();
                if let Some(name) = name {
                    people::set_key_name(tx, id, &name).await?;
                    after.name = name;
                }
                if let Some(disabled) = change.disabled {
                    after.disabled_at = disabled.then(|| before.disabled_at.unwrap_or(now));
                    people::set_key_disabled(tx, id, after.disabled_at).await?;
                }
                let (was, is) = (KeyView::from(before), KeyView::from(after.clone()));
                let mut entry = caller.did("api_key.changed", id, is.property);
                entry.before = Some(json!({"name": was.name, "disabled": was.disabled}));
                entry.after = Some(json!({"name": is.name, "disabled": is.disabled}));
                audit::record(tx, &clock, entry).await?;
                Ok(after)
            })
        })
        .await?;
    Ok(KeyView::from(key))
}

/// A key of all properties is nothing that an admin of one knows of.
fn check_reach(caller: &Caller, key: &ApiKey) -> Result<(), WebError> {
    match key.reach {
        Reach::Property(property) => caller.may(property, Role::Admin),
        Reach::Everywhere if caller.grants.everywhere.is_none() => Err(WebError::NotFound),
        Reach::Everywhere => caller.may_in(Reach::Everywhere, Role::Admin),
    }
}
