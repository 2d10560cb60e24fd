//! What a vendor's webhook told, brought to where it is stored. It must not judge what a message means.

use super::notes::{Follows, note};
use super::{Arrival, CarrierWord, Intake, IntakeError, Stored, accept, receipt};
use crate::channels::{Channel, InboundEvent, InboundMessage};
use crate::domain::hotel::Hotel;
use crate::domain::ids::IntegrationId;
use crate::store::integrations;
use std::sync::Arc;

/// Stores one verified event of an account's webhook; a receipt gives nothing back.
pub async fn event(
    intake: &Intake,
    channel: &'static dyn Channel,
    hotel: &Arc<Hotel>,
    integration: IntegrationId,
    event: InboundEvent,
) -> Result<Option<Stored>, IntakeError> {
    let placed = |message| arrival(channel, hotel, integration, message);
    let (message, word) = match event {
        InboundEvent::Receipt(told) => return receipt(intake, integration, told).await.map(|()| None),
        InboundEvent::Trouble(why) => return trouble(intake, integration, why).await.map(|()| None),
        InboundEvent::Note { message, calls_staff } => {
            let follows = if calls_staff { Follows::Call } else { Follows::Nothing };
            return note(intake, placed(message), follows).await;
        }
        InboundEvent::Moved { message, address, lasting_id } => {
            return note(intake, placed(message), Follows::Move { address, lasting_id }).await;
        }
        InboundEvent::Message(message) => (message, None),
        InboundEvent::OptOut { message, word } => (message, Some(CarrierWord::OptOut(word))),
        InboundEvent::OptIn { message, word, only_if_opted_out } => {
            (message, Some(CarrierWord::OptIn { word, only_if_opted_out }))
        }
        InboundEvent::Help { message, word } => (message, Some(CarrierWord::Help(word))),
    };
    accept(intake, Arrival { word, ..placed(message) }).await.map(Some)
}

fn arrival(
    channel: &'static dyn Channel,
    hotel: &Arc<Hotel>,
    integration: IntegrationId,
    message: InboundMessage,
) -> Arrival {
    let InboundMessage { vendor_id, from, lasting_id, text, media, button, choice, sent_at, to: _ } = message;
    Arrival {
        hotel: hotel.clone(),
        channel: channel.name(),
        capability: channel.capability(),
        integration_id: Some(integration),
        conversation: None,
        address: from,
        lasting_id,
        vendor_id,
        text,
        sent_at,
        media,
        button,
        choice,
        word: None,
    }
}

/// The console shows it with the account.
async fn trouble(intake: &Intake, integration: IntegrationId, why: String) -> Result<(), IntakeError> {
    tracing::warn!(%integration, "a channel's vendor reports trouble with the account");
    let now = intake.clock.now();
    let noted = intake.db.write::<_, IntakeError, _>(move |tx| {
        Box::pin(async move { Ok(integrations::note_health(tx, integration, Err(&why), now).await?) })
    });
    noted.await
}
