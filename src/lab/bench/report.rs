//! The figures of a run as a table and as JSON. It measures nothing and hides nothing that was wrong.

use super::Options;
use super::plan::{Phase, Seen};
use serde_json::{Value, json};
use std::fmt;
use std::time::Duration;

/// One phase.
pub(super) struct Figures {
    name: &'static str,
    guests: u32,
    rate: Option<f64>,
    turns: u32,
    failed: u32,
    seconds: f64,
    /// Bare commits per second on the same disk right before, by as many clients.
    commits: f64,
    /// Milliseconds.
    acknowledged: Spread,
    replied: Spread,
    /// The replies without the model's own time.
    added: Spread,
    server_cpu_ms: f64,
    load_cpu_ms: f64,
    model_calls: f64,
    memory_mb: f64,
    peak_mb: f64,
    wrong: Vec<String>,
}

#[derive(Clone, Copy)]
struct Spread {
    p50: f64,
    p95: f64,
    p99: f64,
}

impl Spread {
    fn of(mut micros: Vec<u32>, less_ms: f64) -> Self {
        micros.sort_unstable();
        let at = |share: f64| {
            let place = ((micros.len() as f64 * share) as usize).min(micros.len().saturating_sub(1));
            micros.get(place).map_or(0.0, |micros| f64::from(*micros) / 1000.0 - less_ms)
        };
        Self { p50: at(0.50), p95: at(0.95), p99: at(0.99) }
    }

    fn to_json(self) -> Value {
        json!({ "p50": round(self.p50), "p95": round(self.p95), "p99": round(self.p99) })
    }
}

fn round(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

impl Figures {
    #[expect(clippy::too_many_arguments, reason = "all that one phase has shown, put together once")]
    pub fn new(
        name: &'static str,
        phase: &Phase,
        seen: Seen,
        commits: f64,
        cpu: f64,
        (memory_mb, peak_mb): (f64, f64),
        wrong: Vec<String>,
        model_latency_ms: u64,
    ) -> Self {
        let turns = f64::from(seen.turns.max(1));
        let calls = seen.model_calls as f64 / turns;
        Self {
            name,
            guests: phase.guests,
            rate: phase.rate,
            turns: seen.turns,
            failed: seen.failed,
            seconds: seen.seconds,
            commits,
            acknowledged: Spread::of(seen.acknowledged, 0.0),
            added: Spread::of(seen.replied.clone(), model_latency_ms as f64 * calls.round()),
            replied: Spread::of(seen.replied, 0.0),
            server_cpu_ms: cpu * 1000.0 / turns,
            load_cpu_ms: seen.cpu_seconds * 1000.0 / turns,
            model_calls: calls,
            memory_mb,
            peak_mb,
            wrong,
        }
    }

    pub fn per_second(&self) -> f64 {
        f64::from(self.turns) / self.seconds.max(0.001)
    }

    fn to_json(&self) -> Value {
        json!({
            "phase": self.name,
            "guests": self.guests,
            "rate": self.rate.map(round),
            "turns": self.turns,
            "failed": self.failed,
            "seconds": round(self.seconds),
            "turns_per_second": round(self.per_second()),
            "commits_per_second": round(self.commits),
            "acknowledged_ms": self.acknowledged.to_json(),
            "replied_ms": self.replied.to_json(),
            "added_ms": self.added.to_json(),
            "server_cpu_ms_per_turn": round(self.server_cpu_ms),
            "load_cpu_ms_per_turn": round(self.load_cpu_ms),
            "model_calls_per_turn": round(self.model_calls),
            "memory_mb": round(self.memory_mb),
            "peak_memory_mb": round(self.peak_mb),
            "differences": self.wrong,
        })
    }
}

/// All phases of a run.
pub(super) struct Report {
    command: Value,
    machine: String,
    busy: String,
    ready: Duration,
    memory_at_start: f64,
    memory_idle: f64,
    memory_peak: f64,
    phases: Vec<Figures>,
    /// What did not agree in a phase that is not shown.
    noted: Vec<String>,
}

impl Report {
    pub fn new(options: &Options, ready: Duration, memory_at_start: f64) -> Self {
        let command = json!({
            "turns": options.turns, "concurrency": options.concurrency, "channel": options.channel.as_str(),
            "model_latency_ms": options.model_latency_ms, "turns_per_guest": options.turns_per_guest,
            // A URL may hold a password.
            "database": options.database.split(':').next(), "nodes": options.nodes,
            "server_cpus": options.server_cpus, "load_cpus": options.load_cpus,
            "seeded": [options.seed.0, options.seed.1],
        });
        let (memory_idle, memory_peak) = (0.0, 0.0);
        let (machine, busy) = (machine(), busy());
        Self {
            command,
            machine,
            busy,
            ready,
            memory_at_start,
            memory_idle,
            memory_peak,
            phases: Vec::new(),
            noted: Vec::new(),
        }
    }

    pub fn add(&mut self, figures: Figures) {
        self.phases.push(figures);
    }

    /// Only what was wrong in it counts.
    pub fn note(&mut self, figures: Figures) {
        self.noted.extend(figures.wrong.into_iter().map(|wrong| format!("{}: {wrong}", figures.name)));
    }

    pub fn end(&mut self, (idle, peak): (f64, f64)) {
        (self.memory_idle, self.memory_peak) = (idle, peak);
    }

    pub fn to_json(&self) -> Value {
        json!({
            "command": self.command,
            "machine": self.machine,
            "load_average_before": self.busy,
            "ready_ms": round(self.ready.as_secs_f64() * 1000.0),
            "memory_mb": {
                "at_start": round(self.memory_at_start),
                "idle_after": round(self.memory_idle),
                "peak": round(self.memory_peak),
            },
            "phases": self.phases.iter().map(Figures::to_json).collect::<Vec<_>>(),
        })
    }

    /// An error where the database and the load do not agree.
    pub fn verdict(&self) -> anyhow::Result<()> {
        let wrong = self.noted.len() + self.phases.iter().map(|phase| phase.wrong.len()).sum::<usize>();
        if wrong == 0 { Ok(()) } else { anyhow::bail!("{wrong} differences, see above") }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}; load average before: {}", self.command, self.machine, self.busy)?;
        writeln!(
            f,
            "ready after {:.0} ms; memory {:.0} MB at start, {:.0} MB idle after, {:.0} MB at its highest\n",
            self.ready.as_secs_f64() * 1000.0,
            self.memory_at_start,
            self.memory_idle,
            self.memory_peak
        )?;
        let head = "phase                      guests  turns   turns/s    R/s   ack p50/p95/p99 ms    reply p50/p95/p99 ms  CPU ms/turn  load's  calls   MB";
        writeln!(f, "{head}")?;
        for phase in &self.phases {
            writeln!(
                f,
                "{:<26} {:>6} {:>6} {:>9.0} {:>6.0}  {:>19}  {:>22}  {:>11.3} {:>7.3} {:>6.2} {:>4.0}",
                phase.name,
                phase.guests,
                phase.turns,
                phase.per_second(),
                phase.commits,
                phase.acknowledged,
                phase.replied,
                phase.server_cpu_ms,
                phase.load_cpu_ms,
                phase.model_calls,
                phase.memory_mb
            )?;
            for wrong in &phase.wrong {
                writeln!(f, "    WRONG  {wrong}")?;
            }
        }
        for wrong in &self.noted {
            writeln!(f, "WRONG  {wrong}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{:.1}/{:.1}/{:.1}", self.p50, self.p95, self.p99))
    }
}

/// Processors and memory, as the kernel names them.
fn machine() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let cpus = read("/proc/cpuinfo");
    let model = cpus.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let count = cpus.lines().filter(|line| line.starts_with("processor")).count();
    let memory = read("/proc/meminfo");
    let kb = memory.split_whitespace().nth(1).and_then(|kb| kb.parse::<u64>().ok()).unwrap_or(0);
    format!("{count} × {}, {} GB", model.map_or("unknown processor", |(_, name)| name), kb / 1_000_000)
}

fn busy() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').take(3).collect::<Vec<_>>().join(" ")
}
