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
async fn an_answer_that_was_taken_back_is_given_once_staff_hand_back_without_a_word() {
    story(async |house: &House| {
        let phone = house.phone(ANA);
        let row = answer_under_way(house, &phone).await;
        let id = by_sms(house).await;
        house.acts(&format!("/conversations/{id}/take-over"), json!({})).await;
        house.acts(&format!("/conversations/{id}/hand-back"), json!({})).await;
        house.works().await;
        assert_eq!(phone.hears().await, "", "the first answer may still have left");
        house.twilio.will(&[Mishap::TooMany(1)]);
        house.jobs.dispatcher.send(row).await.unwrap();
        // The second answer waits for the vendor when staff take over once more.
        house.twilio.will(&[Mishap::TooMany(30)]);
        house.passes(TimeDelta::minutes(1));
        house.works().await;
        house.acts(&format!("/conversations/{id}/take-over"), json!({})).await;
        house.passes(TimeDelta::minutes(1));
        house.works().await;
        assert_eq!(phone.hears().await, "");
        house.acts(&format!("/conversations/{id}/hand-back"), json!({})).await;
        house.works().await;
        let heard = phone.hears().await;
        assert!(heard.to_lowercase().contains("wi"), "{heard}");
        house.assert_quiet().await;
    })
    .await;
}

#[tokio::test]
async fn an_answer_that_was_taken_back_is_not_given_once_staff_have_spoken() {
    story(async |house: &House| {
        let phone = house.phone(ANA);
        house.twilio.will(&[Mishap::TooMany(30)]);
        phone.says("wifi?").await;
        let id = by_sms(house).await;
        staff_say(house, &id, "Marta here.").await;
        house.acts(&format!("/conversations/{id}/hand-back"), json!({})).await;
        house.passes(TimeDelta::minutes(1));
        house.works().await;
        assert_eq!(phone.hears().await, "Marta here.");
        house.assert_quiet().await;
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
            house.passes(TimeDelta::seconds(1));
            house.works().await;
        }
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

#[tokio::test]
async fn a_message_whose_answer_was_lost_is_found_at_the_vendor_and_not_sent_again() {
    story(async |house: &House| {
        let phone = house.phone(ANA);
        house.twilio.will(&[Mishap::TakesAndFails]);
        phone.says("wifi?").await;
        let id = by_sms(house).await;
        assert_eq!(deliveries(house, &id).await[1].1, "unknown");
        house.passes(TimeDelta::seconds(10));
        house.works().await;
        assert_eq!(deliveries(house, &id).await[1].1, "sent");
        assert_eq!((house.twilio.sent().await.len(), house.twilio.looked()), (1, 1));
        assert!(house.reasons(&id).await.is_empty(), "nobody need worry");
        // The same answer once more is another message, and the one found before is not taken for it.
        house.twilio.will(&[Mishap::TakesAndFails]);
        phone.says("wifi?").await;
        house.passes(TimeDelta::seconds(10));
        house.works().await;
        let sent = house.twilio.sent().await;
        assert_eq!(sent.len(), 2, "{sent:?}");
        assert!(deliveries(house, &id).await.iter().all(|(_, state)| state != "unknown"));
    })
    .await;
}

#[tokio::test]
async fn what_the_vendor_never_took_is_sent_once_its_list_would_surely_show_it() {
    story(async |house: &House| {
        let phone = house.phone(ANA);
        house.twilio.will(&[Mishap::Fails]);
        phone.says("wifi?").await;
        for _ in 0..6 {
            house.passes(TimeDelta::seconds(10));
            house.works().await;
        }
        assert!(house.twilio.looked() >= 2, "it is asked more than once");
        assert_eq!(phone.hears().await, "", "that it is not listed yet proves nothing");
        house.passes(TimeDelta::seconds(30));
        house.works().await;
        assert!(phone.hears().await.contains("Wifi"));
        assert_eq!(house.twilio.sent().await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_is_in_doubt_when_staff_take_over_is_not_sent_and_keeps_nobody_waiting() {
    story(async |house: &House| {
        let phone = house.phone(ANA);
        house.twilio.will(&[Mishap::Fails]);
        phone.says("wifi?").await;
        let id = by_sms(house).await;
        house.acts(&format!("/conversations/{id}/take-over"), json!({})).await;
        staff_say(house, &id, "Marta here.").await;
        house.works().await;
        assert_eq!(phone.hears().await, "Marta here.", "at once");
        house.passes(TimeDelta::minutes(2));
        house.works().await;
        assert_eq!(phone.hears().await, "");
        assert_eq!(deliveries(house, &id).await[1].1, "cancelled");
    })
    .await;
}

async fn undelivered(house: &House) -> Vec<Value> {
    house.read("/undelivered?property=harbour").await["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn where_the_vendor_cannot_be_asked_staff_see_it_and_decide() {
    story(async |house: &House| {
        let phone = house.phone(ANA);
        house.twilio.will(&[Mishap::Fails]);
        house.twilio.is_mute(true);
        phone.says("wifi?").await;
        let id = by_sms(house).await;
        let page = house.read(&format!("/conversations/{id}/messages")).await;
        let message = page["items"][1]["id"].as_str().unwrap().to_owned();
        let retry = format!("/conversations/{id}/messages/{message}/retry");
        let early = house.api("POST", &retry, None).await;
        assert_eq!((early.status, early.json()["code"].as_str()), (409, Some("being_asked")));
        assert!(undelivered(house).await.is_empty(), "it is still being asked about");
        for _ in 0..20 {
            house.passes(TimeDelta::minutes(5));
            house.works().await;
        }
        assert_eq!(house.reasons(&id).await.len(), 1);
        let [lost] = undelivered(house).await.try_into().unwrap();
        assert_eq!((lost["state"].as_str(), lost["voice"].as_str()), (Some("unknown"), Some("bot")));
        assert_eq!(house.twilio.sent_to(ANA).await.len(), 0, "never blindly repeated");
        let answer =
            house.api("POST", &format!("/undelivered/{}/let-be", lost["id"].as_str().unwrap()), None).await;
        assert_eq!(answer.status, 204, "{}", answer.body);
        assert!(undelivered(house).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_failed_waits_in_a_list_and_two_clicks_send_it_once() {
    story(async |house: &House| {
        let phone = house.phone(ANA);
        house.twilio.will(&[Mishap::Refuses(21211)]);
        phone.says("wifi?").await;
        let [lost] = undelivered(house).await.try_into().unwrap();
        assert_eq!(lost["state"], "failed");
        assert!(lost["why"].as_str().unwrap().contains(' '), "in words: {lost}");
        assert!(lost["text"].as_str().unwrap().contains("Wifi"));
        let path = format!("/undelivered/{}/retry", lost["id"].as_str().unwrap());
        let (one, other) = tokio::join!(house.api("POST", &path, None), house.api("POST", &path, None));
        let mut answers = [one.status, other.status];
        answers.sort_unstable();
        assert_eq!(answers, [204, 409]);
        house.works().await;
        assert_eq!(house.twilio.sent_to(ANA).await.len(), 1);
        assert!(undelivered(house).await.is_empty());
        let trail = house.read(&format!("/audit?property={}", house.property().await)).await;
        assert!(trail.to_string().contains("message.sent_again"), "{trail}");
        let agent = house.key_of("desk", bellhop::domain::people::Scope::Read, Some("harbour")).await;
        assert_eq!(
            house.api_as(&agent, "POST", &path, None).await.status,
            403,
            "who may only read sends nothing"
        );
    })
    .await;
}

#[tokio::test]
async fn an_alert_that_failed_is_in_the_list_and_rings_again() {
    story(async |house: &House| {
        let guest = house.chat().await;
        house.twilio.will(&[Mishap::Refuses(21211)]);
        guest.says("There is smoke in the corridor!").await;
        let [lost] = undelivered(house).await.try_into().unwrap();
        assert_eq!((lost["voice"].as_str(), lost["conversation"].is_null()), (Some("alert"), true));
        let path = format!("/undelivered/{}/retry", lost["id"].as_str().unwrap());
        let before = house.twilio.sent().await.len();
        assert_eq!(house.api("POST", &path, None).await.status, 204);
        assert_eq!(house.api("POST", &path, None).await.status, 409);
        house.works().await;
        assert_eq!(house.twilio.sent().await.len(), before + 1);
        assert!(undelivered(house).await.is_empty());
    })
    .await;
}
