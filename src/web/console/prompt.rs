//! The page of the prompt: editor, preview, difference, publishing, history.

use super::diff::{self, Line};
use super::fields::Fields;
use super::history::{History, Shown, unchanged};
use super::shell::{Shell, Which, form_problem, show};
use crate::conversation::prompt::{self as templates, Preview, PromptError};
use crate::store::versions::{Prompts, Versions};
use crate::web::api::prompts as api;
use crate::web::error::{WebError, page as render};
use crate::web::extract::{Form, Path, Query};
use crate::web::{Caller, Web};
use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};

#[derive(Template)]
#[template(path = "console/prompt.html")]
struct PromptPage {
    frame: Shell,
    template: String,
    variables: &'static [(&'static str, &'static str)],
    problem: Option<String>,
    result: Option<Outcome>,
    /// Its base 0: Bellhop's own prompt.
    history: History,
}

/// What a preview shows; also alone, where htmx asks.
#[derive(Template)]
#[template(path = "console/prompt_result.html")]
struct Outcome {
    errors: Vec<PromptError>,
    previews: Vec<Preview>,
    difference: Vec<Line>,
    live: i64,
    /// The errors stand at the top of the page already.
    told: bool,
}

pub(super) async fn page(
    State(web): State<Web>,
    caller: Caller,
    Query(which): Query<Which>,
) -> Result<Response, WebError> {
    let frame = Shell::open(&web, &caller, &which, "/prompt").await?;
    show(&draw(&web, frame, which.version, None, None).await?, false)
}

/// With the version, or the live one; `posted`: what stands in the editor in its place.
async fn draw(
    web: &Web,
    frame: Shell,
    version: Option<i64>,
    posted: Option<(String, i64)>,
    result: Option<Outcome>,
) -> Result<PromptPage, WebError> {
    let shown = Shown::<Prompts>::load(web, &frame, version).await?;
    let (template, base) = match (posted, shown.chosen.as_ref().or(shown.live.as_ref())) {
        (Some(posted), _) => posted,
        (None, Some(version)) => (version.content.clone(), version.version),
        (None, None) => (templates::DEFAULT.to_owned(), 0),
    };
    let history = History::new(&frame, &shown, base);
    Ok(PromptPage { frame, template, variables: templates::variables(), problem: None, result, history })
}

async fn try_out(web: &Web, frame: &Shell, template: &str) -> Result<Outcome, WebError> {
    let live = Prompts::live(&mut web.db.read().await?, frame.at.id).await?;
    let (errors, previews) = match api::preview(web, &frame.at, template.to_owned()).await? {
        Ok(previews) => (Vec::new(), previews),
        Err(errors) => (errors, Vec::new()),
    };
    let before = live.as_ref().map_or("", |live| live.content.as_str());
    let difference = diff::lines(before, template);
    Ok(Outcome { errors, previews, difference, live: live.map_or(0, |live| live.version), told: false })
}

/// Preview, save as a draft, or publish what stands in the editor.
pub(super) async fn act(
    State(web): State<Web>,
    caller: Caller,
    Query(which): Query<Which>,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    let frame = Shell::open(&web, &caller, &which, "/prompt").await?;
    let fields = Fields(fields);
    let template = fields.0.iter().find(|(name, _)| name == "template").map_or("", |(_, value)| value);
    let template = template.replace("\r\n", "\n");
    let base = fields.get("base").parse().unwrap_or(0);
    if fields.is("act", "preview") {
        let outcome = try_out(&web, &frame, &template).await?;
        if headers.contains_key("hx-request") {
            return Ok(render(&outcome)?.into_response());
        }
        return show(&draw(&web, frame, None, Some((template, base)), Some(outcome)).await?, false);
    }
    let kept = keep(&web, &caller, &frame, &template, base).await;
    let version = match kept {
        Ok(version) => version,
        Err(error) => {
            let problem = form_problem(error)?;
            let page = draw(&web, frame, None, Some((template, base)), None).await?;
            return show(&PromptPage { problem: Some(problem), ..page }, true);
        }
    };
    if !fields.is("act", "publish") {
        return Ok(frame.back("draft", &format!("&version={version}")));
    }
    match api::publish(&web, &caller, &frame.at, version).await {
        Ok(()) => Ok(frame.back("published", "")),
        Err(WebError::Unprocessable { .. }) => {
            let outcome = Outcome { told: true, ..try_out(&web, &frame, &template).await? };
            let page = draw(&web, frame, None, Some((template, version)), Some(outcome)).await?;
            let problem = format!(
                "This is not published, because it does not work yet. It is kept as draft {version}; guests \
                 are answered with version {} as before.",
                page.history.live
            );
            show(&PromptPage { problem: Some(problem), ..page }, true)
        }
        Err(error) => Err(error),
    }
}

/// The version that holds this text: the one that the editor began with, if nothing was changed, else a new draft.
async fn keep(web: &Web, caller: &Caller, frame: &Shell, template: &str, base: i64) -> Result<i64, WebError> {
    let template = template.to_owned();
    match unchanged::<Prompts>(web, frame, &template, base).await? {
        Some(version) => Ok(version),
        None => api::keep(web, caller, &frame.at, template).await,
    }
}

/// One click in the history.
pub(super) async fn publish(
    State(web): State<Web>,
    caller: Caller,
    Query(which): Query<Which>,
    Path(version): Path<i64>,
) -> Result<Response, WebError> {
    let frame = Shell::open(&web, &caller, &which, "/prompt").await?;
    match api::publish(&web, &caller, &frame.at, version).await {
        Ok(()) => Ok(frame.back("published", "")),
        Err(WebError::Unprocessable { .. }) => {
            let found = Prompts::find(&mut web.db.read().await?, frame.at.id, version).await?;
            let template = found.map(|found| found.content).unwrap_or_default();
            let outcome = Outcome { told: true, ..try_out(&web, &frame, &template).await? };
            let page = draw(&web, frame, Some(version), None, Some(outcome)).await?;
            let problem = format!("Version {version} is not published, because it does not work any more:");
            show(&PromptPage { problem: Some(problem), ..page }, true)
        }
        Err(error) => Err(error),
    }
}
