//! What goes wrong in a request: status, stable code and a safe text. Internals never reach a body.

use crate::intake::IntakeError;
use crate::store::DbError;
use askama::Template;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Serialize;
use serde_json::{Map, Value};

#[derive(Debug, thiserror::Error)]
pub enum WebError {
    /// Also everything of a property that the caller has no part in.
    #[error("not found")]
    NotFound,
    /// Something about the request itself; `detail` says what to mend.
    #[error("bad request: {code}")]
    Bad { code: &'static str, detail: String },
    #[error("not signed in")]
    SignIn,
    /// A token other than staff's: a guest's session, a stay's link.
    #[error("unauthorized: {code}")]
    Unauthorized { code: &'static str, detail: &'static str },
    /// Too little a role at a property of one's own.
    #[error("forbidden: {code}")]
    Forbidden { code: &'static str, detail: String },
    /// The state of things speaks against it; `with` adds members to the answer, such as who has it.
    #[error("conflict: {code}")]
    Conflict { code: &'static str, detail: String, with: Map<String, Value> },
    /// Understood, and refused as it stands; `with` lists what is wrong.
    #[error("unprocessable: {code}")]
    Unprocessable { code: &'static str, detail: String, with: Map<String, Value> },
    /// The hotel's own system refused to answer or broke off.
    #[error("a system of the hotel does not answer")]
    Upstream { detail: String },
    #[error("the body is too large")]
    TooLarge,
    #[error("wrong content type")]
    ContentType { expected: &'static str },
    #[error("method not allowed")]
    Method,
    #[error("too many")]
    TooMany { retry_after_secs: i64 },
    #[error(transparent)]
    Db(#[from] DbError),
    /// Logged where it was met.
    #[error("internal")]
    Internal,
}

impl WebError {
    pub fn bad(code: &'static str, detail: impl Into<String>) -> Self {
        Self::Bad { code, detail: detail.into() }
    }

    pub fn forbidden(code: &'static str, detail: impl Into<String>) -> Self {
        Self::Forbidden { code, detail: detail.into() }
    }

    pub fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::Conflict { code, detail: detail.into(), with: Map::new() }
    }

    fn problem(self) -> (Problem, Option<i64>) {
        use StatusCode as S;
        match self {
            WebError::NotFound => Problem::plain(S::NOT_FOUND, "not_found", "There is nothing here."),
            WebError::Bad { code, detail } => Problem::plain(S::BAD_REQUEST, code, detail),
            WebError::SignIn => {
                Problem::plain(S::UNAUTHORIZED, "sign_in", "Sign in, or send an API key that is valid.")
            }
            WebError::Unauthorized { code, detail } => Problem::plain(S::UNAUTHORIZED, code, detail),
            WebError::Forbidden { code, detail } => Problem::plain(S::FORBIDDEN, code, detail),
            WebError::Conflict { code, detail, with } => {
                let (problem, after) = Problem::plain(S::CONFLICT, code, detail);
                (Problem { with, ..problem }, after)
            }
            WebError::Unprocessable { code, detail, with } => {
                let (problem, after) = Problem::plain(S::UNPROCESSABLE_ENTITY, code, detail);
                (Problem { with, ..problem }, after)
            }
            WebError::Upstream { detail } => Problem::plain(S::BAD_GATEWAY, "hotel_system", detail),
            WebError::TooLarge => {
                Problem::plain(S::PAYLOAD_TOO_LARGE, "too_large", "The body is larger than allowed.")
            }
            WebError::ContentType { expected } => Problem::plain(
                S::UNSUPPORTED_MEDIA_TYPE,
                "content_type",
                format!("Send the body as {expected}."),
            ),
            WebError::Method => {
                Problem::plain(S::METHOD_NOT_ALLOWED, "method", "This address does not answer that method.")
            }
            WebError::TooMany { retry_after_secs } => {
                let detail = format!("Too many tries. Try again in {retry_after_secs} seconds.");
                let (problem, _) = Problem::plain(S::TOO_MANY_REQUESTS, "too_many", detail);
                (problem, Some(retry_after_secs))
            }
            WebError::Db(DbError::Unavailable(_)) => {
                let detail = "The database does not answer. Try again.";
                let (problem, _) = Problem::plain(S::SERVICE_UNAVAILABLE, "unavailable", detail);
                (problem, Some(2))
            }
            WebError::Db(DbError::Unique) => Problem::plain(S::CONFLICT, "exists", "It exists already."),
            WebError::Db(
                DbError::ForeignKey
                | DbError::Corrupt(_)
                | DbError::Refused(_)
                | DbError::Schema(_)
                | DbError::Panicked,
            )
            | WebError::Internal => {
                Problem::plain(S::INTERNAL_SERVER_ERROR, "internal", "Something failed on our side.")
            }
        }
    }
}

impl From<IntakeError> for WebError {
    fn from(error: IntakeError) -> Self {
        match error {
            IntakeError::Db(error) => WebError::Db(error),
            IntakeError::NoConversation => WebError::NotFound,
        }
    }
}

/// An RFC 9457 problem.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Problem {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    status: u16,
    /// Stable; what programs decide by.
    code: &'static str,
    /// For people.
    detail: String,
    #[serde(flatten)]
    #[schema(value_type = Object)]
    with: Map<String, Value>,
}

impl Problem {
    fn plain(status: StatusCode, code: &'static str, detail: impl Into<String>) -> (Self, Option<i64>) {
        let title = status.canonical_reason().unwrap_or("Error");
        let problem = Self {
            kind: "about:blank",
            title,
            status: status.as_u16(),
            code,
            detail: detail.into(),
            with: Map::new(),
        };
        (problem, None)
    }
}

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        if let WebError::Db(error) = &self
            && !matches!(error, DbError::Unique)
        {
            tracing::error!(%error, "a request met a database error");
        }
        let (problem, retry_after) = self.problem();
        let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let kind = HeaderValue::from_static("application/problem+json");
        let mut response = (status, [(header::CONTENT_TYPE, kind)], body).into_response();
        if let Some(secs) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(secs));
        }
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response.extensions_mut().insert(problem);
        response
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    title: &'a str,
    detail: &'a str,
    /// Where to go on, and what it is called.
    home: (&'a str, &'a str),
}

/// Who reads the answer: a program, or somebody before a browser that navigates.
pub struct Reader(Option<Browser>);

struct Browser {
    home: (&'static str, &'static str),
    /// Where they wanted to go, if that can be repeated.
    here: Option<String>,
}

impl Reader {
    pub fn of(request: &Request) -> Self {
        let path = request.uri().path();
        let navigates = wants_page(request.headers()) && !path.starts_with("/api/");
        Self(navigates.then(|| {
            Browser {
                home: home(path),
                here: (request.method() == Method::GET)
                    .then(|| request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned()),
            }
        }))
    }

    /// Turns problems into pages for browsers, and sends those who must sign in to do so.
    pub fn page(self, mut response: Response) -> Response {
        let problem = response.extensions_mut().remove::<Problem>();
        match (self.0, problem) {
            (Some(browser), Some(problem)) => browser.page(response, &problem),
            (Some(_) | None, _) => response,
        }
    }
}

impl Browser {
    fn page(self, mut response: Response, problem: &Problem) -> Response {
        let Self { home, here } = self;
        let status = response.status();
        if let (StatusCode::UNAUTHORIZED, Some(here)) = (status, here) {
            let next: String = url::form_urlencoded::byte_serialize(here.as_bytes()).collect();
            return Redirect::to(&format!("/login?next={next}")).into_response();
        }
        let (title, detail) = match status {
            StatusCode::UNAUTHORIZED => {
                ("You are signed out", "Nothing was changed. Sign in, then try again.")
            }
            StatusCode::FORBIDDEN => ("This page is for others", problem.detail.as_str()),
            StatusCode::NOT_FOUND => {
                ("There is nothing here", "The address may be mistyped, or what stood here may be gone.")
            }
            _ => (problem.title, problem.detail.as_str()),
        };
        let page = ErrorPage { title, detail, home };
        let Ok(html) = page.render() else { return response };
        let retry_after = response.headers_mut().remove(header::RETRY_AFTER);
        let mut response = (status, Html(html)).into_response();
        if let Some(secs) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, secs);
        }
        response
    }
}

/// Staff go on in the inbox, everybody else at the start.
fn home(path: &str) -> (&'static str, &'static str) {
    let is_staffs = ["/inbox", "/console", "/password", "/logout"].iter().any(|own| path.starts_with(own));
    if is_staffs { ("/inbox", "To the inbox") } else { ("/", "To the start page") }
}

/// A browser that navigates names HTML; htmx swaps fragments and reads problems itself.
fn wants_page(headers: &HeaderMap) -> bool {
    let accepts = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    accepts.is_some_and(|accept| accept.contains("text/html")) && !headers.contains_key("hx-request")
}

/// What a handler's panic becomes; the panic's own text stays out of log and body.
pub fn from_panic(_panic: Box<dyn std::any::Any + Send + 'static>) -> Response {
    tracing::error!("a handler panicked");
    WebError::Internal.into_response()
}

/// A rendered template, or 500.
pub fn page(template: &impl Template) -> Result<Html<String>, WebError> {
    template.render().map(Html).map_err(|error| {
        tracing::error!(%error, "a page could not be rendered");
        WebError::Internal
    })
}
