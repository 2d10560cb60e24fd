//! From Twilio's webhook to events: verify, then read. It must not store, answer or judge a message.

use super::signature::{self, Form};
use super::{TwilioAccount, error_words, wire};
use crate::channels::{InboundEvent, InboundMessage, RawWebhook, Receipt, Refusal};
use crate::domain::message::{Delivery, Media};
use crate::domain::opt_out::{OptWord, mentions_opt_out};
use crate::domain::phone;

/// More than any form that Twilio posts: 1600 characters, ten media, some forty parameters.
pub(super) const MAX_BODY: usize = 64 * 1024;
/// Twilio's own limit of media in one message.
const MAX_MEDIA: usize = 10;
/// The parameter of the callback's URL that carries [`crate::channels::OutboundText::reference`].
pub(super) const REFERENCE: &str = "ref";

pub(super) fn receive(account: &TwilioAccount, raw: &RawWebhook) -> Result<Vec<InboundEvent>, Refusal> {
    if raw.body.len() > MAX_BODY {
        return Err(Refusal::TooLarge { limit: MAX_BODY });
    }
    let form = verified(account, raw)?;
    Ok(read(&form, &raw.path_and_query)?.into_iter().collect())
}

fn verified(account: &TwilioAccount, raw: &RawWebhook) -> Result<Form, Refusal> {
    let header = raw.headers.get(signature::HEADER).and_then(|value| value.to_str().ok());
    let signature = header.ok_or(Refusal::BadSignature)?;
    let url = format!("{}{}", raw.public_url.trim_end_matches('/'), raw.path_and_query);
    if is_form(raw) {
        let form = wire::parse_form(&raw.body);
        let good = signature::form_is_signed(&account.auth_token, &url, &form, signature);
        return if good { Ok(form) } else { Err(Refusal::BadSignature) };
    }
    if signature::body_is_signed(&account.auth_token, &url, &raw.body, signature) {
        return Err(malformed("Twilio posts messages as a form; this is another kind of body."));
    }
    Err(Refusal::BadSignature)
}

/// Twilio's forms say what they are; a body that says nothing is read as one.
fn is_form(raw: &RawWebhook) -> bool {
    let kind = raw.headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.is_empty() || kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

fn malformed(what: impl Into<String>) -> Refusal {
    Refusal::Malformed(what.into())
}

impl From<wire::Ambiguous> for Refusal {
    fn from(wire::Ambiguous(name): wire::Ambiguous) -> Self {
        malformed(format!("the parameter {name} has several values"))
    }
}

fn read(form: &Form, path_and_query: &str) -> Result<Option<InboundEvent>, Refusal> {
    for name in ["From", "To"] {
        if let Some((channel, _)) = wire::filled(form, name)?.and_then(|address| address.split_once(':')) {
            return Err(Refusal::NotBuilt(format!("messages of {channel} through Twilio are not built yet")));
        }
    }
    let vendor_id = match wire::filled(form, "MessageSid")? {
        Some(id) => Some(id),
        None => wire::filled(form, "SmsSid")?,
    };
    let vendor_id = vendor_id.ok_or_else(|| malformed("the parameter MessageSid is missing"))?.to_owned();
    let callback = wire::filled(form, "MessageStatus")?;
    let status = match callback {
        Some(status) => Some(status),
        None => wire::filled(form, "SmsStatus")?,
    };
    match status.map(str::to_ascii_lowercase).as_deref() {
        None | Some("received" | "receiving") => message(form, vendor_id).map(Some),
        Some(status) => match delivery(status) {
            Some(delivery) => receipt(form, path_and_query, vendor_id, delivery).map(Some),
            // A state that Twilio has added since: it moves nothing.
            None if callback.is_some() => Ok(None),
            None => message(form, vendor_id).map(Some),
        },
    }
}

/// Twilio's message states, <https://www.twilio.com/docs/messaging/api/message-resource>. What has not left Twilio yet
/// has left us.
fn delivery(status: &str) -> Option<Delivery> {
    Some(match status {
        "accepted" | "scheduled" | "queued" | "sending" | "sent" | "partially_delivered" => Delivery::Sent,
        "delivered" => Delivery::Delivered,
        "read" => Delivery::Read,
        "undelivered" | "failed" => Delivery::Failed,
        "canceled" => Delivery::Cancelled,
        _ => return None,
    })
}

fn receipt(
    form: &Form,
    path_and_query: &str,
    vendor_id: String,
    delivery: Delivery,
) -> Result<InboundEvent, Refusal> {
    let code = wire::filled(form, "ErrorCode")?.filter(|code| *code != "0").map(str::to_owned);
    let reason = match (&code, delivery) {
        (Some(code), _) => Some(error_words::words(code)),
        (None, Delivery::Failed) => Some("The message was not delivered; Twilio gives no reason.".to_owned()),
        (None, _) => None,
    };
    let query = path_and_query.split_once('?').map_or("", |(_, query)| query);
    let reference = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == REFERENCE);
    Ok(InboundEvent::Receipt(Receipt {
        vendor_id,
        reference: reference.map(|(_, value)| value.into_owned()).filter(|value| !value.is_empty()),
        delivery,
        reason,
        opted_out: code.as_deref() == Some(error_words::OPTED_OUT),
        code,
    }))
}

fn message(form: &Form, vendor_id: String) -> Result<InboundEvent, Refusal> {
    let address = |name: &'static str| -> Result<String, Refusal> {
        let raw =
            wire::filled(form, name)?.ok_or_else(|| malformed(format!("the parameter {name} is missing")))?;
        Ok(phone::normalise(raw, None).map_or_else(|| raw.to_owned(), |phone| phone.to_string()))
    };
    let message = InboundMessage {
        vendor_id,
        from: address("From")?,
        to: address("To")?,
        text: wire::one(form, "Body")?.unwrap_or_default().to_owned(),
        media: media(form),
        sent_at: None,
        lasting_id: None,
        button: false,
        choice: None,
    };
    Ok(sorted(message, wire::filled(form, "OptOutType")?))
}

/// Tells the carrier's words from ordinary messages: by Twilio's own reading where it is given, else by the words.
fn sorted(message: InboundMessage, opt_out_type: Option<&str>) -> InboundEvent {
    let said = mentions_opt_out(&message.text);
    let read = match opt_out_type.map(str::to_ascii_uppercase).as_deref() {
        Some("STOP") => Some(OptWord::Stop),
        // A YES allows messages again only to someone who had stopped them, whatever Twilio calls it.
        Some("START") if said == Some(OptWord::StartYes) => said,
        Some("START") => Some(OptWord::Start),
        Some("HELP") => Some(OptWord::Help),
        Some(_) | None => said,
    };
    let word = word(&message.text, opt_out_type);
    match read {
        None => InboundEvent::Message(message),
        Some(OptWord::Stop) => InboundEvent::OptOut { message, word },
        Some(OptWord::Start) => InboundEvent::OptIn { message, word, only_if_opted_out: false },
        Some(OptWord::StartYes) => InboundEvent::OptIn { message, word, only_if_opted_out: true },
        Some(OptWord::Help) => InboundEvent::Help { message, word },
    }
}

/// The guest's own word in capitals; Twilio's name for it where the guest wrote more than a word.
fn word(text: &str, opt_out_type: Option<&str>) -> String {
    let word = text.trim_matches(|c: char| !c.is_alphabetic());
    let one_word = !word.is_empty() && word.chars().count() <= 20 && word.chars().all(char::is_alphabetic);
    match opt_out_type {
        Some(name) if !one_word => name.to_ascii_uppercase(),
        _ => word.to_uppercase(),
    }
}

fn media(form: &Form) -> Vec<Media> {
    let value = |name: String| form.get(&name).and_then(|values| values.first()).map(|value| value.trim());
    let url = |at| value(format!("MediaUrl{at}")).filter(|url| url.starts_with("https://"));
    (0..MAX_MEDIA)
        .filter_map(|at| {
            let content_type = value(format!("MediaContentType{at}")).filter(|kind| !kind.is_empty());
            let content_type = content_type.unwrap_or("application/octet-stream").to_owned();
            Some(Media { url: url(at)?.to_owned(), content_type, name: None })
        })
        .collect()
}
