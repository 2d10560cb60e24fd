//! The model's account as an integration holds it, `llm.openai`: read and checked here, without the network.

use super::{BadAccount, OpenAi};
use crate::domain::integration::Field;
use crate::secrets::Secrets;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Map, Value};

/// Any server that speaks OpenAI's chat completions.
pub const KIND: &str = "llm.openai";

/// What its form asks for.
pub const FIELDS: &[Field] = &[
    Field {
        name: "base_url",
        help: "The server's address with its version, such as https://api.openai.com/v1",
        required: true,
        secret: false,
    },
    Field {
        name: "model",
        help: "The model's name, as the provider writes it",
        required: true,
        secret: false,
    },
    Field {
        name: "api_key",
        help: "The key of your account there; a server of your own may need none",
        required: false,
        secret: true,
    },
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    base_url: String,
    model: String,
}

/// A model's account, ready to be opened.
#[derive(Debug, Clone)]
pub struct LlmAccount {
    pub base_url: String,
    pub model: String,
    /// Empty where the server asks for none.
    pub api_key: SecretString,
}

/// What is wrong with its settings and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccountProblem {
    #[error("The settings of llm.openai: {0}.")]
    Config(String),
    #[error("There is no secret {0}: the only one is api_key.")]
    UnknownSecret(String),
    #[error("base_url must not hold a user or a password: put the key into api_key.")]
    Credentials,
    #[error("{0}.")]
    Account(#[from] BadAccount),
}

impl LlmAccount {
    pub fn parse(config: &Map<String, Value>, secrets: &Secrets) -> Result<Self, AccountProblem> {
        let config = Config::deserialize(Value::Object(config.clone()))
            .map_err(|error| AccountProblem::Config(error.to_string()))?;
        if let Some(unknown) = secrets.names().find(|name| *name != "api_key") {
            return Err(AccountProblem::UnknownSecret(unknown.to_owned()));
        }
        let url = url::Url::parse(config.base_url.trim()).map_err(|_| BadAccount::BaseUrl)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(AccountProblem::Credentials);
        }
        let api_key = secrets.find("api_key").cloned().unwrap_or_default();
        Ok(Self { base_url: config.base_url, model: config.model, api_key })
    }

    pub fn open(&self, http: reqwest::Client) -> Result<OpenAi, BadAccount> {
        OpenAi::new(http, &self.base_url, &self.api_key, &self.model)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn parse(config: Value) -> Result<LlmAccount, AccountProblem> {
        let secrets = Secrets::from_iter([("api_key".to_owned(), "k".to_owned())]);
        LlmAccount::parse(config.as_object().unwrap(), &secrets)
    }

    #[test]
    fn an_account_needs_address_and_model_and_nothing_else() {
        assert!(parse(json!({"base_url": "http://127.0.0.1:9/v1", "model": "m"})).is_ok());
        let missing = parse(json!({"base_url": "http://127.0.0.1:9/v1"})).unwrap_err().to_string();
        assert!(missing.contains("model"), "{missing}");
        let key = parse(json!({"base_url": "http://h/v1", "model": "m", "api_key": "k"})).unwrap_err();
        assert!(matches!(key, AccountProblem::Config(_)));
        assert_eq!(
            parse(json!({"base_url": "http://u:p@h/v1", "model": "m"})).unwrap_err(),
            AccountProblem::Credentials
        );
    }
}
