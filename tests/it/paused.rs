//! A real worker is stopped for longer than its lease and then goes on: it commits nothing, and nobody is told twice.

use super::support::node::Node;
use super::support::process::{PATIENCE, wait_for};
use super::support::twilio::Mishap;
use super::support::{House, both_urls, disk};
use bellhop::lab::stub_model::{Behaviour, Mode};
use chrono::TimeDelta;
use std::time::Duration;

/// The model may take this long, and a worker without it; the lease is a little longer.
const TIMES: [(&str, &str); 3] = [
    ("BELLHOP__LLM__CALL_SECS", "6"),
    ("BELLHOP__LLM__TURN_SECS", "6"),
    ("BELLHOP__ENGINE__LEASE_SECS", "8"),
];

#[tokio::test]
async fn a_turn_that_was_stopped_for_longer_than_its_lease_commits_nothing() {
    both_urls(|url| async move {
        // SQLite has no second node that could have answered meanwhile.
        if url.starts_with("sqlite:") {
            return;
        }
        let node = Node::with_model(&url, Mode::Sensible).await;
        let (web, first) = (node.start_as("web", &TIMES).await, node.start_as("worker", &TIMES).await);
        node.model().then(Behaviour::Slow(Duration::from_secs(600)));
        node.texts(&web, 1, "two towels please").await;
        node.asked(1).await;
        first.signal("STOP");
        let second = node.start_as("worker", &TIMES).await;
        node.answered().await;
        assert_eq!(second.counted("bellhop_turns_total{outcome=\"committed\"}").await, 1);

        first.signal("CONT");
        wait_for("the first worker to see that it is too late", async || {
            (first.counted("bellhop_turns_total{outcome=\"fenced\"}").await == 1).then_some(())
        })
        .await;
        assert_eq!(first.counted("bellhop_turns_total{outcome=\"committed\"}").await, 0);
        node.told_once().await;
        assert_eq!(node.towels().await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_sending_that_was_stopped_for_longer_than_its_lease_changes_nothing_any_more() {
    both_urls(|url| async move {
        let node = Node::with_model(&url, Mode::Sensible).await;
        // The vendor takes the message and is slow to say so.
        node.twilio.will(&[Mishap::TakesAndWaits(5)]);
        let process = node.start().await;
        node.texts(&process, 1, "two towels please").await;
        node.answered().await;
        process.signal("STOP");

        // Ten minutes later, as the clock of another node has it.
        let house = House::later(&url, &node.key, &node.twilio, TimeDelta::minutes(10)).await;
        house.works().await;
        let before = disk::rows(&url, "outbox").await;
        assert!(before.iter().any(|row| row.contains("unknown")), "{before:?}");

        process.signal("CONT");
        wait_for("the answer of the vendor", async || {
            let counter = "bellhop_messages_out_total{channel=\"sms\",outcome=\"sent\"}";
            (process.counted(counter).await == 1).then_some(())
        })
        .await;
        // What it has begun to write, it writes before it ends.
        process.signal("TERM");
        let ended = tokio::time::timeout(PATIENCE, process.ended()).await.unwrap();
        assert!(ended.success());
        assert_eq!(disk::rows(&url, "outbox").await, before, "the late word counts no more");
        house.works().await;
        let sent = node.twilio.sent_to("+34600111222").await;
        assert_eq!(sent.len(), 1, "on its way when it was stopped, it arrived once: {sent:?}");
    })
    .await;
}
