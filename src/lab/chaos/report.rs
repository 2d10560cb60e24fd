//! What a run of the simulation found, as text and as JSON.

use super::faults::Tally;
use super::invariants::Violation;
use super::world::Counts;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// One seed, or all of them.
#[derive(Debug, Clone, Default)]
pub struct Report {
    pub seeds: u64,
    pub turns: u64,
    pub suspensions: u64,
    /// By the hotels' own clocks, in seconds.
    pub simulated_secs: i64,
    pub took: Duration,
    pub figures: BTreeMap<&'static str, u64>,
    pub tally: Tally,
    pub violations: Vec<Violation>,
    /// The same for the same seed on the same build: of everything that happened, in its order.
    pub digest: u64,
}

impl Report {
    pub fn of_seed(counts: Counts, tally: Tally, violations: Vec<Violation>, simulated_secs: i64) -> Self {
        Self {
            seeds: 1,
            turns: counts.turns,
            suspensions: counts.suspensions,
            simulated_secs,
            took: Duration::ZERO,
            figures: counts.figures,
            tally,
            violations,
            digest: counts.digest,
        }
    }

    pub fn add(&mut self, other: Report) {
        self.seeds += other.seeds;
        self.turns += other.turns;
        self.suspensions += other.suspensions;
        self.simulated_secs += other.simulated_secs;
        for (what, count) in other.figures {
            *self.figures.entry(what).or_default() += count;
        }
        self.tally.add(&other.tally);
        self.violations.extend(other.violations);
        self.digest ^= other.digest;
    }

    pub fn as_json(&self) -> Value {
        let least =
            self.tally.least().map(|(fault, step, met)| json!({ "fault": fault, "step": step, "met": met }));
        json!({
            "seeds": self.seeds,
            "turns": self.turns,
            "suspensions": self.suspensions,
            "simulated_hours": self.simulated_secs / 3_600,
            "took_secs": self.took.as_secs_f64(),
            "figures": self.figures,
            "faults": self.tally.as_json(),
            "least_met": least,
            "violations": self.violations.iter().map(Violation::as_json).collect::<Vec<_>>(),
            "digest": format!("{:016x}", self.digest),
        })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for violation in &self.violations {
            writeln!(f, "{violation}")?;
        }
        let hours = self.simulated_secs / 3_600;
        writeln!(
            f,
            "{} seeds, {} guest turns, {hours} hours of hotels, {} suspensions, in {:.1} s",
            self.seeds,
            self.turns,
            self.suspensions,
            self.took.as_secs_f64()
        )?;
        for (what, count) in &self.figures {
            writeln!(f, "  {what}: {count}")?;
        }
        writeln!(f, "How often each fault met each step:\n{}", self.tally.as_text())?;
        if let Some((fault, step, met)) = self.tally.least() {
            writeln!(f, "Least often: {fault} at {step}, {met} times.")?;
        }
        writeln!(f, "{} violations. Digest {:016x}.", self.violations.len(), self.digest)
    }
}
