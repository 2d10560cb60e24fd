//! The small language of the lexicon's lines, turned into regular expressions; it must know no words itself.

use regex::{Regex, RegexSet, RegexSetBuilder};

use super::super::words;

/// A sentence in two forms: words with single spaces around each, for lines of words, and as folded.
pub struct Sentence {
    pub words: String,
    pub raw: String,
}

/// Cuts a folded text into sentences. An apostrophe before an English ending is left out, any other is a space.
pub fn sentences(folded: &str) -> Vec<Sentence> {
    let cut = |c: char| matches!(c, '.' | '!' | '?' | ';' | '。' | '؟' | '…' | '¡' | '¿');
    folded.split(cut).map(Sentence::new).filter(|s| s.words.len() > 1).collect()
}

impl Sentence {
    fn new(text: &str) -> Self {
        let mut words = String::from(" ");
        for token in words::tokens(text) {
            for part in split_apostrophe(token) {
                words.push_str(&part);
                words.push(' ');
            }
        }
        Self { words, raw: text.trim().to_owned() }
    }
}

fn split_apostrophe(token: &str) -> Vec<String> {
    match token.rsplit_once('\'') {
        Some((stem, end)) if ["t", "s", "m", "re", "ve", "ll", "d"].contains(&end) => {
            vec![format!("{stem}{end}").replace('\'', "")]
        }
        Some(_) => token.split('\'').map(str::to_owned).collect(),
        None => vec![token.to_owned()],
    }
}

/// How large the table of states may grow that one pass over a text fills; beyond, it begins anew.
const STATES: usize = 4 << 20;

/// Which of many expressions match, in one pass.
#[expect(
    clippy::expect_used,
    reason = "the expressions are constants of this program; a test compiles them all"
)]
pub fn set<'a>(all: impl Iterator<Item = &'a Regex>) -> RegexSet {
    let all =
        RegexSetBuilder::new(all.map(Regex::as_str)).size_limit(usize::MAX).dfa_size_limit(STATES).build();
    all.expect("constant lines")
}

/// One expression that finds any of the lines; `at_end`: only as the last words.
#[expect(clippy::expect_used, reason = "the lines are constants of this program; a test compiles them all")]
pub fn regex(lines: &[&str], lists: &[(&str, &str)], unspaced: bool, at_end: bool) -> Regex {
    let lines = lines.iter().flat_map(|line| split(&folded(&with_lists(line, lists)), '|'));
    let all: Vec<String> = lines.map(|line| translate(&line, unspaced)).collect();
    let end = if at_end { "$" } else { "" };
    Regex::new(&format!("(?:{}){end}", all.join("|"))).expect("constant line")
}

/// Lines are written as people spell; texts are compared folded.
fn folded(line: &str) -> String {
    words::fold(line).replace('\'', " ")
}

fn with_lists(line: &str, lists: &[(&str, &str)]) -> String {
    // A list may name another one.
    (0..2).fold(line.to_owned(), |line, _| {
        lists.iter().fold(line, |line, (name, list)| line.replace(&format!("${name}"), &format!("({list})")))
    })
}

fn translate(line: &str, unspaced: bool) -> String {
    if unspaced {
        return line.replace('~', ".{0,8}").replace('(', "(?:");
    }
    match line.strip_prefix('=') {
        Some(whole) => format!("^ {}$", sequence(whole)),
        None => format!(" {}", sequence(line)),
    }
}

/// Words one after the other, each with the space behind it.
fn sequence(line: &str) -> String {
    split(line, ' ').iter().map(|element| one(element)).collect()
}

fn one(element: &str) -> String {
    let inner = |open, close| element.strip_prefix(open).and_then(|e: &str| e.strip_suffix(close));
    let choice =
        |inside: &str| split(inside, '|').iter().map(|line| sequence(line)).collect::<Vec<_>>().join("|");
    if let Some(count) = element.strip_prefix('~') {
        format!(r"(?:\S+ ){{0,{count}}}")
    } else if let Some(inside) = inner('[', ']') {
        format!("(?:{})?", choice(inside))
    } else if let Some(inside) = inner('(', ')').filter(|_| closes_at_end(element)) {
        format!("(?:{})", choice(inside))
    } else {
        format!("{} ", element.replace('*', r"\S*").replace('(', "(?:"))
    }
}

/// Whether the bracket that opens the element closes with its last character.
fn closes_at_end(element: &str) -> bool {
    let mut depth = 0i32;
    let close = element.char_indices().find(|(_, c)| {
        depth += i32::from(matches!(c, '(' | '[')) - i32::from(matches!(c, ')' | ']'));
        depth == 0
    });
    close.is_some_and(|(at, _)| at + 1 == element.len())
}

/// The parts of a line between separators that stand outside of brackets.
fn split(line: &str, separator: char) -> Vec<String> {
    let mut depth = 0i32;
    let mut all = vec![String::new()];
    for c in line.chars() {
        depth += i32::from(matches!(c, '(' | '[')) - i32::from(matches!(c, ')' | ']'));
        match all.last_mut() {
            Some(part) if c != separator || depth > 0 => part.push(c),
            _ => all.push(String::new()),
        }
    }
    all.retain(|part| !part.is_empty());
    all
}
