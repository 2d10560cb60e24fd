//! WhatsApp by Meta's Cloud API, <https://developers.facebook.com/docs/whatsapp/cloud-api>. It must not fetch or send
//! anything itself.

mod choices;
mod content;
mod error_words;
mod inbound;
mod outbound;
mod signature;
mod templates;
mod wire;

#[cfg(test)]
mod published_tests;
#[cfg(test)]
mod templates_tests;
#[cfg(test)]
pub(super) mod tests;

use super::{
    Account, Channel, ConfigProblem, InboundEvent, OutboundText, RawWebhook, Refusal, Rejected, SendOutcome,
    WebhookReply, pace,
};
use crate::domain::capability::{Capability, PairLimit, Transport};
use crate::domain::integration::Field;
use crate::domain::template::Template;
use crate::http::{HeaderValue, HttpAnswer, HttpError, HttpRequest, secret_header};
use crate::secrets::{Secrets, same_secret};
use chrono::TimeDelta;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Map, Value};
use url::Url;

/// Meta's limit of one text.
const MAX_CHARS: usize = 4096;
/// Messages per second where the account names no other pace. Meta counts 80 of both directions together.
const PER_SECOND: f64 = 40.0;
/// A guest bears a message every six seconds, and 45 at once that are then made up for.
const PAIR_LIMIT: PairLimit = PairLimit { messages: 45, within: TimeDelta::seconds(270) };
/// Of Meta's examples at the time of writing; what is used here has been the same for years.
const API_VERSION: &str = "v25.0";

const FIELDS: &[Field] = &[
    Field {
        name: "phone_number_id",
        help: "Phone number ID, in Meta's App Dashboard under WhatsApp, API setup; a row of digits, not the number itself",
        required: true,
        secret: false,
    },
    Field {
        name: "waba_id",
        help: "WhatsApp Business Account ID, on the same page",
        required: false,
        secret: false,
    },
    Field {
        name: "api_version",
        help: "Version of the Graph API, such as v25.0; leave it empty unless Meta retires that one",
        required: false,
        secret: false,
    },
    Field {
        name: "late_template",
        help: "Name of an approved template whose one blank takes the bot's answer when 24 hours are over; without it staff answer",
        required: false,
        secret: false,
    },
    Field {
        name: "late_template_languages",
        help: "The languages in which that template is approved, as Meta writes them, such as en, es, pt_PT",
        required: false,
        secret: false,
    },
    Field {
        name: "messages_per_second",
        help: "How many messages may leave in a second; 40 unless told, 0 for no limit",
        required: false,
        secret: false,
    },
    Field {
        name: "base_url",
        help: "Leave it empty; another address serves tests only",
        required: false,
        secret: false,
    },
    Field {
        name: "access_token",
        help: "A system user's token with whatsapp_business_messaging and whatsapp_business_management",
        required: true,
        secret: true,
    },
    Field {
        name: "app_secret",
        help: "App secret, in Meta's App Dashboard under App settings, Basic",
        required: true,
        secret: true,
    },
    Field {
        name: "verify_token",
        help: "A word of your own; type the same one at Meta where you enter the webhook's address",
        required: true,
        secret: true,
    },
];

/// WhatsApp.
pub struct WhatsApp;

impl Channel for WhatsApp {
    fn kind(&self) -> Option<&'static str> {
        Some("whatsapp.cloud")
    }

    fn name(&self) -> &'static str {
        "whatsapp"
    }

    fn label(&self) -> &'static str {
        "WhatsApp"
    }

    fn hook(&self) -> Option<&'static str> {
        Some("whatsapp")
    }

    fn max_webhook(&self) -> usize {
        inbound::MAX_BODY
    }

    /// An app has one address for all its numbers.
    fn shares_webhooks(&self) -> bool {
        true
    }

    fn capability(&self) -> Capability {
        Capability {
            transport: Transport::Push,
            max_chars: MAX_CHARS,
            vouches_for_address: true,
            surely_listed_after: None,
            opt_out_words: false,
            read_marks: true,
            window: Some(TimeDelta::hours(24)),
            pair_limit: Some(PAIR_LIMIT),
        }
    }

    fn fields(&self) -> &'static [Field] {
        FIELDS
    }

    fn late_template(&self, config: &Map<String, Value>, lang: &str) -> Option<(String, String)> {
        templates::late(config, lang)
    }

    fn open(
        &self,
        config: &Map<String, Value>,
        secrets: &Secrets,
    ) -> Result<Box<dyn Account>, ConfigProblem> {
        Ok(Box::new(WhatsAppAccount::open(config, secrets)?))
    }
}

/// The settings of a `whatsapp.cloud` integration.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    phone_number_id: String,
    #[serde(default)]
    waba_id: Option<String>,
    #[serde(default)]
    api_version: Option<String>,
    #[serde(default)]
    late_template: Option<String>,
    #[serde(default)]
    late_template_languages: Option<String>,
    #[serde(default, deserialize_with = "pace::read")]
    messages_per_second: Option<f64>,
    #[serde(default)]
    base_url: Option<String>,
}

struct WhatsAppAccount {
    phone_number_id: String,
    waba_id: Option<String>,
    app_secret: SecretString,
    verify_token: SecretString,
    authorization: HeaderValue,
    /// With the version.
    base_url: Url,
    gap: TimeDelta,
}

impl WhatsAppAccount {
    fn open(config: &Map<String, Value>, secrets: &Secrets) -> Result<Self, ConfigProblem> {
        let mut secret_names = FIELDS.iter().filter(|field| field.secret).map(|field| field.name);
        if let Some(name) = secret_names.find(|name| config.contains_key(*name)) {
            return Err(ConfigProblem(format!(
                "{name} is a secret: move it from the settings to the secrets."
            )));
        }
        let config = Config::deserialize(Value::Object(config.clone()))
            .map_err(|error| ConfigProblem(format!("The settings of whatsapp.cloud: {error}.")))?;
        let phone_number_id = digits(&config.phone_number_id).ok_or_else(|| {
            problem("phone_number_id must be the row of digits that Meta calls Phone number ID.")
        })?;
        let waba_id = match filled(config.waba_id.as_deref()) {
            None => None,
            Some(id) => Some(digits(id).ok_or_else(|| {
                problem("waba_id must be the row of digits of the WhatsApp Business Account, or be left out.")
            })?),
        };
        if filled(config.late_template.as_deref()).is_some()
            && filled(config.late_template_languages.as_deref()).is_none()
        {
            return Err(problem(
                "late_template_languages must name the languages in which late_template is approved.",
            ));
        }
        let version = filled(config.api_version.as_deref()).unwrap_or(API_VERSION);
        let base_url = filled(config.base_url.as_deref()).unwrap_or("https://graph.facebook.com");
        let token = secret(secrets, "access_token")?;
        let bearer = SecretString::from(format!("Bearer {}", token.expose_secret()));
        Ok(Self {
            phone_number_id,
            waba_id,
            app_secret: secret(secrets, "app_secret")?,
            verify_token: secret(secrets, "verify_token")?,
            authorization: secret_header(&bearer)
                .map_err(|_| problem("The secret access_token cannot be sent in a header."))?,
            base_url: versioned(base_url, version)?,
            gap: pace::gap(config.messages_per_second.unwrap_or(PER_SECOND))?,
        })
    }

    /// The address of a part of this number.
    fn url(&self, rest: &str) -> Url {
        self.url_of(&self.phone_number_id, rest)
    }

    /// The address of a part of one of Meta's things.
    fn url_of(&self, id: &str, rest: &str) -> Url {
        let mut url = self.base_url.clone();
        url.set_path(&format!("{}/{id}{rest}", self.base_url.path()));
        url
    }

    /// Where Meta tells for some days how a file is fetched; `None` for what is no id of Meta's.
    fn media_url(&self, id: &str) -> Option<String> {
        Some(self.url_of(&digits(id)?, "").into())
    }
}

fn problem(text: &str) -> ConfigProblem {
    ConfigProblem(text.to_owned())
}

fn filled(value: Option<&str>) -> Option<&str> {
    value.map(str::trim).filter(|value| !value.is_empty())
}

/// One of Meta's ids, safe in a path.
fn digits(text: &str) -> Option<String> {
    let text = text.trim();
    let good = (1..=40).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    good.then(|| text.to_owned())
}

fn secret(secrets: &Secrets, name: &str) -> Result<SecretString, ConfigProblem> {
    let help = || FIELDS.iter().find(|field| field.name == name).map_or("", |field| field.help);
    let found =
        secrets.find(name).map(|secret| secret.expose_secret().trim()).filter(|text| !text.is_empty());
    found
        .map(SecretString::from)
        .ok_or_else(|| ConfigProblem(format!("The secret {name} is missing: {}.", help())))
}

fn versioned(base_url: &str, version: &str) -> Result<Url, ConfigProblem> {
    let number = version.strip_prefix('v').unwrap_or_default();
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return Err(problem("api_version must look like v25.0, or be left out."));
    }
    let url =
        Url::parse(base_url).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let plain = |url: &Url| url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    let mut url = url.filter(plain).ok_or_else(|| {
        problem("base_url must be an address like https://graph.facebook.com, or be left out.")
    })?;
    let path = format!("{}/{version}", url.path().trim_end_matches('/'));
    url.set_path(&path);
    Ok(url)
}

impl Account for WhatsAppAccount {
    fn receive(&self, raw: &RawWebhook) -> Result<Vec<InboundEvent>, Refusal> {
        inbound::receive(self, raw)
    }

    /// Meta's `hub.mode=subscribe&hub.verify_token=…&hub.challenge=…`: the challenge comes back as it is.
    fn challenge(&self, query: &str) -> Option<String> {
        let value = |name: &str| {
            url::form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value)
        };
        let token = value("hub.verify_token").unwrap_or_default();
        let knows = same_secret(&token, self.verify_token.expose_secret());
        let asks = value("hub.mode").as_deref() == Some("subscribe");
        value("hub.challenge").filter(|_| knows && asks).map(std::borrow::Cow::into_owned)
    }

    fn acknowledge(&self) -> WebhookReply {
        WebhookReply { status: 200, content_type: "text/plain; charset=utf-8", body: "" }
    }

    fn render(&self, message: &OutboundText) -> Result<HttpRequest, Rejected> {
        outbound::render(self, message)
    }

    fn classify(&self, answer: Result<&HttpAnswer, &HttpError>) -> SendOutcome {
        outbound::classify(answer)
    }

    fn gap(&self) -> TimeDelta {
        self.gap
    }

    fn read_mark(&self, vendor_id: &str) -> Option<HttpRequest> {
        Some(outbound::read_mark(self, vendor_id))
    }

    fn templates(&self) -> Result<HttpRequest, String> {
        templates::list(self)
    }

    fn classify_templates(&self, answer: Result<&HttpAnswer, &HttpError>) -> Result<Vec<Template>, String> {
        templates::classify(answer)
    }

    fn probe(&self) -> Option<HttpRequest> {
        Some(outbound::probe(self))
    }

    fn classify_probe(&self, answer: Result<&HttpAnswer, &HttpError>) -> Result<String, String> {
        outbound::classify_probe(answer)
    }
}
