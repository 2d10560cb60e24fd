//! What machines ask: alive, ready, how it goes. No sign-in, nothing of any guest.

use super::error::WebError;
use super::state::Web;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::json;

pub fn routes() -> Router<Web> {
    Router::new().route("/healthz", get(alive)).route("/readyz", get(ready)).route("/metrics", get(metrics))
}

async fn alive() -> Response {
    axum::Json(json!({"status": "alive"})).into_response()
}

/// 200 once the database answers and has all its migrations.
async fn ready(State(web): State<Web>) -> Result<Response, WebError> {
    let pending = web.db.pending_migrations().await?;
    let (status, word) = match pending {
        0 => (StatusCode::OK, "ready"),
        _ => (StatusCode::SERVICE_UNAVAILABLE, "migrations_pending"),
    };
    Ok((status, axum::Json(json!({"status": word, "pending_migrations": pending}))).into_response())
}

async fn metrics(State(web): State<Web>) -> Response {
    let text = web.metrics.render();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}
