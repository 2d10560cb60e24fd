//! The guest's doors: the hotel's own page, and the chat behind the widget. It stores and shows; the engine answers.

mod events;
mod gate;
mod home;
mod messages;
mod pace;
mod sessions;
mod view;

use super::state::Web;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use axum::{Extension, Router};
use tower_http::compression::CompressionLayer;

/// The name of this channel.
const CHANNEL: &str = "webchat";

pub fn routes(web: &Web) -> Router<Web> {
    let chat = Router::new()
        .route("/chat/{property}/sessions", post(sessions::open).options(gate::plain_options))
        .route("/chat/messages", get(messages::list).post(messages::send).options(gate::plain_options))
        .route("/chat/events", get(events::listen).options(gate::plain_options))
        .layer(Extension(pace::Pace::default()))
        .layer(from_fn_with_state(web.clone(), gate::guard));
    // Pages with a session's secrets are not compressed: their length would tell of them.
    Router::new().route("/", get(home::show)).layer(CompressionLayer::new()).merge(chat)
}
