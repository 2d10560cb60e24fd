//! The first page of the console: what a manager asks in the morning, each number with the list behind it.

use super::new_hotel;
use super::shell::{Shell, Which, show};
use crate::web::api::overview::{self as api, OLD_MINUTES, OverviewView};
use crate::web::error::WebError;
use crate::web::extract::Query;
use crate::web::staff::{When, ago};
use crate::web::{Caller, Web};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::TimeDelta;

#[derive(Template)]
#[template(path = "console/overview.html")]
struct OverviewPage {
    frame: Shell,
    view: OverviewView,
    tiles: [Tile; 4],
    waiting_since: Option<When>,
    /// How long guests waited for somebody to look; absent: nobody had to.
    median_wait: Option<String>,
    reasons: Vec<Bar>,
    moods: Vec<Bar>,
    old_minutes: i64,
}

/// One number of the day.
struct Tile {
    label: &'static str,
    count: i64,
    /// The inbox's tab behind it.
    tab: &'static str,
    style: &'static str,
}

/// A count beside others.
struct Bar {
    label: String,
    count: i64,
    most: i64,
}

fn bars(counts: Vec<(String, i64)>) -> Vec<Bar> {
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(1).max(1);
    counts.into_iter().map(|(label, count)| Bar { label, count, most }).collect()
}

pub(super) async fn page(
    State(web): State<Web>,
    caller: Caller,
    Query(which): Query<Which>,
) -> Result<Response, WebError> {
    let frame = match Shell::open(&web, &caller, &which, "").await {
        Ok(frame) => frame,
        Err(error) => return new_hotel::first(&mut web.db.read().await?, &caller).await?.ok_or(error),
    };
    let view = api::view(&web, &frame.at).await?;
    let today = &view.conversations;
    let tile = |label, count, tab, style| Tile { label, count, tab, style };
    let moods =
        [("Unhappy", view.moods.unhappy), ("Neither", view.moods.even), ("Friendly", view.moods.friendly)];
    let page = OverviewPage {
        tiles: [
            tile("With the bot", today.bot, "bot", "bot"),
            tile("Waiting for staff", today.waiting, "needs", "waiting"),
            tile("With staff", today.staff, "all", "staff"),
            tile("Resolved", today.resolved, "resolved", "good"),
        ],
        waiting_since: view.waiting_since.map(|at| frame.when(at)),
        median_wait: view.median_wait_secs.map(wait),
        reasons: bars(view.reasons.iter().map(|one| (reason(&one.kind), one.count)).collect()),
        moods: bars(moods.map(|(label, count)| (label.to_owned(), count)).into()),
        old_minutes: OLD_MINUTES,
        view,
        frame,
    };
    show(&page, false)
}

fn wait(secs: i64) -> String {
    if secs < 60 { "less than a minute".to_owned() } else { ago(TimeDelta::seconds(secs)) }
}

/// The kind of a reason in a manager's words.
fn reason(kind: &str) -> String {
    let words = match kind {
        "emergency" => "Emergency",
        "asked_for_person" => "Asked for a person",
        "keyword" => "One of your rules",
        "mood" => "Unhappy guest",
        "staff_decide" => "Staff decide this",
        "limit" => "Above a limit",
        "proof_tries" => "Could not prove the stay",
        "effect" => "An order failed or is in doubt",
        "no_answer" => "The assistant had no answer",
        "undelivered" => "A message did not get through",
        "guest_waits" => "Staff left the guest waiting",
        "media" => "Sent a picture or file",
        other => return other.replace('_', " "),
    };
    words.to_owned()
}
