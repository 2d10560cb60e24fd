//! The page of people and keys: who may sign in, as what, and which programs may call. For admins.

use super::fields::Fields;
use super::shell::{Shell, Which, form_problem, show};
use crate::domain::ids::{ApiKeyId, UserId};
use crate::domain::people::{Reach, Role, Scope};
use crate::passwords::PASSWORD_CHARS;
use crate::store::people;
use crate::web::api::keys::{self, KeyChange, KeyView, NewKey};
use crate::web::api::users::{self, NewUserBody, RoleBody, UserChange, UserView};
use crate::web::error::WebError;
use crate::web::extract::{Form, Query};
use crate::web::staff::When;
use crate::web::{Caller, Web};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use secrecy::SecretString;

/// How many people and keys the page shows; the API pages through more.
const SHOWN: i64 = 200;

#[derive(Template)]
#[template(path = "console/people.html")]
struct PeoplePage {
    frame: Shell,
    people: Vec<Person>,
    keys: Vec<Key>,
    /// What was typed for a new person.
    email: String,
    name: String,
    least: usize,
    /// A new key's text, shown this once.
    new_key: Option<String>,
    problem: Option<String>,
}

struct Person {
    view: UserView,
    /// Here; with a role everywhere there may be none.
    role: Option<Role>,
    everywhere: Option<Role>,
    is_me: bool,
    since: When,
}

impl Person {
    fn is(&self, role: &str) -> bool {
        self.role.is_some_and(|held| held.as_str() == role)
    }
}

struct Key {
    view: KeyView,
    since: When,
}

pub(super) async fn page(
    State(web): State<Web>,
    caller: Caller,
    Query(which): Query<Which>,
) -> Result<Response, WebError> {
    let frame = Shell::open(&web, &caller, &which, "/people").await?;
    show(&draw(&web, &caller, frame).await?, false)
}

async fn draw(web: &Web, caller: &Caller, frame: Shell) -> Result<PeoplePage, WebError> {
    let (mut people, mut keys) = (Vec::new(), Vec::new());
    if frame.is_admin {
        let reach = Reach::Property(frame.at.id);
        let mut conn = web.db.read().await?;
        let users = people::list_users(&mut conn, reach, None, SHOWN).await?;
        people = users.iter().map(|user| person(&frame, caller, UserView::new(user, caller))).collect();
        let rows = people::list_keys(&mut conn, reach, None, SHOWN).await?;
        keys =
            rows.into_iter().map(|key| Key { since: frame.when(key.created_at), view: key.into() }).collect();
    }
    Ok(PeoplePage {
        frame,
        people,
        keys,
        email: String::new(),
        name: String::new(),
        least: PASSWORD_CHARS,
        new_key: None,
        problem: None,
    })
}

fn person(frame: &Shell, caller: &Caller, view: UserView) -> Person {
    let at = |property| view.roles.iter().find(|place| place.property == property).map(|place| place.role);
    Person {
        role: at(Some(frame.at.id)),
        everywhere: at(None),
        is_me: caller.user().is_ok_and(|me| me == view.id),
        since: frame.when(view.created_at),
        view,
    }
}

/// Adds, changes, switches off and on; the functions behind ask for an admin.
pub(super) async fn act(
    State(web): State<Web>,
    caller: Caller,
    Query(which): Query<Which>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    let frame = Shell::open(&web, &caller, &which, "/people").await?;
    caller.may(frame.at.id, Role::Admin)?;
    let fields = Fields(fields);
    match carry_out(&web, &caller, &frame, &fields).await {
        Ok(Done::Said(done)) => Ok(frame.back(done, "")),
        Ok(Done::Key(text)) => {
            show(&PeoplePage { new_key: Some(text), ..draw(&web, &caller, frame).await? }, false)
        }
        Err(error) => {
            let problem = Some(form_problem(error)?);
            let page = draw(&web, &caller, frame).await?;
            let (email, name) = (fields.get("email").to_owned(), fields.get("name").to_owned());
            show(&PeoplePage { problem, email, name, ..page }, true)
        }
    }
}

enum Done {
    Said(&'static str),
    Key(String),
}

async fn carry_out(web: &Web, caller: &Caller, frame: &Shell, fields: &Fields) -> Result<Done, WebError> {
    let property = Some(frame.at.slug.clone());
    let password = || SecretString::from(fields.get("password").to_owned());
    let role = || {
        let role = fields.get("role").parse::<Role>();
        role.map_err(|_| WebError::bad("bad_role", "Choose a role."))
    };
    let user = || fields.get("id").parse::<UserId>().map_err(|_| WebError::NotFound);
    let key = || fields.get("id").parse::<ApiKeyId>().map_err(|_| WebError::NotFound);
    let said = |done| Ok(Done::Said(done));
    match fields.get("act") {
        "add" => {
            let roles = vec![RoleBody { property, role: Some(role()?) }];
            let (email, name) = (fields.get("email").to_owned(), fields.get("name").to_owned());
            users::add(web, caller, NewUserBody { email, name, password: password(), roles }).await?;
            said("added")
        }
        "role" => {
            let roles = vec![RoleBody { property, role: role().ok() }];
            users::update(web, caller, user()?, UserChange { roles, ..UserChange::default() }).await?;
            said("saved")
        }
        "password" => {
            let change = UserChange { password: Some(password()), ..UserChange::default() };
            users::update(web, caller, user()?, change).await?;
            said("saved")
        }
        act @ ("off" | "on") => {
            let change = UserChange { disabled: Some(act == "off"), ..UserChange::default() };
            users::update(web, caller, user()?, change).await?;
            said(if act == "off" { "off" } else { "on" })
        }
        "key" => {
            let scope: Scope = fields
                .get("scope")
                .parse()
                .map_err(|_| WebError::bad("bad_scope", "Choose what the key may do."))?;
            let new = NewKey { name: fields.get("name").to_owned(), scope, property };
            Ok(Done::Key(keys::add(web, caller, new).await?.key))
        }
        act @ ("key_off" | "key_on") => {
            let change = KeyChange { name: None, disabled: Some(act == "key_off") };
            keys::update(web, caller, key()?, change).await?;
            said(if act == "key_off" { "off" } else { "on" })
        }
        _ => Err(WebError::bad("bad_form", "Nothing was chosen.")),
    }
}
