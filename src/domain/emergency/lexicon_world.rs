//! x

use super::Lexicon;

pub const LEXICONS: &[Lexicon] = &[];
