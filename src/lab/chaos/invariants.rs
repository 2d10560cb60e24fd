//! What must hold at every moment, judged as it happens from the books of guests, carrier, hotel and staff.

use super::guests::Meant;
use super::pms::{Job, Line};
use super::vendor::{Sent, short};
use super::world::Inner;
use crate::domain::message::Voice;
use serde_json::{Value, json};

/// Violations of one seed that are told in full.
const TOLD: usize = 10;

/// Something that must not happen, happened.
#[derive(Debug, Clone)]
pub struct Violation {
    pub rule: &'static str,
    pub seed: u64,
    /// How many turns guests had taken.
    pub turn: u64,
    pub what: String,
    /// What had happened with that guest.
    pub trace: Vec<String>,
}

impl Violation {
    pub fn as_json(&self) -> Value {
        json!({ "rule": self.rule, "seed": self.seed, "turn": self.turn, "what": self.what, "trace": self.trace })
    }
}

impl std::fmt::Display for Violation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "VIOLATION {}: seed {}, turn {}: {}", self.rule, self.seed, self.turn, self.what)?;
        self.trace.iter().try_for_each(|line| writeln!(f, "    {line}"))
    }
}

impl Inner {
    pub fn violated(&mut self, rule: &'static str, guest: usize, what: String) {
        self.count("violations");
        self.over |= self.plant.is_some_and(|plant| plant.breaks().contains(&rule));
        if self.violations.len() >= TOLD {
            return;
        }
        let trace = self.trace(guest);
        let (seed, turn) = (self.seed, self.counts.turns);
        self.violations.push(Violation { rule, seed, turn, what: format!("guest {guest}: {what}"), trace });
    }
}

/// The carrier has taken a message for a guest, for the `times`-th time for its row. `began`: the sender's last commit
/// before it called.
pub fn sent(inner: &mut Inner, guest: usize, sent: &Sent, times: u32, began: u64) {
    if times > 1 {
        inner.violated("sent twice", guest, format!("{:?} was sent {times} times", short(&sent.body)));
    }
    let claim = inner.vendor.claims.get(&sent.reference).copied();
    let by_staff = inner.floor.wrote.contains(&sent.body);
    if by_staff || claim.is_some_and(|claim| claim.voice != Voice::Bot) {
        return;
    }
    // Whoever sends without having claimed decided at the last moment at which it knew anything.
    let order = claim.map_or(inner.order.max(began), |claim| claim.order);
    if inner.floor.held(guest, order) {
        inner.violated("the bot spoke after a take-over", guest, format!("{:?}", short(&sent.body)));
    }
    inner.guests.all[guest].bot_acts.push((order, "a message"));
}

/// Somebody is about to ask the hotel's system to do something for a guest; what it goes by is its last commit.
pub fn intended(inner: &mut Inner, guest: Option<usize>, reference: &str) {
    let Some(order) = inner.card().map(|card| card.committed) else { return };
    inner.pms.intents.entry(reference.to_owned()).or_insert(order);
    let Some(guest) = guest else { return };
    inner.note(guest, || format!("the hotel is called ({reference})"));
    if inner.floor.held(guest, order) {
        inner.violated("a new effect after a take-over", guest, reference.to_owned());
    }
    inner.guests.all[guest].bot_acts.push((order, "an effect"));
}

/// Staff have the floor from `from` on, and learnt of it just now.
pub fn taken_over(inner: &mut Inner, guest: usize, from: u64) {
    let later = inner.guests.all[guest].bot_acts.iter().rev().take_while(|(order, _)| *order > from);
    if let Some((order, what)) = later.last() {
        let what = format!("{what}, decided at {order}, after the take-over at {from}");
        inner.violated("the bot acted after a take-over", guest, what);
    }
}

/// The hotel's system posts a charge.
pub fn posted(inner: &mut Inner, line: &Line) {
    let again = inner.pms.lines.iter().any(|other| other.reference == line.reference);
    if again {
        inner.violated("charged twice", line.guest, format!("{} under {}", line.amount, line.reference));
        return;
    }
    let intent = inner.pms.intents.get(&line.reference).copied().unwrap_or(u64::MAX);
    let who = &mut inner.guests.all[line.guest];
    let agreed = agreement(who, line.amount.amount_minor, intent);
    match agreed {
        Some((sent, said)) => {
            who.sent[sent].used = true;
            who.said[said].used = true;
        }
        None => {
            let what = format!("{} for {}", line.amount, line.description);
            inner.violated("charged without the guest's word", line.guest, what);
        }
    }
}

/// An offer of that amount and a yes that came after it had been sent, neither of which stands for another charge.
fn agreement(who: &super::guests::Guest, amount: i64, intent: u64) -> Option<(usize, usize)> {
    let offers = who.sent.iter().enumerate().rev();
    for (place, sent) in offers.filter(|(_, sent)| !sent.used) {
        let Some(offer) = sent.quote.filter(|offer| offer.amount == amount) else { continue };
        let yes = who.said.iter().position(|said| {
            let after = said.arrived.is_some_and(|at| at > sent.order && at < intent);
            let agrees = said.meant == Meant::Yes || said.meant == Meant::Wants(offer.quantity);
            agrees && !said.used && after
        });
        if let Some(yes) = yes {
            return Some((place, yes));
        }
    }
    None
}

/// The hotel's system files a task.
pub fn filed(inner: &mut Inner, job: &Job) {
    if inner.pms.jobs.iter().any(|other| other.reference == job.reference) {
        inner.violated("asked twice", job.guest, format!("a task under {}", job.reference));
    }
}
