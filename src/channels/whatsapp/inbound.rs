//! From Meta's webhook to events: verify, then read what concerns this number. It must not store or answer anything.

use super::wire::{Node, Trouble};
use super::{WhatsAppAccount, content, error_words, signature};
use crate::channels::{InboundEvent, InboundMessage, RawWebhook, Receipt, Refusal};
use crate::domain::message::Delivery;
use crate::domain::phone;
use chrono::DateTime;
use serde_json::Value;

/// Meta posts up to 3 MB.
pub(super) const MAX_BODY: usize = 4 * 1024 * 1024;

pub(super) fn receive(account: &WhatsAppAccount, raw: &RawWebhook) -> Result<Vec<InboundEvent>, Refusal> {
    if raw.body.len() > MAX_BODY {
        return Err(Refusal::TooLarge { limit: MAX_BODY });
    }
    let header = raw.headers.get(signature::HEADER).and_then(|value| value.to_str().ok());
    if !signature::is_signed(&account.app_secret, &raw.body, header.ok_or(Refusal::BadSignature)?) {
        return Err(Refusal::BadSignature);
    }
    let body: Value = serde_json::from_slice(&raw.body)
        .map_err(|_| Refusal::Malformed("the body is not JSON".to_owned()))?;
    let changes = Node::of(&body).at("entry").list().flat_map(|entry| entry.at("changes").list());
    let ours = changes
        .filter(|change| change.at("field").str() == Some("messages"))
        .map(|change| change.at("value"));
    Ok(ours.filter(|value| is_ours(account, *value)).flat_map(|value| read(account, value)).collect())
}

/// Another number of the same app has its own account here, or is not ours at all.
fn is_ours(account: &WhatsAppAccount, value: Node<'_>) -> bool {
    value.at("metadata").at("phone_number_id").filled() == Some(&account.phone_number_id)
}

fn read(account: &WhatsAppAccount, value: Node<'_>) -> Vec<InboundEvent> {
    let messages = value.at("messages").list().filter_map(|message| event(account, value, message));
    let mut events: Vec<_> = messages.chain(value.at("statuses").list().filter_map(receipt)).collect();
    let told_of = value.at("messages").is_there() || value.at("statuses").is_there();
    // Beside a message it speaks of that message.
    if !told_of {
        let troubles = value.at("errors").list().filter_map(Trouble::read);
        events.extend(troubles.map(|trouble| InboundEvent::Trouble(error_words::words(&trouble))));
    }
    events
}

/// Who wrote: the address to answer to, and the id that stays when the number changes or is hidden.
struct Sender {
    address: String,
    lasting_id: Option<String>,
}

fn sender(value: Node<'_>, message: Node<'_>) -> Option<Sender> {
    let (from, user) = (message.at("from").filled(), message.at("from_user_id").filled());
    let contacts: Vec<_> = value.at("contacts").list().collect();
    let same = |contact: &&Node<'_>| match (user, from) {
        (Some(user), _) => contact.at("user_id").filled() == Some(user),
        (None, Some(from)) => contact.at("wa_id").filled() == Some(from),
        (None, None) => contacts.len() == 1,
    };
    let contact = contacts.iter().find(same);
    let of_contact = |name| contact.and_then(|contact| contact.at(name).filled());
    // A change of identity names the former one.
    let former = message.at("system").at("previous_user_id").filled();
    let lasting_id = former.or(user).or(of_contact("user_id")).map(str::to_owned);
    let address = from.or(of_contact("wa_id")).map(address).or_else(|| lasting_id.clone())?;
    Some(Sender { address, lasting_id })
}

/// Meta writes numbers without their plus.
pub(super) fn address(wa_id: &str) -> String {
    let number = phone::normalise(&format!("+{}", wa_id.trim_start_matches('+')), None);
    number.map_or_else(|| wa_id.to_owned(), |number| number.to_string())
}

/// `None`: without id or sender it could neither be kept once nor belong to anybody.
fn event(account: &WhatsAppAccount, value: Node<'_>, message: Node<'_>) -> Option<InboundEvent> {
    let vendor_id = message.at("id").filled()?.to_owned();
    let Sender { address, lasting_id } = sender(value, message)?;
    let inbound = InboundMessage {
        vendor_id,
        from: address,
        lasting_id,
        to: value.at("metadata").at("display_phone_number").filled().unwrap_or_default().to_owned(),
        text: String::new(),
        media: Vec::new(),
        sent_at: message.at("timestamp").number().and_then(|seconds| DateTime::from_timestamp(seconds, 0)),
        button: false,
        choice: None,
    };
    Some(content::read(account, inbound, message))
}

fn receipt(status: Node<'_>) -> Option<InboundEvent> {
    let delivery = match status.at("status").filled()? {
        "sent" => Delivery::Sent,
        "delivered" => Delivery::Delivered,
        // A voice note that was listened to.
        "read" | "played" => Delivery::Read,
        "failed" => Delivery::Failed,
        // A state that Meta has added since: it moves nothing.
        _ => return None,
    };
    let trouble = status.at("errors").list().find_map(Trouble::read);
    let reason = match (&trouble, delivery) {
        (Some(trouble), _) => Some(error_words::words(trouble)),
        (None, Delivery::Failed) => {
            Some("WhatsApp did not deliver the message and gives no reason.".to_owned())
        }
        (None, _) => None,
    };
    Some(InboundEvent::Receipt(Receipt {
        vendor_id: status.at("id").filled()?.to_owned(),
        reference: status.at("biz_opaque_callback_data").filled().map(str::to_owned),
        delivery,
        reason,
        code: trouble.map(|trouble| trouble.code.to_string()),
        opted_out: false,
    }))
}
