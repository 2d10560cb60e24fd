//! Work for the hotel's people that costs nothing: towels, amenities, cleaning, a fault.

use super::{Outcome, Refusal, Tool, ToolCx, ToolError, effects, refuse, schema};
use crate::domain::effect::{EffectState, Plan};
use crate::domain::proof::ProofNeed;
use crate::domain::request::RequestKind;
use crate::domain::stay::StayState;
use crate::domain::tool_policy::SideEffect;
use crate::texts::{self, Say};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub(super) struct RequestService;

/// What is wanted.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Service {
    Towels,
    Amenity,
    Cleaning,
    Fault,
}

#[derive(Deserialize, Serialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct Args {
    kind: Service,
    /// The thing, in a word or two: "towels", "extra pillow", "shower".
    #[serde(default)]
    item: Option<String>,
    #[serde(default)]
    quantity: Option<u32>,
}

#[async_trait]
impl Tool for RequestService {
    fn name(&self) -> &'static str {
        "request_service"
    }

    fn description(&self) -> &'static str {
        "Asks the hotel's people for towels, an amenity (pillow, iron, toothbrush …), cleaning, or to repair a fault, \
         for the guest's own room. Free of charge."
    }

    fn parameters(&self) -> Value {
        schema::<Args>()
    }

    fn side_effect(&self) -> SideEffect {
        SideEffect::Request
    }

    fn proof(&self) -> ProofNeed {
        ProofNeed::Stay
    }

    fn allowed_in(&self, state: StayState) -> bool {
        matches!(state, StayState::Expected | StayState::InHouse)
    }

    fn available(&self, _cx: &ToolCx<'_>) -> bool {
        true
    }

    async fn run(&self, cx: &ToolCx<'_>, arguments: Value) -> Result<Outcome, ToolError> {
        let args: Args = match super::arguments(arguments) {
            Ok(args) => args,
            Err(refused) => return Ok(refused),
        };
        let max = cx.book.hotel.settings.limits.max_quantity;
        let quantity = args.quantity.unwrap_or(1).max(1);
        if quantity > max {
            return Ok(refuse(Refusal::TooMany, Say::TooMany { max }));
        }
        let kind = match args.kind {
            Service::Towels => RequestKind::Towels,
            Service::Amenity => RequestKind::Amenity,
            Service::Cleaning => RequestKind::Cleaning,
            Service::Fault => RequestKind::Fault,
        };
        let item = plain(args.item.as_deref()).unwrap_or_else(|| texts::service(kind, cx.lang).to_owned());
        let plan = Plan::Request { kind, item, quantity, note: Some(cx.guests_words()) };
        let effect = effects::run_now(cx, self.name(), plan, None).await?;
        let stay = cx.stay()?;
        // Of what was asked for: an earlier turn may have worded the same wish otherwise.
        let (item, quantity) = (effect.plan.item(), effect.plan.quantity());
        Ok(match effect.state {
            EffectState::Succeeded => {
                let say = match stay.state {
                    StayState::InHouse => Say::Requested { kind, item, quantity, room: stay.room.clone() },
                    StayState::Expected | StayState::Left | StayState::Cancelled => {
                        Say::NotedForArrival { item, quantity }
                    }
                };
                Outcome::Done {
                    say,
                    data: json!({ "requested": kind, "quantity": quantity }),
                    effect: Some(effect),
                }
            }
            EffectState::Proposed
            | EffectState::Confirmed
            | EffectState::Sent
            | EffectState::Unknown
            | EffectState::Failed => effects::not_done(&effect, cx.lang),
        })
    }
}

/// A word or two without digits: a model must not slip a room or an amount into what staff read.
fn plain(item: Option<&str>) -> Option<String> {
    let item = item?.split_whitespace().collect::<Vec<_>>().join(" ");
    let fits = |c: char| c.is_alphabetic() || c == ' ' || c == '-' || c == '\'';
    let short = !item.is_empty() && item.chars().count() <= 60;
    (short && item.chars().all(fits)).then_some(item)
}
