//! A real browser without a window: one driver and one fresh profile per test, so that tests do not meet.

use super::process::{PATIENCE, wait_for};
use super::source_root;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::key::Key;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

/// What a headless Chromium on a server needs to be quiet and quick.
const FLAGS: [&str; 12] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--hide-scrollbars",
    "--lang=en",
    // Pictures show pages at rest.
    "--force-prefers-reduced-motion",
];

/// A page on a desk, and one on a telephone.
pub const DESK: (u32, u32) = (1280, 900);
pub const TELEPHONE: (u32, u32) = (390, 844);

pub struct Browser {
    pub client: Client,
    driver: Child,
    profile: tempfile::TempDir,
}

impl Browser {
    pub async fn open((width, height): (u32, u32)) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let profile = tempfile::tempdir().unwrap();
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .env("HOME", profile.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts; scripts/test installs it");
        let mut flags: Vec<String> = FLAGS.iter().map(|flag| (*flag).to_owned()).collect();
        flags.push(format!("--user-data-dir={}", profile.path().join("profile").display()));
        flags.push(format!("--window-size={width},{height}"));
        let options = json!({ "goog:chromeOptions": { "args": flags } });
        let capabilities: serde_json::Map<String, Value> = options.as_object().unwrap().clone();
        let client = wait_for("the browser", async || {
            let mut builder = ClientBuilder::new(HttpConnector::new());
            builder.capabilities(capabilities.clone());
            builder.connect(&format!("http://127.0.0.1:{port}")).await.ok()
        })
        .await;
        let browser = Self { client, driver, profile };
        // The window's size is that of its frame; pages are as wide as asked for.
        browser.client.set_window_size(width, height).await.unwrap();
        browser
    }

    pub async fn goto(&self, url: &str) {
        self.client.goto(url).await.unwrap_or_else(|error| panic!("{url}: {error}"));
    }

    /// The first element of this CSS selector, once it is there.
    pub async fn find(&self, css: &str) -> Element {
        wait_for(css, async || self.client.find(Locator::Css(css)).await.ok()).await
    }

    /// Clicks it in the middle of the window, where no bar of the page lies over it.
    pub async fn click(&self, css: &str) {
        let element = self.find(css).await;
        self.run(&format!("document.querySelector({}).scrollIntoView({{ block: 'center' }});", json!(css)))
            .await;
        element.click().await.unwrap_or_else(|error| panic!("{css}: {error}"));
    }

    /// Waits until this script, a function's body, returns something true, and gives it.
    pub async fn until(&self, what: &str, script: &str) -> Value {
        wait_for(what, async || {
            let value = self.client.execute(script, Vec::new()).await.ok()?;
            let is_true = !matches!(&value, Value::Null | Value::Bool(false)) && value != json!("");
            is_true.then_some(value)
        })
        .await
    }

    /// Waits until the page shows this text, inside shadow roots too.
    pub async fn sees(&self, text: &str) {
        let script = format!("{DEEP_TEXT} return deepText(document.body).includes({});", json!(text));
        let begun = std::time::Instant::now();
        loop {
            if self.client.execute(&script, Vec::new()).await.is_ok_and(|found| found == json!(true)) {
                return;
            }
            if begun.elapsed() > PATIENCE {
                panic!("{text:?} does not appear; the page shows:\n{}", self.text().await);
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }

    /// All text that the page shows, inside shadow roots too.
    pub async fn text(&self) -> String {
        let shown =
            self.client.execute(&format!("{DEEP_TEXT} return deepText(document.body);"), Vec::new()).await;
        shown.unwrap().as_str().unwrap_or_default().to_owned()
    }

    /// Keeps what the page looks like, for people to look at.
    pub async fn screenshot(&self, name: &str) {
        let folder = source_root().join("target/screenshots");
        std::fs::create_dir_all(&folder).unwrap();
        let picture = self.client.screenshot().await.unwrap();
        std::fs::write(folder.join(format!("{name}.png")), picture).unwrap();
    }

    /// Keys for whatever has the focus, in shadow roots too.
    pub async fn types(&self, text: &str) {
        let mut keys = KeyActions::new("keyboard".to_owned());
        for value in text.chars() {
            keys = keys.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        }
        self.client.perform_actions(keys).await.unwrap();
    }

    pub async fn presses(&self, key: Key) {
        self.types(&char::from(key).to_string()).await;
    }

    /// Runs a function's body on the page.
    pub async fn run(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// Ends the session; without it the browser would outlive its driver.
    pub async fn close(self) {
        self.client.clone().close().await.unwrap();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.driver.kill();
        let _ = self.driver.wait();
        // Its browser outlives a driver that is killed; nobody else has this profile.
        let _ = Command::new("pkill").args(["-KILL", "-f"]).arg(self.profile.path()).status();
    }
}

const DEEP_TEXT: &str = "function deepText(node) {
    let text = node.innerText || '';
    const walk = (root) => { for (const el of root.querySelectorAll('*')) if (el.shadowRoot) {
        text += ' ' + [...el.shadowRoot.children].map((c) => c.innerText || '').join(' ');
        walk(el.shadowRoot);
    } };
    walk(document);
    return text;
}";
