//! Twilio's own shapes: the form it posts and the JSON it answers. Numbers may be texts and texts may be missing; it
//! must not decide what any of it means to us.

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
