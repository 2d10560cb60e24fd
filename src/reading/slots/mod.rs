//! Reads numbers, times and dates out of a message; it does not judge whether the hotel can do them.

mod calendar;
mod clock_words;
mod dates;
mod numbers;
mod times;

pub use dates::dates;
pub(crate) use numbers::number_word;
pub use numbers::quantity;
pub use times::{TimeHint, times};

use std::ops::Range;

use super::tokens::Token;

/// Something read from a message: its words, where they stand (bytes) and what they mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot<T> {
    /// As written.
    pub text: String,
    /// Bytes in the message.
    pub span: Range<usize>,
    /// What it means.
    pub value: T,
}

impl<T> Slot<T> {
    /// The slot that tokens `from..to` make.
    fn over(message: &str, tokens: &[Token], from: usize, to: usize, value: T) -> Option<Self> {
        let span = tokens.get(from)?.start..tokens.get(to.checked_sub(1)?)?.end;
        Some(Slot { text: message.get(span.clone())?.to_owned(), span, value })
    }
}

/// A message's tokens with the looks that the readers take at them.
struct Line<'a>(&'a [Token]);

impl Line<'_> {
    fn word(&self, at: usize) -> &str {
        self.0.get(at).map_or("", |t| t.folded.as_str())
    }

    fn is(&self, at: usize, words: &[&str]) -> bool {
        words.contains(&self.word(at))
    }

    /// The word before `at`, or nothing at the beginning.
    fn before(&self, at: usize) -> &str {
        at.checked_sub(1).map_or("", |i| self.word(i))
    }

    /// A number in digits or words at `at`, with the place after it.
    fn number(&self, at: usize) -> Option<(u32, usize)> {
        let token = self.0.get(at)?;
        if let Some(n) = token.number() {
            return Some((n, at + 1));
        }
        let n = number_word(&token.folded)?;
        if n >= 20 && n % 10 == 0 {
            let joined = if self.is(at + 1, &["-", "y"]) { at + 2 } else { at + 1 };
            if let Some(unit) = number_word(self.word(joined)).filter(|u| (1..10).contains(u)) {
                return Some((n + unit, joined + 1));
            }
        }
        Some((n, at + 1))
    }
}
