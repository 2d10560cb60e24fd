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
use axum::extract::{DefaultBodyLimit, RawQuery, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::Map;
use std::collections::HashMap;

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/hooks/{hook}/{property}", get(confirm).post(receive))
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

/// A vendor asks whether an address is ours before it calls it.
async fn confirm(
    State(web): State<Web>,
    Path(place): Path<HashMap<String, String>>,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let named = |name: &str| place.get(name).map(String::as_str).unwrap_or_default();
    let channel = channels::by_hook(named("hook")).ok_or(WebError::NotFound)?;
    let found = web.books.by_slug(&mut web.db.read().await?, named("property")).await?;
    let book = found.ok_or(WebError::NotFound)?;
    let accounts = accounts(&web, channel, &book).await?;
    let query = query.unwrap_or_default();
    match accounts.usable.iter().find_map(|opened| opened.account.challenge(&query)) {
        Some(answer) => Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], answer).into_response()),
        None if accounts.usable.is_empty() && !accounts.some_broken => Err(WebError::NotFound),
        None => Err(WebError::forbidden(
            "verify_token",
            "This is not what the account has agreed with its vendor.",
        )),
    }
}

async fn take(
    web: &Web,
    channel: &'static dyn Channel,
    slug: &str,
    request: Request,
) -> Result<Response, WebError> {
    let found = web.books.by_slug(&mut web.db.read().await?, slug).await?;
    let book = found.ok_or(WebError::NotFound)?;
    let raw = raw(web, channel, request).await?;
    let mut reply = None;
    let taken = verify(web, channel, &book, &raw).await?;
    for (opened, events) in taken.by {
        let (hotel, integration) = (book.hotel.clone(), opened.integration.id);
        for event in events {
            let stored = intake::event(&web.intake, channel, &hotel, integration, event).await?;
            tracing::debug!(%integration, message = ?stored.map(|stored| stored.message), "a webhook was stored");
        }
        reply.get_or_insert(opened.account.acknowledge());
    }
    let reply = match reply {
        Some(reply) if !taken.calls_again => reply,
        // What is left may be for the account that cannot be used: whoever calls shall call again.
        _ => return Err(DbError::Unavailable("an account cannot be used".to_owned()).into()),
    };
    let status = StatusCode::from_u16(reply.status).map_err(|_| WebError::Internal)?;
    Ok((status, [(header::CONTENT_TYPE, reply.content_type)], reply.body).into_response())
}

/// As it arrived; the address is the one that is configured, since a proxy may have changed the request's own.
async fn raw(web: &Web, channel: &'static dyn Channel, request: Request) -> Result<RawWebhook, WebError> {
    let path_and_query = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let headers = request.headers().clone();
    let mut request = request;
    // A byte more than the vendor sends, so that the channel itself says what is too large.
    DefaultBodyLimit::max(channel.max_webhook() + 1).apply(&mut request);
    let body = read_body(request, web).await?;
    let public_url = web.settings.public_url.as_str().trim_end_matches('/').to_owned();
    Ok(RawWebhook { path_and_query, headers, body, public_url, now: web.clock.now() })
}

/// A hotel's accounts of one channel.
struct Accounts {
    usable: Vec<Opened>,
    /// There are others that cannot be used now.
    some_broken: bool,
}

async fn accounts(web: &Web, channel: &'static dyn Channel, book: &HotelBook) -> Result<Accounts, WebError> {
    let mut accounts = Accounts { usable: Vec::new(), some_broken: false };
    for integration in &book.integrations {
        if channel.kind() != Some(integration.kind.as_str()) {
            continue;
        }
        let opened =
            web.accounts.open_as_of(integration.property_id, integration.id, book.hotel.revision).await;
        match opened {
            Ok(opened) => accounts.usable.push(opened),
            Err(AccountError::Db(error)) => return Err(error.into()),
            Err(AccountError::Gone) => {}
            Err(error @ (AccountError::NotBuilt(_) | AccountError::Sealed | AccountError::Config(_))) => {
                tracing::error!(integration = %integration.id, %error, "a webhook's account cannot be used");
                accounts.some_broken = true;
            }
        }
    }
    Ok(accounts)
}

/// The accounts that recognise a webhook, and what it says to each.
struct Taken {
    by: Vec<(Opened, Vec<InboundEvent>)>,
    /// Something in it may be for an account that cannot be used now.
    calls_again: bool,
}

/// The first account that recognises the webhook, or all of them where it may hold things for several.
async fn verify(
    web: &Web,
    channel: &'static dyn Channel,
    book: &HotelBook,
    raw: &RawWebhook,
) -> Result<Taken, WebError> {
    let Accounts { usable, some_broken } = accounts(web, channel, book).await?;
    let (tried, mut by) = (!usable.is_empty(), Vec::new());
    for opened in usable {
        match opened.account.receive(raw) {
            Ok(events) => by.push((opened, events)),
            Err(Refusal::BadSignature) => continue,
            Err(refusal) => {
                tracing::warn!(integration = %opened.integration.id, "a webhook was refused");
                return Err(refused(refusal));
            }
        }
        if !channel.shares_webhooks() {
            return Ok(Taken { by, calls_again: false });
        }
    }
    match (tried, some_broken) {
        (_, true) => Ok(Taken { by, calls_again: true }),
        _ if !by.is_empty() => Ok(Taken { by, calls_again: false }),
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
