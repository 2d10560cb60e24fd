//! The abilities of the contract over the one HTTP client: a request is built, sent once, and its answer read.

use super::{Custom, Idempotency, map};
use crate::connectors::{
    ConnectorError, Filed, Folio, Folios, Posted, Posting, Requests, Reservations, Stays, Task,
};
use crate::domain::stay::Stay;
use async_trait::async_trait;
use chrono::{NaiveDate, NaiveTime};

impl Custom {
    async fn find_stays(&self, by: (&str, &str)) -> Result<Vec<Stay>, ConnectorError> {
        let request = self.settings.find_stays(by, self.clock.now());
        match map::stays(self.settings.property, self.line.send(request).await) {
            Err(ConnectorError::NotFound) => Ok(Vec::new()),
            other => other,
        }
    }

    /// Whether the system can be asked by our reference at all.
    fn must_look_up(&self) -> Result<(), ConnectorError> {
        match self.settings.idempotency {
            Idempotency::Lookup => Ok(()),
            Idempotency::Key | Idempotency::None => {
                Err(ConnectorError::Refused { why: "it cannot be asked by reference".to_owned() })
            }
        }
    }
}

#[async_trait]
impl Reservations for Custom {
    async fn by_confirmation(&self, confirmation: &str) -> Result<Vec<Stay>, ConnectorError> {
        self.find_stays(("confirmation", confirmation)).await
    }

    async fn by_phone(&self, phone: &str) -> Result<Vec<Stay>, ConnectorError> {
        self.find_stays(("phone", phone)).await
    }

    async fn by_email(&self, email: &str) -> Result<Vec<Stay>, ConnectorError> {
        self.find_stays(("email", email)).await
    }

    async fn get(&self, stay: &Stay) -> Result<Option<Stay>, ConnectorError> {
        let request = self.settings.get_stay(stay, self.clock.now());
        map::one_stay(stay, self.line.send(request).await)
    }
}

#[async_trait]
impl Folios for Custom {
    async fn folio(&self, stay: &Stay) -> Result<Folio, ConnectorError> {
        let request = self.settings.get_folio(stay, self.clock.now());
        map::folio(self.line.send(request).await)
    }

    async fn post(&self, stay: &Stay, posting: &Posting) -> Result<Posted, ConnectorError> {
        let request = self.settings.post_charge(stay, posting, self.clock.now());
        map::charge_posted(posting, self.line.send(request).await)
    }

    async fn find_posting(&self, stay: &Stay, reference: &str) -> Result<Option<Posted>, ConnectorError> {
        self.must_look_up()?;
        let request = self.settings.find_charge(stay, reference, self.clock.now());
        map::charge_found(reference, self.line.send(request).await)
    }

    async fn void(
        &self,
        stay: &Stay,
        reference: &str,
        external_id: Option<&str>,
    ) -> Result<(), ConnectorError> {
        let charge = match external_id {
            Some(known) => known.to_owned(),
            None => self.find_posting(stay, reference).await?.ok_or(ConnectorError::NotFound)?.external_id,
        };
        let request = self.settings.void_charge(stay, &charge, self.clock.now());
        map::charge_voided(self.line.send(request).await)
    }
}

#[async_trait]
impl Requests for Custom {
    async fn create(&self, stay: &Stay, task: &Task) -> Result<Filed, ConnectorError> {
        let request = self.settings.create_request(stay, task, self.clock.now());
        map::request_filed(&task.reference, self.line.send(request).await)
    }

    async fn find(&self, reference: &str) -> Result<Option<Filed>, ConnectorError> {
        self.must_look_up()?;
        let request = self.settings.find_request(reference, self.clock.now());
        map::request_found(reference, self.line.send(request).await)
    }
}

#[async_trait]
impl Stays for Custom {
    async fn set_checkout(
        &self,
        stay: &Stay,
        on: NaiveDate,
        until: NaiveTime,
        reference: &str,
    ) -> Result<(), ConnectorError> {
        let request = self.settings.set_checkout(stay, (on, until), reference, self.clock.now());
        map::checkout_set(stay, until, self.line.send(request).await)
    }

    async fn room_is_let_again(&self, stay: &Stay, on: NaiveDate) -> Result<bool, ConnectorError> {
        let request = self.settings.room_let(stay, on, self.clock.now());
        map::room_is_let(self.line.send(request).await)
    }
}
