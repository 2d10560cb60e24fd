//! `/api/v1/properties/{p}/items`: what can be ordered, with price, department and hours.

use super::sentences;
use crate::domain::hotel::{Hotel, Hours};
use crate::domain::ids::ItemId;
use crate::domain::item::{Item, ItemDetails, ItemKind};
use crate::domain::money::Money;
use crate::domain::people::Role;
use crate::store::{audit, items};
use crate::web::extract::{Json, Path, Query};
use crate::web::paging::{Page, Paging};
use crate::web::{Caller, Web, WebError};
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The dearest thing that can be ordered, in minor units.
const DEAREST: i64 = 100_000_000;

pub fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(change, remove))
}

/// Something with a price.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ItemView {
    pub id: ItemId,
    pub kind: ItemKind,
    /// In the hotel's first language, or any.
    pub name: String,
    pub names: BTreeMap<String, String>,
    /// Other words that guests use for it.
    pub aliases: Vec<String>,
    pub price: Money,
    pub department: String,
    /// When it can be ordered; absent: always.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours: Option<Hours>,
    pub active: bool,
}

impl ItemView {
    pub fn new(hotel: &Hotel, item: &Item) -> Self {
        let ItemDetails { names, aliases, price_minor, department, hours } = item.details.clone();
        Self {
            id: item.id,
            kind: item.kind,
            name: hotel.localised(&names, "").unwrap_or("?").to_owned(),
            names,
            aliases,
            price: hotel.money(price_minor),
            department,
            hours,
            active: item.active,
        }
    }
}

/// What is written of an item; in a change, what is left out stays as it is.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemBody {
    /// `menu` unless told.
    pub kind: Option<ItemKind>,
    /// Short for `names` in the hotel's first language.
    pub name: Option<String>,
    pub names: Option<BTreeMap<String, String>>,
    pub aliases: Option<Vec<String>>,
    pub price: Option<Money>,
    pub department: Option<String>,
    /// `null`: always.
    #[serde(default, deserialize_with = "super::given")]
    #[schema(value_type = Option<Hours>)]
    pub hours: Option<Option<Hours>>,
    pub active: Option<bool>,
}

/// What can be ordered, oldest first.
#[utoipa::path(get, path = "/properties/{property}/items", tag = "properties",
    params(("property" = String, Path, description = "id or slug"), Paging), responses((status = 200, body = Page<ItemView>)))]
async fn list(
    State(web): State<Web>,
    caller: Caller,
    Path(property): Path<String>,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<ItemView>>, WebError> {
    let mut conn = web.db.read().await?;
    let hotel = caller.hotel(&mut conn, &property, Role::Agent).await?;
    let rows = items::list(&mut conn, hotel.id).await?;
    Ok(Json(super::page_of(rows, &paging, |item| item.id, |item| ItemView::new(&hotel, &item))?))
}

/// Adds an item; takes a manager.
#[utoipa::path(post, path = "/properties/{property}/items", tag = "properties",
    params(("property" = String, Path, description = "id or slug")), request_body = ItemBody, responses((status = 201, body = ItemView)))]
async fn create(
    State(web): State<Web>,
    caller: Caller,
    Path(property): Path<String>,
    Json(body): Json<ItemBody>,
) -> Result<(StatusCode, Json<ItemView>), WebError> {
    let hotel = caller.hotel(&mut web.db.read().await?, &property, Role::Manager).await?;
    let item = add(&web, &caller, &hotel, body).await?;
    Ok((StatusCode::CREATED, Json(ItemView::new(&hotel, &item))))
}

pub async fn add(web: &Web, caller: &Caller, hotel: &Hotel, body: ItemBody) -> Result<Item, WebError> {
    if body.price.is_none() {
        return Err(bad(
            "price: write what it costs, such as {\"amount_minor\": 1800, \"currency\": \"EUR\"}",
        ));
    }
    let details = ItemDetails {
        names: BTreeMap::new(),
        aliases: Vec::new(),
        price_minor: 0,
        department: String::new(),
        hours: None,
    };
    let blank = Item { id: web.clock.id(), kind: ItemKind::Menu, details, active: true };
    let item = changed(hotel, blank, body)?;
    let mut entry = caller.did("item.created", item.id, Some(hotel.id));
    entry.after = Some(shown(&item));
    let (clock, property, row) = (web.clock.clone(), hotel.id, item.clone());
    web.db
        .write::<_, WebError, _>(move |tx| {
            Box::pin(async move {
                items::insert(tx, property, &row, clock.now()).await?;
                Ok(audit::record(tx, &clock, entry).await?)
            })
        })
        .await?;
    Ok(item)
}

/// Changes what is named and leaves the rest; takes a manager.
#[utoipa::path(patch, path = "/properties/{property}/items/{id}", tag = "properties",
    params(("property" = String, Path, description = "id or slug"), ("id" = ItemId, Path)), request_body = ItemBody,
    responses((status = 200, body = ItemView)))]
async fn change(
    State(web): State<Web>,
    caller: Caller,
    Path((property, id)): Path<(String, ItemId)>,
    Json(body): Json<ItemBody>,
) -> Result<Json<ItemView>, WebError> {
    let hotel = caller.hotel(&mut web.db.read().await?, &property, Role::Manager).await?;
    let item = update(&web, &caller, &hotel, id, body).await?;
    Ok(Json(ItemView::new(&hotel, &item)))
}

pub async fn update(
    web: &Web,
    caller: &Caller,
    hotel: &Hotel,
    id: ItemId,
    body: ItemBody,
) -> Result<Item, WebError> {
    let (clock, caller, hotel) = (web.clock.clone(), caller.clone(), hotel.clone());
    web.db
        .write::<_, WebError, _>(move |tx| {
            Box::pin(async move {
                let before = items::find(tx, hotel.id, id).await?.ok_or(WebError::NotFound)?;
                let after = changed(&hotel, before.clone(), body)?;
                items::update(tx, hotel.id, &after, clock.now()).await?;
                let mut entry = caller.did("item.changed", id, Some(hotel.id));
                (entry.before, entry.after) = (Some(shown(&before)), Some(shown(&after)));
                audit::record(tx, &clock, entry).await?;
                Ok(after)
            })
        })
        .await
}

/// Takes an item from the list; orders already made keep what they were made of.
#[utoipa::path(delete, path = "/properties/{property}/items/{id}", tag = "properties",
    params(("property" = String, Path, description = "id or slug"), ("id" = ItemId, Path)), responses((status = 204)))]
async fn remove(
    State(web): State<Web>,
    caller: Caller,
    Path((property, id)): Path<(String, ItemId)>,
) -> Result<StatusCode, WebError> {
    let hotel = caller.hotel(&mut web.db.read().await?, &property, Role::Manager).await?;
    delete(&web, &caller, &hotel, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub async fn delete(web: &Web, caller: &Caller, hotel: &Hotel, id: ItemId) -> Result<(), WebError> {
    let (clock, caller, property) = (web.clock.clone(), caller.clone(), hotel.id);
    web.db
        .write::<_, WebError, _>(move |tx| {
            Box::pin(async move {
                let before = items::find(tx, property, id).await?.ok_or(WebError::NotFound)?;
                items::delete(tx, property, id, clock.now()).await?;
                let mut entry = caller.did("item.deleted", id, Some(property));
                entry.before = Some(shown(&before));
                Ok(audit::record(tx, &clock, entry).await?)
            })
        })
        .await
}

fn changed(hotel: &Hotel, mut item: Item, body: ItemBody) -> Result<Item, WebError> {
    let details = &mut item.details;
    if let Some(names) = body.names {
        details.names = names.into_iter().map(|(lang, name)| (lang, name.trim().to_owned())).collect();
    }
    if let Some(name) = body.name {
        let first = hotel.settings.languages.first().map_or("en", String::as_str);
        details.names.insert(first.to_owned(), name.trim().to_owned());
    }
    if let Some(price) = body.price {
        if price.currency != hotel.currency {
            return Err(bad(&format!("price: this hotel's prices are in {}", hotel.currency)));
        }
        details.price_minor = price.amount_minor;
    }
    if let Some(aliases) = body.aliases {
        let trimmed = aliases.iter().map(|alias| alias.trim().to_owned());
        details.aliases = trimmed.filter(|alias| !alias.is_empty()).collect();
    }
    if let Some(department) = body.department {
        details.department = department.trim().to_lowercase();
    }
    if let Some(hours) = body.hours {
        details.hours = hours;
    }
    item.kind = body.kind.unwrap_or(item.kind);
    item.active = body.active.unwrap_or(item.active);
    match problems(hotel, &item) {
        problems if problems.is_empty() => Ok(item),
        problems => Err(WebError::bad("bad_item", sentences(&problems))),
    }
}

fn problems(hotel: &Hotel, item: &Item) -> Vec<String> {
    let mut out = Vec::new();
    let details = &item.details;
    let is_line = |text: &str| {
        let length = text.chars().count();
        (1..=100).contains(&length) && !text.chars().any(char::is_control)
    };
    if details.names.is_empty() {
        out.push("name: write what it is called".to_owned());
    }
    for (lang, name) in &details.names {
        if lang.len() != 2 || !lang.bytes().all(|b| b.is_ascii_lowercase()) {
            out.push(format!("names: {lang} is no language code: write two small letters, such as en"));
        }
        if !is_line(name) {
            out.push(format!("names: the name for {lang} is one line of 1 to 100 characters"));
        }
    }
    if details.aliases.len() > 50 || !details.aliases.iter().all(|alias| is_line(alias)) {
        out.push("aliases: at most 50, each one line of up to 100 characters".to_owned());
    }
    if !(0..=DEAREST).contains(&details.price_minor) {
        out.push(format!("price: it lies between 0 and {}", hotel.money(DEAREST)));
    }
    if !is_line(&details.department) {
        out.push("department: write who prepares it, such as kitchen".to_owned());
    }
    out
}

fn bad(problem: &str) -> WebError {
    WebError::bad("bad_item", sentences(&[problem.to_owned()]))
}

fn shown(item: &Item) -> Value {
    json!({ "kind": item.kind, "details": item.details, "active": item.active })
}
