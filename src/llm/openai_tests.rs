//! The OpenAI client against a server that we script: what it sends, what it reads, and that it asks once.

use super::*;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

fn client(base_url: &str) -> OpenAi {
    let _ = rustls::crypto::ring::default_provider().install_default();
    #[expect(clippy::disallowed_methods, reason = "a plain client against a server on this machine")]
    let http = reqwest::Client::new();
    OpenAi::new(http, base_url, &"sk-test".to_owned().into(), "test-model").unwrap()
}

fn request() -> ModelRequest {
    let towels = ToolSpec {
        name: "request_service".to_owned(),
        description: "Asks housekeeping or maintenance for something.".to_owned(),
        parameters: json!({ "type": "object", "properties": { "item": { "type": "string" } } }),
    };
    ModelRequest {
        messages: vec![
            ChatMessage::System("You are the assistant.".to_owned()),
            ChatMessage::System("It is Friday.".to_owned()),
            ChatMessage::User("two towels, please".to_owned()),
            ChatMessage::Assistant {
                text: None,
                calls: vec![ToolCall {
                    id: "call_1".to_owned(),
                    name: "request service!".to_owned(),
                    arguments: "{\"item\": tow".to_owned(),
                }],
            },
            ChatMessage::Tool { call_id: "call_1".to_owned(), content: "no such tool".to_owned() },
        ],
        tools: Arc::new(ToolSet::from_iter([towels])),
        max_completion_tokens: 600,
        cache_key: "prop_1/prompt-3".to_owned(),
        timeout: Duration::from_secs(20),
    }
}

async fn server(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/v1/chat/completions"))
        .and(header("authorization", "Bearer sk-test"))
        .respond_with(answer)
        .mount(&server)
        .await;
    server
}

/// The outcome of one call, and how often the server was asked.
async fn ask(answer: ResponseTemplate) -> (Result<ModelAnswer, ModelError>, usize) {
    let server = server(answer).await;
    let outcome = client(&format!("{}/v1/", server.uri())).complete(&request()).await;
    (outcome, server.received_requests().await.unwrap().len())
}

fn message(message: Value, finish_reason: &str) -> ResponseTemplate {
    let choice = json!({ "message": message, "finish_reason": finish_reason });
    ResponseTemplate::new(200).set_body_json(json!({ "choices": [choice] }))
}

#[tokio::test]
async fn the_request_carries_messages_tools_limit_and_cache_key() {
    let server = server(message(json!({ "content": "ok" }), "stop")).await;
    client(&format!("{}/v1", server.uri())).complete(&request()).await.unwrap();
    let sent = &server.received_requests().await.unwrap()[0];
    let body: Value = serde_json::from_slice(&sent.body).unwrap();
    insta::assert_json_snapshot!("openai_request", body);
}

#[tokio::test]
async fn what_stays_the_same_comes_first_byte_for_byte() {
    let server = server(message(json!({ "content": "ok" }), "stop")).await;
    let client = client(&format!("{}/v1", server.uri()));
    let mut later = request();
    later.messages[1] = ChatMessage::System("It is Saturday.".to_owned());
    client.complete(&request()).await.unwrap();
    client.complete(&later).await.unwrap();
    let sent = server.received_requests().await.unwrap();
    let same = sent[0].body.iter().zip(&sent[1].body).take_while(|(a, b)| a == b).count();
    let stable = String::from_utf8_lossy(&sent[0].body[..same]).into_owned();
    assert!(stable.contains("You are the assistant.") && stable.ends_with("It is "), "{stable}");
}

#[tokio::test]
async fn a_server_that_leaves_out_everything_optional_is_understood() {
    let (answer, _) = ask(message(json!({ "content": " Hello \n" }), "stop")).await;
    let answer = answer.unwrap();
    assert_eq!(answer.text.as_deref(), Some("Hello"));
    assert_eq!((answer.calls.len(), answer.truncated, answer.usage), (0, false, Usage::default()));
}

#[tokio::test]
async fn extra_fields_parts_and_unknown_words_do_no_harm() {
    let body = json!({
        "id": 17, "created": -1.5, "service_tier": "platinum", "object": null, "novelty": { "a": [1] },
        "choices": [
            { "index": "0", "finish_reason": "eos", "logprobs": 3, "message": {
                "role": "model", "reasoning_content": "hmm", "annotations": "none",
                "content": [{ "type": "text", "text": "Good " }, { "type": "text", "text": "evening" }] } },
            { "index": 1 }
        ],
        "usage": { "prompt_tokens": 900, "completion_tokens": 12, "prompt_tokens_details": { "cached_tokens": 768, "x": 1 } },
    });
    let (answer, _) = ask(ResponseTemplate::new(200).set_body_json(body)).await;
    let answer = answer.unwrap();
    assert_eq!(answer.text.as_deref(), Some("Good evening"));
    assert_eq!(answer.usage, Usage { prompt: 900, completion: 12, cached: 768 });
}

#[tokio::test]
async fn two_calls_with_one_id_are_two_calls() {
    let call = |arguments: Value| json!({ "id": "c", "type": "function", "function": { "name": "get_folio", "arguments": arguments } });
    let calls = json!([call(json!("{\"a\":1}")), call(json!({ "b": 2 })), { "function": { "name": "x" } }]);
    let (answer, _) = ask(message(json!({ "content": null, "tool_calls": calls }), "tool_calls")).await;
    let answer = answer.unwrap();
    assert_eq!(answer.text, None);
    let got: Vec<_> = answer.calls.iter().map(|call| (call.id.as_str(), call.arguments.as_str())).collect();
    assert_eq!(got, [("c", "{\"a\":1}"), ("call_at_1", "{\"b\":2}"), ("call_at_2", "{}")]);
}

#[tokio::test]
async fn broken_arguments_arrive_as_the_model_wrote_them() {
    let call =
        json!({ "id": "c", "type": "function", "function": { "name": "nonsense", "arguments": "{oops" } });
    let (answer, _) = ask(message(json!({ "tool_calls": [call] }), "tool_calls")).await;
    assert_eq!(answer.unwrap().calls[0].arguments, "{oops");
}

#[tokio::test]
async fn an_answer_that_was_cut_off_says_so() {
    for reason in ["length", "content_filter"] {
        let (answer, _) = ask(message(json!({ "content": "Your room is" }), reason)).await;
        assert!(answer.unwrap().truncated, "{reason}");
    }
}

#[tokio::test]
async fn a_busy_or_broken_server_is_asked_exactly_once() {
    let busy = ResponseTemplate::new(429).insert_header("retry-after", "3").set_body_string("slow down");
    let wait = Some(Duration::from_secs(3));
    assert_eq!(ask(busy).await, (Err(ModelError::RateLimited { retry_after: wait }), 1));
    for status in [500, 502, 503, 504, 529] {
        assert_eq!(ask(ResponseTemplate::new(status)).await, (Err(ModelError::Unavailable), 1), "{status}");
    }
}

#[tokio::test]
async fn a_wrong_key_is_told_as_such() {
    let body = json!({ "error": { "message": "Incorrect API key: sk-test", "type": "invalid_request_error", "code": "invalid_api_key" } });
    let (outcome, hits) = ask(ResponseTemplate::new(401).set_body_json(body)).await;
    let error = outcome.unwrap_err();
    assert_eq!(error, ModelError::Refused { status: 401, why: "invalid_api_key".to_owned() });
    assert!(!error.retryable() && hits == 1);
}

#[tokio::test]
async fn silence_ends_with_the_time_limit() {
    let server = server(ResponseTemplate::new(200).set_delay(Duration::from_secs(60))).await;
    let hurried = ModelRequest { timeout: Duration::from_millis(50), ..request() };
    let outcome = client(&format!("{}/v1", server.uri())).complete(&hurried).await;
    assert_eq!(outcome, Err(ModelError::Timeout));
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unavailable() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let outcome = client(&format!("http://127.0.0.1:{port}/v1")).complete(&request()).await;
    assert_eq!(outcome, Err(ModelError::Unavailable));
}

#[tokio::test]
async fn what_is_no_answer_is_broken() {
    let long = "x".repeat(super::super::answer::MAX_BYTES);
    let many: Vec<Value> =
        (0..40).map(|n| json!({ "id": n.to_string(), "function": { "name": "get_folio" } })).collect();
    for template in [
        ResponseTemplate::new(200).set_body_string("<html>"),
        ResponseTemplate::new(200).set_body_json(json!({ "choices": [] })),
        ResponseTemplate::new(200).set_body_json(json!({ "error": { "message": "x" } })),
        message(json!({ "content": long }), "stop"),
        message(json!({ "tool_calls": many }), "tool_calls"),
    ] {
        let (outcome, hits) = ask(template).await;
        assert!(matches!(outcome, Err(ModelError::Broken(_))), "{outcome:?}");
        assert_eq!(hits, 1);
    }
}

#[test]
fn an_account_that_cannot_work_is_refused_before_it_is_used() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let account = |url: &str, key: &str, model: &str| {
        #[expect(clippy::disallowed_methods, reason = "nothing is sent")]
        let http = reqwest::Client::new();
        OpenAi::new(http, url, &key.to_owned().into(), model).map(|_| ())
    };
    assert_eq!(account("https://api.openai.com/v1", "sk", "m"), Ok(()));
    assert_eq!(account("http://127.0.0.1:11434/v1/", "", "m"), Ok(()));
    assert_eq!(account("api.openai.com", "sk", "m"), Err(BadAccount::BaseUrl));
    assert_eq!(account("file:///etc/passwd", "sk", "m"), Err(BadAccount::BaseUrl));
    assert_eq!(account("https://x.example/v1", "s\nk", "m"), Err(BadAccount::Key));
    assert_eq!(account("https://x.example/v1", "sk", " "), Err(BadAccount::Model));
}
