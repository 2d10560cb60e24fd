//! The load's process: stub model, stub vendor and the guests. It is told by lines on standard input what to do, answers by
//! lines on standard output, and ends when the input does.

mod chat;
mod sms;

use super::plan::{Channel, Phase, Seen, StayOf, Stubs, Wish};
use crate::lab::bench::processes::{cpu_seconds, lines_of};
use crate::lab::stub_model::quick;
use anyhow::Context as _;
use axum::extract::State;
use axum::http::header;
use axum::routing::post;
use bytes::Bytes;
use chat::Chat;
use sms::{Phone, Vendor};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

/// A reply that takes longer than this is none.
const PATIENCE: Duration = Duration::from_secs(60);
/// Failures that are told in words.
const TOLD: usize = 5;

#[derive(Clone)]
struct Stub {
    latency: Duration,
    calls: Arc<AtomicU64>,
    vendor: Vendor,
}

/// Serves phases until the input ends.
pub async fn serve(model_latency: Duration) -> anyhow::Result<()> {
    let stub = Stub { latency: model_latency, calls: Arc::default(), vendor: Vendor::default() };
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    let router = axum::Router::new()
        .route("/v1/chat/completions", post(complete))
        .route("/2010-04-01/Accounts/{account}/Messages.json", post(send))
        .with_state(stub.clone());
    let mut tasks = JoinSet::new();
    tasks.spawn(async move { axum::serve(listener, router).await });
    println!("{}", serde_json::to_string(&Stubs { address })?);
    let mut lines = lines_of(std::io::stdin());
    while let Some(line) = lines.recv().await {
        let phase: Phase = serde_json::from_str(&line)?;
        println!("{}", serde_json::to_string(&play(phase, &stub).await)?);
    }
    Ok(())
}

async fn complete(
    State(stub): State<Stub>,
    body: Bytes,
) -> ([(header::HeaderName, &'static str); 1], String) {
    stub.calls.fetch_add(1, Ordering::Relaxed);
    let answer = quick::answer(&body);
    if !stub.latency.is_zero() {
        tokio::time::sleep(stub.latency).await;
    }
    ([(header::CONTENT_TYPE, "application/json")], answer)
}

async fn send(State(stub): State<Stub>, form: Bytes) -> (axum::http::StatusCode, String) {
    stub.vendor.take(&form)
}

/// What a phase has come to; shared by its guests.
struct Progress {
    phase: Phase,
    vendor: Vendor,
    /// Turns not yet begun.
    left: AtomicU32,
    guests: AtomicU32,
    seen: Mutex<Seen>,
}

async fn play(phase: Phase, stub: &Stub) -> Seen {
    let (calls, cpu) = (stub.calls.load(Ordering::Relaxed), cpu_seconds(std::process::id()));
    let seen = Seen {
        seconds: 0.0,
        turns: 0,
        failed: 0,
        failures: Vec::new(),
        acknowledged: Vec::new(),
        replied: Vec::new(),
        model_calls: 0,
        cpu_seconds: 0.0,
    };
    let progress = Arc::new(Progress {
        left: AtomicU32::new(phase.turns),
        guests: AtomicU32::new(0),
        vendor: stub.vendor.clone(),
        seen: Mutex::new(seen),
        phase,
    });
    let begun = match progress.phase.rate {
        None => closed(&progress).await,
        Some(rate) => open(&progress, rate).await,
    };
    let mut seen = progress.seen.lock().unwrap_or_else(PoisonError::into_inner).clone();
    seen.seconds = begun.elapsed().as_secs_f64();
    seen.model_calls = stub.calls.load(Ordering::Relaxed) - calls;
    seen.cpu_seconds = cpu_seconds(std::process::id()) - cpu;
    seen
}

/// The next turn of each guest begins when the one before has been answered. Gives when the first began: all guests of
/// the beginning have their pages open by then.
async fn closed(progress: &Arc<Progress>) -> Instant {
    let ready = Arc::new(tokio::sync::Barrier::new(progress.phase.guests as usize + 1));
    let mut guests = JoinSet::new();
    for _ in 0..progress.phase.guests {
        let (progress, ready) = (progress.clone(), ready.clone());
        guests.spawn(async move {
            let mut guest = progress.arrives().await.ok();
            ready.wait().await;
            while progress.takes_turn() {
                progress.turn(&mut guest, Instant::now()).await;
            }
        });
    }
    ready.wait().await;
    let begun = Instant::now();
    while guests.join_next().await.is_some() {}
    begun
}

/// Turns begin at their times; what waits for a free guest has begun all the same. Gives when the first began.
async fn open(progress: &Arc<Progress>, rate: f64) -> Instant {
    let (due, queue) = mpsc::unbounded_channel::<Instant>();
    let queue = Arc::new(tokio::sync::Mutex::new(queue));
    let ready = Arc::new(tokio::sync::Barrier::new(progress.phase.guests as usize + 1));
    let mut guests = JoinSet::new();
    for _ in 0..progress.phase.guests {
        let (progress, queue, ready) = (progress.clone(), queue.clone(), ready.clone());
        guests.spawn(async move {
            let mut guest = progress.arrives().await.ok();
            ready.wait().await;
            loop {
                let Some(begun) = queue.lock().await.recv().await else { return };
                progress.turn(&mut guest, begun).await;
            }
        });
    }
    ready.wait().await;
    let start = tokio::time::Instant::now();
    for turn in 0..progress.phase.turns {
        let at = start + Duration::from_secs_f64(f64::from(turn) / rate);
        tokio::time::sleep_until(at).await;
        // Guests end only after the sender.
        let _ = due.send(at.into_std());
    }
    drop(due);
    while guests.join_next().await.is_some() {}
    start.into_std()
}

/// A guest and how many turns are left for them.
struct Guest {
    line: Line,
    left: u32,
    written: usize,
}

enum Line {
    Chat(Box<Chat>),
    Phone(Phone),
}

impl Progress {
    fn takes_turn(&self) -> bool {
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
    }

    async fn arrives(&self) -> anyhow::Result<Guest> {
        let number = self.guests.fetch_add(1, Ordering::Relaxed);
        let stays = &self.phase.stays;
        let stay: Option<&StayOf> = stays.get(number as usize % stays.len().max(1));
        let servers = &self.phase.servers;
        let server = servers.get(number as usize % servers.len().max(1)).copied().context("no server")?;
        let line = match self.phase.channel {
            Channel::Webchat => {
                Line::Chat(Box::new(Chat::open(server, stay.map(|stay| stay.token.as_str())).await?))
            }
            Channel::Sms => {
                let stranger = format!("+4476{:02}{number:06}", self.phase.phase);
                let phone = stay.map_or(stranger.as_str(), |stay| stay.phone.as_str());
                Line::Phone(Phone::open(server, &self.vendor, phone).await?)
            }
        };
        Ok(Guest { line, left: self.phase.turns_per_guest, written: number as usize })
    }

    async fn turn(&self, guest: &mut Option<Guest>, begun: Instant) {
        let outcome = tokio::time::timeout(PATIENCE, self.try_turn(guest)).await;
        let outcome = outcome.unwrap_or_else(|_| Err(anyhow::anyhow!("no reply within {PATIENCE:?}")));
        let replied = micros(begun.elapsed());
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        match outcome {
            Ok(acknowledged) => {
                seen.turns += 1;
                seen.acknowledged.push(micros(acknowledged.saturating_duration_since(begun)));
                seen.replied.push(replied);
            }
            Err(error) => {
                *guest = None;
                seen.failed += 1;
                if seen.failures.len() < TOLD {
                    seen.failures.push(format!("{error:#}"));
                }
            }
        }
    }

    async fn try_turn(&self, guest: &mut Option<Guest>) -> anyhow::Result<Instant> {
        let mut here = match guest.take().filter(|guest| guest.left > 0) {
            Some(guest) => guest,
            None => self.arrives().await?,
        };
        here.left -= 1;
        here.written += 1;
        let text = match self.phase.wish {
            Wish::Talk => TALK[here.written % TALK.len()],
            Wish::Towels => TOWELS[here.written % TOWELS.len()],
        };
        let acknowledged = match &mut here.line {
            Line::Chat(chat) => chat.turn(text).await?,
            Line::Phone(phone) => phone.turn(text).await?,
        };
        *guest = Some(here);
        Ok(acknowledged)
    }
}

fn micros(duration: Duration) -> u32 {
    u32::try_from(duration.as_micros()).unwrap_or(u32::MAX)
}

/// What guests say that needs no tool.
const TALK: &[&str] = &[
    "We are really looking forward to our trip, it is our first time in the city.",
    "Is it usually quiet at night on the side of the courtyard?",
    "Which of the old quarters would you recommend for a walk in the morning?",
    "My husband loves tiles, is there a museum that you like?",
    "Do most people of the house speak English?",
    "We were told that the tram is slow but pretty. Is that so?",
    "What do people here usually drink before dinner?",
    "It rained the whole day, what would you do with two children?",
    "How do people dress for the opera here?",
    "Is the light in the afternoon good for photographs from the hill?",
];
const TOWELS: &[&str] = &[
    "Could I get two extra towels?",
    "We need three more towels, please.",
    "Please bring two towels to our room.",
    "Can we have four fresh towels?",
];
