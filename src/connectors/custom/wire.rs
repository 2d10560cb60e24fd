//! The contract's JSON, as `docs/connectors/custom.md` describes it. Nothing is decided here.

use crate::domain::money::Money;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

#[derive(Debug, Deserialize)]
pub(super) struct Stays {
    pub stays: Vec<Stay>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Stay {
    pub id: String,
    pub confirmation: String,
    #[serde(default)]
    pub first_name: String,
    pub last_name: String,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub language: Option<String>,
    pub room: Option<String>,
    pub status: String,
    pub arrives_on: NaiveDate,
    pub departs_on: NaiveDate,
    pub checkout_until: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Folio {
    pub balance: Money,
    pub lines: Vec<FolioLine>,
}

#[derive(Debug, Deserialize)]
pub(super) struct FolioLine {
    pub description: String,
    #[serde(default = "one")]
    pub quantity: i64,
    pub amount: Money,
    pub posted_at: DateTime<Utc>,
}

fn one() -> i64 {
    1
}

#[derive(Debug, Serialize)]
pub(super) struct NewCharge<'a> {
    pub reference: &'a str,
    pub description: &'a str,
    pub quantity: u32,
    pub amount: Money,
}

#[derive(Debug, Deserialize)]
pub(super) struct Charges {
    pub charges: Vec<Charge>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Charge {
    pub id: String,
    pub amount: Money,
    pub status: String,
    pub posted_at: DateTime<Utc>,
}

#[derive(Debug, Serialize)]
pub(super) struct NewRequest<'a> {
    pub reference: &'a str,
    pub kind: &'a str,
    pub item: &'a str,
    pub quantity: u32,
    pub room: Option<&'a str>,
    pub department: &'a str,
    pub due_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Requests {
    pub requests: Vec<Request>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Request {
    pub id: String,
    pub status: String,
}

#[derive(Debug, Serialize)]
pub(super) struct NewCheckout<'a> {
    pub on: NaiveDate,
    pub until: String,
    pub reference: &'a str,
}

#[derive(Debug, Deserialize)]
pub(super) struct RoomLet {
    #[serde(rename = "let")]
    pub is_let: bool,
}

/// What a refusal may carry; only the code is ever shown.
#[derive(Debug, Deserialize)]
pub(super) struct Refusal {
    pub code: String,
}
