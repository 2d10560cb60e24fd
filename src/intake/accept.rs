//! Stores a guest's message: everything that must not be lost happens in this one unit.

use super::{Arrival, Intake, IntakeError, Stored, clean, late, whose, words};
use crate::clock::Clock;
use crate::domain::choices;
use crate::domain::conversation::{Conversation, Floor, Memory, Status};
use crate::domain::emergency::{self, Alarm};
use crate::domain::escalation::{Priority, Reason};
use crate::domain::hotel::Hotel;
use crate::domain::ids::{GuestId, MessageId};
use crate::domain::message::{Author, Delivery, Message, Voice};
use crate::domain::proof::Proof;
use crate::domain::redact;
use crate::outbox::{self, Speech};
use crate::reading::{language, sentiment};
use crate::store::decisions::Decision;
use crate::store::escalations::Call;
use crate::store::messages::Origin;
use crate::store::{Bell, DbError, Tx, conversations, decisions, effects, escalations, messages, opt_outs};
use crate::telemetry;
use crate::texts::{Lang, Say};
use chrono::TimeDelta;
use serde_json::json;
use std::sync::Arc;

/// How sure the language must be before a conversation changes to it.
const LANGUAGE_CONFIDENCE: f64 = 0.5;
/// Over how many earlier messages a card number may be spread.
const SPLIT_OVER: i64 = 3;

/// What the message itself says, worked out before the unit begins.
#[derive(Clone)]
struct Read {
    text: String,
    alarm: Option<Alarm>,
    /// A word to the carrier has none: CANCEL is no complaint.
    mood: Option<f64>,
    lang: Option<Lang>,
}

/// Stores the message, once. A second delivery finds the first.
pub async fn accept(intake: &Intake, arrival: Arrival) -> Result<Stored, IntakeError> {
    let read = read(&arrival);
    let (arrival, read) = (Arc::new(arrival), Arc::new(read));
    let mut tries = 0;
    loop {
        let (clock, debounce) = (intake.clock.clone(), intake.debounce);
        let (a, r) = (arrival.clone(), read.clone());
        let stored = intake
            .db
            .write(move |tx| Box::pin(async move { store(tx, &clock, debounce, &a, &r).await }))
            .await;
        match stored {
            // Two deliveries met: the other one has stored the message or made the conversation.
            Err(IntakeError::Db(DbError::Unique)) if tries < 3 => tries += 1,
            outcome => {
                if let Ok(Stored { duplicate: false, .. }) = &outcome {
                    metrics::counter!(telemetry::MESSAGES_IN, "channel" => arrival.channel).increment(1);
                }
                return outcome;
            }
        }
    }
}

/// Where the message is, if it was stored before.
pub async fn find(intake: &Intake, arrival: &Arrival) -> Result<Option<Stored>, IntakeError> {
    let mut conn = intake.db.read().await?;
    let known = messages::find_by_vendor_id(&mut conn, &arrival.account(), &arrival.vendor_id).await?;
    Ok(known.map(|known| duplicate(&known)))
}

pub(super) fn duplicate(known: &Message) -> Stored {
    Stored { conversation: known.conversation_id, message: known.id, seq: known.seq, duplicate: true }
}

fn read(arrival: &Arrival) -> Read {
    let text = clean(&arrival.text);
    let guess = language::guess(&text);
    let sure = guess.confidence >= LANGUAGE_CONFIDENCE;
    Read {
        alarm: emergency::detect(&text),
        mood: arrival.word.is_none().then(|| sentiment::score(&text).score),
        lang: guess.lang.filter(|_| sure).map(Lang::of),
        text: redact::mask_cards(&text).into_owned(),
    }
}

async fn store(
    tx: &mut Tx,
    clock: &Clock,
    debounce: super::Debounce,
    arrival: &Arrival,
    read: &Read,
) -> Result<Stored, IntakeError> {
    let account = arrival.account();
    let Some(mut conversation) = find_or_open(tx, clock, arrival, read.lang, &account).await? else {
        let known = messages::find_by_vendor_id(tx, &account, &arrival.vendor_id).await?;
        return Ok(duplicate(&known.ok_or(DbError::Unique)?));
    };
    let mut text = read.text.clone();
    if may_be_part_of_a_card(&conversation, &text) {
        text = mask_split_card(tx, &conversation, text).await?;
    }
    let (was, as_sent) = (conversation.floor.status, text == arrival.text);
    let message = append(tx, clock, &mut conversation, arrival, read, &account, text).await?;
    if let Some(alarm) = &read.alarm {
        raise_alarm(tx, clock, &arrival.hotel, &mut conversation, alarm).await?;
    }
    let silent = words::obey(tx, clock, &mut conversation, arrival).await?;
    if !late::hand_over(tx, clock, &mut conversation, arrival).await? {
        schedule(tx, clock, debounce, &mut conversation, arrival, silent).await?;
    }
    conversations::update(tx, &conversation).await?;
    let in_bots_hands = was == Status::Bot && conversation.floor.status == Status::Bot;
    if in_bots_hands && as_sent && conversation.last_seq == message.1 {
        outbox::echo(tx, &conversation);
    } else {
        outbox::ring(tx, &conversation);
    }
    Ok(Stored { conversation: conversation.id, message: message.0, seq: message.1, duplicate: false })
}

/// `None`: the message is there already.
pub(super) async fn find_or_open(
    tx: &mut Tx,
    clock: &Clock,
    arrival: &Arrival,
    lang: Option<Lang>,
    account: &str,
) -> Result<Option<Conversation>, IntakeError> {
    if let Some((mut conversation, known)) = whose::find(tx, arrival, account).await? {
        conversation.integration_id = arrival.integration_id.or(conversation.integration_id);
        return Ok(Some(conversation).filter(|_| !known));
    }
    if arrival.conversation.is_some() {
        return Err(IntakeError::NoConversation);
    }
    if messages::find_by_vendor_id(tx, account, &arrival.vendor_id).await?.is_some() {
        return Ok(None);
    }
    let lang = lang.map_or_else(|| default_lang(&arrival.hotel), |lang| lang.as_str().to_owned());
    let conversation = open(
        tx,
        clock,
        Opening {
            hotel: &arrival.hotel,
            channel: arrival.channel,
            address: &arrival.address,
            lasting_id: arrival.lasting_id.as_deref(),
            integration_id: arrival.integration_id,
            network: None,
            lang: &lang,
        },
    )
    .await?;
    Ok(Some(conversation))
}

/// The hotel's preferred language.
pub fn default_lang(hotel: &Hotel) -> String {
    hotel.settings.languages.first().cloned().unwrap_or_else(|| "en".to_owned())
}

/// A conversation that begins.
pub struct Opening<'a> {
    pub hotel: &'a Hotel,
    pub channel: &'a str,
    pub address: &'a str,
    pub lasting_id: Option<&'a str>,
    pub integration_id: Option<crate::domain::ids::IntegrationId>,
    pub network: Option<String>,
    pub lang: &'a str,
}

/// Opens a conversation with a guest who is known by one address only.
pub async fn open(tx: &mut Tx, clock: &Clock, opening: Opening<'_>) -> Result<Conversation, DbError> {
    let now = clock.now();
    let guest: GuestId = clock.id();
    conversations::insert_guest(tx, guest, opening.hotel.id, opening.channel, opening.address, now).await?;
    let conversation = Conversation {
        id: clock.id(),
        property_id: opening.hotel.id,
        guest_id: guest,
        channel: opening.channel.to_owned(),
        address: opening.address.to_owned(),
        lasting_id: opening.lasting_id.map(str::to_owned),
        integration_id: opening.integration_id,
        network: opening.network,
        floor: Floor::new(),
        lang: opening.lang.to_owned(),
        stay_id: None,
        proof: Proof::None,
        memory: Memory::default(),
        last_seq: 0,
        guest_seq: 0,
        answered_seq: 0,
        read_seq: 0,
        last_line: String::new(),
        mood: None,
        priority: None,
        reason: None,
        waiting_since: None,
        greeted: false,
        first_unanswered_at: None,
        turn_due_at: None,
        turn_tries: 0,
        lease_token: 0,
        created_at: now,
        active_at: now,
        opted_out: opt_outs::find(tx, opening.hotel.id, opening.channel, opening.address).await?,
        window_closes_at: None,
        hotel_revision: opening.hotel.revision,
    };
    conversations::insert(tx, &conversation, &crate::domain::words::fold(opening.address)).await?;
    Ok(conversation)
}

fn may_be_part_of_a_card(conversation: &Conversation, text: &str) -> bool {
    conversation.guest_seq > 0 && text.chars().any(char::is_numeric)
}

/// A card number may come in pieces: this message's part is masked now, the earlier parts in the same unit.
async fn mask_split_card(tx: &mut Tx, conversation: &Conversation, text: String) -> Result<String, DbError> {
    let mut earlier = messages::last_guest_texts(tx, conversation.id, SPLIT_OVER).await?;
    earlier.reverse();
    let pieces: Vec<&str> = earlier.iter().map(|(_, text)| text.as_str()).collect();
    let Some(masked) = redact::mask_across(&pieces, &text) else { return Ok(text) };
    for ((id, before), after) in earlier.iter().zip(&masked.prev) {
        if before != after {
            messages::replace_text(tx, *id, after).await?;
        }
    }
    Ok(masked.next)
}

async fn append(
    tx: &mut Tx,
    clock: &Clock,
    conversation: &mut Conversation,
    arrival: &Arrival,
    read: &Read,
    account: &str,
    text: String,
) -> Result<(MessageId, i64), DbError> {
    let now = clock.now();
    let reopened = conversation.floor.status == Status::Resolved;
    conversation.floor = conversation.floor.guest_writes();
    if reopened {
        conversation.reason = None;
        conversation.priority = None;
        conversation.waiting_since = None;
    }
    if let Some(lang) = read.lang {
        conversation.lang = lang.as_str().to_owned();
    }
    if let Some(window) = arrival.capability.window {
        // By the guest's clock: what comes late has used up some of it.
        let closes_at = arrival.sent_at.map_or(now, |sent_at| sent_at.min(now)) + window;
        conversation.window_closes_at = conversation.window_closes_at.max(Some(closes_at));
    }
    conversation.last_seq += 1;
    conversation.guest_seq = conversation.last_seq;
    conversation.active_at = now;
    conversation.last_line = outbox::first_line(&text);
    conversation.mood = match (conversation.mood, read.mood) {
        (Some(before), Some(now)) => Some(before * 0.5 + now * 0.5),
        (before, now) => now.or(before),
    };
    let message = Message {
        id: clock.id(),
        conversation_id: conversation.id,
        seq: conversation.last_seq,
        author: Author::Guest,
        user_id: None,
        private: false,
        text,
        media: arrival.media.clone(),
        quote: arrival.choice.as_deref().and_then(choices::offer),
        delivery: Delivery::Delivered,
        delivery_reason: None,
        mood: read.mood,
        tokens: None,
        created_at: now,
    };
    let origin = Origin { account, vendor_id: Some(&arrival.vendor_id), turn: None };
    messages::insert(tx, arrival.hotel.id, &message, origin).await?;
    Ok((message.id, message.seq))
}

/// Whether and when the engine has to answer, or how long the holder may take.
async fn schedule(
    tx: &mut Tx,
    clock: &Clock,
    debounce: super::Debounce,
    conversation: &mut Conversation,
    arrival: &Arrival,
    silent: bool,
) -> Result<(), DbError> {
    let now = clock.now();
    match conversation.floor.status {
        Status::Staff => {
            conversation.waiting_since.get_or_insert(now);
            let patience = i64::from(arrival.hotel.settings.patience.holder_minutes);
            conversations::set_holder_due(tx, conversation.id, Some(now + TimeDelta::minutes(patience)))
                .await?;
        }
        Status::Waiting if conversation.priority == Some(Priority::Emergency) => {}
        Status::Bot | Status::Waiting | Status::Resolved if silent => {
            // A turn that died has left these; one that is under way may call staff for the same a second time.
            effects::hand_on(tx, conversation.id, conversation.answered_seq, now).await?;
            conversation.answered_seq = conversation.guest_seq;
            conversation.turn_due_at = None;
            conversation.first_unanswered_at = None;
        }
        Status::Bot | Status::Waiting | Status::Resolved => {
            let first = *conversation.first_unanswered_at.get_or_insert(now);
            conversation.turn_due_at = Some(debounce.due(first, now, arrival.button));
            conversation.turn_tries = 0;
            tx.ring(Bell::Turn);
        }
    }
    Ok(())
}

/// The emergency text and the alert join the guest's own message: no lease, no model, no delay.
async fn raise_alarm(
    tx: &mut Tx,
    clock: &Clock,
    hotel: &Hotel,
    conversation: &mut Conversation,
    alarm: &Alarm,
) -> Result<(), DbError> {
    let now = clock.now();
    // The turn that is under way tells nobody any more what it does.
    effects::abandon(tx, conversation.id, "emergency", now).await?;
    effects::overtake(tx, conversation.id, conversation.answered_seq, now).await?;
    effects::hand_on(tx, conversation.id, conversation.answered_seq, now).await?;
    let reason = Reason::Emergency { alarm: alarm.kind.as_str().to_owned(), words: alarm.matched.clone() };
    let call = Call::new(reason.clone(), Priority::Emergency);
    escalations::raise(tx, clock, hotel, conversation, &call).await?;
    conversation.turn_due_at = None;
    conversation.first_unanswered_at = None;
    conversation.answered_seq = conversation.guest_seq;
    let text = emergency_text(hotel, &conversation.lang);
    outbox::enqueue(tx, clock, conversation, Speech::system(&text, Voice::Emergency)).await?;
    conversation.greeted = true;
    let body = json!({ "reason": &reason, "text": "emergency text sent" });
    let decision = Decision { seq: conversation.guest_seq, kind: "escalated".to_owned(), body, at: now };
    decisions::insert(tx, clock.id(), conversation.id, None, &decision).await?;
    Ok(())
}

fn emergency_text(hotel: &Hotel, lang: &str) -> String {
    let own = hotel.localised(&hotel.settings.emergency_text, lang).map(str::to_owned);
    let phone = Some(hotel.settings.reception_phone.clone()).filter(|phone| !phone.is_empty());
    own.unwrap_or_else(|| {
        Say::Emergency { number: hotel.settings.emergency_number.clone(), phone }.to_text(Lang::of(lang))
    })
}
