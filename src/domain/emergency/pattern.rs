//! The small language of the lexicon's lines, turned into regular expressions; it must know no words itself.

use regex::Regex;

/// A sentence in two forms: words with single spaces around each, for lines of words, and as folded.
pub struct Sentence {
    pub words: String,
    pub raw: String,
}

/// Cuts a folded text into sentences. An apostrophe before an English ending is left out, any other is a space.
pub fn sentences(folded: &str) -> Vec<Sentence> {
    let cut = |c: char| matches!(c, '.' | '!' | '?' | ';' | '\n' | '。' | '؟' | '…' | '¡' | '¿');
    folded.split(cut).map(Sentence::new).filter(|s| s.words.len() > 1).collect()
}

impl Sentence {
    fn new(text: &str) -> Self {
        let mut words = String::from(" ");
        for token in super::words::tokens(text) {
            for part in split_apostrophe(token) {
                words.push_str(&part);
                words.push(' ');
            }
        }
        Self { words, raw: text.to_owned() }
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

/// One expression that finds any of the lines; `at_end`: only as the last words.
#[expect(clippy::expect_used, reason = "the lines are constants of this program; a test compiles them all")]
pub fn regex(lines: &[&str], lists: &[(&str, &str)], unspaced: bool, at_end: bool) -> Regex {
    let lines = lines.iter().flat_map(|line| split(&with_lists(line, lists), '|'));
    let all: Vec<String> = lines.map(|line| translate(&line, unspaced)).collect();
    let end = if at_end { "$" } else { "" };
    Regex::new(&format!("(?:{}){end}", all.join("|"))).expect("constant line")
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
    let (whole, line) = match line.strip_prefix('=') {
        Some(rest) => (true, rest),
        None => (false, line),
    };
    let mut out = String::from(if whole { "^ " } else { " " });
    for element in split(line, ' ') {
        let inner =
            element.trim_start_matches('[').trim_end_matches(']').replace('*', r"\S*").replace('(', "(?:");
        if let Some(count) = element.strip_prefix('~') {
            out.push_str(&format!(r"(?:\S+ ){{0,{count}}}"));
        } else if element.starts_with('[') {
            out.push_str(&format!("(?:(?:{inner}) )?"));
        } else {
            out.push_str(&format!("{inner} "));
        }
    }
    if whole {
        out.push('$');
    }
    out
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
