//! From a message to Twilio's request, and from its answer to what became of it; it must not send or repeat anything.

use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;

use super::inbound::REFERENCE;
use super::wire::Answer;
use super::{MAX_CHARS, Sender, TwilioAccount, error_words, segments};
use crate::channels::split::utf16_len;
use crate::channels::{OutboundText, Rejected, SendOutcome, Waits};
use crate::domain::phone;
use crate::http::{HeaderMap, HeaderValue, HttpAnswer, HttpError, HttpRequest, Method};

const TIMEOUT: Duration = Duration::from_secs(15);
/// Longest pause that we let Twilio ask for.
const LONGEST_PAUSE: u64 = 3600;

/// `POST /2010-04-01/Accounts/{sid}/Messages.json`
pub(super) fn render(account: &TwilioAccount, message: &OutboundText) -> Result<HttpRequest, Rejected> {
    let Some(to) = phone::normalise(&message.to, None) else {
        return Err(rejected("This is not a telephone number that can be texted.", true));
    };
    let text = rendered_text(&message.text);
    let text = text.as_ref();
    if text.trim().is_empty() {
        return Err(rejected("The text is empty.", false));
    }
    if utf16_len(text) > MAX_CHARS {
        return Err(rejected("The text is longer than the 1600 characters that one SMS may have.", false));
    }
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair("To", to.as_str());
    match &account.sender {
        Sender::Number(from) => form.append_pair("From", from),
        Sender::Service(sid) => form.append_pair("MessagingServiceSid", sid),
    };
    form.append_pair("Body", text);
    if let Some(url) = &message.status_callback_url {
        form.append_pair("StatusCallback", &with_reference(url, &message.reference));
    }
    let mut headers = headers(account);
    headers.insert("content-type", HeaderValue::from_static("application/x-www-form-urlencoded"));
    Ok(HttpRequest {
        method: Method::POST,
        url: account.url("/Messages.json"),
        headers,
        body: Bytes::from(form.finish()),
        timeout: TIMEOUT,
    })
}

/// A text as Twilio is given it.
pub(super) fn rendered_text(text: &str) -> Cow<'_, str> {
    let folded = segments::fold_for_sms(text);
    // Three dots for one can make a full text too long.
    if utf16_len(&folded) > MAX_CHARS { Cow::Borrowed(text) } else { folded }
}

/// Added as text, because Twilio signs the callback's URL letter by letter as it was given.
fn with_reference(url: &str, reference: &str) -> String {
    let joint = if url.contains('?') { '&' } else { '?' };
    let reference: String = url::form_urlencoded::byte_serialize(reference.as_bytes()).collect();
    format!("{url}{joint}{REFERENCE}={reference}")
}

pub(super) fn headers(account: &TwilioAccount) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("authorization", account.authorization.clone());
    headers.insert("accept", HeaderValue::from_static("application/json"));
    headers
}

fn rejected(why: &str, permanent: bool) -> Rejected {
    Rejected { why: why.to_owned(), code: None, opted_out: false, permanent }
}

/// Twilio has no idempotency key: only a 429, a refusal or a connection never made prove that nothing was sent.
pub(super) fn classify(answer: Result<&HttpAnswer, &HttpError>) -> SendOutcome {
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) if error.may_have_arrived() => {
            return SendOutcome::Unknown { why: format!("Twilio may have taken the message: {error}.") };
        }
        Err(error) => {
            let why = format!("Twilio not reached: {error}.");
            return SendOutcome::Retry { after: None, why, waits: Waits::Account };
        }
    };
    let read = Answer::read(&answer.body);
    match answer.status {
        200..=299 => taken(read),
        429 => too_many(answer),
        300..=399 => SendOutcome::Rejected(rejected(
            "Twilio's address answers with another one. Check the base URL in the console.",
            false,
        )),
        400..=499 if answer.status != 408 => refused(answer, read.code),
        status => {
            SendOutcome::Unknown { why: format!("Twilio may have taken the message: it answered {status}.") }
        }
    }
}

fn taken(read: Answer) -> SendOutcome {
    // A message that failed at once gets no receipt.
    if matches!(read.status.as_deref(), Some("failed" | "undelivered" | "canceled")) {
        return SendOutcome::Rejected(match read.code {
            Some(code) => by_code(code),
            None => rejected("Twilio could not send the message and gives no reason.", false),
        });
    }
    match read.sid {
        Some(vendor_id) => SendOutcome::Sent { vendor_id },
        None => SendOutcome::Unknown { why: "Twilio took the message without naming it.".to_owned() },
    }
}

fn refused(answer: &HttpAnswer, code: Option<String>) -> SendOutcome {
    match code {
        Some(code) if code == error_words::TOO_MANY => too_many(answer),
        Some(code) if code == error_words::WINDOW_CLOSED => SendOutcome::WindowClosed,
        Some(code) => SendOutcome::Rejected(by_code(code)),
        None if answer.status == 401 => SendOutcome::Rejected(by_code("20003".to_owned())),
        None => SendOutcome::Rejected(rejected(
            &format!("Twilio refused the message ({}).", answer.status),
            false,
        )),
    }
}

fn by_code(code: String) -> Rejected {
    Rejected {
        why: error_words::words(&code),
        opted_out: code == error_words::OPTED_OUT,
        permanent: error_words::find(&code).is_some_and(|trouble| trouble.permanent),
        code: Some(code),
    }
}

fn too_many(answer: &HttpAnswer) -> SendOutcome {
    let header = answer.headers.get("retry-after").and_then(|value| value.to_str().ok());
    let seconds = header.and_then(|text| text.trim().parse::<u64>().ok());
    SendOutcome::Retry {
        after: seconds.map(|seconds| Duration::from_secs(seconds.min(LONGEST_PAUSE))),
        why: error_words::words(error_words::TOO_MANY),
        waits: Waits::Account,
    }
}

/// `GET /2010-04-01/Accounts/{sid}.json`
pub(super) fn probe(account: &TwilioAccount) -> HttpRequest {
    HttpRequest {
        method: Method::GET,
        url: account.url(".json"),
        headers: headers(account),
        body: Bytes::new(),
        timeout: TIMEOUT,
    }
}

pub(super) fn classify_probe(answer: Result<&HttpAnswer, &HttpError>) -> Result<String, String> {
    let answer = answer.map_err(|error| format!("Twilio cannot be reached: {error}. Check the base URL."))?;
    let read = Answer::read(&answer.body);
    match (answer.status, read.status.as_deref()) {
        (200, Some("active")) => {
            let name = read.friendly_name.map(|name| format!(" “{name}”")).unwrap_or_default();
            let trial = read.kind.is_some_and(|kind| kind.eq_ignore_ascii_case("trial"));
            let trial =
                if trial { " It is a trial: it texts only numbers verified with Twilio." } else { "" };
            Ok(format!("The Twilio account{name} is active.{trial}"))
        }
        (200, Some(status)) => Err(format!("The Twilio account is {status}. Twilio's console says why.")),
        (200, None) => {
            Err("What answered does not look like Twilio. Check the base URL in the console.".to_owned())
        }
        (401 | 403, _) => Err(error_words::words("20003")),
        (404, _) => Err(error_words::words("20404")),
        (429, _) => Err(error_words::words(error_words::TOO_MANY)),
        (status, _) => Err(format!("Twilio answered {status}. Try again later.")),
    }
}
