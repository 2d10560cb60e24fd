//! HTTP: who may call what, pages and the API. It decides nothing about guests; it shows and asks the modules behind it.

pub mod api;
pub mod assets;
pub mod auth;
mod console;
pub mod desk;
pub mod error;
pub mod extract;
mod guest;
mod headers;
mod hooks;
mod inbox;
pub mod kinds;
mod login;
pub mod network;
mod observe;
mod operation;
pub mod paging;
pub mod staff;
mod state;
mod widget;

pub use auth::Caller;
pub use error::WebError;
pub use state::{Parts, Settings, Web};

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

/// Everything that Bellhop answers. Serve it with `into_make_service_with_connect_info::<SocketAddr>()`, so that limits
/// know who calls.
pub fn router(web: Web) -> Router {
    // What staff use, by session or key.
    let staff = Router::new()
        .merge(login::own_routes())
        .merge(console::routes())
        .merge(api::routes())
        .merge(inbox::routes())
        .layer(from_fn_with_state(web.clone(), auth::identify));
    // What anybody may call.
    let open = Router::new()
        .merge(login::routes())
        .merge(api::document_routes())
        .merge(operation::routes())
        .merge(assets::routes().merge(widget::routes()).layer(CompressionLayer::new()))
        .merge(guest::routes(&web))
        .merge(hooks::routes());
    finish(staff.merge(open), web)
}

/// Only what operators ask, for a node that serves no guests and no staff.
pub fn operation_router(web: Web) -> Router {
    finish(operation::routes(), web)
}

/// What all routes have in common.
fn finish(routes: Router<Web>, web: Web) -> Router {
    routes
        .fallback(async || WebError::NotFound)
        .method_not_allowed_fallback(async || WebError::Method)
        .layer(DefaultBodyLimit::max(web.settings.body_limit))
        .layer(CatchPanicLayer::custom(error::from_panic))
        .layer(from_fn(around))
        .with_state(web)
}

/// What happens to every request, in one layer: each costs a copy of all that is inside it.
async fn around(request: Request, next: Next) -> Response {
    let (seen, reader) = (observe::Seen::of(&request), error::Reader::of(&request));
    let mut response = reader.page(next.run(request).await);
    headers::secure(&mut response);
    seen.count(&response);
    response
}

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
