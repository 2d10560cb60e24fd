//! From nothing to an answered text message: an empty database, the real program, and a hotel that nobody has named before.

use super::support::both_urls;
use super::support::process::{Process, wait_for};
use super::support::twilio::{ACCOUNT, NUMBER, TOKEN, Twilio, sign};
use bellhop::http::Method;
use serde_json::{Value, json};
use std::process::Command;

const GUEST: &str = "+41791234567";
const KEY: &str = "3q2+796tvu/erb7v3q2+796tvu/erb7v3q2+796tvu8=";

/// A command of the program that ends by itself; what it printed.
fn run(url: &str, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_bellhop"))
        .args(arguments)
        .envs([
            ("DATABASE_URL", url),
            ("BELLHOP_SECRET_KEY", KEY),
            ("BELLHOP__SERVER__LISTEN", "127.0.0.1:0"),
        ])
        .output()
        .unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{arguments:?}: {out}{err}");
    out.into_owned()
}

async fn post(process: &Process, key: &str, path: &str, body: Value) -> Value {
    let bearer = format!("Bearer {key}");
    let headers = [("content-type", "application/json"), ("authorization", &*bearer)];
    let answer =
        process.send(Method::POST, &format!("/api/v1{path}"), &headers, body.to_string()).await.unwrap();
    assert_eq!(answer.status, 201, "{path}: {}", answer.body);
    answer.json()
}

#[tokio::test]
async fn a_new_hotel_is_made_by_the_api_and_answers_its_first_text_message() {
    both_urls(|url| async move {
        run(&url, &["migrate"]);
        let printed = run(&url, &["api-key", "add", "--name", "setup", "--scopes", "admin"]);
        let key = printed.split_whitespace().find(|word| word.starts_with("bh_")).expect("a key is printed");
        let twilio = Twilio::start().await;
        let variables = [
            ("DATABASE_URL", url.as_str()),
            ("BELLHOP_SECRET_KEY", KEY),
            ("BELLHOP_PUBLIC_URL", "https://stay.example"),
            ("BELLHOP__SERVER__LISTEN", "127.0.0.1:0"),
            ("RUST_LOG", "warn"),
        ];
        let process = Process::start(&["serve"], &variables).await;
        let hotel = json!({ "slug": "bellevue", "name": "Hotel Bellevue", "zone": "Europe/Zurich", "currency": "CHF" });
        post(&process, key, "/properties", hotel).await;
        let fact = json!({ "title": "Breakfast", "text": "Breakfast is served from 6:30 to 9:45 in the winter garden." });
        post(&process, key, "/properties/bellevue/facts", fact).await;
        let account = json!({
            "kind": "sms.twilio",
            "name": "Main number",
            "config": { "account_sid": ACCOUNT, "from": NUMBER, "base_url": twilio.server.uri() },
            "secrets": { "auth_token": TOKEN },
        });
        let made = post(&process, key, "/properties/bellevue/integrations", account).await;
        assert!(!made.to_string().contains(TOKEN), "secrets are never read back: {made}");

        let fields = [
            ("MessageSid", "SM00000000000000000000000000000001"),
            ("AccountSid", ACCOUNT),
            ("From", GUEST),
            ("To", NUMBER),
            ("Body", "What time is breakfast?"),
            ("NumMedia", "0"),
        ];
        let form = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let signature = sign("https://stay.example/hooks/twilio/bellevue", &form);
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&form).finish();
        let headers =
            [("content-type", "application/x-www-form-urlencoded"), ("x-twilio-signature", &*signature)];
        let answer = process.send(Method::POST, "/hooks/twilio/bellevue", &headers, body).await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.body);

        let heard = wait_for("the answer", async || twilio.sent_to(GUEST).await.pop()).await.text;
        assert!(heard.contains("Hotel Bellevue") && heard.contains("6:30"), "{heard}");
        process.kill();
    })
    .await;
}
