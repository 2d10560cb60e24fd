//! One HTTP answer of a chat-completions server, brought to the one form that the library reads; it must not log a word of it.
//!
//! Servers differ: some omit `usage`, `id` or `created`, send parts instead of a string, objects instead of argument
//! texts, the same call id twice. The library refuses such answers, and writes what it refuses into the log.

use super::ModelError;
use chrono::DateTime;
use reqwest::StatusCode;
use reqwest::header::{DATE, HeaderMap, HeaderValue, RETRY_AFTER};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::time::Duration;

/// Largest body that is read, in bytes: a long answer is about 50 kB.
pub(super) const MAX_BYTES: usize = 1 << 20;
/// More calls than this in one answer are no answer.
const MAX_CALLS: usize = 32;
/// A provider that asks for more patience than this gets asked again after it all the same.
const LONGEST_WAIT: Duration = Duration::from_secs(3600);

/// Reads the body up to [`MAX_BYTES`].
pub(super) async fn read_body(mut response: reqwest::Response) -> Result<Vec<u8>, ModelError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| transport_error(&error))? {
        if body.len() + chunk.len() > MAX_BYTES {
            return Err(ModelError::Broken("longer than any answer"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

pub(super) fn transport_error(error: &reqwest::Error) -> ModelError {
    if error.is_timeout() { ModelError::Timeout } else { ModelError::Unavailable }
}

/// What a status other than success means.
pub(super) fn refusal(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> ModelError {
    let why = error_code(body);
    let spent = why.as_deref() == Some("insufficient_quota");
    if status == StatusCode::TOO_MANY_REQUESTS && !spent {
        return ModelError::RateLimited { retry_after: retry_after(headers) };
    }
    if status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT {
        return ModelError::Unavailable;
    }
    ModelError::Refused { status: status.as_u16(), why: why.unwrap_or_else(|| "no code given".to_owned()) }
}

/// The provider's error code or type, if it is a plain word: its message may quote the request, a code cannot.
fn error_code(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let error = body.get("error")?;
    ["code", "type"]
        .into_iter()
        .filter_map(|field| error.get(field).and_then(Value::as_str))
        .find(|code| {
            (1..=60).contains(&code.len())
                && code.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
        })
        .map(str::to_owned)
}

/// `Retry-After` in seconds, or as a date, which is read against the answer's own `Date` and so needs no clock of ours.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |header: &HeaderValue| header.to_str().ok().map(|text| text.trim().to_owned());
    let wanted = headers.get(RETRY_AFTER).and_then(text)?;
    let seconds = match wanted.parse::<f64>() {
        Ok(seconds) => seconds,
        Err(_) => {
            let until = DateTime::parse_from_rfc2822(&wanted).ok()?;
            let now = DateTime::parse_from_rfc2822(&headers.get(DATE).and_then(text)?).ok()?;
            f64::from(i32::try_from((until - now).num_seconds()).ok()?)
        }
    };
    let wait = Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(LONGEST_WAIT);
    Some(wait.min(LONGEST_WAIT))
}

/// The answer with everything in it that Bellhop uses and nothing else, every field of the form that the library expects.
pub(super) fn canonical(body: &[u8]) -> Result<Vec<u8>, ModelError> {
    let body: Value = serde_json::from_slice(body).map_err(|_| ModelError::Broken("not JSON"))?;
    let choice = body.pointer("/choices/0").ok_or(ModelError::Broken("no choice in it"))?;
    let message = choice.get("message").filter(|m| m.is_object());
    let message = message.ok_or(ModelError::Broken("no message in it"))?;
    let finish = choice.get("finish_reason").and_then(Value::as_str).filter(|reason| {
        matches!(*reason, "stop" | "length" | "tool_calls" | "content_filter" | "function_call")
    });
    let canonical = json!({
        "id": "", "object": "chat.completion", "created": 0,
        "model": body.get("model").and_then(Value::as_str).unwrap_or_default(),
        "choices": [{
            "index": 0,
            "finish_reason": finish,
            "message": {
                "role": "assistant",
                "content": content(message.get("content")),
                "tool_calls": calls(message.get("tool_calls"))?,
            },
        }],
        "usage": usage(body.get("usage")),
    });
    serde_json::to_vec(&canonical).map_err(|_| ModelError::Broken("not JSON"))
}

/// A string, or the texts of its parts; thinking and other parts are not for the guest.
fn content(content: Option<&Value>) -> Option<String> {
    match content? {
        Value::String(text) => Some(text.clone()),
        Value::Array(parts) => {
            let texts = parts.iter().filter_map(|part| part.get("text").and_then(Value::as_str));
            Some(texts.collect::<Vec<_>>().join(""))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => None,
    }
}

fn calls(calls: Option<&Value>) -> Result<Vec<Value>, ModelError> {
    let calls = calls.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    if calls.len() > MAX_CALLS {
        return Err(ModelError::Broken("too many calls in it"));
    }
    let mut ids = HashSet::new();
    let call = |(place, call): (usize, &Value)| {
        let given = call.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        let fresh = !given.is_empty() && ids.insert(given.clone());
        let id = if fresh { given } else { format!("call_at_{place}") };
        let name = call.pointer("/function/name").and_then(Value::as_str).unwrap_or_default();
        let arguments = match call.pointer("/function/arguments") {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Null) | None => "{}".to_owned(),
            Some(other) => other.to_string(),
        };
        json!({ "id": id, "type": "function", "function": { "name": name, "arguments": arguments } })
    };
    Ok(calls.iter().enumerate().map(call).collect())
}

fn usage(usage: Option<&Value>) -> Value {
    let read = |path: &str| {
        let number = usage.and_then(|usage| usage.pointer(path)).and_then(Value::as_u64);
        u32::try_from(number.unwrap_or(0)).unwrap_or(u32::MAX)
    };
    json!({
        "prompt_tokens": read("/prompt_tokens"),
        "completion_tokens": read("/completion_tokens"),
        "total_tokens": read("/total_tokens"),
        "prompt_tokens_details": { "cached_tokens": read("/prompt_tokens_details/cached_tokens") },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn retry_after_is_read_as_seconds_and_as_a_date() {
        let secs =
            |pairs: &[(&'static str, &'static str)]| retry_after(&headers(pairs)).map(|wait| wait.as_secs());
        assert_eq!(secs(&[("retry-after", "7")]), Some(7));
        assert_eq!(secs(&[("retry-after", "-3")]), Some(0));
        assert_eq!(secs(&[("retry-after", "1e300")]), Some(3600));
        let date = "Fri, 20 Nov 2026 08:00:30 GMT";
        assert_eq!(secs(&[("retry-after", date), ("date", "Fri, 20 Nov 2026 08:00:00 GMT")]), Some(30));
        assert_eq!(secs(&[("retry-after", date)]), None);
        assert_eq!(secs(&[("retry-after", "soon")]), None);
    }

    #[test]
    fn a_refusal_names_the_code_and_never_the_message() {
        let body = br#"{"error":{"message":"cannot read: my room is 204","code":"invalid_value"}}"#;
        let error = refusal(StatusCode::BAD_REQUEST, &HeaderMap::new(), body);
        assert_eq!(error, ModelError::Refused { status: 400, why: "invalid_value".to_owned() });
        let body = br#"{"error":{"message":"x","code":"my room is 204"}}"#;
        assert!(!refusal(StatusCode::BAD_REQUEST, &HeaderMap::new(), body).to_string().contains("204"));
    }

    #[test]
    fn a_spent_account_is_not_asked_again_but_a_busy_one_is() {
        let spent = br#"{"error":{"message":"x","type":"insufficient_quota","code":"insufficient_quota"}}"#;
        assert!(!refusal(StatusCode::TOO_MANY_REQUESTS, &HeaderMap::new(), spent).retryable());
        assert!(refusal(StatusCode::TOO_MANY_REQUESTS, &HeaderMap::new(), b"").retryable());
        assert!(refusal(StatusCode::BAD_GATEWAY, &HeaderMap::new(), b"<html>").retryable());
    }
}
