//! The page of integrations: a card for each account with its state, a test, and a form that asks by name.

use super::fields::Fields;
use super::shell::{Shell, Which, form_problem, show};
use crate::domain::ids::IntegrationId;
use crate::domain::integration::Field;
use crate::domain::people::Role;
use crate::web::api::integrations::{
    self as api, IntegrationChange, IntegrationView, NewIntegration, TestView,
};
use crate::web::error::{WebError, page as render};
use crate::web::extract::{Form, Query};
use crate::web::kinds::Kind;
use crate::web::staff::When;
use crate::web::{Caller, Web};
use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use secrecy::SecretString;
use serde_json::{Map, Value};

#[derive(Template)]
#[template(path = "console/integrations.html")]
struct IntegrationsPage {
    frame: Shell,
    cards: Vec<Card>,
    /// A form for each kind that can be added.
    kinds: Vec<Card>,
    problem: Option<String>,
}

/// An account, or one that could be made, as it stands in its form.
struct Card {
    /// Empty: a new one.
    id: String,
    kind: &'static str,
    title: String,
    name: String,
    enabled: bool,
    fields: Vec<Input>,
    webhook: Option<String>,
    ok_at: Option<When>,
    error: Option<String>,
    problem: Option<String>,
    test: Option<Steps>,
}

/// The outcome of a test.
#[derive(Template)]
#[template(path = "console/test_result.html")]
struct Steps {
    view: TestView,
}

/// The same where htmx asks, with what the card now says.
#[derive(Template)]
#[template(path = "console/test_answer.html")]
struct TestAnswer {
    frame: Shell,
    card: Card,
}

struct Input {
    name: &'static str,
    help: &'static str,
    required: bool,
    secret: bool,
    value: String,
    /// A secret that is set already.
    is_set: bool,
}

/// What a manager calls a kind.
fn title(kind: &str) -> String {
    let known = match kind {
        "llm.openai" => "Language model (OpenAI or a server like it)",
        "pms.custom" => "A hotel system of your own, over HTTP",
        "pms.house" => "Bellhop's own guest list",
        "sms.twilio" => "Text messages by Twilio",
        "whatsapp.cloud" => "WhatsApp by Meta",
        other => return other.to_owned(),
    };
    known.to_owned()
}

fn card(frame: &Shell, kind: &Kind, view: Option<&IntegrationView>) -> Card {
    let input = |field: &Field| Input {
        name: field.name,
        help: field.help,
        required: field.required,
        secret: field.secret,
        value: view
            .and_then(|view| view.config.get(field.name))
            .filter(|_| !field.secret)
            .map_or_else(String::new, |value| {
                value.as_str().map_or_else(|| value.to_string(), str::to_owned)
            }),
        is_set: view.is_some_and(|view| view.secrets.iter().any(|name| name == field.name)),
    };
    Card {
        id: view.map(|view| view.id.to_string()).unwrap_or_default(),
        kind: kind.kind,
        title: title(kind.kind),
        name: view.map_or_else(|| title(kind.kind), |view| view.name.clone()),
        enabled: view.is_none_or(|view| view.enabled),
        fields: kind.fields.iter().map(input).collect(),
        webhook: view.and_then(|view| view.webhook_url.clone()),
        ok_at: view.and_then(|view| view.last_ok_at).map(|at| frame.when(at)),
        error: view.and_then(|view| view.last_error.clone()),
        problem: None,
        test: None,
    }
}

pub(super) async fn page(
    State(web): State<Web>,
    caller: Caller,
    Query(which): Query<Which>,
) -> Result<Response, WebError> {
    let frame = Shell::open(&web, &caller, &which, "/integrations").await?;
    show(&draw(&web, frame).await?, false)
}

async fn draw(web: &Web, frame: Shell) -> Result<IntegrationsPage, WebError> {
    let built = web.kinds.built();
    let views = api::views(web, &frame.at).await?;
    let of = |view: &IntegrationView| {
        let kind = built.iter().find(|kind| kind.kind == view.kind)?;
        Some(card(&frame, kind, Some(view)))
    };
    let cards = views.iter().filter_map(of).collect();
    let kinds = built.iter().map(|kind| card(&frame, kind, None)).collect();
    Ok(IntegrationsPage { frame, cards, kinds, problem: None })
}

/// Add, save, switch, test or delete one; takes an admin.
pub(super) async fn act(
    State(web): State<Web>,
    caller: Caller,
    Query(which): Query<Which>,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    let frame = Shell::open(&web, &caller, &which, "/integrations").await?;
    caller.may(frame.at.id, Role::Admin)?;
    let fields = Fields(fields);
    if fields.is("act", "test") {
        let id = fields.get("id").parse().map_err(|_| WebError::NotFound)?;
        let steps = Steps { view: api::test(&web, &frame.at, id).await? };
        let mut page = draw(&web, frame).await?;
        let place = page.cards.iter().position(|card| card.id == fields.get("id"));
        let place = place.ok_or(WebError::NotFound)?;
        page.cards[place].test = Some(steps);
        if !headers.contains_key("hx-request") {
            return show(&page, false);
        }
        let (frame, card) = (page.frame, page.cards.swap_remove(place));
        return Ok(render(&TestAnswer { frame, card })?.into_response());
    }
    match carry_out(&web, &caller, &frame, &fields).await {
        Ok(done) => Ok(frame.back(done, "")),
        Err(error) => {
            let problem = form_problem(error)?;
            let mut page = draw(&web, frame).await?;
            give_back(&mut page, &fields, problem);
            show(&page, true)
        }
    }
}

/// Puts what was typed back into its form; secrets have to be typed again, since a page must not hold them.
fn give_back(page: &mut IntegrationsPage, fields: &Fields, problem: String) {
    let (id, kind) = (fields.get("id"), fields.get("kind"));
    let among = if id.is_empty() { &mut page.kinds } else { &mut page.cards };
    match among.iter_mut().find(|card| if id.is_empty() { card.kind == kind } else { card.id == id }) {
        Some(card) => {
            if !fields.get("name").is_empty() {
                card.name = fields.get("name").to_owned();
                for input in card.fields.iter_mut().filter(|input| !input.secret) {
                    input.value = fields.get(&format!("config.{}", input.name)).to_owned();
                }
            }
            card.problem = Some(problem);
        }
        None => page.problem = Some(problem),
    }
}

async fn carry_out(
    web: &Web,
    caller: &Caller,
    frame: &Shell,
    fields: &Fields,
) -> Result<&'static str, WebError> {
    let hotel = &frame.at;
    let name = Some(fields.get("name").to_owned());
    let filled = |prefix: &'static str| {
        fields.0.iter().filter_map(move |(key, value)| {
            let name = key.strip_prefix(prefix)?;
            Some((name.to_owned(), value.trim().to_owned()))
        })
    };
    let secrets = filled("secret.").filter(|(_, value)| !value.is_empty());
    if fields.get("id").is_empty() {
        let config = filled("config.").filter(|(_, value)| !value.is_empty());
        let new = NewIntegration {
            kind: fields.get("kind").to_owned(),
            name,
            config: config.map(|(key, value)| (key, Value::String(value))).collect(),
            secrets: secrets.map(|(key, value)| (key, SecretString::from(value))).collect(),
            enabled: true,
        };
        return api::add(web, caller, hotel, new).await.map(|_| "added");
    }
    let id: IntegrationId = fields.get("id").parse().map_err(|_| WebError::NotFound)?;
    let switch = |enabled| IntegrationChange { enabled: Some(enabled), ..IntegrationChange::default() };
    match fields.get("act") {
        "delete" => api::delete(web, caller, hotel, id).await.map(|()| "deleted"),
        "on" => api::update(web, caller, hotel, id, switch(true)).await.map(|_| "on"),
        "off" => api::update(web, caller, hotel, id, switch(false)).await.map(|_| "off"),
        _ => {
            let given = |value: String| if value.is_empty() { Value::Null } else { Value::String(value) };
            let config: Map<String, Value> =
                filled("config.").map(|(key, value)| (key, given(value))).collect();
            let change = IntegrationChange {
                name,
                config: Some(config),
                secrets: secrets.map(|(key, value)| (key, Some(SecretString::from(value)))).collect(),
                enabled: None,
            };
            api::update(web, caller, hotel, id, change).await.map(|_| "saved")
        }
    }
}
