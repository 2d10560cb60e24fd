//! The vendors' door: a signed webhook is stored once, everything else leaves no trace.

use crate::domain::conversation::Conversation;
use crate::domain::ids::{IntegrationId, PropertyId};
use crate::domain::integration::Integration;
use crate::domain::message::{Delivery, Voice};
use crate::outbox::{self, Speech};
use crate::secrets::Secrets;
use crate::store::conversations::Named;
use crate::store::testing::both;
use crate::store::{DbError, Tx, conversations, integrations, messages, outbox as rows};
use crate::web::testing::{Answer, Site};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha1::Sha1;
use url::form_urlencoded::Serializer;

const PUBLIC: &str = "https://chat.example";
const HOOK: &str = "/hooks/twilio/harbour";
const GUEST: &str = "+34600111222";

type Fields<'a> = &'a [(&'a str, &'a str)];

/// As Twilio's documentation says: the URL, then each name with its value, sorted.
fn sign(secret: &str, path: &str, fields: Fields<'_>) -> String {
    let mut sorted = fields.to_vec();
    sorted.sort_unstable();
    let mut mac = Hmac::<Sha1>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("{PUBLIC}{path}").as_bytes());
    for (name, value) in sorted {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    STANDARD.encode(mac.finalize().into_bytes())
}

async fn post(site: &Site, path: &str, fields: Fields<'_>, signature: &str) -> Answer {
    let body = Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("x-twilio-signature", signature);
    site.send(request.body(Body::from(body)).unwrap()).await
}

async fn signed(site: &Site, path: &str, fields: Fields<'_>) -> Answer {
    post(site, path, fields, &sign("first secret", path, fields)).await
}

fn text<'a>(sid: &'a str, body: &'a str) -> [(&'a str, &'a str); 4] {
    [("MessageSid", sid), ("From", GUEST), ("To", "+351210000001"), ("Body", body)]
}

async fn account(site: &Site, property: PropertyId, name: &str, secret: &str) -> IntegrationId {
    let config = json!({"account_sid": "AC10000000000000000000000000000001", "from": "+351210000001"});
    let row = Integration {
        id: site.clock.id(),
        property_id: property,
        kind: "sms.twilio".to_owned(),
        name: name.to_owned(),
        config: config.as_object().unwrap().clone(),
        enabled: true,
        last_ok_at: None,
        last_error: None,
        created_at: site.clock.now(),
    };
    let secrets = Secrets::from_iter([("auth_token".to_owned(), secret)]);
    let (id, sealed, now) = (row.id, site.web.sealer.seal(&secrets, row.id), site.clock.now());
    let made = site
        .db
        .write(move |tx| Box::pin(async move { integrations::insert(tx, &row, Some(&sealed), now).await }));
    made.await.unwrap();
    id
}

async fn hotel(site: &Site) -> (PropertyId, IntegrationId) {
    let property = site.hotel("harbour").await;
    (property, account(site, property, "Main number", "first secret").await)
}

async fn guest(tx: &mut Tx, property: PropertyId) -> Result<Option<Conversation>, DbError> {
    let named = Named::Address { property, channel: "sms", address: GUEST };
    Ok(conversations::lock_for_message(tx, named, "", "").await?.map(|(conversation, _)| conversation))
}

async fn kept(site: &Site, property: PropertyId) -> Vec<(String, Delivery)> {
    let found = site
        .db
        .write::<_, DbError, _>(move |tx| {
            Box::pin(async move {
                let Some(conversation) = guest(tx, property).await? else { return Ok(Vec::new()) };
                messages::list_after(tx, conversation.id, 0, 50).await
            })
        })
        .await
        .unwrap();
    found.into_iter().map(|message| (message.text, message.delivery)).collect()
}

#[tokio::test]
async fn a_signed_text_is_stored_once_however_often_it_comes() {
    both(|db| async move {
        let site = Site::at(db, PUBLIC, &[]);
        let (property, _) = hotel(&site).await;
        for _ in 0..2 {
            let answer = signed(&site, HOOK, &text("SM1", "Two towels, please")).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
            assert_eq!(answer.headers[header::CONTENT_TYPE], "text/xml");
            assert_eq!(answer.body, "<Response/>");
        }
        let texts: Vec<_> = kept(&site, property).await.into_iter().map(|(text, _)| text).collect();
        assert_eq!(texts, ["Two towels, please"]);
    })
    .await;
}

#[tokio::test]
async fn a_forged_text_is_refused_and_leaves_nothing() {
    both(|db| async move {
        let site = Site::at(db, PUBLIC, &[]);
        let (property, _) = hotel(&site).await;
        let fields = text("SM1", "Two towels, please");
        let other = sign("first secret", HOOK, &text("SM1", "Three towels, please"));
        for signature in ["", "nonsense", &sign("another secret", HOOK, &fields), &other] {
            let refused = post(&site, HOOK, &fields, signature).await;
            assert_eq!((refused.status, refused.code()), (StatusCode::FORBIDDEN, "signature".to_owned()));
        }
        assert_eq!(kept(&site, property).await, []);
        let elsewhere = "/hooks/twilio/nowhere";
        assert_eq!(signed(&site, elsewhere, &fields).await.status, StatusCode::NOT_FOUND);
        let unknown = "/hooks/pigeon/harbour";
        assert_eq!(signed(&site, unknown, &fields).await.code(), "not_found");
        let long = "x".repeat(70_000);
        let large = signed(&site, HOOK, &text("SM2", &long)).await;
        assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
        let nameless = [("From", GUEST), ("Body", "hi")];
        let broken = signed(&site, HOOK, &nameless).await;
        assert_eq!((broken.status, broken.code()), (StatusCode::BAD_REQUEST, "malformed".to_owned()));
        assert!(broken.json()["detail"].as_str().unwrap().contains("MessageSid"));
    })
    .await;
}

#[tokio::test]
async fn each_of_a_hotels_accounts_is_tried_and_only_if_it_is_switched_on() {
    both(|db| async move {
        let site = Site::at(db, PUBLIC, &[]);
        let (property, first) = hotel(&site).await;
        account(&site, property, "Spa", "second secret").await;
        let fields = text("SM1", "For the spa");
        let by_second = sign("second secret", HOOK, &fields);
        assert_eq!(post(&site, HOOK, &fields, &by_second).await.status, StatusCode::OK);
        let now = site.clock.now() + chrono::TimeDelta::seconds(1);
        let off = site.db.write(move |tx| {
            Box::pin(async move {
                let mut row = integrations::find(tx, property, first).await?.unwrap();
                row.enabled = false;
                integrations::update(tx, &row, now).await
            })
        });
        assert!(off.await.unwrap());
        let refused = signed(&site, HOOK, &text("SM2", "For reception")).await;
        assert_eq!(refused.code(), "signature");
        assert_eq!(kept(&site, property).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_status_callback_moves_the_delivery_of_what_was_sent() {
    both(|db| async move {
        let site = Site::at(db, PUBLIC, &[]);
        let (property, _) = hotel(&site).await;
        signed(&site, HOOK, &text("SM1", "Good evening")).await;
        let clock = site.clock.clone();
        let said = site.db.write::<_, DbError, _>(move |tx| {
            Box::pin(async move {
                let mut found = guest(tx, property).await?.unwrap();
                let reply = Speech::system("Good evening to you.", Voice::Bot);
                let message = outbox::enqueue(tx, &clock, &mut found, reply).await?;
                conversations::update(tx, &found).await?;
                Ok(rows::find_by_message(tx, message.id).await?.unwrap())
            })
        });
        let row = said.await.unwrap();
        let status = format!("{HOOK}/status?ref={}", row.id);
        // The answer to our sending was lost; the callback carries our own reference.
        let sid = "SM9";
        let fields = [("MessageSid", sid), ("MessageStatus", "delivered")];
        assert_eq!(signed(&site, &status, &fields).await.status, StatusCode::OK);
        assert_eq!(kept(&site, property).await[1].1, Delivery::Delivered);
        let late = [("MessageSid", sid), ("MessageStatus", "sent")];
        assert_eq!(signed(&site, &status, &late).await.status, StatusCode::OK);
        assert_eq!(kept(&site, property).await[1].1, Delivery::Delivered);
        let forged = post(&site, &status, &[("MessageSid", sid), ("MessageStatus", "failed")], "bad").await;
        assert_eq!(forged.status, StatusCode::FORBIDDEN);
    })
    .await;
}
