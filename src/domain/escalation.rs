//! Why a conversation reached staff: typed, with the evidence.

use super::effect::EffectState;
use super::ids::EffectId;
use serde::{Deserialize, Serialize};

text_enum! {
    /// Emergency first in the inbox, then high, then normal.
    #[derive(Default)]
    pub enum Priority {
        #[default]
        Normal = "normal",
        High = "high",
        Emergency = "emergency",
    }
}

impl Priority {
    /// `None` for 0: not with staff.
    pub fn from_rank(rank: i64) -> Option<Priority> {
        Priority::ALL.iter().copied().find(|priority| priority.rank() == rank)
    }

    /// For sorting in the database: larger is more urgent.
    pub fn rank(self) -> i64 {
        match self {
            Priority::Normal => 1,
            Priority::High => 2,
            Priority::Emergency => 3,
        }
    }
}

/// Stored with the escalation; old forms stay readable.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Reason {
    Emergency {
        alarm: String,
        words: String,
    },
    AskedForPerson {
        words: String,
    },
    Keyword {
        rule: String,
        words: String,
        rules_version: i64,
    },
    Mood {
        score: f64,
        threshold: f64,
        words: Vec<String>,
        rules_version: i64,
    },
    /// A tool or the policy says that staff decide.
    StaffDecide {
        tool: String,
        why: String,
    },
    /// Above a limit of the hotel.
    Limit {
        tool: String,
        why: String,
    },
    ProofTries,
    /// What became of an effect is not known, or it failed after the guest agreed.
    Effect {
        effect: EffectId,
        state: EffectState,
        why: String,
    },
    /// Bellhop could not answer.
    NoAnswer {
        why: String,
    },
    /// A reply could not be delivered.
    Undelivered {
        why: String,
    },
    /// The holder left the guest waiting.
    GuestWaits {
        minutes: u32,
    },
    /// The guest sent something that only a person can look at.
    Media {
        count: usize,
    },
}

impl Reason {
    /// The stable word stored beside it.
    pub fn kind(&self) -> &'static str {
        match self {
            Reason::Emergency { .. } => "emergency",
            Reason::AskedForPerson { .. } => "asked_for_person",
            Reason::Keyword { .. } => "keyword",
            Reason::Mood { .. } => "mood",
            Reason::StaffDecide { .. } => "staff_decide",
            Reason::Limit { .. } => "limit",
            Reason::ProofTries => "proof_tries",
            Reason::Effect { .. } => "effect",
            Reason::NoAnswer { .. } => "no_answer",
            Reason::Undelivered { .. } => "undelivered",
            Reason::GuestWaits { .. } => "guest_waits",
            Reason::Media { .. } => "media",
        }
    }

    /// In a few words, for the inbox and for an alert: never the guest's whole text.
    pub fn in_words(&self) -> String {
        match self {
            Reason::Emergency { alarm, words } => format!("emergency: {alarm} ({words})"),
            Reason::AskedForPerson { .. } => "asked for a person".to_owned(),
            Reason::Keyword { words, .. } => format!("keyword: {words}"),
            Reason::Mood { score, .. } => format!("mood {score:.1}"),
            Reason::StaffDecide { why, .. } | Reason::Limit { why, .. } => why.clone(),
            Reason::ProofTries => "could not prove the stay".to_owned(),
            Reason::Effect { state, why, .. } => format!("{state}: {why}"),
            Reason::NoAnswer { why } => format!("no answer: {why}"),
            Reason::Undelivered { why } => format!("not delivered: {why}"),
            Reason::GuestWaits { minutes } => format!("guest waits for {minutes} minutes"),
            Reason::Media { count } => format!("sent {count} file(s)"),
        }
    }

    /// For an alert that leaves the house: the kind alone, no word of the guest's.
    pub fn without_guest_text(&self) -> String {
        match self {
            Reason::Emergency { alarm, .. } => format!("EMERGENCY ({alarm})"),
            Reason::Keyword { rule, .. } => format!("rule \"{rule}\""),
            Reason::Mood { .. } => "unhappy guest".to_owned(),
            Reason::AskedForPerson { .. }
            | Reason::StaffDecide { .. }
            | Reason::Limit { .. }
            | Reason::ProofTries
            | Reason::Effect { .. }
            | Reason::NoAnswer { .. }
            | Reason::Undelivered { .. }
            | Reason::GuestWaits { .. }
            | Reason::Media { .. } => self.kind().replace('_', " "),
        }
    }
}
