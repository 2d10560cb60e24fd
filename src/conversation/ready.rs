//! What is the same for many turns of a hotel: its rules made ready, prompts that were rendered, tools in the model's terms.
//! It is thrown away with the hotel's revision and may hold nothing that a turn decides.

use super::claims::Shown;
use super::escalation::Judge;
use super::prompt::{self, PromptError, Rendered};
use super::prompt_input::{PromptInput, PromptKey, TurnFacts};
use crate::domain::hotel::Hotel;
use crate::domain::ids::PropertyId;
use crate::domain::money::Currency;
use crate::llm::{ToolSet, ToolSpec};
use crate::store::hotel_book::HotelBook;
use crate::tools::Tool;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

/// Rendered prompts that are kept of one hotel; guests of the same day and kind share one.
const MOST: usize = 512;

/// By hotel; cheap to clone.
#[derive(Clone, Default)]
pub struct ReadyBooks(Arc<RwLock<HashMap<PropertyId, Arc<Ready>>>>);

impl ReadyBooks {
    /// Of the book as it stands; made anew where its revision has moved.
    pub fn of(&self, book: &HotelBook) -> Arc<Ready> {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&book.hotel.id).cloned();
        if let Some(ready) = kept.filter(|ready| ready.revision == book.hotel.revision) {
            return ready;
        }
        let ready = Arc::new(Ready {
            revision: book.hotel.revision,
            judge: Judge::new(&book.rules, book.rules_version),
            rendered: Mutex::default(),
            tools: Mutex::default(),
        });
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(book.hotel.id, ready.clone());
        ready
    }
}

/// One hotel at one revision.
pub struct Ready {
    revision: i64,
    pub judge: Judge,
    rendered: Mutex<HashMap<(i64, PromptKey), Arc<ReadyPrompt>>>,
    tools: Mutex<HashMap<Vec<&'static str>, Arc<ToolSet>>>,
}

/// A rendered prompt, and what a claim check may find in it.
pub struct ReadyPrompt {
    pub rendered: Rendered,
    shown: OnceLock<Arc<Shown>>,
}

impl ReadyPrompt {
    /// Read when it is first asked for.
    pub fn shown(&self, currency: Currency) -> Arc<Shown> {
        let both = || format!("{}\n{}", self.rendered.stable, self.rendered.turn);
        self.shown.get_or_init(|| Arc::new(Shown::of(&both(), currency))).clone()
    }
}

impl Ready {
    /// The prompt of this version for such a turn at the hotel.
    pub fn render(
        &self,
        version: i64,
        template: &str,
        hotel: &Hotel,
        facts: &TurnFacts<'_>,
    ) -> Result<Arc<ReadyPrompt>, PromptError> {
        let key = (version, facts.key(hotel));
        if let Some(rendered) = self.rendered.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(rendered.clone());
        }
        let rendered = prompt::render(template, &PromptInput::new(hotel, facts))?;
        let rendered = Arc::new(ReadyPrompt { rendered, shown: OnceLock::new() });
        let mut kept = self.rendered.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(key, rendered.clone());
        Ok(rendered)
    }

    /// The offered tools as a model is told of them.
    pub fn specs(&self, offered: &[&'static dyn Tool]) -> Arc<ToolSet> {
        let names: Vec<&'static str> = offered.iter().map(|tool| tool.name()).collect();
        let spec = |tool: &&'static dyn Tool| ToolSpec {
            name: tool.name().to_owned(),
            description: tool.description().to_owned(),
            parameters: tool.parameters(),
        };
        let mut kept = self.tools.lock().unwrap_or_else(PoisonError::into_inner);
        kept.entry(names).or_insert_with(|| Arc::new(offered.iter().map(spec).collect())).clone()
    }
}
