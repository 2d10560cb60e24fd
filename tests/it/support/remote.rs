//! A story's hotel whose property system is another machine: `pms.custom`, with the lab's fake behind it.

use super::app::{HOTEL, House};
use axum::body::Body;
use axum::http::{Request, header};
use bellhop::clock::Clock;
use bellhop::lab::fake_pms::{FakePms, Keeps, Setup, guest};
use chrono::TimeDelta;
use serde_json::json;

/// How long a call to the fake may take, in seconds: a hanging one ends a story's step, not the story.
const TIMEOUT: f64 = 0.5;

impl House {
    /// Connects the hotel to a fake of its own. With references, a charge shows `visible_after` it was made.
    pub async fn connects(&self, keeps: Keeps, visible_after: TimeDelta) -> FakePms {
        self.connects_patiently(keeps, visible_after, TIMEOUT).await
    }

    pub async fn connects_patiently(&self, keeps: Keeps, visible_after: TimeDelta, timeout: f64) -> FakePms {
        self.connects_by(&self.clock, keeps, visible_after, timeout).await
    }

    /// A system with a clock of its own.
    pub async fn connects_by(
        &self,
        clock: &Clock,
        keeps: Keeps,
        visible_after: TimeDelta,
        timeout: f64,
    ) -> FakePms {
        let clock = clock.clone();
        let stays = vec![
            guest(&clock, "HRB1001", ("Ana", "Ruiz"), "+34600111222", "204"),
            guest(&clock, "HRB1002", ("John", "Doe"), "+14155550123", "305"),
        ];
        let key = "the stories' own key";
        let setup = Setup { keeps, visible_after, signing_key: key.into(), clock, stays };
        let fake = FakePms::start(setup).await.unwrap();
        let idempotency = match keeps {
            Keeps::Keys => "key",
            Keeps::References => "lookup",
            Keeps::Nothing => "none",
        };
        let config = json!({ "base_url": fake.base_url(), "idempotency": idempotency, "timeout_secs": timeout,
            "visible_after_secs": visible_after.num_seconds() });
        let account = json!({ "kind": "pms.custom", "name": format!("Fake {}", fake.base_url()), "config": config,
            "secrets": { "signing_key": key } });
        self.only_pms(account).await;
        fake
    }

    /// A conversation's page, as a member of staff sees it.
    pub async fn page_of(&self, conversation: &str) -> String {
        let person = json!({ "email": "ines@harbour.example", "name": "Inês", "password": "long enough 1",
            "roles": [{ "property": self.property().await, "role": "agent" }] });
        let hired = self.api("POST", "/users", Some(person)).await;
        assert!(matches!(hired.status, 201 | 409), "{}", hired.body);
        let form = Request::post("/login")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from("email=ines%40harbour.example&password=long+enough+1"))
            .unwrap();
        let signed = self.send(form).await;
        let cookie =
            signed.headers[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
        let page = Request::get(format!("/inbox/{conversation}")).header(header::COOKIE, cookie);
        let page = self.send(page.body(Body::empty()).unwrap()).await;
        assert_eq!(page.status, 200, "{}", page.body);
        page.body
    }

    /// Switches on this property system and off all others.
    async fn only_pms(&self, account: serde_json::Value) {
        let path = format!("/properties/{HOTEL}/integrations");
        for old in self.read(&path).await["items"].as_array().unwrap() {
            if old["kind"].as_str().unwrap().starts_with("pms.") && old["enabled"] == true {
                let one = format!("{path}/{}", old["id"].as_str().unwrap());
                let off = self.api("PATCH", &one, Some(json!({ "enabled": false }))).await;
                assert_eq!(off.status, 200, "{}", off.body);
            }
        }
        self.acts(&path, account).await;
    }
}
