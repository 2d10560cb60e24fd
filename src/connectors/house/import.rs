//! Brings an arrivals list into the house's stays: all of it or nothing, the same file twice changes nothing. For the
//! file's form see `rows`.

use super::KIND;
use super::rows::{self, Row, Unreadable};
pub use super::rows::{COLUMNS_HELP, RowProblem};
use crate::clock::Clock;
use crate::domain::ids::PropertyId;
use crate::domain::stay::{Stay, StayState};
use crate::store::stays::{self, Upserted, confirmation_key};
use crate::store::{Db, DbError, Tx, hotels};
use chrono::{DateTime, NaiveDate, Utc};

/// What an import did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    pub inserted: usize,
    pub changed: usize,
    pub unchanged: usize,
    /// Columns that mean nothing here; a misspelt one shows up among them.
    pub ignored_columns: Vec<String>,
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("there is no property {0:?}")]
    NoSuchProperty(String),
    #[error("the file {0}")]
    File(String),
    #[error("{} fault(s) in the file, nothing was imported", .0.len())]
    Rows(Vec<RowProblem>),
    #[error(transparent)]
    Db(#[from] DbError),
}

/// How an import ends that must leave no trace.
enum Stop {
    DryRun(Report),
    Failed(DbError),
}

impl From<DbError> for Stop {
    fn from(error: DbError) -> Self {
        Stop::Failed(error)
    }
}

/// Imports `csv` into the hotel with this slug. With `dry_run` everything is done and then undone, so that the report
/// tells exactly what would happen.
pub async fn import_stays(
    db: &Db,
    clock: &Clock,
    slug: &str,
    csv: &[u8],
    dry_run: bool,
) -> Result<Report, ImportError> {
    let hotel = hotels::find_by_slug(&mut db.read().await?, slug).await?;
    let hotel = hotel.ok_or_else(|| ImportError::NoSuchProperty(slug.to_owned()))?;
    let sheet = rows::read(csv).map_err(|unreadable| match unreadable {
        Unreadable::File(why) => ImportError::File(why),
        Unreadable::Rows(problems) => ImportError::Rows(problems),
    })?;
    let report = Report { ignored_columns: sheet.ignored_columns, ..Report::default() };
    let (clock, now) = (clock.clone(), clock.now());
    let (property, today) = (hotel.id, hotel.today(now));
    let unit = db.write::<_, Stop, _>(move |tx| {
        Box::pin(async move {
            let mut report = report;
            for row in sheet.rows {
                match put(tx, &clock, property, row, today, now).await? {
                    Upserted::Inserted => report.inserted += 1,
                    Upserted::Changed => report.changed += 1,
                    Upserted::Unchanged => report.unchanged += 1,
                }
            }
            if dry_run { Err(Stop::DryRun(report)) } else { Ok(report) }
        })
    });
    match unit.await {
        Ok(report) | Err(Stop::DryRun(report)) => Ok(report),
        Err(Stop::Failed(error)) => Err(error.into()),
    }
}

/// Writes one row. What the file has no column for stays as it is known.
async fn put(
    tx: &mut Tx,
    clock: &Clock,
    property: PropertyId,
    row: Row,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Upserted, DbError> {
    let external_id = confirmation_key(&row.confirmation);
    let known = stays::find_external(tx, property, KIND, &external_id).await?;
    let state = row.state.unwrap_or_else(|| by_dates(&row, known.as_ref(), today));
    let mut stay = known.unwrap_or_else(|| Stay {
        id: clock.id(),
        property_id: property,
        source: KIND.to_owned(),
        external_id,
        confirmation: String::new(),
        first_name: String::new(),
        last_name: String::new(),
        phone: None,
        email: None,
        lang: None,
        room: None,
        state,
        arrives_on: row.arrives_on,
        departs_on: row.departs_on,
        checkout_until: None,
    });
    stay.state = state;
    stay.confirmation = row.confirmation;
    stay.last_name = row.last_name;
    stay.arrives_on = row.arrives_on;
    stay.departs_on = row.departs_on;
    stay.first_name = row.first_name.unwrap_or(stay.first_name);
    stay.phone = row.phone.unwrap_or(stay.phone);
    stay.email = row.email.unwrap_or(stay.email);
    stay.lang = row.lang.unwrap_or(stay.lang);
    stay.room = row.room.unwrap_or(stay.room);
    Ok(stays::upsert(tx, &stay, now).await?.1)
}

/// On the day of arrival a guest counts as in house once there is a room for them; who is known to be in stays in.
fn by_dates(row: &Row, known: Option<&Stay>, today: NaiveDate) -> StayState {
    let has_room = match &row.room {
        Some(room) => room.is_some(),
        None => known.is_some_and(|stay| stay.room.is_some()),
    };
    let is_in = known.is_some_and(|stay| stay.state == StayState::InHouse);
    if row.departs_on < today {
        StayState::Left
    } else if row.arrives_on < today || (row.arrives_on == today && (has_room || is_in)) {
        StayState::InHouse
    } else {
        StayState::Expected
    }
}
