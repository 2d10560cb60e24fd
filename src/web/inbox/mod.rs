//! The staff's pages: inbox and requests, drawn from the same views as the API. What staff do goes through the API.

mod alarms;
mod events;
mod list;
mod requests;
mod thread;
mod timeline;
mod undelivered;

use super::desk::ConversationView;
use super::state::Web;
use crate::channels;
use axum::Router;
use axum::routing::{get, post};

/// Pages for who signed in; goes under [`super::auth::identify`].
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/inbox", get(list::page))
        .route("/inbox/list", get(list::fragment))
        .route("/inbox/alarms", get(alarms::fragment))
        .route("/inbox/events", get(events::stream))
        .route("/inbox/requests", get(requests::page))
        .route("/inbox/requests/list", get(requests::fragment))
        .route("/inbox/undelivered", get(undelivered::page))
        .route("/inbox/undelivered/list", get(undelivered::fragment))
        .route("/inbox/{conversation}", get(thread::page))
        .route("/inbox/{conversation}/thread", get(thread::fragment))
        .route("/inbox/{conversation}/balance", get(thread::balance))
        .route("/inbox/{conversation}/answers", get(thread::answers))
        .route("/inbox/{conversation}/segments", post(thread::segments))
}

/// How a guest is called before anybody knows a name: by the address, or by the end of the conversation's id, so that
/// colleagues can speak of the same one.
fn called(view: &ConversationView) -> String {
    match (&view.guest_name, &view.address) {
        (Some(name), _) if !name.is_empty() => name.clone(),
        (_, Some(address)) => address.clone(),
        (_, None) => {
            let id = view.id.to_string();
            format!("Guest {}", id.get(id.len() - 4..).unwrap_or(&id))
        }
    }
}

/// A channel in people's words.
fn channel_name(channel: &str) -> &str {
    channels::by_name(channel).map_or(channel, |known| known.label())
}
