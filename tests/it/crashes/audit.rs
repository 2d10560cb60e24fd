//! What must be true when the crashes are over: the outside world against the hotel's books.

use super::World;
use super::guests::{Said, YES};
use crate::support::House;
use crate::support::exchange::Taken;
use bellhop::domain::conversation::{Conversation, Status};
use bellhop::domain::effect::{Effect, EffectState, Plan};
use bellhop::domain::escalation::Reason;
use bellhop::domain::ids::{ConversationId, EffectId, OutboxId};
use bellhop::domain::message::{Author, Delivery, Message};
use bellhop::domain::request::RequestState;
use bellhop::store::escalations::Escalation;
use bellhop::store::{
    Conn, conversations, decisions, effects, escalations, integrations, messages, outbox, requests,
};
use chrono::DateTime;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use uuid::Uuid;

const ALL: i64 = 1_000_000;

#[derive(Default)]
pub struct Report {
    pub violations: Vec<String>,
    pub counts: Counts,
}

/// What was met, for people, and to see that there was something to find.
#[derive(Default)]
pub struct Counts {
    acknowledged: usize,
    given_up: usize,
    sent: usize,
    unknown_messages: usize,
    confirmed: usize,
    charged: usize,
    unknown_effects: usize,
    failed_effects: usize,
    requests: usize,
}

impl Counts {
    /// Whether the load was one: each round met guests, and some of them ordered.
    pub fn is_worth_it(&self, rounds: usize) -> bool {
        self.acknowledged >= 3 * rounds && self.charged >= rounds && self.requests > self.charged
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Counts { acknowledged, given_up, sent, unknown_messages, .. } = self;
        let Counts { confirmed, charged, unknown_effects, failed_effects, requests, .. } = self;
        write!(
            f,
            "{acknowledged} messages acknowledged ({given_up} given up by the vendor), {sent} sent, \
             {unknown_messages} unknown; {confirmed} orders confirmed, {charged} charged, {unknown_effects} effects \
             unknown, {failed_effects} failed after a yes; {requests} requests"
        )
    }
}

/// Rows of the outbox that the vendor was given more than once.
pub fn sent_twice(taken: &[Taken]) -> Vec<OutboxId> {
    let mut seen = BTreeSet::new();
    taken.iter().filter(|taken| !seen.insert(taken.row)).map(|taken| taken.row).collect()
}

/// One conversation with all that belongs to it.
struct Book {
    conversation: Conversation,
    messages: Vec<Message>,
    effects: Vec<Effect>,
    calls: Vec<Escalation>,
    /// The last guest message that each reply answers.
    replies: Vec<i64>,
    /// Of each message to the guest: its row, and how it stands there.
    rows: HashMap<i64, OutboxId>,
}

impl Book {
    async fn read(conn: &mut Conn, id: ConversationId) -> Self {
        let messages = messages::list_after(conn, id, 0, ALL).await.unwrap();
        let mut rows = HashMap::new();
        for message in messages.iter().filter(|message| is_ours(message)) {
            if let Some(row) = outbox::find_by_message(conn, message.id).await.unwrap() {
                rows.insert(message.seq, row.id);
            }
        }
        let decisions = decisions::list(conn, id, ALL).await.unwrap();
        let replies = decisions.into_iter().filter(|decision| decision.kind == "turn");
        Self {
            conversation: conversations::find(conn, id).await.unwrap().unwrap(),
            effects: effects::list_last(conn, id, ALL).await.unwrap(),
            calls: escalations::list(conn, id).await.unwrap(),
            replies: replies.map(|decision| decision.seq).collect(),
            messages,
            rows,
        }
    }

    /// The bot has left it to staff, who have been called: a guest who waits is not told so again with each message.
    fn is_with_staff(&self, seq: i64) -> bool {
        let has_them = matches!(self.conversation.floor.status, Status::Waiting | Status::Staff);
        has_them && !self.calls.is_empty() && self.conversation.answered_seq >= seq
    }

    /// Where it stands, for people.
    fn standing(&self) -> String {
        let Conversation { floor, guest_seq, answered_seq, turn_due_at, .. } = &self.conversation;
        let last = self.messages.iter().rev().take(5).map(|m| format!("{} {} {:?}", m.seq, m.author, m.text));
        let last: Vec<String> = last.collect();
        let status = floor.status;
        format!("{status}, answered {answered_seq} of {guest_seq}, due {turn_due_at:?}, last {last:?}")
    }

    fn staff_know_of(&self, effect: EffectId) -> bool {
        self.calls
            .iter()
            .any(|call| matches!(&call.reason, Reason::Effect { effect: of, .. } if *of == effect))
    }
}

fn is_ours(message: &Message) -> bool {
    message.author != Author::Guest && !message.private
}

/// Compares everything with everything.
pub async fn audit(house: &House, world: &World) -> Report {
    let mut report = Report::default();
    let taken = world.exchange.taken();
    for row in sent_twice(&taken) {
        report.violations.push(format!("{row} was sent twice"));
    }
    let mut conn = house.db.read().await.unwrap();
    let said = world.said.take();
    let books = inbound(&mut conn, house, world, &said, &mut report).await;
    for book in books.values() {
        no_message_is_answered_twice(book, &mut report);
        outbound(book, &taken, &mut report);
        charges(book, world, &said, &mut report);
    }
    let (posted, of_effects) = (world.system.postings().len(), report.counts.charged);
    if posted != of_effects {
        report.violations.push(format!("{posted} charges were posted, and {of_effects} belong to orders"));
    }
    work(&mut conn, house, world, &books, &mut report).await;
    report
}

/// What a node has acknowledged is stored once, and answered or handed to a person.
async fn inbound(
    conn: &mut Conn,
    house: &House,
    world: &World,
    said: &[Said],
    report: &mut Report,
) -> BTreeMap<ConversationId, Book> {
    let property = house.property().await;
    let base = world.exchange.base_url();
    let accounts = integrations::list(conn, property).await.unwrap();
    let account =
        accounts.iter().find(|account| account.config.get("base_url").is_some_and(|of| of == &base));
    let account = format!("in:{}", account.expect("the nodes' account").id);
    let mut stored: BTreeMap<ConversationId, Vec<i64>> = BTreeMap::new();
    for said in said {
        let found = messages::find_by_vendor_id(conn, &account, &said.sid).await.unwrap();
        match (said.acknowledged, found) {
            (true, None) => {
                report.violations.push(format!("{} was acknowledged and is not stored", said.sid))
            }
            (_, Some(message)) => stored.entry(message.conversation_id).or_default().push(message.seq),
            (false, None) => {}
        }
        report.counts.acknowledged += usize::from(said.acknowledged);
        report.counts.given_up += usize::from(!said.acknowledged);
    }
    let mut books = BTreeMap::new();
    for (id, seqs) in stored {
        let book = Book::read(conn, id).await;
        let guests = book.messages.iter().filter(|message| message.author == Author::Guest).count();
        if guests != seqs.len() {
            let count = seqs.len();
            report.violations.push(format!("{id} holds {guests} messages of {count} that the guest sent"));
        }
        for seq in seqs {
            let answered = book.messages.iter().any(|later| later.seq > seq && is_ours(later));
            if !answered && !book.is_with_staff(seq) {
                let standing = book.standing();
                report.violations.push(format!("{id}: {seq} is neither answered nor with staff: {standing}"));
            }
        }
        books.insert(id, book);
    }
    books
}

fn no_message_is_answered_twice(book: &Book, report: &mut Report) {
    let mut seen = BTreeSet::new();
    for seq in &book.replies {
        if !seen.insert(seq) {
            report.violations.push(format!("{}: message {seq} was answered twice", book.conversation.id));
        }
    }
}

/// Each message stands as the vendor has it; where that is in doubt, staff know.
fn outbound(book: &Book, taken: &[Taken], report: &mut Report) {
    let id = book.conversation.id;
    let doubt = book.calls.iter().any(|call| matches!(call.reason, Reason::Undelivered { .. }));
    let mut places = Vec::new();
    for message in book.messages.iter().filter(|message| is_ours(message)) {
        let (seq, delivery) = (message.seq, message.delivery);
        let place = book.rows.get(&seq).and_then(|row| taken.iter().position(|taken| taken.row == *row));
        places.extend(place);
        let right = match delivery {
            Delivery::Sent | Delivery::Delivered | Delivery::Read => place.is_some(),
            Delivery::Unknown => doubt,
            Delivery::Failed => place.is_none() && doubt,
            Delivery::Cancelled => place.is_none(),
            Delivery::Queued => false,
        };
        if !right {
            let at_vendor = if place.is_some() { "has" } else { "does not have" };
            report.violations.push(format!("{id}: message {seq} is {delivery}; the vendor {at_vendor} it"));
        }
        report.counts.sent += usize::from(place.is_some());
        report.counts.unknown_messages += usize::from(delivery == Delivery::Unknown);
    }
    if !places.is_sorted() {
        report.violations.push(format!("{id}: messages were sent out of their order"));
    }
}

/// Charges are confirmations; what is neither done nor certainly undone is with staff.
fn charges(book: &Book, world: &World, said: &[Said], report: &mut Report) {
    let id = book.conversation.id;
    let mut words = BTreeSet::new();
    let confirmed =
        book.effects.iter().filter(|effect| effect.total.is_some() && effect.confirmed_seq.is_some());
    let confirmed: Vec<&Effect> = confirmed.collect();
    for effect in &confirmed {
        if !words.insert(effect.confirmed_seq) {
            report.violations.push(format!("{id}: one yes confirmed more than one order"));
        }
    }
    let yeses =
        said.iter().filter(|said| said.number == book.conversation.address && said.text == YES).count();
    if confirmed.len() > yeses {
        let orders = confirmed.len();
        report.violations.push(format!("{id}: {orders} orders are confirmed by {yeses} words of the guest"));
    }
    for effect in book.effects.iter().filter(|effect| effect.total.is_some()) {
        let reference = effect.id.to_string();
        let posted = world.system.postings_of(&reference);
        let agreed = effect.confirmed_seq.is_some();
        let right = match effect.state {
            EffectState::Succeeded => agreed && posted == 1,
            EffectState::Unknown => agreed && posted <= 1 && book.staff_know_of(effect.id),
            EffectState::Failed => posted == 0 && (!agreed || book.staff_know_of(effect.id)),
            EffectState::Proposed => !agreed && posted == 0,
            EffectState::Confirmed | EffectState::Sent => false,
        };
        if !right {
            let state = effect.state;
            let found = format!("agreed {agreed}, posted {posted} times");
            report.violations.push(format!("{id}: {reference} is {state}, {found}"));
        }
        report.counts.charged += posted;
        report.counts.confirmed += usize::from(agreed);
        report.counts.unknown_effects += usize::from(effect.state == EffectState::Unknown);
        report.counts.failed_effects += usize::from(agreed && effect.state == EffectState::Failed);
    }
}

/// Whatever succeeded is on the departments' list, once; whatever is on the list was asked for.
async fn work(
    conn: &mut Conn,
    house: &House,
    world: &World,
    books: &BTreeMap<ConversationId, Book>,
    report: &mut Report,
) {
    let from = (DateTime::UNIX_EPOCH, Uuid::nil());
    let open = requests::list(conn, house.property().await, RequestState::Open, from, ALL).await.unwrap();
    let mut listed: HashMap<EffectId, usize> = HashMap::new();
    for effect in open.iter().filter_map(|request| request.effect_id) {
        *listed.entry(effect).or_default() += 1;
    }
    let mut filed: HashMap<String, usize> = HashMap::new();
    for reference in world.system.requests() {
        *filed.entry(reference).or_default() += 1;
    }
    for book in books.values() {
        let mut wishes = BTreeSet::new();
        for effect in &book.effects {
            let there = filed.remove(&effect.id.to_string()).unwrap_or_default();
            let right = match effect.state {
                EffectState::Succeeded => there == 1,
                EffectState::Unknown => there <= 1,
                EffectState::Failed | EffectState::Proposed | EffectState::Confirmed | EffectState::Sent => {
                    there == 0
                }
            };
            if !right {
                let (id, state) = (effect.id, effect.state);
                report.violations.push(format!("{id} is {state} and was filed {there} times"));
            }
            let count = listed.remove(&effect.id).unwrap_or_default();
            let wanted = usize::from(effect.state == EffectState::Succeeded);
            if count != wanted && effect.state != EffectState::Unknown {
                let (id, state) = (effect.id, effect.state);
                report.violations.push(format!("{id} is {state} and stands on the list {count} times"));
            }
            if effect.state == EffectState::Unknown && !book.staff_know_of(effect.id) {
                report.violations.push(format!("{} is unknown, and nobody was told", effect.id));
            }
            let asked = matches!(effect.plan, Plan::Request { .. });
            if asked && !wishes.insert(effect.anchor_seq) {
                let (id, seq) = (book.conversation.id, effect.anchor_seq);
                report.violations.push(format!("{id}: the wish of message {seq} was carried out twice"));
            }
            report.counts.requests += count;
        }
    }
    for reference in filed.keys() {
        report.violations.push(format!("a request {reference} was filed that nobody asked for"));
    }
    for effect in listed.keys() {
        report.violations.push(format!("a request of {effect} has no effect"));
    }
}
