//! More guests than workers: a full queue is never silence. Who waits is told so once, in their own language, then staff
//! are called, and what was asked is still answered.

use super::support::{House, story};
use chrono::TimeDelta;
use serde_json::json;

const ANA: &str = "+34600111222";
const TOLD: &str = "longer than usual";
const TOLD_IN_SPANISH: &str = "tarda más de lo habitual";

/// So much time goes by, and no worker has come free.
async fn waits(house: &House, seconds: i64) {
    house.passes(TimeDelta::seconds(seconds));
    house.jobs.sweep().await.unwrap();
    for row in house.jobs.claim_rows(64).await.unwrap() {
        house.jobs.send(row).await.unwrap();
    }
}

#[tokio::test]
async fn who_waits_for_a_worker_is_told_so_once_and_answered_afterwards() {
    story(async |house: &House| {
        let (english, phone) = (house.chat().await, house.phone(ANA));
        house.passes(TimeDelta::minutes(2));
        english.writes("what is the wifi password?").await;
        phone.writes("Buenas tardes, ¿a qué hora se sirve el desayuno?").await;
        waits(house, 50).await;
        assert_eq!((english.hears().await, phone.hears().await), (String::new(), String::new()), "not yet");

        waits(house, 15).await;
        let heard = english.hears().await;
        assert!(
            heard.contains(TOLD) && heard.contains("assistant"),
            "who speaks, and that it takes longer: {heard}"
        );
        let heard = phone.hears().await;
        assert!(heard.contains(TOLD_IN_SPANISH), "{heard}");
        english.writes("hello?").await;
        waits(house, 70).await;
        assert_eq!((english.hears().await, phone.hears().await), (String::new(), String::new()), "told once");

        house.settles().await;
        let heard = english.hears().await;
        assert!(heard.to_lowercase().contains("wi") && !heard.contains(TOLD), "{heard}");
        assert!(!heard.contains("assistant"), "who speaks has been said: {heard}");
        assert!(!phone.hears().await.is_empty(), "answered as well");
        assert!(house.reasons(&english.conversation).await.is_empty(), "nobody had to be called");

        english.writes("and where can I park?").await;
        waits(house, 65).await;
        assert!(english.hears().await.contains(TOLD), "another question, another wait");
        house.settles().await;
        let heard = english.hears().await;
        assert!(heard.to_lowercase().contains("garage") && !heard.contains(TOLD), "{heard}");
    })
    .await;
}

#[tokio::test]
async fn who_waits_on_reaches_a_person_once() {
    story(async |house: &House| {
        let guest = house.chat().await;
        house.passes(TimeDelta::minutes(2));
        guest.writes("what is the wifi password?").await;
        waits(house, 65).await;
        assert!(guest.hears().await.contains(TOLD));
        waits(house, 240).await;
        let heard = guest.hears().await;
        assert!(heard.contains("I have called a colleague"), "{heard}");
        assert_eq!(guest.status().await, "waiting");
        let why: Vec<String> =
            house.reasons(&guest.conversation).await.iter().map(|why| why.in_words()).collect();
        assert_eq!(why, ["no answer: no worker was free for 5 minutes"]);
        waits(house, 400).await;
        assert_eq!(guest.hears().await, "", "said once");
        assert_eq!(house.reasons(&guest.conversation).await.len(), 1, "called once");
        house.settles().await;
        assert!(guest.hears().await.to_lowercase().contains("wi"), "the question is still answered");
    })
    .await;
}

#[tokio::test]
async fn the_bot_says_nothing_to_who_is_with_staff_and_nothing_at_once_after_an_outage() {
    story(async |house: &House| {
        let (taken, new) = (house.chat().await, house.chat().await);
        taken.writes("what is the wifi password?").await;
        house.acts(&format!("/conversations/{}/take-over", taken.conversation), json!({})).await;
        house.passes(TimeDelta::minutes(2));
        new.writes("what is the wifi password?").await;
        house.passes(TimeDelta::minutes(20));
        let restarted = house.restarted();
        restarted.sweep().await.unwrap();
        assert_eq!((taken.hears().await, new.hears().await), (String::new(), String::new()));
        house.works().await;
        let heard = new.hears().await;
        assert!(heard.to_lowercase().contains("wi") && !heard.contains("colleague"), "{heard}");
        assert_eq!(taken.hears().await, "");
    })
    .await;
}

#[tokio::test]
async fn who_was_told_while_the_answer_was_being_made_reads_the_introduction_once() {
    story(async |house: &House| {
        let guest = house.chat().await;
        house.passes(TimeDelta::minutes(2));
        guest.writes("what is the wifi password?").await;
        house.passes(TimeDelta::seconds(5));
        let leased = house.jobs.claim_turns(1).await.unwrap().remove(0);
        waits(house, 61).await;
        assert!(guest.hears().await.contains("assistant"), "who speaks");
        house.jobs.turn(leased).await.unwrap();
        let heard = guest.hears().await;
        assert!(heard.to_lowercase().contains("wi") && !heard.contains("assistant"), "{heard}");
    })
    .await;
}
