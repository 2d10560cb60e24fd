//! What a guest offers as proof of a booking: confirmation numbers and a name; it must not decide whether they are true.

use super::proof_words::{
    BOOKING, FILLER, NAME_IS, NAME_PERHAPS, ORDINARY, OTHER_NUMBER, PARTICLES, TIME_BEFORE, UNITS, Words,
};
use crate::domain::words;

/// What the guest offered. Empty numbers and no name: nothing was offered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProofClaim {
    /// Candidate confirmation numbers: upper-case letters and digits only, 4 to 20 long (three digits at least when
    /// there are no letters), likeliest first.
    pub numbers: Vec<String>,
    /// The words that may be the guest's name, as they were typed.
    pub name_text: String,
    /// Whether a name was offered.
    pub has_name: bool,
}

/// How many earlier messages may hold the other half of a claim.
const LOOK_BACK: usize = 4;
const MOST_NAME_WORDS: usize = 5;

/// Reads the claim of a burst. `earlier` holds the guest's messages before it, oldest first: they may complete a claim
/// ("HRB1001", then "Ruiz"), but make none by themselves, so that one wrong claim is not counted again and again.
pub fn find_claim(burst: &[&str], earlier: &[&str]) -> ProofClaim {
    let now: Vec<Message> = burst.iter().map(|text| Message::read(text)).collect();
    let before: Vec<Message> = earlier.iter().rev().take(LOOK_BACK).map(|text| Message::read(text)).collect();
    let mut numbers: Vec<String> = now.iter().flat_map(|m| m.numbers(false)).collect();
    let told = now.iter().rev().find_map(Message::announced_name);
    let lone_numbers = |near: &[Message]| near.iter().map(|m| m.numbers(true)).find(|n| !n.is_empty());
    if numbers.is_empty() {
        // "1001" in one message and "Ruiz" in the next are as good as "1001 Ruiz".
        let name_nearby = told.is_some() || now.iter().any(|m| m.short_name().is_some());
        let bare = if name_nearby { lone_numbers(&now).or_else(|| lone_numbers(&before)) } else { None };
        let asked_number_now = || now.iter().flat_map(Message::lone_number).collect();
        numbers = bare.unwrap_or_else(asked_number_now);
    }
    let beside = || now.iter().find_map(Message::name_beside_number);
    let lone = || now.iter().rev().find_map(Message::short_name);
    let mut name = told;
    if name.is_none() && !numbers.is_empty() {
        let from_before = || before.iter().find_map(|m| m.announced_name().or_else(|| m.short_name()));
        name = beside().or_else(lone).or_else(from_before);
    }
    let mut unique: Vec<String> = Vec::new();
    for number in numbers {
        if !unique.contains(&number) {
            unique.push(number);
        }
    }
    ProofClaim { numbers: unique, has_name: name.is_some(), name_text: name.unwrap_or_default() }
}

/// A message as words with what stands between them.
struct Message {
    words: Vec<Word>,
}

struct Word {
    typed: String,
    folded: String,
    /// A comma, full stop or line break stands before it.
    opens: bool,
    /// The sign right before or after it makes it an amount.
    money: bool,
    phone: bool,
}

impl Word {
    fn is(&self, list: &Words) -> bool {
        list.contains(self.folded.as_str())
    }

    fn is_one_of(&self, list: &[&str]) -> bool {
        list.contains(&self.folded.as_str())
    }

    fn digits(&self) -> usize {
        self.folded.bytes().filter(u8::is_ascii_digit).count()
    }

    fn is_number(&self) -> bool {
        self.digits() > 0
    }

    /// Three digits at the least, or a code of letters and digits.
    fn may_prove(&self) -> bool {
        !self.money
            && !self.phone
            && (self.digits() >= 3 || self.is_number() && is_code(&compact(&self.folded)))
    }

    fn only_digits(&self) -> bool {
        self.digits() == self.folded.chars().count()
    }
}

impl Message {
    fn read(text: &str) -> Self {
        let mut words = Vec::new();
        for (line_at, line) in text.lines().enumerate() {
            for (at, chunk) in line.split_whitespace().enumerate() {
                read_chunk(chunk, line_at > 0 && at == 0, &mut words);
            }
        }
        Self { words }
    }

    /// The confirmation numbers; `lone` accepts bare digits of a message that holds little else.
    fn numbers(&self, lone: bool) -> Vec<String> {
        let mut found = Vec::new();
        let brief = lone || self.name_beside_number().is_some() && self.is_brief();
        for (at, word) in self.words.iter().enumerate() {
            if !word.is_number() || self.is_other_number(at) {
                continue;
            }
            let normal = compact(&word.folded);
            let announced = self.is_announced(at);
            let good = if word.only_digits() {
                (3..=20).contains(&normal.len())
                    && (announced || normal.len() >= 6 || brief && self.is_brief() && normal.len() >= 3)
            } else {
                (4..=20).contains(&normal.len()) && (announced || is_code(&normal))
            };
            if word.only_digits() && word.digits() >= 3 && (good || !self.counts(at)) {
                // "hrb 1001": a few letters that are no word of the sentence belong to the number.
                found.extend(self.prefix(at).map(|prefix| format!("{prefix}{normal}")));
            }
            if good {
                found.push(normal);
            }
        }
        found
    }

    /// A message that is one number of four digits or more and courtesies: the answer to our question for it.
    fn lone_number(&self) -> Option<String> {
        let mut others = self.words.iter().filter(|w| !w.is(&FILLER));
        let number = others.next().filter(|w| w.only_digits() && w.digits() >= 4)?;
        let at = self.words.iter().position(|w| std::ptr::eq(w, number))?;
        (others.next().is_none() && !self.is_other_number(at)).then(|| compact(&number.folded))
    }

    fn is_announced(&self, at: usize) -> bool {
        let before = self.words[at.saturating_sub(4)..at].iter().any(|w| w.is(&BOOKING));
        let after = self.words.iter().skip(at + 1).take(4).any(|w| w.is(&BOOKING) && w.folded != "no");
        before || after
    }

    /// A room, telephone, flight, time, date or amount. The nearest word before it decides between it and a booking.
    fn is_other_number(&self, at: usize) -> bool {
        let word = &self.words[at];
        if word.money || word.phone || has_unit(&word.folded) {
            return true;
        }
        let near =
            self.words[at.saturating_sub(3)..at].iter().rev().find(|w| w.is(&BOOKING) || w.is(&OTHER_NUMBER));
        if near.is_some_and(|w| w.is(&OTHER_NUMBER)) {
            return true;
        }
        // "telephone number", "flight no": the word before decides what is numbered.
        let numbered = self.words[at.saturating_sub(5)..at].windows(2);
        if numbered.rev().any(|pair| {
            pair[0].is(&OTHER_NUMBER)
                && pair[1].is_one_of(&["number", "numero", "no", "nr", "nummer", "code", "id", "num"])
        }) {
            return true;
        }
        word.only_digits() && word.digits() <= 4 && self.counts(at)
    }

    /// Short digits that are a time of day, a year or an amount of something.
    fn counts(&self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|i| self.words.get(i));
        let after = self.words.get(at + 1);
        before.is_some_and(|w| w.is(&TIME_BEFORE) || w.is(&UNITS) && w.folded.len() > 2)
            || after.is_some_and(|w| !w.opens && w.is(&UNITS))
    }

    fn prefix(&self, at: usize) -> Option<String> {
        let word = self.words.get(at.checked_sub(1)?)?;
        let letters =
            (1..=5).contains(&word.folded.len()) && word.folded.bytes().all(|b| b.is_ascii_lowercase());
        let known = [&FILLER, &ORDINARY, &BOOKING, &OTHER_NUMBER, &TIME_BEFORE, &UNITS, &PARTICLES]
            .iter()
            .any(|l| word.is(l));
        // A word needs a vowel; the letters before a booking number seldom have one, or are typed in capitals.
        let no_word =
            !word.folded.contains(['a', 'e', 'i', 'o', 'u']) || word.typed == word.typed.to_uppercase();
        (letters && !known && no_word && !self.words[at].opens).then(|| word.folded.to_uppercase())
    }

    /// The name after words that announce one.
    fn announced_name(&self) -> Option<String> {
        self.name_after(NAME_IS, false).or_else(|| self.name_after(NAME_PERHAPS, true))
    }

    fn name_after(&self, phrases: &str, needs_capital: bool) -> Option<String> {
        for at in 0..self.words.len() {
            let Some(len) = phrases.split('|').find_map(|p| self.stands(at, p.trim())) else { continue };
            let mut start = at + len;
            while self
                .words
                .get(start)
                .is_some_and(|w| w.is_one_of(&["is", "es", "ist", "est", "e", "are", "lautet"]))
            {
                start += 1;
            }
            let name = self.name_from(start, true);
            let capital = name.as_deref().is_some_and(|n| n.starts_with(|c: char| !c.is_lowercase()));
            if name.is_some() && (capital || !needs_capital) {
                return name;
            }
        }
        None
    }

    fn stands(&self, at: usize, phrase: &str) -> Option<usize> {
        let here = self.words.get(at..)?.iter().map(|word| word.folded.as_str());
        let wanted = phrase.split(' ');
        let stand = wanted.clone().count();
        here.take(stand).eq(wanted).then_some(stand)
    }

    /// The words of a name from here on: no digits, no everyday words, one comma at the most ("Ruiz, Ana").
    fn name_from(&self, start: usize, announced: bool) -> Option<String> {
        let mut name: Vec<&Word> = Vec::new();
        let mut commas = 0;
        for word in self.words.iter().skip(start).take(MOST_NAME_WORDS) {
            let particle = word.is(&PARTICLES) && (announced || !name.is_empty());
            let stop = word.is_number()
                || word.is(&ORDINARY)
                || word.is(&BOOKING)
                || (word.is(&FILLER) && !particle);
            commas += usize::from(word.opens && !name.is_empty());
            if stop || commas > 1 || (commas == 1 && name.len() > 3) {
                break;
            }
            name.push(word);
        }
        while name.last().is_some_and(|w| w.is(&PARTICLES) && name.len() > 1) {
            name.pop();
        }
        let text: Vec<&str> = name.iter().map(|w| w.typed.as_str()).collect();
        (!text.is_empty()).then(|| text.join(" "))
    }

    /// The name right after a number, or right before it, in the same message.
    fn name_beside_number(&self) -> Option<String> {
        let at = self.words.iter().position(Word::may_prove)?;
        if self.is_other_number(at) {
            return None;
        }
        let after = self.words.iter().skip(at + 1).position(|w| !w.is(&FILLER)).map(|skip| at + 1 + skip);
        let after = after.filter(|i| !self.words[*i].is(&ORDINARY));
        let numbers_prefix = usize::from(self.prefix(at).is_some());
        let before = &self.words[..at - numbers_prefix];
        let skip = before.iter().rev().take_while(|w| w.is(&FILLER) || w.is(&BOOKING)).count();
        let run = before[..before.len() - skip].iter().rev().take_while(|w| self.may_be_name(w)).count();
        let start = before.len() - skip - run;
        after.and_then(|i| self.name_from(i, false)).or_else(|| {
            let name: Vec<&str> = before[start..start + run].iter().map(|w| w.typed.as_str()).collect();
            (1..=MOST_NAME_WORDS).contains(&run).then(|| name.join(" "))
        })
    }

    fn may_be_name(&self, word: &Word) -> bool {
        !word.is_number()
            && !word.is(&ORDINARY)
            && !word.is(&BOOKING)
            && (!word.is(&FILLER) || word.is(&PARTICLES))
    }

    /// A message that is a name and courtesies, without an everyday word.
    fn short_name(&self) -> Option<String> {
        if self.words.iter().any(|w| w.is_number() || w.is(&ORDINARY) || w.is(&BOOKING)) || !self.is_brief() {
            return None;
        }
        let start = self.words.iter().position(|w| !w.is(&FILLER))?;
        self.name_from(start, false)
    }

    /// Little more than a number and a name: no everyday words.
    fn is_brief(&self) -> bool {
        let rest = self.words.iter().filter(|w| !w.is_number() && !w.is(&FILLER) && !w.is(&BOOKING));
        self.words.iter().all(|w| !w.is(&ORDINARY)) && rest.count() <= 4
    }
}

/// Letters and digits that look like a code rather than like a word with a number on it ("covid19", "iphone15").
fn is_code(normal: &str) -> bool {
    let digits = normal.bytes().filter(u8::is_ascii_digit).count();
    let bytes = normal.as_bytes();
    let turns = bytes.windows(2).filter(|w| w[0].is_ascii_digit() != w[1].is_ascii_digit()).count();
    digits >= 3 || (normal.len() >= 5 && digits >= 2 && turns >= 2)
}

/// "1900h", "7pm", "100eur", "3rd", "19h30".
fn has_unit(folded: &str) -> bool {
    let digits_first = folded.trim_start_matches(|c: char| c.is_ascii_digit());
    let letters_first = folded.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let letters = &folded[..folded.len() - letters_first.len()];
    let hours =
        digits_first.strip_prefix('h').is_some_and(|m| m.len() <= 2 && m.bytes().all(|b| b.is_ascii_digit()));
    digits_first.len() < folded.len() && (UNITS.contains(&digits_first) || hours)
        || (["x", "eur", "usd", "gbp"].contains(&letters)
            && letters_first.bytes().all(|b| b.is_ascii_digit()))
}

fn compact(folded: &str) -> String {
    folded.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase()
}

/// Splits what stands between two spaces into words. A code keeps its inner dashes ("HRB-1001"); times, dates, amounts
/// and addresses of mail and web are dropped, but still count as a break.
fn read_chunk(chunk: &str, opens: bool, words: &mut Vec<Word>) {
    let folded = words::fold(chunk);
    let core = folded.trim_matches(|c: char| !c.is_alphanumeric() && c != '+');
    let money = |c: char| matches!(c, '€' | '$' | '£' | '¥' | '%');
    let digits = core.bytes().filter(u8::is_ascii_digit).count();
    let letters = core.chars().any(char::is_alphabetic);
    let address = core.contains('@') || core.contains("://") || core.starts_with("www.");
    let opens = opens || words.is_empty() || chunk.starts_with([',', ';', '(']);
    let numeric = digits > 0 && !letters && core.contains([':', '.', '/', '-', ',', '+']);
    let whole = digits > 0
        && (core.contains('-') || core.contains('/'))
        && letters
        && !core.contains([',', ';', '.']);
    if address || numeric {
        words.push(Word {
            typed: chunk.into(),
            folded: core.into(),
            opens,
            money: true,
            phone: core.starts_with('+'),
        });
        return;
    }
    if whole && core.split(['-', '/']).all(|part| part.len() <= 12) {
        words.push(Word {
            typed: chunk.into(),
            folded: compact(core).to_lowercase(),
            opens,
            money: false,
            phone: false,
        });
        return;
    }
    let mut opens = opens;
    for part in chunk.split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '’' | '-'))) {
        let typed = part.trim_matches(|c: char| !c.is_alphanumeric());
        if typed.is_empty() {
            opens = true;
            continue;
        }
        let folded_part = words::fold(typed);
        let money = chunk.chars().any(money) && folded_part.bytes().any(|b| b.is_ascii_digit());
        words.push(Word { typed: typed.into(), folded: folded_part, opens, money, phone: false });
        opens = true;
    }
    mark_phone(words);
}

/// Groups of digits one after the other that make nine or more are a telephone number, not a booking.
fn mark_phone(words: &mut [Word]) {
    let tail = words.iter().rev().take_while(|w| w.only_digits() || w.phone).count();
    let start = words.len() - tail;
    let group = &mut words[start..];
    if group.len() > 1
        && (group.iter().map(Word::digits).sum::<usize>() >= 9 || group.iter().any(|w| w.phone))
    {
        group.iter_mut().for_each(|w| w.phone = true);
    }
}

#[cfg(test)]
#[path = "proof_tests.rs"]
mod tests;
