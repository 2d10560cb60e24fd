//! The page of the audit: who did what, latest first.

use super::shell::{Shell, Which, show};
use crate::domain::hotel::Hotel;
use crate::domain::money::Money;
use crate::web::api::audit as api;
use crate::web::error::WebError;
use crate::web::extract::Query;
use crate::web::paging::Paging;
use crate::web::staff::When;
use crate::web::{Caller, Web};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

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
    let page = api::page(&web, &caller, Some(&frame.at.slug), &paging).await?;
    let line = |view: &api::AuditView| AuditLine {
        at: frame.when(view.at),
        who: view.actor_name.clone(),
        what: view.action.replace(['.', '_'], " "),
        subject: view.subject.clone(),
        changes: changes(&frame.at, view.before.as_ref(), view.after.as_ref()),
    };
    let lines = page.items.iter().map(line).collect();
    show(&AuditPage { lines, next: page.next_cursor, frame }, false)
}

/// Key by key; where both sides say the same, nothing.
fn changes(hotel: &Hotel, before: Option<&Value>, after: Option<&Value>) -> Vec<(String, String, String)> {
    let side = |value: Option<&Value>| {
        let mut flat = BTreeMap::new();
        if let Some(Value::Object(all)) = value {
            flatten(hotel, "", all, &mut flat);
        }
        flat
    };
    let (before, after) = (side(before), side(after));
    let mut keys: Vec<&String> = before.keys().chain(after.keys()).collect();
    keys.sort_unstable();
    keys.dedup();
    let differing = keys.into_iter().filter(|key| before.get(*key) != after.get(*key));
    let side =
        |side: &BTreeMap<String, String>, key| side.get(key).cloned().unwrap_or_else(|| NOTHING.to_owned());
    differing.map(|key| (key.clone(), side(&before, key), side(&after, key))).collect()
}

const NOTHING: &str = "—";

/// What lies within something else is named by both, so that only what changed is told; money as people write it.
fn flatten(hotel: &Hotel, within: &str, object: &Map<String, Value>, out: &mut BTreeMap<String, String>) {
    for (key, value) in object {
        let name = format!("{within}{}", key.trim_end_matches("_minor").replace('_', " "));
        match value {
            Value::Object(inner) if inner.contains_key("amount_minor") => {
                let money = serde_json::from_value::<Money>(value.clone());
                out.insert(name, money.map_or_else(|_| words(value), |money| money.to_string()));
            }
            Value::Object(inner) => flatten(hotel, &format!("{name} "), inner, out),
            Value::Number(minor) if key.ends_with("_minor") => {
                let money = minor.as_i64().map(|minor| hotel.money(minor).to_string());
                out.insert(name, money.unwrap_or_else(|| minor.to_string()));
            }
            Value::Null => {}
            other => {
                out.insert(name, words(other));
            }
        }
    }
}

fn words(value: &Value) -> String {
    match value {
        Value::Null => NOTHING.to_owned(),
        Value::String(text) => text.clone(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Array(all) => all.iter().map(words).collect::<Vec<_>>().join(", "),
        Value::Object(_) | Value::Number(_) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::hotel_fixtures::{both, clock, hotel};
    use serde_json::json;

    #[tokio::test]
    async fn a_change_is_told_by_what_differs_and_money_as_people_write_it() {
        both(|db| async move {
            let hotel = hotel(&db, &clock(), "here").await;
            let item =
                |price: i64| json!({ "details": { "price_minor": price, "names": { "en": "water" } } });
            let told = |name: &str, was: &str, is: &str| (name.to_owned(), was.to_owned(), is.to_owned());
            let raised = changes(&hotel, Some(&item(400)), Some(&item(1950)));
            assert_eq!(raised, [told("details price", "4.00 EUR", "19.50 EUR")]);
            let voided = json!({ "total": { "amount_minor": 3600, "currency": "EUR" }, "holder": null });
            assert_eq!(changes(&hotel, None, Some(&voided)), [told("total", "—", "36.00 EUR")]);
        })
        .await;
    }
}
