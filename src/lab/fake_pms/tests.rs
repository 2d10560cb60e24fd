//! The fake through the real connector: whoever writes a second side of the contract can hold it against these.

use super::*;
use crate::breaker::Breakers;
use crate::connectors::{self, Account, Connector, ConnectorError, Means, house};
use crate::domain::money::Money;
use crate::domain::stay::Stay;
use crate::http::Http;
use crate::secrets::Secrets;
use crate::store::Db;
use crate::store::hotel_fixtures::{both, clock};
use std::time::Duration;

const KEY: &str = "a key of the tests alone";

async fn fake(clock: &Clock, keeps: Keeps) -> FakePms {
    let stays = vec![guest(clock, "FK1", ("Ana", "Ruiz"), "+34600111222", "204")];
    let visible_after = TimeDelta::seconds(30);
    let setup = Setup { keeps, visible_after, signing_key: KEY.into(), clock: clock.clone(), stays };
    FakePms::start(setup).await.unwrap()
}

fn connector(db: &Db, clock: &Clock, fake: &FakePms, mode: &str, key: &str) -> Arc<dyn Connector> {
    let house = house::Tables { db: db.clone(), clock: clock.clone() };
    let means = Means { house, http: Http::new().unwrap(), clock: clock.clone() };
    let config = json!({ "base_url": fake.base_url(), "idempotency": mode, "timeout_secs": 0.4 });
    let secrets = Secrets::from_iter([("signing_key".to_owned(), key.to_owned())]);
    let (config, breaker) = (config.as_object().unwrap(), &Breakers::new(clock.clone()).named("fake"));
    let account = Account { property: clock.id(), config, secrets: &secrets, breaker };
    connectors::open(&means, "pms.custom", &account).unwrap()
}

async fn the_stay(connector: &dyn Connector) -> Stay {
    let found = connector.reservations().unwrap().by_confirmation("fk1").await.unwrap();
    found.into_iter().next().unwrap()
}

fn charge(reference: &str) -> connectors::Posting {
    connectors::Posting {
        reference: reference.to_owned(),
        description: "soup".to_owned(),
        quantity: 1,
        amount: Money::new(900, "EUR".parse().unwrap()),
    }
}

#[tokio::test]
async fn it_is_found_charged_read_and_voided_through_the_contract() {
    both(|db| async move {
        let clock = clock();
        let fake = fake(&clock, Keeps::References).await;
        let pms = connector(&db, &clock, &fake, "lookup", KEY);
        let stay = the_stay(pms.as_ref()).await;
        assert_eq!(stay.room.as_deref(), Some("204"));
        let by_phone = pms.reservations().unwrap().by_phone("+34600111222").await.unwrap();
        assert_eq!(by_phone, std::slice::from_ref(&stay));
        let folios = pms.folios().unwrap();
        let posted = folios.post(&stay, &charge("eff_1")).await.unwrap();
        assert_eq!(folios.find_posting(&stay, "eff_1").await, Ok(None), "not to be seen yet");
        clock.advance(TimeDelta::seconds(30));
        assert_eq!(folios.find_posting(&stay, "eff_1").await.unwrap().unwrap(), posted);
        assert_eq!(folios.folio(&stay).await.unwrap().balance.amount_minor, 900);
        folios.void(&stay, "eff_1", Some(&posted.external_id)).await.unwrap();
        assert!(folios.find_posting(&stay, "eff_1").await.unwrap().unwrap().voided);
        let one = chrono::NaiveTime::from_hms_opt(13, 0, 0).unwrap();
        pms.stays().unwrap().set_checkout(&stay, stay.departs_on, one, "eff_2").await.unwrap();
        assert_eq!(fake.checkout_of("FK1").as_deref(), Some("13:00"));
    })
    .await;
}

#[tokio::test]
async fn a_key_is_done_once_and_without_keys_a_call_that_comes_again_is_done_again() {
    both(|db| async move {
        let clock = clock();
        for (keeps, mode, times) in [(Keeps::Keys, "key", 1), (Keeps::Nothing, "none", 2)] {
            let fake = fake(&clock, keeps).await;
            let pms = connector(&db, &clock, &fake, mode, KEY);
            let stay = the_stay(pms.as_ref()).await;
            for _ in 0..2 {
                pms.folios().unwrap().post(&stay, &charge("eff_1")).await.unwrap();
            }
            assert_eq!(fake.postings_of("eff_1"), times, "{mode}");
        }
    })
    .await;
}

#[tokio::test]
async fn each_fault_does_what_it_says() {
    both(|db| async move {
        let clock = clock();
        let fake = fake(&clock, Keeps::Nothing).await;
        let pms = connector(&db, &clock, &fake, "none", KEY);
        let stay = the_stay(pms.as_ref()).await;
        let cases = [
            (Fault::DropBefore, 0, "unknown"),
            (Fault::DropAfter, 1, "unknown"),
            (Fault::HangBefore, 0, "unknown"),
            (Fault::HangAfter, 1, "unknown"),
            (Fault::ErrorBefore, 0, "unknown"),
            (Fault::ErrorAfter, 1, "unknown"),
            (Fault::Refused, 0, "refused"),
            (Fault::TooMany(7), 0, "unavailable"),
            (Fault::Slow(Duration::from_millis(1)), 1, "ok"),
            (Fault::OddStatus, 1, "unknown"),
        ];
        for (number, (fault, done, said)) in cases.into_iter().enumerate() {
            fake.then(On::Charge, fault);
            // With a breaker of its own, which knows nothing of the faults before.
            let pms = connector(&db, &clock, &fake, "none", KEY);
            let reference = format!("eff_{number}");
            let answer = match pms.folios().unwrap().post(&stay, &charge(&reference)).await {
                Ok(_) => "ok",
                Err(ConnectorError::Unknown { .. }) => "unknown",
                Err(ConnectorError::Unavailable { .. }) => "unavailable",
                Err(ConnectorError::NotFound | ConnectorError::Refused { .. }) => "refused",
            };
            assert_eq!((fake.postings_of(&reference), answer), (done, said), "{fault:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_not_signed_with_the_key_or_comes_too_late_is_not_begun() {
    both(|db| async move {
        let clock = clock();
        let fake = fake(&clock, Keeps::Nothing).await;
        let stay = the_stay(connector(&db, &clock, &fake, "none", KEY).as_ref()).await;
        let forged = connector(&db, &clock, &fake, "none", "another key, also long");
        let refused = forged.folios().unwrap().post(&stay, &charge("eff_1")).await.unwrap_err();
        assert!(matches!(refused, ConnectorError::Refused { .. }), "{refused}");
        let behind = Clock::manual(clock.now() - TimeDelta::minutes(1));
        let late = connector(&db, &behind, &fake, "none", KEY);
        let late = late.folios().unwrap().post(&stay, &charge("eff_1")).await.unwrap_err();
        assert!(matches!(late, ConnectorError::Unavailable { .. }), "{late}");
        assert!(fake.postings().is_empty());
    })
    .await;
}

#[test]
fn the_same_seed_brings_the_same_weather() {
    let drawn = |seed| {
        let faults = vec![(Fault::DropAfter, 300), (Fault::ErrorBefore, 300)];
        let mut all = faults::Faults::default();
        all.weather = Weather { seed, faults };
        (0..1_000).map(|_| all.next(On::Charge)).collect::<Vec<_>>()
    };
    assert_eq!(drawn(1), drawn(1));
    assert_ne!(drawn(1), drawn(2));
    let fair = drawn(1).iter().filter(|fault| fault.is_none()).count();
    assert!((300..500).contains(&fair), "{fair} of 1,000 went well");
}
