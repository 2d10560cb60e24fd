//! `/api/v1/users`: people and their roles. Nobody gives more than they have; the last admin of all stays.

use crate::clock::Clock;
use crate::domain::ids::{PropertyId, UserId};
use crate::domain::people::{Grants, Reach, Role};
use crate::store::audit::{self, Entry};
use crate::store::people::{self, NewUser, User, normal_email};
use crate::store::{DbError, Tx, sessions};
use crate::web::extract::{Json, Path, Query};
use crate::web::paging::{Page, Paging};
use crate::web::{Caller, Web, WebError};
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(change))
}

/// A role in one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct RoleAt {
    /// Absent: everywhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub property: Option<PropertyId>,
    pub role: Role,
}

/// A role in one place, as it is given.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleBody {
    /// Id or slug; absent: everywhere.
    pub property: Option<String>,
    /// Absent in a change: no role there any more.
    pub role: Option<Role>,
}

/// Somebody who can sign in.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct UserView {
    pub id: UserId,
    pub email: String,
    pub name: String,
    /// Roles everywhere, and at the properties where the caller is an admin.
    pub roles: Vec<RoleAt>,
    pub disabled: bool,
    pub created_at: DateTime<Utc>,
}

impl UserView {
    /// As `caller` may see it: where else a colleague works is nobody's business.
    pub fn new(user: &User, caller: &Caller) -> Self {
        let everywhere = user.grants.everywhere.map(|role| RoleAt { property: None, role });
        let seen = |id: &PropertyId| caller.grants.role_at(*id) == Some(Role::Admin);
        let at = user.grants.at.iter().filter(|(id, _)| seen(id));
        let at = at.map(|(id, role)| RoleAt { property: Some(*id), role: *role });
        Self {
            id: user.id,
            email: user.email.clone(),
            name: user.name.clone(),
            roles: everywhere.into_iter().chain(at).collect(),
            disabled: user.disabled_at.is_some(),
            created_at: user.created_at,
        }
    }
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Id or slug: those with a role at this property; needed by those who work at several.
    property: Option<String>,
}

/// People, oldest first; takes an admin.
#[utoipa::path(get, path = "/users", tag = "people", params(Which, Paging), responses((status = 200, body = Page<UserView>)))]
async fn list(
    State(web): State<Web>,
    caller: Caller,
    Query(which): Query<Which>,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<UserView>>, WebError> {
    let mut conn = web.db.read().await?;
    let reach = caller.reach(&mut conn, which.property.as_deref(), Role::Admin).await?;
    let limit = paging.limit()?;
    let rows = people::list_users(&mut conn, reach, paging.after()?, limit + 1).await?;
    Ok(Json(Page::new(rows, limit, |user| user.id, |user| UserView::new(&user, &caller))))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUserBody {
    pub email: String,
    pub name: String,
    /// 10 characters or more; the person changes it after the first sign-in.
    #[schema(value_type = String)]
    pub password: SecretString,
    /// At least one.
    pub roles: Vec<RoleBody>,
}

/// Adds a person.
#[utoipa::path(post, path = "/users", tag = "people", request_body = NewUserBody, responses((status = 201, body = UserView)))]
async fn create(
    State(web): State<Web>,
    caller: Caller,
    Json(body): Json<NewUserBody>,
) -> Result<(StatusCode, Json<UserView>), WebError> {
    Ok((StatusCode::CREATED, Json(add(&web, &caller, body).await?)))
}

/// The addition behind the route, for the console too.
pub async fn add(web: &Web, caller: &Caller, body: NewUserBody) -> Result<UserView, WebError> {
    let grants = new_grants(&places(web, caller, &body.roles).await?)?;
    let email = check_email(&body.email)?;
    let name = super::name(&body.name)?;
    let password_hash = web.hash_password(body.password.expose_secret().to_owned()).await?;
    let new = NewUser { id: web.clock.id(), email, name, password_hash, grants };
    let (clock, author) = (web.clock.clone(), caller.clone());
    let user = web
        .db
        .write::<_, WebError, _>(move |tx| {
            Box::pin(async move {
                people::insert_user(tx, &new, clock.now()).await.map_err(|error| match error {
                    DbError::Unique => {
                        WebError::conflict("email_taken", "Somebody has this mail address already.")
                    }
                    other => other.into(),
                })?;
                let user = people::find_user(tx, new.id).await?.ok_or(WebError::Internal)?;
                note(tx, &clock, &author.did("user.created", user.id, None), None, &user).await?;
                Ok(user)
            })
        })
        .await?;
    Ok(UserView::new(&user, caller))
}

#[derive(Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserChange {
    pub name: Option<String>,
    /// `true` ends their sessions at once.
    pub disabled: Option<bool>,
    /// A new password; ends their sessions.
    #[schema(value_type = Option<String>)]
    pub password: Option<SecretString>,
    /// Each entry replaces the role in its place; other places stay as they are.
    #[serde(default)]
    pub roles: Vec<RoleBody>,
}

/// Changes a person. Name, password and being switched off concern the whole person: they take an admin of every place
/// where that person has a role.
#[utoipa::path(patch, path = "/users/{id}", tag = "people", params(("id" = UserId, Path)), request_body = UserChange,
    responses((status = 200, body = UserView)))]
async fn change(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<UserId>,
    Json(change): Json<UserChange>,
) -> Result<Json<UserView>, WebError> {
    Ok(Json(update(&web, &caller, id, change).await?))
}

/// The change behind the route, for the console too.
pub async fn update(
    web: &Web,
    caller: &Caller,
    id: UserId,
    change: UserChange,
) -> Result<UserView, WebError> {
    let roles = places(web, caller, &change.roles).await?;
    let plan = Plan {
        name: change.name.as_deref().map(super::name).transpose()?,
        disabled: change.disabled,
        password_hash: match change.password {
            Some(password) => Some(web.hash_password(password.expose_secret().to_owned()).await?),
            None => None,
        },
        roles,
    };
    let (clock, author) = (web.clock.clone(), caller.clone());
    let user = web
        .db
        .write::<_, WebError, _>(move |tx| {
            Box::pin(async move {
                let before = people::find_user(tx, id).await?.ok_or(WebError::NotFound)?;
                check_target(&author, &before, &plan)?;
                let after = apply(tx, &before, &plan, clock.now()).await?;
                let action = if plan.password_hash.is_some() { "user.password_set" } else { "user.changed" };
                note(tx, &clock, &author.did(action, id, None), Some(&before), &after).await?;
                Ok(after)
            })
        })
        .await?;
    Ok(UserView::new(&user, caller))
}

struct Plan {
    name: Option<String>,
    disabled: Option<bool>,
    password_hash: Option<String>,
    roles: Vec<(Reach, Option<Role>)>,
}

/// The places that roles name, at each of which the caller is an admin.
async fn places(
    web: &Web,
    caller: &Caller,
    roles: &[RoleBody],
) -> Result<Vec<(Reach, Option<Role>)>, WebError> {
    let (mut conn, mut places) = (web.db.read().await?, Vec::new());
    for given in roles {
        places.push((caller.place(&mut conn, given.property.as_deref(), Role::Admin).await?, given.role));
    }
    Ok(places)
}

/// 404 unless they work in one place; 403 unless the caller is an admin there, and for what concerns the whole person
/// unless the caller is an admin wherever that person works.
fn check_target(caller: &Caller, user: &User, plan: &Plan) -> Result<(), WebError> {
    let own = &caller.grants;
    let at_theirs = user.grants.at.iter().filter_map(|(property, _)| own.role_at(*property));
    let anywhere = own.at.iter().map(|(_, role)| *role).filter(|_| user.grants.everywhere.is_some());
    match at_theirs.chain(anywhere).chain(own.everywhere).max() {
        None => return Err(WebError::NotFound),
        Some(Role::Agent | Role::Manager) => {
            return Err(WebError::forbidden("role", "This takes the role admin."));
        }
        Some(Role::Admin) => {}
    }
    let whole = plan.name.is_some() || plan.disabled.is_some() || plan.password_hash.is_some();
    if whole && !own.administer(&user.grants) {
        return Err(WebError::forbidden(
            "beyond_your_reach",
            "This person also works where you are no admin.",
        ));
    }
    Ok(())
}

async fn apply(tx: &mut Tx, before: &User, plan: &Plan, now: DateTime<Utc>) -> Result<User, WebError> {
    let id = before.id;
    let admins = people::admins_everywhere(tx).await?;
    if let Some(name) = &plan.name {
        people::set_name(tx, id, name).await?;
    }
    for (place, role) in &plan.roles {
        people::set_role(tx, id, *place, *role).await?;
    }
    if let Some(disabled) = plan.disabled {
        let at = disabled.then(|| before.disabled_at.unwrap_or(now));
        people::set_user_disabled(tx, id, at).await?;
    }
    if let Some(hash) = &plan.password_hash {
        people::set_password_hash(tx, id, hash).await?;
    }
    if plan.disabled == Some(true) || plan.password_hash.is_some() {
        sessions::delete_of_user(tx, id, None).await?;
    }
    if admins == [id] && people::admins_everywhere(tx).await?.is_empty() {
        return Err(WebError::conflict(
            "last_admin",
            "This is the last admin everywhere; make another one first.",
        ));
    }
    people::find_user(tx, id).await?.ok_or(WebError::Internal)
}

fn new_grants(roles: &[(Reach, Option<Role>)]) -> Result<Grants, WebError> {
    let mut grants = Grants::default();
    for (place, role) in roles {
        let role = role.ok_or_else(|| WebError::bad("role_needed", "Each of roles names a role."))?;
        match *place {
            Reach::Everywhere => grants.everywhere = Some(role),
            Reach::Property(property) if grants.at.iter().any(|(id, _)| *id == property) => {
                return Err(WebError::bad("role_twice", "roles names a property twice."));
            }
            Reach::Property(property) => grants.at.push((property, role)),
        }
    }
    if grants.is_empty() {
        return Err(WebError::bad("role_needed", "roles names at least one role."));
    }
    Ok(grants)
}

fn check_email(email: &str) -> Result<String, WebError> {
    let email = normal_email(email);
    let plain = !email.contains(|c: char| c.is_control() || c.is_whitespace()) && email.len() <= 254;
    let halves = email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
    if plain && halves { Ok(email) } else { Err(WebError::bad("bad_email", "email is not a mail address.")) }
}

/// One line for each property concerned, which tells of no other, and one for roles everywhere.
async fn note(
    tx: &mut Tx,
    clock: &Clock,
    entry: &Entry,
    before: Option<&User>,
    after: &User,
) -> Result<(), DbError> {
    let both = || before.into_iter().chain([after]);
    let mut places: Vec<Option<PropertyId>> =
        both().flat_map(|user| user.grants.at.iter().map(|(id, _)| Some(*id))).collect();
    if places.is_empty() || both().any(|user| user.grants.everywhere.is_some()) {
        places.push(None);
    }
    places.sort_unstable();
    places.dedup();
    for property in places {
        let before = before.map(|user| summary(user, property));
        let line = Entry { property, before, after: Some(summary(after, property)), ..entry.clone() };
        audit::record(tx, clock, line).await?;
    }
    Ok(())
}

/// What a line tells of a user at one place; no mail address, no hash.
fn summary(user: &User, property: Option<PropertyId>) -> Value {
    let own = user.grants.at.iter().find(|(id, _)| Some(*id) == property).map(|(_, role)| *role);
    let role = property.map_or(user.grants.everywhere, |_| own);
    json!({"name": user.name, "role": role, "disabled": user.disabled_at.is_some()})
}
