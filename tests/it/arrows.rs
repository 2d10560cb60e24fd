//! Who may import whom. The table is the architecture; a line of code that needs another arrow fails here by name.

use super::source::{root, sources};
use std::fmt::Write as _;

/// May be imported by every module but `domain`; they import `domain` and each other.
const LEAVES: &[&str] =
    &["breaker", "clock", "secrets", "telemetry", "texts", "shutdown", "passwords", "reading"];

/// A module, what it may import besides itself, `domain` and the leaves, and why where that is not plain.
struct Row {
    module: &'static str,
    may: &'static [&'static str],
    note: &'static str,
}

const fn row(module: &'static str, may: &'static [&'static str], note: &'static str) -> Row {
    Row { module, may, note }
}

/// Modules in the order of the flow. `outbox` alone does not allow `outbox::dispatcher`: see [`PRIVATE`].
const TABLE: &[Row] = &[
    row("domain", &[], "nothing of ours; pure"),
    row("http", &[], "a leaf with the network in it"),
    row("config", &[], ""),
    row("store", &[], ""),
    row("channels", &["http"], "pure halves; `http` for its request and answer types"),
    row("llm", &["http"], ""),
    row("connectors", &["http"], "`connectors::house` alone also `store`: the hotel's own tables"),
    row("outbox", &["store", "channels", "http"], "the dispatcher sends"),
    row("tools", &["store", "connectors"], ""),
    row("intake", &["store", "channels", "outbox"], ""),
    row(
        "conversation",
        &["store", "llm", "tools", "outbox", "channels", "connectors"],
        "`channels` and `connectors` as traits: what an address is worth, and the stay as the hotel has it",
    ),
    row("jobs", &["store", "channels", "connectors", "tools", "intake", "conversation", "outbox"], ""),
    row(
        "web",
        &["store", "intake", "conversation", "tools", "outbox", "channels", "connectors", "http"],
        "registries and traits; `http` to try an account out",
    ),
    row("lab", &["*"], "all"),
    row("app", &["*"], "all; the only wiring"),
];

/// Parts that belong to their module, and who else may name them.
const PRIVATE: &[(&str, &[&str])] = &[
    ("channels::sms", &[]),
    ("channels::webchat", &[]),
    ("channels::whatsapp", &[]),
    ("connectors::house", &["lab", "app"]),
    ("llm::openai", &["app"]),
    ("outbox::dispatcher", &["jobs", "app", "lab"]),
];

/// Single files that may import what their module may not, each with its reason.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("src/connectors/house/", "store", "the house is the one connector on Bellhop's own tables"),
    ("src/web/testing.rs", "app", "tests of pages are wired as the program is"),
];

/// The programs' files, which call the library as a stranger would.
fn is_program(name: &str) -> bool {
    matches!(name, "src/main.rs" | "src/commands.rs") || name.starts_with("src/commands/")
}

fn known(module: &str) -> bool {
    LEAVES.contains(&module) || TABLE.iter().any(|row| row.module == module)
}

fn allowed(from: &str, to: &str) -> bool {
    if from == to || (to == "domain" && known(from)) {
        return true;
    }
    if LEAVES.contains(&from) {
        return LEAVES.contains(&to);
    }
    let Some(row) = TABLE.iter().find(|row| row.module == from) else { return false };
    row.may.contains(&"*") || row.may.contains(&to) || (LEAVES.contains(&to) && from != "domain")
}

fn excepted(file: &str, to: &str) -> bool {
    EXCEPTIONS.iter().any(|(place, target, _)| file.starts_with(place) && *target == to)
}

/// What is wrong with one import, if anything.
fn problem(file: &str, from: &str, path: &[String]) -> Option<String> {
    let to = path.first()?.as_str();
    if !known(to) {
        // A macro or an item of the root, not a module.
        return None;
    }
    if !allowed(from, to) && !excepted(file, to) {
        return Some(format!("{from} may not import {to}"));
    }
    let part = path.get(1).map(|inner| format!("{to}::{inner}"))?;
    let (_, friends) = PRIVATE.iter().find(|(private, _)| *private == part)?;
    let may = from == to || friends.contains(&from);
    (!may).then(|| format!("{part} is for {to} and {friends:?} alone, not for {from}"))
}

#[test]
fn every_import_is_an_arrow_of_the_table() {
    let mut wrong = Vec::new();
    for file in sources() {
        let module = file.module();
        let Some(from) = module.first().copied().filter(|_| !is_program(&file.name)) else { continue };
        for import in file.imports() {
            if let Some(problem) = problem(&file.name, from, &import.path) {
                wrong.push(format!("{}:{}: {problem}", file.name, import.line));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_module_stands_in_the_table() {
    let missing: Vec<String> = sources()
        .iter()
        .filter_map(|file| Some((*file.module().first()?).to_owned()))
        .filter(|module| !known(module) && !matches!(module.as_str(), "commands"))
        .collect();
    assert!(missing.is_empty(), "no arrows are drawn for {missing:?}");
}

#[test]
fn no_row_and_no_exception_is_left_over() {
    let sources = sources();
    let uses = |from: &str, to: &str| {
        sources.iter().any(|file| {
            file.module().first() == Some(&from)
                && file.imports().iter().any(|import| import.path.first().is_some_and(|head| head == to))
        })
    };
    for row in TABLE {
        assert!(sources.iter().any(|file| file.module().first() == Some(&row.module)), "no {}", row.module);
        for to in row.may.iter().filter(|to| **to != "*") {
            assert!(known(to), "{to} is no module");
        }
    }
    for (place, to, why) in EXCEPTIONS {
        let from = place.split('/').nth(1).unwrap();
        assert!(uses(from, to), "{place} does not need {to} any more ({why})");
    }
}

/// The table as the documentation shows it.
fn as_markdown() -> String {
    let ticked = |names: &[&str]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let mut text = String::from("| module | may import | |\n|---|---|---|\n");
    let _ = writeln!(text, "| leaves: {} | `domain`, leaves | |", ticked(LEAVES));
    for row in TABLE {
        let may = match row.may {
            _ if row.module == "domain" => "—".to_owned(),
            ["*"] => "all".to_owned(),
            [] => "`domain`, leaves".to_owned(),
            more => format!("`domain`, leaves, {}", ticked(more)),
        };
        let _ = writeln!(text, "| `{}` | {may} | {} |", row.module, row.note);
    }
    text
}

#[test]
fn the_documentation_shows_this_table() {
    let Ok(text) = std::fs::read_to_string(root().join("docs/ARCHITECTURE.md")) else { return };
    let table = as_markdown();
    assert!(text.contains(&table), "docs/ARCHITECTURE.md shows other arrows; it should hold\n{table}");
}
