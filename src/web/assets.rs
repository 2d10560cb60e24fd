//! Files that the binary carries: styles, scripts, icons. Only what lies under `assets` is served.

use super::error::WebError;
use super::state::Web;
use axum::Router;
use axum::extract::RawQuery;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "src/web/assets"]
struct Assets;

pub fn routes() -> Router<Web> {
    Router::new().route("/assets/{*path}", get(asset))
}

/// The address of an asset with its fingerprint, under which a browser may keep it for ever.
pub fn url(path: &str) -> String {
    match Assets::get(path) {
        Some(file) => format!("/assets/{path}?v={}", fingerprint(&file)),
        None => format!("/assets/{path}"),
    }
}

async fn asset(
    super::extract::Path(path): super::extract::Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    serve(&path, query.as_deref(), &headers)
}

fn serve(path: &str, query: Option<&str>, headers: &HeaderMap) -> Result<Response, WebError> {
    let file = Assets::get(path).ok_or(WebError::NotFound)?;
    let fingerprint = fingerprint(&file);
    let is_named = query == Some(&format!("v={fingerprint}"));
    let keep = if is_named { "public, max-age=31536000, immutable" } else { "public, no-cache" };
    kept(file.data, content_type(path), &fingerprint, keep, headers)
}

/// Something that a browser keeps for as long as `keep` says: 304 where it has it already.
pub fn kept(
    data: impl IntoResponse,
    content_type: &'static str,
    fingerprint: &str,
    keep: &'static str,
    headers: &HeaderMap,
) -> Result<Response, WebError> {
    let tag = format!("\"{fingerprint}\"");
    let known = headers.get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
    let is_known = known.is_some_and(|tags| tags.split(',').any(|known| known.trim() == tag));
    let mut response = if is_known { StatusCode::NOT_MODIFIED.into_response() } else { data.into_response() };
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    out.insert(header::ETAG, HeaderValue::try_from(tag).map_err(|_| WebError::Internal)?);
    // Hotels' own pages load the chat's script.
    out.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    Ok(response)
}

fn fingerprint(file: &EmbeddedFile) -> String {
    URL_SAFE_NO_PAD.encode(&file.metadata.sha256_hash()[..12])
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("wav") => "audio/wav",
        Some("mp3") => "audio/mpeg",
        Some("json" | "webmanifest") => "application/json",
        Some("html") => "text/html; charset=utf-8",
        _ => "text/plain; charset=utf-8",
    }
}
