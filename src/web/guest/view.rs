//! What a guest's page shows of a conversation: never a private note, nothing of why staff see it as they do.

use super::gate::Guest;
use crate::domain::conversation::Status;
use crate::domain::effect::{Effect, EffectState};
use crate::domain::ids::{EffectId, MessageId, UserId};
use crate::domain::message::{Author, Delivery, Message};
use crate::domain::money::Money;
use crate::store::{Conn, DbError, effects, messages, people};
use crate::texts::{self, Lang};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::HashMap;

/// Messages of one answer at most; the widget asks on while it gets at least 50.
const PAGE: i64 = 200;

#[derive(Serialize)]
pub(super) struct Thread {
    status: Status,
    messages: Vec<MessageView>,
}

#[derive(Serialize)]
struct MessageView {
    id: MessageId,
    seq: i64,
    author: Author,
    /// Of the member of staff who wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    author_name: Option<String>,
    text: String,
    created_at: DateTime<Utc>,
    delivery: Delivery,
    /// The page's own key of what the guest wrote.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quote: Option<QuoteView>,
}

/// A price that the guest is asked to agree to.
#[derive(Serialize)]
struct QuoteView {
    /// In the guest's language.
    item: String,
    quantity: u32,
    total: Money,
    state: QuoteState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum QuoteState {
    Open,
    Confirmed,
    Cancelled,
    Expired,
    /// Another offer took its place.
    Changed,
}

/// What came after `after`, in order; who answers is what it was when the guest was let in.
pub(super) async fn thread(
    conn: &mut Conn,
    guest: &Guest,
    after: i64,
    now: DateTime<Utc>,
) -> Result<Thread, DbError> {
    let listed = messages::list_for_guest(conn, guest.conversation, after, PAGE).await?;
    let mut names = HashMap::new();
    let mut shown = Vec::with_capacity(listed.len());
    for (message, key) in listed {
        let author_name = match message.user_id {
            Some(user) => name(conn, &mut names, user).await?,
            None => None,
        };
        let quote = match message.quote {
            Some(effect) => quote(conn, effect, guest.lang, now).await?,
            None => None,
        };
        shown.push(view(message, key, author_name, quote));
    }
    Ok(Thread { status: guest.status, messages: shown })
}

fn view(
    message: Message,
    key: Option<String>,
    author_name: Option<String>,
    quote: Option<QuoteView>,
) -> MessageView {
    let Message { id, seq, author, text, created_at, delivery, .. } = message;
    let client_id = key.filter(|_| author == Author::Guest);
    MessageView { id, seq, author, author_name, text, created_at, delivery, client_id, quote }
}

/// `None` for an API key that acts as staff: its name is for the hotel alone.
async fn name(
    conn: &mut Conn,
    known: &mut HashMap<UserId, Option<String>>,
    user: UserId,
) -> Result<Option<String>, DbError> {
    if let Some(name) = known.get(&user) {
        return Ok(name.clone());
    }
    let name = people::find_user(conn, user).await?.map(|user| user.name);
    known.insert(user, name.clone());
    Ok(name)
}

async fn quote(
    conn: &mut Conn,
    id: EffectId,
    lang: Lang,
    now: DateTime<Utc>,
) -> Result<Option<QuoteView>, DbError> {
    let Some(effect) = effects::find(conn, id).await? else { return Ok(None) };
    let state = state(&effect, now);
    let (item, quantity) = (texts::item(&effect.plan, lang), effect.plan.quantity());
    Ok(effect.total.map(|total| QuoteView { item, quantity, total, state }))
}

fn state(effect: &Effect, now: DateTime<Utc>) -> QuoteState {
    match effect.state {
        EffectState::Proposed if effect.expires_at.is_some_and(|at| at <= now) => QuoteState::Expired,
        EffectState::Proposed => QuoteState::Open,
        _ if effect.voided_at.is_some() => QuoteState::Cancelled,
        EffectState::Confirmed | EffectState::Sent | EffectState::Succeeded | EffectState::Unknown => {
            QuoteState::Confirmed
        }
        EffectState::Failed => match effect.error.as_deref() {
            Some("expired") => QuoteState::Expired,
            Some("changed" | "replaced") => QuoteState::Changed,
            _ => QuoteState::Cancelled,
        },
    }
}
