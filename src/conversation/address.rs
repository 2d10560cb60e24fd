//! The first proof: an address that the channel itself vouches for, if exactly one stay has it.

use super::proof::bind;
use super::turn::{Turn, TurnError};
use crate::channels;
use crate::domain::phone;
use crate::domain::proof::Proof;
use chrono::TimeDelta;

/// How long a look-up that found nothing counts.
const AGAIN_AFTER: TimeDelta = TimeDelta::minutes(10);

/// Binds the conversation to the one stay with the guest's address, where the channel vouches for it.
pub(super) async fn check(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    let vouched = channels::by_name(&turn.conversation.channel)
        .is_some_and(|channel| channel.capability().vouches_for_address);
    let now = turn.engine.clock.now();
    let recent = turn.draft.memory.address_checked_at.is_some_and(|at| now - at < AGAIN_AFTER);
    if !vouched || turn.stay.is_some() || recent {
        return Ok(());
    }
    let connector = turn.connector.clone();
    let Some(reservations) = connector.reservations() else { return Ok(()) };
    let address = turn.conversation.address.clone();
    let found = if address.contains('@') {
        reservations.by_email(&address).await
    } else if phone::normalise(&address, None).is_some() {
        reservations.by_phone(&address).await
    } else {
        // An id that only the vendor knows.
        return Ok(());
    };
    turn.draft.memory.address_checked_at = Some(now);
    match found.as_deref() {
        Ok([stay]) => bind(turn, stay.clone(), Proof::Address, Vec::new()).await,
        // None, or several: the address alone says nothing.
        Ok(_) => Ok(()),
        Err(error) => {
            tracing::warn!(%error, "stays could not be looked up by address");
            turn.draft.memory.address_checked_at = None;
            Ok(())
        }
    }
}
