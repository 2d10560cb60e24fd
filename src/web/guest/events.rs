//! The chat's doorbell: says that something is new or that somebody writes, never what. A ring that is missed heals itself.

use super::gate::Guest;
use crate::store::{Bell, DbError, PageBells, Typist, web_sessions};
use crate::web::error::WebError;
use crate::web::state::Web;
use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use serde_json::json;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, Interval, interval_at};

/// How often a silent stream shows that it lives, and looks for itself whether it missed something.
const PULSE: Duration = Duration::from_secs(20);
/// A comment: proxies and the page see that the stream is open.
const COMMENT: Bytes = Bytes::from_static(b":\n\n");

/// `GET /chat/events`
pub(super) async fn listen(State(web): State<Web>, guest: Guest) -> Result<Response, WebError> {
    // Listens before the answer begins: what is committed from here on is heard.
    let bells = web.db.bells().listen_to(guest.conversation);
    // What came between the look at the session and the bells is found by the page's own first fetch.
    let rung = guest.last_seq;
    let ear = Ear { web, guest, bells, pulse: interval_at(Instant::now() + PULSE, PULSE), rung };
    let rings = stream::unfold(ear, |mut ear| async move { Some((ear.next().await?, ear)) });
    let body = stream::iter([COMMENT]).chain(rings).map(Ok::<_, Infallible>);
    let headers = [
        (header::CONTENT_TYPE.as_str(), "text/event-stream"),
        (header::CACHE_CONTROL.as_str(), "no-store"),
        ("x-accel-buffering", "no"),
    ];
    Ok((headers, Body::from_stream(body)).into_response())
}

/// One open stream.
struct Ear {
    web: Web,
    guest: Guest,
    bells: PageBells,
    pulse: Interval,
    /// The newest message that the page was told of.
    rung: i64,
}

impl Ear {
    /// What the page hears next; `None`: the server stops, or the session has ended.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            let bell = tokio::select! {
                biased;
                () = self.web.shutdown.ordered() => return None,
                bell = self.bells.next() => bell,
                _ = self.pulse.tick() => return self.look().await,
            };
            match bell {
                // The same seq again says that a state changed.
                Ok(Bell::Conversation { seq, echo, .. }) => return Some(self.ring(seq, echo)),
                Ok(Bell::Typing { who, .. }) => {
                    let who = match who {
                        Typist::Bot => "bot",
                        Typist::Staff => "staff",
                    };
                    return Some(event(&json!({ "typing": who })));
                }
                Ok(Bell::Desk { .. } | Bell::Property { .. } | Bell::Turn | Bell::Sending) => {}
                Ok(Bell::Missed) | Err(RecvError::Lagged(_)) => return Some(self.ring(self.rung, false)),
                Err(RecvError::Closed) => return None,
            }
        }
    }

    fn ring(&mut self, seq: i64, echo: bool) -> Bytes {
        self.rung = self.rung.max(seq);
        event(&if echo { json!({ "seq": seq, "echo": true }) } else { json!({ "seq": seq }) })
    }

    /// Rings for what no bell told of, such as another node's commit; a database that is away is no reason to end.
    async fn look(&mut self) -> Option<Bytes> {
        match self.last_seq().await {
            Ok(Some(seq)) if seq > self.rung => Some(self.ring(seq, false)),
            Ok(Some(_)) | Err(_) => Some(COMMENT),
            Ok(None) => None,
        }
    }

    /// `None`: the session has ended.
    async fn last_seq(&self) -> Result<Option<i64>, DbError> {
        let mut conn = self.web.db.read().await?;
        let now = self.web.clock.now();
        let found = web_sessions::find(&mut conn, &self.guest.token_hash, now).await?;
        Ok(found.map(|found| found.last_seq))
    }
}

fn event(data: &serde_json::Value) -> Bytes {
    Bytes::from(format!("data: {data}\n\n"))
}
