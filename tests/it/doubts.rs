//! What nobody knows yet, or what went wrong, and the conversation passes from hand to hand meanwhile: the guest is told
//! what was promised to be told, and no doubt is left with nobody.

use super::cut_off::{
    agrees, charges, dies_after, dies_in_the_call, doubts, holds_a_call, is_offered_water, later,
};
use super::support::twilio::{Mishap, Phone};
use super::support::{Chat, House, Setup, story};
use bellhop::domain::escalation::Reason;
use bellhop::domain::integration::Integration;
use bellhop::lab::fake_pms::{FakePms, Fault, Keeps, On};
use bellhop::lab::stub_model::{Behaviour, Mode};
use bellhop::store::{DbError, integrations};
use chrono::TimeDelta;
use serde_json::{Value, json};
use std::time::Duration;

const SMOKE: &str = "There is smoke in the corridor!";

async fn act(house: &House, conversation: &str, what: &str) {
    house.acts(&format!("/conversations/{conversation}/{what}"), json!({})).await;
}

async fn one_charge(house: &House, guest: &Chat<'_>) -> Value {
    let [charge] = charges(house, guest).await.try_into().expect("one charge");
    charge
}

/// So many half minutes go by.
async fn passes(house: &House, halves: u32) {
    for _ in 0..halves {
        house.passes(TimeDelta::seconds(30));
        house.works().await;
    }
}

/// The guest has agreed to a bottle of water, and that call is cut off: they wait to be told.
async fn waits_to_be_told(guest: &Chat<'_>, fake: &FakePms, fault: Fault) {
    is_offered_water(guest).await;
    fake.then(On::Charge, fault);
    let heard = guest.says("yes").await;
    assert!(heard.contains("will tell you here"), "{fault:?}: {heard}");
}

#[tokio::test]
async fn what_was_promised_to_be_told_is_told_after_a_hand_back_too() {
    story(async |house: &House| {
        for (fault, state, word) in [
            (Fault::DropAfter, "succeeded", "It is ordered"),
            (Fault::DropBefore, "failed", "Nothing was charged"),
        ] {
            let fake = house.connects(Keeps::References, TimeDelta::minutes(4)).await;
            let guest = house.chat().await;
            waits_to_be_told(&guest, &fake, fault).await;
            act(house, &guest.conversation, "take-over").await;
            passes(house, 2).await;
            act(house, &guest.conversation, "hand-back").await;
            let heard = later(house, &guest).await;
            let charge = one_charge(house, &guest).await;
            assert_eq!((charge["state"].as_str(), heard.matches(word).count()), (Some(state), 1), "{heard}");
            assert_eq!(fake.postings().len(), usize::from(fault == Fault::DropAfter), "{charge}");
            // Neither the bar was told nor anything repeated, once the conversation had passed.
            assert_eq!(doubts(house, &guest).await, 1, "{charge}");
            assert_eq!(guest.status().await, "waiting");
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_said_to_be_checked_after_a_hand_back_is_told_later() {
    story(async |house: &House| {
        let fake = house.connects_patiently(Keeps::References, TimeDelta::seconds(50), 2.0).await;
        let guest = house.chat().await;
        is_offered_water(&guest).await;
        fake.then(On::Charge, Fault::HangAfter);
        guest.writes("yes").await;
        house.passes(TimeDelta::seconds(6));
        let waiting = fake.waiting();
        let passed_to_and_fro = async {
            holds_a_call(&fake, waiting).await;
            act(house, &guest.conversation, "take-over").await;
            act(house, &guest.conversation, "hand-back").await;
        };
        let (ran, ()) = tokio::join!(house.jobs.run_all(), passed_to_and_fro);
        ran.unwrap();
        house.works().await;
        let at_once = guest.hears().await;
        assert!(at_once.contains("will tell you here"), "{at_once}");
        let heard = later(house, &guest).await;
        assert_eq!(heard.matches("It is ordered").count(), 1, "{heard}");
        assert_eq!(fake.postings().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_doubt_that_is_given_up_after_staff_passed_it_by_calls_them_again() {
    story(async |house: &House| {
        for (passed_by, speaks) in [("hand-back", true), ("resolve", false)] {
            let fake = house.connects(Keeps::Keys, TimeDelta::zero()).await;
            let guest = house.chat().await;
            for _ in 0..100 {
                fake.then(On::Charge, Fault::ErrorAfter);
            }
            waits_to_be_told(&guest, &fake, Fault::ErrorAfter).await;
            passes(house, 5).await;
            assert_eq!((doubts(house, &guest).await, guest.status().await.as_str()), (1, "waiting"));
            act(house, &guest.conversation, passed_by).await;
            let calls = fake.calls();
            let heard = later(house, &guest).await;
            let charge = one_charge(house, &guest).await;
            assert_eq!(
                (charge["state"].as_str(), &charge["looks_again_at"]),
                (Some("unknown"), &Value::Null)
            );
            assert_eq!(fake.calls(), calls, "nothing is repeated once the conversation has passed");
            assert_eq!(
                (doubts(house, &guest).await, guest.status().await.as_str()),
                (2, "waiting"),
                "{heard}"
            );
            assert_eq!(heard.contains("A colleague is looking into it"), speaks, "{passed_by}: {heard}");
        }
    })
    .await;
}

/// What the bot may not say while an emergency waits for staff.
fn assert_silent(heard: &str, which: &str) {
    for word in ["ordered", "checking", "charged", "looking into it", "did not work"] {
        assert!(!heard.contains(word), "{which}: {heard}");
    }
}

#[tokio::test]
async fn an_alarm_while_a_charge_is_under_way_leaves_no_doubt_with_nobody() {
    story(async |house: &House| {
        for (keeps, fault, state) in [
            (Keeps::Nothing, Fault::HangAfter, "unknown"),
            (Keeps::Nothing, Fault::Slow(Duration::from_millis(150)), "succeeded"),
            (Keeps::References, Fault::HangBefore, "failed"),
            (Keeps::Keys, Fault::HangBefore, "unknown"),
        ] {
            let fake = house.connects_patiently(keeps, TimeDelta::zero(), 2.0).await;
            let guest = house.chat().await;
            is_offered_water(&guest).await;
            fake.then(On::Charge, fault);
            guest.writes("yes").await;
            house.passes(TimeDelta::seconds(6));
            let waiting = fake.waiting();
            let alarm = async {
                holds_a_call(&fake, waiting).await;
                guest.writes(SMOKE).await;
            };
            let (ran, ()) = tokio::join!(house.jobs.run_all(), alarm);
            ran.unwrap();
            let heard = later(house, &guest).await;
            let which = format!("{keeps:?} {fault:?}");
            assert_silent(&heard, &which);
            let charge = one_charge(house, &guest).await;
            assert_eq!(charge["state"], state, "{which}: {charge}");
            assert!(charge["overtaken_at"].is_string(), "{which}: {charge}");
            assert!(fake.requests().is_empty(), "{which}: nothing is begun after the alarm");
            assert_eq!(doubts(house, &guest).await, 1, "{which}: {charge}");
            assert_eq!(guest.status().await, "waiting", "{which}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_turn_that_dies_in_its_call_before_an_alarm_leaves_its_doubt_to_staff_and_says_nothing() {
    story(async |house: &House| {
        let fake = house.connects_patiently(Keeps::Nothing, TimeDelta::zero(), 30.0).await;
        let guest = house.chat().await;
        dies_in_the_call(house, &guest, &fake, Fault::HangAfter).await;
        guest.writes(SMOKE).await;
        let heard = later(house, &guest).await;
        assert_silent(&heard, "after the alarm");
        let charge = one_charge(house, &guest).await;
        assert_eq!((charge["state"].as_str(), doubts(house, &guest).await), (Some("unknown"), 1), "{charge}");
    })
    .await;
}

#[tokio::test]
async fn wherever_a_turn_dies_that_finds_a_charge_above_the_days_limit_staff_are_called() {
    story(async |house: &House| {
        let limits = async |cents: i64| {
            let limits = json!({ "per_charge_minor": cents, "per_stay_and_day_minor": cents });
            let answer = house.api("PATCH", "/properties/harbour", Some(json!({ "limits": limits }))).await;
            assert_eq!(answer.status, 200, "{}", answer.body);
        };
        for polls in (1..).step_by(5) {
            limits(10_000).await;
            let guest = house.chat().await;
            assert!(is_offered_water(&guest).await.contains("4.00"));
            limits(100).await;
            guest.writes("yes").await;
            house.passes(TimeDelta::seconds(6));
            let ended = dies_after(house, polls).await;
            for _ in 0..5 {
                house.passes(TimeDelta::seconds(70));
                house.works().await;
            }
            let heard = guest.hears().await;
            assert!(!heard.contains("no longer open"), "{polls} polls: {heard}");
            assert!(heard.contains("colleague"), "{polls} polls: {heard}");
            assert_eq!(house.reasons(&guest.conversation).await.len(), 1, "{polls} polls: {heard}");
            assert_eq!(one_charge(house, &guest).await["state"], "failed");
            if ended {
                break;
            }
        }
    })
    .await;
}

#[tokio::test]
async fn wherever_a_turn_dies_two_wishes_of_one_kind_are_two_requests() {
    story(async |house: &House| {
        for polls in (1..).step_by(5) {
            let guest = house.chat().await;
            guest.proves().await;
            guest.writes("I need an iron please").await;
            guest.writes("I need a toothbrush please").await;
            house.passes(TimeDelta::seconds(6));
            let ended = dies_after(house, polls).await;
            for _ in 0..3 {
                house.passes(TimeDelta::seconds(70));
                house.works().await;
            }
            let heard = guest.hears().await;
            assert!(heard.contains("iron") && heard.contains("toothbrush"), "{polls} polls: {heard}");
            assert_eq!(wished(house, &guest.conversation).await, ["iron", "toothbrush"], "{polls} polls");
            if ended {
                break;
            }
        }
    })
    .await;
}

/// What a conversation has asked the hotel's people for, in the order of the alphabet.
async fn wished(house: &House, conversation: &str) -> Vec<String> {
    let requests = house.open_requests().await.into_iter();
    let of_it = requests.filter(|r| r.conversation_id.is_some_and(|id| id.to_string() == conversation));
    let mut items: Vec<String> = of_it.map(|request| request.item).collect();
    items.sort();
    items
}

/// The conversation with this number.
async fn by_sms(house: &House, number: &str) -> String {
    let list = house.read("/conversations?property=harbour").await;
    let found = list["items"].as_array().unwrap().iter().find(|row| row["address"] == number);
    found.expect("a conversation by SMS")["id"].as_str().unwrap().to_owned()
}

/// The guest writes, and the answer waits for the vendor when staff take over: it is taken back.
async fn answer_is_taken_back(house: &House, phone: &Phone<'_>, number: &str, text: &str) -> String {
    house.twilio.will(&[Mishap::TooMany(30)]);
    assert_eq!(phone.says(text).await, "");
    let id = by_sms(house, number).await;
    act(house, &id, "take-over").await;
    id
}

#[tokio::test]
async fn a_wish_that_a_model_words_anew_is_one_request_and_another_wish_is_another() {
    let ask =
        |kind: &str, item: &str| ("request_service", json!({ "kind": kind, "item": item, "quantity": 2 }));
    Setup::with_model(Mode::Always(Behaviour::text("Of course.")))
        .tell(async |house: &House| {
            for (number, said, first, more, then, stand) in [
                (
                    "+14155550123",
                    "An iron please",
                    ask("amenity", "iron"),
                    "and a pillow",
                    vec![ask("amenity", "clothes iron"), ask("amenity", "pillow")],
                    vec!["iron", "pillow"],
                ),
                (
                    "+447700900101",
                    "The shower drips",
                    ask("fault", "shower"),
                    "and the lamp is broken",
                    vec![ask("fault", "lamp"), ask("fault", "dripping shower")],
                    vec!["lamp", "shower"],
                ),
                (
                    "+14155550147",
                    "Two towels please",
                    ask("towels", "towels"),
                    "hello?",
                    vec![ask("towels", "bath linen")],
                    vec!["towels"],
                ),
            ] {
                house.model().then(Behaviour::calls(&[first]));
                let phone = house.phone(number);
                let id = answer_is_taken_back(house, &phone, number, said).await;
                phone.writes(more).await;
                house.model().then(Behaviour::calls(&then));
                act(house, &id, "hand-back").await;
                house.settles().await;
                assert_eq!(house.model().queued(), 0, "{said}: both turns have run");
                assert_eq!(wished(house, &id).await, stand, "{said}");
            }
        })
        .await;
}

#[tokio::test]
async fn an_offer_that_a_take_over_took_back_is_made_again_after_the_hand_back() {
    story(async |house: &House| {
        let number = "+14155550123";
        let phone = house.phone(number);
        let id = answer_is_taken_back(house, &phone, number, "A bottle of water to my room please").await;
        act(house, &id, "hand-back").await;
        house.passes(TimeDelta::minutes(1));
        house.works().await;
        let heard = phone.hears().await;
        assert!(heard.contains("4.00"), "{heard}");
        assert!(house.reasons(&id).await.is_empty(), "{heard}");
    })
    .await;
}

#[tokio::test]
async fn after_the_clock_was_set_back_a_day_a_charge_in_doubt_is_not_repeated_for_ever() {
    story(async |house: &House| {
        let fake = house.connects(Keeps::Keys, TimeDelta::zero()).await;
        let guest = house.chat().await;
        for _ in 0..1000 {
            fake.then(On::Charge, Fault::ErrorAfter);
        }
        waits_to_be_told(&guest, &fake, Fault::ErrorAfter).await;
        house.clock_is_set(TimeDelta::hours(-25));
        let heard = later(house, &guest).await;
        let charge = one_charge(house, &guest).await;
        assert_eq!((charge["state"].as_str(), &charge["looks_again_at"]), (Some("unknown"), &Value::Null));
        assert_eq!(doubts(house, &guest).await, 1);
        assert!(heard.contains("A colleague is looking into it"), "{heard}");
        let calls = fake.calls();
        house.passes(TimeDelta::hours(26));
        house.works().await;
        assert_eq!(fake.calls(), calls, "the system has forgotten the key by now");
    })
    .await;
}

#[tokio::test]
async fn wherever_a_turn_dies_what_is_in_doubt_comes_to_staff_after_the_stay_is_over_too() {
    story(async |house: &House| {
        let mut in_doubt = 0;
        for polls in 1.. {
            let fake = house.connects(Keeps::Nothing, TimeDelta::zero()).await;
            let guest = house.chat().await;
            guest.proves().await;
            fake.then(On::Request, Fault::DropBefore);
            guest.writes("Two extra towels please").await;
            house.passes(TimeDelta::seconds(6));
            let ended = dies_after(house, polls).await;
            let before = guest.hears().await;
            fake.forgets("HRB1001");
            passes(house, 6).await;
            let shown = house.read(&format!("/conversations/{}", guest.conversation)).await;
            let effect = shown["effects"].as_array().unwrap().last().cloned();
            if effect.is_some_and(|effect| effect["state"] == "unknown") {
                in_doubt += usize::from(before.is_empty());
                assert_eq!(doubts(house, &guest).await, 1, "{polls} polls");
            }
            if ended {
                break;
            }
        }
        assert!(in_doubt > 0, "no turn died with its request in doubt");
    })
    .await;
}

#[tokio::test]
async fn a_doubt_about_a_system_that_was_disconnected_comes_to_an_end() {
    story(async |house: &House| {
        let fake = house.connects(Keeps::Keys, TimeDelta::zero()).await;
        let guest = house.chat().await;
        fake.then(On::Charge, Fault::ErrorAfter);
        waits_to_be_told(&guest, &fake, Fault::ErrorAfter).await;
        let property = house.property().await;
        let gone = Integration {
            id: house.clock.id(),
            property_id: property,
            kind: "pms.gone".to_owned(),
            name: "gone".to_owned(),
            config: serde_json::Map::new(),
            enabled: true,
            last_ok_at: None,
            last_error: None,
            created_at: house.clock.now(),
        };
        // The oldest of several counts.
        let then = house.clock.now() - TimeDelta::days(400);
        house
            .db
            .write::<_, DbError, _>(move |tx| {
                Box::pin(async move { integrations::insert(tx, &gone, None, then).await })
            })
            .await
            .unwrap();
        let heard = later(house, &guest).await;
        assert!(heard.contains("A colleague is looking into it"), "{heard}");
        let charge = one_charge(house, &guest).await;
        assert_eq!((charge["state"].as_str(), &charge["looks_again_at"]), (Some("unknown"), &Value::Null));
        let reasons = house.reasons(&guest.conversation).await;
        assert!(matches!(reasons.as_slice(), [Reason::Effect { .. }]), "{reasons:?}");
    })
    .await;
}

#[tokio::test]
async fn what_staff_settle_as_posted_tells_them_that_the_kitchens_own_list_may_lack_it() {
    story(async |house: &House| {
        let fake = house.connects(Keeps::Nothing, TimeDelta::zero()).await;
        let guest = house.chat().await;
        agrees(house, &guest, &fake, Fault::DropAfter).await;
        let charge = one_charge(house, &guest).await;
        let settle = format!("/effects/{}/settle", charge["id"].as_str().unwrap());
        let settled = house.acts(&settle, json!({ "was_done": true })).await;
        assert_eq!(settled["state"], "succeeded");
        assert!(
            settled["error"].as_str().is_some_and(|error| error.contains("list of the hotel's own system")),
            "{settled}"
        );
        assert!(fake.requests().is_empty(), "the bar hears of it by Bellhop's list");
    })
    .await;
}
