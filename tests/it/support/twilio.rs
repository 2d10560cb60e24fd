//! A stub of Twilio's REST API that takes every message, and the signed webhooks that Twilio would send.

use super::app::{Answer, House};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use std::cell::Cell;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

pub const ACCOUNT: &str = "AC30000000000000000000000000000003";
pub const TOKEN: &str = "the-stories-own-token";
/// The hotel's number.
pub const NUMBER: &str = "+351210000009";

/// The vendor's side.
pub struct Twilio {
    pub server: MockServer,
}

/// One message that Bellhop asked Twilio to send.
#[derive(Debug, Clone)]
pub struct Sent {
    pub sid: String,
    pub to: String,
    pub text: String,
    pub status_callback: String,
}

impl Twilio {
    pub async fn start() -> Self {
        let server = MockServer::start().await;
        let count = AtomicU32::new(0);
        let accept = move |_: &Request| {
            let sid = sid(count.fetch_add(1, Ordering::SeqCst));
            let body = serde_json::json!({ "sid": sid, "status": "queued", "num_segments": "1" });
            ResponseTemplate::new(201).set_body_json(body)
        };
        Mock::given(method("POST"))
            .and(path(format!("/2010-04-01/Accounts/{ACCOUNT}/Messages.json")))
            .respond_with(accept)
            .mount(&server)
            .await;
        Self { server }
    }

    /// Everything so far, oldest first.
    pub async fn sent(&self) -> Vec<Sent> {
        let requests = self.server.received_requests().await.unwrap();
        let read = |(place, request): (usize, &Request)| {
            let form: HashMap<String, String> =
                url::form_urlencoded::parse(&request.body).into_owned().collect();
            let field = |name: &str| form.get(name).cloned().unwrap_or_default();
            Sent {
                sid: sid(u32::try_from(place).unwrap()),
                to: field("To"),
                text: field("Body"),
                status_callback: field("StatusCallback"),
            }
        };
        requests.iter().enumerate().map(read).collect()
    }

    pub async fn sent_to(&self, number: &str) -> Vec<Sent> {
        self.sent().await.into_iter().filter(|sent| sent.to == number).collect()
    }
}

fn sid(place: u32) -> String {
    format!("SM{place:032}")
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
    written: Cell<u32>,
    heard: Cell<usize>,
}

impl<'h> Phone<'h> {
    pub fn new(house: &'h House, property: &str, number: &str) -> Self {
        let (number, property) = (number.to_owned(), property.to_owned());
        Self { house, number, property, written: Cell::new(0), heard: Cell::new(0) }
    }

    /// The form of one message; each call makes another id.
    pub fn form(&self, text: &str) -> Vec<(String, String)> {
        self.written.set(self.written.get() + 1);
        let id = format!("SM{}{:020}", &self.number[1..], self.written.get());
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
