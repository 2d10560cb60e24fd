//! The page of the hotel's own settings.

use super::fields::{Fields, language, zones};
use super::hotel_form::{self, TEXTS};
use super::shell::{Shell, Which, form_problem, show};
use crate::web::api::properties;
use crate::web::api::sentences;
use crate::web::error::WebError;
use crate::web::extract::{Form, Query};
use crate::web::{Caller, Web};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use std::collections::BTreeMap;

#[derive(Template)]
#[template(path = "console/hotel.html")]
struct HotelPage {
    frame: Shell,
    values: BTreeMap<String, String>,
    problem: Option<String>,
}

impl HotelPage {
    fn v(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    fn texts(&self) -> &'static [(&'static str, &'static str, &'static str)] {
        &TEXTS
    }

    /// The languages in which a text can be written, with their fields.
    fn languages(&self, setting: &str) -> Vec<(String, String)> {
        let of = |key: &String| {
            let lang = key.strip_prefix(setting)?.strip_prefix('.')?;
            Some((key.clone(), language(lang).to_owned()))
        };
        self.values.keys().filter_map(of).collect()
    }

    fn zones(&self) -> impl Iterator<Item = &'static str> {
        zones()
    }
}

pub(super) async fn page(
    State(web): State<Web>,
    caller: Caller,
    Query(which): Query<Which>,
) -> Result<Response, WebError> {
    let frame = Shell::open(&web, &caller, &which, "/hotel").await?;
    show(&HotelPage { values: hotel_form::write(&frame.at), frame, problem: None }, false)
}

pub(super) async fn act(
    State(web): State<Web>,
    caller: Caller,
    Query(which): Query<Which>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    let frame = Shell::open(&web, &caller, &which, "/hotel").await?;
    let fields = Fields(fields);
    let saved = match hotel_form::read(&fields, &frame.at) {
        Ok(change) => properties::patch_hotel(&web, &caller, frame.at.id, change).await,
        Err(problems) => Err(WebError::bad("bad_property", sentences(&problems))),
    };
    match saved {
        Ok(_) => Ok(frame.back("saved", "")),
        Err(error) => {
            let problem = Some(form_problem(error)?);
            let values = fields.0.into_iter().collect();
            show(&HotelPage { frame, values, problem }, true)
        }
    }
}
