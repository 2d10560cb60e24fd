//! A guest's stay, as the hotel's property system tells it.

use super::ids::{PropertyId, StayId};
use chrono::{Days, NaiveDate, NaiveTime};

text_enum! {
    pub enum StayState {
        /// Not yet arrived.
        Expected = "expected",
        InHouse = "in_house",
        Left = "left",
        Cancelled = "cancelled",
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Stay {
    pub id: StayId,
    pub property_id: PropertyId,
    /// The integration kind that it comes from: `pms.house`.
    pub source: String,
    /// Its key in that system.
    pub external_id: String,
    /// The number that the guest knows.
    pub confirmation: String,
    pub first_name: String,
    pub last_name: String,
    /// E.164.
    pub phone: Option<String>,
    /// Lower case.
    pub email: Option<String>,
    pub lang: Option<String>,
    pub room: Option<String>,
    pub state: StayState,
    pub arrives_on: NaiveDate,
    pub departs_on: NaiveDate,
    /// A later departure that the hotel has agreed to.
    pub checkout_until: Option<NaiveTime>,
}

/// A guest writes about a stay that is over this many days later at most; after that it proves nothing any more.
pub const DAYS_AFTER: u64 = 14;

impl Stay {
    /// Telephone numbers are given to other people, and guests come again: a stay that ended long ago binds nobody.
    pub fn is_long_over(&self, today: NaiveDate) -> bool {
        self.state != StayState::InHouse && self.departs_on + Days::new(DAYS_AFTER) < today
    }

    pub fn guest_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name).trim().to_owned()
    }
}
