//! The real program is killed in the middle of its work and started again: the guest is answered, once.

use super::support::node::Node;
use super::support::process::{Process, wait_for};
use super::support::twilio::Mishap;
use super::support::{House, both_urls, disk};
use bellhop::lab::stub_model::{Behaviour, Mode};
use chrono::TimeDelta;
use serde_json::json;
use std::time::Duration;

const ANA: &str = "+34600111222";

impl Node {
    /// One signed SMS of Ana's, taken.
    pub(super) async fn texts(&self, process: &Process, id: u32, text: &str) {
        let answer = self.delivers(process, ANA, &format!("SM{id:032}"), text).await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.body);
    }

    pub(super) async fn answered(&self) -> String {
        wait_for("the answer", async || {
            let sent = self.twilio.sent_to(ANA).await;
            (!sent.is_empty())
                .then(|| sent.iter().map(|sent| sent.text.clone()).collect::<Vec<_>>().join("\n"))
        })
        .await
    }

    /// Ana wants towels, and the model thinks about it for longer than anybody waits.
    pub(super) async fn ponders_towels(&self, process: &Process) {
        self.model().then(Behaviour::Slow(Duration::from_secs(600)));
        self.texts(process, 1, "two towels please").await;
        self.asked(1).await;
    }

    /// Ana is answered, once, and has her towels, once.
    pub(super) async fn brings_towels_once(&self) {
        self.answered().await;
        self.told_once().await;
        assert_eq!(self.towels().await, 1);
    }

    /// Waits until the model has been asked this often.
    pub(super) async fn asked(&self, times: u64) {
        wait_for("the model to be asked", async || (self.model().hits() >= times).then_some(())).await;
    }

    /// Nothing more comes: all that is due has been done, and the guest was told exactly once.
    pub(super) async fn told_once(&self) {
        self.is_quiet().await;
        let sent = self.twilio.sent_to(ANA).await;
        assert_eq!(sent.len(), 1, "{sent:?}");
    }

    pub(super) async fn towels(&self) -> usize {
        disk::rows(&self.url, "requests").await.iter().filter(|row| row.contains("towels")).count()
    }
}

#[tokio::test]
async fn killed_between_the_webhook_and_the_turn_it_answers_after_the_restart() {
    both_urls(|url| async move {
        let node = Node::with_model(&url, Mode::Sensible).await;
        let process = node.start().await;
        node.texts(&process, 1, "two towels please").await;
        process.kill();
        let process = node.start().await;
        node.brings_towels_once().await;
        process.kill();
    })
    .await;
}

#[tokio::test]
async fn killed_while_the_model_thinks_it_answers_after_the_restart() {
    both_urls(|url| async move {
        let node = Node::with_model(&url, Mode::Sensible).await;
        let process = node.start().await;
        node.ponders_towels(&process).await;
        process.kill();
        let process = node.start().await;
        node.brings_towels_once().await;
        process.kill();
    })
    .await;
}

#[tokio::test]
async fn killed_after_the_request_was_made_and_before_the_answer_it_is_not_made_again() {
    both_urls(|url| async move {
        let node = Node::with_model(&url, Mode::Sensible).await;
        let process = node.start().await;
        let call = json!({ "kind": "towels", "item": "towels", "quantity": 2 });
        node.model().then(Behaviour::calls(&[("request_service", call)]));
        node.model().then(Behaviour::Slow(Duration::from_secs(600)));
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
async fn killed_while_sending_the_message_is_found_at_the_vendor_and_never_repeated() {
    both_urls(|url| async move {
        let node = Node::with_model(&url, Mode::Sensible).await;
        node.twilio.will(&[Mishap::TakesAndWaits(600)]);
        let process = node.start().await;
        node.texts(&process, 1, "two towels please").await;
        node.answered().await;
        process.kill();

        // The lease of a sending outlasts any request; a clock that is ahead spares the wait.
        let house = House::later(&url, &node.key, &node.twilio, TimeDelta::minutes(10)).await;
        house.works().await;
        let messages = disk::rows(&url, "messages").await;
        assert!(messages.iter().any(|row| row.contains("unknown")), "{messages:?}");
        house.passes(TimeDelta::seconds(10));
        house.works().await;
        let sent = node.twilio.sent_to(ANA).await;
        assert_eq!(sent.len(), 1, "never blindly repeated: {sent:?}");
        let messages = disk::rows(&url, "messages").await;
        assert!(!messages.iter().any(|row| row.contains("unknown")), "{messages:?}");
        assert!(disk::rows(&url, "escalations").await.is_empty(), "nobody need worry");
        assert_eq!(node.towels().await, 1);
    })
    .await;
}

#[tokio::test]
async fn killed_with_a_quote_open_a_yes_after_the_restart_is_charged_once() {
    both_urls(|url| async move {
        let node = Node::with_model(&url, Mode::Sensible).await;
        let lines = disk::rows(&url, "house_postings").await;
        let already = lines.iter().filter(|row| row.to_lowercase().contains("club sandwich")).count();
        let process = node.start().await;
        node.texts(&process, 1, "a club sandwich to my room please").await;
        assert!(node.answered().await.contains("18.00"));
        // A yes to an offer of which nobody knows whether it was sent would only be offered it again.
        node.is_quiet().await;
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
