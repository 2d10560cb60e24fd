//! `/api/v1/conversations/{id}/templates`: the approved texts that the channel's vendor takes at any time, and the sending
//! of one. They are asked for at the vendor each time; nothing is kept.

use super::acts::speak;
use crate::conversation::desk::Desk;
use crate::domain::ids::ConversationId;
use crate::domain::template::{Misfit, Template};
use crate::store::conversations;
use crate::web::desk::{self, MessageView};
use crate::web::extract::{Json, Path};
use crate::web::{Caller, Web, WebError};
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(send))
}

/// The templates that can be filled with words alone, in every language in which they are approved.
#[utoipa::path(get, path = "/conversations/{id}/templates", tag = "conversations",
    params(("id" = ConversationId, Path)), responses((status = 200, body = [Template])))]
async fn list(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<ConversationId>,
) -> Result<Json<Vec<Template>>, WebError> {
    Ok(Json(templates(&web, &caller, id).await?))
}

async fn templates(web: &Web, caller: &Caller, id: ConversationId) -> Result<Vec<Template>, WebError> {
    let mut conn = web.db.read().await?;
    desk::conversation(&mut conn, caller, id).await?;
    let conversation = conversations::find(&mut conn, id).await?.ok_or(WebError::NotFound)?;
    drop(conn);
    let none = || unlisted("This guest's channel has no templates.".to_owned());
    let integration = conversation.integration_id.ok_or_else(none)?;
    let opened = web.accounts.open(conversation.property_id, integration).await;
    let opened = opened.map_err(|error| unlisted(error.to_string()))?;
    let request = opened.account.templates().map_err(unlisted)?;
    let answer = web.http.send(request).await;
    opened.account.classify_templates(answer.as_ref()).map_err(unlisted)
}

fn unlisted(why: String) -> WebError {
    WebError::conflict("no_templates", why)
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    name: String,
    lang: String,
    /// What stands in the blanks, in their order.
    #[serde(default)]
    values: Vec<String>,
    /// The writer's own key: the same key again is the same message.
    client_id: Option<String>,
}

/// Sends one to the guest. As with a reply, this takes the conversation over where nobody holds it.
#[utoipa::path(post, path = "/conversations/{id}/templates", tag = "conversations",
    params(("id" = ConversationId, Path)), request_body = Choice,
    responses((status = 201, body = MessageView), (status = 200, body = MessageView)))]
async fn send(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Json(choice): Json<Choice>,
) -> Result<(StatusCode, Json<MessageView>), WebError> {
    let found = templates(&web, &caller, id).await?;
    let template = found.iter().find(|one| one.name == choice.name && one.lang == choice.lang);
    let template = template.ok_or_else(|| {
        WebError::conflict(
            "no_such_template",
            "There is no approved template of this name and language any more.",
        )
    })?;
    let (filled, text) = template.fill(&choice.values).map_err(misfit)?;
    let act = async |desk: Desk, me, text, key| desk.send_template(me, id, filled, text, key).await;
    speak(&web, &caller, id, &text, choice.client_id, act).await
}

fn misfit(misfit: Misfit) -> WebError {
    let words = misfit.to_string();
    let mut letters = words.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    WebError::bad("bad_blanks", format!("{first}{}.", letters.as_str()))
}
