//! What a hotel allows each tool, within what the tool itself demands.

use super::proof::ProofNeed;
use serde::{Deserialize, Serialize};

text_enum! {
    /// What a tool can change.
    pub enum SideEffect {
        /// Reads only.
        None = "none",
        /// Makes work for the hotel's people.
        Request = "request",
        /// Costs the guest money.
        Charge = "charge",
        /// Calls staff.
        HandOff = "hand_off",
    }
}

/// A property's policy for one tool. It can only be stricter than the tool's own: proof and confirmation stay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ToolPolicy {
    pub enabled: bool,
    pub proof: ProofNeed,
    /// Staff decide each use; the guest is told so.
    #[serde(default)]
    pub staff_approval: bool,
    /// Lower than the hotel's own limit per charge, minor units; `None`: the hotel's.
    #[serde(default)]
    pub max_charge_minor: Option<i64>,
}
