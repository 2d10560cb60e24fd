//! Cuts a message into folded words, numbers and marks with their place in the original; it decides nothing.

use unicode_normalization::char::is_combining_mark;

use crate::domain::words::fold;

/// What a token is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Letters.
    Word,
    /// Digits only.
    Number,
    /// One mark such as `:` or `.`.
    Mark,
}

/// One piece of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Lower case, without accents and apostrophes: `Can’t` is `cant`.
    pub folded: String,
    /// First byte in the message.
    pub start: usize,
    /// Byte after the last one.
    pub end: usize,
    /// Letters, digits or a mark.
    pub kind: Kind,
    /// Number of the sentence it stands in, from 0.
    pub sentence: usize,
    /// Whether white space stood before it.
    pub spaced: bool,
}

impl Token {
    /// Whether it is a word or a number.
    pub fn is_text(&self) -> bool {
        self.kind != Kind::Mark
    }

    /// The number that its digits write, if it fits.
    pub fn number(&self) -> Option<u32> {
        if self.kind == Kind::Number { self.folded.parse().ok() } else { None }
    }
}

fn is_joiner(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | '`' | '´' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{fe0f}')
}

/// All tokens of a message, marks included.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    let (mut sentence, mut spaced) = (0, true);
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        let open = !spaced && out.last().is_some_and(|t| t.end == at && t.is_text());
        if (is_joiner(c) || is_combining_mark(c)) && open {
            // "can't" stays one word; the sign itself is not written down
            if let Some(last) = out.last_mut() {
                last.end = end;
            }
            continue;
        }
        if c.is_whitespace() || is_joiner(c) || is_combining_mark(c) {
            if c == '\n' && out.last().is_some_and(|t| t.sentence == sentence) {
                sentence += 1;
            }
            spaced = spaced || c.is_whitespace();
            continue;
        }
        let kind = if c.is_ascii_digit() {
            Kind::Number
        } else if c.is_alphanumeric() {
            Kind::Word
        } else {
            Kind::Mark
        };
        let folded = fold(c.encode_utf8(&mut [0; 4]));
        match out.last_mut() {
            Some(last) if open && kind == last.kind => {
                last.folded.push_str(&folded);
                last.end = end;
            }
            _ => out.push(Token { folded, start: at, end, kind, sentence, spaced }),
        }
        spaced = false;
        if ends_sentence(c, text.get(end..).unwrap_or_default(), &out) {
            sentence += 1;
        }
    }
    out
}

/// A full stop ends a sentence only before white space and not after `p.m.`, `no.` and the like.
fn ends_sentence(c: char, rest: &str, so_far: &[Token]) -> bool {
    match c {
        '!' | '?' | ';' | '…' | '¿' | '¡' => true,
        '.' => {
            let before = so_far.len().checked_sub(2).and_then(|i| so_far.get(i));
            let abbreviation = before.is_some_and(|t| t.folded.chars().count() == 1 || t.folded == "no");
            let space = rest.chars().next().is_none_or(char::is_whitespace);
            let capital = rest.trim_start().chars().next().is_none_or(char::is_uppercase);
            space && (!abbreviation || capital)
        }
        _ => false,
    }
}

/// The words and numbers only, which is what phrases are matched on.
pub fn words(text: &str) -> Vec<Token> {
    let mut all = tokens(text);
    all.retain(Token::is_text);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> Vec<String> {
        words(text).into_iter().map(|t| t.folded).collect()
    }

    #[test]
    fn apostrophes_accents_and_case_fold_away() {
        assert_eq!(folded("I can’t find ÑANDÚ"), ["i", "cant", "find", "nandu"]);
        assert_eq!(folded("wi-fi at 1pm"), ["wi", "fi", "at", "1", "pm"]);
    }

    #[test]
    fn pm_with_dots_does_not_end_the_sentence() {
        let all = words("at 7 p.m. please. Thanks");
        assert_eq!(all.iter().map(|t| t.sentence).collect::<Vec<_>>(), [0, 0, 0, 0, 0, 1]);
    }

    proptest::proptest! {
        #[test]
        fn spans_lie_on_characters(text in "\\PC{0,60}") {
            for t in tokens(&text) {
                proptest::prop_assert!(text.get(t.start..t.end).is_some());
            }
        }
    }
}
