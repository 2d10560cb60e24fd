//! The guest's own reservation. It takes no arguments: which one it is was proved before.

use super::{Outcome, Tool, ToolCx, ToolError, schema};
use crate::domain::proof::ProofNeed;
use crate::domain::stay::StayState;
use crate::domain::tool_policy::SideEffect;
use crate::texts::{ReservationText, Say};
use async_trait::async_trait;
use serde::Deserialize;
use serde_json::{Value, json};

pub(super) struct LookupReservation;

#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct Args {}

#[async_trait]
impl Tool for LookupReservation {
    fn name(&self) -> &'static str {
        "lookup_reservation"
    }

    fn description(&self) -> &'static str {
        "The guest's own reservation: dates, room, state. When it answers needs_proof, ask the guest for confirmation \
         number and surname; the system checks them itself."
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
        state != StayState::Cancelled
    }

    fn available(&self, cx: &ToolCx<'_>) -> bool {
        cx.connector.reservations().is_some()
    }

    async fn run(&self, cx: &ToolCx<'_>, arguments: Value) -> Result<Outcome, ToolError> {
        if let Err(refused) = super::arguments::<Args>(arguments) {
            return Ok(refused);
        }
        let stay = cx.stay()?;
        let data = json!({
            "confirmation": stay.confirmation,
            "state": stay.state,
            "room": stay.room,
            "arrives_on": stay.arrives_on,
            "departs_on": stay.departs_on,
            "checkout_until": stay.checkout_until,
        });
        let say = Say::Reservation(ReservationText {
            confirmation: stay.confirmation.clone(),
            state: stay.state,
            room: stay.room.clone(),
            arrives_on: stay.arrives_on,
            departs_on: stay.departs_on,
            checkout_until: stay.checkout_until,
        });
        Ok(Outcome::Done { say, data, effect: None })
    }
}
