//! What a single line of an e-mail looks like; it must not know what the lines around it are.

use super::attribution;

/// More of a line than any introduction of a quote or footer takes; what is longer is read only so far.
const READ: usize = 400;

/// The lines of a text. A run of blank ones is one line, and an attribution behind dashes stands on its own.
pub(super) fn of(body: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut blank = true;
    for line in body.lines() {
        if is_blank(line) {
            if !blank {
                lines.push("");
            }
            blank = true;
            continue;
        }
        blank = false;
        match attribution::behind_dashes(line) {
            Some(at) => {
                let (words, attribution) = line.split_at(at);
                lines.extend([words, attribution]);
            }
            None => lines.push(line),
        }
    }
    lines
}

/// The line without the white space (also the invisible kind) around it.
pub(super) fn bare(line: &str) -> &str {
    line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}'))
}

/// The line without white space and the stars and underscores of bold type around it.
pub(super) fn plain(line: &str) -> &str {
    line.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '*' | '_' | '\u{200b}'..='\u{200f}' | '\u{feff}')
    })
}

/// The beginning of a line, as much of it as is worth reading.
pub(super) fn head(line: &str) -> &str {
    line.get(..line.floor_char_boundary(READ)).unwrap_or(line)
}

pub(super) fn is_blank(line: &str) -> bool {
    bare(line).is_empty()
}

/// Does `>` mark the line as quoted? Arrows on both sides only adorn it.
pub(super) fn is_quote(line: &str) -> bool {
    let line = bare(line);
    line.starts_with('>') && !(line.starts_with(">>") && line.ends_with("<<"))
}

/// A line drawn across the page.
pub(super) fn is_ruler(line: &str) -> bool {
    let line = bare(line);
    line.len() >= 5 && line.chars().all(|c| matches!(c, '-' | '_' | '=' | '*' | '–' | '—' | '─' | ' '))
}

/// Nothing but a link, in whatever brackets.
pub(super) fn is_link(line: &str) -> bool {
    let line = bare(line).trim_matches(|c: char| "<>()[] \t".contains(c));
    (line.starts_with("http://") || line.starts_with("https://")) && !line.contains(char::is_whitespace)
}

/// The first line from `from` on that is not blank.
pub(super) fn next_filled(lines: &[&str], from: usize) -> Option<usize> {
    (from..lines.len()).find(|n| !is_blank(lines[*n]))
}

/// The words of a line in small letters: letters and digits, apart from all else.
pub(super) fn words(line: &str) -> Vec<String> {
    let words = head(line).split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}
