//! The machine's clock is set: nobody waits an hour for an answer, and nothing is done twice.

use super::support::twilio::Mishap;
use super::support::{House, story};
use async_trait::async_trait;
use bellhop::connectors::{Connector, OpenError};
use bellhop::conversation::Systems;
use bellhop::jobs::Jobs;
use bellhop::llm::Model;
use bellhop::store::hotel_book::HotelBook;
use chrono::TimeDelta;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

const ANA: &str = "+34600111222";

async fn towels(house: &House) -> usize {
    let requests = house.read("/requests?property=harbour").await;
    requests.to_string().matches("\"kind\":\"towels\"").count()
}

#[tokio::test]
async fn after_the_clock_was_set_back_an_hour_the_guest_is_still_answered_in_seconds() {
    story(async |house: &House| {
        let guest = house.phone(ANA);
        house.works().await;
        guest.writes("two towels please").await;
        house.passes(TimeDelta::hours(-1));
        house.works().await;
        assert!(guest.hears().await.contains("towels"));
        assert_eq!(towels(house).await, 1);
    })
    .await;
}

#[tokio::test]
async fn after_the_clock_was_set_back_an_hour_what_the_vendor_put_off_is_tried_again_and_sent_once() {
    story(async |house: &House| {
        house.twilio.will(&[Mishap::TooMany(60)]);
        let guest = house.phone(ANA);
        guest.says("two towels please").await;
        house.passes(TimeDelta::hours(-1));
        house.works().await;
        let sent = house.twilio.sent_to(ANA).await;
        assert_eq!(sent.len(), 1, "refused once, taken once: {sent:?}");
        house.passes(TimeDelta::hours(2));
        house.works().await;
        assert_eq!(house.twilio.sent_to(ANA).await.len(), 1);
        assert_eq!(towels(house).await, 1);
    })
    .await;
}

#[tokio::test]
async fn after_the_clock_was_set_back_an_hour_staff_are_called_no_later() {
    story(async |house: &House| {
        let guest = house.phone(ANA);
        guest.says("let me talk to a human please").await;
        let rung = async || house.twilio.sent_to("+351210000001").await.len();
        assert_eq!(rung().await, 0, "somebody is at the desk and may look first");
        house.passes(TimeDelta::hours(-1));
        house.works().await;
        assert_eq!(rung().await, 1);
        house.works().await;
        assert_eq!(rung().await, 1);
    })
    .await;
}

/// The hotel's systems; at the first question to them the clock jumps, and another worker finds the lease run out.
struct Jumping {
    inner: Arc<dyn Systems>,
    other: Jobs,
    done: AtomicBool,
}

#[async_trait]
impl Systems for Jumping {
    async fn models(&self, book: &HotelBook) -> Vec<Arc<dyn Model>> {
        self.inner.models(book).await
    }

    async fn pms(&self, book: &HotelBook) -> Result<Arc<dyn Connector>, OpenError> {
        if !self.done.swap(true, Ordering::SeqCst) {
            self.other.engine.clock.advance(TimeDelta::hours(1));
            self.other.run_all().await.unwrap();
        }
        self.inner.pms(book).await
    }
}

#[tokio::test]
async fn a_turn_over_which_the_clock_was_set_forward_an_hour_is_answered_once() {
    story(async |house: &House| {
        let guest = house.phone(ANA);
        guest.writes("two towels please").await;
        house.passes(TimeDelta::seconds(6));
        let (inner, other) = (house.jobs.engine.systems.clone(), house.jobs.clone());
        let mut slow = house.jobs.clone();
        slow.engine.systems = Arc::new(Jumping { inner, other, done: AtomicBool::new(false) });
        slow.run_all().await.unwrap();
        let heard = house.twilio.sent_to(ANA).await;
        assert_eq!(heard.len(), 1, "{heard:?}");
        assert_eq!(towels(house).await, 1);
    })
    .await;
}
