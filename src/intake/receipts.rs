//! Delivery receipts: they come twice and out of order; a message only moves forward.

use super::{Intake, IntakeError};
use crate::channels::Receipt;
use crate::domain::ids::IntegrationId;
use crate::domain::message::{Delivery, Message, SendState};
use crate::outbox;
use crate::store::outbox::OutboxRow;
use crate::store::{DbError, Tx, conversations, messages, opt_outs, outbox as rows};
use chrono::{DateTime, Utc};

/// Applies a vendor's receipt. An unknown message is no error: it may be another system's.
pub async fn receipt(
    intake: &Intake,
    integration: IntegrationId,
    receipt: Receipt,
) -> Result<(), IntakeError> {
    let now = intake.clock.now();
    intake
        .db
        .write(move |tx| {
            Box::pin(async move { apply(tx, integration, &receipt, now).await.map_err(IntakeError::Db) })
        })
        .await
}

async fn apply(
    tx: &mut Tx,
    integration: IntegrationId,
    receipt: &Receipt,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let Some(row) = find_row(tx, integration, receipt).await? else { return Ok(()) };
    if receipt.opted_out {
        opt_outs::insert(tx, row.property_id, &row.channel, &row.address, "STOP", now).await?;
    }
    if row.state == SendState::Unknown {
        rows::set_known(tx, &row, &receipt.vendor_id, now).await?;
    }
    let Some(message) = row.message_id else { return Ok(()) };
    let Some(message) = messages::find(tx, message).await? else { return Ok(()) };
    merge(tx, &message, receipt).await
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

async fn merge(tx: &mut Tx, message: &Message, receipt: &Receipt) -> Result<(), DbError> {
    let merged = message.delivery.merge(receipt.delivery);
    if merged == message.delivery {
        return Ok(());
    }
    let reason = if merged == Delivery::Failed { receipt.reason.as_deref() } else { None };
    messages::set_delivery(tx, message.id, merged, reason).await?;
    if let Some(conversation) = conversations::find(tx, message.conversation_id).await? {
        outbox::ring(tx, &conversation);
    }
    Ok(())
}
