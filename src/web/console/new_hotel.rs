//! The page on which a hotel is made: its name, its address, and what cannot be guessed. The rest is for its own pages.

use super::fields::Fields;
use super::shell::{form_problem, show};
use crate::domain::people::{Reach, Role};
use crate::store::{Conn, hotels};
use crate::web::api::properties;
use crate::web::error::WebError;
use crate::web::extract::Form;
use crate::web::{Caller, Web};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::{Map, Value};

/// The page's address.
const PATH: &str = "/console/new";
/// What a new hotel is written with.
const NEEDED: [&str; 4] = ["name", "slug", "zone", "currency"];

#[derive(Template)]
#[template(path = "console/new_hotel.html")]
struct NewHotelPage {
    csrf: String,
    fields: Fields,
    problem: Option<String>,
}

impl NewHotelPage {
    fn new(caller: &Caller, fields: Fields, problem: Option<String>) -> Self {
        Self { csrf: caller.csrf().to_owned(), fields, problem }
    }

    fn v(&self, name: &str) -> &str {
        self.fields.get(name)
    }

    fn zones(&self) -> impl Iterator<Item = &'static str> {
        super::fields::zones()
    }
}

/// To this page, where there is no hotel at all yet and the caller may make the first one.
pub async fn first(conn: &mut Conn, caller: &Caller) -> Result<Option<Response>, WebError> {
    let may = caller.grants.everywhere >= Some(Role::Manager);
    let none = may && hotels::list(conn).await?.is_empty();
    Ok(none.then(|| Redirect::to(PATH).into_response()))
}

fn check(caller: &Caller) -> Result<(), WebError> {
    caller.user()?;
    caller.may_in(Reach::Everywhere, Role::Manager)
}

pub(super) async fn page(caller: Caller) -> Result<Response, WebError> {
    check(&caller)?;
    show(&NewHotelPage::new(&caller, Fields::default(), None), false)
}

pub(super) async fn act(
    State(web): State<Web>,
    caller: Caller,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    check(&caller)?;
    let fields = Fields(fields);
    let pair = |name: &str| (name.to_owned(), Value::String(fields.get(name).to_owned()));
    let mut body: Map<String, Value> = NEEDED.into_iter().map(pair).collect();
    body.insert("currency".to_owned(), Value::String(fields.get("currency").to_uppercase()));
    match properties::add(&web, &caller, body).await {
        Ok(hotel) => {
            Ok(Redirect::to(&format!("/console/hotel?property={}&done=added", hotel.slug)).into_response())
        }
        Err(error) => {
            let problem = Some(form_problem(error)?);
            show(&NewHotelPage::new(&caller, fields, problem), true)
        }
    }
}
