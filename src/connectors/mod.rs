//! The hotel's own systems behind small traits, one per ability. It must not decide whether a guest may have a thing,
//! and never takes a vendor's unknown answer for success.

pub mod custom;
pub mod house;

use crate::breaker::Breaker;
use crate::clock::Clock;
use crate::domain::ids::{ConversationId, PropertyId};
use crate::domain::integration::Field;
use crate::domain::money::Money;
use crate::domain::request::{RequestKind, RequestState};
use crate::domain::stay::Stay;
use crate::http::Http;
use crate::secrets::Secrets;
use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::sync::Arc;

/// What a connector answers in place of what was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConnectorError {
    #[error("the hotel's system knows no such thing")]
    NotFound,
    /// Asked and declined: certainly not done.
    #[error("the hotel's system refused: {why}")]
    Refused { why: String },
    /// Not reached: certainly not done.
    #[error("the hotel's system cannot be reached: {why}")]
    Unavailable { why: String },
    /// Cut off: it may have been done. Read back before anything is repeated.
    #[error("the hotel's system did not say whether it is done: {why}")]
    Unknown { why: String },
}

impl ConnectorError {
    /// Whether the same call may be made again as it is.
    pub fn retryable(&self) -> bool {
        match self {
            ConnectorError::Unavailable { .. } => true,
            ConnectorError::NotFound | ConnectorError::Refused { .. } | ConnectorError::Unknown { .. } => {
                false
            }
        }
    }
}

/// Finding stays. What it gives is the hotel's word, not yet anybody's proof.
#[async_trait]
pub trait Reservations: Send + Sync {
    /// Every stay under a confirmation number, however it is written; cancelled ones too.
    async fn by_confirmation(&self, confirmation: &str) -> Result<Vec<Stay>, ConnectorError>;
    /// Stays with this E.164 number that matter now: soon, in house, or just left.
    async fn by_phone(&self, phone: &str) -> Result<Vec<Stay>, ConnectorError>;
    /// As [`Reservations::by_phone`], by mail address.
    async fn by_email(&self, email: &str) -> Result<Vec<Stay>, ConnectorError>;
    /// The stay as it stands now; `None`: the hotel's system has it no more.
    async fn get(&self, stay: &Stay) -> Result<Option<Stay>, ConnectorError>;
}

/// A bill.
#[derive(Debug, Clone, PartialEq)]
pub struct Folio {
    /// Oldest first, without what was voided.
    pub lines: Vec<FolioLine>,
    /// Positive: the guest owes it.
    pub balance: Money,
}

#[derive(Debug, Clone, PartialEq)]
pub struct FolioLine {
    pub description: String,
    pub quantity: i64,
    /// Of the whole line; a payment is negative.
    pub amount: Money,
    pub posted_at: DateTime<Utc>,
}

/// A charge to be posted.
#[derive(Debug, Clone, PartialEq)]
pub struct Posting {
    /// Ours, the effect's id as text: the same reference is posted once.
    pub reference: String,
    pub description: String,
    pub quantity: u32,
    /// Of the whole line.
    pub amount: Money,
}

/// A charge that stands on the folio.
#[derive(Debug, Clone, PartialEq)]
pub struct Posted {
    pub reference: String,
    /// The system's own key of it.
    pub external_id: String,
    pub amount: Money,
    pub posted_at: DateTime<Utc>,
    pub voided: bool,
}

/// Reading and charging bills.
#[async_trait]
pub trait Folios: Send + Sync {
    async fn folio(&self, stay: &Stay) -> Result<Folio, ConnectorError>;
    /// Posting the same reference again gives the first posting.
    async fn post(&self, stay: &Stay, posting: &Posting) -> Result<Posted, ConnectorError>;
    /// For reading back after [`ConnectorError::Unknown`].
    async fn find_posting(&self, stay: &Stay, reference: &str) -> Result<Option<Posted>, ConnectorError>;
    /// Voiding twice is voiding once. `external_id` is the system's own key, where posting has told us one.
    async fn void(
        &self,
        stay: &Stay,
        reference: &str,
        external_id: Option<&str>,
    ) -> Result<(), ConnectorError>;
}

/// Work for a department.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// Ours, the effect's id as text: the same reference makes one task.
    pub reference: String,
    pub conversation: Option<ConversationId>,
    pub kind: RequestKind,
    /// What is wanted, in a few words.
    pub item: String,
    pub quantity: u32,
    pub room: Option<String>,
    pub department: String,
    pub due_at: Option<DateTime<Utc>>,
}

/// A task that the hotel's people can see.
#[derive(Debug, Clone, PartialEq)]
pub struct Filed {
    pub reference: String,
    /// The system's own key of it.
    pub external_id: String,
    pub state: RequestState,
}

/// A task list of the hotel's own; without one, Bellhop's is the list.
#[async_trait]
pub trait Requests: Send + Sync {
    /// Creating the same reference again gives the first task.
    async fn create(&self, stay: &Stay, task: &Task) -> Result<Filed, ConnectorError>;
    /// For reading back after [`ConnectorError::Unknown`].
    async fn find(&self, reference: &str) -> Result<Option<Filed>, ConnectorError>;
}

/// Changing a stay.
#[async_trait]
pub trait Stays: Send + Sync {
    /// Agrees that the guest leaves at `until` on departure day `on`; setting the same again changes nothing.
    async fn set_checkout(
        &self,
        stay: &Stay,
        on: NaiveDate,
        until: NaiveTime,
        reference: &str,
    ) -> Result<(), ConnectorError>;
    /// Whether somebody else is to move into the stay's room on that day.
    async fn room_is_let_again(&self, stay: &Stay, on: NaiveDate) -> Result<bool, ConnectorError>;
}

/// One account of one system at one property. A tool is offered only where the ability that it needs is there.
pub trait Connector: Send + Sync {
    /// `pms.house`.
    fn kind(&self) -> &'static str;
    fn reservations(&self) -> Option<&dyn Reservations> {
        None
    }
    fn folios(&self) -> Option<&dyn Folios> {
        None
    }
    fn requests(&self) -> Option<&dyn Requests> {
        None
    }
    fn stays(&self) -> Option<&dyn Stays> {
        None
    }
    /// What can be done once the call of such a step was cut off.
    fn after_cut(&self, step: Step) -> AfterCut;
}

/// One call that changes something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// [`Folios::post`]
    Charge,
    /// [`Requests::create`]
    Task,
    /// [`Stays::set_checkout`]
    Departure,
}

/// How the end of a call that was cut off can be learnt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterCut {
    /// The same reference sent again happens once, if it is sent so soon after the first time.
    Repeat { within: TimeDelta },
    /// The system can be asked by our reference. What it does not show surely was not done once so much time has
    /// passed since the call began: the call's own limit, and the time until a thing done can be seen.
    LookUp { sure_after: TimeDelta },
    /// Neither: nothing is repeated, staff look into it.
    Staff,
}

/// What connectors work with, given to them by the app.
#[derive(Clone)]
pub struct Means {
    pub house: house::Tables,
    pub http: Http,
    pub clock: Clock,
}

/// The account that is to be opened.
pub struct Account<'a> {
    pub property: PropertyId,
    pub config: &'a Map<String, Value>,
    pub secrets: &'a Secrets,
    /// Every call over the network goes through it; see [`crate::http::Line`].
    pub breaker: &'a Arc<Breaker>,
}

/// Reads the account's configuration, without the network.
type Open = fn(&Means, &Account<'_>) -> Result<Arc<dyn Connector>, OpenError>;
/// Whether [`Open`] could read it.
type Check = fn(&Map<String, Value>, &Secrets) -> Result<(), OpenError>;

struct Built {
    kind: &'static str,
    fields: &'static [Field],
    check: Check,
    open: Open,
}

/// Every connector that is built. A new one is its folder, its `mod` line above and its line here.
const BUILT: &[Built] = &[
    Built { kind: house::KIND, fields: &[], check: house::check, open: house::open },
    Built { kind: custom::KIND, fields: custom::FIELDS, check: custom::check, open: custom::open },
];

/// The property system of a hotel that has named none.
pub const DEFAULT_PMS: &str = house::KIND;

/// Why an account cannot be opened, for the manager who wrote it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    #[error("the kind {kind:?} is unknown or not built yet; built are: {built}")]
    UnknownKind { kind: String, built: String },
    #[error("the configuration of {kind} is wrong: {why}")]
    Config { kind: &'static str, why: String },
    #[error("its settings cannot be read now: {0}")]
    NotNow(String),
}

/// The kinds that are built.
pub fn kinds() -> Vec<&'static str> {
    BUILT.iter().map(|built| built.kind).collect()
}

fn built(kind: &str) -> Result<&'static Built, OpenError> {
    let unknown = || OpenError::UnknownKind { kind: kind.to_owned(), built: kinds().join(", ") };
    BUILT.iter().find(|built| built.kind == kind).ok_or_else(unknown)
}

/// What the form of this kind asks for; empty: nothing, or no such kind.
pub fn fields(kind: &str) -> &'static [Field] {
    built(kind).map_or(&[], |built| built.fields)
}

/// Whether an account with these settings could be opened.
pub fn check(kind: &str, config: &Map<String, Value>, secrets: &Secrets) -> Result<(), OpenError> {
    (built(kind)?.check)(config, secrets)
}

/// Opens an account without asking the network.
pub fn open(means: &Means, kind: &str, account: &Account<'_>) -> Result<Arc<dyn Connector>, OpenError> {
    (built(kind)?.open)(means, account)
}

/// Reads a kind's own typed configuration.
fn config<C: DeserializeOwned>(kind: &'static str, raw: &Map<String, Value>) -> Result<C, OpenError> {
    serde_json::from_value(Value::Object(raw.clone()))
        .map_err(|error| OpenError::Config { kind, why: error.to_string() })
}
