//! Leaving later on the day of departure, by the hotel's policy.

use super::quotes::quote;
use super::{Outcome, Refusal, Tool, ToolCx, ToolError, effects, refuse, schema};
use crate::domain::effect::{EffectState, Plan};
use crate::domain::escalation::{Priority, Reason};
use crate::domain::hotel::LateCheckoutAnswer;
use crate::domain::proof::ProofNeed;
use crate::domain::stay::{Stay, StayState};
use crate::domain::tool_policy::SideEffect;
use crate::texts::Say;
use async_trait::async_trait;
use chrono::NaiveTime;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub(super) struct RequestLateCheckout;

#[derive(Deserialize, Serialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct Args {
    /// When the guest wants to leave, 24-hour clock: "13:00".
    time: String,
}

#[async_trait]
impl Tool for RequestLateCheckout {
    fn name(&self) -> &'static str {
        "request_late_checkout"
    }

    fn description(&self) -> &'static str {
        "A later check-out on the guest's own day of departure. The hotel's policy says whether it is free, quoted, or for \
         staff to decide."
    }

    fn parameters(&self) -> Value {
        schema::<Args>()
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
        cx.connector.stays().is_some()
    }

    async fn run(&self, cx: &ToolCx<'_>, arguments: Value) -> Result<Outcome, ToolError> {
        let args: Args = match super::arguments(arguments) {
            Ok(args) => args,
            Err(refused) => return Ok(refused),
        };
        let Ok(until) = NaiveTime::parse_from_str(args.time.trim(), "%H:%M") else {
            return Ok(refuse(Refusal::BadArguments, Say::WhichTime));
        };
        let stay = cx.stay()?;
        if let Some(agreed) = stay.checkout_until.filter(|agreed| until <= *agreed) {
            // Without a word of its price: the bill knows what it cost.
            let say = Say::LateCheckoutAllowed { until: agreed };
            return Ok(Outcome::Done { say, data: json!({ "already_agreed": true }), effect: None });
        }
        decide(cx, stay, until).await
    }
}

async fn decide(cx: &ToolCx<'_>, stay: &Stay, until: NaiveTime) -> Result<Outcome, ToolError> {
    let policy = cx.book.hotel.settings.late_checkout;
    let Some(stays) = cx.connector.stays() else {
        return Ok(refuse(Refusal::Unavailable, Say::NotUnderstood));
    };
    // Not knowing whether the room is let again is a reason to ask staff, not to promise.
    let let_again = stays.room_is_let_again(stay, stay.departs_on).await.unwrap_or(true);
    let plan = Plan::LateCheckout { on: stay.departs_on, until };
    match policy.answer(until, let_again) {
        LateCheckoutAnswer::AlreadyAllowed => {
            let say = Say::LateCheckoutAllowed { until: policy.standard };
            Ok(Outcome::Done { say, data: json!({ "allowed_until": policy.standard }), effect: None })
        }
        LateCheckoutAnswer::Free => {
            let effect = effects::run_now(cx, "request_late_checkout", plan, None).await?;
            if effect.state != EffectState::Succeeded {
                return Ok(effects::not_done(&effect, cx.lang));
            }
            let say = Say::LateCheckoutDone { until, total: None };
            Ok(Outcome::Done { say, data: json!({ "checkout_until": until }), effect: Some(effect) })
        }
        LateCheckoutAnswer::Paid { price_minor } => {
            let total = cx.book.hotel.money(price_minor);
            quote(cx, "request_late_checkout", plan, total).await
        }
        LateCheckoutAnswer::StaffDecide => Ok(Outcome::HandOff {
            reason: Reason::StaffDecide {
                tool: "request_late_checkout".to_owned(),
                why: format!("late check-out until {}", until.format("%H:%M")),
            },
            priority: Priority::Normal,
            say: Say::StaffDecide { phone: super::phone(cx.book) },
        }),
    }
}
