//! The page of facts: what the hotel knows, each opened to be corrected.

use super::fields::{Fields, language};
use super::shell::{Shell, Which, form_problem, show};
use crate::domain::ids::FactId;
use crate::domain::item::Fact;
use crate::store::facts;
use crate::web::api::facts::{self as api, FactBody};
use crate::web::error::WebError;
use crate::web::extract::{Form, Query};
use crate::web::{Caller, Web};
use askama::Template;
use axum::extract::State;
use axum::response::Response;

#[derive(Template)]
#[template(path = "console/facts.html")]
struct FactsPage {
    frame: Shell,
    facts: Vec<FactForm>,
    /// What was typed for a new one.
    new: FactForm,
}

/// A fact as it stands in its form.
#[derive(Default)]
struct FactForm {
    /// Empty: a new one.
    id: String,
    title: String,
    text: String,
    lang: String,
    /// What is wrong with it; such a form is open.
    problem: Option<String>,
}

impl FactForm {
    fn new(fact: &Fact) -> Self {
        Self {
            id: fact.id.to_string(),
            title: fact.title.clone(),
            text: fact.text.clone(),
            lang: fact.lang.clone(),
            problem: None,
        }
    }

    fn language(&self) -> &str {
        language(&self.lang)
    }
}

pub(super) async fn page(
    State(web): State<Web>,
    caller: Caller,
    Query(which): Query<Which>,
) -> Result<Response, WebError> {
    let frame = Shell::open(&web, &caller, &which, "/facts").await?;
    show(&draw(&web, frame, None).await?, false)
}

/// `failed`: the form that comes back as it was typed.
async fn draw(web: &Web, frame: Shell, failed: Option<FactForm>) -> Result<FactsPage, WebError> {
    let mut all = facts::list(&mut web.db.read().await?, frame.at.id).await?;
    all.sort_by_key(|fact| (fact.title.to_lowercase(), fact.lang.clone()));
    let mut forms: Vec<FactForm> = all.iter().map(FactForm::new).collect();
    let mut new = FactForm {
        lang: frame.at.settings.languages.first().cloned().unwrap_or_default(),
        ..FactForm::default()
    };
    if let Some(failed) = failed {
        match forms.iter_mut().find(|form| form.id == failed.id) {
            Some(form) => *form = failed,
            None => new = failed,
        }
    }
    Ok(FactsPage { frame, facts: forms, new })
}

/// Add, save or delete one.
pub(super) async fn act(
    State(web): State<Web>,
    caller: Caller,
    Query(which): Query<Which>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    let frame = Shell::open(&web, &caller, &which, "/facts").await?;
    let fields = Fields(fields);
    let hotel = &frame.at;
    let text = |name: &str| Some(fields.get(name).to_owned());
    let body = FactBody { title: text("title"), text: text("text"), lang: text("lang") };
    let done = match (fields.get("id"), fields.get("act")) {
        ("", _) => api::add(&web, &caller, hotel, body).await.map(|_| "added"),
        (id, act) => {
            let id: FactId = id.parse().map_err(|_| WebError::NotFound)?;
            match act {
                "delete" => api::delete(&web, &caller, hotel, id).await.map(|()| "deleted"),
                _ => api::update(&web, &caller, hotel, id, body).await.map(|_| "saved"),
            }
        }
    };
    match done {
        Ok(done) => Ok(frame.back(done, "")),
        Err(error) => {
            let failed = FactForm {
                id: fields.get("id").to_owned(),
                title: fields.get("title").to_owned(),
                text: fields.get("text").to_owned(),
                lang: fields.get("lang").to_owned(),
                problem: Some(form_problem(error)?),
            };
            show(&draw(&web, frame, Some(failed)).await?, true)
        }
    }
}
