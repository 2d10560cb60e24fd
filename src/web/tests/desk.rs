//! Staff at their desk, over the API: who gets a conversation, what the guest sees, what neighbours do not.

use crate::channels;
use crate::connectors::Posting;
use crate::domain::effect::{Course, Effect, EffectState, Plan};
use crate::domain::ids::{ChargeId, ConversationId, EffectId, ItemId, PropertyId};
use crate::domain::message::Delivery;
use crate::domain::people::{Reach, Role, Scope};
use crate::domain::stay::{Stay, StayState};
use crate::intake::{self, Arrival};
use crate::store::hotel_fixtures::{put, stay};
use crate::store::house_postings;
use crate::store::testing::both;
use crate::store::{conversations, effects, hotels, messages, outbox};
use crate::web::desk;
use crate::web::testing::{Answer, Signed, Site, bearer, json as request};
use axum::http::StatusCode;
use chrono::TimeDelta;
use serde_json::{Value, json};
use std::sync::Arc;

/// A guest writes by SMS, without an account behind it: what is sent waits in the outbox.
pub(super) async fn guest_writes(
    site: &Site,
    property: PropertyId,
    from: &str,
    text: &str,
) -> ConversationId {
    let hotel = hotels::find(&mut site.db.read().await.unwrap(), property).await.unwrap().unwrap();
    let channel = channels::by_name("sms").unwrap();
    let arrival = Arrival {
        hotel: Arc::new(hotel),
        channel: channel.name(),
        capability: channel.capability(),
        integration_id: None,
        conversation: None,
        address: from.to_owned(),
        lasting_id: None,
        vendor_id: site.clock.id::<ConversationId>().to_string(),
        text: text.to_owned(),
        sent_at: None,
        media: Vec::new(),
        button: false,
        choice: None,
        word: None,
    };
    intake::accept(&site.web.intake, arrival).await.unwrap().conversation
}

/// A charge that stands on the bill of the conversation's guest, or does not, by its state.
async fn charge(
    site: &Site,
    property: PropertyId,
    conversation: ConversationId,
    state: EffectState,
) -> Effect {
    let guest = stay(&site.clock, property, "C1", StayState::InHouse);
    let (stay_id, _) = put(&site.db, &site.clock, &guest).await;
    let (id, now): (EffectId, _) = (site.clock.id(), site.clock.now());
    let effect = Effect {
        id,
        property_id: property,
        conversation_id: conversation,
        stay_id,
        turn_id: site.clock.id(),
        tool: "order_item".to_owned(),
        plan: Plan::Charge { item_id: site.clock.id::<ItemId>(), item: "tea".to_owned(), quantity: 1 },
        total: Some(crate::domain::money::Money::new(400, "EUR".parse().unwrap())),
        state,
        error: None,
        anchor_seq: 0,
        confirmed_seq: None,
        quoted_seq: None,
        expires_at: None,
        voided_at: None,
        created_at: now,
        updated_at: now,
        course: Course::default(),
    };
    let row = effect.clone();
    site.db
        .write(move |tx| Box::pin(async move { effects::insert(tx, &row, &row.id.to_string()).await }))
        .await
        .unwrap();
    let posting = Posting {
        reference: id.to_string(),
        description: "tea".to_owned(),
        quantity: 1,
        amount: effect.total.unwrap(),
    };
    let guest = Stay { id: stay_id, ..guest };
    let pms = desk::pms(&site.web, property).await.unwrap();
    pms.folios().unwrap().post(&guest, &posting).await.unwrap();
    effect
}

async fn act(signed: &Signed<'_>, conversation: ConversationId, what: &str, body: Value) -> Answer {
    signed.send("POST", &format!("/api/v1/conversations/{conversation}/{what}"), body).await
}

#[tokio::test]
async fn of_two_who_take_over_the_second_learns_who_was_first() {
    both(|db| async move {
        let site = Site::new(db);
        let here = site.hotel("here").await;
        let first = site.user("first@h.example", Reach::Property(here), Role::Agent).await;
        site.user("second@h.example", Reach::Property(here), Role::Agent).await;
        let (one, two) = (site.sign_in("first@h.example").await, site.sign_in("second@h.example").await);
        let id = guest_writes(&site, here, "+43660111222", "hello?").await;
        // What happens in the same moment has no order in the audit list.
        site.clock.advance(chrono::TimeDelta::seconds(1));
        let taken = act(&one, id, "take-over", json!({})).await;
        assert_eq!(
            (taken.status, &taken.json()["status"]),
            (StatusCode::OK, &json!("staff")),
            "{}",
            taken.body
        );
        let late = act(&two, id, "take-over", json!({ "expected_holder": null })).await;
        assert_eq!((late.status, late.code()), (StatusCode::CONFLICT, "taken".to_owned()));
        assert_eq!(late.json()["holder"], json!({ "id": first, "name": "first@h.example" }));
        let reply = act(&two, id, "messages", json!({ "text": "Good morning" })).await;
        assert_eq!((reply.status, reply.code()), (StatusCode::CONFLICT, "not_yours".to_owned()));
        for what in ["hand-back", "resolve"] {
            assert_eq!(act(&two, id, what, json!({})).await.code(), "not_yours", "{what}");
        }
        let over = act(&two, id, "take-over", json!({ "expected_holder": first })).await;
        assert_eq!(over.json()["holder"]["name"], "second@h.example");
        let audit = site.key(Reach::Property(here), Scope::Read).await;
        let audit = site.send(bearer(request("GET", "/api/v1/audit", &Value::Null), &audit)).await.json();
        assert_eq!(audit["items"][0]["action"], "conversation.taken_over");
    })
    .await;
}

#[tokio::test]
async fn a_reply_takes_over_and_the_same_key_is_the_same_message() {
    both(|db| async move {
        let site = Site::new(db);
        let here = site.hotel("here").await;
        site.user("marta@h.example", Reach::Property(here), Role::Agent).await;
        let marta = site.sign_in("marta@h.example").await;
        let id = guest_writes(&site, here, "+43660111222", "is the pool open").await;
        let words = json!({ "text": " It is, until ten.\u{0} ", "client_id": "k1" });
        let first = act(&marta, id, "messages", words.clone()).await;
        assert_eq!(first.status, StatusCode::CREATED, "{}", first.body);
        let first = first.json();
        assert_eq!(
            (&first["author"], &first["text"], &first["by"], &first["delivery"]),
            (&json!("staff"), &json!("It is, until ten."), &json!("marta@h.example"), &json!("queued"))
        );
        let again = act(&marta, id, "messages", words).await;
        assert_eq!((again.status, again.json()["id"].clone()), (StatusCode::OK, first["id"].clone()));
        let mut conn = site.db.read().await.unwrap();
        assert_eq!(outbox::count_due(&mut conn).await.unwrap(), 1);
        let c = conversations::find(&mut conn, id).await.unwrap().unwrap();
        assert_eq!((c.turn_due_at, c.answered_seq, c.floor.epoch), (None, 1, 1), "the bot answers no more");
        let card = act(&marta, id, "messages", json!({ "text": "4111 1111 1111 1111?" })).await;
        assert!(!card.body.contains("4111 1111"), "{}", card.body);
        assert_eq!(act(&marta, id, "messages", json!({ "text": " \n" })).await.code(), "empty_text");
        let long = act(&marta, id, "messages", json!({ "text": "x".repeat(2_000) })).await;
        assert_eq!(long.code(), "too_long");
    })
    .await;
}

#[tokio::test]
async fn a_note_is_read_by_staff_and_rings_at_no_guest() {
    both(|db| async move {
        let site = Site::new(db);
        let here = site.hotel("here").await;
        site.user("marta@h.example", Reach::Property(here), Role::Agent).await;
        let marta = site.sign_in("marta@h.example").await;
        let id = guest_writes(&site, here, "+43660111222", "hello").await;
        let mut ears = site.db.bells().listen();
        let note = act(&marta, id, "notes", json!({ "text": "he was here last year" })).await;
        assert_eq!((note.status, &note.json()["private"]), (StatusCode::CREATED, &json!(true)));
        let mut rung = Vec::new();
        while let Ok(bell) = ears.try_recv() {
            rung.push(bell);
        }
        assert_eq!(rung, [crate::store::Bell::Desk { property: here }]);
        let list = marta.get(&format!("/api/v1/conversations/{id}/messages?after=1")).await.json();
        assert_eq!(list["items"][0]["text"], "he was here last year");
        assert_eq!(list["status"], "bot", "a note takes nothing over");
        let mut conn = site.db.read().await.unwrap();
        assert_eq!(outbox::count_due(&mut conn).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn hand_back_lets_the_bot_answer_only_what_staff_have_not() {
    both(|db| async move {
        let site = Site::new(db);
        let here = site.hotel("here").await;
        site.user("marta@h.example", Reach::Property(here), Role::Agent).await;
        let marta = site.sign_in("marta@h.example").await;
        let find =
            async |id| conversations::find(&mut site.db.read().await.unwrap(), id).await.unwrap().unwrap();
        let id = guest_writes(&site, here, "+43660111222", "is the pool open").await;
        act(&marta, id, "take-over", json!({})).await;
        assert_eq!(find(id).await.turn_due_at, None);
        act(&marta, id, "hand-back", json!({})).await;
        assert_eq!(find(id).await.turn_due_at, Some(site.clock.now()), "nobody has answered");
        act(&marta, id, "messages", json!({ "text": "yes" })).await;
        act(&marta, id, "hand-back", json!({})).await;
        assert_eq!(find(id).await.turn_due_at, None, "Marta has");
        act(&marta, id, "messages", json!({ "text": "anything else?" })).await;
        guest_writes(&site, here, "+43660111222", "towels please").await;
        assert_eq!(find(id).await.turn_due_at, None, "staff hold it");
        assert!(find(id).await.waiting_since.is_some(), "and the guest waits for them");
        let back = act(&marta, id, "hand-back", json!({})).await.json();
        assert_eq!((&back["status"], &back["holder"]), (&json!("bot"), &Value::Null));
        let c = find(id).await;
        assert_eq!((c.turn_due_at, c.answered_seq, c.guest_seq), (Some(site.clock.now()), 1, 4));
    })
    .await;
}

#[tokio::test]
async fn a_lost_message_is_sent_again_and_no_other() {
    both(|db| async move {
        let site = Site::new(db);
        let here = site.hotel("here").await;
        site.user("marta@h.example", Reach::Property(here), Role::Agent).await;
        let marta = site.sign_in("marta@h.example").await;
        let id = guest_writes(&site, here, "+43660111222", "hello").await;
        let sent = act(&marta, id, "messages", json!({ "text": "good morning" })).await.json();
        let message: crate::domain::ids::MessageId = sent["id"].as_str().unwrap().parse().unwrap();
        let retry = format!("messages/{message}/retry");
        assert_eq!(act(&marta, id, &retry, json!({})).await.code(), "not_failed");
        site.db
            .write(move |tx| {
                Box::pin(async move {
                    outbox::cancel_all(tx, id).await?;
                    messages::set_delivery(tx, message, Delivery::Failed, Some("no such number")).await
                })
            })
            .await
            .unwrap();
        assert_eq!(outbox::count_due(&mut site.db.read().await.unwrap()).await.unwrap(), 0);
        let again = act(&marta, id, &retry, json!({})).await;
        assert_eq!((again.status, &again.json()["delivery"]), (StatusCode::OK, &json!("queued")));
        assert_eq!(outbox::count_due(&mut site.db.read().await.unwrap()).await.unwrap(), 1);
        assert_eq!(act(&marta, id, &retry, json!({})).await.code(), "not_failed");
    })
    .await;
}

#[tokio::test]
async fn a_charge_is_voided_once_and_the_guest_is_told_once() {
    both(|db| async move {
        let site = Site::new(db);
        let here = site.hotel("here").await;
        site.user("marta@h.example", Reach::Property(here), Role::Agent).await;
        let marta = site.sign_in("marta@h.example").await;
        let id = guest_writes(&site, here, "+43660111222", "I had no tea!").await;
        let posted = charge(&site, here, id, EffectState::Succeeded).await;
        let path = format!("/api/v1/charges/{}/void", ChargeId::from(posted.id));
        let voided = marta.send("POST", &path, json!({ "reason": "posted to the wrong room" })).await;
        assert_eq!(voided.status, StatusCode::OK, "{}", voided.body);
        assert!(voided.json()["voided_at"].is_string());
        site.clock.advance(TimeDelta::minutes(1));
        let again = marta.send("POST", &path, json!({ "reason": "once more" })).await;
        assert_eq!(again.json()["voided_at"], voided.json()["voided_at"]);
        let mut conn = site.db.read().await.unwrap();
        let posting = house_postings::find(&mut conn, &posted.id.to_string()).await.unwrap().unwrap();
        assert!(posting.voided_at.is_some(), "it is off the bill");
        let said = messages::list_after(&mut conn, id, 1, 10).await.unwrap();
        assert_eq!(said.len(), 1);
        assert!(said[0].text.contains("4.00 EUR"), "{}", said[0].text);
        let charges = marta.get(&format!("/api/v1/charges?stay={}", posted.stay_id)).await.json();
        assert_eq!(charges["items"][0]["amount"], json!({ "amount_minor": 400, "currency": "EUR" }));
    })
    .await;
}

#[tokio::test]
async fn what_is_not_known_to_be_on_the_bill_is_not_voided() {
    both(|db| async move {
        let site = Site::new(db);
        let here = site.hotel("here").await;
        site.user("marta@h.example", Reach::Property(here), Role::Agent).await;
        let marta = site.sign_in("marta@h.example").await;
        let id = guest_writes(&site, here, "+43660111222", "hm").await;
        for state in [EffectState::Unknown, EffectState::Proposed, EffectState::Failed] {
            let effect = charge(&site, here, id, state).await;
            let path = format!("/api/v1/charges/{}/void", ChargeId::from(effect.id));
            let refused = marta.send("POST", &path, json!({ "reason": "no" })).await;
            assert_eq!((refused.status, refused.code()), (StatusCode::CONFLICT, "not_voidable".to_owned()));
            assert_eq!(refused.json()["state"], json!(state));
            let mut conn = site.db.read().await.unwrap();
            let posting = house_postings::find(&mut conn, &effect.id.to_string()).await.unwrap().unwrap();
            assert_eq!(posting.voided_at, None);
        }
    })
    .await;
}

#[tokio::test]
async fn a_request_that_is_done_or_cannot_be_is_told_to_the_guest() {
    both(|db| async move {
        let site = Site::new(db);
        let here = site.hotel("here").await;
        site.user("marta@h.example", Reach::Property(here), Role::Agent).await;
        let marta = site.sign_in("marta@h.example").await;
        let id = guest_writes(&site, here, "+43660111222", "two towels").await;
        let wish = |item: &str| json!({ "conversation": id, "kind": "towels", "item": item, "quantity": 2, "room": "101" });
        let made = marta.send("POST", "/api/v1/requests", wish("towels")).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        assert_eq!((&made.json()["department"], &made.json()["state"]), (&json!("housekeeping"), &json!("open")));
        let sauna = marta.send("POST", "/api/v1/requests", wish("a sauna")).await.json();
        let path = |request: &Value| format!("/api/v1/requests/{}", request["id"].as_str().unwrap());
        let done = path(&made.json());
        assert_eq!(marta.send("PATCH", &done, json!({ "state": "done" })).await.json()["state"], "done");
        assert_eq!(marta.send("PATCH", &done, json!({ "state": "done" })).await.status, StatusCode::OK);
        let late = marta.send("PATCH", &done, json!({ "state": "cannot" })).await;
        assert_eq!((late.code(), &late.json()["state"]), ("closed".to_owned(), &json!("done")));
        let cannot = json!({ "state": "cannot", "word": "It is closed in June." });
        marta.send("PATCH", &path(&sauna), cannot).await;
        let said = messages::list_after(&mut site.db.read().await.unwrap(), id, 1, 10).await.unwrap();
        assert_eq!(said.len(), 2, "each once");
        assert!(said[0].text.contains("towels") && said[1].text.contains("It is closed in June."));
        assert_eq!(marta.get("/api/v1/requests").await.json()["items"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn neighbours_find_nothing_of_this_hotel() {
    both(|db| async move {
        let site = Site::new(db);
        let (here, there) = (site.hotel("here").await, site.hotel("there").await);
        site.user("marta@h.example", Reach::Property(here), Role::Agent).await;
        site.user("n@h.example", Reach::Property(there), Role::Admin).await;
        let (marta, neighbour) = (site.sign_in("marta@h.example").await, site.sign_in("n@h.example").await);
        let key = site.key(Reach::Property(there), Scope::Admin).await;
        let id = guest_writes(&site, here, "+43660111222", "hello").await;
        let sent = act(&marta, id, "messages", json!({ "text": "good morning" })).await.json();
        let message = sent["id"].as_str().unwrap();
        let effect = charge(&site, here, id, EffectState::Succeeded).await;
        let wish = json!({ "conversation": id, "kind": "towels", "item": "towels" });
        let made = marta.send("POST", "/api/v1/requests", wish.clone()).await.json();
        let (made, charge) = (made["id"].as_str().unwrap(), ChargeId::from(effect.id));
        let guest = marta.get(&format!("/api/v1/conversations/{id}")).await.json()["guest"].clone();
        let guest = guest.as_str().unwrap();
        let text = json!({ "text": "x" });
        for (method, path, body) in [
            ("GET", format!("conversations?property={here}"), Value::Null),
            ("GET", "conversations?property=here".to_owned(), Value::Null),
            ("GET", format!("conversations/{id}"), Value::Null),
            ("GET", format!("conversations/{id}/messages"), Value::Null),
            ("GET", format!("conversations/{id}/timeline"), Value::Null),
            ("POST", format!("conversations/{id}/messages"), text.clone()),
            ("POST", format!("conversations/{id}/notes"), text),
            ("POST", format!("conversations/{id}/take-over"), json!({})),
            ("POST", format!("conversations/{id}/hand-back"), json!({})),
            ("POST", format!("conversations/{id}/resolve"), json!({})),
            (
                "POST",
                format!("conversations/{id}/assign"),
                json!({ "user": marta.caller().await.staff_id() }),
            ),
            ("POST", format!("conversations/{id}/read"), json!({ "seq": 1 })),
            ("POST", format!("conversations/{id}/typing"), json!({})),
            ("POST", format!("conversations/{id}/messages/{message}/retry"), json!({})),
            ("GET", format!("requests?property={here}"), Value::Null),
            ("GET", format!("requests/{made}"), Value::Null),
            ("PATCH", format!("requests/{made}"), json!({ "state": "done" })),
            ("POST", "requests".to_owned(), wish),
            ("GET", format!("charges?stay={}", effect.stay_id), Value::Null),
            ("GET", format!("charges/{charge}"), Value::Null),
            ("POST", format!("charges/{charge}/void"), json!({ "reason": "x" })),
            ("GET", format!("guests/{guest}"), Value::Null),
        ] {
            let path = format!("/api/v1/{path}");
            let by_session = neighbour.send(method, &path, body.clone()).await;
            let by_key = site.send(bearer(request(method, &path, &body), &key)).await;
            for answer in [by_session, by_key] {
                let answer = (answer.status, answer.code());
                assert_eq!(answer, (StatusCode::NOT_FOUND, "not_found".to_owned()), "{method} {path}");
            }
        }
        let theirs = neighbour.get("/api/v1/conversations").await.json();
        assert_eq!(theirs["items"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn a_list_pages_by_activity_and_is_filtered() {
    both(|db| async move {
        let site = Site::new(db);
        let here = site.hotel("here").await;
        let key = site.key(Reach::Property(here), Scope::Write).await;
        for number in 1..=5 {
            guest_writes(&site, here, &format!("+4366011122{number}"), "hello").await;
            site.clock.advance(TimeDelta::seconds(1));
        }
        let get = async |query: &str| {
            let path = format!("/api/v1/conversations?{query}");
            site.send(bearer(request("GET", &path, &Value::Null), &key)).await.json()
        };
        let numbers = |page: &Value| -> Vec<String> {
            let items = page["items"].as_array().unwrap().iter();
            items.map(|item| item["address"].as_str().unwrap()[11..].to_owned()).collect()
        };
        let first = get("limit=2").await;
        assert_eq!(numbers(&first), ["5", "4"]);
        let second = get(&format!("limit=2&cursor={}", first["next_cursor"].as_str().unwrap())).await;
        assert_eq!(numbers(&second), ["3", "2"]);
        let last = get(&format!("limit=2&cursor={}", second["next_cursor"].as_str().unwrap())).await;
        assert_eq!((numbers(&last), last.get("next_cursor")), (vec!["1".to_owned()], None));
        assert_eq!(numbers(&get("q=111223").await), ["3"]);
        assert_eq!(numbers(&get("q=%25").await), [""; 0], "a per cent sign is no wildcard");
        let third = get("q=111223").await["items"][0]["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/conversations/{third}/take-over");
        let taken = site.send(bearer(request("POST", &path, &json!({})), &key)).await;
        assert_eq!(taken.json()["holder"]["name"], "till", "a key acts as staff under its own name");
        assert_eq!(numbers(&get("assignee=me").await), ["3"]);
        assert_eq!(numbers(&get("status=staff").await), ["3"]);
        assert_eq!(numbers(&get("status=bot&q=66011122").await).len(), 4);
        assert_eq!(numbers(&get("status=staff&assignee=me&q=223").await), ["3"]);
        let odd = "/api/v1/conversations?status=open";
        assert_eq!(site.send(bearer(request("GET", odd, &Value::Null), &key)).await.code(), "bad_status");
    })
    .await;
}
