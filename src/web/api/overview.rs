//! `/api/v1/properties/{p}/overview`: what a manager asks in the morning, as numbers. It judges nobody.

use crate::domain::conversation::Status;
use crate::domain::hotel::Hotel;
use crate::domain::ids::IntegrationId;
use crate::domain::people::Role;
use crate::store::{integrations, overview};
use crate::web::extract::{Json, Path};
use crate::web::{Caller, Web, WebError};
use axum::extract::State;
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// An open request is old after this long.
pub const OLD_MINUTES: i64 = 30;
/// A guest is unhappy at the first and below, friendly at the second and above.
const MOODS: (f64, f64) = (-0.2, 0.2);

pub fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(get))
}

/// A hotel's day so far; counts end at 5,000.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct OverviewView {
    /// When the hotel's day began.
    pub since: DateTime<Utc>,
    /// Conversations that were active today.
    pub conversations: Conversations,
    /// Those that wait for staff now, whenever they began.
    pub waiting: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiting_since: Option<DateTime<Utc>>,
    /// Of today's calls for staff that somebody has looked at, half were looked at within this long.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub median_wait_secs: Option<i64>,
    pub moods: Moods,
    /// Why staff were called today, the most frequent first.
    pub reasons: Vec<ReasonCount>,
    /// Requests that have been open for more than 30 minutes.
    pub old_requests: i64,
    /// Integrations whose last call failed.
    pub failing: Vec<Failing>,
}

/// By who has them now.
#[derive(Debug, Clone, Default, Serialize, utoipa::ToSchema)]
pub struct Conversations {
    pub bot: i64,
    pub waiting: i64,
    pub staff: i64,
    pub resolved: i64,
}

impl Conversations {
    pub fn total(&self) -> i64 {
        self.bot + self.waiting + self.staff + self.resolved
    }
}

/// How the guests of today's conversations sound.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Moods {
    pub unhappy: i64,
    pub even: i64,
    pub friendly: i64,
}

#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ReasonCount {
    /// The reason's kind, such as `keyword`.
    pub kind: String,
    pub count: i64,
}

#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Failing {
    pub integration: IntegrationId,
    pub name: String,
    /// In words.
    pub error: String,
}

/// The hotel's day so far; takes a manager.
#[utoipa::path(get, path = "/properties/{property}/overview", tag = "properties",
    params(("property" = String, Path, description = "id or slug")), responses((status = 200, body = OverviewView)))]
async fn get(
    State(web): State<Web>,
    caller: Caller,
    Path(property): Path<String>,
) -> Result<Json<OverviewView>, WebError> {
    let hotel = caller.hotel(&mut web.db.read().await?, &property, Role::Manager).await?;
    Ok(Json(view(&web, &hotel).await?))
}

/// The view behind the route, for the console too.
pub async fn view(web: &Web, hotel: &Hotel) -> Result<OverviewView, WebError> {
    let (now, property) = (web.clock.now(), hotel.id);
    let since = midnight(hotel, now);
    let mut conn = web.db.read().await?;
    let mut conversations = Conversations::default();
    for (status, count) in overview::conversations_since(&mut conn, property, since).await? {
        match status {
            Status::Bot => conversations.bot = count,
            Status::Waiting => conversations.waiting = count,
            Status::Staff => conversations.staff = count,
            Status::Resolved => conversations.resolved = count,
        }
    }
    let (waiting, waiting_since) = overview::waiting(&mut conn, property).await?;
    let waits = overview::looked_at_since(&mut conn, property, since).await?;
    let (unhappy, even, friendly) = overview::moods_since(&mut conn, property, since, MOODS).await?;
    let reasons = overview::reasons_since(&mut conn, property, since).await?;
    let old = now - TimeDelta::minutes(OLD_MINUTES);
    let old_requests = overview::requests_open_since(&mut conn, property, old).await?;
    let accounts = integrations::list(&mut conn, property).await?.into_iter().filter(|one| one.enabled);
    Ok(OverviewView {
        since,
        conversations,
        waiting,
        waiting_since,
        median_wait_secs: median(
            waits.into_iter().map(|(called, looked)| (looked - called).num_seconds()).collect(),
        ),
        moods: Moods { unhappy, even, friendly },
        reasons: reasons.into_iter().map(|(kind, count)| ReasonCount { kind, count }).collect(),
        old_requests,
        failing: accounts
            .filter_map(|one| Some(Failing { integration: one.id, name: one.name, error: one.last_error? }))
            .collect(),
    })
}

/// When the hotel's day began.
fn midnight(hotel: &Hotel, now: DateTime<Utc>) -> DateTime<Utc> {
    let today = hotel.today(now).and_time(NaiveTime::MIN);
    // A day that begins an hour late, because clocks are put forward at midnight, has begun a day ago at the most.
    let begun = today.and_local_timezone(hotel.zone).earliest();
    begun.map_or(now - TimeDelta::days(1), |at| at.with_timezone(&Utc))
}

/// The one in the middle; of two in the middle the longer.
fn median(mut spans: Vec<i64>) -> Option<i64> {
    spans.sort_unstable();
    spans.get(spans.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_what_half_waited_at_most() {
        assert_eq!(median(Vec::new()), None);
        assert_eq!(median(vec![300, 60, 7]), Some(60));
        assert_eq!(median(vec![10, 20]), Some(20));
    }
}
