//! The page of items and prices: what can be ordered, each opened to be corrected.

use super::fields::{Fields, hours, language, languages, money, show_time};
use super::shell::{Shell, Which, form_problem, show};
use crate::domain::hotel::Hotel;
use crate::domain::ids::ItemId;
use crate::domain::item::{Item, ItemKind};
use crate::store::items;
use crate::web::api::items::{self as api, ItemBody};
use crate::web::error::WebError;
use crate::web::extract::{Form, Query};
use crate::web::{Caller, Web};
use askama::Template;
use axum::extract::State;
use axum::response::Response;

#[derive(Template)]
#[template(path = "console/items.html")]
struct ItemsPage {
    frame: Shell,
    items: Vec<ItemForm>,
    /// What was typed for a new one.
    new: ItemForm,
}

/// An item as it stands in its form.
#[derive(Default)]
struct ItemForm {
    /// Empty: a new one.
    id: String,
    name: String,
    /// By language.
    names: Vec<(String, String)>,
    aliases: String,
    price: String,
    department: String,
    from: String,
    to: String,
    is_extra: bool,
    active: bool,
    problem: Option<String>,
}

impl ItemForm {
    fn blank(hotel: &Hotel) -> Self {
        let names = hotel.settings.languages.iter().map(|lang| (lang.clone(), String::new())).collect();
        Self { names, active: true, ..Self::default() }
    }

    fn new(hotel: &Hotel, item: &Item) -> Self {
        let details = &item.details;
        let name = |lang: &String| (lang.clone(), details.names.get(lang).cloned().unwrap_or_default());
        let end = |of: fn(crate::domain::hotel::Hours) -> chrono::NaiveTime| {
            details.hours.map(|hours| show_time(of(hours))).unwrap_or_default()
        };
        Self {
            id: item.id.to_string(),
            name: hotel.localised(&details.names, "").unwrap_or("?").to_owned(),
            names: languages(hotel, &details.names).iter().map(name).collect(),
            aliases: details.aliases.join("\n"),
            price: hotel.money(details.price_minor).amount(),
            department: details.department.clone(),
            from: end(|hours| hours.from),
            to: end(|hours| hours.to),
            is_extra: item.kind == ItemKind::Extra,
            active: item.active,
            problem: None,
        }
    }

    /// As it was typed.
    fn typed(fields: &Fields, hotel: &Hotel, problem: String) -> Self {
        let given = fields.by_language("name");
        let name = |lang: &String| (lang.clone(), given.get(lang).cloned().unwrap_or_default());
        Self {
            id: fields.get("id").to_owned(),
            name: given.values().next().cloned().unwrap_or_default(),
            names: languages(hotel, &given).iter().map(name).collect(),
            aliases: fields.get("aliases").to_owned(),
            price: fields.get("price").to_owned(),
            department: fields.get("department").to_owned(),
            from: fields.get("from").to_owned(),
            to: fields.get("to").to_owned(),
            is_extra: fields.is("kind", "extra"),
            active: fields.is("active", "yes"),
            problem: Some(problem),
        }
    }

    fn language<'a>(&self, code: &'a str) -> &'a str {
        language(code)
    }
}

pub(super) async fn page(
    State(web): State<Web>,
    caller: Caller,
    Query(which): Query<Which>,
) -> Result<Response, WebError> {
    let frame = Shell::open(&web, &caller, &which, "/items").await?;
    show(&draw(&web, frame, None).await?, false)
}

async fn draw(web: &Web, frame: Shell, failed: Option<ItemForm>) -> Result<ItemsPage, WebError> {
    let all = items::list(&mut web.db.read().await?, frame.at.id).await?;
    let mut forms: Vec<ItemForm> = all.iter().map(|item| ItemForm::new(&frame.at, item)).collect();
    forms.sort_by_key(|form| (!form.active, form.department.clone(), form.name.to_lowercase()));
    let mut new = ItemForm::blank(&frame.at);
    if let Some(failed) = failed {
        match forms.iter_mut().find(|form| form.id == failed.id) {
            Some(form) => *form = failed,
            None => new = failed,
        }
    }
    Ok(ItemsPage { frame, items: forms, new })
}

fn body(fields: &Fields, hotel: &Hotel) -> Result<ItemBody, WebError> {
    let bad = |problem: String| WebError::bad("bad_item", format!("{problem}."));
    Ok(ItemBody {
        kind: Some(if fields.is("kind", "extra") { ItemKind::Extra } else { ItemKind::Menu }),
        name: None,
        names: Some(fields.by_language("name")),
        aliases: Some(fields.lines("aliases")),
        price: Some(money(fields.get("price"), hotel.currency).map_err(bad)?),
        department: Some(fields.get("department").to_owned()),
        hours: Some(hours(fields.get("from"), fields.get("to")).map_err(bad)?),
        active: Some(fields.is("active", "yes")),
    })
}

/// Add, save or delete one.
pub(super) async fn act(
    State(web): State<Web>,
    caller: Caller,
    Query(which): Query<Which>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    let frame = Shell::open(&web, &caller, &which, "/items").await?;
    let fields = Fields(fields);
    match carry_out(&web, &caller, &frame.at, &fields).await {
        Ok(done) => Ok(frame.back(done, "")),
        Err(error) => {
            let failed = ItemForm::typed(&fields, &frame.at, form_problem(error)?);
            show(&draw(&web, frame, Some(failed)).await?, true)
        }
    }
}

async fn carry_out(
    web: &Web,
    caller: &Caller,
    hotel: &Hotel,
    fields: &Fields,
) -> Result<&'static str, WebError> {
    let id = fields.get("id");
    if id.is_empty() {
        return api::add(web, caller, hotel, body(fields, hotel)?).await.map(|_| "added");
    }
    let id: ItemId = id.parse().map_err(|_| WebError::NotFound)?;
    if fields.is("act", "delete") {
        return api::delete(web, caller, hotel, id).await.map(|()| "deleted");
    }
    api::update(web, caller, hotel, id, body(fields, hotel)?).await.map(|_| "saved")
}
