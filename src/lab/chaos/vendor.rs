//! The carrier of text messages as it really is: takes each message as often as it is told to, delivers late, reports
//! out of order, and keeps its own book of all of it.

use super::calls::{Outcome, call};
use super::faults::Step;
use super::invariants;
use super::plants::Plant;
use super::world::{ActorId, Inner, MILLI, Micros, Role, SECOND, World};
use crate::domain::ids::{ConversationId, MessageId};
use crate::domain::message::Voice;
use crate::http::{HeaderMap, HeaderValue, HttpAnswer, HttpError, HttpRequest, Method, Wire};
use async_trait::async_trait;
use bytes::Bytes;
use chrono::DateTime;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// How long our side waits for the carrier.
const LIMIT: i64 = 30 * SECOND;

/// One message that the carrier has taken from us.
#[derive(Debug, Clone)]
pub struct Sent {
    pub body: String,
    /// Ours: the row that was sent.
    pub reference: String,
    /// When in the order of things.
    pub order: u64,
    /// What it asks the guest's word for.
    pub quote: Option<Offer>,
    /// It has justified a charge.
    pub used: bool,
}

/// An offer as a guest reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// Minor units.
    pub amount: i64,
    pub quantity: u32,
}

/// A row as a dispatcher has claimed it.
#[derive(Debug, Clone, Copy)]
pub struct Claim {
    pub order: u64,
    pub voice: Voice,
    pub message: Option<MessageId>,
}

/// An alert that the carrier has taken for one of the hotel's own people.
#[derive(Debug, Clone)]
pub struct Alert {
    /// The one that its link leads to.
    pub conversation: ConversationId,
}

/// The carrier's book.
#[derive(Default)]
pub struct Vendor {
    pub alerts: Vec<Alert>,
    /// By row.
    pub claims: BTreeMap<String, Claim>,
    /// By number, what it has taken, oldest first: its name of the message, when, and the text.
    book: BTreeMap<String, Vec<(String, Micros, String)>>,
    /// By row, how often a message was taken for it.
    pub taken: BTreeMap<String, u32>,
    named: u64,
}

impl Vendor {
    fn write(&mut self, to: &str, name: &str, now: Micros, body: &str) {
        let page = self.book.entry(to.to_owned()).or_default();
        page.push((name.to_owned(), now, body.to_owned()));
    }

    /// The newest page of what was taken for a number.
    fn list(&self, to: &str) -> String {
        let taken = self.book.get(to).map(Vec::as_slice).unwrap_or_default();
        let row = |(name, at, body): &(String, Micros, String)| {
            let at = DateTime::from_timestamp_micros(*at).unwrap_or_default().to_rfc2822();
            json!({ "sid": name, "direction": "outbound-api", "date_created": at, "body": body, "status": "sent" })
        };
        let messages: Vec<Value> = taken.iter().rev().take(50).map(row).collect();
        let next = (taken.len() > 50).then_some("/page2");
        json!({ "messages": messages, "next_page_uri": next }).to_string()
    }

    /// A name for a message, in the carrier's form.
    pub fn name(&mut self) -> String {
        self.named += 1;
        format!("SM{:032x}", self.named)
    }
}

/// The carrier's side of the wire.
pub struct Carrier {
    pub world: World,
    pub plant: Option<Plant>,
}

/// A form as the carrier reads it.
struct Message {
    to: String,
    body: String,
    callback: String,
}

impl Message {
    fn read(body: &[u8]) -> Self {
        let fields: BTreeMap<String, String> = url::form_urlencoded::parse(body).into_owned().collect();
        let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
        Self { to: field("To"), body: field("Body"), callback: field("StatusCallback") }
    }

    fn reference(&self) -> String {
        self.callback.rsplit_once("ref=").map(|(_, reference)| reference.to_owned()).unwrap_or_default()
    }
}

#[async_trait]
impl Wire for Carrier {
    async fn exchange(&self, request: HttpRequest) -> Result<HttpAnswer, HttpError> {
        if request.method == Method::GET {
            return self.list(&request).await;
        }
        let message = Message::read(&request.body);
        let began = {
            let mut inner = self.world.lock();
            inner.card().map_or(0, |card| card.committed)
        };
        let outcome = call(&self.world, Step::Send, LIMIT, move |inner| take(inner, message, began)).await;
        match outcome {
            Outcome::Answered(answer) => Ok(answer),
            // Whoever takes a lost answer for a refusal sends twice.
            Outcome::TimedOut | Outcome::Broken if self.plant == Some(Plant::RetryAfterTimeout) => {
                Ok(answer(429, "{}", Some(1)))
            }
            Outcome::TimedOut => Err(HttpError::Timeout),
            Outcome::Broken => Err(HttpError::Broken),
            Outcome::ServerError => Ok(answer(503, "{}", None)),
            Outcome::TooMany { seconds } => Ok(answer(429, r#"{"code":20429}"#, Some(seconds))),
            Outcome::Unreachable => Err(HttpError::Connect),
        }
    }
}

impl Carrier {
    /// Our question for what it has taken for one number.
    async fn list(&self, request: &HttpRequest) -> Result<HttpAnswer, HttpError> {
        let to = request.url.query_pairs().find(|(name, _)| name == "To");
        let to = to.map(|(_, to)| to.into_owned()).unwrap_or_default();
        let asked = call(&self.world, Step::SendLookUp, LIMIT, move |inner| inner.vendor.list(&to));
        match asked.await {
            Outcome::Answered(body) => Ok(answer(200, &body, None)),
            Outcome::TimedOut => Err(HttpError::Timeout),
            Outcome::Broken => Err(HttpError::Broken),
            Outcome::ServerError => Ok(answer(503, "{}", None)),
            Outcome::TooMany { seconds } => Ok(answer(429, "{}", Some(seconds))),
            Outcome::Unreachable => Err(HttpError::Connect),
        }
    }
}

fn answer(status: u16, body: &str, retry_after: Option<u64>) -> HttpAnswer {
    let mut headers = HeaderMap::new();
    if let Some(seconds) = retry_after {
        headers.insert("retry-after", HeaderValue::from(seconds));
    }
    HttpAnswer { status, headers, body: Bytes::from(body.to_owned()) }
}

/// The carrier takes a message.
fn take(inner: &mut Inner, message: Message, began: u64) -> HttpAnswer {
    let reference = message.reference();
    let Some(guest) = inner.guests.by_phone(&message.to) else {
        let link = message.body.rsplit_once("/inbox/").and_then(|(_, id)| id.trim().parse().ok());
        inner.vendor.alerts.extend(link.map(|conversation| Alert { conversation }));
        let name = inner.vendor.name();
        let now = inner.now;
        inner.vendor.write(&message.to, &name, now, &message.body);
        inner.count("alerts rung");
        return answer(201, &format!(r#"{{"sid":"{name}","status":"queued"}}"#), None);
    };
    if inner.guests.all[guest].opted_out {
        return answer(400, r#"{"code":21610}"#, None);
    }
    let order = inner.next_order();
    let name = inner.vendor.name();
    let now = inner.now;
    inner.vendor.write(&message.to, &name, now, &message.body);
    let times = inner.vendor.taken.entry(reference.clone()).or_default();
    // Without a status callback nobody can tell whose it is.
    *times += u32::from(!reference.is_empty());
    let times = *times;
    let quote = asks_for(&message.body);
    let sent = Sent { body: message.body.clone(), reference: reference.clone(), order, quote, used: false };
    inner.note(guest, || format!("carrier takes {:?} ({reference})", short(&sent.body)));
    inner.count("messages out");
    invariants::sent(inner, guest, &sent, times, began);
    inner.guests.all[guest].sent.push(sent);
    deliver(inner, guest, message, &name);
    answer(201, &format!(r#"{{"sid":"{name}","status":"queued"}}"#), None)
}

/// To the guest's phone, and the reports about it, which overtake each other.
fn deliver(inner: &mut Inner, guest: usize, message: Message, name: &str) {
    let length = inner.rng.between(200, 4_000) * MILLI;
    let (body, callback) = (message.body, message.callback);
    inner.after(length, move |inner| inner.guests_hear(guest, body));
    let Some(edge) = inner.edge.clone() else { return };
    let lost = !inner.calm && inner.rng.chance(1);
    let end = if lost { "undelivered" } else { "delivered" };
    for status in ["sent", end] {
        // Most reports of "sent" change nothing; some are enough.
        if status == "sent" && !inner.rng.chance(25) {
            continue;
        }
        let wait = inner.rng.between(50, 6_000) * MILLI;
        let report = edge.clone().report(callback.clone(), name.to_owned(), status, wait);
        inner.enter(Role::Webhook, None, None, Box::pin(report));
    }
}

/// The offer that a text makes.
pub fn asks_for(body: &str) -> Option<Offer> {
    if !body.contains("Please answer yes or no.") {
        return None;
    }
    let (before, _) = body.rsplit_once(" EUR")?;
    let (what, amount) = before.rsplit_once(' ')?;
    let (whole, cents) = amount.split_once('.')?;
    let first = what.rsplit("\n\n").next().unwrap_or(what).split(' ').next();
    let quantity = first.and_then(|word| word.parse().ok()).unwrap_or(1);
    Some(Offer { amount: whole.parse::<i64>().ok()? * 100 + cents.parse::<i64>().ok()?, quantity })
}

/// The beginning of a text, for a trace.
pub fn short(text: &str) -> String {
    let tail: Vec<char> = text.rsplit("\n\n").next().unwrap_or(text).chars().take(60).collect();
    tail.into_iter().collect()
}

impl Inner {
    /// A message reaches a guest's phone.
    pub fn guests_hear(&mut self, guest: usize, body: String) {
        let now = self.now;
        let heard = &mut self.guests.all[guest];
        heard.quote_seen = asks_for(&body);
        heard.heard_at = now;
        heard.heard += 1;
        let actor: Option<ActorId> = heard.actor;
        if let Some(actor) = actor {
            self.wake(actor);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guest_reads_the_price_of_an_offer_and_of_nothing_else() {
        let offer = "With pleasure.\n\n2 × club sandwich: 36.00 EUR on your room bill. Shall I order it? Please answer yes or no.";
        assert_eq!(asks_for(offer), Some(Offer { amount: 3_600, quantity: 2 }));
        assert_eq!(asks_for("It is ordered: club sandwich, 18.00 EUR on your room bill."), None);
    }
}
