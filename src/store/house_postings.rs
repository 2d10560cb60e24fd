//! The folio lines of hotels whose property system is Bellhop itself. It must not decide what may be charged.

use super::bell::Bell;
use super::db::{Conn, DbError, Tx, sql};
use crate::domain::ids::{PropertyId, StayId};
use crate::domain::money::Money;
use chrono::{DateTime, Utc};
use sqlx::types::Uuid;

/// One line, charge (positive) or payment (negative).
#[derive(Debug, Clone, PartialEq)]
pub struct HousePosting {
    pub id: Uuid,
    pub stay_id: StayId,
    pub reference: String,
    pub description: String,
    pub quantity: i64,
    /// Of the whole line, not of one piece.
    pub amount: Money,
    pub posted_at: DateTime<Utc>,
    pub voided_at: Option<DateTime<Utc>>,
}

#[derive(sqlx::FromRow)]
struct PostingRow {
    id: Uuid,
    stay_id: Uuid,
    reference: String,
    description: String,
    quantity: i64,
    amount_minor: i64,
    currency: String,
    posted_at: DateTime<Utc>,
    voided_at: Option<DateTime<Utc>>,
}

impl TryFrom<PostingRow> for HousePosting {
    type Error = DbError;
    fn try_from(row: PostingRow) -> Result<Self, DbError> {
        let currency =
            row.currency.parse().map_err(|_| DbError::Corrupt("house_postings.currency".to_owned()))?;
        Ok(HousePosting {
            id: row.id,
            stay_id: StayId(row.stay_id),
            reference: row.reference,
            description: row.description,
            quantity: row.quantity,
            amount: Money::new(row.amount_minor, currency),
            posted_at: row.posted_at,
            voided_at: row.voided_at,
        })
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, stay_id, reference, description, quantity, amount_minor, currency, posted_at, voided_at ",
            "FROM house_postings ",
            $rest
        )
    };
}

/// Every line of the stay that is not voided, oldest first.
pub async fn list(conn: &mut Conn, stay: StayId) -> Result<Vec<HousePosting>, DbError> {
    let rows = sql!(
        conn,
        all PostingRow,
        select!("WHERE stay_id = $1 AND voided_at IS NULL ORDER BY posted_at, id"),
        stay.0,
    )?;
    rows.into_iter().map(HousePosting::try_from).collect()
}

/// The line posted under our reference, voided or not.
pub async fn find(conn: &mut Conn, reference: &str) -> Result<Option<HousePosting>, DbError> {
    let row = sql!(conn, optional PostingRow, select!("WHERE reference = $1"), reference)?;
    row.map(HousePosting::try_from).transpose()
}

/// Posts the line unless its reference is posted already; gives the line that stands, which may be the first one.
pub async fn insert_once(
    tx: &mut Tx,
    property: PropertyId,
    posting: &HousePosting,
) -> Result<HousePosting, DbError> {
    sql!(
        tx,
        execute,
        "INSERT INTO house_postings (id, stay_id, reference, description, quantity, amount_minor, currency, posted_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (reference) DO NOTHING",
        posting.id,
        posting.stay_id.0,
        posting.reference.as_str(),
        posting.description.as_str(),
        posting.quantity,
        posting.amount.amount_minor,
        posting.amount.currency.as_str(),
        posting.posted_at,
    )?;
    tx.ring(Bell::Desk { property });
    let stands = find(tx, &posting.reference).await?;
    stands.ok_or_else(|| DbError::Refused("a posting vanished within its own unit".to_owned()))
}

/// Voids the stay's line, once and for all; false: the stay has no line under this reference.
pub async fn void(
    tx: &mut Tx,
    property: PropertyId,
    stay: StayId,
    reference: &str,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let known = sql!(
        tx,
        execute,
        "UPDATE house_postings SET voided_at = COALESCE(voided_at, $3) WHERE stay_id = $1 AND reference = $2",
        stay.0,
        reference,
        now,
    )?;
    tx.ring(Bell::Desk { property });
    Ok(known > 0)
}
