//! The page of the audit: who did what, latest first.

use super::shell::{Shell, When, Which, show};
use crate::web::api::audit as api;
use crate::web::error::WebError;
use crate::web::extract::Query;
use crate::web::paging::Paging;
use crate::web::{Caller, Web};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde_json::Value;

#[derive(Template)]
#[template(path = "console/audit.html")]
struct AuditPage {
    frame: Shell,
    lines: Vec<AuditLine>,
    next: Option<String>,
}

struct AuditLine {
    at: When,
    who: String,
    /// "user changed"
    what: String,
    subject: String,
    /// Name, before and after of each thing that was written down.
    changes: Vec<(String, String, String)>,
}

pub(super) async fn page(
    State(web): State<Web>,
    caller: Caller,
    Query(which): Query<Which>,
) -> Result<Response, WebError> {
    let frame = Shell::open(&web, &caller, &which, "/audit").await?;
    let paging = Paging { cursor: which.cursor.clone(), limit: None };
    let page = api::page(&web, &caller, Some(frame.at.id), &paging).await?;
    let line = |view: &api::AuditView| AuditLine {
        at: frame.when(view.at),
        who: view.actor_name.clone(),
        what: view.action.replace(['.', '_'], " "),
        subject: view.subject.clone(),
        changes: changes(view.before.as_ref(), view.after.as_ref()),
    };
    let lines = page.items.iter().map(line).collect();
    show(&AuditPage { lines, next: page.next_cursor, frame }, false)
}

/// Key by key; where both sides say the same, nothing.
fn changes(before: Option<&Value>, after: Option<&Value>) -> Vec<(String, String, String)> {
    let side = |value: Option<&Value>| value.and_then(Value::as_object).cloned().unwrap_or_default();
    let (before, after) = (side(before), side(after));
    let mut keys: Vec<&String> = before.keys().chain(after.keys()).collect();
    keys.sort_unstable();
    keys.dedup();
    let differing = keys.into_iter().filter(|key| before.get(*key) != after.get(*key));
    let change = |key: &String| (key.replace('_', " "), words(before.get(key)), words(after.get(key)));
    differing.map(change).collect()
}

fn words(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => "—".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Bool(true)) => "yes".to_owned(),
        Some(Value::Bool(false)) => "no".to_owned(),
        Some(Value::Array(all)) => all.iter().map(|one| words(Some(one))).collect::<Vec<_>>().join(", "),
        Some(Value::Object(object)) => {
            let pair = |(key, value): (&String, &Value)| {
                format!("{}: {}", key.replace('_', " "), words(Some(value)))
            };
            object.iter().map(pair).collect::<Vec<_>>().join(", ")
        }
        Some(Value::Number(number)) => number.to_string(),
    }
}
