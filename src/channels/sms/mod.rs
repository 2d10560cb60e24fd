//! Text messages through Twilio, <https://www.twilio.com/docs/messaging>. It must not fetch or send anything itself.

mod error_words;
mod inbound;
mod lookup;
mod outbound;
pub mod segments;
mod signature;
mod wire;

#[cfg(test)]
pub(super) mod tests;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::time::Duration;
use url::Url;

use super::{
    Account, Channel, ConfigProblem, InboundEvent, LookedUp, OutboundText, RawWebhook, Refusal, Rejected,
    SendOutcome, Sought, WebhookReply, pace,
};
use crate::domain::capability::{Capability, Transport};
use crate::domain::integration::Field;
use crate::domain::phone;
use crate::http::{HeaderValue, HttpAnswer, HttpError, HttpRequest, secret_header};
use crate::secrets::Secrets;

/// Twilio's limit of one message's text.
const MAX_CHARS: usize = 1600;
/// Messages per second where the account names no other pace. Twilio queues what a number cannot send at once; this
/// keeps a flood from its limit of concurrent requests.
const PER_SECOND: f64 = 10.0;
/// The request's own time limit, and a minute in which Twilio's list may lag; Twilio states no limit for that.
const SURELY_LISTED_AFTER: Duration = Duration::from_secs(15 + 60);

const FIELDS: &[Field] = &[
    Field {
        name: "account_sid",
        help: "Account SID, on the first page of Twilio's console; it begins with AC",
        required: true,
        secret: false,
    },
    Field {
        name: "from",
        help: "The number that texts come from, such as +351210000000; leave it empty if you use a messaging service",
        required: false,
        secret: false,
    },
    Field {
        name: "messaging_service_sid",
        help: "Messaging Service SID in place of a number; it begins with MG",
        required: false,
        secret: false,
    },
    Field {
        name: "messages_per_second",
        help: "How many texts may leave in a second, such as 1 for a long number; 10 unless told, 0 for no limit",
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
        name: "auth_token",
        help: "Auth Token, below the Account SID in Twilio's console",
        required: true,
        secret: true,
    },
];

/// SMS by Twilio.
pub struct TwilioSms;

impl Channel for TwilioSms {
    fn kind(&self) -> Option<&'static str> {
        Some("sms.twilio")
    }

    fn name(&self) -> &'static str {
        "sms"
    }

    fn label(&self) -> &'static str {
        "SMS"
    }

    fn hook(&self) -> Option<&'static str> {
        Some("twilio")
    }

    fn hook_fragment(&self) -> &'static str {
        signature::CONNECTION_OVERRIDES
    }

    fn max_webhook(&self) -> usize {
        inbound::MAX_BODY
    }

    fn capability(&self) -> Capability {
        Capability {
            transport: Transport::Push,
            max_chars: MAX_CHARS,
            vouches_for_address: true,
            surely_listed_after: Some(SURELY_LISTED_AFTER),
            opt_out_words: true,
            read_marks: false,
            window: None,
            pair_limit: None,
        }
    }

    fn fields(&self) -> &'static [Field] {
        FIELDS
    }

    fn open(
        &self,
        config: &Map<String, Value>,
        secrets: &Secrets,
    ) -> Result<Box<dyn Account>, ConfigProblem> {
        Ok(Box::new(TwilioAccount::open(config, secrets)?))
    }

    fn segments(&self, text: &str) -> Option<usize> {
        Some(segments::count(&segments::fold_for_sms(text)).count)
    }
}

/// The settings of an `sms.twilio` integration.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    account_sid: String,
    #[serde(default)]
    from: Option<String>,
    #[serde(default)]
    messaging_service_sid: Option<String>,
    #[serde(default, deserialize_with = "pace::read")]
    messages_per_second: Option<f64>,
    #[serde(default)]
    base_url: Option<String>,
}

/// What a message is sent from.
enum Sender {
    Number(String),
    Service(String),
}

struct TwilioAccount {
    account_sid: String,
    auth_token: SecretString,
    authorization: HeaderValue,
    sender: Sender,
    base_url: Url,
    gap: TimeDelta,
}

impl TwilioAccount {
    fn open(config: &Map<String, Value>, secrets: &Secrets) -> Result<Self, ConfigProblem> {
        if config.contains_key("auth_token") {
            return Err(problem("auth_token is a secret: move it from the settings to the secrets."));
        }
        let config = Config::deserialize(Value::Object(config.clone()))
            .map_err(|error| ConfigProblem(format!("The settings of sms.twilio: {error}.")))?;
        let account_sid = sid(&config.account_sid, "AC").ok_or_else(|| {
            problem("account_sid must be the Account SID of Twilio's console; it begins with AC.")
        })?;
        let secret = secrets.require("auth_token").map_err(|_| {
            problem("The secret auth_token is missing: it is the primary Auth Token of Twilio's console.")
        })?;
        let auth_token = SecretString::from(secret.expose_secret().trim());
        let basic = STANDARD.encode(format!("{account_sid}:{}", auth_token.expose_secret()));
        let authorization = secret_header(&SecretString::from(format!("Basic {basic}")))
            .map_err(|_| problem("The secret auth_token cannot be sent in a header."))?;
        let sender = sender(filled(config.from), filled(config.messaging_service_sid))?;
        let base_url = base_url(filled(config.base_url).as_deref().unwrap_or("https://api.twilio.com"))?;
        let gap = pace::gap(config.messages_per_second.unwrap_or(PER_SECOND))?;
        Ok(Self { account_sid, auth_token, authorization, sender, base_url, gap })
    }

    /// The address of a part of this account.
    fn url(&self, rest: &str) -> Url {
        let mut url = self.base_url.clone();
        let base = url.path().trim_end_matches('/').to_owned();
        url.set_path(&format!("{base}/2010-04-01/Accounts/{}{rest}", self.account_sid));
        url
    }
}

fn problem(text: &str) -> ConfigProblem {
    ConfigProblem(text.to_owned())
}

fn filled(value: Option<String>) -> Option<String> {
    value.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

/// One of Twilio's ids, safe in a path.
fn sid(text: &str, prefix: &str) -> Option<String> {
    let text = text.trim();
    let rest = text.strip_prefix(prefix)?;
    let good = !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric());
    good.then(|| text.to_owned())
}

fn sender(from: Option<String>, service: Option<String>) -> Result<Sender, ConfigProblem> {
    match (from, service) {
        (None, None) => Err(problem("Give from, the sending number, or messaging_service_sid.")),
        (Some(_), Some(_)) => Err(problem("Give from or messaging_service_sid, not both.")),
        (None, Some(service)) => sid(&service, "MG").map(Sender::Service).ok_or_else(|| {
            problem("messaging_service_sid must be a Messaging Service SID; it begins with MG.")
        }),
        (Some(from), None) if from.to_ascii_lowercase().starts_with("whatsapp:") => {
            Err(problem("WhatsApp through Twilio is not built yet: give a number for texts in from."))
        }
        (Some(from), None) => {
            let short_code = (3..=8).contains(&from.len()) && from.bytes().all(|byte| byte.is_ascii_digit());
            match phone::normalise(&from, None) {
                Some(phone) => Ok(Sender::Number(phone.to_string())),
                None if short_code => Ok(Sender::Number(from)),
                None => Err(problem("from must be a number with its country, like +351210000000.")),
            }
        }
    }
}

fn base_url(text: &str) -> Result<Url, ConfigProblem> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let plain = |url: &Url| url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    url.filter(plain)
        .ok_or_else(|| problem("base_url must be an address like https://api.twilio.com, or be left out."))
}

impl Account for TwilioAccount {
    fn receive(&self, raw: &RawWebhook) -> Result<Vec<InboundEvent>, Refusal> {
        inbound::receive(self, raw)
    }

    /// No words: what stands here would be sent to the guest.
    fn acknowledge(&self) -> WebhookReply {
        WebhookReply { status: 200, content_type: "text/xml", body: "<Response/>" }
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

    fn look_up(&self, sought: &Sought) -> Option<HttpRequest> {
        lookup::render(self, sought)
    }

    fn classify_look_up(&self, sought: &Sought, answer: Result<&HttpAnswer, &HttpError>) -> LookedUp {
        lookup::classify(sought, answer)
    }

    fn probe(&self) -> Option<HttpRequest> {
        Some(outbound::probe(self))
    }

    fn classify_probe(&self, answer: Result<&HttpAnswer, &HttpError>) -> Result<String, String> {
        outbound::classify_probe(answer)
    }
}
