//! What stands in the hotel's books: bills, open requests, calls for staff. Read from the tables, past every route.

use super::app::{HOTEL, House};
use bellhop::domain::escalation::Reason;
use bellhop::domain::ids::{ConversationId, PropertyId};
use bellhop::domain::request::{Request, RequestState};
use bellhop::domain::stay::Stay;
use bellhop::store::effects;
use bellhop::store::{escalations, hotels, house_postings, requests, stays};
use chrono::DateTime;
use uuid::Uuid;

impl House {
    pub async fn property(&self) -> PropertyId {
        let mut conn = self.db.read().await.unwrap();
        hotels::find_by_slug(&mut conn, HOTEL).await.unwrap().unwrap().id
    }

    pub async fn stay(&self, confirmation: &str) -> Stay {
        let property = self.property().await;
        let mut conn = self.db.read().await.unwrap();
        let [stay] = stays::by_confirmation(&mut conn, property, confirmation)
            .await
            .unwrap()
            .try_into()
            .expect("one stay has this number");
        stay
    }

    /// The lines of a stay's bill that count: what, and cents.
    pub async fn bill(&self, confirmation: &str) -> Vec<(String, i64)> {
        let stay = self.stay(confirmation).await;
        let mut conn = self.db.read().await.unwrap();
        let lines = house_postings::list(&mut conn, stay.id).await.unwrap();
        let valid = lines.into_iter().filter(|line| line.voided_at.is_none());
        valid.map(|line| (line.description, line.amount.amount_minor)).collect()
    }

    /// The lines with this word in them.
    pub async fn charged_for(&self, confirmation: &str, word: &str) -> Vec<i64> {
        let bill = self.bill(confirmation).await;
        let with_word = bill.into_iter().filter(|(what, _)| what.to_lowercase().contains(word));
        with_word.map(|(_, cents)| cents).collect()
    }

    /// The charges that conversations have made or quoted for a stay: state and cents.
    pub async fn charges(&self, confirmation: &str) -> Vec<(String, i64)> {
        let stay = self.stay(confirmation).await;
        let mut conn = self.db.read().await.unwrap();
        let charges = effects::list_charges(&mut conn, stay.id).await.unwrap();
        let shown = |effect: bellhop::domain::effect::Effect| {
            (effect.state.as_str().to_owned(), effect.total.expect("a charge has a total").amount_minor)
        };
        charges.into_iter().map(shown).collect()
    }

    pub async fn open_requests(&self) -> Vec<Request> {
        let property = self.property().await;
        let mut conn = self.db.read().await.unwrap();
        let from = (DateTime::UNIX_EPOCH, Uuid::nil());
        requests::list(&mut conn, property, RequestState::Open, from, 500).await.unwrap()
    }

    /// Why staff were called to a conversation.
    pub async fn reasons(&self, conversation: &str) -> Vec<Reason> {
        let id: ConversationId = conversation.parse().unwrap();
        let mut conn = self.db.read().await.unwrap();
        let called = escalations::list(&mut conn, id).await.unwrap();
        called.into_iter().map(|escalation| escalation.reason).collect()
    }
}
