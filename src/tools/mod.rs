//! What a model may propose, one file per tool, and the one gate through which every call passes. A tool never sends
//! a message and never hands off itself: it says what should happen.

pub mod effects;
mod get_folio;
mod hand_off_to_staff;
mod lookup_reservation;
mod order_item;
mod post_charge;
mod quotes;
mod request_late_checkout;
mod request_service;
mod search_facts;

pub use quotes::{Quoted, carried_out, confirm, decline, offer_sentence};

use crate::clock::Clock;
use crate::connectors::Connector;
use crate::domain::effect::Effect;
use crate::domain::escalation::{Priority, Reason};
use crate::domain::ids::{ConversationId, TurnId};
use crate::domain::message::QuoteCard;
use crate::domain::proof::{ProofNeed, Verified};
use crate::domain::stay::{Stay, StayState};
use crate::domain::tool_policy::{SideEffect, ToolPolicy};
use crate::store::hotel_book::HotelBook;
use crate::store::{Db, DbError, Tx, conversations};
use crate::texts::{Lang, Say};
use async_trait::async_trait;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Every tool. A new one is its file, its `mod` line above and its line here.
pub fn list() -> &'static [&'static dyn Tool] {
    &[
        &lookup_reservation::LookupReservation,
        &get_folio::GetFolio,
        &request_service::RequestService,
        &order_item::ORDER_ITEM,
        &post_charge::POST_CHARGE,
        &request_late_checkout::RequestLateCheckout,
        &search_facts::SearchFacts,
        &hand_off_to_staff::HandOffToStaff,
    ]
}

pub fn find(name: &str) -> Option<&'static dyn Tool> {
    list().iter().copied().find(|tool| tool.name() == name)
}

/// One tool.
#[async_trait]
pub trait Tool: Send + Sync {
    fn name(&self) -> &'static str;
    /// For the model.
    fn description(&self) -> &'static str;
    /// JSON Schema of the arguments. None of them names a guest, a stay, a room, a price or a consent.
    fn parameters(&self) -> Value;
    fn side_effect(&self) -> SideEffect;
    /// The least proof; a hotel's policy can only ask for more.
    fn proof(&self) -> ProofNeed;
    /// Whether a guest in this state of the stay may use it.
    fn allowed_in(&self, state: StayState) -> bool;
    /// Whether the hotel's systems can do it at all.
    fn available(&self, cx: &ToolCx<'_>) -> bool;
    async fn run(&self, cx: &ToolCx<'_>, arguments: Value) -> Result<Outcome, ToolError>;
}

/// What a tool works with. Guest, stay, room and prices come from here, never from its arguments.
pub struct ToolCx<'a> {
    pub db: &'a Db,
    pub clock: &'a Clock,
    pub book: &'a HotelBook,
    pub connector: &'a dyn Connector,
    pub fence: Fence,
    pub turn: TurnId,
    /// What had been answered when this burst began.
    pub anchor_seq: i64,
    /// The last message of the burst.
    pub burst_end: i64,
    pub lang: Lang,
    pub stay: Option<&'a Verified<Stay>>,
    /// The guest's own words in this burst, oldest first.
    pub burst: &'a [String],
}

impl ToolCx<'_> {
    /// The bound stay; only tools that need a proof are run with one.
    fn stay(&self) -> Result<&Stay, ToolError> {
        self.stay.map(Verified::get).ok_or(ToolError::NoStay)
    }

    /// The guest's own words, for the people who do the work; cut to a readable length.
    fn guests_words(&self) -> String {
        let joined = self.burst.join(" / ");
        joined.chars().take(300).collect()
    }
}

/// Under which lease and epoch a turn runs; both are checked in every unit that it writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fence {
    pub conversation: ConversationId,
    pub epoch: i64,
    pub lease_token: i64,
}

impl Fence {
    /// Locks the conversation and makes sure that the turn may still write.
    pub async fn hold(self, tx: &mut Tx) -> Result<(), ToolError> {
        match conversations::lock_fence(tx, self.conversation).await? {
            Some((epoch, lease)) if epoch == self.epoch && lease == self.lease_token => Ok(()),
            Some(_) | None => Err(ToolError::Fenced),
        }
    }
}

/// What a tool says should happen.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Done, or read; `data` is for the model.
    Done {
        say: Say,
        data: Value,
        effect: Option<Effect>,
    },
    /// A price that waits for the guest's word. Bellhop itself sends the sentence.
    Quote {
        say: Say,
        card: QuoteCard,
        effect: Effect,
    },
    /// Cut off, and looked into by Bellhop itself; the guest is told when it is known.
    Pending {
        say: Say,
        effect: Effect,
    },
    /// Staff decide.
    HandOff {
        reason: Reason,
        priority: Priority,
        say: Say,
    },
    Refused {
        why: Refusal,
        say: Say,
    },
}

impl Outcome {
    /// What the model is told of it.
    pub fn for_model(&self) -> Value {
        match self {
            Outcome::Done { say, data, .. } => {
                json!({ "result": "done", "say": say.to_text(Lang::En), "data": data })
            }
            Outcome::Quote { say, .. } => json!({
                "result": "quoted",
                "note": "This sentence is added below your answer by the system; do not repeat the price, do not say it is ordered.",
                "sentence": say.to_text(Lang::En),
            }),
            Outcome::Pending { say, .. } => {
                json!({ "result": "not_known_yet", "say": say.to_text(Lang::En) })
            }
            Outcome::HandOff { say, .. } => json!({ "result": "staff_called", "say": say.to_text(Lang::En) }),
            Outcome::Refused { why, say } => {
                json!({ "result": "refused", "why": why.as_str(), "say": say.to_text(Lang::En) })
            }
        }
    }

    pub fn say(&self) -> &Say {
        match self {
            Outcome::Done { say, .. }
            | Outcome::Quote { say, .. }
            | Outcome::Pending { say, .. }
            | Outcome::HandOff { say, .. }
            | Outcome::Refused { say, .. } => say,
        }
    }
}

text_enum! {
    /// Why a call was not carried out.
    pub enum Refusal {
        UnknownTool = "unknown_tool",
        BadArguments = "bad_arguments",
        NeedsProof = "needs_proof",
        NotInThisState = "not_in_this_state",
        SwitchedOff = "switched_off",
        Unavailable = "unavailable",
        NotFound = "not_found",
        Ambiguous = "ambiguous",
        Closed = "closed",
        TooMany = "too_many",
        /// Another offer waits for the guest's word; this one comes after it.
        OneAtATime = "one_at_a_time",
        Failed = "failed",
    }
}

/// Why a tool could not even answer.
#[derive(Debug, thiserror::Error)]
pub enum ToolError {
    #[error(transparent)]
    Db(#[from] DbError),
    /// Staff took over, or another worker has the lease: stop, write nothing.
    #[error("the turn has lost its lease or its epoch")]
    Fenced,
    #[error("the tool needs a stay and has none")]
    NoStay,
}

/// What a hotel lets the tool do, with the tool's own demands on top.
pub fn policy(book: &HotelBook, tool: &dyn Tool) -> ToolPolicy {
    let own =
        ToolPolicy { enabled: true, proof: tool.proof(), staff_approval: false, max_charge_minor: None };
    match book.policies.get(tool.name()) {
        Some(policy) => ToolPolicy { proof: policy.proof.max(own.proof), ..policy.clone() },
        None => own,
    }
}

/// The one gate: existence, policy, proof, state of the stay, capability; only then the tool itself.
pub async fn call(cx: &ToolCx<'_>, name: &str, arguments: Value) -> Result<Outcome, ToolError> {
    let Some(tool) = find(name) else { return Ok(refuse(Refusal::UnknownTool, Say::NotUnderstood)) };
    let policy = policy(cx.book, tool);
    if !policy.enabled {
        return Ok(refuse(Refusal::SwitchedOff, Say::NotUnderstood));
    }
    if !tool.available(cx) {
        return Ok(refuse(Refusal::Unavailable, Say::NotUnderstood));
    }
    match cx.stay {
        None if policy.proof != ProofNeed::None => return Ok(refuse(Refusal::NeedsProof, Say::AskProof)),
        Some(stay) if policy.proof != ProofNeed::None && !tool.allowed_in(stay.get().state) => {
            return Ok(refuse(Refusal::NotInThisState, Say::NotInState { state: stay.get().state }));
        }
        Some(_) | None => {}
    }
    if policy.staff_approval
        && tool.side_effect() != SideEffect::None
        && tool.side_effect() != SideEffect::HandOff
    {
        let why = format!("{name} needs staff approval");
        return Ok(Outcome::HandOff {
            reason: Reason::StaffDecide { tool: name.to_owned(), why },
            priority: Priority::Normal,
            say: Say::StaffDecide { phone: phone(cx.book) },
        });
    }
    tool.run(cx, arguments).await
}

/// The tools that a model is offered in this hotel.
pub fn offered(cx: &ToolCx<'_>) -> Vec<&'static dyn Tool> {
    let enabled = |tool: &&dyn Tool| policy(cx.book, *tool).enabled && tool.available(cx);
    list().iter().copied().filter(enabled).collect()
}

fn refuse(why: Refusal, say: Say) -> Outcome {
    Outcome::Refused { why, say }
}

/// Reads a tool's arguments; what does not fit is refused, unknown fields too.
#[expect(clippy::result_large_err, reason = "a refusal is an ordinary outcome, made once per call")]
fn arguments<T: DeserializeOwned>(arguments: Value) -> Result<T, Outcome> {
    serde_json::from_value(arguments).map_err(|_| refuse(Refusal::BadArguments, Say::WhatIsWanted))
}

/// The schema of a tool's arguments.
fn schema<T: schemars::JsonSchema>() -> Value {
    let mut schema = schemars::schema_for!(T).to_value();
    if let Some(object) = schema.as_object_mut() {
        object.remove("$schema");
        object.remove("title");
    }
    schema
}

/// Who speaks, before the first word of all.
pub fn introduction(book: &HotelBook) -> Say {
    Say::Introduction { hotel: book.hotel.name.clone(), phone: phone(book) }
}

/// The number of reception, if the hotel has one.
pub fn phone(book: &HotelBook) -> Option<String> {
    Some(book.hotel.settings.reception_phone.clone()).filter(|phone| !phone.is_empty())
}
