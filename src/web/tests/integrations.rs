//! Stories of accounts of outside systems: secrets go in and never come out; a test says what is wrong.

use super::super::testing::{Signed, Site};
use crate::domain::people::{Reach, Role};
use crate::store::hotel_fixtures::both;
use axum::http::StatusCode;
use serde_json::{Value, json};
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

const ALL: &str = "/api/v1/properties/here/integrations";

async fn admin(site: &Site) -> Signed<'_> {
    let here = site.hotel("here").await;
    site.user("admin@h.example", Reach::Property(here), Role::Admin).await;
    site.sign_in("admin@h.example").await
}

fn twilio(server: &str) -> Value {
    json!({"kind": "sms.twilio", "name": "Texts", "secrets": {"auth_token": "first-token"},
        "config": {"account_sid": "AC0123456789", "from": "+43660000000", "base_url": server}})
}

#[tokio::test]
async fn a_secret_never_comes_back_and_only_the_named_one_is_replaced() {
    both(|db| async move {
        let site = Site::new(db);
        let admin = admin(&site).await;
        let made = admin.send("POST", ALL, twilio("https://api.twilio.com")).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        assert_eq!(made.json()["secrets"], json!(["auth_token"]));
        assert_eq!(made.json()["webhook_url"], "http://127.0.0.1:8080/hooks/twilio/here#rc=5&rp=all");
        assert_eq!(admin.send("POST", ALL, twilio("https://api.twilio.com")).await.code(), "name_taken");
        let one = format!("{ALL}/{}", made.json()["id"].as_str().unwrap());
        let moved = admin.send("PATCH", &one, json!({"config": {"from": "+43660000001"}})).await;
        assert_eq!(moved.json()["config"]["account_sid"], "AC0123456789", "{}", moved.body);
        let none = admin.send("PATCH", &one, json!({"secrets": {"auth_token": null}})).await;
        assert!(none.body.contains("auth_token is missing"), "{}", none.body);
        let turned = admin.send("PATCH", &one, json!({"secrets": {"auth_token": "second-token"}})).await;
        assert_eq!(turned.status, StatusCode::OK);
        let audit = admin.get("/api/v1/audit").await;
        let lines = audit.json()["items"].clone();
        assert!(lines.as_array().unwrap().iter().any(|line| line["after"]["secrets_changed"] == true));
        for body in [made.body, turned.body, audit.body, admin.get(ALL).await.body] {
            assert!(!body.contains("first-token") && !body.contains("second-token"), "{body}");
        }
        assert_eq!(admin.send("DELETE", &one, Value::Null).await.status, StatusCode::NO_CONTENT);
    })
    .await;
}

#[tokio::test]
async fn an_unknown_kind_is_refused_with_the_list_of_those_that_are_built() {
    both(|db| async move {
        let site = Site::new(db);
        let admin = admin(&site).await;
        for kind in ["pms.opera", "fax.modem"] {
            let refused = admin.send("POST", ALL, json!({ "kind": kind })).await;
            assert_eq!((refused.status, refused.code()), (StatusCode::UNPROCESSABLE_ENTITY, "unknown_kind".to_owned()));
            let built = &refused.json()["built"];
            for kind in ["llm.openai", "pms.house", "sms.twilio"] {
                assert!(built.as_array().unwrap().contains(&json!(kind)), "{built}");
                assert!(refused.json()["detail"].as_str().unwrap().contains(kind));
            }
        }
        let key = json!({"kind": "llm.openai", "config": {"base_url": "http://h/v1", "model": "m", "api_key": "k"}});
        assert_eq!(admin.send("POST", ALL, key).await.code(), "bad_integration");
    })
    .await;
}

#[tokio::test]
async fn a_test_ticks_its_steps_and_says_what_to_do() {
    both(|db| async move {
        let site = Site::new(db);
        let admin = admin(&site).await;
        let vendor = MockServer::start().await;
        Mock::given(method("GET"))
            .respond_with(ResponseTemplate::new(401))
            .up_to_n_times(1)
            .mount(&vendor)
            .await;
        Mock::given(method("GET"))
            .respond_with(ResponseTemplate::new(200).set_body_json(json!({"status": "active"})))
            .mount(&vendor)
            .await;
        let made = admin.send("POST", ALL, twilio(&vendor.uri())).await.json();
        let test = format!("{ALL}/{}/test", made["id"].as_str().unwrap());
        let bad = admin.send("POST", &test, Value::Null).await.json();
        assert_eq!(
            (&bad["ok"], &bad["steps"][0]["ok"], &bad["steps"][1]["ok"]),
            (&json!(false), &json!(true), &json!(false))
        );
        let words = bad["steps"][1]["words"].as_str().unwrap();
        assert_eq!(admin.get(ALL).await.json()["items"][0]["last_error"], words);
        let good = admin.send("POST", &test, Value::Null).await.json();
        assert_eq!(good["ok"], true, "{good}");
        let seen = admin.get(ALL).await.json();
        assert!(seen["items"][0]["last_ok_at"].is_string() && seen["items"][0].get("last_error").is_none());

        let house = admin.send("POST", ALL, json!({"kind": "pms.house"})).await.json();
        let test = format!("{ALL}/{}/test", house["id"].as_str().unwrap());
        assert_eq!(admin.send("POST", &test, Value::Null).await.json()["ok"], true);
    })
    .await;
}

#[tokio::test]
async fn a_models_account_is_tried_by_one_small_answer() {
    both(|db| async move {
        let site = Site::new(db);
        let admin = admin(&site).await;
        let server = MockServer::start().await;
        let answer = json!({"id": "c", "object": "chat.completion", "created": 1, "model": "m",
            "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "ready"}}]});
        Mock::given(method("POST"))
            .and(path("/v1/chat/completions"))
            .and(header("authorization", "Bearer right"))
            .respond_with(ResponseTemplate::new(200).set_body_json(answer))
            .mount(&server)
            .await;
        Mock::given(method("POST")).respond_with(ResponseTemplate::new(401)).mount(&server).await;
        let config = json!({"base_url": format!("{}/v1", server.uri()), "model": "m"});
        let body = json!({"kind": "llm.openai", "config": config, "secrets": {"api_key": "wrong"}});
        let made = admin.send("POST", ALL, body).await.json();
        let one = format!("{ALL}/{}", made["id"].as_str().unwrap());
        let test = format!("{one}/test");
        let refused = admin.send("POST", &test, Value::Null).await.json();
        assert!(refused["steps"][1]["words"].as_str().unwrap().contains("api_key"), "{refused}");
        admin.send("PATCH", &one, json!({"secrets": {"api_key": "right"}})).await;
        assert_eq!(admin.send("POST", &test, Value::Null).await.json()["ok"], true);
    })
    .await;
}
