//! Lines such as "On … Anna wrote:" in a dozen languages; it must not take a guest's sentence about a letter for one.

use std::sync::LazyLock;

use regex::Regex;

use super::vocabulary::{LEADS, TELLERS, WROTE};
use super::{Border, lines};

/// Mail programs break an attribution into a few lines, and none is longer than this.
const MOST_LINES: usize = 5;
const MOST_BYTES: usize = 400;
/// A line that a program breaks is no shorter.
const FULL_LINE: usize = 40;
/// A date stands at the beginning: behind "On Wednesday, September" at the latest.
const DATE_WITHIN: usize = 28;

/// A pattern written here; one that is broken matches nothing, which the tests would show.
fn pattern(text: &str) -> Option<Regex> {
    Regex::new(text).ok()
}

static CLOCK: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(?-u:\b)\d{1,2}(?::\d{2}|h\d{2}(?-u:\b)|\.\d{2}(?:[\s,]|$))"));
static FULL_DATE: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(?-u:\b)(?:(?:19|20)\d{2}|\d{1,4}[./-]\d{1,2}[./-]\d{2,4})(?-u:\b)"));
static ADDRESS: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"[\w.+-]@[\w-]"));

fn has(pattern: &LazyLock<Option<Regex>>, text: &str) -> bool {
    pattern.as_ref().is_some_and(|pattern| pattern.is_match(text))
}

pub(super) fn has_clock(text: &str) -> bool {
    has(&CLOCK, text)
}

pub(super) fn has_address(text: &str) -> bool {
    has(&ADDRESS, text)
}

/// How a line may begin an attribution.
#[derive(Clone, Copy, PartialEq)]
enum Start {
    /// "On Tue, Apr 3": may go on over several lines.
    Led,
    /// "2012-04-03 16:19", "Tue, 3 Apr": a date alone; its end is near.
    Dated,
    /// Anything: must be an attribution by itself.
    Bare,
}

/// The attribution that begins at line `at`.
pub(super) fn at(all: &[&str], at: usize) -> Option<Border> {
    let start = start(all[at]);
    let most = match start {
        Start::Led => MOST_LINES,
        Start::Dated => 2,
        Start::Bare => 1,
    };
    let mut text = String::new();
    let (mut taken, mut blank) = (0, false);
    for (n, line) in all.iter().enumerate().skip(at) {
        if lines::is_blank(line) {
            blank = true;
            continue;
        }
        if taken == most
            || text.len() + line.len() > MOST_BYTES
            || (taken > 0 && !goes_on(&text, line, blank))
        {
            return None;
        }
        text.push_str(lines::plain(line));
        text.push(' ');
        (taken, blank) = (taken + 1, false);
        if let Some(sure) = judge(lines::plain(&text), start, taken) {
            return Some(Border { end: n + 1, sure });
        }
    }
    None
}

/// Where in a line an attribution begins that stands behind the guest's words and a run of dashes.
pub(super) fn behind_dashes(line: &str) -> Option<usize> {
    let tail = line.len().saturating_sub(MOST_BYTES);
    let from = (tail..=line.len()).find(|at| line.is_char_boundary(*at))?;
    let at = from + line.get(from..)?.rfind("---")?;
    let words = line.get(..at)?;
    let (words, attribution) = (words.trim_end_matches('-'), line.get(at + 3..)?);
    (!lines::is_blank(words) && start(attribution) == Start::Led).then_some(words.len())
}

/// May `line` go on with what was begun? A sentence's end, a quote or another beginning end it, and a blank line too
/// unless an address follows.
fn goes_on(text: &str, line: &str, blank: bool) -> bool {
    let before = text.trim_end();
    let stopped = before.strip_suffix('.').is_some_and(|before| {
        // an abbreviated day or month may stand at the end of a line that is full, as programs break them
        let last = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        before.len() < FULL_LINE || last.chars().count() > 4 || !last.chars().all(char::is_alphabetic)
    });
    let ended = stopped || before.ends_with(['!', '?', ':']);
    let open = text.matches('<').count() > text.matches('>').count();
    let after_blank = !blank || open || lines::bare(line).starts_with('<');
    after_blank && (open || (!ended && start(line) != Start::Led && !lines::is_quote(line)))
}

fn start(line: &str) -> Start {
    let line = lines::head(line).trim_start_matches(|c: char| c.is_whitespace() || "-*_".contains(c));
    let near = line.get(..line.floor_char_boundary(DATE_WITHIN)).unwrap_or(line);
    if !near.contains(|c: char| c.is_ascii_digit()) {
        return Start::Bare;
    }
    if lines::words(near).first().is_some_and(|word| LEADS.contains(&word.as_str())) {
        Start::Led
    } else if near.starts_with(|c: char| c.is_ascii_digit()) || near.contains(',') {
        Start::Dated
    } else {
        Start::Bare
    }
}

/// Is `text`, of so many lines, a whole attribution, and is it plain enough that no `>` needs to follow?
fn judge(text: &str, start: Start, taken: usize) -> Option<bool> {
    let colon = text.ends_with([':', '：']);
    let dashed = text.starts_with("--") && text.ends_with("---");
    if !colon && !dashed {
        return None;
    }
    let (address, clock, full_date) = (has_address(text), has_clock(text), has(&FULL_DATE, text));
    let dated = full_date && clock;
    // Chinese has no space between the time and the verb
    let wrote = |word: &String| WROTE.contains(&word.trim_start_matches(|c: char| c.is_ascii_digit()));
    if !lines::words(text).iter().any(wrote) {
        // some programs name only time and sender, the address last: "2012-04-03 16:19 Anna <anna@example.com>:"
        let ends_in_address = [">:", "):", ">："].iter().any(|end| text.ends_with(end));
        return (ends_in_address && address && dated && start != Start::Bare).then_some(true);
    }
    if !address && !dated && start == Start::Bare {
        return None;
    }
    let names = text.split_whitespace().filter(|word| !word.contains('@')).collect::<Vec<_>>().join(" ");
    let told = lines::words(&names).iter().any(|word| TELLERS.contains(&word.as_str()));
    let whole = if address { clock || full_date } else { dated && taken == 1 && start == Start::Led };
    Some(dashed || (whole && !told))
}
