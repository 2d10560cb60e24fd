//! `/api/v1/properties/{p}/rules`: versions of the escalation rules. None goes live that contradicts itself.

use super::sentences;
use super::versions::{self, AuditNames, VersionView, Written};
use crate::domain::hotel::Hotel;
use crate::domain::people::Role;
use crate::domain::rules::{Rule, RuleSet};
use crate::domain::version::{Version, VersionState};
use crate::store::Conn;
use crate::store::versions::{RuleSets, Versions};
use crate::web::extract::{Json, Path, Query};
use crate::web::paging::{Page, Paging};
use crate::web::{Caller, Web, WebError};
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Most rules of a set, and most words of a rule.
const RULES: usize = 200;
const WORDS: usize = 500;

const NAMES: AuditNames =
    AuditNames { what: "rules", drafted: "rules.drafted", published: "rules.published" };

pub fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(publish_one))
}

/// One version of the rules.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct RulesView {
    #[serde(flatten)]
    pub written: Written,
    #[serde(flatten)]
    pub rules: RuleSet,
}

impl From<Version<RuleSet>> for RulesView {
    fn from(version: Version<RuleSet>) -> Self {
        let (written, rules) = Written::split(version);
        Self { written, rules }
    }
}

#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RulesBody {
    /// All of them: a rule that is not here is gone in this version.
    pub rules: Vec<Rule>,
    /// A guest message whose mood is at or below this calls staff; −1 … 0. `null`: never. Left out: as in the live
    /// version.
    #[serde(default, deserialize_with = "super::given")]
    #[schema(value_type = Option<f64>)]
    pub mood_threshold: Option<Option<f64>>,
}

impl RulesBody {
    /// The set that is meant, judged.
    pub async fn judged(self, conn: &mut Conn, hotel: &Hotel) -> Result<RuleSet, WebError> {
        let mood_threshold = match self.mood_threshold {
            Some(given) => given,
            None => {
                let live = RuleSets::live(conn, hotel.id).await?;
                live.map_or(RuleSet::default().mood_threshold, |live| live.content.mood_threshold)
            }
        };
        let rules = RuleSet { rules: self.rules, mood_threshold };
        let mut problems = rules.problems();
        problems.extend(too_much(&rules));
        match problems {
            problems if problems.is_empty() => Ok(rules),
            problems => Err(WebError::bad("bad_rules", sentences(&problems))),
        }
    }
}

fn too_much(rules: &RuleSet) -> Vec<String> {
    let mut problems = Vec::new();
    if rules.rules.len() > RULES {
        problems.push(format!("there are more than {RULES} rules"));
    }
    for rule in &rules.rules {
        let texts = || rule.words.iter().chain([&rule.name]);
        if rule.words.len() > WORDS {
            problems.push(format!("rule {} has more than {WORDS} words", rule.name));
        }
        if texts().any(|text| text.chars().count() > 100 || text.chars().any(char::is_control)) {
            problems
                .push("a rule's name and each of its words is one line of up to 100 characters".to_owned());
        }
    }
    problems
}

/// Versions, newest first; takes a manager.
#[utoipa::path(get, path = "/properties/{property}/rules", tag = "rules",
    params(("property" = String, Path, description = "id or slug"), Paging), responses((status = 200, body = Page<RulesView>)))]
async fn list(
    State(web): State<Web>,
    caller: Caller,
    Path(property): Path<String>,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<RulesView>>, WebError> {
    Ok(Json(versions::page::<RuleSets, _>(&web, &caller, &property, &paging).await?))
}

/// Keeps a draft; takes a manager.
#[utoipa::path(post, path = "/properties/{property}/rules", tag = "rules",
    params(("property" = String, Path, description = "id or slug")), request_body = RulesBody,
    responses((status = 201, body = VersionView)))]
async fn create(
    State(web): State<Web>,
    caller: Caller,
    Path(property): Path<String>,
    body: Result<Json<RulesBody>, WebError>,
) -> Result<(StatusCode, Json<VersionView>), WebError> {
    let mut conn = web.db.read().await?;
    let hotel = caller.hotel(&mut conn, &property, Role::Manager).await?;
    let rules = body?.0.judged(&mut conn, &hotel).await?;
    drop(conn);
    let version = keep(&web, &caller, &hotel, rules).await?;
    Ok((StatusCode::CREATED, Json(VersionView { version, state: VersionState::Draft })))
}

pub async fn keep(web: &Web, caller: &Caller, hotel: &Hotel, rules: RuleSet) -> Result<i64, WebError> {
    versions::keep::<RuleSets>(web, caller, hotel, rules, &NAMES).await
}

/// Makes a version the live one; an older one is thereby rolled back to. Takes a manager.
#[utoipa::path(post, path = "/properties/{property}/rules/{version}/publish", tag = "rules",
    params(("property" = String, Path, description = "id or slug"), ("version" = i64, Path)),
    responses((status = 200, body = VersionView)))]
async fn publish_one(
    State(web): State<Web>,
    caller: Caller,
    Path((property, version)): Path<(String, i64)>,
) -> Result<Json<VersionView>, WebError> {
    let hotel = caller.hotel(&mut web.db.read().await?, &property, Role::Manager).await?;
    publish(&web, &caller, &hotel, version).await?;
    Ok(Json(VersionView { version, state: VersionState::Live }))
}

pub async fn publish(web: &Web, caller: &Caller, hotel: &Hotel, version: i64) -> Result<(), WebError> {
    versions::publish::<RuleSets>(web, caller, hotel, version, &NAMES).await
}
