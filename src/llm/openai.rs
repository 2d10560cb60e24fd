//! Any server that speaks OpenAI's chat completions, by async-openai: one attempt, one time limit, nothing logged.
//!
//! Reference: <https://platform.openai.com/docs/api-reference/chat/create>. The library's default transport repeats 429
//! and 500 by itself and logs what it cannot read; ours does neither.

use super::answer::{canonical, read_body, refusal, transport_error};
use super::{ChatMessage, Model, ModelAnswer, ModelError, ModelRequest, ToolCall, ToolSet, ToolSpec, Usage};
use async_openai::Client;
use async_openai::config::OpenAIConfig;
use async_openai::error::OpenAIError;
use async_openai::middleware::HttpRequestFactory;
use async_openai::types::chat::{
    ChatCompletionMessageToolCall, ChatCompletionMessageToolCalls, ChatCompletionRequestAssistantMessage,
    ChatCompletionRequestMessage, ChatCompletionRequestSystemMessage, ChatCompletionRequestToolMessage,
    ChatCompletionRequestUserMessage, ChatCompletionTool, ChatCompletionTools, CompletionUsage,
    CreateChatCompletionResponse, FinishReason, FunctionCall, FunctionObject,
};
use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};

/// One account at one server.
#[derive(Debug)]
pub struct OpenAi {
    client: Client<OpenAIConfig>,
    model: String,
}

/// What is sent; borrowed where it is the same for many requests.
#[derive(Serialize)]
struct Wire<'a> {
    model: &'a str,
    messages: Vec<ChatCompletionRequestMessage>,
    max_completion_tokens: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    tools: Option<&'a RawValue>,
    prompt_cache_key: &'a str,
}

/// Why an account cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadAccount {
    #[error("the base URL must be an http or https address, such as https://api.openai.com/v1")]
    BaseUrl,
    #[error("the API key contains characters that cannot be sent in a header; paste it again")]
    Key,
    #[error("the model's name is missing")]
    Model,
}

impl OpenAi {
    /// `base_url` with its version part, without `/chat/completions`. An empty key is sent as such: local servers take it.
    pub fn new(
        http: reqwest::Client,
        base_url: &str,
        key: &SecretString,
        model: &str,
    ) -> Result<Self, BadAccount> {
        let base = base_url.trim().trim_end_matches('/');
        let url = url::Url::parse(base).map_err(|_| BadAccount::BaseUrl)?;
        if !matches!(url.scheme(), "http" | "https") || url.query().is_some() || url.fragment().is_some() {
            return Err(BadAccount::BaseUrl);
        }
        let key = key.expose_secret().trim();
        // The library would panic on a key that is no header value.
        http::HeaderValue::from_str(&format!("Bearer {key}")).map_err(|_| BadAccount::Key)?;
        if model.trim().is_empty() {
            return Err(BadAccount::Model);
        }
        // Organisation and project would otherwise come from the environment.
        let config =
            OpenAIConfig::new().with_api_base(base).with_api_key(key).with_org_id("").with_project_id("");
        let transport = http.clone();
        let service = tower::service_fn(move |request| attempt(transport.clone(), request));
        let client = Client::build(http, config).with_http_service(service);
        Ok(Self { client, model: model.trim().to_owned() })
    }

    fn wire<'a>(&'a self, request: &'a ModelRequest) -> Wire<'a> {
        Wire {
            model: &self.model,
            messages: request.messages.iter().map(wire_message).collect(),
            max_completion_tokens: request.max_completion_tokens,
            tools: wire_tools(&request.tools),
            prompt_cache_key: &request.cache_key,
        }
    }
}

#[async_trait]
impl Model for OpenAi {
    async fn complete(&self, request: &ModelRequest) -> Result<ModelAnswer, ModelError> {
        let chat = self.client.chat();
        let asked = chat.create_byot::<_, CreateChatCompletionResponse>(self.wire(request));
        match tokio::time::timeout(request.timeout, asked).await {
            Ok(Ok(answer)) => read_answer(answer),
            Ok(Err(error)) => Err(model_error(error)),
            Err(_) => Err(ModelError::Timeout),
        }
    }

    fn name(&self) -> &str {
        &self.model
    }
}

/// Sends one request once, and hands the library a successful answer in its own form, or our error.
async fn attempt(
    http: reqwest::Client,
    request: HttpRequestFactory,
) -> Result<reqwest::Response, tower::BoxError> {
    let request = request.build().await?;
    let response = http.execute(request).await.map_err(|error| transport_error(&error))?;
    let (status, headers) = (response.status(), response.headers().clone());
    let body = read_body(response).await?;
    if !status.is_success() {
        return Err(refusal(status, &headers, &body).into());
    }
    Ok(http::Response::new(canonical(&body)?).into())
}

fn model_error(error: OpenAIError) -> ModelError {
    match error {
        OpenAIError::Boxed(error) => match error.downcast::<ModelError>() {
            Ok(error) => *error,
            Err(_) => ModelError::Unavailable,
        },
        OpenAIError::Reqwest(error) => transport_error(&error),
        OpenAIError::JSONDeserialize(..) | OpenAIError::StreamError(_) => {
            ModelError::Broken("not a chat completion")
        }
        OpenAIError::ApiError(_)
        | OpenAIError::FileSaveError(_)
        | OpenAIError::FileReadError(_)
        | OpenAIError::InvalidArgument(_) => ModelError::Unavailable,
    }
}

fn wire_message(message: &ChatMessage) -> ChatCompletionRequestMessage {
    match message {
        ChatMessage::System(text) => ChatCompletionRequestSystemMessage::from(text.clone()).into(),
        ChatMessage::User(text) => ChatCompletionRequestUserMessage::from(text.clone()).into(),
        ChatMessage::Assistant { text, calls } => {
            let calls: Vec<_> = calls.iter().map(wire_call).collect();
            ChatCompletionRequestAssistantMessage {
                // Neither text nor calls would be refused.
                content: text.clone().or_else(|| calls.is_empty().then(String::new)).map(Into::into),
                tool_calls: (!calls.is_empty()).then_some(calls),
                ..ChatCompletionRequestAssistantMessage::default()
            }
            .into()
        }
        ChatMessage::Tool { call_id, content } => ChatCompletionRequestToolMessage {
            tool_call_id: call_id.clone(),
            content: content.clone().into(),
        }
        .into(),
    }
}

/// A call as the model is reminded of it. Servers refuse a whole request for a name or arguments that they would not
/// have written themselves, so nonsense is sent back in a form that they take; its result says what was wrong.
fn wire_call(call: &ToolCall) -> ChatCompletionMessageToolCalls {
    let name: String = call.name.chars().take(64).collect();
    let name = name.replace(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-'), "_");
    let is_object = serde_json::from_str::<Value>(&call.arguments).is_ok_and(|value| value.is_object());
    let function = FunctionCall {
        name: if name.is_empty() { "unnamed".to_owned() } else { name },
        arguments: if is_object { call.arguments.clone() } else { "{}".to_owned() },
    };
    ChatCompletionMessageToolCall { id: call.id.clone(), function }.into()
}

/// `None`: there are none, and an empty list would be refused.
fn wire_tools(tools: &ToolSet) -> Option<&RawValue> {
    let made = || {
        let wire: Vec<_> = tools.specs.iter().map(wire_tool).collect();
        (!wire.is_empty()).then(|| to_raw_value(&wire).ok()).flatten()
    };
    tools.wire.get_or_init(made).as_deref()
}

fn wire_tool(tool: &ToolSpec) -> ChatCompletionTools {
    ChatCompletionTools::Function(ChatCompletionTool {
        function: FunctionObject {
            name: tool.name.clone(),
            description: Some(tool.description.clone()),
            parameters: Some(tool.parameters.clone()),
            strict: None,
        },
    })
}

fn read_answer(answer: CreateChatCompletionResponse) -> Result<ModelAnswer, ModelError> {
    let usage = answer.usage.map(read_usage).unwrap_or_default();
    let choice = answer.choices.into_iter().next().ok_or(ModelError::Broken("no choice in it"))?;
    let truncated = match choice.finish_reason {
        Some(FinishReason::Length | FinishReason::ContentFilter) => true,
        Some(FinishReason::Stop | FinishReason::ToolCalls | FinishReason::FunctionCall) | None => false,
    };
    let call = |call| match call {
        ChatCompletionMessageToolCalls::Function(ChatCompletionMessageToolCall { id, function }) => {
            Some(ToolCall { id, name: function.name, arguments: function.arguments })
        }
        ChatCompletionMessageToolCalls::Custom(_) => None,
    };
    let text = choice.message.content.map(|text| text.replace('\0', "").trim().to_owned());
    Ok(ModelAnswer {
        text: text.filter(|text| !text.is_empty()),
        calls: choice.message.tool_calls.into_iter().flatten().filter_map(call).collect(),
        truncated,
        usage,
    })
}

fn read_usage(usage: CompletionUsage) -> Usage {
    Usage {
        prompt: usage.prompt_tokens,
        completion: usage.completion_tokens,
        cached: usage.prompt_tokens_details.and_then(|details| details.cached_tokens).unwrap_or(0),
    }
}

#[cfg(test)]
#[path = "openai_tests.rs"]
mod tests;
