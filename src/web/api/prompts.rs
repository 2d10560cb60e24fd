//! `/api/v1/properties/{p}/prompts`: versions of the prompt. None goes live that does not render.

use super::versions::{self, AuditNames, VersionView, Written};
use crate::conversation::prompt::{self, Preview, PromptError};
use crate::domain::hotel::Hotel;
use crate::domain::people::Role;
use crate::domain::version::{Version, VersionState};
use crate::store::versions::{Prompts, Versions};
use crate::web::extract::{Json, Path, Query};
use crate::web::paging::{Page, Paging};
use crate::web::{Caller, Web, WebError};
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

const NAMES: AuditNames =
    AuditNames { what: "prompt", drafted: "prompt.drafted", published: "prompt.published" };

pub fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(publish_one)).routes(routes!(try_out))
}

/// One version of the prompt.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct PromptView {
    #[serde(flatten)]
    pub written: Written,
    pub template: String,
}

impl From<Version<String>> for PromptView {
    fn from(version: Version<String>) -> Self {
        let (written, template) = Written::split(version);
        Self { written, template }
    }
}

#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PromptBody {
    /// minijinja, with the listed variables only.
    pub template: String,
}

/// What a draft would say in three sample conversations.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct PreviewView {
    pub previews: Vec<Preview>,
}

/// Versions, newest first; takes a manager.
#[utoipa::path(get, path = "/properties/{property}/prompts", tag = "prompts",
    params(("property" = String, Path, description = "id or slug"), Paging), responses((status = 200, body = Page<PromptView>)))]
async fn list(
    State(web): State<Web>,
    caller: Caller,
    Path(property): Path<String>,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<PromptView>>, WebError> {
    Ok(Json(versions::page::<Prompts, _>(&web, &caller, &property, &paging).await?))
}

/// Keeps a draft, right or wrong: nothing that was written is lost. Takes a manager.
#[utoipa::path(post, path = "/properties/{property}/prompts", tag = "prompts",
    params(("property" = String, Path, description = "id or slug")), request_body = PromptBody,
    responses((status = 201, body = VersionView)))]
async fn create(
    State(web): State<Web>,
    caller: Caller,
    Path(property): Path<String>,
    body: Result<Json<PromptBody>, WebError>,
) -> Result<(StatusCode, Json<VersionView>), WebError> {
    let hotel = caller.hotel(&mut web.db.read().await?, &property, Role::Manager).await?;
    let version = keep(&web, &caller, &hotel, body?.0.template).await?;
    Ok((StatusCode::CREATED, Json(VersionView { version, state: VersionState::Draft })))
}

pub async fn keep(web: &Web, caller: &Caller, hotel: &Hotel, template: String) -> Result<i64, WebError> {
    let template = template.replace("\r\n", "\n");
    if template.contains('\0') || template.len() > prompt::MAX_TEMPLATE {
        let detail = "template: it is at most 24,000 bytes of text. Shorten it.";
        return Err(WebError::bad("bad_prompt", detail));
    }
    versions::keep::<Prompts>(web, caller, hotel, template, &NAMES).await
}

/// Makes a version the live one, if it renders for three sample conversations; an older one is thereby rolled back to.
/// Refused with 422, where `errors` tells line, what is wrong and what to do. Takes a manager.
#[utoipa::path(post, path = "/properties/{property}/prompts/{version}/publish", tag = "prompts",
    params(("property" = String, Path, description = "id or slug"), ("version" = i64, Path)),
    responses((status = 200, body = VersionView)))]
async fn publish_one(
    State(web): State<Web>,
    caller: Caller,
    Path((property, version)): Path<(String, i64)>,
) -> Result<Json<VersionView>, WebError> {
    let hotel = caller.hotel(&mut web.db.read().await?, &property, Role::Manager).await?;
    publish(&web, &caller, &hotel, version).await?;
    Ok(Json(VersionView { version, state: VersionState::Live }))
}

pub async fn publish(web: &Web, caller: &Caller, hotel: &Hotel, version: i64) -> Result<(), WebError> {
    let found = Prompts::find(&mut web.db.read().await?, hotel.id, version).await?;
    let template = found.ok_or(WebError::NotFound)?.content;
    preview(web, hotel, template).await?.map_err(refused)?;
    versions::publish::<Prompts>(web, caller, hotel, version, &NAMES).await
}

/// Renders a template for the three samples; all that is wrong otherwise.
pub async fn preview(
    web: &Web,
    hotel: &Hotel,
    template: String,
) -> Result<Result<Vec<Preview>, Vec<PromptError>>, WebError> {
    let (hotel, now) = (hotel.clone(), web.clock.now());
    web.work(move || prompt::check(&template, &hotel, now)).await
}

fn refused(errors: Vec<PromptError>) -> WebError {
    let words: Vec<String> = errors.iter().map(ToString::to_string).collect();
    let mut with = Map::new();
    with.insert("errors".to_owned(), json!(errors));
    WebError::Unprocessable { code: "prompt_fails", detail: words.join(" "), with }
}

/// Renders a draft for three sample conversations and keeps nothing; takes a manager.
#[utoipa::path(post, path = "/properties/{property}/prompts/try", tag = "prompts",
    params(("property" = String, Path, description = "id or slug")), request_body = PromptBody,
    responses((status = 200, body = PreviewView)))]
async fn try_out(
    State(web): State<Web>,
    caller: Caller,
    Path(property): Path<String>,
    body: Result<Json<PromptBody>, WebError>,
) -> Result<Json<PreviewView>, WebError> {
    let hotel = caller.hotel(&mut web.db.read().await?, &property, Role::Manager).await?;
    let previews = preview(&web, &hotel, body?.0.template).await?.map_err(refused)?;
    Ok(Json(PreviewView { previews }))
}
