//! Twilio's webhooks and answers as stories; bodies lie in `fixtures/channels/sms`.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use sha1::Sha1;

use crate::channels::contract_tests::Sample;
use crate::channels::{
    Account, Channel, InboundEvent, InboundMessage, OutboundText, RawWebhook, Receipt, Refusal, Rejected,
    SendOutcome,
};
use crate::domain::choices::Choices;
use crate::domain::message::{Delivery, Media};
use crate::http::{HeaderMap, HttpAnswer, HttpError, Method};
use crate::secrets::Secrets;

use super::{TwilioSms, wire};

const TOKEN: &str = "not-a-real-token";
const PUBLIC_URL: &str = "https://hotel.example";
const PATH: &str = "/hooks/twilio/harbour";

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("../../../fixtures/channels/sms/", $name)).trim_end()
    };
}

fn config() -> Map<String, Value> {
    let config = json!({"account_sid": "AC10000000000000000000000000000001", "from": "+351 210 000 001"});
    config.as_object().unwrap().clone()
}

fn secrets() -> Secrets {
    Secrets::from_iter([("auth_token".to_owned(), TOKEN)])
}

pub(super) fn account() -> Box<dyn Account> {
    TwilioSms.open(&config(), &secrets()).unwrap()
}

/// Signs as Twilio's documentation says, on its own: URL, then each name with its value, sorted.
fn sign(url: &str, body: &[u8]) -> String {
    let mut pairs: Vec<(String, String)> = url::form_urlencoded::parse(body).into_owned().collect();
    pairs.sort();
    pairs.dedup();
    let data = pairs.iter().fold(url.to_owned(), |data, (name, value)| data + name + value);
    let mac = Hmac::<Sha1>::new_from_slice(TOKEN.as_bytes()).unwrap().chain_update(data);
    STANDARD.encode(mac.finalize().into_bytes())
}

fn signed_at(path_and_query: &str, body: impl Into<Bytes>) -> RawWebhook {
    let body = body.into();
    let mut headers = HeaderMap::new();
    headers.insert("content-type", "application/x-www-form-urlencoded; charset=UTF-8".parse().unwrap());
    let signature = sign(&format!("{PUBLIC_URL}{path_and_query}"), &body);
    headers.insert("x-twilio-signature", signature.parse().unwrap());
    RawWebhook {
        path_and_query: path_and_query.to_owned(),
        headers,
        body,
        public_url: PUBLIC_URL.to_owned(),
        now: chrono::DateTime::UNIX_EPOCH,
    }
}

fn signed(body: &'static str) -> RawWebhook {
    signed_at(PATH, body)
}

fn receive(raw: &RawWebhook) -> Result<Vec<InboundEvent>, Refusal> {
    account().receive(raw)
}

fn only(body: &'static str) -> InboundEvent {
    let mut events = receive(&signed(body)).unwrap();
    assert_eq!(events.len(), 1);
    events.remove(0)
}

/// What the contract tests need of this channel.
pub(in crate::channels) fn sample() -> Sample {
    Sample {
        kind: "sms.twilio",
        config: config(),
        secrets: secrets(),
        message: signed(fixture!("message.txt")),
        receipt: signed(fixture!("delivered.txt")),
        unknown: signed(fixture!("unknown_status.txt")),
        oversize: signed_at(PATH, format!("{}&Body={}", fixture!("stop.txt"), "a".repeat(100_000))),
        accepted: answer(201, fixture!("accepted.json")),
        to: "+34600111222",
    }
}

fn answer(status: u16, body: &'static str) -> HttpAnswer {
    HttpAnswer { status, headers: HeaderMap::new(), body: Bytes::from_static(body.as_bytes()) }
}

#[test]
fn a_message_arrives_with_its_trailing_space_and_its_number_in_one_form() {
    let expected = InboundMessage {
        vendor_id: "SM10000000000000000000000000000001".to_owned(),
        from: "+34600111222".to_owned(),
        to: "+351210000001".to_owned(),
        text: "¿Tienen una cuna? ".to_owned(),
        media: Vec::new(),
        sent_at: None,
        lasting_id: None,
        button: false,
        choice: None,
    };
    assert_eq!(only(fixture!("message.txt")), InboundEvent::Message(expected));
}

#[test]
fn parameters_that_twilio_adds_and_empty_numbers_are_no_error() {
    let InboundEvent::Message(message) = only(fixture!("message_with_news.txt")) else { panic!() };
    assert_eq!(message.text, "Gracias");
}

#[test]
fn media_are_noted_with_their_kind() {
    let InboundEvent::Message(message) = only(fixture!("media.txt")) else { panic!() };
    let media = |end: &str, content_type: &str| Media {
        url: format!(
            "https://api.twilio.com/2010-04-01/Accounts/AC10000000000000000000000000000001/Messages/MM10000000000000000000000000000004/Media/{end}"
        ),
        content_type: content_type.to_owned(),
        name: None,
    };
    assert_eq!(
        message.media,
        [
            media("ME10000000000000000000000000000001", "image/jpeg"),
            media("ME10000000000000000000000000000002", "application/octet-stream"),
        ]
    );
}

#[test]
fn a_forged_or_unsigned_webhook_is_refused() {
    let good = signed(fixture!("message.txt"));
    let mut unsigned = good.clone();
    unsigned.headers.remove("x-twilio-signature");
    let mut other_path = good.clone();
    other_path.path_and_query = "/hooks/twilio/other".to_owned();
    let mut other_host = good.clone();
    other_host.public_url = "https://elsewhere.example".to_owned();
    let mut not_ascii = good.clone();
    let bytes = crate::http::HeaderValue::from_bytes(b"\xff\xfe").unwrap();
    not_ascii.headers.insert("x-twilio-signature", bytes);
    for raw in [unsigned, other_path, other_host, not_ascii] {
        assert_eq!(receive(&raw), Err(Refusal::BadSignature));
    }
}

#[test]
fn the_host_header_is_not_believed() {
    let mut raw = signed(fixture!("message.txt"));
    raw.headers.insert("host", "127.0.0.1:8080".parse().unwrap());
    raw.headers.insert("x-forwarded-host", "elsewhere.example".parse().unwrap());
    assert_eq!(receive(&raw).map(|events| events.len()), Ok(1));
}

#[test]
fn a_public_url_with_port_path_or_final_slash_verifies() {
    for (public_url, signed_url) in [
        ("https://hotel.example/", "https://hotel.example/hooks/twilio/harbour"),
        ("https://hotel.example", "https://hotel.example:443/hooks/twilio/harbour"),
        ("https://hotel.example:443", "https://hotel.example/hooks/twilio/harbour"),
        ("https://h.example/bell/", "https://h.example/bell/hooks/twilio/harbour"),
    ] {
        let mut raw = signed(fixture!("message.txt"));
        raw.public_url = public_url.to_owned();
        raw.headers.insert("x-twilio-signature", sign(signed_url, &raw.body).parse().unwrap());
        assert!(receive(&raw).is_ok(), "{public_url}");
    }
}

#[test]
fn a_signed_body_that_is_no_form_is_malformed_and_an_unsigned_one_refused() {
    let path = format!("{PATH}?bodySHA256=44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
    let mut raw = signed_at(&path, "");
    raw.body = Bytes::from_static(b"{}");
    raw.headers.insert("content-type", "application/json".parse().unwrap());
    assert!(matches!(receive(&raw), Err(Refusal::Malformed(_))));
    raw.body = Bytes::from_static(b"[]");
    assert_eq!(receive(&raw), Err(Refusal::BadSignature));
}

#[test]
fn a_message_without_id_or_sender_or_with_two_senders_says_what_is_wrong() {
    for (body, named) in [
        ("From=%2B34600111222&To=%2B351210000001&Body=x", "MessageSid"),
        ("MessageSid=SM1&To=%2B351210000001&Body=x", "From"),
        ("MessageSid=SM1&From=%2B34600111222&To=+&Body=x", "To"),
        ("MessageSid=SM1&From=%2B34600111222&From=%2B34600111223&To=%2B351210000001", "From"),
    ] {
        let Err(Refusal::Malformed(what)) = receive(&signed(body)) else { panic!("{body}") };
        assert!(what.contains(named) && !what.contains("600111"), "{what}");
    }
}

#[test]
fn whatsapp_through_twilio_is_refused_as_not_built() {
    let Err(Refusal::NotBuilt(what)) = receive(&signed(fixture!("whatsapp.txt"))) else { panic!() };
    assert!(what.contains("whatsapp") && !what.contains("600111222"), "{what}");
}

fn with_word(text: &str, opt_out_type: &str) -> InboundEvent {
    let body = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("MessageSid", "SM1")
        .append_pair("From", "+34600111222")
        .append_pair("To", "+351210000001")
        .append_pair("Body", text)
        .append_pair("OptOutType", opt_out_type)
        .finish();
    receive(&signed_at(PATH, body)).unwrap().remove(0)
}

#[test]
fn twilios_reading_of_a_word_goes_before_ours() {
    let InboundEvent::OptOut { message, word } = only(fixture!("stop.txt")) else { panic!() };
    assert_eq!((word.as_str(), message.text.as_str()), ("CANCEL", "Cancel"));
    // A word of the hotel's own, set up at Twilio.
    assert!(matches!(with_word("baja.", "STOP"), InboundEvent::OptOut { word, .. } if word == "BAJA"));
    assert!(matches!(with_word("4111 1111", "STOP"), InboundEvent::OptOut { word, .. } if word == "STOP"));
    assert!(matches!(with_word("alta", "START"), InboundEvent::OptIn { only_if_opted_out: false, .. }));
    assert!(matches!(with_word("ayuda", "HELP"), InboundEvent::Help { .. }));
}

#[test]
fn without_twilios_reading_the_word_counts_only_as_the_whole_message() {
    assert!(matches!(with_word("Stop!", ""), InboundEvent::OptOut { word, .. } if word == "STOP"));
    assert!(matches!(with_word("unstop", ""), InboundEvent::OptIn { only_if_opted_out: false, .. }));
    assert!(matches!(with_word("info", ""), InboundEvent::Help { .. }));
    assert!(matches!(with_word("stop by the pool?", ""), InboundEvent::Message(_)));
    assert!(matches!(with_word("cancel my dinner", "SOMETHING_NEW"), InboundEvent::Message(_)));
}

#[test]
fn yes_comes_with_its_whole_message_for_intake_to_decide() {
    for opt_out_type in ["", "START"] {
        let InboundEvent::OptIn { message, word, only_if_opted_out } = with_word("Yes", opt_out_type) else {
            panic!("{opt_out_type}")
        };
        assert!(only_if_opted_out);
        assert_eq!((message.text.as_str(), word.as_str()), ("Yes", "YES"));
    }
}

fn receipt(path_and_query: &str, body: &'static str) -> Receipt {
    match receive(&signed_at(path_and_query, body)).unwrap().remove(0) {
        InboundEvent::Receipt(receipt) => receipt,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_receipt_brings_the_state_the_reason_in_words_and_our_reference() {
    let delivered = receipt("/hooks/twilio/harbour/status?ref=msg_1", fixture!("delivered.txt"));
    assert_eq!((delivered.delivery, delivered.reference.as_deref()), (Delivery::Delivered, Some("msg_1")));
    assert_eq!((delivered.reason, delivered.code), (None, None));
    let failed = receipt("/hooks/twilio/harbour/status", fixture!("undelivered.txt"));
    assert_eq!(failed.vendor_id, "SM10000000000000000000000000000007");
    assert_eq!(
        (failed.delivery, failed.code.as_deref(), failed.reference),
        (Delivery::Failed, Some("30003"), None)
    );
    assert!(failed.reason.is_some_and(|reason| reason.contains("cannot be reached")));
}

#[test]
fn every_state_of_twilio_has_one_of_ours() {
    for (status, delivery) in [
        ("accepted", Delivery::Sent),
        ("queued", Delivery::Sent),
        ("sent", Delivery::Sent),
        ("delivered", Delivery::Delivered),
        ("read", Delivery::Read),
        ("failed", Delivery::Failed),
        ("Undelivered", Delivery::Failed),
        ("canceled", Delivery::Cancelled),
    ] {
        let body = format!("MessageSid=SM1&MessageStatus={status}&ErrorCode=21610");
        let Some(InboundEvent::Receipt(receipt)) = receive(&signed_at(PATH, body)).unwrap().pop() else {
            panic!()
        };
        assert_eq!(receipt.delivery, delivery, "{status}");
        assert!(receipt.opted_out);
    }
}

fn outbound(text: &str) -> OutboundText {
    OutboundText {
        to: "+34 600 111 222".to_owned(),
        text: text.to_owned(),
        template: None,
        choices: Choices::default(),
        reference: "msg_1".to_owned(),
        status_callback_url: Some("https://hotel.example/hooks/twilio/harbour/status".to_owned()),
    }
}

#[test]
fn a_send_is_the_form_that_twilio_documents() {
    let request = account().render(&outbound("Your towels & soap: 2 € each")).unwrap();
    assert_eq!(request.method, Method::POST);
    assert_eq!(
        request.url.as_str(),
        "https://api.twilio.com/2010-04-01/Accounts/AC10000000000000000000000000000001/Messages.json"
    );
    assert_eq!(request.headers["content-type"], "application/x-www-form-urlencoded");
    assert_eq!(
        request.headers["authorization"],
        format!("Basic {}", STANDARD.encode(format!("AC10000000000000000000000000000001:{TOKEN}"))).as_str()
    );
    assert_eq!(
        std::str::from_utf8(&request.body).unwrap(),
        "To=%2B34600111222&From=%2B351210000001&Body=Your+towels+%26+soap%3A+2+%E2%82%AC+each\
         &StatusCallback=https%3A%2F%2Fhotel.example%2Fhooks%2Ftwilio%2Fharbour%2Fstatus%3Fref%3Dmsg_1"
    );
}

#[test]
fn a_messaging_service_sends_in_place_of_a_number_and_the_base_url_may_have_a_path() {
    let config = json!({"account_sid": "AC1", "from": " ", "messaging_service_sid": "MG1", "base_url": "http://127.0.0.1:9/t/"});
    let account = TwilioSms.open(config.as_object().unwrap(), &secrets()).unwrap();
    let message = OutboundText { status_callback_url: None, ..outbound("Hi") };
    let request = account.render(&message).unwrap();
    assert_eq!(request.url.as_str(), "http://127.0.0.1:9/t/2010-04-01/Accounts/AC1/Messages.json");
    assert_eq!(request.body, "To=%2B34600111222&MessagingServiceSid=MG1&Body=Hi");
}

#[test]
fn what_twilio_would_refuse_is_not_sent() {
    let why = |message: OutboundText| account().render(&message).unwrap_err();
    assert!(why(OutboundText { to: "whatsapp:+34600111222".to_owned(), ..outbound("Hi") }).permanent);
    assert!(why(outbound(" \n")).why.contains("empty"));
    assert!(why(outbound(&"a".repeat(1601))).why.contains("1600"));
    assert!(account().render(&outbound(&"a".repeat(1600))).is_ok());
    // Folded, the dots would take 1602.
    assert!(account().render(&outbound(&format!("{}…", "a".repeat(1599)))).is_ok());
}

#[test]
fn refusals_come_in_words_and_say_whether_to_try_again() {
    let refused = |status, body| match account().classify(Ok(&answer(status, body))) {
        SendOutcome::Rejected(rejected) => rejected,
        other => panic!("{other:?}"),
    };
    let Rejected { opted_out, permanent, code, .. } =
        refused(400, r#"{"code": 21610, "message": "…", "status": 400}"#);
    assert_eq!((opted_out, permanent, code.as_deref()), (true, false, Some("21610")));
    assert!(refused(400, r#"{"code": "21614"}"#).permanent);
    assert!(refused(401, "").why.contains("auth token"));
    assert!(refused(400, r#"{"code": 99999}"#).why.contains("99999"));
    assert!(refused(404, "<html>").why.contains("404"));
    assert!(refused(301, "").why.contains("base URL"));
    assert!(refused(201, r#"{"sid": "SM1", "status": "failed", "error_code": 30006}"#).permanent);
    assert_eq!(account().classify(Ok(&answer(400, r#"{"code": 63016}"#))), SendOutcome::WindowClosed);
}

#[test]
fn a_busy_twilio_is_asked_again_when_it_says() {
    let after = |retry_after: &str| {
        let mut busy = answer(429, r#"{"code": 20429}"#);
        busy.headers.insert("retry-after", retry_after.parse().unwrap());
        match account().classify(Ok(&busy)) {
            SendOutcome::Retry { after, .. } => after,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(after("7"), Some(Duration::from_secs(7)));
    assert_eq!(after("999999999"), Some(Duration::from_secs(3600)));
    assert_eq!(after("soon"), None);
}

#[test]
fn an_answer_that_names_no_message_proves_nothing() {
    for (status, body) in [(201, ""), (201, "{"), (200, "[1]"), (408, ""), (100, "")] {
        let outcome = account().classify(Ok(&answer(status, body)));
        assert!(matches!(outcome, SendOutcome::Unknown { .. }), "{status} {body}: {outcome:?}");
    }
}

#[test]
fn the_test_button_says_what_twilio_thinks_of_the_account() {
    let request = account().probe().unwrap();
    assert_eq!(request.method, Method::GET);
    assert_eq!(request.url.path(), "/2010-04-01/Accounts/AC10000000000000000000000000000001.json");
    assert!(request.headers["authorization"].is_sensitive());
    let says = |status, body| account().classify_probe(Ok(&answer(status, body)));
    assert_eq!(
        says(200, r#"{"status": "active", "friendly_name": "Harbour", "type": "Full"}"#).unwrap(),
        "The Twilio account “Harbour” is active."
    );
    assert!(says(200, r#"{"status": "active", "type": "Trial"}"#).unwrap().contains("trial"));
    assert!(says(200, r#"{"status": "suspended"}"#).unwrap_err().contains("suspended"));
    assert!(says(200, "<html>").unwrap_err().contains("base URL"));
    assert!(says(401, "").unwrap_err().contains("auth token"));
    assert!(says(404, "").unwrap_err().contains("account SID"));
    assert!(account().classify_probe(Err(&HttpError::Connect)).unwrap_err().contains("could not connect"));
}

#[test]
fn wrong_settings_say_how_to_mend_them() {
    let says = |config: Value, secrets: &Secrets| {
        let opened = TwilioSms.open(config.as_object().unwrap(), secrets);
        opened.err().map(|problem| problem.to_string()).unwrap_or_default()
    };
    for (config, named) in [
        (json!({}), "account_sid"),
        (json!({"account_sid": "SK1", "from": "+351210000001"}), "begins with AC"),
        (json!({"account_sid": "AC1/../x", "from": "+351210000001"}), "begins with AC"),
        (json!({"account_sid": "AC1"}), "Give from"),
        (json!({"account_sid": "AC1", "from": "+351210000001", "messaging_service_sid": "MG1"}), "not both"),
        (json!({"account_sid": "AC1", "from": "210000001"}), "with its country"),
        (json!({"account_sid": "AC1", "from": "whatsapp:+351210000001"}), "not built"),
        (json!({"account_sid": "AC1", "messaging_service_sid": "AC2"}), "begins with MG"),
        (json!({"account_sid": "AC1", "from": "+351210000001", "base_url": "ftp://x"}), "base_url"),
        (json!({"account_sid": "AC1", "from": "+351210000001", "form": 1}), "`form`"),
        (json!({"account_sid": "AC1", "from": "+351210000001", "auth_token": "x"}), "secrets"),
    ] {
        let problem = says(config, &secrets());
        assert!(problem.contains(named), "{problem}");
    }
    let config = json!({"account_sid": "AC1", "from": "12345"});
    assert_eq!(says(config.clone(), &secrets()), "");
    assert!(says(config, &Secrets::default()).contains("auth_token"));
}

#[test]
fn the_acknowledgement_says_nothing_to_the_guest() {
    let reply = account().acknowledge();
    assert_eq!((reply.status, reply.content_type, reply.body), (200, "text/xml", "<Response/>"));
}

proptest! {
    #[test]
    fn no_signed_bytes_are_too_odd_to_be_read(body in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = receive(&signed_at(PATH, body));
    }

    #[test]
    fn no_signed_message_loses_its_text(text in any::<String>(), opt_out_type in "(|STOP|START|HELP|\\PC{0,9})") {
        let text = format!("{text}.");
        let said = match with_word(&text, &opt_out_type) {
            InboundEvent::Message(message)
            | InboundEvent::OptOut { message, .. }
            | InboundEvent::OptIn { message, .. }
            | InboundEvent::Help { message, .. } => message.text,
            other => panic!("{other:?}"),
        };
        prop_assert_eq!(said, text);
    }

    #[test]
    fn a_changed_body_never_verifies(at in 0usize..400, letter in "[A-Za-z0-9]") {
        let mut raw = signed(fixture!("message.txt"));
        let mut body = raw.body.to_vec();
        let at = at % body.len();
        prop_assume!(body[at].is_ascii_alphanumeric());
        body[at] = letter.as_bytes()[0];
        prop_assume!(wire::parse_form(&body) != wire::parse_form(&raw.body));
        raw.body = Bytes::from(body);
        prop_assert_eq!(receive(&raw), Err(Refusal::BadSignature));
    }

    #[test]
    fn a_shortened_or_lengthened_body_never_verifies(keep in 0usize..380, extra in "&[a-z]{1,5}=[a-z]{1,5}") {
        let good = signed(fixture!("message.txt"));
        let mut short = good.clone();
        short.body = good.body.slice(..keep.min(good.body.len() - 1));
        prop_assert_eq!(receive(&short), Err(Refusal::BadSignature));
        let mut long = good.clone();
        long.body = Bytes::from([good.body.as_ref(), extra.as_bytes()].concat());
        prop_assert_eq!(receive(&long), Err(Refusal::BadSignature));
    }
}
