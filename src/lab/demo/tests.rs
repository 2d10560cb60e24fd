//! The demo hotel is what its visitors are told: guests, prices, facts, bills.

use super::*;
use crate::breaker::Breakers;
use crate::connectors::house::Tables;
use crate::connectors::{Account, Connector, Means};
use crate::conversation::prompt;
use crate::domain::item::ItemKind;
use crate::domain::phone::Phone;
use crate::domain::rules;
use crate::domain::stay::{Stay, StayState};
use crate::reading::facts::{FactDoc, answer};
use crate::reading::items::{ItemName, find_items};
use crate::secrets::Secrets;
use crate::store::hotel_book::{HotelBook, HotelBooks};
use crate::store::hotel_fixtures::{both, clock};
use chrono::{Days, TimeDelta};
use std::collections::BTreeSet;
use std::sync::Arc;

async fn book(db: &Db) -> Arc<HotelBook> {
    HotelBooks::new().by_slug(&mut db.read().await.unwrap(), SLUG).await.unwrap().unwrap()
}

fn house(db: &Db, clock: &Clock, property: PropertyId) -> Arc<dyn Connector> {
    let house = Tables { db: db.clone(), clock: clock.clone() };
    let means = Means { house, http: crate::http::Http::new().unwrap(), clock: clock.clone() };
    let (config, secrets) = (serde_json::Map::new(), Secrets::default());
    let breaker = &Breakers::new(clock.clone()).named("house");
    let account = Account { property, config: &config, secrets: &secrets, breaker };
    connectors::open(&means, connectors::DEFAULT_PMS, &account).unwrap()
}

async fn guest(house: &dyn Connector, confirmation: &str) -> Stay {
    let found = house.reservations().unwrap().by_confirmation(confirmation).await.unwrap();
    assert_eq!(found.len(), 1, "{confirmation}");
    found.into_iter().next().unwrap()
}

#[tokio::test]
async fn a_second_start_changes_nothing() {
    both(|db| async move {
        let clock = clock();
        let first = seed(&db, &clock).await.unwrap();
        let before = book(&db).await;
        clock.advance(TimeDelta::days(2));
        assert_eq!(seed(&db, &clock).await.unwrap(), first);
        assert_eq!(book(&db).await.hotel, before.hotel);
        let stays = stays::search(&mut db.read().await.unwrap(), first, "", None, 100).await.unwrap();
        assert_eq!(stays.len(), 46);
    })
    .await;
}

#[tokio::test]
async fn two_nodes_that_start_at_once_make_one_hotel() {
    both(|db| async move {
        let clock = clock();
        let (one, other) = futures_util::future::join(seed(&db, &clock), seed(&db, &clock)).await;
        assert_eq!(one.unwrap(), other.unwrap());
        assert_eq!(hotels::list(&mut db.read().await.unwrap()).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn the_four_guests_of_the_handbook_are_there() {
    both(|db| async move {
        let clock = clock();
        let id = seed(&db, &clock).await.unwrap();
        let house = house(&db, &clock, id);
        let today = book(&db).await.hotel.today(clock.now());
        let (yesterday, tomorrow) = (today - Days::new(1), today + Days::new(1));
        let ana = guest(house.as_ref(), "HRB1001").await;
        assert_eq!((ana.guest_name().as_str(), ana.lang.as_deref()), ("Ana Ruiz", Some("es")));
        assert_eq!(
            (ana.state, ana.room.as_deref(), ana.departs_on),
            (StayState::InHouse, Some("204"), tomorrow)
        );
        assert_eq!(
            house.reservations().unwrap().by_phone("+34600111222").await.unwrap(),
            std::slice::from_ref(&ana)
        );
        assert!(!house.stays().unwrap().room_is_let_again(&ana, tomorrow).await.unwrap());
        let john = guest(house.as_ref(), "HRB1002").await;
        assert_eq!((john.state, john.room.as_deref()), (StayState::InHouse, Some("305")));
        assert_eq!((john.departs_on, john.phone.as_deref()), (today + Days::new(3), Some("+14155550123")));
        let keiko = guest(house.as_ref(), "HRB1003").await;
        assert_eq!(
            (keiko.state, keiko.room.as_deref(), keiko.arrives_on),
            (StayState::Expected, None, tomorrow)
        );
        assert_eq!((keiko.lang.as_deref(), keiko.email.as_deref()), (Some("ja"), Some("keiko@example.com")));
        let luc = guest(house.as_ref(), "HRB1004").await;
        assert_eq!(
            (luc.state, luc.departs_on, luc.lang.as_deref()),
            (StayState::Left, yesterday, Some("fr"))
        );
        // One departure tomorrow is followed by an arrival in the same room.
        let rafael = guest(house.as_ref(), "HRB1017").await;
        assert!(house.stays().unwrap().room_is_let_again(&rafael, tomorrow).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn bills_add_up_to_today_and_who_left_has_paid() {
    both(|db| async move {
        let clock = clock();
        let id = seed(&db, &clock).await.unwrap();
        let (hotel, house) = (book(&db).await.hotel.clone(), house(&db, &clock, id));
        let folios = house.folios().unwrap();
        let ana = folios.folio(&guest(house.as_ref(), "HRB1001").await).await.unwrap();
        // Two nights at 135.00, city tax twice 4.00, and 5.00 + 16.00 + 8.00 of extras.
        assert_eq!(ana.balance, hotel.money(2 * 13_500 + 2 * 400 + 500 + 1_600 + 800));
        assert!(ana.lines.iter().all(|line| line.posted_at < clock.now()));
        let all = stays::search(&mut db.read().await.unwrap(), id, "", None, 100).await.unwrap();
        for stay in all {
            let bill = folios.folio(&stay).await.unwrap();
            match stay.state {
                StayState::Left => assert_eq!((bill.lines.is_empty(), bill.balance.amount_minor), (false, 0)),
                StayState::Expected | StayState::Cancelled => assert!(bill.lines.is_empty()),
                StayState::InHouse => assert!(bill.balance.amount_minor >= 0),
            }
        }
    })
    .await;
}

#[tokio::test]
async fn guests_are_plausible_and_no_room_is_let_twice() {
    both(|db| async move {
        let clock = clock();
        let id = seed(&db, &clock).await.unwrap();
        let all = stays::search(&mut db.read().await.unwrap(), id, "", None, 100).await.unwrap();
        for stay in &all {
            assert!(stay.arrives_on < stay.departs_on, "{}", stay.confirmation);
            if let Some(phone) = &stay.phone {
                assert_eq!(phone.parse::<Phone>().unwrap().as_str(), phone);
            }
            assert!(stay.state != StayState::InHouse || stay.room.is_some(), "{}", stay.confirmation);
            for other in &all {
                let together = stay.arrives_on < other.departs_on && other.arrives_on < stay.departs_on;
                let one_room = stay.room.is_some() && stay.room == other.room;
                assert!(
                    stay.id == other.id || !(one_room && together),
                    "{} {}",
                    stay.confirmation,
                    other.confirmation
                );
            }
        }
        let langs: BTreeSet<_> = all.iter().filter_map(|stay| stay.lang.clone()).collect();
        assert!(langs.len() >= 10, "{langs:?}");
    })
    .await;
}

#[tokio::test]
async fn the_list_of_prices_and_facts_is_complete_in_both_languages() {
    both(|db| async move {
        seed(&db, &clock()).await.unwrap();
        let book = book(&db).await;
        let price = |name: &str| {
            let found = book.items.iter().find(|item| item.name("en") == name);
            found.map(|item| (item.details.price_minor, item.kind))
        };
        assert_eq!(price("club sandwich"), Some((1_800, ItemKind::Menu)));
        assert_eq!(price("house red"), Some((2_800, ItemKind::Menu)));
        assert_eq!(price("bottle of water"), Some((400, ItemKind::Menu)));
        assert_eq!(price("airport transfer"), Some((4_500, ItemKind::Extra)));
        for item in &book.items {
            assert!(
                ["en", "es"].iter().all(|lang| item.details.names.contains_key(*lang)),
                "{:?}",
                item.details
            );
            assert!(item.details.price_minor > 0);
        }
        let facts = |lang: &str| book.facts.iter().filter(|fact| fact.lang == lang).count();
        assert_eq!((facts("en"), facts("es")), (42, 42));
        let wifi =
            book.facts.iter().find(|fact| fact.lang == "en" && fact.title.starts_with("Wifi")).unwrap();
        assert!(wifi.text.contains("HarbourHouse-Guest"));
        let late = book.hotel.settings.late_checkout;
        assert_eq!(late.price_minor, 3_000);
        assert!(book.hotel.settings.emergency_text.values().all(|text| text.contains("112")));
        assert_eq!(book.prompt.as_ref().map(|prompt| prompt.content.as_str()), Some(prompt::DEFAULT));
        assert!(book.integration(connectors::DEFAULT_PMS).is_some());
        assert_eq!((book.rules_version, book.policies.is_empty()), (1, true));
    })
    .await;
}

#[test]
fn no_two_items_share_a_name() {
    let hotel = book::hotel(&clock()).unwrap();
    let book = Book::read(&clock(), &hotel, hotel.today(clock().now())).unwrap();
    let mut seen = BTreeSet::new();
    for item in &book.items {
        let own: BTreeSet<String> =
            item.details.names.values().chain(&item.details.aliases).cloned().collect();
        for name in own {
            assert!(seen.insert(name.clone()), "{name}");
        }
    }
}

#[test]
fn what_guests_call_an_item_means_that_item_alone() {
    let hotel = book::hotel(&clock()).unwrap();
    let book = Book::read(&clock(), &hotel, hotel.today(clock().now())).unwrap();
    let catalogue: Vec<ItemName<'_, &str>> = book
        .items
        .iter()
        .map(|item| {
            let names = item.details.names.values().chain(&item.details.aliases);
            ItemName { id: item.name("en"), names: names.map(String::as_str).collect() }
        })
        .collect();
    for (text, wanted) in [
        ("A club sandwich to my room please", "club sandwich"),
        ("could I have a sandwich", "club sandwich"),
        ("two bottles of house red", "house red"),
        ("a bottle of water", "bottle of water"),
        ("some water please", "bottle of water"),
        ("sparkling water, please", "sparkling water"),
        ("a burger", "cheeseburger"),
        ("I'd like the airport transfer tomorrow", "airport transfer"),
        ("una botella de agua", "bottle of water"),
        ("un sándwich club a mi habitación", "club sandwich"),
        ("quiero una cerveza", "beer"),
        ("vino tinto", "house red"),
        ("un masaje mañana", "massage"),
    ] {
        let hits = find_items(text, &catalogue);
        let found: Vec<_> = hits.iter().map(|hit| hit.candidates.as_slice()).collect();
        assert_eq!(found, [[wanted]], "{text}");
    }
    for text in [
        "an ironing board please",
        "can you keep my bags until five",
        "we leave in 50 minutes",
        "solo quiero dos toallas en la habitación, sin prisa",
        "la tabla de planchar por favor",
        "could someone come to the room one day",
    ] {
        assert_eq!(find_items(text, &catalogue), [], "{text}");
    }
}

#[test]
fn what_guests_ask_most_has_its_fact_in_both_languages() {
    let hotel = book::hotel(&clock()).unwrap();
    let book = Book::read(&clock(), &hotel, hotel.today(clock().now())).unwrap();
    let answered = |lang: &str, question: &str| {
        let facts: Vec<FactDoc<'_, &str>> = book
            .facts
            .iter()
            .filter(|fact| fact.lang == lang)
            .map(|fact| FactDoc { id: fact.title.as_str(), title: &fact.title, text: &fact.text, lang })
            .collect();
        answer(question, &facts).map(str::to_owned)
    };
    let mut wrong = Vec::new();
    for (lang, question, title) in [
        ("en", "What time is check-in?", "Check-in"),
        ("en", "when is check out", "Check-out"),
        ("en", "When is breakfast?", "Breakfast"),
        ("en", "wifi?", "Wifi: network and password"),
        ("en", "What's the wifi password?", "Wifi: network and password"),
        ("en", "Is there parking?", "Parking"),
        ("en", "Can I bring my dog?", "Pets: dogs and cats"),
        ("en", "Is there a pool?", "Swimming pool"),
        ("en", "Where is the gym?", "Gym"),
        ("en", "Do you have a sauna?", "Spa and sauna"),
        ("en", "Can I leave my luggage after check-out?", "Luggage storage"),
        ("en", "Can you call me a taxi?", "Taxi"),
        ("en", "Can I smoke on the balcony?", "Smoking"),
        ("en", "Are children welcome?", "Children and family"),
        ("en", "Is the hotel wheelchair accessible?", "Accessibility and wheelchairs"),
        ("en", "Do you take American Express?", "Payment: cards and cash"),
        ("en", "Is the tap water safe to drink?", "Drinking water"),
        ("en", "How much is the city tax?", "City tax: how much"),
        ("es", "¿A qué hora es el desayuno?", "Desayuno"),
        ("es", "¿Cuál es la contraseña del wifi?", "Wifi: red y contraseña"),
        ("es", "¿Tienen aparcamiento?", "Aparcamiento y garaje"),
        ("es", "¿Hay piscina?", "Piscina"),
        ("es", "¿Puedo llevar a mi perro?", "Mascotas: perros y gatos"),
        ("es", "¿Dónde está el gimnasio?", "Gimnasio"),
        ("es", "¿Puedo fumar en el balcón?", "Fumar"),
        ("es", "¿Dónde puedo dejar las maletas?", "Consigna de equipaje"),
        ("es", "¿Se puede pagar con tarjeta?", "Formas de pago: tarjeta y efectivo"),
    ] {
        let got = answered(lang, question);
        if got.as_deref() != Some(title) {
            wrong.push((question, got));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(answered("en", "Do you have a helicopter pad?"), None);
}

#[test]
fn the_standard_rules_call_staff_for_what_matters_and_not_for_a_question() {
    let rules = rules::standard().unwrap();
    assert!(rules.problems().is_empty(), "{:?}", rules.problems());
    let fires = |text: &str| -> Vec<&str> {
        let hit = |rule: &&rules::Rule| crate::domain::words::PhraseSet::new(&rule.words).is_in(text);
        rules.rules.iter().filter(hit).map(|rule| rule.name.as_str()).collect()
    };
    for (text, rule) in [
        ("I will call my lawyer about this", "legal threat"),
        ("Voy a demandar al hotel", "legal threat"),
        ("I need a police report for my insurance", "police report"),
        ("My laptop was stolen", "theft"),
        ("Me han robado el bolso", "theft"),
        ("I've lost my passport!", "lost passport"),
        ("HE PERDIDO MI PASAPORTE", "lost passport"),
        ("This is unacceptable, I want a refund", "refund demanded"),
        ("Quiero un reembolso", "refund demanded"),
        ("I was charged twice for dinner", "wrong charge"),
        ("Quiero la hoja de reclamaciones", "formal complaint"),
        ("A man harassed me at the bar", "harassment"),
        ("There was somebody in my room", "stranger in the room"),
        ("Alguien entró en mi habitación", "stranger in the room"),
        ("I think we got food poisoning", "food poisoning"),
        ("Please delete my data", "personal data"),
    ] {
        assert_eq!(fires(text), [rule], "{text}");
    }
    for text in [
        "Are refunds possible?",
        "Is the city tax refunded?",
        "Can I order a club sandwich?",
        "Do I need my passport for check-in?",
        "Where is the police station?",
        "Could I get a bed for my daughter?",
        "Is there a court for tennis?",
        "¿Dónde está la policía?",
        "I left my charger in the room",
    ] {
        assert!(fires(text).is_empty(), "{text}");
    }
}
