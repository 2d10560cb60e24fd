//! Emergencies: told and rung when the webhook is answered, whatever the model or the staff are doing.

use super::support::app::PATIENT;
use super::support::process::PATIENCE;
use super::support::{House, Setup, story};
use bellhop::lab::stub_model::{Behaviour, Mode};
use bellhop::store::outbox;
use chrono::TimeDelta;

const ANA: &str = "+34600111222";

#[tokio::test]
async fn smoke_is_answered_at_once_while_another_turn_hangs_on_a_silent_model() {
    Setup { toml: PATIENT.to_owned(), ..Setup::with_model(Mode::Sensible) }
        .tell(async |house: &House| {
            let phone = house.phone(ANA);
            phone.writes("could you recommend something nice for tonight?").await;
            house.passes(TimeDelta::seconds(6));
            house.model().then(Behaviour::Slow(PATIENCE));
            let smoke = async {
                house.thinks().await;
                phone.writes("There is smoke in the corridor!").await;
                let mut conn = house.db.read().await.unwrap();
                let waiting = outbox::count_due(&mut conn).await.unwrap();
                assert!(waiting >= 1, "the emergency text is in the outbox when the webhook is answered");
                drop(conn);
                let list = house.read("/conversations?property=harbour").await;
                let conversation = list["items"][0]["id"].as_str().unwrap().to_owned();
                let reasons = house.reasons(&conversation).await;
                assert!(reasons.iter().any(|reason| reason.kind() == "emergency"), "{reasons:?}");
                assert!(house.twilio.sent_to(ANA).await.is_empty(), "the turn still hangs");
                house.model().release();
            };
            tokio::join!(house.works(), smoke);
            house.works().await;
            let heard = phone.hears().await;
            assert!(heard.contains("112"), "{heard}");
            assert_eq!(
                house.twilio.sent_to(ANA).await.len(),
                1,
                "the turn that hung says nothing any more: {heard}"
            );
            assert_eq!(
                house.twilio.sent_to("+351210000001").await.len(),
                1,
                "the on-call number rings at once"
            );
        })
        .await;
}

#[tokio::test]
async fn an_alert_that_nobody_opens_rings_the_numbers_in_turn_without_a_word_of_the_guest() {
    story(async |house: &House| {
        let guest = house.chat().await;
        guest.writes("Help, fire in room 204, my name is Ana Ruiz").await;
        assert!(guest.hears().await.contains("112"), "the chat shows it at once");
        for (minutes, first, second) in [(0, 1, 0), (5, 1, 1), (5, 2, 1)] {
            house.passes(TimeDelta::minutes(minutes));
            house.works().await;
            let rings =
                [house.twilio.sent_to("+351210000001").await, house.twilio.sent_to("+351210000002").await];
            assert_eq!((rings[0].len(), rings[1].len()), (first, second), "after {minutes} more minutes");
        }
        for alert in house.twilio.sent().await {
            assert!(alert.text.contains("https://stay.example/"), "{}", alert.text);
            let told = ["Ana", "Ruiz", "room 204"].iter().find(|word| alert.text.contains(**word));
            assert_eq!(told, None, "{}", alert.text);
        }
        house.passes(TimeDelta::hours(3));
        house.works().await;
    })
    .await;
}

#[tokio::test]
async fn harmless_words_raise_no_alarm() {
    story(async |house: &House| {
        let guest = house.chat().await;
        for text in
            ["Is smoking allowed?", "this place is fire!", "the tv is just dead", "I could kill for a coffee"]
        {
            guest.says(text).await;
        }
        let reasons = house.reasons(&guest.conversation).await;
        assert!(reasons.iter().all(|reason| reason.kind() != "emergency"), "{reasons:?}");
    })
    .await;
}
