//! The same stories with a language model behind the words, one that does its job and one that does not.

use super::support::{Chat, House, Setup, story};
use bellhop::lab::stub_model::{Behaviour, Mode, StubModel};
use chrono::TimeDelta;
use serde_json::json;

async fn towels(house: &House, guest: &Chat<'_>) {
    guest.says("could I get two extra towels?").await;
    let heard = guest.says("HRB1001, Ruiz").await;
    let requests = house.open_requests().await;
    let [request] = &requests[..] else { panic!("{} requests: {heard}", requests.len()) };
    assert_eq!((request.quantity, request.room.as_deref()), (2, Some("204")), "{heard}");
}

#[tokio::test]
async fn a_sensible_model_brings_towels_and_a_sandwich() {
    Setup::with_model(Mode::Sensible)
        .tell(async |house: &House| {
            let guest = house.chat().await;
            towels(house, &guest).await;
            let heard = guest.says("A club sandwich to my room please").await;
            assert!(heard.contains("18.00"), "{heard}");
            let heard = guest.says("yes, but make it two").await;
            assert!(heard.contains("36.00"), "{heard}");
            guest.says("yes").await;
            assert_eq!(house.charged_for("HRB1001", "sandwich").await, [3600]);
            assert!(house.model().hits() > 0);
        })
        .await;
}

#[tokio::test]
async fn a_sensible_model_answers_questions_and_calls_people() {
    Setup::with_model(Mode::Sensible)
        .tell(async |house: &House| {
            let guest = house.chat().await;
            assert!(guest.says("what is the wifi password?").await.to_lowercase().contains("wi"));
            guest.says("HRB1001, Ruiz. What's my bill?").await;
            let heard = guest.says("can I check out at 1?").await;
            assert!(heard.contains("30.00"), "{heard}");
            guest.says("Let me talk to a human").await;
            assert_eq!(guest.status().await, "waiting");
        })
        .await;
}

#[tokio::test]
async fn the_model_is_asked_as_the_protocol_wants_and_its_cache_is_helped() {
    Setup::with_model(Mode::Sensible)
        .tell(async |house: &House| {
            let guest = house.chat().await;
            guest.says("wifi?").await;
            guest.says("parking?").await;
            let requests = house.model().requests();
            assert!(requests.len() >= 2);
            for request in &requests {
                assert!(request["max_completion_tokens"].is_u64(), "{request}");
                assert!(request["tools"].as_array().is_some_and(|tools| tools.len() >= 3), "{request}");
                assert_eq!(request["prompt_cache_key"], requests[0]["prompt_cache_key"]);
                assert_eq!(request["messages"][0], requests[0]["messages"][0], "the stable part comes first");
            }
        })
        .await;
}

/// Whatever the model does, the guest is answered, the request is made at most once, and nothing false is said.
#[tokio::test]
async fn a_model_that_behaves_badly_loses_no_guest() {
    let towels = || {
        (
            "request_service".to_owned(),
            json!({ "kind": "towels", "item": "towels", "quantity": 2 }).to_string(),
        )
    };
    let misdeeds = [
        ("an unknown tool", Behaviour::UnknownTool),
        ("broken arguments", Behaviour::BrokenArguments),
        ("two calls at once", Behaviour::Calls(vec![towels(), towels()])),
        ("no text", Behaviour::Empty),
        ("half an answer", Behaviour::Truncated),
        ("429", Behaviour::TooMany(30)),
        ("500", Behaviour::ServerError),
        ("garbage", Behaviour::Garbage),
        ("silence", Behaviour::Silence),
    ];
    for (name, misdeed) in misdeeds {
        let setup = Setup {
            model: Some(Mode::Always(misdeed)),
            toml: "[llm]\ncall_secs = 1\nturn_secs = 1\n".to_owned(),
        };
        setup
            .tell(async |house: &House| {
                let guest = house.chat().await;
                guest.proves().await;
                let heard = guest.says("two towels please").await;
                assert!(!heard.is_empty(), "{name}: no answer");
                let made = house.open_requests().await.len();
                assert!(made <= 1, "{name}: {made} requests: {heard}");
                let claimed = heard.contains("I have asked housekeeping");
                assert_eq!(claimed, made == 1, "{name}: {made} requests, but told: {heard}");
                let waiting = guest.status().await == "waiting";
                assert!(made == 1 || waiting, "{name}: neither served nor passed to staff: {heard}");
            })
            .await;
    }
}

#[tokio::test]
async fn a_model_that_fails_once_is_not_asked_again_and_again() {
    Setup::with_model(Mode::Always(Behaviour::ServerError))
        .tell(async |house: &House| {
            house.chat().await.says("wifi?").await;
            assert!(house.model().hits() <= 2, "{} calls", house.model().hits());
        })
        .await;
}

#[tokio::test]
async fn a_second_model_answers_for_the_first_which_is_left_alone_for_a_while() {
    story(async |house: &House| {
        let broken = StubModel::start(Mode::Always(Behaviour::ServerError)).await.unwrap();
        let sound = StubModel::start(Mode::Sensible).await.unwrap();
        for (name, model) in [("First", &broken), ("Second", &sound)] {
            let config = json!({ "base_url": model.base_url(), "model": "m" });
            let account = json!({ "kind": "llm.openai", "name": name, "config": config });
            house.acts("/properties/harbour/integrations", account).await;
            house.passes(TimeDelta::seconds(1));
        }
        let guest = house.chat().await;
        for turn in 1..=6 {
            let heard = guest.says("what is the wifi password?").await;
            assert!(heard.to_lowercase().contains("wi"), "{heard}");
            assert!(sound.hits() >= turn, "the second model answered");
        }
        assert_eq!(broken.hits(), 5, "after five failures nobody waits for it");
        let shown = house.read("/properties/harbour/integrations").await;
        let first = shown["items"].as_array().unwrap().iter().find(|one| one["name"] == "First").unwrap();
        assert!(first["last_error"].as_str().unwrap().contains("held back"), "{first}");
        house.passes(TimeDelta::seconds(15));
        guest.says("what is the wifi password?").await;
        assert_eq!(broken.hits(), 6, "one call tries it again");

        sound.stop().await;
        let heard = guest.says("what is the wifi password?").await;
        assert!(heard.to_lowercase().contains("wi"), "the house brain answers: {heard}");
    })
    .await;
}
