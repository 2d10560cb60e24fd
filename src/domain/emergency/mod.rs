//! Words that mean danger to people, in many languages; it must not answer, store or call anyone, and no setting alters it.
//!
//! The lexicon holds phrases with their surroundings ("smoke in the corridor"), never bare nouns ("smoke"), because a
//! hotel hears about smoking rooms, fireplaces and killer views all day. How a line is written is told at [`Block`].

mod lexicon_de;
mod lexicon_en;
mod lexicon_es_pt;
mod lexicon_fr_it;
mod lexicon_world;
mod pattern;

use std::sync::LazyLock;

use regex::{Regex, RegexSet};
use serde::{Deserialize, Serialize};

use super::{redact, words};

/// What kind of danger, most pressing first: a message that names several is reported as the first of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlarmKind {
    /// Fire, smoke, an explosion, a fire alarm that rings.
    Fire,
    /// Gas or carbon monoxide.
    Gas,
    /// Someone means to harm or has harmed themselves.
    SelfHarm,
    /// Illness or injury that cannot wait.
    Medical,
    /// Violence, threats, weapons, intruders, robbery and theft: a matter for the police.
    Violence,
    /// People shut in: a lift, a bathroom, a balcony.
    Trapped,
    /// A child or a helpless person who cannot be found.
    Missing,
    /// A call for help that does not say why.
    Distress,
}

impl AlarmKind {
    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fire => "fire",
            Self::Gas => "gas",
            Self::SelfHarm => "self_harm",
            Self::Medical => "medical",
            Self::Violence => "violence",
            Self::Trapped => "trapped",
            Self::Missing => "missing",
            Self::Distress => "distress",
        }
    }
}

/// A danger that a message speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    /// What kind.
    pub kind: AlarmKind,
    /// The words that say so, folded; a card number among them is masked.
    pub matched: String,
    /// The language of the phrase, as a two-letter code. Some phrases are the same in several languages.
    pub lang: &'static str,
}

/// Phrases of one kind in one language.
///
/// A line is words with spaces between: `(a|b)` one of them, `[a]` or nothing, `~3` up to three words of any kind,
/// `stem*` any ending, `=` in front: the line is the whole sentence. `$NAME` stands for a list of the language.
/// Words are folded, apostrophes of contractions left out ("cant"), others a space ("j ai").
struct Block {
    lang: &'static str,
    kind: AlarmKind,
    says: &'static [&'static str],
    /// Surroundings in the same sentence that take the danger out of it.
    unless: &'static [&'static str],
}

/// Bytes before a phrase in which a supposition is looked for.
const NEAR: usize = 200;

/// What a language's lexicon consists of.
struct Lexicon {
    blocks: &'static [Block],
    /// The lists that lines name with `$`.
    lists: &'static [(&'static str, &'static str)],
    /// Words right before a phrase that make it a supposition ("what happens in case of").
    supposing: &'static [&'static str],
    /// Written without spaces: lines are looked for anywhere.
    unspaced: bool,
}

struct Compiled {
    lang: &'static str,
    kind: AlarmKind,
    says: Regex,
    unless: Option<Regex>,
    supposing: Option<Regex>,
    unspaced: bool,
}

/// Blocks of one way to write, most pressing first.
struct Shelf {
    blocks: Vec<Compiled>,
    /// What each block says, so that one pass over a sentence tells which blocks are worth a look.
    says: RegexSet,
}

impl Shelf {
    fn of(all: &[&'static [Lexicon]], unspaced: bool) -> Self {
        let lexicons = all.iter().copied().flatten().filter(|l| l.unspaced == unspaced);
        let mut blocks: Vec<Compiled> =
            lexicons.flat_map(|l| l.blocks.iter().map(|b| compile(l, b))).collect();
        blocks.sort_by_key(|c| c.kind);
        let says = pattern::set(blocks.iter().map(|block| &block.says));
        Self { blocks, says }
    }

    /// The most pressing danger of these sentences.
    fn find<'a>(&self, sentences: impl Iterator<Item = &'a str>) -> Option<Alarm> {
        let said = |sentence: &'a str| self.says.matches(sentence).into_iter().map(move |at| (at, sentence));
        let mut candidates: Vec<(usize, &str)> = sentences.flat_map(said).collect();
        candidates.sort_by_key(|(at, _)| *at);
        candidates.into_iter().find_map(|(at, sentence)| self.blocks.get(at)?.find(sentence))
    }
}

/// Lines of words, and those that are looked for anywhere.
static SHELVES: LazyLock<(Shelf, Shelf)> = LazyLock::new(|| {
    let all = [
        lexicon_en::LEXICONS,
        lexicon_es_pt::LEXICONS,
        lexicon_fr_it::LEXICONS,
        lexicon_de::LEXICONS,
        lexicon_world::LEXICONS,
    ];
    (Shelf::of(&all, false), Shelf::of(&all, true))
});

fn compile(lexicon: &Lexicon, block: &Block) -> Compiled {
    let regex = |lines: &[&str], at_end: bool| {
        (!lines.is_empty()).then(|| pattern::regex(lines, lexicon.lists, lexicon.unspaced, at_end))
    };
    Compiled {
        lang: block.lang,
        kind: block.kind,
        says: pattern::regex(block.says, lexicon.lists, lexicon.unspaced, false),
        unless: regex(block.unless, false),
        supposing: regex(lexicon.supposing, true),
        unspaced: lexicon.unspaced,
    }
}

/// The most pressing danger that the message speaks of, if any. The first call compiles the lexicon, so a server makes
/// one before it takes guests.
pub fn detect(text: &str) -> Option<Alarm> {
    let sentences = sentences(text);
    let (spaced, unspaced) = &*SHELVES;
    let found = spaced.find(sentences.iter().map(|sentence| sentence.words.as_str()));
    let also = unspaced.find(sentences.iter().map(|sentence| sentence.raw.as_str()));
    [found, also].into_iter().flatten().min_by_key(|alarm| alarm.kind)
}

/// The sentences of the text, and those of each of its lines: a line end may end a thought or only the space on a screen.
fn sentences(text: &str) -> Vec<pattern::Sentence> {
    let mut all = pattern::sentences(&words::fold(text));
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    if lines.len() > 1 {
        all.extend(lines.iter().flat_map(|line| pattern::sentences(&words::fold(line))));
    }
    all
}

impl Compiled {
    fn find(&self, sentence: &str) -> Option<Alarm> {
        let found = self.says.find_iter(sentence).find(|m| {
            // A word of white space belongs to both neighbours.
            let before = &sentence[..m.start() + usize::from(!self.unspaced)];
            // A supposition stands close by; looking no further keeps a long text linear.
            let before = &before[before.floor_char_boundary(before.len().saturating_sub(NEAR))..];
            !self.supposing.as_ref().is_some_and(|s| s.is_match(before))
        })?;
        if self.unless.as_ref().is_some_and(|u| u.is_match(sentence)) {
            return None;
        }
        let matched = redact::mask_cards(found.as_str().trim()).into_owned();
        Some(Alarm { kind: self.kind, matched, lang: self.lang })
    }
}

#[cfg(test)]
mod tests;
