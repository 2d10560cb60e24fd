//! A guest in the web chat, who reads as the widget does: a ring of the doorbell, then a fetch of what is new. It counts
//! a turn only when the hotel's words have been read.

use crate::lab::bench::wire::{Wire, request};
use anyhow::{Context as _, bail};
use serde::Deserialize;
use std::net::SocketAddr;
use std::time::Instant;

pub(super) struct Chat {
    asks: Wire,
    events: Wire,
    bearer: String,
    last_seq: i64,
    written: u32,
}

#[derive(Deserialize)]
struct Opened {
    token: String,
}

#[derive(Deserialize)]
struct Kept {
    seq: i64,
}

#[derive(Deserialize)]
struct Ring {
    seq: Option<i64>,
    #[serde(default)]
    echo: bool,
}

#[derive(Deserialize)]
struct Page<'a> {
    #[serde(borrow)]
    messages: Vec<Line<'a>>,
}

#[derive(Deserialize)]
struct Line<'a> {
    seq: i64,
    author: &'a str,
}

const JSON: &str = "content-type: application/json\r\n";

impl Chat {
    pub async fn open(server: SocketAddr, stay_token: Option<&str>) -> anyhow::Result<Self> {
        let (mut asks, mut events) = (Wire::connect(server).await?, Wire::connect(server).await?);
        let body = serde_json::json!({ "locale": "en", "stay_token": stay_token }).to_string();
        let answer = asks.ask(&request("POST", "/chat/harbour/sessions", JSON, &body)).await?;
        if answer.status != 201 {
            bail!("a session was answered {}: {}", answer.status, String::from_utf8_lossy(&answer.body));
        }
        let opened: Opened = serde_json::from_slice(&answer.body)?;
        let bearer = format!("authorization: Bearer {}\r\n", opened.token);
        events.open(&request("GET", "/chat/events", &bearer, "")).await?;
        Ok(Self { asks, events, bearer, last_seq: 0, written: 0 })
    }

    /// Writes, and reads on until the hotel has answered; gives the moment of the acknowledgement.
    pub async fn turn(&mut self, text: &str) -> anyhow::Result<Instant> {
        self.written += 1;
        let body =
            serde_json::json!({ "text": text, "client_id": format!("c-{}", self.written) }).to_string();
        let headers = format!("{}{JSON}", self.bearer);
        let answer = self.asks.ask(&request("POST", "/chat/messages", &headers, &body)).await?;
        let acknowledged = Instant::now();
        if answer.status != 202 {
            bail!("a message was answered {}: {}", answer.status, String::from_utf8_lossy(&answer.body));
        }
        let mine = serde_json::from_slice::<Kept>(&answer.body)?.seq;
        loop {
            let ring: Ring = serde_json::from_str(self.events.event().await?).context("an odd event")?;
            let news = ring.seq.is_some_and(|seq| seq >= self.last_seq && !(ring.echo && seq == mine));
            if news && self.pull(mine).await? {
                return Ok(acknowledged);
            }
        }
    }

    /// Whether the hotel's answer to the message `mine` is among what is new.
    async fn pull(&mut self, mine: i64) -> anyhow::Result<bool> {
        let path = format!("/chat/messages?after={}", self.last_seq);
        let answer = self.asks.ask(&request("GET", &path, &self.bearer, "")).await?;
        if answer.status != 200 {
            bail!("reading was answered {}", answer.status);
        }
        let page: Page<'_> = serde_json::from_slice(&answer.body)?;
        let answered = page.messages.iter().any(|line| line.seq > mine && line.author != "guest");
        self.last_seq = page.messages.last().map_or(self.last_seq, |line| line.seq);
        Ok(answered)
    }
}
