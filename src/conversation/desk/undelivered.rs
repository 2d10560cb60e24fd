//! What did not get through, as staff deal with it: sent once more, or let be. Two who do so at once do it once.

use super::{Desk, DeskError, audit, decide, lock};
use crate::domain::ids::{ConversationId, MessageId, OutboxId};
use crate::domain::message::{Author, Delivery, Message};
use crate::domain::people::Staff;
use crate::outbox;
use crate::store::outbox as rows;
use crate::store::{Bell, messages, opt_outs, undelivered};
use serde_json::json;

impl Desk {
    /// Sends a message that failed, or whose fate is in doubt, once more: a person has decided so.
    pub async fn retry(
        &self,
        by: Staff,
        id: ConversationId,
        message: MessageId,
    ) -> Result<Message, DeskError> {
        let clock = self.clock.clone();
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let c = lock(tx, id).await?;
                    let found = messages::find(tx, message).await?;
                    let lost = found.filter(|m| m.conversation_id == c.id && !m.private);
                    let lost = lost.filter(|m| m.author != Author::Guest).ok_or(DeskError::NotFound)?;
                    if !matches!(lost.delivery, Delivery::Failed | Delivery::Unknown) {
                        return Err(DeskError::NotLost { delivery: lost.delivery });
                    }
                    if undelivered::is_being_asked(tx, message).await? {
                        return Err(DeskError::BeingAsked);
                    }
                    if let Some(word) = opt_outs::find(tx, c.property_id, &c.channel, &c.address).await? {
                        return Err(DeskError::Blocked { why: outbox::blocked_by(&c.channel, &word) });
                    }
                    if c.is_window_closed(clock.now()) {
                        return Err(DeskError::WindowClosed);
                    }
                    outbox::enqueue_again(tx, &clock, &c, &lost).await?;
                    decide(tx, &clock, &by, &c, "sent_again", json!({ "message": lost.id })).await?;
                    let subject = lost.id.to_string();
                    audit(tx, &clock, &by, c.property_id, "message.sent_again", subject, None).await?;
                    tx.ring(Bell::Desk { property: c.property_id });
                    Ok(Message { delivery: Delivery::Queued, delivery_reason: None, ..lost })
                })
            })
            .await
    }

    /// Sends a lost alert to the same number once more.
    pub async fn retry_alert(&self, by: Staff, id: OutboxId) -> Result<(), DeskError> {
        let clock = self.clock.clone();
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let lost = rows::find(tx, id).await?.ok_or(DeskError::NotFound)?;
                    if !undelivered::close(tx, id, clock.now()).await? {
                        return Err(DeskError::DealtWith);
                    }
                    outbox::enqueue_alert_again(tx, &clock, &lost).await?;
                    let subject = id.to_string();
                    audit(tx, &clock, &by, lost.property_id, "alert.sent_again", subject, None).await?;
                    tx.ring(Bell::Desk { property: lost.property_id });
                    Ok(())
                })
            })
            .await
    }

    /// It needs nobody any more: the guest was called, or has been answered otherwise. Again changes nothing.
    pub async fn let_be(&self, by: Staff, id: OutboxId) -> Result<(), DeskError> {
        let clock = self.clock.clone();
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let lost = rows::find(tx, id).await?.ok_or(DeskError::NotFound)?;
                    if undelivered::close(tx, id, clock.now()).await? {
                        let subject = id.to_string();
                        audit(tx, &clock, &by, lost.property_id, "message.let_be", subject, None).await?;
                        tx.ring(Bell::Desk { property: lost.property_id });
                    }
                    Ok(())
                })
            })
            .await
    }
}
