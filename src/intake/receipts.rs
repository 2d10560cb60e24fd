//! Delivery receipts: they come twice and out of order; a message only moves forward, and staff hear of one that is lost.

use super::{Intake, IntakeError};
use crate::channels::Receipt;
use crate::clock::Clock;
use crate::domain::conversation::Conversation;
use crate::domain::escalation::{Priority, Reason};
use crate::domain::ids::IntegrationId;
use crate::domain::message::{Delivery, Message, SendState};
use crate::outbox;
use crate::store::escalations::{self, Call};
use crate::store::outbox::OutboxRow;
use crate::store::{DbError, Tx, conversations, hotels, messages, opt_outs, outbox as rows};

/// Applies a vendor's receipt. An unknown message is no error: it may be another system's.
pub async fn receipt(
    intake: &Intake,
    integration: IntegrationId,
    receipt: Receipt,
) -> Result<(), IntakeError> {
    let clock = intake.clock.clone();
    intake
        .db
        .write(move |tx| {
            Box::pin(async move { apply(tx, &clock, integration, &receipt).await.map_err(IntakeError::Db) })
        })
        .await
}

async fn apply(
    tx: &mut Tx,
    clock: &Clock,
    integration: IntegrationId,
    receipt: &Receipt,
) -> Result<(), DbError> {
    let now = clock.now();
    let Some(row) = find_row(tx, integration, receipt).await? else { return Ok(()) };
    if receipt.opted_out {
        opt_outs::insert(tx, row.property_id, &row.channel, &row.address, "STOP", now).await?;
    }
    if row.state == SendState::Unknown {
        rows::set_known(tx, &row, &receipt.vendor_id, now).await?;
    }
    let Some(message) = row.message_id else { return Ok(()) };
    let Some(message) = messages::find(tx, message).await? else { return Ok(()) };
    merge(tx, clock, &message, receipt).await
}

async fn find_row(
    tx: &mut Tx,
    integration: IntegrationId,
    receipt: &Receipt,
) -> Result<Option<OutboxRow>, DbError> {
    if let Some(row) = rows::find_by_vendor_id(tx, integration, &receipt.vendor_id).await? {
        return Ok(Some(row));
    }
    // The answer to our sending was lost, but the receipt carries our own reference.
    let Some(id) = receipt.reference.as_deref().and_then(|reference| reference.parse().ok()) else {
        return Ok(None);
    };
    let row = rows::find(tx, id).await?;
    Ok(row.filter(|row| row.integration_id == Some(integration)))
}

async fn merge(tx: &mut Tx, clock: &Clock, message: &Message, receipt: &Receipt) -> Result<(), DbError> {
    let merged = message.delivery.merge(receipt.delivery);
    if merged == message.delivery {
        return Ok(());
    }
    let reason = if merged == Delivery::Failed { receipt.reason.as_deref() } else { None };
    messages::set_delivery(tx, message.id, merged, reason).await?;
    let Some(mut conversation) = conversations::lock(tx, message.conversation_id).await? else {
        return Ok(());
    };
    if merged == Delivery::Failed {
        call_staff(tx, clock, &mut conversation, message, reason).await?;
    }
    outbox::ring(tx, &conversation);
    Ok(())
}

/// The guest believes to have no answer: once per message, a person should know.
async fn call_staff(
    tx: &mut Tx,
    clock: &Clock,
    conversation: &mut Conversation,
    message: &Message,
    why: Option<&str>,
) -> Result<(), DbError> {
    let Some(hotel) = hotels::find(tx, conversation.property_id).await? else { return Ok(()) };
    let why = why.unwrap_or("the carrier did not deliver it").to_owned();
    let mut call = Call::new(Reason::Undelivered { why }, Priority::Normal);
    call.once_key = Some(format!("undelivered:{}", message.id));
    if escalations::raise(tx, clock, &hotel, conversation, &call).await? {
        conversations::update(tx, conversation).await?;
    }
    Ok(())
}
