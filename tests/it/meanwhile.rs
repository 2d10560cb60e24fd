//! A guest who writes while Bellhop works: what was written before a price was told agrees to nothing.

use super::support::app::json_request;
use super::support::twilio::Mishap;
use super::support::{House, story};
use async_trait::async_trait;
use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::header;
use bellhop::clock::Clock;
use bellhop::connectors::{Connector, OpenError};
use bellhop::conversation::Systems;
use bellhop::llm::Model;
use bellhop::outbox::dispatcher::Dispatcher;
use bellhop::store::hotel_book::HotelBook;
use chrono::TimeDelta;
use serde_json::json;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tower::ServiceExt;

/// The hotel's systems; at the first question to them the guest writes once more.
struct Interrupted {
    inner: Arc<dyn Systems>,
    router: Router,
    token: String,
    text: &'static str,
    done: AtomicBool,
}

#[async_trait]
impl Systems for Interrupted {
    async fn models(&self, book: &HotelBook) -> Vec<Arc<dyn Model>> {
        self.inner.models(book).await
    }

    async fn pms(&self, book: &HotelBook) -> Result<Arc<dyn Connector>, OpenError> {
        if !self.done.swap(true, Ordering::SeqCst) {
            let body = json!({ "text": self.text, "client_id": "meanwhile" });
            let mut request = json_request("POST", "/chat/messages", &body);
            let token = format!("Bearer {}", self.token).parse().unwrap();
            request.headers_mut().insert(header::AUTHORIZATION, token);
            request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([198, 51, 100, 200], 4711))));
            assert_eq!(self.router.clone().oneshot(request).await.unwrap().status(), 202);
        }
        self.inner.pms(book).await
    }
}

#[tokio::test]
async fn a_yes_written_before_the_price_was_told_is_no_agreement() {
    story(async |house: &House| {
        let guest = house.chat().await;
        guest.proves().await;
        guest.writes("two extra towels please").await;
        guest.writes("and a club sandwich to my room").await;
        house.passes(TimeDelta::seconds(6));
        let mut jobs = house.jobs.clone();
        jobs.engine.systems = Arc::new(Interrupted {
            inner: house.jobs.engine.systems.clone(),
            router: house.router.clone(),
            token: guest.token.clone(),
            text: "yes please",
            done: AtomicBool::new(false),
        });
        jobs.run_all().await.unwrap();
        house.settles().await;
        let heard = guest.hears().await;
        assert!(heard.contains("18.00"), "{heard}");
        assert_eq!(house.charged_for("HRB1001", "sandwich").await, [0_i64; 0], "{heard}");
        guest.says("yes").await;
        assert_eq!(house.charged_for("HRB1001", "sandwich").await, [1800]);
    })
    .await;
}

#[tokio::test]
async fn a_yes_written_while_the_price_was_on_its_way_is_no_agreement() {
    story(async |house: &House| {
        let phone = house.phone("+34600111222");
        house.twilio.will(&[Mishap::TooMany(1)]);
        phone.says("a club sandwich to my room please").await;
        assert_eq!(phone.hears().await, "", "the price waits");
        phone.writes("yes").await;
        house.passes(TimeDelta::seconds(30));
        for row in house.jobs.dispatcher.claim(10).await.unwrap() {
            house.jobs.dispatcher.send(row).await.unwrap();
        }
        assert!(phone.hears().await.contains("18.00"));
        house.settles().await;
        assert_eq!(house.charged_for("HRB1001", "sandwich").await, [0_i64; 0]);
        phone.says("yes").await;
        assert_eq!(house.charged_for("HRB1001", "sandwich").await, [1800]);
    })
    .await;
}

#[tokio::test]
async fn a_quick_yes_counts_although_the_sending_nodes_clock_is_ahead() {
    story(async |house: &House| {
        let phone = house.phone("+34600111222");
        phone.writes("a club sandwich to my room please").await;
        house.passes(TimeDelta::seconds(6));
        for leased in house.jobs.claim_turns(10).await.unwrap() {
            house.jobs.turn(leased).await.unwrap();
        }
        let ahead = Clock::manual(house.clock.now() + TimeDelta::seconds(30));
        let elsewhere = Dispatcher { clock: ahead, ..house.jobs.dispatcher.clone() };
        for row in elsewhere.claim(10).await.unwrap() {
            elsewhere.send(row).await.unwrap();
        }
        assert!(phone.hears().await.contains("18.00"));
        phone.says("yes").await;
        assert_eq!(house.charged_for("HRB1001", "sandwich").await, [1800]);
    })
    .await;
}

#[tokio::test]
async fn a_guest_who_waits_hears_so_again_after_ten_minutes_and_not_with_every_word() {
    story(async |house: &House| {
        let guest = house.chat().await;
        guest.says("Let me talk to a human").await;
        assert_eq!(guest.says("hmm well").await, "");
        house.passes(TimeDelta::minutes(11));
        assert_ne!(guest.says("hmm well").await, "");
        assert_eq!(guest.says("hmm well").await, "", "it has just been said");
        house.passes(TimeDelta::minutes(11));
        assert_ne!(guest.says("hmm well").await, "");
    })
    .await;
}

#[tokio::test]
async fn seventy_messages_that_wait_are_all_read() {
    story(async |house: &House| {
        let phone = house.phone("+34600111222");
        phone.writes("two towels please").await;
        for _ in 0..70 {
            phone.writes("hmm").await;
        }
        house.settles().await;
        assert_eq!(house.open_requests().await.len(), 1);
    })
    .await;
}
