//! The page of tools: what the assistant may do, as sentences, and how far.

use super::fields::{Fields, money};
use super::shell::{Shell, Which, form_problem, show};
use crate::domain::money::Money;
use crate::domain::proof::ProofNeed;
use crate::domain::tool_policy::SideEffect;
use crate::web::api::tools::{self as api, PolicyBody, ToolView};
use crate::web::error::WebError;
use crate::web::extract::{Form, Query};
use crate::web::{Caller, Web};
use askama::Template;
use axum::extract::State;
use axum::response::Response;

#[derive(Template)]
#[template(path = "console/tools.html")]
struct ToolsPage {
    frame: Shell,
    tools: Vec<ToolForm>,
}

impl ToolsPage {
    /// The hotel's own limit for one charge.
    fn limit(&self) -> Money {
        self.frame.at.money(self.frame.at.settings.limits.per_charge_minor)
    }
}

struct ToolForm {
    view: ToolView,
    /// As typed.
    limit: String,
    problem: Option<String>,
}

impl ToolForm {
    /// What a manager calls it.
    fn name(&self) -> String {
        let known = match self.view.tool.as_str() {
            "lookup_reservation" => "Tell guests about their reservation",
            "get_folio" => "Tell guests their bill",
            "request_service" => "Send towels, cleaning and repairs",
            "order_item" => "Take orders from the menu",
            "post_charge" => "Sell extras, such as a transfer",
            "request_late_checkout" => "Agree to a late check-out",
            "search_facts" => "Answer from the hotel's facts",
            "hand_off_to_staff" => "Call a person",
            other => return other.replace('_', " "),
        };
        known.to_owned()
    }

    fn charges(&self) -> bool {
        self.view.side_effect == SideEffect::Charge
    }

    /// Whether there is anything that a manager can change.
    fn is_fixed(&self) -> bool {
        self.view.side_effect == SideEffect::HandOff
    }

    /// Whether the tool's own demand leaves no choice.
    fn always_proof(&self) -> bool {
        self.view.least_proof == ProofNeed::Stay
    }

    fn needs_proof(&self) -> bool {
        self.view.proof == ProofNeed::Stay
    }

    fn changes_something(&self) -> bool {
        matches!(self.view.side_effect, SideEffect::Charge | SideEffect::Request)
    }

    /// The whole policy in words.
    fn sentence(&self) -> String {
        if self.is_fixed() {
            return "Always: a guest can have a person whenever they ask for one.".to_owned();
        }
        if !self.view.enabled {
            return "Switched off: the assistant says that it cannot do this.".to_owned();
        }
        let who = if self.needs_proof() {
            "For guests who have shown which stay is theirs"
        } else {
            "For everybody"
        };
        let mut text = who.to_owned();
        if self.view.staff_approval && self.changes_something() {
            text.push_str("; staff decide every time");
        } else if let Some(limit) = &self.view.max_charge {
            text.push_str(&format!("; after the guest has agreed to the price; above {limit} staff decide"));
        }
        text.push('.');
        text
    }
}

pub(super) async fn page(
    State(web): State<Web>,
    caller: Caller,
    Query(which): Query<Which>,
) -> Result<Response, WebError> {
    let frame = Shell::open(&web, &caller, &which, "/tools").await?;
    show(&draw(&web, frame).await?, false)
}

async fn draw(web: &Web, frame: Shell) -> Result<ToolsPage, WebError> {
    let views = api::views(web, &frame.at).await?;
    let form = |view: ToolView| ToolForm {
        limit: view.max_charge.map(|limit| limit.amount()).unwrap_or_default(),
        view,
        problem: None,
    };
    Ok(ToolsPage { frame, tools: views.into_iter().map(form).collect() })
}

/// Saves one tool's policy.
pub(super) async fn act(
    State(web): State<Web>,
    caller: Caller,
    Query(which): Query<Which>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    let frame = Shell::open(&web, &caller, &which, "/tools").await?;
    let fields = Fields(fields);
    let tool = fields.get("tool");
    match set(&web, &caller, &frame, &fields).await {
        Ok(_) => Ok(frame.back("saved", "")),
        Err(error) => {
            let problem = form_problem(error)?;
            let mut page = draw(&web, frame).await?;
            if let Some(form) = page.tools.iter_mut().find(|form| form.view.tool == tool) {
                form.problem = Some(problem);
                form.limit = fields.get("limit").to_owned();
                form.view.enabled = fields.is("enabled", "yes");
                form.view.staff_approval = fields.is("staff_approval", "yes");
            }
            show(&page, true)
        }
    }
}

async fn set(web: &Web, caller: &Caller, frame: &Shell, fields: &Fields) -> Result<ToolView, WebError> {
    let limit = match fields.get("limit") {
        "" => None,
        text => {
            let read = money(text, frame.at.currency);
            Some(read.map_err(|problem| WebError::bad("bad_policy", format!("{problem}.")))?)
        }
    };
    let body = PolicyBody {
        enabled: Some(fields.is("enabled", "yes")),
        proof: Some(if fields.is("proof", "stay") { ProofNeed::Stay } else { ProofNeed::None }),
        staff_approval: Some(fields.is("staff_approval", "yes")),
        max_charge: Some(limit),
    };
    api::set(web, caller, &frame.at, fields.get("tool"), body).await
}
