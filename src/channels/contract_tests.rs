//! What every channel promises, tried on each that is registered; a new one adds its sample.

use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::{
    Account, InboundEvent, OutboundText, RawWebhook, Refusal, SendOutcome, by_hook, by_kind, by_name, kinds,
    registry, sms, whatsapp,
};
use crate::domain::capability::Transport;
use crate::domain::choices::Choices;
use crate::http::{HeaderMap, HttpAnswer, HttpError};
use crate::secrets::Secrets;

/// What the tests need of one kind of channel. The webhooks are signed for the account.
pub(super) struct Sample {
    pub kind: &'static str,
    pub config: Map<String, Value>,
    pub secrets: Secrets,
    pub message: RawWebhook,
    pub receipt: RawWebhook,
    /// Of a type that the channel does not know.
    pub unknown: RawWebhook,
    pub oversize: RawWebhook,
    /// The vendor's answer to a send that it took.
    pub accepted: HttpAnswer,
    /// An address that can be written to.
    pub to: &'static str,
}

/// A published file of cases: `None` only where the machine names no place for them.
pub(super) fn published(path: &str) -> Option<Value> {
    #[expect(clippy::disallowed_methods, reason = "where published cases lie is a matter of the machine")]
    let dir = std::env::var("BELLHOP_SPECS_DIR").ok().filter(|dir| !dir.is_empty())?;
    let path = std::path::Path::new(&dir).join(path);
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("BELLHOP_SPECS_DIR is set, but {}: {error}", path.display()));
    Some(serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

fn samples() -> Vec<Sample> {
    vec![sms::tests::sample(), whatsapp::tests::sample()]
}

impl Sample {
    fn account(&self) -> Box<dyn Account> {
        by_kind(self.kind).unwrap().open(&self.config, &self.secrets).unwrap()
    }
}

#[test]
fn every_kind_has_a_sample() {
    let sampled: Vec<_> = samples().iter().map(|sample| sample.kind).collect();
    assert_eq!(sampled, kinds());
}

#[test]
fn every_channel_is_found_by_its_own_names() {
    for channel in registry() {
        assert_eq!(by_name(channel.name()).map(|found| found.kind()), Some(channel.kind()));
        if let Some(kind) = channel.kind() {
            assert_eq!(by_kind(kind).map(|found| found.name()), Some(channel.name()));
        }
        if let Some(hook) = channel.hook() {
            assert_eq!(by_hook(hook).map(|found| found.name()), Some(channel.name()));
        }
    }
    assert!(by_kind("sms.pigeon").is_none() && by_name("").is_none() && by_hook("").is_none());
}

#[test]
fn capabilities_make_sense() {
    for channel in registry() {
        let capability = channel.capability();
        let pushed = capability.transport == Transport::Push;
        assert_eq!(pushed, channel.kind().is_some(), "{}: who sends needs an account", channel.name());
        assert!(pushed || !capability.vouches_for_address, "{}: nobody vouches", channel.name());
        assert!(capability.max_chars >= 160, "{}", channel.name());
        let long = "Breakfast is from seven to half past ten. ".repeat(300);
        let pieces = channel.split(&long);
        assert!(pieces.len() > 1 && pieces.iter().all(|piece| piece.chars().count() <= capability.max_chars));
    }
}

#[test]
fn an_unsigned_or_changed_webhook_is_refused() {
    for sample in samples() {
        let mut bare = sample.message.clone();
        bare.headers = HeaderMap::new();
        let mut changed = sample.message.clone();
        changed.body = Bytes::from([b"x".as_slice(), &changed.body].concat());
        for raw in [bare, changed] {
            assert_eq!(sample.account().receive(&raw), Err(Refusal::BadSignature), "{}", sample.kind);
        }
    }
}

#[test]
fn a_message_delivered_twice_is_known_by_its_id() {
    for sample in samples() {
        let ids = || match sample.account().receive(&sample.message).unwrap().as_slice() {
            [InboundEvent::Message(message)] => message.vendor_id.clone(),
            other => panic!("{other:?}"),
        };
        assert_eq!(ids(), ids());
        assert!(!ids().is_empty(), "{}", sample.kind);
    }
}

#[test]
fn a_receipt_names_its_message_and_an_unknown_type_is_no_error() {
    for sample in samples() {
        let events = sample.account().receive(&sample.receipt).unwrap();
        let [InboundEvent::Receipt(receipt)] = events.as_slice() else { panic!("{events:?}") };
        assert!(!receipt.vendor_id.is_empty(), "{}", sample.kind);
        assert_eq!(sample.account().receive(&sample.unknown), Ok(Vec::new()), "{}", sample.kind);
    }
}

#[test]
fn an_oversize_body_is_refused() {
    for sample in samples() {
        let refused = sample.account().receive(&sample.oversize);
        assert!(matches!(refused, Err(Refusal::TooLarge { .. })), "{}: {refused:?}", sample.kind);
    }
}

#[test]
fn only_what_surely_was_not_sent_is_sent_again() {
    for sample in samples() {
        let account = sample.account();
        let status = |status| HttpAnswer { status, headers: HeaderMap::new(), body: Bytes::new() };
        assert!(
            matches!(account.classify(Ok(&sample.accepted)), SendOutcome::Sent { vendor_id } if !vendor_id.is_empty())
        );
        assert!(matches!(account.classify(Err(&HttpError::Connect)), SendOutcome::Retry { .. }));
        assert!(matches!(account.classify(Ok(&status(429))), SendOutcome::Retry { .. }));
        for error in [HttpError::Timeout, HttpError::Broken, HttpError::TooLarge { limit: 1 }] {
            assert!(matches!(account.classify(Err(&error)), SendOutcome::Unknown { .. }), "{error}");
        }
        for code in [500, 502, 503, 504] {
            assert!(matches!(account.classify(Ok(&status(code))), SendOutcome::Unknown { .. }), "{code}");
        }
        for code in [400, 401, 403, 404] {
            let SendOutcome::Rejected(rejected) = account.classify(Ok(&status(code))) else {
                panic!("{code}")
            };
            assert!(!rejected.permanent && !rejected.opted_out && !rejected.why.is_empty(), "{code}");
        }
    }
}

#[test]
fn no_secret_shows_in_a_request() {
    for sample in samples() {
        let account = sample.account();
        let message = OutboundText {
            to: sample.to.to_owned(),
            text: "Good morning".to_owned(),
            template: None,
            choices: Choices::default(),
            reference: "msg_1".to_owned(),
            status_callback_url: None,
        };
        let request = account.render(&message).unwrap();
        let shown = format!("{request:?} {:?}", request.headers);
        assert!(!shown.contains(sample.to) && !shown.contains("Good"), "{shown}");
        let secret = request.headers.values().find(|value| value.is_sensitive());
        let secret = secret.and_then(|value| value.to_str().ok()).unwrap();
        assert!(!shown.contains(secret), "{}", sample.kind);
    }
}

#[test]
fn settings_with_an_unknown_name_or_without_secrets_are_refused() {
    for sample in samples() {
        let channel = by_kind(sample.kind).unwrap();
        let mut config = sample.config.clone();
        config.insert("colour".to_owned(), json!("blue"));
        let problem = channel.open(&config, &sample.secrets).err().unwrap().to_string();
        assert!(problem.contains("colour"), "{problem}");
        let problem = channel.open(&sample.config, &Secrets::default()).err().unwrap().to_string();
        assert!(sample.secrets.names().any(|name| problem.contains(name)), "{problem}");
    }
}
