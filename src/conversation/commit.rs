//! The last unit of a turn: reply, escalations, memory and flight record together, or nothing; under lease and epoch.

use super::draft::Draft;
use super::engine::Engine;
use super::turn::{Turn, TurnError};
use crate::channels;
use crate::domain::choices::Choices;
use crate::domain::conversation::Conversation;
use crate::domain::effect::Effect;
use crate::domain::ids::{ConversationId, TurnId};
use crate::outbox::{self, Speech};
use crate::store::decisions::Decision;
use crate::store::hotel_book::HotelBook;
use crate::store::{Bell, DbError, Tx, conversations, decisions, effects, escalations};
use crate::texts::Say;
use crate::tools;
use chrono::TimeDelta;
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;

/// More messages than this in one burst get a polite note.
const MANY: usize = 10;

/// What became of it.
pub(super) enum Committed {
    Done,
    Fenced,
    /// A newer message came and nothing has been done yet: the turn starts again with both.
    Newer(Box<Conversation>),
}

/// A reply that is ready to be written.
pub(super) struct Reply {
    turn: TurnId,
    book: Arc<HotelBook>,
    clock: crate::clock::Clock,
    conversation: ConversationId,
    epoch: i64,
    lease_token: i64,
    burst_end: i64,
    draft: Draft,
    may_restart: bool,
}

impl Reply {
    /// To everything that the guest has written as the leased conversation stands.
    pub fn new(
        engine: &Engine,
        turn: TurnId,
        leased: &Conversation,
        book: Arc<HotelBook>,
        draft: Draft,
    ) -> Self {
        Self {
            turn,
            book,
            clock: engine.clock.clone(),
            conversation: leased.id,
            epoch: leased.floor.epoch,
            lease_token: leased.lease_token,
            burst_end: leased.guest_seq,
            draft,
            may_restart: false,
        }
    }
}

pub(super) async fn commit(turn: Turn<'_>, may_restart: bool) -> Result<Committed, TurnError> {
    let mut draft = turn.draft;
    draft.fast |= turn.burst.len() > MANY;
    let reply = Reply::new(turn.engine, turn.id, &turn.conversation, turn.book, draft);
    write_reply(turn.engine, Reply { may_restart, ..reply }).await
}

pub(super) async fn write_reply(engine: &Engine, reply: Reply) -> Result<Committed, TurnError> {
    Ok(engine
        .db
        .write(move |tx| {
            Box::pin(async move {
                let locked = conversations::lock(tx, reply.conversation).await?;
                match locked {
                    Some(c) if c.lease_token == reply.lease_token && c.floor.epoch == reply.epoch => {
                        write(tx, reply, c).await
                    }
                    Some(_) | None => Ok(Committed::Fenced),
                }
            })
        })
        .await?)
}

async fn write(tx: &mut Tx, mut reply: Reply, mut conversation: Conversation) -> Result<Committed, DbError> {
    let newer = conversation.guest_seq > reply.burst_end;
    if newer && reply.may_restart && !reply.draft.had_effect {
        return Ok(Committed::Newer(Box::new(conversation)));
    }
    conversation.memory = std::mem::take(&mut reply.draft.memory);
    for call in &reply.draft.calls {
        escalations::raise(tx, &reply.clock, &reply.book.hotel, &mut conversation, call).await?;
    }
    // Calling staff for an emergency takes back what the bot had said before; this reply tells the guest so. Whether it
    // is the first word of all shows only here: the guest may have been told meanwhile that it takes longer.
    let pieces = pieces(&conversation, &reply.book, &reply.draft);
    say(tx, &reply, &pieces, &mut conversation).await?;
    let now = reply.clock.now();
    let from = std::mem::replace(&mut conversation.answered_seq, reply.burst_end);
    let left_to_staff = conversation.memory.left_to_staff.take().or(Some(from));
    conversation.memory.left_to_staff = left_to_staff.filter(|_| pieces.is_empty());
    conversation.turn_tries = 0;
    if !newer {
        conversation.turn_due_at = None;
        conversation.first_unanswered_at = None;
    } else {
        conversation.first_unanswered_at = Some(now);
        tx.ring(Bell::Turn);
    }
    conversations::update_and_release(tx, &conversation).await?;
    let versions = json!({ "rules": reply.book.rules_version, "property": reply.book.hotel.revision });
    let mut flight = reply.draft.flight(versions);
    flight["from"] = json!(from);
    let decision = Decision { seq: reply.burst_end, kind: "turn".to_owned(), body: flight, at: now };
    decisions::insert(tx, reply.clock.id::<Uuid>(), conversation.id, Some(reply.turn), &decision).await?;
    outbox::ring(tx, &conversation);
    Ok(Committed::Done)
}

async fn say(
    tx: &mut Tx,
    reply: &Reply,
    pieces: &[String],
    conversation: &mut Conversation,
) -> Result<(), DbError> {
    let last = pieces.len().saturating_sub(1);
    for (index, text) in pieces.iter().enumerate() {
        let quote = reply.draft.quote.as_ref().filter(|_| index == last);
        let choices = if index == last { reply.draft.choices() } else { Choices::default() };
        let quote_id = quote.map(|effect| effect.id);
        let speech = Speech { quote: quote_id, choices, ..Speech::bot(text, reply.turn) };
        let message = outbox::enqueue(tx, &reply.clock, conversation, speech).await?;
        if let Some(effect) = quote {
            open(tx, reply, effect, message.seq).await?;
        }
    }
    conversation.greeted |= !pieces.is_empty();
    Ok(())
}

/// From now on a yes counts for this offer, and for no earlier one.
async fn open(tx: &mut Tx, reply: &Reply, quote: &Effect, seq: i64) -> Result<(), DbError> {
    let now = reply.clock.now();
    let minutes = i64::from(reply.book.hotel.settings.patience.quote_minutes);
    effects::close_open_quotes(tx, quote.conversation_id, Some(quote.id), "replaced", now).await?;
    effects::set_quoted(tx, quote.id, seq, now + TimeDelta::minutes(minutes)).await
}

/// The reply as the channel can carry it: who speaks first, the price last.
fn pieces(conversation: &Conversation, book: &HotelBook, draft: &Draft) -> Vec<String> {
    let mut parts = Vec::new();
    if draft.parts.is_empty() && draft.quote.is_none() {
        return parts;
    }
    if !conversation.greeted {
        parts.push(tools::introduction(book).to_text(draft.lang));
    }
    parts.extend(draft.parts.iter().cloned());
    if draft.fast {
        parts.push(Say::Slower.to_text(draft.lang));
    }
    if let Some(quote) = &draft.quote
        && let Some(total) = quote.total
    {
        parts.push(tools::offer_sentence(quote, total).to_text(draft.lang));
    }
    let most =
        channels::by_name(&conversation.channel).map_or(usize::MAX, |channel| channel.capability().max_chars);
    split(&parts, most)
}

/// Joins the paragraphs, and begins a new message where the channel's length would be passed.
fn split(parts: &[String], most: usize) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    for part in parts {
        let fits = pieces.last().is_some_and(|last| last.chars().count() + 2 + part.chars().count() <= most);
        match pieces.last_mut().filter(|_| fits) {
            Some(last) => {
                last.push_str("\n\n");
                last.push_str(part);
            }
            None => pieces.extend(cut(part, most)),
        }
    }
    pieces
}

fn cut(text: &str, most: usize) -> Vec<String> {
    let mut rest: Vec<char> = text.chars().collect();
    let mut pieces = Vec::new();
    while rest.len() > most {
        let window = rest.get(..most).unwrap_or(&rest);
        let at = window.iter().rposition(|c| c.is_whitespace()).filter(|at| *at > most / 2).unwrap_or(most);
        let tail = rest.split_off(at);
        pieces.push(rest.into_iter().collect::<String>().trim().to_owned());
        rest = tail;
    }
    pieces.push(rest.into_iter().collect::<String>().trim().to_owned());
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// Gives the lease back where there is nothing for the bot to answer.
pub(super) async fn nothing_to_do(engine: &Engine, leased: &Conversation) -> Result<(), TurnError> {
    let (id, token) = (leased.id, leased.lease_token);
    engine
        .db
        .write(move |tx| {
            Box::pin(async move {
                let Some(mut conversation) = conversations::lock(tx, id).await? else { return Ok(()) };
                if conversation.lease_token != token {
                    return Ok(());
                }
                if !conversation.is_the_bots() || conversation.guest_seq <= conversation.answered_seq {
                    conversation.turn_due_at = None;
                    conversation.first_unanswered_at = None;
                }
                conversation.turn_tries = 0;
                conversations::update_and_release(tx, &conversation).await?;
                Ok::<_, DbError>(())
            })
        })
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_reply_is_split_between_paragraphs_first_then_between_words() {
        let parts = vec!["one two".to_owned(), "three four five".to_owned(), "six".to_owned()];
        assert_eq!(split(&parts, 100), ["one two\n\nthree four five\n\nsix"]);
        assert_eq!(split(&parts, 12), ["one two", "three four", "five\n\nsix"]);
    }
}
