//! What a question or a fact is about and how it is asked, by the phrases of `concepts.txt`; it ranks nothing.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::reading::phrases::{Source, Table};
use crate::reading::tokens::Token;

const FILE: &str = include_str!("../concepts.txt");

static SOURCE: LazyLock<Source<'static>> = LazyLock::new(|| Source::read(FILE));
static TABLE: LazyLock<Table<Aspect>> = LazyLock::new(|| {
    let label = |name: &str| SOURCE.rows.iter().map(|(n, _)| Aspect(n)).find(|a| a.0 == name);
    Table::new(&SOURCE, label)
});

/// A topic ("parking") or a way of asking ("askcost"), by its label in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Aspect(&'static str);

impl Aspect {
    /// Whether it is what something is about, not how it is asked.
    pub(super) fn is_topic(self) -> bool {
        !self.0.starts_with("ask")
    }

    /// Its name among the terms of a collection, which no word can have.
    pub(super) fn term(&self) -> &'static str {
        self.0
    }
}

/// All that the words are about, each once.
pub(super) fn concepts(words: &[Token]) -> BTreeSet<Aspect> {
    TABLE.find(words).into_iter().map(|found| found.label).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_phrase_is_written_as_messages_are_folded() {
        for (name, phrases) in &SOURCE.rows {
            assert!(!phrases.is_empty(), "{name}");
            for phrase in phrases {
                let folded = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "|_[]*. ".contains(c);
                assert!(phrase.chars().all(folded), "{phrase}");
            }
        }
    }
}
