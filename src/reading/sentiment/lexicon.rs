//! Looks up how a word or a saying sounds, with its usual endings; it knows nothing of the words around.

use std::collections::HashMap;
use std::sync::LazyLock;

const ENGLISH: &str = include_str!("mood.en.txt");
const SPANISH: &str = include_str!("mood.es.txt");

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut lexicon = Lexicon::default();
    // English first: where a word means something in both, English wins
    for file in [ENGLISH, SPANISH] {
        lexicon.learn(file);
    }
    lexicon
});

#[derive(Default)]
struct Lexicon {
    words: HashMap<String, f64>,
    /// Sayings by their first word, each with the words after it.
    sayings: HashMap<String, Vec<(Vec<String>, f64)>>,
}

impl Lexicon {
    fn learn(&mut self, file: &str) {
        let mut sound = 0.0;
        for line in file.lines().filter(|l| !l.starts_with("//")) {
            let entries = match line.split_once(':') {
                Some((head, rest)) => {
                    sound = head.trim().parse().unwrap_or(0.0);
                    rest
                }
                None => line,
            };
            for entry in entries.split(',').map(str::trim).filter(|e| !e.is_empty()) {
                let mut words = entry.split('_').map(str::to_owned);
                let (Some(first), rest) = (words.next(), words.collect::<Vec<_>>()) else { continue };
                if rest.is_empty() {
                    self.words.entry(first).or_insert(sound);
                } else {
                    self.sayings.entry(first).or_default().push((rest, sound));
                }
            }
        }
    }
}

/// How a folded word sounds, -4 to 4.
pub(super) fn word(folded: &str) -> Option<f64> {
    let known = |w: &str| LEXICON.words.get(w).copied();
    known(folded)
        .or_else(|| squeezed(folded).find_map(|w| known(&w).or_else(|| bases(&w).find_map(|b| known(&b)))))
        .or_else(|| bases(folded).find_map(|base| known(&base)))
}

/// The longest saying that the words begin with: how many words it has, and how it sounds.
pub(super) fn saying(words: &[&str]) -> Option<(usize, f64)> {
    let (first, rest) = words.split_first()?;
    let sayings = LEXICON.sayings.get(*first)?;
    let fits = |saying: &&(Vec<String>, f64)| {
        saying.0.len() <= rest.len() && saying.0.iter().zip(rest).all(|(a, b)| a == b)
    };
    sayings.iter().filter(fits).max_by_key(|s| s.0.len()).map(|(words, sound)| (words.len() + 1, *sound))
}

/// Whether a letter is drawn out: "sooo", "loooove".
pub(super) fn drawn_out(folded: &str) -> bool {
    let b = folded.as_bytes();
    b.windows(3).any(|w| w.iter().all(|c| Some(c) == w.first()) && w.iter().all(u8::is_ascii_alphabetic))
}

/// A drawn-out word with two letters of each run, and with one.
fn squeezed(folded: &str) -> impl Iterator<Item = String> {
    let run = |most: usize| {
        let mut out = String::new();
        let mut count = 0;
        for c in folded.chars() {
            count = if out.ends_with(c) { count + 1 } else { 1 };
            if count <= most {
                out.push(c);
            }
        }
        out
    };
    let drawn = drawn_out(folded);
    [2, 1].into_iter().filter(move |_| drawn).map(run).collect::<Vec<_>>().into_iter()
}

/// What a word may be a form of: "loved" of "love", "happier" of "happy".
fn bases(word: &str) -> impl Iterator<Item = String> {
    const ENDINGS: &[(&str, &[&str])] = &[
        ("iest", &["y"]),
        ("ier", &["y"]),
        ("ies", &["y"]),
        ("ied", &["y"]),
        ("ily", &["y"]),
        ("iness", &["y"]),
        ("ness", &[""]),
        ("est", &["", "e"]),
        ("ing", &["", "e"]),
        ("in", &["e"]),
        ("ed", &["", "e"]),
        ("er", &["", "e"]),
        ("es", &["", "e"]),
        ("s", &[""]),
        ("ly", &["", "le", "e"]),
    ];
    let mut out = Vec::new();
    for (ending, starts) in ENDINGS {
        let Some(stem) = word.strip_suffix(ending).filter(|s| s.len() >= 3) else { continue };
        out.extend(starts.iter().map(|end| format!("{stem}{end}")));
        // "hottest", "winning"
        let b = stem.as_bytes();
        if b.len() > 3 && b.last() == b.get(b.len() - 2) && b.last().is_some_and(u8::is_ascii_alphabetic) {
            out.extend(stem.get(..stem.len() - 1).map(str::to_owned));
        }
    }
    out.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_and_drawn_out_words_are_found() {
        for form in ["loved", "loooove", "loves"] {
            assert_eq!(word(form), word("love"), "{form}");
        }
        assert_eq!(word("happier"), word("happy"));
        assert_eq!(word("table"), None);
    }

    #[test]
    fn every_entry_is_read_with_its_sound() {
        for file in [ENGLISH, SPANISH] {
            for line in file.lines().filter(|l| !l.starts_with("//")) {
                if let Some((head, _)) = line.split_once(':') {
                    assert!(head.parse::<f64>().is_ok_and(|s| (-4.0..=4.0).contains(&s)), "{head}");
                }
                assert!(line.chars().all(|c| c.is_ascii() && !c.is_ascii_uppercase()), "{line}");
            }
        }
    }

    #[test]
    fn the_longest_saying_wins() {
        assert_eq!(saying(&["waste", "of", "money"]).map(|s| s.0), Some(3));
        assert_eq!(saying(&["waste"]), None);
    }
}
