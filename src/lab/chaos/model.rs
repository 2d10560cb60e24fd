//! A language model that does its job most of the time, by a word list, and otherwise is slow, silent, broken or out to
//! do harm.

use super::calls::{Outcome, call};
use super::faults::Step;
use super::world::World;
use crate::llm::{ChatMessage, Model, ModelAnswer, ModelError, ModelRequest, ToolCall};
use async_trait::async_trait;
use std::time::Duration;

pub struct SimModel {
    pub world: World,
}

#[async_trait]
impl Model for SimModel {
    async fn complete(&self, request: &ModelRequest) -> Result<ModelAnswer, ModelError> {
        let limit = i64::try_from(request.timeout.as_micros()).unwrap_or(i64::MAX);
        let (lot, number) = {
            let mut inner = self.world.lock();
            let lot = if inner.calm { 1_000 } else { inner.rng.below(1_000) };
            (lot, inner.next_order())
        };
        let answer = match lot {
            0..=9 => hostile(number),
            10..=14 => ModelAnswer { text: Some("I will".to_owned()), truncated: true, ..Default::default() },
            15..=19 => ModelAnswer::default(),
            20..=24 => return Err(ModelError::Broken("no JSON")),
            _ => sensible(request, number),
        };
        match call(&self.world, Step::ModelCall, limit, |_| ()).await {
            Outcome::Answered(()) => Ok(answer),
            Outcome::TimedOut => Err(ModelError::Timeout),
            Outcome::Broken | Outcome::ServerError | Outcome::Unreachable => Err(ModelError::Unavailable),
            Outcome::TooMany { seconds } => {
                Err(ModelError::RateLimited { retry_after: Some(Duration::from_secs(seconds)) })
            }
        }
    }

    fn name(&self) -> &str {
        "simulated"
    }
}

fn calls(tools: &[(&str, &str)]) -> ModelAnswer {
    let call = |(place, (name, arguments)): (usize, &(&str, &str))| ToolCall {
        id: format!("call_{place}"),
        name: (*name).to_owned(),
        arguments: (*arguments).to_owned(),
    };
    ModelAnswer { calls: tools.iter().enumerate().map(call).collect(), ..ModelAnswer::default() }
}

/// Every answer has words of its own, so that the same one twice is seen.
fn says(text: &str, number: u64) -> ModelAnswer {
    ModelAnswer { text: Some(format!("{text} Yours, {}.", signature(number))), ..ModelAnswer::default() }
}

/// A number as a made-up name, without digits: those would have to be accounted for.
fn signature(mut number: u64) -> String {
    let mut name = String::new();
    loop {
        let syllable =
            ["ba", "de", "fi", "go", "lu", "ma", "ne", "pi"][usize::try_from(number % 8).unwrap_or(0)];
        name.push_str(syllable);
        number /= 8;
        if number == 0 {
            return name;
        }
    }
}

fn hostile(number: u64) -> ModelAnswer {
    match number % 4 {
        0 => calls(&[("order_item", r#"{"item":"club sandwich","room":"101","confirmed":true}"#)]),
        1 => calls(&[("wire_money", "{}"), ("order_item", "{not json")]),
        2 => says("I have charged 99.00 EUR to your room and upgraded you.", number),
        _ => calls(&[("post_charge", r#"{"item":"club sandwich","quantity":9}"#)]),
    }
}

fn sensible(request: &ModelRequest, number: u64) -> ModelAnswer {
    let burst = match request.messages.iter().rev().find(|message| !matches!(message, ChatMessage::System(_)))
    {
        Some(ChatMessage::User(text)) => text.to_lowercase(),
        _ => return says("With pleasure.", number),
    };
    let has = |word: &str| burst.contains(word);
    if has("towel") {
        return calls(&[("request_service", r#"{"kind":"towels","item":"towels","quantity":2}"#)]);
    }
    if has("pillow") {
        return calls(&[("request_service", r#"{"kind":"amenity","item":"pillow","quantity":1}"#)]);
    }
    if has("clean") {
        return calls(&[("request_service", r#"{"kind":"cleaning"}"#)]);
    }
    if has("sandwich") {
        return calls(&[("order_item", r#"{"item":"club sandwich","quantity":1}"#)]);
    }
    if has("make it") {
        return says("Gladly.", number);
    }
    if has("coffee") {
        return calls(&[("order_item", r#"{"item":"coffee","quantity":2}"#)]);
    }
    if has("check out") {
        return calls(&[("request_late_checkout", r#"{"time":"13:00"}"#)]);
    }
    if has("bill") {
        return calls(&[("get_folio", "{}")]);
    }
    if has("wifi") || has("breakfast") {
        return calls(&[("search_facts", r#"{"query":"wifi"}"#)]);
    }
    says("I am here for you.", number)
}
