//! Beginning a web chat: a conversation and the secret token that opens it, perhaps bound to a stay by a signed link.

use super::CHANNEL;
use super::gate::Visited;
use crate::conversation::{ProvedBy, attach_stay};
use crate::domain::hotel::Hotel;
use crate::domain::ids::ConversationId;
use crate::domain::proof::{Proof, Verified};
use crate::domain::stay::Stay;
use crate::intake;
use crate::secrets::{hash_token, random_token};
use crate::store::web_sessions::{self, WebSession};
use crate::store::{Tx, stay_tokens, stays};
use crate::web::error::WebError;
use crate::web::extract::{Json, OptionalJson};
use crate::web::network::ClientAddress;
use crate::web::state::Web;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How long a browser may go on with a conversation.
const LIFE: TimeDelta = TimeDelta::days(30);

#[derive(Deserialize, Default)]
pub(super) struct Wanted {
    /// `en`, `es-MX`: what the page is read in.
    locale: Option<String>,
    /// Of a link in the room or in a confirmation.
    stay_token: Option<SecretString>,
}

#[derive(Serialize)]
struct Opened {
    token: String,
    conversation: ConversationId,
    hotel: HotelView,
}

/// What the widget shows of the hotel.
#[derive(Serialize)]
struct HotelView {
    name: String,
    accent: Option<String>,
    greeting: Option<String>,
    languages: Vec<String>,
}

/// `POST /chat/{property}/sessions`
pub(super) async fn open(
    State(web): State<Web>,
    Visited(book): Visited,
    from: ClientAddress,
    OptionalJson(wanted): OptionalJson<Wanted>,
) -> Result<Response, WebError> {
    let lang = language(&book.hotel, wanted.locale.as_deref());
    let token = random_token();
    let opening = Opening {
        token_hash: hash_token(token.expose_secret()),
        stay_token_hash: wanted.stay_token.map(|token| hash_token(token.expose_secret())),
        network: from.network(),
        lang: lang.clone(),
    };
    let (unit_web, unit_book) = (web.clone(), book.clone());
    let conversation = web
        .db
        .write::<_, WebError, _>(move |tx| {
            Box::pin(async move { store(tx, &unit_web, &unit_book.hotel, &opening).await })
        })
        .await?;
    let settings = &book.hotel.settings;
    let hotel = HotelView {
        name: book.hotel.name.clone(),
        accent: settings.accent.clone(),
        greeting: book.hotel.localised(&settings.greeting, &lang).map(str::to_owned),
        languages: settings.languages.clone(),
    };
    let opened = Opened { token: token.expose_secret().to_owned(), conversation, hotel };
    Ok((StatusCode::CREATED, Json(opened)).into_response())
}

/// The page's language where the hotel speaks it, else the hotel's own.
fn language(hotel: &Hotel, locale: Option<&str>) -> String {
    let primary = locale.and_then(|tag| tag.split(['-', '_']).next()).map(str::to_ascii_lowercase);
    let spoken = primary.filter(|lang| hotel.settings.languages.contains(lang));
    spoken.unwrap_or_else(|| intake::default_lang(hotel))
}

struct Opening {
    token_hash: [u8; 32],
    stay_token_hash: Option<[u8; 32]>,
    network: String,
    lang: String,
}

async fn store(tx: &mut Tx, web: &Web, hotel: &Hotel, opening: &Opening) -> Result<ConversationId, WebError> {
    let now = web.clock.now();
    check_pace(tx, &opening.network, web.settings.chat_sessions_per_hour, now).await?;
    let stay = match &opening.stay_token_hash {
        Some(hash) => Some(proved_stay(tx, hotel, hash, now).await?),
        None => None,
    };
    let begun = intake::Opening {
        hotel,
        channel: CHANNEL,
        address: &web.clock.id::<Uuid>().as_simple().to_string(),
        lasting_id: None,
        integration_id: None,
        network: Some(opening.network.clone()),
        lang: &opening.lang,
    };
    let mut conversation = intake::open(tx, &web.clock, begun).await?;
    if let Some(stay) = stay {
        let by = ProvedBy { proof: stay.proof(), seq: 0, turn: None };
        attach_stay(tx, &web.clock, &mut conversation, stay.get(), by).await?;
    }
    let session = WebSession { property_id: hotel.id, conversation_id: conversation.id };
    web_sessions::insert(tx, &opening.token_hash, &session, &opening.network, now, now + LIFE).await?;
    Ok(conversation.id)
}

async fn check_pace(tx: &mut Tx, network: &str, per_hour: u32, now: DateTime<Utc>) -> Result<(), WebError> {
    let Some(at) = web_sessions::opened_at(tx, network, per_hour.max(1)).await? else { return Ok(()) };
    let wait = at + TimeDelta::hours(1) - now;
    if wait <= TimeDelta::zero() {
        return Ok(());
    }
    Err(WebError::TooMany { retry_after_secs: (wait.num_milliseconds() + 999) / 1000 })
}

/// The stay that a link proves. An unknown link, one that has ended and one of another hotel are the same.
async fn proved_stay(
    tx: &mut Tx,
    hotel: &Hotel,
    token_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<Verified<Stay>, WebError> {
    let found = match stay_tokens::find_valid(tx, token_hash, now).await? {
        Some(id) => stays::find(tx, id).await?,
        None => None,
    };
    let detail = "This link is not valid, or not any more. The chat works without it.";
    found
        .filter(|stay| stay.property_id == hotel.id)
        .and_then(|stay| Verified::new(stay, Proof::Token))
        .ok_or(WebError::Unauthorized { code: "stay_token", detail })
}
