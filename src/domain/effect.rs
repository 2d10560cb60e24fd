//! An effect: something that a tool does in the hotel's systems, written down before it is done.

use super::ids::{ConversationId, EffectId, ItemId, PropertyId, StayId, TurnId};
use super::money::Money;
use super::request::RequestKind;
use super::words::fold;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// For so long after its first call the hotel's system is asked what became of an effect; then staff decide.
pub const FOLLOWED: TimeDelta = TimeDelta::minutes(10);
/// Said of an effect for ever once its own call has shown that it was done although it had been given up.
pub const SURFACED: &str = "done after it had been given up";

text_enum! {
    pub enum EffectState {
        /// Quoted; waits for the guest's word.
        Proposed = "proposed",
        /// Agreed, or in no need of it; not yet sent.
        Confirmed = "confirmed",
        /// The connector is being called.
        Sent = "sent",
        Succeeded = "succeeded",
        /// Certainly not done; `error` says why (also: declined, changed, expired).
        Failed = "failed",
        /// Cut off; read back before anything is repeated.
        Unknown = "unknown",
    }
}

/// What happens to an effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EffectEvent {
    Confirm,
    Send,
    Succeed,
    Fail,
    LoseSight,
    /// The same call once more, where that is safe.
    Repeat,
    /// It had been given up, and now its own call says that it was done after all.
    Surface,
}

/// A step that an effect in this state cannot take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an effect that is {from} cannot {event:?}")]
pub struct BadStep {
    pub from: EffectState,
    pub event: EffectEvent,
}

impl Plan {
    /// What it is about, in the words that the guest was told.
    pub fn item(&self) -> String {
        match self {
            Plan::Request { item, .. } | Plan::Order { item, .. } | Plan::Charge { item, .. } => item.clone(),
            Plan::LateCheckout { until, .. } => format!("late check-out {}", until.format("%H:%M")),
        }
    }

    pub fn quantity(&self) -> u32 {
        match self {
            Plan::Request { quantity, .. } | Plan::Order { quantity, .. } | Plan::Charge { quantity, .. } => {
                *quantity
            }
            Plan::LateCheckout { .. } => 1,
        }
    }

    /// Whether two plans answer the same wish, however it was worded.
    pub fn same_wish(&self, other: &Plan) -> bool {
        match (self, other) {
            (Plan::Request { kind, item, .. }, Plan::Request { kind: another, item: other, .. }) => {
                kind == another
                    && (names_the_thing(*kind) || is_part_of(item, other) || is_part_of(other, item))
            }
            (Plan::Order { item_id, .. }, Plan::Order { item_id: other, .. })
            | (Plan::Charge { item_id, .. }, Plan::Charge { item_id: other, .. }) => item_id == other,
            (Plan::LateCheckout { .. }, Plan::LateCheckout { .. }) => true,
            (
                Plan::Request { .. } | Plan::Order { .. } | Plan::Charge { .. } | Plan::LateCheckout { .. },
                _,
            ) => false,
        }
    }
}

/// Towels are towels, whatever words they come in; an amenity or a fault is known by its words alone.
fn names_the_thing(kind: RequestKind) -> bool {
    match kind {
        RequestKind::Towels | RequestKind::Cleaning | RequestKind::LateCheckout => true,
        RequestKind::Amenity | RequestKind::Fault | RequestKind::Order | RequestKind::Other => false,
    }
}

/// "iron" of "clothes iron", "towels" of "bath towel": every word of the one begins, or begins with, one of the other.
fn is_part_of(words: &str, whole: &str) -> bool {
    let (words, whole) = (fold(words), fold(whole));
    let alike = |one: &str, other: &str| {
        one == other || one.len().min(other.len()) > 3 && (one.starts_with(other) || other.starts_with(one))
    };
    words.split(' ').all(|word| whole.split(' ').any(|other| alike(word, other)))
}

impl EffectState {
    /// proposed → confirmed → sent → succeeded | failed | unknown; unknown → succeeded | failed once read back, or → sent
    /// once more where that is safe. What has succeeded stays so; what failed comes back only by a late answer.
    pub fn step(self, event: EffectEvent) -> Result<EffectState, BadStep> {
        use EffectEvent::{Confirm, Fail, LoseSight, Repeat, Send, Succeed, Surface};
        use EffectState::{Confirmed, Failed, Proposed, Sent, Succeeded, Unknown};
        match (self, event) {
            (Proposed, Confirm) => Ok(Confirmed),
            (Confirmed, Send) => Ok(Sent),
            (Sent | Unknown, Succeed) => Ok(Succeeded),
            (Proposed | Confirmed | Sent | Unknown, Fail) => Ok(Failed),
            (Sent, LoseSight) | (Failed, Surface) => Ok(Unknown),
            (Unknown, Repeat) => Ok(Sent),
            (from, event) => Err(BadStep { from, event }),
        }
    }

    /// Counts against the guest's limits: agreed, and not certainly undone.
    pub fn counts(self) -> bool {
        match self {
            EffectState::Confirmed | EffectState::Sent | EffectState::Succeeded | EffectState::Unknown => {
                true
            }
            EffectState::Proposed | EffectState::Failed => false,
        }
    }
}

/// What is to be done, complete: nothing is looked up again later. Stored; old forms stay readable.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "plan", rename_all = "snake_case")]
pub enum Plan {
    /// Housekeeping, a fault, and the like: no money.
    Request {
        kind: RequestKind,
        item: String,
        quantity: u32,
        note: Option<String>,
    },
    /// A charge and a request to its department, as one effect.
    Order {
        item_id: ItemId,
        item: String,
        quantity: u32,
        department: String,
        note: Option<String>,
    },
    /// A charge alone.
    Charge {
        item_id: ItemId,
        item: String,
        quantity: u32,
    },
    LateCheckout {
        on: NaiveDate,
        until: NaiveTime,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    pub id: EffectId,
    pub property_id: PropertyId,
    pub conversation_id: ConversationId,
    pub stay_id: StayId,
    pub turn_id: TurnId,
    pub tool: String,
    pub plan: Plan,
    /// What the guest pays; `None`: nothing.
    pub total: Option<Money>,
    pub state: EffectState,
    pub error: Option<String>,
    /// What had been answered when the wish was made: names the burst that it came from.
    pub anchor_seq: i64,
    /// How far the burst went in which the guest agreed.
    pub confirmed_seq: Option<i64>,
    /// The message that told the guest the price; a "yes" counts only after it.
    pub quoted_seq: Option<i64>,
    pub expires_at: Option<DateTime<Utc>>,
    pub voided_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub course: Course,
}

impl Effect {
    /// Whether another look at it shows what this one showed: no step has been taken, no call begun in between.
    pub fn is_where(&self, other: &Effect) -> bool {
        self.state == other.state && self.course.calls == other.course.calls
    }

    /// It had been given up, and was done: whoever was told otherwise may have acted on it.
    pub fn has_surfaced(&self) -> bool {
        self.error.as_ref().is_some_and(|error| error.starts_with(SURFACED))
    }

    /// What is said of it next: `why`, and what must never be forgotten of it.
    pub fn said_of_it(&self, why: Option<String>) -> Option<String> {
        match why {
            why if !self.has_surfaced() => why,
            Some(why) if !why.starts_with(SURFACED) => Some(format!("{SURFACED}; {why}")),
            Some(_) | None => Some(SURFACED.to_owned()),
        }
    }

    /// A turn that begins at `answered` answers the burst in which it was wished or agreed to.
    pub fn is_of_burst_after(&self, answered: i64) -> bool {
        self.anchor_seq == answered || self.confirmed_seq.is_some_and(|seq| seq > answered)
    }

    /// Ended before the guest agreed or anybody called for it: the same wish once more is a new one.
    pub fn came_to_nothing(&self) -> bool {
        self.state == EffectState::Failed && self.course.calls == 0 && self.confirmed_seq.is_none()
    }

    /// Until when the hotel's system is still asked about an effect in doubt, so that nobody settles it by hand what may
    /// yet show on the bill; `None`: it is for staff, or in no doubt.
    pub fn asked_until(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let begun = self.course.sent_at.unwrap_or(self.created_at);
        let asked = self.state == EffectState::Unknown && self.course.due_at.is_some();
        // By a clock that was set back it would be longer than anybody should wait.
        (asked && begun <= now && now < begun + FOLLOWED).then(|| begun + FOLLOWED)
    }
}

/// How carrying an effect out went so far.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Course {
    /// When the hotel's system was first called for it.
    pub sent_at: Option<DateTime<Utc>>,
    /// When the latest call began.
    pub called_at: Option<DateTime<Utc>>,
    /// Calls that were begun, repeats included; a result names the call that it belongs to.
    pub calls: i64,
    /// How many of its steps are known to stand.
    pub steps_done: i64,
    /// The hotel system's own key of the charge.
    pub external_id: Option<String>,
    /// When it has to be looked at again: to learn what became of it, or to tell the guest.
    pub due_at: Option<DateTime<Utc>>,
    /// When the conversation passed on while it was under way, to staff or back; from then on it is not repeated.
    pub overtaken_at: Option<DateTime<Utc>>,
}

impl Course {
    /// Of an effect whose first call begins now.
    pub fn begun(now: DateTime<Utc>) -> Self {
        Self::default().after(EffectEvent::Send, now)
    }

    /// The next state with its course. What was never sent cannot come back from having failed.
    pub fn step(
        self,
        from: EffectState,
        event: EffectEvent,
        now: DateTime<Utc>,
    ) -> Result<(EffectState, Self), BadStep> {
        if event == EffectEvent::Surface && self.calls == 0 {
            return Err(BadStep { from, event });
        }
        Ok((from.step(event)?, self.after(event, now)))
    }

    fn after(self, event: EffectEvent, now: DateTime<Utc>) -> Self {
        let quiet = Self { due_at: None, ..self };
        match event {
            EffectEvent::Send | EffectEvent::Repeat => Self {
                sent_at: quiet.sent_at.or(Some(now)),
                called_at: Some(now),
                calls: quiet.calls + 1,
                ..quiet
            },
            EffectEvent::Confirm
            | EffectEvent::Succeed
            | EffectEvent::Fail
            | EffectEvent::LoseSight
            | EffectEvent::Surface => quiet,
        }
    }
}

/// A charge that the guest agreed to, item and amount, after having been told both. Made only by [`Confirmed::of`].
#[derive(Debug, Clone, PartialEq)]
pub struct Confirmed<T>(T);

impl Confirmed<Effect> {
    /// `None` unless the effect has been confirmed on disk.
    pub fn of(effect: Effect) -> Option<Self> {
        (effect.state == EffectState::Confirmed || effect.state == EffectState::Sent).then_some(Self(effect))
    }

    pub fn get(&self) -> &Effect {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const EVENTS: [EffectEvent; 7] = [
        EffectEvent::Confirm,
        EffectEvent::Send,
        EffectEvent::Succeed,
        EffectEvent::Fail,
        EffectEvent::LoseSight,
        EffectEvent::Repeat,
        EffectEvent::Surface,
    ];

    #[test]
    fn a_wish_is_known_again_in_other_words_and_another_of_its_kind_is_not() {
        let same = |kind: RequestKind, one: &str, other: &str| {
            let plan = |item: &str| Plan::Request { kind, item: item.to_owned(), quantity: 1, note: None };
            let answer = plan(one).same_wish(&plan(other));
            assert_eq!(answer, plan(other).same_wish(&plan(one)), "{one} and {other}");
            answer
        };
        assert!(same(RequestKind::Towels, "towels", "bath linen"));
        assert!(same(RequestKind::Amenity, "iron", "clothes iron"));
        assert!(same(RequestKind::Amenity, "extra pillow", "Extra Pillows"));
        assert!(same(RequestKind::Fault, "dripping shower", "shower"));
        assert!(!same(RequestKind::Amenity, "iron", "pillow"));
        assert!(!same(RequestKind::Amenity, "extra pillow", "extra blanket"));
        assert!(!same(RequestKind::Fault, "shower does not work", "lamp does not work"));
        assert!(!same(RequestKind::Fault, "tv", "tap"));
    }

    proptest! {
        #[test]
        fn in_whatever_order_things_happen_nothing_is_sent_unconfirmed_and_what_was_done_stays_done(
            events in prop::collection::vec(0..EVENTS.len(), 0..60),
        ) {
            let (mut state, mut course, now) = (EffectState::Proposed, Course::default(), DateTime::UNIX_EPOCH);
            let (mut confirmed, mut sent) = (false, 0);
            for event in events.into_iter().map(|index| EVENTS[index]) {
                let Ok((next, after)) = course.clone().step(state, event, now) else { continue };
                prop_assert_ne!(state, EffectState::Succeeded);
                prop_assert!(state != EffectState::Failed || event == EffectEvent::Surface);
                confirmed |= next == EffectState::Confirmed;
                prop_assert!(confirmed || !matches!(next, EffectState::Sent | EffectState::Succeeded));
                // Between two sendings somebody has to have lost sight of the first.
                prop_assert!(next != EffectState::Sent || matches!(state, EffectState::Confirmed | EffectState::Unknown));
                sent += i64::from(next == EffectState::Sent);
                course = after;
                prop_assert_eq!(course.calls, sent);
                prop_assert_eq!(course.sent_at.is_some(), sent > 0);
                state = next;
            }
        }
    }
}
