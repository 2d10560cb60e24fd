//! From the bot to a person and back: the reason is told, the bot falls silent, and afterwards it knows what was said.

use super::support::app::PATIENT;
use super::support::process::PATIENCE;
use super::support::{Chat, House, Setup, story};
use bellhop::lab::stub_model::{Behaviour, Mode};
use serde_json::{Value, json};

const ANA: &str = "+34600111222";

async fn act(house: &House, guest: &str, what: &str, body: Value) -> Value {
    house.acts(&format!("/conversations/{guest}/{what}"), body).await
}

async fn shown(house: &House, conversation: &str) -> Value {
    house.read(&format!("/conversations/{conversation}")).await
}

async fn reason_of(house: &House, guest: &Chat<'_>) -> Vec<&'static str> {
    house.reasons(&guest.conversation).await.iter().map(|reason| reason.kind()).collect()
}

#[tokio::test]
async fn who_asks_for_a_human_waits_in_the_inbox_with_that_reason() {
    story(async |house: &House| {
        let guest = house.chat().await;
        let heard = guest.says("Let me talk to a human").await;
        assert!(heard.contains("colleague"), "the guest is told: {heard}");
        assert_eq!(reason_of(house, &guest).await, ["asked_for_person"]);
        assert_eq!(guest.status().await, "waiting");
        let waiting = house.read("/conversations?property=harbour&status=waiting").await;
        assert_eq!(waiting["items"][0]["id"], guest.conversation.as_str(), "{waiting}");
        assert_eq!(waiting["items"].as_array().unwrap().len(), 1, "{waiting}");
    })
    .await;
}

#[tokio::test]
async fn an_angry_message_reaches_staff_with_its_mood() {
    story(async |house: &House| {
        let guest = house.chat().await;
        let heard = guest
            .says("This is the worst hotel ever. Disgusting room, rude staff, I am furious and want my money back!")
            .await;
        let reasons = reason_of(house, &guest).await;
        assert!(reasons.contains(&"mood") || reasons.contains(&"keyword"), "{reasons:?}: {heard}");
        assert!(heard.contains("colleague"), "{heard}");
        let calm = house.chat().await;
        calm.says("The room is lovely, thank you! Where can I park?").await;
        assert_eq!(reason_of(house, &calm).await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn staff_take_over_by_sms_the_bot_is_silent_and_continues_knowing_what_was_said() {
    Setup::with_model(Mode::Sensible)
        .tell(async |house: &House| {
            let phone = house.phone(ANA);
            phone.says("Let me talk to a human").await;
            let list = house.read("/conversations?property=harbour").await;
            let id = list["items"][0]["id"].as_str().unwrap().to_owned();

            act(house, &id, "take-over", json!({})).await;
            assert_eq!(shown(house, &id).await["status"], "staff");
            act(
                house,
                &id,
                "messages",
                json!({ "text": "Marta here. The parrot is in the garden.", "client_id": "m1" }),
            )
            .await;
            house.works().await;
            assert!(phone.hears().await.contains("Marta here."), "on the guest's own channel");

            let calls = house.model().hits();
            assert_eq!(phone.says("and two towels please").await, "", "the bot is silent");
            assert_eq!(house.model().hits(), calls, "and does not even think");
            assert!(house.open_requests().await.is_empty());

            act(house, &id, "hand-back", json!({})).await;
            house.settles().await;
            phone.hears().await;
            let heard = phone.says("wifi?").await;
            assert!(!heard.is_empty());
            let last = house.model().requests().pop().expect("the model was asked").to_string();
            assert!(last.contains("The parrot is in the garden."), "{last}");
        })
        .await;
}

#[tokio::test]
async fn what_was_left_to_staff_is_answered_if_they_hand_back_without_a_word() {
    story(async |house: &House| {
        for speak in [false, true] {
            let guest = house.chat().await;
            assert!(guest.says("Let me talk to a human").await.contains("colleague"));
            assert_eq!(guest.says("grumpf").await, "", "staff have been called, and the guest knows");
            act(house, &guest.conversation, "take-over", json!({})).await;
            if speak {
                act(house, &guest.conversation, "messages", json!({ "text": "Marta.", "client_id": "m1" }))
                    .await;
            }
            act(house, &guest.conversation, "hand-back", json!({})).await;
            house.works().await;
            let heard = guest.hears().await;
            let spoken = if speak { 1 } else { 0 };
            assert_eq!(heard.matches("Marta.").count(), spoken, "{heard}");
            assert_eq!(heard.lines().count() > spoken, !speak, "somebody answers, once: {heard}");
            house.assert_quiet().await;
        }
    })
    .await;
}

#[tokio::test]
async fn two_colleagues_cannot_both_take_a_conversation() {
    story(async |house: &House| {
        let guest = house.chat().await;
        guest.says("Let me talk to a human").await;
        let path = format!("/conversations/{}/take-over", guest.conversation);
        let first = house.key_of("first", bellhop::domain::people::Scope::Write, None).await;
        let second = house.key_of("second", bellhop::domain::people::Scope::Write, None).await;
        assert_eq!(house.api_as(&first, "POST", &path, Some(json!({}))).await.status, 200);
        let late = house.api_as(&second, "POST", &path, Some(json!({}))).await;
        assert_eq!((late.status, late.json()["code"].as_str()), (409, Some("taken")), "{}", late.body);
        let reply = format!("/conversations/{}/messages", guest.conversation);
        let late =
            house.api_as(&second, "POST", &reply, Some(json!({ "text": "hello", "client_id": "a" }))).await;
        assert_eq!((late.status, late.json()["code"].as_str()), (409, Some("not_yours")), "{}", late.body);
    })
    .await;
}

#[tokio::test]
async fn a_guest_whom_the_holder_leaves_waiting_rings_and_a_colleague_may_take_over() {
    story(async |house: &House| {
        let guest = house.chat().await;
        guest.says("Let me talk to a human").await;
        let path = format!("/conversations/{}/take-over", guest.conversation);
        let first = house.key_of("first", bellhop::domain::people::Scope::Write, None).await;
        let second = house.key_of("second", bellhop::domain::people::Scope::Write, None).await;
        let taken = house.api_as(&first, "POST", &path, Some(json!({}))).await;
        assert_eq!(taken.status, 200, "{}", taken.body);
        guest.writes("are you still there, Marta?").await;
        house.works().await;
        assert!(house.twilio.sent().await.is_empty(), "the holder has time");
        house.passes(chrono::TimeDelta::minutes(10));
        house.works().await;
        assert!(reason_of(house, &guest).await.contains(&"guest_waits"));
        house.passes(chrono::TimeDelta::minutes(5));
        house.works().await;
        let rings = house.twilio.sent().await;
        assert_eq!(rings.len(), 1, "{rings:?}");
        assert!(!rings[0].text.contains("Marta"), "no word of the guest's: {}", rings[0].text);
        let holder = shown(house, &guest.conversation).await["holder"]["id"].clone();
        let body = json!({ "expected_holder": holder });
        let over = house.api_as(&second, "POST", &path, Some(body)).await;
        assert_eq!(over.status, 200, "{}", over.body);
    })
    .await;
}

#[tokio::test]
async fn a_take_over_in_the_middle_of_a_turn_silences_it() {
    Setup { toml: PATIENT.to_owned(), ..Setup::with_model(Mode::Sensible) }
        .tell(async |house: &House| {
            let guest = house.chat().await;
            guest.proves().await;
            guest.writes("two towels please").await;
            house.passes(chrono::TimeDelta::seconds(6));
            house.model().then(Behaviour::Slow(PATIENCE));
            let takes_over = async {
                house.thinks().await;
                act(house, &guest.conversation, "take-over", json!({})).await;
                house.model().release();
            };
            tokio::join!(house.works(), takes_over);
            let heard = guest.heard().await;
            assert!(heard.iter().all(|heard| heard.author != "bot"), "{heard:?}");
            assert!(house.open_requests().await.is_empty(), "its effects are fenced off too");
        })
        .await;
}

#[tokio::test]
async fn a_resolved_conversation_opens_again_when_the_guest_writes() {
    story(async |house: &House| {
        let guest = house.chat().await;
        guest.says("Let me talk to a human").await;
        act(house, &guest.conversation, "resolve", json!({})).await;
        assert_eq!(guest.status().await, "resolved");
        assert!(!guest.says("wifi?").await.is_empty());
        assert_eq!(guest.status().await, "bot");
    })
    .await;
}
