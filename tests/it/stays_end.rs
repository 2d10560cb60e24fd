//! A stay ends, and with it what it proves; and a hotel whose own system cannot be opened still answers its guests.

use super::support::{House, story};
use bellhop::domain::stay::{Stay, StayState};
use bellhop::store::{DbError, stays};
use chrono::{Days, TimeDelta};

const ANA: &str = "+34600111222";

async fn leaves(house: &House, confirmation: &str) -> Stay {
    let stay = house.stay(confirmation).await;
    let (id, room, now) = (stay.id, stay.room.clone(), house.clock.now());
    house
        .db
        .write::<_, DbError, _>(move |tx| {
            Box::pin(
                async move { stays::set_room_and_state(tx, id, room.as_deref(), StayState::Left, now).await },
            )
        })
        .await
        .unwrap();
    stay
}

#[tokio::test]
async fn long_after_the_stay_its_number_opens_no_bill() {
    story(async |house: &House| {
        let phone = house.phone(ANA);
        let heard = phone.says("¿Cuánto debo?").await;
        assert!(heard.contains("Minibar"), "{heard}");
        leaves(house, "HRB1001").await;
        house.passes(TimeDelta::days(90));
        // Numbers are given to other people.
        let heard = phone.says("¿Cuánto debo?").await;
        assert!(!heard.contains("Minibar") && !heard.contains("Ana"), "{heard}");
        assert!(heard.contains("número de confirmación"), "{heard}");
    })
    .await;
}

#[tokio::test]
async fn a_guest_who_comes_again_is_known_by_the_new_stay() {
    story(async |house: &House| {
        let phone = house.phone(ANA);
        phone.says("dos toallas, por favor").await;
        let before = leaves(house, "HRB1001").await;
        house.passes(TimeDelta::days(90));
        let again = Stay {
            id: house.clock.id(),
            external_id: "HRB2002".to_owned(),
            confirmation: "HRB2002".to_owned(),
            room: Some("311".to_owned()),
            state: StayState::InHouse,
            arrives_on: before.arrives_on + Days::new(90),
            departs_on: before.departs_on + Days::new(90),
            ..before
        };
        let now = house.clock.now();
        house
            .db
            .write::<_, DbError, _>(move |tx| Box::pin(async move { stays::upsert(tx, &again, now).await }))
            .await
            .unwrap();
        phone.says("dos toallas, por favor").await;
        let rooms: Vec<_> =
            house.open_requests().await.into_iter().filter_map(|request| request.room).collect();
        assert_eq!(rooms, ["204", "311"]);
    })
    .await;
}

#[tokio::test]
async fn every_number_of_a_wrong_proof_counts_as_a_try() {
    story(async |house: &House| {
        let guest = house.chat().await;
        guest.says("HRB9001 or HRB9002 or HRB9003, name Smith").await;
        guest.says("HRB9004 or HRB9005 or HRB9006, name Smith").await;
        let heard = guest.says("my confirmation number is HRB1001, Ruiz").await;
        assert!(!heard.contains("Ana"), "more than five wrong tries: {heard}");
        assert!(house.reasons(&guest.conversation).await.iter().any(|reason| reason.kind() == "proof_tries"));
    })
    .await;
}

#[tokio::test]
async fn where_the_hotels_system_cannot_be_opened_the_guest_is_told_and_staff_are_called() {
    story(async |house: &House| {
        let guest = house.chat().await;
        let property = house.property().await;
        let gone = bellhop::domain::integration::Integration {
            id: house.clock.id(),
            property_id: property,
            kind: "pms.gone".to_owned(),
            name: "gone".to_owned(),
            config: serde_json::Map::new(),
            enabled: true,
            last_ok_at: None,
            last_error: None,
            created_at: house.clock.now(),
        };
        // The oldest of several counts.
        let then = house.clock.now() - TimeDelta::days(400);
        house
            .db
            .write::<_, DbError, _>(move |tx| {
                Box::pin(async move { bellhop::store::integrations::insert(tx, &gone, None, then).await })
            })
            .await
            .unwrap();
        guest.writes("two towels please").await;
        for _ in 0..12 {
            house.passes(TimeDelta::minutes(2));
            house.works().await;
        }
        let heard = guest.hears().await;
        assert!(!heard.is_empty(), "the guest is told");
        let kinds: Vec<_> =
            house.reasons(&guest.conversation).await.iter().map(|reason| reason.kind()).collect();
        assert_eq!(kinds, ["no_answer"], "{heard}");
    })
    .await;
}
