//! From a file to a running server, on both databases.

use super::*;
use crate::config::{ConfigFile, Env, Loaded, load};
use crate::domain::integration::Integration;
use crate::domain::people::Reach;
use crate::http::{HeaderMap, HttpRequest, Method};
use crate::secrets::Secrets;
use crate::store::{audit, hotels, integrations, testing};
use std::time::Duration;

const HOTEL: &str = "
    [[properties]]
    slug = 'bellevue'
    name = 'Hotel Bellevue'
    zone = 'Europe/Zurich'
    currency = 'CHF'
    languages = ['en', 'es']
    [[integrations]]
    property = 'bellevue'
    kind = 'llm.openai'
    config = { base_url = 'http://127.0.0.1:9/v1', model = 'small' }
    secrets = { api_key = 'env:HOTEL_KEY' }
";

fn config(text: &str, url: &str, key: &str) -> Config {
    let file = ConfigFile { name: "bellhop.toml".to_owned(), text: text.to_owned() };
    let secret_key = SecretKey::random().to_base64();
    let env = Env::from([
        ("DATABASE_URL", url),
        ("BELLHOP_SECRET_KEY", secret_key.expose_secret()),
        ("BELLHOP__SERVER__LISTEN", "127.0.0.1:0"),
        ("HOTEL_KEY", key),
    ]);
    let Loaded { config, findings } = load(Some(&file), &env);
    assert_eq!(findings, []);
    let errors: Vec<_> = check(&config).into_iter().filter(Finding::is_error).collect();
    assert_eq!(errors, []);
    config
}

async fn account(db: &Db, sealer: &Sealer) -> (Integration, Secrets) {
    let mut conn = db.read().await.unwrap();
    let hotel = hotels::find_by_slug(&mut conn, "bellevue").await.unwrap().unwrap();
    let [account]: [Integration; 1] =
        integrations::list(&mut conn, hotel.id).await.unwrap().try_into().unwrap();
    let sealed = integrations::sealed_secrets(&mut conn, hotel.id, account.id).await.unwrap().unwrap();
    let secrets = sealer.open(&sealed, account.id).unwrap();
    (account, secrets)
}

#[tokio::test]
async fn the_file_creates_a_hotel_and_its_account_and_a_second_start_changes_nothing() {
    testing::both(|db| async move {
        let (clock, sealer) = (Clock::system(), Sealer::new(&SecretKey::random()));
        let config = config(HOTEL, "sqlite:unused", "sk-one");
        apply(&db, &clock, &sealer, &config).await.unwrap();
        let hotel = hotels::find_by_slug(&mut db.read().await.unwrap(), "bellevue").await.unwrap().unwrap();
        assert_eq!((hotel.name.as_str(), hotel.settings.languages.len()), ("Hotel Bellevue", 2));
        let (model, secrets) = account(&db, &sealer).await;
        assert_eq!((model.name.as_str(), model.config["model"].as_str()), ("llm.openai", Some("small")));
        assert_eq!(secrets.require("api_key").unwrap().expose_secret(), "sk-one");

        apply(&db, &clock, &sealer, &config).await.unwrap();
        let again = hotels::find_by_slug(&mut db.read().await.unwrap(), "bellevue").await.unwrap().unwrap();
        assert_eq!(again, hotel, "not even the revision has moved");
    })
    .await;
}

#[tokio::test]
async fn what_the_file_names_is_put_back_and_the_rest_is_the_managers() {
    testing::both(|db| async move {
        let (clock, sealer) = (Clock::system(), Sealer::new(&SecretKey::random()));
        apply(&db, &clock, &sealer, &config(HOTEL, "sqlite:unused", "sk-one")).await.unwrap();
        let (hotel, _) = account(&db, &sealer).await;
        let (property, now) = (hotel.property_id, clock.now());
        let edit = db.write(move |tx| {
            Box::pin(async move {
                let mut hotel = hotels::begin_change(tx, property, now).await?.unwrap();
                hotel.settings.languages = vec!["fr".to_owned()];
                hotel.settings.reception_phone = "+41440000000".to_owned();
                hotels::update(tx, &hotel).await
            })
        });
        edit.await.unwrap();

        apply(&db, &clock, &sealer, &config(HOTEL, "sqlite:unused", "sk-two")).await.unwrap();
        let mut conn = db.read().await.unwrap();
        let hotel = hotels::find(&mut conn, property).await.unwrap().unwrap();
        assert_eq!(hotel.settings.languages, ["en", "es"]);
        assert_eq!(hotel.settings.reception_phone, "+41440000000");
        let (_, secrets) = account(&db, &sealer).await;
        assert_eq!(secrets.require("api_key").unwrap().expose_secret(), "sk-two");
        let told =
            format!("{:?}", audit::list(&mut conn, Reach::Property(property), None, 10).await.unwrap());
        assert!(told.contains("property.changed") && told.contains("integration.changed"), "{told}");
        assert!(!told.contains("sk-"), "{told}");
    })
    .await;
}

#[test]
fn a_kind_that_is_not_built_is_refused_with_the_list_of_those_that_are() {
    let text = "[[integrations]]\nproperty = 'bellevue'\nkind = 'pms.abacus'\n";
    let file = ConfigFile { name: "bellhop.toml".to_owned(), text: text.to_owned() };
    let config = load(Some(&file), &Env::default()).config;
    let found = kinds::check(&config);
    assert_eq!(found.len(), 1);
    assert!(found[0].problem.contains("pms.abacus") && found[0].problem.contains("llm.openai"), "{found:?}");
    assert!(!found[0].to_string().contains(".."), "{}", found[0]);
}

#[test]
fn a_third_model_is_said_to_be_idle_and_a_second_is_not() {
    let model = |property, name, enabled| {
        format!(
            "[[integrations]]\nproperty = '{property}'\nkind = 'llm.openai'\nname = '{name}'\nenabled = {enabled}\n\
             config = {{ base_url = 'http://127.0.0.1:1/v1', model = 'm' }}\n"
        )
    };
    let found = |more: &str| {
        let two =
            model("quay", "first", true) + &model("quay", "second", true) + &model("quay", "off", false);
        let file = ConfigFile { name: "bellhop.toml".to_owned(), text: two + more };
        kinds::check(&load(Some(&file), &Env::default()).config)
    };
    assert_eq!(found(&model("bellevue", "first", true)), []);
    let idle = found(&model("quay", "third", true));
    assert!(!idle[0].is_error() && idle[0].to_string().contains("integrations.3 is never asked"), "{idle:?}");
    assert_eq!(idle.len(), 1);
}

async fn status(http: &Http, url: String) -> u16 {
    let request = HttpRequest {
        method: Method::GET,
        url: url.parse().unwrap(),
        headers: HeaderMap::new(),
        body: bytes::Bytes::new(),
        timeout: Duration::from_secs(30),
    };
    http.send(request).await.unwrap().status
}

#[tokio::test]
async fn a_server_answers_and_stops_when_it_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("bellhop.db").display());
    let config = config(HOTEL, &url, "sk-one");
    let listener = App::listen(&config).await.unwrap();
    let running = App::open(config).await.unwrap().start(Role::All, listener).await.unwrap();
    let (address, http) = (running.address, running.app.http.clone());
    let visit = async {
        for path in ["healthz", "readyz", "metrics", "login"] {
            assert_eq!(status(&http, format!("http://{address}/{path}")).await, 200, "{path}");
        }
    };
    running.until(visit).await.unwrap();
    assert!(std::net::TcpStream::connect(address).is_err(), "nobody listens any more");
}

#[tokio::test]
async fn a_worker_answers_operators_alone_and_needs_postgres() {
    testing::both_urls(|url| async move {
        let config = config(HOTEL, &url, "sk-one");
        open_db(&config).await.unwrap().migrate().await.unwrap();
        let listener = App::listen(&config).await.unwrap();
        let started = App::open(config).await.unwrap().start(Role::Worker, listener).await;
        if url.starts_with("sqlite:") {
            assert!(matches!(started, Err(StartProblem::RoleNeedsPostgres)));
            return;
        }
        let running = started.unwrap();
        let (address, http) = (running.address, running.app.http.clone());
        let visit = async {
            assert_eq!(status(&http, format!("http://{address}/readyz")).await, 200);
            assert_eq!(status(&http, format!("http://{address}/login")).await, 404);
        };
        running.until(visit).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_sqlite_file_has_one_node_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("bellhop.db").display());
    let try_start = async || {
        let config = config(HOTEL, &url, "sk-one");
        let listener = App::listen(&config).await.unwrap();
        App::open(config).await.unwrap().start(Role::All, listener).await
    };
    let first = try_start().await.unwrap();
    let second = try_start().await.err().unwrap().to_string();
    assert!(second.contains("bellhop.db is served by another process"), "{second}");
    first.until(async {}).await.unwrap();
    try_start().await.unwrap().until(async {}).await.unwrap();
}

#[tokio::test]
async fn a_postgres_that_is_behind_is_left_alone_and_the_remedy_is_named() {
    testing::both_urls(|url| async move {
        let started = App::open(config("", &url, "unused")).await;
        if url.starts_with("sqlite:") {
            assert_eq!(started.unwrap().db.pending_migrations().await.unwrap(), 0);
        } else {
            let problem = started.err().unwrap().to_string();
            assert!(problem.contains("bellhop migrate"), "{problem}");
        }
    })
    .await;
}
