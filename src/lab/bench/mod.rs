//! `bellhop bench`: server, database, and stub model with load as processes of their own over real HTTP. It counts only
//! what the database agrees to, and ends everything that it started.
//!
//! A turn counts when the load has read the reply in the web chat, or when the stub vendor has received it as a text
//! message. Rules, duplicates, masking, search, flight record and claim checks are the server's defaults; only rate
//! limits and the pause for further messages are changed. Vendors' delivery receipts are not played.

mod load;
mod plan;
mod prepare;
mod processes;
mod report;
mod run;
mod wire;

pub use load::serve as serve_load;
pub use plan::Channel;

use std::path::PathBuf;

/// What to measure, as the command line asks for it.
#[derive(Debug, Clone)]
pub struct Options {
    /// Turns of the closed loop.
    pub turns: u32,
    /// Guests who write at the same time.
    pub concurrency: u32,
    /// How long the stub model thinks before each answer.
    pub model_latency_ms: u64,
    /// `sqlite`, or the URL of a PostgreSQL in which a schema is made and dropped.
    pub database: String,
    /// Servers on that database.
    pub nodes: u32,
    pub channel: Channel,
    /// As `taskset` takes them; empty: anywhere.
    pub server_cpus: String,
    pub load_cpus: String,
    /// Turns of one guest before another one takes the place.
    pub turns_per_guest: u32,
    /// Conversations and messages that are there before.
    pub seed: (u64, u64),
    /// The database and the configuration are made below this folder.
    pub folder: PathBuf,
    /// Also write the figures as JSON.
    pub json: Option<PathBuf>,
    /// Only the closed loop; no open loop and no towels.
    pub quick: bool,
    /// The server's program; `None`: this one.
    pub program: Option<PathBuf>,
}

/// Measures and prints. Whatever happens, everything that was started has ended when this returns.
pub async fn run(options: Options, stop: impl Future<Output = ()>) -> anyhow::Result<()> {
    tokio::select! {
        outcome = run::run(&options) => outcome,
        () = stop => anyhow::bail!("stopped before the end"),
    }
}
