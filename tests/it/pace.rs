//! An account with a pace: whatever waits leaves in order and no faster, however many nodes send.

use super::support::twilio::Mishap;
use super::support::{House, story};
use bellhop::domain::ids::{ConversationId, TurnId};
use bellhop::outbox::{self, Speech};
use bellhop::store::{DbError, conversations};
use chrono::TimeDelta;
use serde_json::json;

const GUESTS: usize = 10;
const EACH: usize = 50;

async fn paced(house: &House, per_second: f64) {
    let list = house.read("/properties/harbour/integrations").await;
    let sms = list["items"].as_array().unwrap().iter().find(|row| row["kind"] == "sms.twilio").unwrap();
    let mut config = sms["config"].clone();
    config["messages_per_second"] = json!(per_second);
    let path = format!("/properties/harbour/integrations/{}", sms["id"].as_str().unwrap());
    let answer = house.api("PATCH", &path, Some(json!({ "config": config }))).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
}

/// The bot has this to say.
async fn queues(house: &House, conversation: ConversationId, line: String) {
    let clock = house.clock.clone();
    house
        .db
        .write::<_, DbError, _>(move |tx| {
            Box::pin(async move {
                let mut c = conversations::lock(tx, conversation).await?.unwrap();
                outbox::enqueue(tx, &clock, &mut c, Speech::bot(&line, clock.id::<TurnId>())).await?;
                conversations::update(tx, &c).await
            })
        })
        .await
        .unwrap();
}

/// Two nodes claim at once; gives how many messages they send.
async fn two_nodes_send(house: &House) -> usize {
    let (one, other) = (house.jobs.dispatcher.clone(), house.jobs.dispatcher.clone());
    let (mine, theirs) = tokio::join!(one.claim(64), other.claim(64));
    let rows: Vec<_> = mine.unwrap().into_iter().chain(theirs.unwrap()).collect();
    let count = rows.len();
    for row in rows {
        one.send(row).await.unwrap();
    }
    count
}

fn number(guest: usize) -> String {
    format!("+3460000{guest:04}")
}

#[tokio::test]
async fn five_hundred_replies_leave_one_a_second_in_order_and_a_take_over_ends_its_own() {
    story(async |house: &House| {
        for guest in 0..GUESTS {
            house.phone(&number(guest)).says("hello").await;
        }
        paced(house, 1.0).await;
        house.phone(&number(0)).says("hello").await;
        house.passes(TimeDelta::seconds(5));
        house.twilio.has_pace(TimeDelta::seconds(1));
        let list = house.read("/conversations?property=harbour&limit=50").await;
        let rows = list["items"].as_array().unwrap();
        let id_of = |guest: usize| -> ConversationId {
            let row = rows.iter().find(|row| row["address"] == number(guest).as_str()).unwrap();
            row["id"].as_str().unwrap().parse().unwrap()
        };
        for line in 0..EACH {
            for guest in 0..GUESTS {
                queues(house, id_of(guest), format!("line {line:02}")).await;
            }
        }
        let lines = async |guest: usize| -> Vec<String> {
            let heard = house.twilio.sent_to(&number(guest)).await.into_iter().map(|sent| sent.text);
            heard.filter(|text| text.starts_with("line")).collect()
        };
        let mut sent = 0;
        for second in 0..200 {
            let now = two_nodes_send(house).await;
            assert!(now <= 1, "{now} in second {second}");
            sent += now;
            house.passes(TimeDelta::milliseconds(500));
            assert_eq!(two_nodes_send(house).await, 0, "half a second is too soon");
            house.passes(TimeDelta::milliseconds(500));
        }
        assert_eq!(sent, 200, "as fast as it may be");
        let taken = id_of(3);
        house.acts(&format!("/conversations/{taken}/take-over"), json!({})).await;
        let had = lines(3).await.len();
        assert!((1..EACH).contains(&had), "in the middle: {had}");
        while two_nodes_send(house).await > 0 {
            house.passes(TimeDelta::seconds(1));
        }
        assert_eq!(house.twilio.too_fast(), 0, "the vendor never had to say so");
        for guest in 0..GUESTS {
            let whole = if guest == 3 { had } else { EACH };
            let wanted: Vec<String> = (0..whole).map(|line| format!("line {line:02}")).collect();
            assert_eq!(lines(guest).await, wanted, "guest {guest}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_account_that_is_told_to_wait_waits_as_a_whole() {
    story(async |house: &House| {
        paced(house, 10.0).await;
        for guest in 0..5 {
            house.phone(&number(guest)).writes("hello").await;
        }
        house.twilio.will(&[Mishap::TooMany(30)]);
        house.passes(TimeDelta::seconds(6));
        for leased in house.jobs.claim_turns(10).await.unwrap() {
            house.jobs.turn(leased).await.unwrap();
        }
        let mut rows = house.jobs.dispatcher.claim(1).await.unwrap();
        house.jobs.dispatcher.send(rows.remove(0)).await.unwrap();
        house.passes(TimeDelta::seconds(29));
        assert!(house.jobs.dispatcher.claim(64).await.unwrap().is_empty(), "none of its messages");
        house.passes(TimeDelta::seconds(3));
        house.works().await;
        assert_eq!(house.twilio.sent().await.len(), 5);
    })
    .await;
}

#[tokio::test]
async fn words_for_an_emergency_do_not_wait_behind_a_minute_of_queue() {
    story(async |house: &House| {
        let (calm, burning) = (house.phone(&number(0)), house.phone(&number(1)));
        calm.says("hello").await;
        burning.says("hello").await;
        paced(house, 1.0).await;
        let list = house.read("/conversations?property=harbour&limit=50").await;
        let rows = list["items"].as_array().unwrap();
        let of = |address: String| {
            let row = rows.iter().find(|row| row["address"] == address.as_str()).unwrap();
            row["id"].as_str().unwrap().parse::<ConversationId>().unwrap()
        };
        for line in 0..60 {
            queues(house, of(number(line % 2)), format!("line {line:03}")).await;
        }
        house.passes(TimeDelta::seconds(2));
        two_nodes_send(house).await;
        burning.writes("Help, fire in room 204").await;
        let mut sent = 0;
        while !house.twilio.sent_to(&number(1)).await.iter().any(|text| text.text.contains("112")) {
            house.passes(TimeDelta::seconds(1));
            sent += two_nodes_send(house).await;
            assert!(sent < 5, "it waits in the queue");
        }
        while two_nodes_send(house).await > 0 {
            house.passes(TimeDelta::seconds(1));
        }
        house.works().await;
    })
    .await;
}

#[tokio::test]
async fn a_vendor_that_asks_for_an_hour_is_asked_again_after_two_minutes() {
    story(async |house: &House| {
        house.twilio.will(&[Mishap::TooMany(3600)]);
        let phone = house.phone(&number(0));
        assert_eq!(phone.says("hello").await, "");
        house.passes(TimeDelta::seconds(125));
        house.works().await;
        assert_ne!(phone.hears().await, "");
    })
    .await;
}
