//! The house's abilities on its tables. It must not trust a stay that belongs to another property.

use super::{House, KIND, unread};
use crate::connectors::{ConnectorError, Folio, FolioLine, Folios, Posted, Posting, Reservations, Stays};
use crate::domain::hotel::Hotel;
use crate::domain::money::Money;
use crate::domain::stay::{DAYS_AFTER, Stay, StayState};
use crate::store::house_postings::{self, HousePosting};
use crate::store::{Conn, DbError, Tx, hotels, stays};
use async_trait::async_trait;
use chrono::{Days, NaiveDate, NaiveTime};

/// The stay as the hotel's day `today` makes it, for nobody checks guests in and out here: after the day of arrival
/// the guest is in house, after the day of departure gone.
fn as_of(stay: Stay, today: NaiveDate) -> Stay {
    let state = match stay.state {
        StayState::Expected | StayState::InHouse if stay.departs_on < today => StayState::Left,
        StayState::Expected if stay.arrives_on < today => StayState::InHouse,
        state @ (StayState::Expected | StayState::InHouse | StayState::Left | StayState::Cancelled) => state,
    };
    Stay { state, ..stay }
}

impl House {
    async fn read(&self) -> Result<(Conn, Hotel), ConnectorError> {
        let mut conn = self.tables.db.read().await.map_err(unread)?;
        let hotel = hotels::find(&mut conn, self.property).await.map_err(unread)?;
        Ok((conn, hotel.ok_or(ConnectorError::NotFound)?))
    }

    fn today(&self, hotel: &Hotel) -> NaiveDate {
        hotel.today(self.tables.clock.now())
    }

    async fn check_owner(&self, conn: &mut Conn, hotel: &Hotel, stay: &Stay) -> Result<(), ConnectorError> {
        let found = stored(conn, stay, hotel, self.today(hotel)).await.map_err(unread)?;
        found.map(drop).ok_or(ConnectorError::NotFound)
    }

    fn ours(&self, found: Vec<Stay>, today: NaiveDate) -> Vec<Stay> {
        found.into_iter().filter(|stay| stay.source == KIND).map(|stay| as_of(stay, today)).collect()
    }
}

/// Without guests who are noted as in house and should have left long ago.
fn recent(mut found: Vec<Stay>, today: NaiveDate) -> Vec<Stay> {
    found.retain(|stay| stay.departs_on >= today - Days::new(DAYS_AFTER));
    found
}

/// The stay as the tables have it today, whatever its caller believes of it; only where it is this property's.
async fn stored(
    conn: &mut Conn,
    stay: &Stay,
    hotel: &Hotel,
    today: NaiveDate,
) -> Result<Option<Stay>, DbError> {
    let found = stays::find(conn, stay.id).await?.filter(|found| found.property_id == hotel.id);
    Ok(found.filter(|found| found.source == KIND).map(|found| as_of(found, today)))
}

/// Within the unit that is going to change or charge it: the stay, unless it has ended.
async fn open_stay(
    tx: &mut Tx,
    stay: &Stay,
    hotel: &Hotel,
    today: NaiveDate,
) -> Result<Stay, ConnectorError> {
    let stay = stored(tx, stay, hotel, today).await?.ok_or(ConnectorError::NotFound)?;
    match stay.state {
        StayState::Expected | StayState::InHouse => Ok(stay),
        StayState::Left | StayState::Cancelled => {
            Err(ConnectorError::Refused { why: "the stay has ended, its bill is closed".to_owned() })
        }
    }
}

#[async_trait]
impl Reservations for House {
    async fn by_confirmation(&self, confirmation: &str) -> Result<Vec<Stay>, ConnectorError> {
        let (mut conn, hotel) = self.read().await?;
        let found = stays::by_confirmation(&mut conn, self.property, confirmation).await.map_err(unread)?;
        Ok(self.ours(found, self.today(&hotel)))
    }

    async fn by_phone(&self, phone: &str) -> Result<Vec<Stay>, ConnectorError> {
        let (mut conn, hotel) = self.read().await?;
        let today = self.today(&hotel);
        let found = stays::by_phone(&mut conn, self.property, phone, today).await.map_err(unread)?;
        Ok(recent(self.ours(found, today), today))
    }

    async fn by_email(&self, email: &str) -> Result<Vec<Stay>, ConnectorError> {
        let (mut conn, hotel) = self.read().await?;
        let today = self.today(&hotel);
        let found = stays::by_email(&mut conn, self.property, email, today).await.map_err(unread)?;
        Ok(recent(self.ours(found, today), today))
    }

    async fn get(&self, stay: &Stay) -> Result<Option<Stay>, ConnectorError> {
        let (mut conn, hotel) = self.read().await?;
        stored(&mut conn, stay, &hotel, self.today(&hotel)).await.map_err(unread)
    }
}

fn posted(line: HousePosting) -> Posted {
    Posted {
        reference: line.reference,
        external_id: line.id.to_string(),
        amount: line.amount,
        posted_at: line.posted_at,
        voided: line.voided_at.is_some(),
    }
}

#[async_trait]
impl Folios for House {
    async fn folio(&self, stay: &Stay) -> Result<Folio, ConnectorError> {
        let (mut conn, hotel) = self.read().await?;
        self.check_owner(&mut conn, &hotel, stay).await?;
        let lines = house_postings::list(&mut conn, stay.id).await.map_err(unread)?;
        // An empty bill is in the hotel's currency; one with lines is in theirs.
        let currency = lines.first().map_or(hotel.currency, |line| line.amount.currency);
        let balance =
            lines.iter().try_fold(Money::new(0, currency), |sum, line| sum.checked_add(line.amount));
        let balance =
            balance.ok_or_else(|| ConnectorError::Refused { why: "the bill does not add up".to_owned() })?;
        let line = |line: HousePosting| FolioLine {
            description: line.description,
            quantity: line.quantity,
            amount: line.amount,
            posted_at: line.posted_at,
        };
        Ok(Folio { lines: lines.into_iter().map(line).collect(), balance })
    }

    async fn post(&self, stay: &Stay, posting: &Posting) -> Result<Posted, ConnectorError> {
        let (_, hotel) = self.read().await?;
        if posting.amount.currency != hotel.currency {
            return Err(ConnectorError::Refused { why: format!("the bill is in {}", hotel.currency) });
        }
        let (stay, today) = (stay.clone(), self.today(&hotel));
        let line = HousePosting {
            id: self.tables.clock.id(),
            stay_id: stay.id,
            reference: posting.reference.clone(),
            description: posting.description.clone(),
            quantity: i64::from(posting.quantity),
            amount: posting.amount,
            posted_at: self.tables.clock.now(),
            voided_at: None,
        };
        let unit = self.tables.db.write(move |tx| {
            Box::pin(async move {
                // A repeated reference is answered even if the stay has ended since.
                let stands = match house_postings::find(tx, &line.reference).await? {
                    Some(first) => first,
                    None => {
                        open_stay(tx, &stay, &hotel, today).await?;
                        house_postings::insert_once(tx, hotel.id, &line).await?
                    }
                };
                if stands.stay_id != line.stay_id || stands.amount != line.amount {
                    let why = "another charge was posted under this reference".to_owned();
                    return Err(ConnectorError::Refused { why });
                }
                Ok(posted(stands))
            })
        });
        unit.await
    }

    async fn find_posting(&self, stay: &Stay, reference: &str) -> Result<Option<Posted>, ConnectorError> {
        let (mut conn, hotel) = self.read().await?;
        self.check_owner(&mut conn, &hotel, stay).await?;
        let found = house_postings::find(&mut conn, reference).await.map_err(unread)?;
        Ok(found.filter(|line| line.stay_id == stay.id).map(posted))
    }

    async fn void(&self, stay: &Stay, reference: &str, _: Option<&str>) -> Result<(), ConnectorError> {
        let (_, hotel) = self.read().await?;
        let (stay, today, now) = (stay.clone(), self.today(&hotel), self.tables.clock.now());
        let reference = reference.to_owned();
        let unit = self.tables.db.write(move |tx| {
            Box::pin(async move {
                // Staff may void after the guest has left.
                stored(tx, &stay, &hotel, today).await?.ok_or(ConnectorError::NotFound)?;
                let known = house_postings::void(tx, hotel.id, stay.id, &reference, now).await?;
                if known { Ok(()) } else { Err(ConnectorError::NotFound) }
            })
        });
        unit.await
    }
}

#[async_trait]
impl Stays for House {
    async fn set_checkout(
        &self,
        stay: &Stay,
        on: NaiveDate,
        until: NaiveTime,
        _reference: &str,
    ) -> Result<(), ConnectorError> {
        let (_, hotel) = self.read().await?;
        let (stay, today, now) = (stay.clone(), self.today(&hotel), self.tables.clock.now());
        let unit = self.tables.db.write(move |tx| {
            Box::pin(async move {
                let stands = open_stay(tx, &stay, &hotel, today).await?;
                if stands.departs_on != on {
                    let why = "the stay ends on another day by now".to_owned();
                    return Err(ConnectorError::Refused { why });
                }
                stays::set_checkout(tx, stay.id, Some(until), now).await?;
                Ok(())
            })
        });
        unit.await
    }

    async fn room_is_let_again(&self, stay: &Stay, on: NaiveDate) -> Result<bool, ConnectorError> {
        let (mut conn, hotel) = self.read().await?;
        self.check_owner(&mut conn, &hotel, stay).await?;
        stays::room_is_let_again(&mut conn, stay, on).await.map_err(unread)
    }
}
