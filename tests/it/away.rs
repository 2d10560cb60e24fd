//! The database goes away and comes back: what cannot be stored is not acknowledged, what was acknowledged is answered.

use super::support::app::{Answer, text};
use super::support::node::Node;
use super::support::process::{PATIENCE, Process, wait_for};
use super::support::tcp::Way;
use super::support::{both_urls, disk};
use bellhop::http::Method;
use bellhop::lab::stub_model::{Behaviour, Mode};
use serde_json::{Value, json};

const ANA: &str = "+34600111222";

/// A node that can lose its database: the way to the server is cut, or the disk under the file is full.
struct Losing {
    node: Node,
    process: Process,
    way: Option<Way>,
}

impl Losing {
    async fn start(url: &str) -> Self {
        Self::serve(url, Node::new(url).await).await
    }

    async fn serve(url: &str, node: Node) -> Self {
        if url.starts_with("sqlite:") {
            let process = node.start_over(url, Process::start_on_a_small_disk).await;
            return Self { node, process, way: None };
        }
        let mut through: url::Url = url.parse().unwrap();
        let port = through.port().unwrap_or(5432);
        let server = format!("{}:{port}", through.host_str().unwrap()).parse();
        let way = Way::to(server.expect("the tests' server has a numeric address")).await;
        through.set_ip_host(way.address.ip()).unwrap();
        through.set_port(Some(way.address.port())).unwrap();
        let process = node.start_over(through.as_str(), Process::start).await;
        Self { node, process, way: Some(way) }
    }

    async fn loses_it(&self) {
        match &self.way {
            Some(way) => way.cut().await,
            None => self.process.fill_disk(true),
        }
    }

    async fn has_it_again(&self) {
        match &self.way {
            Some(way) => way.mend().await,
            None => self.process.fill_disk(false),
        }
        wait_for("it to be ready again", async || {
            (self.process.get("/readyz").await.ok()?.status == 200).then_some(())
        })
        .await;
    }

    async fn texts(&self, sid: &str, text: &str) -> Answer {
        self.node.delivers(&self.process, ANA, sid, text).await.unwrap()
    }

    async fn opens_chat(&self) -> String {
        let path = "/chat/harbour/sessions";
        let json = [("content-type", "application/json")];
        let opened = self.process.send(Method::POST, path, &json, "{}".to_owned()).await.unwrap();
        text(&opened.json()["token"])
    }

    async fn writes(&self, token: &str, id: &str, text: &str) -> Answer {
        let bearer = format!("Bearer {token}");
        let headers = [("content-type", "application/json"), ("authorization", &*bearer)];
        let body = json!({ "text": text, "client_id": id }).to_string();
        self.process.send(Method::POST, "/chat/messages", &headers, body).await.unwrap()
    }

    /// The chat, once its last word is not the guest's.
    async fn chat(&self, token: &str) -> Vec<Value> {
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", &*bearer)];
        let messages = wait_for("the answer in the chat", async || {
            let path = "/chat/messages?after=0";
            let page = self.process.send(Method::GET, path, &headers, String::new()).await.ok()?;
            let messages = page.json()["messages"].as_array()?.clone();
            (messages.last()?["author"] != "guest").then_some(messages)
        });
        messages.await
    }
}

fn assert_not_taken(answer: &Answer) {
    assert_eq!(answer.status, 503, "{}", answer.body);
    assert!(answer.headers.contains_key("retry-after"), "{:?}", answer.headers);
    assert_eq!(answer.json()["code"], "unavailable");
}

#[tokio::test]
async fn without_its_database_nothing_is_acknowledged_and_afterwards_all_is_answered_once() {
    both_urls(|url| async move {
        let site = Losing::start(&url).await;
        let token = site.opens_chat().await;
        let (sms, chat) = ("is there a gym, by any chance?", "where may I park my tricycle?");

        site.loses_it().await;
        let (hook, written, ready) = tokio::join!(
            site.texts("SM01", sms),
            site.writes(&token, "one", chat),
            site.process.get("/readyz")
        );
        assert_not_taken(&hook);
        assert_not_taken(&written);
        let ready = ready.unwrap();
        assert_eq!(ready.status, 503, "{}", ready.body);
        let why = text(&ready.json()["status"]);
        let expected =
            if site.way.is_some() { "database_does_not_answer" } else { "database_takes_no_writes" };
        assert_eq!(why, expected);
        let why = text(&ready.json()["why"]);
        let place = if site.way.is_some() { "PostgreSQL at 127.0.0.1 port" } else { "disk" };
        assert!(why.contains(place), "{why}");
        assert_eq!(site.process.get("/healthz").await.unwrap().status, 200, "the process itself is well");
        let stored = disk::everything(&url).await;
        assert!(!stored.contains(sms) && !stored.contains(chat), "nothing is half stored");

        site.has_it_again().await;
        for (status, _again) in [(202, "first"), (200, "second")] {
            assert_eq!(site.texts("SM01", sms).await.status, 200);
            let answer = site.writes(&token, "one", chat).await;
            assert_eq!(answer.status, status, "{}", answer.body);
        }
        let thread = site.chat(&token).await;
        assert_eq!(thread.iter().filter(|message| message["text"] == chat).count(), 1);
        site.node.is_quiet().await;
        assert_eq!(site.chat(&token).await.len(), 2, "one message, one answer");
        assert_eq!(site.node.twilio.sent_to(ANA).await.len(), 1, "one answer");
        let metrics = site.process.get("/metrics").await.unwrap().body;
        assert!(
            metrics.contains("bellhop_webhooks_total{hook=\"twilio\",outcome=\"failed\"} 1"),
            "{metrics}"
        );
    })
    .await;
}

#[tokio::test]
async fn what_was_acknowledged_before_the_database_went_is_answered_once_when_it_is_back() {
    both_urls(|url| async move {
        let site = Losing::start(&url).await;
        assert_eq!(site.texts("SM01", "two towels please").await.status, 200);
        site.loses_it().await;
        assert_not_taken(&site.texts("SM02", "and a pillow").await);
        site.has_it_again().await;
        wait_for("the answer", async || (!site.node.twilio.sent_to(ANA).await.is_empty()).then_some(()))
            .await;
        site.node.is_quiet().await;
        let sent = site.node.twilio.sent_to(ANA).await;
        assert_eq!(sent.len(), 1, "{sent:?}");
        let requests = disk::rows(&url, "requests").await;
        assert_eq!(requests.iter().filter(|row| row.contains("towels")).count(), 1, "{requests:?}");
        assert!(!requests.iter().any(|row| row.contains("pillow")), "that one was refused");
    })
    .await;
}

#[tokio::test]
async fn a_worker_whose_database_goes_while_the_model_thinks_says_so_once_and_answers_once_when_it_is_back() {
    both_urls(|url| async move {
        let site = Losing::serve(&url, Node::with_model(&url, Mode::Sensible).await).await;
        site.node.model().then(Behaviour::Slow(PATIENCE));
        assert_eq!(site.texts("SM01", "two towels please").await.status, 200);
        site.node.asked(1).await;
        site.loses_it().await;
        site.node.model().release();
        let (away, back) = ("the database does not answer; workers wait", "the database answers again");
        wait_for("the worker to say so", async || (site.process.logged(away) > 0).then_some(())).await;
        assert_eq!((site.process.logged(back), site.node.twilio.sent().await.len()), (0, 0));

        site.has_it_again().await;
        site.node.brings_towels_once().await;
        wait_for("the worker to say so", async || (site.process.logged(back) > 0).then_some(())).await;
        assert_eq!((site.process.logged(away), site.process.logged(back)), (1, 1));
    })
    .await;
}
