//! Stories of users, keys, sessions and the audit, on both engines.

use super::*;
use crate::clock::Clock;
use crate::domain::ids::AuditId;
use crate::domain::people::Actor;
use crate::store::Db;
use crate::store::audit::{self, Entry};
use crate::store::hotel_fixtures::{clock, hotel};
use crate::store::sessions::{self, NewSession, Try};
use crate::store::testing::both;
use chrono::TimeDelta;

fn user(clock: &Clock, email: &str, grants: Grants) -> NewUser {
    NewUser {
        id: clock.id(),
        email: email.to_owned(),
        name: "Marta".to_owned(),
        password_hash: "x".to_owned(),
        grants,
    }
}

async fn add(db: &Db, user: &NewUser, now: DateTime<Utc>) -> Result<(), DbError> {
    let user = user.clone();
    db.write(move |tx| Box::pin(async move { insert_user(tx, &user, now).await })).await
}

#[tokio::test]
async fn a_user_is_found_by_mail_in_any_spelling_with_all_roles_and_a_mail_is_taken_once() {
    both(|db| async move {
        let clock = clock();
        let (here, there) = (hotel(&db, &clock, "here").await.id, hotel(&db, &clock, "there").await.id);
        let grants =
            Grants { everywhere: Some(Role::Agent), at: vec![(here, Role::Manager), (there, Role::Admin)] };
        let new = user(&clock, " Marta@Example.COM ", grants.clone());
        add(&db, &new, clock.now()).await.unwrap();
        let again = user(&clock, "marta@example.com", Grants::default());
        assert!(matches!(add(&db, &again, clock.now()).await, Err(DbError::Unique)));

        let mut conn = db.read().await.unwrap();
        let found = find_login(&mut conn, "MARTA@example.com").await.unwrap().unwrap();
        assert_eq!((found.user.email.as_str(), found.user.id), ("marta@example.com", new.id));
        assert_eq!(found.user.grants.everywhere, Some(Role::Agent));
        assert_eq!(found.user.grants.role_at(here), Some(Role::Manager));
        assert_eq!(found.user.grants.role_at(there), Some(Role::Admin));
        drop(conn);

        let id = new.id;
        db.write::<_, DbError, _>(move |tx| {
            Box::pin(async move {
                set_role(tx, id, Reach::Property(here), Some(Role::Agent)).await?;
                set_role(tx, id, Reach::Property(there), None).await?;
                set_role(tx, id, Reach::Everywhere, None).await
            })
        })
        .await
        .unwrap();
        let user = find_user(&mut db.read().await.unwrap(), id).await.unwrap().unwrap();
        assert_eq!(user.grants, Grants::one(Reach::Property(here), Role::Agent));
    })
    .await;
}

#[tokio::test]
async fn a_hotels_list_shows_who_has_a_role_there_page_by_page() {
    both(|db| async move {
        let clock = clock();
        let (here, there) = (hotel(&db, &clock, "here").await.id, hotel(&db, &clock, "there").await.id);
        let mut expected = Vec::new();
        for (email, reach) in [
            ("a@h.example", Reach::Property(here)),
            ("b@h.example", Reach::Property(there)),
            ("c@h.example", Reach::Everywhere),
            ("d@h.example", Reach::Property(here)),
        ] {
            clock.advance(TimeDelta::seconds(1));
            let new = user(&clock, email, Grants::one(reach, Role::Agent));
            add(&db, &new, clock.now()).await.unwrap();
            if reach != Reach::Property(there) {
                expected.push(new.id);
            }
        }
        let mut conn = db.read().await.unwrap();
        let first = list_users(&mut conn, Reach::Property(here), None, 2).await.unwrap();
        let rest = list_users(&mut conn, Reach::Property(here), Some(first[1].id), 2).await.unwrap();
        assert_eq!(first.iter().chain(&rest).map(|user| user.id).collect::<Vec<_>>(), expected);
        assert_eq!(list_users(&mut conn, Reach::Everywhere, None, 9).await.unwrap().len(), 4);
    })
    .await;
}

#[tokio::test]
async fn a_session_ends_when_it_runs_out_and_when_its_user_is_disabled() {
    both(|db| async move {
        let clock = clock();
        let here = hotel(&db, &clock, "here").await.id;
        let new = user(&clock, "a@h.example", Grants::one(Reach::Property(here), Role::Agent));
        add(&db, &new, clock.now()).await.unwrap();
        let (id, now) = (new.id, clock.now());
        let session = |hash: u8| NewSession {
            token_hash: vec![hash; 32],
            user: id,
            csrf: "c".to_owned(),
            expires_at: now + TimeDelta::hours(1),
        };
        for hash in [1, 2] {
            let session = session(hash);
            db.write(move |tx| Box::pin(async move { sessions::insert(tx, &session, now).await }))
                .await
                .unwrap();
        }
        let mut conn = db.read().await.unwrap();
        let found = sessions::find(&mut conn, &[1; 32], now).await.unwrap().unwrap();
        assert_eq!((found.user, found.grants.role_at(here)), (id, Some(Role::Agent)));
        let later = now + TimeDelta::hours(1);
        assert!(sessions::find(&mut conn, &[1; 32], later).await.unwrap().is_none());
        drop(conn);

        db.write(move |tx| Box::pin(async move { sessions::delete_of_user(tx, id, Some(&[2; 32])).await }))
            .await
            .unwrap();
        let mut conn = db.read().await.unwrap();
        assert!(sessions::find(&mut conn, &[1; 32], now).await.unwrap().is_none());
        assert!(sessions::find(&mut conn, &[2; 32], now).await.unwrap().is_some());
        drop(conn);

        db.write(move |tx| Box::pin(async move { set_user_disabled(tx, id, Some(now)).await }))
            .await
            .unwrap();
        assert!(sessions::find(&mut db.read().await.unwrap(), &[2; 32], now).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn tries_are_counted_per_mail_and_per_network_until_the_window_has_passed() {
    async fn begin(db: &Db, clock: &Clock, email: String, network: &'static str) -> Try {
        let clock = clock.clone();
        db.write(move |tx| Box::pin(async move { sessions::begin_try(tx, &clock, &email, network).await }))
            .await
            .unwrap()
    }
    both(|db| async move {
        let clock = clock();
        let start = clock.now();
        for _ in 0..sessions::TRIES_PER_EMAIL {
            assert_eq!(begin(&db, &clock, "a@h.example".to_owned(), "10.0.0.1").await, Try::Allowed);
        }
        let until = start + sessions::WINDOW;
        assert_eq!(begin(&db, &clock, "a@h.example".to_owned(), "10.0.0.2").await, Try::TooMany { until });
        for n in sessions::TRIES_PER_EMAIL..sessions::TRIES_PER_NETWORK {
            assert_eq!(begin(&db, &clock, format!("{n}@h.example"), "10.0.0.1").await, Try::Allowed);
        }
        assert_eq!(begin(&db, &clock, "z@h.example".to_owned(), "10.0.0.1").await, Try::TooMany { until });
        clock.advance(sessions::WINDOW);
        assert_eq!(begin(&db, &clock, "a@h.example".to_owned(), "10.0.0.1").await, Try::Allowed);
    })
    .await;
}

#[tokio::test]
async fn a_disabled_key_is_not_found_and_a_hotel_lists_its_own_keys_only() {
    both(|db| async move {
        let clock = clock();
        let here = hotel(&db, &clock, "here").await.id;
        let key = |reach| ApiKey {
            id: clock.id(),
            reach,
            name: "till".to_owned(),
            scope: Scope::Write,
            disabled_at: None,
            created_at: clock.now(),
        };
        let (own, all) = (key(Reach::Property(here)), key(Reach::Everywhere));
        let (one, two, id, now) = (own.clone(), all, own.id, clock.now());
        db.write(move |tx| {
            Box::pin(async move {
                insert_key(tx, &one, &[1; 32]).await?;
                insert_key(tx, &two, &[2; 32]).await
            })
        })
        .await
        .unwrap();
        let mut conn = db.read().await.unwrap();
        assert_eq!(list_keys(&mut conn, Reach::Property(here), None, 9).await.unwrap(), vec![own.clone()]);
        assert_eq!(list_keys(&mut conn, Reach::Everywhere, None, 9).await.unwrap().len(), 2);
        assert_eq!(find_live_key(&mut conn, &[1; 32]).await.unwrap(), Some(own));
        drop(conn);
        db.write(move |tx| Box::pin(async move { set_key_disabled(tx, id, Some(now)).await })).await.unwrap();
        let mut conn = db.read().await.unwrap();
        assert_eq!(find_live_key(&mut conn, &[1; 32]).await.unwrap(), None);
        assert_eq!(find_key(&mut conn, id).await.unwrap().unwrap().disabled_at, Some(now));
    })
    .await;
}

#[tokio::test]
async fn the_audit_reads_back_latest_first_and_a_hotel_sees_its_own_lines_only() {
    both(|db| async move {
        let clock = clock();
        let here = hotel(&db, &clock, "here").await.id;
        let user: UserId = clock.id();
        for (action, property) in
            [("prompt.published", Some(here)), ("user.added", None), ("fact.edited", Some(here))]
        {
            clock.advance(TimeDelta::milliseconds(2));
            let clock = clock.clone();
            let entry = Entry {
                actor: Actor::User(user),
                actor_name: "Marta".to_owned(),
                action,
                subject: "it".to_owned(),
                before: None,
                after: Some(serde_json::json!({"version": 2})),
                property,
            };
            db.write(move |tx| Box::pin(async move { audit::record(tx, &clock, entry).await }))
                .await
                .unwrap();
        }
        let mut conn = db.read().await.unwrap();
        let own = audit::list(&mut conn, Reach::Property(here), None, 1).await.unwrap();
        assert_eq!((own[0].action.as_str(), own[0].actor), ("fact.edited", Actor::User(user)));
        assert_eq!(own[0].after, Some(serde_json::json!({"version": 2})));
        let next =
            audit::list(&mut conn, Reach::Property(here), Some((own[0].at, own[0].id)), 9).await.unwrap();
        assert_eq!(next.iter().map(|line| line.action.as_str()).collect::<Vec<_>>(), ["prompt.published"]);
        let all = audit::list(&mut conn, Reach::Everywhere, None, 2).await.unwrap();
        assert_eq!(
            all.iter().map(|line| line.action.as_str()).collect::<Vec<_>>(),
            ["fact.edited", "user.added"]
        );
        let after: AuditId = all[1].id;
        assert_eq!(
            audit::list(&mut conn, Reach::Everywhere, Some((all[1].at, after)), 9).await.unwrap().len(),
            1
        );
    })
    .await;
}
