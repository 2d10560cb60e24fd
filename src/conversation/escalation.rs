//! What the manager's rules make of a guest's words: pure, so that a draft can be tried on the past.

use crate::domain::escalation::{Priority, Reason};
use crate::domain::rules::RuleSet;
use crate::domain::words::PhraseSet;
use crate::store::escalations::Call;

/// A rule set made ready for matching.
pub struct Judge {
    rules: RuleSet,
    version: i64,
    words: PhraseSet,
    /// Which rule each phrase belongs to.
    owners: Vec<usize>,
}

impl Judge {
    pub fn new(rules: &RuleSet, version: i64) -> Self {
        let mut phrases = Vec::new();
        let mut owners = Vec::new();
        for (index, rule) in rules.rules.iter().enumerate().filter(|(_, rule)| rule.enabled) {
            for word in rule.words.iter().filter(|word| !word.trim().is_empty()) {
                phrases.push(word.as_str());
                owners.push(index);
            }
        }
        Self { rules: rules.clone(), version, words: PhraseSet::new(phrases), owners }
    }

    /// Every rule that the message meets, each once, with the words it met.
    pub fn keywords(&self, text: &str) -> Vec<Call> {
        let mut calls: Vec<Call> = Vec::new();
        for found in self.words.find(text) {
            let rule = self.owners.get(found.phrase).and_then(|index| self.rules.rules.get(*index));
            let Some(rule) = rule else { continue };
            let key = format!("rule:{}", rule.name);
            if calls.iter().any(|call| call.once_key.as_deref() == Some(&key)) {
                continue;
            }
            calls.push(Call {
                reason: Reason::Keyword {
                    rule: rule.name.clone(),
                    words: found.words,
                    rules_version: self.version,
                },
                priority: rule.priority,
                once_key: Some(key),
            });
        }
        calls
    }

    /// Whether so low a mood calls staff.
    pub fn minds(&self, score: f64) -> bool {
        self.rules.mood_threshold.is_some_and(|threshold| score <= threshold)
    }

    /// Whether a message's mood calls staff.
    pub fn mood(&self, score: f64, words: Vec<String>) -> Option<Call> {
        let threshold = self.rules.mood_threshold?;
        let reason = Reason::Mood { score, threshold, words, rules_version: self.version };
        self.minds(score).then(|| Call::new(reason, Priority::High))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::rules::Rule;

    fn rules() -> RuleSet {
        let rule = |name: &str, words: &[&str]| Rule {
            name: name.to_owned(),
            words: words.iter().map(|word| (*word).to_owned()).collect(),
            priority: Priority::High,
            enabled: true,
        };
        RuleSet {
            rules: vec![rule("pests", &["bed bugs", "cockroach"]), rule("cats", &["cat"])],
            mood_threshold: Some(-0.6),
        }
    }

    #[test]
    fn bed_bugs_meet_the_rule_and_bed_alone_does_not() {
        let rules = rules();
        let judge = Judge::new(&rules, 3);
        let calls = judge.keywords("There are BED BUGS here!");
        assert!(
            matches!(&calls[..], [Call { reason: Reason::Keyword { rule, rules_version: 3, .. }, .. }] if rule == "pests")
        );
        assert!(judge.keywords("The bed is fine").is_empty());
        assert!(judge.keywords("which category is this room").is_empty());
    }

    #[test]
    fn a_mood_at_the_threshold_calls_staff() {
        let rules = rules();
        let judge = Judge::new(&rules, 1);
        assert!(judge.mood(-0.6, Vec::new()).is_some());
        assert!(judge.mood(-0.59, Vec::new()).is_none());
    }
}
