//! Who stands at the chat's door: from which page, with which session. It must let no page in that the hotel did not name.

use crate::domain::conversation::Status;
use crate::domain::ids::ConversationId;
use crate::secrets::hash_token;
use crate::store::hotel_book::HotelBook;
use crate::store::{Conn, DbError, web_sessions};
use crate::texts::Lang;
use crate::web::error::WebError;
use crate::web::state::Web;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// How long a browser may remember what a preflight said, in seconds.
const REMEMBER: &str = "3600";

/// The guest whose session token came with the request.
#[derive(Clone)]
pub(super) struct Guest {
    pub conversation: ConversationId,
    pub book: Arc<HotelBook>,
    pub token_hash: [u8; 32],
    /// As the conversation stood when the request came.
    pub status: Status,
    pub last_seq: i64,
    pub lang: Lang,
}

impl<S: Send + Sync> FromRequestParts<S> for Guest {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, WebError> {
        let detail = "This chat session is unknown or has ended. Begin a new one.";
        parts.extensions.get().cloned().ok_or(WebError::Unauthorized { code: "session", detail })
    }
}

/// The hotel that the address names.
#[derive(Clone)]
pub(super) struct Visited(pub Arc<HotelBook>);

impl<S: Send + Sync> FromRequestParts<S> for Visited {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, WebError> {
        parts.extensions.get().cloned().ok_or(WebError::NotFound)
    }
}

/// Layer of the chat's routes: refuses pages that may not embed the chat, answers preflights, finds the session.
pub(super) async fn guard(State(web): State<Web>, request: Request, next: Next) -> Response {
    let (origin, admitted) = match admit(&web, request.headers(), request.uri()).await {
        Ok(admitted) => (admitted.origin.clone(), admitted),
        Err(error) => return vary(error.into_response()),
    };
    let mut response = if is_preflight(&request) {
        preflight()
    } else if token_in_query(request.uri()) {
        let detail = "Send the token in the Authorization header: addresses end up in logs.";
        WebError::bad("token_in_query", detail).into_response()
    } else {
        let mut request = request;
        if let Some(guest) = admitted.guest {
            request.extensions_mut().insert(guest);
        }
        if let Some(book) = admitted.visited {
            request.extensions_mut().insert(Visited(book));
        }
        next.run(request).await
    };
    if let Some(origin) = origin {
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("retry-after"));
    }
    vary(response)
}

/// OPTIONS that is no preflight. Its route must exist, so that [`guard`] meets those that are.
pub(super) async fn plain_options() -> WebError {
    WebError::Method
}

struct Admitted {
    /// The page's origin, where the browser named one.
    origin: Option<HeaderValue>,
    guest: Option<Guest>,
    visited: Option<Arc<HotelBook>>,
}

async fn admit(web: &Web, headers: &HeaderMap, uri: &Uri) -> Result<Admitted, WebError> {
    let mut conn = web.db.read().await?;
    let visited = match slug(uri) {
        Some(slug) => web.books.by_slug(&mut conn, slug).await?,
        None => None,
    };
    let guest = match bearer(headers) {
        Some(token) if visited.is_none() => find_guest(web, &mut conn, token).await?,
        Some(_) | None => None,
    };
    let origin = headers.get(header::ORIGIN).cloned();
    if let Some(origin) = &origin
        && !is_own(web, origin, headers, uri)
    {
        let hotel = visited.as_ref().or(guest.as_ref().map(|guest| &guest.book));
        let named = match hotel {
            Some(book) => names(&book.hotel.settings.allowed_origins, origin),
            // A preflight carries no token, and a page must be able to read that its token has ended.
            None => match origin.to_str() {
                Ok(origin) => web.books.any_allows(&mut conn, origin).await?,
                Err(_) => false,
            },
        };
        if !named {
            let detail =
                "Pages of this origin may not use the chat. A manager can add it to allowed_origins.";
            return Err(WebError::forbidden("origin", detail));
        }
    }
    Ok(Admitted { origin, guest, visited })
}

async fn find_guest(web: &Web, conn: &mut Conn, token: &str) -> Result<Option<Guest>, DbError> {
    let token_hash = hash_token(token);
    let Some(found) = web_sessions::find(conn, &token_hash, web.clock.now()).await? else {
        return Ok(None);
    };
    let web_sessions::Found { session, revision, status, last_seq, lang } = found;
    let (conversation, lang) = (session.conversation_id, Lang::of(&lang));
    let book = web.books.get(conn, session.property_id, Some(revision)).await?;
    Ok(book.map(|book| Guest { conversation, book, token_hash, status, last_seq, lang }))
}

fn names(allowed: &[String], origin: &HeaderValue) -> bool {
    allowed.iter().any(|allowed| allowed.as_bytes() == origin.as_bytes())
}

/// Our own pages: at the public address, or at the one by which this request reached us.
fn is_own(web: &Web, origin: &HeaderValue, headers: &HeaderMap, uri: &Uri) -> bool {
    let Ok(origin) = origin.to_str() else { return false };
    if web.settings.public_url.origin().ascii_serialization() == origin {
        return true;
    }
    let host = match uri.authority() {
        Some(authority) => Some(authority.as_str()),
        None => headers.get(header::HOST).and_then(|host| host.to_str().ok()),
    };
    // Before TLS ended at a proxy the scheme may have been either.
    let page = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    page.is_some() && page == host
}

/// The property of `/chat/{property}/sessions`.
fn slug(uri: &Uri) -> Option<&str> {
    uri.path().strip_prefix("/chat/")?.strip_suffix("/sessions")
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

fn token_in_query(uri: &Uri) -> bool {
    let query = uri.query().unwrap_or_default().as_bytes();
    url::form_urlencoded::parse(query)
        .any(|(name, _)| matches!(name.as_ref(), "token" | "access_token" | "authorization"))
}

fn is_preflight(request: &Request) -> bool {
    request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ORIGIN)
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

fn preflight() -> Response {
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type"),
        (header::ACCESS_CONTROL_MAX_AGE, REMEMBER),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

/// What a cache keeps for one page is not for another.
fn vary(mut response: Response) -> Response {
    response.headers_mut().append(header::VARY, HeaderValue::from_static("origin"));
    response
}
