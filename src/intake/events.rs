//! What a vendor's webhook told, brought to where it is stored. It must not judge what a message means.

use super::{Arrival, CarrierWord, Intake, IntakeError, Stored, accept, receipt};
use crate::channels::{Channel, InboundEvent, InboundMessage};
use crate::domain::hotel::Hotel;
use crate::domain::ids::IntegrationId;
use std::sync::Arc;

/// Stores one verified event of an account's webhook; a receipt gives nothing back.
pub async fn event(
    intake: &Intake,
    channel: &'static dyn Channel,
    hotel: &Arc<Hotel>,
    integration: IntegrationId,
    event: InboundEvent,
) -> Result<Option<Stored>, IntakeError> {
    let (message, word) = match event {
        InboundEvent::Receipt(told) => return receipt(intake, integration, told).await.map(|()| None),
        InboundEvent::Message(message) => (message, None),
        InboundEvent::OptOut { message, word } => (message, Some(CarrierWord::OptOut(word))),
        InboundEvent::OptIn { message, word, only_if_opted_out } => {
            (message, Some(CarrierWord::OptIn { word, only_if_opted_out }))
        }
        InboundEvent::Help { message, word } => (message, Some(CarrierWord::Help(word))),
    };
    let InboundMessage { vendor_id, from, text, media, button, to: _, sent_at: _ } = message;
    let arrival = Arrival {
        hotel: hotel.clone(),
        channel: channel.name(),
        capability: channel.capability(),
        integration_id: Some(integration),
        conversation: None,
        address: from,
        vendor_id,
        text,
        media,
        button,
        word,
    };
    accept(intake, arrival).await.map(Some)
}
