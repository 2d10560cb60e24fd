//! Matches tables of hand-written phrases on a message's words; it knows the syntax, not what phrases mean.
//!
//! A phrase is words with a space between. `a|b` is either; `hair_dryer` two words inside an either;
//! `[x|y]` may be missing; `wait*` begins so; `<list>` is any entry of a named list; `#` a number; `..` up to three words
//! between and `...` up to seven; `^` the sentence begins here, `$` it ends here. A word of three letters or more also matches
//! its plural in -s or -es. A phrase stays within a sentence.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use super::tokens::Token;

/// A file of phrases taken apart. Entries are divided by commas; a line that begins with white space continues the one
/// above; `list name: …` names words that phrases share, `Label: …` gives the phrases of a label; `//` is a remark.
#[derive(Debug, Default)]
pub struct Source<'a> {
    /// Named lists of words.
    pub lists: Vec<(&'a str, Vec<&'a str>)>,
    /// Labels with their phrases.
    pub rows: Vec<(&'a str, Vec<&'a str>)>,
}

impl<'a> Source<'a> {
    /// Takes the text of a file apart.
    pub fn read(text: &'a str) -> Self {
        let mut source = Self::default();
        let mut in_list = false;
        for line in text.lines().filter(|l| !l.trim().is_empty() && !l.starts_with("//")) {
            let mut entries = line;
            if !line.starts_with(' ') {
                let (name, rest) = line.split_once(':').unwrap_or((line, ""));
                in_list = name.starts_with("list ");
                let name = name.trim_start_matches("list ").trim();
                if in_list { &mut source.lists } else { &mut source.rows }.push((name, Vec::new()));
                entries = rest;
            }
            let rows = if in_list { &mut source.lists } else { &mut source.rows };
            if let Some((_, row)) = rows.last_mut() {
                row.extend(entries.split(',').map(str::trim).filter(|e| !e.is_empty()));
            }
        }
        source
    }
}

#[derive(Debug, Clone)]
enum Piece {
    Exact(String),
    Begins(String),
    Number,
}

#[derive(Debug, Clone)]
enum Part {
    OneOf { ways: Vec<Vec<Piece>>, optional: bool },
    Gap(usize),
    Start,
    End,
}

#[derive(Debug)]
struct Phrase<T> {
    label: T,
    parts: Vec<Part>,
}

/// Phrases with labels, indexed by the word they begin with.
#[derive(Debug)]
pub struct Table<T> {
    phrases: Vec<Phrase<T>>,
    by_first: HashMap<String, Vec<usize>>,
    by_prefix: HashMap<char, Vec<(String, usize)>>,
    by_number: Vec<usize>,
    /// Long words of the phrases by first letter, to put slips of the finger right.
    long: HashMap<char, BTreeSet<String>>,
}

/// A phrase found: its label and the words it covers, `from..to` in the slice that was searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found<T> {
    /// The label of the phrase.
    pub label: T,
    /// First word.
    pub from: usize,
    /// Word after the last one.
    pub to: usize,
}

impl<T: Copy + PartialEq> Table<T> {
    /// Compiles a file; `label` gives the meaning of a label's name, and a name without one is left out.
    pub fn new(source: &Source, label: impl Fn(&str) -> Option<T>) -> Self {
        let mut table = Table {
            phrases: Vec::new(),
            by_first: HashMap::new(),
            by_prefix: HashMap::new(),
            by_number: Vec::new(),
            long: HashMap::new(),
        };
        for (name, phrases) in &source.rows {
            let Some(label) = label(name) else { continue };
            for phrase in phrases {
                table.add(label, phrase, &source.lists);
            }
        }
        table
    }

    fn add(&mut self, label: T, phrase: &str, lists: &[(&str, Vec<&str>)]) {
        let mut parts: Vec<Part> = Vec::new();
        for word in phrase.split(' ').filter(|w| !w.is_empty()) {
            parts.push(match word {
                ".." => Part::Gap(3),
                "..." => Part::Gap(7),
                "^" => Part::Start,
                "$" => Part::End,
                _ => one_of(word, lists),
            });
        }
        for word in parts.iter().flat_map(long_words) {
            if let Some(c) = word.chars().next() {
                self.long.entry(c).or_default().insert(word);
            }
        }
        let at = self.phrases.len();
        let first = parts.iter().find_map(|p| match p {
            Part::OneOf { ways, optional: false } => Some(ways.clone()),
            Part::OneOf { .. } | Part::Gap(_) | Part::Start | Part::End => None,
        });
        for way in first.unwrap_or_default() {
            match way.first() {
                Some(Piece::Exact(w)) => self.by_first.entry(w.clone()).or_default().push(at),
                Some(Piece::Begins(w)) => {
                    if let Some(c) = w.chars().next() {
                        self.by_prefix.entry(c).or_default().push((w.clone(), at));
                    }
                }
                Some(Piece::Number) => self.by_number.push(at),
                None => {}
            }
        }
        self.phrases.push(Phrase { label, parts });
    }

    /// Every phrase that matches somewhere, in the order of the words; the longest of the same label at one place.
    ///
    /// A long word that no phrase has is read as one that differs by a slip of the finger: "resturant".
    pub fn find(&self, words: &[Token]) -> Vec<Found<T>> {
        let words = &*self.put_right(words);
        let mut found: Vec<Found<T>> = Vec::new();
        for (at, word) in words.iter().enumerate() {
            for &phrase in &self.candidates(word) {
                let Some(phrase) = self.phrases.get(phrase) else { continue };
                if let Some(to) = matched(&phrase.parts, words, at) {
                    let mut here = found.iter_mut().rev().take_while(|f| f.from == at);
                    match here.find(|f| f.label == phrase.label) {
                        Some(same) => same.to = same.to.max(to),
                        None => found.push(Found { label: phrase.label, from: at, to }),
                    }
                }
            }
        }
        found
    }

    fn put_right<'a>(&self, words: &'a [Token]) -> Cow<'a, [Token]> {
        let mut words = Cow::Borrowed(words);
        for at in 0..words.len() {
            let Some(meant) = words.get(at).and_then(|w| self.meant(&w.folded)) else { continue };
            if let Some(word) = words.to_mut().get_mut(at) {
                word.folded = meant;
            }
        }
        words
    }

    fn meant(&self, word: &str) -> Option<String> {
        if !(LONG..=24).contains(&word.len()) {
            return None;
        }
        let known = self.long.get(&word.chars().next()?)?;
        let forms = [Some(word), word.strip_suffix('s'), word.strip_suffix("es")];
        if forms.into_iter().flatten().any(|form| known.contains(form)) {
            return None;
        }
        known.iter().find(|k| slipped(word.as_bytes(), k.as_bytes())).cloned()
    }

    fn candidates(&self, word: &Token) -> Vec<usize> {
        let mut out = Vec::new();
        let w = word.folded.as_str();
        for form in [Some(w), w.strip_suffix('s'), w.strip_suffix("es")].into_iter().flatten() {
            out.extend(self.by_first.get(form).into_iter().flatten());
        }
        if let Some(c) = w.chars().next() {
            let begins = self.by_prefix.get(&c).into_iter().flatten();
            out.extend(begins.filter(|(p, _)| w.starts_with(p.as_str())).map(|(_, at)| at));
        }
        if word.number().is_some() {
            out.extend(&self.by_number);
        }
        out.sort_unstable();
        out.dedup();
        out
    }
}

fn one_of(word: &str, lists: &[(&str, Vec<&str>)]) -> Part {
    let (inner, optional) = match word.strip_prefix('[').and_then(|w| w.strip_suffix(']')) {
        Some(inner) => (inner, true),
        None => (word, false),
    };
    let mut ways = Vec::new();
    for way in inner.split('|') {
        match way.strip_prefix('<').and_then(|w| w.strip_suffix('>')) {
            Some(name) => {
                let entries =
                    lists.iter().filter(|(n, _)| *n == name).flat_map(|(_, entries)| entries.iter());
                ways.extend(entries.map(|e| pieces(e.split(' '))));
            }
            None => ways.push(pieces(way.split('_'))),
        }
    }
    Part::OneOf { ways, optional }
}

fn pieces<'a>(words: impl Iterator<Item = &'a str>) -> Vec<Piece> {
    words
        .filter(|w| !w.is_empty())
        .map(|w| match w.strip_suffix('*') {
            Some(begins) => Piece::Begins(begins.to_owned()),
            None if w == "#" => Piece::Number,
            None => Piece::Exact(w.to_owned()),
        })
        .collect()
}

/// Shorter words have too many neighbours to guess at.
const LONG: usize = 6;

fn long_words(part: &Part) -> Vec<String> {
    let Part::OneOf { ways, .. } = part else { return Vec::new() };
    let exact = ways.iter().flatten().filter_map(|piece| match piece {
        Piece::Exact(word) if word.len() >= LONG => Some(word.clone()),
        Piece::Exact(_) | Piece::Begins(_) | Piece::Number => None,
    });
    exact.collect()
}

/// Whether a letter was left out, doubled or put in, two were swapped or, in a word of nine or more, one is another.
fn slipped(typed: &[u8], meant: &[u8]) -> bool {
    if typed.len().abs_diff(meant.len()) > 1 {
        return false;
    }
    let head = typed.iter().zip(meant).take_while(|(a, b)| a == b).count();
    let tail = typed.iter().rev().zip(meant.iter().rev()).take_while(|(a, b)| a == b).count();
    if typed.len() != meant.len() {
        return head + tail + 1 >= typed.len().max(meant.len());
    }
    let swapped = head + tail + 2 == typed.len()
        && typed.get(head) == meant.get(head + 1)
        && typed.get(head + 1) == meant.get(head);
    swapped || (typed.len() >= 9 && head + tail + 1 == typed.len())
}

fn piece_matches(piece: &Piece, word: &Token) -> bool {
    match piece {
        Piece::Number => word.number().is_some(),
        Piece::Begins(begins) => word.folded.starts_with(begins.as_str()),
        Piece::Exact(exact) => {
            word.folded == *exact
                || (exact.len() >= 3
                    && word.folded.strip_prefix(exact.as_str()).is_some_and(|end| end == "s" || end == "es"))
        }
    }
}

/// Where the phrase ends if it begins at `at`; phrases are short and gaps bounded, so this is bounded too.
fn matched(parts: &[Part], words: &[Token], at: usize) -> Option<usize> {
    let sentence = |i: usize| words.get(i).map(|w| w.sentence);
    let here = sentence(at.min(words.len().saturating_sub(1)));
    go(parts, words, at, at, here)
}

fn go(parts: &[Part], words: &[Token], at: usize, from: usize, sentence: Option<usize>) -> Option<usize> {
    let Some((part, rest)) = parts.split_first() else { return (at > from).then_some(at) };
    let same = |i: usize| words.get(i).is_some_and(|w| Some(w.sentence) == sentence);
    match part {
        Part::Start => {
            let begins = at == 0 || words.get(at - 1).is_none_or(|w| Some(w.sentence) != sentence);
            if begins { go(rest, words, at, from, sentence) } else { None }
        }
        Part::End => {
            if same(at) {
                None
            } else {
                go(rest, words, at, from, sentence)
            }
        }
        Part::Gap(most) => (0..=*most)
            .take_while(|n| *n == 0 || same(at + n - 1))
            .find_map(|n| go(rest, words, at + n, from, sentence)),
        Part::OneOf { ways, optional } => {
            let taken = ways.iter().filter(|way| !way.is_empty()).find_map(|way| {
                let fits = way
                    .iter()
                    .enumerate()
                    .all(|(i, p)| same(at + i) && words.get(at + i).is_some_and(|w| piece_matches(p, w)));
                if fits { go(rest, words, at + way.len(), from, sentence) } else { None }
            });
            taken.or_else(|| if *optional { go(rest, words, at, from, sentence) } else { None })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tokens::words;
    use super::*;

    fn hits(phrase: &str, text: &str) -> bool {
        let file = format!("// a remark\nlist thing: hair dryer,\n  iron\nOne: {phrase}");
        let table = Table::new(&Source::read(&file), |name| (name == "One").then_some(1));
        !table.find(&words(text)).is_empty()
    }

    #[test]
    fn gaps_lists_options_and_plurals() {
        assert!(hits("need .. <thing>", "I need a new hair dryer"));
        assert!(hits("need [a|an] <thing>", "need irons"));
        assert!(!hits("need <thing>", "need a iron"));
        assert!(hits("cancel* .. booking", "cancelling my bookings"));
        assert!(hits("table for #", "a table for 5"));
    }

    #[test]
    fn a_phrase_stays_within_its_sentence() {
        assert!(!hits("clean .. room", "It was clean. Room 5 here"));
        assert!(hits("^ help $", "So. Help! Now"));
        assert!(!hits("^ help $", "please help me"));
    }

    #[test]
    fn slips_of_the_finger_in_long_words_are_forgiven() {
        for typed in ["resturant", "restuarant", "restaurannt", "restaurent"] {
            assert!(hits("restaurant", typed), "{typed}");
        }
        assert!(!hits("massage", "message"));
        assert!(!hits("pool", "poll"));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_survived(text in "\\PC{0,80}") {
            hits("^ [a] b* .. # $", &text);
        }
    }
}
