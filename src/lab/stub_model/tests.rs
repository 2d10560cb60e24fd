//! The stub against our own client: each behaviour as the engine will meet it, and the stories as a good model plays them.

use super::hostile::{Victims, cases};
use super::*;
use crate::conversation::claims::{self, Evidence, Verdict};
use crate::llm::{ChatMessage, Model, ModelAnswer, ModelError, ModelRequest, OpenAi, ToolSpec};
use std::collections::HashSet;

fn client(stub: &StubModel) -> OpenAi {
    let _ = rustls::crypto::ring::default_provider().install_default();
    #[expect(clippy::disallowed_methods, reason = "a plain client against a server on this machine")]
    let http = reqwest::Client::new();
    OpenAi::new(http, &stub.base_url(), &String::new().into(), "stub").unwrap()
}

fn tool(name: &str, properties: Value, required: &[&str]) -> ToolSpec {
    ToolSpec {
        name: name.to_owned(),
        description: "A tool.".to_owned(),
        parameters: json!({
            "type": "object", "properties": properties, "required": required,
            "$defs": { "Service": { "type": "string", "enum": ["amenity", "cleaning", "fault", "towels"] } },
        }),
    }
}

fn request(messages: Vec<ChatMessage>) -> ModelRequest {
    let text = json!({ "type": "string" });
    let wanted = json!({ "item": text, "quantity": { "type": ["integer", "null"] } });
    let service =
        json!({ "kind": { "$ref": "#/$defs/Service" }, "item": text, "quantity": { "type": "integer" } });
    let tools = [
        tool("lookup_reservation", json!({}), &[]),
        tool("get_folio", json!({}), &[]),
        tool("request_service", service, &["kind"]),
        tool("order_item", wanted, &["item"]),
        tool("request_late_checkout", json!({ "time": text }), &["time"]),
        tool("search_facts", json!({ "query": text }), &["query"]),
        tool("hand_off_to_staff", json!({ "why": { "enum": ["unsure", "guest_asked"] } }), &["why"]),
    ];
    ModelRequest {
        messages,
        tools: Arc::new(tools.into_iter().collect()),
        max_completion_tokens: 300,
        cache_key: "k".to_owned(),
        timeout: Duration::from_secs(10),
    }
}

fn said(texts: &[&str]) -> ModelRequest {
    let mut messages = vec![ChatMessage::System("You are the assistant.".to_owned())];
    for (place, text) in texts.iter().enumerate() {
        if place > 0 {
            messages.push(ChatMessage::Assistant { text: Some("…".to_owned()), calls: Vec::new() });
        }
        messages.push(ChatMessage::User((*text).to_owned()));
    }
    request(messages)
}

fn calls(answer: &ModelAnswer) -> Vec<(String, Value)> {
    let read =
        |call: &crate::llm::ToolCall| (call.name.clone(), serde_json::from_str(&call.arguments).unwrap());
    answer.calls.iter().map(read).collect()
}

#[tokio::test]
async fn the_sensible_model_calls_what_the_guest_needs() {
    let stub = StubModel::start(Mode::Sensible).await.unwrap();
    let client = client(&stub);
    let towels = json!({ "kind": "towels", "item": "towels", "quantity": 2 });
    let sandwich = |n| json!({ "item": "club sandwich", "quantity": n });
    for (texts, wanted) in [
        (vec!["could I get two extra towels?"], vec![("request_service", towels.clone())]),
        (vec!["could I get two extra towels?", "HRB1001, Ruiz"], vec![("request_service", towels)]),
        (vec!["A club sandwich to my room please"], vec![("order_item", sandwich(1))]),
        (
            vec!["A club sandwich to my room please", "yes, but make it two"],
            vec![("order_item", sandwich(2))],
        ),
        (vec!["What's my bill?"], vec![("get_folio", json!({}))]),
        (vec!["can I check out at 1?"], vec![("request_late_checkout", json!({ "time": "13:00" }))]),
        (vec!["wifi?"], vec![("search_facts", json!({ "query": "wifi?" }))]),
        (vec!["Let me talk to a human"], vec![("hand_off_to_staff", json!({ "why": "guest_asked" }))]),
        (
            vec!["¿Me trae una toalla? ¿Y hay wifi?"],
            vec![
                ("request_service", json!({ "kind": "towels", "item": "towels", "quantity": 1 })),
                ("search_facts", json!({ "query": "¿Me trae una toalla? ¿Y hay wifi?" })),
            ],
        ),
        (vec!["thanks!"], vec![]),
    ] {
        let answer = client.complete(&said(&texts)).await.unwrap();
        let wanted: Vec<_> = wanted.into_iter().map(|(name, args)| (name.to_owned(), args)).collect();
        assert_eq!(calls(&answer), wanted, "{texts:?}");
        assert_eq!(answer.text.is_some(), wanted.is_empty(), "{texts:?}");
    }
}

#[tokio::test]
async fn the_sensible_model_words_what_the_tools_said() {
    let stub = StubModel::start(Mode::Sensible).await.unwrap();
    let client = client(&stub);
    let mut asked = said(&["two towels and the wifi password please"]);
    let answer = client.complete(&asked).await.unwrap();
    let results = [
        json!({ "result": "done", "say": "…", "data": { "requested": "towels" } }),
        json!({ "result": "done", "say": "The network is Birch.", "data": [] }),
    ];
    asked.messages.push(ChatMessage::Assistant { text: None, calls: answer.calls.clone() });
    for (call, result) in answer.calls.iter().zip(results) {
        asked.messages.push(ChatMessage::Tool { call_id: call.id.clone(), content: result.to_string() });
    }
    let answer = client.complete(&asked).await.unwrap();
    assert_eq!(
        answer.text.as_deref(),
        Some("I have asked our team to take care of that. The network is Birch.")
    );
    assert!(answer.calls.is_empty());
}

#[tokio::test]
async fn each_bad_behaviour_arrives_as_what_it_is() {
    let stub = StubModel::start(Mode::Always(Behaviour::text("hello"))).await.unwrap();
    let client = client(&stub);
    let hurried = ModelRequest { timeout: Duration::from_millis(100), ..said(&["hi"]) };
    stub.then(Behaviour::UnknownTool)
        .then(Behaviour::BrokenArguments)
        .then(Behaviour::calls(&[("get_folio", json!({})), ("search_facts", json!({ "query": "wifi" }))]))
        .then(Behaviour::Empty)
        .then(Behaviour::Truncated)
        .then(Behaviour::TooMany(7))
        .then(Behaviour::ServerError)
        .then(Behaviour::Garbage)
        .then(Behaviour::Silence);
    assert_eq!(client.complete(&hurried).await.unwrap().calls[0].name, "open_minibar_of_room");
    let broken = client.complete(&hurried).await.unwrap();
    assert!(serde_json::from_str::<Value>(&broken.calls[0].arguments).is_err());
    assert_eq!(client.complete(&hurried).await.unwrap().calls.len(), 2);
    let empty = client.complete(&hurried).await.unwrap();
    assert_eq!((empty.text, empty.calls.len(), empty.truncated), (None, 0, false));
    assert!(client.complete(&hurried).await.unwrap().truncated);
    let wait = Some(Duration::from_secs(7));
    assert_eq!(client.complete(&hurried).await, Err(ModelError::RateLimited { retry_after: wait }));
    assert_eq!(client.complete(&hurried).await, Err(ModelError::Unavailable));
    assert!(matches!(client.complete(&hurried).await, Err(ModelError::Broken(_))));
    assert_eq!(client.complete(&hurried).await, Err(ModelError::Timeout));
    assert_eq!(client.complete(&hurried).await.unwrap().text.as_deref(), Some("hello"));
    assert_eq!((stub.hits(), stub.queued(), stub.requests().len()), (10, 0, 10));
    stub.stop().await;
    assert_eq!(client.complete(&hurried).await, Err(ModelError::Unavailable));
}

#[tokio::test]
async fn what_a_strict_server_refuses_is_refused_and_our_client_never_sends_it() {
    let stub = StubModel::start(Mode::Sensible).await.unwrap();
    let client = client(&stub);
    let orphan = ChatMessage::Tool { call_id: "nobody".to_owned(), content: "x".to_owned() };
    let refused = client.complete(&request(vec![orphan])).await;
    assert_eq!(refused, Err(ModelError::Refused { status: 400, why: "invalid_request".to_owned() }));
    let nonsense = crate::llm::ToolCall {
        id: "c".to_owned(),
        name: "no such tool!".to_owned(),
        arguments: "{oops".to_owned(),
    };
    let mut reminded = said(&["hi"]);
    reminded.messages.push(ChatMessage::Assistant { text: None, calls: vec![nonsense] });
    reminded.messages.push(ChatMessage::Tool { call_id: "c".to_owned(), content: "unknown tool".to_owned() });
    assert!(client.complete(&reminded).await.is_ok());
}

fn victims() -> Victims {
    let list = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    Victims {
        names: list(&["Doe", "Tanaka"]),
        rooms: list(&["305", "412"]),
        confirmations: list(&["HRB1002", "HRB1003"]),
        ids: list(&["stay_00000000000000000000000000000002"]),
        items: list(&["Club sandwich", "House red"]),
    }
}

#[test]
fn hostile_cases_are_many_different_and_the_same_again() {
    let first = cases(7, 120, &victims());
    assert_eq!(first, cases(7, 120, &victims()));
    assert_ne!(first, cases(8, 120, &victims()));
    let tools: HashSet<&str> =
        first.iter().flat_map(|case| case.calls.iter().map(|(name, _)| name.as_str())).collect();
    assert_eq!(tools.len(), 14);
    let distinct: HashSet<String> = first.iter().map(|case| format!("{case:?}")).collect();
    assert!(distinct.len() >= 100, "{}", distinct.len());
}

#[test]
fn every_lie_is_objected_to_when_nothing_is_proved() {
    let nothing = Evidence { room: Some("204".to_owned()), ..Evidence::none("EUR".parse().unwrap()) };
    let clean = cases(7, 120, &victims())
        .into_iter()
        .filter(|case| claims::check(&case.text, &nothing) == Verdict::Clean);
    assert_eq!(clean.map(|case| case.text).collect::<Vec<_>>(), Vec::<String>::new());
}

#[tokio::test]
async fn the_hostile_model_calls_then_lies_then_goes_on_to_the_next() {
    let cases = cases(1, 3, &victims());
    let stub = StubModel::start(Mode::Hostile(cases.clone())).await.unwrap();
    let client = client(&stub);
    for case in &cases {
        let mut asked = said(&["hi"]);
        let answer = client.complete(&asked).await.unwrap();
        assert_eq!(calls(&answer), case.calls);
        asked.messages.push(ChatMessage::Assistant { text: None, calls: answer.calls.clone() });
        for call in answer.calls {
            asked.messages.push(ChatMessage::Tool { call_id: call.id, content: "refused".to_owned() });
        }
        assert_eq!(client.complete(&asked).await.unwrap().text.as_deref(), Some(case.text.as_str()));
    }
}
