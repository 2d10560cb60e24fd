//! Blocks of "From: … Sent: … Subject: …" and markers such as "Original Message"; it must not take a guest's own list
//! ("From: airport, To: hotel") for one.

use super::vocabulary::{BEGIN, EARLIER, LABELS, Label, MESSAGE};
use super::{Border, attribution, lines};

/// More lines than a block's head takes with its addressees, and how many lines in a row may go on with a field.
const MOST_LINES: usize = 40;
const MOST_WRAPPED: usize = 2;
/// A label is no longer than this, a marker has no more words.
const LABEL_BYTES: usize = 40;
const MARKER_WORDS: usize = 6;

/// What a block's fields tell.
#[derive(Default)]
struct Seen {
    labels: Vec<Label>,
    address: bool,
    clock: bool,
}

impl Seen {
    fn add(&mut self, label: Label, value: &str) {
        if !self.labels.contains(&label) {
            self.labels.push(label);
        }
        self.address |= matches!(label, Label::From | Label::To) && attribution::has_address(value);
        self.clock |= label == Label::Date && attribution::has_clock(value);
    }

    /// Who travels writes "From", "To" and "Date" as well; an address, or the time of sending with a subject, they do not.
    fn is_head(&self) -> bool {
        let has = |label| self.labels.contains(&label);
        let addressed = self.address && (has(Label::Date) || self.labels.len() >= 3);
        has(Label::From) && (addressed || (self.clock && has(Label::Subject)))
    }
}

/// The head of an earlier message that begins at line `at`.
pub(super) fn block(all: &[&str], at: usize) -> Option<Border> {
    label(all[at])?;
    let mut seen = Seen::default();
    let (mut end, mut wrapped) = (at, 0);
    for (n, line) in all.iter().enumerate().skip(at).take(MOST_LINES) {
        if let Some((label, value)) = label(line) {
            seen.add(label, value);
            (end, wrapped) = (n + 1, 0);
        } else if lines::is_blank(line) {
            if all.get(n + 1).is_none_or(|next| label(next).is_none()) {
                break;
            }
        } else {
            wrapped += usize::from(!line.contains('@'));
            if wrapped > MOST_WRAPPED || lines::is_quote(line) {
                break;
            }
            seen.address |=
                attribution::has_address(lines::head(line)) && seen.labels.last() == Some(&Label::From);
        }
    }
    seen.is_head().then_some(Border { end, sure: true })
}

/// A line such as `-----Original Message-----`, after which all is quoted, or an announcement.
pub(super) fn marker(all: &[&str], at: usize) -> Option<Border> {
    let line = lines::plain(all[at]);
    let sure = line.starts_with("--") && line.ends_with("--");
    ((sure && names_earlier(line)) || announces(line)).then_some(Border { end: at + 1, sure })
}

/// A line such as "Begin forwarded message:", which counts only right above a head or a quote.
pub(super) fn announces(line: &str) -> bool {
    let line = lines::plain(line);
    line.ends_with(':')
        && names_earlier(line)
        && lines::words(line).first().is_some_and(|word| BEGIN.contains(&word.as_str()))
}

fn names_earlier(text: &str) -> bool {
    let words = lines::words(text);
    let message = words.iter().any(|word| MESSAGE.contains(&word.as_str()));
    let earlier = words.iter().any(|word| EARLIER.iter().any(|stem| word.starts_with(stem)));
    message && earlier && words.len() <= MARKER_WORDS
}

/// The label that a line begins with, and what stands behind it.
fn label(line: &str) -> Option<(Label, &str)> {
    let line = lines::head(line).trim_start_matches(|c: char| c.is_whitespace() || "*_".contains(c));
    let (name, value) = line.split_once([':', '：'])?;
    if name.len() > LABEL_BYTES {
        return None;
    }
    let name = lines::plain(name).to_lowercase();
    let (label, _) = LABELS.iter().find(|(_, names)| names.contains(&name.as_str()))?;
    Some((*label, value))
}
