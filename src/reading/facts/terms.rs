//! The words of a question or a fact as they are compared: folded, without the small ones, stemmed; it weighs nothing.

use std::collections::{BTreeSet, HashMap};

use rust_stemmers::{Algorithm, Stemmer};

use super::concepts::{Aspect, concepts};
use crate::reading::tokens::words;

/// Words that tell nothing of what is asked, in English and Spanish.
const SMALL: &str = "a an the of to in on at for from by with and or but if is are was were be been am do does did has have had \
    i me my we us our you your they them their it its he she his her this that these those there here what which who \
    when where how why can could would should may might will shall must any some all also just so then than too very \
    as not no yes please know tell like want need get got make let hi hello hey okay ok um umm ummm uh ah oh well \
    thanks thank wondering find out check whether possible hotel place property site stay staying guest guests offer \
    offers offered provide provides provided available have service services facility facilities house location going \
    el la los las un una unos unas de del en con por para y o que se es son hay mi mis su sus me lo le al si no como \
    cual cuando donde puedo tienen tiene hotel usted ustedes sobre quiero saber favor hola gracias esta este";

/// A text's words and concepts.
#[derive(Debug, Default)]
pub(super) struct Terms {
    /// Stems in order, small words left out.
    pub(super) words: Vec<String>,
    /// What it is about and how it asks.
    pub(super) concepts: BTreeSet<Aspect>,
}

impl Terms {
    pub(super) fn of(text: &str, lang: &str) -> Self {
        let stemmer = stemmer(lang);
        let all = words(text);
        let small = |w: &str| SMALL.split_ascii_whitespace().any(|s| s == w);
        let stems =
            all.iter().filter(|t| !small(&t.folded)).map(|t| stemmer.stem(&t.folded).into_owned()).collect();
        Self { words: stems, concepts: concepts(&all) }
    }

    /// The same with words that no fact has put right, where a slip or a lost ending explains them.
    pub(super) fn corrected(mut self, known: &HashMap<String, usize>) -> Self {
        for word in &mut self.words {
            if known.contains_key(word) || word.chars().count() < 5 {
                continue;
            }
            let near = known.keys().filter(|k| k.chars().count() >= 4 && alike(word, k)).min();
            if let Some(near) = near {
                word.clone_from(near);
            }
        }
        self
    }

    /// Every word and concept once.
    pub(super) fn all(&self) -> BTreeSet<String> {
        let concepts = self.concepts.iter().map(|c| c.term().to_owned());
        self.words.iter().cloned().chain(concepts).collect()
    }

    pub(super) fn distinct_words(&self) -> BTreeSet<String> {
        self.words.iter().cloned().collect()
    }

    pub(super) fn count_word(&self, word: &str) -> usize {
        self.words.iter().filter(|w| *w == word).count()
    }
}

fn stemmer(lang: &str) -> Stemmer {
    Stemmer::create(match lang {
        "es" => Algorithm::Spanish,
        "fr" => Algorithm::French,
        "de" => Algorithm::German,
        "it" => Algorithm::Italian,
        "pt" => Algorithm::Portuguese,
        _ => Algorithm::English,
    })
}

/// Whether one is the other with a single letter more, less or different, or cut short by one or two.
fn alike(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let head = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    head > 0 && head + tail + 1 >= a.len().max(b.len())
}
