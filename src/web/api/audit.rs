//! `/api/v1/audit`: who did what. Read only.

use crate::domain::ids::{AuditId, PropertyId};
use crate::domain::people::{Actor, Role};
use crate::store::audit::{self, Audited};
use crate::web::extract::{Json, Query};
use crate::web::paging::{Page, Paging};
use crate::web::{Caller, Web, WebError};
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(list))
}

/// One thing that somebody did.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct AuditView {
    pub id: AuditId,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub property: Option<PropertyId>,
    /// A user's or an API key's id; absent: Bellhop itself, or a command on its machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    pub actor_name: String,
    /// Object and verb, such as `user.disabled`.
    pub action: String,
    /// The id of what it was done to.
    pub subject: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
    pub at: DateTime<Utc>,
}

impl From<Audited> for AuditView {
    fn from(line: Audited) -> Self {
        Self {
            id: line.id,
            property: line.property,
            actor: actor(line.actor),
            actor_name: line.actor_name,
            action: line.action,
            subject: line.subject,
            before: line.before,
            after: line.after,
            at: line.at,
        }
    }
}

fn actor(actor: Actor) -> Option<String> {
    match actor {
        Actor::User(id) => Some(id.to_string()),
        Actor::ApiKey(id) => Some(id.to_string()),
        Actor::System => None,
    }
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Id or slug: one property's lines; needed by those who work at several.
    property: Option<String>,
}

/// Lines of the audit, latest first; takes a manager.
#[utoipa::path(get, path = "/audit", tag = "people", params(Which, Paging), responses((status = 200, body = Page<AuditView>)))]
async fn list(
    State(web): State<Web>,
    caller: Caller,
    Query(which): Query<Which>,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<AuditView>>, WebError> {
    Ok(Json(page(&web, &caller, which.property.as_deref(), &paging).await?))
}

/// The view behind the list, for the console too.
pub async fn page(
    web: &Web,
    caller: &Caller,
    named: Option<&str>,
    paging: &Paging,
) -> Result<Page<AuditView>, WebError> {
    let mut conn = web.db.read().await?;
    let reach = caller.reach(&mut conn, named, Role::Manager).await?;
    let limit = paging.limit()?;
    let rows = audit::list(&mut conn, reach, paging.after()?, limit + 1).await?;
    Ok(Page::new(rows, limit, |line| (line.at, line.id), AuditView::from))
}
