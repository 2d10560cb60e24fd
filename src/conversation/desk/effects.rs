//! What nobody could learn from the hotel's system, staff learn there and settle by hand: it was done, or it was not.

use super::floor::write_back;
use super::{Desk, DeskError, audit, decide, lock};
use crate::clock::Clock;
use crate::domain::effect::{Effect, EffectEvent, EffectState, Plan};
use crate::domain::ids::EffectId;
use crate::domain::message::Voice;
use crate::domain::people::Staff;
use crate::outbox::{self, Speech};
use crate::store::effects::Note;
use crate::store::{Tx, effects, requests, stays};
use crate::texts::{self, Lang, Say};
use crate::tools;
use serde_json::json;

impl Desk {
    /// Ends an effect that is in doubt and that nobody asks about any longer, and tells the guest. Saying the same again
    /// changes nothing.
    pub async fn settle_effect(&self, by: Staff, id: EffectId, was_done: bool) -> Result<Effect, DeskError> {
        let clock = self.clock.clone();
        self.db.write(move |tx| Box::pin(async move { settle(tx, &clock, &by, id, was_done).await })).await
    }
}

async fn settle(
    tx: &mut Tx,
    clock: &Clock,
    by: &Staff,
    id: EffectId,
    was_done: bool,
) -> Result<Effect, DeskError> {
    let found = effects::find(tx, id).await?.ok_or(DeskError::NotFound)?;
    let mut c = lock(tx, found.conversation_id).await?;
    let effect = effects::find(tx, id).await?.ok_or(DeskError::NotFound)?;
    match (effect.state, was_done) {
        (EffectState::Unknown, _) => {
            if let Some(until) = effect.asked_until(clock.now()) {
                return Err(DeskError::SystemBeingAsked { until });
            }
        }
        (EffectState::Succeeded, true) | (EffectState::Failed, false) => return Ok(effect),
        (state, _) => return Err(DeskError::NotInDoubt { state }),
    }
    let (event, note) = match was_done {
        true => (EffectEvent::Succeed, posted(&effect)),
        false => (EffectEvent::Fail, Note::why("staff found that it was not done")),
    };
    let settled = effects::step(tx, &effect, event, note, clock.now()).await?;
    let stay = stays::find(tx, settled.stay_id).await?.ok_or(DeskError::NotFound)?;
    if was_done && let Some(request) = tools::effects::request(clock, &stay, &settled) {
        requests::insert_once(tx, &request).await?;
    }
    let lang = Lang::of(&c.lang);
    let text = match was_done {
        true => tools::carried_out(&settled, stay.room, lang).say().to_text(lang),
        false => Say::NotDone { item: texts::item(&settled.plan, lang) }.to_text(lang),
    };
    // In staff's voice: it is their word, and stands while they hold the conversation.
    outbox::enqueue(tx, clock, &mut c, Speech::system(&text, Voice::Staff)).await?;
    let details = json!({ "effect": settled.id, "was_done": was_done });
    decide(tx, clock, by, &c, "effect_settled", details.clone()).await?;
    audit(tx, clock, by, c.property_id, "effect.settled", settled.id.to_string(), Some(details)).await?;
    write_back(tx, &c).await?;
    Ok(settled)
}

/// Staff have found the charge on the bill; what comes after the charge has never been begun.
fn posted(effect: &Effect) -> Note {
    match &effect.plan {
        Plan::Order { .. } if effect.course.steps_done == 0 => {
            Note::why("the charge stands; it may not be on the list of the hotel's own system")
        }
        Plan::Order { .. } | Plan::Request { .. } | Plan::Charge { .. } | Plan::LateCheckout { .. } => {
            Note::default()
        }
    }
}
