//! Whether the guest agreed to a quote, read from their whole burst; it must answer yes only where no other reading stands.

use std::sync::LazyLock;

use regex::Regex;

use super::confirm_words::{
    AGREE, AGREE_ALONE, ALTERS, AMENITY, AMENITY_GLUE, ASKS, CHANGE, COURTESY, DOUBT, INFORMATION, LEADS,
    NO_REFUSAL, NUMBERS, PLEASE, PRICE, REFUSE, TOPICS, WEAK,
};
use crate::domain::words;

/// What the burst says about the offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The guest agrees to exactly what was offered.
    Yes,
    /// The guest does not want it.
    No,
    /// The guest wants something else in its place: another item, number, time.
    Change,
    /// Anything else: a question, a doubt, another subject. Never an agreement.
    Other,
}

/// The offer that the guest answers. An empty `item` and `total` stand for an offer that named none: then only the
/// agreement itself is read, and a question after it cannot be about them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct QuoteWords<'a> {
    /// The item's name as it was shown.
    pub item: &'a str,
    /// How many were offered.
    pub quantity: u32,
    /// The total as it was shown, "18.00 EUR".
    pub total: &'a str,
}

/// Reads a burst of messages, oldest first, as the answer to an offer.
///
/// Yes needs an agreement, and every other word of the burst must be a courtesy, an echo of the offer, or a separate
/// question or request that leaves the offer as it is. Whatever this does not recognise is no yes.
pub fn read(burst: &[&str], ctx: &QuoteWords<'_>) -> Answer {
    let sentences: Vec<Sentence> = burst.iter().flat_map(|text| Sentence::split(text)).collect();
    let echo = Echo::of(ctx);
    let mut agreed = false;
    let mut only_pleases = !sentences.is_empty();
    let mut clear = true;
    for sentence in &sentences {
        let (rest, found) = consume(&sentence.words, &echo);
        agreed |= found.agree;
        // Who names the thing again may only be asking again: the price may have come while they wrote.
        only_pleases &= found.please && !found.echo && rest.is_empty() && !sentence.question;
        clear &= !found.conditional
            && if rest.is_empty() {
                !sentence.question
            } else {
                is_separate(rest, sentence.question, ctx, &echo)
            };
    }
    if clear && (agreed || only_pleases) { Answer::Yes } else { refusal_or_change(&sentences, agreed, ctx) }
}

fn refusal_or_change(sentences: &[Sentence], agreed: bool, ctx: &QuoteWords<'_>) -> Answer {
    let mut refused = false;
    let mut changed = false;
    for sentence in sentences {
        let text = PATTERNS.no_refusal.replace_all(&sentence.words, " ");
        refused |= PATTERNS.refuse.is_match(&text);
        let text = PATTERNS.refuse.replace_all(&text, " ");
        changed |= PATTERNS.change.is_match(&text) || has_other_number(&text, ctx);
    }
    match (refused, changed) {
        // "no, make it two" wants another offer; "no, I don't want it" wants none.
        (true, true) if sentences.iter().any(|s| s.wants_other(ctx)) => Answer::Change,
        (true, _) => Answer::No,
        (false, true) if agreed || sentences.iter().any(|s| s.wants_other(ctx)) => Answer::Change,
        _ => Answer::Other,
    }
}

/// One sentence: folded words with single spaces between and one behind, contractions written out.
#[derive(Debug)]
struct Sentence {
    words: String,
    question: bool,
}

impl Sentence {
    fn split(text: &str) -> Vec<Self> {
        let mut all = Vec::new();
        for line in text.lines() {
            let folded = words::fold(&SURE_SI.replace_all(line, "sip$1"));
            let chars: Vec<char> = folded.chars().collect();
            let mut current = String::new();
            for (at, &c) in chars.iter().enumerate() {
                let inside_number = |i: usize| chars.get(i).is_some_and(char::is_ascii_digit);
                match c {
                    '.' | ',' | ':' if at > 0 && inside_number(at - 1) && inside_number(at + 1) => {
                        current.push(c)
                    }
                    '?' | '？' | '🤔' | '🙄' | '😕' | '❓' => push(&mut all, &mut current, true),
                    '.' | '!' | '！' | ';' | '。' => push(&mut all, &mut current, false),
                    '👍' | '👌' | '✅' | '🆗' | '🤝' => current.push_str(" 👍 "),
                    '👎' | '❌' | '🚫' | '✋' => current.push_str(" no "),
                    '\'' => current.push(c),
                    c if c.is_alphanumeric() => current.push(c),
                    _ => current.push(' '),
                }
            }
            push(&mut all, &mut current, false);
        }
        all
    }

    /// Whether the sentence names what is wanted in place of the offer.
    fn wants_other(&self, ctx: &QuoteWords<'_>) -> bool {
        let text = PATTERNS.refuse.replace_all(&self.words, " ");
        has_other_number(&text, ctx) || PATTERNS.wants.is_match(&text)
    }
}

fn push(all: &mut Vec<Sentence>, current: &mut String, question: bool) {
    let expanded: Vec<String> = current
        .split_whitespace()
        .map(|w| w.trim_matches('\''))
        .filter(|w| !w.is_empty())
        .map(expand)
        .collect();
    current.clear();
    if !expanded.is_empty() {
        all.push(Sentence { words: format!("{} ", expanded.join(" ")), question });
    } else if question {
        // A question mark that stands alone questions what was said before it.
        match all.last_mut() {
            Some(last) => last.question = true,
            None => all.push(Sentence { words: "? ".into(), question }),
        }
    }
}

fn expand(word: &str) -> String {
    const WHOLE: [(&str, &str); 22] = [
        ("thats", "that is"),
        ("its", "it is"),
        ("im", "i am"),
        ("dont", "do not"),
        ("doesnt", "does not"),
        ("didnt", "did not"),
        ("isnt", "is not"),
        ("cant", "can not"),
        ("can't", "can not"),
        ("cannot", "can not"),
        ("wont", "will not"),
        ("won't", "will not"),
        ("whats", "what is"),
        ("thatll", "that will"),
        ("let's", "let us"),
        ("lets", "let us"),
        ("youre", "you are"),
        ("wouldnt", "would not"),
        ("wanna", "want to"),
        ("gonna", "going to"),
        ("itll", "it will"),
        ("couldnt", "could not"),
    ];
    const ENDS: [(&str, &str); 7] = [
        ("n't", " not"),
        ("'s", " is"),
        ("'d", " would"),
        ("'ll", " will"),
        ("'m", " am"),
        ("'re", " are"),
        ("'ve", " have"),
    ];
    if let Some((_, full)) = WHOLE.iter().find(|(short, _)| *short == word) {
        return (*full).to_owned();
    }
    let ending =
        ENDS.iter().find_map(|(end, full)| word.strip_suffix(end).map(|stem| format!("{stem}{full}")));
    ending.unwrap_or_else(|| word.to_owned())
}

/// The offer's own words, which a guest may repeat.
struct Echo {
    /// The whole name, so that a number inside it is no number of pieces.
    name: String,
    words: Vec<String>,
    quantity: Vec<String>,
    total: Vec<String>,
}

impl Echo {
    fn of(ctx: &QuoteWords<'_>) -> Self {
        let sentence = |text: &str| Sentence::split(text).into_iter().map(|s| s.words).collect::<String>();
        let name = sentence(ctx.item);
        let words =
            name.split(' ').filter(|w| w.len() > 1 && number_of(w).is_none()).map(str::to_owned).collect();
        let mut quantity: Vec<String> =
            NUMBERS.iter().filter(|n| n.1 == ctx.quantity).map(|n| n.0.to_owned()).collect();
        quantity.push(ctx.quantity.to_string());
        let mut total = Vec::new();
        for word in sentence(ctx.total).split_whitespace() {
            total.extend([word.to_owned(), word.replace('.', ","), word.replace(',', ".")]);
            total.extend(word.strip_suffix(".00").or_else(|| word.strip_suffix(",00")).map(str::to_owned));
            total.extend(
                (word == "eur").then_some(["euro".to_owned(), "euros".to_owned()]).into_iter().flatten(),
            );
            total.extend(
                (word == "usd").then_some(["dollar".to_owned(), "dollars".to_owned()]).into_iter().flatten(),
            );
        }
        Self { name, words, quantity, total }
    }

    fn has(&self, word: &str) -> bool {
        [&self.words, &self.quantity, &self.total].iter().any(|list| list.iter().any(|w| w == word))
    }

    /// Takes a repetition of the offer from the front, with the small word before it.
    fn take<'a>(&self, text: &'a str) -> Option<&'a str> {
        const SMALL: [&str; 16] = [
            "the", "a", "an", "my", "that", "this", "for", "of", "el", "la", "los", "las", "le", "un", "una",
            "der",
        ];
        if let Some(rest) = text.strip_prefix(&self.name).filter(|_| !self.name.is_empty()) {
            return Some(rest);
        }
        let (first, rest) = text.split_once(' ')?;
        if self.has(first) {
            return Some(rest);
        }
        let second = rest.split(' ').next()?;
        let leads = SMALL.contains(&first)
            && (self.has(second) || (!self.name.is_empty() && rest.starts_with(&self.name)));
        leads.then_some(rest)
    }
}

#[derive(Default)]
struct Found {
    agree: bool,
    please: bool,
    /// The offer's own words are repeated.
    echo: bool,
    /// A bare "si" runs on into the rest: in Spanish, Italian and French that is an "if".
    conditional: bool,
}

/// Takes agreements, courtesies and echoes from the front; what is left is something else that the guest says.
fn consume<'a>(sentence: &'a str, echo: &Echo) -> (&'a str, Found) {
    let mut rest = sentence;
    let mut found = Found::default();
    let mut bare_si = false;
    while !rest.is_empty() {
        let before = rest;
        if let Some(m) = PATTERNS.weak.find(rest) {
            rest = &rest[m.end()..];
        } else if let Some(m) = PATTERNS.please.find(rest) {
            found.please = true;
            rest = &rest[m.end()..];
        } else if let Some(m) = PATTERNS.agree_alone.find(rest).or_else(|| PATTERNS.agree.find(rest)) {
            found.agree = true;
            rest = &rest[m.end()..];
        } else if let Some(m) = PATTERNS.courtesy.find(rest) {
            rest = &rest[m.end()..];
        } else if let Some(after) = echo.take(rest) {
            found.echo = true;
            rest = after;
        } else {
            break;
        }
        bare_si = &before[..before.len() - rest.len()] == "si ";
    }
    found.conditional = bare_si && !rest.is_empty();
    (rest, found)
}

/// Whether the rest of a sentence is clearly another matter, so that the offer stands as it was.
fn is_separate(rest: &str, question: bool, ctx: &QuoteWords<'_>, echo: &Echo) -> bool {
    let rest = PATTERNS.leads.find(rest).map_or(rest, |m| &rest[m.end()..]);
    is_amenity(rest, echo) || is_information(rest, question, ctx, echo)
}

/// "two towels please", "I also need a blanket": only such things and small words, every number before its thing.
fn is_amenity(rest: &str, echo: &Echo) -> bool {
    let words: Vec<&str> = rest.split_whitespace().collect();
    let same = |e: &str, w: &str| e.trim_end_matches('s') == w.trim_end_matches('s');
    let is_thing =
        |w: &str| PATTERNS.amenity.is_match(&format!("{w} ")) && !echo.words.iter().any(|e| same(e, w));
    let known =
        |w: &str| is_thing(w) || number_of(w).is_some() || PATTERNS.amenity_glue.is_match(&format!("{w} "));
    let counted = |at: usize| {
        let between = ["extra", "more", "clean", "fresh", "new", "bath", "hand", "mas"];
        words[at + 1..].iter().find(|w| !between.contains(*w)).is_some_and(|w| is_thing(w))
    };
    let rest = PATTERNS.amenity_pairs.replace_all(rest, "soap ");
    rest.split_whitespace().all(known)
        && rest.split_whitespace().any(is_thing)
        && (0..words.len()).all(|at| number_of(words[at]).is_none() || counted(at))
}

/// "what is the wifi password?", "please tell me when it will be here": asks to know something and changes nothing.
fn is_information(rest: &str, question: bool, ctx: &QuoteWords<'_>, echo: &Echo) -> bool {
    // "Phone number?" asks without a word of asking.
    let bare = question && rest.split_whitespace().all(|w| PATTERNS.bare.is_match(&format!("{w} ")));
    let later = match PATTERNS.asks.find(rest) {
        Some(ask) => &rest[ask.end()..],
        None if bare => rest,
        None => return false,
    };
    let later = PATTERNS.noun_phrases.replace_all(later, "");
    let rest: &str = &PATTERNS.noun_phrases.replace_all(rest, "");
    let numbers = rest.split_whitespace().any(|w| number_of(w).is_some());
    let asks_when = PATTERNS.when.is_match(rest) && rest.split_whitespace().count() > 2;
    let known = PATTERNS.topics.is_match(rest) || asks_when;
    let told = known || (ctx.item.is_empty() && PATTERNS.information.is_match(rest));
    if numbers || !told || PATTERNS.doubt.is_match(rest) {
        return false;
    }
    if PATTERNS.alters.is_match(&later)
        || PATTERNS.no_refusal.replace_all(rest, " ").split(' ').any(|w| w == "not")
    {
        return false;
    }
    // The quote told the price: who asks for it has not agreed to it.
    let asks_price = !ctx.total.is_empty() && PATTERNS.price.is_match(rest);
    let about_it =
        rest.split_whitespace().any(|w| ["it", "this", "that", "they", "them"].contains(&w) || echo.has(w));
    !asks_price && (ctx.item.is_empty() || !about_it || asks_when)
}

fn number_of(word: &str) -> Option<u32> {
    let digits: &str = word.trim_start_matches('x').trim_end_matches('x');
    let named = NUMBERS.iter().find(|(name, _)| *name == word).map(|(_, n)| *n);
    named.or_else(|| {
        digits.starts_with(|c: char| c.is_ascii_digit()).then(|| digits.parse().unwrap_or(u32::MAX))
    })
}

/// A number that is neither the offered quantity nor the total.
fn has_other_number(text: &str, ctx: &QuoteWords<'_>) -> bool {
    let echo = Echo::of(ctx);
    let without_name = if echo.name.is_empty() { text.to_owned() } else { text.replace(&echo.name, "") };
    without_name.split_whitespace().any(|w| {
        number_of(w).is_some_and(|n| n != ctx.quantity && n > 1) && !echo.total.iter().any(|t| t == w)
    })
}

/// "sí" with its accent, or "si" that a comma or the end sets apart, is no "if".
static SURE_SI: LazyLock<Regex> =
    LazyLock::new(|| compiled(r"(?i)\b(?:s[íì]+|si)(\s*[,.!;]|\s*$)|\bs[íì]+\b"));

struct Patterns {
    agree: Regex,
    agree_alone: Regex,
    courtesy: Regex,
    please: Regex,
    weak: Regex,
    topics: Regex,
    leads: Regex,
    asks: Regex,
    refuse: Regex,
    no_refusal: Regex,
    change: Regex,
    wants: Regex,
    information: Regex,
    price: Regex,
    doubt: Regex,
    alters: Regex,
    when: Regex,
    bare: Regex,
    noun_phrases: Regex,
    amenity: Regex,
    amenity_pairs: Regex,
    amenity_glue: Regex,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| {
    let front = |lines: &[&str]| compiled(&format!("^(?:{}) ", group(lines)));
    let anywhere = |line: &str| compiled(&format!(r"(?:^| )(?:{line})(?: |$)"));
    Patterns {
        agree: front(AGREE),
        agree_alone: compiled(&format!("^(?:{AGREE_ALONE}) (?:please |thanks |thank you )?$")),
        courtesy: front(COURTESY),
        please: front(&[PLEASE]),
        weak: compiled(&format!("^(?:{WEAK}) (?:thanks |thank you )?$")),
        topics: anywhere(TOPICS),
        leads: compiled(&format!("^(?:(?:{LEADS}) )+")),
        asks: front(ASKS),
        refuse: anywhere(REFUSE),
        no_refusal: compiled(&format!(r"\b(?:{NO_REFUSAL})\b")),
        change: anywhere(CHANGE),
        wants: anywhere(
            "but|instead|rather|change|switch|swap|replace|make (it|that|them)|without|with|want|need|would like|prefer|have|another|more|add|pero|mejor|sin|con|cambia|otr[oa]|quiero|quisiera|prefiero",
        ),
        information: anywhere(INFORMATION),
        price: anywhere(PRICE),
        doubt: anywhere(DOUBT),
        alters: anywhere(ALTERS),
        bare: front(&[
            TOPICS,
            INFORMATION,
            "and|the|a|an|its|their|your|for|of|per|in|at|allowed|available|friendly",
        ]),
        // "a 4 star hotel", "for one night", "of our stay": these choose nothing.
        noun_phrases: compiled(
            r"\b(?:(?:\d|one|two|three|four|five) stars?|(?:one|1|single) night|(?:the|our|my) stay) ",
        ),
        when: anywhere("when|how (long|soon|fast)|what time|cuando|cuanto (tarda|tiempo|tardara)|a que hora"),
        amenity: front(&[AMENITY]),
        amenity_pairs: anywhere("toilet paper|papel higienico"),
        amenity_glue: front(&[AMENITY_GLUE]),
    }
});

fn group(lines: &[&str]) -> String {
    lines.iter().map(|line| format!("(?:{line})")).collect::<Vec<_>>().join("|")
}

#[expect(
    clippy::expect_used,
    reason = "the patterns are constants of this program; a test compiles them all"
)]
fn compiled(pattern: &str) -> Regex {
    Regex::new(pattern).expect("constant pattern")
}

#[cfg(test)]
#[path = "confirm_tests.rs"]
mod tests;
