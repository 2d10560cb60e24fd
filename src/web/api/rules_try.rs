//! `/api/v1/properties/{p}/rules/try`: what a draft of the rules would have made of what guests wrote. Keeps nothing.

use super::rules::RulesBody;
use crate::conversation::escalation::Judge;
use crate::domain::escalation::Reason;
use crate::domain::hotel::Hotel;
use crate::domain::ids::ConversationId;
use crate::domain::people::Role;
use crate::domain::rules::RuleSet;
use crate::store::messages::{self, PastLine};
use crate::store::versions::{RuleSets, Versions};
use crate::web::extract::{Json, Path};
use crate::web::{Caller, Web, WebError};
use axum::extract::State;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// How many of the latest guest messages are looked at.
const MESSAGES: i64 = 5_000;
/// How many conversations are listed on each side; the counts are of all.
const LISTED: usize = 200;

pub fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(try_out))
}

/// A conversation that a draft would treat otherwise than the live rules do.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Flip {
    pub conversation: ConversationId,
    /// The message that decides.
    pub seq: i64,
    /// The rule's name; `mood` for the threshold.
    pub rule: String,
    /// The words that were met, or the mood.
    pub words: String,
    /// What the guest wrote.
    pub text: String,
}

/// What a draft changes.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Trial {
    /// Guest messages that were looked at, the latest ones.
    pub messages: usize,
    pub conversations: usize,
    /// How many would reach staff that do not now, and the first of them.
    pub newly: usize,
    pub would_escalate: Vec<Flip>,
    /// How many would no longer reach staff by a rule, and the first of them.
    pub no_longer: usize,
    pub would_not_escalate: Vec<Flip>,
}

/// Tries a draft on the latest 5,000 guest messages and lists the conversations that would flip; takes a manager.
#[utoipa::path(post, path = "/properties/{property}/rules/try", tag = "rules",
    params(("property" = String, Path, description = "id or slug")), request_body = RulesBody,
    responses((status = 200, body = Trial)))]
async fn try_out(
    State(web): State<Web>,
    caller: Caller,
    Path(property): Path<String>,
    body: Result<Json<RulesBody>, WebError>,
) -> Result<Json<Trial>, WebError> {
    let mut conn = web.db.read().await?;
    let hotel = caller.hotel(&mut conn, &property, Role::Manager).await?;
    let rules = body?.0.judged(&mut conn, &hotel).await?;
    drop(conn);
    Ok(Json(trial(&web, &hotel, rules).await?))
}

/// The trial behind the route, for the console too.
pub async fn trial(web: &Web, hotel: &Hotel, draft: RuleSet) -> Result<Trial, WebError> {
    let mut conn = web.db.read().await?;
    let live = RuleSets::live(&mut conn, hotel.id).await?.map(|live| live.content).unwrap_or_default();
    let lines = messages::list_past_guest_lines(&mut conn, hotel.id, MESSAGES).await?;
    drop(conn);
    web.work(move || compare(&live, &draft, &lines)).await
}

/// `lines` come newest conversation first, each conversation's from its end.
fn compare(live: &RuleSet, draft: &RuleSet, lines: &[PastLine]) -> Trial {
    let (live, draft) = (Judge::new(live, 0), Judge::new(draft, 0));
    // The first message that meets a rule is the one that decides; a later line here is an earlier message.
    let mut met: BTreeMap<ConversationId, (usize, Option<Flip>, Option<Flip>)> = BTreeMap::new();
    for (order, line) in lines.iter().enumerate() {
        let entry = met.entry(line.conversation).or_insert((order, None, None));
        if let Some(flip) = first_call(&live, line) {
            entry.1 = Some(flip);
        }
        if let Some(flip) = first_call(&draft, line) {
            entry.2 = Some(flip);
        }
    }
    let conversations = met.len();
    let mut sides: Vec<_> = met.into_values().collect();
    sides.sort_by_key(|(order, ..)| *order);
    let (mut up, mut down) = (Vec::new(), Vec::new());
    for (_, by_live, by_draft) in sides {
        match (by_live, by_draft) {
            (None, Some(flip)) => up.push(flip),
            (Some(flip), None) => down.push(flip),
            (None, None) | (Some(_), Some(_)) => {}
        }
    }
    let (newly, no_longer) = (up.len(), down.len());
    up.truncate(LISTED);
    down.truncate(LISTED);
    Trial {
        messages: lines.len(),
        conversations,
        newly,
        would_escalate: up,
        no_longer,
        would_not_escalate: down,
    }
}

fn first_call(judge: &Judge, line: &PastLine) -> Option<Flip> {
    let by_word = judge.keywords(&line.text).into_iter().next();
    let call = by_word.or_else(|| judge.mood(line.mood?, Vec::new()))?;
    let (rule, words) = match call.reason {
        Reason::Keyword { rule, words, .. } => (rule, words),
        Reason::Mood { score, .. } => ("mood".to_owned(), format!("{score:.1}")),
        // A judge of rules raises nothing else.
        other => (other.kind().to_owned(), String::new()),
    };
    let text = line.text.chars().take(200).collect();
    Some(Flip { conversation: line.conversation, seq: line.seq, rule, words, text })
}
