//! The page of the prompt: editor, preview, difference, publishing, history.

use super::diff::{self, Line};
use super::fields::Fields;
use super::shell::{Shell, When, Which, form_problem, show};
use crate::conversation::prompt::{self as templates, Preview, PromptError};
use crate::domain::version::{Version, VersionState};
use crate::store::versions::prompts;
use crate::web::api::prompts as api;
use crate::web::error::{WebError, page as render};
use crate::web::extract::{Form, Path, Query};
use crate::web::{Caller, Web};
use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};

/// How many versions the history shows.
const HISTORY: i64 = 30;

#[derive(Template)]
#[template(path = "console/prompt.html")]
struct PromptPage {
    frame: Shell,
    template: String,
    /// Which version the editor began with; 0: Bellhop's own.
    base: i64,
    live: i64,
    /// A draft that is newer than what is live, and not the one in the editor.
    newer_draft: Option<i64>,
    variables: &'static [(&'static str, &'static str)],
    problem: Option<String>,
    result: Option<Outcome>,
    history: Vec<Past>,
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

/// A version in the history.
pub(super) struct Past {
    pub version: i64,
    pub by: String,
    pub at: When,
    pub published: Option<When>,
}

impl Past {
    pub fn new<T>(frame: &Shell, version: &Version<T>) -> Self {
        Self {
            version: version.version,
            by: version.created_by.clone(),
            at: frame.when(version.created_at),
            published: version.published_at.map(|at| frame.when(at)),
        }
    }
}

pub(super) async fn page(
    State(web): State<Web>,
    caller: Caller,
    Query(which): Query<Which>,
) -> Result<Response, WebError> {
    let frame = Shell::open(&web, &caller, &which, "/prompt").await?;
    let found = match which.version {
        Some(version) => {
            let found = prompts::find(&mut web.db.read().await?, frame.at.id, version).await?;
            Some(found.ok_or(WebError::NotFound)?)
        }
        None => None,
    };
    show(&draw(&web, frame, found, None, None).await?, false)
}

/// With the version, or the live one; `posted`: what stands in the editor in its place.
async fn draw(
    web: &Web,
    frame: Shell,
    chosen: Option<Version<String>>,
    posted: Option<(String, i64)>,
    result: Option<Outcome>,
) -> Result<PromptPage, WebError> {
    let mut conn = web.db.read().await?;
    let live = prompts::live(&mut conn, frame.at.id).await?;
    let versions = prompts::page(&mut conn, frame.at.id, None, HISTORY).await?;
    drop(conn);
    let live_version = live.as_ref().map_or(0, |live| live.version);
    let (template, base) = match (posted, chosen.or(live)) {
        (Some(posted), _) => posted,
        (None, Some(version)) => (version.content, version.version),
        (None, None) => (templates::DEFAULT.to_owned(), 0),
    };
    let newest = versions.first().filter(|newest| newest.state == VersionState::Draft);
    Ok(PromptPage {
        newer_draft: newest
            .map(|newest| newest.version)
            .filter(|version| *version > live_version && *version != base),
        history: versions.iter().map(|version| Past::new(&frame, version)).collect(),
        variables: templates::variables(),
        live: live_version,
        problem: None,
        frame,
        template,
        base,
        result,
    })
}

async fn try_out(web: &Web, frame: &Shell, template: &str) -> Result<Outcome, WebError> {
    let live = prompts::live(&mut web.db.read().await?, frame.at.id).await?;
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
                page.live
            );
            show(&PromptPage { problem: Some(problem), ..page }, true)
        }
        Err(error) => Err(error),
    }
}

/// The version that holds this text: the one that the editor began with, if nothing was changed, else a new draft.
async fn keep(web: &Web, caller: &Caller, frame: &Shell, template: &str, base: i64) -> Result<i64, WebError> {
    let found = prompts::find(&mut web.db.read().await?, frame.at.id, base).await?;
    match found.filter(|version| version.content == template) {
        Some(version) => Ok(version.version),
        None => api::keep(web, caller, &frame.at, template.to_owned()).await,
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
            let found = prompts::find(&mut web.db.read().await?, frame.at.id, version).await?;
            let template = found.as_ref().map(|found| found.content.clone()).unwrap_or_default();
            let outcome = Outcome { told: true, ..try_out(&web, &frame, &template).await? };
            let page = draw(&web, frame, found, None, Some(outcome)).await?;
            let problem = format!("Version {version} is not published, because it does not work any more:");
            show(&PromptPage { problem: Some(problem), ..page }, true)
        }
        Err(error) => Err(error),
    }
}
