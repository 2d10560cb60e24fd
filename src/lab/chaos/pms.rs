//! The hotel's own system as it really is: it posts what it is told to post, keeps its own book, shows a posting only a
//! little later, and in each of three kinds knows more or less of a reference.

use super::calls::{Outcome, call};
use super::faults::Step;
use super::invariants;
use super::plants::Plant;
use super::world::{Inner, Micros, SECOND, World};
use crate::connectors::{
    AfterCut, Connector, ConnectorError, Filed, Folio, FolioLine, Folios, Posted, Posting, Requests,
    Reservations, Stays, Step as CutStep, Task,
};
use crate::domain::money::{Currency, Money};
use crate::domain::request::RequestState;
use crate::domain::stay::Stay;
use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta};
use std::collections::BTreeMap;

/// How long our side waits for the hotel's system.
const LIMIT: Micros = 10 * SECOND;
/// How long a posting may stay invisible.
const DELAY: Micros = 3 * SECOND;

text_enum! {
    /// What the hotel's system makes of our reference.
    #[derive(Default)]
    pub enum Mode {
        /// The same reference again is the same posting.
        #[default]
        Key = "key",
        /// It can be asked for a reference, and posts twice what it is told twice.
        Lookup = "lookup",
        /// It knows no references.
        None = "none",
    }
}

/// One line on a bill.
#[derive(Debug, Clone)]
pub struct Line {
    pub guest: usize,
    pub reference: String,
    pub amount: Money,
    pub description: String,
    pub visible_at: Micros,
    pub posted_at: Micros,
    pub voided: bool,
}

/// One task for the hotel's people.
#[derive(Debug, Clone)]
pub struct Job {
    pub guest: usize,
    pub reference: String,
    pub visible_at: Micros,
}

/// The system's book.
#[derive(Default)]
pub struct Pms {
    pub mode: Mode,
    pub stays: Vec<Stay>,
    pub lines: Vec<Line>,
    pub jobs: Vec<Job>,
    /// By reference, the commit that came before the first call under it.
    pub intents: BTreeMap<String, u64>,
}

impl Pms {
    fn guest(&self, stay: &Stay) -> Option<usize> {
        self.stays.iter().position(|own| own.external_id == stay.external_id)
    }

    fn line(&self, reference: &str) -> Option<&Line> {
        self.lines.iter().find(|line| line.reference == reference)
    }
}

fn posted(line: &Line, place: usize) -> Posted {
    Posted {
        reference: line.reference.clone(),
        external_id: format!("line-{place}"),
        amount: line.amount,
        posted_at: DateTime::from_timestamp_micros(line.posted_at).unwrap_or_default(),
        voided: line.voided,
    }
}

/// The system's side of the connector.
pub struct SimPms {
    pub world: World,
    pub mode: Mode,
    pub currency: Currency,
    pub plant: Option<Plant>,
}

impl SimPms {
    /// A call that changes nothing: what is not answered was not reached.
    async fn read<R: Send + 'static>(
        &self,
        step: Step,
        work: impl FnOnce(&mut Inner) -> R + Send + 'static,
    ) -> Result<R, ConnectorError> {
        match call(&self.world, step, LIMIT, work).await {
            Outcome::Answered(answer) => Ok(answer),
            _ => Err(ConnectorError::Unavailable { why: "no answer".to_owned() }),
        }
    }

    /// A call that changes something.
    async fn change<R: Send + 'static>(
        &self,
        stay: &Stay,
        reference: &str,
        work: impl Fn(&mut Inner) -> Result<R, ConnectorError> + Clone + Send + 'static,
    ) -> Result<R, ConnectorError> {
        {
            let mut inner = self.world.lock();
            let guest = inner.pms.guest(stay);
            invariants::intended(&mut inner, guest, reference);
        }
        let mut outcome = call(&self.world, Step::ConnectorCall, LIMIT, work.clone()).await;
        if self.plant == Some(Plant::RetryAfterTimeout)
            && matches!(outcome, Outcome::TimedOut | Outcome::Broken)
        {
            outcome = call(&self.world, Step::ConnectorCall, LIMIT, work).await;
        }
        match outcome {
            Outcome::Answered(answer) => answer,
            Outcome::TimedOut | Outcome::Broken | Outcome::ServerError => {
                Err(ConnectorError::Unknown { why: "cut off".to_owned() })
            }
            Outcome::TooMany { .. } | Outcome::Unreachable => {
                Err(ConnectorError::Unavailable { why: "not reached".to_owned() })
            }
        }
    }
}

impl Connector for SimPms {
    fn kind(&self) -> &'static str {
        "pms.simulated"
    }

    fn reservations(&self) -> Option<&dyn Reservations> {
        Some(self)
    }

    fn folios(&self) -> Option<&dyn Folios> {
        Some(self)
    }

    fn requests(&self) -> Option<&dyn Requests> {
        Some(self)
    }

    fn stays(&self) -> Option<&dyn Stays> {
        Some(self)
    }

    fn after_cut(&self, step: CutStep) -> AfterCut {
        match (self.mode, step) {
            (Mode::Key, _) | (_, CutStep::Departure) => AfterCut::Repeat { within: TimeDelta::days(1) },
            (Mode::Lookup, _) => AfterCut::LookUp { sure_after: TimeDelta::microseconds(LIMIT + DELAY) },
            (Mode::None, _) => AfterCut::Staff,
        }
    }
}

#[async_trait]
impl Reservations for SimPms {
    async fn by_confirmation(&self, confirmation: &str) -> Result<Vec<Stay>, ConnectorError> {
        let wanted = confirmation.to_owned();
        self.read(Step::Lookup, move |inner| {
            inner.pms.stays.iter().filter(|stay| stay.confirmation == wanted).cloned().collect()
        })
        .await
    }

    async fn by_phone(&self, phone: &str) -> Result<Vec<Stay>, ConnectorError> {
        let wanted = Some(phone.to_owned());
        self.read(Step::Lookup, move |inner| {
            inner.pms.stays.iter().filter(|stay| stay.phone == wanted).cloned().collect()
        })
        .await
    }

    async fn by_email(&self, _: &str) -> Result<Vec<Stay>, ConnectorError> {
        Ok(Vec::new())
    }

    async fn get(&self, stay: &Stay) -> Result<Option<Stay>, ConnectorError> {
        let wanted = stay.clone();
        self.read(Step::Lookup, move |inner| {
            let guest = inner.pms.guest(&wanted)?;
            Some(Stay { id: wanted.id, ..inner.pms.stays.get(guest)?.clone() })
        })
        .await
    }
}

#[async_trait]
impl Folios for SimPms {
    async fn folio(&self, stay: &Stay) -> Result<Folio, ConnectorError> {
        let (stay, currency) = (stay.clone(), self.currency);
        self.read(Step::Lookup, move |inner| {
            let guest = inner.pms.guest(&stay);
            let own = inner.pms.lines.iter().filter(|line| Some(line.guest) == guest && !line.voided);
            let lines: Vec<FolioLine> = own
                .map(|line| FolioLine {
                    description: line.description.clone(),
                    quantity: 1,
                    amount: line.amount,
                    posted_at: DateTime::from_timestamp_micros(line.posted_at).unwrap_or_default(),
                })
                .collect();
            let owed = lines.iter().map(|line| line.amount.amount_minor).sum();
            // A bill of many pages is no message.
            let lines = lines.into_iter().rev().take(5).collect();
            Folio { lines, balance: Money::new(owed, currency) }
        })
        .await
    }

    async fn post(&self, stay: &Stay, posting: &Posting) -> Result<Posted, ConnectorError> {
        let (own, posting, mode) = (stay.clone(), posting.clone(), self.mode);
        let reference = posting.reference.clone();
        self.change(stay, &reference, move |inner| {
            let Some(guest) = inner.pms.guest(&own) else { return Err(ConnectorError::NotFound) };
            if mode == Mode::Key
                && let Some(place) =
                    inner.pms.lines.iter().position(|line| line.reference == posting.reference)
            {
                return Ok(posted(&inner.pms.lines[place], place));
            }
            let line = Line {
                guest,
                reference: posting.reference.clone(),
                amount: posting.amount,
                description: posting.description.clone(),
                visible_at: inner.now + DELAY,
                posted_at: inner.now,
                voided: false,
            };
            inner.note(guest, || format!("hotel posts {} ({})", line.amount, line.reference));
            inner.count("charges posted");
            invariants::posted(inner, &line);
            inner.pms.lines.push(line.clone());
            Ok(posted(&line, inner.pms.lines.len() - 1))
        })
        .await
    }

    async fn find_posting(&self, _: &Stay, reference: &str) -> Result<Option<Posted>, ConnectorError> {
        if self.mode == Mode::None {
            return Err(ConnectorError::Refused { why: "it cannot be asked by reference".to_owned() });
        }
        let wanted = reference.to_owned();
        self.read(Step::ReadBack, move |inner| {
            let now = inner.now;
            inner.pms.line(&wanted).filter(|line| line.visible_at <= now).map(|line| posted(line, 0))
        })
        .await
    }

    async fn void(&self, _: &Stay, reference: &str, _: Option<&str>) -> Result<(), ConnectorError> {
        let wanted = reference.to_owned();
        self.read(Step::Lookup, move |inner| {
            for line in inner.pms.lines.iter_mut().filter(|line| line.reference == wanted) {
                line.voided = true;
            }
        })
        .await
    }
}

#[async_trait]
impl Requests for SimPms {
    async fn create(&self, stay: &Stay, task: &Task) -> Result<Filed, ConnectorError> {
        let (own, reference, mode) = (stay.clone(), task.reference.clone(), self.mode);
        let named = reference.clone();
        self.change(stay, &named, move |inner| {
            let Some(guest) = inner.pms.guest(&own) else { return Err(ConnectorError::NotFound) };
            let known = inner.pms.jobs.iter().any(|job| job.reference == reference);
            if mode != Mode::Key || !known {
                let job = Job { guest, reference: reference.clone(), visible_at: inner.now + DELAY };
                inner.note(guest, || format!("hotel files a task ({})", job.reference));
                inner.count("tasks filed");
                invariants::filed(inner, &job);
                inner.pms.jobs.push(job);
            }
            Ok(filed(&reference))
        })
        .await
    }

    async fn find(&self, reference: &str) -> Result<Option<Filed>, ConnectorError> {
        if self.mode == Mode::None {
            return Err(ConnectorError::Refused { why: "it cannot be asked by reference".to_owned() });
        }
        let wanted = reference.to_owned();
        self.read(Step::ReadBack, move |inner| {
            let now = inner.now;
            let known = inner.pms.jobs.iter().any(|job| job.reference == wanted && job.visible_at <= now);
            known.then(|| filed(&wanted))
        })
        .await
    }
}

fn filed(reference: &str) -> Filed {
    Filed {
        reference: reference.to_owned(),
        external_id: format!("job-{reference}"),
        state: RequestState::Open,
    }
}

#[async_trait]
impl Stays for SimPms {
    async fn set_checkout(
        &self,
        stay: &Stay,
        _: NaiveDate,
        until: NaiveTime,
        reference: &str,
    ) -> Result<(), ConnectorError> {
        let own = stay.clone();
        self.change(stay, reference, move |inner| {
            let Some(guest) = inner.pms.guest(&own) else { return Err(ConnectorError::NotFound) };
            if let Some(own) = inner.pms.stays.get_mut(guest) {
                own.checkout_until = Some(until);
            }
            Ok(())
        })
        .await
    }

    async fn room_is_let_again(&self, _: &Stay, _: NaiveDate) -> Result<bool, ConnectorError> {
        self.read(Step::Lookup, |_| false).await
    }
}
