//! A guest writes by WhatsApp: known by the number, offered buttons, and agreeing only to what the tapped button belongs to.

use super::support::{House, story};
use axum::body::Body;
use axum::http::Request;
use bellhop::domain::message::Delivery;
use bellhop::store::{messages, outbox};
use chrono::TimeDelta;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use std::cell::Cell;
use std::collections::VecDeque;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

const APP_SECRET: &str = "the-stories-own-app-secret";
/// A guest's number, as Meta writes it, and Meta's id of the guest.
type Guest = (&'static str, &'static str);

const ANA: Guest = ("34600111222", "ES.1");
const JOHN: Guest = ("14155550123", "US.1");

/// Meta between the guests and the hotel. Who writes is Ana unless told otherwise.
struct WhatsApp<'h> {
    house: &'h House,
    meta: MockServer,
    /// How the next messages are answered, in place of being taken.
    mishaps: Arc<Mutex<VecDeque<(u16, Value)>>>,
    written: Cell<u32>,
    seen: Cell<usize>,
}

impl<'h> WhatsApp<'h> {
    async fn at(house: &'h House) -> Self {
        let meta = MockServer::start().await;
        let mishaps = Arc::new(Mutex::new(VecDeque::new()));
        let next = mishaps.clone();
        Mock::given(method("POST"))
            .and(path("/v25.0/510000000000001/messages"))
            .respond_with(move |request: &wiremock::Request| answer(request, &next))
            .mount(&meta)
            .await;
        let account = json!({
            "kind": "whatsapp.cloud", "name": "WhatsApp",
            "config": {"phone_number_id": "510000000000001", "base_url": meta.uri()},
            "secrets": {"access_token": "token", "app_secret": APP_SECRET, "verify_token": "blue door"},
        });
        house.acts("/properties/harbour/integrations", account).await;
        Self { house, meta, mishaps, written: Cell::new(0), seen: Cell::new(0) }
    }

    /// Brings one message of Ana's, and gives what comes back.
    async fn brings(&self, fields: Value) -> Vec<Value> {
        self.brings_from(ANA, fields).await
    }

    async fn brings_from(&self, (number, user): Guest, fields: Value) -> Vec<Value> {
        self.written.set(self.written.get() + 1);
        let mut message = json!({
            "from": number, "from_user_id": user, "id": format!("wamid.IN{}", self.written.get()),
            "timestamp": self.house.clock.now().timestamp().to_string(),
        });
        message.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        self.calls(json!({"messages": [message]})).await;
        self.house.settles().await;
        self.came().await
    }

    /// Meta calls the hotel.
    async fn calls(&self, fields: Value) {
        let mut value = json!({"metadata": {"phone_number_id": "510000000000001"}});
        value.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        let body = json!({"entry": [{"changes": [{"field": "messages", "value": value}]}]}).to_string();
        let mac = Hmac::<Sha256>::new_from_slice(APP_SECRET.as_bytes()).unwrap().chain_update(&body);
        let hex = mac.finalize().into_bytes().iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        let request =
            Request::post("/hooks/whatsapp/harbour").header("x-hub-signature-256", format!("sha256={hex}"));
        let answer = self.house.send(request.body(Body::from(body)).unwrap()).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }

    /// What Meta was asked to send since the last look, taken or not; read marks are left out.
    async fn came(&self) -> Vec<Value> {
        let asked = self.meta.received_requests().await.unwrap();
        let bodies = asked.iter().map(|request| serde_json::from_slice::<Value>(&request.body).unwrap());
        let messages: Vec<Value> = bodies.filter(|body| body["status"].is_null()).collect();
        let new = messages[self.seen.get()..].to_vec();
        self.seen.set(messages.len());
        new
    }

    async fn says(&self, text: &str) -> Vec<Value> {
        self.brings(json!({"type": "text", "text": {"body": text}})).await
    }

    /// Taps a button of a message that was shown.
    async fn taps(&self, shown: &Value, at: usize) -> String {
        let reply = &shown["interactive"]["action"]["buttons"][at]["reply"];
        let tap =
            json!({"type": "interactive", "interactive": {"type": "button_reply", "button_reply": reply}});
        self.brings(tap).await.iter().map(words).collect::<Vec<_>>().join("\n")
    }

    /// The one message that came, which offers something to tap.
    async fn is_offered(&self, text: &str) -> Value {
        let [offer] = self.says(text).await.try_into().unwrap_or_else(|all| panic!("one message: {all:?}"));
        assert_eq!(offer["interactive"]["type"], "button", "{offer}");
        offer
    }
}

/// Each message that is taken has an id of its own.
fn answer(request: &wiremock::Request, mishaps: &Mutex<VecDeque<(u16, Value)>>) -> ResponseTemplate {
    let asked: Value = serde_json::from_slice(&request.body).unwrap();
    if asked["status"] == "read" {
        return ResponseTemplate::new(200).set_body_json(json!({"success": true}));
    }
    if let Some((status, body)) = mishaps.lock().unwrap().pop_front() {
        return ResponseTemplate::new(status).set_body_json(body);
    }
    let id = format!("wamid.{}", asked["biz_opaque_callback_data"]);
    ResponseTemplate::new(200).set_body_json(json!({"messages": [{"id": id}]}))
}

fn words(message: &Value) -> String {
    let text = message["text"]["body"].as_str().or(message["interactive"]["body"]["text"].as_str());
    text.unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_known_number_is_served_and_its_message_is_marked_as_read() {
    story(async |house: &House| {
        let ana = WhatsApp::at(house).await;
        let [heard] = ana.says("¿Me pueden traer dos toallas, por favor?").await.try_into().unwrap();
        assert!(words(&heard).contains("204") && words(&heard).contains("toallas"), "{heard}");
        assert_eq!((&heard["to"], &heard["type"]), (&json!("+34600111222"), &json!("text")));
        let asked = ana.meta.received_requests().await.unwrap();
        let last: Value = serde_json::from_slice(&asked.last().unwrap().body).unwrap();
        assert_eq!((&last["status"], &last["message_id"]), (&json!("read"), &json!("wamid.IN1")));
        assert_eq!(asked.len(), 2, "one answer, and one mark after it");
        let [request] = house.open_requests().await.try_into().expect("one request");
        assert_eq!((request.quantity, request.room.as_deref()), (2, Some("204")));
    })
    .await;
}

#[tokio::test]
async fn a_tapped_yes_charges_once_and_the_same_button_again_charges_nothing() {
    story(async |house: &House| {
        let ana = WhatsApp::at(house).await;
        let offer = ana.is_offered("A club sandwich to my room please").await;
        assert!(words(&offer).contains("18.00"), "{offer}");
        let heard = ana.taps(&offer, 0).await;
        assert!(heard.contains("18.00"), "{heard}");
        assert_eq!(house.charged_for("HRB1001", "sandwich").await, [1800]);
        let heard = ana.taps(&offer, 0).await;
        assert!(!heard.is_empty(), "the guest is told what became of it");
        assert_eq!(house.charged_for("HRB1001", "sandwich").await, [1800]);
    })
    .await;
}

#[tokio::test]
async fn a_tap_below_an_old_offer_does_not_agree_to_the_new_one() {
    story(async |house: &House| {
        let ana = WhatsApp::at(house).await;
        let sandwich = ana.is_offered("A club sandwich to my room please").await;
        let wine = ana.is_offered("A bottle of house red to my room please").await;
        assert!(words(&wine).contains("28.00"), "{wine}");
        let heard = ana.taps(&sandwich, 0).await;
        assert!(!heard.is_empty());
        assert!(house.charged_for("HRB1001", "sandwich").await.is_empty());
        assert!(house.charged_for("HRB1001", "house red").await.is_empty());
        ana.taps(&wine, 0).await;
        assert_eq!(house.charged_for("HRB1001", "house red").await, [2800]);
        assert!(house.charged_for("HRB1001", "sandwich").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_tapped_no_ends_the_offer() {
    story(async |house: &House| {
        let ana = WhatsApp::at(house).await;
        let offer = ana.is_offered("A club sandwich to my room please").await;
        ana.taps(&offer, 1).await;
        let heard = ana.taps(&offer, 0).await;
        assert!(!heard.is_empty());
        assert!(house.charged_for("HRB1001", "sandwich").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_guest_who_had_too_much_waits_and_nobody_else_does() {
    story(async |house: &House| {
        let meta = WhatsApp::at(house).await;
        let too_much = || (400, json!({"error": {"code": 131056}}));
        meta.mishaps.lock().unwrap().extend([too_much(), too_much(), too_much()]);
        let towels = json!({"type": "text", "text": {"body": "two towels please"}});
        let tried = meta.brings(towels.clone()).await;
        assert_eq!(tried.len(), 1, "not again at once: {tried:?}");
        house.settles().await;
        house.settles().await;
        assert_eq!(meta.came().await.len(), 2);
        let answered = meta.brings_from(JOHN, towels).await;
        assert_eq!((answered.len(), &answered[0]["to"]), (1, &json!("+14155550123")));
        house.passes(TimeDelta::seconds(20));
        house.works().await;
        let again = meta.came().await;
        assert_eq!((again.len(), &again[0]["to"]), (1, &json!("+34600111222")));
        assert_eq!(words(&again[0]), words(&tried[0]));
    })
    .await;
}

#[tokio::test]
async fn a_send_whose_answer_was_lost_is_not_repeated_and_metas_receipt_settles_it() {
    story(async |house: &House| {
        let ana = WhatsApp::at(house).await;
        ana.mishaps.lock().unwrap().push_back((502, json!({})));
        let [sent] = ana.says("two towels please").await.try_into().unwrap();
        house.settles().await;
        house.settles().await;
        assert!(ana.came().await.is_empty(), "nothing is sent blindly");
        let ours = sent["biz_opaque_callback_data"].as_str().unwrap().to_owned();
        ana.calls(json!({"statuses": [{"id": "wamid.OUT", "status": "delivered", "biz_opaque_callback_data": ours}]}))
            .await;
        let mut conn = house.db.read().await.unwrap();
        let row = outbox::find(&mut conn, ours.parse().unwrap()).await.unwrap().unwrap();
        let message = messages::find(&mut conn, row.message_id.unwrap()).await.unwrap().unwrap();
        assert_eq!(message.delivery, Delivery::Delivered);
    })
    .await;
}
