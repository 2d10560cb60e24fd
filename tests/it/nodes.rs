//! Several real nodes over one PostgreSQL, and the one node that SQLite has: who hears what, who may start, who stops how.

use super::support::app::text;
use super::support::both_urls;
use super::support::node::{Node, SLOW_MODEL};
use super::support::process::{PATIENCE, Process, wait_for};
use super::support::served::Stream;
use bellhop::http::Method;
use bellhop::lab::stub_model::{Behaviour, Mode};
use serde_json::json;
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};

/// So seldom does a node look by itself that within a test only a bell can have woken it.
const SELDOM: (&str, &str) = ("BELLHOP__ENGINE__POLL_MS", "3600000");
/// The same, and a stop may take this long.
fn slow_model(shutdown_secs: &'static str) -> Vec<(&'static str, &'static str)> {
    [&SLOW_MODEL[..], &[("BELLHOP__SERVER__SHUTDOWN_SECS", shutdown_secs)]].concat()
}

const JSON: (&str, &str) = ("content-type", "application/json");

/// A guest of the web chat at one node.
struct Guest<'p> {
    process: &'p Process,
    bearer: String,
    conversation: String,
}

impl<'p> Guest<'p> {
    async fn at(process: &'p Process) -> Self {
        let path = "/chat/harbour/sessions";
        let opened = process.send(Method::POST, path, &[JSON], "{}".to_owned()).await.unwrap();
        assert_eq!(opened.status, 201, "{}", opened.body);
        let opened = opened.json();
        let (bearer, conversation) =
            (format!("Bearer {}", text(&opened["token"])), text(&opened["conversation"]));
        Self { process, bearer, conversation }
    }

    async fn listens(&self) -> Stream {
        listens(self.process, "/chat/events", &self.bearer).await
    }

    async fn writes(&self, words: &str) {
        let body = json!({ "text": words, "client_id": words }).to_string();
        let headers = [JSON, ("authorization", &*self.bearer)];
        let answer = self.process.send(Method::POST, "/chat/messages", &headers, body).await.unwrap();
        assert_eq!(answer.status, 202, "{}", answer.body);
    }

    async fn hears(&self) -> String {
        let headers = [("authorization", &*self.bearer)];
        wait_for("an answer in the chat", async || {
            let path = "/chat/messages?after=0";
            let page = self.process.send(Method::GET, path, &headers, String::new()).await.ok()?.json();
            let last = page["messages"].as_array()?.last()?.clone();
            (last["author"] != "guest").then(|| text(&last["text"]))
        })
        .await
    }
}

#[tokio::test]
async fn a_guest_at_one_node_is_answered_by_another_and_hears_it_by_the_bell() {
    both_urls(|url| async move {
        if url.starts_with("sqlite:") {
            return;
        }
        let node = Node::with_model(&url, Mode::Sensible).await;
        node.model().then(Behaviour::Slow(PATIENCE));
        let (web, worker) = (node.start_as("web", &[SELDOM]).await, node.start_as("worker", &[SELDOM]).await);
        let guest = Guest::at(&web).await;
        let mut stream = guest.listens().await;
        assert_eq!(stream.status, 200);
        guest.writes("what is the wifi password?").await;
        // That somebody writes is never stored: no look of its own could have found it.
        let typing = async { while stream.rung().await != r#"{"typing":"bot"}"# {} };
        tokio::time::timeout(PATIENCE, typing).await.expect("the bell rings at the other node");
        node.model().release();
        assert!(!guest.hears().await.is_empty());
        assert_eq!(worker.get("/login").await.unwrap().status, 404, "a worker serves nobody");
        assert_eq!(web.counted("bellhop_turns_total{outcome=\"committed\"}").await, 0);
        assert_eq!(worker.counted("bellhop_turns_total{outcome=\"committed\"}").await, 1);
    })
    .await;
}

async fn listens(process: &Process, path: &str, bearer: &str) -> Stream {
    let address = process.base.strip_prefix("http://").unwrap().parse().unwrap();
    Stream::open(address, path, ("authorization", bearer)).await
}

#[tokio::test]
async fn staff_at_one_node_hear_and_see_the_emergency_that_came_to_another() {
    both_urls(|url| async move {
        if url.starts_with("sqlite:") {
            return;
        }
        let node = Node::new(&url).await;
        let (here, there) = (node.start_as("web", &[SELDOM]).await, node.start_as("web", &[SELDOM]).await);
        let bearer = format!("Bearer {}", node.admin_key().await);
        let mut staff = listens(&there, "/inbox/events", &bearer).await;
        assert_eq!(staff.status, 200);
        let guest = Guest::at(&here).await;
        guest.writes("There is a fire in my room!").await;
        // A page's own look, every 20 seconds, names no conversation: a bell does.
        let bell = async { while !staff.rung().await.contains(&guest.conversation) {} };
        tokio::time::timeout(PATIENCE, bell).await.expect("the bell rings at the other node");
        let headers = [("authorization", &*bearer)];
        let bar = there.send(Method::GET, "/inbox/alarms", &headers, String::new()).await.unwrap();
        assert!(bar.status == 200 && bar.body.contains(&guest.conversation), "{}", bar.body);
    })
    .await;
}

#[tokio::test]
async fn told_to_stop_it_ends_its_streams_and_gives_back_what_it_cannot_finish() {
    both_urls(|url| async move {
        let node = Node::with_model(&url, Mode::Sensible).await;
        let slow = slow_model("1");
        let process = node.start_as("all", &slow).await;
        let stream = Guest::at(&process).await.listens().await;
        node.ponders_towels(&process).await;
        process.signal("TERM");
        stream.ends().await;
        assert!(process.ended().await.success(), "an ordered stop is no failure");
        // Its lease would have gone on for an hour.
        let process = node.start_as("all", &slow).await;
        node.brings_towels_once().await;
        process.kill();
    })
    .await;
}

#[tokio::test]
async fn told_to_stop_while_it_answers_it_sends_the_answer_before_it_ends() {
    both_urls(|url| async move {
        let node = Node::with_model(&url, Mode::Sensible).await;
        let process = node.start_as("all", &slow_model("600")).await;
        let stream = Guest::at(&process).await.listens().await;
        node.ponders_towels(&process).await;
        process.signal("TERM");
        // It has heard the order.
        stream.ends().await;
        node.model().release();
        assert!(process.ended().await.success());
        node.told_once().await;
        assert_eq!(node.towels().await, 1);
    })
    .await;
}

#[tokio::test]
async fn alone_on_its_database_a_killed_node_takes_its_work_up_again_at_once() {
    both_urls(|url| async move {
        if !url.starts_with("sqlite:") {
            return;
        }
        let node = Node::with_model(&url, Mode::Sensible).await;
        let process = node.start_as("all", &SLOW_MODEL).await;
        node.ponders_towels(&process).await;
        process.kill();
        let process = node.start_as("all", &SLOW_MODEL).await;
        node.brings_towels_once().await;
        process.kill();
    })
    .await;
}

#[tokio::test]
async fn an_older_program_serves_tables_that_a_newer_one_has_added_to() {
    both_urls(|url| async move {
        let node = Node::with_model(&url, Mode::Sensible).await;
        // What a later version's migration may do, by the rules for migrations.
        for text in [
            "ALTER TABLE conversations ADD COLUMN of_later TEXT",
            "ALTER TABLE messages ADD COLUMN of_later BIGINT NOT NULL DEFAULT 7",
            "ALTER TABLE outbox ADD COLUMN of_later TEXT",
            "ALTER TABLE effects ADD COLUMN of_later TEXT",
            "CREATE TABLE later (id BIGINT PRIMARY KEY)",
            "INSERT INTO _sqlx_migrations (version, description, installed_on, success, checksum, execution_time) \
             SELECT 900000, 'later', installed_on, success, checksum, 1 FROM _sqlx_migrations WHERE version = 1",
        ] {
            change(&url, text).await;
        }
        let process = node.start().await;
        node.texts(&process, 1, "two towels please").await;
        node.answered().await;
        node.told_once().await;
        assert_eq!(node.towels().await, 1);
        process.kill();
    })
    .await;
}

async fn change(url: &str, text: &'static str) {
    if url.starts_with("sqlite:") {
        let mut conn = SqliteConnection::connect(url).await.unwrap();
        sqlx::query(AssertSqlSafe(text)).execute(&mut conn).await.unwrap();
        conn.close().await.unwrap();
    } else {
        let mut conn = PgConnection::connect(url).await.unwrap();
        sqlx::query(AssertSqlSafe(text)).execute(&mut conn).await.unwrap();
        conn.close().await.unwrap();
    }
}

/// What a program that cannot start says, and its exit code.
fn refused(arguments: &[&str], url: &str) -> (i32, String) {
    let key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    let variables = [
        ("DATABASE_URL", url),
        ("BELLHOP_SECRET_KEY", key),
        ("BELLHOP__SERVER__LISTEN", "127.0.0.1:0"),
        ("RUST_LOG", "off"),
    ];
    let ended = Process::run_to_end(arguments, &variables);
    (ended.status.code().unwrap(), String::from_utf8(ended.stderr).unwrap())
}

#[tokio::test]
async fn who_cannot_start_says_why() {
    both_urls(|url| async move {
        if url.starts_with("sqlite:") {
            let (code, told) = refused(&["serve", "--role", "worker"], &url);
            assert!(code == 2 && told.contains("SQLite is for one node"), "{code} {told}");
            let (code, told) = refused(&["serve"], "postgres://concierge:hidden@127.0.0.1:1/hotel");
            let place = "PostgreSQL at 127.0.0.1 port 1, database hotel";
            assert!(code == 1 && told.contains(place) && !told.contains("hidden"), "{code} {told}");
        } else {
            let (code, told) = refused(&["serve"], &url);
            assert!(code == 1 && told.contains("run `bellhop migrate` first"), "{code} {told}");
        }
    })
    .await;
}
