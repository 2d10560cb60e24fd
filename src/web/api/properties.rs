//! `/api/v1/properties`: hotels as data. A setting that cannot be right is refused with its name and what to write.

use super::{merge, sentences};
use crate::conversation::first_versions;
use crate::domain::hotel::{Hotel, HotelSettings};
use crate::domain::ids::PropertyId;
use crate::domain::money::Currency;
use crate::domain::people::{Reach, Role};
use crate::store::{DbError, audit, hotels, items};
use crate::web::extract::{Json, Path, Query};
use crate::web::paging::{Page, Paging};
use crate::web::{Caller, Web, WebError};
use axum::extract::State;
use axum::http::StatusCode;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(get, change))
}

/// A hotel with its settings.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct PropertyView {
    pub id: PropertyId,
    /// Its name in addresses; it stays.
    pub slug: String,
    pub name: String,
    /// IANA name.
    pub zone: String,
    pub currency: Currency,
    /// Raised by every change of the hotel and its things.
    pub revision: i64,
    #[serde(flatten)]
    pub settings: HotelSettings,
}

impl From<Hotel> for PropertyView {
    fn from(hotel: Hotel) -> Self {
        Self {
            id: hotel.id,
            slug: hotel.slug,
            name: hotel.name,
            zone: hotel.zone.name().to_owned(),
            currency: hotel.currency,
            revision: hotel.revision,
            settings: hotel.settings,
        }
    }
}

/// What a new hotel is written with. Bodies are read key by key, so that a refusal can name the key.
#[expect(dead_code, reason = "documents the body")]
#[derive(Deserialize, utoipa::ToSchema)]
struct NewProperty {
    slug: String,
    name: String,
    zone: String,
    currency: Currency,
    #[serde(flatten)]
    settings: HotelSettings,
}

/// What is left out stays as it is; `null` puts a setting back to what a new hotel has.
#[expect(dead_code, reason = "documents the body")]
#[derive(Deserialize, utoipa::ToSchema)]
struct PropertyChange {
    name: Option<String>,
    zone: Option<String>,
    currency: Option<Currency>,
    #[serde(flatten)]
    settings: HotelSettings,
}

/// The caller's hotels, by name.
#[utoipa::path(get, path = "/properties", tag = "properties", params(Paging), responses((status = 200, body = Page<PropertyView>)))]
async fn list(
    State(web): State<Web>,
    caller: Caller,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<PropertyView>>, WebError> {
    let limit = paging.limit()?;
    let after: Option<(String, PropertyId)> = paging.after()?;
    let rows = own(&web, &caller, Role::Agent).await?;
    let rows = rows
        .into_iter()
        .filter(|hotel| after.as_ref().is_none_or(|(name, id)| (&hotel.name, hotel.id) > (name, *id)));
    let mut rows: Vec<Hotel> = rows.collect();
    rows.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    rows.truncate(usize::try_from(limit + 1).unwrap_or(usize::MAX));
    Ok(Json(Page::new(rows, limit, |hotel| (hotel.name.clone(), hotel.id), PropertyView::from)))
}

/// The hotels at which the caller has the role, by name.
pub async fn own(web: &Web, caller: &Caller, role: Role) -> Result<Vec<Hotel>, WebError> {
    let mut all = hotels::list(&mut web.db.read().await?).await?;
    all.retain(|hotel| caller.grants.role_at(hotel.id) >= Some(role));
    Ok(all)
}

/// One hotel.
#[utoipa::path(get, path = "/properties/{property}", tag = "properties", params(("property" = String, Path, description = "id or slug")),
    responses((status = 200, body = PropertyView)))]
async fn get(
    State(web): State<Web>,
    caller: Caller,
    Path(property): Path<String>,
) -> Result<Json<PropertyView>, WebError> {
    let hotel = caller.hotel(&mut web.db.read().await?, &property, Role::Agent).await?;
    Ok(Json(hotel.into()))
}

/// Makes a hotel, with the standard prompt and rules published; takes a manager of all hotels.
#[utoipa::path(post, path = "/properties", tag = "properties", request_body = NewProperty, responses((status = 201, body = PropertyView)))]
async fn create(
    State(web): State<Web>,
    caller: Caller,
    Json(body): Json<Map<String, Value>>,
) -> Result<(StatusCode, Json<PropertyView>), WebError> {
    Ok((StatusCode::CREATED, Json(add(&web, &caller, body).await?.into())))
}

/// The hotel behind the route, for the console too.
pub async fn add(web: &Web, caller: &Caller, body: Map<String, Value>) -> Result<Hotel, WebError> {
    caller.may_in(Reach::Everywhere, Role::Manager)?;
    let hotel = new_hotel(web, body)?;
    let clock = web.clock.clone();
    let mut entry = caller.did("property.created", hotel.id, Some(hotel.id));
    entry.after = Some(shown(&hotel));
    let made = web.db.write::<_, WebError, _>(move |tx| {
        Box::pin(async move {
            hotels::insert(tx, &hotel, clock.now()).await.map_err(|error| match error {
                DbError::Unique => {
                    WebError::conflict("slug_taken", "Another hotel has this slug: choose another one.")
                }
                other => other.into(),
            })?;
            first_versions::publish(tx, &clock, hotel.id).await?;
            audit::record(tx, &clock, entry).await?;
            hotels::find(tx, hotel.id).await?.ok_or(WebError::Internal)
        })
    });
    made.await
}

fn new_hotel(web: &Web, body: Map<String, Value>) -> Result<Hotel, WebError> {
    let needed = |key: &'static str| {
        let found = body.get(key).is_some_and(Value::is_string);
        if found {
            Ok(())
        } else {
            Err(bad(&format!("{key} is missing: a new hotel needs slug, name, zone and currency")))
        }
    };
    ["slug", "name", "zone", "currency"].into_iter().try_for_each(needed)?;
    let slug = body.get("slug").and_then(Value::as_str).unwrap_or_default().to_owned();
    let blank = Hotel {
        id: web.clock.id(),
        slug,
        name: String::new(),
        zone: Tz::UTC,
        currency: read_currency(&Value::String("EUR".to_owned()))?,
        revision: 1,
        settings: HotelSettings::default(),
    };
    let mut patch = body;
    patch.remove("slug");
    changed(&blank, &patch)
}

/// Changes what is named and leaves the rest; takes a manager.
#[utoipa::path(patch, path = "/properties/{property}", tag = "properties", params(("property" = String, Path, description = "id or slug")),
    request_body = PropertyChange, responses((status = 200, body = PropertyView)))]
async fn change(
    State(web): State<Web>,
    caller: Caller,
    Path(property): Path<String>,
    Json(patch): Json<Map<String, Value>>,
) -> Result<Json<PropertyView>, WebError> {
    let hotel = caller.hotel(&mut web.db.read().await?, &property, Role::Manager).await?;
    Ok(Json(patch_hotel(&web, &caller, hotel.id, patch).await?.into()))
}

/// The change behind the route, for the console too.
pub async fn patch_hotel(
    web: &Web,
    caller: &Caller,
    id: PropertyId,
    patch: Map<String, Value>,
) -> Result<Hotel, WebError> {
    let (clock, caller) = (web.clock.clone(), caller.clone());
    web.db
        .write::<_, WebError, _>(move |tx| {
            Box::pin(async move {
                let before = hotels::begin_change(tx, id, clock.now()).await?.ok_or(WebError::NotFound)?;
                let after = changed(&before, &patch)?;
                if after.currency != before.currency && !items::list(tx, id).await?.is_empty() {
                    return Err(bad(&format!(
                        "currency: the prices of the items are in {}: remove the items first, then change it",
                        before.currency
                    )));
                }
                hotels::update(tx, &after).await?;
                let mut entry = caller.did("property.changed", id, Some(id));
                (entry.before, entry.after) = difference(&shown(&before), &shown(&after));
                audit::record(tx, &clock, entry).await?;
                Ok(after)
            })
        })
        .await
}

/// The hotel as the patch wants it, judged.
fn changed(before: &Hotel, patch: &Map<String, Value>) -> Result<Hotel, WebError> {
    let mut after = before.clone();
    let mut settings = serde_json::to_value(&before.settings).map_err(|_| WebError::Internal)?;
    for (key, value) in patch {
        match key.as_str() {
            "name" => after.name = text(key, value)?.trim().to_owned(),
            "zone" => after.zone = read_zone(value)?,
            "currency" => after.currency = read_currency(value)?,
            "slug" if value.as_str() == Some(&before.slug) => {}
            "slug" => return Err(bad("slug: it cannot be changed, because links and webhooks hold it")),
            _ => {
                let mut one = Map::new();
                one.insert(key.clone(), value.clone());
                merge(&mut settings, &Value::Object(one));
                // Read after each key, so that the refusal names the one that does not fit.
                after.settings = serde_json::from_value(settings.clone())
                    .map_err(|error| bad(&format!("{key}: {error}")))?;
            }
        }
    }
    match after.problems() {
        problems if problems.is_empty() => Ok(after),
        problems => Err(WebError::bad("bad_property", sentences(&problems))),
    }
}

fn bad(problem: &str) -> WebError {
    WebError::bad("bad_property", sentences(&[problem.to_owned()]))
}

fn text<'v>(key: &str, value: &'v Value) -> Result<&'v str, WebError> {
    value.as_str().ok_or_else(|| bad(&format!("{key}: write a text")))
}

fn read_zone(value: &Value) -> Result<Tz, WebError> {
    let name = text("zone", value)?;
    name.parse().map_err(|_| {
        bad(&format!(
            "zone: {name} is no time zone: write its name in the IANA database, such as Europe/Lisbon"
        ))
    })
}

fn read_currency(value: &Value) -> Result<Currency, WebError> {
    let code = text("currency", value)?;
    code.parse().map_err(|error| bad(&format!("currency: {code} is none: {error}")))
}

fn shown(hotel: &Hotel) -> Value {
    json!({
        "name": hotel.name,
        "zone": hotel.zone.name(),
        "currency": hotel.currency,
        "settings": hotel.settings,
    })
}

/// Only what differs, so that a line of the audit can be read.
fn difference(before: &Value, after: &Value) -> (Option<Value>, Option<Value>) {
    let flat = |value: &Value| {
        let mut flat = value.as_object().cloned().unwrap_or_default();
        if let Some(Value::Object(settings)) = flat.remove("settings") {
            flat.extend(settings);
        }
        flat
    };
    let (before, after) = (flat(before), flat(after));
    let only = |these: &Map<String, Value>, those: &Map<String, Value>| {
        let differing = these.iter().filter(|(key, value)| those.get(*key) != Some(value));
        Value::Object(differing.map(|(key, value)| (key.clone(), value.clone())).collect())
    };
    (Some(only(&before, &after)), Some(only(&after, &before)))
}
