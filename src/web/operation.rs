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
    match look(&web.db).await {
        Ok(()) => axum::Json(json!({"status": "ready"})).into_response(),
        Err((status, why)) => {
            tracing::warn!(status, why, "not ready");
            let body = axum::Json(json!({"status": status, "why": why}));
            (StatusCode::SERVICE_UNAVAILABLE, body).into_response()
        }
    }
}

/// What keeps it from being ready: a stable word, and the reason for people.
async fn look(db: &Db) -> Result<(), (&'static str, String)> {
    match within(db.pending_migrations()).await {
        Ok(0) => {}
        Ok(pending) => {
            let why = format!("{pending} migrations are pending; run `bellhop migrate`");
            return Err(("migrations_pending", why));
        }
        Err(DbError::Schema(why)) => return Err(("migrations_differ", why)),
        Err(error) => {
            // What the pool knows is only that it waited in vain.
            let found = db.trouble().await.unwrap_or(error);
            return Err(("database_does_not_answer", found.to_string()));
        }
    }
    within(db.try_writing()).await.map_err(|error| ("database_takes_no_writes", error.to_string()))
}

async fn within<T>(answer: impl Future<Output = Result<T, DbError>>) -> Result<T, DbError> {
    let late = || DbError::Unavailable(format!("no answer within {} s", PATIENCE.as_secs()));
    timeout(PATIENCE, answer).await.unwrap_or_else(|_| Err(late()))
}

async fn metrics(State(web): State<Web>) -> Response {
    let text = web.metrics.render();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}
