//! A stub of Twilio's REST API that takes every message unless it is told otherwise, and Twilio's signed webhooks.

use super::app::{Answer, House};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bellhop::clock::Clock;
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use std::cell::Cell;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

pub const ACCOUNT: &str = "AC30000000000000000000000000000003";
pub const TOKEN: &str = "the-stories-own-token";
/// The hotel's number.
pub const NUMBER: &str = "+351210000009";

/// The vendor's side.
pub struct Twilio {
    pub server: MockServer,
    ledger: Arc<Mutex<Ledger>>,
}

/// One message that Bellhop asked Twilio to send, and that Twilio took.
#[derive(Debug, Clone)]
pub struct Sent {
    pub sid: String,
    pub to: String,
    pub text: String,
    pub status_callback: String,
    /// When Twilio took it.
    pub at: DateTime<Utc>,
}

/// How Twilio treats the next message in place of taking it.
#[derive(Debug, Clone, Copy)]
pub enum Mishap {
    /// 429 with this many seconds in `Retry-After`: nothing is sent.
    TooMany(u32),
    /// 400 with this code: nothing is sent.
    Refuses(u32),
    /// The message is taken, and the answer comes so many seconds later.
    TakesAndWaits(u64),
    /// The message is taken, but the answer is a 502.
    TakesAndFails,
    /// Nothing is taken, and the answer is a 502.
    Fails,
}

#[derive(Default)]
struct Ledger {
    sent: Vec<Sent>,
    mishaps: VecDeque<Mishap>,
    /// What its list is asked for in vain: it answers 503.
    mute: bool,
    /// Its list does not show yet what was taken.
    lags: bool,
    looked: usize,
    /// What comes sooner after another is answered 429.
    pace: Option<TimeDelta>,
    too_fast: usize,
    /// By whose time messages are dated; a list without one dates them all now.
    clock: Option<Clock>,
}

impl Ledger {
    fn now(&self) -> DateTime<Utc> {
        self.clock.as_ref().map_or_else(|| Clock::system().now(), Clock::now)
    }

    /// The page of messages to one number.
    fn list(&mut self, request: &Request) -> ResponseTemplate {
        self.looked += 1;
        if self.mute {
            return ResponseTemplate::new(503);
        }
        let to = request.url.query_pairs().find(|(name, _)| name == "To").map(|(_, to)| to.into_owned());
        let rows = self.sent.iter().rev().filter(|sent| Some(&sent.to) == to.as_ref()).map(|sent| {
            serde_json::json!({
                "sid": sent.sid, "to": sent.to, "body": sent.text, "direction": "outbound-api", "status": "queued",
                "date_created": sent.at.to_rfc2822(), "date_sent": null,
            })
        });
        let messages: Vec<_> = rows.filter(|_| !self.lags).collect();
        let body = serde_json::json!({ "messages": messages, "next_page_uri": null });
        ResponseTemplate::new(200).set_body_json(body)
    }

    fn take(&mut self, request: &Request) -> ResponseTemplate {
        let mishap = self.mishaps.pop_front();
        match mishap {
            Some(Mishap::TooMany(seconds)) => {
                return ResponseTemplate::new(429).insert_header("retry-after", seconds.to_string());
            }
            Some(Mishap::Refuses(code)) => {
                let body = serde_json::json!({ "code": code, "status": 400 });
                return ResponseTemplate::new(400).set_body_json(body);
            }
            Some(Mishap::Fails) => return ResponseTemplate::new(502),
            Some(Mishap::TakesAndFails | Mishap::TakesAndWaits(_)) | None => {}
        }
        let now = self.now();
        let soon = self.pace.zip(self.sent.last()).is_some_and(|(pace, last)| now - last.at < pace);
        if soon {
            self.too_fast += 1;
            return ResponseTemplate::new(429);
        }
        let form: HashMap<String, String> = url::form_urlencoded::parse(&request.body).into_owned().collect();
        let field = |name: &str| form.get(name).cloned().unwrap_or_default();
        let sid = format!("SM{:032}", self.sent.len());
        let body = serde_json::json!({ "sid": sid, "status": "queued", "num_segments": "1" });
        self.sent.push(Sent {
            sid,
            to: field("To"),
            text: field("Body"),
            status_callback: field("StatusCallback"),
            at: now,
        });
        match mishap {
            None => ResponseTemplate::new(201).set_body_json(body),
            Some(Mishap::TakesAndWaits(seconds)) => {
                ResponseTemplate::new(201).set_body_json(body).set_delay(Duration::from_secs(seconds))
            }
            Some(_) => ResponseTemplate::new(502),
        }
    }
}

impl Twilio {
    pub async fn start() -> Self {
        let server = MockServer::start().await;
        let ledger = Arc::new(Mutex::new(Ledger::default()));
        let messages = || path(format!("/2010-04-01/Accounts/{ACCOUNT}/Messages.json"));
        let book = ledger.clone();
        Mock::given(method("POST"))
            .and(messages())
            .respond_with(move |request: &Request| book.lock().unwrap().take(request))
            .mount(&server)
            .await;
        let book = ledger.clone();
        Mock::given(method("GET"))
            .and(messages())
            .respond_with(move |request: &Request| book.lock().unwrap().list(request))
            .mount(&server)
            .await;
        Self { server, ledger }
    }

    /// What happens to the next messages, one after the other; those after them are taken.
    pub fn will(&self, mishaps: &[Mishap]) {
        self.ledger.lock().unwrap().mishaps.extend(mishaps);
    }

    /// From now on it takes everything, whatever it was told before.
    pub fn behaves(&self) {
        self.ledger.lock().unwrap().mishaps.clear();
    }

    /// From now on it takes one message in this time.
    pub fn has_pace(&self, pace: TimeDelta) {
        self.ledger.lock().unwrap().pace = Some(pace);
    }

    /// How many messages came sooner than that, and were answered 429.
    pub fn too_fast(&self) -> usize {
        self.ledger.lock().unwrap().too_fast
    }

    /// Dates what it takes by this clock.
    pub fn keeps_time_by(&self, clock: &Clock) {
        self.ledger.lock().unwrap().clock = Some(clock.clone());
    }

    /// Whether its list of messages can be read.
    pub fn is_mute(&self, mute: bool) {
        self.ledger.lock().unwrap().mute = mute;
    }

    /// Whether its list does not show yet what it has taken.
    pub fn lags(&self, lags: bool) {
        self.ledger.lock().unwrap().lags = lags;
    }

    /// How often its list was asked for.
    pub fn looked(&self) -> usize {
        self.ledger.lock().unwrap().looked
    }

    /// Everything that was taken so far, oldest first.
    pub async fn sent(&self) -> Vec<Sent> {
        self.ledger.lock().unwrap().sent.clone()
    }

    pub async fn sent_to(&self, number: &str) -> Vec<Sent> {
        self.sent().await.into_iter().filter(|sent| sent.to == number).collect()
    }
}

/// Signs as Twilio's documentation says: the URL, then each name with its value, sorted by name.
pub fn sign(url: &str, fields: &[(String, String)]) -> String {
    let mut sorted = fields.to_vec();
    sorted.sort();
    let data = sorted.iter().fold(url.to_owned(), |data, (name, value)| data + name + value);
    let mac = Hmac::<Sha1>::new_from_slice(TOKEN.as_bytes()).unwrap().chain_update(data);
    STANDARD.encode(mac.finalize().into_bytes())
}

/// A guest's telephone.
pub struct Phone<'h> {
    pub house: &'h House,
    pub number: String,
    property: String,
    heard: Cell<usize>,
}

impl<'h> Phone<'h> {
    pub fn new(house: &'h House, property: &str, number: &str) -> Self {
        let (number, property) = (number.to_owned(), property.to_owned());
        Self { house, number, property, heard: Cell::new(0) }
    }

    /// The form of one message; each call makes another id.
    pub fn form(&self, text: &str) -> Vec<(String, String)> {
        let id = format!("SM{}{:020}", &self.number[1..], self.house.next_text());
        let fields = [
            ("MessageSid", id.as_str()),
            ("AccountSid", ACCOUNT),
            ("From", &self.number),
            ("To", NUMBER),
            ("Body", text),
            ("NumMedia", "0"),
            ("NumSegments", "1"),
            ("ApiVersion", "2010-04-01"),
        ];
        fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
    }

    /// Twilio's call with a right signature.
    pub async fn delivers(&self, form: &[(String, String)]) -> Answer {
        let path = format!("/hooks/twilio/{}", self.property);
        self.house.signed_hook(&path, form).await
    }

    /// One message, taken and answered with empty TwiML; nothing else has run yet.
    pub async fn writes(&self, text: &str) {
        let answer = self.delivers(&self.form(text)).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert!(answer.body.contains("<Response"), "{}", answer.body);
    }

    /// Writes, lets the engine work, and gives what came back, one message per line.
    pub async fn says(&self, text: &str) -> String {
        self.writes(text).await;
        self.house.settles().await;
        self.hears().await
    }

    /// What has come since the last look.
    pub async fn hears(&self) -> String {
        let all = self.house.twilio.sent_to(&self.number).await;
        let new: Vec<String> = all.into_iter().skip(self.heard.get()).map(|sent| sent.text).collect();
        self.heard.set(self.heard.get() + new.len());
        new.join("\n")
    }
}
