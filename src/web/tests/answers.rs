//! What every answer has in common: problems, headers, assets, health.

use crate::domain::people::{Reach, Scope};
use crate::store::testing::both;
use crate::store::{Bells, Db};
use crate::web::testing::{Site, bearer, json};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::Value;

#[tokio::test]
async fn it_is_ready_once_the_migrations_ran() {
    both(|db| async move {
        let site = Site::new(db);
        assert_eq!(site.get("/healthz").await.status, StatusCode::OK);
        let ready = site.get("/readyz").await;
        assert_eq!((ready.status, ready.json()["status"].as_str().unwrap()), (StatusCode::OK, "ready"));
        let metrics = site.get("/metrics").await.body;
        let line = "bellhop_http_requests_total{route=\"/healthz\",method=\"GET\",status=\"200\"}";
        assert!(metrics.contains(line), "{metrics}");
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("empty.db").display());
    let site = Site::new(Db::open(&url, 2, Bells::new()).await.unwrap());
    assert_eq!(site.get("/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(site.get("/healthz").await.status, StatusCode::OK);
}

#[tokio::test]
async fn programs_get_problems_and_browsers_get_pages() {
    both(|db| async move {
        let site = Site::new(db);
        let missing = site.get("/nowhere").await;
        assert_eq!((missing.status, missing.code()), (StatusCode::NOT_FOUND, "not_found".to_owned()));
        assert_eq!(site.send(json("DELETE", "/healthz", &Value::Null)).await.code(), "method");
        let browser =
            |path: &str| Request::get(path).header(header::ACCEPT, "text/html,*/*").body(Body::empty());
        let page = site.send(browser("/nowhere").unwrap()).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
        assert!(page.body.contains("<h1>There is nothing here</h1>"), "{}", page.body);
        assert!(!page.body.contains("<p>There is nothing here"), "it is said once");
        assert!(page.body.contains("href=\"/\"") && !page.body.contains("/inbox"), "a guest has no inbox");
        let staffs = site.send(browser("/inbox/cnv_x/y").unwrap()).await.body;
        assert!(staffs.contains("href=\"/inbox\""), "{staffs}");
        let away = site.send(browser("/password?x=1&y=2").unwrap()).await;
        assert_eq!(away.status, StatusCode::SEE_OTHER);
        assert_eq!(away.headers[header::LOCATION], "/login?next=%2Fpassword%3Fx%3D1%26y%3D2");
        assert_eq!(site.send(browser("/api/v1/users").unwrap()).await.code(), "sign_in");
    })
    .await;
}

#[tokio::test]
async fn every_answer_forbids_framing_and_inline_scripts() {
    both(|db| async move {
        let site = Site::new(db);
        for path in ["/login", "/nowhere", "/assets/tokens.css", "/api/v1/openapi.json"] {
            let answer = site.get(path).await;
            let policy = answer.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
            assert!(
                policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"),
                "{path}: {policy}"
            );
            assert_eq!(answer.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        }
        let login = site.get("/login").await;
        assert_eq!(login.headers[header::CACHE_CONTROL], "no-store");
        let login = login.body;
        assert!(!login.contains("<script>") && !login.contains("style="));
    })
    .await;
}

#[tokio::test]
async fn assets_are_kept_by_their_fingerprint_and_not_sent_twice() {
    both(|db| async move {
        let site = Site::new(db);
        let named = site.get(&crate::web::assets::url("tokens.css")).await;
        assert_eq!(named.headers[header::CONTENT_TYPE], "text/css; charset=utf-8");
        assert!(named.headers[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"));
        let plain =
            Request::get("/assets/tokens.css").header(header::IF_NONE_MATCH, &named.headers[header::ETAG]);
        let again = site.send(plain.body(Body::empty()).unwrap()).await;
        assert_eq!((again.status, again.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
        assert_eq!(site.get("/assets/../mod.rs").await.status, StatusCode::NOT_FOUND);
        assert_eq!(site.get("/assets/%2e%2e/mod.rs").await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn a_bad_body_is_told_what_is_wrong_with_it() {
    both(|db| async move {
        let site = Site::new(db);
        let key = site.key(Reach::Everywhere, Scope::Admin).await;
        let send = async |body: String, kind: &str| {
            let request =
                Request::post("/api/v1/api-keys").header(header::CONTENT_TYPE, kind).body(Body::from(body));
            site.send(bearer(request.unwrap(), &key)).await
        };
        let broken = send("{\"name\": \"x\",\n  \"scope\" }".to_owned(), "application/json").await;
        assert_eq!((broken.status, broken.code()), (StatusCode::BAD_REQUEST, "bad_json".to_owned()));
        assert!(broken.json()["detail"].as_str().unwrap().contains("line 2 column"), "{}", broken.body);
        let lacking = send("{\"name\": \"x\"}".to_owned(), "application/json").await;
        assert!(lacking.json()["detail"].as_str().unwrap().contains("`scope`"), "{}", lacking.body);
        assert_eq!(send("{}".to_owned(), "text/plain").await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        let huge = format!("{{\"name\": \"{}\"}}", "x".repeat(70_000));
        assert_eq!(send(huge, "application/json").await.status, StatusCode::PAYLOAD_TOO_LARGE);
        let nul = send("{\"name\": \"a\\u0000b\", \"scope\": \"read\"}".to_owned(), "application/json").await;
        assert_eq!(nul.code(), "bad_name");
        let odd =
            send("{\"name\": \"🛎️ ﷽ e\u{301}\", \"scope\": \"read\"}".to_owned(), "application/json").await;
        assert_eq!(odd.status, StatusCode::CREATED, "{}", odd.body);
    })
    .await;
}

#[tokio::test]
async fn a_panicking_handler_answers_500_without_its_words() {
    both(|db| async move {
        let mut site = Site::new(db);
        let loose =
            axum::Router::new().route("/", axum::routing::get(async || -> &'static str { panic!("secret") }));
        site.router = crate::web::finish(loose, site.web.clone());
        let answer = site.get("/").await;
        assert_eq!(
            (answer.status, answer.code()),
            (StatusCode::INTERNAL_SERVER_ERROR, "internal".to_owned())
        );
        assert!(!answer.body.contains("secret"));
    })
    .await;
}

#[tokio::test]
async fn the_api_describes_itself_to_strangers() {
    both(|db| async move {
        let document = Site::new(db).get("/api/v1/openapi.json").await.json();
        for path in ["/api/v1/users", "/api/v1/users/{id}", "/api/v1/api-keys", "/api/v1/audit"] {
            assert!(document["paths"][path].is_object(), "{path} is missing");
        }
        let paths = document["paths"].as_object().unwrap().values();
        let every = paths.flat_map(|path| path.as_object().unwrap().values());
        let mut ids: Vec<&str> = every.filter_map(|operation| operation["operationId"].as_str()).collect();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert!(count > 50 && ids.len() == count, "clients are made from the document: {ids:?}");
        let problem = &document["paths"]["/api/v1/users"]["get"]["responses"]["default"]["content"];
        let schema = problem["application/problem+json"]["schema"]["$ref"].as_str().unwrap();
        assert!(document["components"]["schemas"]["Problem"].is_object() && schema.ends_with("/Problem"));
        assert_eq!(document["components"]["securitySchemes"]["api_key"]["scheme"], "bearer");
    })
    .await;
}
