//! The product's own source as the tests of its shape see it: files, code without comments and strings, imported paths.

use std::path::{Path, PathBuf};

/// One file under `src`.
pub struct Source {
    /// From the package's root, with slashes: `src/web/mod.rs`.
    pub name: String,
    pub text: String,
}

/// A path into the crate, as some line names it.
#[derive(Debug, PartialEq, Eq)]
pub struct Import {
    pub line: usize,
    /// From the crate's root: `["store", "messages"]`; two segments at most.
    pub path: Vec<String>,
}

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file under `src`, by name.
pub fn sources() -> Vec<Source> {
    let mut files = Vec::new();
    collect(&root().join("src"), &mut files);
    files.sort();
    let read = |path: &PathBuf| Source {
        name: path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/"),
        text: std::fs::read_to_string(path).unwrap(),
    };
    files.iter().map(read).collect()
}

fn collect(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(path);
        }
    }
}

impl Source {
    /// The module path of the file: `["web", "api", "users"]`; empty for `lib.rs` and `main.rs`.
    pub fn module(&self) -> Vec<&str> {
        let inner = self.name.trim_start_matches("src/").trim_end_matches(".rs");
        let mut path: Vec<&str> = inner.split('/').collect();
        if matches!(path.last(), Some(&("mod" | "lib" | "main"))) {
            path.pop();
        }
        path
    }

    pub fn tokens(&self) -> Vec<Token> {
        tokens(&self.text)
    }

    /// Every path through the crate's root, in `use` lines and in expressions alike.
    pub fn imports(&self) -> Vec<Import> {
        let tokens = self.tokens();
        let module = self.module();
        let mut nesting = Nesting::default();
        let mut found = Vec::new();
        for at in 0..tokens.len() {
            nesting.step(&tokens, at);
            let starts = at == 0 || !tokens[at - 1].is("::");
            if !starts || !tokens.get(at + 1).is_some_and(|next| next.is("::")) {
                continue;
            }
            let word = tokens[at].text.as_str();
            let after = match word {
                "crate" | "bellhop" => Some(at + 2),
                "super" => climbed(&tokens, at, module.len() + nesting.depth()),
                _ => None,
            };
            if let Some(after) = after {
                for path in tree(&tokens, after).0 {
                    found.push(Import { line: tokens[at].line, path });
                }
            }
        }
        found
    }
}

/// Behind the last `super::`, if they climb as high as the root.
fn climbed(tokens: &[Token], mut at: usize, depth: usize) -> Option<usize> {
    let mut climbs = 0;
    while tokens.get(at)?.is("super") && tokens.get(at + 1)?.is("::") {
        climbs += 1;
        at += 2;
    }
    (climbs >= depth && depth > 0).then_some(at)
}

/// The leaves of a use tree, cut to two segments, and the place behind it.
fn tree(tokens: &[Token], mut at: usize) -> (Vec<Vec<String>>, usize) {
    let Some(first) = tokens.get(at) else { return (Vec::new(), at) };
    if first.is("{") {
        let mut leaves = Vec::new();
        at += 1;
        while tokens.get(at).is_some_and(|token| !token.is("}")) {
            let (inner, next) = tree(tokens, at);
            leaves.extend(inner);
            // A rename, a comma: on to the next branch.
            at = next.max(at + 1);
            while tokens.get(at).is_some_and(|token| !token.is(",") && !token.is("}")) {
                at += 1;
            }
            if tokens.get(at).is_some_and(|token| token.is(",")) {
                at += 1;
            }
        }
        return (leaves, at + 1);
    }
    if !first.is_word() && !first.is("*") {
        return (Vec::new(), at);
    }
    let head = first.text.clone();
    if !tokens.get(at + 1).is_some_and(|token| token.is("::")) {
        return (vec![vec![head]], at + 1);
    }
    let (rest, next) = tree(tokens, at + 2);
    let with_head = |tail: Vec<String>| std::iter::once(head.clone()).chain(tail).take(2).collect();
    let leaves: Vec<Vec<String>> = rest.into_iter().map(with_head).collect();
    (if leaves.is_empty() { vec![vec![head]] } else { leaves }, next)
}

/// How many inline modules surround a place.
#[derive(Default)]
struct Nesting {
    braces: usize,
    opened_at: Vec<usize>,
}

impl Nesting {
    fn step(&mut self, tokens: &[Token], at: usize) {
        if tokens[at].is("{") {
            let names_module = at >= 2 && tokens[at - 2].is("mod") && tokens[at - 1].is_word();
            if names_module {
                self.opened_at.push(self.braces);
            }
            self.braces += 1;
        } else if tokens[at].is("}") {
            self.braces = self.braces.saturating_sub(1);
            if self.opened_at.last() == Some(&self.braces) {
                self.opened_at.pop();
            }
        }
    }

    fn depth(&self) -> usize {
        self.opened_at.len()
    }
}

/// A word, `::`, or one other character of code.
#[derive(Debug)]
pub struct Token {
    pub line: usize,
    pub text: String,
}

impl Token {
    pub fn is(&self, text: &str) -> bool {
        self.text == text
    }

    pub fn is_word(&self) -> bool {
        self.text.starts_with(|c: char| c.is_alphabetic() || c == '_')
    }
}

/// The code without comments, strings and character literals.
fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let (mut at, mut line, mut found) = (0, 1, Vec::new());
    while at < chars.len() {
        let end = match (chars[at], chars.get(at + 1)) {
            ('/', Some('/')) => until(&chars, at, |rest| rest[0] == '\n'),
            ('/', Some('*')) => block_comment(&chars, at),
            ('"', _) => string(&chars, at),
            ('r', Some('"' | '#')) if raw_string(&chars, at).is_some() => raw_string(&chars, at).unwrap(),
            ('\'', Some('\\')) => until(&chars, at + 3, |rest| rest[0] == '\'') + 1,
            ('\'', Some(_)) if chars.get(at + 2) == Some(&'\'') => at + 3,
            (c, _) if c.is_alphanumeric() || c == '_' => {
                let end = until(&chars, at, |rest| !(rest[0].is_alphanumeric() || rest[0] == '_'));
                found.push(Token { line, text: chars[at..end].iter().collect() });
                end
            }
            (':', Some(':')) => {
                found.push(Token { line, text: "::".to_owned() });
                at + 2
            }
            (c, _) if c.is_whitespace() => at + 1,
            (c, _) => {
                found.push(Token { line, text: c.to_string() });
                at + 1
            }
        };
        line += chars[at..end.min(chars.len())].iter().filter(|c| **c == '\n').count();
        at = end;
    }
    found
}

fn until(chars: &[char], from: usize, stop: impl Fn(&[char]) -> bool) -> usize {
    (from..chars.len()).find(|at| stop(&chars[*at..])).unwrap_or(chars.len())
}

fn block_comment(chars: &[char], from: usize) -> usize {
    let (mut depth, mut at) = (0_usize, from);
    while at < chars.len() {
        match (chars[at], chars.get(at + 1)) {
            ('/', Some('*')) => (depth, at) = (depth + 1, at + 2),
            ('*', Some('/')) => {
                (depth, at) = (depth - 1, at + 2);
                if depth == 0 {
                    break;
                }
            }
            _ => at += 1,
        }
    }
    at
}

fn string(chars: &[char], from: usize) -> usize {
    let mut at = from + 1;
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

fn raw_string(chars: &[char], from: usize) -> Option<usize> {
    let hashes = chars[from + 1..].iter().take_while(|c| **c == '#').count();
    if chars.get(from + 1 + hashes) != Some(&'"') {
        return None;
    }
    let closes = |rest: &[char]| {
        rest[0] == '"' && rest[1..].iter().take(hashes).filter(|c| **c == '#').count() == hashes
    };
    Some(until(chars, from + 2 + hashes, closes) + 1 + hashes)
}

fn source(name: &str, text: &str) -> Source {
    Source { name: name.to_owned(), text: text.to_owned() }
}

fn paths(source: &Source) -> Vec<String> {
    source.imports().iter().map(|import| format!("{}:{}", import.line, import.path.join("::"))).collect()
}

#[test]
fn a_use_tree_over_several_lines_is_read_to_its_leaves() {
    let text = "use crate::{\n    domain::{ids::UserId, money},\n    store::{self, Db as Store},\n};\nuse crate::clock::Clock;\n";
    let expected = ["1:domain::ids", "1:domain::money", "1:store::self", "1:store::Db", "5:clock::Clock"];
    assert_eq!(paths(&source("src/web/mod.rs", text)), expected);
}

#[test]
fn comments_strings_and_lifetimes_hide_nothing_and_show_nothing() {
    let text = "// crate::a::b\n/* crate::c /* */ crate::d */ fn f<'x>(y: &'x str) -> char {\n let s = \"crate::e \\\" crate::f\"; let r = r#\"\"crate::g\"#; let q = '\"'; crate::h::I::new(bellhop::j::k()) }";
    assert_eq!(paths(&source("src/a.rs", text)), ["3:h::I", "3:j::k"]);
}

#[test]
fn a_path_that_climbs_to_the_root_is_one_too() {
    let text = "use super::super::super::store::Db;\nuse super::super::auth;\nmod tests { use super::super::super::error; }";
    assert_eq!(paths(&source("src/web/api/users.rs", text)), ["1:store::Db"]);
    assert_eq!(paths(&source("src/web/mod.rs", "use super::store::Db;")), ["1:store::Db"]);
}
