//! Signing in and out, sessions, CSRF, limits.

use crate::domain::people::{Reach, Role};
use crate::store::sessions::{TRIES_PER_EMAIL, TRIES_PER_NETWORK, WINDOW};
use crate::store::testing::both;
use crate::web::auth::{IDLE, LONGEST};
use crate::web::testing::{PASSWORD, Site, form};
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode, header};
use chrono::TimeDelta;
use serde_json::{Value, json};
use std::net::SocketAddr;

const MARTA: &str = "marta@h.example";

async fn site(db: crate::store::Db) -> Site {
    let site = Site::new(db);
    let here = site.hotel("here").await;
    site.user(MARTA, Reach::Property(here), Role::Admin).await;
    site
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_mail_are_refused_in_the_same_words() {
    both(|db| async move {
        let site = site(db).await;
        let wrong = site.sign_in_answer(MARTA, "something else").await;
        let unknown = site.sign_in_answer("nobody@h.example", "something else").await;
        assert_eq!((wrong.status, unknown.status), (StatusCode::UNAUTHORIZED, StatusCode::UNAUTHORIZED));
        assert_eq!(wrong.body.replace(MARTA, "-"), unknown.body.replace("nobody@h.example", "-"));
        assert!(!wrong.headers.contains_key(header::SET_COOKIE));
        assert!(!wrong.body.contains("something else"));
    })
    .await;
}

#[tokio::test]
async fn a_session_opens_pages_until_it_is_signed_out() {
    both(|db| async move {
        let site = site(db).await;
        let answer = site.sign_in_answer("Marta@H.example ", PASSWORD).await;
        assert_eq!(
            (answer.status, &answer.headers[header::LOCATION]),
            (StatusCode::SEE_OTHER, &"/console".parse().unwrap())
        );
        let marta = site.sign_in(MARTA).await;
        assert_eq!(marta.get("/password").await.status, StatusCode::OK);
        let mut out = form("/logout", &[("csrf", &marta.csrf)]);
        out.headers_mut().insert(header::COOKIE, marta.cookie.parse().unwrap());
        let out = site.send(out).await;
        assert_eq!(out.status, StatusCode::SEE_OTHER);
        assert!(out.headers[header::SET_COOKIE].to_str().unwrap().contains("Max-Age=0"));
        assert_eq!(marta.get("/password").await.status, StatusCode::UNAUTHORIZED);
    })
    .await;
}

#[tokio::test]
async fn a_cookie_is_secure_only_where_the_public_address_is_https() {
    both(|db| async move {
        for (url, secure) in [("http://127.0.0.1:8080", false), ("https://hotel.example", true)] {
            let site = Site::at(db.clone(), url, &[]);
            let email = format!("{secure}@h.example");
            site.user(&email, Reach::Everywhere, Role::Agent).await;
            let answer = site.sign_in_answer(&email, PASSWORD).await;
            let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
            assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
            assert_eq!(cookie.contains("Secure"), secure, "{cookie}");
        }
    })
    .await;
}

#[tokio::test]
async fn nobody_is_sent_on_to_another_site() {
    both(|db| async move {
        let site = site(db).await;
        for next in ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""]
        {
            let request = form("/login", &[("email", MARTA), ("password", PASSWORD), ("next", next)]);
            assert_eq!(site.send(request).await.headers[header::LOCATION], "/inbox", "{next}");
        }
    })
    .await;
}

#[tokio::test]
async fn too_many_tries_of_one_mail_are_stopped_even_with_the_right_password_until_the_window_has_passed() {
    both(|db| async move {
        let site = site(db).await;
        for _ in 0..TRIES_PER_EMAIL {
            assert_eq!(site.sign_in_answer(MARTA, "wrong").await.status, StatusCode::UNAUTHORIZED);
        }
        let stopped = site.sign_in_answer(MARTA, PASSWORD).await;
        assert_eq!(stopped.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(stopped.headers[header::RETRY_AFTER], WINDOW.num_seconds().to_string().as_str());
        site.clock.advance(WINDOW);
        assert_eq!(site.sign_in_answer(MARTA, PASSWORD).await.status, StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn a_network_is_stopped_by_its_true_address_whatever_it_writes_into_forwarded_for() {
    async fn try_from(site: &Site, peer: [u8; 4], forwarded: &str, n: i64) -> StatusCode {
        let mut request = form("/login", &[("email", &format!("{n}@h.example")), ("password", "x")]);
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from((peer, 1))));
        request.headers_mut().insert("x-forwarded-for", forwarded.parse().unwrap());
        site.send(request).await.status
    }
    both(|db| async move {
        let site = Site::at(db, "https://hotel.example", &["10.0.0.0/8"]);
        for n in 0..TRIES_PER_NETWORK {
            let status = try_from(&site, [203, 0, 113, 5], &format!("198.51.100.{n}"), n).await;
            assert_eq!(status, StatusCode::UNAUTHORIZED);
        }
        assert_eq!(try_from(&site, [203, 0, 113, 5], "8.8.8.8", 99).await, StatusCode::TOO_MANY_REQUESTS);
        // Behind the trusted proxy the forwarded address counts, and this is the same one.
        assert_eq!(try_from(&site, [10, 0, 0, 1], "203.0.113.5", 99).await, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(try_from(&site, [10, 0, 0, 1], "203.0.113.6", 99).await, StatusCode::UNAUTHORIZED);
    })
    .await;
}

#[tokio::test]
async fn an_unsafe_request_without_the_csrf_token_is_refused_and_changes_nothing() {
    both(|db| async move {
        let site = site(db).await;
        let mut marta = site.sign_in(MARTA).await;
        let right = std::mem::replace(&mut marta.csrf, "wrong".to_owned());
        let refused = marta.send("POST", "/api/v1/api-keys", json!({"name": "x", "scope": "read"})).await;
        assert_eq!((refused.status, refused.code()), (StatusCode::FORBIDDEN, "csrf".to_owned()));
        for request in [form("/logout", &[]), form("/logout", &[("csrf", "wrong")])] {
            let mut request = request;
            request.headers_mut().insert(header::COOKIE, marta.cookie.parse().unwrap());
            assert_eq!(site.send(request).await.code(), "csrf");
        }
        let mut elsewhere = form("/logout", &[("csrf", &right)]);
        elsewhere.headers_mut().insert(header::COOKIE, marta.cookie.parse().unwrap());
        elsewhere.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
        assert_eq!(site.send(elsewhere).await.code(), "csrf");
        assert_eq!(marta.get("/password").await.status, StatusCode::OK, "still signed in");
        let mut login = form("/login", &[("email", MARTA), ("password", PASSWORD)]);
        login.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
        assert_eq!(site.send(login).await.code(), "csrf");
    })
    .await;
}

#[tokio::test]
async fn a_used_session_goes_on_an_unused_one_ends_and_none_lasts_for_ever() {
    both(|db| async move {
        let site = site(db).await;
        let marta = site.sign_in(MARTA).await;
        let start = site.clock.now();
        while site.clock.now() + IDLE < start + LONGEST {
            site.clock.advance(IDLE - TimeDelta::hours(1));
            assert_eq!(marta.get("/password").await.status, StatusCode::OK, "{}", site.clock.now() - start);
        }
        site.clock.advance(IDLE);
        assert_eq!(marta.get("/password").await.status, StatusCode::UNAUTHORIZED);
        let idle = site.sign_in(MARTA).await;
        site.clock.advance(IDLE);
        assert_eq!(idle.get("/password").await.status, StatusCode::UNAUTHORIZED);
    })
    .await;
}

#[tokio::test]
async fn changing_the_password_takes_the_old_one_and_ends_the_other_sessions() {
    async fn change(site: &Site, cookie: &str, csrf: &str, current: &str, new: &str) -> StatusCode {
        let mut request =
            form("/password", &[("csrf", csrf), ("current", current), ("new", new), ("again", new)]);
        request.headers_mut().insert(header::COOKIE, cookie.parse().unwrap());
        site.send(request).await.status
    }
    both(|db| async move {
        let site = site(db).await;
        let (desk, phone) = (site.sign_in(MARTA).await, site.sign_in(MARTA).await);
        let new = "quite another 2";
        assert_eq!(change(&site, &desk.cookie, &desk.csrf, "wrong", new).await, StatusCode::BAD_REQUEST);
        assert_eq!(change(&site, &desk.cookie, &desk.csrf, PASSWORD, "short").await, StatusCode::BAD_REQUEST);
        assert_eq!(change(&site, &desk.cookie, &desk.csrf, PASSWORD, new).await, StatusCode::OK);
        assert_eq!(desk.get("/password").await.status, StatusCode::OK);
        assert_eq!(phone.get("/password").await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(site.sign_in_answer(MARTA, PASSWORD).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(site.sign_in_answer(MARTA, new).await.status, StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn the_audit_shows_who_signed_in_and_who_was_refused() {
    both(|db| async move {
        let site = site(db).await;
        site.sign_in_answer(MARTA, "wrong").await;
        site.clock.advance(TimeDelta::seconds(1));
        let marta = site.sign_in(MARTA).await;
        let lines = marta.get("/api/v1/audit").await.json();
        let actions: Vec<&Value> =
            lines["items"].as_array().unwrap().iter().map(|line| &line["action"]).collect();
        assert_eq!(actions, ["user.signed_in", "user.sign_in_refused"]);
        assert_eq!(lines["items"][0]["actor"], lines["items"][1]["subject"]);
    })
    .await;
}

#[tokio::test]
async fn strangers_and_made_up_credentials_get_nothing() {
    both(|db| async move {
        let site = site(db).await;
        for path in ["/api/v1/users", "/api/v1/api-keys", "/api/v1/audit", "/password"] {
            assert_eq!(site.get(path).await.code(), "sign_in", "{path}");
            for (name, value) in [
                (header::AUTHORIZATION, "Bearer bh_made_up"),
                (header::AUTHORIZATION, "Basic bWFydGE6eA=="),
                (header::COOKIE, "bellhop_session=made-up"),
            ] {
                let request = Request::get(path).header(name, value).body(Body::empty()).unwrap();
                assert_eq!(site.send(request).await.code(), "sign_in", "{path} {value}");
            }
        }
    })
    .await;
}
