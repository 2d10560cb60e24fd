//! Stories of the stays' store, on both engines.

use super::*;
use crate::store::hotel_fixtures::{both, clock, day, hotel, noon, put, stay};
use crate::store::stay_tokens;
use chrono::TimeDelta;

#[tokio::test]
async fn a_stay_told_again_keeps_its_id_and_changes_only_where_it_differs() {
    both(|db| async move {
        let clock = clock();
        let hotel = hotel(&db, &clock, "pine").await;
        let first = stay(&clock, hotel.id, "PN-1", StayState::InHouse);
        let (id, done) = put(&db, &clock, &first).await;
        assert_eq!((id, done), (first.id, Upserted::Inserted));
        let again = stay(&clock, hotel.id, "PN-1", StayState::InHouse);
        assert_eq!(put(&db, &clock, &again).await, (first.id, Upserted::Unchanged));

        let until = chrono::NaiveTime::from_hms_opt(13, 0, 0);
        let now = clock.now();
        let set = db.write(move |tx| Box::pin(async move { set_checkout(tx, id, until, now).await }));
        assert!(set.await.unwrap());
        assert_eq!(put(&db, &clock, &again).await.1, Upserted::Unchanged, "an agreed departure is ours");
        let moved = Stay { room: Some("202".to_owned()), ..again };
        assert_eq!(put(&db, &clock, &moved).await, (first.id, Upserted::Changed));

        let mut conn = db.read().await.unwrap();
        let stored = find(&mut conn, id).await.unwrap().unwrap();
        let wanted = Stay { id, email: Some("zoe@example.com".to_owned()), checkout_until: until, ..moved };
        assert_eq!(stored, wanted);
    })
    .await;
}

#[tokio::test]
async fn a_confirmation_is_found_however_it_is_written_and_only_at_its_own_hotel() {
    both(|db| async move {
        let clock = clock();
        let ours = hotel(&db, &clock, "pine").await;
        let theirs = hotel(&db, &clock, "oak").await;
        let (id, _) = put(&db, &clock, &stay(&clock, ours.id, "PN-1001", StayState::InHouse)).await;
        let mut conn = db.read().await.unwrap();
        for written in ["PN-1001", "pn1001", " pn 1001 ", "ＰＮ１００１"] {
            let found = by_confirmation(&mut conn, ours.id, written).await.unwrap();
            assert_eq!(found.iter().map(|stay| stay.id).collect::<Vec<_>>(), [id], "{written}");
        }
        for other in ["PN-100", "", "--", "%"] {
            assert!(by_confirmation(&mut conn, ours.id, other).await.unwrap().is_empty(), "{other}");
        }
        assert!(by_confirmation(&mut conn, theirs.id, "PN-1001").await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn an_address_finds_only_the_stays_that_matter_now() {
    both(|db| async move {
        let clock = clock();
        let hotel = hotel(&db, &clock, "pine").await;
        let cases = [
            ("IN", StayState::InHouse, "2026-06-09", "2026-06-12", true),
            ("SOON", StayState::Expected, "2026-08-09", "2026-08-12", true),
            ("FAR", StayState::Expected, "2026-08-10", "2026-08-12", false),
            ("NOSHOW", StayState::Expected, "2026-05-20", "2026-05-27", true),
            ("FORGOTTEN", StayState::Expected, "2026-05-20", "2026-05-26", false),
            ("JUSTLEFT", StayState::Left, "2026-05-20", "2026-05-27", true),
            ("LONGGONE", StayState::Left, "2026-05-20", "2026-05-26", false),
            ("CANCELLED", StayState::Cancelled, "2026-06-09", "2026-06-12", false),
        ];
        for (confirmation, state, from, to, _) in cases {
            let row = Stay {
                arrives_on: day(from),
                departs_on: day(to),
                ..stay(&clock, hotel.id, confirmation, state)
            };
            put(&db, &clock, &row).await;
        }
        let wanted: std::collections::BTreeSet<_> =
            cases.iter().filter(|case| case.4).map(|case| case.0.to_owned()).collect();
        let mut conn = db.read().await.unwrap();
        let today = day("2026-06-10");
        let phone = by_phone(&mut conn, hotel.id, "+43660111222", today).await.unwrap();
        let email = by_email(&mut conn, hotel.id, "ZOE@example.com", today).await.unwrap();
        for found in [phone, email] {
            assert_eq!(
                found.into_iter().map(|stay| stay.confirmation).collect::<std::collections::BTreeSet<_>>(),
                wanted
            );
        }
        assert!(by_phone(&mut conn, hotel.id, "+43660111223", today).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn staff_find_a_stay_by_name_room_or_number_page_by_page() {
    both(|db| async move {
        let clock = clock();
        let hotel = hotel(&db, &clock, "pine").await;
        for number in 1..=5 {
            let row = Stay {
                room: Some(format!("30{number}")),
                arrives_on: day(if number == 1 { "2026-06-08" } else { "2026-06-09" }),
                ..stay(&clock, hotel.id, &format!("PN{number}"), StayState::InHouse)
            };
            put(&db, &clock, &row).await;
        }
        let mut conn = db.read().await.unwrap();
        for (query, hits) in [
            ("", 5),
            ("zoe o'brien", 5),
            ("OBrien", 0),
            ("o brien zoé", 5),
            ("304", 1),
            ("pn2", 1),
            ("_", 5),
            ("nobody", 0),
        ] {
            let found = search(&mut conn, hotel.id, query, None, 10).await.unwrap();
            assert_eq!(found.len(), hits, "{query}");
        }
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = search(&mut conn, hotel.id, "", after, 2).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some((last.arrives_on, last.id));
            seen.extend(page.into_iter().map(|stay| stay.confirmation));
        }
        assert_eq!(seen.pop().as_deref(), Some("PN1"), "the earliest arrival comes last");
        seen.sort();
        assert_eq!(seen, ["PN2", "PN3", "PN4", "PN5"], "each once, though they arrive on one day");
    })
    .await;
}

#[tokio::test]
async fn a_room_is_let_again_when_another_guest_arrives_in_it_that_day() {
    both(|db| async move {
        let clock = clock();
        let hotel = hotel(&db, &clock, "pine").await;
        let leaving = stay(&clock, hotel.id, "PN1", StayState::InHouse);
        put(&db, &clock, &leaving).await;
        let next = Stay {
            arrives_on: day("2026-06-12"),
            departs_on: day("2026-06-14"),
            ..stay(&clock, hotel.id, "PN2", StayState::Expected)
        };
        let (next_id, _) = put(&db, &clock, &next).await;
        let mut conn = db.read().await.unwrap();
        assert!(room_is_let_again(&mut conn, &leaving, day("2026-06-12")).await.unwrap());
        assert!(!room_is_let_again(&mut conn, &leaving, day("2026-06-11")).await.unwrap());
        assert!(!room_is_let_again(&mut conn, &next, day("2026-06-12")).await.unwrap());
        let roomless = Stay { room: None, ..leaving.clone() };
        assert!(!room_is_let_again(&mut conn, &roomless, day("2026-06-12")).await.unwrap());
        let now = clock.now();
        let cancel = db.write(move |tx| {
            Box::pin(
                async move { set_room_and_state(tx, next_id, Some("101"), StayState::Cancelled, now).await },
            )
        });
        assert!(cancel.await.unwrap());
        assert!(!room_is_let_again(&mut conn, &leaving, day("2026-06-12")).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn a_link_to_a_stay_ends_when_it_expires_or_is_revoked() {
    both(|db| async move {
        let clock = clock();
        let hotel = hotel(&db, &clock, "pine").await;
        let (id, _) = put(&db, &clock, &stay(&clock, hotel.id, "PN1", StayState::InHouse)).await;
        let (now, end) = (noon(), noon() + TimeDelta::hours(1));
        let unit =
            db.write(move |tx| Box::pin(async move { stay_tokens::insert(tx, b"hash", id, end, now).await }));
        unit.await.unwrap();
        let mut conn = db.read().await.unwrap();
        assert_eq!(stay_tokens::find_valid(&mut conn, b"hash", now).await.unwrap(), Some(id));
        assert_eq!(stay_tokens::find_valid(&mut conn, b"other", now).await.unwrap(), None);
        assert_eq!(stay_tokens::find_valid(&mut conn, b"hash", end).await.unwrap(), None);
        let revoke = db.write(move |tx| Box::pin(async move { stay_tokens::revoke_all(tx, id, now).await }));
        assert_eq!(revoke.await.unwrap(), 1);
        assert_eq!(stay_tokens::find_valid(&mut conn, b"hash", now).await.unwrap(), None);
    })
    .await;
}
