//! Reads what a conversation's screen and its JSON show. It writes nothing.

use super::views::{ConversationDetail, EffectView, GuestView, IdentityView, MessageView};
use crate::domain::ids::{ConversationId, GuestId};
use crate::store::inbox::{self, InboxRow};
use crate::store::{Conn, DbError, effects, escalations, messages as kept, opt_outs, requests, stays};
use crate::web::WebError;
use chrono::{DateTime, Utc};

/// How many effects of a conversation are shown.
const EFFECTS: i64 = 100;
const CONVERSATIONS: i64 = 50;

/// Everything beside the messages themselves.
pub async fn detail(
    conn: &mut Conn,
    row: InboxRow,
    now: DateTime<Utc>,
) -> Result<ConversationDetail, DbError> {
    let stay = match row.stay_id {
        Some(id) => stays::find(conn, id).await?,
        None => None,
    };
    let opted_out = opt_outs::find(conn, row.property_id, &row.channel, &row.address).await?;
    let mut effects = effects::list_last(conn, row.id, EFFECTS).await?;
    effects.reverse();
    Ok(ConversationDetail {
        proved_at: row.proved_at,
        stay_details: stay.map(Into::into),
        opted_out,
        window_closes_at: row.window_closes_at,
        escalations: escalations::list(conn, row.id).await?.into_iter().map(Into::into).collect(),
        effects: effects.into_iter().map(|effect| EffectView::new(effect, now)).collect(),
        requests: requests::list_by_conversation(conn, row.id).await?.into_iter().map(Into::into).collect(),
        conversation: row.into(),
    })
}

/// Messages after `after`, oldest first; without it the last `limit`. Notes among staff are in it.
pub async fn messages(
    conn: &mut Conn,
    conversation: ConversationId,
    after: Option<i64>,
    limit: i64,
) -> Result<Vec<MessageView>, DbError> {
    let found = match after {
        Some(after) => kept::list_after(conn, conversation, after, limit).await?,
        None => kept::list_last(conn, conversation, limit).await?,
    };
    let names = inbox::staff_names(conn, conversation).await?;
    Ok(found.into_iter().map(|message| MessageView::new(message, &names)).collect())
}

/// The guest's profile.
pub async fn guest(conn: &mut Conn, id: GuestId) -> Result<GuestView, WebError> {
    let guest = inbox::find_guest(conn, id).await?.ok_or(WebError::NotFound)?;
    let conversations = inbox::list_of_guest(conn, id, CONVERSATIONS).await?;
    let identity = |(channel, address)| IdentityView { channel, address };
    Ok(GuestView {
        id,
        property: guest.property_id,
        name: guest.name,
        lang: guest.lang,
        created_at: guest.created_at,
        identities: inbox::identities(conn, id).await?.into_iter().map(identity).collect(),
        conversations: conversations.into_iter().map(Into::into).collect(),
    })
}
