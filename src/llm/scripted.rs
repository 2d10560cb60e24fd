//! A model that says what it is told to: for tests of the engine. It follows the trait's rules and remembers requests.

use super::{Model, ModelAnswer, ModelError, ModelRequest, ToolCall};
use async_trait::async_trait;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What a scripted model does with one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    Answer(ModelAnswer),
    Fail(ModelError),
    /// Says nothing until the request's time is over.
    Silence,
}

impl Step {
    pub fn text(text: &str) -> Self {
        Step::Answer(ModelAnswer { text: Some(text.to_owned()), ..ModelAnswer::default() })
    }

    /// Calls by name and raw arguments, all in one answer; ids are `call_1`, `call_2` …
    pub fn calls(calls: &[(&str, &str)]) -> Self {
        let call = |(place, (name, arguments)): (usize, &(&str, &str))| ToolCall {
            id: format!("call_{}", place + 1),
            name: (*name).to_owned(),
            arguments: (*arguments).to_owned(),
        };
        let calls = calls.iter().enumerate().map(call).collect();
        Step::Answer(ModelAnswer { calls, ..ModelAnswer::default() })
    }

    /// The beginning of an answer that ran into the token limit.
    pub fn truncated(text: &str) -> Self {
        Step::Answer(ModelAnswer { text: Some(text.to_owned()), truncated: true, ..ModelAnswer::default() })
    }
}

type Decide = dyn Fn(&ModelRequest) -> Step + Send + Sync;

/// The scripted model: first the queued steps, then the closure; with neither left it is unavailable.
pub struct Scripted {
    name: String,
    queue: Mutex<VecDeque<Step>>,
    decide: Option<Box<Decide>>,
    seen: Mutex<Vec<ModelRequest>>,
}

impl Scripted {
    pub fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        Self {
            name: "scripted".to_owned(),
            queue: Mutex::new(steps.into_iter().collect()),
            decide: None,
            seen: Mutex::new(Vec::new()),
        }
    }

    /// Asks the closure for each request.
    pub fn deciding(decide: impl Fn(&ModelRequest) -> Step + Send + Sync + 'static) -> Self {
        Self { decide: Some(Box::new(decide)), ..Self::new([]) }
    }

    /// Adds a step behind those that are queued.
    pub fn push(&self, step: Step) {
        lock(&self.queue).push_back(step);
    }

    /// Every request so far, oldest first.
    pub fn requests(&self) -> Vec<ModelRequest> {
        lock(&self.seen).clone()
    }

    /// Queued steps that nobody has asked for yet.
    pub fn steps_left(&self) -> usize {
        lock(&self.queue).len()
    }

    fn next(&self, request: &ModelRequest) -> Step {
        lock(&self.seen).push(request.clone());
        let queued = lock(&self.queue).pop_front();
        match (queued, &self.decide) {
            (Some(step), _) => step,
            (None, Some(decide)) => decide(request),
            (None, None) => Step::Fail(ModelError::Unavailable),
        }
    }
}

/// A panic in another test thread must not hide what was recorded.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[async_trait]
impl Model for Scripted {
    async fn complete(&self, request: &ModelRequest) -> Result<ModelAnswer, ModelError> {
        match self.next(request) {
            Step::Answer(answer) => Ok(answer),
            Step::Fail(error) => Err(error),
            Step::Silence => {
                tokio::time::sleep(request.timeout).await;
                Err(ModelError::Timeout)
            }
        }
    }

    fn name(&self) -> &str {
        &self.name
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::llm::ChatMessage;
    use std::time::Duration;

    fn request(text: &str) -> ModelRequest {
        ModelRequest {
            messages: vec![ChatMessage::User(text.to_owned())],
            tools: std::sync::Arc::default(),
            max_completion_tokens: 100,
            cache_key: "test".to_owned(),
            timeout: Duration::from_millis(1),
        }
    }

    #[tokio::test]
    async fn the_queue_is_played_in_order_then_the_model_is_gone() {
        let model = Scripted::new([Step::calls(&[("get_folio", "{}")]), Step::Silence]);
        let first = model.complete(&request("my bill?")).await.unwrap();
        assert_eq!(first.calls[0].name, "get_folio");
        assert_eq!(model.complete(&request("hello?")).await, Err(ModelError::Timeout));
        assert_eq!(model.complete(&request("hello?")).await, Err(ModelError::Unavailable));
        assert_eq!(model.requests().len(), 3);
    }

    #[tokio::test]
    async fn a_closure_answers_from_the_request() {
        let model = Scripted::deciding(|request| match request.messages.last() {
            Some(ChatMessage::User(text)) => Step::text(&text.to_uppercase()),
            _ => Step::Fail(ModelError::Unavailable),
        });
        assert_eq!(model.complete(&request("hi")).await.unwrap().text.as_deref(), Some("HI"));
    }
}
