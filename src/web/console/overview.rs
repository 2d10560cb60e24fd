//! The first page of the console: what a manager asks in the morning, each number with the list behind it.

use super::shell::{Shell, When, Which, show};
use crate::domain::conversation::Status;
use crate::domain::hotel::Hotel;
use crate::store::{integrations, overview};
use crate::web::error::WebError;
use crate::web::extract::Query;
use crate::web::{Caller, Web};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, TimeDelta, Utc};

/// An open request is old after this long.
const OLD_MINUTES: i64 = 30;

#[derive(Template)]
#[template(path = "console/overview.html")]
struct OverviewPage {
    frame: Shell,
    tiles: Vec<Tile>,
    /// All of them together, for the picture.
    total: i64,
    waiting: i64,
    waiting_since: Option<When>,
    reasons: Vec<Bar>,
    old_requests: i64,
    old_minutes: i64,
    /// Name and what is wrong.
    failing: Vec<(String, String)>,
}

/// One number of the day.
struct Tile {
    label: &'static str,
    count: i64,
    /// The inbox's tab behind it.
    tab: &'static str,
    style: &'static str,
}

/// Why staff were called, and how often.
struct Bar {
    label: String,
    count: i64,
    most: i64,
}

pub(super) async fn page(
    State(web): State<Web>,
    caller: Caller,
    Query(which): Query<Which>,
) -> Result<Response, WebError> {
    let frame = Shell::open(&web, &caller, &which, "").await?;
    let (property, from) = (frame.at.id, midnight(&frame.at, frame.now));
    let mut conn = web.db.read().await?;
    let counts = overview::conversations_since(&mut conn, property, from).await?;
    let (waiting, since) = overview::waiting(&mut conn, property).await?;
    let reasons = overview::reasons_since(&mut conn, property, from).await?;
    let before = frame.now - TimeDelta::minutes(OLD_MINUTES);
    let old_requests = overview::requests_open_since(&mut conn, property, before).await?;
    let all = integrations::list(&mut conn, property).await?;
    drop(conn);
    let failing = all.into_iter().filter(|one| one.enabled);
    let failing = failing.filter_map(|one| Some((one.name, one.last_error?))).collect();
    let count =
        |wanted: Status| counts.iter().find(|(status, _)| *status == wanted).map_or(0, |(_, count)| *count);
    let tile = |label, status, tab, style| Tile { label, count: count(status), tab, style };
    let tiles = vec![
        tile("With the bot", Status::Bot, "bot", "bot"),
        tile("Waiting for staff", Status::Waiting, "needs", "waiting"),
        tile("With staff", Status::Staff, "all", "staff"),
        tile("Resolved", Status::Resolved, "resolved", "good"),
    ];
    let most = reasons.iter().map(|(_, count)| *count).max().unwrap_or(1);
    let bar = |(kind, count): (String, i64)| Bar { label: reason(&kind), count, most };
    let page = OverviewPage {
        total: tiles.iter().map(|tile| tile.count).sum(),
        tiles,
        waiting,
        waiting_since: since.map(|at| frame.when(at)),
        reasons: reasons.into_iter().map(bar).collect(),
        old_requests,
        old_minutes: OLD_MINUTES,
        failing,
        frame,
    };
    show(&page, false)
}

/// When the hotel's day began.
fn midnight(hotel: &Hotel, now: DateTime<Utc>) -> DateTime<Utc> {
    let today = hotel.today(now).and_time(chrono::NaiveTime::MIN);
    // A day that begins an hour late, because clocks are put forward at midnight, has begun a day ago at the most.
    let begun = today.and_local_timezone(hotel.zone).earliest();
    begun.map_or(now - TimeDelta::days(1), |at| at.with_timezone(&Utc))
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
