//! A guest writes by SMS: known by the number, answered through Twilio, once, and only when the signature is right.

use super::support::twilio::{Phone, sign};
use super::support::{House, Setup, story};
use bellhop::lab::stub_model::{Behaviour, Mode};

const ANA: &str = "+34600111222";

async fn deliveries(house: &House) -> String {
    super::support::disk::everything(&house.url).await
}

#[tokio::test]
async fn a_known_number_is_served_without_any_question() {
    story(async |house: &House| {
        let phone = house.phone(ANA);
        let heard = phone.says("¿Me pueden traer dos toallas, por favor?").await;
        assert!(heard.contains("204") && heard.contains("toallas"), "{heard}");
        let [request] = house.open_requests().await.try_into().expect("one request");
        assert_eq!((request.quantity, request.room.as_deref()), (2, Some("204")));
    })
    .await;
}

#[tokio::test]
async fn an_unknown_number_has_to_prove_its_stay() {
    story(async |house: &House| {
        let phone = house.phone("+4917612345678");
        let heard = phone.says("two towels please").await;
        assert!(heard.contains("confirmation number"), "{heard}");
        assert!(house.open_requests().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn the_same_webhook_twice_changes_nothing() {
    story(async |house: &House| {
        let phone = house.phone(ANA);
        let form = phone.form("two towels please");
        assert_eq!(phone.delivers(&form).await.status, 200);
        assert_eq!(phone.delivers(&form).await.status, 200);
        house.settles().await;
        assert_eq!(phone.delivers(&form).await.status, 200);
        house.settles().await;
        assert_eq!(house.open_requests().await.len(), 1);
        assert_eq!(house.twilio.sent().await.len(), 1, "one answer");
    })
    .await;
}

#[tokio::test]
async fn a_forged_webhook_is_refused_and_leaves_nothing() {
    story(async |house: &House| {
        let phone = house.phone(ANA);
        let path = "/hooks/twilio/harbour";
        let form = phone.form("two towels please");
        let mut longer = form.clone();
        longer.push(("ProfileName".to_owned(), "Ana".to_owned()));
        let right = sign("https://stay.example/hooks/twilio/harbour", &form);
        let elsewhere = sign("https://evil.example/hooks/twilio/harbour", &form);
        for (form, signature) in
            [(&form, None), (&form, Some("bm9wZQ==")), (&longer, Some(&*right)), (&form, Some(&*elsewhere))]
        {
            let answer = house.hook(path, form, signature).await;
            assert_eq!(answer.status, 403, "{signature:?}: {}", answer.body);
        }
        assert!(!deliveries(house).await.contains("two towels"), "a forged text is not kept");
        house.settles().await;
        assert!(house.twilio.sent().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn the_signature_may_have_been_made_over_the_url_with_its_port() {
    story(async |house: &House| {
        let phone = house.phone(ANA);
        let form = phone.form("wifi?");
        let with_port = sign("https://stay.example:443/hooks/twilio/harbour", &form);
        assert_eq!(house.hook("/hooks/twilio/harbour", &form, Some(&with_port)).await.status, 200);
        house.settles().await;
        assert_eq!(house.twilio.sent().await.len(), 1);
    })
    .await;
}

async fn report(phone: &Phone<'_>, sid: &str, status: &str) -> u16 {
    let fields = [
        ("MessageSid", sid),
        ("MessageStatus", status),
        ("SmsStatus", status),
        ("To", phone.number.as_str()),
        ("From", super::support::twilio::NUMBER),
        ("AccountSid", super::support::twilio::ACCOUNT),
    ];
    let form: Vec<(String, String)> =
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let sent = phone.house.twilio.sent().await;
    let sent = sent.iter().find(|sent| sent.sid == sid).expect("this message was sent");
    let path = sent.status_callback.strip_prefix("https://stay.example").expect("a callback to us");
    phone.house.signed_hook(path, &form).await.status
}

#[tokio::test]
async fn delivery_states_arrive_in_any_order_and_only_go_forward() {
    story(async |house: &House| {
        let phone = house.phone(ANA);
        phone.says("wifi?").await;
        let [sent] = house.twilio.sent().await.try_into().expect("one answer");
        let list = house.read("/conversations?property=harbour").await;
        let path = format!("/conversations/{}/messages", list["items"][0]["id"].as_str().unwrap());
        let delivery = async || house.read(&path).await["items"][1]["delivery"].clone();
        assert_eq!(delivery().await, "sent");
        for (told, shown) in [("delivered", "delivered"), ("sent", "delivered"), ("delivered", "delivered")] {
            assert_eq!(report(&phone, &sent.sid, told).await, 200);
            assert_eq!(delivery().await, shown, "after {told}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_message_that_the_carrier_loses_reaches_staff() {
    story(async |house: &House| {
        let phone = house.phone(ANA);
        phone.says("wifi?").await;
        let [sent] = house.twilio.sent().await.try_into().expect("one answer");
        report(&phone, &sent.sid, "undelivered").await;
        house.works().await;
        let all = deliveries(house).await;
        assert!(all.contains("undelivered"), "staff are called");
    })
    .await;
}

#[tokio::test]
async fn who_writes_cancel_hears_nothing_until_start() {
    story(async |house: &House| {
        let phone = house.phone(ANA);
        phone.says("a club sandwich to my room please").await;
        for (text, answered) in [("CANCEL", false), ("wifi?", false), ("START", false), ("wifi?", true)] {
            let heard = phone.says(text).await;
            assert_eq!(!heard.is_empty(), answered, "{text}: {heard}");
        }
        let found = house.read("/conversations?property=harbour&q=600111222").await;
        let id = found["items"][0]["id"].as_str().expect("a conversation");
        let kept = house.read(&format!("/conversations/{id}/messages")).await;
        for message in kept["items"].as_array().expect("messages") {
            let carriers = message["text"] == "CANCEL" || message["text"] == "START";
            let has_mood = message["author"] == "guest" && !carriers;
            assert_eq!(message["mood"].is_number(), has_mood, "no complaint: {message}");
        }
        assert_eq!(house.charged_for("HRB1001", "sandwich").await, [0_i64; 0]);
        assert!(
            house.charges("HRB1001").await.iter().all(|(state, _)| state == "failed"),
            "the quote is over"
        );
    })
    .await;
}

#[tokio::test]
async fn yes_ends_an_opt_out_and_otherwise_confirms() {
    story(async |house: &House| {
        let phone = house.phone(ANA);
        phone.says("a club sandwich to my room please").await;
        phone.says("STOP").await;
        assert_eq!(phone.says("YES").await, "", "it only lifts the opt-out");
        assert!(house.charged_for("HRB1001", "sandwich").await.is_empty());
        let heard = phone.says("a club sandwich to my room please").await;
        assert!(heard.contains("18.00"), "{heard}");
        let heard = phone.says("YES").await;
        assert!(heard.contains("ordered"), "{heard}");
        assert_eq!(house.charged_for("HRB1001", "sandwich").await, [1800]);
    })
    .await;
}

#[tokio::test]
async fn a_model_that_invites_cancel_as_an_answer_is_not_let_through() {
    Setup::with_model(Mode::Always(Behaviour::text("With pleasure. Reply CANCEL if you change your mind.")))
        .tell(async |house: &House| {
            let heard = house.phone(ANA).says("what can you do for me?").await;
            assert!(!heard.is_empty() && !heard.contains("CANCEL"), "{heard}");
            let heard = house.chat().await.says("what can you do for me?").await;
            assert!(heard.contains("CANCEL"), "in the web chat the word means nothing: {heard}");
        })
        .await;
}

#[tokio::test]
async fn a_cry_for_help_is_answered_by_the_hotel_where_the_carriers_own_word_is_not() {
    story(async |house: &House| {
        let phone = house.phone(ANA);
        assert_eq!(phone.says("HELP").await, "", "the carrier answers it");
        assert!(!phone.says("Help!").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn our_own_texts_never_invite_a_word_that_stops_messages() {
    story(async |house: &House| {
        let phone = house.phone(ANA);
        let mut heard = String::new();
        for text in
            ["hello", "a club sandwich please", "no", "what can you do?", "asdf qwer", "late checkout 1pm"]
        {
            heard += &phone.says(text).await;
        }
        for word in ["STOP", "CANCEL", "QUIT", "END", "UNSUBSCRIBE"] {
            assert!(!heard.split(|c: char| !c.is_alphabetic()).any(|found| found == word), "{word}: {heard}");
        }
    })
    .await;
}
