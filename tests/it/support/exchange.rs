//! A stand-in for Twilio that behaves as Twilio does: it takes messages under load, repeats webhooks that are not
//! acknowledged, and reports delivery. It remembers every message under the reference that Bellhop gave it.

use super::dice::Dice;
use super::twilio::{ACCOUNT, NUMBER, sign};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use bellhop::clock::Clock;
use bellhop::domain::ids::OutboxId;
use bellhop::http::{HeaderMap, HeaderValue, Http, HttpRequest, Method};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// The address that webhooks are signed over.
pub const PUBLIC_URL: &str = "https://stay.example";
const HOOK: &str = "/hooks/twilio/harbour";
/// A webhook is repeated so often at most (`rc=5`), and waits no longer than this for its answer (`rt`).
const REPEATS: u32 = 5;
const READ_TIMEOUT: Duration = Duration::from_secs(15);

/// One message that was taken.
#[derive(Debug, Clone)]
pub struct Taken {
    pub to: String,
    pub text: String,
    /// The row of the outbox that it came from.
    pub row: OutboxId,
    status_callback: String,
    sid: String,
    at: DateTime<Utc>,
}

pub struct Exchange {
    address: SocketAddr,
    shared: Arc<Shared>,
    http: Http,
    dice: Dice,
    /// Where the hotel's nodes are, as a balancer before them knows it: a dead one is there until it is replaced.
    pub doors: RefCell<Vec<String>>,
    _serving: JoinSet<()>,
}

struct Shared {
    taken: Mutex<Vec<Taken>>,
    /// How long taking and answering last.
    slowness: Mutex<Dice>,
}

impl Exchange {
    pub async fn start(dice: Dice) -> Self {
        let slowness = Mutex::new(dice.child());
        let shared = Arc::new(Shared { taken: Mutex::default(), slowness });
        let path = format!("/2010-04-01/Accounts/{ACCOUNT}/Messages.json");
        let router = Router::new().route(&path, post(take).get(list)).with_state(shared.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut serving = JoinSet::new();
        serving.spawn(async move { axum::serve(listener, router).await.unwrap() });
        let http = Http::new().unwrap();
        Self { address, shared, http, dice, doors: RefCell::default(), _serving: serving }
    }

    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Everything so far, oldest first.
    pub fn taken(&self) -> Vec<Taken> {
        self.shared.taken.lock().unwrap().clone()
    }

    /// The texts to a number after the first `known`.
    pub fn texts_to(&self, number: &str, known: usize) -> Vec<String> {
        let taken = self.shared.taken.lock().unwrap();
        taken.iter().filter(|taken| taken.to == number).skip(known).map(|taken| taken.text.clone()).collect()
    }

    /// Delivers a guest's message, and repeats it until it is acknowledged. False: given up, as Twilio would.
    pub async fn delivers(&self, from: &str, sid: &str, text: &str) -> bool {
        let fields = [
            ("MessageSid", sid),
            ("AccountSid", ACCOUNT),
            ("From", from),
            ("To", NUMBER),
            ("Body", text),
            ("NumMedia", "0"),
        ];
        self.calls_until_acknowledged(HOOK, &fields).await
    }

    /// Reports every second message as delivered, once it has been taken; until it is dropped.
    pub async fn reports(&self) {
        let mut told = 0;
        loop {
            let new: Vec<Taken> = self.taken().into_iter().skip(told).collect();
            told += new.len();
            for taken in new.into_iter().filter(|_| self.dice.below(2) == 0) {
                let fields = [
                    ("MessageSid", taken.sid.as_str()),
                    ("MessageStatus", "delivered"),
                    ("To", &taken.to),
                    ("From", NUMBER),
                    ("AccountSid", ACCOUNT),
                ];
                let path = taken.status_callback.strip_prefix(PUBLIC_URL).expect("a callback to the hotel");
                self.calls_until_acknowledged(path, &fields).await;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn calls_until_acknowledged(&self, path: &str, fields: &[(&str, &str)]) -> bool {
        for repeat in 0..=REPEATS {
            if self.calls(path, fields).await {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(200 << repeat)).await;
        }
        false
    }

    async fn calls(&self, path: &str, fields: &[(&str, &str)]) -> bool {
        let door = {
            let doors = self.doors.borrow();
            doors[self.dice.below(doors.len())].clone()
        };
        let form: Vec<(String, String)> =
            fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let mut headers = HeaderMap::new();
        let signature = sign(&format!("{PUBLIC_URL}{path}"), &form);
        headers.insert("content-type", HeaderValue::from_static("application/x-www-form-urlencoded"));
        headers.insert("x-twilio-signature", HeaderValue::from_str(&signature).unwrap());
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&form).finish();
        let url = format!("{door}{path}").parse().unwrap();
        let request =
            HttpRequest { method: Method::POST, url, headers, body: body.into(), timeout: READ_TIMEOUT };
        match self.http.send(request).await {
            Ok(answer) if answer.status < 300 => true,
            Ok(answer) => {
                assert!(answer.status >= 500, "a right webhook was refused: {}", answer.status);
                false
            }
            Err(_) => false,
        }
    }
}

/// Takes a message a moment after it came, and answers a moment after that: a sender may die before, between and after.
async fn take(State(shared): State<Arc<Shared>>, body: Bytes) -> (StatusCode, Json<Value>) {
    let form: HashMap<String, String> = url::form_urlencoded::parse(&body).into_owned().collect();
    let field = |name: &str| form.get(name).cloned().unwrap_or_default();
    let status_callback = field("StatusCallback");
    let reference = status_callback.rsplit_once("ref=").map(|(_, reference)| reference.parse());
    let row = reference.expect("a reference").expect("a row of the outbox");
    let pause = || shared.slowness.lock().unwrap().millis(1, 60);
    tokio::time::sleep(pause()).await;
    let sid = {
        let mut taken = shared.taken.lock().unwrap();
        let sid = format!("SM{:032}", taken.len());
        let (to, text, at) = (field("To"), field("Body"), Clock::system().now());
        taken.push(Taken { to, text, row, status_callback, sid: sid.clone(), at });
        sid
    };
    tokio::time::sleep(pause()).await;
    (StatusCode::CREATED, Json(json!({ "sid": sid, "status": "queued", "num_segments": "1" })))
}

/// Twilio's own list of what it took for a number, newest first, in one page.
async fn list(
    State(shared): State<Arc<Shared>>,
    Query(asked): Query<HashMap<String, String>>,
) -> Json<Value> {
    let taken = shared.taken.lock().unwrap();
    let to = &asked["To"];
    let shown = taken.iter().rev().filter(|taken| taken.to == *to).map(|taken| {
        json!({
            "sid": taken.sid, "to": taken.to, "body": taken.text, "direction": "outbound-api", "status": "queued",
            "date_created": taken.at.to_rfc2822(),
        })
    });
    Json(json!({ "messages": shown.collect::<Vec<_>>(), "next_page_uri": null }))
}
