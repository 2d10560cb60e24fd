//! Guests who text while nodes die: towels, a sandwich with its yes, the bill. They wait for an answer, but not for ever.

use super::World;
use crate::support::dice::Dice;
use std::time::{Duration, Instant};

/// Guests in house whose number the hotel knows.
pub const NUMBERS: [&str; 10] = [
    "+34600111222",
    "+14155550123",
    "+447700900101",
    "+447700900117",
    "+46701740605",
    "+491713920012",
    "+491713920045",
    "+33639980021",
    "+14155550147",
    "+12125550188",
];
pub const TOWELS: &str = "two towels please";
pub const SANDWICH: &str = "a club sandwich to my room please";
pub const YES: &str = "yes";
const BILL: &str = "what's my bill?";
/// After this long a guest writes something else.
const PATIENCE: Duration = Duration::from_secs(12);
/// So often in a row a guest says yes to a price that is told again.
const YESES: usize = 3;

/// What a guest has sent.
#[derive(Debug, Clone)]
pub struct Said {
    pub number: &'static str,
    pub sid: String,
    pub text: &'static str,
    /// Whether a node has acknowledged it.
    pub acknowledged: bool,
}

/// One guest's day, until the world ends.
pub async fn live(world: &World, number: &'static str, dice: Dice) {
    tokio::time::sleep(dice.millis(0, 1500)).await;
    while !world.is_over() {
        match dice.below(5) {
            0 | 1 => {
                asks(world, number, TOWELS, &dice).await;
            }
            2 | 3 => order(world, number, &dice).await,
            _ => {
                asks(world, number, BILL, &dice).await;
            }
        }
        tokio::time::sleep(dice.millis(50, 800)).await;
    }
}

async fn order(world: &World, number: &'static str, dice: &Dice) {
    let mut heard = asks(world, number, SANDWICH, dice).await;
    for _ in 0..YESES {
        if !heard.is_some_and(|heard| heard.contains("yes or no")) {
            return;
        }
        heard = asks(world, number, YES, dice).await;
    }
}

/// Sends a text; sometimes Twilio loses the acknowledgement and sends it once more.
async fn asks(world: &World, number: &'static str, text: &'static str, dice: &Dice) -> Option<String> {
    let known = world.exchange.texts_to(number, 0).len();
    let sid = world.next_sid();
    let acknowledged = world.exchange.delivers(number, &sid, text).await;
    if acknowledged && dice.below(6) == 0 {
        world.exchange.delivers(number, &sid, text).await;
    }
    world.said.borrow_mut().push(Said { number, sid, text, acknowledged });
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if let Some(heard) = world.exchange.texts_to(number, known).pop() {
            return Some(heard);
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    None
}
