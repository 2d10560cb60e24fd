//! Does the model's text say only what is proved? Deterministic; it words nothing and changes nothing.
//!
//! Amounts, clock times, rooms, phone numbers, references and waiting times must stand in this conversation's evidence;
//! "ordered", "booked", "on the way" and the like, in English and Spanish, need an effect that has succeeded and fits.
//! What it cannot see: claims without such words, completion claims in other languages, names.

mod done;
mod figures;
mod verbs;

pub use figures::Shown;

use crate::domain::effect::{Effect, EffectState, Plan};
use crate::domain::money::{Currency, Money};
use crate::domain::request::RequestKind;
use chrono::NaiveTime;
use serde::{Deserialize, Serialize};
use std::cell::LazyCell;
use std::sync::Arc;

/// What this conversation has shown to be true.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// Everything that a text may quote: tool results, facts, quote sentences, the rendered prompt.
    pub texts: Vec<String>,
    /// More of the same, read before: what stays the same from turn to turn.
    pub shown: Vec<Arc<Shown>>,
    /// The guest's own messages: a text may repeat them in a question or a refusal, but they prove nothing.
    pub guest: Vec<String>,
    /// Amounts of open quotes, the folio and charges.
    pub amounts: Vec<Money>,
    /// The hotel's currency, for amounts without one.
    pub currency: Currency,
    /// The room of the stay that has been proved.
    pub room: Option<String>,
    /// What has succeeded in this conversation.
    pub done: Vec<Done>,
}

impl Evidence {
    /// Everything that a text may quote, read before or not.
    fn quotable(&self) -> impl Iterator<Item = &str> {
        self.shown.iter().map(|shown| shown.text.as_str()).chain(self.texts.iter().map(String::as_str))
    }

    /// Nothing is proved.
    pub fn none(currency: Currency) -> Self {
        Self {
            texts: Vec::new(),
            shown: Vec::new(),
            guest: Vec::new(),
            amounts: Vec::new(),
            currency,
            room: None,
            done: Vec::new(),
        }
    }
}

/// Something that has been done for this guest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    pub kind: DoneKind,
    /// The thing in words: "towels", "Club sandwich". May be empty.
    pub item: String,
    pub quantity: Option<u32>,
    /// What it cost; `None`: nothing.
    pub total: Option<Money>,
    /// The agreed departure, for a late check-out.
    pub until: Option<NaiveTime>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DoneKind {
    Request(RequestKind),
    Order,
    Charge,
    LateCheckout,
    /// Staff have been called.
    HandOff,
    /// A quote or an order has been taken back.
    Cancelled,
}

impl Done {
    /// `None` unless the effect has certainly happened and stands.
    pub fn of(effect: &Effect) -> Option<Self> {
        if effect.state != EffectState::Succeeded || effect.voided_at.is_some() {
            return None;
        }
        let (kind, item, quantity, until) = match &effect.plan {
            Plan::Request { kind, item, quantity, .. } => {
                (DoneKind::Request(*kind), item.clone(), Some(*quantity), None)
            }
            Plan::Order { item, quantity, .. } => (DoneKind::Order, item.clone(), Some(*quantity), None),
            Plan::Charge { item, quantity, .. } => (DoneKind::Charge, item.clone(), Some(*quantity), None),
            Plan::LateCheckout { until, .. } => (DoneKind::LateCheckout, String::new(), None, Some(*until)),
        };
        Some(Self { kind, item, quantity, total: effect.total, until })
    }

    pub fn hand_off() -> Self {
        Self { kind: DoneKind::HandOff, item: String::new(), quantity: None, total: None, until: None }
    }
}

/// What the check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Clean,
    /// Never empty.
    Objection(Vec<Claim>),
}

/// Something that a text says and nothing proves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Claim {
    pub kind: ClaimKind,
    /// The words in question, for the flight record. They are the model's, and may repeat a guest's.
    pub words: String,
}

/// What a claim is about. Stored in flight records by its name in snake case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClaimKind {
    /// An amount, or that something costs nothing.
    Money,
    /// That something has been or is being done.
    Done,
    /// A clock time.
    Time,
    /// A room number.
    Room,
    /// How long something takes.
    Wait,
    /// A phone, confirmation or other number.
    Number,
}

/// Everything in the text that the evidence does not bear out.
pub fn check(text: &str, evidence: &Evidence) -> Verdict {
    let proved = LazyCell::new(|| figures::Proved::of(evidence));
    let mut claims = Vec::new();
    for sentence in sentences(text) {
        figures::check(&sentence, evidence.currency, || &*proved, &mut claims);
        done::check(&sentence, evidence, &mut claims);
    }
    if claims.is_empty() { Verdict::Clean } else { Verdict::Objection(claims) }
}

/// One sentence, written plainly: see [`plain`].
#[derive(Debug, Clone, PartialEq, Eq)]
struct Sentence {
    text: String,
    question: bool,
}

/// Ends at `.`, `!`, `?`, `;` before white space, and at line ends.
fn sentences(text: &str) -> Vec<Sentence> {
    let text = plain(text);
    let mut sentences = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        let after = &text[at + c.len_utf8()..];
        let ends = c == '\n'
            || (matches!(c, '.' | '!' | '?' | ';') && after.starts_with(|c: char| c.is_whitespace()));
        if ends || after.is_empty() {
            let end = at + c.len_utf8();
            let sentence = text[start..end].trim();
            if !sentence.is_empty() {
                sentences.push(Sentence { text: sentence.to_owned(), question: sentence.ends_with('?') });
            }
            start = end;
        }
    }
    sentences
}

/// Lower case without accents and with plain quotes and dashes, line by line; "sí" is told from "si" by becoming "yes",
/// and `p.m.` loses its full stops, which end no sentence.
fn plain(text: &str) -> String {
    let text = text.replace("Sí", "yes").replace("sí", "yes").replace("SÍ", "yes").replace("Si,", "yes,");
    let lines: Vec<String> = text.lines().map(crate::domain::words::fold).collect();
    lines.join("\n").replace("a.m.", "am").replace("p.m.", "pm").replace("a. m.", "am").replace("p. m.", "pm")
}

#[cfg(test)]
mod tests;
