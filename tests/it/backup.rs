//! A copy of a database in use: all that was acknowledged before it began is in it, and a node serves it as its own.

use super::support::node::Node;
use super::support::process::{Process, wait_for};
use super::support::{both_urls, disk};
use bellhop::lab::stub_model::Mode;
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
