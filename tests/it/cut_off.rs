//! Calls to a remote property system that are cut off, in every way and for every promise that the system makes: never a
//! second charge, and never a word to the guest that is not true.

use super::support::process::PATIENCE;
use super::support::{Chat, House, story};
use bellhop::domain::escalation::Reason;
use bellhop::lab::fake_pms::{FakePms, Fault, Keeps, On};
use chrono::TimeDelta;
use serde_json::{Value, json};
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

const FAULTS: [Fault; 9] = [
    Fault::DropBefore,
    Fault::DropAfter,
    Fault::HangBefore,
    Fault::HangAfter,
    Fault::ErrorBefore,
    Fault::ErrorAfter,
    Fault::TooMany(7),
    Fault::Slow(Duration::from_millis(20)),
    Fault::OddStatus,
];

/// The guest has proved the stay and is asked to agree to a price.
pub async fn is_offered_water(guest: &Chat<'_>) -> String {
    guest.proves().await;
    guest.says("A bottle of water to my room please").await
}

/// The guest agrees to a bottle of water while the system has this fault; what the guest hears at once, and later.
pub async fn agrees(house: &House, guest: &Chat<'_>, fake: &FakePms, fault: Fault) -> (String, String) {
    let quoted = is_offered_water(guest).await;
    assert!(quoted.contains("4.00"), "{fault:?}: {quoted}");
    fake.then(On::Charge, fault);
    let at_once = guest.says("yes").await;
    (at_once, later(house, guest).await)
}

/// A quarter of an hour goes by.
pub async fn later(house: &House, guest: &Chat<'_>) -> String {
    for _ in 0..30 {
        house.passes(TimeDelta::seconds(30));
        house.works().await;
    }
    guest.hears().await
}

/// The conversation's effects that cost something, newest last.
pub async fn charges(house: &House, guest: &Chat<'_>) -> Vec<Value> {
    let shown = house.read(&format!("/conversations/{}", guest.conversation)).await;
    let effects = shown["effects"].as_array().unwrap().clone();
    effects.into_iter().filter(|effect| effect["amount"].is_object()).collect()
}

pub async fn doubts(house: &House, guest: &Chat<'_>) -> usize {
    let reasons = house.reasons(&guest.conversation).await;
    reasons.iter().filter(|reason| matches!(reason, Reason::Effect { .. })).count()
}

/// What may be said, whatever has happened: nothing is done that was not done, nothing is undone that was done.
async fn told_the_truth(house: &House, guest: &Chat<'_>, fake: &FakePms, heard: &str) -> (String, usize) {
    let [charge] = charges(house, guest).await.try_into().expect("one charge");
    let id = charge["id"].as_str().unwrap();
    let posted = fake.postings_of(id);
    assert!(posted <= 1, "{posted} postings under one confirmation: {heard}");
    assert_eq!(
        heard.matches("It is ordered").count(),
        usize::from(charge["state"] == "succeeded"),
        "{heard}"
    );
    assert!(!heard.contains("It is ordered") || posted == 1, "{heard}");
    assert!(!heard.contains("Nothing was charged") || posted == 0, "{heard}");
    (charge["state"].as_str().unwrap().to_owned(), posted)
}

#[tokio::test]
async fn where_keys_are_kept_every_cut_ends_in_one_charge() {
    story(async |house: &House| {
        for fault in FAULTS {
            let fake = house.connects(Keeps::Keys, TimeDelta::zero()).await;
            let guest = house.chat().await;
            let (at_once, late) = agrees(house, &guest, &fake, fault).await;
            let (state, posted) = told_the_truth(house, &guest, &fake, &format!("{at_once}\n{late}")).await;
            let expected = if matches!(fault, Fault::TooMany(_)) { ("failed", 0) } else { ("succeeded", 1) };
            assert_eq!((state.as_str(), posted), expected, "{fault:?}: {at_once} / {late}");
        }
    })
    .await;
}

#[tokio::test]
async fn where_keys_are_kept_a_cut_that_lasts_is_followed_and_then_given_to_staff() {
    story(async |house: &House| {
        let fake = house.connects(Keeps::Keys, TimeDelta::zero()).await;
        let guest = house.chat().await;
        fake.then(On::Charge, Fault::DropAfter);
        for _ in 0..3 {
            fake.then(On::Charge, Fault::ErrorAfter);
        }
        let (at_once, late) = agrees(house, &guest, &fake, Fault::ErrorAfter).await;
        assert!(at_once.contains("checking") && !at_once.contains("is ordered"), "{at_once}");
        assert!(late.contains("It is ordered"), "{late}");
        assert_eq!(told_the_truth(house, &guest, &fake, &late).await, ("succeeded".to_owned(), 1));

        // That the second call was not begun says nothing of the first.
        let fake = house.connects(Keeps::Keys, TimeDelta::zero()).await;
        let guest = house.chat().await;
        fake.then(On::Charge, Fault::DropAfter);
        let (at_once, late) = agrees(house, &guest, &fake, Fault::TooMany(7)).await;
        assert!(at_once.contains("checking"), "{at_once}");
        assert_eq!(told_the_truth(house, &guest, &fake, &late).await, ("succeeded".to_owned(), 1));

        let fake = house.connects(Keeps::Keys, TimeDelta::zero()).await;
        let guest = house.chat().await;
        for _ in 0..100 {
            fake.then(On::Charge, Fault::ErrorAfter);
        }
        let (_, late) = agrees(house, &guest, &fake, Fault::DropAfter).await;
        assert_eq!(told_the_truth(house, &guest, &fake, &late).await, ("unknown".to_owned(), 1));
        assert_eq!(doubts(house, &guest).await, 1, "staff were called once");
    })
    .await;
}

#[tokio::test]
async fn where_references_are_kept_what_was_done_is_found_and_what_was_not_is_done_once_it_is_sure() {
    story(async |house: &House| {
        for visible_after in [TimeDelta::zero(), TimeDelta::seconds(40)] {
            for fault in FAULTS {
                let fake = house.connects(Keeps::References, visible_after).await;
                let guest = house.chat().await;
                let (at_once, late) = agrees(house, &guest, &fake, fault).await;
                let heard = format!("{at_once}\n{late}");
                let (state, posted) = told_the_truth(house, &guest, &fake, &heard).await;
                let expected =
                    if matches!(fault, Fault::TooMany(_)) { ("failed", 0) } else { ("succeeded", 1) };
                assert_eq!((state.as_str(), posted), expected, "{fault:?}: {heard}");
                let seen_at_once = visible_after.is_zero() && !at_once.contains("checking");
                let undone = matches!(fault, Fault::DropBefore | Fault::HangBefore | Fault::ErrorBefore);
                assert!(
                    !(seen_at_once && undone),
                    "{fault:?}: nothing found so soon says nothing: {at_once}"
                );
                assert_eq!(
                    fake.requests().len(),
                    posted,
                    "{fault:?}: the bar hears of it once it is charged"
                );
            }
        }
    })
    .await;
}

#[tokio::test]
async fn where_neither_is_kept_nothing_is_repeated_and_staff_decide() {
    story(async |house: &House| {
        for fault in FAULTS {
            let fake = house.connects(Keeps::Nothing, TimeDelta::zero()).await;
            let guest = house.chat().await;
            let (at_once, late) = agrees(house, &guest, &fake, fault).await;
            let (state, _) = told_the_truth(house, &guest, &fake, &format!("{at_once}\n{late}")).await;
            let expected = match fault {
                Fault::Slow(_) => "succeeded",
                Fault::TooMany(_) => "failed",
                _ => "unknown",
            };
            assert_eq!(state, expected, "{fault:?}: {at_once} / {late}");
            if state == "unknown" {
                assert!(at_once.contains("A colleague is looking into it"), "{at_once}");
                assert_eq!(doubts(house, &guest).await, 1);
                settles_by_hand(house, &guest, &fake).await;
            }
        }
    })
    .await;
}

/// Staff look at the bill and say what they see.
async fn settles_by_hand(house: &House, guest: &Chat<'_>, fake: &FakePms) {
    let [charge] = charges(house, guest).await.try_into().expect("one charge");
    let id = charge["id"].as_str().unwrap();
    let was_done = fake.postings_of(id) == 1;
    let settle = format!("/effects/{id}/settle");
    let settled = house.acts(&settle, json!({ "was_done": was_done })).await;
    assert_eq!(settled["state"], if was_done { "succeeded" } else { "failed" });
    house.works().await;
    let heard = guest.hears().await;
    let word = if was_done { "It is ordered" } else { "nothing was charged" };
    assert!(heard.contains(word), "{heard}");
    house.acts(&settle, json!({ "was_done": was_done })).await;
    assert_eq!(guest.hears().await, "", "saying it again says nothing more");
    let other =
        house.api("POST", &format!("/effects/{id}/settle"), Some(json!({ "was_done": !was_done }))).await;
    assert_eq!((other.status, other.json()["code"].as_str()), (409, Some("not_in_doubt")));
    let asked = house
        .open_requests()
        .await
        .iter()
        .filter(|r| r.effect_id.is_some_and(|e| e.to_string() == id))
        .count();
    assert_eq!(asked, usize::from(was_done), "the bar hears of what is charged");
}

#[tokio::test]
async fn two_doubts_of_one_turn_are_two_matters_for_staff() {
    story(async |house: &House| {
        let fake = house.connects(Keeps::Nothing, TimeDelta::zero()).await;
        let guest = house.chat().await;
        guest.proves().await;
        fake.then(On::Request, Fault::DropAfter).then(On::Request, Fault::DropBefore);
        guest.says("Two extra towels, and please clean my room").await;
        assert_eq!(doubts(house, &guest).await, 2);
    })
    .await;
}

#[tokio::test]
async fn what_may_still_appear_on_the_bill_is_not_for_staff_to_settle_yet() {
    story(async |house: &House| {
        let orders = async |fake: &FakePms| {
            let guest = house.chat().await;
            is_offered_water(&guest).await;
            fake.then(On::Charge, Fault::DropAfter);
            assert!(guest.says("yes").await.contains("checking"));
            guest
        };
        let fake = house.connects(Keeps::References, TimeDelta::seconds(90)).await;
        let guest = orders(&fake).await;
        let [charge] = charges(house, &guest).await.try_into().expect("one charge");
        let settle = format!("/effects/{}/settle", charge["id"].as_str().unwrap());
        for was_done in [true, false] {
            let refused = house.api("POST", &settle, Some(json!({ "was_done": was_done }))).await;
            let problem = refused.json();
            assert_eq!((refused.status, problem["code"].as_str()), (409, Some("being_asked")), "{problem}");
            assert_eq!(problem["until"], charge["asked_until"], "{problem}");
        }
        let page = house.page_of(&guest.conversation).await;
        assert!(page.contains("being checked") && !page.contains("settle-not"), "{page}");
        assert!(later(house, &guest).await.contains("It is ordered"));

        // One that shows things only after so long is left to staff before that.
        let fake = house.connects(Keeps::References, TimeDelta::minutes(30)).await;
        let guest = orders(&fake).await;
        later(house, &guest).await;
        let [charge] = charges(house, &guest).await.try_into().expect("one charge");
        assert!(charge["looks_again_at"].is_string() && charge["asked_until"].is_null(), "{charge}");
        assert!(house.page_of(&guest.conversation).await.contains("settle-not"));
        settles_by_hand(house, &guest, &fake).await;
    })
    .await;
}

/// Ready when the fake lets one more call wait than these.
pub async fn holds_a_call(fake: &FakePms, before: u64) {
    let reached = async {
        while fake.waiting() == before {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), reached).await.expect("the call reached the system");
}

/// The turn dies at its call: dropped in the middle, as a killed process leaves it.
pub async fn dies_in_the_call(house: &House, guest: &Chat<'_>, fake: &FakePms, fault: Fault) {
    is_offered_water(guest).await;
    fake.then(On::Charge, fault);
    guest.writes("yes").await;
    house.passes(TimeDelta::seconds(6));
    let reached = holds_a_call(fake, fake.waiting());
    tokio::select! {
        ran = house.jobs.run_all() => panic!("the turn came to its end: {ran:?}"),
        () = reached => {}
    }
}

#[tokio::test]
async fn a_process_that_dies_in_the_call_leaves_one_charge_or_a_doubt_that_staff_see() {
    story(async |house: &House| {
        for keeps in [Keeps::Keys, Keeps::References, Keeps::Nothing] {
            for fault in [Fault::HangBefore, Fault::HangAfter] {
                let fake = house.connects_patiently(keeps, TimeDelta::seconds(20), 30.0).await;
                let guest = house.chat().await;
                dies_in_the_call(house, &guest, &fake, fault).await;
                let heard = later(house, &guest).await;
                let (state, posted) = told_the_truth(house, &guest, &fake, &heard).await;
                match keeps {
                    Keeps::Keys | Keeps::References => {
                        assert_eq!(
                            (state.as_str(), posted),
                            ("succeeded", 1),
                            "{keeps:?} {fault:?}: {heard}"
                        );
                    }
                    Keeps::Nothing => {
                        assert_eq!(state, "unknown", "{fault:?}: {heard}");
                        assert!(heard.contains("A colleague is looking into it"), "{heard}");
                        assert_eq!(doubts(house, &guest).await, 1);
                    }
                }
            }
        }
    })
    .await;
}

/// All work is polled so often, and then dropped in the middle; true: it had come to its end before.
pub async fn dies_after(house: &House, polls: usize) -> bool {
    let (mut work, mut left) = (pin!(house.jobs.run_all()), polls);
    poll_fn(|cx| {
        let ended = work.as_mut().poll(cx).is_ready();
        left = left.saturating_sub(1);
        if ended || left == 0 { Poll::Ready(ended) } else { Poll::Pending }
    })
    .await
}

/// The guest agrees, and [`dies_after`] is what becomes of the work for it.
async fn dies_at_the_yes(house: &House, guest: &Chat<'_>, polls: usize) -> bool {
    guest.writes("yes").await;
    house.passes(TimeDelta::seconds(6));
    dies_after(house, polls).await
}

#[tokio::test]
async fn wherever_a_turn_dies_what_is_in_doubt_comes_to_staff() {
    story(async |house: &House| {
        let fake = house.connects(Keeps::Nothing, TimeDelta::zero()).await;
        for polls in (1..).step_by(5) {
            let guest = house.chat().await;
            is_offered_water(&guest).await;
            fake.then(On::Charge, Fault::DropBefore);
            let ended = dies_at_the_yes(house, &guest, polls).await;
            for _ in 0..5 {
                house.passes(TimeDelta::seconds(70));
                house.works().await;
            }
            let heard = guest.hears().await;
            let (state, _) = told_the_truth(house, &guest, &fake, &heard).await;
            assert_eq!(
                (state.as_str(), doubts(house, &guest).await),
                ("unknown", 1),
                "{polls} polls: {heard}"
            );
            assert!(heard.contains("A colleague is looking into it"), "{polls} polls: {heard}");
            settles_by_hand(house, &guest, &fake).await;
            if ended {
                break;
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_doubt_whose_turn_dies_until_it_is_given_up_comes_to_staff_too() {
    story(async |house: &House| {
        let fake = house.connects(Keeps::Nothing, TimeDelta::zero()).await;
        let mut in_doubt = 0;
        for polls in (1..).step_by(5) {
            let guest = house.chat().await;
            is_offered_water(&guest).await;
            fake.then(On::Charge, Fault::DropBefore);
            let ended = dies_at_the_yes(house, &guest, polls).await;
            for _ in 0..5 {
                house.passes(TimeDelta::minutes(3));
                // It dies as soon as it has been claimed.
                drop(house.jobs.claim_turns(1).await.unwrap());
            }
            later(house, &guest).await;
            let [charge] = charges(house, &guest).await.try_into().expect("one charge");
            if charge["state"] == "unknown" {
                in_doubt += 1;
                assert_eq!(doubts(house, &guest).await, 1, "{polls} polls");
            }
            if ended {
                break;
            }
        }
        assert!(in_doubt > 0, "no turn died with its charge in doubt");
    })
    .await;
}

#[tokio::test]
async fn wherever_staff_take_over_what_was_charged_and_then_refused_is_shown_or_said_to_them() {
    story(async |house: &House| {
        let fake = house.connects(Keeps::References, TimeDelta::zero()).await;
        let mut shown = 0;
        // The moment between the end and the reply is short: looked for at every fifth poll, then between them.
        for from in 1..=5 {
            if shown > 0 {
                break;
            }
            for polls in (from..).step_by(5) {
                let guest = house.chat().await;
                is_offered_water(&guest).await;
                fake.then(On::Request, Fault::TooMany(7));
                let ended = dies_at_the_yes(house, &guest, polls).await;
                house.acts(&format!("/conversations/{}/take-over", guest.conversation), json!({})).await;
                later(house, &guest).await;
                let [charge] = charges(house, &guest).await.try_into().expect("one charge");
                if charge["state"] == "succeeded" && !charge["error"].is_null() {
                    let told = doubts(house, &guest).await == 1 || !charge["overtaken_at"].is_null();
                    assert!(told, "{polls} polls: {charge}");
                    shown += usize::from(!charge["overtaken_at"].is_null());
                }
                if ended {
                    break;
                }
            }
        }
        assert!(shown > 0, "some take-over came between the end and the reply");
    })
    .await;
}

#[tokio::test]
async fn wherever_a_worker_dies_that_gives_up_a_doubt_staff_are_called_once() {
    story(async |house: &House| {
        for polls in (1..).step_by(3) {
            let fake = house.connects(Keeps::Keys, TimeDelta::zero()).await;
            let guest = house.chat().await;
            is_offered_water(&guest).await;
            for _ in 0..9 {
                fake.then(On::Charge, Fault::ErrorBefore);
            }
            assert!(guest.says("yes").await.contains("checking"));
            // Long enough to be given up at the next look.
            house.passes(TimeDelta::minutes(11));
            let ended = dies_after(house, polls).await;
            house.passes(TimeDelta::minutes(2));
            house.works().await;
            let heard = guest.hears().await;
            let (state, _) = told_the_truth(house, &guest, &fake, &heard).await;
            assert_eq!(
                (state.as_str(), doubts(house, &guest).await),
                ("unknown", 1),
                "{polls} polls: {heard}"
            );
            assert_eq!(heard.matches("A colleague is looking into it").count(), 1, "{polls} polls: {heard}");
            settles_by_hand(house, &guest, &fake).await;
            if ended {
                break;
            }
        }
    })
    .await;
}

/// Staff take over while the system works; gives what the guest hears afterwards, and the effect.
async fn taken_over_in_the_call(
    house: &House,
    keeps: Keeps,
    fault: Fault,
    says: &[&str],
    on: On,
) -> (FakePms, String, String, Value) {
    let fake = house.connects_patiently(keeps, TimeDelta::zero(), 30.0).await;
    let guest = house.chat().await;
    guest.proves().await;
    let (last, before) = says.split_last().unwrap();
    for text in before {
        guest.says(text).await;
    }
    fake.then(on, fault);
    guest.writes(last).await;
    house.passes(TimeDelta::seconds(6));
    let waiting = fake.waiting();
    let taken = async {
        holds_a_call(&fake, waiting).await;
        house.passes(TimeDelta::seconds(3));
        house.acts(&format!("/conversations/{}/take-over", guest.conversation), json!({})).await;
        fake.release();
    };
    let (ran, ()) = tokio::join!(house.jobs.run_all(), taken);
    ran.unwrap();
    let heard = later(house, &guest).await;
    let shown = house.read(&format!("/conversations/{}", guest.conversation)).await;
    let effect = shown["effects"].as_array().unwrap().last().unwrap().clone();
    assert!(effect["overtaken_at"].is_string(), "{effect}");
    (fake, guest.conversation.clone(), heard, effect)
}

#[tokio::test]
async fn a_call_that_is_under_way_at_a_take_over_comes_to_its_end_in_the_thread_and_nobody_speaks_of_it() {
    story(async |house: &House| {
        let slow = Fault::Slow(PATIENCE);
        let says = ["two extra towels please"];
        let (fake, conversation, heard, effect) =
            taken_over_in_the_call(house, Keeps::Keys, slow, &says, On::Request).await;
        assert_eq!((effect["state"].as_str(), heard.as_str()), (Some("succeeded"), ""), "{effect}");
        assert_eq!(fake.requests().len(), 1);
        let page = house.page_of(&conversation).await;
        assert!(page.contains("asked for 3 seconds before the take-over"), "{page}");
    })
    .await;
}

#[tokio::test]
async fn a_call_that_is_cut_off_at_a_take_over_is_asked_for_but_neither_repeated_nor_added_to() {
    story(async |house: &House| {
        let says = ["A bottle of water to my room please", "yes"];
        for (keeps, fault, state) in [
            (Keeps::Keys, Fault::HangBefore, "unknown"),
            (Keeps::References, Fault::HangBefore, "failed"),
            (Keeps::References, Fault::HangAfter, "succeeded"),
            (Keeps::Nothing, Fault::HangAfter, "unknown"),
        ] {
            let (fake, _, heard, effect) =
                taken_over_in_the_call(house, keeps, fault, &says, On::Charge).await;
            assert_eq!(
                (effect["state"].as_str(), heard.as_str()),
                (Some(state), ""),
                "{keeps:?} {fault:?}: {effect}"
            );
            let id = effect["id"].as_str().unwrap();
            assert_eq!(fake.postings_of(id), usize::from(fault == Fault::HangAfter), "{keeps:?} {fault:?}");
            assert!(fake.requests().is_empty(), "no call for the bar was begun after the take-over");
        }
    })
    .await;
}

#[tokio::test]
async fn a_late_departure_is_set_before_it_is_charged() {
    story(async |house: &House| {
        let fake = house.connects(Keeps::References, TimeDelta::zero()).await;
        let guest = house.chat().await;
        guest.proves().await;
        let quoted = guest.says("can I check out at 13:00?").await;
        assert!(quoted.contains("30.00"), "{quoted}");
        fake.then(On::Charge, Fault::TooMany(1));
        let heard = guest.says("yes").await;
        assert!(heard.contains("Nothing was charged") && heard.contains("colleague"), "{heard}");
        assert_eq!((fake.postings().len(), fake.checkout_of("HRB1001").as_deref()), (0, Some("13:00")));
        let [charge] = charges(house, &guest).await.try_into().expect("one charge");
        let error = charge["error"].as_str().unwrap();
        assert!(error.contains("departure was set to 13:00") && error.contains("not charged"), "{error}");
        assert_eq!(doubts(house, &guest).await, 1);

        for fault in [Fault::DropBefore, Fault::DropAfter] {
            let fake = house.connects(Keeps::References, TimeDelta::zero()).await;
            let guest = house.chat().await;
            guest.proves().await;
            guest.says("can I check out at 13:30?").await;
            fake.then(On::Checkout, fault);
            let heard = guest.says("yes").await;
            assert!(heard.contains("Your check-out is now at 13:30"), "{fault:?}: {heard}");
            assert_eq!((fake.postings().len(), fake.checkout_of("HRB1001").as_deref()), (1, Some("13:30")));
        }
    })
    .await;
}

#[tokio::test]
async fn a_charge_at_a_remote_system_is_taken_back_there() {
    story(async |house: &House| {
        let fake = house.connects(Keeps::Keys, TimeDelta::zero()).await;
        let guest = house.chat().await;
        is_offered_water(&guest).await;
        guest.says("yes").await;
        let [charge] = charges(house, &guest).await.try_into().expect("one charge");
        let path = format!("/charges/{}/void", charge["charge"].as_str().unwrap());
        house.acts(&path, json!({ "reason": "the kitchen is closed" })).await;
        assert!(fake.postings()[0].voided);
    })
    .await;
}

#[tokio::test]
async fn what_was_charged_and_then_refused_is_said_to_staff_and_what_cost_nothing_has_failed() {
    story(async |house: &House| {
        let fake = house.connects(Keeps::Keys, TimeDelta::zero()).await;
        let guest = house.chat().await;
        is_offered_water(&guest).await;
        fake.then(On::Request, Fault::Refused);
        let heard = guest.says("yes").await;
        assert!(heard.contains("It is ordered"), "the bar sees it in Bellhop's own list: {heard}");
        let [charge] = charges(house, &guest).await.try_into().expect("one charge");
        assert_eq!((charge["state"].as_str(), fake.requests().len()), (Some("succeeded"), 0));
        let error = charge["error"].as_str().unwrap();
        assert!(error.contains("charged, but not on the list") && error.contains("not_now"), "{error}");
        assert_eq!((doubts(house, &guest).await, house.open_requests().await.len()), (1, 1));

        let guest = house.chat().await;
        guest.proves().await;
        fake.then(On::Request, Fault::Refused);
        let heard = guest.says("two extra towels please").await;
        assert!(heard.contains("did not work just now"), "{heard}");
        assert_eq!((doubts(house, &guest).await, house.open_requests().await.len()), (1, 1));
    })
    .await;
}
