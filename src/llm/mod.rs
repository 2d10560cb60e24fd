//! The language model as the engine sees it: one question, one answer. It must not decide anything, nor retry.

mod account;
mod answer;
mod guarded;
mod openai;
mod scripted;

pub use account::{AccountProblem, FIELDS, KIND, LlmAccount};
pub use guarded::Guarded;
pub use openai::{BadAccount, OpenAi};
pub use scripted::{Scripted, Step};

use async_trait::async_trait;
use serde_json::Value;
use serde_json::value::RawValue;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// Something that continues a conversation: it words texts and proposes tool calls, and is trusted with neither.
#[async_trait]
pub trait Model: Send + Sync {
    /// One attempt within `request.timeout`; whoever calls decides whether there is another.
    async fn complete(&self, request: &ModelRequest) -> Result<ModelAnswer, ModelError>;

    /// The model's name as its provider knows it, for flight records and figures.
    fn name(&self) -> &str;
}

/// All that a model is told for one answer.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelRequest {
    /// What stays the same from turn to turn comes first, so that the provider can cache it.
    pub messages: Vec<ChatMessage>,
    /// In a fixed order, for the same reason. Empty: the model can only talk.
    pub tools: Arc<ToolSet>,
    /// Longest answer, in tokens, thinking included.
    pub max_completion_tokens: u32,
    /// The same for requests that begin alike: one per property and prompt version.
    pub cache_key: String,
    /// For the whole call, connecting and reading included.
    pub timeout: Duration,
}

/// One line of the conversation with the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChatMessage {
    System(String),
    User(String),
    /// What the model said or proposed before; `text` may be absent where there are calls.
    Assistant {
        text: Option<String>,
        calls: Vec<ToolCall>,
    },
    /// The result of the call with this id. Every call needs one before the next answer.
    Tool {
        call_id: String,
        content: String,
    },
}

/// A tool as the model is told of it.
#[derive(Debug, Clone, PartialEq)]
pub struct ToolSpec {
    pub name: String,
    pub description: String,
    /// JSON Schema of the arguments, an object.
    pub parameters: Value,
}

/// The tools of one request, the same for many: their JSON is made once.
#[derive(Debug, Clone, Default)]
pub struct ToolSet {
    specs: Vec<ToolSpec>,
    /// As [`OpenAi`] sends them.
    wire: OnceLock<Option<Box<RawValue>>>,
}

impl FromIterator<ToolSpec> for ToolSet {
    fn from_iter<I: IntoIterator<Item = ToolSpec>>(specs: I) -> Self {
        Self { specs: specs.into_iter().collect(), wire: OnceLock::new() }
    }
}

impl PartialEq for ToolSet {
    fn eq(&self, other: &Self) -> bool {
        self.specs == other.specs
    }
}

/// A call that the model proposes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolCall {
    /// The model's own key for it: not unique beyond this answer, never an idempotency key.
    pub id: String,
    /// Perhaps a tool that does not exist.
    pub name: String,
    /// As the model wrote it: perhaps no JSON at all.
    pub arguments: String,
}

/// A model's answer. It may be neither text nor call.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ModelAnswer {
    /// Trimmed; `None` when there is nothing in it.
    pub text: Option<String>,
    pub calls: Vec<ToolCall>,
    /// Cut off at the token limit or by the provider's filter: half a sentence or half a call, not to be used.
    pub truncated: bool,
    pub usage: Usage,
}

/// Tokens that a provider says it has counted; zero where it does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    pub prompt: u32,
    pub completion: u32,
    /// The part of `prompt` that came from the provider's cache.
    pub cached: u32,
}

/// Why there is no answer. None of these carries a word of the conversation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    #[error("the model did not answer in time")]
    Timeout,
    #[error("the model's provider says: too many requests")]
    RateLimited { retry_after: Option<Duration> },
    /// The provider will say the same next time: a wrong key, an unknown model, a request that it does not take.
    #[error("the model's provider refused the request with status {status}: {why}")]
    Refused {
        status: u16,
        /// The provider's own error code, never its message, which may quote the request.
        why: String,
    },
    /// An answer that cannot be read.
    #[error("the model's answer is unreadable: {0}")]
    Broken(&'static str),
    #[error("the model cannot be reached or is out of order")]
    Unavailable,
}

impl ModelError {
    /// Whether the same request may do better a little later.
    pub fn retryable(&self) -> bool {
        match self {
            ModelError::Timeout
            | ModelError::RateLimited { .. }
            | ModelError::Broken(_)
            | ModelError::Unavailable => true,
            ModelError::Refused { .. } => false,
        }
    }

    /// One stable word for logs and figures.
    pub fn code(&self) -> &'static str {
        match self {
            ModelError::Timeout => "timeout",
            ModelError::RateLimited { .. } => "rate_limited",
            ModelError::Refused { .. } => "refused",
            ModelError::Broken(_) => "broken",
            ModelError::Unavailable => "unavailable",
        }
    }
}
