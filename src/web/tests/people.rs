//! Who may manage people and keys, and what switching one off does.

use crate::domain::ids::UserId;
use crate::domain::people::{Grants, Reach, Role, Scope};
use crate::store::testing::both;
use crate::web::WebError;
use crate::web::testing::{PASSWORD, Site, bearer, json as request};
use axum::http::StatusCode;
use serde_json::{Value, json};

#[tokio::test]
async fn a_disabled_user_is_out_at_once() {
    both(|db| async move {
        let site = Site::new(db);
        let here = site.hotel("here").await;
        let agent = site.user("agent@h.example", Reach::Property(here), Role::Agent).await;
        site.user("admin@h.example", Reach::Property(here), Role::Admin).await;
        let (their, admin) = (site.sign_in("agent@h.example").await, site.sign_in("admin@h.example").await);
        assert_eq!(their.get("/password").await.status, StatusCode::OK);
        let answer = admin.send("PATCH", &format!("/api/v1/users/{agent}"), json!({"disabled": true})).await;
        assert_eq!((answer.status, &answer.json()["disabled"]), (StatusCode::OK, &json!(true)));
        assert_eq!(their.get("/password").await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(site.sign_in_answer("agent@h.example", PASSWORD).await.status, StatusCode::UNAUTHORIZED);
        admin.send("PATCH", &format!("/api/v1/users/{agent}"), json!({"disabled": false})).await;
        assert_eq!(their.get("/password").await.status, StatusCode::UNAUTHORIZED, "old sessions stay dead");
        assert_eq!(site.sign_in_answer("agent@h.example", PASSWORD).await.status, StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn what_outlives_its_request_sees_a_role_taken_away_and_a_session_ended() {
    both(|db| async move {
        let site = Site::new(db);
        let here = site.hotel("here").await;
        let agent = site.user("agent@h.example", Reach::Property(here), Role::Agent).await;
        site.user("admin@h.example", Reach::Property(here), Role::Admin).await;
        let (their, admin) = (site.sign_in("agent@h.example").await, site.sign_in("admin@h.example").await);
        let caller = their.caller().await;
        assert!(caller.renew(&site.web).await.unwrap().may(here, Role::Agent).is_ok());
        let path = format!("/api/v1/users/{agent}");
        admin.send("PATCH", &path, json!({"roles": [{"property": here, "role": "manager"}]})).await;
        assert!(caller.renew(&site.web).await.unwrap().may(here, Role::Manager).is_ok());
        admin.send("PATCH", &path, json!({"disabled": true})).await;
        assert!(matches!(caller.renew(&site.web).await, Err(WebError::SignIn)));
    })
    .await;
}

#[tokio::test]
async fn an_agent_and_a_manager_cannot_list_or_make_people_and_keys() {
    both(|db| async move {
        let site = Site::new(db);
        let here = site.hotel("here").await;
        for (email, role, audit) in [
            ("agent@h.example", Role::Agent, StatusCode::FORBIDDEN),
            ("m@h.example", Role::Manager, StatusCode::OK),
        ] {
            let id = site.user(email, Reach::Property(here), role).await;
            let signed = site.sign_in(email).await;
            for path in ["/api/v1/users", "/api/v1/api-keys"] {
                let answer = signed.get(&format!("{path}?property={here}")).await;
                assert_eq!((answer.status, answer.code()), (StatusCode::FORBIDDEN, "role".to_owned()));
                assert_eq!(signed.get(path).await.code(), "role");
            }
            let themselves = signed.send("PATCH", &format!("/api/v1/users/{id}"), json!({})).await;
            assert_eq!(themselves.code(), "role");
            let key = json!({"name": "x", "scope": "read", "property": here});
            assert_eq!(signed.send("POST", "/api/v1/api-keys", key).await.code(), "role");
            assert_eq!(signed.get(&format!("/api/v1/audit?property={here}")).await.status, audit);
        }
    })
    .await;
}

#[tokio::test]
async fn another_hotels_people_keys_and_audit_do_not_exist() {
    both(|db| async move {
        let site = Site::new(db);
        let (here, there) = (site.hotel("here").await, site.hotel("there").await);
        site.user("admin@h.example", Reach::Property(here), Role::Admin).await;
        let neighbour = site.user("n@h.example", Reach::Property(there), Role::Agent).await;
        let admin = site.sign_in("admin@h.example").await;
        let key = site.key(Reach::Property(here), Scope::Admin).await;
        let owner = site.key(Reach::Everywhere, Scope::Admin).await;
        let keys = site.send(bearer(request("GET", "/api/v1/api-keys", &Value::Null), &owner)).await.json();
        let mut keys = keys["items"].as_array().unwrap().iter();
        let all_key = keys.find(|key| key["property"].is_null()).unwrap()["id"].as_str().unwrap();
        for (method, path, body) in [
            ("GET", format!("/api/v1/users?property={there}"), Value::Null),
            ("GET", format!("/api/v1/api-keys?property={there}"), Value::Null),
            ("GET", format!("/api/v1/audit?property={there}"), Value::Null),
            ("PATCH", format!("/api/v1/users/{neighbour}"), json!({"disabled": true})),
            (
                "PATCH",
                format!("/api/v1/users/{neighbour}"),
                json!({"roles": [{"property": here, "role": "agent"}]}),
            ),
            (
                "PATCH",
                format!("/api/v1/users/{neighbour}"),
                json!({"roles": [{"property": there, "role": "agent"}]}),
            ),
            ("PATCH", format!("/api/v1/api-keys/{all_key}"), json!({"disabled": true})),
            ("POST", "/api/v1/api-keys".to_owned(), json!({"name": "x", "scope": "read", "property": there})),
        ] {
            let by_session = admin.send(method, &path, body.clone()).await;
            let by_key = site.send(bearer(request(method, &path, &body), &key)).await;
            assert_eq!(
                (by_session.status, by_session.code()),
                (StatusCode::NOT_FOUND, "not_found".to_owned()),
                "{path}"
            );
            assert_eq!(by_key.status, StatusCode::NOT_FOUND, "{path}");
        }
        let seen = admin.get("/api/v1/users").await.json();
        assert_eq!(seen["items"].as_array().unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn nobody_gives_more_than_they_have() {
    both(|db| async move {
        let site = Site::new(db);
        let (here, there) = (site.hotel("here").await, site.hotel("there").await);
        site.user("admin@h.example", Reach::Property(here), Role::Admin).await;
        let both_places = Grants { everywhere: None, at: vec![(here, Role::Agent), (there, Role::Agent)] };
        let shared = site.user_with("shared@h.example", both_places).await;
        let chief = site.user("chief@h.example", Reach::Everywhere, Role::Manager).await;
        let admin = site.sign_in("admin@h.example").await;
        let patch =
            async |id: UserId, body: Value| admin.send("PATCH", &format!("/api/v1/users/{id}"), body).await;
        let user =
            |roles: Value| json!({"email": "x@h.example", "name": "X", "password": PASSWORD, "roles": roles});
        for roles in
            [json!([{"role": "agent"}]), json!([{"property": here, "role": "agent"}, {"role": "admin"}])]
        {
            assert_eq!(admin.send("POST", "/api/v1/users", user(roles)).await.code(), "role");
        }
        let elsewhere = user(json!([{"property": there, "role": "agent"}]));
        assert_eq!(admin.send("POST", "/api/v1/users", elsewhere).await.status, StatusCode::NOT_FOUND);
        assert_eq!(
            admin.send("POST", "/api/v1/api-keys", json!({"name": "x", "scope": "read"})).await.code(),
            "role"
        );
        // A password set by an admin here would open the other hotel, too.
        for body in [json!({"password": "taken over now"}), json!({"disabled": true}), json!({"name": "Y"})] {
            assert_eq!(patch(shared, body.clone()).await.code(), "beyond_your_reach");
            assert_eq!(patch(chief, body).await.code(), "beyond_your_reach");
        }
        let own = patch(shared, json!({"roles": [{"property": here}]})).await;
        assert_eq!((own.status, own.json()["roles"].clone()), (StatusCode::OK, json!([])));
        assert_eq!(
            patch(shared, json!({"name": "Y"})).await.status,
            StatusCode::NOT_FOUND,
            "no colleague any more"
        );
    })
    .await;
}

#[tokio::test]
async fn an_admin_adds_a_colleague_who_signs_in_and_the_audit_tells_it() {
    both(|db| async move {
        let site = Site::new(db);
        let here = site.hotel("here").await;
        site.user("admin@h.example", Reach::Property(here), Role::Admin).await;
        let admin = site.sign_in("admin@h.example").await;
        let roles = json!([{"property": here, "role": "agent"}]);
        let by_slug = json!([{"property": "here", "role": "agent"}]);
        let new = json!({"email": " New@H.example", "name": "New", "password": PASSWORD, "roles": by_slug});
        let made = admin.send("POST", "/api/v1/users", new.clone()).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        assert_eq!((&made.json()["email"], &made.json()["roles"]), (&json!("new@h.example"), &roles));
        assert_eq!(admin.send("POST", "/api/v1/users", new).await.code(), "email_taken");
        let short = json!({"email": "y@h.example", "name": "Y", "password": "short", "roles": roles});
        assert_eq!(admin.send("POST", "/api/v1/users", short).await.code(), "bad_password");
        let theirs = site.sign_in("new@h.example").await;
        let id = made.json()["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/users/{id}");
        let raised = json!({"roles": [{"property": "here", "role": "manager"}]});
        assert_eq!(admin.send("PATCH", &path, raised).await.json()["roles"][0]["role"], "manager");
        let nowhere = json!({"roles": [{"property": "nowhere", "role": "agent"}]});
        assert_eq!(admin.send("PATCH", &path, nowhere).await.code(), "not_found");
        let changed = admin.send("PATCH", &path, json!({"password": "given anew 3"})).await;
        assert_eq!(changed.status, StatusCode::OK);
        assert_eq!(theirs.get("/password").await.status, StatusCode::UNAUTHORIZED);
        let audit = admin.get("/api/v1/audit").await;
        assert!(
            audit.body.contains("user.created") && audit.body.contains("user.password_set"),
            "{}",
            audit.body
        );
        assert!(!audit.body.contains("given anew") && !audit.body.contains("argon2"));
    })
    .await;
}

#[tokio::test]
async fn the_last_admin_everywhere_stays() {
    both(|db| async move {
        let site = Site::new(db);
        let first = site.user("first@h.example", Reach::Everywhere, Role::Admin).await;
        let admin = site.sign_in("first@h.example").await;
        let path = format!("/api/v1/users/{first}");
        for body in
            [json!({"disabled": true}), json!({"roles": [{}]}), json!({"roles": [{"role": "manager"}]})]
        {
            let answer = admin.send("PATCH", &path, body).await;
            assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, "last_admin".to_owned()));
        }
        assert_eq!(admin.get("/api/v1/users").await.status, StatusCode::OK, "nothing of it was kept");
        site.user("second@h.example", Reach::Everywhere, Role::Admin).await;
        assert_eq!(admin.send("PATCH", &path, json!({"disabled": true})).await.status, StatusCode::OK);
        assert_eq!(admin.get("/api/v1/users").await.status, StatusCode::UNAUTHORIZED);
    })
    .await;
}

#[tokio::test]
async fn a_key_is_shown_once_works_within_its_scope_and_ends_at_once() {
    both(|db| async move {
        let site = Site::new(db);
        let here = site.hotel("here").await;
        site.user("admin@h.example", Reach::Property(here), Role::Admin).await;
        let admin = site.sign_in("admin@h.example").await;
        let made = async |scope: &str| {
            let body = json!({"name": scope, "scope": scope, "property": here});
            admin.send("POST", "/api/v1/api-keys", body).await.json()
        };
        let (reads, rules) = (made("read").await, made("admin").await);
        let text = |key: &Value| key["key"].as_str().unwrap().to_owned();
        let call = async |method: &str, path: &str, body: Value, key: &str| {
            site.send(bearer(request(method, path, &body), key)).await
        };
        let list = admin.get("/api/v1/api-keys").await;
        assert!(!list.body.contains(&text(&reads)), "{}", list.body);
        assert_eq!(list.json()["items"].as_array().unwrap().len(), 2);
        assert_eq!(call("GET", "/api/v1/audit", Value::Null, &text(&reads)).await.status, StatusCode::OK);
        assert_eq!(call("GET", "/api/v1/api-keys", Value::Null, &text(&reads)).await.code(), "role");
        let one = format!("/api/v1/api-keys/{}", reads["id"].as_str().unwrap());
        assert_eq!(call("PATCH", &one, json!({"disabled": true}), &text(&reads)).await.code(), "scope");
        assert_eq!(
            call("PATCH", &one, json!({"disabled": true}), &text(&rules)).await.status,
            StatusCode::OK
        );
        assert_eq!(call("GET", "/api/v1/audit", Value::Null, &text(&reads)).await.code(), "sign_in");
    })
    .await;
}

#[tokio::test]
async fn who_works_at_several_hotels_says_which_and_lists_come_in_pages() {
    both(|db| async move {
        let site = Site::new(db);
        let (here, there) = (site.hotel("here").await, site.hotel("there").await);
        let grants = Grants { everywhere: None, at: vec![(here, Role::Admin), (there, Role::Admin)] };
        site.user_with("admin@h.example", grants).await;
        let admin = site.sign_in("admin@h.example").await;
        assert_eq!(admin.get("/api/v1/users").await.code(), "property_needed");
        for n in 0..4 {
            site.user(&format!("{n}@h.example"), Reach::Property(here), Role::Agent).await;
        }
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = admin.get(&format!("/api/v1/users?property={here}&limit=2{cursor}")).await.json();
            let items = page["items"].as_array().unwrap();
            assert!(items.len() <= 2);
            seen.extend(items.iter().map(|user| user["id"].as_str().unwrap().to_owned()));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 5);
        assert_eq!(admin.get("/api/v1/users?property=nonsense").await.code(), "not_found");
        for path in ["users", "api-keys", "audit"] {
            let by_slug = admin.get(&format!("/api/v1/{path}?property=here")).await;
            assert_eq!(by_slug.status, StatusCode::OK, "{path}: {}", by_slug.body);
        }
        let key = json!({"name": "till", "scope": "read", "property": "here"});
        assert_eq!(admin.send("POST", "/api/v1/api-keys", key).await.json()["property"], json!(here));
        assert_eq!(admin.get(&format!("/api/v1/users?property={here}&cursor=x")).await.code(), "bad_cursor");
    })
    .await;
}

#[tokio::test]
async fn two_admins_who_switch_each_other_off_at_the_same_time_do_not_both_succeed() {
    both(|db| async move {
        let site = Site::new(db);
        let first = site.user("first@h.example", Reach::Everywhere, Role::Admin).await;
        let second = site.user("second@h.example", Reach::Everywhere, Role::Admin).await;
        let (one, two) = (site.sign_in("first@h.example").await, site.sign_in("second@h.example").await);
        let (at_first, at_second) = (format!("/api/v1/users/{first}"), format!("/api/v1/users/{second}"));
        let off = || json!({"disabled": true});
        let (by_one, by_two) =
            tokio::join!(one.send("PATCH", &at_second, off()), two.send("PATCH", &at_first, off()));
        let done = [&by_one, &by_two].iter().filter(|answer| answer.status == StatusCode::OK).count();
        assert_eq!(done, 1, "{} {}", by_one.body, by_two.body);
    })
    .await;
}

#[tokio::test]
async fn a_hotel_is_named_by_slug_or_id_and_only_within_reach() {
    both(|db| async move {
        let site = Site::new(db);
        let (here, there) = (site.hotel("here").await, site.hotel("there").await);
        site.user("agent@h.example", Reach::Property(here), Role::Agent).await;
        let caller = site.sign_in("agent@h.example").await.caller().await;
        let mut conn = site.db.read().await.unwrap();
        for named in ["here".to_owned(), here.to_string()] {
            assert_eq!(caller.hotel(&mut conn, &named, Role::Agent).await.unwrap().id, here);
            let low = caller.hotel(&mut conn, &named, Role::Manager).await;
            assert!(matches!(low, Err(WebError::Forbidden { code: "role", .. })));
        }
        for named in ["there".to_owned(), there.to_string(), "nowhere".to_owned()] {
            assert!(matches!(caller.hotel(&mut conn, &named, Role::Agent).await, Err(WebError::NotFound)));
        }
    })
    .await;
}
