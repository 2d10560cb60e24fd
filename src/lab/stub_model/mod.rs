//! A server that speaks chat completions with tools, for tests and load: it behaves like a reasonable model, like a
//! hostile one, or as it is told for the next request. No guest is served by it.

pub mod hostile;
pub mod quick;
mod sensible;
mod wire;

use super::served::{Gate, Served};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Requests that are remembered; older ones are forgotten, so that a load test does not fill the memory.
const REMEMBERED: usize = 256;

/// What the server says when nothing is queued.
#[derive(Debug, Clone, PartialEq)]
pub enum Mode {
    /// Like a model that does its job: see `sensible`.
    Sensible,
    /// Like a model that has been talked round: these cases in turn, one per guest burst.
    Hostile(Vec<hostile::HostileCase>),
    /// The same every time.
    Always(Behaviour),
}

/// What the server does with one request.
#[derive(Debug, Clone, PartialEq)]
pub enum Behaviour {
    Text(String),
    /// Calls by name and raw arguments, all in one answer.
    Calls(Vec<(String, String)>),
    /// A call of a tool that was never offered.
    UnknownTool,
    /// A call of the first offered tool with half a JSON object for arguments.
    BrokenArguments,
    /// Neither text nor call.
    Empty,
    /// The first half of a sentence, cut off at the token limit.
    Truncated,
    /// Status 429 with `Retry-After` in seconds.
    TooMany(u32),
    /// Status 500 with a page that is no JSON.
    ServerError,
    /// Status 200 and something that is no chat completion.
    Garbage,
    /// Never answers.
    Silence,
    /// Answers sensibly, but only after this long, or when all is released.
    Slow(Duration),
}

impl Behaviour {
    pub fn text(text: &str) -> Self {
        Behaviour::Text(text.to_owned())
    }

    /// Calls with JSON arguments.
    pub fn calls(calls: &[(&str, Value)]) -> Self {
        Behaviour::Calls(calls.iter().map(|(name, args)| ((*name).to_owned(), args.to_string())).collect())
    }
}

/// What a model answers: text, or calls by name and raw arguments, or both.
#[derive(Debug, Clone, Default, PartialEq)]
struct Reply {
    text: Option<String>,
    calls: Vec<(String, String)>,
}

struct Shared {
    mode: Mode,
    latency: Duration,
    state: Mutex<Progress>,
    gate: Gate,
}

#[derive(Default)]
struct Progress {
    queue: VecDeque<Behaviour>,
    requests: VecDeque<Value>,
    hits: u64,
    /// Bursts answered in hostile mode.
    burst: usize,
}

/// The running server. It stops when dropped.
pub struct StubModel {
    served: Served,
    shared: Arc<Shared>,
}

impl StubModel {
    /// Listens on a free port of 127.0.0.1.
    pub async fn start(mode: Mode) -> std::io::Result<Self> {
        Self::start_slow(mode, Duration::ZERO).await
    }

    /// The same, with this much thinking before each answer.
    pub async fn start_slow(mode: Mode, latency: Duration) -> std::io::Result<Self> {
        let shared = Arc::new(Shared { mode, latency, state: Mutex::default(), gate: Gate::default() });
        let router =
            axum::Router::new().route("/v1/chat/completions", post(complete)).with_state(shared.clone());
        Ok(Self { served: Served::start(router).await?, shared })
    }

    /// For the configuration: `http://127.0.0.1:PORT/v1`.
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.served.address)
    }

    /// Queues what to do with the next request that has nothing queued before it.
    pub fn then(&self, behaviour: Behaviour) -> &Self {
        lock(&self.shared.state).queue.push_back(behaviour);
        self
    }

    /// From now on no slow answer is held back any more.
    pub fn release(&self) {
        self.shared.gate.open();
    }

    /// The latest requests as they came, oldest first; 256 at most.
    pub fn requests(&self) -> Vec<Value> {
        lock(&self.shared.state).requests.iter().cloned().collect()
    }

    /// Requests so far.
    pub fn hits(&self) -> u64 {
        lock(&self.shared.state).hits
    }

    /// Behaviours still queued.
    pub fn queued(&self) -> usize {
        lock(&self.shared.state).queue.len()
    }

    /// Stops and waits until the port is free.
    pub async fn stop(self) {
        self.served.stop().await;
    }
}

/// A panic in another test thread must not hide what came.
fn lock(state: &Mutex<Progress>) -> MutexGuard<'_, Progress> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn complete(State(shared): State<Arc<Shared>>, Json(request): Json<Value>) -> Response {
    let behaviour = {
        let mut state = lock(&shared.state);
        state.hits += 1;
        if state.requests.len() == REMEMBERED {
            state.requests.pop_front();
        }
        state.requests.push_back(request.clone());
        state.queue.pop_front()
    };
    if let Err(why) = wire::validate(&request) {
        let error = json!({ "error": { "message": why, "type": "invalid_request_error", "code": "invalid_request" } });
        return (StatusCode::BAD_REQUEST, Json(error)).into_response();
    }
    if !shared.latency.is_zero() {
        tokio::time::sleep(shared.latency).await;
    }
    match (behaviour, &shared.mode) {
        (Some(behaviour), _) => carry_out(&shared, &behaviour, &request).await,
        (None, Mode::Always(behaviour)) => carry_out(&shared, behaviour, &request).await,
        (None, Mode::Sensible) => wire::completion(&request, &sensible::reply(&request), "stop"),
        (None, Mode::Hostile(cases)) => {
            wire::completion(&request, &hostile_reply(&shared, cases, &request), "stop")
        }
    }
}

/// Calls first, then the lie, then the next case.
fn hostile_reply(shared: &Shared, cases: &[hostile::HostileCase], request: &Value) -> Reply {
    let mut state = lock(&shared.state);
    let Some(case) = cases.get(state.burst % cases.len().max(1)) else { return Reply::default() };
    if wire::is_after_tools(request) || wire::tools(request).is_empty() {
        state.burst += 1;
        return Reply { text: Some(case.text.clone()), calls: Vec::new() };
    }
    let calls = case.calls.iter().map(|(name, arguments)| (name.clone(), arguments.to_string()));
    Reply { text: Some(case.text.clone()), calls: calls.collect() }
}

async fn carry_out(shared: &Shared, behaviour: &Behaviour, request: &Value) -> Response {
    let call = |name: &str, arguments: &str| Reply {
        text: None,
        calls: vec![(name.to_owned(), arguments.to_owned())],
    };
    let text = |text: &str| Reply { text: Some(text.to_owned()), calls: Vec::new() };
    match behaviour {
        Behaviour::Text(words) => wire::completion(request, &text(words), "stop"),
        Behaviour::Calls(calls) => {
            wire::completion(request, &Reply { text: None, calls: calls.clone() }, "stop")
        }
        Behaviour::UnknownTool => {
            wire::completion(request, &call("open_minibar_of_room", "{\"room\":\"305\"}"), "stop")
        }
        Behaviour::BrokenArguments => {
            let tools = wire::tools(request);
            let name = tools.first().and_then(|tool| tool["name"].as_str()).unwrap_or("request_service");
            wire::completion(request, &call(name, "{\"item\": \"tow"), "stop")
        }
        Behaviour::Empty => wire::completion(request, &text(""), "stop"),
        Behaviour::Truncated => {
            wire::completion(request, &text("I have asked housekeeping to bring you"), "length")
        }
        Behaviour::TooMany(seconds) => {
            let error = json!({ "error": { "message": "slow down", "type": "requests", "code": "rate_limit_exceeded" } });
            (StatusCode::TOO_MANY_REQUESTS, [("retry-after", seconds.to_string())], Json(error))
                .into_response()
        }
        Behaviour::ServerError => (StatusCode::INTERNAL_SERVER_ERROR, "<html>oops</html>").into_response(),
        Behaviour::Garbage => (StatusCode::OK, "{\"choices\": \"none\"").into_response(),
        Behaviour::Silence => std::future::pending().await,
        Behaviour::Slow(delay) => {
            shared.gate.wait_for(*delay).await;
            wire::completion(request, &sensible::reply(request), "stop")
        }
    }
}

#[cfg(test)]
mod tests;
