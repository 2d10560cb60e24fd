//! A guest who has been silent for a day, and a message that took days: what still passes, what is offered to staff, and
//! what the bot leaves to them.

use super::whatsapp::{ANA, ANAS_NUMBER, PUBLIC, account_with, at, says, text, thread};
use crate::conversation::desk::DeskError;
use crate::domain::conversation::{Conversation, Status};
use crate::domain::escalation::Reason;
use crate::domain::ids::PropertyId;
use crate::domain::message::{Delivery, Voice};
use crate::domain::people::{Reach, Role};
use crate::outbox::{self, Speech};
use crate::store::outbox::Payload;
use crate::store::testing::both;
use crate::store::{Db, DbError, conversations, outbox as rows};
use crate::web::testing::{Signed, Site};
use axum::http::StatusCode;
use chrono::TimeDelta;
use serde_json::{Value, json};
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

const LISTED: &str = include_str!("../../../fixtures/channels/whatsapp/templates.json");

/// Meta, asked for templates.
async fn meta() -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .and(path("/v25.0/410000000000001/message_templates"))
        .and(header("authorization", "Bearer token"))
        .respond_with(ResponseTemplate::new(200).set_body_string(LISTED))
        .mount(&server)
        .await;
    server
}

async fn site(db: Db, more: Value) -> (Site, PropertyId) {
    let site = Site::at(db, PUBLIC, &[]);
    let property = site.hotel("harbour").await;
    let mut config = json!({"phone_number_id": "510000000000001", "waba_id": "410000000000001"});
    config.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    account_with(&site, property, config).await;
    (site, property)
}

/// Ana writes; the message took `age` to arrive.
async fn writes(site: &Site, id: &str, words: &str, age: TimeDelta) {
    let mut message = text(id, Some(ANAS_NUMBER), Some(ANA), words);
    message["timestamp"] = json!((site.clock.now() - age).timestamp().to_string());
    says(site, message).await;
}

async fn ana(site: &Site, property: PropertyId) -> Conversation {
    at(site, property, ANAS_NUMBER).await.unwrap()
}

async fn bot_says(site: &Site, conversation: &Conversation, words: &'static str) -> Delivery {
    let (clock, id) = (site.clock.clone(), conversation.id);
    let said = site.db.write::<_, DbError, _>(move |tx| {
        Box::pin(async move {
            let mut locked = conversations::lock(tx, id).await?.unwrap();
            let message = outbox::enqueue(tx, &clock, &mut locked, Speech::system(words, Voice::Bot)).await?;
            conversations::update(tx, &locked).await?;
            Ok(message.delivery)
        })
    });
    said.await.unwrap()
}

async fn agent(site: &Site, property: PropertyId) -> Signed<'_> {
    site.user("agent@harbour.example", Reach::Property(property), Role::Agent).await;
    site.sign_in("agent@harbour.example").await
}

#[tokio::test]
async fn after_a_day_of_silence_staff_send_an_approved_text_and_nothing_else() {
    both(|db| async move {
        let meta = meta().await;
        let (site, property) = site(db, json!({"base_url": meta.uri()})).await;
        writes(&site, "wamid.1", "hello", TimeDelta::hours(1)).await;
        let conversation = ana(&site, property).await;
        let closes_at = site.clock.now() + TimeDelta::hours(23);
        assert_eq!(conversation.window_closes_at, Some(closes_at));
        let agent = agent(&site, property).await;
        let page = agent.get(&format!("/inbox/{}", conversation.id)).await.body;
        assert!(page.contains(&format!("data-closes=\"{}\"", closes_at.format("%Y-%m-%dT%H:%M:%SZ"))), "{page}");
        let messages = format!("/api/v1/conversations/{}/messages", conversation.id);
        let in_time = agent.send("POST", &messages, json!({"text": "Good evening"})).await;
        assert_eq!(in_time.status, StatusCode::CREATED, "{}", in_time.body);
        site.clock.advance(TimeDelta::hours(23));
        let agent = site.sign_in("agent@harbour.example").await;
        let late = agent.send("POST", &messages, json!({"text": "Still there?"})).await;
        assert_eq!((late.status, late.code()), (StatusCode::CONFLICT, "window_closed".to_owned()));
        let templates = format!("/api/v1/conversations/{}/templates", conversation.id);
        let listed = agent.get(&templates).await.json();
        assert_eq!(listed.as_array().unwrap().len(), 2, "{listed}");
        let choice = |values: &[&str]| {
            json!({"name": "room_ready", "lang": "pt_PT", "values": values, "client_id": "one"})
        };
        let misfit = agent.send("POST", &templates, choice(&["204"])).await;
        assert_eq!((misfit.status, misfit.code()), (StatusCode::BAD_REQUEST, "bad_blanks".to_owned()));
        let unknown = agent.send("POST", &templates, json!({"name": "photo", "lang": "en"})).await;
        assert_eq!(unknown.code(), "no_such_template");
        for status in [StatusCode::CREATED, StatusCode::OK] {
            let sent = agent.send("POST", &templates, choice(&["204", "Ana"])).await;
            assert_eq!((sent.status, &sent.json()["text"]), (status, &json!("O quarto 204 está pronto, Ana.")));
        }
        let mut conn = site.db.read().await.unwrap();
        let last = thread(&site, &conversation).await.pop().unwrap();
        let row = rows::find_by_message(&mut conn, last.id).await.unwrap().unwrap();
        let Payload::Template { template, .. } = row.payload else { panic!("{:?}", row.payload) };
        assert_eq!(template.values, [("1".to_owned(), "204".to_owned()), ("2".to_owned(), "Ana".to_owned())]);
        assert_eq!(ana(&site, property).await.floor.status, Status::Staff);
    })
    .await;
}

#[tokio::test]
async fn what_the_bot_says_too_late_is_staffs_to_bring_across() {
    both(|db| async move {
        let (site, property) = site(db, json!({})).await;
        writes(&site, "wamid.1", "hello", TimeDelta::zero()).await;
        assert_eq!(bot_says(&site, &ana(&site, property).await, "Good evening").await, Delivery::Queued);
        site.clock.advance(TimeDelta::hours(24));
        assert_eq!(
            bot_says(&site, &ana(&site, property).await, "Your transfer is booked.").await,
            Delivery::Failed
        );
        let conversation = ana(&site, property).await;
        assert_eq!(conversation.floor.status, Status::Waiting);
        assert!(matches!(conversation.reason, Some(Reason::Undelivered { .. })));
        let lost = thread(&site, &conversation).await.pop().unwrap();
        assert!(lost.delivery_reason.is_some_and(|why| why.contains("only templates")));
        let desk = crate::web::desk::desk(&site.web);
        let by = agent(&site, property).await.caller().await.staff();
        let again = desk.retry(by.clone(), conversation.id, lost.id).await;
        assert!(matches!(again, Err(DeskError::WindowClosed)));
        writes(&site, "wamid.2", "still here", TimeDelta::zero()).await;
        assert!(desk.retry(by, conversation.id, lost.id).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn an_account_may_keep_a_template_for_the_bots_late_answers() {
    both(|db| async move {
        let (site, property) =
            site(db, json!({"late_template": "your_answer", "late_template_languages": "en, es"})).await;
        writes(&site, "wamid.1", "hello, is breakfast included?", TimeDelta::zero()).await;
        site.clock.advance(TimeDelta::hours(25));
        let words = "Your transfer is booked.\n\nThe driver waits outside.";
        assert_eq!(bot_says(&site, &ana(&site, property).await, words).await, Delivery::Queued);
        let conversation = ana(&site, property).await;
        assert_eq!(conversation.floor.status, Status::Bot);
        let last = thread(&site, &conversation).await.pop().unwrap();
        let row = rows::find_by_message(&mut site.db.read().await.unwrap(), last.id).await.unwrap().unwrap();
        let Payload::Template { template, .. } = row.payload else { panic!("{:?}", row.payload) };
        assert_eq!((template.name.as_str(), template.lang.as_str()), ("your_answer", "en"));
        assert_eq!(template.values[0].1, "Your transfer is booked. The driver waits outside.");
        // What does not fit into the blank goes to staff.
        let long: &'static str = Box::leak("Breakfast is at seven. ".repeat(60).into_boxed_str());
        assert_eq!(bot_says(&site, &ana(&site, property).await, long).await, Delivery::Failed);
        assert_eq!(ana(&site, property).await.floor.status, Status::Waiting);
    })
    .await;
}

#[tokio::test]
async fn a_message_that_took_days_goes_to_staff_and_the_bot_leaves_it_to_them() {
    both(|db| async move {
        let (site, property) = site(db, json!({})).await;
        writes(&site, "wamid.1", "two towels please", TimeDelta::days(2)).await;
        let late = ana(&site, property).await;
        assert_eq!((late.floor.status, late.turn_due_at), (Status::Waiting, None));
        assert_eq!((late.guest_seq, late.answered_seq), (1, 1));
        assert!(
            matches!(late.reason, Some(Reason::NoAnswer { ref why }) if why.contains("48 hours")),
            "{:?}",
            late.reason
        );
        assert!(late.is_window_closed(site.clock.now()), "the window went by while it was on its way");
        // What comes in time is answered, and the old words are not part of it.
        writes(&site, "wamid.2", "and a pillow", TimeDelta::minutes(20)).await;
        let now = ana(&site, property).await;
        assert!(now.turn_due_at.is_some() && !now.is_window_closed(site.clock.now()));
        assert_eq!(now.answered_seq, 1);
    })
    .await;
}
