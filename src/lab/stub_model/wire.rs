//! Chat completions as a strict server reads and writes them.

use super::Reply;
use axum::Json;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// The functions that the request offers.
pub(super) fn tools(request: &Value) -> Vec<&Value> {
    let tools = request["tools"].as_array().map_or(&[][..], Vec::as_slice);
    tools.iter().map(|tool| &tool["function"]).collect()
}

pub(super) fn messages(request: &Value) -> &[Value] {
    request["messages"].as_array().map_or(&[][..], Vec::as_slice)
}

/// Whether tools have just answered.
pub(super) fn is_after_tools(request: &Value) -> bool {
    messages(request).last().is_some_and(|message| message["role"] == "tool")
}

/// What the real servers insist on.
pub(super) fn validate(request: &Value) -> Result<(), &'static str> {
    if request["model"].as_str().is_none_or(str::is_empty) {
        return Err("model is missing");
    }
    if messages(request).is_empty() {
        return Err("messages is empty");
    }
    let mut open: Vec<&str> = Vec::new();
    for message in messages(request) {
        match message["role"].as_str() {
            Some("tool") => {
                let id = message["tool_call_id"].as_str().ok_or("tool_call_id is missing")?;
                let place = open.iter().position(|call| *call == id).ok_or("a result without its call")?;
                open.remove(place);
            }
            Some("system" | "developer" | "user" | "assistant") if !open.is_empty() => {
                return Err("a call without its result");
            }
            Some("assistant") => open = calls_of(message)?,
            Some("system" | "developer" | "user") if message["content"].is_string() => {}
            Some(_) | None => return Err("a message that is none"),
        }
    }
    if !open.is_empty() {
        return Err("a call without its result");
    }
    if !tools(request)
        .iter()
        .all(|tool| tool["name"].as_str().is_some_and(is_name) && tool["parameters"].is_object())
    {
        return Err("a tool that is none");
    }
    Ok(())
}

fn calls_of(message: &Value) -> Result<Vec<&str>, &'static str> {
    let Some(calls) = message["tool_calls"].as_array() else {
        return if message["content"].is_string() {
            Ok(Vec::new())
        } else {
            Err("an assistant without content")
        };
    };
    let read = |call: &'_ Value| -> bool {
        let arguments = call["function"]["arguments"].as_str().unwrap_or_default();
        call["function"]["name"].as_str().is_some_and(is_name)
            && serde_json::from_str::<Value>(arguments).is_ok()
    };
    if !calls.iter().all(read) {
        return Err("a call that is none");
    }
    calls.iter().map(|call| call["id"].as_str().ok_or("a call without an id")).collect()
}

fn is_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

/// The whole answer. Tokens are counted by words, which is enough for figures.
pub(super) fn completion(request: &Value, reply: &Reply, finish_reason: &str) -> Response {
    let call = |(place, (name, arguments)): (usize, &(String, String))| {
        json!({
            "id": format!("call_{}_{place}", messages(request).len()),
            "type": "function",
            "function": { "name": name, "arguments": arguments },
        })
    };
    let calls: Vec<Value> = reply.calls.iter().enumerate().map(call).collect();
    let mut message = json!({ "role": "assistant", "content": reply.text, "refusal": null });
    let finish_reason = if calls.is_empty() { finish_reason } else { "tool_calls" };
    if !calls.is_empty() {
        message["tool_calls"] = calls.into();
    }
    let words = |text: &str| text.split_whitespace().count();
    let prompt: usize = messages(request).iter().filter_map(|m| m["content"].as_str()).map(words).sum();
    let completion = reply.text.as_deref().map_or(0, words) + reply.calls.len() * 8;
    Json(json!({
        "id": "chatcmpl-stub",
        "object": "chat.completion",
        "created": 0,
        "model": request["model"],
        "choices": [{ "index": 0, "message": message, "finish_reason": finish_reason }],
        "usage": {
            "prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion,
            "prompt_tokens_details": { "cached_tokens": 0 },
        },
    }))
    .into_response()
}
