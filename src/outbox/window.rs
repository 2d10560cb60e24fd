//! What passes once a guest has been silent for too long: a template that staff have filled, or the one that the account
//! keeps for the bot's late answers. Whether it arrives is not decided here.

use super::Speech;
use crate::channels;
use crate::domain::conversation::Conversation;
use crate::domain::message::Author;
use crate::domain::template::Template;
use crate::store::outbox::Payload;
use crate::store::{DbError, Tx, integrations};
use chrono::{DateTime, Utc};

/// What is sent for it; `None`: nothing of it passes now.
pub(super) async fn payload(
    tx: &mut Tx,
    conversation: &Conversation,
    speech: &Speech<'_>,
    now: DateTime<Utc>,
) -> Result<Option<Payload>, DbError> {
    let text = speech.text.to_owned();
    if let Some(template) = speech.template.clone() {
        return Ok(Some(Payload::Template { template, text }));
    }
    if !conversation.is_window_closed(now) {
        return Ok(Some(Payload::Text { text, choices: speech.choices.clone() }));
    }
    // A price that nobody has seen in full must not be agreed to, and staff choose their own words.
    if speech.author == Author::Staff || speech.quote.is_some() {
        return Ok(None);
    }
    stand_in(tx, conversation, speech.text).await
}

/// The account's template for late answers, with the answer in its blank.
async fn stand_in(tx: &mut Tx, conversation: &Conversation, text: &str) -> Result<Option<Payload>, DbError> {
    let Some(id) = conversation.integration_id else { return Ok(None) };
    let Some(integration) = integrations::find(tx, conversation.property_id, id).await? else {
        return Ok(None);
    };
    let late = channels::by_kind(&integration.kind)
        .and_then(|channel| channel.late_template(&integration.config, &conversation.lang));
    let Some((name, lang)) = late else { return Ok(None) };
    let template = Template::new(name, lang, String::new(), "{{1}}".to_owned());
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let filled = template.fill(&[line]).ok().map(|(filled, _)| filled);
    Ok(filled.map(|template| Payload::Template { template, text: text.to_owned() }))
}
