//! Twilio's own shapes: the form it posts and the JSON it answers. Numbers may be texts and texts may be missing; it
//! must not decide what any of it means to us.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::signature::Form;

/// Decodes a form body. Every byte sequence is some form; Twilio adds parameters without notice.
pub(super) fn parse_form(body: &[u8]) -> Form {
    let mut form = Form::new();
    for (name, value) in url::form_urlencoded::parse(body) {
        form.entry(name.into_owned()).or_default().insert(value.into_owned());
    }
    form
}

/// A parameter has several values, and nobody can tell which is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ambiguous(pub &'static str);

/// The one value of a parameter; an empty one is kept.
pub(super) fn one<'a>(form: &'a Form, name: &'static str) -> Result<Option<&'a str>, Ambiguous> {
    let Some(values) = form.get(name) else { return Ok(None) };
    match values.len() {
        0 | 1 => Ok(values.first().map(String::as_str)),
        _ => Err(Ambiguous(name)),
    }
}

/// The one value of a parameter that says something.
pub(super) fn filled<'a>(form: &'a Form, name: &'static str) -> Result<Option<&'a str>, Ambiguous> {
    Ok(one(form, name)?.map(str::trim).filter(|value| !value.is_empty()))
}

/// What we read of Twilio's JSON answers: a message, an account or an error.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    pub sid: Option<String>,
    pub status: Option<String>,
    /// `code` of an error, `error_code` of a message.
    pub code: Option<String>,
    pub friendly_name: Option<String>,
    /// `Trial` or `Full`.
    pub kind: Option<String>,
}

impl Answer {
    /// Reads what is there; a body that is no JSON object reads as an empty answer.
    pub fn read(body: &[u8]) -> Self {
        let value: Value = serde_json::from_slice(body).unwrap_or_default();
        let field = |name: &str| match value.get(name) {
            Some(Value::String(text)) if !text.trim().is_empty() => Some(text.trim().to_owned()),
            Some(Value::Number(number)) => Some(number.to_string()),
            _ => None,
        };
        Self {
            sid: field("sid"),
            status: field("status"),
            code: field("code").or_else(|| field("error_code")),
            friendly_name: field("friendly_name"),
            kind: field("type"),
        }
    }
}

/// What we read of Twilio's list of messages: those that we sent.
#[derive(Debug)]
pub(super) struct MessageList {
    pub messages: Vec<Listed>,
    /// There is no further page.
    pub is_whole: bool,
}

#[derive(Debug)]
pub(super) struct Listed {
    pub sid: String,
    pub body: String,
    pub created_at: DateTime<Utc>,
}

impl MessageList {
    /// `None` where anything that matters is missing: what cannot be read proves nothing.
    pub fn read(body: &[u8]) -> Option<Self> {
        let value: Value = serde_json::from_slice(body).ok()?;
        let mut messages = Vec::new();
        for message in value.get("messages")?.as_array()? {
            let field = |name: &str| message.get(name).and_then(Value::as_str);
            if field("direction")?.starts_with("outbound") {
                messages.push(Listed {
                    sid: field("sid")?.to_owned(),
                    body: field("body").unwrap_or_default().to_owned(),
                    created_at: DateTime::parse_from_rfc2822(field("date_created")?).ok()?.to_utc(),
                });
            }
        }
        let next = value.get("next_page_uri").and_then(Value::as_str).unwrap_or_default();
        Some(Self { messages, is_whole: next.is_empty() })
    }
}
