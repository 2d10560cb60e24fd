//! What all pages of the console share: which hotel, the frame around a page, what a form has just done, and times.

use crate::domain::hotel::Hotel;
use crate::domain::people::Role;
use crate::store::versions::prompt_failures;
use crate::web::api::properties;
use crate::web::error::{WebError, page};
use crate::web::staff::{Frame, When};
use crate::web::{Caller, Web};
use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use std::ops::Deref;

/// The query that every page of the console takes.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Which {
    /// The hotel's slug; without it, the first that the caller manages.
    #[serde(default)]
    pub property: String,
    /// What a form has just done.
    #[serde(default)]
    pub done: String,
    /// A version of prompt or rules to be looked at.
    pub version: Option<i64>,
    /// Where a list goes on.
    pub cursor: Option<String>,
}

/// The pages in the order of the navigation: part of the address, and name.
pub(super) const PAGES: [(&str, &str); 10] = [
    ("", "Overview"),
    ("/prompt", "Prompt"),
    ("/rules", "Rules"),
    ("/facts", "Facts"),
    ("/items", "Items and prices"),
    ("/tools", "Tools"),
    ("/integrations", "Integrations"),
    ("/hotel", "Hotel"),
    ("/people", "People"),
    ("/audit", "Audit"),
];

/// The frame of a page of the console: that of all staff pages, and more.
pub(super) struct Shell {
    frame: Frame,
    pub at: Hotel,
    pub is_admin: bool,
    /// Which page is open, as in [`PAGES`].
    pub page: &'static str,
    pub done: Option<&'static str>,
    /// The live prompt has failed for a guest.
    pub prompt_failure: Option<PromptFailure>,
    pub now: DateTime<Utc>,
}

impl Deref for Shell {
    type Target = Frame;
    fn deref(&self) -> &Frame {
        &self.frame
    }
}

pub(super) struct PromptFailure {
    pub version: i64,
    pub why: String,
    pub at: When,
}

impl Shell {
    /// 404 at a hotel out of reach; 403 with a word for agents.
    pub async fn open(
        web: &Web,
        caller: &Caller,
        which: &Which,
        page: &'static str,
    ) -> Result<Self, WebError> {
        caller.user()?;
        let places = properties::own(web, caller, Role::Manager).await?;
        let hotel = match which.property.as_str() {
            "" => places.first().cloned().ok_or_else(for_managers)?,
            named => {
                let mut conn = web.db.read().await?;
                let hotel = caller.hotel(&mut conn, named, Role::Agent).await?;
                caller.may(hotel.id, Role::Manager).map_err(|_| for_managers())?;
                hotel
            }
        };
        let failure = prompt_failures::of_live(&mut web.db.read().await?, hotel.id).await?;
        let now = web.clock.now();
        Ok(Self {
            frame: Frame::new(caller, &hotel, &places, "console"),
            is_admin: caller.grants.role_at(hotel.id) == Some(Role::Admin),
            page,
            done: done_words(&which.done),
            prompt_failure: failure.map(|failure| PromptFailure {
                version: failure.version,
                why: failure.failure,
                at: When::new(failure.failed_at, now, hotel.zone),
            }),
            at: hotel,
            now,
        })
    }

    /// The address of a page of this console.
    pub fn url(&self, page: &str) -> String {
        format!("/console{page}?property={}", self.at.slug)
    }

    pub fn title(&self) -> &'static str {
        PAGES.iter().find(|(page, _)| *page == self.page).map_or("Console", |(_, name)| name)
    }

    pub fn pages(&self) -> &'static [(&'static str, &'static str)] {
        &PAGES
    }

    pub fn when(&self, at: DateTime<Utc>) -> When {
        When::new(at, self.now, self.at.zone)
    }

    /// To the page again after a form has done its work, so that a reload does not do it twice.
    pub fn back(&self, done: &str, more: &str) -> Response {
        Redirect::to(&format!("{}&done={done}{more}", self.url(self.page))).into_response()
    }
}

fn for_managers() -> WebError {
    WebError::forbidden(
        "role",
        "The console is for managers of the hotel. If you need it, ask an admin to change your role.",
    )
}

/// What is said after a form did its work.
fn done_words(done: &str) -> Option<&'static str> {
    Some(match done {
        "saved" => "Saved.",
        "draft" => "Saved as a draft. Guests do not see it before it is published.",
        "published" => "Published. It counts from now on.",
        "added" => "Added.",
        "deleted" => "Deleted.",
        "on" => "Switched on.",
        "off" => "Switched off.",
        _ => return None,
    })
}

/// A page, or the form again with what is wrong.
pub(super) fn show(template: &impl Template, problem: bool) -> Result<Response, WebError> {
    let status = if problem { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, page(template)?).into_response())
}

/// What is wrong with a form, in words, if that is what the error is about; anything else goes on.
pub(super) fn form_problem(error: WebError) -> Result<String, WebError> {
    match error {
        WebError::Bad { detail, .. }
        | WebError::Conflict { detail, .. }
        | WebError::Unprocessable { detail, .. }
        | WebError::Forbidden { detail, .. } => Ok(detail),
        other => Err(other),
    }
}
