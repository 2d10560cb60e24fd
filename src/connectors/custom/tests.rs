//! The contract against our own fixtures, and what every kind of answer is taken for.

use super::*;
use crate::connectors::{ConnectorError, Posting, Task};
use crate::domain::money::Money;
use crate::domain::request::{RequestKind, RequestState};
use crate::domain::stay::{Stay, StayState};
use crate::http::{HeaderMap, HttpAnswer, HttpError};
use chrono::{NaiveDate, NaiveTime};
use serde_json::json;

fn clock() -> Clock {
    Clock::manual(chrono::DateTime::from_timestamp(1_804_000_000, 0).unwrap())
}

fn settings(mode: &str) -> Settings {
    let config = json!({ "base_url": "https://pms.example/bellhop/v1/", "idempotency": mode,
        "visible_after_secs": "20", "timeout_secs": 8 });
    let secrets = Secrets::from_iter([("signing_key".to_owned(), "a key of the tests alone".to_owned())]);
    Settings::read(PropertyId(uuid::Uuid::from_u128(7)), config.as_object().unwrap(), &secrets).unwrap()
}

fn fixture(name: &str) -> HttpAnswer {
    let path = format!("{}/fixtures/connectors/custom/{name}.json", env!("CARGO_MANIFEST_DIR"));
    answer(200, &std::fs::read_to_string(path).unwrap())
}

fn answer(status: u16, body: &str) -> HttpAnswer {
    HttpAnswer { status, headers: HeaderMap::new(), body: body.to_owned().into() }
}

fn brandt() -> Stay {
    map::stays(PropertyId(uuid::Uuid::from_u128(7)), Ok(fixture("stays"))).unwrap().remove(0)
}

fn sandwich() -> Posting {
    Posting {
        reference: "eff_0001".to_owned(),
        description: "club sandwich".to_owned(),
        quantity: 1,
        amount: Money::new(1800, "EUR".parse().unwrap()),
    }
}

#[test]
fn a_stay_is_read_and_one_with_an_unknown_status_is_nobodys() {
    let found = map::stays(PropertyId(uuid::Uuid::from_u128(7)), Ok(fixture("stays"))).unwrap();
    let [ilse] = found.as_slice() else { panic!("{} stays", found.len()) };
    assert_eq!((ilse.external_id.as_str(), ilse.state), ("R-77120", StayState::InHouse));
    assert_eq!(
        (ilse.phone.as_deref(), ilse.email.as_deref()),
        (Some("+436601234567"), Some("ilse@guests.example"))
    );
    assert_eq!(ilse.checkout_until, NaiveTime::from_hms_opt(13, 0, 0));
    assert_eq!(ilse.id, brandt().id, "the same stay has the same id, whoever asks");
    let elsewhere = map::stays(PropertyId(uuid::Uuid::from_u128(8)), Ok(fixture("stays"))).unwrap();
    assert_ne!(elsewhere[0].id, ilse.id);
}

#[test]
fn a_bill_is_read_with_its_sign() {
    let folio = map::folio(Ok(fixture("folio"))).unwrap();
    assert_eq!(folio.balance.amount_minor, 4550);
    assert_eq!(folio.lines.iter().map(|line| line.amount.amount_minor).sum::<i64>(), 4550);
}

#[test]
fn a_charge_is_asked_for_as_the_contract_says() {
    let request = settings("key").post_charge(&brandt(), &sandwich(), clock().now());
    assert_eq!(request.url.as_str(), "https://pms.example/bellhop/v1/stays/R-77120/charges");
    assert_eq!(request.headers["idempotency-key"], "eff_0001");
    assert_eq!(request.timeout, Duration::from_secs(8));
    let deadline = (clock().now() + TimeDelta::seconds(8)).timestamp_millis().to_string();
    assert_eq!(request.headers["bellhop-deadline"], deadline.as_str());
    let parts = ["POST", "/bellhop/v1/stays/R-77120/charges", &deadline, "eff_0001"];
    assert_eq!(request.headers["bellhop-signature"], sign("a key of the tests alone", &parts, &request.body));
    insta::assert_snapshot!(String::from_utf8_lossy(&request.body), @r#"{"reference":"eff_0001","description":"club sandwich","quantity":1,"amount":{"amount_minor":1800,"currency":"EUR"}}"#);
    let plain = settings("none").post_charge(&brandt(), &sandwich(), clock().now());
    assert!(!plain.headers.contains_key("idempotency-key"), "a system that keeps no keys gets none");
}

#[test]
fn an_odd_id_or_number_cannot_leave_its_place_in_the_address() {
    let stay = Stay { external_id: "../x?y=1#z".to_owned(), ..brandt() };
    let request = settings("lookup").find_charge(&stay, "a&b=c", clock().now());
    assert_eq!(
        request.url.as_str(),
        "https://pms.example/bellhop/v1/stays/..%2Fx%3Fy=1%23z/charges?reference=a%26b%3Dc"
    );
}

#[test]
fn a_request_and_a_departure_are_asked_for_as_the_contract_says() {
    let task = Task {
        reference: "eff_0002".to_owned(),
        conversation: None,
        kind: RequestKind::Towels,
        item: "towels".to_owned(),
        quantity: 2,
        room: Some("12".to_owned()),
        department: "housekeeping".to_owned(),
        due_at: None,
    };
    let request = settings("key").create_request(&brandt(), &task, clock().now());
    let key = &request.headers["idempotency-key"];
    assert_eq!(key, "eff_0002-request", "the charge of the same order has the plain one");
    insta::assert_snapshot!(String::from_utf8_lossy(&request.body), @r#"{"reference":"eff_0002","kind":"towels","item":"towels","quantity":2,"room":"12","department":"housekeeping","due_at":null}"#);
    let when = (NaiveDate::from_ymd_opt(2027, 3, 6).unwrap(), NaiveTime::from_hms_opt(13, 0, 0).unwrap());
    let request = settings("key").set_checkout(&brandt(), when, "eff_0003", clock().now());
    assert_eq!((request.method.as_str(), request.url.path()), ("PUT", "/bellhop/v1/stays/R-77120/checkout"));
    insta::assert_snapshot!(String::from_utf8_lossy(&request.body), @r#"{"on":"2027-03-06","until":"13:00","reference":"eff_0003"}"#);
}

#[test]
fn only_a_status_of_the_contract_is_success() {
    let posted = map::charge_posted(&sandwich(), Ok(fixture("charge"))).unwrap();
    assert_eq!((posted.external_id.as_str(), posted.voided), ("C-9001", false));
    let with = |word: &str| {
        let body = String::from_utf8(fixture("charge").body.to_vec()).unwrap();
        Ok(answer(201, &body.replace("posted\"", &format!("{word}\""))))
    };
    for word in ["pending", "accepted", "POSTED", ""] {
        let said = map::charge_posted(&sandwich(), with(word));
        assert!(matches!(said, Err(ConnectorError::Unknown { .. })), "{word:?}: {said:?}");
    }
    let other = Posting { amount: Money::new(1801, "EUR".parse().unwrap()), ..sandwich() };
    assert!(matches!(map::charge_posted(&other, Ok(fixture("charge"))), Err(ConnectorError::Unknown { .. })));
    let filed = map::request_filed("eff_0002", Ok(fixture("request"))).unwrap();
    assert_eq!((filed.external_id.as_str(), filed.state), ("T-310", RequestState::Open));
    let odd = map::request_filed("eff_0002", Ok(answer(200, r#"{"id": "T-1", "status": "queued"}"#)));
    assert!(matches!(odd, Err(ConnectorError::Unknown { .. })), "{odd:?}");
}

#[test]
fn what_may_have_arrived_is_unknown_and_what_was_not_begun_is_not() {
    let post = |answer| map::charge_posted(&sandwich(), answer).unwrap_err();
    for error in [HttpError::Timeout, HttpError::Broken, HttpError::TooLarge { limit: 1 }] {
        assert!(matches!(post(Err(error)), ConnectorError::Unknown { .. }));
    }
    assert!(matches!(post(Err(HttpError::Connect)), ConnectorError::Unavailable { .. }));
    for status in [200, 202, 302, 409, 500, 502, 503, 504] {
        assert!(matches!(post(Ok(answer(status, "{}"))), ConnectorError::Unknown { .. }), "{status}");
    }
    for status in [408, 429] {
        assert!(matches!(post(Ok(answer(status, ""))), ConnectorError::Unavailable { .. }), "{status}");
    }
    assert_eq!(post(Ok(answer(404, ""))), ConnectorError::NotFound);
    let refused = post(Ok(HttpAnswer { status: 422, ..fixture("refusal") }));
    assert_eq!(refused, ConnectorError::Refused { why: "status 422, bill_closed".to_owned() });
    let talkative = post(Ok(answer(422, r#"{"code": "The bill of Ms Brandt"}"#)));
    assert_eq!(talkative, ConnectorError::Refused { why: "status 422".to_owned() });
}

#[test]
fn a_look_up_finds_finds_nothing_or_fails_but_never_guesses() {
    let found = map::charge_found("eff_0001", Ok(fixture("charges"))).unwrap().unwrap();
    assert_eq!(found.amount.amount_minor, 1800);
    assert_eq!(map::charge_found("eff_0001", Ok(answer(200, r#"{"charges": []}"#))), Ok(None));
    for broken in [answer(200, "{}"), answer(500, ""), answer(429, "")] {
        let said = map::charge_found("eff_0001", Ok(broken));
        assert!(matches!(said, Err(ConnectorError::Unavailable { .. })), "{said:?}");
    }
    let body = String::from_utf8(fixture("charges").body.to_vec()).unwrap();
    let pending = map::charge_found("eff_0001", Ok(answer(200, &body.replace("posted\"", "pending\""))));
    assert!(matches!(pending, Err(ConnectorError::Unknown { .. })), "{pending:?}");
}

#[test]
fn what_the_settings_do_not_promise_is_not_relied_upon() {
    let line = || {
        let breaker = crate::breaker::Breakers::new(clock()).named("of the tests");
        Line::new(crate::http::Http::new().unwrap(), breaker)
    };
    let system = |mode| Custom { settings: settings(mode), line: line(), clock: clock() };
    assert_eq!(system("none").after_cut(Step::Charge), AfterCut::Staff);
    let look = AfterCut::LookUp { sure_after: TimeDelta::seconds(28) };
    assert_eq!(system("lookup").after_cut(Step::Charge), look);
    assert!(matches!(system("key").after_cut(Step::Task), AfterCut::Repeat { .. }));
    for mode in ["key", "lookup", "none"] {
        assert!(matches!(system(mode).after_cut(Step::Departure), AfterCut::Repeat { .. }));
    }
}

#[test]
fn settings_that_cannot_work_are_refused_in_words() {
    let said = |config: Value, key: &str| {
        let secrets = Secrets::from_iter([("signing_key".to_owned(), key.to_owned())]);
        check(config.as_object().unwrap(), &secrets).unwrap_err().to_string()
    };
    let long = "a key of the tests alone";
    assert!(said(json!({}), long).contains("base_url"));
    assert!(said(json!({ "base_url": "pms.example" }), long).contains("https://"));
    assert!(said(json!({ "base_url": "https://u:p@pms.example" }), long).contains("password"));
    assert!(said(json!({ "base_url": "https://pms.example" }), "short").contains("16 characters"));
    assert!(said(json!({ "base_url": "https://pms.example" }), "").contains("signing_key"));
    assert!(
        said(json!({ "base_url": "https://pms.example", "timeout_secs": 0 }), long).contains("timeout_secs")
    );
    assert!(
        said(json!({ "base_url": "https://pms.example", "idempotency": "maybe" }), long).contains("lookup")
    );
}
