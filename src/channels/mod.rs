//! The ways to a guest: what a channel must be able to do, and the list of those that are built. Pure on both
//! sides, webhook in and request out; it must not do I/O or know what an answer means to a conversation.

mod pace;
pub mod sms;
mod split;
pub mod webchat;
pub mod whatsapp;

#[cfg(test)]
mod contract_tests;

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value};

use crate::domain::capability::Capability;
use crate::domain::choices::Choices;
use crate::domain::integration::Field;
use crate::domain::message::{Delivery, Media};
use crate::domain::template::{Filled, Template};
use crate::http::{HeaderMap, HttpAnswer, HttpError, HttpRequest};
use crate::secrets::Secrets;

/// Every channel that is built. A new one is its folder, its `mod` line above and its line here.
pub fn registry() -> &'static [&'static dyn Channel] {
    &[&webchat::WebChat, &sms::TwilioSms, &whatsapp::WhatsApp]
}

/// The channel of an integration's kind, `sms.twilio`.
pub fn by_kind(kind: &str) -> Option<&'static dyn Channel> {
    registry().iter().copied().find(|channel| channel.kind() == Some(kind))
}

/// The channel of a conversation's `channel`, `sms`.
pub fn by_name(name: &str) -> Option<&'static dyn Channel> {
    registry().iter().copied().find(|channel| channel.name() == name)
}

/// The channel whose vendor calls `/hooks/{hook}/{property}`.
pub fn by_hook(hook: &str) -> Option<&'static dyn Channel> {
    registry().iter().copied().find(|channel| channel.hook() == Some(hook))
}

/// The kinds of integration that channels need, to be named when an unknown one is refused.
pub fn kinds() -> Vec<&'static str> {
    registry().iter().filter_map(|channel| channel.kind()).collect()
}

/// A kind of channel.
pub trait Channel: Send + Sync {
    /// The kind of integration that holds its account; `None` where it needs none.
    fn kind(&self) -> Option<&'static str>;
    /// Its name in conversations and addresses: `sms`, `webchat`.
    fn name(&self) -> &'static str;
    /// What people call it: `SMS`, `web chat`.
    fn label(&self) -> &'static str;
    /// The vendor's part of `/hooks/{hook}/{property}`; `None` where no vendor calls.
    fn hook(&self) -> Option<&'static str>;
    /// What belongs behind that address at the vendor, so that it repeats what could not be stored.
    fn hook_fragment(&self) -> &'static str {
        ""
    }
    /// The largest webhook of its vendor, in bytes; nothing larger is read.
    fn max_webhook(&self) -> usize {
        0
    }
    /// Whether one webhook may hold things for several of the hotel's accounts. Each then reads what is its own.
    fn shares_webhooks(&self) -> bool {
        false
    }
    fn capability(&self) -> Capability;
    /// The settings and secrets of its account, for a form.
    fn fields(&self) -> &'static [Field] {
        &[]
    }
    /// Cuts a text into as many messages as the channel needs for it.
    fn split(&self, text: &str) -> Vec<String> {
        split::split(text, self.capability().max_chars)
    }

    /// How many parts the carrier bills for a text; `None` where it does not count them.
    fn segments(&self, _text: &str) -> Option<usize> {
        None
    }

    /// The template by whose one blank the bot's answer passes when the vendor takes no free words any more, as an
    /// account's settings have it: its name, and its language for the guest's. `None`: staff have to answer.
    fn late_template(&self, _config: &Map<String, Value>, _lang: &str) -> Option<(String, String)> {
        None
    }

    /// Reads an integration's settings. It must not ask the network; that is [`Account::probe`].
    fn open(&self, config: &Map<String, Value>, secrets: &Secrets)
    -> Result<Box<dyn Account>, ConfigProblem>;
}

/// One account of one property at the vendor: the pure halves of receiving and sending.
pub trait Account: Send + Sync {
    /// Verifies one webhook on its raw bytes, then reads the 0..n events in it. What the vendor may add without
    /// notice (an unknown field, an unknown status) is no error.
    fn receive(&self, raw: &RawWebhook) -> Result<Vec<InboundEvent>, Refusal>;

    /// The answer to a vendor that asks by GET, with this query, whether the address is ours; `None`: not this account's.
    fn challenge(&self, _query: &str) -> Option<String> {
        None
    }

    /// What the vendor wants to hear after a webhook was stored.
    fn acknowledge(&self) -> WebhookReply;

    /// The request that sends one message.
    fn render(&self, message: &OutboundText) -> Result<HttpRequest, Rejected>;

    /// What became of a request of [`Account::render`].
    fn classify(&self, answer: Result<&HttpAnswer, &HttpError>) -> SendOutcome;

    /// The least time between two messages; zero: no limit.
    fn gap(&self) -> TimeDelta {
        TimeDelta::zero()
    }

    /// The request that asks the vendor what it has lately taken for a recipient: for a sending whose answer was lost.
    /// `None` where it cannot be asked, which [`Capability::surely_listed_after`] says too.
    fn look_up(&self, _sought: &Sought) -> Option<HttpRequest> {
        None
    }

    /// What the answer to [`Account::look_up`] shows.
    fn classify_look_up(&self, _sought: &Sought, _answer: Result<&HttpAnswer, &HttpError>) -> LookedUp {
        LookedUp::NotNow { why: "this channel's vendor cannot be asked".to_owned() }
    }

    /// The request that shows the guest that this message of theirs was read; `None` where there is none, which
    /// [`Capability::read_marks`] says too.
    fn read_mark(&self, _vendor_id: &str) -> Option<HttpRequest> {
        None
    }

    /// The request that lists the account's approved templates, or why there is none, in words.
    fn templates(&self) -> Result<HttpRequest, String> {
        Err("This channel has no templates.".to_owned())
    }

    /// What the answer to [`Account::templates`] lists: those that can be sent from here. In words where it is no list.
    fn classify_templates(&self, answer: Result<&HttpAnswer, &HttpError>) -> Result<Vec<Template>, String> {
        match answer {
            Ok(answer) => Err(format!("The vendor answered {}.", answer.status)),
            Err(error) => Err(format!("The vendor could not be asked: {error}.")),
        }
    }

    /// A request that changes nothing and shows whether the credentials work; `None` where there is none.
    fn probe(&self) -> Option<HttpRequest> {
        None
    }

    /// What the answer to [`Account::probe`] says about the account, in words for the console.
    fn classify_probe(&self, answer: Result<&HttpAnswer, &HttpError>) -> Result<String, String> {
        match answer {
            Ok(answer) => Err(format!("The vendor answered {}.", answer.status)),
            Err(error) => Err(format!("The vendor could not be asked: {error}.")),
        }
    }
}

/// A vendor's call as it arrived.
#[derive(Clone)]
pub struct RawWebhook {
    /// As requested, undecoded: `/hooks/twilio/SLUG/status?ref=msg_1`.
    pub path_and_query: String,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// The configured address that vendors call, `https://hotel.example`; never taken from the request.
    pub public_url: String,
    pub now: DateTime<Utc>,
}

/// One thing that a webhook tells.
#[derive(Debug, Clone, PartialEq)]
pub enum InboundEvent {
    Message(InboundMessage),
    /// The guest's whole message was a word that stops messages.
    OptOut {
        message: InboundMessage,
        word: String,
    },
    /// The guest's whole message was a word that allows messages again.
    OptIn {
        message: InboundMessage,
        word: String,
        /// YES: for an address that has not opted out it is an ordinary message.
        only_if_opted_out: bool,
    },
    /// The guest's whole message was a word that the carrier itself answers.
    Help {
        message: InboundMessage,
        word: String,
    },
    /// Something that nobody answers: a reaction, a deleted message. Its text is ours, for staff.
    Note {
        message: InboundMessage,
        /// Staff have to look at it.
        calls_staff: bool,
    },
    /// The guest of `message`, whose text is ours, is reached elsewhere from now on.
    Moved {
        message: InboundMessage,
        address: Option<String>,
        lasting_id: Option<String>,
    },
    Receipt(Receipt),
    /// Something is wrong with the account itself; in words for the console.
    Trouble(String),
}

/// A guest's message as the channel brought it, before anything in it is masked.
#[derive(Clone, PartialEq)]
pub struct InboundMessage {
    /// The vendor's id, the same each time it delivers the message.
    pub vendor_id: String,
    /// The guest's address in the channel's one form.
    pub from: String,
    /// The vendor's own id of the guest, where it has one that outlasts an address.
    pub lasting_id: Option<String>,
    /// The property's address.
    pub to: String,
    pub text: String,
    /// Noted, not fetched.
    pub media: Vec<Media>,
    /// When the guest sent it, where the vendor says so.
    pub sent_at: Option<DateTime<Utc>>,
    /// Whether it is a pressed button, which nobody corrects a second later.
    pub button: bool,
    /// Our own id of what was tapped.
    pub choice: Option<String>,
}

/// Neither address nor text, so that a log never holds them.
impl fmt::Debug for InboundMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (chars, media) = (self.text.chars().count(), self.media.len());
        write!(f, "InboundMessage({}, {chars} characters, {media} media)", self.vendor_id)
    }
}

/// How far one of our messages has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    pub vendor_id: String,
    /// [`OutboundText::reference`], where the receipt carries it: finds the row of a send whose answer was lost.
    pub reference: Option<String>,
    pub delivery: Delivery,
    /// Why it failed, in words.
    pub reason: Option<String>,
    /// The vendor's error code.
    pub code: Option<String>,
    /// The recipient has opted out at the vendor.
    pub opted_out: bool,
}

/// Why a webhook was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the signature is missing or wrong")]
    BadSignature,
    #[error("{0}")]
    Malformed(String),
    #[error("the body has more than {limit} bytes")]
    TooLarge { limit: usize },
    #[error("{0}")]
    NotBuilt(String),
}

/// One message to a guest.
#[derive(Clone)]
pub struct OutboundText {
    pub to: String,
    pub text: String,
    /// The approved text that it was made from, for channels that take nothing else at times; others send the words.
    pub template: Option<Filled>,
    /// What the guest may tap; a channel that cannot show it, or not all of it, sends the words alone.
    pub choices: Choices,
    /// Our own id of the message, which comes back with receipts where the channel can carry it.
    pub reference: String,
    /// Where the vendor reports delivery; `None` where it cannot reach us.
    pub status_callback_url: Option<String>,
}

/// The message will not be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// In words for staff.
    pub why: String,
    /// The vendor's error code.
    pub code: Option<String>,
    /// The recipient has opted out.
    pub opted_out: bool,
    /// No message to this address will ever pass; otherwise it is this message, or something that can be mended.
    pub permanent: bool,
}

/// What became of a send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendOutcome {
    Sent {
        vendor_id: String,
    },
    /// The vendor did nothing; the same request may be sent again.
    Retry {
        after: Option<Duration>,
        why: String,
        waits: Waits,
    },
    Rejected(Rejected),
    /// The vendor takes only templates now, because the guest has been silent for long.
    WindowClosed,
    /// The vendor may or may not have sent it; repeating could send it twice.
    Unknown {
        why: String,
    },
}

/// Who has to wait when a vendor did nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waits {
    /// All that the account sends.
    Account,
    /// Only messages to this recipient.
    Recipient,
}

/// A message that the vendor may have taken.
#[derive(Clone)]
pub struct Sought {
    pub to: String,
    pub text: String,
    /// When its sending began.
    pub tried_at: DateTime<Utc>,
}

/// What a vendor's list shows of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LookedUp {
    /// Messages that may be this one, by the vendor's ids, oldest first. Empty: the list reaches back far enough and
    /// does not hold it.
    Listed(Vec<String>),
    /// The list could not be read, or may be cut short.
    NotNow { why: String },
}

/// What we answer to a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WebhookReply {
    pub status: u16,
    pub content_type: &'static str,
    pub body: &'static str,
}

/// What is wrong with an integration's settings and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigProblem(pub String);
