//! What the hotel knows and tells anyone.

use super::{Outcome, Refusal, Tool, ToolCx, ToolError, refuse, schema};
use crate::domain::item::Fact;
use crate::domain::proof::ProofNeed;
use crate::domain::stay::StayState;
use crate::domain::tool_policy::SideEffect;
use crate::reading::facts::{self, FactDoc};
use crate::texts::Say;
use async_trait::async_trait;
use serde::Deserialize;
use serde_json::{Value, json};

/// How many facts a model is shown.
const SHOWN: usize = 4;

pub(super) struct SearchFacts;

#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct Args {
    /// The question, in the guest's words.
    query: String,
}

#[async_trait]
impl Tool for SearchFacts {
    fn name(&self) -> &'static str {
        "search_facts"
    }

    fn description(&self) -> &'static str {
        "Facts about the hotel: wifi, breakfast, parking, pool, pets and the like. Answer only from what it returns."
    }

    fn parameters(&self) -> Value {
        schema::<Args>()
    }

    fn side_effect(&self) -> SideEffect {
        SideEffect::None
    }

    fn proof(&self) -> ProofNeed {
        ProofNeed::None
    }

    fn allowed_in(&self, _state: StayState) -> bool {
        true
    }

    fn available(&self, _cx: &ToolCx<'_>) -> bool {
        true
    }

    async fn run(&self, cx: &ToolCx<'_>, arguments: Value) -> Result<Outcome, ToolError> {
        let args: Args = match super::arguments(arguments) {
            Ok(args) => args,
            Err(refused) => return Ok(refused),
        };
        let spoken = in_language(&cx.book.facts, cx.lang.as_str());
        let docs: Vec<FactDoc<'_, usize>> = spoken
            .iter()
            .enumerate()
            .map(|(id, fact)| FactDoc { id, title: &fact.title, text: &fact.text, lang: &fact.lang })
            .collect();
        let query: String = args.query.chars().take(1000).collect();
        let Some(best) = facts::answer(&query, &docs).and_then(|id| spoken.get(id)) else {
            return Ok(refuse(Refusal::NotFound, Say::NoFact));
        };
        let ranked = facts::rank(&query, &docs);
        let shown: Vec<Value> = ranked
            .iter()
            .take(SHOWN)
            .filter_map(|ranked| spoken.get(ranked.id))
            .map(|fact| json!({ "title": fact.title, "text": fact.text }))
            .collect();
        Ok(Outcome::Done { say: Say::Verbatim(best.text.clone()), data: json!(shown), effect: None })
    }
}

/// The facts in the guest's language, or all where there are none in it.
fn in_language<'a>(facts: &'a [Fact], lang: &str) -> Vec<&'a Fact> {
    let spoken: Vec<&Fact> = facts.iter().filter(|fact| fact.lang == lang).collect();
    if spoken.is_empty() { facts.iter().collect() } else { spoken }
}
