//! The machine's clock is set: nobody waits an hour for an answer, and nothing is done twice.

use super::support::twilio::Mishap;
use super::support::{House, story};
use async_trait::async_trait;
use bellhop::clock::Clock;
use bellhop::connectors::{Connector, OpenError};
use bellhop::conversation::Systems;
use bellhop::jobs::Jobs;
use bellhop::lab::fake_pms::{Fault, Keeps, On};
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
        house.clock_is_set(TimeDelta::hours(-1));
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
        house.clock_is_set(TimeDelta::hours(-1));
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
        house.clock_is_set(TimeDelta::hours(-1));
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
            self.other.engine.clock.jump(TimeDelta::hours(1));
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

#[tokio::test]
async fn a_message_in_doubt_is_not_sent_again_because_the_clock_was_set_forward_an_hour() {
    story(async |house: &House| {
        let guest = house.phone(ANA);
        house.twilio.will(&[Mishap::TakesAndFails]);
        house.twilio.lags(true);
        guest.says("wifi?").await;
        house.clock_is_set(TimeDelta::hours(1));
        house.works().await;
        house.passes(TimeDelta::seconds(80));
        house.works().await;
        assert!(house.twilio.looked() >= 2, "it is asked, and what it does not show yet says nothing");
        assert_eq!(house.twilio.sent_to(ANA).await.len(), 1);
        house.twilio.lags(false);
        house.passes(TimeDelta::minutes(10));
        house.works().await;
        assert_eq!(house.twilio.sent_to(ANA).await.len(), 1);
        house.assert_quiet().await;
    })
    .await;
}

#[tokio::test]
async fn a_sending_whose_process_slept_is_not_begun_because_the_clock_was_set_back() {
    story(async |house: &House| {
        let guest = house.phone(ANA);
        house.twilio.will(&[Mishap::TooMany(30)]);
        guest.says("wifi?").await;
        house.passes(TimeDelta::seconds(60));
        let row = house.jobs.dispatcher.claim(10).await.unwrap().remove(0);
        house.passes(TimeDelta::minutes(3));
        house.clock_is_set(TimeDelta::minutes(-3));
        house.jobs.dispatcher.send(row).await.unwrap();
        assert_eq!(house.twilio.sent_to(ANA).await.len(), 0, "somebody else may be sending it by now");
        house.passes(TimeDelta::minutes(5));
        house.works().await;
        assert_eq!(house.twilio.sent_to(ANA).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_charge_in_doubt_is_not_posted_again_because_the_clock_was_set_forward_an_hour() {
    story(async |house: &House| {
        // The hotel's system shows it three minutes later by its own clock, which nobody sets.
        let right = Clock::manual(house.clock.now());
        let fake = house.connects_by(&right, Keeps::References, TimeDelta::minutes(3), 0.5).await;
        let guest = house.chat().await;
        guest.proves().await;
        guest.says("A bottle of water to my room please").await;
        fake.then(On::Charge, Fault::DropAfter);
        assert!(guest.says("yes").await.contains("checking"));
        house.clock_is_set(TimeDelta::hours(1));
        house.works().await;
        assert_eq!(fake.postings().len(), 1, "nothing found says nothing yet");
        for _ in 0..20 {
            right.advance(TimeDelta::seconds(30));
            house.passes(TimeDelta::seconds(30));
            house.works().await;
        }
        assert!(guest.hears().await.contains("It is ordered"));
        assert_eq!(fake.postings().len(), 1);
    })
    .await;
}
