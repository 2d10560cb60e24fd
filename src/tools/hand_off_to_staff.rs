//! Calls a person.

use super::{Outcome, Tool, ToolCx, ToolError, schema};
use crate::domain::escalation::{Priority, Reason};
use crate::domain::proof::ProofNeed;
use crate::domain::stay::StayState;
use crate::domain::tool_policy::SideEffect;
use crate::texts::Say;
use async_trait::async_trait;
use serde::Deserialize;
use serde_json::Value;

pub(super) struct HandOffToStaff;

/// Why a person is called.
#[derive(Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Why {
    AskedForPerson,
    Complaint,
    CannotHelp,
}

#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct Args {
    why: Why,
}

#[async_trait]
impl Tool for HandOffToStaff {
    fn name(&self) -> &'static str {
        "hand_off_to_staff"
    }

    fn description(&self) -> &'static str {
        "Calls a member of staff into this conversation: when the guest wants a person, complains, or you cannot help."
    }

    fn parameters(&self) -> Value {
        schema::<Args>()
    }

    fn side_effect(&self) -> SideEffect {
        SideEffect::HandOff
    }

    fn proof(&self) -> ProofNeed {
        ProofNeed::None
    }

    fn allowed_in(&self, _state: StayState) -> bool {
        true
    }

    fn available(&self, _cx: &ToolCx<'_>) -> bool {
        true
    }

    async fn run(&self, cx: &ToolCx<'_>, arguments: Value) -> Result<Outcome, ToolError> {
        let args: Args = match super::arguments(arguments) {
            Ok(args) => args,
            Err(refused) => return Ok(refused),
        };
        let tool = self.name().to_owned();
        let (reason, priority) = match args.why {
            Why::AskedForPerson => (Reason::AskedForPerson { words: cx.guests_words() }, Priority::Normal),
            Why::Complaint => {
                (Reason::StaffDecide { tool, why: "the guest complains".to_owned() }, Priority::High)
            }
            Why::CannotHelp => {
                (Reason::NoAnswer { why: "the assistant could not help".to_owned() }, Priority::Normal)
            }
        };
        Ok(Outcome::HandOff { reason, priority, say: Say::HandedOff { phone: super::phone(cx.book) } })
    }
}
