//! `/api/v1/properties/{p}/facts`: what the hotel knows and tells anyone.

use super::sentences;
use crate::domain::hotel::Hotel;
use crate::domain::ids::FactId;
use crate::domain::item::Fact;
use crate::domain::people::Role;
use crate::store::{audit, facts};
use crate::web::extract::{Json, Path, Query};
use crate::web::paging::{Page, Paging};
use crate::web::{Caller, Web, WebError};
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Longest text of a fact, in characters: it is told to a guest, perhaps by SMS.
const LONGEST: usize = 4_000;

pub fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(change, remove))
}

#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct FactView {
    pub id: FactId,
    pub title: String,
    pub text: String,
    /// Two letters.
    pub lang: String,
}

impl From<Fact> for FactView {
    fn from(fact: Fact) -> Self {
        Self { id: fact.id, title: fact.title, text: fact.text, lang: fact.lang }
    }
}

/// What is written of a fact; in a change, what is left out stays as it is.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FactBody {
    pub title: Option<String>,
    pub text: Option<String>,
    /// The hotel's first language unless told.
    pub lang: Option<String>,
}

/// What the hotel knows, oldest first.
#[utoipa::path(get, path = "/properties/{property}/facts", tag = "properties",
    params(("property" = String, Path, description = "id or slug"), Paging), responses((status = 200, body = Page<FactView>)))]
async fn list(
    State(web): State<Web>,
    caller: Caller,
    Path(property): Path<String>,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<FactView>>, WebError> {
    let mut conn = web.db.read().await?;
    let hotel = caller.hotel(&mut conn, &property, Role::Agent).await?;
    let rows = facts::list(&mut conn, hotel.id).await?;
    Ok(Json(super::page_of(rows, &paging, |fact| fact.id, FactView::from)?))
}

/// Adds a fact; takes a manager.
#[utoipa::path(post, path = "/properties/{property}/facts", tag = "properties",
    params(("property" = String, Path, description = "id or slug")), request_body = FactBody, responses((status = 201, body = FactView)))]
async fn create(
    State(web): State<Web>,
    caller: Caller,
    Path(property): Path<String>,
    Json(body): Json<FactBody>,
) -> Result<(StatusCode, Json<FactView>), WebError> {
    let hotel = caller.hotel(&mut web.db.read().await?, &property, Role::Manager).await?;
    Ok((StatusCode::CREATED, Json(add(&web, &caller, &hotel, body).await?.into())))
}

pub async fn add(web: &Web, caller: &Caller, hotel: &Hotel, body: FactBody) -> Result<Fact, WebError> {
    let lang = hotel.settings.languages.first().map_or("en", String::as_str).to_owned();
    let blank = Fact { id: web.clock.id(), title: String::new(), text: String::new(), lang };
    let fact = changed(blank, body)?;
    let mut entry = caller.did("fact.created", fact.id, Some(hotel.id));
    entry.after = Some(shown(&fact));
    let (clock, property, row) = (web.clock.clone(), hotel.id, fact.clone());
    web.db
        .write::<_, WebError, _>(move |tx| {
            Box::pin(async move {
                facts::insert(tx, property, &row, clock.now()).await?;
                Ok(audit::record(tx, &clock, entry).await?)
            })
        })
        .await?;
    Ok(fact)
}

/// Changes what is named and leaves the rest; takes a manager.
#[utoipa::path(patch, path = "/properties/{property}/facts/{id}", tag = "properties",
    params(("property" = String, Path, description = "id or slug"), ("id" = FactId, Path)), request_body = FactBody,
    responses((status = 200, body = FactView)))]
async fn change(
    State(web): State<Web>,
    caller: Caller,
    Path((property, id)): Path<(String, FactId)>,
    Json(body): Json<FactBody>,
) -> Result<Json<FactView>, WebError> {
    let hotel = caller.hotel(&mut web.db.read().await?, &property, Role::Manager).await?;
    Ok(Json(update(&web, &caller, &hotel, id, body).await?.into()))
}

pub async fn update(
    web: &Web,
    caller: &Caller,
    hotel: &Hotel,
    id: FactId,
    body: FactBody,
) -> Result<Fact, WebError> {
    let (clock, caller, property) = (web.clock.clone(), caller.clone(), hotel.id);
    web.db
        .write::<_, WebError, _>(move |tx| {
            Box::pin(async move {
                let before = facts::find(tx, property, id).await?.ok_or(WebError::NotFound)?;
                let after = changed(before.clone(), body)?;
                facts::update(tx, property, &after, clock.now()).await?;
                let mut entry = caller.did("fact.changed", id, Some(property));
                (entry.before, entry.after) = (Some(shown(&before)), Some(shown(&after)));
                audit::record(tx, &clock, entry).await?;
                Ok(after)
            })
        })
        .await
}

/// Forgets a fact; takes a manager.
#[utoipa::path(delete, path = "/properties/{property}/facts/{id}", tag = "properties",
    params(("property" = String, Path, description = "id or slug"), ("id" = FactId, Path)), responses((status = 204)))]
async fn remove(
    State(web): State<Web>,
    caller: Caller,
    Path((property, id)): Path<(String, FactId)>,
) -> Result<StatusCode, WebError> {
    let hotel = caller.hotel(&mut web.db.read().await?, &property, Role::Manager).await?;
    delete(&web, &caller, &hotel, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub async fn delete(web: &Web, caller: &Caller, hotel: &Hotel, id: FactId) -> Result<(), WebError> {
    let (clock, caller, property) = (web.clock.clone(), caller.clone(), hotel.id);
    web.db
        .write::<_, WebError, _>(move |tx| {
            Box::pin(async move {
                let before = facts::find(tx, property, id).await?.ok_or(WebError::NotFound)?;
                facts::delete(tx, property, id, clock.now()).await?;
                let mut entry = caller.did("fact.deleted", id, Some(property));
                entry.before = Some(shown(&before));
                Ok(audit::record(tx, &clock, entry).await?)
            })
        })
        .await
}

fn changed(mut fact: Fact, body: FactBody) -> Result<Fact, WebError> {
    fact.title = body.title.map_or(fact.title, |title| title.trim().to_owned());
    fact.text =
        body.text.map_or(fact.text, |text| text.replace("\r\n", "\n").replace('\0', "").trim().to_owned());
    fact.lang = body.lang.unwrap_or(fact.lang);
    let mut problems = Vec::new();
    let title = fact.title.chars().count();
    if title == 0 || title > 200 || fact.title.chars().any(char::is_control) {
        problems.push("title: write what it is about, on one line of up to 200 characters".to_owned());
    }
    let text = fact.text.chars().count();
    if text == 0 || text > LONGEST {
        problems.push(format!("text: write what guests are told, up to {LONGEST} characters"));
    }
    if fact.lang.len() != 2 || !fact.lang.bytes().all(|b| b.is_ascii_lowercase()) {
        problems.push("lang: write two small letters, such as en".to_owned());
    }
    if problems.is_empty() { Ok(fact) } else { Err(WebError::bad("bad_fact", sentences(&problems))) }
}

fn shown(fact: &Fact) -> Value {
    json!({ "title": fact.title, "text": fact.text, "lang": fact.lang })
}
