//! What is wrong is refused with a reason and loses nothing; what is only odd is served.

use super::support::app::json_request;
use super::support::{Answer, House, story};
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

fn assert_problem(answer: &Answer, status: u16) -> Value {
    assert_eq!(answer.status, status, "{}", answer.body);
    assert_eq!(answer.headers["content-type"], "application/problem+json", "{}", answer.body);
    let problem = answer.json();
    assert!(problem["code"].is_string() && problem["status"] == status, "{problem}");
    problem
}

#[tokio::test]
async fn too_large_a_body_is_413_on_every_door() {
    story(async |house: &House| {
        let guest = house.chat().await;
        let huge = json!({ "text": "x".repeat(2_000_000), "client_id": "huge" });
        assert_problem(&guest.posts(&huge).await, 413);
        assert_problem(&house.send(json_request("POST", "/chat/harbour/sessions", &huge)).await, 413);
        assert_problem(&house.api("POST", "/api-keys", Some(huge)).await, 413);
        let phone = house.phone("+34600111222");
        let form = phone.form(&"x".repeat(2_000_000));
        assert_eq!(phone.delivers(&form).await.status, 413);
        assert!(guest.page(0).await["messages"].as_array().unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn malformed_json_is_400_and_says_what_is_wrong() {
    story(async |house: &House| {
        let guest = house.chat().await;
        for body in [
            "{\"text\": \"hello\"",
            "[]",
            "{\"text\": 7, \"client_id\": \"a\"}",
            "{\"client_id\": \"a\"}",
            "",
        ] {
            let request = Request::post("/chat/messages")
                .header("content-type", "application/json")
                .body(Body::from(body.to_owned()))
                .unwrap();
            let problem = assert_problem(&guest.request(request).await, 400);
            let detail = problem["detail"].as_str().unwrap_or_default();
            assert!(detail.len() > 10, "{body}: {problem}");
        }
        assert!(guest.page(0).await["messages"].as_array().unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn empty_and_endless_texts_are_refused_and_an_unknown_client_too() {
    story(async |house: &House| {
        let guest = house.chat().await;
        for text in ["", "   ", "\u{0}"] {
            assert_problem(&guest.posts(&json!({ "text": text, "client_id": "a" })).await, 400);
        }
        let stranger = json_request("POST", "/chat/messages", &json!({ "text": "hi", "client_id": "a" }));
        assert_problem(&house.send(stranger).await, 401);
    })
    .await;
}

#[tokio::test]
async fn an_unknown_hotel_is_404_on_chat_hooks_and_api() {
    story(async |house: &House| {
        assert_problem(&house.send(json_request("POST", "/chat/nowhere/sessions", &json!({}))).await, 404);
        let form = house.phone("+34600111222").form("hello");
        assert_eq!(house.signed_hook("/hooks/twilio/nowhere", &form).await.status, 404);
        assert_eq!(house.signed_hook("/hooks/twilio/nowhere/status", &form).await.status, 404);
        assert_problem(&house.api("GET", "/properties/nowhere/facts", None).await, 404);
        assert_problem(
            &house.api("GET", "/conversations/cnv_00000000000000000000000000000000", None).await,
            404,
        );
        assert_problem(&house.api("GET", "/conversations/nonsense", None).await, 404);
    })
    .await;
}

#[tokio::test]
async fn nul_and_odd_unicode_are_stored_and_answered() {
    story(async |house: &House| {
        let guest = house.chat().await;
        for (place, text) in [
            "wifi\u{0}?",
            "wi\u{200b}fi? \u{202e}gnitirw",
            "\u{1f469}\u{200d}\u{1f469}\u{200d}\u{1f467}\u{200d}\u{1f466} towels? \u{feff}",
            "Z\u{351}\u{32b}a\u{363}\u{34e}l\u{352}go",
            "ｗｉｆｉ？",
            "\u{1b}[31mred\u{7}\r\n\t<script>alert(1)</script> '; DROP TABLE messages; --",
        ]
        .iter()
        .enumerate()
        {
            let answer = guest.posts(&json!({ "text": text, "client_id": format!("odd-{place}") })).await;
            assert_eq!(answer.status, 202, "{text:?}: {}", answer.body);
            house.settles().await;
            assert!(!guest.heard().await.is_empty(), "{text:?} is answered");
        }
        let phone = house.phone("+34600111222");
        assert!(!phone.says("towels\u{0} \u{1f6c1}").await.is_empty());
        let page = guest.page(0).await.to_string();
        assert!(!page.contains("\\u0000") && !page.contains("\\u001b"), "{page}");
    })
    .await;
}

#[tokio::test]
async fn a_token_in_the_query_opens_no_event_stream() {
    story(async |house: &House| {
        let guest = house.chat().await;
        let path = format!("/chat/events?token={}", guest.token);
        let answer = house.send(Request::get(path).body(Body::empty()).unwrap()).await;
        assert_problem(&answer, 400);
    })
    .await;
}
