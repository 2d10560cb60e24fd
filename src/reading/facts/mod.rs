//! Ranks the hotel's facts for a question, and says which one answers it or that none does; it writes no answer.

mod concepts;
mod terms;

use std::collections::HashMap;

use concepts::Aspect;
use terms::Terms;

/// A fact of the hotel as it is searched.
#[derive(Clone, Copy, Debug)]
pub struct FactDoc<'a, Id> {
    /// The hotel's id of it.
    pub id: Id,
    /// What it is about, or the question that it answers.
    pub title: &'a str,
    /// What is known.
    pub text: &'a str,
    /// Two-letter language of both.
    pub lang: &'a str,
}

/// A fact with how well it fits a question; scores compare within one ranking only.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ranked<Id> {
    /// The fact.
    pub id: Id,
    /// More is better; not bounded, 0 or less fits not at all.
    pub score: f64,
}

/// BM25: how fast repeated words stop counting, and how much a long fact loses.
const SATURATION: f64 = 1.2;
const LENGTH: f64 = 0.5;
/// A word of the title counts as often as this many in the text.
const TITLE: f64 = 2.5;
/// What a shared topic is worth beside a shared word, and a shared way of asking.
const TOPIC: f64 = 2.2;
const ASKED: f64 = 0.8;
/// What is lost where the title asks for something that the question does not, and the other way round.
const OTHER_TOPIC: f64 = 0.35;
const OTHER_ASKED: f64 = 0.35;

/// All facts with a score, the best first; of equals the earlier one.
pub fn rank<Id: Clone>(query: &str, facts: &[FactDoc<'_, Id>]) -> Vec<Ranked<Id>> {
    let mut ranked: Vec<(f64, usize)> =
        scores(query, facts).into_iter().zip(0..).map(|(s, at)| (s.score, at)).collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let found = ranked
        .into_iter()
        .filter_map(|(score, at)| facts.get(at).map(|f| Ranked { id: f.id.clone(), score }));
    found.collect()
}

/// The fact that answers the question, or `None` where the hotel's facts say nothing on it: then staff are asked, not
/// the nearest fact told.
pub fn answer<Id: Clone>(query: &str, facts: &[FactDoc<'_, Id>]) -> Option<Id> {
    let all = scores(query, facts);
    let (at, best) = all.iter().enumerate().rev().max_by(|a, b| a.1.score.total_cmp(&b.1.score))?;
    let answers = if best.topic_in_title {
        best.score > 0.0
    } else if best.topic_in_text {
        best.covered >= 0.4
    } else {
        !best.topic_unknown && best.covered >= 0.6
    };
    facts.get(at).filter(|_| answers).map(|fact| fact.id.clone())
}

#[derive(Clone, Copy, Debug)]
struct Score {
    score: f64,
    /// A topic of the question is in the title.
    topic_in_title: bool,
    /// It is in the text at least.
    topic_in_text: bool,
    /// The question has a topic that no part of this fact has.
    topic_unknown: bool,
    /// Share of the question's weight of words that the fact has.
    covered: f64,
}

/// The collection as BM25 needs it.
struct Facts {
    titles: Vec<Terms>,
    texts: Vec<Terms>,
    holding: HashMap<String, usize>,
    mean_length: f64,
}

impl Facts {
    fn of<Id>(facts: &[FactDoc<'_, Id>]) -> Self {
        let titles: Vec<Terms> = facts.iter().map(|f| Terms::of(f.title, f.lang)).collect();
        let texts: Vec<Terms> = facts.iter().map(|f| Terms::of(f.text, f.lang)).collect();
        let mut holding: HashMap<String, usize> = HashMap::new();
        for (title, text) in titles.iter().zip(&texts) {
            for term in title.all().union(&text.all()) {
                *holding.entry(term.clone()).or_default() += 1;
            }
        }
        let words: usize = texts.iter().map(|t| t.words.len()).sum();
        let mean_length = (words as f64 / facts.len().max(1) as f64).max(1.0);
        Self { titles, texts, holding, mean_length }
    }

    /// How much a word tells: rare among the facts tells more.
    fn weight(&self, term: &str) -> f64 {
        let all = self.titles.len() as f64;
        let with = self.holding.get(term).copied().unwrap_or(0) as f64;
        (1.0 + (all - with + 0.5) / (with + 0.5)).ln()
    }

    fn times(&self, at: usize, count: impl Fn(&Terms) -> usize) -> f64 {
        let title = self.titles.get(at).map_or(0, &count) as f64;
        let (text, length) = self.texts.get(at).map_or((0, 0), |t| (count(t), t.words.len()));
        let long = 1.0 - LENGTH + LENGTH * length as f64 / self.mean_length;
        let often = title * TITLE + text as f64 / long;
        often * (SATURATION + 1.0) / (often + SATURATION)
    }
}

fn scores<Id>(query: &str, facts: &[FactDoc<'_, Id>]) -> Vec<Score> {
    let all = Facts::of(facts);
    // one reading of the question for each language of the facts
    let mut queries: HashMap<&str, Terms> = HashMap::new();
    for fact in facts {
        queries.entry(fact.lang).or_insert_with(|| Terms::of(query, fact.lang).corrected(&all.holding));
    }
    (0..facts.len())
        .filter_map(|at| {
            let query = queries.get(facts.get(at)?.lang)?;
            Some(score(&all, at, query))
        })
        .collect()
}

fn score(all: &Facts, at: usize, query: &Terms) -> Score {
    let mut sum = 0.0;
    let (mut had, mut asked) = (0.0, 0.0);
    for word in query.distinct_words() {
        let weight = all.weight(&word);
        let times = all.times(at, |t| t.count_word(&word));
        sum += weight * times;
        asked += weight;
        had += if times > 0.0 { weight } else { 0.0 };
    }
    let title = all.titles.get(at);
    let text = all.texts.get(at);
    let has = |terms: Option<&Terms>, aspect: &Aspect| terms.is_some_and(|t| t.concepts.contains(aspect));
    let mut found =
        Score { score: 0.0, topic_in_title: false, topic_in_text: false, topic_unknown: false, covered: 0.0 };
    for concept in &query.concepts {
        let (in_title, in_text) = (has(title, concept), has(text, concept));
        let worth = if concept.is_topic() { TOPIC } else { ASKED };
        let times = all.times(at, |t| usize::from(t.concepts.contains(concept)));
        sum += worth * all.weight(concept.term()) * times;
        if concept.is_topic() {
            found.topic_in_title |= in_title;
            found.topic_in_text |= in_text;
            found.topic_unknown |= !in_title && !in_text;
        } else if !in_title && !in_text {
            sum -= OTHER_ASKED;
        }
    }
    for concept in title.into_iter().flat_map(|t| &t.concepts).filter(|c| !query.concepts.contains(c)) {
        sum -= if concept.is_topic() { OTHER_TOPIC * all.weight(concept.term()) } else { OTHER_ASKED };
    }
    found.score = sum;
    found.covered = if asked > 0.0 { had / asked } else { 0.0 };
    found
}

#[cfg(test)]
mod tests;
