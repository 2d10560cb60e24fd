//! The page of the escalation rules: sentences to read, a form to change them, a trial before publishing, history.

use super::fields::{Fields, lines};
use super::history::{History, Shown, unchanged};
use super::shell::{Shell, Which, form_problem, show};
use crate::domain::escalation::Priority;
use crate::domain::rules::{Rule, RuleSet};
use crate::store::versions::RuleSets;
use crate::web::api::rules::{self as api, RulesBody};
use crate::web::api::rules_try::{Trial, trial};
use crate::web::error::{WebError, page as render};
use crate::web::extract::{Form, Path, Query};
use crate::web::{Caller, Web};
use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};

/// How many words a sentence names.
const NAMED: usize = 4;

#[derive(Template)]
#[template(path = "console/rules.html")]
struct RulesPage {
    frame: Shell,
    rules: Vec<RuleForm>,
    /// As typed; empty: never.
    mood: String,
    problem: Option<String>,
    result: Option<Outcome>,
    history: History,
}

/// What a trial shows; also alone, where htmx asks.
#[derive(Template)]
#[template(path = "console/rules_result.html")]
struct Outcome {
    problem: Option<String>,
    trial: Option<Trial>,
}

/// One rule as it stands in the form.
#[derive(Debug, Clone, Default)]
pub(super) struct RuleForm {
    pub name: String,
    pub words: Vec<String>,
    pub priority: Priority,
    pub off: bool,
    pub deleted: bool,
}

impl RuleForm {
    pub fn text(&self) -> String {
        self.words.join("\n")
    }

    /// The words that the sentence names.
    pub fn named(&self) -> &[String] {
        &self.words[..self.words.len().min(NAMED)]
    }

    pub fn more(&self) -> usize {
        self.words.len().saturating_sub(NAMED)
    }
}

pub(super) async fn page(
    State(web): State<Web>,
    caller: Caller,
    Query(which): Query<Which>,
) -> Result<Response, WebError> {
    let frame = Shell::open(&web, &caller, &which, "/rules").await?;
    show(&draw(&web, frame, which.version, None, None).await?, false)
}

async fn draw(
    web: &Web,
    frame: Shell,
    version: Option<i64>,
    posted: Option<(Vec<RuleForm>, String, i64)>,
    result: Option<Outcome>,
) -> Result<RulesPage, WebError> {
    let shown = Shown::<RuleSets>::load(web, &frame, version).await?;
    let (rules, mood, base) = posted.unwrap_or_else(|| {
        let version = shown.chosen.as_ref().or(shown.live.as_ref());
        let set = version.map(|version| version.content.clone()).unwrap_or_default();
        let mood = set.mood_threshold.map(|mood| mood.to_string()).unwrap_or_default();
        (set.rules.iter().map(rule_form).collect(), mood, version.map_or(0, |version| version.version))
    });
    let history = History::new(&frame, &shown, base);
    Ok(RulesPage { frame, rules, mood, problem: None, result, history })
}

fn rule_form(rule: &Rule) -> RuleForm {
    RuleForm {
        name: rule.name.clone(),
        words: rule.words.clone(),
        priority: rule.priority,
        off: !rule.enabled,
        deleted: false,
    }
}

/// The rules of the form: each begins with its name.
fn read(fields: &Fields) -> Vec<RuleForm> {
    let mut rules: Vec<RuleForm> = Vec::new();
    for (key, value) in &fields.0 {
        if key == "rule_name" {
            rules.push(RuleForm { name: value.trim().to_owned(), ..RuleForm::default() });
        }
        let Some(rule) = rules.last_mut() else { continue };
        match key.as_str() {
            "rule_words" => rule.words = lines(value),
            "rule_priority" => rule.priority = value.parse().unwrap_or_default(),
            "rule_off" => rule.off = true,
            "rule_delete" => rule.deleted = true,
            _ => {}
        }
    }
    // The empty form at the end is no rule.
    rules.retain(|rule| !rule.name.is_empty() || !rule.words.is_empty());
    rules
}

async fn judged(web: &Web, frame: &Shell, rules: &[RuleForm], mood: &str) -> Result<RuleSet, WebError> {
    let mood_threshold = match mood.replace('−', "-").replace(',', ".").as_str() {
        "" => None,
        text => Some(text.parse::<f64>().map_err(|_| {
            let detail = "The mood is a number between -1 and 0, such as -0.6; leave it empty for never.";
            WebError::bad("bad_rules", detail)
        })?),
    };
    let rule = |form: &RuleForm| Rule {
        name: form.name.clone(),
        words: form.words.clone(),
        priority: form.priority,
        enabled: !form.off,
    };
    let rules = rules.iter().filter(|form| !form.deleted).map(rule).collect();
    let body = RulesBody { rules, mood_threshold: Some(mood_threshold) };
    body.judged(&mut web.db.read().await?, &frame.at).await
}

/// Try, save as a draft, or publish what stands in the form.
pub(super) async fn act(
    State(web): State<Web>,
    caller: Caller,
    Query(which): Query<Which>,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    let frame = Shell::open(&web, &caller, &which, "/rules").await?;
    let fields = Fields(fields);
    let (rules, mood) = (read(&fields), fields.get("mood").to_owned());
    let base = fields.get("base").parse().unwrap_or(0);
    let set = judged(&web, &frame, &rules, &mood).await;
    if fields.is("act", "try") {
        let outcome = match set {
            Ok(set) => Outcome { problem: None, trial: Some(trial(&web, &frame.at, set).await?) },
            Err(error) => Outcome { problem: Some(form_problem(error)?), trial: None },
        };
        if headers.contains_key("hx-request") {
            return Ok(render(&outcome)?.into_response());
        }
        return show(&draw(&web, frame, None, Some((rules, mood, base)), Some(outcome)).await?, false);
    }
    let set = match set {
        Ok(set) => set,
        Err(error) => {
            let problem = form_problem(error)?;
            let page = draw(&web, frame, None, Some((rules, mood, base)), None).await?;
            return show(&RulesPage { problem: Some(problem), ..page }, true);
        }
    };
    let version = match unchanged::<RuleSets>(&web, &frame, &set, base).await? {
        Some(version) => version,
        None => api::keep(&web, &caller, &frame.at, set).await?,
    };
    if !fields.is("act", "publish") {
        return Ok(frame.back("draft", &format!("&version={version}")));
    }
    api::publish(&web, &caller, &frame.at, version).await?;
    Ok(frame.back("published", ""))
}

/// One click in the history.
pub(super) async fn publish(
    State(web): State<Web>,
    caller: Caller,
    Query(which): Query<Which>,
    Path(version): Path<i64>,
) -> Result<Response, WebError> {
    let frame = Shell::open(&web, &caller, &which, "/rules").await?;
    api::publish(&web, &caller, &frame.at, version).await?;
    Ok(frame.back("published", ""))
}
