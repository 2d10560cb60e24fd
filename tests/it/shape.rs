//! The shape of the source: opening sentences, sizes, what only one place may know, migrations of both engines.

use super::source::{root, sources};
use std::collections::BTreeSet;

/// Lines; see the habits in the documentation.
const LONGEST: usize = 600;

#[test]
fn every_file_opens_with_what_it_is() {
    let opens = |text: &str| {
        let paragraph: Vec<&str> =
            text.lines().take_while(|line| line.starts_with("//! ")).map(|line| &line[4..]).collect();
        let paragraph = paragraph.join(" ");
        paragraph.trim_end().ends_with(['.', ':', '?', '"'])
    };
    let silent: Vec<String> =
        sources().into_iter().filter(|file| !opens(&file.text)).map(|file| file.name).collect();
    assert!(silent.is_empty(), "these files do not open with a `//!` sentence: {silent:#?}");
}

#[test]
fn no_file_is_longer_than_a_reader_bears() {
    let too_long: Vec<String> = sources()
        .into_iter()
        .map(|file| (file.text.lines().count(), file.name))
        .filter(|(lines, _)| *lines > LONGEST)
        .map(|(lines, name)| format!("{name}: {lines} lines"))
        .collect();
    assert!(too_long.is_empty(), "longer than {LONGEST} lines: {too_long:#?}");
}

#[test]
fn nothing_is_left_to_be_written() {
    let mut unwritten = Vec::new();
    for file in sources() {
        let tokens = file.tokens();
        for pair in tokens.windows(2) {
            if (pair[0].is("todo") || pair[0].is("unimplemented")) && pair[1].is("!") {
                unwritten.push(format!("{}:{}", file.name, pair[0].line));
            }
        }
    }
    assert!(unwritten.is_empty(), "{unwritten:#?}");
}

/// A library, and the only places that may name it.
const KNOWN_TO: &[(&str, &[&str])] = &[
    ("sqlx", &["src/store/"]),
    ("axum", &["src/web/", "src/lab/", "src/app.rs", "src/app/"]),
    ("async_openai", &["src/llm/openai.rs"]),
    ("tiktoken_rs", &["src/conversation/", "src/llm/"]),
    ("minijinja", &["src/conversation/"]),
    ("askama", &["src/web/"]),
    ("reqwest", &["src/http.rs", "src/http/", "src/llm/", "src/app/systems.rs", "src/lab/"]),
    ("argon2", &["src/passwords.rs"]),
    ("aes_gcm", &["src/secrets.rs", "src/secrets/"]),
];

#[test]
fn a_library_is_known_to_one_place() {
    let mut strangers = Vec::new();
    for file in sources() {
        for token in file.tokens() {
            let rule = KNOWN_TO.iter().find(|(library, _)| token.is(library));
            if let Some((library, places)) = rule
                && !places.iter().any(|place| file.name.starts_with(place))
            {
                strangers.push(format!("{}:{} knows {library}", file.name, token.line));
            }
        }
    }
    assert!(strangers.is_empty(), "{strangers:#?}");
}

#[test]
fn migrations_of_both_engines_have_the_same_numbers_and_names() {
    let names = |engine: &str| -> BTreeSet<String> {
        let folder = root().join("migrations").join(engine);
        let entries = std::fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    };
    let (sqlite, postgres) = (names("sqlite"), names("postgres"));
    assert_eq!(sqlite, postgres);
    assert!(!sqlite.is_empty());
    for name in &sqlite {
        let number = name.split('_').next().unwrap();
        assert!(number.len() == 4 && number.parse::<u16>().is_ok() && name.ends_with(".sql"), "{name}");
    }
}
