//! The calls that an effect is made of, each under the effect's own id as reference. It must not write anything down.

use crate::connectors::{Connector, ConnectorError, Posting, Step, Task};
use crate::domain::effect::{Effect, Plan};
use crate::domain::request::RequestKind;
use crate::domain::stay::Stay;

/// In their order. A departure is set before it is charged: it can be refused for good reasons, and can be set again.
/// A charge is posted before the kitchen begins.
pub fn of(effect: &Effect, connector: &dyn Connector) -> Vec<Step> {
    let charge = effect.total.map(|_| Step::Charge);
    // Without a task list of its own, Bellhop's is the hotel's list.
    let task = connector.requests().map(|_| Step::Task);
    let steps = match &effect.plan {
        Plan::Request { .. } | Plan::Order { .. } => [charge, task],
        Plan::Charge { .. } => [charge, None],
        Plan::LateCheckout { .. } => [Some(Step::Departure), charge],
    };
    steps.into_iter().flatten().collect()
}

/// One call; gives the system's own key of a charge.
pub async fn perform(
    connector: &dyn Connector,
    stay: &Stay,
    effect: &Effect,
    step: Step,
) -> Result<Option<String>, ConnectorError> {
    match (step, posting(effect), task(stay, effect), &effect.plan) {
        (Step::Charge, Some(posting), _, _) => {
            let folios = connector.folios().ok_or_else(|| missing("a folio"))?;
            let posted = folios.post(stay, &posting).await?;
            match posted.voided {
                true => Err(taken_back()),
                false => Ok(Some(posted.external_id)),
            }
        }
        (Step::Task, _, Some(task), _) => {
            let requests = connector.requests().ok_or_else(|| missing("a list of requests"))?;
            requests.create(stay, &task).await.map(|_| None)
        }
        (Step::Departure, _, _, Plan::LateCheckout { on, until }) => {
            let stays = connector.stays().ok_or_else(|| missing("departures"))?;
            stays.set_checkout(stay, *on, *until, &effect.id.to_string()).await.map(|()| None)
        }
        (Step::Charge | Step::Task | Step::Departure, _, _, _) => Err(missing("this")),
    }
}

/// What the hotel's system shows of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// With the system's own key of a charge.
    Stands(Option<String>),
    /// Done, and undone by somebody at the hotel.
    Undone,
    /// Not there, or not there yet.
    Nothing,
}

/// Asks by our reference.
pub async fn look_up(
    connector: &dyn Connector,
    stay: &Stay,
    effect: &Effect,
    step: Step,
) -> Result<Seen, ConnectorError> {
    let reference = effect.id.to_string();
    match step {
        Step::Charge => {
            let folios = connector.folios().ok_or_else(|| missing("a folio"))?;
            match folios.find_posting(stay, &reference).await? {
                None => Ok(Seen::Nothing),
                Some(posted) if posted.voided => Ok(Seen::Undone),
                Some(posted) if Some(posted.amount) != effect.total => {
                    Err(ConnectorError::Unknown { why: "another amount stands on the bill".to_owned() })
                }
                Some(posted) => Ok(Seen::Stands(Some(posted.external_id))),
            }
        }
        Step::Task => {
            let requests = connector.requests().ok_or_else(|| missing("a list of requests"))?;
            Ok(requests.find(&reference).await?.map_or(Seen::Nothing, |_| Seen::Stands(None)))
        }
        // A departure cannot be asked for by reference; it can be set again.
        Step::Departure => Ok(Seen::Nothing),
    }
}

fn missing(what: &str) -> ConnectorError {
    ConnectorError::Refused { why: format!("this hotel's system does not offer {what}") }
}

fn taken_back() -> ConnectorError {
    ConnectorError::Refused { why: "the charge was posted and taken back at the hotel".to_owned() }
}

fn posting(effect: &Effect) -> Option<Posting> {
    let amount = effect.total?;
    let reference = effect.id.to_string();
    Some(Posting { reference, description: effect.plan.item(), quantity: effect.plan.quantity(), amount })
}

/// What the hotel's people have to do for it; `None`: nothing.
pub fn task(stay: &Stay, effect: &Effect) -> Option<Task> {
    let (kind, item, quantity, department) = match &effect.plan {
        Plan::Request { kind, item, quantity, .. } => (*kind, item, *quantity, kind.department().to_owned()),
        Plan::Order { item, quantity, department, .. } => {
            (RequestKind::Order, item, *quantity, department.clone())
        }
        Plan::Charge { .. } | Plan::LateCheckout { .. } => return None,
    };
    Some(Task {
        reference: effect.id.to_string(),
        conversation: Some(effect.conversation_id),
        kind,
        item: item.clone(),
        quantity,
        room: stay.room.clone(),
        department,
        due_at: None,
    })
}
