//! What a guest may tap below a message in place of typing it. What a tap means is decided where words are read.

use super::ids::EffectId;
use serde::{Deserialize, Serialize};

/// What may be tapped below one message.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choices {
    /// What opens the list, where it is one.
    pub label: String,
    pub options: Vec<Choice>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Ours; it comes back when it is tapped.
    pub id: String,
    /// What stands on it, and what it says for the guest.
    pub title: String,
}

impl Choices {
    /// The answers to an offer. Each knows its offer: a tap below an old one must not agree to a newer one.
    pub fn yes_or_no(offer: EffectId, yes: String, no: String) -> Self {
        let options = vec![
            Choice { id: format!("yes:{offer}"), title: yes },
            Choice { id: format!("no:{offer}"), title: no },
        ];
        Self { label: String::new(), options }
    }

    /// One of several things.
    pub fn one_of(label: String, titles: &[String]) -> Self {
        let choice =
            |(at, title): (usize, &String)| Choice { id: format!("pick:{at}"), title: title.clone() };
        Self { label, options: titles.iter().enumerate().map(choice).collect() }
    }

    pub fn is_empty(&self) -> bool {
        self.options.is_empty()
    }
}

/// The offer that a tapped choice answers; `None`: it answers none.
pub fn offer(choice: &str) -> Option<EffectId> {
    let (answer, offer) = choice.split_once(':')?;
    matches!(answer, "yes" | "no").then(|| offer.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_tap_below_an_offer_names_it_and_nothing_else_does() {
        let id = EffectId(Uuid::from_u128(7));
        for choice in Choices::yes_or_no(id, "Yes".to_owned(), "No".to_owned()).options {
            assert_eq!(offer(&choice.id), Some(id));
        }
        let picks = Choices::one_of("Which?".to_owned(), &["Tea".to_owned()]);
        assert_eq!(offer(&picks.options[0].id), None);
        for other in ["", "yes", "yes:", "yes:cnv_1", "no:1"] {
            assert_eq!(offer(other), None, "{other}");
        }
    }
}
