//! How many statements a plain turn takes: each is a way to the database and back, and they are what a turn costs most.

use super::*;
use crate::config::{Env, load};
use crate::lab::demo;
use crate::lab::stub_model::{Behaviour, Mode, StubModel};
use crate::shutdown::ShutdownOrder;
use crate::store::db::recorder;
use crate::store::testing;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode, header};
use serde_json::{Value, json};
use tower::ServiceExt;

/// What the guest's page asks, and the answer.
async fn ask(
    router: &Router,
    method: &str,
    path: &str,
    token: Option<&str>,
    body: Value,
) -> (StatusCode, Value) {
    let mut request =
        Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, "application/json");
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    let mut request = request.body(body).unwrap();
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([203, 0, 113, 9], 4711))));
    let response = router.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, serde_json::from_slice(&body).unwrap_or_default())
}

/// Those that are more than the frame of a unit.
fn count() -> usize {
    let frame = ["BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK"];
    recorder::take().iter().filter(|text| !frame.iter().any(|word| text.starts_with(word))).count()
}

/// A statement more here is work for every turn of every hotel: think before you raise a number.
#[tokio::test]
async fn a_plain_turn_takes_twelve_statements() {
    testing::both(|db| async move {
        let clock = Clock::system();
        demo::seed(&db, &clock).await.unwrap();
        let model = StubModel::start(Mode::Always(Behaviour::text("It is a pleasure."))).await.unwrap();
        let key = SecretKey::random().to_base64();
        let env = Env::from([
            ("DATABASE_URL", "sqlite:unused"),
            ("BELLHOP_SECRET_KEY", key.expose_secret()),
            ("OPENAI_BASE_URL", &model.base_url()),
            ("BELLHOP__ENGINE__DEBOUNCE_MS", "0"),
        ]);
        let app = App::assemble(load(None, &env).config, db, clock).unwrap();
        let (order, url) = (ShutdownOrder::new(), Url::parse("http://127.0.0.1:8080").unwrap());
        let router = web::router(app.web(url.clone(), order.listener()));
        let jobs = app.jobs(url);
        let (status, opened) =
            ask(&router, "POST", "/chat/harbour/sessions", None, json!({ "locale": "en" })).await;
        assert_eq!(status, StatusCode::CREATED, "{opened}");
        let token = opened["token"].as_str();
        // The first turn fills what is kept of the hotel.
        for turn in 0..2 {
            recorder::take();
            let said =
                json!({ "text": "It is our first time in the city.", "client_id": format!("c{turn}") });
            let (status, kept) = ask(&router, "POST", "/chat/messages", token, said).await;
            assert_eq!(status, StatusCode::ACCEPTED, "{kept}");
            let stored = count();
            let claimed = jobs.claim_turns(64).await.unwrap();
            let claims = count();
            for conversation in claimed {
                jobs.turn(conversation).await.unwrap();
            }
            let answered = count();
            let after = format!("/chat/messages?after={}", kept["seq"]);
            let (_, page) = ask(&router, "GET", &after, token, Value::Null).await;
            let text = page["messages"][0]["text"].as_str().unwrap();
            assert!(text.ends_with("It is a pleasure."), "{page}");
            let read = count();
            if turn > 0 {
                assert_eq!((stored, claims, answered, read), (4, 1, 5, 2));
            }
        }
    })
    .await;
}
