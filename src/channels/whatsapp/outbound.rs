//! From a message to the Graph API's request, and from its answer to what became of it; it must not send or repeat
//! anything.

use super::error_words::{self, Class};
use super::wire::{Node, Trouble};
use super::{MAX_CHARS, WhatsAppAccount, choices, templates};
use crate::channels::split::utf16_len;
use crate::channels::{OutboundText, Rejected, SendOutcome, Waits};
use crate::domain::phone;
use crate::http::{HeaderMap, HeaderValue, HttpAnswer, HttpError, HttpRequest, Method};
use bytes::Bytes;
use serde_json::{Value, json};
use std::time::Duration;

const TIMEOUT: Duration = Duration::from_secs(15);
/// Longest pause that we let Meta ask for.
const LONGEST_PAUSE: u64 = 3600;

/// `POST /{version}/{phone number id}/messages`
pub(super) fn render(account: &WhatsAppAccount, message: &OutboundText) -> Result<HttpRequest, Rejected> {
    if message.text.trim().is_empty() {
        return Err(rejected("The text is empty.", false));
    }
    if utf16_len(&message.text) > MAX_CHARS {
        return Err(rejected(
            "The text is longer than the 4096 characters that one message may have.",
            false,
        ));
    }
    let (field, to) = recipient(&message.to)
        .ok_or_else(|| rejected("This is neither a telephone number nor a WhatsApp user ID.", true))?;
    let mut body = json!({
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        field: to,
        "biz_opaque_callback_data": message.reference,
    });
    let (kind, content) = match (&message.template, choices::written(message)) {
        (Some(template), _) => ("template", templates::written(template)),
        (None, Some(interactive)) => ("interactive", interactive),
        (None, None) => ("text", json!({ "body": message.text, "preview_url": false })),
    };
    body["type"] = json!(kind);
    body[kind] = content;
    Ok(post(account, &body))
}

/// The same address: marks a guest's message, and all before it, as read.
pub(super) fn read_mark(account: &WhatsAppAccount, vendor_id: &str) -> HttpRequest {
    post(account, &json!({ "messaging_product": "whatsapp", "status": "read", "message_id": vendor_id }))
}

fn post(account: &WhatsAppAccount, body: &Value) -> HttpRequest {
    let mut headers = headers(account);
    headers.insert("content-type", HeaderValue::from_static("application/json"));
    HttpRequest {
        method: Method::POST,
        url: account.url("/messages"),
        headers,
        body: Bytes::from(body.to_string()),
        timeout: TIMEOUT,
    }
}

/// A number goes to `to`, with its plus, lest the hotel's own country be put before it; a user ID to `recipient`.
fn recipient(address: &str) -> Option<(&'static str, String)> {
    if let Some(number) = phone::normalise(address, None) {
        return Some(("to", number.to_string()));
    }
    let (country, id) = address.split_once('.')?;
    let is_id = country.len() == 2
        && country.bytes().all(|byte| byte.is_ascii_uppercase())
        && (1..=140).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.');
    is_id.then(|| ("recipient", address.to_owned()))
}

pub(super) fn headers(account: &WhatsAppAccount) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("authorization", account.authorization.clone());
    headers.insert("accept", HeaderValue::from_static("application/json"));
    headers
}

fn rejected(why: &str, permanent: bool) -> Rejected {
    Rejected { why: why.to_owned(), code: None, opted_out: false, permanent }
}

/// Meta has no key by which a repeated message would be known: only a documented refusal or a connection that was never
/// made proves that nothing was sent. A 200 means that Meta has taken the message, no more.
pub(super) fn classify(answer: Result<&HttpAnswer, &HttpError>) -> SendOutcome {
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) if error.may_have_arrived() => {
            return SendOutcome::Unknown { why: format!("WhatsApp may have taken the message: {error}.") };
        }
        Err(error) => {
            let why = format!("WhatsApp not reached: {error}.");
            return SendOutcome::Retry { after: None, why, waits: Waits::Account };
        }
    };
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let trouble = trouble(&body);
    match (answer.status, trouble) {
        (200..=299, _) => taken(&body),
        (300..=399, _) => SendOutcome::Rejected(rejected(
            "Meta's address answers with another one. Check the base URL in the console.",
            false,
        )),
        (status, Some(trouble)) if status >= 400 => by_code(answer, &trouble),
        (429, None) => later(answer, "WhatsApp has too many requests at once.".to_owned()),
        (400..=499, None) if answer.status != 408 => {
            let code = Trouble { code: error_words::TOKEN, title: None };
            let why = match answer.status {
                401 => error_words::words(&code),
                status => format!("WhatsApp refused the message ({status})."),
            };
            SendOutcome::Rejected(rejected(&why, false))
        }
        (status, _) => SendOutcome::Unknown {
            why: format!("WhatsApp may have taken the message: it answered {status}."),
        },
    }
}

/// The error in an answer of Meta's.
pub(super) fn trouble(body: &Value) -> Option<Trouble> {
    Trouble::read(Node::of(body).at("error"))
}

fn taken(body: &Value) -> SendOutcome {
    let id = Node::of(body).at("messages").list().find_map(|message| message.at("id").filled());
    match id {
        Some(id) => SendOutcome::Sent { vendor_id: id.to_owned() },
        None => SendOutcome::Unknown { why: "WhatsApp took the message without naming it.".to_owned() },
    }
}

fn by_code(answer: &HttpAnswer, trouble: &Trouble) -> SendOutcome {
    let why = error_words::words(trouble);
    let permanent = match error_words::find(trouble.code).map(|meaning| meaning.class) {
        Some(Class::Later) => return later(answer, why),
        Some(Class::Again | Class::PairRate) => {
            return SendOutcome::Retry { after: None, why, waits: Waits::Recipient };
        }
        Some(Class::WindowClosed) => return SendOutcome::WindowClosed,
        None if answer.status == 429 => return later(answer, why),
        // An error that nobody has described says nothing of what happened before it.
        None if answer.status >= 500 || answer.status == 408 => {
            return SendOutcome::Unknown { why: format!("WhatsApp may have taken the message. {why}") };
        }
        Some(Class::Unreachable) => true,
        Some(Class::NoMarketing | Class::Refused | Class::Account) | None => false,
    };
    SendOutcome::Rejected(Rejected {
        permanent,
        code: Some(trouble.code.to_string()),
        ..rejected(&why, false)
    })
}

fn later(answer: &HttpAnswer, why: String) -> SendOutcome {
    let header = answer.headers.get("retry-after").and_then(|value| value.to_str().ok());
    let seconds = header.and_then(|text| text.trim().parse::<u64>().ok());
    let after = seconds.map(|seconds| Duration::from_secs(seconds.min(LONGEST_PAUSE)));
    SendOutcome::Retry { after, why, waits: Waits::Account }
}

/// `GET /{version}/{phone number id}?fields=…`
pub(super) fn probe(account: &WhatsAppAccount) -> HttpRequest {
    let mut url = account.url("");
    url.query_pairs_mut().append_pair("fields", "display_phone_number,verified_name,quality_rating");
    HttpRequest { method: Method::GET, url, headers: headers(account), body: Bytes::new(), timeout: TIMEOUT }
}

pub(super) fn classify_probe(answer: Result<&HttpAnswer, &HttpError>) -> Result<String, String> {
    let answer = answer.map_err(|error| format!("Meta cannot be reached: {error}. Check the base URL."))?;
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let (trouble, body) = (trouble(&body), Node::of(&body));
    match (answer.status, trouble) {
        (200, _) => {
            let Some(number) = body.at("display_phone_number").filled() else {
                return Err(
                    "What answered does not look like Meta. Check the base URL in the console.".to_owned()
                );
            };
            let name = body.at("verified_name").filled().map(|name| format!(" “{name}”")).unwrap_or_default();
            let quality = match body.at("quality_rating").filled() {
                Some("RED") => " Its quality is red: guests report or block it, and Meta may restrict it.",
                Some("YELLOW") => " Its quality is yellow: some guests report or block it.",
                _ => "",
            };
            Ok(format!("The number {number}{name} can be used.{quality}"))
        }
        (_, Some(trouble)) => Err(error_words::words(&trouble)),
        (401, None) => Err(error_words::words(&Trouble { code: error_words::TOKEN, title: None })),
        (status, None) => Err(format!("Meta answered {status}. Try again later.")),
    }
}
