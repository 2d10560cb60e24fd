//! The contract's routes: the signature first, then the fault that waits for the call, then the work.

use super::faults::{Fault, On};
use super::state::{Keeps, Posting, Request as Filed, State};
use super::{Setup, Shared};
use crate::connectors::custom::sign;
use crate::domain::money::Money;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;

pub(super) fn router(shared: Arc<Shared>) -> Router {
    Router::new().fallback(answer).with_state(shared)
}

/// A call, read and found to be ours.
struct Call {
    method: Method,
    path: Vec<String>,
    query: HashMap<String, String>,
    key: Option<String>,
    body: Value,
}

type Answer = (StatusCode, Value);

async fn answer(
    extract::State(shared): extract::State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    shared.lock().calls += 1;
    if let Err(refused) = check(&shared.setup, &method, &uri, &headers, &body) {
        return show(refused);
    }
    let text = |bytes: &str| bytes.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
    let query =
        url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    let call = Call {
        path: text(uri.path().trim_start_matches("/v1/")),
        method,
        query,
        key: header(&headers, "idempotency-key").map(str::to_owned),
        body: serde_json::from_slice(&body).unwrap_or(Value::Null),
    };
    let fault = shared.lock().faults.next(sort(&call));
    suffer(&shared, &call, fault).await
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// Nothing that is unsigned, and nothing that comes too late, is begun.
fn check(setup: &Setup, method: &Method, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Result<(), Answer> {
    let target = uri.path_and_query().map_or("", |target| target.as_str());
    let deadline = header(headers, "bellhop-deadline").unwrap_or_default();
    let key = header(headers, "idempotency-key").unwrap_or_default();
    let ours = sign(setup.signing_key.expose_secret(), &[method.as_str(), target, deadline, key], body);
    if header(headers, "bellhop-signature") != Some(ours.as_str()) {
        return Err((StatusCode::UNAUTHORIZED, json!({ "code": "bad_signature" })));
    }
    match deadline.parse::<i64>() {
        Ok(at) if at >= setup.clock.now().timestamp_millis() => Ok(()),
        Ok(_) | Err(_) => Err((StatusCode::REQUEST_TIMEOUT, json!({ "code": "too_late" }))),
    }
}

fn sort(call: &Call) -> On {
    let last = call.path.last().map_or("", String::as_str);
    match (&call.method, last) {
        (&Method::POST, "charges") => On::Charge,
        (&Method::POST, "requests") => On::Request,
        (&Method::PUT, _) => On::Checkout,
        _ => On::Read,
    }
}

async fn suffer(shared: &Shared, call: &Call, fault: Option<Fault>) -> Response {
    match fault {
        None => show(work(shared, call)),
        Some(Fault::DropBefore) => broken(),
        Some(Fault::DropAfter) => {
            work(shared, call);
            broken()
        }
        Some(Fault::HangBefore) => hang(shared).await,
        Some(Fault::HangAfter) => {
            work(shared, call);
            hang(shared).await
        }
        Some(Fault::ErrorBefore) => show((StatusCode::INTERNAL_SERVER_ERROR, json!({ "code": "oops" }))),
        Some(Fault::ErrorAfter) => {
            work(shared, call);
            show((StatusCode::INTERNAL_SERVER_ERROR, json!({ "code": "oops" })))
        }
        Some(Fault::Refused) => show((StatusCode::UNPROCESSABLE_ENTITY, json!({ "code": "not_now" }))),
        Some(Fault::TooMany(seconds)) => {
            let after = [("retry-after", seconds.to_string())];
            (StatusCode::TOO_MANY_REQUESTS, after, axum::Json(json!({ "code": "too_many" }))).into_response()
        }
        Some(Fault::Slow(delay)) => {
            let answer = work(shared, call);
            shared.lock().made_to_wait += 1;
            shared.gate.wait_for(delay).await;
            show(answer)
        }
        Some(Fault::OddStatus) => {
            let (status, mut body) = work(shared, call);
            body["status"] = json!("in_escrow");
            show((status, body))
        }
    }
}

async fn hang(shared: &Shared) -> Response {
    shared.lock().made_to_wait += 1;
    shared.gate.wait().await;
    broken()
}

/// A body that ends before its length.
fn broken() -> Response {
    let cut = futures_util::stream::iter([Err::<Bytes, _>(std::io::Error::other("cut"))]);
    Body::from_stream(cut).into_response()
}

fn show((status, body): Answer) -> Response {
    (status, axum::Json(body)).into_response()
}

fn not_found() -> Answer {
    (StatusCode::NOT_FOUND, json!({ "code": "not_found" }))
}

fn work(shared: &Shared, call: &Call) -> Answer {
    let path: Vec<&str> = call.path.iter().map(String::as_str).collect();
    let mut state = shared.lock();
    let setup = &shared.setup;
    if let [what, id, ..] = path.as_slice()
        && *what == "stays"
        && state.stay(id).is_none()
    {
        return not_found();
    }
    match (&call.method, path.as_slice()) {
        (&Method::GET, ["stays"]) => find_stays(&state, call),
        (&Method::GET, ["stays", id]) => {
            state.stay(id).map_or_else(not_found, |stay| (StatusCode::OK, stay.clone()))
        }
        (&Method::GET, ["stays", id, "folio"]) => folio(&state, id),
        (&Method::GET, ["stays", _, "room-let"]) => (StatusCode::OK, json!({ "let": false })),
        (&Method::POST, ["stays", id, "charges"]) => {
            once(&mut state, setup, call, |state| post(state, setup, id, call))
        }
        (&Method::GET, ["stays", id, "charges"]) => find_charges(&state, setup, id, call),
        (&Method::POST, ["stays", _, "charges", charge, "void"]) => void(&mut state, charge),
        (&Method::POST, ["stays", _, "requests"]) => {
            once(&mut state, setup, call, |state| file(state, setup, call))
        }
        (&Method::GET, ["requests"]) => find_requests(&state, setup, call),
        (&Method::PUT, ["stays", id, "checkout"]) => set_checkout(&mut state, id, call),
        _ => not_found(),
    }
}

/// Where keys are kept, the same key gets the answer that it got, and nothing is done again.
fn once(state: &mut State, setup: &Setup, call: &Call, work: impl FnOnce(&mut State) -> Value) -> Answer {
    let key = call.key.as_ref().filter(|_| setup.keeps == Keeps::Keys);
    if let Some(answer) = key.and_then(|key| state.keys.get(key)) {
        return (StatusCode::OK, answer.clone());
    }
    let answer = work(state);
    if let Some(key) = key {
        state.keys.insert(key.clone(), answer.clone());
    }
    (StatusCode::CREATED, answer)
}

fn find_stays(state: &State, call: &Call) -> Answer {
    let found = state.stays.iter().filter(|stay| {
        call.query
            .iter()
            .any(|(name, value)| stay[name].as_str().is_some_and(|own| own.eq_ignore_ascii_case(value)))
    });
    (StatusCode::OK, json!({ "stays": found.collect::<Vec<_>>() }))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn confirmation(state: &State, stay: &str) -> String {
    state.stay(stay).map(|stay| text(&stay["confirmation"])).unwrap_or_default()
}

fn folio(state: &State, stay: &str) -> Answer {
    let confirmation = confirmation(state, stay);
    let own = state.postings.iter().filter(|posting| posting.confirmation == confirmation && !posting.voided);
    let lines: Vec<&Posting> = own.collect();
    let currency = lines.first().map_or_else(|| "EUR".to_owned(), |line| line.amount.currency.to_string());
    let balance: i64 = lines.iter().map(|line| line.amount.amount_minor).sum();
    let line = |line: &&Posting| json!({ "description": line.description, "quantity": 1, "amount": line.amount, "posted_at": line.posted_at });
    let lines: Vec<Value> = lines.iter().map(line).collect();
    let body = json!({ "balance": { "amount_minor": balance, "currency": currency }, "lines": lines });
    (StatusCode::OK, body)
}

fn charge(posting: &Posting) -> Value {
    let status = if posting.voided { "voided" } else { "posted" };
    json!({ "id": posting.id, "amount": posting.amount, "status": status, "posted_at": posting.posted_at })
}

fn post(state: &mut State, setup: &Setup, stay: &str, call: &Call) -> Value {
    let Ok(amount) = serde_json::from_value::<Money>(call.body["amount"].clone()) else {
        return json!({ "status": "refused" });
    };
    let posting = Posting {
        id: state.next_id("C"),
        confirmation: confirmation(state, stay),
        reference: text(&call.body["reference"]),
        description: text(&call.body["description"]),
        amount,
        posted_at: setup.clock.now(),
        voided: false,
    };
    let answer = charge(&posting);
    state.postings.push(posting);
    answer
}

fn find_charges(state: &State, setup: &Setup, stay: &str, call: &Call) -> Answer {
    if setup.keeps != Keeps::References {
        return not_found();
    }
    let (confirmation, now) = (confirmation(state, stay), setup.clock.now());
    let shown = state.postings.iter().filter(|posting| {
        posting.confirmation == confirmation
            && call.query.get("reference") == Some(&posting.reference)
            && posting.posted_at + setup.visible_after <= now
    });
    (StatusCode::OK, json!({ "charges": shown.map(charge).collect::<Vec<_>>() }))
}

fn void(state: &mut State, id: &str) -> Answer {
    let Some(posting) = state.postings.iter_mut().find(|posting| posting.id == id) else {
        return not_found();
    };
    posting.voided = true;
    (StatusCode::OK, charge(posting))
}

fn file(state: &mut State, setup: &Setup, call: &Call) -> Value {
    let (id, reference) = (state.next_id("T"), text(&call.body["reference"]));
    state.requests.push(Filed { id: id.clone(), reference, filed_at: setup.clock.now() });
    json!({ "id": id, "status": "open" })
}

fn find_requests(state: &State, setup: &Setup, call: &Call) -> Answer {
    if setup.keeps != Keeps::References {
        return not_found();
    }
    let now = setup.clock.now();
    let shown = state.requests.iter().filter(|filed| {
        call.query.get("reference") == Some(&filed.reference) && filed.filed_at + setup.visible_after <= now
    });
    let shown: Vec<Value> = shown.map(|filed| json!({ "id": filed.id, "status": "open" })).collect();
    (StatusCode::OK, json!({ "requests": shown }))
}

fn set_checkout(state: &mut State, id: &str, call: &Call) -> Answer {
    let until = call.body["until"].clone();
    match state.stays.iter_mut().find(|stay| stay["id"] == id) {
        Some(stay) => {
            stay["checkout_until"] = until;
            (StatusCode::OK, stay.clone())
        }
        None => not_found(),
    }
}
