//! The account's approved templates: listed, read and written into a message. It must not choose one.

use super::outbound::{headers, trouble};
use super::wire::Node;
use super::{Config, WhatsAppAccount, error_words, filled};
use crate::domain::template::{Filled, Template};
use crate::http::{HttpAnswer, HttpError, HttpRequest, Method};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::time::Duration;

/// Meta lets an account have some hundreds.
const PAGE: &str = "500";

/// `GET /{version}/{account}/message_templates`
pub(super) fn list(account: &WhatsAppAccount) -> Result<HttpRequest, String> {
    let id =
        account.waba_id.as_deref().ok_or("The integration has no waba_id, by which Meta lists templates.")?;
    let mut url = account.url_of(id, "/message_templates");
    url.query_pairs_mut()
        .append_pair("fields", "name,language,status,category,components")
        .append_pair("status", "APPROVED")
        .append_pair("limit", PAGE);
    let (headers, timeout) = (headers(account), Duration::from_secs(15));
    Ok(HttpRequest { method: Method::GET, url, headers, body: Bytes::new(), timeout })
}

/// Those that can be filled with words alone.
pub(super) fn classify(answer: Result<&HttpAnswer, &HttpError>) -> Result<Vec<Template>, String> {
    let answer = answer.map_err(|error| format!("Meta could not be asked for templates: {error}."))?;
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    if answer.status != 200 {
        let why = trouble(&body).map(|trouble| error_words::words(&trouble));
        return Err(why.unwrap_or_else(|| format!("Meta answered {}. Try again later.", answer.status)));
    }
    let mut found: Vec<Template> = Node::of(&body).at("data").list().filter_map(read).collect();
    found.sort_by(|a, b| (&a.name, &a.lang).cmp(&(&b.name, &b.lang)));
    Ok(found)
}

fn read(template: Node<'_>) -> Option<Template> {
    if template.at("status").filled() != Some("APPROVED")
        || template.at("category").filled() == Some("AUTHENTICATION")
    {
        return None;
    }
    let mut body = None;
    for part in template.at("components").list() {
        match part.at("type").filled()? {
            "BODY" => body = part.at("text").filled(),
            // A picture, or a blank outside of the body, would have to be filled too.
            "HEADER" if part.at("format").filled() != Some("TEXT") || has_blank(part.at("text")) => {
                return None;
            }
            "HEADER" | "FOOTER" => {}
            "BUTTONS" if part.at("buttons").list().all(is_plain) => {}
            _ => return None,
        }
    }
    let (name, lang) =
        (template.at("name").filled()?.to_owned(), template.at("language").filled()?.to_owned());
    let category = template.at("category").filled().unwrap_or_default().to_lowercase();
    Some(Template::new(name, lang, category, body?.to_owned()))
}

fn has_blank(text: Node<'_>) -> bool {
    text.str().is_some_and(|text| text.contains("{{"))
}

fn is_plain(button: Node<'_>) -> bool {
    match button.at("type").filled() {
        Some("QUICK_REPLY" | "PHONE_NUMBER") => true,
        Some("URL") => !has_blank(button.at("url")),
        _ => false,
    }
}

/// As it stands in a message.
pub(super) fn written(filled: &Filled) -> Value {
    let parameter = |(name, value): &(String, String)| {
        let mut parameter = json!({ "type": "text", "text": value });
        if filled.named {
            parameter["parameter_name"] = json!(name);
        }
        parameter
    };
    let mut template = json!({ "name": filled.name, "language": { "code": filled.lang } });
    if !filled.values.is_empty() {
        let parameters: Vec<Value> = filled.values.iter().map(parameter).collect();
        template["components"] = json!([{ "type": "body", "parameters": parameters }]);
    }
    template
}

/// The template for the bot's own late answers, in the guest's language.
pub(super) fn late(config: &Map<String, Value>, lang: &str) -> Option<(String, String)> {
    let config = Config::deserialize(Value::Object(config.clone())).ok()?;
    let name = filled(config.late_template.as_deref())?.to_owned();
    let languages = config.late_template_languages.unwrap_or_default();
    let language = languages.split(',').map(str::trim).find(|code| code.split('_').next() == Some(lang))?;
    Some((name, language.to_owned()))
}
