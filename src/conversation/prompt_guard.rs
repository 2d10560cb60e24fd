//! What a prompt template may not contain, found before it is compiled: whatever could make a small text grow without end.
//!
//! The step limit counts steps, not the bytes that one step makes; `{% set x = x ~ x %}` forty times is a terabyte.

use super::prompt::PromptError;

/// The tags that a template may use. None of them can bind a name to a text that the template itself has made.
const TAGS: [&str; 8] = ["if", "elif", "else", "endif", "for", "endfor", "block", "endblock"];

/// One `{{ … }}` or `{% … %}` of a template.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    /// Counted from 1.
    pub line: usize,
    pub statement: bool,
    /// What stands inside, trimmed, without the dashes that control white space.
    pub code: &'a str,
}

/// All tags outside comments. Whatever is left open is the compiler's to report.
pub(super) fn tags(template: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(open) = template[at..].find('{').map(|found| at + found) {
        let rest = &template[open + 1..];
        let (statement, close) = match rest.as_bytes().first() {
            Some(b'%') => (true, "%}"),
            Some(b'{') => (false, "}}"),
            Some(b'#') => {
                at = rest.find("#}").map_or(template.len(), |end| open + 1 + end + 2);
                continue;
            }
            Some(_) | None => {
                at = open + 1;
                continue;
            }
        };
        let inside = &rest[1..];
        let Some(end) = end_of_code(inside, close) else { break };
        tags.push(Tag {
            line: template[..open].matches('\n').count() + 1,
            statement,
            code: inside[..end].trim_start_matches(['-', '+']).trim_end_matches(['-', '+']).trim(),
        });
        at = open + 2 + end + close.len();
    }
    tags
}

/// Where the closing mark stands, string literals skipped.
fn end_of_code(code: &str, close: &str) -> Option<usize> {
    let mut quote = None;
    let mut escaped = false;
    for (at, c) in code.char_indices() {
        match quote {
            Some(_) if escaped => escaped = false,
            Some(_) if c == '\\' => escaped = true,
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if matches!(c, '"' | '\'') => quote = Some(c),
            None if code[at..].starts_with(close) => return Some(at),
            None => {}
        }
    }
    None
}

/// Everything in the template that is not allowed.
pub(super) fn violations(template: &str) -> Vec<PromptError> {
    tags(template).iter().filter_map(violation).collect()
}

fn violation(tag: &Tag<'_>) -> Option<PromptError> {
    let word = tag.code.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default();
    if tag.statement && !TAGS.contains(&word) {
        return Some(PromptError::at(
            tag.line,
            format!("{{% {word} %}} cannot be used in a prompt"),
            "Use only if, for and block; write the text out instead.",
        ));
    }
    if word == "for" && tag.statement && !is_plain_loop(tag.code) {
        return Some(PromptError::at(
            tag.line,
            "a loop may only go over one of the listed variables".to_owned(),
            "Write {% for policy in policies %}.",
        ));
    }
    has_product(tag.code).then(|| {
        PromptError::at(
            tag.line,
            "* cannot be used in a prompt".to_owned(),
            "Write the text or the number out instead.",
        )
    })
}

/// `for name in name.name`, and nothing computed.
fn is_plain_loop(code: &str) -> bool {
    let mut words = code.split_whitespace();
    let is_path = |word: &str| word.split('.').all(is_name);
    words.next() == Some("for")
        && words.next().is_some_and(is_name)
        && words.next() == Some("in")
        && words.next().is_some_and(is_path)
        && words.next().is_none()
}

fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn has_product(code: &str) -> bool {
    end_of_code(code, "*").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_found_with_their_lines_and_comments_and_strings_skipped() {
        let template = "{# {% set a = 1 %} #}\n{{ \"}} %}\" }}\nplain { brace\n{%- if stay -%}x{% endif %}";
        let found: Vec<_> = tags(template).iter().map(|tag| (tag.line, tag.code.to_owned())).collect();
        let wanted = [(2, "\"}} %}\""), (4, "if stay"), (4, "endif")];
        assert_eq!(found, wanted.map(|(line, code)| (line, code.to_owned())));
    }

    #[test]
    fn whatever_could_grow_is_refused_with_its_line() {
        for bad in [
            "{% set x = hotel.name ~ hotel.name %}",
            "{%set x%}a{%endset%}",
            "{% macro f(x) %}{{ x }}{% endmacro %}",
            "{% include 'prompt' %}",
            "{% extends 'prompt' %}",
            "{% filter upper %}x{% endfilter %}",
            "{% with a = 1 %}{% endwith %}",
            "{% for a in [hotel.name ~ hotel.name] %}{% endfor %}",
            "{% for a in range(10) %}{% endfor %}",
            "{% for a in policies recursive %}{% endfor %}",
            "{{ 'x' * 1000000 }}",
            "{{ 10 ** 9 }}",
        ] {
            let found = violations(&format!("one\ntwo {bad}"));
            assert!(!found.is_empty() && found.iter().all(|error| error.line == Some(2)), "{bad}: {found:?}");
        }
        assert!(
            violations("{% for p in policies %}{{ p ~ '*' }}{% endfor %}{{ hotel.name|upper }}").is_empty()
        );
    }
}
