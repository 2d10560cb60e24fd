//! The processes of a run: started on their processors, measured by the kernel's own count, and ended with their holder.

use super::plan::{Phase, Seen, Stubs};
use super::prepare::Place;
use super::wire::{Wire, request};
use anyhow::{Context as _, bail};
use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// How long a process may take to begin.
const BEGIN: Duration = Duration::from_secs(60);
/// How long it may take to end by itself.
const END: Duration = Duration::from_secs(20);
/// Ticks of `/proc/PID/stat` per second, the same on every Linux of today.
const TICKS: f64 = 100.0;

/// This program or another one, on these processors.
fn command(program: Option<&Path>, cpus: &str, arguments: &[&str]) -> anyhow::Result<Command> {
    let program = match program {
        Some(program) => program.to_owned(),
        None => std::env::current_exe().context("where this program is")?,
    };
    let mut command = if cpus.is_empty() {
        Command::new(program)
    } else {
        let mut pinned = Command::new("taskset");
        pinned.arg("--cpu-list").arg(cpus).arg(program);
        pinned
    };
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped());
    for name in ["OPENAI_API_KEY", "OPENAI_BASE_URL", "BELLHOP_MODEL", "BELLHOP_PUBLIC_URL", "RUST_LOG"] {
        command.env_remove(name);
    }
    Ok(command)
}

/// A child that ends with its holder.
struct Process {
    child: Child,
    lines: mpsc::UnboundedReceiver<String>,
}

impl Process {
    fn start(command: &mut Command) -> anyhow::Result<Self> {
        let child = command.spawn();
        let mut child =
            child.context("a process cannot be started; --server-cpus and --load-cpus need taskset")?;
        let lines = lines_of(child.stdout.take().context("a pipe")?);
        Ok(Self { child, lines })
    }

    /// Waits for its end; true: it came in time.
    async fn ended(&mut self, patience: Duration) -> bool {
        let begun = Instant::now();
        while begun.elapsed() < patience {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        false
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Errors mean that it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads to the end, so that the process never stands before a full pipe.
pub(super) fn lines_of(from: impl Read + Send + 'static) -> mpsc::UnboundedReceiver<String> {
    let (sender, lines) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            // Nobody may be listening any more.
            let _ = sender.send(line);
        }
    });
    lines
}

/// The load: stub model, stub vendor, guests.
pub(super) struct Load {
    process: Process,
    input: ChildStdin,
    pub stubs: SocketAddr,
}

impl Load {
    pub async fn start(cpus: &str, model_latency_ms: u64) -> anyhow::Result<Self> {
        let latency = model_latency_ms.to_string();
        let mut command = command(None, cpus, &["bench-load", "--model-latency-ms", &latency])?;
        let mut process = Process::start(command.stdin(Stdio::piped()))?;
        let input = process.child.stdin.take().context("a pipe")?;
        let line = process.lines.recv().await.context("the load has ended")?;
        let Stubs { address } = serde_json::from_str(&line)?;
        Ok(Self { process, input, stubs: address })
    }

    pub async fn play(&mut self, phase: &Phase) -> anyhow::Result<Seen> {
        writeln!(self.input, "{}", serde_json::to_string(phase)?).context("the load has ended")?;
        let line = self.process.lines.recv().await.context("the load has ended")?;
        Ok(serde_json::from_str(&line)?)
    }

    /// It ends when its input does.
    pub async fn end(self) {
        let Self { mut process, input, .. } = self;
        drop(input);
        process.ended(END).await;
    }
}

/// The server.
pub(super) struct Server {
    process: Process,
    pid: u32,
    pub address: SocketAddr,
    /// From its start until `/readyz` was answered 200.
    pub ready: Duration,
}

impl Server {
    pub async fn start(
        program: Option<&Path>,
        cpus: &str,
        place: &Place,
        config: &Path,
        node: u32,
    ) -> anyhow::Result<Self> {
        let log = std::fs::File::create(place.log(node)).context("the server's log")?;
        let path = config.display().to_string();
        let mut command = command(program, cpus, &["serve", "--config", &path])?;
        command.env("DATABASE_URL", &place.url).env("BELLHOP_SECRET_KEY", &place.key).stderr(log);
        let begun = Instant::now();
        let mut process = Process::start(&mut command)?;
        let address = loop {
            let Some(line) = process.lines.recv().await else {
                let told = std::fs::read_to_string(place.log(node)).unwrap_or_default();
                bail!("the server has ended:\n{told}");
            };
            if let Some((_, address)) = line.split_once("http://") {
                break address.trim().parse()?;
            }
        };
        while !is_ready(address).await {
            if begun.elapsed() > BEGIN {
                bail!("the server is not ready after {BEGIN:?}");
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        let pid = process.child.id();
        Ok(Self { process, pid, address, ready: begun.elapsed() })
    }

    /// Seconds of processor time so far.
    pub fn cpu_seconds(&self) -> f64 {
        cpu_seconds(self.pid)
    }

    /// Resident memory now and at its highest, in megabytes.
    pub fn memory_mb(&self) -> (f64, f64) {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid)).unwrap_or_default();
        let of = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let kb = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
            kb.unwrap_or(0.0) / 1024.0
        };
        (of("VmRSS:"), of("VmHWM:"))
    }

    /// Ends it as an operator would, by SIGTERM.
    pub async fn end(mut self) {
        let told = Command::new("kill").arg(self.pid.to_string()).status();
        if told.is_ok_and(|status| status.success()) {
            self.process.ended(END).await;
        }
    }
}

async fn is_ready(address: SocketAddr) -> bool {
    let Ok(mut wire) = Wire::connect(address).await else { return false };
    wire.ask(&request("GET", "/readyz", "", "")).await.is_ok_and(|answer| answer.status == 200)
}

/// Seconds of processor time that a process has used, in user and kernel mode.
pub(super) fn cpu_seconds(pid: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The name in parentheses may hold spaces; times are the 14th and 15th field.
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    let ticks = |place: usize| fields.get(place).and_then(|ticks| ticks.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / TICKS
}
