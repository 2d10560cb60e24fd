//! What becomes of a message that does not go straight through: put off, refused, in doubt; and who hears of it.

use super::support::twilio::{Mishap, Phone};
use super::support::{House, disk, story};
use bellhop::domain::message::Delivery;
use chrono::TimeDelta;
use serde_json::{Value, json};

const ANA: &str = "+34600111222";

/// The one conversation by text message.
async fn by_sms(house: &House) -> String {
    let list = house.read("/conversations?property=harbour").await;
    let sms = list["items"].as_array().unwrap().iter().find(|row| row["channel"] == "sms");
    sms.expect("a conversation by SMS")["id"].as_str().unwrap().to_owned()
}

async fn deliveries(house: &House, conversation: &str) -> Vec<(String, String)> {
    let page = house.read(&format!("/conversations/{conversation}/messages?limit=200")).await;
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let rows = page["items"].as_array().unwrap().iter();
    rows.map(|row| (word(&row["author"]), word(&row["delivery"]))).collect()
}

async fn staff_say(house: &House, conversation: &str, text: &str) {
    house.acts(&format!("/conversations/{conversation}/messages"), json!({ "text": text })).await;
}

/// The guest has written, the bot has answered, and a dispatcher has claimed the answer.
async fn answer_under_way(house: &House, phone: &Phone<'_>) -> bellhop::store::outbox::OutboxRow {
    // The turn commits its answer; the first sending is put off, so that the row can be claimed by hand.
    house.twilio.will(&[Mishap::TooMany(30)]);
    phone.says("wifi?").await;
    house.passes(TimeDelta::seconds(60));
    let mut rows = house.jobs.dispatcher.claim(10).await.unwrap();
    assert_eq!(rows.len(), 1);
    rows.remove(0)
}

#[tokio::test]
async fn an_answer_that_was_put_off_while_staff_took_over_is_gone_and_holds_up_nobody() {
    story(async |house: &House| {
        let phone = house.phone(ANA);
        let row = answer_under_way(house, &phone).await;
        let id = by_sms(house).await;
        house.acts(&format!("/conversations/{id}/take-over"), json!({})).await;
        house.twilio.will(&[Mishap::TooMany(1)]);
        house.jobs.dispatcher.send(row).await.unwrap();
        staff_say(house, &id, "Marta here.").await;
        house.passes(TimeDelta::minutes(10));
        house.works().await;
        assert_eq!(phone.hears().await, "Marta here.", "the bot stays silent, staff are heard");
        let bots: Vec<_> = deliveries(house, &id).await.into_iter().filter(|row| row.0 == "bot").collect();
        assert_eq!(bots, [("bot".to_owned(), "cancelled".to_owned())]);
    })
    .await;
}

#[tokio::test]
async fn an_answer_that_was_put_off_while_the_guest_opted_out_is_not_sent() {
    story(async |house: &House| {
        let phone = house.phone(ANA);
        let row = answer_under_way(house, &phone).await;
        phone.writes("STOP").await;
        house.twilio.will(&[Mishap::TooMany(1)]);
        house.jobs.dispatcher.send(row).await.unwrap();
        house.passes(TimeDelta::minutes(10));
        house.works().await;
        assert_eq!(phone.hears().await, "");
    })
    .await;
}

#[tokio::test]
async fn an_urgent_rule_takes_back_what_waits_and_the_guest_is_told() {
    story(async |house: &House| {
        let rules = json!([{ "name": "Leak", "words": ["gas bottle"], "priority": "emergency" }]);
        let made = house.acts("/properties/harbour/rules", json!({ "rules": rules })).await;
        let version = &made["version"];
        house.acts(&format!("/properties/harbour/rules/{version}/publish"), json!({})).await;
        let phone = house.phone(ANA);
        house.twilio.will(&[Mishap::TooMany(60)]);
        phone.says("wifi?").await;
        let heard = phone.says("there is a gas bottle in the corridor").await;
        assert!(heard.contains("colleague"), "the guest is always told: {heard}");
        let id = by_sms(house).await;
        staff_say(house, &id, "Marta here.").await;
        house.passes(TimeDelta::minutes(5));
        house.works().await;
        assert_eq!(phone.hears().await, "Marta here.");
        assert!(deliveries(house, &id).await.contains(&("bot".to_owned(), "cancelled".to_owned())));
    })
    .await;
}

#[tokio::test]
async fn what_the_vendor_refuses_is_with_staff_in_the_same_moment() {
    story(async |house: &House| {
        let phone = house.phone(ANA);
        let row = answer_under_way(house, &phone).await;
        house.twilio.will(&[Mishap::Refuses(21211)]);
        // Nothing else runs: whoever sent it may die right after.
        house.jobs.dispatcher.send(row).await.unwrap();
        let reasons = house.reasons(&by_sms(house).await).await;
        assert_eq!(reasons.iter().map(|reason| reason.kind()).collect::<Vec<_>>(), ["undelivered"]);
        let alarms = disk::rows(&house.url, "escalations").await;
        assert_eq!(alarms.len(), 1, "{alarms:?}");
        house.works().await;
        assert_eq!(house.reasons(&by_sms(house).await).await.len(), 1, "once");
    })
    .await;
}

#[tokio::test]
async fn receipts_that_meet_leave_the_later_state() {
    story(async |house: &House| {
        let phone = house.phone(ANA);
        phone.says("wifi?").await;
        let id = by_sms(house).await;
        for round in 0..20 {
            staff_say(house, &id, &format!("line {round}")).await;
        }
        house.works().await;
        let sent = house.twilio.sent().await;
        let told = |sid: &str, status: &'static str| {
            let callback = sent.iter().find(|sent| sent.sid == sid).unwrap().status_callback.clone();
            let form: Vec<(String, String)> = [("MessageSid", sid), ("MessageStatus", status), ("From", ANA)]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into();
            async move {
                let path = callback.strip_prefix("https://stay.example").unwrap();
                assert_eq!(house.signed_hook(path, &form).await.status, 200);
            }
        };
        for message in &sent {
            tokio::join!(
                told(&message.sid, "sent"),
                told(&message.sid, "delivered"),
                told(&message.sid, "sent")
            );
        }
        let states = deliveries(house, &id).await;
        let late = states
            .iter()
            .filter(|(author, state)| author != "guest" && *state != Delivery::Delivered.as_str());
        assert_eq!(late.count(), 0, "{states:?}");
    })
    .await;
}
