//! `/api/v1/properties/{p}/tools`: what the hotel allows each tool, never less than the tool itself demands.

use super::sentences;
use crate::domain::hotel::Hotel;
use crate::domain::money::Money;
use crate::domain::people::Role;
use crate::domain::proof::ProofNeed;
use crate::domain::tool_policy::{SideEffect, ToolPolicy};
use crate::store::hotel_book::HotelBook;
use crate::store::{audit, hotels, policies};
use crate::tools::{self, Tool};
use crate::web::extract::{Json, Path, Query};
use crate::web::paging::{Page, Paging};
use crate::web::{Caller, Web, WebError};
use axum::extract::State;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(change))
}

/// A tool with the hotel's policy for it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ToolView {
    pub tool: String,
    /// What it can change.
    pub side_effect: SideEffect,
    /// What the tool itself demands; the policy can only ask for more.
    pub least_proof: ProofNeed,
    pub enabled: bool,
    pub proof: ProofNeed,
    /// Whether the guest has to agree to the price; the tool's own, it stays.
    pub confirmation: bool,
    pub staff_approval: bool,
    /// Above it staff decide.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_charge: Option<Money>,
}

impl ToolView {
    fn new(hotel: &Hotel, tool: &dyn Tool, policy: &ToolPolicy) -> Self {
        let charges = tool.side_effect() == SideEffect::Charge;
        let limit = policy.max_charge_minor.unwrap_or(hotel.settings.limits.per_charge_minor);
        Self {
            tool: tool.name().to_owned(),
            side_effect: tool.side_effect(),
            least_proof: tool.proof(),
            enabled: policy.enabled,
            proof: policy.proof,
            confirmation: charges,
            staff_approval: policy.staff_approval,
            max_charge: charges.then(|| hotel.money(limit.min(hotel.settings.limits.per_charge_minor))),
        }
    }
}

/// What is left out stays as it is.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyBody {
    pub enabled: Option<bool>,
    pub proof: Option<ProofNeed>,
    pub staff_approval: Option<bool>,
    /// Lower than the hotel's own limit; `null`: the hotel's.
    #[serde(default, deserialize_with = "super::given")]
    #[schema(value_type = Option<Money>)]
    pub max_charge: Option<Option<Money>>,
}

/// Every tool with its policy.
#[utoipa::path(get, path = "/properties/{property}/tools", tag = "tools",
    params(("property" = String, Path, description = "id or slug"), Paging), responses((status = 200, body = Page<ToolView>)))]
async fn list(
    State(web): State<Web>,
    caller: Caller,
    Path(property): Path<String>,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<ToolView>>, WebError> {
    let hotel = caller.hotel(&mut web.db.read().await?, &property, Role::Manager).await?;
    let rows = views(&web, &hotel).await?;
    Ok(Json(super::page_of(rows, &paging, |view| view.tool.clone(), |view| view)?))
}

/// In the order of the tools' own list.
pub async fn views(web: &Web, hotel: &Hotel) -> Result<Vec<ToolView>, WebError> {
    let book = book(web, hotel).await?;
    let view = |tool: &&'static dyn Tool| ToolView::new(&book.hotel, *tool, &tools::policy(&book, *tool));
    Ok(tools::list().iter().map(view).collect())
}

async fn book(web: &Web, hotel: &Hotel) -> Result<Arc<HotelBook>, WebError> {
    web.books.get(&mut web.db.read().await?, hotel.id, None).await?.ok_or(WebError::NotFound)
}

/// Changes a tool's policy; takes a manager.
#[utoipa::path(patch, path = "/properties/{property}/tools/{tool}", tag = "tools",
    params(("property" = String, Path, description = "id or slug"), ("tool" = String, Path)), request_body = PolicyBody,
    responses((status = 200, body = ToolView)))]
async fn change(
    State(web): State<Web>,
    caller: Caller,
    Path((property, tool)): Path<(String, String)>,
    Json(body): Json<PolicyBody>,
) -> Result<Json<ToolView>, WebError> {
    let hotel = caller.hotel(&mut web.db.read().await?, &property, Role::Manager).await?;
    Ok(Json(set(&web, &caller, &hotel, &tool, body).await?))
}

pub async fn set(
    web: &Web,
    caller: &Caller,
    hotel: &Hotel,
    name: &str,
    body: PolicyBody,
) -> Result<ToolView, WebError> {
    let tool = tools::find(name).ok_or(WebError::NotFound)?;
    let (clock, caller, property) = (web.clock.clone(), caller.clone(), hotel.id);
    web.db
        .write::<_, WebError, _>(move |tx| {
            Box::pin(async move {
                let hotel =
                    hotels::begin_change(tx, property, clock.now()).await?.ok_or(WebError::NotFound)?;
                let kept = policies::list(tx, property).await?.remove(tool.name());
                let before = kept.unwrap_or_else(|| own(tool));
                let after = changed(&hotel, tool, before.clone(), &body)?;
                policies::set(tx, property, tool.name(), &after, clock.now()).await?;
                let mut entry = caller.did("tool.changed", tool.name(), Some(property));
                entry.before = serde_json::to_value(&before).ok();
                entry.after = serde_json::to_value(&after).ok();
                audit::record(tx, &clock, entry).await?;
                Ok(ToolView::new(&hotel, tool, &after))
            })
        })
        .await
}

/// What a tool does where the hotel has said nothing.
fn own(tool: &dyn Tool) -> ToolPolicy {
    ToolPolicy { enabled: true, proof: tool.proof(), staff_approval: false, max_charge_minor: None }
}

fn changed(
    hotel: &Hotel,
    tool: &dyn Tool,
    mut policy: ToolPolicy,
    body: &PolicyBody,
) -> Result<ToolPolicy, WebError> {
    let refuse = |problem: String| Err(WebError::bad("bad_policy", sentences(&[problem])));
    policy.enabled = body.enabled.unwrap_or(policy.enabled);
    policy.staff_approval = body.staff_approval.unwrap_or(policy.staff_approval);
    if let Some(proof) = body.proof {
        if proof < tool.proof() {
            return refuse(format!(
                "proof: {} shows or changes what belongs to one guest: it always needs a proved stay",
                tool.name()
            ));
        }
        policy.proof = proof;
    }
    let is_hand_off = tool.side_effect() == SideEffect::HandOff;
    if is_hand_off && (!policy.enabled || policy.staff_approval || policy.proof != ProofNeed::None) {
        return refuse(format!(
            "{}: a guest can always have a person: it stays switched on, without proof",
            tool.name()
        ));
    }
    if let Some(limit) = body.max_charge {
        if tool.side_effect() != SideEffect::Charge && limit.is_some() {
            return refuse(format!("max_charge: {} charges nothing", tool.name()));
        }
        if let Some(limit) = limit {
            if limit.currency != hotel.currency {
                return refuse(format!("max_charge: this hotel's prices are in {}", hotel.currency));
            }
            let most = hotel.settings.limits.per_charge_minor;
            if !(0..=most).contains(&limit.amount_minor) {
                let most = hotel.money(most);
                return refuse(format!("max_charge: it lies between 0 and the hotel's own limit of {most}"));
            }
        }
        policy.max_charge_minor = limit.map(|limit| limit.amount_minor);
    }
    Ok(policy)
}
