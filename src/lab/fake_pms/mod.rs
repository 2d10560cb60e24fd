//! A hotel system that speaks the contract of `pms.custom`, with a memory and with faults, for tests and simulations. No
//! guest is served by it.

mod faults;
mod routes;
mod state;

pub use faults::{Fault, On, Weather};
pub use state::{Keeps, Posting};

use super::served::{Gate, Served};
use crate::clock::Clock;
use chrono::TimeDelta;
use secrecy::SecretString;
use serde_json::{Value, json};
use state::State;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How the fake is set up.
#[derive(Clone)]
pub struct Setup {
    pub keeps: Keeps,
    /// A charge or request can be found only so long after it was made.
    pub visible_after: TimeDelta,
    pub signing_key: SecretString,
    pub clock: Clock,
    /// As the contract shows a stay; see [`guest`].
    pub stays: Vec<Value>,
}

/// A stay from yesterday to in three days, in house.
pub fn guest(clock: &Clock, confirmation: &str, name: (&str, &str), phone: &str, room: &str) -> Value {
    let today = clock.now().date_naive();
    json!({
        "id": format!("R-{confirmation}"),
        "confirmation": confirmation,
        "first_name": name.0,
        "last_name": name.1,
        "phone": phone,
        "room": room,
        "status": "in_house",
        "arrives_on": today - TimeDelta::days(1),
        "departs_on": today + TimeDelta::days(3),
    })
}

struct Shared {
    setup: Setup,
    state: Mutex<State>,
    gate: Gate,
}

impl Shared {
    /// A panic in another test thread must not hide what came.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The running system. It stops when dropped.
pub struct FakePms {
    served: Served,
    shared: Arc<Shared>,
}

impl FakePms {
    /// Listens on a free port of 127.0.0.1.
    pub async fn start(setup: Setup) -> std::io::Result<Self> {
        let state = State::new(setup.stays.clone());
        let shared = Arc::new(Shared { setup, state: Mutex::new(state), gate: Gate::default() });
        let router = routes::router(shared.clone());
        Ok(Self { served: Served::start(router).await?, shared })
    }

    /// For the integration's configuration.
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.served.address)
    }

    /// What happens to the next call of this sort that has nothing queued before it.
    pub fn then(&self, on: On, fault: Fault) -> &Self {
        self.shared.lock().faults.queue.push_back((on, fault));
        self
    }

    /// Faults by chance, for the calls that have none queued.
    pub fn weather(&self, weather: Weather) -> &Self {
        self.shared.lock().faults.weather = weather;
        self
    }

    /// From now on nothing is held back: slow calls are answered, and those that hang are broken off.
    pub fn release(&self) {
        self.shared.gate.open();
    }

    /// Every charge that was ever posted, oldest first, whether or not anybody was told.
    pub fn postings(&self) -> Vec<Posting> {
        self.shared.lock().postings.clone()
    }

    /// How often a charge was posted under our reference.
    pub fn postings_of(&self, reference: &str) -> usize {
        self.shared.lock().postings.iter().filter(|posting| posting.reference == reference).count()
    }

    /// The references of the requests that were filed, oldest first; one that was filed twice is there twice.
    pub fn requests(&self) -> Vec<String> {
        self.shared.lock().requests.iter().map(|request| request.reference.clone()).collect()
    }

    /// The departure that was agreed for the stay of this confirmation number.
    pub fn checkout_of(&self, confirmation: &str) -> Option<String> {
        let state = self.shared.lock();
        let stay = state.stays.iter().find(|stay| stay["confirmation"] == confirmation)?;
        stay["checkout_until"].as_str().map(str::to_owned)
    }

    /// From now on it knows no stay of this confirmation number.
    pub fn forgets(&self, confirmation: &str) {
        self.shared.lock().stays.retain(|stay| stay["confirmation"] != confirmation);
    }

    /// Calls so far, with those that were refused or cut off.
    pub fn calls(&self) -> u64 {
        self.shared.lock().calls
    }

    /// Calls so far whose answer was held back, for a while or for ever; one that is done was done before it counts.
    pub fn waiting(&self) -> u64 {
        self.shared.lock().made_to_wait
    }

    /// Stops and waits until the port is free.
    pub async fn stop(self) {
        self.served.stop().await;
    }
}

#[cfg(test)]
mod tests;
