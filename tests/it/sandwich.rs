//! A guest orders: the price is told, the guest agrees, and exactly that is charged, once.

use super::support::{Chat, House, Setup, story};
use bellhop::lab::stub_model::{Behaviour, Mode};
use bellhop::store::Bell;
use chrono::TimeDelta;
use serde_json::json;

async fn in_room_204(house: &House) -> Chat<'_> {
    let guest = house.chat().await;
    guest.proves().await;
    guest
}

async fn sandwiches(house: &House) -> Vec<i64> {
    house.charged_for("HRB1001", "sandwich").await
}

#[tokio::test]
async fn a_club_sandwich_is_quoted_agreed_to_charged_once_and_sent_to_the_kitchen() {
    story(async |house: &House| {
        let guest = in_room_204(house).await;
        let heard = guest.says("A club sandwich to my room please").await;
        assert!(heard.contains("18.00") && heard.contains("EUR"), "{heard}");
        assert!(sandwiches(house).await.is_empty() && house.open_requests().await.is_empty());

        let heard = guest.says("yes").await;
        assert!(heard.contains("ordered") && heard.contains("18.00"), "{heard}");
        assert_eq!(sandwiches(house).await, [1800]);
        let [request] = house.open_requests().await.try_into().expect("one request");
        assert_eq!((request.department.as_str(), request.room.as_deref()), ("kitchen", Some("204")));
        assert_eq!(request.quantity, 1);
    })
    .await;
}

#[tokio::test]
async fn yes_but_make_it_two_is_a_new_quote() {
    story(async |house: &House| {
        let guest = in_room_204(house).await;
        guest.says("A club sandwich to my room please").await;
        let heard = guest.says("yes, but make it two").await;
        assert!(heard.contains("36.00"), "{heard}");
        assert!(sandwiches(house).await.is_empty(), "nothing is posted");
        guest.says("yes").await;
        assert_eq!(sandwiches(house).await, [3600], "the new quote alone");
    })
    .await;
}

#[tokio::test]
async fn the_same_yes_delivered_twice_charges_once() {
    story(async |house: &House| {
        let phone = house.phone("+34600111222");
        phone.says("A club sandwich to my room please").await;
        let yes = phone.form("yes");
        phone.delivers(&yes).await;
        phone.delivers(&yes).await;
        house.settles().await;
        phone.delivers(&yes).await;
        house.settles().await;
        assert_eq!(sandwiches(house).await, [1800]);
        assert_eq!(house.open_requests().await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_second_yes_is_told_that_it_is_ordered_already() {
    story(async |house: &House| {
        let guest = in_room_204(house).await;
        guest.says("Two club sandwiches to my room please").await;
        guest.says("yes").await;
        let heard = guest.says("yes").await;
        assert!(heard.contains("already ordered: 2 × club sandwich"), "{heard}");
        assert_eq!(sandwiches(house).await, [3600]);
    })
    .await;
}

#[tokio::test]
async fn the_same_order_again_is_a_new_quote_after_a_no_and_after_a_yes() {
    story(async |house: &House| {
        let guest = in_room_204(house).await;
        for (answer, charged) in [("no", &[][..]), ("yes", &[1800]), ("yes", &[1800, 1800])] {
            let heard = guest.says("A club sandwich to my room please").await;
            assert!(heard.contains("18.00 EUR"), "{heard}");
            guest.says(answer).await;
            assert_eq!(sandwiches(house).await, charged);
        }
    })
    .await;
}

#[tokio::test]
async fn the_same_order_again_instead_of_a_yes_is_quoted_again() {
    story(async |house: &House| {
        let guest = in_room_204(house).await;
        guest.says("A club sandwich to my room please").await;
        let heard = guest.says("a club sandwich to my room please").await;
        assert!(heard.contains("18.00") && heard.contains("yes or no"), "{heard}");
        assert!(sandwiches(house).await.is_empty(), "the price may have come while the guest wrote");
        guest.says("yes").await;
        assert_eq!(sandwiches(house).await, [1800]);
    })
    .await;
}

#[tokio::test]
async fn no_maybe_and_a_question_order_nothing() {
    story(async |house: &House| {
        for answer in
            ["no", "no thanks, not now", "maybe later", "how big is it?", "is there a vegetarian one?"]
        {
            let guest = in_room_204(house).await;
            guest.says("A club sandwich to my room please").await;
            guest.says(answer).await;
            assert!(sandwiches(house).await.is_empty(), "{answer}");
            if answer == "no" {
                let page = house.page_of(&guest.conversation).await;
                assert!(page.contains("not charged: the guest said no"), "words for staff, no code: {page}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_taken_off_the_list_before_the_yes_is_not_ordered() {
    story(async |house: &House| {
        let guest = in_room_204(house).await;
        guest.says("A club sandwich to my room please").await;
        let list = house.read("/properties/harbour/items?limit=200").await;
        let club =
            list["items"].as_array().unwrap().iter().find(|item| item["names"]["en"] == "club sandwich");
        let path =
            format!("/properties/harbour/items/{}", club.expect("on the list")["id"].as_str().unwrap());
        let off = house.api("PATCH", &path, Some(json!({ "active": false }))).await;
        assert_eq!(off.status, 200, "{}", off.body);
        let heard = guest.says("yes").await;
        assert!(heard.contains("no longer open"), "{heard}");
        assert!(sandwiches(house).await.is_empty() && house.open_requests().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn silence_lets_the_quote_expire() {
    story(async |house: &House| {
        let guest = in_room_204(house).await;
        guest.says("A club sandwich to my room please").await;
        let mut bells = house.db.bells().listen();
        house.passes(TimeDelta::minutes(31));
        house.works().await;
        let rings = std::iter::from_fn(|| bells.try_recv().ok());
        assert_eq!(
            rings.filter(|bell| matches!(bell, Bell::Conversation { .. })).count(),
            1,
            "open pages hear that it has ended"
        );
        let heard = guest.says("yes").await;
        assert!(sandwiches(house).await.is_empty(), "{heard}");
        assert!(heard.contains("no longer open"), "{heard}");
    })
    .await;
}

#[tokio::test]
async fn the_card_names_the_offer_in_the_guests_language() {
    story(async |house: &House| {
        let guest = in_room_204(house).await;
        let heard = guest.says("¿Puedo hacer el check-out a las 13:00, por favor?").await;
        let page = guest.page(0).await;
        let messages = page["messages"].as_array().expect("messages");
        let card = messages.iter().find_map(|message| message.get("quote")).expect(&heard);
        assert_eq!(card["item"], "salida tardía hasta las 13:00");
    })
    .await;
}

#[tokio::test]
async fn a_yes_that_was_written_before_the_price_was_told_is_none() {
    story(async |house: &House| {
        let guest = in_room_204(house).await;
        guest.writes("A club sandwich to my room please").await;
        guest.writes("yes").await;
        house.settles().await;
        let heard = guest.hears().await;
        assert!(heard.contains("18.00"), "{heard}");
        assert!(sandwiches(house).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn above_the_limit_staff_decide() {
    story(async |house: &House| {
        let guest = in_room_204(house).await;
        guest.says("Ten bottles of house red to my room please").await;
        guest.says("yes").await;
        assert!(house.charged_for("HRB1001", "house red").await.iter().all(|cents| *cents <= 10_000));
        let reasons = house.reasons(&guest.conversation).await;
        assert!(reasons.iter().any(|reason| reason.kind() == "limit"), "{reasons:?}");
    })
    .await;
}

#[tokio::test]
async fn a_model_that_misquotes_the_price_changes_nothing() {
    Setup::with_model(Mode::Always(Behaviour::text("Done! One club sandwich for 1.80 EUR is on its way.")))
        .tell(async |house: &House| {
            let guest = in_room_204(house).await;
            let model = house.model();
            model
                .then(Behaviour::calls(&[("order_item", json!({ "item": "club sandwich", "quantity": 1 }))]));
            model.then(Behaviour::text("A club sandwich is 1.80 EUR today. Shall I order it?"));
            let heard = guest.says("A club sandwich to my room please").await;
            assert!(heard.contains("18.00"), "{heard}");
            assert!(!heard.contains("1.80"), "{heard}");
            let heard = guest.says("yes").await;
            assert!(!heard.contains("1.80"), "{heard}");
            assert_eq!(sandwiches(house).await, [1800]);
        })
        .await;
}

#[tokio::test]
async fn a_model_that_claims_an_order_which_nobody_made_is_not_believed() {
    Setup::with_model(Mode::Always(Behaviour::text(
        "Done! Your club sandwich has been ordered for 18.00 EUR.",
    )))
    .tell(async |house: &House| {
        let guest = in_room_204(house).await;
        let heard = guest.says("A club sandwich to my room please").await;
        assert!(!heard.contains("has been ordered"), "{heard}");
        assert!(sandwiches(house).await.is_empty() && house.open_requests().await.is_empty());
    })
    .await;
}
