//! `/api/v1`: the same views as the pages, as JSON, and their OpenAPI document. Nothing here is for strangers.

mod acts;
mod audit;
mod charges;
mod conversations;
mod guests;
mod keys;
mod requests;
mod users;

use super::auth;
use super::error::{Problem, WebError};
use super::state::Web;
use axum::Router;
use axum::http::header;
use axum::middleware::from_fn;
use axum::routing::get;
use bytes::Bytes;
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
        .merge(requests::routes())
        .merge(charges::routes())
        .merge(guests::routes())
        .merge(users::routes())
        .merge(keys::routes())
        .merge(audit::routes())
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
    for path in document.paths.paths.values_mut() {
        let all = [&mut path.get, &mut path.post, &mut path.put, &mut path.patch, &mut path.delete];
        for operation in all.into_iter().flatten() {
            operation.responses.responses.insert("default".to_owned(), problem().into());
        }
    }
    document
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
