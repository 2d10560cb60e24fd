//! A real node of the demo hotel, or several over one database: what they are started with, and what reaches them.

use super::app::Answer;
use super::disk;
use super::process::{Process, wait_for};
use super::twilio::{ACCOUNT, NUMBER, TOKEN, Twilio, sign};
use bellhop::app;
use bellhop::clock::Clock;
use bellhop::domain::people::Scope;
use bellhop::http::Method;
use bellhop::lab::demo;
use bellhop::lab::stub_model::{Mode, StubModel};
use bellhop::secrets::SecretKey;
use bellhop::store::{Bells, Db, conversations, outbox};
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;

const PUBLIC_URL: &str = "https://stay.example";

/// The model may take longer than any test; no lease runs out, and nobody is told to wait before.
pub const SLOW_MODEL: [(&str, &str); 5] = [
    ("BELLHOP__ENGINE__LEASE_SECS", "3600"),
    ("BELLHOP__LLM__CALL_SECS", "600"),
    ("BELLHOP__LLM__TURN_SECS", "600"),
    ("BELLHOP__ENGINE__TOLD_AFTER_SECS", "700"),
    ("BELLHOP__ENGINE__CALLED_AFTER_SECS", "800"),
];

pub struct Node {
    pub url: String,
    pub key: String,
    pub twilio: Arc<Twilio>,
    model: Option<StubModel>,
    folder: tempfile::TempDir,
}

impl Node {
    /// The house brain answers.
    pub async fn new(url: &str) -> Self {
        Self::build(url, None, None, "").await
    }

    pub async fn with_model(url: &str, mode: Mode) -> Self {
        Self::build(url, Some(StubModel::start(mode).await.unwrap()), None, "").await
    }

    /// One whose SMS go to another stand-in for Twilio, with more lines of configuration.
    pub async fn over(url: &str, vendor: &str, toml: &str) -> Self {
        Self::build(url, None, Some(vendor), toml).await
    }

    async fn build(url: &str, model: Option<StubModel>, vendor: Option<&str>, toml: &str) -> Self {
        let db = Db::open(url, 2, Bells::new()).await.unwrap();
        db.migrate().await.unwrap();
        demo::seed(&db, &Clock::system()).await.unwrap();
        let twilio = Arc::new(Twilio::start().await);
        let folder = tempfile::tempdir().unwrap();
        let config = format!(
            "[server]\nlisten = '127.0.0.1:0'\n[llm]\ncall_secs = 2\nturn_secs = 2\n\
             [engine]\nlease_secs = 6\ndebounce_ms = 200\npoll_ms = 100\n\
             [[integrations]]\nproperty = 'harbour'\nkind = 'sms.twilio'\n\
             config = {{ account_sid = '{ACCOUNT}', from = '{NUMBER}', base_url = '{}' }}\n\
             secrets = {{ auth_token = '{TOKEN}' }}\n{toml}",
            vendor.map_or_else(|| twilio.server.uri(), str::to_owned)
        );
        std::fs::write(folder.path().join("bellhop.toml"), config).unwrap();
        let key = SecretKey::random().to_base64().expose_secret().to_owned();
        Self { url: url.to_owned(), folder, key, twilio, model }
    }

    pub fn model(&self) -> &StubModel {
        self.model.as_ref().expect("this node has a model")
    }

    /// The text of a new key of an administrator.
    pub async fn admin_key(&self) -> String {
        let db = Db::open(&self.url, 2, Bells::new()).await.unwrap();
        let text = "bh_the-nodes-own-key".to_owned();
        let key = SecretString::from(text.clone());
        app::add_key(&db, &Clock::system(), "nodes".to_owned(), Scope::Admin, None, &key).await.unwrap();
        text
    }

    pub async fn start(&self) -> Process {
        self.start_over(&self.url, Process::start).await
    }

    /// Starts it in one role, with further settings.
    pub async fn start_as(&self, role: &str, settings: &[(&str, &str)]) -> Process {
        self.start_over(&self.url, async |arguments: &[&str], variables: &[(&str, &str)]| {
            let (arguments, variables) =
                ([arguments, &["--role", role]].concat(), [variables, settings].concat());
            Process::start(&arguments, &variables).await
        })
        .await
    }

    /// Starts it with another way to its database, or in another way.
    pub async fn start_over(
        &self,
        url: &str,
        start: impl AsyncFnOnce(&[&str], &[(&str, &str)]) -> Process,
    ) -> Process {
        let config = self.folder.path().join("bellhop.toml");
        let model = self.model.as_ref().map(StubModel::base_url).unwrap_or_default();
        let variables = [
            ("DATABASE_URL", url),
            ("BELLHOP_SECRET_KEY", &self.key),
            ("BELLHOP_PUBLIC_URL", PUBLIC_URL),
            ("OPENAI_BASE_URL", &model),
            ("RUST_LOG", "warn"),
        ];
        start(&["serve", "--config", config.to_str().unwrap()], &variables).await
    }

    /// Twilio's signed call for one SMS, and what became of it.
    pub async fn delivers(
        &self,
        process: &Process,
        from: &str,
        sid: &str,
        text: &str,
    ) -> Result<Answer, String> {
        let fields = [
            ("MessageSid", sid),
            ("AccountSid", ACCOUNT),
            ("From", from),
            ("To", NUMBER),
            ("Body", text),
            ("NumMedia", "0"),
        ];
        let form = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let path = "/hooks/twilio/harbour";
        let signature = sign(&format!("{PUBLIC_URL}{path}"), &form);
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&form).finish();
        let headers =
            [("content-type", "application/x-www-form-urlencoded"), ("x-twilio-signature", &*signature)];
        process.send(Method::POST, path, &headers, body).await
    }

    /// Waits until nothing is due or on its way any more.
    pub async fn is_quiet(&self) {
        is_quiet(&self.url).await;
    }
}

/// The same of another database than the node's own.
pub async fn is_quiet(url: &str) {
    let db = Db::open(url, 2, Bells::new()).await.unwrap();
    wait_for("nothing to be due", async || {
        let mut conn = db.read().await.unwrap();
        let turn = conversations::next_turn_at(&mut conn).await.unwrap();
        let row = outbox::next_due_at(&mut conn).await.unwrap();
        let rows = disk::rows(url, "outbox").await;
        let sending = rows.iter().any(|row| row.contains("sending"));
        (turn.is_none() && row.is_none() && !sending).then_some(())
    })
    .await;
}
