//! One conversation in the order in which things happened: messages, what was done, why staff were called, days.

use crate::channels;
use crate::domain::capability::Transport;
use crate::domain::effect::EffectState;
use crate::domain::escalation::{Priority, Reason};
use crate::domain::hotel::Hotel;
use crate::domain::message::{Author, Delivery};
use crate::domain::request::RequestState;
use crate::web::desk::{ConversationDetail, EffectView, EscalationView, MessageView};
use crate::web::staff::When;
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};

/// One thing in the timeline. `key` names it on the page, so that it can be replaced by a newer state of itself.
pub(super) enum Item {
    Day { key: String, label: String, micros: i64 },
    Message(MessageItem),
    Effect(EffectItem),
    Call(CallItem),
}

pub(super) struct MessageItem {
    pub view: MessageView,
    /// `guest`, `bot`, `staff`, `system` or `note`.
    pub kind: &'static str,
    pub who: String,
    pub at: When,
    pub delivery: Option<&'static str>,
    pub lost: bool,
    /// Where the guest sounds unhappy.
    pub mood: Option<String>,
}

pub(super) struct EffectItem {
    pub key: String,
    pub what: String,
    pub amount: Option<String>,
    pub state: String,
    pub tone: &'static str,
    /// In doubt, and asked about no longer: what the two buttons say by which staff settle it.
    pub settle: Option<(&'static str, &'static str)>,
    pub at: When,
}

pub(super) struct CallItem {
    pub key: String,
    pub reason: String,
    pub evidence: Option<String>,
    pub emergency: bool,
    pub at: When,
}

impl Item {
    fn micros(&self) -> (i64, i64) {
        match self {
            Item::Day { micros, .. } => (*micros, 0),
            Item::Message(item) => (item.at.micros, item.view.seq),
            // What a message caused stands below it.
            Item::Effect(item) => (item.at.micros, i64::MAX - 1),
            Item::Call(item) => (item.at.micros, i64::MAX),
        }
    }
}

/// `whole`: from the first of `messages` on; otherwise they are the end of a thread that the page has already, and
/// only what may have changed comes with them.
pub(super) fn build(
    detail: &ConversationDetail,
    messages: Vec<MessageView>,
    whole: bool,
    hotel: &Hotel,
    now: DateTime<Utc>,
) -> Vec<Item> {
    let when = |at| When::new(at, now, hotel.zone);
    let from = messages.first().filter(|_| whole).map(|first| first.created_at);
    let shown = |at: DateTime<Utc>| from.is_none_or(|from| at >= from || !whole);
    let channel = channels::by_name(&detail.conversation.channel);
    let is_pull = channel.is_some_and(|channel| channel.capability().transport == Transport::Pull);
    let message = |view| Item::Message(message(view, is_pull, &when));
    let mut items: Vec<Item> = messages.into_iter().map(message).collect();
    let effects = detail.effects.iter().filter(|effect| shown(moved_at(effect)));
    items.extend(effects.map(|view| Item::Effect(effect(view, detail, &when))));
    let calls = detail.escalations.iter().filter(|call| shown(call.created_at));
    items.extend(calls.map(|view| Item::Call(call(view, &when))));
    items.sort_by_key(Item::micros);
    with_days(items, hotel, now)
}

/// A line before the first thing of each of the hotel's days.
fn with_days(items: Vec<Item>, hotel: &Hotel, now: DateTime<Utc>) -> Vec<Item> {
    let mut out = Vec::with_capacity(items.len() + 4);
    let mut last = None;
    for item in items {
        let at = DateTime::from_timestamp_micros(item.micros().0).unwrap_or(now);
        let day = hotel.today(at);
        if last != Some(day) {
            last = Some(day);
            let label = match (hotel.today(now) - day).num_days() {
                0 => "Today".to_owned(),
                1 => "Yesterday".to_owned(),
                _ => day.format("%A, %-d %B %Y").to_string(),
            };
            let start = day.and_time(NaiveTime::MIN).and_local_timezone(hotel.zone).earliest();
            let micros = start.map_or(item.micros().0, |start| start.timestamp_micros());
            out.push(Item::Day { key: format!("day-{day}"), label, micros });
        }
        out.push(item);
    }
    out
}

fn message(view: MessageView, is_pull: bool, when: &impl Fn(DateTime<Utc>) -> When) -> MessageItem {
    let (kind, who) = match view.author {
        Author::Guest => ("guest", "Guest".to_owned()),
        Author::Bot => ("bot", "Bot".to_owned()),
        Author::System => ("system", "Bellhop".to_owned()),
        Author::Staff if view.private => ("note", view.by.clone().unwrap_or_else(|| "Staff".to_owned())),
        Author::Staff => ("staff", view.by.clone().unwrap_or_else(|| "Staff".to_owned())),
    };
    let delivery = match view.delivery {
        _ if view.author == Author::Guest || view.private => None,
        Delivery::Queued => Some("sending"),
        // Where the guest's own page fetches it, being sent says nothing.
        Delivery::Sent if is_pull => None,
        Delivery::Sent => Some("sent"),
        Delivery::Delivered => Some("delivered"),
        Delivery::Read => Some("read"),
        Delivery::Failed => Some("not sent"),
        Delivery::Unknown => Some("may not have arrived"),
        Delivery::Cancelled => Some("taken back"),
    };
    let lost = matches!(view.delivery, Delivery::Failed | Delivery::Unknown);
    let mood = view.mood.filter(|mood| *mood <= -0.3).map(|mood| format!("{mood:.1}").replace('-', "−"));
    MessageItem { at: when(view.created_at), kind, who, delivery, lost, mood, view }
}

fn effect(
    view: &EffectView,
    detail: &ConversationDetail,
    when: &impl Fn(DateTime<Utc>) -> When,
) -> EffectItem {
    let request = detail.requests.iter().find(|request| request.effect == Some(view.id));
    let count = if view.quantity > 1 { format!(" ×{}", view.quantity) } else { String::new() };
    let room = request.and_then(|request| request.room.as_deref());
    let room = room.map_or_else(String::new, |room| format!(" → room {room}"));
    let (mut state, mut tone) = match view.amount {
        Some(_) => (charge_state(view).0.to_owned(), tone(view)),
        None if view.asked_until.is_some() => ("being checked".to_owned(), tone(view)),
        None => (plain_state(view.state).to_owned(), tone(view)),
    };
    if let Some(request) = request.filter(|_| view.state == EffectState::Succeeded) {
        let (word, colour) = match request.state {
            RequestState::Open => ("request open", "waiting"),
            RequestState::Done => ("done", "good"),
            RequestState::Cannot => ("cannot be done", "bad"),
            RequestState::Cancelled => ("cancelled", "muted"),
        };
        state = if view.amount.is_some() { format!("{state}, {word}") } else { word.to_owned() };
        tone = if tone == "bad" { tone } else { colour };
    }
    if let Some(why) = &view.error {
        state = format!("{state}: {}", in_words(why));
    }
    if let Some((sent, taken)) = view.sent_at.zip(view.overtaken_at) {
        state = format!("{state}; asked for {} before the take-over", span(taken - sent));
    }
    let settle = match (view.state, view.amount) {
        (EffectState::Unknown, _) if view.asked_until.is_some() => None,
        (EffectState::Unknown, Some(_)) => Some(("It was posted", "It was not")),
        (EffectState::Unknown, None) => Some(("It was done", "It was not")),
        (
            EffectState::Proposed
            | EffectState::Confirmed
            | EffectState::Sent
            | EffectState::Succeeded
            | EffectState::Failed,
            _,
        ) => None,
    };
    EffectItem {
        key: view.id.to_string(),
        what: format!("{}{count}{room}", view.item),
        amount: view.amount.map(|amount| amount.to_string()),
        state,
        tone,
        settle,
        at: when(moved_at(view)),
    }
}

/// What is written down with an effect is partly a code, which nobody at a desk should have to know.
fn in_words(why: &str) -> &str {
    match why {
        "replaced" => "a newer offer took its place",
        "changed" => "the guest wanted something else",
        "declined" => "the guest said no",
        "expired" => "the guest did not answer in time",
        "emergency" => "an emergency came first",
        "opted out" => "the guest wants no messages any more",
        words => words,
    }
}

/// "3 seconds", "2 minutes".
fn span(span: TimeDelta) -> String {
    let (count, unit) = match span.num_seconds().max(0) {
        seconds @ 0..120 => (seconds, "second"),
        seconds => (seconds / 60, "minute"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// Where the card stands: an offer at its beginning, anything else where it came to its end.
fn moved_at(view: &EffectView) -> DateTime<Utc> {
    match view.state {
        EffectState::Proposed => view.created_at,
        EffectState::Confirmed
        | EffectState::Sent
        | EffectState::Succeeded
        | EffectState::Failed
        | EffectState::Unknown => view.updated_at,
    }
}

/// A charge's state in words, and whether staff can void it.
pub(super) fn charge_state(view: &EffectView) -> (&'static str, bool) {
    match view.state {
        _ if view.voided_at.is_some() => ("voided", false),
        EffectState::Proposed => ("offered, waits for a yes", false),
        EffectState::Confirmed | EffectState::Sent => ("being posted", false),
        EffectState::Succeeded => ("charged", true),
        EffectState::Failed => ("not charged", false),
        EffectState::Unknown if view.asked_until.is_some() => ("being checked", false),
        EffectState::Unknown => ("in doubt, look at the bill", false),
    }
}

fn plain_state(state: EffectState) -> &'static str {
    match state {
        EffectState::Proposed => "offered, waits for a yes",
        EffectState::Confirmed | EffectState::Sent => "under way",
        EffectState::Succeeded => "done",
        EffectState::Failed => "not done",
        EffectState::Unknown => "in doubt",
    }
}

fn tone(view: &EffectView) -> &'static str {
    match view.state {
        _ if view.voided_at.is_some() => "muted",
        EffectState::Proposed | EffectState::Confirmed | EffectState::Sent => "waiting",
        EffectState::Succeeded => "good",
        EffectState::Failed => "muted",
        EffectState::Unknown => "bad",
    }
}

fn call(view: &EscalationView, when: &impl Fn(DateTime<Utc>) -> When) -> CallItem {
    let evidence = match &view.why {
        Reason::Emergency { .. } => None,
        Reason::AskedForPerson { words } => Some(format!("“{words}”")),
        Reason::Keyword { rule, rules_version, .. } => {
            Some(format!("rule “{rule}”, version {rules_version}"))
        }
        Reason::Mood { words, threshold, rules_version, .. } => {
            let heard =
                if words.is_empty() { String::new() } else { format!("“{}”, ", words.join("”, “")) };
            Some(format!("{heard}threshold {threshold:.1}, version {rules_version}"))
        }
        Reason::StaffDecide { .. }
        | Reason::Limit { .. }
        | Reason::ProofTries
        | Reason::Effect { .. }
        | Reason::NoAnswer { .. }
        | Reason::Undelivered { .. }
        | Reason::GuestWaits { .. }
        | Reason::Media { .. } => None,
    };
    CallItem {
        key: view.id.to_string(),
        reason: view.reason.clone(),
        evidence,
        emergency: view.priority == Priority::Emergency,
        at: when(view.created_at),
    }
}
