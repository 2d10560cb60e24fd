//! The manager's prompt: a template rendered within limits, and checked before it may be published. It decides nothing.
//!
//! A template has two parts. What stands in `{% block turn %}` is rendered afresh for each turn and sent as a second
//! system message; all the rest may speak of the hotel alone, and is therefore the same, byte for byte, from turn to
//! turn and guest to guest, which is what providers cache. A template without that block gets the default's.

use super::context;
use super::prompt_guard::{tags, violations};
use super::prompt_input::{PromptInput, sample_inputs};
use crate::domain::hotel::Hotel;
use crate::llm::ChatMessage;
use chrono::{DateTime, Utc};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, ValueKind};
use minijinja::{Environment, ErrorKind, UndefinedBehavior, Value, context as variables_of};
use serde::Serialize;
use std::io;

/// The template that a new hotel starts with.
pub const DEFAULT: &str = include_str!("../../prompts/concierge.md");
/// Longest template, in bytes.
pub const MAX_TEMPLATE: usize = 24_000;
/// Longest part after rendering, in bytes.
const MAX_RENDERED: usize = 48_000;
/// Steps of the template engine: the default takes a few hundred.
const STEPS: u64 = 20_000;
/// `{% block turn %}` left out.
const STABLE: &str = "{% extends 'prompt' %}{% block turn %}{% endblock %}";
/// Variables that change from turn to turn.
const TURN_VARIABLES: [&str; 6] = ["today", "channel", "guest", "stay", "proof", "tools"];

/// A rendered prompt. Both parts are the hotel's own words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Rendered {
    /// The same for every turn until the hotel or its prompt changes.
    pub stable: String,
    /// What is so now; may be empty.
    pub turn: String,
}

impl Rendered {
    /// As the model gets it, the stable part first.
    pub fn messages(&self) -> Vec<ChatMessage> {
        let parts = [&self.stable, &self.turn].into_iter().filter(|text| !text.is_empty());
        parts.map(|text| ChatMessage::System(text.clone())).collect()
    }
}

/// What is wrong with a template, for the manager who wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema, thiserror::Error)]
#[error("{}{what}. {help}", line.map(|line| format!("line {line}: ")).unwrap_or_default())]
pub struct PromptError {
    /// Counted from 1.
    pub line: Option<usize>,
    pub what: String,
    /// What to do about it.
    pub help: String,
}

impl PromptError {
    pub(super) fn at(line: usize, what: String, help: &str) -> Self {
        Self { line: Some(line), what, help: help.to_owned() }
    }

    fn whole(what: &str, help: &str) -> Self {
        Self { line: None, what: what.to_owned(), help: help.to_owned() }
    }
}

/// One sample conversation's prompt, as the console shows it before publishing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Preview {
    /// `no stay`, `in house` or `left`.
    pub sample: String,
    pub rendered: Rendered,
    /// Length of both parts in model tokens.
    pub tokens: i64,
}

/// Every variable of a template with what it holds, for the console.
pub fn variables() -> &'static [(&'static str, &'static str)] {
    &[
        ("hotel.name", "the hotel's name"),
        ("hotel.description", "a few words about it, in its first language; may be empty"),
        ("hotel.languages", "its languages, a list"),
        ("hotel.zone", "its time zone"),
        ("hotel.currency", "its currency"),
        ("hotel.reception_phone", "reception's number; may be empty"),
        ("hotel.emergency_number", "the public emergency number"),
        ("late_checkout", "the late check-out policy in words"),
        ("policies", "further rules in words, a list"),
        ("today.date", "in block turn only: today's date at the hotel"),
        ("today.weekday", "in block turn only: today's weekday"),
        ("channel", "in block turn only: how the guest writes, such as SMS"),
        ("guest.first_name", "in block turn only: the guest's first name, or none"),
        ("stay", "in block turn only: none, or the proved stay"),
        ("stay.state", "in block turn only: not yet arrived, in house, left"),
        ("stay.arrives_on", "in block turn only: arrival date"),
        ("stay.departs_on", "in block turn only: departure date"),
        ("stay.room", "in block turn only: room number, or none"),
        ("proof", "in block turn only: how the guest has proved who they are"),
        ("tools", "in block turn only: names of the tools that can be used, a list"),
    ]
}

/// Renders the template, or says why it cannot be.
pub fn render(template: &str, input: &PromptInput) -> Result<Rendered, PromptError> {
    if template.len() > MAX_TEMPLATE {
        return Err(PromptError::whole("the prompt is longer than 24,000 bytes", "Shorten it."));
    }
    if let Some(first) = violations(template).into_iter().next() {
        return Err(first);
    }
    let own_turn = tags(template).iter().any(|tag| tag.statement && is_turn_block(tag.code));
    let env = environment(template).map_err(|error| explain(&error, template))?;
    let hotel_only = variables_of! {
        hotel => Serde(&input.hotel), policies => Serde(&input.policies), late_checkout => Serde(&input.late_checkout),
    };
    let stable = render_part(&env, "stable", &hotel_only).map_err(|error| explain(&error, template))?;
    if stable.is_empty() {
        return Err(PromptError::whole(
            "the prompt is empty",
            "Write who the assistant is and what it may do.",
        ));
    }
    let source = if own_turn { "prompt" } else { "default" };
    let everything = Value::from(Serde(input));
    let turn = render_turn(&env, source, &everything).map_err(|error| explain(&error, template))?;
    Ok(Rendered { stable, turn })
}

/// Renders the template for the three samples; all that is wrong otherwise.
pub fn check(template: &str, hotel: &Hotel, now: DateTime<Utc>) -> Result<Vec<Preview>, Vec<PromptError>> {
    let mut errors = violations(template);
    let mut previews = Vec::new();
    for (sample, input) in sample_inputs(hotel, now) {
        match render(template, &input) {
            Ok(rendered) => previews.push(Preview {
                sample: sample.to_owned(),
                tokens: context::count(&rendered.stable) + context::count(&rendered.turn),
                rendered,
            }),
            Err(error) if errors.contains(&error) => {}
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() { Ok(previews) } else { Err(errors) }
}

fn is_turn_block(code: &str) -> bool {
    code.split_whitespace().eq(["block", "turn"])
}

fn environment(template: &str) -> Result<Environment<'_>, minijinja::Error> {
    let mut env = Environment::empty();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_fuel(Some(STEPS));
    env.set_recursion_limit(50);
    env.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    env.add_filter("upper", minijinja::filters::upper);
    env.add_filter("lower", minijinja::filters::lower);
    env.add_filter("trim", minijinja::filters::trim);
    env.add_filter("length", minijinja::filters::length);
    env.add_filter("default", minijinja::filters::default);
    env.add_filter("join", join);
    env.add_test("none", minijinja::tests::is_none);
    env.add_test("defined", minijinja::tests::is_defined);
    env.add_template("default", DEFAULT)?;
    env.add_template("stable", STABLE)?;
    env.add_template("prompt", template)?;
    Ok(env)
}

/// Lists only: joining a text's letters with a text would multiply their lengths.
fn join(list: &Value, between: Option<String>) -> Result<String, minijinja::Error> {
    if list.kind() != ValueKind::Seq {
        return Err(minijinja::Error::new(ErrorKind::InvalidOperation, "join needs a list"));
    }
    let parts: Vec<String> = list.try_iter()?.map(|part| part.to_string()).collect();
    Ok(parts.join(between.as_deref().unwrap_or("")))
}

fn render_part(env: &Environment<'_>, name: &str, input: &Value) -> Result<String, minijinja::Error> {
    let mut out = Limited::default();
    env.get_template(name)?.render_captured_to(input.clone(), &mut out)?;
    Ok(out.text())
}

fn render_turn(env: &Environment<'_>, name: &str, input: &Value) -> Result<String, minijinja::Error> {
    let template = env.get_template(name)?;
    // A state has the blocks only once the template has run; what it prints then is the whole prompt, not wanted here.
    let mut ran = template.render_captured_to(input.clone(), Limited::default())?;
    let mut out = Limited::default();
    ran.with_state_mut(|state| state.render_block_to_write("turn", &mut out))?;
    Ok(out.text())
}

/// Takes what is rendered, up to a limit.
#[derive(Default)]
struct Limited(Vec<u8>);

impl Limited {
    /// Trimmed, without the empty lines that tags leave behind.
    fn text(&self) -> String {
        let mut text = String::with_capacity(self.0.len());
        let mut empty_lines = 0;
        for line in String::from_utf8_lossy(&self.0).lines().map(str::trim_end) {
            empty_lines = if line.is_empty() { empty_lines + 1 } else { 0 };
            if empty_lines < 2 {
                text.push_str(line);
                text.push('\n');
            }
        }
        text.trim().to_owned()
    }
}

impl io::Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > MAX_RENDERED {
            return Err(io::Error::other("too long"));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The template engine's complaint in words that a manager can act on.
fn explain(error: &minijinja::Error, template: &str) -> PromptError {
    // The innermost cause has the line where it happened; the outer ones say where that was included.
    let mut cause = error;
    while let Some(inner) =
        std::error::Error::source(cause).and_then(|e| e.downcast_ref::<minijinja::Error>())
    {
        cause = inner;
    }
    let line = if cause.name() == Some("prompt") { cause.line() } else { None };
    let (what, help) = match cause.kind() {
        ErrorKind::UndefinedError => return unknown_variable(line, template),
        ErrorKind::SyntaxError => (
            format!("this is not understood: {}", cause.detail().unwrap_or("a mistake in a tag")),
            "Check that every {{ has its }}, every {% its %}, and every if, for and block its end.",
        ),
        ErrorKind::UnknownFilter => {
            ("there is no such filter".to_owned(), "Use upper, lower, trim, length, default or join.")
        }
        ErrorKind::UnknownTest => ("there is no such test".to_owned(), "Use `is none` or `is defined`."),
        ErrorKind::UnknownFunction | ErrorKind::UnknownMethod => {
            ("functions cannot be called in a prompt".to_owned(), "Use the listed variables only.")
        }
        ErrorKind::OutOfFuel => ("the prompt takes too many steps".to_owned(), "Use fewer or shorter loops."),
        ErrorKind::WriteFailure => {
            ("the prompt becomes longer than 48,000 bytes".to_owned(), "Use fewer or shorter loops.")
        }
        _ => (
            format!("this cannot be rendered: {}", cause.detail().unwrap_or("an invalid expression")),
            "Use the listed variables only, lists with for or join.",
        ),
    };
    PromptError { line, what, help: help.to_owned() }
}

fn unknown_variable(line: Option<usize>, template: &str) -> PromptError {
    let here: Vec<_> =
        tags(template).into_iter().filter(|tag| Some(tag.line) == line).map(|tag| tag.code).collect();
    let shown = here.iter().map(|code| format!("`{code}`")).collect::<Vec<_>>().join(" ");
    let is_turn = |word: &str| TURN_VARIABLES.contains(&word);
    let of_turn = here.iter().any(|code| code.split(|c: char| !c.is_alphanumeric() && c != '_').any(is_turn));
    let what = if shown.is_empty() {
        "a variable is not known".to_owned()
    } else {
        format!("a variable is not known here: {shown}")
    };
    let help = if of_turn {
        "What changes from turn to turn (today, channel, guest, stay, proof, tools) may only stand between \
         {% block turn %} and {% endblock %}; test `if stay` before its parts; check the spelling."
    } else {
        "Check the spelling against the list of variables."
    };
    PromptError { line, what, help: help.to_owned() }
}

#[cfg(test)]
#[path = "prompt_tests.rs"]
mod tests;
