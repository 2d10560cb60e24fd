//! The real program is killed in the middle of its work and started again: the guest is answered, once.

use super::support::process::{Process, wait_for};
use super::support::twilio::{ACCOUNT, NUMBER, TOKEN, Twilio, sign};
use super::support::{House, both_urls, disk};
use bellhop::clock::Clock;
use bellhop::http::Method;
use bellhop::lab::demo;
use bellhop::lab::stub_model::{Behaviour, Mode, StubModel};
use bellhop::secrets::SecretKey;
use bellhop::store::{Bells, Db};
use chrono::TimeDelta;
use secrecy::ExposeSecret;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

const ANA: &str = "+34600111222";

/// A real node of the demo hotel: its database, its vendors, and what it is started with.
struct Node {
    url: String,
    folder: tempfile::TempDir,
    key: String,
    twilio: Arc<Twilio>,
    model: StubModel,
}

impl Node {
    async fn new(url: &str) -> Self {
        let db = Db::open(url, 2, Bells::new()).await.unwrap();
        db.migrate().await.unwrap();
        demo::seed(&db, &Clock::system()).await.unwrap();
        let (twilio, model) =
            (Arc::new(Twilio::start().await), StubModel::start(Mode::Sensible).await.unwrap());
        let folder = tempfile::tempdir().unwrap();
        let config = format!(
            "[server]\nlisten = '127.0.0.1:0'\n[llm]\ncall_secs = 2\nturn_secs = 2\n\
             [engine]\nlease_secs = 6\ndebounce_ms = 200\npoll_ms = 100\n\
             [[integrations]]\nproperty = 'harbour'\nkind = 'sms.twilio'\n\
             config = {{ account_sid = '{ACCOUNT}', from = '{NUMBER}', base_url = '{}' }}\n\
             secrets = {{ auth_token = '{TOKEN}' }}\n",
            twilio.server.uri()
        );
        std::fs::write(folder.path().join("bellhop.toml"), config).unwrap();
        let key = SecretKey::random().to_base64().expose_secret().to_owned();
        Self { url: url.to_owned(), folder, key, twilio, model }
    }

    async fn start(&self) -> Process {
        let config = self.folder.path().join("bellhop.toml");
        let model = self.model.base_url();
        let variables = [
            ("DATABASE_URL", self.url.as_str()),
            ("BELLHOP_SECRET_KEY", &self.key),
            ("BELLHOP_PUBLIC_URL", "https://stay.example"),
            ("OPENAI_BASE_URL", &model),
            ("RUST_LOG", "warn"),
        ];
        Process::start(&["serve", "--config", config.to_str().unwrap()], &variables).await
    }

    /// One signed SMS of Ana's, taken.
    async fn texts(&self, process: &Process, id: u32, text: &str) {
        let sid = format!("SM{id:032}");
        let fields = [
            ("MessageSid", sid.as_str()),
            ("AccountSid", ACCOUNT),
            ("From", ANA),
            ("To", NUMBER),
            ("Body", text),
            ("NumMedia", "0"),
        ];
        let form = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let signature = sign("https://stay.example/hooks/twilio/harbour", &form);
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&form).finish();
        let headers =
            [("content-type", "application/x-www-form-urlencoded"), ("x-twilio-signature", &*signature)];
        let answer = process.send(Method::POST, "/hooks/twilio/harbour", &headers, body).await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.body);
    }

    async fn answered(&self) -> String {
        wait_for("the answer", async || {
            let sent = self.twilio.sent_to(ANA).await;
            (!sent.is_empty())
                .then(|| sent.iter().map(|sent| sent.text.clone()).collect::<Vec<_>>().join("\n"))
        })
        .await
    }

    /// Waits until the model has been asked this often.
    async fn asked(&self, times: u64) {
        wait_for("the model to be asked", async || (self.model.hits() >= times).then_some(())).await;
    }

    /// Nothing more comes: all that is due has been done, and the guest was told exactly once.
    async fn told_once(&self) {
        let quiet = Db::open(&self.url, 2, Bells::new()).await.unwrap();
        wait_for("nothing to be due", async || {
            let mut conn = quiet.read().await.unwrap();
            let turn = bellhop::store::conversations::next_turn_at(&mut conn).await.unwrap();
            let row = bellhop::store::outbox::next_due_at(&mut conn).await.unwrap();
            (turn.is_none() && row.is_none()).then_some(())
        })
        .await;
        let sent = self.twilio.sent_to(ANA).await;
        assert_eq!(sent.len(), 1, "{sent:?}");
    }

    async fn towels(&self) -> usize {
        disk::rows(&self.url, "requests").await.iter().filter(|row| row.contains("towels")).count()
    }
}

#[tokio::test]
async fn killed_between_the_webhook_and_the_turn_it_answers_after_the_restart() {
    both_urls(|url| async move {
        let node = Node::new(&url).await;
        let process = node.start().await;
        node.texts(&process, 1, "two towels please").await;
        process.kill();
        let process = node.start().await;
        node.answered().await;
        node.told_once().await;
        assert_eq!(node.towels().await, 1);
        process.kill();
    })
    .await;
}

#[tokio::test]
async fn killed_while_the_model_thinks_it_answers_after_the_restart() {
    both_urls(|url| async move {
        let node = Node::new(&url).await;
        let process = node.start().await;
        node.model.then(Behaviour::Slow(Duration::from_secs(600)));
        node.texts(&process, 1, "two towels please").await;
        node.asked(1).await;
        process.kill();
        let process = node.start().await;
        node.answered().await;
        node.told_once().await;
        assert_eq!(node.towels().await, 1);
        process.kill();
    })
    .await;
}

#[tokio::test]
async fn killed_after_the_request_was_made_and_before_the_answer_it_is_not_made_again() {
    both_urls(|url| async move {
        let node = Node::new(&url).await;
        let process = node.start().await;
        let call = json!({ "kind": "towels", "item": "towels", "quantity": 2 });
        node.model.then(Behaviour::calls(&[("request_service", call)]));
        node.model.then(Behaviour::Slow(Duration::from_secs(600)));
        node.texts(&process, 1, "two towels please").await;
        node.asked(2).await;
        wait_for("the request, which stands before the answer does", async || {
            (node.towels().await == 1).then_some(())
        })
        .await;
        process.kill();
        let process = node.start().await;
        let heard = node.answered().await;
        node.told_once().await;
        assert_eq!(node.towels().await, 1, "and it is the only one: {heard}");
        process.kill();
    })
    .await;
}

#[tokio::test]
async fn killed_while_sending_the_message_is_unknown_to_staff_and_never_repeated() {
    both_urls(|url| async move {
        let node = Node::new(&url).await;
        let slow = wiremock::Mock::given(wiremock::matchers::method("POST"))
            .respond_with(wiremock::ResponseTemplate::new(201).set_delay(Duration::from_secs(600)))
            .with_priority(1);
        node.twilio.server.register(slow).await;
        let process = node.start().await;
        node.texts(&process, 1, "two towels please").await;
        node.answered().await;
        process.kill();

        // The lease of a sending outlasts any request; a clock that is ahead spares the wait.
        let house = House::later(&url, &node.key, &node.twilio, TimeDelta::minutes(10)).await;
        house.works().await;
        let sent = node.twilio.sent_to(ANA).await;
        assert_eq!(sent.len(), 1, "never blindly repeated: {sent:?}");
        let messages = disk::rows(&url, "messages").await;
        assert!(messages.iter().any(|row| row.contains("unknown")), "{messages:?}");
        let called = disk::rows(&url, "escalations").await;
        assert!(called.iter().any(|row| row.contains("undelivered")), "{called:?}");
        assert_eq!(node.towels().await, 1);
    })
    .await;
}

#[tokio::test]
async fn killed_with_a_quote_open_a_yes_after_the_restart_is_charged_once() {
    both_urls(|url| async move {
        let node = Node::new(&url).await;
        let lines = disk::rows(&url, "house_postings").await;
        let already = lines.iter().filter(|row| row.to_lowercase().contains("club sandwich")).count();
        let process = node.start().await;
        node.texts(&process, 1, "a club sandwich to my room please").await;
        assert!(node.answered().await.contains("18.00"));
        process.kill();
        let process = node.start().await;
        node.texts(&process, 2, "yes").await;
        process.kill();
        let process = node.start().await;
        wait_for("the confirmation", async || (node.twilio.sent_to(ANA).await.len() >= 2).then_some(()))
            .await;
        let lines = disk::rows(&url, "house_postings").await;
        let posted = lines.iter().filter(|row| row.to_lowercase().contains("club sandwich")).count();
        assert_eq!(posted, already + 1, "{lines:?}");
        process.kill();
    })
    .await;
}
