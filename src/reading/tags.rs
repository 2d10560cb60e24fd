//! Finds what a message mentions: places, things and acts, one tag each; what the guest wants is read from them in `intent`.

use std::sync::LazyLock;

use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error, StrDeserializer};

use super::phrases::{Found, Source, Table};
use super::tokens::Token;

/// Something that a message mentions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
pub enum Tag {
    // places and services
    Wifi,
    Parking,
    Pets,
    Gym,
    Spa,
    Pool,
    Restaurant,
    Breakfast,
    Bar,
    RoomService,
    Luggage,
    Taxi,
    Transfer,
    Smoking,
    Children,
    Accessibility,
    Payment,
    Cash,
    Deposit,
    Laundry,
    Lift,
    Location,
    FrontDesk,
    Kitchen,
    Safe,
    Sights,
    Quiet,
    // the room and what belongs in it
    Towels,
    /// Something that is brought to a room on request.
    Amenity,
    /// Something that a room has or has not.
    Feature,
    Housekeeping,
    CheckIn,
    CheckOut,
    Booking,
    Bill,
    Refund,
    // acts
    /// Asks that something is given or brought.
    Ask,
    /// Says that one more is wanted.
    Extra,
    /// Says that something small has run out or is not there.
    RunOut,
    /// Wants a room for some nights.
    WantRoom,
    Order,
    Fault,
    Change,
    Cancel,
    Person,
    Lost,
    /// Somebody is ill or hurt, though nobody cries for help.
    Unwell,
    Complaint,
    WakeUp,
    HowMuch,
    /// A number asked for that is not money.
    HowMany,
    When,
    Later,
    Earlier,
    Existing,
    Question,
    Greeting,
    Thanks,
    Goodbye,
    // covers words so that another tag does not take them
    /// A length of time, not a price.
    HowLong,
    /// An arrival or departure date of a stay, not the formality.
    StayDate,
    /// Not a hotel matter after all.
    Nothing,
}

/// Which tags a tag covers: hits of these that overlap it are dropped.
const COVERS: &[(Tag, &[Tag])] = &[
    (Tag::HowLong, &[Tag::HowMuch, Tag::When]),
    (Tag::StayDate, &[Tag::CheckIn, Tag::CheckOut]),
    (Tag::Lost, &[Tag::Fault]),
    (Tag::RunOut, &[Tag::Fault]),
    (Tag::Goodbye, &[Tag::Person]),
    (
        Tag::Nothing,
        &[
            Tag::Feature,
            Tag::Fault,
            Tag::Lost,
            Tag::Person,
            Tag::Change,
            Tag::Order,
            Tag::Ask,
            Tag::Booking,
            Tag::Complaint,
        ],
    ),
];

/// A tag with the words it was read from: `from..to` in the words given.
pub type TagHit = Found<Tag>;

const ENGLISH_PHRASES: &str = include_str!("phrases.en.txt");
const SPANISH_PHRASES: &str = include_str!("phrases.es.txt");

static ENGLISH: LazyLock<Table<Tag>> = LazyLock::new(|| Table::new(&Source::read(ENGLISH_PHRASES), named));
static SPANISH: LazyLock<Table<Tag>> = LazyLock::new(|| Table::new(&Source::read(SPANISH_PHRASES), named));

fn named(name: &str) -> Option<Tag> {
    let name: StrDeserializer<Error> = name.into_deserializer();
    Tag::deserialize(name).ok()
}

/// Everything mentioned, in the order said. Both languages are always read: guests mix them.
pub fn tags(words: &[Token]) -> Vec<TagHit> {
    let mut found = ENGLISH.find(words);
    found.extend(SPANISH.find(words));
    // one set of covered tags per word keeps this linear in the length of the message
    let mut covered = vec![0_u128; words.len()];
    for hit in &found {
        let tags = COVERS.iter().filter(|(by, _)| *by == hit.label).flat_map(|(_, tags)| tags.iter());
        let set = tags.fold(0, |set, tag| set | bit(*tag));
        covered.iter_mut().take(hit.to).skip(hit.from).for_each(|word| *word |= set);
    }
    found.retain(|hit| {
        covered.get(hit.from..hit.to).is_none_or(|words| words.iter().all(|set| set & bit(hit.label) == 0))
    });
    found.sort_by_key(|hit| (hit.from, hit.to, hit.label));
    found.dedup();
    found
}

fn bit(tag: Tag) -> u128 {
    1 << (tag as u32)
}

#[cfg(test)]
mod tests {
    use super::super::tokens::words;
    use super::*;

    #[test]
    fn the_files_of_phrases_can_be_read_to_the_last_word() {
        for text in [ENGLISH_PHRASES, SPANISH_PHRASES] {
            let source = Source::read(text);
            for (name, _) in &source.rows {
                assert!(named(name).is_some(), "no such tag: {name}");
            }
            for phrase in source.rows.iter().chain(&source.lists).flat_map(|(_, phrases)| phrases) {
                let folded =
                    |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "|_[]<>.^$#* ".contains(c);
                assert!(phrase.chars().all(folded), "not as messages are folded: {phrase}");
                for name in phrase.split('<').skip(1).filter_map(|rest| rest.split('>').next()) {
                    assert!(source.lists.iter().any(|(list, _)| *list == name), "no such list: {phrase}");
                }
            }
        }
    }

    #[test]
    fn a_stay_date_is_no_question_about_check_out() {
        let has = |text: &str, tag| tags(&words(text)).iter().any(|h| h.label == tag);
        assert!(!has("check out on the 23rd", Tag::CheckOut));
        assert!(has("can I check out at 1", Tag::CheckOut));
    }
}
