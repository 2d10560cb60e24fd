//! Masking payment card numbers before anything is stored, logged or shown to a model; it must not touch other text.

use super::words;
use std::borrow::Cow;
use std::ops::Range;

const SHORTEST: usize = 13;
const LONGEST: usize = 19;
/// Characters that may stand between two digits of one number ("1111 - 1111").
const WIDEST_GAP: usize = 3;
/// E.164: a number behind a plus with no more digits than this is a telephone number.
const LONGEST_PHONE: usize = 15;
/// How far back the pieces of a split number are looked for.
const MOST_PIECES: usize = 8;

/// Words with which a guest goes on in the middle of a number: "and the rest is 1111 1111".
const GOING_ON: &str = "and then the rest is are last next first second remaining other half part digits numbers two four \
    eight it its it's continues ends ending in with y luego el la los las resto es son ultimos siguientes primeros otros \
    otra mitad dos cuatro ocho digitos numeros sigue termina acaba en con";

/// The messages of a card number that was split, with all but its last four digits hidden.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaskedPieces {
    /// The new texts of the last messages of `prev`, in their order; earlier ones are unchanged.
    pub prev: Vec<String>,
    /// The new text of the message that completed the number.
    pub next: String,
}

/// Hides every payment card number: 13 to 19 digits in any script, with a plausible first digits and a valid check
/// digit, whole or separated by spaces, dots and dashes, become `•••• •••• •••• 1111`. All other text stays as it is,
/// byte for byte. Linear in the length of the text.
pub fn mask_cards(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut copied = 0;
    for run in runs(text) {
        for card in cards_in(&run, SHORTEST) {
            out.push_str(&text[copied..run.digits[card.span.start].start]);
            out.push_str("•••• •••• •••• ");
            out.extend(run.digits[card.last_four].iter().map(|d| char::from(b'0' + d.value)));
            copied = run.digits[card.span.end - 1].end;
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out)
}

/// Finds one card number that runs from the end of the messages before (`prev`, oldest first) into the beginning of
/// `next`, and hides it in all of them; `None` if there is none. A number that is whole inside one message is the
/// work of [`mask_cards`], which is to be called first.
pub fn mask_across(prev: &[&str], next: &str) -> Option<MaskedPieces> {
    let head = runs(next).into_iter().next().filter(|r| !r.plus && bare(&next[..r.digits[0].start]))?;
    let mut pieces: Vec<(&str, Run)> = Vec::new();
    for text in prev.iter().rev().take(MOST_PIECES) {
        let Some(tail) = runs(text).pop().filter(|r| bare(&text[r.digits[r.digits.len() - 1].end..])) else {
            break;
        };
        if tail.is_phone() {
            break;
        }
        let whole = bare(&text[..tail.digits[0].start]);
        pieces.insert(0, (text, tail));
        if !whole || pieces.iter().map(|(_, r)| r.digits.len()).sum::<usize>() > LONGEST {
            break;
        }
    }
    let before: usize = pieces.iter().map(|(_, r)| r.digits.len()).sum();
    let joined = join(pieces.iter().map(|(_, r)| r).chain([&head]));
    // Thirteen digits are as often a phone number and a room as they are a card, and cards of that length are gone.
    let card = cards_in(&joined, SHORTEST + 1).find(|c| c.span.start < before && before < c.span.end)?;
    let mut offset = 0;
    let mut hide = |text: &str, run: &Run| {
        let range = offset..offset + run.digits.len();
        offset = range.end;
        hide_digits(text, run, |at| {
            let at = range.start + at;
            card.span.contains(&at) && !card.last_four.contains(&at)
        })
    };
    let prev = pieces.iter().map(|(text, run)| hide(text, run)).collect();
    Some(MaskedPieces { prev, next: hide(next, &head) })
}

fn hide_digits(text: &str, run: &Run, hidden: impl Fn(usize) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for (_, digit) in run.digits.iter().enumerate().filter(|(at, _)| hidden(*at)) {
        out.push_str(&text[copied..digit.start]);
        out.push('•');
        copied = digit.end;
    }
    out.push_str(&text[copied..]);
    out
}

/// Nothing but separators and words that go on with a number, so that the digits beside it are the message's edge.
fn bare(text: &str) -> bool {
    let folded = words::fold(text);
    !text.contains('+')
        && words::tokens(&folded).all(|word| GOING_ON.split_whitespace().any(|known| known == word))
}

#[derive(Debug, Clone, Copy)]
struct Digit {
    value: u8,
    start: usize,
    end: usize,
    /// First of a group: a separator or the run's edge is before it.
    opens: bool,
    /// Last of a group.
    closes: bool,
}

/// Digits with nothing but narrow gaps between them.
#[derive(Debug, Default)]
struct Run {
    digits: Vec<Digit>,
    plus: bool,
}

impl Run {
    fn is_phone(&self) -> bool {
        self.plus && self.digits.len() <= LONGEST_PHONE
    }

    fn close(&mut self) {
        if let Some(last) = self.digits.last_mut() {
            last.closes = true;
        }
    }
}

fn join<'a>(runs: impl Iterator<Item = &'a Run>) -> Run {
    Run { digits: runs.flat_map(|r| r.digits.iter().copied()).collect(), plus: false }
}

fn runs(text: &str) -> Vec<Run> {
    let mut all = Vec::new();
    let mut run = Run::default();
    let mut gap = 0;
    let mut before = ' ';
    for (start, c) in text.char_indices() {
        if let Some(value) = digit_value(c) {
            if run.digits.is_empty() {
                run.plus = matches!(before, '+' | '＋');
            } else if gap > 0 {
                run.close();
            }
            let opens = run.digits.is_empty() || gap > 0;
            run.digits.push(Digit { value, start, end: start + c.len_utf8(), opens, closes: false });
            gap = 0;
        } else if !run.digits.is_empty() {
            gap += 1;
            if gap > WIDEST_GAP || !is_separator(c) {
                run.close();
                all.push(std::mem::take(&mut run));
                gap = 0;
            }
        }
        before = c;
    }
    run.close();
    if !run.digits.is_empty() {
        all.push(run);
    }
    all
}

fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '.' | '-' | '_' | '/' | '·' | '・' | '。' | '．' | '－' | '\u{00ad}' | '\u{200b}'..='\u{200f}'
            | '\u{2010}'..='\u{2015}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{2212}' | '\u{feff}')
}

/// The value of a decimal digit of any script in use; each script's ten digits follow one another in Unicode.
fn digit_value(c: char) -> Option<u8> {
    const ZEROS: [u32; 23] = [
        0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50,
        0xed0, 0xf20, 0x1040, 0x17e0, 0x1810, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0xff10,
    ];
    // The rest of the mathematical digits, kept apart because styled text from phones uses them.
    const STYLED_ZEROS: [u32; 3] = [0x1d7ec, 0x1d7f6, 0x1fbf0];
    if c.is_ascii() {
        return c.is_ascii_digit().then(|| c as u8 - b'0');
    }
    let code = u32::from(c);
    let zero = ZEROS.iter().chain(&STYLED_ZEROS).find(|zero| (**zero..**zero + 10).contains(&code))?;
    u8::try_from(code - zero).ok()
}

/// A card number in a run: the digits to hide, of which the last four stay.
struct Card {
    span: Range<usize>,
    last_four: Range<usize>,
}

/// The cards of a run from left to right. A number starts and ends at the edge of a group; where several readings
/// overlap (a security code behind the number), all their digits are hidden and the commonest length names the last four.
fn cards_in(run: &Run, shortest: usize) -> impl Iterator<Item = Card> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        if run.is_phone() {
            return None;
        }
        while at + shortest <= run.digits.len() {
            let Some(first) = best_at(run, at, shortest) else {
                at += 1;
                continue;
            };
            let mut span = at..first.longest;
            let mut last_end = first.best;
            // A later start inside this span may reach further: hide both.
            let mut inner = span.start + 1;
            while inner < span.end {
                if let Some(other) = best_at(run, inner, shortest)
                    && other.longest > span.end
                {
                    span.end = other.longest;
                    last_end = other.best;
                }
                inner += 1;
            }
            at = span.end;
            return Some(Card { span, last_four: last_end - 4..last_end });
        }
        None
    })
}

struct Reading {
    best: usize,
    longest: usize,
}

/// The valid numbers that start at this digit: where the likeliest ends and where the longest does.
fn best_at(run: &Run, start: usize, shortest: usize) -> Option<Reading> {
    let digits = &run.digits[start..run.digits.len().min(start + LONGEST)];
    if !digits.first()?.opens || !plausible_issuer(digits) {
        return None;
    }
    // Luhn doubles every second digit counted from the end, so both sums are kept until the end is known.
    let mut sums = [0u32; 2];
    let mut reading: Option<Reading> = None;
    for (at, digit) in digits.iter().enumerate() {
        let value = u32::from(digit.value);
        let doubled = if value > 4 { value * 2 - 9 } else { value * 2 };
        sums[at % 2] += value;
        sums[(at + 1) % 2] += doubled;
        let len = at + 1;
        // An expiry date typed onto sixteen digits leaves no edge behind the number.
        let ends = digit.closes || (len == 16 && digits.len() > 16);
        if len < shortest || !ends || sums[at % 2] % 10 != 0 {
            continue;
        }
        let end = start + len;
        reading = Some(match reading {
            Some(r) if rank(len) < rank(r.best - start) => Reading { best: r.best, longest: end },
            _ => Reading { best: end, longest: end },
        });
    }
    reading
}

/// How common a length is among cards.
fn rank(len: usize) -> u8 {
    match len {
        16 => 3,
        15 => 2,
        14 | 19 => 1,
        _ => 0,
    }
}

/// Travel and bank cards begin with 3 to 6; Mastercard's newer range is 2221–2720, Mir's 2200–2204, Troy's 9792, and
/// 81 and 82 belong to UnionPay and RuPay.
fn plausible_issuer(digits: &[Digit]) -> bool {
    let first_four = digits.iter().take(4).fold(0u32, |n, d| n * 10 + u32::from(d.value));
    digits.len() >= 4 && matches!(first_four, 3000..=6999 | 2221..=2720 | 2200..=2204 | 9792 | 8100..=8299)
}

#[cfg(test)]
#[path = "redact_tests.rs"]
mod tests;
