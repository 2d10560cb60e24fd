//! How sure Bellhop is which stay a conversation belongs to. Only the constructors here make a [`Verified`].

use super::stay::Stay;

text_enum! {
    /// What has been shown, weakest first.
    pub enum Proof {
        None = "none",
        /// The channel vouches for the address, and exactly one stay has it.
        Address = "address",
        /// Confirmation number and surname.
        Reservation = "reservation",
        /// A signed link from a room or a confirmation.
        Token = "token",
    }
}

text_enum! {
    /// What a tool asks for.
    pub enum ProofNeed {
        None = "none",
        /// Any proof that binds the conversation to one stay.
        Stay = "stay",
    }
}

/// A value that some proof stands behind: holding one is the permission to use it.
#[derive(Debug, Clone, PartialEq)]
pub struct Verified<T> {
    value: T,
    proof: Proof,
}

impl Verified<Stay> {
    /// `None` without any proof, and for a stay that was cancelled.
    pub fn new(stay: Stay, proof: Proof) -> Option<Self> {
        let cancelled = stay.state == super::stay::StayState::Cancelled;
        (proof != Proof::None && !cancelled).then_some(Self { value: stay, proof })
    }
}

impl<T> Verified<T> {
    pub fn proof(&self) -> Proof {
        self.proof
    }

    pub fn get(&self) -> &T {
        &self.value
    }
}
