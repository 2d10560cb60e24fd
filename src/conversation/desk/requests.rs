//! Requests as staff handle them: made by hand, done, or found impossible, which the guest is told.

use super::floor::write_back;
use super::{Desk, DeskError, audit, decide, lock};
use crate::clock::Clock;
use crate::domain::ids::{ConversationId, PropertyId, RequestId, StayId};
use crate::domain::message::Voice;
use crate::domain::people::Staff;
use crate::domain::request::{Request, RequestKind, RequestState};
use crate::outbox::{self, Speech};
use crate::store::{Bell, Tx, requests};
use crate::texts::{Lang, Say};
use chrono::{DateTime, Utc};
use serde_json::json;

/// A request that staff write down themselves.
#[derive(Debug, Clone)]
pub struct NewRequest {
    pub property: PropertyId,
    pub conversation: Option<ConversationId>,
    pub stay: Option<StayId>,
    pub kind: RequestKind,
    pub item: String,
    pub quantity: u32,
    pub room: Option<String>,
    /// `None`: the kind's own.
    pub department: Option<String>,
    pub note: Option<String>,
    pub due_at: Option<DateTime<Utc>>,
}

impl Desk {
    pub async fn open_request(&self, by: Staff, new: NewRequest) -> Result<Request, DeskError> {
        let clock = self.clock.clone();
        let request = Request {
            id: clock.id(),
            property_id: new.property,
            stay_id: new.stay,
            conversation_id: new.conversation,
            effect_id: None,
            kind: new.kind,
            item: new.item,
            quantity: i64::from(new.quantity),
            room: new.room,
            department: new.department.unwrap_or_else(|| new.kind.department().to_owned()),
            state: RequestState::Open,
            note: new.note,
            due_at: new.due_at,
            created_at: clock.now(),
            closed_at: None,
            closed_by: None,
        };
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    requests::insert_once(tx, &request).await?;
                    let subject = request.id.to_string();
                    audit(tx, &clock, &by, request.property_id, "request.opened", subject, None).await?;
                    tx.ring(Bell::Desk { property: request.property_id });
                    Ok(request)
                })
            })
            .await
    }

    /// Ends a request; of done and cannot the guest hears, of a cancelled one not. The same end again changes nothing.
    pub async fn close_request(
        &self,
        by: Staff,
        id: RequestId,
        state: RequestState,
        word: Option<String>,
    ) -> Result<Request, DeskError> {
        let clock = self.clock.clone();
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let before = requests::find(tx, id).await?.ok_or(DeskError::NotFound)?;
                    if !requests::close(tx, id, state, word.as_deref(), Some(by.id), clock.now()).await? {
                        let now = requests::find(tx, id).await?.ok_or(DeskError::NotFound)?;
                        return match now.state == state {
                            true => Ok(now),
                            false => Err(DeskError::Closed { state: now.state }),
                        };
                    }
                    tell(tx, &clock, &by, &before, state, word).await?;
                    let (subject, after) = (id.to_string(), Some(json!({ "state": state })));
                    audit(tx, &clock, &by, before.property_id, "request.closed", subject, after).await?;
                    tx.ring(Bell::Desk { property: before.property_id });
                    requests::find(tx, id).await?.ok_or(DeskError::NotFound)
                })
            })
            .await
    }
}

async fn tell(
    tx: &mut Tx,
    clock: &Clock,
    by: &Staff,
    request: &Request,
    state: RequestState,
    word: Option<String>,
) -> Result<(), DeskError> {
    let item = request.item.clone();
    let say = match state {
        RequestState::Done => Say::RequestDone { item },
        RequestState::Cannot => Say::RequestCannot { item, word },
        RequestState::Open | RequestState::Cancelled => return Ok(()),
    };
    let Some(conversation) = request.conversation_id else { return Ok(()) };
    let mut c = lock(tx, conversation).await?;
    let text = say.to_text(Lang::of(&c.lang));
    outbox::enqueue(tx, clock, &mut c, Speech::system(&text, Voice::Staff)).await?;
    decide(tx, clock, by, &c, "request_closed", json!({ "request": request.id, "state": state })).await?;
    write_back(tx, &c).await?;
    Ok(())
}
