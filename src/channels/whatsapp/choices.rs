//! Buttons and lists below a message, within Meta's limits. What does not fit is left to the words above it.

use crate::channels::OutboundText;
use crate::channels::split::utf16_len;
use crate::domain::choices::Choice;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Up to three buttons, below up to 1,024 characters.
const BUTTONS: Limits = Limits { most: 3, text: 1024, title: 20, id: 256 };
/// Up to ten rows in a list, below up to 4,096 characters.
const ROWS: Limits = Limits { most: 10, text: 4096, title: 24, id: 200 };
/// What opens a list.
const LABEL: usize = 20;

struct Limits {
    most: usize,
    text: usize,
    title: usize,
    id: usize,
}

impl Limits {
    fn fit(&self, message: &OutboundText) -> bool {
        let options = &message.choices.options;
        let fits = |option: &Choice| {
            (1..=self.title).contains(&utf16_len(&option.title)) && (1..=self.id).contains(&option.id.len())
        };
        let titles: BTreeSet<&str> = options.iter().map(|option| option.title.as_str()).collect();
        (1..=self.most).contains(&options.len())
            && utf16_len(&message.text) <= self.text
            && options.iter().all(fits)
            && titles.len() == options.len()
    }
}

/// The message with its buttons or its list; `None`: it has none, or they do not fit.
pub(super) fn written(message: &OutboundText) -> Option<Value> {
    let body = json!({ "text": message.text });
    let options = message.choices.options.iter();
    if BUTTONS.fit(message) {
        let button = |one: &Choice| json!({ "type": "reply", "reply": { "id": one.id, "title": one.title } });
        let buttons: Vec<Value> = options.map(button).collect();
        return Some(json!({ "type": "button", "body": body, "action": { "buttons": buttons } }));
    }
    let label = &message.choices.label;
    if !ROWS.fit(message) || !(1..=LABEL).contains(&utf16_len(label)) {
        return None;
    }
    let rows: Vec<Value> = options.map(|one| json!({ "id": one.id, "title": one.title })).collect();
    Some(
        json!({ "type": "list", "body": body, "action": { "button": label, "sections": [{ "rows": rows }] } }),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::choices::Choices;

    fn written_with(text: &str, label: &str, titles: &[&str]) -> Option<Value> {
        let titles: Vec<String> = titles.iter().map(|title| (*title).to_owned()).collect();
        written(&OutboundText {
            to: String::new(),
            text: text.to_owned(),
            template: None,
            choices: Choices::one_of(label.to_owned(), &titles),
            reference: String::new(),
            status_callback_url: None,
        })
    }

    #[test]
    fn two_answers_are_buttons_and_five_things_a_list() {
        let buttons = written_with("18.00 EUR. Shall I order it?", "", &["Yes", "No"]).unwrap();
        let expected = json!({
            "type": "button", "body": {"text": "18.00 EUR. Shall I order it?"},
            "action": {"buttons": [
                {"type": "reply", "reply": {"id": "pick:0", "title": "Yes"}},
                {"type": "reply", "reply": {"id": "pick:1", "title": "No"}},
            ]},
        });
        assert_eq!(buttons, expected);
        let list = written_with("Which?", "Choose", &["Tea", "Coffee", "Water", "Wine", "Juice"]).unwrap();
        assert_eq!((&list["type"], &list["action"]["button"]), (&json!("list"), &json!("Choose")));
        assert_eq!(list["action"]["sections"][0]["rows"][4], json!({"id": "pick:4", "title": "Juice"}));
    }

    #[test]
    fn what_does_not_fit_is_left_to_the_words() {
        let (long, ten) = ("a".repeat(25), ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]);
        assert!(written_with("Which?", "Choose", &[]).is_none());
        assert!(written_with("Which?", "Choose", &["Tea", &long]).is_none());
        assert!(written_with("Which?", "Choose", &["Tea", "Tea"]).is_none());
        assert!(written_with("Which?", "Choose", &["Tea", ""]).is_none());
        assert!(written_with("Which?", &long, &ten).is_none());
        assert!(written_with("Which?", "Choose", &ten).is_some());
        assert!(written_with("Which?", "Choose", &[&ten[..], &["11"]].concat()).is_none());
        assert!(written_with(&"a".repeat(1025), "", &["Yes", "No"]).is_none());
        // Too long for a button, good for a list.
        assert_eq!(written_with("Which?", "Choose", &["Tea", &"a".repeat(24)]).unwrap()["type"], "list");
    }
}
