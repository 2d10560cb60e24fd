//! A guest with a telephone, and the vendor between: signed forms in, a REST interface that takes what is sent. It counts
//! a turn only when the vendor has received the reply.

use crate::lab::bench::prepare::{ACCOUNT, NUMBER, TOKEN};
use crate::lab::bench::wire::{Wire, request};
use anyhow::bail;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use tokio::sync::mpsc;

/// Where the vendor's webhooks go.
const PATH: &str = "/hooks/twilio/harbour";

/// The vendor's side: who waits for a text.
#[derive(Clone, Default)]
pub(super) struct Vendor {
    waiting: Arc<Mutex<HashMap<String, mpsc::UnboundedSender<Instant>>>>,
    sent: Arc<AtomicU64>,
}

impl Vendor {
    fn wait_for(&self, phone: &str) -> mpsc::UnboundedReceiver<Instant> {
        let (sender, receiver) = mpsc::unbounded_channel();
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).insert(phone.to_owned(), sender);
        receiver
    }

    /// `POST …/Messages.json`: takes every message.
    pub fn take(&self, form: &Bytes) -> (axum::http::StatusCode, String) {
        let to = url::form_urlencoded::parse(form).find(|(name, _)| name == "To").map(|(_, to)| to);
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(guest) = to.as_deref().and_then(|to| waiting.get(to)) {
            // A guest who has gone hears nothing.
            let _ = guest.send(Instant::now());
        }
        let sid = self.sent.fetch_add(1, Ordering::Relaxed);
        let body = format!(r#"{{"sid":"SM{sid:032}","status":"queued","num_segments":"1"}}"#);
        (axum::http::StatusCode::CREATED, body)
    }
}

pub(super) struct Phone {
    wire: Wire,
    number: String,
    url: String,
    replies: mpsc::UnboundedReceiver<Instant>,
}

/// Counts the vendor's messages over all guests and phases of this load.
static MESSAGES: AtomicU64 = AtomicU64::new(0);

impl Phone {
    pub async fn open(server: SocketAddr, vendor: &Vendor, number: &str) -> anyhow::Result<Self> {
        Ok(Self {
            wire: Wire::connect(server).await?,
            number: number.to_owned(),
            url: format!("http://{server}{PATH}"),
            replies: vendor.wait_for(number),
        })
    }

    /// Writes, and waits until the vendor has the reply; gives the moment of the acknowledgement.
    pub async fn turn(&mut self, text: &str) -> anyhow::Result<Instant> {
        while self.replies.try_recv().is_ok() {}
        let sid = format!("SMin{:028}", MESSAGES.fetch_add(1, Ordering::Relaxed));
        let fields = [
            ("AccountSid", ACCOUNT),
            ("Body", text),
            ("From", self.number.as_str()),
            ("MessageSid", sid.as_str()),
            ("NumMedia", "0"),
            ("NumSegments", "1"),
            ("To", NUMBER),
        ];
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let headers = format!(
            "content-type: application/x-www-form-urlencoded\r\nx-twilio-signature: {}\r\n",
            sign(&self.url, &fields)?
        );
        let answer = self.wire.ask(&request("POST", PATH, &headers, &body)).await?;
        let acknowledged = Instant::now();
        if answer.status != 200 {
            bail!("a text was answered {}: {}", answer.status, String::from_utf8_lossy(&answer.body));
        }
        match self.replies.recv().await {
            Some(_) => Ok(acknowledged),
            None => bail!("the vendor has gone"),
        }
    }
}

/// As the vendor's documentation says: the URL, then each name with its value; the fields are sorted by name already.
fn sign(url: &str, fields: &[(&str, &str)]) -> anyhow::Result<String> {
    let mut mac = Hmac::<Sha1>::new_from_slice(TOKEN.as_bytes())?.chain_update(url);
    for (name, value) in fields {
        mac = mac.chain_update(name).chain_update(value);
    }
    Ok(STANDARD.encode(mac.finalize().into_bytes()))
}
