//! Stories of what waits on disk: leases, order, fences and the limits that the database itself keeps.

use crate::clock::Clock;
use crate::domain::choices::Choices;
use crate::domain::conversation::Conversation;
use crate::domain::effect::{Course, Effect, EffectEvent, EffectState, Plan};
use crate::domain::hotel::Hotel;
use crate::domain::ids::IntegrationId;
use crate::domain::integration::Integration;
use crate::domain::message::{Author, Delivery, Message, SendState, Voice};
use crate::domain::money::Money;
use crate::domain::request::RequestKind;
use crate::domain::stay::{Stay, StayState};
use crate::intake::{Opening, open};
use crate::store::effects::Note;
use crate::store::hotel_fixtures::{both, clock, hotel, put, stay};
use crate::store::messages::Origin;
use crate::store::outbox::{Fate, OutboxRow, Payload};
use crate::store::{
    Db, DbError, conversations, effects, integrations, leases, messages, outbox, proof_tries, send_pace,
};
use chrono::{NaiveDate, TimeDelta};
use uuid::Uuid;

async fn talk(db: &Db, clock: &Clock, hotel: &Hotel, address: &str) -> Conversation {
    let (clock, hotel, address) = (clock.clone(), hotel.clone(), address.to_owned());
    db.write::<_, DbError, _>(move |tx| {
        Box::pin(async move {
            let opening = Opening {
                hotel: &hotel,
                channel: "sms",
                address: &address,
                lasting_id: None,
                integration_id: None,
                network: None,
                lang: "en",
            };
            let mut conversation = open(tx, &clock, opening).await?;
            conversation.turn_due_at = Some(clock.now());
            conversations::update(tx, &conversation).await?;
            Ok(conversation)
        })
    })
    .await
    .unwrap()
}

/// Turns and messages that are due and with nobody.
async fn due(db: &Db, clock: &Clock) -> (i64, i64) {
    leases::count_due(&mut db.read().await.unwrap(), clock.now()).await.unwrap()
}

async fn claim(db: &Db, clock: &Clock) -> Vec<Conversation> {
    let (now, lease) = (clock.now(), TimeDelta::seconds(60));
    db.write::<_, DbError, _>(move |tx| {
        Box::pin(async move { conversations::claim_due(tx, now, lease, 10).await })
    })
    .await
    .unwrap()
}

#[tokio::test]
async fn a_conversation_is_leased_to_one_worker_and_a_late_one_can_no_longer_release_it() {
    both(|db| async move {
        let clock = clock();
        let hotel = hotel(&db, &clock, "quay").await;
        talk(&db, &clock, &hotel, "+351900000001").await;
        assert_eq!(due(&db, &clock).await, (1, 0));
        let first = claim(&db, &clock).await;
        assert_eq!((first.len(), due(&db, &clock).await), (1, (0, 0)));
        assert!(claim(&db, &clock).await.is_empty(), "it is leased");
        clock.advance(TimeDelta::seconds(61));
        let second = claim(&db, &clock).await;
        assert_eq!(second.len(), 1, "the first worker has died");
        assert!(second[0].lease_token > first[0].lease_token);
        let (id, stale) = (first[0].id, first[0].lease_token);
        let released = db
            .write::<_, DbError, _>(move |tx| {
                Box::pin(async move { conversations::release(tx, id, stale).await })
            })
            .await;
        assert!(!released.unwrap());
    })
    .await;
}

#[tokio::test]
async fn a_lease_from_a_clock_that_ran_ahead_does_not_hold_a_guest_up() {
    both(|db| async move {
        let clock = clock();
        let hotel = hotel(&db, &clock, "quay").await;
        talk(&db, &clock, &hotel, "+351900000001").await;
        let (ahead, lease) = (clock.now() + TimeDelta::hours(1), TimeDelta::seconds(60));
        db.write::<_, DbError, _>(move |tx| {
            Box::pin(async move { conversations::claim_due(tx, ahead, lease, 10).await })
        })
        .await
        .unwrap();
        assert_eq!(claim(&db, &clock).await.len(), 1);
    })
    .await;
}

async fn queue(db: &Db, clock: &Clock, c: &Conversation, seq: i64, voice: Voice) -> OutboxRow {
    let row = OutboxRow {
        id: clock.id(),
        property_id: c.property_id,
        conversation_id: Some(c.id),
        message_id: Some(clock.id()),
        escalation_id: None,
        channel: "sms".to_owned(),
        integration_id: c.integration_id,
        address: c.address.clone(),
        voice,
        payload: Payload::Text { text: format!("message {seq}"), choices: Choices::default() },
        epoch: c.floor.epoch,
        state: SendState::Queued,
        tries: 0,
        tried_at: None,
        looks: 0,
        lease_token: 0,
        lease_until: None,
    };
    let message = Message {
        id: row.message_id.unwrap(),
        conversation_id: c.id,
        seq,
        author: Author::Bot,
        user_id: None,
        private: false,
        text: format!("message {seq}"),
        media: Vec::new(),
        quote: None,
        delivery: Delivery::Queued,
        delivery_reason: None,
        mood: None,
        tokens: None,
        created_at: clock.now(),
    };
    let (now, inserted, property) = (clock.now(), row.clone(), c.property_id);
    db.write::<_, DbError, _>(move |tx| {
        Box::pin(async move {
            let origin = Origin { account: "out", vendor_id: None, turn: None };
            messages::insert(tx, property, &message, origin).await?;
            outbox::insert(tx, &inserted, now, now).await
        })
    })
    .await
    .unwrap();
    clock.advance(TimeDelta::milliseconds(1));
    row
}

async fn claim_rows(db: &Db, clock: &Clock) -> Vec<OutboxRow> {
    let (now, lease) = (clock.now(), TimeDelta::seconds(60));
    db.write::<_, DbError, _>(move |tx| Box::pin(async move { outbox::claim_due(tx, now, lease, 10).await }))
        .await
        .unwrap()
}

async fn settle(db: &Db, clock: &Clock, row: &OutboxRow, state: SendState) -> bool {
    let (row, sent_at) = (row.clone(), Some(clock.now()));
    db.write::<_, DbError, _>(move |tx| {
        Box::pin(async move {
            let fate = Fate { state, due_at: None, vendor_id: Some("SM1"), error: None, sent_at };
            outbox::settle(tx, &row, fate).await
        })
    })
    .await
    .unwrap()
}

#[tokio::test]
async fn messages_of_one_conversation_leave_in_order_and_each_is_claimed_once() {
    both(|db| async move {
        let clock = clock();
        let hotel = hotel(&db, &clock, "quay").await;
        let c = talk(&db, &clock, &hotel, "+351900000001").await;
        let first = queue(&db, &clock, &c, 1, Voice::Bot).await;
        let second = queue(&db, &clock, &c, 2, Voice::Bot).await;
        let claimed = claim_rows(&db, &clock).await;
        assert_eq!(claimed.iter().map(|row| row.id).collect::<Vec<_>>(), [first.id]);
        assert!(claim_rows(&db, &clock).await.is_empty(), "the first is under way");
        assert!(settle(&db, &clock, &claimed[0], SendState::Sent).await);
        assert_eq!(claim_rows(&db, &clock).await[0].id, second.id);
    })
    .await;
}

/// An account that sends ten a second.
async fn account(db: &Db, clock: &Clock, hotel: &Hotel) -> IntegrationId {
    let (id, now): (IntegrationId, _) = (clock.id(), clock.now());
    let account = Integration {
        id,
        property_id: hotel.id,
        kind: "sms.twilio".to_owned(),
        name: id.to_string(),
        config: serde_json::Map::new(),
        enabled: true,
        last_ok_at: None,
        last_error: None,
        created_at: now,
    };
    db.write::<_, DbError, _>(move |tx| {
        Box::pin(async move {
            integrations::insert(tx, &account, None, now).await?;
            send_pace::set_gap(tx, id, TimeDelta::milliseconds(100)).await
        })
    })
    .await
    .unwrap();
    id
}

#[tokio::test]
async fn however_many_accounts_have_something_to_send_no_more_is_claimed_than_was_asked_for() {
    both(|db| async move {
        let clock = clock();
        let hotel = hotel(&db, &clock, "quay").await;
        let mut accounts = vec![None];
        for _ in 0..3 {
            accounts.push(Some(account(&db, &clock, &hotel).await));
        }
        for (place, account) in accounts.into_iter().enumerate() {
            for guest in 0..6 {
                let c = talk(&db, &clock, &hotel, &format!("+35190000{place}{guest}")).await;
                let c = Conversation { integration_id: account, ..c };
                queue(&db, &clock, &c, 1, Voice::Bot).await;
            }
        }
        for wanted in [10, 10, 4, 0] {
            assert_eq!(claim_rows(&db, &clock).await.len(), wanted);
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_said_after_the_clock_was_set_back_waits_behind_what_was_said_before() {
    both(|db| async move {
        let (right, ahead) = (clock(), clock());
        ahead.advance(TimeDelta::hours(1));
        let hotel = hotel(&db, &right, "quay").await;
        let c = talk(&db, &right, &hotel, "+351900000001").await;
        let first = queue(&db, &ahead, &c, 1, Voice::Bot).await;
        let second = queue(&db, &right, &c, 2, Voice::Bot).await;
        assert!(
            claim_rows(&db, &right).await.is_empty(),
            "the first is due in an hour, by a clock that was wrong"
        );
        let claimed = claim_rows(&db, &ahead).await;
        assert_eq!(claimed.iter().map(|row| row.id).collect::<Vec<_>>(), [first.id]);
        assert!(settle(&db, &ahead, &claimed[0], SendState::Sent).await);
        assert_eq!(claim_rows(&db, &right).await[0].id, second.id);
    })
    .await;
}

#[tokio::test]
async fn a_bot_row_of_an_older_epoch_is_never_claimed_and_an_emergency_is() {
    both(|db| async move {
        let clock = clock();
        let hotel = hotel(&db, &clock, "quay").await;
        let c = talk(&db, &clock, &hotel, "+351900000001").await;
        queue(&db, &clock, &c, 1, Voice::Bot).await;
        let mut taken = c.clone();
        taken.floor.epoch += 1;
        db.write::<_, DbError, _>(move |tx| Box::pin(async move { conversations::update(tx, &taken).await }))
            .await
            .unwrap();
        assert!(claim_rows(&db, &clock).await.is_empty());
        let id = c.id;
        let cancelled = db
            .write::<_, DbError, _>(move |tx| {
                Box::pin(async move { outbox::silence_bot(tx, id, "staff took over").await })
            })
            .await
            .unwrap();
        assert_eq!(cancelled.len(), 1);
        queue(&db, &clock, &c, 2, Voice::Staff).await;
        assert_eq!(claim_rows(&db, &clock).await.len(), 1);
        queue(&db, &clock, &c, 3, Voice::Emergency).await;
        assert_eq!(claim_rows(&db, &clock).await.len(), 1, "although another is under way");
    })
    .await;
}

async fn lost(db: &Db, clock: &Clock) -> Vec<OutboxRow> {
    let mut conn = db.read().await.unwrap();
    outbox::list_lost(&mut conn, clock.now(), TimeDelta::seconds(60), 10).await.unwrap()
}

#[tokio::test]
async fn a_row_whose_dispatcher_died_is_unknown_and_its_late_word_counts_no_more() {
    both(|db| async move {
        let clock = clock();
        let hotel = hotel(&db, &clock, "quay").await;
        let c = talk(&db, &clock, &hotel, "+351900000001").await;
        queue(&db, &clock, &c, 1, Voice::Bot).await;
        let claimed = claim_rows(&db, &clock).await;
        assert!(lost(&db, &clock).await.is_empty(), "its dispatcher has time");
        clock.advance(TimeDelta::seconds(61));
        let [gone] = lost(&db, &clock).await.try_into().unwrap();
        assert!(settle(&db, &clock, &gone, SendState::Unknown).await);
        assert!(claim_rows(&db, &clock).await.is_empty(), "it is not repeated");
        assert!(!settle(&db, &clock, &claimed[0], SendState::Sent).await);
    })
    .await;
}

#[tokio::test]
async fn a_clock_set_back_an_hour_leaves_no_row_behind_and_one_that_is_slow_takes_nothing_away() {
    both(|db| async move {
        let clock = clock();
        let hotel = hotel(&db, &clock, "quay").await;
        let c = talk(&db, &clock, &hotel, "+351900000001").await;
        let other = talk(&db, &clock, &hotel, "+351900000002").await;
        clock.advance(TimeDelta::seconds(30));
        // Another node's clock is half a minute ahead: what it holds is its own.
        assert_eq!(claim(&db, &clock).await.len(), 2);
        queue(&db, &clock, &c, 1, Voice::Bot).await;
        assert_eq!(claim_rows(&db, &clock).await.len(), 1);
        clock.advance(TimeDelta::seconds(-30));
        assert!(claim(&db, &clock).await.is_empty());
        assert!(lost(&db, &clock).await.is_empty());
        clock.advance(TimeDelta::hours(1));
        queue(&db, &clock, &other, 1, Voice::Bot).await;
        assert_eq!(claim_rows(&db, &clock).await.len(), 1);
        clock.advance(TimeDelta::hours(-1));
        assert_eq!(lost(&db, &clock).await.len(), 1);
    })
    .await;
}

async fn guest(db: &Db, clock: &Clock, hotel: &Hotel) -> Stay {
    let stay = stay(clock, hotel.id, "Q1001", StayState::InHouse);
    let (id, _) = put(db, clock, &stay).await;
    Stay { id, ..stay }
}

fn effect(clock: &Clock, c: &Conversation, stay: &Stay, minor: i64) -> Effect {
    let now = clock.now();
    Effect {
        id: clock.id(),
        property_id: c.property_id,
        conversation_id: c.id,
        stay_id: stay.id,
        turn_id: clock.id(),
        tool: "order_item".to_owned(),
        plan: Plan::Request { kind: RequestKind::Other, item: "tea".to_owned(), quantity: 1, note: None },
        total: Some(Money::new(minor, "EUR".parse().unwrap())),
        state: EffectState::Proposed,
        error: None,
        anchor_seq: 0,
        confirmed_seq: None,
        quoted_seq: None,
        expires_at: None,
        voided_at: None,
        created_at: now,
        updated_at: now,
        course: Course::default(),
    }
}

#[tokio::test]
async fn one_wish_is_one_effect_and_a_step_is_taken_once() {
    both(|db| async move {
        let clock = clock();
        let hotel = hotel(&db, &clock, "quay").await;
        let c = talk(&db, &clock, &hotel, "+351900000001").await;
        let stay = guest(&db, &clock, &hotel).await;
        let first = effect(&clock, &c, &stay, 1800);
        let again = Effect { id: clock.id(), ..first.clone() };
        let insert = |effect: Effect| {
            let db = db.clone();
            async move {
                db.write::<_, DbError, _>(move |tx| {
                    Box::pin(async move { effects::insert(tx, &effect, "the same wish").await })
                })
                .await
            }
        };
        insert(first.clone()).await.unwrap();
        assert!(matches!(insert(again).await, Err(DbError::Unique)));
        let step = |from: Effect| {
            let (db, now) = (db.clone(), clock.now());
            async move {
                db.write::<_, DbError, _>(move |tx| {
                    Box::pin(async move {
                        effects::step(tx, &from, EffectEvent::Confirm, Note::default(), now).await
                    })
                })
                .await
            }
        };
        step(first.clone()).await.unwrap();
        assert!(step(first).await.is_err(), "it has been confirmed by somebody else");
    })
    .await;
}

#[tokio::test]
async fn what_a_stay_agreed_to_today_counts_and_what_was_voided_or_only_offered_does_not() {
    both(|db| async move {
        let clock = clock();
        let hotel = hotel(&db, &clock, "quay").await;
        let c = talk(&db, &clock, &hotel, "+351900000001").await;
        let stay = guest(&db, &clock, &hotel).await;
        let today = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        let made: Vec<Effect> = [1000, 2000, 4000].map(|minor| effect(&clock, &c, &stay, minor)).into();
        let (rows, now) = (made.clone(), clock.now());
        db.write::<_, DbError, _>(move |tx| {
            Box::pin(async move {
                for (index, row) in rows.iter().enumerate() {
                    effects::insert(tx, row, &format!("wish {index}")).await?;
                    if index > 0 {
                        effects::set_agreed(tx, row.id, today, 1).await?;
                        effects::step(tx, row, EffectEvent::Confirm, Note::default(), now).await?;
                    }
                }
                effects::void(tx, rows[2].id, "by mistake", now).await
            })
        })
        .await
        .unwrap();
        let mut conn = db.read().await.unwrap();
        assert_eq!(effects::agreed_minor(&mut conn, stay.id, today).await.unwrap(), 2000);
        let tomorrow = today + TimeDelta::days(1);
        assert_eq!(effects::agreed_minor(&mut conn, stay.id, tomorrow).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn wrong_proofs_are_counted_across_conversations_by_stay_and_by_network() {
    both(|db| async move {
        let clock = clock();
        let hotel = hotel(&db, &clock, "quay").await;
        let mut allowed = 0;
        for index in 0..30 {
            let c = talk(&db, &clock, &hotel, &format!("+3519000000{index:02}")).await;
            let attempt = proof_tries::Try {
                property_id: hotel.id,
                conversation_id: c.id,
                stay_key: format!("stay {}", index % 3),
                network: "192.0.2.7".to_owned(),
            };
            let (tries, now) = ([(clock.id::<Uuid>(), attempt)], clock.now());
            allowed += db
                .write::<_, DbError, _>(move |tx| {
                    Box::pin(async move { proof_tries::begin(tx, &tries, now).await })
                })
                .await
                .unwrap();
        }
        assert_eq!(allowed, usize::try_from(proof_tries::PER_NETWORK_AND_HOUR).unwrap());
    })
    .await;
}
