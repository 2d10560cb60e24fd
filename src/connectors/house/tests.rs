//! Stories of the house as property system, on both engines.

use super::import::{ImportError, import_stays};
use super::*;
use crate::breaker::Breakers;
use crate::connectors::{self, Posting};
use crate::domain::money::Money;
use crate::domain::stay::{Stay, StayState};
use crate::secrets::Secrets;
use crate::store::hotel_fixtures::{both, clock, day, hotel, put, stay};
use crate::store::stays;
use chrono::{NaiveTime, TimeDelta};
use serde_json::{Map, json};

fn means(db: &Db, clock: &Clock) -> Means {
    let house = Tables { db: db.clone(), clock: clock.clone() };
    Means { house, http: crate::http::Http::new().unwrap(), clock: clock.clone() }
}

fn house(db: &Db, clock: &Clock, property: PropertyId) -> Arc<dyn Connector> {
    let (config, secrets) = (Map::new(), Secrets::default());
    let breaker = &Breakers::new(clock.clone()).named("house");
    let account = Account { property, config: &config, secrets: &secrets, breaker };
    connectors::open(&means(db, clock), connectors::DEFAULT_PMS, &account).unwrap()
}

fn charge(reference: &str, minor: i64) -> Posting {
    Posting {
        reference: reference.to_owned(),
        description: "soup".to_owned(),
        quantity: 2,
        amount: Money::new(minor, "EUR".parse().unwrap()),
    }
}

#[tokio::test]
async fn an_unbuilt_kind_and_an_unknown_setting_are_refused_in_words() {
    both(|db| async move {
        let clock = clock();
        let hotel = hotel(&db, &clock, "pine").await;
        let (config, secrets) = (json!({"hotel_id": "X"}), Secrets::default());
        let (config, breaker) = (config.as_object().unwrap(), &Breakers::new(clock.clone()).named("house"));
        let account = Account { property: hotel.id, config, secrets: &secrets, breaker };
        let said =
            |kind| connectors::open(&means(&db, &clock), kind, &account).map(drop).unwrap_err().to_string();
        let unknown = said("pms.nowhere");
        assert!(
            unknown.contains("pms.nowhere") && unknown.contains(&connectors::kinds().join(", ")),
            "{unknown}"
        );
        let wrong = said("pms.house");
        assert!(wrong.contains("configuration of pms.house") && wrong.contains("hotel_id"), "{wrong}");
    })
    .await;
}

#[tokio::test]
async fn a_charge_stands_on_the_bill_once_however_often_it_is_posted() {
    both(|db| async move {
        let clock = clock();
        let hotel = hotel(&db, &clock, "pine").await;
        let guest = stay(&clock, hotel.id, "PN1", StayState::InHouse);
        let other = stay(&clock, hotel.id, "PN2", StayState::InHouse);
        put(&db, &clock, &guest).await;
        put(&db, &clock, &other).await;
        let house = house(&db, &clock, hotel.id);
        let folios = house.folios().unwrap();
        assert_eq!(folios.folio(&guest).await.unwrap().balance, hotel.money(0));

        let first = folios.post(&guest, &charge("eff_1", 1400)).await.unwrap();
        clock.advance(TimeDelta::minutes(1));
        assert_eq!(folios.post(&guest, &charge("eff_1", 1400)).await.unwrap(), first);
        let differently = folios.post(&guest, &charge("eff_1", 1500)).await;
        assert!(matches!(differently, Err(ConnectorError::Refused { .. })));
        let elsewhere = folios.post(&other, &charge("eff_1", 1400)).await;
        assert!(matches!(elsewhere, Err(ConnectorError::Refused { .. })));
        assert_eq!(folios.find_posting(&guest, "eff_1").await.unwrap(), Some(first.clone()));
        assert_eq!(folios.find_posting(&other, "eff_1").await.unwrap(), None);

        folios.post(&guest, &charge("eff_2", 600)).await.unwrap();
        let bill = folios.folio(&guest).await.unwrap();
        assert_eq!((bill.lines.len(), bill.balance), (2, hotel.money(2000)));
        assert_eq!((bill.lines[0].description.as_str(), bill.lines[0].quantity), ("soup", 2));
        assert!(folios.folio(&other).await.unwrap().lines.is_empty());

        assert_eq!(folios.void(&other, "eff_1", None).await, Err(ConnectorError::NotFound));
        folios.void(&guest, "eff_1", None).await.unwrap();
        folios.void(&guest, "eff_1", None).await.unwrap();
        assert_eq!(folios.folio(&guest).await.unwrap().balance, hotel.money(600));
        assert!(
            folios.post(&guest, &charge("eff_1", 1400)).await.unwrap().voided,
            "what staff voided stays void"
        );
    })
    .await;
}

#[tokio::test]
async fn a_closed_bill_and_a_foreign_currency_take_no_charge() {
    both(|db| async move {
        let clock = clock();
        let hotel = hotel(&db, &clock, "pine").await;
        let guest = stay(&clock, hotel.id, "PN1", StayState::InHouse);
        let gone = stay(&clock, hotel.id, "PN2", StayState::Left);
        put(&db, &clock, &guest).await;
        put(&db, &clock, &gone).await;
        let house = house(&db, &clock, hotel.id);
        let folios = house.folios().unwrap();
        let mut dollars = charge("eff_1", 100);
        dollars.amount.currency = "USD".parse().unwrap();
        assert!(matches!(folios.post(&guest, &dollars).await, Err(ConnectorError::Refused { .. })));
        // Whatever state the caller believes in, the table decides.
        let believed = Stay { state: StayState::InHouse, ..gone };
        assert!(matches!(
            folios.post(&believed, &charge("eff_2", 100)).await,
            Err(ConnectorError::Refused { .. })
        ));
        folios.post(&guest, &charge("eff_3", 100)).await.unwrap();
        clock.advance(TimeDelta::days(3));
        assert!(matches!(
            folios.post(&guest, &charge("eff_4", 100)).await,
            Err(ConnectorError::Refused { .. })
        ));
        assert!(folios.post(&guest, &charge("eff_3", 100)).await.is_ok(), "posted before, told again");
    })
    .await;
}

#[tokio::test]
async fn another_hotels_stay_is_none_of_this_house() {
    both(|db| async move {
        let clock = clock();
        let (ours, theirs) = (hotel(&db, &clock, "pine").await, hotel(&db, &clock, "oak").await);
        let guest = stay(&clock, theirs.id, "PN1", StayState::InHouse);
        put(&db, &clock, &guest).await;
        let house = house(&db, &clock, ours.id);
        let reservations = house.reservations().unwrap();
        assert!(reservations.by_confirmation("PN1").await.unwrap().is_empty());
        assert!(reservations.by_phone("+43660111222").await.unwrap().is_empty());
        assert_eq!(reservations.get(&guest).await, Ok(None));
        let disguised = Stay { property_id: ours.id, ..guest.clone() };
        assert_eq!(reservations.get(&disguised).await, Ok(None));
        let folios = house.folios().unwrap();
        assert_eq!(folios.folio(&guest).await, Err(ConnectorError::NotFound));
        assert_eq!(folios.folio(&disguised).await, Err(ConnectorError::NotFound));
        assert_eq!(folios.post(&disguised, &charge("eff_1", 1)).await, Err(ConnectorError::NotFound));
        let stays = house.stays().unwrap();
        let until = NaiveTime::from_hms_opt(13, 0, 0).unwrap();
        let set = stays.set_checkout(&disguised, guest.departs_on, until, "eff_2").await;
        assert_eq!(set, Err(ConnectorError::NotFound));
    })
    .await;
}

#[tokio::test]
async fn days_pass_without_anybody_checking_guests_in_or_out() {
    both(|db| async move {
        let clock = clock();
        let hotel = hotel(&db, &clock, "pine").await;
        let guest = Stay {
            arrives_on: day("2026-06-10"),
            departs_on: day("2026-06-12"),
            ..stay(&clock, hotel.id, "PN1", StayState::Expected)
        };
        put(&db, &clock, &guest).await;
        let house = house(&db, &clock, hotel.id);
        let reservations = house.reservations().unwrap();
        let mut seen = Vec::new();
        for _ in 0..5 {
            seen.push(reservations.by_phone("+43660111222").await.unwrap()[0].state);
            clock.advance(TimeDelta::days(1));
        }
        use StayState::{Expected, InHouse, Left};
        assert_eq!(seen, [Expected, InHouse, InHouse, Left, Left]);
        let forgotten =
            Stay { departs_on: day("2026-05-01"), ..stay(&clock, hotel.id, "PN2", StayState::InHouse) };
        put(&db, &clock, &forgotten).await;
        let found = reservations.by_email("zoe@example.com").await.unwrap();
        assert_eq!(found.iter().map(|stay| stay.confirmation.as_str()).collect::<Vec<_>>(), ["PN1"]);
    })
    .await;
}

#[tokio::test]
async fn a_late_departure_is_agreed_for_the_day_of_departure_only() {
    both(|db| async move {
        let clock = clock();
        let hotel = hotel(&db, &clock, "pine").await;
        let guest = stay(&clock, hotel.id, "PN1", StayState::InHouse);
        put(&db, &clock, &guest).await;
        let house = house(&db, &clock, hotel.id);
        let until = NaiveTime::from_hms_opt(13, 0, 0).unwrap();
        let wrong = house.stays().unwrap().set_checkout(&guest, day("2026-06-11"), until, "eff_1").await;
        assert!(matches!(wrong, Err(ConnectorError::Refused { .. })));
        for _ in 0..2 {
            house.stays().unwrap().set_checkout(&guest, day("2026-06-12"), until, "eff_1").await.unwrap();
        }
        let now = house.reservations().unwrap().get(&guest).await.unwrap().unwrap();
        assert_eq!(now.checkout_until, Some(until));
        assert!(!house.stays().unwrap().room_is_let_again(&guest, day("2026-06-12")).await.unwrap());
    })
    .await;
}

const LIST: &str = "\u{feff}confirmation;first_name;last_name;phone;room;arrives_on;departs_on\n\
    K-1;Mira;Sol;+34600111333;7;2026-06-09;2026-06-11\n\
    K-2;Ken;Abe;;;2026-06-10;2026-06-11\n\
    K-3;Lou;Roy;;8;2026-06-10;2026-06-11\n\
    K-4;Pia;Gil;;;2026-06-01;2026-06-09\n";

#[tokio::test]
async fn an_arrivals_list_is_imported_and_the_same_list_changes_nothing() {
    both(|db| async move {
        let clock = clock();
        let hotel = hotel(&db, &clock, "pine").await;
        let dry = import_stays(&db, &clock, "pine", LIST.as_bytes(), true).await.unwrap();
        assert_eq!((dry.inserted, dry.changed, dry.unchanged), (4, 0, 0));
        let mut conn = db.read().await.unwrap();
        assert!(
            stays::search(&mut conn, hotel.id, "", None, 9).await.unwrap().is_empty(),
            "a dry run leaves nothing"
        );

        let wet = import_stays(&db, &clock, "pine", LIST.as_bytes(), false).await.unwrap();
        assert_eq!(wet, dry);
        let again = import_stays(&db, &clock, "pine", LIST.as_bytes(), false).await.unwrap();
        assert_eq!((again.inserted, again.changed, again.unchanged), (0, 0, 4));
        for (confirmation, state) in [
            ("K1", StayState::InHouse),
            ("K2", StayState::Expected),
            ("K3", StayState::InHouse),
            ("K4", StayState::Left),
        ] {
            let found = stays::by_confirmation(&mut conn, hotel.id, confirmation).await.unwrap();
            assert_eq!(found.iter().map(|stay| stay.state).collect::<Vec<_>>(), [state], "{confirmation}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_shorter_list_keeps_what_it_has_no_column_for() {
    both(|db| async move {
        let clock = clock();
        let hotel = hotel(&db, &clock, "pine").await;
        import_stays(&db, &clock, "pine", LIST.as_bytes(), false).await.unwrap();
        let shorter = "confirmation,last_name,arrives_on,departs_on,room\nK-1,Sol,2026-06-09,2026-06-13,\n";
        let report = import_stays(&db, &clock, "pine", shorter.as_bytes(), false).await.unwrap();
        assert_eq!((report.changed, report.inserted), (1, 0));
        let found = stays::by_confirmation(&mut db.read().await.unwrap(), hotel.id, "K-1").await.unwrap();
        assert_eq!((found[0].phone.as_deref(), found[0].room.as_deref()), (Some("+34600111333"), None));
        assert_eq!((found[0].first_name.as_str(), found[0].departs_on), ("Mira", day("2026-06-13")));
    })
    .await;
}

#[tokio::test]
async fn one_bad_row_and_nothing_is_imported() {
    both(|db| async move {
        let clock = clock();
        let hotel = hotel(&db, &clock, "pine").await;
        let list = format!("{LIST}K-5;X;Y;600;;2026-06-10;2026-06-11\n");
        let failed = import_stays(&db, &clock, "pine", list.as_bytes(), false).await;
        let Err(ImportError::Rows(problems)) = failed else { panic!("{failed:?}") };
        assert_eq!(problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [6]);
        let mut conn = db.read().await.unwrap();
        assert!(stays::search(&mut conn, hotel.id, "", None, 9).await.unwrap().is_empty());
        let nowhere = import_stays(&db, &clock, "oak", LIST.as_bytes(), false).await;
        assert!(matches!(nowhere, Err(ImportError::NoSuchProperty(slug)) if slug == "oak"));
    })
    .await;
}
