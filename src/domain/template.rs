//! Templates: texts that a vendor has approved, with blanks that staff or a policy fill. They are all that passes once
//! the guest has been silent for too long. Nothing is fetched or sent here.

use serde::{Deserialize, Serialize};

/// The most that one blank may hold, in characters.
const MAX_VALUE: usize = 600;
/// The most that the filled text may have, in characters.
const MAX_TEXT: usize = 1024;

/// One approved text in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Template {
    pub name: String,
    /// As the vendor writes it: `en`, `pt_PT`.
    pub lang: String,
    /// The vendor's word for what it may be used for: `utility`, `marketing`.
    pub category: String,
    /// With its blanks in double braces: `Your room {{1}} is ready.`
    pub text: String,
    /// The names of the blanks, each once, in the order in which they come.
    pub blanks: Vec<String>,
    /// Whether the vendor names the blanks by words rather than by numbers.
    pub named: bool,
}

/// A template with its blanks filled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filled {
    pub name: String,
    pub lang: String,
    /// Each blank's name and what stands in it.
    pub values: Vec<(String, String)>,
    pub named: bool,
}

/// Why a template cannot be sent so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    #[error("the template has {blanks} blanks and {values} values came")]
    Count { blanks: usize, values: usize },
    #[error("the blank {blank} is empty")]
    Empty { blank: String },
    #[error("the blank {blank} holds more than {MAX_VALUE} characters")]
    TooLong { blank: String },
    #[error("the blank {blank} may have no line break, no tab and no four spaces in a row")]
    Breaks { blank: String },
    #[error("the filled text has more than {MAX_TEXT} characters")]
    TextTooLong,
}

impl Template {
    /// Reads the blanks out of a text.
    pub fn new(name: String, lang: String, category: String, text: String) -> Self {
        let mut blanks: Vec<String> = Vec::new();
        for (_, blank) in pieces(&text) {
            if let Some(blank) = blank.filter(|blank| !blanks.iter().any(|known| known == blank)) {
                blanks.push(blank.to_owned());
            }
        }
        let named = blanks.iter().any(|blank| blank.parse::<u32>().is_err());
        if !named {
            blanks.sort_by_key(|blank| blank.parse::<u32>().unwrap_or(u32::MAX));
        }
        Self { name, lang, category, text, blanks, named }
    }

    /// Fills the blanks with `values` in their order; gives it with the text that the guest will read.
    pub fn fill(&self, values: &[String]) -> Result<(Filled, String), Misfit> {
        if values.len() != self.blanks.len() {
            return Err(Misfit::Count { blanks: self.blanks.len(), values: values.len() });
        }
        let mut filled = Vec::new();
        for (blank, value) in self.blanks.iter().zip(values) {
            filled.push((blank.clone(), checked(blank, value)?.to_owned()));
        }
        let value = |name: &str| {
            filled.iter().find(|(blank, _)| blank == name).map_or("", |(_, value)| value.as_str())
        };
        let text: String =
            pieces(&self.text).flat_map(|(plain, blank)| [plain, blank.map_or("", value)]).collect();
        if text.chars().count() > MAX_TEXT {
            return Err(Misfit::TextTooLong);
        }
        let (name, lang) = (self.name.clone(), self.lang.clone());
        Ok((Filled { name, lang, values: filled, named: self.named }, text))
    }
}

fn checked<'v>(blank: &str, value: &'v str) -> Result<&'v str, Misfit> {
    let (value, blank) = (value.trim(), || blank.to_owned());
    if value.is_empty() {
        return Err(Misfit::Empty { blank: blank() });
    }
    if value.chars().count() > MAX_VALUE {
        return Err(Misfit::TooLong { blank: blank() });
    }
    if value.contains("    ") || value.chars().any(char::is_control) {
        return Err(Misfit::Breaks { blank: blank() });
    }
    Ok(value)
}

/// A text as what stands before each blank, with the blank's name; the last piece has none.
fn pieces(text: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let now = rest.take()?;
        let found = now.split_once("{{").and_then(|(plain, tail)| {
            let (blank, tail) = tail.split_once("}}")?;
            Some((plain, blank.trim(), tail))
        });
        match found {
            Some((plain, blank, tail)) => {
                rest = Some(tail);
                Some((plain, Some(blank)))
            }
            None => Some((now, None)),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(text: &str) -> Template {
        Template::new("ready".to_owned(), "en".to_owned(), "utility".to_owned(), text.to_owned())
    }

    fn fill(text: &str, values: &[&str]) -> Result<String, Misfit> {
        let values: Vec<_> = values.iter().map(|value| (*value).to_owned()).collect();
        template(text).fill(&values).map(|(_, text)| text)
    }

    #[test]
    fn blanks_are_found_once_and_filled_wherever_they_stand() {
        let text = "Room {{2}} for {{1}}; {{2}} again.";
        assert_eq!(template(text).blanks, ["1", "2"]);
        assert_eq!(fill(text, &["Ana", "204"]).unwrap(), "Room 204 for Ana; 204 again.");
        let named = template("Hello {{guest_name}}");
        assert!(named.named && !template(text).named);
        assert_eq!(named.blanks, ["guest_name"]);
        assert_eq!(fill("No blank }} here {{", &[]).unwrap(), "No blank }} here {{");
        // What a guest has written is not read for blanks.
        assert_eq!(fill("{{1}} {{2}}", &["{{2}}", "b"]).unwrap(), "{{2}} b");
    }

    #[test]
    fn what_the_vendor_would_refuse_is_told_before() {
        let text = "About {{1}}";
        assert_eq!(fill(text, &[]), Err(Misfit::Count { blanks: 1, values: 0 }));
        for (value, why) in [
            (" ", Misfit::Empty { blank: "1".to_owned() }),
            ("a\nb", Misfit::Breaks { blank: "1".to_owned() }),
            ("a    b", Misfit::Breaks { blank: "1".to_owned() }),
            (&"a".repeat(601), Misfit::TooLong { blank: "1".to_owned() }),
        ] {
            assert_eq!(fill(text, &[value]), Err(why));
        }
        let long = "a".repeat(500);
        assert_eq!(fill("{{1}} {{2}} {{3}}", &[&long, &long, &long]), Err(Misfit::TextTooLong));
    }
}
