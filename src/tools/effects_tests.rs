//! Stories of hotel systems that do half of what they are asked.

use super::*;
use crate::connectors::{AfterCut, Filed, Folio, Folios, Posted, Requests, Step};
use crate::domain::ids::{ConversationId, EffectId, ItemId, PropertyId, StayId, TurnId};
use crate::domain::stay::StayState;
use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

/// Posts every charge and refuses every request.
struct Half;

impl Connector for Half {
    fn kind(&self) -> &'static str {
        "pms.half"
    }
    fn folios(&self) -> Option<&dyn Folios> {
        Some(self)
    }
    fn requests(&self) -> Option<&dyn Requests> {
        Some(self)
    }
    fn after_cut(&self, _: Step) -> AfterCut {
        AfterCut::Staff
    }
}

#[async_trait]
impl Folios for Half {
    async fn folio(&self, _: &Stay) -> Result<Folio, ConnectorError> {
        Err(ConnectorError::NotFound)
    }
    async fn post(&self, _: &Stay, posting: &Posting) -> Result<Posted, ConnectorError> {
        let (reference, amount) = (posting.reference.clone(), posting.amount);
        let posted_at = DateTime::UNIX_EPOCH;
        Ok(Posted { external_id: "1".to_owned(), voided: false, reference, amount, posted_at })
    }
    async fn find_posting(&self, _: &Stay, _: &str) -> Result<Option<Posted>, ConnectorError> {
        Ok(None)
    }
    async fn void(&self, _: &Stay, _: &str, _: Option<&str>) -> Result<(), ConnectorError> {
        Ok(())
    }
}

#[async_trait]
impl Requests for Half {
    async fn create(&self, _: &Stay, _: &Task) -> Result<Filed, ConnectorError> {
        Err(ConnectorError::Refused { why: "the kitchen is closed".to_owned() })
    }
    async fn find(&self, _: &str) -> Result<Option<Filed>, ConnectorError> {
        Ok(None)
    }
}

fn stay() -> Stay {
    Stay {
        id: StayId(Uuid::from_u128(1)),
        property_id: PropertyId(Uuid::from_u128(2)),
        source: "pms.half".to_owned(),
        external_id: "1".to_owned(),
        confirmation: "PN1".to_owned(),
        first_name: "Ines".to_owned(),
        last_name: "Alba".to_owned(),
        phone: None,
        email: None,
        lang: None,
        room: Some("12".to_owned()),
        state: StayState::InHouse,
        arrives_on: NaiveDate::MIN,
        departs_on: NaiveDate::MAX,
        checkout_until: None,
    }
}

fn effect(plan: Plan, total: Option<Money>) -> Effect {
    let at: DateTime<Utc> = DateTime::UNIX_EPOCH;
    Effect {
        id: EffectId(Uuid::from_u128(3)),
        property_id: PropertyId(Uuid::from_u128(2)),
        conversation_id: ConversationId(Uuid::from_u128(4)),
        stay_id: StayId(Uuid::from_u128(1)),
        turn_id: TurnId(Uuid::from_u128(5)),
        tool: "order_item".to_owned(),
        plan,
        total,
        state: EffectState::Sent,
        error: None,
        anchor_seq: 0,
        confirmed_seq: None,
        quoted_seq: None,
        expires_at: None,
        voided_at: None,
        created_at: at,
        updated_at: at,
    }
}

#[tokio::test]
async fn an_order_that_was_charged_and_not_asked_for_is_no_plain_failure() {
    let order = Plan::Order {
        item_id: ItemId(Uuid::from_u128(6)),
        item: "soup".to_owned(),
        quantity: 1,
        department: "kitchen".to_owned(),
        note: None,
    };
    let total = Money::new(900, "EUR".parse().unwrap());
    let said = perform(&Half, &stay(), &effect(order, Some(total))).await;
    assert!(matches!(&said, Err(ConnectorError::Unknown { why }) if why.contains("charged")), "{said:?}");
}

#[tokio::test]
async fn a_refused_request_that_cost_nothing_has_failed() {
    let towels =
        Plan::Request { kind: RequestKind::Towels, item: "towels".to_owned(), quantity: 2, note: None };
    let said = perform(&Half, &stay(), &effect(towels, None)).await;
    assert!(matches!(said, Err(ConnectorError::Refused { .. })), "{said:?}");
}
