//! The manager's escalation rules, as data. What they match is decided in `conversation::escalation`.

use super::escalation::Priority;
use serde::{Deserialize, Serialize};

/// One version of a property's rules.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleSet {
    pub rules: Vec<Rule>,
    /// A guest message whose mood is at or below this calls staff; −1 … 0. `None`: never.
    #[serde(default)]
    pub mood_threshold: Option<f64>,
}

impl Default for RuleSet {
    fn default() -> Self {
        Self { rules: Vec::new(), mood_threshold: Some(-0.6) }
    }
}

/// "When a guest writes *bed bugs* → call staff, high". Whole words, guest messages only, once per conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    pub name: String,
    /// Any of these words or phrases.
    pub words: Vec<String>,
    #[serde(default)]
    pub priority: Priority,
    #[serde(default = "yes")]
    pub enabled: bool,
}

/// The rules that a new hotel starts with, from `prompts/rules.toml`.
pub fn standard() -> Result<RuleSet, toml::de::Error> {
    toml::from_str(include_str!("../../prompts/rules.toml"))
}

fn yes() -> bool {
    true
}

impl RuleSet {
    /// What is wrong with it, in words; empty: nothing.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        for (index, rule) in self.rules.iter().enumerate() {
            let number = index + 1;
            if rule.name.trim().is_empty() {
                problems.push(format!("rule {number} has no name"));
            }
            if rule.words.iter().all(|word| word.trim().is_empty()) {
                problems.push(format!("rule {number} ({}) has no words", rule.name));
            }
            if self.rules.iter().take(index).any(|other| other.name == rule.name) {
                problems.push(format!("two rules are named {}", rule.name));
            }
        }
        if self.mood_threshold.is_some_and(|threshold| !(-1.0..=0.0).contains(&threshold)) {
            problems.push("mood_threshold lies between -1 and 0".to_owned());
        }
        problems
    }
}
