//! Decides what a guest wants from the tags of a message, several things in one message; it looks nothing up and answers nothing.

use std::ops::Range;

use chrono::NaiveDateTime;

use super::slots::{TimeHint, dates, times};
use super::tags::{Tag, TagHit, tags};
use super::tokens::{Kind, Token, tokens};

/// What a guest wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Intent {
    /// Towels brought.
    Towels,
    /// A thing brought that costs nothing: an iron, a pillow.
    Amenity,
    /// The room cleaned, the bed made, linen changed.
    Cleaning,
    /// Something is broken, dirty or missing.
    Fault,
    /// The bill or a charge on it.
    Bill,
    /// The guest's own booking: is it there, what is in it.
    Reservation,
    /// A new booking of a room.
    NewBooking,
    /// A table, a treatment or a place in a class, booked, changed or called off.
    Appointment,
    /// A booking changed.
    ChangeBooking,
    /// A booking called off.
    CancelBooking,
    /// Money back.
    Refund,
    /// Leaving later than the hotel's time.
    LateCheckout,
    /// Arriving earlier than the hotel's time.
    EarlyCheckin,
    /// Food or drink brought to the room.
    OrderFood,
    /// A paid service: transfer, taxi.
    Extra,
    /// A call to wake up.
    WakeUp,
    /// Something was lost, forgotten or stolen.
    LostItem,
    /// A person wanted.
    Person,
    /// The guest is unhappy and says so.
    Complaint,
    /// A question about the hotel.
    Fact(FactTopic),
    /// Hello.
    Greeting,
    /// Thank you.
    Thanks,
    /// Goodbye.
    Goodbye,
}

/// What a question about the hotel is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FactTopic {
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
    /// What the rooms have.
    RoomFeatures,
    CheckIn,
    CheckOut,
    Cancellation,
    /// A question, of which the topic is not known: search the facts.
    Other,
}

/// One thing wanted, and where the message says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntentHit {
    /// What is wanted.
    pub intent: Intent,
    /// The words that say it, as written.
    pub evidence: String,
    /// The clause they stand in, as written: where quantity, time and item are to be read.
    pub clause: String,
    /// Bytes of the clause in the message.
    pub span: Range<usize>,
}

/// Nobody wants more in one message; a flood is not read to its end.
const MOST: usize = 24;

/// Everything the guest wants, in the order said; an intent again only for another thing. Empty where nothing is
/// understood.
pub fn intents(text: &str) -> Vec<IntentHit> {
    let all = tokens(text);
    let mut hits: Vec<IntentHit> = Vec::new();
    for clause in clauses(&all) {
        let mut words: Vec<Token> = clause.iter().filter(|t| t.is_text()).cloned().collect();
        words.truncate(words.iter().rposition(|w| !divides(w)).map_or(0, |last| last + 1));
        let found = tags(&words);
        let Some((first, last)) = words.first().zip(words.last()) else { continue };
        let seen =
            Seen { text: text.get(first.start..last.end).unwrap_or_default(), words: &words, found: &found };
        for (intent, tag) in decide(&seen) {
            let Some(hit) = hit(text, &seen, intent, tag) else { continue };
            let again = |h: &IntentHit| {
                h.intent == intent && !(seen.names_a_thing(intent) && h.evidence != hit.evidence)
            };
            if hits.len() < MOST && !hits.iter().any(again) {
                hits.push(hit);
            }
        }
    }
    if hits.len() > 1 {
        // a bare "question" says nothing beside something understood
        hits.retain(|h| h.intent != Intent::Fact(FactTopic::Other));
    }
    hits
}

fn hit(text: &str, seen: &Seen, intent: Intent, tag: Tag) -> Option<IntentHit> {
    let found = seen.first(tag)?;
    let evidence = seen.words.get(found.from..found.to)?;
    let (first, last) = (seen.words.first()?, seen.words.last()?);
    let span = first.start..last.end;
    Some(IntentHit {
        intent,
        evidence: text.get(evidence.first()?.start..evidence.last()?.end)?.to_owned(),
        clause: text.get(span.clone())?.to_owned(),
        span,
    })
}

/// Sentences, and within one the parts that "and", "also", "y" or a comma set apart, if both stand on their own.
fn clauses(all: &[Token]) -> Vec<&[Token]> {
    let mut out = Vec::new();
    let mut from = 0;
    for at in 0..all.len() {
        let cut = all.get(at).zip(all.get(at + 1)).is_none_or(|(here, next)| {
            here.sentence != next.sentence
                || (divides(here) && starts_request(all.get(at + 1..).unwrap_or_default()))
        });
        if cut {
            out.extend(all.get(from..=at));
            from = at + 1;
        }
    }
    out
}

fn divides(token: &Token) -> bool {
    matches!(
        token.folded.as_str(),
        "," | "and" | "also" | "y" | "e" | "but" | "pero" | "plus" | "ademas" | "tambien"
    ) || (token.kind == Kind::Mark && matches!(token.folded.as_str(), "-" | "–" | ":" | "(") && token.spaced)
}

/// Whether the words after a comma or an "and" begin something of their own.
fn starts_request(rest: &[Token]) -> bool {
    const BEGINNINGS: &[&str] = &[
        "can", "could", "may", "would", "please", "i", "we", "im", "id", "ive", "is", "are", "do", "does",
        "what", "whats", "when", "where", "how", "why", "which", "the", "my", "our", "there", "also", "send",
        "bring", "a", "thanks", "thank", "bye", "puede", "pueden", "podria", "quiero", "quisiera",
        "necesito", "me", "hay", "que", "cuando", "cuanto", "donde", "como", "el", "la", "mi", "tambien",
        "por", "gracias", "book", "order", "cancel", "clean", "check", "have", "get",
    ];
    let mut words =
        rest.iter().take(6).take_while(|t| rest.first().is_some_and(|f| f.sentence == t.sentence));
    words.find(|t| t.is_text()).is_some_and(|t| BEGINNINGS.contains(&t.folded.as_str())) && rest.len() > 1
}

struct Seen<'a> {
    /// The clause as written.
    text: &'a str,
    words: &'a [Token],
    found: &'a [TagHit],
}

impl Seen<'_> {
    fn first(&self, tag: Tag) -> Option<TagHit> {
        self.found.iter().find(|h| h.label == tag).copied()
    }

    fn has(&self, tag: Tag) -> bool {
        self.first(tag).is_some()
    }

    fn any(&self, tags: &[Tag]) -> Option<Tag> {
        self.found.iter().map(|h| h.label).find(|t| tags.contains(t))
    }

    /// Whether the clause may stand beside another of the same intent: "an iron … and a pillow", two faults.
    fn names_a_thing(&self, intent: Intent) -> bool {
        match intent {
            Intent::Amenity | Intent::OrderFood | Intent::Extra => true,
            Intent::Fault => self.any(&[Tag::Feature, Tag::Wifi, Tag::Lift, Tag::Pool]).is_some(),
            _ => false,
        }
    }

    fn asks_how(&self) -> bool {
        let mut first = self.words.iter().take(3).map(|w| w.folded.as_str());
        first.any(|w| {
            matches!(w, "how" | "what" | "whats" | "where" | "which" | "como" | "que" | "cual" | "donde")
        })
    }

    /// Whether a time of day is said.
    fn says_time(&self) -> bool {
        !times(self.text, NaiveDateTime::default(), TimeHint::CheckOut).is_empty()
    }

    /// Whether a day is said by its number: then the stay itself is talked of.
    fn says_day(&self) -> bool {
        let days = dates(self.text, NaiveDateTime::default().date());
        days.iter().any(|day| day.text.contains(|c: char| c.is_ascii_digit()))
    }
}

/// What each tag is a question about, if nothing else is wanted of it.
const TOPICS: &[(Tag, FactTopic)] = &[
    (Tag::Wifi, FactTopic::Wifi),
    (Tag::Parking, FactTopic::Parking),
    (Tag::Pets, FactTopic::Pets),
    (Tag::Pool, FactTopic::Pool),
    (Tag::Gym, FactTopic::Gym),
    (Tag::Spa, FactTopic::Spa),
    (Tag::Breakfast, FactTopic::Breakfast),
    (Tag::RoomService, FactTopic::RoomService),
    (Tag::Restaurant, FactTopic::Restaurant),
    (Tag::Bar, FactTopic::Bar),
    (Tag::Luggage, FactTopic::Luggage),
    (Tag::Taxi, FactTopic::Taxi),
    (Tag::Transfer, FactTopic::Transfer),
    (Tag::Smoking, FactTopic::Smoking),
    (Tag::Children, FactTopic::Children),
    (Tag::Accessibility, FactTopic::Accessibility),
    (Tag::Deposit, FactTopic::Deposit),
    (Tag::Payment, FactTopic::Payment),
    (Tag::Cash, FactTopic::Cash),
    (Tag::Laundry, FactTopic::Laundry),
    (Tag::Safe, FactTopic::Safe),
    (Tag::Lift, FactTopic::Lift),
    (Tag::Kitchen, FactTopic::Kitchen),
    (Tag::CheckIn, FactTopic::CheckIn),
    (Tag::CheckOut, FactTopic::CheckOut),
    (Tag::FrontDesk, FactTopic::FrontDesk),
    (Tag::Sights, FactTopic::Sights),
    (Tag::Quiet, FactTopic::Quiet),
    (Tag::Location, FactTopic::Location),
    (Tag::Feature, FactTopic::RoomFeatures),
    (Tag::Amenity, FactTopic::RoomFeatures),
];

/// Places of the house that are booked apart from the room.
const APPOINTMENTS: &[Tag] =
    &[Tag::Restaurant, Tag::Breakfast, Tag::Spa, Tag::Gym, Tag::Pool, Tag::Taxi, Tag::Transfer];

/// The wants of one clause, each with the tag that speaks for it, in the order said.
fn decide(seen: &Seen) -> Vec<(Intent, Tag)> {
    let mut wants = Vec::new();
    for (tag, intent) in
        [(Tag::Greeting, Intent::Greeting), (Tag::Thanks, Intent::Thanks), (Tag::Goodbye, Intent::Goodbye)]
    {
        if seen.has(tag) {
            wants.push((intent, tag));
        }
    }
    if seen.has(Tag::Complaint) {
        wants.push((Intent::Complaint, Tag::Complaint));
    }
    wants.extend(trouble(seen).or_else(|| stay(seen)).map_or_else(|| service(seen), |want| vec![want]));
    wants.sort_by_key(|(_, tag)| seen.first(*tag).map(|h| h.from));
    wants
}

/// What goes before everything else in a clause: a person, a loss, something called off.
fn trouble(seen: &Seen) -> Option<(Intent, Tag)> {
    if seen.has(Tag::Person) {
        return Some((Intent::Person, Tag::Person));
    }
    if seen.has(Tag::Unwell) {
        return Some((Intent::Person, Tag::Unwell));
    }
    if seen.has(Tag::Lost) && !seen.has(Tag::Booking) {
        return Some((Intent::LostItem, Tag::Lost));
    }
    if seen.has(Tag::Refund) {
        // "can I get a refund if …", "are refunds possible" ask for the rule, not for money
        let rule =
            seen.words.iter().any(|w| matches!(w.folded.as_str(), "if" | "possible" | "si" | "posible"));
        let intent = if rule { Intent::Fact(FactTopic::Cancellation) } else { Intent::Refund };
        return Some((intent, Tag::Refund));
    }
    if seen.has(Tag::Cancel) {
        let about_rules = seen.has(Tag::HowMuch) || seen.has(Tag::When);
        return Some(match seen.any(APPOINTMENTS) {
            Some(_) => (Intent::Appointment, Tag::Cancel),
            None if about_rules => (Intent::Fact(FactTopic::Cancellation), Tag::Cancel),
            None => (Intent::CancelBooking, Tag::Cancel),
        });
    }
    None
}

/// What concerns the stay itself: its hours and its booking.
fn stay(seen: &Seen) -> Option<(Intent, Tag)> {
    let asks = seen.has(Tag::Ask) || seen.has(Tag::Question);
    let timed = asks && seen.says_time() && !seen.has(Tag::When) && !seen.has(Tag::HowMuch);
    let parked = seen.any(&[Tag::Luggage, Tag::Parking]).is_some();
    if seen.has(Tag::CheckOut) && seen.says_day() && !seen.says_time() && !seen.has(Tag::When) {
        return Some((Intent::ChangeBooking, Tag::CheckOut));
    }
    if seen.has(Tag::CheckOut) && !parked && (seen.has(Tag::Later) || timed) {
        return Some((Intent::LateCheckout, Tag::CheckOut));
    }
    if seen.has(Tag::CheckIn) && !parked && !seen.has(Tag::Fault) && (seen.has(Tag::Earlier) || timed) {
        return Some((Intent::EarlyCheckin, Tag::CheckIn));
    }
    let linen = seen.any(&[Tag::Housekeeping, Tag::Towels, Tag::Amenity]).is_some();
    if seen.has(Tag::Change) && !linen && !seen.has(Tag::Fault) && !seen.has(Tag::Order) {
        return Some(match seen.any(APPOINTMENTS) {
            Some(_) => (Intent::Appointment, Tag::Change),
            None => (Intent::ChangeBooking, Tag::Change),
        });
    }
    None
}

/// What the house does or knows.
fn service(seen: &Seen) -> Vec<(Intent, Tag)> {
    let mut wants = Vec::new();
    let asks = seen.has(Tag::Ask) || seen.has(Tag::RunOut);
    let priced = seen.has(Tag::HowMuch);
    let timed = seen.has(Tag::When);
    let inquires = seen.has(Tag::Question) || priced || timed;
    if seen.has(Tag::Housekeeping) && !priced {
        wants.push((Intent::Cleaning, Tag::Housekeeping));
    }
    if seen.has(Tag::Towels)
        && (asks || seen.has(Tag::Extra) || seen.has(Tag::Fault))
        && !timed
        && wants.is_empty()
    {
        wants.push((Intent::Towels, Tag::Towels));
    } else if seen.has(Tag::Fault) && wants.is_empty() {
        return vec![(Intent::Fault, Tag::Fault)];
    }
    let meal_question = seen.has(Tag::Breakfast) && !seen.has(Tag::RoomService);
    if seen.has(Tag::Order) && !priced && !timed && !meal_question && !seen.asks_how() {
        wants.push((Intent::OrderFood, Tag::Order));
    }
    if seen.has(Tag::Amenity) && (asks || seen.has(Tag::Extra)) && !timed && !priced {
        wants.push((Intent::Amenity, Tag::Amenity));
    }
    if seen.has(Tag::WakeUp) {
        wants.push((Intent::WakeUp, Tag::WakeUp));
    }
    if !wants.is_empty() {
        // "… and the wifi password": nothing that is brought or cleaned speaks of it.
        if seen.has(Tag::Wifi) {
            wants.push((Intent::Fact(FactTopic::Wifi), Tag::Wifi));
        }
        return wants;
    }
    if let Some(tag) = seen.any(&[Tag::Transfer, Tag::Taxi]).filter(|_| !priced && !timed)
        && (asks || seen.has(Tag::Booking))
        && !seen.asks_how()
    {
        return vec![(Intent::Extra, tag)];
    }
    if let Some(tag) = seen.any(APPOINTMENTS).filter(|_| seen.has(Tag::Booking)) {
        return vec![(Intent::Appointment, tag)];
    }
    if seen.has(Tag::Bill) {
        return vec![(Intent::Bill, Tag::Bill)];
    }
    if let Some(about) = booking(seen) {
        return vec![about];
    }
    if seen.has(Tag::Order) && !meal_question {
        return vec![(Intent::Fact(FactTopic::RoomService), Tag::Order)];
    }
    let short = seen.words.len() <= 3;
    let topics: Vec<(Intent, Tag)> = TOPICS
        .iter()
        .filter(|(tag, _)| (inquires || asks || short) && seen.has(*tag))
        .map(|(tag, topic)| (Intent::Fact(*topic), *tag))
        .collect();
    if topics.is_empty() && inquires {
        let tag = seen.any(&[Tag::Question, Tag::HowMuch, Tag::When]).unwrap_or(Tag::Question);
        return vec![(Intent::Fact(FactTopic::Other), tag)];
    }
    topics
}

fn booking(seen: &Seen) -> Option<(Intent, Tag)> {
    if seen.has(Tag::WantRoom) && !seen.has(Tag::Existing) {
        return Some((Intent::NewBooking, Tag::WantRoom));
    }
    if !seen.has(Tag::Booking) {
        return None;
    }
    let new = !seen.has(Tag::Existing) && seen.has(Tag::Ask);
    Some((if new { Intent::NewBooking } else { Intent::Reservation }, Tag::Booking))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<Intent> {
        intents(text).into_iter().map(|h| h.intent).collect()
    }

    #[test]
    fn several_wants_in_one_message_come_in_the_order_said() {
        let hits = intents("Hi! The AC is broken and can I get two towels, also what time is breakfast?");
        let wants: Vec<Intent> = hits.iter().map(|h| h.intent).collect();
        let breakfast = Intent::Fact(FactTopic::Breakfast);
        assert_eq!(wants, [Intent::Greeting, Intent::Fault, Intent::Towels, breakfast]);
        assert_eq!(hits[2].clause, "can I get two towels");
        assert_eq!(hits[1].evidence, "AC is broken");
        let wifi = Intent::Fact(FactTopic::Wifi);
        assert_eq!(of("¿me pueden traer dos toallas y decirme la clave del wifi?"), [Intent::Towels, wifi]);
    }

    #[test]
    fn what_is_broken_is_a_fault_and_what_has_run_out_is_brought() {
        for fault in [
            "the shower won't drain",
            "tv is just dead",
            "no hot water",
            "no hay agua caliente",
            "wifi is down",
        ] {
            assert_eq!(of(fault), [Intent::Fault], "{fault}");
        }
        assert_eq!(of("there is no toilet paper"), [Intent::Amenity]);
        assert_eq!(of("no hay toallas en el baño"), [Intent::Towels]);
    }

    #[test]
    fn a_time_makes_the_difference_between_asking_the_rule_and_asking_to_stay() {
        assert_eq!(of("can I check out at 1?"), [Intent::LateCheckout]);
        assert_eq!(of("puedo salir a la una?"), [Intent::LateCheckout]);
        assert_eq!(of("what time is check out"), [Intent::Fact(FactTopic::CheckOut)]);
        assert_eq!(of("I want to keep the room until the 14th"), [Intent::ChangeBooking]);
    }

    #[test]
    fn a_person_is_a_person_whatever_the_department() {
        for text in ["Let me talk to a human", "let me speak to the spa", "quiero hablar con una persona"] {
            assert_eq!(of(text), [Intent::Person], "{text}");
        }
    }

    #[test]
    fn small_talk_and_answers_want_nothing_of_the_house() {
        assert_eq!(of("ok thanks, bye"), [Intent::Thanks, Intent::Goodbye]);
        assert_eq!(of("HRB1001, Ruiz"), []);
        assert_eq!(of("yes"), []);
        assert_eq!(of("Yes, that is correct"), []);
        assert_eq!(of("no, that's not right"), []);
    }

    #[test]
    fn spanish_is_read_as_well() {
        assert_eq!(of("¿podría traerme dos toallas?"), [Intent::Towels]);
        assert_eq!(of("un club sandwich a mi habitación por favor"), [Intent::OrderFood]);
        assert_eq!(of("la cuenta por favor"), [Intent::Bill]);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_survived_and_evidence_stands_in_the_clause(text in "(\\PC|check out| and |, i |\\?){0,40}") {
            for hit in intents(&text) {
                proptest::prop_assert!(hit.clause.contains(&hit.evidence));
                proptest::prop_assert_eq!(text.get(hit.span.clone()), Some(hit.clause.as_str()));
            }
        }
    }
}
