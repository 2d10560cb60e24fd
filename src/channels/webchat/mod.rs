//! The chat on the hotel's own pages: the guest's page reads, so there is no vendor, no account and no webhook.

use serde_json::{Map, Value};

use super::{Account, Channel, ConfigProblem};
use crate::domain::capability::{Capability, Transport};
use crate::secrets::Secrets;

/// Longest message of one bubble, in characters.
const MAX_CHARS: usize = 4000;

/// The web chat.
pub struct WebChat;

impl Channel for WebChat {
    fn kind(&self) -> Option<&'static str> {
        None
    }

    fn name(&self) -> &'static str {
        "webchat"
    }

    fn label(&self) -> &'static str {
        "web chat"
    }

    fn hook(&self) -> Option<&'static str> {
        None
    }

    fn capability(&self) -> Capability {
        Capability {
            transport: Transport::Pull,
            max_chars: MAX_CHARS,
            vouches_for_address: false,
            surely_listed_after: None,
            opt_out_words: false,
            read_marks: false,
            window: None,
            pair_limit: None,
        }
    }

    fn open(&self, _: &Map<String, Value>, _: &Secrets) -> Result<Box<dyn Account>, ConfigProblem> {
        Err(ConfigProblem("The web chat needs no account: remove this integration.".to_owned()))
    }
}
