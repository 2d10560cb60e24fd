//! Meta's webhooks and answers as stories; bodies lie in `fixtures/channels/whatsapp`.

use super::{WhatsApp, error_words};
use crate::channels::contract_tests::Sample;
use crate::channels::{
    Account, Channel, InboundEvent, InboundMessage, OutboundText, RawWebhook, Receipt, Refusal, SendOutcome,
    Waits,
};
use crate::domain::choices::Choices;
use crate::domain::message::{Delivery, Media};
use crate::http::{HeaderMap, HttpAnswer, HttpError, Method};
use crate::secrets::Secrets;
use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use sha2::Sha256;
use std::fmt::Write as _;

const APP_SECRET: &str = "not-a-real-app-secret";
const ANA: &str = "ES.90000000000000000001";

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("../../../fixtures/channels/whatsapp/", $name))
    };
}

pub(super) fn config() -> Map<String, Value> {
    json!({"phone_number_id": "510000000000001", "waba_id": "410000000000001"}).as_object().unwrap().clone()
}

pub(super) fn secrets() -> Secrets {
    Secrets::from_iter([
        ("access_token".to_owned(), "not-a-real-token"),
        ("app_secret".to_owned(), APP_SECRET),
        ("verify_token".to_owned(), "blue door"),
    ])
}

pub(super) fn account() -> Box<dyn Account> {
    WhatsApp.open(&config(), &secrets()).unwrap()
}

pub(super) fn signed(body: impl Into<Bytes>) -> RawWebhook {
    let body = body.into();
    let mac = Hmac::<Sha256>::new_from_slice(APP_SECRET.as_bytes()).unwrap().chain_update(&body);
    let hex = mac.finalize().into_bytes().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    let mut headers = HeaderMap::new();
    headers.insert("x-hub-signature-256", format!("sha256={hex}").parse().unwrap());
    RawWebhook {
        path_and_query: "/hooks/whatsapp/harbour".to_owned(),
        headers,
        body,
        public_url: "https://hotel.example".to_owned(),
        now: chrono::DateTime::UNIX_EPOCH,
    }
}

fn receive(body: impl Into<Bytes>) -> Result<Vec<InboundEvent>, Refusal> {
    account().receive(&signed(body))
}

/// The events of one message of Ana's with these fields.
fn events(fields: Value) -> Vec<InboundEvent> {
    let mut message =
        json!({"from": "34600111222", "from_user_id": ANA, "id": "wamid.OWN9", "timestamp": "1795190400"});
    message.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    receive(enveloped(json!({"messages": [message]}))).unwrap()
}

fn enveloped(fields: Value) -> String {
    let mut value =
        json!({"messaging_product": "whatsapp", "metadata": {"phone_number_id": "510000000000001"}});
    value.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    json!({"object": "whatsapp_business_account", "entry": [{"changes": [{"field": "messages", "value": value}]}]})
        .to_string()
}

fn message(fields: Value) -> InboundMessage {
    match events(fields).as_slice() {
        [InboundEvent::Message(message)] => message.clone(),
        other => panic!("{other:?}"),
    }
}

/// The note's words, and whether staff are called.
fn note(fields: Value) -> (String, bool) {
    match events(fields).as_slice() {
        [InboundEvent::Note { message, calls_staff }] => (message.text.clone(), *calls_staff),
        other => panic!("{other:?}"),
    }
}

/// What the contract tests need of this channel.
pub(in crate::channels) fn sample() -> Sample {
    Sample {
        kind: "whatsapp.cloud",
        config: config(),
        secrets: secrets(),
        message: signed(fixture!("text.json")),
        receipt: signed(fixture!("delivered.json")),
        unknown: signed(fixture!("template_status.json")),
        oversize: signed(vec![b' '; 5 * 1024 * 1024]),
        accepted: answer(200, fixture!("accepted.json")),
        to: "+34600111222",
    }
}

pub(super) fn answer(status: u16, body: &str) -> HttpAnswer {
    HttpAnswer { status, headers: HeaderMap::new(), body: Bytes::from(body.to_owned()) }
}

#[test]
fn a_message_arrives_with_number_and_lasting_id_and_the_time_it_was_sent() {
    let expected = InboundMessage {
        vendor_id: "wamid.OWN1".to_owned(),
        from: "+34600111222".to_owned(),
        lasting_id: Some(ANA.to_owned()),
        to: "351210000001".to_owned(),
        text: "¿Tienen una cuna? ".to_owned(),
        media: Vec::new(),
        sent_at: chrono::DateTime::from_timestamp(1_795_190_400, 0),
        button: false,
        choice: None,
    };
    assert_eq!(receive(fixture!("text.json")), Ok(vec![InboundEvent::Message(expected)]));
}

#[test]
fn a_guest_who_hides_the_number_is_answered_at_the_id() {
    let events = receive(fixture!("hidden_number.json")).unwrap();
    let [InboundEvent::Message(message)] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((message.from.as_str(), message.lasting_id.as_deref()), (ANA, Some(ANA)));
}

#[test]
fn without_any_id_the_number_alone_names_the_guest_and_another_contact_is_not_mistaken_for_them() {
    let text = json!({"from": "34600111222", "id": "wamid.1", "type": "text", "text": {"body": "hi"}});
    let contact = json!({"wa_id": "34600999999", "user_id": "ES.1"});
    let body = enveloped(json!({"messages": [text], "contacts": [contact]}));
    let events = receive(body).unwrap();
    let [InboundEvent::Message(message)] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((message.from.as_str(), &message.lasting_id, message.sent_at), ("+34600111222", &None, None));
}

#[test]
fn everything_in_a_post_is_read_but_other_numbers_and_the_hotels_own_words() {
    let ids: Vec<_> = receive(fixture!("many.json"))
        .unwrap()
        .into_iter()
        .map(|event| match event {
            InboundEvent::Message(message) => message.vendor_id,
            InboundEvent::Receipt(receipt) => format!("{} {}", receipt.vendor_id, receipt.delivery),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(ids, ["wamid.OWN3", "wamid.OWN4", "wamid.OWN6", "wamid.OUT1 read"]);
}

#[test]
fn the_signature_covers_the_bytes_and_not_the_document() {
    let mut spaced = signed(fixture!("text.json"));
    let value: Value = serde_json::from_slice(&spaced.body).unwrap();
    spaced.body = Bytes::from(value.to_string());
    assert_eq!(account().receive(&spaced), Err(Refusal::BadSignature));
    assert!(matches!(receive("[]"), Ok(events) if events.is_empty()));
    assert!(matches!(receive("{"), Err(Refusal::Malformed(_))));
}

#[test]
fn meta_hears_its_challenge_only_with_the_agreed_word() {
    let ask = |query: &str| account().challenge(query);
    let good = "hub.mode=subscribe&hub.challenge=11%2058&hub.verify_token=blue+door";
    assert_eq!(ask(good).as_deref(), Some("11 58"));
    for bad in [
        "",
        "hub.mode=subscribe&hub.challenge=1&hub.verify_token=red+door",
        "hub.mode=subscribe&hub.challenge=1",
        "hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=blue+door",
        "hub.mode=subscribe&hub.verify_token=blue+door",
    ] {
        assert_eq!(ask(bad), None, "{bad}");
    }
}

#[test]
fn files_are_noted_with_caption_name_and_metas_id() {
    let photo = message(
        json!({"type": "image", "image": {"id": "77", "mime_type": "image/jpeg", "caption": "the tap"}}),
    );
    let media = |url: &str, content_type: &str, name: Option<&str>| Media {
        url: url.to_owned(),
        content_type: content_type.to_owned(),
        name: name.map(str::to_owned),
    };
    assert_eq!(photo.text, "the tap");
    assert_eq!(photo.media, [media("https://graph.facebook.com/v25.0/77", "image/jpeg", None)]);
    let voice = message(
        json!({"type": "audio", "audio": {"id": "78", "mime_type": "audio/ogg; codecs=opus", "voice": true}}),
    );
    assert_eq!(
        voice.media,
        [media("https://graph.facebook.com/v25.0/78", "audio/ogg; codecs=opus", Some("voice message"))]
    );
    let paper = message(json!({"type": "document", "document": {"id": "../x", "filename": "visa.pdf"}}));
    assert_eq!(paper.media, [media("", "application/octet-stream", Some("visa.pdf"))]);
}

#[test]
fn what_only_a_person_can_look_at_comes_with_what_they_need_to_know() {
    let named = |fields: Value| {
        let message = message(fields);
        assert!(message.text.is_empty(), "the bot must not read it");
        message
            .media
            .into_iter()
            .map(|media| (media.content_type, media.url, media.name.unwrap()))
            .collect::<Vec<_>>()
    };
    let own = |kind: &str, url: &str, name: &str| (kind.to_owned(), url.to_owned(), name.to_owned());
    assert_eq!(
        named(
            json!({"type": "location", "location": {"latitude": 38.7, "longitude": -9.1, "name": "Rossio"}})
        ),
        [own("location", "geo:38.7,-9.1", "Rossio, geo:38.7,-9.1")]
    );
    assert_eq!(
        named(json!({"type": "contacts", "contacts": [
            {"name": {"formatted_name": "Rui"}, "phones": [{"phone": "+351 1"}], "emails": [{"email": "r@x.example"}]},
            {"name": {"first_name": "Eva"}, "org": {"company": "Taxis"}},
        ]})),
        [own("contact", "", "Rui, +351 1, r@x.example"), own("contact", "", "Eva, Taxis")]
    );
    assert_eq!(
        named(json!({"type": "order", "order": {"text": "", "product_items": [
            {"product_retailer_id": "wine", "quantity": 2, "item_price": 28.5, "currency": "EUR"}]}})),
        [own("order", "", "2 × wine at 28.5 EUR")]
    );
    assert_eq!(
        named(
            json!({"type": "interactive", "interactive": {"type": "nfm_reply", "nfm_reply": {"response_json": "{\"a\":1}"}}})
        ),
        [own("form", "", "{\"a\":1}")]
    );
    assert_eq!(
        named(
            json!({"type": "unsupported", "unsupported": {"type": "poll"}, "errors": [{"code": 131051, "title": "Unknown"}]})
        ),
        [own("unsupported", "", "poll, Unknown")]
    );
    for kind in ["interactive", "hologram"] {
        assert_eq!(named(json!({"type": kind})), [own(kind, "", "WhatsApp does not pass it on")]);
    }
}

#[test]
fn a_tapped_button_or_row_is_its_title_and_nobody_corrects_it() {
    for fields in [
        json!({"type": "interactive", "interactive": {"type": "button_reply", "button_reply": {"id": "yes", "title": "Yes, please"}}}),
        json!({"type": "interactive", "interactive": {"type": "list_reply", "list_reply": {"id": "1", "title": "Yes, please"}}}),
        json!({"type": "button", "button": {"payload": "y", "text": "Yes, please"}}),
    ] {
        let message = message(fields);
        assert_eq!((message.text.as_str(), message.button), ("Yes, please", true));
        assert!(message.choice.is_some_and(|id| ["yes", "1", "y"].contains(&id.as_str())));
    }
}

#[test]
fn what_nobody_answers_is_a_note_and_only_a_changed_message_calls_staff() {
    let thumb = note(json!({"type": "reaction", "reaction": {"message_id": "wamid.OUT1", "emoji": "👍"}}));
    assert_eq!(thumb, ("The guest reacted to a message with 👍".to_owned(), false));
    for gone in [json!({"message_id": "wamid.OUT1"}), json!({"message_id": "wamid.OUT1", "emoji": ""})] {
        assert!(note(json!({"type": "reaction", "reaction": gone})).0.contains("took back"));
    }
    assert!(!note(json!({"type": "sticker", "sticker": {"id": "1"}})).1);
    assert!(!note(json!({"type": "revoke", "revoke": {"original_message_id": "wamid.OWN1"}})).1);
    let (words, calls) =
        note(json!({"type": "edit", "edit": {"message": {"type": "text", "text": {"body": "3 towels"}}}}));
    assert!(words.ends_with("3 towels") && calls);
    assert!(!note(json!({"type": "system", "system": {"type": "customer_identity_changed"}})).1);
    assert!(!note(json!({"type": "system", "system": {"type": "user_changed_number"}})).1);
}

#[test]
fn a_changed_number_or_id_says_who_is_meant_and_where_they_went() {
    let moved = |events: Vec<InboundEvent>| match events.as_slice() {
        [InboundEvent::Moved { message, address, lasting_id }] => {
            (message.from.clone(), message.lasting_id.clone(), address.clone(), lasting_id.clone())
        }
        other => panic!("{other:?}"),
    };
    let own = |text: &str| Some(text.to_owned());
    let number = json!({"from": "34600111222", "id": "wamid.1", "type": "system",
        "system": {"type": "user_changed_number", "wa_id": "34600111333"}});
    let by_number = moved(receive(enveloped(json!({"messages": [number]}))).unwrap());
    assert_eq!(by_number, ("+34600111222".to_owned(), None, own("+34600111333"), None));
    let id = json!({"id": "wamid.2", "type": "system",
        "system": {"type": "user_changed_user_id", "user_id": "ES.2", "previous_user_id": "ES.1"}});
    let by_id = moved(receive(enveloped(json!({"messages": [id]}))).unwrap());
    assert_eq!(by_id, ("ES.1".to_owned(), own("ES.1"), None, own("ES.2")));
}

#[test]
fn a_message_without_id_or_sender_is_nobodys() {
    for nobody in
        [json!({"id": "wamid.1", "type": "text"}), json!({"from": "34600111222", "type": "text"}), json!(7)]
    {
        assert_eq!(receive(enveloped(json!({"messages": [nobody]}))), Ok(Vec::new()));
    }
}

#[test]
fn an_error_without_a_message_is_the_accounts() {
    let error = json!({"code": 130429, "title": "Rate limit hit"});
    let alone = receive(enveloped(json!({"errors": [error]}))).unwrap();
    assert!(matches!(alone.as_slice(), [InboundEvent::Trouble(why)] if why.contains("too many")));
    let beside = json!({"errors": [error], "messages": [{"from": "34600111222", "id": "wamid.1", "type": "interactive"}]});
    assert!(matches!(receive(enveloped(beside)).unwrap().as_slice(), [InboundEvent::Message(_)]));
}

#[test]
fn a_receipt_brings_the_state_the_reason_in_words_and_our_reference() {
    let receipt = |body: &str| match receive(body.to_owned()).unwrap().remove(0) {
        InboundEvent::Receipt(receipt) => receipt,
        other => panic!("{other:?}"),
    };
    let delivered = receipt(fixture!("delivered.json"));
    assert_eq!((delivered.delivery, delivered.reference.as_deref()), (Delivery::Delivered, Some("out_1")));
    assert_eq!((delivered.reason, delivered.code), (None, None));
    let Receipt { delivery, reason, code, vendor_id, .. } = receipt(fixture!("failed.json"));
    assert_eq!(
        (delivery, code.as_deref(), vendor_id.as_str()),
        (Delivery::Failed, Some("131026"), "wamid.OUT2")
    );
    assert!(reason.is_some_and(|reason| reason.contains("cannot deliver")));
}

#[test]
fn every_state_of_metas_has_one_of_ours_and_a_new_one_moves_nothing() {
    let state = |status: &str| {
        let body = enveloped(json!({"statuses": [{"id": "wamid.OUT1", "status": status}]}));
        match receive(body).unwrap().as_slice() {
            [InboundEvent::Receipt(receipt)] => Some(receipt.delivery),
            [] => None,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(state("sent"), Some(Delivery::Sent));
    assert_eq!(state("read"), Some(Delivery::Read));
    assert_eq!(state("played"), Some(Delivery::Read));
    assert_eq!(state("failed"), Some(Delivery::Failed));
    assert_eq!(state("pondered"), None);
}

fn outbound(to: &str, text: &str) -> OutboundText {
    OutboundText {
        to: to.to_owned(),
        text: text.to_owned(),
        template: None,
        choices: Choices::default(),
        reference: "out_1".to_owned(),
        status_callback_url: None,
    }
}

pub(super) fn sent(to: &str) -> Value {
    serde_json::from_slice(&account().render(&outbound(to, "Two towels: \"yes\"")).unwrap().body).unwrap()
}

#[test]
fn a_send_is_the_document_that_meta_describes() {
    let request = account().render(&outbound("+34 600 111 222", "Hi")).unwrap();
    assert_eq!(request.method, Method::POST);
    assert_eq!(request.url.as_str(), "https://graph.facebook.com/v25.0/510000000000001/messages");
    assert_eq!(request.headers["authorization"], "Bearer not-a-real-token");
    let expected = json!({
        "messaging_product": "whatsapp", "recipient_type": "individual", "to": "+34600111222", "type": "text",
        "text": {"body": "Two towels: \"yes\"", "preview_url": false}, "biz_opaque_callback_data": "out_1",
    });
    assert_eq!(sent("+34600111222"), expected);
    let hidden = sent(ANA);
    assert_eq!((&hidden["recipient"], &hidden["to"]), (&json!(ANA), &Value::Null));
}

#[test]
fn what_whatsapp_would_refuse_is_not_sent() {
    let why = |message: OutboundText| account().render(&message).unwrap_err();
    for nowhere in ["ana", "es.1", "ES.", "ESP.1", "ES.1/2", ""] {
        assert!(why(outbound(nowhere, "Hi")).permanent, "{nowhere}");
    }
    assert!(why(outbound(ANA, " \n")).why.contains("empty"));
    assert!(why(outbound(ANA, &"a".repeat(4097))).why.contains("4096"));
    assert!(account().render(&outbound(ANA, &"a".repeat(4096))).is_ok());
}

#[test]
fn every_code_is_classified_and_told_in_words() {
    let outcome = |code: i64| {
        let body =
            json!({"error": {"message": "x", "code": code, "error_data": {"details": "y"}}}).to_string();
        account().classify(Ok(&answer(400, &body)))
    };
    for code in [2, 4, 80_007, 130_429, 131_016, 131_057, 133_004] {
        let outcome = outcome(code);
        assert!(matches!(outcome, SendOutcome::Retry { waits: Waits::Account, .. }), "{code}: {outcome:?}");
    }
    for code in [131_000, 131_056] {
        let outcome = outcome(code);
        assert!(matches!(outcome, SendOutcome::Retry { waits: Waits::Recipient, .. }), "{code}: {outcome:?}");
    }
    for code in [470, 131_047] {
        assert_eq!(outcome(code), SendOutcome::WindowClosed, "{code}");
    }
    for code in [131_021, 131_026] {
        assert!(matches!(outcome(code), SendOutcome::Rejected(rejected) if rejected.permanent), "{code}");
    }
    let refused = [
        3, 10, 100, 190, 200, 368, 130_403, 130_472, 131_005, 131_008, 131_009, 131_031, 131_042, 131_045,
        131_048, 131_049, 131_050, 131_051, 131_052, 131_053, 131_062, 131_064, 132_000, 132_001, 132_005,
        132_007, 132_012, 132_015, 132_016, 133_010,
    ];
    for code in refused {
        let SendOutcome::Rejected(rejected) = outcome(code) else { panic!("{code}") };
        assert!(!rejected.permanent && !rejected.opted_out, "{code}");
        assert_eq!(rejected.code, Some(code.to_string()));
        assert_eq!(rejected.why, error_words::find(code).unwrap().words);
    }
}

#[test]
fn a_code_that_nobody_has_described_is_told_by_metas_own_words_and_proves_nothing_on_a_500() {
    let body = json!({"error": {"code": 987_654, "error_data": {"details": "moon in the way"}}}).to_string();
    let SendOutcome::Rejected(rejected) = account().classify(Ok(&answer(400, &body))) else { panic!() };
    assert!(rejected.why.contains("987654") && rejected.why.contains("moon"), "{}", rejected.why);
    assert!(matches!(account().classify(Ok(&answer(500, &body))), SendOutcome::Unknown { .. }));
    let known = json!({"error": {"code": 131_000}}).to_string();
    assert!(matches!(account().classify(Ok(&answer(500, &known))), SendOutcome::Retry { .. }));
    for (status, body) in [(200, ""), (200, "{\"messages\": []}"), (408, ""), (100, "")] {
        let outcome = account().classify(Ok(&answer(status, body)));
        assert!(matches!(outcome, SendOutcome::Unknown { .. }), "{status} {body}: {outcome:?}");
    }
}

#[test]
fn the_test_button_says_what_meta_thinks_of_the_number() {
    let request = account().probe().unwrap();
    assert_eq!((request.method, request.url.path()), (Method::GET, "/v25.0/510000000000001"));
    let says = |status, body: &str| account().classify_probe(Ok(&answer(status, body)));
    let good =
        r#"{"display_phone_number": "+351 21 000", "verified_name": "Harbour", "quality_rating": "GREEN"}"#;
    assert_eq!(says(200, good).unwrap(), "The number +351 21 000 “Harbour” can be used.");
    assert!(says(200, &good.replace("GREEN", "RED")).unwrap().contains("red"));
    assert!(says(200, "<html>").unwrap_err().contains("base URL"));
    assert!(says(401, r#"{"error": {"code": 190}}"#).unwrap_err().contains("access token"));
    assert!(says(401, "").unwrap_err().contains("access token"));
    assert!(says(502, "").unwrap_err().contains("502"));
    assert!(account().classify_probe(Err(&HttpError::Connect)).unwrap_err().contains("could not connect"));
}

#[test]
fn wrong_settings_say_how_to_mend_them() {
    let says = |config: Value, secrets: &Secrets| {
        let opened = WhatsApp.open(config.as_object().unwrap(), secrets);
        opened.err().map(|problem| problem.to_string()).unwrap_or_default()
    };
    for (config, named) in [
        (json!({}), "phone_number_id"),
        (json!({"phone_number_id": "+351210000001"}), "row of digits"),
        (json!({"phone_number_id": "1", "waba_id": "x"}), "waba_id"),
        (json!({"phone_number_id": "1", "api_version": "25/../x"}), "v25.0"),
        (json!({"phone_number_id": "1", "base_url": "ftp://x"}), "base_url"),
        (json!({"phone_number_id": "1", "messages_per_second": "-1"}), "messages_per_second"),
        (json!({"phone_number_id": "1", "app_secret": "x"}), "secrets"),
    ] {
        let problem = says(config, &secrets());
        assert!(problem.contains(named), "{problem}");
    }
    let config = json!({"phone_number_id": " 1 ", "api_version": "", "base_url": "http://127.0.0.1:9/meta/"});
    assert_eq!(says(config.clone(), &secrets()), "");
    for name in ["access_token", "app_secret", "verify_token"] {
        let mut fewer = secrets();
        fewer.remove(name);
        assert!(says(config.clone(), &fewer).contains(name));
    }
    let elsewhere = WhatsApp.open(config.as_object().unwrap(), &secrets()).unwrap();
    let url = elsewhere.render(&outbound(ANA, "Hi")).unwrap().url;
    assert_eq!(url.as_str(), "http://127.0.0.1:9/meta/v25.0/1/messages");
}

proptest! {
    #[test]
    fn no_signed_bytes_are_too_odd_to_be_read(body in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = receive(body);
    }

    #[test]
    fn no_field_of_another_type_is_an_error(at in 0usize..40, odd in prop_oneof![
        Just(Value::Null), Just(json!(7)), Just(json!([])), Just(json!({})), Just(json!("")), Just(json!(true)),
    ]) {
        let mut body: Value = serde_json::from_str(fixture!("many.json")).unwrap();
        let mut place = 0;
        disturb(&mut body, &mut place, at, &odd);
        prop_assert!(receive(body.to_string()).is_ok());
    }

    #[test]
    fn no_message_loses_its_text(text in any::<String>()) {
        let said = message(json!({"type": "text", "text": {"body": text}})).text;
        prop_assert_eq!(said, text);
    }

    #[test]
    fn a_changed_body_never_verifies(at in 0usize..400, byte in any::<u8>()) {
        let mut raw = signed(fixture!("text.json"));
        let mut body = raw.body.to_vec();
        let at = at % body.len();
        prop_assume!(body[at] != byte);
        body[at] = byte;
        raw.body = Bytes::from(body);
        prop_assert_eq!(account().receive(&raw), Err(Refusal::BadSignature));
    }
}

/// Replaces the value at the `at`-th place of a document.
fn disturb(value: &mut Value, place: &mut usize, at: usize, odd: &Value) {
    if *place == at {
        *value = odd.clone();
    }
    *place += 1;
    match value {
        Value::Array(list) => list.iter_mut().for_each(|inner| disturb(inner, place, at, odd)),
        Value::Object(map) => map.values_mut().for_each(|inner| disturb(inner, place, at, odd)),
        _ => {}
    }
}
