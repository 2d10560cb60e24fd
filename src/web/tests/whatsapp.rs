//! WhatsApp from Meta's webhook to the conversation: whose a message is, what is only noted, and how much one guest gets.

use crate::domain::conversation::{Conversation, Status};
use crate::domain::ids::{IntegrationId, PropertyId};
use crate::domain::integration::Integration;
use crate::domain::message::{Author, Message, Voice};
use crate::outbox::{self, Speech};
use crate::secrets::Secrets;
use crate::store::conversations::Named;
use crate::store::testing::both;
use crate::store::{DbError, conversations, integrations, messages, outbox as rows};
use crate::web::testing::{Answer, Site};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use chrono::TimeDelta;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use std::fmt::Write as _;

pub(super) const PUBLIC: &str = "https://chat.example";
const HOOK: &str = "/hooks/whatsapp/harbour";
pub(super) const DESK: &str = "510000000000001";
const SPA: &str = "510000000000002";
pub(super) const ANA: &str = "ES.1";
pub(super) const ANAS_NUMBER: &str = "+34600111222";

async fn account(site: &Site, property: PropertyId, number_id: &str) -> IntegrationId {
    account_with(site, property, json!({"phone_number_id": number_id})).await
}

pub(super) async fn account_with(site: &Site, property: PropertyId, config: Value) -> IntegrationId {
    let row = Integration {
        id: site.clock.id(),
        property_id: property,
        kind: "whatsapp.cloud".to_owned(),
        name: config["phone_number_id"].as_str().unwrap().to_owned(),
        config: config.as_object().unwrap().clone(),
        enabled: true,
        last_ok_at: None,
        last_error: None,
        created_at: site.clock.now(),
    };
    let secrets = [("access_token", "token"), ("app_secret", "app secret"), ("verify_token", "blue door")];
    let secrets = Secrets::from_iter(secrets.map(|(name, value)| (name.to_owned(), value)));
    let (id, sealed, now) = (row.id, site.web.sealer.seal(&secrets, row.id), site.clock.now());
    let made = site
        .db
        .write(move |tx| Box::pin(async move { integrations::insert(tx, &row, Some(&sealed), now).await }));
    made.await.unwrap();
    id
}

pub(super) async fn post(site: &Site, body: &Value) -> Answer {
    let body = body.to_string();
    let mac = Hmac::<Sha256>::new_from_slice(b"app secret").unwrap().chain_update(&body);
    let hex = mac.finalize().into_bytes().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    let request = Request::post(HOOK).header("x-hub-signature-256", format!("sha256={hex}"));
    site.send(request.body(Body::from(body)).unwrap()).await
}

pub(super) fn change(number_id: &str, fields: &Value) -> Value {
    let mut value = json!({"metadata": {"phone_number_id": number_id}});
    value.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    json!({"field": "messages", "value": value})
}

pub(super) fn body(changes: &[Value]) -> Value {
    json!({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": changes}]})
}

/// One message of a guest with this number and this id, either of which may be hidden.
pub(super) fn text(id: &str, number: Option<&str>, user: Option<&str>, words: &str) -> Value {
    let mut message = json!({"id": id, "timestamp": "1795190400", "type": "text", "text": {"body": words}});
    for (name, value) in
        [("from", number.map(|number| number.trim_start_matches('+'))), ("from_user_id", user)]
    {
        if let Some(value) = value {
            message[name] = json!(value);
        }
    }
    message
}

pub(super) async fn says(site: &Site, message: Value) {
    let answer = post(site, &body(&[change(DESK, &json!({"messages": [message]}))])).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
}

pub(super) async fn at(site: &Site, property: PropertyId, address: &'static str) -> Option<Conversation> {
    let found = site.db.write::<_, DbError, _>(move |tx| {
        Box::pin(async move {
            let named = Named::Address { property, channel: "whatsapp", address };
            Ok(conversations::lock_for_message(tx, named, "", "")
                .await?
                .map(|(conversation, _)| conversation))
        })
    });
    found.await.unwrap()
}

pub(super) async fn thread(site: &Site, conversation: &Conversation) -> Vec<Message> {
    messages::list_after(&mut site.db.read().await.unwrap(), conversation.id, 0, 200).await.unwrap()
}

async fn texts(site: &Site, property: PropertyId, address: &'static str) -> Vec<String> {
    match at(site, property, address).await {
        Some(found) => thread(site, &found).await.into_iter().map(|message| message.text).collect(),
        None => Vec::new(),
    }
}

async fn hotel(site: &Site) -> (PropertyId, IntegrationId) {
    let property = site.hotel("harbour").await;
    (property, account(site, property, DESK).await)
}

#[tokio::test]
async fn meta_verifies_the_address_with_the_agreed_word() {
    both(|db| async move {
        let site = Site::at(db, PUBLIC, &[]);
        let property = site.hotel("harbour").await;
        let asked =
            |token: &str| format!("{HOOK}?hub.mode=subscribe&hub.challenge=1158&hub.verify_token={token}");
        assert_eq!(site.get(&asked("blue+door")).await.status, StatusCode::NOT_FOUND);
        account(&site, property, DESK).await;
        let good = site.get(&asked("blue+door")).await;
        assert_eq!((good.status, good.body.as_str()), (StatusCode::OK, "1158"));
        assert_eq!(good.headers["content-type"], "text/plain; charset=utf-8");
        assert_eq!(site.get(&asked("red+door")).await.code(), "verify_token");
        assert_eq!(site.get(HOOK).await.code(), "verify_token");
        assert_eq!(site.get("/hooks/whatsapp/nowhere").await.status, StatusCode::NOT_FOUND);
        assert_eq!(site.get("/hooks/twilio/harbour").await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn a_post_for_two_numbers_reaches_both_accounts_once() {
    both(|db| async move {
        let site = Site::at(db, PUBLIC, &[]);
        let (property, desk) = hotel(&site).await;
        let spa = account(&site, property, SPA).await;
        let rui = "+351910000000";
        let all = body(&[
            change(
                DESK,
                &json!({"messages": [
                    text("wamid.1", Some(ANAS_NUMBER), Some(ANA), "one"),
                    text("wamid.2", Some(ANAS_NUMBER), Some(ANA), "two"),
                ]}),
            ),
            change(SPA, &json!({"messages": [text("wamid.3", Some(rui), Some("PT.1"), "a massage")]})),
            change(
                "510000000000003",
                &json!({"messages": [text("wamid.4", Some(rui), Some("PT.1"), "lost")]}),
            ),
        ]);
        for _ in 0..2 {
            assert_eq!(post(&site, &all).await.status, StatusCode::OK);
        }
        assert_eq!(texts(&site, property, ANAS_NUMBER).await, ["one", "two"]);
        assert_eq!(texts(&site, property, "+351910000000").await, ["a massage"]);
        let through = |found: Option<Conversation>| found.and_then(|found| found.integration_id);
        assert_eq!(through(at(&site, property, ANAS_NUMBER).await), Some(desk));
        assert_eq!(through(at(&site, property, "+351910000000").await), Some(spa));
        // As large as Meta may make it, and larger.
        let long = text("wamid.5", Some(ANAS_NUMBER), Some(ANA), &"x".repeat(200_000));
        says(&site, long).await;
        let huge = json!({"messages": [text("wamid.6", None, Some(ANA), &"x".repeat(5_000_000))]});
        assert_eq!(post(&site, &body(&[change(DESK, &huge)])).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    })
    .await;
}

#[tokio::test]
async fn a_guest_stays_the_same_when_the_number_is_hidden_shown_or_changed() {
    both(|db| async move {
        let site = Site::at(db, PUBLIC, &[]);
        let (property, _) = hotel(&site).await;
        // From before Meta gave ids.
        says(&site, text("wamid.1", Some(ANAS_NUMBER), None, "one")).await;
        says(&site, text("wamid.2", Some(ANAS_NUMBER), Some(ANA), "two")).await;
        says(&site, text("wamid.3", None, Some(ANA), "three")).await;
        assert_eq!(texts(&site, property, ANAS_NUMBER).await, ["one", "two", "three"]);
        says(&site, text("wamid.4", Some("+34600111333"), Some(ANA), "four")).await;
        assert_eq!(texts(&site, property, "+34600111333").await, ["one", "two", "three", "four"]);
        assert!(at(&site, property, ANAS_NUMBER).await.is_none());
        let changed = json!({"id": "wamid.5", "from": "34600111333", "type": "system", "system":
            {"type": "user_changed_number", "wa_id": "34600111444", "user_id": "ES.2", "previous_user_id": ANA}});
        says(&site, changed.clone()).await;
        says(&site, changed).await;
        says(&site, text("wamid.6", None, Some("ES.2"), "five")).await;
        let now = texts(&site, property, "+34600111444").await;
        assert_eq!(now.len(), 6, "{now:?}");
        assert!(now[4].contains("number has changed") && now[5] == "five", "{now:?}");
    })
    .await;
}

#[tokio::test]
async fn a_number_that_passes_to_somebody_else_takes_nothing_with_it() {
    both(|db| async move {
        let site = Site::at(db, PUBLIC, &[]);
        let (property, _) = hotel(&site).await;
        says(&site, text("wamid.1", Some(ANAS_NUMBER), Some(ANA), "my room is cold")).await;
        says(&site, text("wamid.2", Some(ANAS_NUMBER), Some("ES.9"), "hello")).await;
        assert_eq!(texts(&site, property, ANAS_NUMBER).await, ["hello"]);
        assert_eq!(texts(&site, property, ANA).await, ["my room is cold"]);
        // And back: both are known by their ids, so that nothing mixes.
        says(&site, text("wamid.3", Some(ANAS_NUMBER), Some(ANA), "it is mine again")).await;
        assert_eq!(texts(&site, property, ANAS_NUMBER).await, ["my room is cold", "it is mine again"]);
        assert_eq!(texts(&site, property, "ES.9").await, ["hello"]);
        // A stranger's change of number cannot take over a conversation that is there.
        let theft = json!({"id": "wamid.4", "type": "system", "system":
            {"type": "user_changed_user_id", "user_id": ANA, "previous_user_id": "ES.9"}});
        says(&site, theft).await;
        assert_eq!(texts(&site, property, ANAS_NUMBER).await.len(), 2);
        assert_eq!(texts(&site, property, "ES.9").await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn what_nobody_answers_is_a_note_once_and_wakes_no_turn() {
    both(|db| async move {
        let site = Site::at(db, PUBLIC, &[]);
        let (property, _) = hotel(&site).await;
        let by_ana = |id: &str, kind: &str, part: Value| {
            json!({"id": id, "from": "34600111222", "from_user_id": ANA, "type": kind, kind: part})
        };
        let thumb = by_ana("wamid.1", "reaction", json!({"message_id": "wamid.9", "emoji": "👍"}));
        says(&site, thumb.clone()).await;
        says(&site, thumb).await;
        let found = at(&site, property, ANAS_NUMBER).await.unwrap();
        assert_eq!((found.floor.status, found.turn_due_at, found.guest_seq), (Status::Bot, None, 0));
        let noted = thread(&site, &found).await;
        assert_eq!(noted.len(), 1);
        assert!(noted[0].private && noted[0].author == Author::System && noted[0].text.contains("👍"));
        let edited = json!({"message": {"type": "text", "text": {"body": "pay with 4111 1111 1111 1111"}}});
        says(&site, by_ana("wamid.2", "edit", edited)).await;
        let found = at(&site, property, ANAS_NUMBER).await.unwrap();
        assert_eq!((found.floor.status, found.turn_due_at), (Status::Waiting, None));
        let noted = thread(&site, &found).await;
        assert!(noted[1].text.contains("pay with") && !noted[1].text.contains("4111 1111 1111"), "{}", noted[1].text);
    })
    .await;
}

#[tokio::test]
async fn trouble_with_the_account_is_shown_in_the_console() {
    both(|db| async move {
        let site = Site::at(db, PUBLIC, &[]);
        let (property, desk) = hotel(&site).await;
        let trouble = json!({"errors": [{"code": 131031, "title": "Locked"}]});
        assert_eq!(post(&site, &body(&[change(DESK, &trouble)])).await.status, StatusCode::OK);
        let mut conn = site.db.read().await.unwrap();
        let row = integrations::find(&mut conn, property, desk).await.unwrap().unwrap();
        assert!(row.last_error.is_some_and(|why| why.contains("locked")));
    })
    .await;
}

async fn say(site: &Site, property: PropertyId, address: &'static str, count: usize) {
    let clock = site.clock.clone();
    let said = site.db.write::<_, DbError, _>(move |tx| {
        Box::pin(async move {
            let named = Named::Address { property, channel: "whatsapp", address };
            let (mut found, _) = conversations::lock_for_message(tx, named, "", "").await?.unwrap();
            for number in 0..count {
                let words = format!("Message {number}");
                outbox::enqueue(tx, &clock, &mut found, Speech::system(&words, Voice::Bot)).await?;
            }
            conversations::update(tx, &found).await
        })
    });
    said.await.unwrap();
}

#[tokio::test]
async fn the_forty_sixth_message_to_a_guest_waits_until_meta_bears_it() {
    both(|db| async move {
        let site = Site::at(db, PUBLIC, &[]);
        let (property, _) = hotel(&site).await;
        says(&site, text("wamid.1", Some(ANAS_NUMBER), Some(ANA), "hello")).await;
        let due = async || {
            let mut conn = site.db.read().await.unwrap();
            let latest =
                messages::list_last(&mut conn, at(&site, property, ANAS_NUMBER).await.unwrap().id, 1);
            let latest = latest.await.unwrap().remove(0);
            let conversation = at(&site, property, ANAS_NUMBER).await.unwrap().id;
            let sending = rows::nth_last_sending_at(&mut conn, conversation, 1).await.unwrap().unwrap();
            sending - latest.created_at
        };
        say(&site, property, ANAS_NUMBER, 45).await;
        assert_eq!(due().await, TimeDelta::zero());
        say(&site, property, ANAS_NUMBER, 1).await;
        assert_eq!(due().await, TimeDelta::seconds(270));
        say(&site, property, ANAS_NUMBER, 45).await;
        assert_eq!(due().await, TimeDelta::seconds(540));
    })
    .await;
}
