//! `/api/v1/properties/{p}/integrations`: accounts of outside systems. Secrets go in and never come out.

use super::{merge, sentences};
use crate::domain::hotel::Hotel;
use crate::domain::ids::IntegrationId;
use crate::domain::integration::Integration;
use crate::domain::people::Role;
use crate::secrets::Secrets;
use crate::store::{Conn, DbError, audit, integrations};
use crate::web::extract::{Json, Path, Query};
use crate::web::kinds::Step;
use crate::web::paging::{Page, Paging};
use crate::web::{Caller, Web, WebError};
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(change, remove))
        .routes(routes!(test_one))
}

/// One account.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct IntegrationView {
    pub id: IntegrationId,
    /// `area.vendor`
    pub kind: String,
    pub name: String,
    #[schema(value_type = Object)]
    pub config: Map<String, Value>,
    /// Names of the secrets that are set; what they hold is never shown.
    pub secrets: Vec<String>,
    pub enabled: bool,
    /// What the vendor has to call, where it calls us; with what makes it repeat what we could not store.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_ok_at: Option<DateTime<Utc>>,
    /// In words; absent: the last call went well, or there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
    pub created_at: DateTime<Utc>,
}

/// The outcome of a test.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct TestView {
    pub ok: bool,
    /// In the order they were tried; the first that fails is the last.
    pub steps: Vec<Step>,
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewIntegration {
    pub kind: String,
    /// The kind unless told; unique among those of its kind.
    pub name: Option<String>,
    #[serde(default)]
    #[schema(value_type = Object)]
    pub config: Map<String, Value>,
    #[serde(default)]
    #[schema(value_type = Object)]
    pub secrets: BTreeMap<String, SecretString>,
    #[serde(default = "yes")]
    pub enabled: bool,
}

fn yes() -> bool {
    true
}

/// What is left out stays as it is.
#[derive(Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IntegrationChange {
    pub name: Option<String>,
    /// Laid over the settings, key by key; `null` takes a key away.
    #[schema(value_type = Option<Object>)]
    pub config: Option<Map<String, Value>>,
    /// Replaces the named ones; `null` takes one away.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub secrets: BTreeMap<String, Option<SecretString>>,
    pub enabled: Option<bool>,
}

/// The hotel's accounts, oldest first; takes a manager.
#[utoipa::path(get, path = "/properties/{property}/integrations", tag = "integrations",
    params(("property" = String, Path, description = "id or slug"), Paging), responses((status = 200, body = Page<IntegrationView>)))]
async fn list(
    State(web): State<Web>,
    caller: Caller,
    Path(property): Path<String>,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<IntegrationView>>, WebError> {
    let hotel = caller.hotel(&mut web.db.read().await?, &property, Role::Manager).await?;
    let rows = views(&web, &hotel).await?;
    Ok(Json(super::page_of(rows, &paging, |view| view.id, |view| view)?))
}

pub async fn views(web: &Web, hotel: &Hotel) -> Result<Vec<IntegrationView>, WebError> {
    let mut conn = web.db.read().await?;
    let mut views = Vec::new();
    for integration in integrations::list(&mut conn, hotel.id).await? {
        let opened = open_secrets(web, &mut conn, &integration).await;
        views.push(view(web, hotel, integration, opened)?);
    }
    Ok(views)
}

fn view(
    web: &Web,
    hotel: &Hotel,
    integration: Integration,
    secrets: Result<Secrets, WebError>,
) -> Result<IntegrationView, WebError> {
    let (secrets, sealed) = match secrets {
        Ok(secrets) => (secrets, None),
        Err(WebError::Conflict { detail, .. }) => (Secrets::default(), Some(detail)),
        Err(error) => return Err(error),
    };
    let kind = web.kinds.built().into_iter().find(|kind| kind.kind == integration.kind);
    let hook = kind.and_then(|kind| Some((kind.hook?, kind.hook_fragment)));
    let base = web.settings.public_url.as_str().trim_end_matches('/');
    Ok(IntegrationView {
        id: integration.id,
        webhook_url: hook.map(|(hook, fragment)| format!("{base}/hooks/{hook}/{}{fragment}", hotel.slug)),
        kind: integration.kind,
        name: integration.name,
        config: integration.config,
        secrets: secrets.names().map(str::to_owned).collect(),
        enabled: integration.enabled,
        last_ok_at: integration.last_ok_at,
        last_error: sealed.or(integration.last_error),
        created_at: integration.created_at,
    })
}

/// 409 where another key sealed them.
async fn open_secrets(web: &Web, conn: &mut Conn, integration: &Integration) -> Result<Secrets, WebError> {
    match integrations::sealed_secrets(conn, integration.property_id, integration.id).await? {
        None => Ok(Secrets::default()),
        Some(sealed) => web.sealer.open(&sealed, integration.id).map_err(|_| {
            WebError::conflict(
                "secrets_sealed",
                "Its secrets cannot be opened: BELLHOP_SECRET_KEY was changed. Enter them again.",
            )
        }),
    }
}

/// Adds an account whose settings can be read; takes an admin. The vendor is not asked: that is `test`.
#[utoipa::path(post, path = "/properties/{property}/integrations", tag = "integrations",
    params(("property" = String, Path, description = "id or slug")), request_body = NewIntegration,
    responses((status = 201, body = IntegrationView)))]
async fn create(
    State(web): State<Web>,
    caller: Caller,
    Path(property): Path<String>,
    body: Result<Json<NewIntegration>, WebError>,
) -> Result<(StatusCode, Json<IntegrationView>), WebError> {
    let hotel = caller.hotel(&mut web.db.read().await?, &property, Role::Admin).await?;
    Ok((StatusCode::CREATED, Json(add(&web, &caller, &hotel, body?.0).await?)))
}

pub async fn add(
    web: &Web,
    caller: &Caller,
    hotel: &Hotel,
    body: NewIntegration,
) -> Result<IntegrationView, WebError> {
    let secrets: Secrets = body.secrets.into_iter().collect();
    judge(web, &body.kind, &body.config, &secrets)?;
    let integration = Integration {
        id: web.clock.id(),
        property_id: hotel.id,
        name: super::name(body.name.as_deref().unwrap_or(&body.kind))?,
        kind: body.kind,
        config: body.config,
        enabled: body.enabled,
        last_ok_at: None,
        last_error: None,
        created_at: web.clock.now(),
    };
    let sealed = (!secrets.is_empty()).then(|| web.sealer.seal(&secrets, integration.id));
    let mut entry = caller.did("integration.created", integration.id, Some(hotel.id));
    entry.after = Some(shown(&integration, &secrets));
    let (clock, row) = (web.clock.clone(), integration.clone());
    web.db
        .write::<_, WebError, _>(move |tx| {
            Box::pin(async move {
                integrations::insert(tx, &row, sealed.as_deref(), clock.now()).await.map_err(taken)?;
                Ok(audit::record(tx, &clock, entry).await?)
            })
        })
        .await?;
    view(web, hotel, integration, Ok(secrets))
}

fn judge(web: &Web, kind: &str, config: &Map<String, Value>, secrets: &Secrets) -> Result<(), WebError> {
    let built: Vec<&str> = web.kinds.built().iter().map(|kind| kind.kind).collect();
    if !built.contains(&kind) {
        let list = built.join(", ");
        let detail = format!("The kind {kind:?} is unknown or not built yet. Those that are built: {list}.");
        let mut with = Map::new();
        with.insert("built".to_owned(), json!(built));
        return Err(WebError::Unprocessable { code: "unknown_kind", detail, with });
    }
    web.kinds.judge(kind, config, secrets).map_err(|why| WebError::bad("bad_integration", sentences(&[why])))
}

fn taken(error: DbError) -> WebError {
    match error {
        DbError::Unique => {
            WebError::conflict("name_taken", "There is one of this kind and name: choose another name.")
        }
        other => other.into(),
    }
}

/// Changes an account; takes an admin.
#[utoipa::path(patch, path = "/properties/{property}/integrations/{id}", tag = "integrations",
    params(("property" = String, Path, description = "id or slug"), ("id" = IntegrationId, Path)),
    request_body = IntegrationChange, responses((status = 200, body = IntegrationView)))]
async fn change(
    State(web): State<Web>,
    caller: Caller,
    Path((property, id)): Path<(String, IntegrationId)>,
    Json(body): Json<IntegrationChange>,
) -> Result<Json<IntegrationView>, WebError> {
    let hotel = caller.hotel(&mut web.db.read().await?, &property, Role::Admin).await?;
    Ok(Json(update(&web, &caller, &hotel, id, body).await?))
}

pub async fn update(
    web: &Web,
    caller: &Caller,
    hotel: &Hotel,
    id: IntegrationId,
    body: IntegrationChange,
) -> Result<IntegrationView, WebError> {
    let name = body.name.as_deref().map(super::name).transpose()?;
    let (site, caller, property) = (web.clone(), caller.clone(), hotel.id);
    let (after, secrets) = web
        .db
        .write::<_, WebError, _>(move |tx| {
            Box::pin(async move {
                let before = integrations::find(tx, property, id).await?.ok_or(WebError::NotFound)?;
                let old = match open_secrets(&site, tx, &before).await {
                    // What another key sealed can only be written anew.
                    Err(WebError::Conflict { .. }) if !body.secrets.is_empty() => Secrets::default(),
                    other => other?,
                };
                let mut after = before.clone();
                after.name = name.unwrap_or(after.name);
                after.enabled = body.enabled.unwrap_or(after.enabled);
                if let Some(patch) = body.config {
                    let mut config = Value::Object(after.config);
                    merge(&mut config, &Value::Object(patch));
                    after.config = config.as_object().cloned().unwrap_or_default();
                }
                let secrets = replaced(&old, body.secrets);
                judge(&site, &after.kind, &after.config, &secrets)?;
                let now = site.clock.now();
                integrations::update(tx, &after, now).await.map_err(taken)?;
                if secrets != old {
                    let sealed = (!secrets.is_empty()).then(|| site.sealer.seal(&secrets, id));
                    integrations::set_secrets(tx, property, id, sealed.as_deref(), now).await?;
                }
                let mut entry = caller.did("integration.changed", id, Some(property));
                (entry.before, entry.after) = (Some(shown(&before, &old)), Some(shown(&after, &secrets)));
                if let Some(Value::Object(after)) = &mut entry.after {
                    after.insert("secrets_changed".to_owned(), json!(secrets != old));
                }
                audit::record(tx, &site.clock, entry).await?;
                Ok((after, secrets))
            })
        })
        .await?;
    view(web, hotel, after, Ok(secrets))
}

fn replaced(old: &Secrets, changes: BTreeMap<String, Option<SecretString>>) -> Secrets {
    let mut secrets = old.clone();
    for (name, secret) in changes {
        match secret.filter(|secret| !secret.expose_secret().is_empty()) {
            Some(secret) => secrets.insert(name, secret),
            None => secrets.remove(&name),
        }
    }
    secrets
}

/// Takes an account away; takes an admin. One that conversations came through can only be switched off.
#[utoipa::path(delete, path = "/properties/{property}/integrations/{id}", tag = "integrations",
    params(("property" = String, Path, description = "id or slug"), ("id" = IntegrationId, Path)), responses((status = 204)))]
async fn remove(
    State(web): State<Web>,
    caller: Caller,
    Path((property, id)): Path<(String, IntegrationId)>,
) -> Result<StatusCode, WebError> {
    let hotel = caller.hotel(&mut web.db.read().await?, &property, Role::Admin).await?;
    delete(&web, &caller, &hotel, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub async fn delete(web: &Web, caller: &Caller, hotel: &Hotel, id: IntegrationId) -> Result<(), WebError> {
    let (clock, caller, property) = (web.clock.clone(), caller.clone(), hotel.id);
    web.db
        .write::<_, WebError, _>(move |tx| {
            Box::pin(async move {
                let before = integrations::find(tx, property, id).await?.ok_or(WebError::NotFound)?;
                integrations::delete(tx, property, id, clock.now()).await.map_err(|error| match error {
                    DbError::ForeignKey => WebError::conflict(
                        "in_use",
                        "Conversations came through this account, so it cannot be deleted. Switch it off instead.",
                    ),
                    other => other.into(),
                })?;
                let mut entry = caller.did("integration.deleted", id, Some(property));
                entry.before = Some(shown(&before, &Secrets::default()));
                Ok(audit::record(tx, &clock, entry).await?)
            })
        })
        .await
}

/// Tries the account for real, without changing anything there; takes an admin.
#[utoipa::path(post, path = "/properties/{property}/integrations/{id}/test", tag = "integrations",
    params(("property" = String, Path, description = "id or slug"), ("id" = IntegrationId, Path)),
    responses((status = 200, body = TestView)))]
async fn test_one(
    State(web): State<Web>,
    caller: Caller,
    Path((property, id)): Path<(String, IntegrationId)>,
) -> Result<Json<TestView>, WebError> {
    let hotel = caller.hotel(&mut web.db.read().await?, &property, Role::Admin).await?;
    Ok(Json(test(&web, &hotel, id).await?))
}

pub async fn test(web: &Web, hotel: &Hotel, id: IntegrationId) -> Result<TestView, WebError> {
    let mut conn = web.db.read().await?;
    let integration = integrations::find(&mut conn, hotel.id, id).await?.ok_or(WebError::NotFound)?;
    let secrets = open_secrets(web, &mut conn, &integration).await;
    drop(conn);
    let steps = match secrets {
        Ok(secrets) => web.kinds.test(&integration, &secrets).await,
        Err(WebError::Conflict { detail, .. }) => vec![Step::new("Secrets", Err(detail))],
        Err(error) => return Err(error),
    };
    let failed = steps.iter().find(|step| !step.ok).map(|step| step.words.clone());
    let ok = failed.is_none();
    let now = web.clock.now();
    web.db
        .write::<_, DbError, _>(move |tx| {
            Box::pin(async move {
                let outcome = failed.as_deref().map_or(Ok(()), Err);
                integrations::note_health(tx, id, outcome, now).await
            })
        })
        .await?;
    Ok(TestView { ok, steps })
}

/// Without any secret; their names may be read.
fn shown(integration: &Integration, secrets: &Secrets) -> Value {
    json!({
        "kind": integration.kind,
        "name": integration.name,
        "config": integration.config,
        "enabled": integration.enabled,
        "secrets": secrets.names().collect::<Vec<_>>(),
    })
}
