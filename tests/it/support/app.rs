//! A Bellhop inside the test, with the demo hotel, a clock that stands still, and guests and staff of few words.

use super::databases::both_urls;
use super::process::wait_for;
use super::twilio::{self, Phone, Twilio};
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, header};
use bellhop::app::{self, App};
use bellhop::clock::Clock;
use bellhop::config::{Config, ConfigFile, Env, load};
use bellhop::domain::people::Scope;
use bellhop::jobs::Jobs;
use bellhop::lab::demo;
use bellhop::lab::stub_model::{Mode, StubModel};
use bellhop::secrets::SecretKey;
use bellhop::shutdown::ShutdownOrder;
use bellhop::store::{Bells, Db};
use bellhop::web;
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use std::cell::Cell;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use tower::ServiceExt;

/// A Wednesday, in Lisbon also 13:00: the kitchen is open and late check-out is another day's matter.
pub const START: &str = "2027-03-03T13:00:00Z";
pub const PUBLIC_URL: &str = "https://stay.example";
pub const HOTEL: &str = "harbour";

/// A model may take longer than any story, which lets it answer when it should.
pub const PATIENT: &str = "[llm]\ncall_secs = 600\nturn_secs = 600\n\
    [engine]\nlease_secs = 3600\ntold_after_secs = 700\ncalled_after_secs = 800\n";

/// How a story's Bellhop differs from the plain one.
#[derive(Default)]
pub struct Setup {
    /// The model behind it; `None`: the house brain answers.
    pub model: Option<Mode>,
    /// More lines of configuration.
    pub toml: String,
}

/// Tells a story on SQLite and then on PostgreSQL; at its end nothing may be left to do.
pub async fn story(told: impl AsyncFn(&House)) {
    Setup::default().tell(told).await;
}

impl Setup {
    pub fn with_model(mode: Mode) -> Self {
        Self { model: Some(mode), ..Self::default() }
    }

    pub async fn tell(self, told: impl AsyncFn(&House)) {
        let (setup, told) = (&self, &told);
        both_urls(|url| async move {
            let house = House::open(&url, setup).await;
            told(&house).await;
            house.assert_quiet().await;
        })
        .await;
    }
}

pub struct House {
    pub db: Db,
    pub clock: Clock,
    pub jobs: Jobs,
    pub twilio: Arc<Twilio>,
    /// What the model's server saw and will do next.
    pub model: Option<StubModel>,
    pub url: String,
    pub router: Router,
    admin_key: SecretString,
    guests: Cell<u8>,
    texts: Cell<u32>,
    _running: ShutdownOrder,
}

impl House {
    async fn open(url: &str, setup: &Setup) -> Self {
        let model = match &setup.model {
            Some(mode) => Some(StubModel::start(mode.clone()).await.unwrap()),
            None => None,
        };
        let clock = Clock::manual(START.parse::<DateTime<Utc>>().unwrap());
        let key = SecretKey::random().to_base64();
        let twilio = Arc::new(Twilio::start().await);
        twilio.keeps_time_by(&clock);
        let house = Self::build(url, key.expose_secret(), twilio, model, &setup.toml, clock).await;
        let key = &house.admin_key;
        app::add_key(&house.db, &house.clock, "stories".to_owned(), Scope::Admin, None, key).await.unwrap();
        house
    }

    /// A hotel that real processes have served, looked at so much later.
    pub async fn later(url: &str, key: &str, twilio: &Arc<Twilio>, by: TimeDelta) -> Self {
        let clock = Clock::manual(Clock::system().now() + by);
        Self::build(url, key, twilio.clone(), None, "", clock).await
    }

    async fn build(
        url: &str,
        key: &str,
        twilio: Arc<Twilio>,
        model: Option<StubModel>,
        toml: &str,
        clock: Clock,
    ) -> Self {
        let db = Db::open(url, 8, Bells::new()).await.unwrap();
        db.migrate().await.unwrap();
        demo::seed(&db, &clock).await.unwrap();
        let config = config(url, key, &twilio, model.as_ref(), toml);
        let app = App::assemble(config, db.clone(), clock.clone()).unwrap();
        app::apply(&db, &clock, &app.sealer, &app.config).await.unwrap();
        let order = ShutdownOrder::new();
        let public_url: url::Url = PUBLIC_URL.parse().unwrap();
        let router = web::router(app.web(public_url.clone(), order.listener()));
        Self {
            router,
            jobs: app.jobs(public_url),
            db,
            clock,
            twilio,
            model,
            url: url.to_owned(),
            admin_key: SecretString::from("bh_the-stories-own-key"),
            guests: Cell::new(0),
            texts: Cell::new(0),
            _running: order,
        }
    }

    /// The workers of a process that starts now.
    pub fn restarted(&self) -> Jobs {
        Jobs { started_at: self.clock.now(), ..self.jobs.clone() }
    }

    /// Time goes by; nothing runs because of it.
    pub fn passes(&self, time: TimeDelta) {
        self.clock.advance(time);
    }

    /// The machine's clock is set; no time goes by.
    pub fn clock_is_set(&self, by: TimeDelta) {
        self.clock.jump(by);
    }

    /// The guest has finished, and all that is due is done.
    pub async fn settles(&self) {
        self.passes(TimeDelta::seconds(6));
        self.works().await;
    }

    /// All that is due now is done.
    pub async fn works(&self) {
        self.jobs.run_all().await.unwrap();
    }

    pub async fn assert_quiet(&self) {
        let left = self.jobs.run_all().await.unwrap();
        assert!(left.values().all(|count| *count == 0), "work was left behind: {left:?}");
    }

    pub fn model(&self) -> &StubModel {
        self.model.as_ref().expect("this story has a model")
    }

    /// Waits until the model is asked something and holds its answer back.
    pub async fn thinks(&self) {
        wait_for("the model to be asked", async || (self.model().queued() == 0).then_some(())).await;
    }

    /// A guest opens the web chat, from a network address of their own.
    pub async fn chat(&self) -> Chat<'_> {
        self.chat_at(HOTEL).await
    }

    pub async fn chat_at(&self, property: &str) -> Chat<'_> {
        let network = self.next_network();
        let request = json_request("POST", &format!("/chat/{property}/sessions"), &json!({ "locale": "en" }));
        let answer = self.send_from(network, request).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        let opened = answer.json();
        Chat {
            house: self,
            network,
            token: text(&opened["token"]),
            conversation: text(&opened["conversation"]),
            seen: Cell::new(0),
            written: Cell::new(0),
        }
    }

    pub fn phone(&self, number: &str) -> Phone<'_> {
        Phone::new(self, HOTEL, number)
    }

    /// Another one for each text to the hotel, whichever phone it comes from.
    pub fn next_text(&self) -> u32 {
        self.texts.set(self.texts.get() + 1);
        self.texts.get()
    }

    fn next_network(&self) -> SocketAddr {
        self.guests.set(self.guests.get().wrapping_add(1));
        SocketAddr::from(([198, 51, 100, self.guests.get()], 40_000))
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        self.send_from(SocketAddr::from(([203, 0, 113, 9], 4711)), request).await
    }

    pub async fn send_from(&self, network: SocketAddr, mut request: Request<Body>) -> Answer {
        request.extensions_mut().insert(ConnectInfo(network));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let body = String::from_utf8_lossy(&body).into_owned();
        Answer { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    /// The API, as an administrator of all hotels.
    pub async fn api(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        self.api_as(self.admin_key.expose_secret(), method, path, body).await
    }

    pub async fn api_as(&self, key: &str, method: &str, path: &str, body: Option<Value>) -> Answer {
        let path = format!("/api/v1{path}");
        let mut request = match body {
            Some(body) => json_request(method, &path, &body),
            None => Request::builder().method(method).uri(&path).body(Body::empty()).unwrap(),
        };
        request.headers_mut().insert(header::AUTHORIZATION, format!("Bearer {key}").parse().unwrap());
        self.send(request).await
    }

    /// A new key's text; `property`: the slug of the one hotel that it reaches.
    pub async fn key_of(&self, name: &str, scope: Scope, property: Option<&str>) -> String {
        let text = format!("bh_{name}-of-this-story");
        let (name, property) = (name.to_owned(), property.map(str::to_owned));
        let key = SecretString::from(text.clone());
        app::add_key(&self.db, &self.clock, name, scope, property, &key).await.unwrap();
        text
    }

    /// GET that must succeed.
    pub async fn read(&self, path: &str) -> Value {
        let answer = self.api("GET", path, None).await;
        assert_eq!(answer.status, 200, "GET {path}: {}", answer.body);
        answer.json()
    }

    /// POST that must succeed.
    pub async fn acts(&self, path: &str, body: Value) -> Value {
        let answer = self.api("POST", path, Some(body)).await;
        assert!((200..300).contains(&answer.status), "POST {path}: {} {}", answer.status, answer.body);
        if answer.body.is_empty() { Value::Null } else { answer.json() }
    }

    /// A form that Twilio signed.
    pub async fn signed_hook(&self, path: &str, form: &[(String, String)]) -> Answer {
        let signature = twilio::sign(&format!("{PUBLIC_URL}{path}"), form);
        self.hook(path, form, Some(&signature)).await
    }

    pub async fn hook(&self, path: &str, form: &[(String, String)], signature: Option<&str>) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let mut request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap();
        if let Some(signature) = signature {
            request.headers_mut().insert("x-twilio-signature", signature.parse().unwrap());
        }
        self.send(request).await
    }
}

fn config(url: &str, key: &str, twilio: &Twilio, model: Option<&StubModel>, toml: &str) -> Config {
    let mut text = toml.to_owned();
    let _ = write!(
        text,
        "\n[[integrations]]\nproperty = '{HOTEL}'\nkind = 'sms.twilio'\nname = 'Main number'\n\
         config = {{ account_sid = '{}', from = '{}', base_url = '{}' }}\nsecrets = {{ auth_token = 'env:TOKEN' }}\n",
        twilio::ACCOUNT,
        twilio::NUMBER,
        twilio.server.uri(),
    );
    let file = ConfigFile { name: "the story's file".to_owned(), text };
    let model = model.map(StubModel::base_url).unwrap_or_default();
    let env = Env::from([
        ("DATABASE_URL", url),
        ("BELLHOP_SECRET_KEY", key),
        ("BELLHOP_PUBLIC_URL", PUBLIC_URL),
        ("OPENAI_BASE_URL", &model),
        ("TOKEN", twilio::TOKEN),
    ]);
    let loaded = load(Some(&file), &env);
    assert_eq!(loaded.findings, [], "the story's configuration");
    loaded.config
}

/// What a request brought.
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

pub fn json_request(method: &str, path: &str, body: &Value) -> Request<Body> {
    Request::builder()
        .method(method)
        .uri(path)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_string()))
        .unwrap()
}

/// A JSON string.
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

/// A guest in the web chat.
pub struct Chat<'h> {
    pub house: &'h House,
    network: SocketAddr,
    pub token: String,
    pub conversation: String,
    seen: Cell<i64>,
    written: Cell<u32>,
}

/// One message to the guest, as the chat shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Heard {
    pub author: String,
    pub text: String,
}

impl Chat<'_> {
    pub async fn posts(&self, body: &Value) -> Answer {
        self.request(json_request("POST", "/chat/messages", body)).await
    }

    pub async fn request(&self, mut request: Request<Body>) -> Answer {
        let token = format!("Bearer {}", self.token);
        request.headers_mut().insert(header::AUTHORIZATION, token.parse().unwrap());
        self.house.send_from(self.network, request).await
    }

    /// One message, taken; nothing else has run yet.
    pub async fn writes(&self, text: &str) -> Value {
        self.written.set(self.written.get() + 1);
        let client_id = format!("c-{}", self.written.get());
        let answer = self.posts(&json!({ "text": text, "client_id": client_id })).await;
        assert_eq!(answer.status, 202, "{}", answer.body);
        answer.json()
    }

    /// Writes, lets the engine work, and gives what came back, one message per line.
    pub async fn says(&self, text: &str) -> String {
        self.writes(text).await;
        self.house.settles().await;
        self.hears().await
    }

    /// What has come since the last look, one message per line.
    pub async fn hears(&self) -> String {
        let heard: Vec<String> = self.heard().await.into_iter().map(|heard| heard.text).collect();
        heard.join("\n")
    }

    /// What has come since the last look.
    pub async fn heard(&self) -> Vec<Heard> {
        let page = self.page(self.seen.get()).await;
        let messages = page["messages"].as_array().expect("messages");
        if let Some(last) = messages.last() {
            self.seen.set(last["seq"].as_i64().expect("a seq"));
        }
        let others = messages.iter().filter(|message| message["author"] != "guest");
        others
            .map(|message| Heard { author: text(&message["author"]), text: text(&message["text"]) })
            .collect()
    }

    pub async fn page(&self, after: i64) -> Value {
        let request = Request::get(format!("/chat/messages?after={after}")).body(Body::empty()).unwrap();
        let answer = self.request(request).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()
    }

    pub async fn status(&self) -> String {
        text(&self.page(i64::MAX).await["status"])
    }

    /// Proves the stay of HRB1001, Ana Ruiz in room 204.
    pub async fn proves(&self) {
        let heard = self.says("my confirmation number is HRB1001, Ruiz").await;
        assert!(heard.contains("Ana"), "{heard}");
    }
}
