//! Taking a charge back: first off the hotel's bill, then in our books, and the guest is told.

use super::floor::write_back;
use super::{Desk, DeskError, audit, decide, lock};
use crate::clock::Clock;
use crate::connectors::Connector;
use crate::domain::effect::{Effect, EffectState};
use crate::domain::ids::EffectId;
use crate::domain::message::Voice;
use crate::domain::money::Money;
use crate::domain::people::Staff;
use crate::outbox::{self, Speech};
use crate::store::{Tx, effects, stays};
use crate::texts::{self, Lang, Say};
use serde_json::json;

impl Desk {
    /// Voids a charge that stands on the bill. Voiding it again changes nothing.
    pub async fn void_charge(
        &self,
        by: Staff,
        id: EffectId,
        reason: String,
        connector: &dyn Connector,
    ) -> Result<Effect, DeskError> {
        let mut conn = self.db.read().await?;
        let effect = effects::find(&mut conn, id).await?.ok_or(DeskError::NotFound)?;
        let total = effect.total.ok_or(DeskError::NotFound)?;
        if effect.voided_at.is_some() {
            return Ok(effect);
        }
        // Of an unknown one nobody can say whether it is on the bill: somebody has to look there first.
        if effect.state != EffectState::Succeeded {
            return Err(DeskError::NotVoidable { state: effect.state });
        }
        let stay = stays::find(&mut conn, effect.stay_id).await?.ok_or(DeskError::NotFound)?;
        drop(conn);
        let folios = connector.folios().ok_or(DeskError::NoFolios)?;
        folios.void(&stay, &effect.id.to_string(), effect.course.external_id.as_deref()).await?;
        let clock = self.clock.clone();
        self.db
            .write(move |tx| {
                Box::pin(async move { write_down(tx, &clock, &by, &effect, total, &reason).await })
            })
            .await
    }
}

async fn write_down(
    tx: &mut Tx,
    clock: &Clock,
    by: &Staff,
    effect: &Effect,
    total: Money,
    reason: &str,
) -> Result<Effect, DeskError> {
    let mut c = lock(tx, effect.conversation_id).await?;
    if effects::void(tx, effect.id, reason, clock.now()).await? {
        let lang = Lang::of(&c.lang);
        let text = Say::ChargeVoided { item: texts::item(&effect.plan, lang), total }.to_text(lang);
        // In staff's voice: it is their word, and stands while they hold the conversation.
        outbox::enqueue(tx, clock, &mut c, Speech::system(&text, Voice::Staff)).await?;
        let details = json!({ "effect": effect.id, "total": total, "reason": reason });
        decide(tx, clock, by, &c, "charge_voided", details.clone()).await?;
        let subject = crate::domain::ids::ChargeId::from(effect.id).to_string();
        audit(tx, clock, by, c.property_id, "charge.voided", subject, Some(details)).await?;
        write_back(tx, &c).await?;
    }
    effects::find(tx, effect.id).await?.ok_or(DeskError::NotFound)
}
