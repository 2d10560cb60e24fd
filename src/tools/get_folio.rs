//! The guest's own bill.

use super::{Outcome, Refusal, Tool, ToolCx, ToolError, refuse, schema};
use crate::connectors::FolioLine;
use crate::domain::proof::ProofNeed;
use crate::domain::stay::StayState;
use crate::domain::tool_policy::SideEffect;
use crate::texts::Say;
use async_trait::async_trait;
use serde::Deserialize;
use serde_json::{Value, json};

pub(super) struct GetFolio;

#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct Args {}

#[async_trait]
impl Tool for GetFolio {
    fn name(&self) -> &'static str {
        "get_folio"
    }

    fn description(&self) -> &'static str {
        "The lines and the balance of the guest's own bill."
    }

    fn parameters(&self) -> Value {
        schema::<Args>()
    }

    fn side_effect(&self) -> SideEffect {
        SideEffect::None
    }

    fn proof(&self) -> ProofNeed {
        ProofNeed::Stay
    }

    fn allowed_in(&self, state: StayState) -> bool {
        matches!(state, StayState::InHouse | StayState::Left)
    }

    fn available(&self, cx: &ToolCx<'_>) -> bool {
        cx.connector.folios().is_some()
    }

    async fn run(&self, cx: &ToolCx<'_>, arguments: Value) -> Result<Outcome, ToolError> {
        if let Err(refused) = super::arguments::<Args>(arguments) {
            return Ok(refused);
        }
        let stay = cx.stay()?;
        let Some(folios) = cx.connector.folios() else {
            return Ok(refuse(Refusal::Unavailable, Say::NotUnderstood));
        };
        match folios.folio(stay).await {
            Ok(folio) => {
                let lines: Vec<_> = folio.lines.iter().map(|line| (text(line), line.amount)).collect();
                let data = json!({
                    "lines": lines.iter().map(|(text, amount)| json!({ "text": text, "amount": amount.to_string() })).collect::<Vec<_>>(),
                    "balance": folio.balance.to_string(),
                });
                Ok(Outcome::Done { say: Say::Bill { lines, balance: folio.balance }, data, effect: None })
            }
            Err(error) => {
                tracing::warn!(%error, "the folio could not be read");
                Ok(refuse(Refusal::Failed, Say::Trouble { phone: super::phone(cx.book) }))
            }
        }
    }
}

/// "Bottle of water × 2", or the description alone.
fn text(line: &FolioLine) -> String {
    match line.quantity {
        1 => line.description.clone(),
        quantity => format!("{} × {quantity}", line.description),
    }
}
