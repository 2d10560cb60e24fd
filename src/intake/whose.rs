//! Whose message it is: the conversation of an address, or of the vendor's own id of the guest where it has one. An
//! address may pass to somebody else; the id may not. It opens nothing.

use super::Arrival;
use crate::domain::conversation::Conversation;
use crate::domain::ids::PropertyId;
use crate::store::conversations::{self, Named};
use crate::store::{DbError, Tx};

/// The conversation, locked, and whether the message is in it already.
pub(super) async fn find(
    tx: &mut Tx,
    arrival: &Arrival,
    account: &str,
) -> Result<Option<(Conversation, bool)>, DbError> {
    let (property, channel) = (arrival.hotel.id, arrival.channel);
    let by_address = match arrival.conversation {
        Some(id) => Named::Id(id),
        None => Named::Address { property, channel, address: &arrival.address },
    };
    let Some(lasting_id) = &arrival.lasting_id else {
        return conversations::lock_for_message(tx, by_address, account, &arrival.vendor_id).await;
    };
    let by_id = Named::LastingId { property, channel, lasting_id };
    if let Some((mut found, known)) =
        conversations::lock_for_message(tx, by_id, account, &arrival.vendor_id).await?
    {
        if !known && arrival.address != *lasting_id && found.address != arrival.address {
            follow(tx, &mut found, &arrival.address).await?;
        }
        return Ok(Some((found, known)));
    }
    let met = conversations::lock_for_message(tx, by_address, account, &arrival.vendor_id).await?;
    let Some((mut found, known)) = met else { return Ok(None) };
    let address = found.address.clone();
    match found.lasting_id.clone() {
        None => {
            found.lasting_id = Some(lasting_id.clone());
            conversations::set_place(tx, &found, &address).await?;
            Ok(Some((found, known)))
        }
        Some(other) => {
            give_up(tx, &mut found, other).await?;
            Ok(None)
        }
    }
}

/// The guest writes from another address than before.
async fn follow(tx: &mut Tx, found: &mut Conversation, address: &str) -> Result<(), DbError> {
    if let Some(mut holder) = holder(tx, found.property_id, &found.channel, address).await? {
        // A conversation that has nothing but this address keeps it; the id is enough to write to the guest.
        let Some(other) = holder.lasting_id.clone() else { return Ok(()) };
        give_up(tx, &mut holder, other).await?;
    }
    let before = std::mem::replace(&mut found.address, address.to_owned());
    conversations::set_place(tx, found, &before).await
}

/// The address has passed to somebody else: who had it is reached by their id.
async fn give_up(tx: &mut Tx, holder: &mut Conversation, lasting_id: String) -> Result<(), DbError> {
    let before = std::mem::replace(&mut holder.address, lasting_id);
    conversations::set_place(tx, holder, &before).await
}

/// Moves the conversation to where the vendor says that its guest has gone; false: another conversation is there.
pub(super) async fn move_to(
    tx: &mut Tx,
    found: &mut Conversation,
    address: Option<&str>,
    lasting_id: Option<&str>,
) -> Result<bool, DbError> {
    let (property, channel) = (found.property_id, found.channel.clone());
    let id_before = found.lasting_id.clone();
    // Without a new address, one that was nothing but the old id goes with it.
    let address = match address {
        None if id_before.as_deref() == Some(found.address.as_str()) => lasting_id,
        known => known,
    };
    let mut held = false;
    if let Some(id) = lasting_id.filter(|id| id_before.as_deref() != Some(*id)) {
        let named = Named::LastingId { property, channel: &channel, lasting_id: id };
        held |= conversations::lock_for_message(tx, named, "", "").await?.is_some();
    }
    if let Some(address) = address.filter(|address| *address != found.address) {
        held |= holder(tx, property, &channel, address).await?.is_some();
    }
    if held {
        return Ok(false);
    }
    let before = found.address.clone();
    found.lasting_id = lasting_id.map(str::to_owned).or(id_before);
    found.address = address.map_or_else(|| before.clone(), str::to_owned);
    conversations::set_place(tx, found, &before).await?;
    Ok(true)
}

async fn holder(
    tx: &mut Tx,
    property: PropertyId,
    channel: &str,
    address: &str,
) -> Result<Option<Conversation>, DbError> {
    let named = Named::Address { property, channel, address };
    Ok(conversations::lock_for_message(tx, named, "", "").await?.map(|(conversation, _)| conversation))
}
