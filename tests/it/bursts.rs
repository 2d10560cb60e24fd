//! Guests who write fast: a burst is one turn, a newer message restarts one that has done nothing, nothing is lost.

use super::support::{House, Setup, story};
use bellhop::lab::stub_model::Mode;
use chrono::TimeDelta;
use serde_json::json;

#[tokio::test]
async fn fifty_text_messages_in_a_second_are_all_stored_and_answered_as_one() {
    Setup::with_model(Mode::Sensible)
        .tell(async |house: &House| {
            let phone = house.phone("+34600111222");
            for place in 0..50 {
                phone.writes(&format!("message {place} of many")).await;
                house.passes(TimeDelta::milliseconds(20));
            }
            house.settles().await;
            let list = house.read("/conversations?property=harbour").await;
            let id = list["items"][0]["id"].as_str().unwrap();
            let all = house.read(&format!("/conversations/{id}/messages?limit=200")).await;
            let guests =
                all["items"].as_array().unwrap().iter().filter(|message| message["author"] == "guest");
            assert_eq!(guests.count(), 50);
            let heard = phone.hears().await;
            assert!(heard.matches("faster than me").count() <= 1, "{heard}");
            let sent = house.twilio.sent().await.len();
            assert!((1..=3).contains(&sent), "one turn's answer, not {sent} messages: {heard}");
            assert!(house.model().hits() <= 6, "{} calls of the model", house.model().hits());
        })
        .await;
}

#[tokio::test]
async fn the_web_chat_asks_a_fast_guest_to_wait_and_takes_the_message_later() {
    story(async |house: &House| {
        let guest = house.chat().await;
        let mut refused = None;
        for place in 0..50 {
            let body = json!({ "text": format!("message {place}"), "client_id": format!("fast-{place}") });
            let answer = guest.posts(&body).await;
            match answer.status {
                202 => {}
                429 => {
                    refused.get_or_insert((answer, body));
                }
                other => panic!("{other}: {}", answer.body),
            }
        }
        let (answer, body) = refused.expect("fifty in no time are too many");
        let wait: i64 = answer.headers["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=60).contains(&wait), "{wait}");
        house.passes(TimeDelta::seconds(wait));
        assert_eq!(guest.posts(&body).await.status, 202, "after the time that it was told");
        house.settles().await;
        let heard = guest.heard().await;
        assert!(heard.len() <= 4, "{heard:?}");
    })
    .await;
}

#[tokio::test]
async fn a_turn_begins_when_the_guest_has_finished_and_at_the_latest_after_five_seconds() {
    story(async |house: &House| {
        let guest = house.chat().await;
        guest.writes("hello").await;
        house.passes(TimeDelta::milliseconds(1400));
        house.works().await;
        assert!(guest.heard().await.is_empty(), "the guest may still be writing");
        for _ in 0..3 {
            guest.writes("and").await;
            house.passes(TimeDelta::milliseconds(1200));
        }
        house.works().await;
        assert!(!guest.heard().await.is_empty(), "after five seconds it is answered, writing or not");
        house.settles().await;
    })
    .await;
}

#[tokio::test]
async fn the_same_client_id_again_is_the_same_message() {
    story(async |house: &House| {
        let guest = house.chat().await;
        let body = json!({ "text": "wifi?", "client_id": "one" });
        let first = guest.posts(&body).await;
        let again = guest.posts(&body).await;
        assert_eq!((first.status, again.status), (202, 200));
        assert_eq!(first.json()["message"], again.json()["message"]);
        house.settles().await;
        let page = guest.page(0).await;
        let mine = page["messages"].as_array().unwrap().iter().filter(|message| message["author"] == "guest");
        assert_eq!(mine.count(), 1);
    })
    .await;
}
