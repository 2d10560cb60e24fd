//! `/api/v1`: the same views as the pages, as JSON, and their OpenAPI document. Nothing here is for strangers.

mod acts;
pub mod audit;
mod charges;
mod conversations;
mod effects;
pub mod facts;
mod guests;
pub mod integrations;
pub mod items;
pub mod keys;
pub mod overview;
pub mod prompts;
pub mod properties;
mod requests;
pub mod rules;
pub mod rules_try;
pub mod stays;
mod templates;
pub mod tools;
mod undelivered;
pub mod users;
mod versions;

use super::auth;
use super::error::{Problem, WebError};
use super::paging::{Page, Paging};
use super::state::Web;
use axum::Router;
use axum::http::header;
use axum::middleware::from_fn;
use axum::routing::get;
use bytes::Bytes;
use serde_json::{Map, Value};
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Bellhop",
        description = "Errors are RFC 9457 problems with a stable `code`. Lists page by `cursor` and `limit`. Times are RFC 3339, \
            UTC. Money is minor units and a currency. What belongs to a property out of the caller's reach is answered 404."
    ),
    components(schemas(Problem)),
    modifiers(&Security),
    security(("api_key" = []), ("session" = []))
)]
struct Document;

struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some(
                "An API key. Its scope is read, write or admin; its reach one property or all.",
            ))
            .build();
        components.add_security_scheme("api_key", SecurityScheme::Http(bearer));
        let cookie = ApiKeyValue::with_description(
            auth::COOKIE_NAME,
            "A staff session; unsafe methods also send its CSRF token as `x-csrf-token`.",
        );
        components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    }
}

/// Each area adds its own routes here.
fn areas() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .merge(conversations::routes())
        .merge(acts::routes())
        .merge(templates::routes())
        .merge(requests::routes())
        .merge(charges::routes())
        .merge(effects::routes())
        .merge(undelivered::routes())
        .merge(guests::routes())
        .merge(users::routes())
        .merge(keys::routes())
        .merge(audit::routes())
        .merge(properties::routes())
        .merge(overview::routes())
        .merge(items::routes())
        .merge(facts::routes())
        .merge(prompts::routes())
        .merge(rules::routes())
        .merge(rules_try::routes())
        .merge(tools::routes())
        .merge(integrations::routes())
        .merge(stays::routes())
}

fn with_document() -> OpenApiRouter<Web> {
    OpenApiRouter::with_openapi(Document::openapi()).nest("/api/v1", areas())
}

/// The API itself; goes under [`auth::identify`].
pub fn routes() -> Router<Web> {
    with_document().split_for_parts().0.route_layer(from_fn(auth::require))
}

/// The OpenAPI document, which needs no sign-in.
pub fn document_routes() -> Router<Web> {
    let json = Bytes::from(document().to_pretty_json().unwrap_or_default());
    let answer = move || {
        let json = json.clone();
        async move { ([(header::CONTENT_TYPE, "application/json")], json) }
    };
    Router::new().route("/api/v1/openapi.json", get(answer))
}

/// The OpenAPI document of this version.
pub fn document() -> utoipa::openapi::OpenApi {
    let mut document = with_document().into_openapi();
    for (place, path) in &mut document.paths.paths {
        let all = [
            ("get", &mut path.get),
            ("post", &mut path.post),
            ("put", &mut path.put),
            ("patch", &mut path.patch),
            ("delete", &mut path.delete),
        ];
        for (method, operation) in all {
            let Some(operation) = operation else { continue };
            operation.operation_id = Some(operation_id(method, place));
            operation.responses.responses.insert("default".to_owned(), problem().into());
        }
    }
    document
}

/// Unique, as clients that are made from the document need it: `post_users`, `get_requests_id`.
fn operation_id(method: &str, path: &str) -> String {
    let words = path.split(['/', '{', '}', '-']).filter(|word| !["", "api", "v1"].contains(word));
    let words: Vec<&str> = [method].into_iter().chain(words).collect();
    words.join("_")
}

/// What every route answers when it does not answer what it is for.
fn problem() -> utoipa::openapi::Response {
    let schema = utoipa::openapi::Ref::from_schema_name("Problem");
    let content = ContentBuilder::new().schema(Some(schema)).build();
    ResponseBuilder::new().description("A problem").content("application/problem+json", content).build()
}

/// A name that people give to things: trimmed, one line, 1 to 200 characters.
pub fn name(text: &str) -> Result<String, WebError> {
    let text = text.trim();
    let length = text.chars().count();
    if length == 0 || length > 200 || text.chars().any(char::is_control) {
        return Err(WebError::bad("bad_name", "name is one line of 1 to 200 characters."));
    }
    Ok(text.to_owned())
}

/// Lays a change over what is there (RFC 7396): objects key by key, `null` takes a key away, all else replaces.
pub fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Value::Object(target) = target else { return };
    for (key, value) in patch {
        if value.is_null() {
            target.remove(key);
        } else {
            merge(target.entry(key.clone()).or_insert(Value::Null), value);
        }
    }
}

/// Problems as one text: each is a sentence without its end.
pub fn sentences(problems: &[String]) -> String {
    let ended = problems.iter().map(|problem| format!("{}.", problem.trim_end_matches('.')));
    ended.collect::<Vec<_>>().join(" ")
}

/// Tells a field that is `null` from one that is not there.
pub fn given<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: serde::Deserialize<'de>,
    D: serde::Deserializer<'de>,
{
    <Option<T> as serde::Deserialize>::deserialize(deserializer).map(Some)
}

/// A page, by id, of a list that is short enough to be read as a whole.
pub fn page_of<R, V, K>(
    mut rows: Vec<R>,
    paging: &Paging,
    key: impl Fn(&R) -> K,
    view: impl Fn(R) -> V,
) -> Result<Page<V>, WebError>
where
    K: serde::Serialize + serde::de::DeserializeOwned + Ord,
{
    let limit = paging.limit()?;
    if let Some(last) = paging.after::<K>()? {
        rows.retain(|row| key(row) > last);
    }
    rows.sort_by_key(&key);
    rows.truncate(usize::try_from(limit + 1).unwrap_or(usize::MAX));
    Ok(Page::new(rows, limit, key, view))
}
