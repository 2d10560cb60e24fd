//! Stories of a manager by API: a hotel and its things made, changed, published and rolled back; nobody else's.

use super::super::testing::{Signed, Site, bearer, json as request};
use crate::domain::ids::PropertyId;
use crate::domain::people::{Reach, Role, Scope};
use crate::domain::stay::StayState;
use crate::store::hotel_fixtures::{both, put, stay};
use axum::http::StatusCode;
use serde_json::{Value, json};

const M: &str = "manager@h.example";

async fn manager(site: &Site) -> (PropertyId, Signed<'_>) {
    let here = site.hotel("here").await;
    site.user(M, Reach::Property(here), Role::Manager).await;
    (here, site.sign_in(M).await)
}

#[tokio::test]
async fn a_hotel_is_made_and_changed_and_what_cannot_be_right_is_refused_by_name() {
    both(|db| async move {
        let site = Site::new(db);
        let key = site.key(Reach::Everywhere, Scope::Write).await;
        let call = async |method: &str, path: &str, body: Value| {
            site.send(bearer(request(method, path, &body), &key)).await
        };
        let new = json!({"slug": "alm", "name": "Almhof", "zone": "Europe/Vienna", "currency": "EUR",
            "languages": ["de", "en"], "on_call": ["+43660000000"], "limits": {"per_charge_minor": 5000}});
        let made = call("POST", "/api/v1/properties", new.clone()).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        let made = made.json();
        assert_eq!((&made["zone"], &made["languages"][0]), (&json!("Europe/Vienna"), &json!("de")));
        assert_eq!(made["limits"]["per_stay_and_day_minor"], 20_000, "what is left out has its default");
        assert_eq!(call("POST", "/api/v1/properties", new).await.code(), "slug_taken");
        let prompts = call("GET", "/api/v1/properties/alm/prompts", Value::Null).await.json();
        assert_eq!(prompts["items"][0]["state"], "live", "it begins with the standard prompt");
        for (patch, word) in [
            (json!({"zone": "Europe/Wien"}), "Europe/Lisbon"),
            (json!({"currency": "euro"}), "EUR"),
            (json!({"languages": []}), "languages"),
            (json!({"reception_phone": "0660 000"}), "international"),
            (json!({"allowed_origins": ["hotel.example"]}), "https://"),
            (json!({"limits": {"per_charge_minor": -1}}), "limits"),
            (json!({"late_checkout": {"standard": "12:00:00", "free_until": "11:00:00"}}), "free_until"),
            (json!({"desk_hours": {"from": "25:00"}}), "desk_hours"),
            (json!({"colour": "red"}), "colour"),
            (json!({"slug": "other"}), "slug"),
        ] {
            let answer = call("PATCH", "/api/v1/properties/alm", patch).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.body);
            assert!(answer.json()["detail"].as_str().unwrap().contains(word), "{word}: {}", answer.body);
        }
        let patch = json!({"greeting": {"en": "Hello"}, "patience": {"alert_minutes": 3}});
        let changed = call("PATCH", "/api/v1/properties/alm", patch).await.json();
        assert_eq!((&changed["patience"]["alert_minutes"], &changed["patience"]["holder_minutes"]), (&json!(3), &json!(10)));
        let audit = call("GET", "/api/v1/audit", Value::Null).await.json();
        let line = audit["items"].as_array().unwrap().iter().find(|line| line["action"] == "property.changed");
        assert_eq!(line.unwrap()["after"], json!({"greeting": {"en": "Hello"}, "patience": {"alert_minutes": 3, "holder_minutes": 10, "quote_minutes": 30}}));
    })
    .await;
}

#[tokio::test]
async fn items_and_facts_are_written_corrected_and_taken_away() {
    both(|db| async move {
        let site = Site::new(db);
        let (_, manager) = manager(&site).await;
        let items = "/api/v1/properties/here/items";
        let wrong = json!({"name": "Tea", "price": {"amount_minor": 400, "currency": "USD"}, "department": "bar"});
        assert!(manager.send("POST", items, wrong).await.body.contains("in EUR"));
        let free = json!({"name": "Tea", "department": "bar"});
        assert!(manager.send("POST", items, free).await.body.contains("price"));
        let tea = json!({"name": "Tea", "price": {"amount_minor": 400, "currency": "EUR"}, "department": "Bar",
            "hours": {"from": "07:00:00", "to": "22:00:00"}});
        let made = manager.send("POST", items, tea).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        let one = format!("{items}/{}", made.json()["id"].as_str().unwrap());
        let change = json!({"price": {"amount_minor": 450, "currency": "EUR"}, "hours": null});
        let changed = manager.send("PATCH", &one, change).await.json();
        assert_eq!((&changed["price"]["amount_minor"], &changed["department"]), (&json!(450), &json!("bar")));
        assert!(changed.get("hours").is_none());
        let currency = manager.send("PATCH", "/api/v1/properties/here", json!({"currency": "JPY"})).await;
        assert!(currency.body.contains("prices of the items are in EUR"), "{}", currency.body);
        assert_eq!(manager.send("DELETE", &one, Value::Null).await.status, StatusCode::NO_CONTENT);
        assert_eq!(manager.send("PATCH", &one, json!({"active": false})).await.status, StatusCode::NOT_FOUND);

        let facts = "/api/v1/properties/here/facts";
        assert!(manager.send("POST", facts, json!({"title": "Wifi"})).await.body.contains("text"));
        let made = manager.send("POST", facts, json!({"title": "Wifi", "text": "Network: guest"})).await;
        assert_eq!((made.status, &made.json()["lang"]), (StatusCode::CREATED, &json!("en")));
        let one = format!("{facts}/{}", made.json()["id"].as_str().unwrap());
        let changed = manager.send("PATCH", &one, json!({"lang": "es"})).await.json();
        assert_eq!((&changed["title"], &changed["lang"]), (&json!("Wifi"), &json!("es")));
        assert_eq!(manager.get(facts).await.json()["items"].as_array().unwrap().len(), 1);
        assert_eq!(manager.send("DELETE", &one, Value::Null).await.status, StatusCode::NO_CONTENT);
    })
    .await;
}

#[tokio::test]
async fn a_broken_prompt_cannot_be_published_and_an_older_one_comes_back() {
    both(|db| async move {
        let site = Site::new(db);
        let (_, manager) = manager(&site).await;
        let prompts = "/api/v1/properties/here/prompts";
        let draft = async |template: &str| {
            let answer = manager.send("POST", prompts, json!({ "template": template })).await;
            assert_eq!((answer.status, &answer.json()["state"]), (StatusCode::CREATED, &json!("draft")));
            answer.json()["version"].as_i64().unwrap()
        };
        let publish = async |version: i64| {
            manager.send("POST", &format!("{prompts}/{version}/publish"), Value::Null).await
        };
        let live = async || {
            let list = manager.get(prompts).await.json();
            let live = list["items"].as_array().unwrap().iter().find(|item| item["state"] == "live").cloned();
            live.map(|live| live["version"].as_i64().unwrap())
        };
        let first = draft("You answer for {{ hotel.name }}.").await;
        assert_eq!(publish(first).await.status, StatusCode::OK);
        let broken = draft("You answer.\nAt {{ hotel.nmae }}.").await;
        let refused = publish(broken).await;
        assert_eq!(
            (refused.status, refused.code()),
            (StatusCode::UNPROCESSABLE_ENTITY, "prompt_fails".to_owned())
        );
        assert_eq!(refused.json()["errors"][0]["line"], 2);
        assert!(refused.json()["detail"].as_str().unwrap().contains("list of variables"), "{}", refused.body);
        assert_eq!(live().await, Some(first), "what is live stays live");
        let second = draft("Welcome to {{ hotel.name }}.").await;
        assert_eq!(publish(second).await.status, StatusCode::OK);
        assert_eq!(publish(first).await.status, StatusCode::OK);
        assert_eq!(live().await, Some(first));
        assert_eq!(publish(99).await.status, StatusCode::NOT_FOUND);
        let tried =
            manager.send("POST", &format!("{prompts}/try"), json!({"template": "Hi {{ hotel.name }}"})).await;
        assert_eq!(tried.json()["previews"].as_array().unwrap().len(), 3, "{}", tried.body);
        let audit = manager.get("/api/v1/audit").await.json();
        let mut lines = audit["items"].as_array().unwrap().iter();
        assert!(lines.any(|line| line["before"]["version"] == second && line["after"]["version"] == first));
    })
    .await;
}

#[tokio::test]
async fn rules_are_published_and_rolled_back_and_contradictions_refused() {
    both(|db| async move {
        let site = Site::new(db);
        let (_, manager) = manager(&site).await;
        let rules = "/api/v1/properties/here/rules";
        let twice = json!({"rules": [{"name": "a", "words": ["x"]}, {"name": "a", "words": []}]});
        let refused = manager.send("POST", rules, twice).await;
        assert!(refused.body.contains("two rules are named a") && refused.body.contains("has no words"));
        let one = json!({"rules": [{"name": "pests", "words": ["bed bugs"], "priority": "high"}]});
        let first = manager.send("POST", rules, one).await.json()["version"].as_i64().unwrap();
        let second = manager.send("POST", rules, json!({"rules": [], "mood_threshold": null})).await;
        let second = second.json()["version"].as_i64().unwrap();
        for version in [first, second, first] {
            let answer = manager.send("POST", &format!("{rules}/{version}/publish"), Value::Null).await;
            assert_eq!(answer.status, StatusCode::OK);
        }
        let list = manager.get(rules).await.json();
        let states: Vec<_> =
            list["items"].as_array().unwrap().iter().map(|item| item["state"].clone()).collect();
        assert_eq!(states, [json!("past"), json!("live")]);
        assert_eq!(list["items"][1]["mood_threshold"], json!(-0.6), "left out: as it was");
        assert_eq!(list["items"][0]["mood_threshold"], Value::Null);
        assert_eq!(
            manager.send("POST", &format!("{rules}/77/publish"), Value::Null).await.status,
            StatusCode::NOT_FOUND
        );
    })
    .await;
}

#[tokio::test]
async fn a_tool_is_made_stricter_and_never_weaker_than_it_is_itself() {
    both(|db| async move {
        let site = Site::new(db);
        let (_, manager) = manager(&site).await;
        let tools = "/api/v1/properties/here/tools";
        let set =
            async |tool: &str, body: Value| manager.send("PATCH", &format!("{tools}/{tool}"), body).await;
        assert!(set("get_folio", json!({"proof": "none"})).await.body.contains("proved stay"));
        assert!(
            set("hand_off_to_staff", json!({"enabled": false})).await.body.contains("always have a person")
        );
        let eur = |minor: i64| json!({"amount_minor": minor, "currency": "EUR"});
        assert!(set("order_item", json!({"max_charge": eur(99_999)})).await.body.contains("100.00 EUR"));
        assert_eq!(set("unlock_door", json!({"enabled": true})).await.status, StatusCode::NOT_FOUND);
        let changed =
            set("order_item", json!({"max_charge": eur(3_000), "staff_approval": true})).await.json();
        assert_eq!((&changed["max_charge"], &changed["enabled"]), (&eur(3_000), &json!(true)));
        set("search_facts", json!({"proof": "stay"})).await;
        let list = manager.get(tools).await.json();
        let tool = |name: &str| {
            list["items"].as_array().unwrap().iter().find(|item| item["tool"] == name).unwrap().clone()
        };
        assert_eq!(
            (&tool("search_facts")["proof"], &tool("search_facts")["least_proof"]),
            (&json!("stay"), &json!("none"))
        );
        assert_eq!(tool("order_item")["staff_approval"], true);
    })
    .await;
}

#[tokio::test]
async fn a_link_to_a_stay_is_shown_once_and_can_be_ended() {
    both(|db| async move {
        let site = Site::new(db);
        let (here, manager) = manager(&site).await;
        let there = site.hotel("there").await;
        let own = put(&site.db, &site.clock, &stay(&site.clock, here, "A1", StayState::InHouse)).await.0;
        let other = put(&site.db, &site.clock, &stay(&site.clock, there, "B1", StayState::InHouse)).await.0;
        let found = manager.get("/api/v1/properties/here/stays?q=zoe").await.json();
        assert_eq!(found["items"][0]["confirmation"], "A1", "{found}");
        assert_eq!(found["items"].as_array().unwrap().len(), 1);
        let tokens = format!("/api/v1/stays/{own}/tokens");
        let made = manager.send("POST", &tokens, json!({"days": 2})).await;
        assert_eq!(made.status, StatusCode::CREATED);
        let token = made.json()["token"].as_str().unwrap().to_owned();
        assert!(!manager.get("/api/v1/audit").await.body.contains(&token));
        assert_eq!(manager.send("POST", &tokens, json!({"days": 400})).await.code(), "bad_days");
        assert_eq!(manager.send("DELETE", &tokens, Value::Null).await.json()["revoked"], 1);
        let theirs = format!("/api/v1/stays/{other}/tokens");
        assert_eq!(manager.send("POST", &theirs, json!({})).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

/// Every route of this file's kind, with a body that would do.
fn routes(hotel: &str) -> Vec<(&'static str, String, Value)> {
    let at = |path: &str| format!("/api/v1/properties/{hotel}{path}");
    let (itm, fct, int) = (
        "itm_0190a0a0a0a07000800000000000000a",
        "fct_0190a0a0a0a07000800000000000000a",
        "int_0190a0a0a0a07000800000000000000a",
    );
    vec![
        ("PATCH", at(""), json!({"name": "X"})),
        (
            "POST",
            at("/items"),
            json!({"name": "x", "price": {"amount_minor": 1, "currency": "EUR"}, "department": "x"}),
        ),
        ("PATCH", at(&format!("/items/{itm}")), json!({})),
        ("DELETE", at(&format!("/items/{itm}")), Value::Null),
        ("POST", at("/facts"), json!({"title": "x", "text": "x"})),
        ("PATCH", at(&format!("/facts/{fct}")), json!({})),
        ("DELETE", at(&format!("/facts/{fct}")), Value::Null),
        ("GET", at("/prompts"), Value::Null),
        ("POST", at("/prompts"), json!({"template": "x"})),
        ("POST", at("/prompts/try"), json!({"template": "x"})),
        ("POST", at("/prompts/1/publish"), Value::Null),
        ("GET", at("/rules"), Value::Null),
        ("POST", at("/rules"), json!({"rules": []})),
        ("POST", at("/rules/try"), json!({"rules": []})),
        ("POST", at("/rules/1/publish"), Value::Null),
        ("GET", at("/tools"), Value::Null),
        ("GET", at("/overview"), Value::Null),
        ("PATCH", at("/tools/get_folio"), json!({})),
        ("GET", at("/integrations"), Value::Null),
        ("POST", at("/integrations"), json!({"kind": "pms.house"})),
        ("PATCH", at(&format!("/integrations/{int}")), json!({})),
        ("DELETE", at(&format!("/integrations/{int}")), Value::Null),
        ("POST", at(&format!("/integrations/{int}/test")), Value::Null),
    ]
}

#[tokio::test]
async fn an_agent_may_do_nothing_of_this_and_a_neighbour_finds_nothing() {
    both(|db| async move {
        let site = Site::new(db);
        let here = site.hotel("here").await;
        site.hotel("there").await;
        site.user("agent@h.example", Reach::Property(here), Role::Agent).await;
        site.user(M, Reach::Property(here), Role::Manager).await;
        site.user("admin@h.example", Reach::Property(here), Role::Admin).await;
        let (agent, manager) = (site.sign_in("agent@h.example").await, site.sign_in(M).await);
        let admin = site.sign_in("admin@h.example").await;
        let key = site.key(Reach::Property(here), Scope::Admin).await;
        for (method, path, body) in routes("here") {
            let answer = agent.send(method, &path, body.clone()).await;
            assert_eq!(
                (answer.status, answer.code()),
                (StatusCode::FORBIDDEN, "role".to_owned()),
                "{method} {path}"
            );
            let needs_admin = path.contains("/integrations") && method != "GET";
            let refused = manager.send(method, &path, body).await.status == StatusCode::FORBIDDEN;
            assert_eq!(refused, needs_admin, "{method} {path}");
        }
        let reads = [("GET", "/items"), ("GET", "/facts"), ("GET", "/stays"), ("GET", "")];
        let reads =
            reads.map(|(method, path)| (method, format!("/api/v1/properties/there{path}"), Value::Null));
        for (method, path, body) in routes("there").into_iter().chain(reads) {
            assert_eq!(admin.send(method, &path, body.clone()).await.code(), "not_found", "{method} {path}");
            let by_key = site.send(bearer(request(method, &path, &body), &key)).await;
            assert_eq!(by_key.code(), "not_found", "{method} {path}");
        }
        let seen = admin.get("/api/v1/properties").await.json();
        assert_eq!(seen["items"].as_array().unwrap().len(), 1);
        let new = json!({"slug": "x", "name": "X", "zone": "UTC", "currency": "EUR"});
        assert_eq!(admin.send("POST", "/api/v1/properties", new).await.status, StatusCode::FORBIDDEN);
    })
    .await;
}
