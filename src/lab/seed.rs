//! `bellhop seed`: a large hotel for measuring, written through the store. The same numbers make the same hotel; nobody in
//! it is real.

use crate::clock::Clock;
use crate::connectors::DEFAULT_PMS;
use crate::domain::choices::Choices;
use crate::domain::conversation::{Conversation, Floor, Memory, Status};
use crate::domain::escalation::{Priority, Reason};
use crate::domain::ids::PropertyId;
use crate::domain::message::{Author, Delivery, Message, SendState, Voice};
use crate::domain::proof::Proof;
use crate::domain::stay::{Stay, StayState};
use crate::domain::words::fold;
use crate::store::decisions::Decision;
use crate::store::escalations::Escalation;
use crate::store::messages::Origin;
use crate::store::outbox::{Fate, OutboxRow, Payload};
use crate::store::{Db, DbError, Tx, conversations, decisions, escalations, messages, outbox, stays};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

/// Conversations of one write unit.
const TOGETHER: u64 = 100;
/// Conversations are spread over so many minutes back from now.
const MINUTES: u64 = 2 * 365 * 24 * 60;

/// Adds conversations with so many messages in all: most are short and resolved, a few are long, some are open, and a
/// handful wait for staff.
pub async fn fill(
    db: &Db,
    clock: &Clock,
    property: PropertyId,
    count: u64,
    total_messages: u64,
) -> Result<(), DbError> {
    let mut left = total_messages;
    let mut from = 0;
    while from < count {
        let to = (from + TOGETHER).min(count);
        let share = lengths(from, to, count, &mut left);
        let clock = clock.clone();
        db.write::<_, DbError, _>(move |tx| {
            Box::pin(async move {
                for (number, length) in (from..to).zip(share) {
                    put(tx, &clock, property, number, length).await?;
                }
                Ok(())
            })
        })
        .await?;
        from = to;
    }
    Ok(())
}

/// How many messages each gets: between one half and, for one in ten, four times of what is left per conversation.
fn lengths(from: u64, to: u64, count: u64, left: &mut u64) -> Vec<u64> {
    let mut lengths = Vec::new();
    for number in from..to {
        let mean = *left / (count - number).max(1);
        let length = match dice(number, 1) % 10 {
            _ if number + 1 == count => *left,
            0 => mean * 4,
            other => mean * (other + 3) / 12,
        };
        let length = length.clamp(1, (*left).max(1)).min(*left);
        *left -= length;
        lengths.push(length);
    }
    lengths
}

async fn put(
    tx: &mut Tx,
    clock: &Clock,
    property: PropertyId,
    number: u64,
    length: u64,
) -> Result<(), DbError> {
    let ended = clock.now() - minutes(dice(number, 2) % MINUTES);
    let begun = ended - minutes(length);
    let stay = stay(clock, property, number, begun);
    let (stay_id, _) = stays::upsert(tx, &stay, begun).await?;
    let conversation = conversation(clock, property, number, length, &stay, (begun, ended));
    let c = &conversation;
    conversations::insert_guest(tx, c.guest_id, property, &c.channel, &c.address, begun).await?;
    let found_by = format!(
        "{} {} {} {}",
        stay.guest_name(),
        stay.room.as_deref().unwrap_or_default(),
        stay.confirmation,
        c.address
    );
    let row = Conversation { stay_id: Some(stay_id), ..conversation.clone() };
    conversations::insert(tx, &row, &fold(&found_by)).await?;
    conversations::update(tx, &row).await?;
    conversations::set_guest_name(tx, c.guest_id, &stay.guest_name(), &c.lang).await?;
    let account = format!("in:{}", c.id);
    for seq in 1..=length {
        let message = message(clock, c, number, seq, begun + minutes(seq));
        messages::insert(tx, property, &message, Origin { account: &account, vendor_id: None, turn: None })
            .await?;
        if message.author == Author::Bot {
            record(tx, clock, c, &message).await?;
        }
    }
    if let (Some(reason), Some(at)) = (c.reason.clone(), c.waiting_since) {
        let call = Escalation {
            id: clock.id(),
            property_id: property,
            conversation_id: c.id,
            reason,
            priority: Priority::Normal,
            seq: c.guest_seq,
            created_at: at,
            opened_at: None,
            rings: 0,
        };
        escalations::insert(tx, &call, None, None).await?;
    }
    Ok(())
}

/// What stays of a reply beside its words: why it was given, and how it left.
async fn record(tx: &mut Tx, clock: &Clock, c: &Conversation, reply: &Message) -> Result<(), DbError> {
    let body = json!({ "versions": { "rules": 1, "property": 1 }, "steps": [{ "brain": "seed" }] });
    let decision = Decision { seq: reply.seq - 1, kind: "turn".to_owned(), body, at: reply.created_at };
    decisions::insert(tx, clock.id(), c.id, Some(clock.id()), &decision).await?;
    if c.channel != "sms" {
        return Ok(());
    }
    let row = OutboxRow {
        id: clock.id(),
        property_id: c.property_id,
        conversation_id: Some(c.id),
        message_id: Some(reply.id),
        escalation_id: None,
        channel: c.channel.clone(),
        integration_id: None,
        address: c.address.clone(),
        voice: Voice::Bot,
        payload: Payload::Text { text: reply.text.clone(), choices: Choices::default() },
        epoch: c.floor.epoch,
        state: SendState::Queued,
        tries: 0,
        tried_at: None,
        looks: 0,
        lease_token: 0,
        lease_until: None,
    };
    outbox::insert(tx, &row, reply.created_at, reply.created_at).await?;
    let sent_at = Some(reply.created_at);
    let fate = Fate { state: SendState::Sent, due_at: None, vendor_id: None, error: None, sent_at };
    outbox::settle(tx, &row, fate).await?;
    Ok(())
}

fn stay(clock: &Clock, property: PropertyId, number: u64, begun: DateTime<Utc>) -> Stay {
    let (first, last) = (pick(FIRST, dice(number, 3)), pick(LAST, dice(number, 4)));
    Stay {
        id: clock.id(),
        property_id: property,
        source: DEFAULT_PMS.to_owned(),
        external_id: format!("SEED{number:07}"),
        confirmation: format!("SD{number:07}"),
        first_name: first.to_owned(),
        last_name: format!("{last}{}", pick(ENDING, dice(number, 5))),
        phone: Some(format!("+4470{number:08}")),
        email: None,
        lang: Some("en".to_owned()),
        room: Some(format!("{}", 100 + dice(number, 6) % 900)),
        state: StayState::Left,
        arrives_on: begun.date_naive(),
        departs_on: begun.date_naive() + TimeDelta::days(3),
        checkout_until: None,
    }
}

fn conversation(
    clock: &Clock,
    property: PropertyId,
    number: u64,
    length: u64,
    stay: &Stay,
    (begun, ended): (DateTime<Utc>, DateTime<Utc>),
) -> Conversation {
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    let chance = dice(number, 7) % 1000;
    // Five in a thousand wait for staff, a tenth are still open with the bot.
    let waits = chance < 5;
    let status = match chance {
        0..5 => Status::Waiting,
        5..105 => Status::Bot,
        _ => Status::Resolved,
    };
    let sms = dice(number, 8).is_multiple_of(3);
    Conversation {
        id: clock.id(),
        property_id: property,
        guest_id: clock.id(),
        channel: if sms { "sms" } else { "webchat" }.to_owned(),
        address: match sms {
            true => stay.phone.clone().unwrap_or_default(),
            false => clock.id::<uuid::Uuid>().as_simple().to_string(),
        },
        lasting_id: None,
        integration_id: None,
        network: None,
        floor: Floor { status, ..Floor::new() },
        lang: "en".to_owned(),
        stay_id: None,
        proof: Proof::Reservation,
        memory: Memory::default(),
        last_seq: length,
        guest_seq: length - 1 + length % 2,
        answered_seq: length - 1 + length % 2,
        read_seq: if waits { 0 } else { length },
        last_line: text(number, 1).to_owned(),
        mood: Some(0.0),
        priority: waits.then_some(Priority::Normal),
        reason: waits.then(|| Reason::AskedForPerson { words: "a person".to_owned() }),
        waiting_since: waits.then_some(ended),
        greeted: true,
        first_unanswered_at: None,
        turn_due_at: None,
        turn_tries: 0,
        lease_token: 1,
        created_at: begun,
        active_at: ended,
        opted_out: None,
        window_closes_at: None,
        hotel_revision: 0,
    }
}

/// The guest begins, and both sides take turns.
fn message(clock: &Clock, c: &Conversation, number: u64, seq: u64, at: DateTime<Utc>) -> Message {
    let guest = seq % 2 == 1;
    Message {
        id: clock.id(),
        conversation_id: c.id,
        seq: i64::try_from(seq).unwrap_or(i64::MAX),
        author: if guest { Author::Guest } else { Author::Bot },
        user_id: None,
        private: false,
        text: text(number, seq).to_owned(),
        media: Vec::new(),
        quote: None,
        delivery: Delivery::Delivered,
        delivery_reason: None,
        mood: guest.then_some(0.0),
        tokens: None,
        created_at: at,
    }
}

fn minutes(count: u64) -> TimeDelta {
    TimeDelta::minutes(i64::try_from(count).unwrap_or(0))
}

/// A number that looks thrown, the same for the same question (the finaliser of SplitMix64).
fn dice(number: u64, question: u64) -> u64 {
    let mut mixed = number.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(question << 32);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

fn pick<'a>(list: &[&'a str], number: u64) -> &'a str {
    let place = usize::try_from(number).unwrap_or(0) % list.len().max(1);
    list.get(place).copied().unwrap_or_default()
}

fn text(number: u64, seq: u64) -> &'static str {
    let list = if seq % 2 == 1 { ASKED } else { ANSWERED };
    pick(list, dice(number, 100 + seq))
}

const FIRST: &[&str] = &[
    "Ana", "Bruno", "Carla", "David", "Elena", "Felix", "Greta", "Hugo", "Irene", "Jonas", "Karin", "Luis",
    "Maria", "Nils", "Olga", "Paolo", "Rosa", "Sven", "Teresa", "Yuki",
];
const LAST: &[&str] = &[
    "Alm", "Berg", "Cast", "Dahl", "Egger", "Ferr", "Gal", "Holm", "Ibar", "Jans", "Kell", "Lind", "Mor",
    "Nov", "Ort", "Per", "Quint", "Ross", "Sand", "Torr", "Urb", "Val", "Weid", "Zamor",
];
const ENDING: &[&str] = &["", "a", "er", "es", "ini", "sen", "son", "ova", "ard", "man", "stein", "illo"];
const ASKED: &[&str] = &[
    "Could I get two extra towels?",
    "What is the password of the wifi?",
    "Until when is breakfast served?",
    "Is there a place to leave the luggage after we have left the room?",
    "The air conditioning in our room makes a strange noise.",
    "Can we check out at one o'clock?",
    "Thank you very much, that was quick.",
    "How do we get to the airport at five in the morning?",
    "Our flight is delayed, we will arrive only after midnight.",
];
const ANSWERED: &[&str] = &[
    "I have asked housekeeping to bring two towels to your room.",
    "Join the network of the house and open any page; it asks for your room number and your surname.",
    "Breakfast is served from 7:00 to 10:30 on the ground floor.",
    "You are welcome to leave your luggage at reception for the whole day.",
    "I am sorry about that. Maintenance will look at it as soon as possible.",
    "You are welcome.",
    "Our colleagues at reception are there all night and will expect you.",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::demo;
    use crate::store::{probe, testing};

    #[tokio::test]
    async fn a_seeded_hotel_has_exactly_what_was_asked_for() {
        testing::both(|db| async move {
            let clock = Clock::manual(DateTime::from_timestamp(1_781_092_800, 0).unwrap());
            let property = demo::seed(&db, &clock).await.unwrap();
            fill(&db, &clock, property, 230, 2_000).await.unwrap();
            let tally = probe::tally(&mut db.read().await.unwrap()).await.unwrap();
            assert_eq!(tally.guest_messages + tally.bot_messages, 2_000);
            assert!(
                tally.guest_messages >= tally.bot_messages && tally.unanswered == 0 && tally.turns_due == 0
            );
        })
        .await;
    }
}
