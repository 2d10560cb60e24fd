//! A paid extra on the guest's bill (transfer, parking): quoted here, posted when the guest agrees.

use super::quotes::{Wanted, quote_item};
use super::{Outcome, Tool, ToolCx, ToolError, schema};
use crate::domain::item::ItemKind;
use crate::domain::proof::ProofNeed;
use crate::domain::stay::StayState;
use crate::domain::tool_policy::SideEffect;
use async_trait::async_trait;
use serde_json::Value;

pub(super) struct PostCharge;

#[async_trait]
impl Tool for PostCharge {
    fn name(&self) -> &'static str {
        "post_charge"
    }

    fn description(&self) -> &'static str {
        "A paid extra from the hotel's list, such as an airport transfer, on the guest's own bill. It gives a quote; the \
         system tells the guest the price and books only after the guest's own yes."
    }

    fn parameters(&self) -> Value {
        schema::<Wanted>()
    }

    fn side_effect(&self) -> SideEffect {
        SideEffect::Charge
    }

    fn proof(&self) -> ProofNeed {
        ProofNeed::Stay
    }

    fn allowed_in(&self, state: StayState) -> bool {
        state == StayState::InHouse
    }

    fn available(&self, cx: &ToolCx<'_>) -> bool {
        cx.connector.folios().is_some()
    }

    async fn run(&self, cx: &ToolCx<'_>, arguments: Value) -> Result<Outcome, ToolError> {
        quote_item(cx, self.name(), arguments, &[ItemKind::Extra]).await
    }
}
