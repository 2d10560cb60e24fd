//! Vendors' webhooks: verified on their raw bytes, stored, and only then answered. Nothing of a body is kept or logged.

use super::error::WebError;
use super::extract::{Path, read_body};
use super::state::Web;
use crate::channels::{self, Channel, InboundEvent, RawWebhook, Refusal};
use crate::intake;
use crate::outbox::accounts::{AccountError, Opened};
use crate::store::DbError;
use crate::store::hotel_book::HotelBook;
use crate::telemetry::WEBHOOKS;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::Map;
use std::collections::HashMap;

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/hooks/{hook}/{property}", post(receive))
        .route("/hooks/{hook}/{property}/status", post(receive))
}

/// Messages and receipts alike: what a webhook tells is in its body, not in its address.
async fn receive(
    State(web): State<Web>,
    Path(place): Path<HashMap<String, String>>,
    request: Request,
) -> Result<Response, WebError> {
    let named = |name: &str| place.get(name).map(String::as_str);
    let channel = named("hook").and_then(channels::by_hook).ok_or(WebError::NotFound)?;
    let hook = channel.hook().unwrap_or_default();
    let outcome = take(&web, channel, named("property").unwrap_or_default(), request).await;
    let word = match &outcome {
        Ok(_) => "stored",
        Err(WebError::Db(_) | WebError::Internal) => "failed",
        Err(_) => "refused",
    };
    metrics::counter!(WEBHOOKS, "hook" => hook, "outcome" => word).increment(1);
    outcome
}

async fn take(
    web: &Web,
    channel: &'static dyn Channel,
    slug: &str,
    request: Request,
) -> Result<Response, WebError> {
    let found = web.books.by_slug(&mut web.db.read().await?, slug).await?;
    let book = found.ok_or(WebError::NotFound)?;
    let raw = raw(web, request).await?;
    let (opened, events) = verify(web, channel, &book, &raw).await?;
    let hotel = book.hotel.clone();
    let integration = opened.integration.id;
    for event in events {
        let stored = intake::event(&web.intake, channel, &hotel, integration, event).await?;
        tracing::debug!(%integration, message = ?stored.map(|stored| stored.message), "a webhook was stored");
    }
    let reply = opened.account.acknowledge();
    let status = StatusCode::from_u16(reply.status).map_err(|_| WebError::Internal)?;
    Ok((status, [(header::CONTENT_TYPE, reply.content_type)], reply.body).into_response())
}

/// As it arrived; the address is the one that is configured, since a proxy may have changed the request's own.
async fn raw(web: &Web, request: Request) -> Result<RawWebhook, WebError> {
    let path_and_query = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let headers = request.headers().clone();
    let body = read_body(request, web).await?;
    let public_url = web.settings.public_url.as_str().trim_end_matches('/').to_owned();
    Ok(RawWebhook { path_and_query, headers, body, public_url, now: web.clock.now() })
}

/// The first of the hotel's accounts of this channel that recognises the webhook, and what it says.
async fn verify(
    web: &Web,
    channel: &'static dyn Channel,
    book: &HotelBook,
    raw: &RawWebhook,
) -> Result<(Opened, Vec<InboundEvent>), WebError> {
    let (mut tried, mut broken) = (false, false);
    for integration in &book.integrations {
        if channel.kind() != Some(integration.kind.as_str()) {
            continue;
        }
        let opened = match web
            .accounts
            .open_as_of(integration.property_id, integration.id, book.hotel.revision)
            .await
        {
            Ok(opened) => opened,
            Err(AccountError::Db(error)) => return Err(error.into()),
            Err(AccountError::Gone) => continue,
            Err(error @ (AccountError::NotBuilt(_) | AccountError::Sealed | AccountError::Config(_))) => {
                tracing::error!(integration = %integration.id, %error, "a webhook's account cannot be used");
                broken = true;
                continue;
            }
        };
        tried = true;
        match opened.account.receive(raw) {
            Ok(events) => return Ok((opened, events)),
            Err(Refusal::BadSignature) => {}
            Err(refusal) => {
                tracing::warn!(integration = %integration.id, "a webhook was refused");
                return Err(refused(refusal));
            }
        }
    }
    match (tried, broken) {
        // It may have been for the account that cannot be used: whoever calls shall call again.
        (_, true) => Err(DbError::Unavailable("an account cannot be used".to_owned()).into()),
        (true, false) => Err(refused(Refusal::BadSignature)),
        (false, false) => Err(WebError::NotFound),
    }
}

fn refused(refusal: Refusal) -> WebError {
    match refusal {
        Refusal::BadSignature => WebError::forbidden(
            "signature",
            "The signature is missing, or does not fit body, address and account.",
        ),
        Refusal::Malformed(detail) => WebError::Bad { code: "malformed", detail },
        Refusal::TooLarge { .. } => WebError::TooLarge,
        Refusal::NotBuilt(detail) => WebError::Unprocessable { code: "not_built", detail, with: Map::new() },
    }
}
