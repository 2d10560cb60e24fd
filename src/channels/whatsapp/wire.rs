//! Meta's JSON, read field by field: what is missing, of another type or new is nothing, never an error. It must not
//! decide what a field means.

use serde_json::Value;

/// A place in a document.
#[derive(Clone, Copy)]
pub(super) struct Node<'a>(Option<&'a Value>);

impl<'a> Node<'a> {
    pub fn of(value: &'a Value) -> Self {
        Self(Some(value))
    }

    pub fn at(self, name: &str) -> Node<'a> {
        Node(self.0.and_then(|value| value.get(name)))
    }

    pub fn is_there(&self) -> bool {
        self.0.is_some()
    }

    pub fn str(self) -> Option<&'a str> {
        self.0?.as_str()
    }

    /// A text with something in it, without the white space around it.
    pub fn filled(self) -> Option<&'a str> {
        self.str().map(str::trim).filter(|text| !text.is_empty())
    }

    /// A number, or a text that is one: Meta writes the same field both ways.
    pub fn number(self) -> Option<i64> {
        let value = self.0?;
        value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
    }

    /// A number with its decimals, as it was written.
    pub fn decimal(self) -> Option<String> {
        let value = self.0?;
        value.is_number().then(|| value.to_string())
    }

    pub fn is_true(&self) -> bool {
        self.0.and_then(Value::as_bool).unwrap_or(false)
    }

    pub fn list(self) -> impl Iterator<Item = Node<'a>> {
        self.0.and_then(Value::as_array).into_iter().flatten().map(Node::of)
    }
}

/// An error of Meta's, in an answer or in a webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Trouble {
    pub code: i64,
    /// Meta's own words, only for codes that we have none for.
    pub title: Option<String>,
}

impl Trouble {
    pub fn read(node: Node<'_>) -> Option<Self> {
        let title = node.at("title").filled().or(node.at("error_data").at("details").filled());
        Some(Self { code: node.at("code").number()?, title: title.map(str::to_owned) })
    }
}
