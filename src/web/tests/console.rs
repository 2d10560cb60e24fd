//! Stories of a manager at the console: forms come back filled, refusals say what to do, nothing is for agents.

use super::super::testing::{Answer, Signed, Site, form};
use super::desk::guest_writes;
use crate::domain::people::{Reach, Role};
use crate::store::hotel_fixtures::both;
use crate::store::versions::prompt_failures;
use axum::http::{StatusCode, header};
use serde_json::{Value, json};

const PAGES: [&str; 10] =
    ["", "/prompt", "/rules", "/facts", "/items", "/tools", "/integrations", "/hotel", "/people", "/audit"];

impl Signed<'_> {
    /// Sends a form as a browser does.
    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut all = vec![("csrf", self.csrf.as_str())];
        all.extend(fields);
        let mut request = form(path, &all);
        request.headers_mut().insert(header::COOKIE, self.cookie.parse().unwrap());
        self.site.send(request).await
    }

    /// The same where htmx asks for a part of the page.
    async fn ask(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut all = vec![("csrf", self.csrf.as_str())];
        all.extend(fields);
        let mut request = form(path, &all);
        request.headers_mut().insert(header::COOKIE, self.cookie.parse().unwrap());
        request.headers_mut().insert("hx-request", "true".parse().unwrap());
        self.site.send(request).await
    }
}

async fn signed<'s>(site: &'s Site, role: Role) -> Signed<'s> {
    let here = site.hotel("here").await;
    site.user("m@h.example", Reach::Property(here), role).await;
    site.sign_in("m@h.example").await
}

#[tokio::test]
async fn every_page_opens_for_a_manager_and_none_for_an_agent_or_a_neighbour() {
    both(|db| async move {
        let site = Site::new(db);
        let manager = signed(&site, Role::Manager).await;
        let there = site.hotel("there").await;
        site.user("agent@h.example", Reach::Property(there), Role::Agent).await;
        let agent = site.sign_in("agent@h.example").await;
        for page in PAGES {
            let path = format!("/console{page}?property=here");
            let shown = manager.get(&path).await;
            assert_eq!(shown.status, StatusCode::OK, "{path}: {}", shown.body);
            assert!(!shown.body.contains("<script>") && !shown.body.contains(" style="), "{path}");
            assert_eq!(agent.get(&path).await.code(), "not_found", "{path}");
            let own = agent.get(&format!("/console{page}?property=there")).await;
            assert_eq!(own.code(), "role", "{path}");
            assert!(own.body.contains("for managers"));
            assert_eq!(site.get(&path).await.status, StatusCode::UNAUTHORIZED);
        }
        assert_eq!(manager.get("/console").await.status, StatusCode::OK);
        let others = [("id", ""), ("title", "x"), ("text", "x"), ("lang", "en")];
        assert_eq!(manager.post("/console/facts?property=there", &others).await.code(), "not_found");
    })
    .await;
}

#[tokio::test]
async fn a_broken_prompt_comes_back_with_its_line_and_is_kept_as_a_draft() {
    both(|db| async move {
        let site = Site::new(db);
        let manager = signed(&site, Role::Manager).await;
        let page = "/console/prompt?property=here";
        let good = [("template", "You answer for {{ hotel.name }}."), ("base", "0"), ("act", "publish")];
        assert_eq!(manager.post(page, &good).await.status, StatusCode::SEE_OTHER);
        let broken = [("template", "Fine.\r\n{{ hotel.nmae }} <b>"), ("base", "1"), ("act", "publish")];
        let refused = manager.post(page, &broken).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        for part in ["Line 2", "draft 2", "version 1 as before", "hotel.nmae }} &#60;b&#62;"] {
            assert!(refused.body.contains(part), "{part}: {}", refused.body);
        }
        let tried = manager.ask(page, &[("template", "Welcome."), ("act", "preview")]).await;
        assert!(
            tried.body.contains("A guest in the house") && !tried.body.contains("<html"),
            "{}",
            tried.body
        );
        let next = [("template", "Welcome."), ("base", "2"), ("act", "publish")];
        assert_eq!(
            manager.post(page, &next).await.headers[header::LOCATION],
            "/console/prompt?property=here&done=published"
        );
        let back = manager.post("/console/prompt/1/publish?property=here", &[]).await;
        assert_eq!(back.status, StatusCode::SEE_OTHER);
        assert!(manager.get(page).await.body.contains("You answer for {{ hotel.name }}."));
        assert_eq!(
            manager.post("/console/prompt/99/publish?property=here", &[]).await.status,
            StatusCode::NOT_FOUND
        );
    })
    .await;
}

#[tokio::test]
async fn a_prompt_that_failed_for_a_guest_is_told_until_it_is_published_anew() {
    both(|db| async move {
        let site = Site::new(db);
        let manager = signed(&site, Role::Manager).await;
        let page = "/console/prompt?property=here";
        manager.post(page, &[("template", "Welcome."), ("base", "0"), ("act", "publish")]).await;
        let caller = manager.caller().await;
        let here = caller.grants.at[0].0;
        let now = site.clock.now();
        site.db
            .write::<_, crate::store::DbError, _>(move |tx| {
                Box::pin(
                    async move { prompt_failures::note(tx, here, 1, "line 7: too many steps", now).await },
                )
            })
            .await
            .unwrap();
        assert!(manager.get("/console?property=here").await.body.contains("line 7: too many steps"));
        manager.post("/console/prompt/1/publish?property=here", &[]).await;
        assert!(!manager.get("/console?property=here").await.body.contains("line 7"));
    })
    .await;
}

#[tokio::test]
async fn a_draft_of_the_rules_is_tried_on_what_guests_wrote_and_lists_what_would_flip() {
    both(|db| async move {
        let site = Site::new(db);
        let manager = signed(&site, Role::Manager).await;
        let here = manager.caller().await.grants.at[0].0;
        let live =
            [("rule_name", "cats"), ("rule_words", "cat"), ("mood", ""), ("base", "0"), ("act", "publish")];
        let page = "/console/rules?property=here";
        assert_eq!(manager.post(page, &live).await.status, StatusCode::SEE_OTHER);
        let bugs = guest_writes(&site, here, "+43660000001", "There are bed bugs!").await;
        guest_writes(&site, here, "+43660000002", "The bed is fine, which category is it?").await;
        let cat = guest_writes(&site, here, "+43660000003", "A cat sits on my bed").await;
        let draft =
            json!({"rules": [{"name": "pests", "words": ["bed bugs", "cockroach"]}], "mood_threshold": null});
        let tried = manager.send("POST", "/api/v1/properties/here/rules/try", draft).await.json();
        assert_eq!((&tried["messages"], &tried["conversations"]), (&json!(3), &json!(3)), "{tried}");
        let (new, gone) = (&tried["would_escalate"][0], &tried["would_not_escalate"][0]);
        assert_eq!(
            (&new["conversation"], &new["words"], &new["seq"]),
            (&json!(bugs), &json!("bed bugs"), &json!(1))
        );
        assert_eq!((&gone["conversation"], &gone["rule"]), (&json!(cat), &json!("cats")));
        assert_eq!((&tried["newly"], &tried["no_longer"]), (&json!(1), &json!(1)));

        let both = [
            ("rule_name", "cats"),
            ("rule_words", "cat"),
            ("rule_name", "pests"),
            ("rule_words", "bed bugs\r\nroach"),
            ("rule_priority", "high"),
            ("mood", ""),
            ("base", "1"),
            ("act", "try"),
        ];
        let shown = manager.ask(page, &both).await;
        assert!(
            shown.body.contains("1 would reach staff that do not now")
                && !shown.body.contains("no longer reach"),
            "{}",
            shown.body
        );
        let mut publish = both;
        publish[7] = ("act", "publish");
        manager.post(page, &publish).await;
        let list = manager.get("/api/v1/properties/here/rules").await.json();
        assert_eq!(
            list["items"][0]["rules"][1],
            json!({"name": "pests", "words": ["bed bugs", "roach"], "priority": "high", "enabled": true})
        );
        let wrong = [("rule_name", ""), ("rule_words", "x"), ("mood", "sad"), ("act", "publish")];
        let refused = manager.post(page, &wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("between -1 and 0") && refused.body.contains("value=\"sad\""));
        manager.post("/console/rules/1/publish?property=here", &[]).await;
        let list = manager.get("/api/v1/properties/here/rules").await.json();
        assert_eq!(
            (&list["items"][0]["state"], &list["items"][1]["state"]),
            (&json!("past"), &json!("live"))
        );
    })
    .await;
}

#[tokio::test]
async fn a_form_with_a_mistake_comes_back_as_it_was_typed() {
    both(|db| async move {
        let site = Site::new(db);
        let manager = signed(&site, Role::Manager).await;
        let item = [
            ("name.en", "Tea"),
            ("price", "4,5O"),
            ("department", "bar"),
            ("kind", "menu"),
            ("active", "yes"),
        ];
        let refused = manager.post("/console/items?property=here", &item).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        for part in ["write it like 18.00", "value=\"Tea\"", "value=\"4,5O\""] {
            assert!(refused.body.contains(part), "{part}: {}", refused.body);
        }
        let item = [
            ("name.en", "Tea"),
            ("price", "4,50"),
            ("department", "bar"),
            ("kind", "menu"),
            ("active", "yes"),
        ];
        assert_eq!(manager.post("/console/items?property=here", &item).await.status, StatusCode::SEE_OTHER);
        let items = manager.get("/api/v1/properties/here/items").await.json();
        assert_eq!(items["items"][0]["price"]["amount_minor"], 450);

        let hotel = manager.get("/console/hotel?property=here").await.body;
        let mut fields = typed(&hotel);
        assert_eq!(
            manager.post("/console/hotel?property=here", &refs(&fields)).await.status,
            StatusCode::SEE_OTHER
        );
        set(&mut fields, "zone", "Vienna");
        set(&mut fields, "name", "Alm \"Hof\"");
        let refused = manager.post("/console/hotel?property=here", &refs(&fields)).await;
        assert!(
            refused.body.contains("such as Europe/Lisbon") && refused.body.contains("Alm &#34;Hof&#34;"),
            "{}",
            refused.body
        );
        set(&mut fields, "zone", "Europe/Vienna");
        set(&mut fields, "on_call", "+43 660 111 222\n+43660111333");
        set(&mut fields, "greeting.en", "Grüß Gott");
        assert_eq!(
            manager.post("/console/hotel?property=here", &refs(&fields)).await.status,
            StatusCode::SEE_OTHER
        );
        let saved = manager.get("/api/v1/properties/here").await.json();
        assert_eq!(saved["on_call"], json!(["+43660111222", "+43660111333"]));
        assert_eq!(saved["greeting"], json!({"en": "Grüß Gott"}));
        set(&mut fields, "greeting.en", "");
        manager.post("/console/hotel?property=here", &refs(&fields)).await;
        assert_eq!(manager.get("/api/v1/properties/here").await.json()["greeting"], json!({}));
    })
    .await;
}

/// The fields of the hotel's form with what a browser would send.
fn typed(page: &str) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    for tag in page.split("name=\"").skip(1) {
        let (name, rest) = tag.split_once('"').unwrap();
        let value = match rest.split_once('>').unwrap() {
            (attributes, _) if attributes.contains("value=\"") => {
                attributes.split_once("value=\"").unwrap().1.split('"').next().unwrap()
            }
            (_, text) => text.split("</textarea>").next().unwrap(),
        };
        if !["csrf", "viewport", "color-scheme", "htmx-config"].contains(&name) {
            fields.push((name.to_owned(), value.to_owned()));
        }
    }
    fields
}

fn refs(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

fn set(fields: &mut [(String, String)], name: &str, value: &str) {
    fields.iter_mut().find(|(key, _)| key == name).unwrap().1 = value.to_owned();
}

#[tokio::test]
async fn people_and_accounts_are_for_admins_and_a_key_is_shown_once() {
    both(|db| async move {
        let site = Site::new(db);
        let admin = signed(&site, Role::Admin).await;
        let here = admin.caller().await.grants.at[0].0;
        site.user("low@h.example", Reach::Property(here), Role::Manager).await;
        let manager = site.sign_in("low@h.example").await;
        let people = "/console/people?property=here";
        let new = [
            ("act", "add"),
            ("email", "new@h.example"),
            ("name", "New"),
            ("password", "long enough 2"),
            ("role", "agent"),
        ];
        assert_eq!(manager.post(people, &new).await.code(), "role");
        assert!(!manager.get(people).await.body.contains("m@h.example"));
        assert_eq!(admin.post(people, &new).await.status, StatusCode::SEE_OTHER);
        let again = admin.post(people, &new).await;
        assert!(
            again.body.contains("has this mail address already") && !again.body.contains("long enough 2")
        );
        let made = admin.post(people, &[("act", "key"), ("name", "till"), ("scope", "read")]).await;
        let key =
            made.body.split("<code class=\"break\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
        assert!(key.starts_with("bh_"), "{key}");
        assert!(!admin.get(people).await.body.contains(&key));

        let accounts = "/console/integrations?property=here";
        let house = [("kind", "pms.house"), ("name", "The house"), ("act", "add")];
        assert_eq!(manager.post(accounts, &house).await.code(), "role");
        assert_eq!(admin.post(accounts, &house).await.status, StatusCode::SEE_OTHER);
        let wrong = [
            ("kind", "sms.twilio"),
            ("name", "Texts"),
            ("config.account_sid", "XX1"),
            ("secret.auth_token", "s3cr3t"),
        ];
        let refused = admin.post(accounts, &wrong).await;
        assert!(
            refused.body.contains("begins with AC") && refused.body.contains("value=\"XX1\""),
            "{}",
            refused.body
        );
        assert!(!refused.body.contains("s3cr3t"));
        let list = admin.get("/api/v1/properties/here/integrations").await.json();
        let id = list["items"][0]["id"].as_str().unwrap();
        let tested = admin.ask(accounts, &[("act", "test"), ("id", id)]).await;
        assert!(tested.body.contains("Reservations can be read"), "{}", tested.body);
        assert!(tested.body.contains(">works</span>") && !tested.body.contains("<html"), "{}", tested.body);
        assert_eq!(admin.post(accounts, &[("act", "off"), ("id", id)]).await.status, StatusCode::SEE_OTHER);
        let list = admin.get("/api/v1/properties/here/integrations").await.json();
        assert_eq!(list["items"][0]["enabled"], Value::Bool(false));
    })
    .await;
}

#[tokio::test]
async fn who_manages_everywhere_makes_the_first_hotel_here_and_nobody_else_does() {
    both(|db| async move {
        let site = Site::new(db);
        site.user("chief@h.example", Reach::Everywhere, Role::Admin).await;
        let chief = site.sign_in("chief@h.example").await;
        for page in ["/inbox", "/console"] {
            let sent_on = chief.get(page).await;
            assert_eq!(sent_on.status, StatusCode::SEE_OTHER, "{page}: {}", sent_on.body);
            assert_eq!(sent_on.headers[header::LOCATION], "/console/new");
        }
        assert!(chief.get("/console/new").await.body.contains("Europe/Lisbon"));
        let form =
            |slug| [("name", "The Quay"), ("slug", slug), ("zone", "Europe/Lisbon"), ("currency", "eur")];
        let refused = chief.post("/console/new", &form("The Quay!")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            refused.body.contains("slug") && refused.body.contains("value=\"The Quay\""),
            "{}",
            refused.body
        );
        let made = chief.post("/console/new", &form("quay")).await;
        assert_eq!(made.headers[header::LOCATION], "/console/hotel?property=quay&done=added");
        assert!(chief.get("/console/prompt?property=quay").await.body.contains("Version 1"));
        assert_eq!(chief.get("/inbox").await.status, StatusCode::OK);
        let manager = signed(&site, Role::Manager).await;
        assert_eq!(manager.get("/console/new").await.code(), "role");
        assert_eq!(manager.post("/console/new", &form("other")).await.code(), "role");
    })
    .await;
}

#[tokio::test]
async fn the_overview_tells_how_long_guests_waited_and_how_they_sound_as_the_api_does() {
    both(|db| async move {
        let site = Site::new(db);
        let manager = signed(&site, Role::Manager).await;
        let here = manager.caller().await.grants.at[0].0;
        let empty = manager.get("/console?property=here").await.body;
        assert!(empty.contains("Nobody has written today") && !empty.contains("Median wait"), "{empty}");
        let fire = guest_writes(&site, here, "+43660111221", "There is a fire in my room!").await;
        guest_writes(&site, here, "+43660111222", "This is terrible, disgusting, I am furious").await;
        guest_writes(&site, here, "+43660111223", "thank you, wonderful stay, lovely people").await;
        site.clock.advance(chrono::TimeDelta::minutes(7));
        manager.send("POST", &format!("/api/v1/conversations/{fire}/read"), json!({"seq": 1})).await;
        let page = manager.get("/console?property=here").await.body;
        assert!(page.contains("looked: <strong>7 min</strong>"), "{page}");
        let view = manager.get("/api/v1/properties/here/overview").await.json();
        assert_eq!(view["median_wait_secs"], 420);
        assert_eq!(view["moods"], json!({"unhappy": 1, "even": 1, "friendly": 1}));
        assert_eq!(view["reasons"], json!([{"kind": "emergency", "count": 1}]));
        let today = &view["conversations"];
        assert_eq!(today["bot"].as_i64().unwrap() + today["waiting"].as_i64().unwrap(), 3);
    })
    .await;
}
