//! `/api/v1/conversations`, the acting half: what staff, and keys that act as staff, do with a conversation.

use crate::conversation::desk::{Desk, DeskError, Spoken};
use crate::domain::conversation::{Conversation, Status};
use crate::domain::ids::{ConversationId, MessageId, UserId};
use crate::domain::people::Staff;
use crate::store::{Bell, Typist, inbox};
use crate::web::desk::{self, ConversationView, MessageView};
use crate::web::extract::{Json, OptionalJson, Path, check_client_id};
use crate::web::{Caller, Web, WebError};
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use std::collections::HashMap;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(reply))
        .routes(routes!(note))
        .routes(routes!(take_over))
        .routes(routes!(hand_back))
        .routes(routes!(resolve))
        .routes(routes!(assign))
        .routes(routes!(read))
        .routes(routes!(typing))
        .routes(routes!(retry))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Words {
    text: String,
    /// The writer's own key: the same key again is the same message.
    client_id: Option<String>,
}

/// Does something at the desk, once it is sure that the conversation is the caller's to see.
pub(super) async fn at_desk<T>(
    web: &Web,
    caller: &Caller,
    id: ConversationId,
    act: impl AsyncFnOnce(Desk, Staff) -> Result<T, DeskError>,
) -> Result<T, WebError> {
    desk::conversation(&mut web.db.read().await?, caller, id).await?;
    match act(desk::desk(web), caller.staff()).await {
        Ok(done) => Ok(done),
        Err(error) => Err(desk::refusal(web, error).await),
    }
}

/// An act that changes the conversation, which is shown as it then stands.
async fn change(
    web: &Web,
    caller: &Caller,
    id: ConversationId,
    act: impl AsyncFnOnce(Desk, Staff) -> Result<Conversation, DeskError>,
) -> Result<Json<ConversationView>, WebError> {
    at_desk(web, caller, id, act).await?;
    let row = inbox::find(&mut web.db.read().await?, id).await?.ok_or(WebError::NotFound)?;
    Ok(Json(row.into()))
}

/// 201 the first time, 200 when the same key had written it before.
pub(super) async fn speak(
    web: &Web,
    caller: &Caller,
    id: ConversationId,
    text: &str,
    key: Option<String>,
    act: impl AsyncFnOnce(Desk, Staff, String, Option<String>) -> Result<Spoken, DeskError>,
) -> Result<(StatusCode, Json<MessageView>), WebError> {
    let text = desk::text(text)?;
    key.as_deref().map_or(Ok(()), check_client_id)?;
    let said = at_desk(web, caller, id, async |desk, me| act(desk, me, text, key).await);
    let Spoken { message, repeated } = said.await?;
    let names = HashMap::from_iter([(caller.staff_id(), caller.name.clone())]);
    let status = if repeated { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, Json(MessageView::new(message, &names))))
}

/// Answers the guest on their channel. Where nobody holds the conversation, this takes it over in the same
/// transaction; 409 `not_yours` while somebody else has it.
#[utoipa::path(post, path = "/conversations/{id}/messages", tag = "conversations", params(("id" = ConversationId, Path)),
    request_body = Words, responses((status = 201, body = MessageView), (status = 200, body = MessageView)))]
async fn reply(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Json(words): Json<Words>,
) -> Result<(StatusCode, Json<MessageView>), WebError> {
    let act = async |desk: Desk, me, text, key| desk.reply(me, id, text, key).await;
    speak(&web, &caller, id, &words.text, words.client_id, act).await
}

/// Writes a note that only staff see.
#[utoipa::path(post, path = "/conversations/{id}/notes", tag = "conversations", params(("id" = ConversationId, Path)),
    request_body = Words, responses((status = 201, body = MessageView), (status = 200, body = MessageView)))]
async fn note(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Json(words): Json<Words>,
) -> Result<(StatusCode, Json<MessageView>), WebError> {
    let act = async |desk: Desk, me, text, key| desk.note(me, id, text, key).await;
    speak(&web, &caller, id, &words.text, words.client_id, act).await
}

#[derive(Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeOver {
    /// The holder whom the caller saw; absent or null: nobody.
    expected_holder: Option<UserId>,
}

/// Takes the conversation over: the bot falls silent at once. 409 `taken`, with who has it, if the holder is not the
/// expected one.
#[utoipa::path(post, path = "/conversations/{id}/take-over", tag = "conversations", params(("id" = ConversationId, Path)),
    request_body = TakeOver, responses((status = 200, body = ConversationView)))]
async fn take_over(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    OptionalJson(body): OptionalJson<TakeOver>,
) -> Result<Json<ConversationView>, WebError> {
    change(&web, &caller, id, async |desk, me| desk.take_over(me, id, body.expected_holder).await).await
}

/// Gives the conversation back to the bot.
#[utoipa::path(post, path = "/conversations/{id}/hand-back", tag = "conversations", params(("id" = ConversationId, Path)),
    responses((status = 200, body = ConversationView)))]
async fn hand_back(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<ConversationId>,
) -> Result<Json<ConversationView>, WebError> {
    change(&web, &caller, id, async |desk, me| desk.hand_back(me, id).await).await
}

/// Closes the conversation; the guest's next message opens it again.
#[utoipa::path(post, path = "/conversations/{id}/resolve", tag = "conversations", params(("id" = ConversationId, Path)),
    responses((status = 200, body = ConversationView)))]
async fn resolve(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<ConversationId>,
) -> Result<Json<ConversationView>, WebError> {
    change(&web, &caller, id, async |desk, me| desk.resolve(me, id).await).await
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Assign {
    user: UserId,
}

/// Gives the conversation to a colleague.
#[utoipa::path(post, path = "/conversations/{id}/assign", tag = "conversations", params(("id" = ConversationId, Path)),
    request_body = Assign, responses((status = 200, body = ConversationView)))]
async fn assign(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Json(body): Json<Assign>,
) -> Result<Json<ConversationView>, WebError> {
    change(&web, &caller, id, async |desk, me| desk.assign(me, id, body.user).await).await
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    /// The number of the last message that was looked at.
    seq: i64,
}

/// Says that staff look at the conversation: nothing rings for it any more.
#[utoipa::path(post, path = "/conversations/{id}/read", tag = "conversations", params(("id" = ConversationId, Path)),
    request_body = Seen, responses((status = 200, body = ConversationView)))]
async fn read(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Json(seen): Json<Seen>,
) -> Result<Json<ConversationView>, WebError> {
    change(&web, &caller, id, async |desk, me| desk.mark_read(me, id, seen.seq).await).await
}

/// Shows the guest that somebody is writing; nothing is stored, and nothing happens unless the caller holds the
/// conversation.
#[utoipa::path(post, path = "/conversations/{id}/typing", tag = "conversations", params(("id" = ConversationId, Path)),
    responses((status = 204)))]
async fn typing(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<ConversationId>,
) -> Result<StatusCode, WebError> {
    let row = desk::conversation(&mut web.db.read().await?, &caller, id).await?;
    if row.status == Status::Staff && row.holder == Some(caller.staff_id()) {
        let who = Typist::Staff;
        web.db.bells().ring_all(vec![Bell::Typing { property: row.property_id, conversation: id, who }]);
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Sends a message once more that failed, or whose fate is in doubt; 409 `not_failed` for any other.
#[utoipa::path(post, path = "/conversations/{id}/messages/{message}/retry", tag = "conversations",
    params(("id" = ConversationId, Path), ("message" = MessageId, Path)), responses((status = 200, body = MessageView)))]
async fn retry(
    State(web): State<Web>,
    caller: Caller,
    Path((id, message)): Path<(ConversationId, MessageId)>,
) -> Result<Json<MessageView>, WebError> {
    let message = at_desk(&web, &caller, id, async |desk, me| desk.retry(me, id, message).await).await?;
    let names = inbox::staff_names(&mut web.db.read().await?, id).await?;
    Ok(Json(MessageView::new(message, &names)))
}
