//! What can go wrong, and at which step of the work: the odds of each meeting, and how often it came about.

use crate::store::Place;
use serde_json::{Map, Value, json};

text_enum! {
    /// A part of the work between two points at which the world may interfere.
    pub enum Step {
        /// A guest's message is being stored.
        Intake = "intake",
        /// A delivery receipt is being stored.
        Receipt = "receipt",
        Claim = "claim",
        /// What a turn reads, and the small things that it writes on its way.
        TurnLoad = "turn_load",
        /// The hotel's system is asked for a stay or a bill.
        Lookup = "lookup",
        ModelCall = "model_call",
        /// An effect is being written down, before the hotel's system is called.
        ToolIntent = "tool_intent",
        ConnectorCall = "connector_call",
        /// The hotel's system is asked what became of a call that was cut off.
        ReadBack = "read_back",
        ToolResult = "tool_result",
        Commit = "commit",
        OutboxClaim = "outbox_claim",
        /// The vendor is being called.
        Send = "send",
        /// The vendor is asked what became of a sending that was cut off.
        SendLookUp = "send_look_up",
        /// The vendor's answer is being written down.
        Settle = "settle",
        /// What time alone brings about: alerts, expiries, lost sendings, stranded effects.
        Sweep = "sweep",
        /// Staff take over, answer, hand back.
        Desk = "desk",
    }
}

text_enum! {
    /// What the world does to a step.
    pub enum Fault {
        /// The process dies here; what it had in memory is gone.
        Death = "death",
        /// The process stands still for longer than its lease, and goes on.
        Pause = "pause",
        /// Its clock jumps by up to an hour, either way.
        ClockJump = "clock_jump",
        /// The database does not answer; nothing was read or written.
        DbRefused = "db_refused",
        /// The unit was committed, and the caller is told that the database is gone.
        DbAnswerLost = "db_answer_lost",
        /// The vendor has done it, and its answer is lost.
        AnswerLost = "answer_lost",
        /// The request timed out, and nothing was done.
        TimeoutBefore = "timeout_before",
        /// The request timed out for the caller, and is done a little later.
        TimeoutDone = "timeout_done",
        ServerError = "server_error",
        TooMany = "too_many",
        Unreachable = "unreachable",
        Slow = "slow",
        /// The same webhook once more, although it was acknowledged.
        Redelivery = "redelivery",
        /// A webhook that comes late, behind newer ones.
        Late = "late",
        /// Staff take the conversation over while this step is under way in it.
        TakeOver = "take_over",
    }
}

/// What kind of work a step is, which decides what can happen to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Webhook,
    Reading,
    Writing,
    Vendor,
}

impl Step {
    pub fn index(self) -> usize {
        Step::ALL.iter().position(|step| *step == self).unwrap_or(0)
    }

    fn kind(self) -> Kind {
        match self {
            Step::Intake | Step::Receipt => Kind::Webhook,
            Step::TurnLoad => Kind::Reading,
            Step::Claim
            | Step::ToolIntent
            | Step::ToolResult
            | Step::Commit
            | Step::OutboxClaim
            | Step::Settle
            | Step::Sweep
            | Step::Desk => Kind::Writing,
            Step::Lookup
            | Step::ModelCall
            | Step::ConnectorCall
            | Step::ReadBack
            | Step::Send
            | Step::SendLookUp => Kind::Vendor,
        }
    }

    /// Whether it belongs to one conversation, which staff can take over meanwhile.
    fn of_one_conversation(self) -> bool {
        !matches!(
            self,
            Step::Claim | Step::OutboxClaim | Step::Sweep | Step::Desk | Step::Receipt | Step::SendLookUp
        )
    }

    /// Which unit of work the code at `place` is part of. `after_call`: the hotel's system has been called just before.
    pub fn at(place: Place, sending: bool, after_call: bool) -> Step {
        let file = place.file();
        let file = file.rsplit_once("src/").map_or(file, |(_, file)| file);
        match file {
            "intake/accept.rs" => Step::Intake,
            "intake/receipts.rs" => Step::Receipt,
            "jobs/turns.rs" => Step::Claim,
            "conversation/commit.rs" => Step::Commit,
            "jobs/sweep.rs" | "jobs/alerts.rs" => Step::Sweep,
            _ if file.starts_with("tools/") && after_call => Step::ToolResult,
            _ if file.starts_with("tools/") => Step::ToolIntent,
            _ if file.starts_with("conversation/desk") => Step::Desk,
            _ if file.starts_with("outbox/") && sending => Step::Settle,
            _ if file.starts_with("outbox/") => Step::OutboxClaim,
            _ => Step::TurnLoad,
        }
    }
}

impl Fault {
    pub fn index(self) -> usize {
        Fault::ALL.iter().position(|fault| *fault == self).unwrap_or(0)
    }

    /// Whether this can happen to that step at all.
    pub fn can_meet(self, step: Step) -> bool {
        let kind = step.kind();
        match self {
            // Staff's process is the web's: to them its death is a lost answer, which the desk meets as such.
            Fault::Death => step != Step::Desk,
            Fault::ClockJump => true,
            // A web process that stands still holds no lease; to whoever called it, it is late.
            Fault::Pause => !matches!(kind, Kind::Webhook) && step != Step::Desk,
            // A call to a vendor asks no database.
            Fault::DbRefused => kind != Kind::Vendor,
            // Only a write can have been kept.
            Fault::DbAnswerLost => matches!(kind, Kind::Writing | Kind::Webhook),
            // Where a call changes nothing, it is all one whether it was done.
            Fault::AnswerLost | Fault::TimeoutDone => matches!(step, Step::ConnectorCall | Step::Send),
            Fault::TimeoutBefore | Fault::ServerError | Fault::TooMany | Fault::Unreachable | Fault::Slow => {
                kind == Kind::Vendor
            }
            // Only what comes from outside can come twice, or late.
            Fault::Redelivery | Fault::Late => kind == Kind::Webhook,
            Fault::TakeOver => step.of_one_conversation(),
        }
    }
}

/// In how many of 100,000 meetings it comes about. Rare steps are met more often, so that every pair is.
pub fn odds(fault: Fault, step: Step) -> u64 {
    if !fault.can_meet(step) {
        return 0;
    }
    match fault {
        Fault::Pause => seldom(step),
        Fault::Death => seldom(step) / 2,
        // The web's clock is one for all webhooks, and must be right most of the time.
        Fault::ClockJump if step.kind() == Kind::Webhook => 40,
        Fault::ClockJump => seldom(step) * 2 / 3,
        Fault::DbRefused | Fault::DbAnswerLost if step == Step::ToolResult => 4_000,
        Fault::DbRefused | Fault::DbAnswerLost if step == Step::ToolIntent => 1_500,
        Fault::DbRefused | Fault::DbAnswerLost if step == Step::Desk => 2_000,
        Fault::DbRefused | Fault::DbAnswerLost if step == Step::Sweep => 1_500,
        Fault::DbRefused | Fault::DbAnswerLost => 700,
        Fault::Redelivery | Fault::Late => 5_000,
        // Staff choose their moments themselves.
        Fault::TakeOver => 0,
        Fault::AnswerLost
        | Fault::TimeoutBefore
        | Fault::TimeoutDone
        | Fault::ServerError
        | Fault::TooMany
        | Fault::Unreachable
        | Fault::Slow => match step {
            Step::ReadBack => 7_000,
            Step::SendLookUp => 4_000,
            Step::ConnectorCall => 1_800,
            _ => 700,
        },
    }
}

/// The same number of meetings for each step: in inverse proportion to how often somebody is suspended there.
fn seldom(step: Step) -> u64 {
    match step {
        Step::Claim | Step::OutboxClaim => 100,
        Step::Sweep => 130,
        Step::Settle => 60,
        // A webhook has few suspensions.
        Step::Intake | Step::Receipt => 1_600,
        Step::Commit | Step::ToolIntent => 150,
        Step::Send => 200,
        Step::Lookup | Step::ModelCall => 250,
        Step::TurnLoad => 300,
        Step::ToolResult => 600,
        Step::ConnectorCall => 900,
        Step::SendLookUp => 2_000,
        Step::ReadBack => 4_600,
        Step::Desk => 60,
    }
}

/// What a vendor can do to a call.
pub const OF_VENDOR: &[Fault] = &[
    Fault::AnswerLost,
    Fault::TimeoutDone,
    Fault::TimeoutBefore,
    Fault::ServerError,
    Fault::TooMany,
    Fault::Unreachable,
    Fault::Slow,
];

/// How often each fault has met each step.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    met: Vec<u64>,
    /// How often somebody was suspended in each step.
    visits: Vec<u64>,
}

impl Tally {
    fn place(fault: Fault, step: Step) -> usize {
        fault.index() * Step::ALL.len() + step.index()
    }

    fn open(&mut self) {
        self.met.resize(Fault::ALL.len() * Step::ALL.len(), 0);
        self.visits.resize(Step::ALL.len(), 0);
    }

    pub fn visit(&mut self, step: Step) {
        self.open();
        if let Some(visits) = self.visits.get_mut(step.index()) {
            *visits += 1;
        }
    }

    pub fn count(&mut self, fault: Fault, step: Step) {
        self.open();
        if let Some(cell) = self.met.get_mut(Self::place(fault, step)) {
            *cell += 1;
        }
    }

    pub fn get(&self, fault: Fault, step: Step) -> u64 {
        self.met.get(Self::place(fault, step)).copied().unwrap_or(0)
    }

    pub fn add(&mut self, other: &Tally) {
        self.open();
        let cells = self.met.iter_mut().chain(&mut self.visits);
        for (cell, more) in cells.zip(other.met.iter().chain(&other.visits)) {
            *cell += more;
        }
    }

    /// The pair that came about least often of those that can.
    pub fn least(&self) -> Option<(Fault, Step, u64)> {
        let pairs = Fault::ALL.iter().flat_map(|fault| Step::ALL.iter().map(|step| (*fault, *step)));
        let possible = pairs.filter(|(fault, step)| fault.can_meet(*step));
        possible.map(|(fault, step)| (fault, step, self.get(fault, step))).min_by_key(|(_, _, met)| *met)
    }

    pub fn as_json(&self) -> Value {
        let row = |fault: Fault| -> Map<String, Value> {
            let steps = Step::ALL.iter().filter(|step| fault.can_meet(**step));
            steps.map(|step| (step.to_string(), json!(self.get(fault, *step)))).collect()
        };
        Fault::ALL.iter().map(|fault| (fault.to_string(), Value::Object(row(*fault)))).collect()
    }

    /// A table with a column for each step; a dot where the two cannot meet.
    pub fn as_text(&self) -> String {
        let mut text = format!("{:<15}", "");
        for step in Step::ALL {
            text.push_str(&format!("{:>15}", step.as_str()));
        }
        text.push_str(&format!("\n{:<15}", "suspended"));
        for visits in &self.visits {
            text.push_str(&format!("{visits:>15}"));
        }
        for fault in Fault::ALL {
            text.push_str(&format!("\n{:<15}", fault.as_str()));
            for step in Step::ALL {
                let cell =
                    if fault.can_meet(*step) { self.get(*fault, *step).to_string() } else { "·".to_owned() };
                text.push_str(&format!("{cell:>15}"));
            }
        }
        text
    }
}
