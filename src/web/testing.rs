//! For tests alone: a router over a fresh database, and a browser of few words to call it with.

use super::{Caller, Parts, Settings, Web, auth, router};
use crate::app::{BuiltKinds, HotelSystems};
use crate::breaker::Breakers;
use crate::clock::Clock;
use crate::domain::ids::{PropertyId, UserId};
use crate::domain::people::{Grants, Reach, Role, Scope};
use crate::http::Http;
use crate::intake::{Debounce, Intake};
use crate::outbox::accounts::Accounts;
use crate::passwords;
use crate::secrets::{Sealer, SecretKey};
use crate::shutdown::ShutdownOrder;
use crate::store::Db;
use crate::store::hotel_book::HotelBooks;
use crate::store::hotel_fixtures::{clock, hotel};
use crate::store::people::{self, IssuedKey, NewUser};
use crate::telemetry::Metrics;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, StatusCode, header};
use chrono::TimeDelta;
use secrecy::ExposeSecret;
use serde_json::Value;
use std::net::SocketAddr;
use std::sync::{Arc, LazyLock};
use tower::ServiceExt;

pub const PASSWORD: &str = "long enough 1";
static PASSWORD_HASH: LazyLock<String> = LazyLock::new(|| passwords::hash(PASSWORD).unwrap());

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// The stable code of a problem.
    pub fn code(&self) -> String {
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/problem+json", "{}", self.body);
        self.json()["code"].as_str().unwrap().to_owned()
    }
}

pub struct Site {
    pub web: Web,
    pub db: Db,
    pub clock: Clock,
    pub router: Router,
    /// Ends event streams.
    pub shutdown: ShutdownOrder,
}

impl Site {
    pub fn new(db: Db) -> Self {
        Self::at(db, "http://127.0.0.1:8080", &[])
    }

    pub fn at(db: Db, public_url: &str, trusted_proxies: &[&str]) -> Self {
        let settings = Settings {
            public_url: public_url.parse().unwrap(),
            trusted_proxies: trusted_proxies.iter().map(|text| text.parse().unwrap()).collect(),
            body_limit: 64 * 1024,
            chat_messages_per_minute: 20,
            chat_sessions_per_hour: 60,
        };
        let clock = clock();
        let (sealer, http) = (Sealer::new(&SecretKey::random()), Http::new().unwrap());
        let breakers = Breakers::new(clock.clone());
        let (own, key) = (http.clone(), sealer.clone());
        let systems = HotelSystems::new(db.clone(), clock.clone(), key, own, breakers, None);
        let order = ShutdownOrder::new();
        let web = Web::new(Parts {
            db: db.clone(),
            clock: clock.clone(),
            settings: Arc::new(settings),
            metrics: Metrics::install().unwrap(),
            accounts: Accounts::new(db.clone(), sealer.clone()),
            kinds: Arc::new(BuiltKinds::new(&db, &clock, http.clone())),
            sealer,
            http,
            books: HotelBooks::new(),
            intake: Intake {
                db: db.clone(),
                clock: clock.clone(),
                debounce: Debounce { quiet: TimeDelta::zero(), most: TimeDelta::zero() },
            },
            systems: Arc::new(systems),
            shutdown: order.listener(),
        });
        Self { router: router(web.clone()), web, db, clock, shutdown: order }
    }

    pub async fn hotel(&self, slug: &str) -> PropertyId {
        hotel(&self.db, &self.clock, slug).await.id
    }

    pub async fn user(&self, email: &str, reach: Reach, role: Role) -> UserId {
        self.user_with(email, Grants::one(reach, role)).await
    }

    pub async fn user_with(&self, email: &str, grants: Grants) -> UserId {
        let (id, now) = (self.clock.id(), self.clock.now());
        let (email, name, password_hash) = (email.to_owned(), email.to_owned(), PASSWORD_HASH.clone());
        let user = NewUser { id, email, name, password_hash, grants };
        self.db
            .write(move |tx| Box::pin(async move { people::insert_user(tx, &user, now).await }))
            .await
            .unwrap();
        id
    }

    /// The text of a fresh API key.
    pub async fn key(&self, reach: Reach, scope: Scope) -> String {
        let issued = IssuedKey::new(&self.clock, "till".to_owned(), scope, reach);
        let (key, hash) = (issued.key, issued.hash);
        self.db
            .write(move |tx| Box::pin(async move { people::insert_key(tx, &key, &hash).await }))
            .await
            .unwrap();
        issued.text.expose_secret().to_owned()
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let mut request = request;
        if request.extensions().get::<ConnectInfo<SocketAddr>>().is_none() {
            request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([203, 0, 113, 9], 4711))));
        }
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let body = String::from_utf8(body.to_vec()).unwrap();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub async fn sign_in_answer(&self, email: &str, password: &str) -> Answer {
        self.send(form("/login", &[("email", email), ("password", password), ("next", "/console")])).await
    }

    /// Signs in; gives the cookie to send and the CSRF token.
    pub async fn sign_in(&self, email: &str) -> Signed<'_> {
        let answer = self.sign_in_answer(email, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
        let cookie = cookie.split(';').next().unwrap().to_owned();
        let page =
            self.send(Request::get("/password").header(header::COOKIE, &cookie).body(Body::empty()).unwrap());
        let page = page.await.body;
        let start = page.find("name=\"csrf\" value=\"").unwrap() + 19;
        let csrf = page[start..].split('"').next().unwrap().to_owned();
        Signed { site: self, cookie, csrf }
    }
}

/// A browser with a session.
pub struct Signed<'s> {
    pub site: &'s Site,
    pub cookie: String,
    pub csrf: String,
}

impl Signed<'_> {
    /// Whom a handler meets.
    pub async fn caller(&self) -> Caller {
        let cookie = Request::get("/").header(header::COOKIE, &self.cookie).body(Body::empty()).unwrap();
        auth::by_cookie(&self.site.web, cookie.headers()).await.unwrap().unwrap()
    }

    pub async fn get(&self, path: &str) -> Answer {
        let request = Request::get(path).header(header::COOKIE, &self.cookie).body(Body::empty()).unwrap();
        self.site.send(request).await
    }

    pub async fn send(&self, method: &str, path: &str, body: Value) -> Answer {
        let mut request = json(method, path, &body);
        request.headers_mut().insert(header::COOKIE, self.cookie.parse().unwrap());
        request.headers_mut().insert("x-csrf-token", self.csrf.parse().unwrap());
        self.site.send(request).await
    }
}

pub fn json(method: &str, path: &str, body: &Value) -> Request<Body> {
    let request =
        Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, "application/json");
    request.body(Body::from(body.to_string())).unwrap()
}

pub fn form(path: &str, fields: &[(&str, &str)]) -> Request<Body> {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    request.body(Body::from(body)).unwrap()
}

pub fn bearer(mut request: Request<Body>, key: &str) -> Request<Body> {
    request.headers_mut().insert(header::AUTHORIZATION, format!("Bearer {key}").parse().unwrap());
    request
}
