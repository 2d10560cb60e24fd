//! The two pure halves: our wish as a signed request, and an answer as what we know by it. A status that is not in the
//! contract is never success.

use super::{Idempotency, KIND, READ, Settings, wire};
use crate::connectors::{ConnectorError, Filed, Folio, FolioLine, Posted, Posting, Task};
use crate::domain::ids::{PropertyId, StayId};
use crate::domain::phone;
use crate::domain::request::RequestState;
use crate::domain::stay::{Stay, StayState};
use crate::http::{HeaderMap, HeaderValue, HttpAnswer, HttpError, HttpRequest, Method};
use bytes::Bytes;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::ExposeSecret;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use url::Url;

pub(super) type Answer = Result<HttpAnswer, HttpError>;

impl Settings {
    fn url(&self, path: &[&str], query: &[(&str, &str)]) -> Url {
        let mut url = self.base_url.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }

    /// Signed over all that the system acts on; after `Bellhop-Deadline` it must not begin.
    fn signed(&self, call: Call<'_>, now: DateTime<Utc>) -> HttpRequest {
        let url = self.url(call.path, call.query);
        let limit = if call.method == Method::GET { self.timeout.min(READ) } else { self.timeout };
        let deadline = now + TimeDelta::from_std(limit).unwrap_or_default();
        let deadline = deadline.timestamp_millis().to_string();
        let target = url.query().map_or_else(|| url.path().to_owned(), |q| format!("{}?{q}", url.path()));
        let mut headers = HeaderMap::new();
        let signature = sign(
            self.signing_key.expose_secret(),
            &[call.method.as_str(), &target, &deadline, call.key.unwrap_or_default()],
            &call.body,
        );
        let given = [
            ("accept", Some("application/json")),
            ("content-type", (!call.body.is_empty()).then_some("application/json")),
            ("bellhop-deadline", Some(deadline.as_str())),
            ("idempotency-key", call.key),
            ("bellhop-signature", Some(signature.as_str())),
        ];
        for (name, value) in given {
            if let Some(value) = value.and_then(|value| HeaderValue::from_str(value).ok()) {
                headers.insert(name, value);
            }
        }
        HttpRequest { method: call.method, url, headers, body: call.body, timeout: limit }
    }

    fn key<'a>(&self, reference: &'a str) -> Option<&'a str> {
        (self.idempotency == Idempotency::Key).then_some(reference)
    }

    pub(super) fn find_stays(&self, by: (&str, &str), now: DateTime<Utc>) -> HttpRequest {
        self.signed(Call { query: &[by], ..Call::get(&["stays"]) }, now)
    }

    pub(super) fn get_stay(&self, stay: &Stay, now: DateTime<Utc>) -> HttpRequest {
        self.signed(Call::get(&["stays", &stay.external_id]), now)
    }

    pub(super) fn get_folio(&self, stay: &Stay, now: DateTime<Utc>) -> HttpRequest {
        self.signed(Call::get(&["stays", &stay.external_id, "folio"]), now)
    }

    pub(super) fn post_charge(&self, stay: &Stay, posting: &Posting, now: DateTime<Utc>) -> HttpRequest {
        let body = wire::NewCharge {
            reference: &posting.reference,
            description: &posting.description,
            quantity: posting.quantity,
            amount: posting.amount,
        };
        let key = self.key(&posting.reference);
        self.signed(Call { key, ..Call::post(&["stays", &stay.external_id, "charges"], &body) }, now)
    }

    pub(super) fn find_charge(&self, stay: &Stay, reference: &str, now: DateTime<Utc>) -> HttpRequest {
        let query = [("reference", reference)];
        let path = ["stays", &stay.external_id, "charges"];
        self.signed(Call { query: &query, ..Call::get(&path) }, now)
    }

    pub(super) fn void_charge(&self, stay: &Stay, charge: &str, now: DateTime<Utc>) -> HttpRequest {
        let path = ["stays", &stay.external_id, "charges", charge, "void"];
        self.signed(Call::post(&path, &serde_json::json!({})), now)
    }

    pub(super) fn create_request(&self, stay: &Stay, task: &Task, now: DateTime<Utc>) -> HttpRequest {
        let body = wire::NewRequest {
            reference: &task.reference,
            kind: task.kind.as_str(),
            item: &task.item,
            quantity: task.quantity,
            room: task.room.as_deref(),
            department: &task.department,
            due_at: task.due_at,
        };
        // An order is a charge and a request: under one key the second would be answered as the first.
        let own = format!("{}-request", task.reference);
        let key = self.key(&own);
        self.signed(Call { key, ..Call::post(&["stays", &stay.external_id, "requests"], &body) }, now)
    }

    pub(super) fn find_request(&self, reference: &str, now: DateTime<Utc>) -> HttpRequest {
        let query = [("reference", reference)];
        self.signed(Call { query: &query, ..Call::get(&["requests"]) }, now)
    }

    pub(super) fn set_checkout(
        &self,
        stay: &Stay,
        (on, until): (NaiveDate, NaiveTime),
        reference: &str,
        now: DateTime<Utc>,
    ) -> HttpRequest {
        let body = wire::NewCheckout { on, until: until.format("%H:%M").to_string(), reference };
        let path = ["stays", &stay.external_id, "checkout"];
        self.signed(Call { method: Method::PUT, ..Call::post(&path, &body) }, now)
    }

    pub(super) fn room_let(&self, stay: &Stay, on: NaiveDate, now: DateTime<Utc>) -> HttpRequest {
        let on = on.to_string();
        let query = [("on", on.as_str())];
        self.signed(Call { query: &query, ..Call::get(&["stays", &stay.external_id, "room-let"]) }, now)
    }
}

/// One call before it is signed.
struct Call<'a> {
    method: Method,
    path: &'a [&'a str],
    query: &'a [(&'a str, &'a str)],
    key: Option<&'a str>,
    body: Bytes,
}

impl<'a> Call<'a> {
    fn get(path: &'a [&'a str]) -> Self {
        Self { method: Method::GET, path, query: &[], key: None, body: Bytes::new() }
    }

    fn post(path: &'a [&'a str], body: &impl Serialize) -> Self {
        let body = serde_json::to_vec(body).unwrap_or_default().into();
        Self { method: Method::POST, path, query: &[], key: None, body }
    }
}

/// `v1=` and the HMAC-SHA256, in hexadecimal digits, of the parts, each followed by a line feed, and the body.
pub fn sign(key: &str, parts: &[&str], body: &[u8]) -> String {
    let mut text = "v1=".to_owned();
    // HMAC takes keys of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.as_bytes()) else { return text };
    for part in parts {
        mac.update(part.as_bytes());
        mac.update(b"\n");
    }
    mac.update(body);
    for byte in mac.finalize().into_bytes() {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Of a call that only reads: whatever went wrong, nothing has changed by it.
fn read<T: DeserializeOwned>(answer: Answer) -> Result<T, ConnectorError> {
    let answer = answer.map_err(|error| ConnectorError::Unavailable { why: error.to_string() })?;
    match answer.status {
        200 => serde_json::from_slice(&answer.body)
            .map_err(|_| ConnectorError::Unavailable { why: "its answer is not of the contract".to_owned() }),
        404 => Err(ConnectorError::NotFound),
        408 | 429 | 500.. => Err(ConnectorError::Unavailable { why: status(&answer) }),
        _ => Err(ConnectorError::Refused { why: status(&answer) }),
    }
}

/// Of a call that changes something: only what surely was not begun may be called undone.
fn written<T: DeserializeOwned>(answer: Answer) -> Result<T, ConnectorError> {
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) if error.may_have_arrived() => {
            return Err(ConnectorError::Unknown { why: error.to_string() });
        }
        Err(error) => return Err(ConnectorError::Unavailable { why: error.to_string() }),
    };
    match answer.status {
        200 | 201 => serde_json::from_slice(&answer.body)
            .map_err(|_| ConnectorError::Unknown { why: "its answer is not of the contract".to_owned() }),
        404 => Err(ConnectorError::NotFound),
        // By the contract it has not begun: too late, or too many.
        408 | 429 => Err(ConnectorError::Unavailable { why: status(&answer) }),
        // The same key is being worked on.
        409 => Err(ConnectorError::Unknown { why: status(&answer) }),
        400..=499 => Err(ConnectorError::Refused { why: status(&answer) }),
        _ => Err(ConnectorError::Unknown { why: status(&answer) }),
    }
}

/// For staff: the status and the system's own code, never its text, which may hold anything.
fn status(answer: &HttpAnswer) -> String {
    let code = serde_json::from_slice::<wire::Refusal>(&answer.body).ok().map(|refusal| refusal.code);
    let plain = |code: &String| {
        code.len() <= 40 && code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    match code.filter(plain) {
        Some(code) => format!("status {}, {code}", answer.status),
        None => format!("status {}", answer.status),
    }
}

/// The same stay of the same hotel has the same id, whoever asks.
fn stay_id(property: PropertyId, external_id: &str) -> StayId {
    let digest =
        Sha256::new().chain_update(property.0).chain_update(KIND).chain_update(external_id).finalize();
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest).for_each(|(byte, from)| *byte = from);
    StayId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

/// `None` for a status that we do not know: nobody is given a room by a word we cannot read.
fn stay(property: PropertyId, wire: wire::Stay) -> Option<Stay> {
    let state = match wire.status.as_str() {
        "expected" => StayState::Expected,
        "in_house" => StayState::InHouse,
        "left" => StayState::Left,
        "cancelled" => StayState::Cancelled,
        _ => {
            tracing::warn!(%property, "a stay with a status that is not of the contract is left out");
            return None;
        }
    };
    let until = wire.checkout_until.as_deref().and_then(|text| NaiveTime::parse_from_str(text, "%H:%M").ok());
    Some(Stay {
        id: stay_id(property, &wire.id),
        property_id: property,
        source: KIND.to_owned(),
        external_id: wire.id,
        confirmation: wire.confirmation,
        first_name: wire.first_name,
        last_name: wire.last_name,
        phone: wire
            .phone
            .and_then(|number| phone::normalise(&number, None))
            .map(|phone| phone.as_str().to_owned()),
        email: wire.email.map(|email| email.to_lowercase()),
        lang: wire.language,
        room: wire.room,
        state,
        arrives_on: wire.arrives_on,
        departs_on: wire.departs_on,
        checkout_until: until,
    })
}

pub(super) fn stays(property: PropertyId, answer: Answer) -> Result<Vec<Stay>, ConnectorError> {
    let found: wire::Stays = read(answer)?;
    Ok(found.stays.into_iter().filter_map(|found| stay(property, found)).collect())
}

pub(super) fn one_stay(known: &Stay, answer: Answer) -> Result<Option<Stay>, ConnectorError> {
    match read(answer) {
        Ok(found) => Ok(stay(known.property_id, found).map(|found| Stay { id: known.id, ..found })),
        Err(ConnectorError::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

pub(super) fn folio(answer: Answer) -> Result<Folio, ConnectorError> {
    let folio: wire::Folio = read(answer)?;
    let line = |line: wire::FolioLine| FolioLine {
        description: line.description,
        quantity: line.quantity,
        amount: line.amount,
        posted_at: line.posted_at,
    };
    Ok(Folio { lines: folio.lines.into_iter().map(line).collect(), balance: folio.balance })
}

fn posted(reference: &str, charge: wire::Charge) -> Result<Posted, ConnectorError> {
    let voided = match charge.status.as_str() {
        "posted" => false,
        "voided" => true,
        "refused" => return Err(ConnectorError::Refused { why: "the charge was refused".to_owned() }),
        // `pending`, and whatever else there may be one day.
        _ => return Err(ConnectorError::Unknown { why: "the charge is not posted yet".to_owned() }),
    };
    Ok(Posted {
        reference: reference.to_owned(),
        external_id: charge.id,
        amount: charge.amount,
        posted_at: charge.posted_at,
        voided,
    })
}

pub(super) fn charge_posted(posting: &Posting, answer: Answer) -> Result<Posted, ConnectorError> {
    let posted = posted(&posting.reference, written(answer)?)?;
    if posted.amount != posting.amount {
        return Err(ConnectorError::Unknown { why: "another amount stands on the bill".to_owned() });
    }
    Ok(posted)
}

pub(super) fn charge_found(reference: &str, answer: Answer) -> Result<Option<Posted>, ConnectorError> {
    let mut found: wire::Charges = read(answer)?;
    match (found.charges.pop(), found.charges.len()) {
        (None, _) => Ok(None),
        (Some(charge), 0) => posted(reference, charge).map(Some),
        (Some(_), _) => {
            Err(ConnectorError::Unknown { why: "several charges have the same reference".to_owned() })
        }
    }
}

pub(super) fn charge_voided(answer: Answer) -> Result<(), ConnectorError> {
    let charge: wire::Charge = written(answer)?;
    match charge.status.as_str() {
        "voided" => Ok(()),
        _ => Err(ConnectorError::Unknown { why: "the charge is not voided yet".to_owned() }),
    }
}

fn filed(reference: &str, request: wire::Request) -> Result<Filed, ConnectorError> {
    let state = match request.status.as_str() {
        "open" => RequestState::Open,
        "done" => RequestState::Done,
        "cancelled" => RequestState::Cancelled,
        _ => return Err(ConnectorError::Unknown { why: "the request is not filed yet".to_owned() }),
    };
    Ok(Filed { reference: reference.to_owned(), external_id: request.id, state })
}

pub(super) fn request_filed(reference: &str, answer: Answer) -> Result<Filed, ConnectorError> {
    filed(reference, written(answer)?)
}

pub(super) fn request_found(reference: &str, answer: Answer) -> Result<Option<Filed>, ConnectorError> {
    let mut found: wire::Requests = read(answer)?;
    found.requests.pop().map(|request| filed(reference, request)).transpose()
}

pub(super) fn checkout_set(known: &Stay, until: NaiveTime, answer: Answer) -> Result<(), ConnectorError> {
    let stands: wire::Stay = written(answer)?;
    match stay(known.property_id, stands).and_then(|stay| stay.checkout_until) {
        Some(set) if set == until => Ok(()),
        _ => Err(ConnectorError::Unknown { why: "the departure is not set yet".to_owned() }),
    }
}

pub(super) fn room_is_let(answer: Answer) -> Result<bool, ConnectorError> {
    read::<wire::RoomLet>(answer).map(|room| room.is_let)
}
