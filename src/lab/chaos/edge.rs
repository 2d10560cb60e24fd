//! Where vendors call: the real account verifies and reads, the real intake stores. What is not acknowledged is sent
//! again, as a vendor does that has been told to; some of what was acknowledged too.

use super::faults::{Fault, Step};
use super::plants::Plant;
use super::world::{Inner, MILLI, Mortal, Role, SECOND, World};
use crate::channels::{Account, Channel, InboundEvent, RawWebhook};
use crate::domain::hotel::Hotel;
use crate::domain::ids::IntegrationId;
use crate::http::{HeaderMap, HeaderValue};
use crate::intake::{self, Intake, Stored};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use std::sync::Arc;

pub const PUBLIC_URL: &str = "https://bellhop.example";
pub const NUMBER: &str = "+351210000000";
pub const TOKEN: &str = "the carrier's token";

/// How often the carrier tries, at most.
const ATTEMPTS: u32 = 40;

/// The way in.
#[derive(Clone)]
pub struct Edge {
    pub world: World,
    pub intake: Intake,
    pub account: Arc<dyn Account>,
    pub channel: &'static dyn Channel,
    pub hotel: Arc<Hotel>,
    pub integration: IntegrationId,
    pub plant: Option<Plant>,
}

type Form = Vec<(&'static str, String)>;

/// What a webhook is about, for the books.
#[derive(Clone, Copy)]
enum About {
    /// A guest's message, by its place among what the guest said.
    Message {
        guest: usize,
        said: usize,
    },
    Report,
}

impl Edge {
    /// The carrier brings a guest's message.
    pub async fn message(self, guest: usize, said: usize) {
        let (form, wait) = {
            let mut inner = self.world.lock();
            let wait = match inner.meets(Fault::Late, Step::Intake) {
                true => inner.rng.between(5, 90) * SECOND,
                false => inner.rng.between(50, 1_500) * MILLI,
            };
            let who = &inner.guests.all[guest];
            let form: Form = vec![
                ("AccountSid", "ACchaos".to_owned()),
                ("Body", who.said[said].text.clone()),
                ("From", who.phone.clone()),
                ("MessageSid", who.said[said].name.clone()),
                ("NumMedia", "0".to_owned()),
                ("To", NUMBER.to_owned()),
            ];
            (form, wait)
        };
        let path = format!("/hooks/twilio/{}", self.hotel.slug);
        self.world.sleep(wait).await;
        self.bring(&form, &path, About::Message { guest, said }).await;
        if self.again(Step::Intake).await {
            self.bring(&form, &path, About::Message { guest, said }).await;
        }
    }

    /// The carrier reports what became of a message of ours.
    pub async fn report(self, callback: String, name: String, status: &'static str, wait: i64) {
        let late = self.world.lock().meets(Fault::Late, Step::Receipt);
        let path = callback.strip_prefix(PUBLIC_URL).unwrap_or_default().to_owned();
        let form: Form = vec![("MessageSid", name), ("MessageStatus", status.to_owned())];
        self.world.sleep(if late { wait + 60 * SECOND } else { wait }).await;
        self.bring(&form, &path, About::Report).await;
        if self.again(Step::Receipt).await {
            self.bring(&form, &path, About::Report).await;
        }
    }

    /// Whether the carrier brings it once more, after a while, although it was acknowledged.
    async fn again(&self, step: Step) -> bool {
        let wait = {
            let mut inner = self.world.lock();
            inner.meets(Fault::Redelivery, step).then(|| inner.rng.between(1, 120) * SECOND)
        };
        let Some(wait) = wait else { return false };
        self.world.sleep(wait).await;
        true
    }

    async fn bring(&self, form: &Form, path: &str, about: About) {
        for attempt in 0..ATTEMPTS {
            let life = self.life(about);
            let taken = Mortal::new(&self.world, self.take(form, path, about, attempt), life).await;
            if taken == Some(true) {
                return;
            }
            let wait = i64::from(attempt.min(5) + 1) * SECOND;
            self.world.sleep(wait).await;
        }
    }

    /// At which suspension the web process that serves it dies; 0: it does not.
    fn life(&self, about: About) -> u32 {
        let step = if matches!(about, About::Report) { Step::Receipt } else { Step::Intake };
        let mut inner = self.world.lock();
        let dies = inner.draws(Fault::Death, step);
        if dies { u32::try_from(inner.rng.between(1, 2)).unwrap_or(1) } else { 0 }
    }

    /// One attempt; true: acknowledged.
    async fn take(&self, form: &Form, path: &str, about: About, attempt: u32) -> bool {
        let now = self.intake.clock.now();
        if let About::Message { guest, said } = about {
            let mut inner = self.world.lock();
            let order = inner.next_order();
            inner.guests.all[guest].said[said].arrived.get_or_insert(order);
            let conversation = inner.guests.all[guest].conversation;
            if let Some(card) = inner.card() {
                card.conversation = conversation;
            }
        }
        let raw = signed(form, path, now);
        let Ok(events) = self.account.receive(&raw) else {
            self.world.lock().count("webhooks refused");
            return true;
        };
        for event in events {
            let event =
                if self.plant == Some(Plant::NoDedupe) { renamed(event, attempt, now) } else { event };
            let stored =
                intake::event(&self.intake, self.channel, &self.hotel, self.integration, event).await;
            match (stored, about) {
                (Ok(Some(stored)), About::Message { guest, said }) => {
                    self.acknowledged(guest, said, stored);
                }
                (Ok(_), _) => {}
                (Err(_), _) => return false,
            }
        }
        true
    }

    fn acknowledged(&self, guest: usize, said: usize, stored: Stored) {
        let mut inner = self.world.lock();
        let order = inner.next_order();
        let now = inner.now;
        inner.guests.meet(stored.conversation, guest);
        inner.note(guest, || format!("message {said} stored as {}", stored.seq));
        let said = &mut inner.guests.all[guest].said[said];
        said.acknowledged.get_or_insert((order, now));
        if said.seq.is_some_and(|seq| seq != stored.seq) {
            let what = format!("{:?} is stored once more", said.text);
            inner.violated("stored twice", guest, what);
            return;
        }
        said.seq = Some(stored.seq);
    }
}

/// The same message under another name each time: nobody notices that it was here.
fn renamed(event: InboundEvent, attempt: u32, now: chrono::DateTime<chrono::Utc>) -> InboundEvent {
    match event {
        InboundEvent::Message(mut message) => {
            message.vendor_id = format!("{}-{attempt}-{}", message.vendor_id, now.timestamp_micros());
            InboundEvent::Message(message)
        }
        other => other,
    }
}

/// As the carrier signs it: the address and the sorted parameters under the account's token.
fn signed(form: &Form, path: &str, now: chrono::DateTime<chrono::Utc>) -> RawWebhook {
    let mut body = url::form_urlencoded::Serializer::new(String::new());
    let mut data = format!("{PUBLIC_URL}{path}");
    for (name, value) in form {
        body.append_pair(name, value);
        data.push_str(name);
        data.push_str(value);
    }
    let mut headers = HeaderMap::new();
    if let Ok(key) = Hmac::<Sha1>::new_from_slice(TOKEN.as_bytes()) {
        let signature = STANDARD.encode(key.chain_update(data).finalize().into_bytes());
        if let Ok(value) = HeaderValue::from_str(&signature) {
            headers.insert("x-twilio-signature", value);
        }
    }
    headers.insert("content-type", HeaderValue::from_static("application/x-www-form-urlencoded"));
    RawWebhook {
        path_and_query: path.to_owned(),
        headers,
        body: Bytes::from(body.finish()),
        public_url: PUBLIC_URL.to_owned(),
        now,
    }
}

impl Inner {
    /// A guest's message goes to the carrier.
    pub fn carry(&mut self, guest: usize, said: usize) {
        if let Some(edge) = self.edge.clone() {
            self.enter(Role::Webhook, None, None, Box::pin(edge.message(guest, said)));
        }
    }
}
