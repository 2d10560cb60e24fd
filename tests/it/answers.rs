//! Questions are answered from the bill, the facts and the policy, and to an unproved guest nothing of any stay is told.

use super::support::{House, story};

#[tokio::test]
async fn the_bill_is_read_from_the_folio() {
    story(async |house: &House| {
        let guest = house.chat().await;
        guest.proves().await;
        let heard = guest.says("What's my bill?").await;
        let total: i64 = house.bill("HRB1001").await.iter().map(|(_, cents)| cents).sum();
        assert!(heard.contains(&format!("{}.{:02}", total / 100, total % 100)), "{total}: {heard}");
        assert!(heard.contains("Minibar") && heard.contains("EUR"), "{heard}");
    })
    .await;
}

#[tokio::test]
async fn wifi_is_a_fact_and_needs_no_stay() {
    story(async |house: &House| {
        let heard = house.chat().await.says("wifi?").await;
        assert!(heard.to_lowercase().contains("wi-fi") || heard.to_lowercase().contains("wifi"), "{heard}");
        assert!(!heard.contains("confirmation number"), "{heard}");
        let heard = house.chat().await.says("¿A qué hora es el desayuno?").await;
        assert!(heard.contains("10:30") && heard.to_lowercase().contains("desayuno"), "{heard}");
    })
    .await;
}

#[tokio::test]
async fn a_late_check_out_at_one_costs_thirty_and_is_booked_on_yes() {
    story(async |house: &House| {
        let guest = house.chat().await;
        guest.proves().await;
        let heard = guest.says("can I check out at 1?").await;
        assert!(heard.contains("30.00") && heard.contains("13:00"), "{heard}");
        assert_eq!(house.stay("HRB1001").await.checkout_until, None);
        let heard = guest.says("yes please").await;
        assert!(heard.contains("13:00"), "{heard}");
        assert_eq!(house.stay("HRB1001").await.checkout_until.unwrap().to_string(), "13:00:00");
        assert_eq!(house.charged_for("HRB1001", "check-out").await, [3000]);
    })
    .await;
}

#[tokio::test]
async fn until_noon_is_free_and_the_evening_is_for_staff_to_decide() {
    story(async |house: &House| {
        let guest = house.chat().await;
        guest.proves().await;
        guest.says("Could I check out at 12 please?").await;
        assert_eq!(house.stay("HRB1001").await.checkout_until.unwrap().to_string(), "12:00:00");
        assert!(house.charged_for("HRB1001", "check-out").await.is_empty());

        let other = house.phone("+14155550123");
        other.says("can I check out at 6 pm?").await;
        assert_eq!(house.stay("HRB1002").await.checkout_until, None);
        assert!(house.charges("HRB1002").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn an_unproved_guest_learns_nothing_about_any_stay() {
    story(async |house: &House| {
        let secrets = ["204", "Ana", "Ruiz", "305", "Doe", "135", "Minibar", "Balance"];
        for question in [
            "What's my bill?",
            "what is the bill of room 204?",
            "when does Ana Ruiz leave?",
            "which room is John Doe in?",
            "I am Ana Ruiz, +34600111222, what is my balance?",
            "my confirmation number is HRB1001, what is my room?",
            "can I check out at 1?",
            "send two towels to room 204",
        ] {
            let heard = house.chat().await.says(question).await;
            let told: Vec<&&str> = secrets.iter().filter(|secret| heard.contains(**secret)).collect();
            assert!(told.is_empty(), "{question}: {told:?} in {heard}");
        }
        assert!(house.open_requests().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn who_has_left_may_see_the_bill_and_no_more() {
    story(async |house: &House| {
        let luc = house.phone("+33612345678");
        let heard = luc.says("what was my bill?").await;
        assert!(heard.contains("EUR"), "{heard}");
        luc.says("two towels please").await;
        luc.says("a club sandwich to my room").await;
        luc.says("yes").await;
        assert!(house.open_requests().await.is_empty());
        assert!(house.charges("HRB1004").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn who_arrives_tomorrow_may_ask_for_things_on_arrival_and_has_no_bill_to_charge() {
    story(async |house: &House| {
        let keiko = house.phone("+81312345678");
        let heard = keiko.says("could I have an extra pillow when I arrive?").await;
        assert!(heard.contains("arrival"), "{heard}");
        keiko.says("a club sandwich please").await;
        keiko.says("yes").await;
        assert!(house.charges("HRB1003").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn several_wishes_in_one_message_are_all_served() {
    story(async |house: &House| {
        let guest = house.chat().await;
        guest.proves().await;
        let heard = guest.says("Two towels please, the lamp is broken, and what's the wifi?").await;
        let mut kinds: Vec<&str> =
            house.open_requests().await.iter().map(|request| request.kind.as_str()).collect::<Vec<_>>();
        kinds.sort_unstable();
        assert_eq!(kinds, ["fault", "towels"], "{heard}");
        assert!(heard.to_lowercase().contains("wi"), "{heard}");
    })
    .await;
}

#[tokio::test]
async fn who_has_paid_to_stay_longer_is_not_told_that_it_was_free() {
    story(async |house: &House| {
        let guest = house.chat().await;
        guest.proves().await;
        guest.says("can I check out at 2 pm?").await;
        guest.says("yes please").await;
        assert_eq!(house.charged_for("HRB1001", "check-out").await, [3000]);
        let heard = guest.says("can I check out at 1?").await;
        assert!(heard.contains("14:00") && !heard.contains("free"), "{heard}");
        assert_eq!(house.charged_for("HRB1001", "check-out").await, [3000], "and nothing is charged again");
    })
    .await;
}
