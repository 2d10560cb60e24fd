//! A copy of a database in use: all that was acknowledged before it began is in it, and a node serves it as its own.

use super::support::node::{Node, SLOW_MODEL, is_quiet};
use super::support::process::{PATIENCE, Process, wait_for};
use super::support::{both_urls, disk};
use bellhop::http::Method;
use bellhop::lab::stub_model::{Behaviour, Mode};
use std::cell::Cell;

/// Texts one guest after the other until `stop`; gives what was acknowledged.
async fn busy(node: &Node, process: &Process, stop: &Cell<bool>, count: &Cell<u32>) -> Vec<String> {
    let mut acknowledged = Vec::new();
    while !stop.get() {
        let number = count.get() + 1;
        let (from, sid) = (format!("+3460077{number:04}"), format!("SM{number:032}"));
        let words = format!("is parrot number {number} welcome?");
        let answer = node.delivers(process, &from, &sid, &words).await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.body);
        acknowledged.push(words);
        count.set(number);
    }
    acknowledged
}

#[tokio::test]
async fn what_was_acknowledged_before_the_backup_is_in_it_and_is_served_from_it() {
    both_urls(|url| async move {
        let folder = tempfile::tempdir().unwrap();
        let copy = folder.path().join("copy.db").display().to_string();
        let take = |url: &str| Process::run_to_end(&["backup", &copy], &[("DATABASE_URL", url)]);
        if !url.starts_with("sqlite:") {
            let told = take(&url);
            let words = String::from_utf8(told.stderr).unwrap();
            assert!(told.status.code() == Some(2) && words.contains("pg_dump"), "{words}");
            return;
        }
        let node = Node::with_model(&url, Mode::Sensible).await;
        let process = node.start().await;
        let (stop, count) = (Cell::new(false), Cell::new(0));
        let (busy, before) = tokio::join!(busy(&node, &process, &stop, &count), async {
            wait_for("some to be acknowledged", async || (count.get() >= 10).then_some(())).await;
            let before = count.get();
            let (from, to) = (url.clone(), copy.clone());
            let taken = tokio::task::spawn_blocking(move || {
                Process::run_to_end(&["backup", &to], &[("DATABASE_URL", &from)])
            });
            let taken = taken.await.unwrap();
            assert!(taken.status.success(), "{}", String::from_utf8_lossy(&taken.stderr));
            // Writing went on all the while.
            wait_for("one more", async || (count.get() > before).then_some(())).await;
            stop.set(true);
            usize::try_from(before).unwrap()
        });
        let again = take(&url);
        assert_eq!(again.status.code(), Some(2), "it writes over nothing");
        process.kill();

        let restored = format!("sqlite:{copy}");
        let kept = disk::rows(&restored, "messages").await.join("\n");
        for words in &busy[..before] {
            assert!(kept.contains(words.as_str()), "{words}");
        }
        let sent = node.twilio.sent().await.len();
        let process = node.start_over(&restored, Process::start).await;
        node.texts(&process, 900, "two towels please").await;
        wait_for("an answer", async || (node.twilio.sent().await.len() > sent).then_some(())).await;
        process.kill();
    })
    .await;
}

/// A guest of the phone, who wants towels.
async fn wants_towels(node: &Node, process: &Process, from: &str) {
    let sid = format!("SM{}", &from[1..]);
    let answer = node.delivers(process, from, &sid, "two towels please").await.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.body);
}

#[tokio::test]
async fn what_was_under_way_in_a_backup_is_gone_through_before_it_is_done_again() {
    both_urls(|url| async move {
        if !url.starts_with("sqlite:") {
            return;
        }
        let (seen_to, forgotten) = ("+34600111222", "+14155550123");
        let folder = tempfile::tempdir().unwrap();
        let copy = folder.path().join("copy.db").display().to_string();
        let node = Node::with_model(&url, Mode::Sensible).await;
        let bearer = format!("Bearer {}", node.admin_key().await);
        let process = node.start_as("all", &SLOW_MODEL).await;
        for guest in [seen_to, forgotten] {
            node.model().then(Behaviour::Slow(PATIENCE));
            wants_towels(&node, &process, guest).await;
        }
        node.asked(2).await;
        let taken = Process::run_to_end(&["backup", &copy], &[("DATABASE_URL", &url)]);
        assert!(taken.status.success(), "{}", String::from_utf8_lossy(&taken.stderr));
        node.model().release();
        let heard = async |guest, times| {
            wait_for("the answer", async || (node.twilio.sent_to(guest).await.len() == times).then_some(()))
                .await;
        };
        heard(seen_to, 1).await;
        heard(forgotten, 1).await;
        process.kill();

        let restored = format!("sqlite:{copy}");
        let web = async |arguments: &[&str], variables: &[(&str, &str)]| {
            Process::start(&[arguments, &["--role", "web"]].concat(), variables).await
        };
        let process = node.start_over(&restored, web).await;
        let headers = [("authorization", &*bearer), ("content-type", "application/json")];
        let asks = async |method, path: &str, body: &str| {
            let answer = process.send(method, path, &headers, body.to_owned()).await.unwrap();
            assert_eq!(answer.status, 200, "{path}: {}", answer.body);
            answer.json()
        };
        let open = asks(Method::GET, "/api/v1/conversations?property=harbour", "").await;
        let of = open["items"].as_array().unwrap().iter().find(|row| row["address"] == seen_to).unwrap();
        for step in ["take-over", "resolve"] {
            let path = format!("/api/v1/conversations/{}/{step}", of["id"].as_str().unwrap());
            asks(Method::POST, &path, "{}").await;
        }
        process.kill();

        let process = node.start_over(&restored, Process::start).await;
        heard(forgotten, 2).await;
        is_quiet(&restored).await;
        process.kill();
        assert_eq!(node.twilio.sent_to(seen_to).await.len(), 1, "who was looked after is not answered again");
    })
    .await;
}
