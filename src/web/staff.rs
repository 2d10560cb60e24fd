//! What all pages of staff share: the frame around them, and times as people read them. It knows no conversation.

use super::Caller;
use crate::domain::hotel::Hotel;
use crate::domain::people::Role;
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

/// The frame of a staff page: who is signed in, where, and what else there is.
#[derive(Debug, Clone)]
pub struct Frame {
    /// For forms and `x-csrf-token`.
    pub csrf: String,
    /// Who is signed in.
    pub name: String,
    /// The hotel that the page is about.
    pub hotel: String,
    /// Its name in addresses.
    pub property: String,
    /// The hotels that the reader works at, by name.
    pub places: Vec<Place>,
    /// Which part of the product is open: `inbox`, `requests`, `console`.
    pub section: &'static str,
    /// Whether the console is theirs to see.
    pub is_manager: bool,
    /// Whether they may add hotels.
    pub may_add: bool,
}

/// A hotel to go to.
#[derive(Debug, Clone)]
pub struct Place {
    pub slug: String,
    pub name: String,
    pub here: bool,
}

impl Frame {
    pub fn new(caller: &Caller, hotel: &Hotel, theirs: &[Hotel], section: &'static str) -> Self {
        let place = |other: &Hotel| Place {
            slug: other.slug.clone(),
            name: other.name.clone(),
            here: other.id == hotel.id,
        };
        Self {
            csrf: caller.csrf().to_owned(),
            name: caller.name.clone(),
            hotel: hotel.name.clone(),
            property: hotel.slug.clone(),
            places: theirs.iter().map(place).collect(),
            section,
            is_manager: caller.grants.role_at(hotel.id) >= Some(Role::Manager),
            may_add: caller.grants.everywhere >= Some(Role::Manager),
        }
    }
}

/// A time as people read it: how long ago, and exactly in the hotel's zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct When {
    /// For machines, UTC.
    pub iso: String,
    /// In full, for whoever points at it.
    pub exact: String,
    /// Hours and minutes in the hotel's zone.
    pub clock: String,
    /// "5 min"; the page keeps it right.
    pub ago: String,
    /// For sorting on the page.
    pub micros: i64,
}

impl When {
    pub fn new(at: DateTime<Utc>, now: DateTime<Utc>, zone: Tz) -> Self {
        let local = at.with_timezone(&zone);
        Self {
            iso: at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
            exact: local.format("%a %-d %b %Y, %H:%M").to_string(),
            clock: local.format("%H:%M").to_string(),
            ago: ago(now - at),
            micros: at.timestamp_micros(),
        }
    }

    /// "just now", "5 min ago": within a sentence.
    pub fn past(&self) -> String {
        if self.ago == NOW { "just now".to_owned() } else { format!("{} ago", self.ago) }
    }
}

const NOW: &str = "now";

/// A span in the largest unit that says something: "now", "5 min", "3 h", "2 d".
pub fn ago(span: TimeDelta) -> String {
    match span.num_minutes() {
        ..1 => NOW.to_owned(),
        minutes @ 1..60 => format!("{minutes} min"),
        minutes @ 60..1_440 => format!("{} h", minutes / 60),
        minutes => format!("{} d", minutes / 1_440),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_told_in_the_hotels_zone_and_as_a_span() {
        let at = DateTime::from_timestamp(1_781_092_800, 0).unwrap();
        let when = When::new(at, at + TimeDelta::minutes(61), chrono_tz::Europe::Vienna);
        assert_eq!((when.exact.as_str(), when.ago.as_str()), ("Wed 10 Jun 2026, 14:00", "1 h"));
        assert_eq!(when.past(), "1 h ago");
        assert_eq!(When::new(at, at, chrono_tz::UTC).past(), "just now");
        assert_eq!(ago(TimeDelta::seconds(59)), "now");
        assert_eq!(ago(TimeDelta::minutes(59)), "59 min");
        assert_eq!(ago(TimeDelta::hours(49)), "2 d");
        assert_eq!(ago(TimeDelta::seconds(-5)), "now");
    }
}
