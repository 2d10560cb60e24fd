//! A guest in the web chat asks for towels, proves the stay, and hears that they are on the way and then done.

use super::support::{House, story};
use serde_json::json;

#[tokio::test]
async fn two_extra_towels_are_asked_for_and_the_stay_is_proved_first() {
    story(async |house: &House| {
        let guest = house.chat().await;
        let heard = guest.says("could I get two extra towels?").await;
        assert!(heard.contains("automated assistant"), "the first answer says who speaks: {heard}");
        assert!(heard.contains("confirmation number") && heard.contains("surname"), "{heard}");
        assert!(house.open_requests().await.is_empty(), "nothing is asked for before the stay is proved");

        let heard = guest.says("HRB1001, Ruiz").await;
        assert!(heard.contains("204") && heard.contains("towels"), "{heard}");
        let [request] = house.open_requests().await.try_into().expect("one request");
        assert_eq!((request.kind.as_str(), request.quantity), ("towels", 2));
        assert_eq!((request.room.as_deref(), request.department.as_str()), (Some("204"), "housekeeping"));
    })
    .await;
}

#[tokio::test]
async fn staff_see_the_request_and_close_it_and_the_guest_hears_of_it() {
    story(async |house: &House| {
        let guest = house.chat().await;
        guest.proves().await;
        guest.says("could I get two extra towels?").await;

        let open = house.read("/requests?property=harbour&state=open").await;
        let request = &open["items"][0];
        assert_eq!((&request["room"], &request["quantity"]), (&json!("204"), &json!(2)), "{open}");
        let path = format!("/requests/{}", request["id"].as_str().unwrap());
        let closed = house.api("PATCH", &path, Some(json!({ "state": "done" }))).await;
        assert_eq!(closed.status, 200, "{}", closed.body);
        house.settles().await;
        assert!(house.open_requests().await.is_empty());
        let heard = guest.hears().await;
        assert!(heard.contains("has been done") && heard.contains("towels"), "{heard}");
    })
    .await;
}

#[tokio::test]
async fn number_and_surname_may_come_in_any_case_with_accents_and_in_two_messages() {
    story(async |house: &House| {
        for words in [&["hrb 1001 RUIZ"][..], &["Ana Ruíz, HRB1001"], &["it is HRB1001", "ruiz"]] {
            let guest = house.chat().await;
            guest.says("what is my bill?").await;
            let mut heard = String::new();
            for word in words {
                heard += &guest.says(word).await;
            }
            assert!(heard.contains("Balance"), "{words:?}: {heard}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_wrong_number_and_a_wrong_surname_are_told_the_same_word_for_word() {
    story(async |house: &House| {
        let mut answers = Vec::new();
        for wrong in ["HRB1001, Doe", "HRB9999, Ruiz", "HRB1002, Ruiz"] {
            let guest = house.chat().await;
            guest.says("what is my bill?").await;
            answers.push(guest.says(wrong).await);
        }
        assert!(answers[0].contains("could not find"), "{}", answers[0]);
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    })
    .await;
}

#[tokio::test]
async fn the_sixth_guess_reaches_staff_and_even_the_right_answer_comes_too_late() {
    story(async |house: &House| {
        let guest = house.chat().await;
        guest.says("what is my bill?").await;
        for _ in 0..6 {
            guest.says("HRB1001, Smith").await;
        }
        let reasons = house.reasons(&guest.conversation).await;
        assert!(reasons.iter().any(|reason| reason.kind() == "proof_tries"), "{reasons:?}");
        let heard = guest.says("HRB1001, Ruiz").await;
        assert!(!heard.contains("Balance") && !heard.contains("Ana"), "{heard}");
    })
    .await;
}
