//! Something from the hotel's menu, brought to the room: quoted here, carried out when the guest agrees.

use super::quotes::{Wanted, quote_item};
use super::{Outcome, Tool, ToolCx, ToolError, schema};
use crate::domain::item::ItemKind;
use crate::domain::proof::ProofNeed;
use crate::domain::stay::StayState;
use crate::domain::tool_policy::SideEffect;
use async_trait::async_trait;
use serde_json::Value;

pub(super) struct OrderItem;

#[async_trait]
impl Tool for OrderItem {
    fn name(&self) -> &'static str {
        "order_item"
    }

    fn description(&self) -> &'static str {
        "Food and drinks from the hotel's menu to the guest's own room. It gives a quote; the system tells the guest the \
         price and orders only after the guest's own yes. Call it again when the guest changes item or quantity."
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
        quote_item(cx, self.name(), arguments, &[ItemKind::Menu, ItemKind::Extra]).await
    }
}
