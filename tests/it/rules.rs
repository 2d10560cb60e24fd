//! A manager writes an escalation rule, publishes it, sees it work on whole words, and rolls it back.

use super::support::{House, story};
use serde_json::{Value, json};

async fn publishes(house: &House, rules: Value) -> i64 {
    let made = house.acts("/properties/harbour/rules", json!({ "rules": rules })).await;
    assert_eq!(made["state"], "draft", "{made}");
    let version = made["version"].as_i64().expect("a version");
    house.acts(&format!("/properties/harbour/rules/{version}/publish"), json!({})).await;
    version
}

#[tokio::test]
async fn bed_bugs_escalates_once_published_bed_alone_does_not_and_it_rolls_back() {
    story(async |house: &House| {
        let before = house.read("/properties/harbour/rules").await;
        let live =
            before["items"].as_array().expect("versions").iter().find(|version| version["state"] == "live");
        let live = live.expect("a live version")["version"].as_i64().unwrap();

        let early = house.chat().await;
        early.says("I saw bed bugs").await;
        let kinds = |reasons: &[bellhop::domain::escalation::Reason]| {
            reasons.iter().filter(|reason| reason.kind() == "keyword").count()
        };
        let told_early = house.reasons(&early.conversation).await;

        publishes(house, json!([{ "name": "Pests", "words": ["bed bugs"], "priority": "high" }])).await;
        let guest = house.chat().await;
        guest.says("could I get an extra bed?").await;
        guest.says("the bug in your app bit me in bed").await;
        assert_eq!(kinds(&house.reasons(&guest.conversation).await), 0, "whole words only");
        let heard = guest.says("There are Bed Bugs in my room!").await;
        assert_eq!(kinds(&house.reasons(&guest.conversation).await), 1, "{heard}");
        assert!(heard.contains("colleague"), "{heard}");
        guest.says("really, bed bugs").await;
        assert_eq!(kinds(&house.reasons(&guest.conversation).await), 1, "once per conversation");

        house.acts(&format!("/properties/harbour/rules/{live}/publish"), json!({})).await;
        let late = house.chat().await;
        late.says("I saw bed bugs").await;
        assert_eq!(
            kinds(&house.reasons(&late.conversation).await),
            kinds(&told_early),
            "as it was before the rule"
        );
    })
    .await;
}

#[tokio::test]
async fn a_prompt_that_cannot_be_rendered_is_never_published() {
    story(async |house: &House| {
        let made = house.api(
            "POST",
            "/properties/harbour/prompts",
            Some(json!({ "template": "Hello {{ nobody.name }}" })),
        );
        let made = made.await;
        if made.status == 201 {
            let version = made.json()["version"].as_i64().unwrap();
            let path = format!("/properties/harbour/prompts/{version}/publish");
            let published = house.api("POST", &path, Some(json!({}))).await;
            assert!((400..500).contains(&published.status), "{}", published.body);
        } else {
            assert!((400..500).contains(&made.status), "{}", made.body);
        }
    })
    .await;
}
