//! Folding text and finding whole words in it, for every script a guest writes in; it must not judge what the words mean.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;

/// Brings text to one comparable form: lower case, without accents, with plain quotes and dashes, compatibility
/// forms (full width, ligatures) resolved, invisible characters dropped and white space collapsed and trimmed.
///
/// Voicing marks of Japanese and the jamo of Korean are put together again, because there they are letters, not accents.
pub fn fold(text: &str) -> String {
    let plain: String = if text.is_ascii() {
        text.to_ascii_lowercase()
    } else {
        let mut out = String::with_capacity(text.len());
        for c in text.nfkd().filter(|c| !is_mark(*c) && !is_invisible(*c)) {
            push_folded(&mut out, c);
        }
        out.nfc().collect()
    };
    collapse(&plain)
}

fn push_folded(out: &mut String, c: char) {
    for c in c.to_lowercase() {
        match c {
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'þ' => out.push_str("th"),
            'ø' => out.push('o'),
            'ł' => out.push('l'),
            'đ' | 'ð' => out.push('d'),
            'ħ' => out.push('h'),
            'ı' => out.push('i'),
            '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}' | '\u{2032}' | '\u{02bc}' | '`' | '´' => {
                out.push('\'')
            }
            '\u{201c}'..='\u{201f}' | '«' | '»' | '\u{2033}' => out.push('"'),
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' => out.push('-'),
            'أ' | 'إ' | 'آ' | 'ٱ' => out.push('ا'),
            'ى' => out.push('ي'),
            'ـ' => {}
            // Lower-casing a capital dotted I leaves a mark behind.
            c if is_mark(c) => {}
            c => out.push(c),
        }
    }
}

/// Accents of European scripts, Hebrew points and Arabic vowel signs: what people leave out when they type in a hurry.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}'
        | '\u{0591}'..='\u{05bd}' | '\u{05bf}' | '\u{05c1}'..='\u{05c7}' | '\u{064b}'..='\u{065f}' | '\u{0670}')
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{00ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Scripts that are written without spaces between words.
pub fn is_spaceless(c: char) -> bool {
    matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3005}'..='\u{3007}'
        | '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

fn is_word(c: char) -> bool {
    // Signs that make part of a syllable (Devanagari, Thai …) are not alphanumeric, yet belong to the word.
    c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c)
}

/// The words of a folded text in order: runs of letters and digits, an apostrophe inside a word kept.
/// A run in a script without spaces is one token, apart from a Latin word glued to it.
pub fn tokens(folded: &str) -> Tokens<'_> {
    Tokens { rest: folded }
}

/// Iterator over the words of a folded text.
#[derive(Debug, Clone)]
pub struct Tokens<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Tokens<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let start = self.rest.find(is_word)?;
        let text = &self.rest[start..];
        let mut spaceless = None;
        let mut end = text.len();
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let inner_apostrophe =
                c == '\'' && at > 0 && chars.peek().is_some_and(|(_, next)| is_word(*next));
            let other_script =
                !inner_apostrophe && *spaceless.get_or_insert(is_spaceless(c)) != is_spaceless(c);
            if !(is_word(c) || inner_apostrophe) || other_script {
                end = at;
                break;
            }
        }
        self.rest = &text[end..];
        Some(&text[..end])
    }
}

/// Whether the phrase stands in the words as whole consecutive words ("cat" does not stand in "category").
/// In scripts without spaces it may stand anywhere inside a run.
pub fn contains_phrase(haystack_tokens: &[&str], phrase: &str) -> bool {
    let folded = fold(phrase);
    let wanted: Vec<&str> = tokens(&folded).collect();
    !wanted.is_empty() && (0..haystack_tokens.len()).any(|at| stands_at(haystack_tokens, at, &wanted))
}

fn stands_at<T: AsRef<str>>(words: &[&str], at: usize, wanted: &[T]) -> bool {
    words.len() >= at + wanted.len()
        && wanted.iter().zip(&words[at..]).all(|(w, word)| same_word(word, w.as_ref()))
}

/// Whether a word of a text is the wanted word: equal; contained, where words are not spaced; or, in Arabic, behind
/// the article and the one-letter words that are written onto it.
pub fn same_word(word: &str, wanted: &str) -> bool {
    word == wanted
        || (wanted.starts_with(is_spaceless) && word.contains(wanted))
        || (wanted.starts_with(is_arabic)
            && word.strip_suffix(wanted).is_some_and(|p| ARABIC_PREFIXES.contains(&p)))
}

fn is_arabic(c: char) -> bool {
    matches!(c, '\u{0620}'..='\u{064a}')
}

const ARABIC_PREFIXES: [&str; 12] = ["ال", "و", "ف", "ب", "ل", "ك", "وال", "فال", "بال", "لل", "كال", "وب"];

/// Many phrases compiled once, for finding all of them in a text in one pass.
#[derive(Debug, Clone, Default)]
pub struct PhraseSet {
    phrases: Vec<Vec<String>>,
    by_first: HashMap<String, Vec<usize>>,
    unspaced: Vec<usize>,
}

/// A phrase that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhraseMatch {
    /// Which phrase, by its place in the list that the set was made from.
    pub phrase: usize,
    /// The phrase's words as they were found, folded.
    pub words: String,
}

impl PhraseSet {
    /// Compiles the phrases; an empty one never matches.
    pub fn new<S: AsRef<str>>(phrases: impl IntoIterator<Item = S>) -> Self {
        let mut set = Self::default();
        for (index, phrase) in phrases.into_iter().enumerate() {
            let words: Vec<String> = tokens(&fold(phrase.as_ref())).map(str::to_owned).collect();
            match words.first() {
                // These may stand inside a longer run, so the first word cannot be looked up.
                Some(first) if first.starts_with(|c| is_spaceless(c) || is_arabic(c)) => {
                    set.unspaced.push(index)
                }
                Some(first) => set.by_first.entry(first.clone()).or_default().push(index),
                None => {}
            }
            set.phrases.push(words);
        }
        set
    }

    /// Every phrase that stands in the text, in the order of the text, each once.
    pub fn find(&self, text: &str) -> Vec<PhraseMatch> {
        let folded = fold(text);
        let words: Vec<&str> = tokens(&folded).collect();
        let mut found: Vec<PhraseMatch> = Vec::new();
        for (at, word) in words.iter().enumerate() {
            let unspaced = if word.is_ascii() { &[] } else { self.unspaced.as_slice() };
            for &index in self.by_first.get(*word).into_iter().flatten().chain(unspaced) {
                let seen = found.iter().any(|m| m.phrase == index);
                if !seen && stands_at(&words, at, &self.phrases[index]) {
                    found.push(PhraseMatch { phrase: index, words: self.phrases[index].join(" ") });
                }
            }
        }
        found
    }

    /// Whether any of the phrases stands in the text.
    pub fn is_in(&self, text: &str) -> bool {
        !self.find(text).is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        tokens(&fold(text)).map(str::to_owned).collect()
    }

    #[test]
    fn accents_case_quotes_and_spaces_make_no_difference() {
        assert_eq!(fold("  ¿Dónde  ESTÁ\u{a0}el baño? "), "¿donde esta el bano?");
        assert_eq!(fold("Straße, Łódź, Århus, Ærø, Œuvre"), "strasse, lodz, arhus, aero, oeuvre");
        assert_eq!(fold("I’m “here” – now"), "i'm \"here\" - now");
        assert_eq!(fold("ＲＯＯＭ ２０４"), "room 204");
        assert_eq!(fold("İSTANBUL ısı"), "istanbul isi");
        assert_eq!(fold("fi\u{200b}re\u{ad}"), "fire");
    }

    #[test]
    fn voiced_kana_and_hangul_stay_letters() {
        assert_eq!(fold("がんばって"), "がんばって");
        assert_ne!(fold("かき"), fold("がき"));
        assert_eq!(fold("불이야"), "불이야");
    }

    #[test]
    fn words_are_whole_and_keep_their_inner_apostrophe() {
        assert_eq!(
            words("I can't: 'hello' check-in 12:30"),
            ["i", "can't", "hello", "check", "in", "12", "30"]
        );
        assert_eq!(words("火事fire です"), ["火事", "fire", "です"]);
        assert!(words("?! …").is_empty());
    }

    #[test]
    fn cat_is_not_in_category() {
        let folded = fold("Which category is the room?");
        let list: Vec<&str> = tokens(&folded).collect();
        assert!(!contains_phrase(&list, "cat"));
        assert!(contains_phrase(&list, "the ROOM"));
        assert!(!contains_phrase(&list, "room the"));
        assert!(!contains_phrase(&list, "  "));
    }

    #[test]
    fn scripts_without_spaces_match_inside_a_run() {
        let set = PhraseSet::new(["火事", "حريق", "пожар"]);
        assert_eq!(set.find("大変です火事です！")[0].phrase, 0);
        assert_eq!(set.find("يوجد الحريق هنا")[0].phrase, 1);
        assert!(set.find("пожарный выход где?").is_empty());
        assert_eq!(set.find("Пожар!")[0].words, "пожар");
    }

    #[test]
    fn a_set_tells_which_phrases_matched_and_in_which_words() {
        let set = PhraseSet::new(["bed bugs", "refund", "", "Bed"]);
        let found = set.find("There are BED-BUGS in my bed, I want a refund. Refund!");
        let got: Vec<(usize, &str)> = found.iter().map(|m| (m.phrase, m.words.as_str())).collect();
        assert_eq!(got, [(0, "bed bugs"), (3, "bed"), (1, "refund")]);
        assert!(!PhraseSet::new(["bed bugs"]).is_in("my bed is great, no bugs"));
    }
}
