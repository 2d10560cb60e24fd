//! The guest's door: sessions, messages, the doorbell, and the pages that may use them.

use crate::domain::ids::{ConversationId, PropertyId};
use crate::domain::message::{Author, Voice};
use crate::domain::stay::StayState;
use crate::outbox::{self, Speech};
use crate::secrets::hash_token;
use crate::store::hotel_fixtures::{put, stay};
use crate::store::testing::both;
use crate::store::{Bell, DbError, Typist, conversations, hotels, messages, stay_tokens};
use crate::web::testing::{Answer, Site, bearer, json};
use axum::body::{Body, BodyDataStream};
use axum::http::{Method, Request, StatusCode, header};
use chrono::TimeDelta;
use futures_util::StreamExt;
use serde_json::{Value, json};
use tower::ServiceExt;

const PARTNER: &str = "https://hotel.example";

/// A guest's page.
struct Page<'s> {
    site: &'s Site,
    token: String,
    conversation: ConversationId,
}

async fn open_with(site: &Site, body: Value) -> Answer {
    site.send(json("POST", "/chat/harbour/sessions", &body)).await
}

async fn open(site: &Site) -> Page<'_> {
    let answer = open_with(site, json!({"locale": "en"})).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    let opened = answer.json();
    let conversation = opened["conversation"].as_str().unwrap().parse().unwrap();
    Page { site, token: opened["token"].as_str().unwrap().to_owned(), conversation }
}

impl Page<'_> {
    async fn call(&self, request: Request<Body>) -> Answer {
        self.site.send(bearer(request, &self.token)).await
    }

    async fn write(&self, text: &str, client_id: &str) -> Answer {
        self.call(json("POST", "/chat/messages", &json!({"text": text, "client_id": client_id}))).await
    }

    async fn read(&self, after: i64) -> Value {
        let path = format!("/chat/messages?after={after}");
        let answer = self.call(Request::get(path).body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.json()
    }

    async fn events(&self) -> BodyDataStream {
        let request = bearer(Request::get("/chat/events").body(Body::empty()).unwrap(), &self.token);
        let response = self.site.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
        assert_eq!(response.headers()["x-accel-buffering"], "no");
        response.into_body().into_data_stream()
    }
}

fn from(origin: &str, mut request: Request<Body>) -> Request<Body> {
    request.headers_mut().insert(header::ORIGIN, origin.parse().unwrap());
    request
}

async fn allow(site: &Site, property: PropertyId, origin: &str) {
    let (now, origin) = (site.clock.now(), origin.to_owned());
    let change = site.db.write::<_, DbError, _>(move |tx| {
        Box::pin(async move {
            let mut hotel = hotels::begin_change(tx, property, now).await?.unwrap();
            hotel.settings.allowed_origins.push(origin);
            hotel.settings.greeting.insert("es".to_owned(), "Hola.".to_owned());
            hotel.settings.languages = vec!["en".to_owned(), "es".to_owned()];
            hotels::update(tx, &hotel).await
        })
    });
    change.await.unwrap();
}

/// Something that the hotel says; a note among staff when it is private.
async fn say(site: &Site, conversation: ConversationId, text: &'static str, private: bool) {
    let (clock, now) = (site.clock.clone(), site.clock.now());
    let unit = site.db.write::<_, DbError, _>(move |tx| {
        Box::pin(async move {
            let mut found = conversations::lock(tx, conversation).await?.unwrap();
            if private {
                found.last_seq += 1;
                let note = crate::domain::message::Message {
                    id: clock.id(),
                    conversation_id: conversation,
                    seq: found.last_seq,
                    author: Author::Staff,
                    user_id: None,
                    private,
                    text: text.to_owned(),
                    media: Vec::new(),
                    quote: None,
                    delivery: crate::domain::message::Delivery::Delivered,
                    delivery_reason: None,
                    mood: None,
                    tokens: None,
                    created_at: now,
                };
                let origin = messages::Origin { account: "note", vendor_id: None, turn: None };
                messages::insert(tx, found.property_id, &note, origin).await?;
            } else {
                outbox::enqueue(tx, &clock, &mut found, Speech::system(text, Voice::Bot)).await?;
            }
            conversations::update(tx, &found).await
        })
    });
    unit.await.unwrap();
}

#[tokio::test]
async fn what_a_guest_writes_is_kept_once_and_shown_with_its_key() {
    both(|db| async move {
        let site = Site::new(db);
        site.hotel("harbour").await;
        let page = open(&site).await;
        let first = page.write("Two towels, please", "a").await;
        assert_eq!((first.status, first.json()["seq"].as_i64()), (StatusCode::ACCEPTED, Some(1)));
        let again = page.write("Two towels, please", "a").await;
        assert_eq!((again.status, again.json()), (StatusCode::OK, first.json()));
        let shown = page.read(0).await;
        assert_eq!(shown["status"], "bot");
        let [message] = shown["messages"].as_array().unwrap().as_slice() else { panic!("{shown}") };
        assert_eq!(message["id"], first.json()["message"]);
        assert_eq!((&message["author"], &message["text"]), (&json!("guest"), &json!("Two towels, please")));
        assert_eq!((&message["client_id"], &message["delivery"]), (&json!("a"), &json!("delivered")));
        assert_eq!(page.read(1).await["messages"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn a_session_sees_its_own_conversation_and_no_notes_among_staff() {
    both(|db| async move {
        let site = Site::new(db);
        site.hotel("harbour").await;
        let (ana, john) = (open(&site).await, open(&site).await);
        ana.write("My room is too cold", "a").await;
        say(&site, ana.conversation, "she complained last year, too", true).await;
        say(&site, ana.conversation, "Somebody is on the way.", false).await;
        assert_eq!(john.read(0).await["messages"], json!([]));
        let seen = ana.read(0).await;
        let seen: Vec<_> = seen["messages"].as_array().unwrap().iter().map(|m| m["seq"].as_i64()).collect();
        assert_eq!(seen, [Some(1), Some(3)], "the note is neither shown nor does it end a page");
        // The same key in another session is another message.
        assert_eq!(john.write("Hello", "a").await.status, StatusCode::ACCEPTED);
    })
    .await;
}

#[tokio::test]
async fn without_a_session_that_lives_there_is_nothing() {
    both(|db| async move {
        let site = Site::new(db);
        site.hotel("harbour").await;
        let nobody = site.send(json("POST", "/chat/nowhere/sessions", &json!({}))).await;
        assert_eq!((nobody.status, nobody.code()), (StatusCode::NOT_FOUND, "not_found".to_owned()));
        let get = || Request::get("/chat/messages?after=0").body(Body::empty()).unwrap();
        assert_eq!(site.send(get()).await.code(), "session");
        assert_eq!(site.send(bearer(get(), "guess")).await.status, StatusCode::UNAUTHORIZED);
        let page = open(&site).await;
        site.clock.advance(TimeDelta::days(31));
        assert_eq!(page.call(get()).await.code(), "session");
        for name in ["token", "access_token"] {
            let query = format!("/chat/events?{name}={}", page.token);
            let refused = site.get(&query).await;
            assert_eq!(
                (refused.status, refused.code()),
                (StatusCode::BAD_REQUEST, "token_in_query".to_owned())
            );
        }
    })
    .await;
}

#[tokio::test]
async fn bad_input_is_told_what_is_wrong_and_odd_text_is_kept() {
    both(|db| async move {
        let site = Site::new(db);
        site.hotel("harbour").await;
        let page = open(&site).await;
        let raw = |body: &str| {
            let request = Request::post("/chat/messages").header(header::CONTENT_TYPE, "application/json");
            page.call(request.body(Body::from(body.to_owned())).unwrap())
        };
        let broken = raw("{\"text\": \"hi\"").await;
        assert_eq!((broken.status, broken.code()), (StatusCode::BAD_REQUEST, "bad_json".to_owned()));
        let keyless = raw("{\"text\": \"hi\"}").await.json()["detail"].as_str().unwrap().to_owned();
        assert!(keyless.contains("client_id"), "{keyless}");
        assert_eq!(raw("{\"text\": \"hi\", \"client_id\": \"a\\u0000\"}").await.code(), "bad_client_id");
        assert_eq!(raw("{\"text\": \" \\u0000\\n\", \"client_id\": \"a\"}").await.code(), "empty_text");
        let large = raw(&format!("{{\"text\": \"{}\", \"client_id\": \"a\"}}", "x".repeat(70_000))).await;
        assert_eq!((large.status, large.code()), (StatusCode::PAYLOAD_TOO_LARGE, "too_large".to_owned()));
        let odd = "a\0b \u{202e}c 👩‍👩‍👧 z\u{0301}\u{feff} \u{10ffff}";
        assert_eq!(page.write(odd, "odd").await.status, StatusCode::ACCEPTED);
        assert_eq!(page.write(&"y".repeat(20_000), "long").await.status, StatusCode::ACCEPTED);
        let shown = page.read(0).await;
        assert_eq!(shown["messages"][0]["text"], odd.replace('\0', ""));
        assert!(shown["messages"][1]["text"].as_str().unwrap().ends_with("y…"));
        let unread = page.call(Request::get("/chat/messages?after=x").body(Body::empty()).unwrap()).await;
        assert_eq!(unread.code(), "bad_query");
    })
    .await;
}

#[tokio::test]
async fn who_writes_too_fast_is_told_when_to_come_back() {
    both(|db| async move {
        let site = Site::new(db);
        site.hotel("harbour").await;
        let page = open(&site).await;
        let limit = site.web.settings.chat_messages_per_minute;
        for n in 0..limit {
            assert_eq!(page.write("more", &n.to_string()).await.status, StatusCode::ACCEPTED);
        }
        let late = page.write("more", "late").await;
        assert_eq!(late.status, StatusCode::TOO_MANY_REQUESTS);
        let wait: i64 = late.headers[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
        // What is here already may be asked for at any time.
        assert_eq!(page.write("more", "0").await.status, StatusCode::OK);
        site.clock.advance(TimeDelta::seconds(wait));
        assert_eq!(page.write("more", "late").await.status, StatusCode::ACCEPTED);
    })
    .await;
}

#[tokio::test]
async fn one_network_address_opens_so_many_sessions_in_an_hour() {
    both(|db| async move {
        let site = Site::new(db);
        site.hotel("harbour").await;
        for _ in 0..site.web.settings.chat_sessions_per_hour {
            open(&site).await;
            site.clock.advance(TimeDelta::seconds(10));
        }
        let late = open_with(&site, json!({})).await;
        assert_eq!(late.status, StatusCode::TOO_MANY_REQUESTS);
        let wait: i64 = late.headers[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
        site.clock.advance(TimeDelta::seconds(wait));
        open(&site).await;
    })
    .await;
}

#[tokio::test]
async fn pages_that_the_hotel_named_may_use_the_chat_and_no_others() {
    both(|db| async move {
        let site = Site::new(db);
        let harbour = site.hotel("harbour").await;
        site.hotel("meadow").await;
        allow(&site, harbour, PARTNER).await;
        let session =
            |slug: &str| json("POST", &format!("/chat/{slug}/sessions"), &json!({"locale": "es-MX"}));
        let good = site.send(from(PARTNER, session("harbour"))).await;
        assert_eq!(good.status, StatusCode::CREATED);
        assert_eq!(good.headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], PARTNER);
        assert_eq!(good.headers[header::ACCESS_CONTROL_EXPOSE_HEADERS], "retry-after");
        assert_eq!(good.headers[header::VARY], "origin");
        assert_eq!(good.json()["hotel"]["greeting"], "Hola.");
        for (origin, slug) in [
            ("https://evil.example", "harbour"),
            ("https://hotel.example.evil.example", "harbour"),
            ("http://hotel.example", "harbour"),
            ("null", "harbour"),
            (PARTNER, "meadow"),
        ] {
            let bad = site.send(from(origin, session(slug))).await;
            assert_eq!((bad.status, bad.code()), (StatusCode::FORBIDDEN, "origin".to_owned()), "{origin}");
            assert!(!bad.headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN));
        }
        // Our own pages, by the public address or by the one that was called.
        assert_eq!(
            site.send(from("http://127.0.0.1:8080", session("meadow"))).await.status,
            StatusCode::CREATED
        );
        let mut named = from("https://chat.example", session("meadow"));
        named.headers_mut().insert(header::HOST, "chat.example".parse().unwrap());
        assert_eq!(site.send(named).await.status, StatusCode::CREATED);
        // A token of one hotel is no use on a page of another.
        let token = good.json()["token"].as_str().unwrap().to_owned();
        let read = || Request::get("/chat/messages").body(Body::empty()).unwrap();
        assert_eq!(site.send(from(PARTNER, bearer(read(), &token))).await.status, StatusCode::OK);
        let elsewhere = site.send(from("https://evil.example", bearer(read(), &token))).await;
        assert_eq!(elsewhere.status, StatusCode::FORBIDDEN);
        let ended = site.send(from(PARTNER, bearer(read(), "ended"))).await;
        assert_eq!(ended.headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], PARTNER, "a page must see the 401");
    })
    .await;
}

#[tokio::test]
async fn a_preflight_is_answered_for_named_pages_only() {
    both(|db| async move {
        let site = Site::new(db);
        let harbour = site.hotel("harbour").await;
        allow(&site, harbour, PARTNER).await;
        let ask = |path: &str, origin: &str| {
            let request = Request::builder().method(Method::OPTIONS).uri(path);
            let request = request
                .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST")
                .header(header::ACCESS_CONTROL_REQUEST_HEADERS, "authorization,content-type");
            site.send(from(origin, request.body(Body::empty()).unwrap()))
        };
        for path in ["/chat/harbour/sessions", "/chat/messages", "/chat/events"] {
            let good = ask(path, PARTNER).await;
            assert_eq!(good.status, StatusCode::NO_CONTENT, "{path}");
            assert_eq!(good.headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], PARTNER);
            assert_eq!(good.headers[header::ACCESS_CONTROL_ALLOW_HEADERS], "authorization, content-type");
            assert_eq!(good.headers[header::ACCESS_CONTROL_ALLOW_METHODS], "GET, POST");
            assert_eq!(ask(path, "https://evil.example").await.status, StatusCode::FORBIDDEN, "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_a_guest_loads_is_small_and_compressed_and_streams_are_not() {
    both(|db| async move {
        let site = Site::new(db);
        site.hotel("harbour").await;
        let page = open(&site).await;
        let zipped = |path: &str| {
            let request = Request::get(path).header(header::ACCEPT_ENCODING, "gzip").body(Body::empty());
            site.router.clone().oneshot(bearer(request.unwrap(), &page.token))
        };
        for path in ["/widget.js", "/assets/tokens.css", "/assets/guest.css", "/"] {
            let answer = zipped(path).await.unwrap();
            assert_eq!(answer.headers()[header::CONTENT_ENCODING], "gzip", "{path}");
            let size = axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap().len();
            assert!(size < 25_000, "{path}: {size} bytes");
        }
        for path in ["/chat/events", "/login"] {
            let answer = zipped(path).await.unwrap();
            assert!(!answer.headers().contains_key(header::CONTENT_ENCODING), "{path}");
        }
        assert_eq!(site.get("/widget.js").await.headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], "*");
    })
    .await;
}

async fn next(stream: &mut BodyDataStream) -> Option<String> {
    let chunk = stream.next().await?.unwrap();
    Some(String::from_utf8(chunk.to_vec()).unwrap())
}

#[tokio::test]
async fn the_doorbell_rings_after_a_commit_and_falls_silent_when_the_server_stops() {
    both(|db| async move {
        let site = Site::new(db);
        let property = site.hotel("harbour").await;
        let (page, other) = (open(&site).await, open(&site).await);
        let mut rings = page.events().await;
        assert_eq!(next(&mut rings).await.as_deref(), Some(":\n\n"));
        other.write("not for you", "a").await;
        page.write("hello", "a").await;
        assert_eq!(next(&mut rings).await.as_deref(), Some("data: {\"echo\":true,\"seq\":1}\n\n"));
        // What was stored is not what the page has sent.
        page.write("my card is 4111 1111 1111 1111", "b").await;
        assert_eq!(next(&mut rings).await.as_deref(), Some("data: {\"seq\":2}\n\n"));
        say(&site, page.conversation, "Good evening.", false).await;
        assert_eq!(next(&mut rings).await.as_deref(), Some("data: {\"seq\":3}\n\n"));
        let typing = Bell::Typing { property, conversation: page.conversation, who: Typist::Staff };
        site.db.bells().ring_all(vec![typing]);
        assert_eq!(next(&mut rings).await.as_deref(), Some("data: {\"typing\":\"staff\"}\n\n"));
        site.shutdown.give();
        assert_eq!(next(&mut rings).await, None);
    })
    .await;
}

async fn link(site: &Site, property: PropertyId, state: StayState, text: &str, life: TimeDelta) {
    let (id, _) = put(&site.db, &site.clock, &stay(&site.clock, property, text, state)).await;
    let (hash, now) = (hash_token(text), site.clock.now());
    let made = site
        .db
        .write(move |tx| Box::pin(async move { stay_tokens::insert(tx, &hash, id, now + life, now).await }));
    made.await.unwrap();
}

#[tokio::test]
async fn a_link_of_a_stay_proves_it_while_it_is_valid() {
    both(|db| async move {
        let site = Site::new(db);
        let harbour = site.hotel("harbour").await;
        let meadow = site.hotel("meadow").await;
        let hour = TimeDelta::hours(1);
        link(&site, harbour, StayState::InHouse, "good", hour).await;
        link(&site, harbour, StayState::InHouse, "short", TimeDelta::minutes(1)).await;
        link(&site, harbour, StayState::InHouse, "revoked", hour).await;
        link(&site, harbour, StayState::Cancelled, "cancelled", hour).await;
        link(&site, meadow, StayState::InHouse, "elsewhere", hour).await;
        let mut conn = site.db.read().await.unwrap();
        let revoked = stay_tokens::find_valid(&mut conn, &hash_token("revoked"), site.clock.now())
            .await
            .unwrap()
            .unwrap();
        let now = site.clock.now();
        site.db
            .write(move |tx| Box::pin(async move { stay_tokens::revoke_all(tx, revoked, now).await }))
            .await
            .unwrap();
        site.clock.advance(TimeDelta::minutes(2));
        for bad in ["short", "revoked", "cancelled", "elsewhere", "guess"] {
            let refused = open_with(&site, json!({"stay_token": bad})).await;
            assert_eq!(
                (refused.status, refused.code()),
                (StatusCode::UNAUTHORIZED, "stay_token".to_owned()),
                "{bad}"
            );
        }
        let opened = open_with(&site, json!({"stay_token": "good"})).await.json();
        let id = opened["conversation"].as_str().unwrap().parse().unwrap();
        let bound = conversations::find(&mut conn, id).await.unwrap().unwrap();
        assert!(bound.stay_id.is_some());
        assert_eq!(bound.proof.as_str(), "token");
    })
    .await;
}

#[tokio::test]
async fn the_start_page_is_the_hotels_own_or_a_list_or_a_word_how_to_begin() {
    both(|db| async move {
        let site = Site::new(db);
        assert!(site.get("/").await.body.contains("No hotel yet"));
        site.hotel("harbour").await;
        let page = site.get("/?stay_token=a%22b").await.body;
        assert!(
            page.contains("<h1>Hotel harbour</h1>") && page.contains("data-property=\"harbour\""),
            "{page}"
        );
        assert!(page.contains("data-stay-token=\"a&#34;b\""), "{page}");
        assert!(page.contains("href=\"/inbox\"") && page.contains("href=\"/console\""));
        site.hotel("meadow").await;
        let list = site.get("/").await.body;
        assert!(list.contains("href=\"/?property=harbour\"") && list.contains("Hotel meadow"), "{list}");
        assert!(site.get("/?property=meadow").await.body.contains("data-property=\"meadow\""));
        assert_eq!(site.get("/?property=nowhere").await.status, StatusCode::NOT_FOUND);
    })
    .await;
}
