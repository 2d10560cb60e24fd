//! The page at `/`: a hotel's own page with the chat on it; with several hotels their list, with none how to make one.

use crate::domain::hotel::Hotel;
use crate::store::hotels;
use crate::web::error::{WebError, page};
use crate::web::extract::Query;
use crate::web::state::Web;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

/// The language of the page's own words.
const LANG: &str = "en";
const LINKS: &[Link] =
    &[Link { label: "Staff inbox", href: "/inbox" }, Link { label: "Console", href: "/console" }];

#[derive(Template)]
#[template(path = "guest/home.html")]
struct HomePage<'a> {
    hotel: &'a str,
    property: &'a str,
    lines: Vec<&'a str>,
    links: &'a [Link],
    stay_token: Option<&'a str>,
}

struct Link {
    label: &'static str,
    href: &'static str,
}

#[derive(Template)]
#[template(path = "guest/hotels.html")]
struct HotelsPage<'a> {
    hotels: &'a [Hotel],
    links: &'a [Link],
}

#[derive(Deserialize)]
pub(super) struct Target {
    /// A hotel's slug.
    property: Option<String>,
    /// Proves one stay; the widget hands it in.
    stay_token: Option<String>,
}

/// `GET /`
pub(super) async fn show(State(web): State<Web>, Query(target): Query<Target>) -> Result<Response, WebError> {
    let hotels = hotels::list(&mut web.db.read().await?).await?;
    let chosen = match (&target.property, hotels.as_slice()) {
        (Some(slug), _) => Some(hotels.iter().find(|hotel| hotel.slug == *slug).ok_or(WebError::NotFound)?),
        (None, [only]) => Some(only),
        (None, _) => None,
    };
    let Some(hotel) = chosen else {
        return Ok(page(&HotelsPage { hotels: &hotels, links: LINKS })?.into_response());
    };
    let about = hotel.localised(&hotel.settings.description, LANG).unwrap_or_default();
    let shown = HomePage {
        hotel: &hotel.name,
        property: &hotel.slug,
        lines: about.lines().map(str::trim).filter(|line| !line.is_empty()).collect(),
        links: LINKS,
        stay_token: target.stay_token.as_deref().filter(|token| !token.is_empty()),
    };
    Ok(page(&shown)?.into_response())
}
