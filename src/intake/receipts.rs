//! Delivery receipts: they come twice and out of order; a message only moves forward, and staff hear of one that is lost.

use super::{Intake, IntakeError};
use crate::channels::Receipt;
use crate::clock::Clock;
use crate::domain::ids::IntegrationId;
use crate::domain::message::{Delivery, SendState};
use crate::outbox;
use crate::store::outbox::OutboxRow;
use crate::store::{DbError, Tx, conversations, messages, opt_outs, outbox as rows};

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
    // The conversation first, as everywhere: two units that lock it and a message must not wait for each other.
    let mut conversation = match (row.conversation_id, receipt.delivery) {
        (Some(id), Delivery::Failed) => conversations::lock(tx, id).await?,
        (_, _) => None,
    };
    if receipt.opted_out {
        opt_outs::insert(tx, row.property_id, &row.channel, &row.address, "STOP", now).await?;
    }
    if matches!(row.state, SendState::Unknown | SendState::Sending) {
        rows::set_known(tx, &row, &receipt.vendor_id, now).await?;
    }
    let Some(message) = row.message_id else { return Ok(()) };
    let reason = receipt.reason.as_deref().filter(|_| receipt.delivery == Delivery::Failed);
    let moved = messages::advance(tx, message, receipt.delivery, reason).await?;
    match &mut conversation {
        // The guest believes to have no answer: once per message, a person should know.
        Some(conversation) if moved => {
            let why = reason.unwrap_or("the carrier did not deliver it");
            let once = Some(format!("undelivered:{message}"));
            outbox::call_staff(tx, clock, conversation, why, once).await
        }
        Some(_) | None => Ok(()),
    }
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
