//! Finds what stands under a guest's words (signature, device, disclaimer, list); it must not take away a name behind a
//! greeting, by which guests are known, nor anything that could be a wish.

use super::vocabulary::{
    ADDRESSEE, CLOSINGS, DEVICES, DUTY, ENGLISH, MAILING_LIST, MESSAGE, NATURE, PERSONAL, PHONES, PRINT,
    SCANNED, SECRET, SENT, THIS_MAIL, WITH,
};
use super::{Part, attribution, lines};

/// The most lines that a block behind `-- ` has. Behind `--` without the space that makes it a signature's mark, fewer.
const MARKED_LINES: usize = 20;
const UNMARKED_LINES: usize = 8;
/// A signature's line is not longer; a paragraph of a guest easily is.
const SHORT: usize = 90;
/// The lines of a list's footer, and those of a card under a closing formula.
const LIST_LINES: usize = 8;
const CARD_LINES: usize = 10;
/// The words of a device's footer before the device is named, and behind it; in German the verb ends a longer sentence.
const DEVICE_WITHIN: usize = 5;
const DEVICE_REST: usize = 2;
const DEVICE_WORDS: usize = 12;
/// The lines and bytes of a disclaimer.
const LEGAL_LINES: usize = 40;
const LEGAL_BYTES: std::ops::Range<usize> = 80..6000;

/// Marks what is no word of the guest's among the lines between two quotes; `first` where no quote stands above.
pub(super) fn mark(all: &[&str], parts: &mut [Part], first: bool) {
    // what a mail begins with is what the guest wants to say, whatever it sounds like
    let begin = all.iter().position(|line| !is_gap(line)).filter(|_| first);
    let end = without_tail(all, all.len(), begin);
    let end = match delimiter(&all[..end]) {
        Some(at) => without_tail(all, at, begin),
        None => end,
    };
    parts[end..].fill(Part::Signature);
    for at in contacts(&all[..end]) {
        parts[at] = Part::Signature;
    }
}

/// Where the words end, when what can be told at the end, piece by piece, is taken away.
fn without_tail(all: &[&str], mut end: usize, begin: Option<usize>) -> usize {
    loop {
        let filled = trimmed(all, end, lines::is_blank);
        let Some(last) = filled.checked_sub(1) else { return filled };
        let taken = device(all, last)
            .or_else(|| list_footer(all, filled))
            .or_else(|| paragraph(all, filled).filter(|start| Some(*start) != begin))
            .or_else(|| dashed_name(all, last));
        match taken {
            // a line drawn above a footer belongs to it
            Some(start) => end = trimmed(all, start, is_gap),
            None => return filled,
        }
    }
}

/// Does the line part two paragraphs?
fn is_gap(line: &str) -> bool {
    lines::is_blank(line) || lines::is_ruler(line)
}

/// The end of `all[..end]` without the lines at its end that `drop` names.
fn trimmed(all: &[&str], end: usize, drop: impl Fn(&str) -> bool) -> usize {
    all[..end].iter().rposition(|line| !drop(line)).map_or(0, |last| last + 1)
}

/// The line `-- ` above a signature. Where its space is missing, and it may just part two paragraphs, only a card with a
/// link, an address or a phone makes it one; and nobody asks anything in a signature.
fn delimiter(all: &[&str]) -> Option<usize> {
    let (mut below, mut short, mut card) = (0, true, false);
    let mut found = None;
    for (at, line) in all.iter().enumerate().rev() {
        if matches!(lines::bare(line), "--" | "—") {
            if *line == "-- " || (card && short && below <= UNMARKED_LINES) {
                found = Some(at);
            }
        } else if !lines::is_blank(line) {
            below += 1;
            short &= line.len() <= SHORT;
            card |= is_contact(line);
            let asks = lines::head(line).split_whitespace().any(|word| word.ends_with('?'));
            if below > MARKED_LINES || asks {
                break;
            }
        }
    }
    found
}

/// "Sent from my iPhone", "Von meinem Handy gesendet", "Get Outlook for iOS".
fn device(all: &[&str], at: usize) -> Option<usize> {
    let line = lines::plain(all[at]);
    let (text, _link) = line.split_once("http").unwrap_or((line, ""));
    if line.len() > 3 * SHORT || text.contains([',', ';', '?', '!']) {
        return None;
    }
    let words = lines::words(text);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let named = words.iter().position(|word| DEVICES.contains(word))?;
    let rest = words.iter().rev().position(|word| DEVICES.contains(word))?;
    let sent = match words.as_slice() {
        [first, second, ..] if SENT.contains(first) && WITH.contains(second) => {
            named <= DEVICE_WITHIN && rest <= DEVICE_REST
        }
        ["von" | "diese", .., "gesendet"] => words.len() <= DEVICE_WORDS,
        [.., "outlook", _, "ios" | "android"] => words.len() <= DEVICE_WITHIN,
        _ => false,
    };
    sent.then_some(at)
}

/// The footer of a mailing list, below a line drawn across the page.
fn list_footer(all: &[&str], end: usize) -> Option<usize> {
    let from = end.saturating_sub(LIST_LINES);
    let ruler = from + all[from..end].iter().rposition(|line| lines::is_ruler(line))?;
    let text = lowered(&all[ruler..end])?;
    let linked = text.contains("://") || attribution::has_address(&text);
    (says(&text, &MAILING_LIST) && linked && !is_personal(&text)).then_some(ruler)
}

/// A last paragraph that is a disclaimer, a plea not to print or a virus scanner's word.
fn paragraph(all: &[&str], end: usize) -> Option<usize> {
    let from = end.saturating_sub(LEGAL_LINES);
    let gap = all[from..end].iter().rposition(|line| is_gap(line));
    let start = if from == 0 { gap.map_or(0, |gap| gap + 1) } else { from + gap? + 1 };
    if start == end {
        return None;
    }
    let text = lowered(&all[start..end])?;
    (is_disclaimer(&text) || is_plea(&text)).then_some(start)
}

/// Lines as one in small letters, unless they are more than a footer has.
fn lowered(all: &[&str]) -> Option<String> {
    let bytes: usize = all.iter().map(|line| line.len()).sum();
    (bytes < LEGAL_BYTES.end).then(|| all.join(" ").to_lowercase())
}

fn says(text: &str, list: &[&str]) -> bool {
    list.iter().any(|phrase| text.contains(phrase))
}

/// A disclaimer says for whom a mail is, and what all others must do or leave.
fn is_disclaimer(text: &str) -> bool {
    let bound = says(text, &ADDRESSEE) && says(text, &DUTY);
    let about = says(text, &THIS_MAIL) || says(text, &SECRET);
    LEGAL_BYTES.contains(&text.len()) && bound && about && !is_personal(text) && !text.contains('?')
}

/// Does somebody speak for themselves? "I am not the addressee of your confidential mail" is a guest's word.
fn is_personal(text: &str) -> bool {
    let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || ",.;:()".contains(c)).collect();
    let has = |list: &[&str]| words.iter().any(|word| list.contains(word));
    has(&PERSONAL) || (has(&["i"]) && has(&ENGLISH))
}

/// "Think of the environment before you print this mail", "This mail was checked for viruses by …".
fn is_plea(text: &str) -> bool {
    let scanned =
        text.contains("virus") && says(text, &SCANNED) && (says(text, &THIS_MAIL) || text.contains("www."));
    let spared = says(text, &NATURE) && says(text, &PRINT) && says(text, &MESSAGE);
    text.len() <= 2 * SHORT && !text.contains('?') && !is_personal(text) && (scanned || spared)
}

/// "-Anna Kovacs" as last line, on its own.
fn dashed_name(all: &[&str], at: usize) -> Option<usize> {
    let name = lines::bare(all[at]).strip_prefix(['-', '–', '—'])?;
    let words: Vec<&str> = name.split(' ').collect();
    let named = |word: &&str| {
        let mut letters = word.chars();
        letters.next().is_some_and(char::is_uppercase)
            && letters.all(|c| c.is_alphabetic() || "'.-".contains(c))
    };
    let alone = at.checked_sub(1).is_some_and(|above| lines::is_blank(all[above]));
    let above = all[..at].iter().rev().find(|line| !lines::is_blank(line))?;
    // "-Extra Towels" below "-Two Pillows" or below "please bring:" is a list
    let listed = above.trim_end().ends_with(':') || above.trim_start().starts_with(['-', '–', '—', '*', '•']);
    ((2..=3).contains(&words.len()) && words.iter().all(named) && alone && !listed).then_some(at)
}

/// The lines of address and phone in the card below a closing formula. One alone may be what the guest was asked for.
fn contacts(all: &[&str]) -> Vec<usize> {
    let from = all.len().saturating_sub(CARD_LINES);
    let Some(closing) = all[from..].iter().rposition(|line| is_closing(line)) else { return Vec::new() };
    let found: Vec<usize> = (from + closing + 1..all.len()).filter(|at| is_contact(all[*at])).collect();
    if found.len() >= 2 { found } else { Vec::new() }
}

fn is_closing(line: &str) -> bool {
    let words = lines::words(line);
    words.len() <= 5 && words.iter().any(|word| CLOSINGS.contains(&word.as_str()))
}

/// A phone number that says so, a link or a mail address, and no words beside it.
fn is_contact(line: &str) -> bool {
    let line = lines::plain(line);
    let link = line.starts_with("www.") || lines::is_link(line);
    let mut pieces = line.split_whitespace();
    let (first, second) = (pieces.next().unwrap_or_default(), pieces.next());
    let address = second.is_none() && attribution::has_address(first);
    let letters = line.chars().filter(|c| c.is_alphabetic()).count();
    let digits = line.chars().filter(char::is_ascii_digit).count();
    let label = first.trim_end_matches([':', '.', '/']).to_lowercase();
    let phone = PHONES.contains(&label.as_str()) && digits >= 6 && letters <= 2 * label.len();
    line.len() <= SHORT && (link || address || phone)
}
