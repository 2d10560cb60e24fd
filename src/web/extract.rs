//! Readers of bodies, queries and paths whose refusals are problems that say what is wrong.

use super::error::WebError;
use axum::extract::rejection::{BytesRejection, FailedToBufferBody, FormRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A JSON body; as an answer, the same as axum's.
pub struct Json<T>(pub T);

/// A JSON body that may be left out where nothing in it is needed.
pub struct OptionalJson<T>(pub T);

/// A form body.
pub struct Form<T>(pub T);

/// The query of the address.
pub struct Query<T>(pub T);

/// Parts of the path; what does not read as an id names nothing.
pub struct Path<T>(pub T);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = WebError;

    async fn from_request(request: Request, state: &S) -> Result<Self, WebError> {
        let kind = content_type(&request);
        if kind != "application/json" && !(kind.starts_with("application/") && kind.ends_with("+json")) {
            return Err(WebError::ContentType { expected: "application/json" });
        }
        let body = read_body(request, state).await?;
        // The message names field, line and column.
        serde_json::from_slice(&body).map(Json).map_err(|error| WebError::bad("bad_json", error.to_string()))
    }
}

impl<T: DeserializeOwned + Default, S: Send + Sync> FromRequest<S> for OptionalJson<T> {
    type Rejection = WebError;

    async fn from_request(request: Request, state: &S) -> Result<Self, WebError> {
        let (parts, body) = request.into_parts();
        let bytes = read_body(Request::from_parts(parts.clone(), body), state).await?;
        if bytes.is_empty() {
            return Ok(OptionalJson(T::default()));
        }
        let Json(value) = Json::from_request(Request::from_parts(parts, bytes.into()), state).await?;
        Ok(OptionalJson(value))
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = WebError;

    async fn from_request(request: Request, state: &S) -> Result<Self, WebError> {
        match axum::Form::<T>::from_request(request, state).await {
            Ok(axum::Form(form)) => Ok(Form(form)),
            Err(FormRejection::BytesRejection(error)) => Err(body_error(&error)),
            Err(FormRejection::InvalidFormContentType(_)) => {
                Err(WebError::ContentType { expected: "application/x-www-form-urlencoded" })
            }
            Err(error) => Err(WebError::bad("bad_form", error.body_text())),
        }
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, WebError> {
        let query = axum::extract::Query::<T>::from_request_parts(parts, state).await;
        query.map(|query| Query(query.0)).map_err(|error| WebError::bad("bad_query", error.body_text()))
    }
}

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, WebError> {
        let path = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        path.map(|path| Path(path.0)).map_err(|_| WebError::NotFound)
    }
}

/// The whole body, within the limit.
pub async fn read_body<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, WebError> {
    Bytes::from_request(request, state).await.map_err(|error| body_error(&error))
}

fn body_error(error: &BytesRejection) -> WebError {
    match error {
        BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => WebError::TooLarge,
        _ => WebError::bad("bad_body", "The body broke off."),
    }
}

/// The key by which a page or a program names its own message, so that the same one sent again is known.
pub fn check_client_id(key: &str) -> Result<(), WebError> {
    let is_key = (1..=100).contains(&key.chars().count()) && !key.chars().any(char::is_control);
    if is_key {
        Ok(())
    } else {
        Err(WebError::bad("bad_client_id", "client_id is 1 to 100 printable characters."))
    }
}

/// The media type of the body without its parameters; empty when there is none.
pub fn content_type(request: &Request) -> String {
    let value = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}
