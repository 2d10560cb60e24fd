//! What machines ask: alive, ready, how it goes. No sign-in, nothing of any guest.

use super::state::Web;
use crate::store::{Db, DbError};
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::json;
use std::time::Duration;
use tokio::time::timeout;

/// Who asks whether this process is ready does not wait for long.
const PATIENCE: Duration = Duration::from_secs(2);

pub fn routes() -> Router<Web> {
    Router::new().route("/healthz", get(alive)).route("/readyz", get(ready)).route("/metrics", get(metrics))
}

async fn alive() -> Response {
    axum::Json(json!({"status": "alive"})).into_response()
}

/// 200 once the database answers, has all its migrations, and takes writes; else 503 and why.
async fn ready(State(web): State<Web>) -> Response {
    let (status, word) = match look(&web.db).await {
        Ok(()) => (StatusCode::OK, "ready"),
        Err(word) => (StatusCode::SERVICE_UNAVAILABLE, word),
    };
    (status, axum::Json(json!({"status": word}))).into_response()
}

async fn look(db: &Db) -> Result<(), &'static str> {
    let pending = within(db.pending_migrations()).await.ok_or("database_does_not_answer")?;
    if pending > 0 {
        return Err("migrations_pending");
    }
    within(db.try_writing()).await.ok_or("database_takes_no_writes")
}

async fn within<T>(answer: impl Future<Output = Result<T, DbError>>) -> Option<T> {
    match timeout(PATIENCE, answer).await {
        Ok(Ok(value)) => Some(value),
        Ok(Err(error)) => {
            tracing::warn!(%error, "not ready");
            None
        }
        Err(_) => None,
    }
}

async fn metrics(State(web): State<Web>) -> Response {
    let text = web.metrics.render();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}
