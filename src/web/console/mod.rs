//! The manager's pages, drawn from the same views as the API and changing things by the same functions. Managers are no
//! engineers: plain words, and what they typed comes back when something is wrong with it.

mod audit;
mod diff;
mod facts;
mod fields;
mod history;
mod hotel;
mod hotel_form;
mod integrations;
mod items;
mod new_hotel;
mod overview;
mod people;
mod prompt;
mod rules;
mod shell;
mod tools;

pub use new_hotel::first;

use super::state::Web;
use axum::Router;
use axum::routing::{get, post};

/// Pages for who signed in; goes under [`super::auth::identify`].
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/console", get(overview::page))
        .route("/console/new", get(new_hotel::page).post(new_hotel::act))
        .route("/console/prompt", get(prompt::page).post(prompt::act))
        .route("/console/prompt/{version}/publish", post(prompt::publish))
        .route("/console/rules", get(rules::page).post(rules::act))
        .route("/console/rules/{version}/publish", post(rules::publish))
        .route("/console/facts", get(facts::page).post(facts::act))
        .route("/console/items", get(items::page).post(items::act))
        .route("/console/tools", get(tools::page).post(tools::act))
        .route("/console/integrations", get(integrations::page).post(integrations::act))
        .route("/console/hotel", get(hotel::page).post(hotel::act))
        .route("/console/people", get(people::page).post(people::act))
        .route("/console/audit", get(audit::page))
}
