//! Stories of a hotel as data: every change is seen, versions roll back, neighbours stay apart.

use super::*;
use crate::clock::Clock;
use crate::domain::ids::{FactId, IntegrationId, ItemId};
use crate::domain::item::{ItemDetails, ItemKind};
use crate::domain::proof::ProofNeed;
use crate::domain::rules::Rule;
use crate::domain::version::VersionState;
use crate::store::hotel_fixtures::{both, clock, hotel};
use crate::store::{Bell, Db};

fn soup(clock: &Clock) -> Item {
    let names = BTreeMap::from([("en".to_owned(), "soup".to_owned())]);
    let details = ItemDetails {
        names,
        aliases: vec![],
        price_minor: 700,
        department: "kitchen".to_owned(),
        hours: None,
    };
    Item { id: clock.id(), kind: ItemKind::Menu, details, active: true }
}

fn pool(clock: &Clock) -> Fact {
    Fact { id: clock.id(), title: "Pool".to_owned(), text: "On the roof.".to_owned(), lang: "en".to_owned() }
}

fn account(clock: &Clock, property: PropertyId) -> Integration {
    Integration {
        id: clock.id(),
        property_id: property,
        kind: "sms.twilio".to_owned(),
        name: "main".to_owned(),
        config: serde_json::json!({"from": "+15005550006"}).as_object().cloned().unwrap(),
        enabled: true,
        last_ok_at: None,
        last_error: None,
        created_at: clock.now(),
    }
}

/// Runs one write unit whose body is `$run` over `tx`.
macro_rules! write {
    ($db:expr, |$tx:ident| $run:expr) => {
        $db.write(move |$tx| Box::pin(async move { $run.await })).await
    };
}

#[tokio::test]
async fn whatever_changes_at_a_hotel_the_next_book_has_it() {
    both(|db| async move {
        let clock = clock();
        let (id, now) = (hotel(&db, &clock, "pine").await.id, clock.now());
        let books = HotelBooks::new();
        let mut ears = db.bells().listen();
        let (item, fact, account) = (soup(&clock), pool(&clock), account(&clock, id));
        let (item2, fact2, account2) = (item.clone(), fact.clone(), account.clone());
        write!(&db, |tx| items::insert(tx, id, &item2, now)).unwrap();
        write!(&db, |tx| facts::insert(tx, id, &fact2, now)).unwrap();
        write!(&db, |tx| integrations::insert(tx, &account2, Some(b"sealed"), now)).unwrap();
        let policy = ToolPolicy {
            enabled: false,
            proof: ProofNeed::Stay,
            staff_approval: true,
            max_charge_minor: Some(5),
        };
        let policy2 = policy.clone();
        write!(&db, |tx| policies::set(tx, id, "order_item", &policy2, now)).unwrap();
        for _ in 0..4 {
            assert_eq!(ears.recv().await.unwrap(), Bell::Property { property: id });
        }

        let mut conn = db.read().await.unwrap();
        let book = books.by_slug(&mut conn, "pine").await.unwrap().unwrap();
        assert_eq!(book.hotel.revision, 5);
        assert_eq!((&book.items[..], &book.facts[..]), (&[item.clone()][..], &[fact.clone()][..]));
        assert_eq!(book.integration("sms.twilio"), Some(&account));
        assert_eq!(book.policies, BTreeMap::from([("order_item".to_owned(), policy)]));
        let again = books.get(&mut conn, id, None).await.unwrap().unwrap();
        assert!(Arc::ptr_eq(&book, &again), "nothing changed, nothing is read again");

        let dearer =
            Item { details: ItemDetails { price_minor: 900, ..item.details }, active: false, ..item };
        let (dearer2, off) = (dearer.clone(), Integration { enabled: false, ..account.clone() });
        assert!(write!(&db, |tx| items::update(tx, id, &dearer2, now)).unwrap());
        assert!(write!(&db, |tx| facts::delete(tx, id, fact.id, now)).unwrap());
        assert!(write!(&db, |tx| integrations::update(tx, &off, now)).unwrap());
        assert!(write!(&db, |tx| policies::delete(tx, id, "order_item", now)).unwrap());
        let book = books.get(&mut conn, id, None).await.unwrap().unwrap();
        assert_eq!(book.items, [dearer]);
        assert!(book.facts.is_empty() && book.integrations.is_empty() && book.policies.is_empty());
        assert_eq!(integrations::list(&mut conn, id).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn which_pages_may_embed_the_chat_of_any_hotel_is_known_as_soon_as_it_changes() {
    both(|db| async move {
        let clock = clock();
        let (pine, now, books) = (hotel(&db, &clock, "pine").await.id, clock.now(), HotelBooks::new());
        let (site, other) = ("https://pine.example", "https://oak.example");
        let allows = async |origin| books.any_allows(&mut db.read().await.unwrap(), origin).await.unwrap();
        assert!(!allows(site).await);
        for (allowed, expected) in [(vec![site.to_owned()], true), (vec![], false)] {
            let changed = db.write::<_, DbError, _>(move |tx| {
                Box::pin(async move {
                    let Some(mut hotel) = hotels::begin_change(tx, pine, now).await? else {
                        return Ok(false);
                    };
                    hotel.settings.allowed_origins = allowed;
                    hotels::update(tx, &hotel).await?;
                    Ok(true)
                })
            });
            assert!(changed.await.unwrap());
            assert_eq!((allows(site).await, allows(other).await), (expected, false));
        }
        let mut oak = hotel(&db, &clock, "elm").await;
        (oak.id, oak.slug) = (clock.id(), "oak".to_owned());
        oak.settings.allowed_origins.push(other.to_owned());
        write!(&db, |tx| hotels::insert(tx, &oak, now)).unwrap();
        assert!(allows(other).await, "a new hotel's too");
    })
    .await;
}

#[tokio::test]
async fn settings_change_under_a_lock_and_the_slug_stays() {
    both(|db| async move {
        let clock = clock();
        let (id, now) = (hotel(&db, &clock, "pine").await.id, clock.now());
        let changed = db.write::<_, DbError, _>(move |tx| {
            Box::pin(async move {
                let Some(mut hotel) = hotels::begin_change(tx, id, now).await? else { return Ok(false) };
                hotel.name = "Pine Lodge".to_owned();
                hotel.settings.on_call.push("+43660999888".to_owned());
                hotels::update(tx, &hotel).await?;
                Ok(true)
            })
        });
        assert!(changed.await.unwrap());
        let mut conn = db.read().await.unwrap();
        let hotel = hotels::find_by_slug(&mut conn, "pine").await.unwrap().unwrap();
        assert_eq!((hotel.name.as_str(), hotel.revision), ("Pine Lodge", 2));
        assert_eq!(hotel.settings.on_call, ["+43660999888"]);
        assert_eq!(hotels::list(&mut conn).await.unwrap(), std::slice::from_ref(&hotel));
        let again = Hotel { id: clock.id(), ..hotel };
        let taken: Result<(), DbError> = write!(&db, |tx| hotels::insert(tx, &again, now));
        assert!(matches!(taken, Err(DbError::Unique)));
    })
    .await;
}

async fn draft(db: &Db, clock: &Clock, id: PropertyId, text: &str) -> i64 {
    let (content, prompt, now) = (text.to_owned(), clock.id(), clock.now());
    write!(db, |tx| Prompts::insert_draft(tx, id, prompt, &content, "Mia", now)).unwrap()
}

#[tokio::test]
async fn a_prompt_is_drafted_published_and_rolled_back() {
    both(|db| async move {
        let clock = clock();
        let (id, other) = (hotel(&db, &clock, "pine").await.id, hotel(&db, &clock, "oak").await.id);
        let books = HotelBooks::new();
        assert_eq!(draft(&db, &clock, id, "one").await, 1);
        assert_eq!(draft(&db, &clock, id, "two").await, 2);
        assert_eq!(draft(&db, &clock, other, "theirs").await, 1);
        let mut conn = db.read().await.unwrap();
        assert_eq!(books.get(&mut conn, id, None).await.unwrap().unwrap().prompt, None);

        for (publish, live, before) in [(1, "one", None), (2, "two", Some("one")), (1, "one", Some("two"))] {
            clock.advance(chrono::TimeDelta::minutes(1));
            let now = clock.now();
            assert!(write!(&db, |tx| Prompts::publish(tx, id, publish, now)).unwrap());
            let book = books.get(&mut conn, id, None).await.unwrap().unwrap();
            assert_eq!(book.prompt.as_ref().map(|prompt| prompt.content.as_str()), Some(live));
            assert_eq!(book.prompt_before.as_ref().map(|prompt| prompt.content.as_str()), before);
        }
        let now = clock.now();
        assert!(!write!(&db, |tx| Prompts::publish(tx, id, 3, now)).unwrap());
        let all = Prompts::page(&mut conn, id, None, 10).await.unwrap();
        let states: Vec<_> = all.iter().map(|prompt| (prompt.version, prompt.state)).collect();
        assert_eq!(states, [(2, VersionState::Past), (1, VersionState::Live)]);
        let theirs = Prompts::find(&mut conn, other, 1).await.unwrap().unwrap();
        assert_eq!((theirs.state, theirs.created_by.as_str()), (VersionState::Draft, "Mia"));
    })
    .await;
}

#[tokio::test]
async fn drafts_written_at_once_get_numbers_of_their_own() {
    both(|db| async move {
        let clock = clock();
        let id = hotel(&db, &clock, "pine").await.id;
        let drafts = (0..6).map(|_| draft(&db, &clock, id, "same"));
        let mut numbers = futures_util::future::join_all(drafts).await;
        numbers.sort_unstable();
        assert_eq!(numbers, [1, 2, 3, 4, 5, 6]);
    })
    .await;
}

#[tokio::test]
async fn without_published_rules_the_defaults_hold() {
    both(|db| async move {
        let clock = clock();
        let (id, now) = (hotel(&db, &clock, "pine").await.id, clock.now());
        let books = HotelBooks::new();
        let mut conn = db.read().await.unwrap();
        let book = books.get(&mut conn, id, None).await.unwrap().unwrap();
        assert_eq!((book.rules_version, &book.rules), (0, &RuleSet::default()));

        let rule = Rule {
            name: "pests".to_owned(),
            words: vec!["bed bugs".to_owned()],
            priority: Default::default(),
            enabled: true,
        };
        let rules = RuleSet { rules: vec![rule], mood_threshold: None };
        let (rules2, rules_id) = (rules.clone(), clock.id());
        let version =
            write!(&db, |tx| RuleSets::insert_draft(tx, id, rules_id, &rules2, "Mia", now)).unwrap();
        write!(&db, |tx| RuleSets::publish(tx, id, version, now)).unwrap();
        let book = books.get(&mut conn, id, None).await.unwrap().unwrap();
        assert_eq!((book.rules_version, &book.rules), (1, &rules));
    })
    .await;
}

#[tokio::test]
async fn one_hotel_cannot_touch_what_belongs_to_another() {
    both(|db| async move {
        let clock = clock();
        let (ours, theirs) = (hotel(&db, &clock, "pine").await.id, hotel(&db, &clock, "oak").await.id);
        let (item, fact, account) = (soup(&clock), pool(&clock), account(&clock, ours));
        let (item_id, fact_id, account_id): (ItemId, FactId, IntegrationId) = (item.id, fact.id, account.id);
        let now = clock.now();
        let (item2, fact2, account2) = (item.clone(), fact.clone(), account.clone());
        write!(&db, |tx| items::insert(tx, ours, &item2, now)).unwrap();
        write!(&db, |tx| facts::insert(tx, ours, &fact2, now)).unwrap();
        write!(&db, |tx| integrations::insert(tx, &account2, Some(b"sealed"), now)).unwrap();

        let (item2, fact2) = (item.clone(), fact.clone());
        let account2 = Integration { property_id: theirs, name: "mine now".to_owned(), ..account.clone() };
        assert!(!write!(&db, |tx| items::update(tx, theirs, &item2, now)).unwrap());
        assert!(!write!(&db, |tx| items::delete(tx, theirs, item_id, now)).unwrap());
        assert!(!write!(&db, |tx| facts::update(tx, theirs, &fact2, now)).unwrap());
        assert!(!write!(&db, |tx| facts::delete(tx, theirs, fact_id, now)).unwrap());
        assert!(!write!(&db, |tx| integrations::update(tx, &account2, now)).unwrap());
        assert!(!write!(&db, |tx| integrations::set_secrets(tx, theirs, account_id, None, now)).unwrap());
        assert!(!write!(&db, |tx| integrations::delete(tx, theirs, account_id, now)).unwrap());

        let mut conn = db.read().await.unwrap();
        assert_eq!(items::find(&mut conn, theirs, item_id).await.unwrap(), None);
        assert_eq!(facts::find(&mut conn, theirs, fact_id).await.unwrap(), None);
        assert_eq!(integrations::find(&mut conn, theirs, account_id).await.unwrap(), None);
        assert_eq!(integrations::sealed_secrets(&mut conn, theirs, account_id).await.unwrap(), None);
        assert_eq!(items::find(&mut conn, ours, item_id).await.unwrap(), Some(item));
        assert_eq!(facts::find(&mut conn, ours, fact_id).await.unwrap(), Some(fact));
        let sealed = integrations::sealed_secrets(&mut conn, ours, account_id).await.unwrap();
        assert_eq!(sealed.as_deref(), Some(&b"sealed"[..]));
        let found = integrations::find_by_name(&mut conn, ours, "sms.twilio", "main").await.unwrap();
        assert_eq!(found, Some(account));
    })
    .await;
}

#[tokio::test]
async fn the_console_sees_how_the_last_call_to_a_system_went() {
    both(|db| async move {
        let clock = clock();
        let hotel = hotel(&db, &clock, "pine").await;
        let account = account(&clock, hotel.id);
        let (id, now, account2) = (account.id, clock.now(), account.clone());
        write!(&db, |tx| integrations::insert(tx, &account2, None, now)).unwrap();
        write!(&db, |tx| integrations::note_health(tx, id, Ok(()), now)).unwrap();
        clock.advance(chrono::TimeDelta::minutes(1));
        let later = clock.now();
        write!(&db, |tx| integrations::note_health(tx, id, Err("401: wrong token"), later)).unwrap();
        let mut conn = db.read().await.unwrap();
        let seen = integrations::find(&mut conn, hotel.id, id).await.unwrap().unwrap();
        assert_eq!((seen.last_ok_at, seen.last_error.as_deref()), (Some(now), Some("401: wrong token")));
        assert_eq!(hotels::revision(&mut conn, hotel.id).await.unwrap(), Some(2), "health is no change");
    })
    .await;
}
