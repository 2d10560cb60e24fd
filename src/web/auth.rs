//! Who calls and what they may: staff sessions with CSRF tokens, API keys with scopes. Signing in itself is `login`.

use super::error::WebError;
use super::extract::{content_type, read_body};
use super::state::Web;
use crate::domain::hotel::Hotel;
use crate::domain::ids::{PropertyId, UserId};
use crate::domain::people::{Actor, Grants, Reach, Role, Scope, Staff};
use crate::secrets::{hash_token, same_secret};
use crate::store::audit::Entry;
use crate::store::people::{self, ApiKey};
use crate::store::sessions::{self, Session};
use crate::store::{Conn, hotels};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{AUTHORIZATION, COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::Response;
use chrono::TimeDelta;
use std::fmt;

pub const COOKIE_NAME: &str = "bellhop_session";
/// A session that is not used ends after this long.
pub const IDLE: TimeDelta = TimeDelta::hours(12);
/// Every session ends after this long.
pub const LONGEST: TimeDelta = TimeDelta::days(30);

/// Who calls, as of this request.
#[derive(Debug, Clone)]
pub struct Caller {
    pub actor: Actor,
    /// As shown to colleagues and in the audit.
    pub name: String,
    pub grants: Grants,
    pass: Pass,
}

/// How a caller got in.
#[derive(Clone)]
enum Pass {
    Session { token_hash: [u8; 32], csrf: String, email: String },
    Key { key_hash: [u8; 32] },
}

impl fmt::Debug for Pass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Pass::Session { .. } => "Session",
            Pass::Key { .. } => "Key",
        })
    }
}

impl Caller {
    /// 404 at a property out of reach, 403 for too low a role at one's own.
    pub fn may(&self, property: PropertyId, role: Role) -> Result<(), WebError> {
        match self.grants.role_at(property) {
            None => Err(WebError::NotFound),
            Some(held) if held >= role => Ok(()),
            Some(_) => Err(too_low(role)),
        }
    }

    /// The same for a place that may be everywhere, which is no secret: 403.
    pub fn may_in(&self, reach: Reach, role: Role) -> Result<(), WebError> {
        match reach {
            Reach::Property(property) => self.may(property, role),
            Reach::Everywhere if self.grants.everywhere >= Some(role) => Ok(()),
            Reach::Everywhere => {
                Err(WebError::forbidden("role", format!("This takes the role {role} everywhere.")))
            }
        }
    }

    /// What a list covers: the property named, by id or slug; else all of them, or the caller's only one.
    pub async fn reach(&self, conn: &mut Conn, named: Option<&str>, role: Role) -> Result<Reach, WebError> {
        if let Some(named) = named {
            return Ok(Reach::Property(self.hotel(conn, named, role).await?.id));
        }
        if self.grants.everywhere >= Some(role) {
            return Ok(Reach::Everywhere);
        }
        let mut own = self.grants.at.iter().filter(|(_, held)| *held >= role).map(|(property, _)| *property);
        match (own.next(), own.next()) {
            (None, _) => Err(too_low(role)),
            (Some(property), None) => Ok(Reach::Property(property)),
            (Some(_), Some(_)) => Err(WebError::bad(
                "property_needed",
                "You work at several properties: say which, as property=….",
            )),
        }
    }

    /// The place named, by id or slug, or everywhere where none is, if this caller may be there in that role.
    pub async fn place(&self, conn: &mut Conn, named: Option<&str>, role: Role) -> Result<Reach, WebError> {
        match named {
            Some(named) => Ok(Reach::Property(self.hotel(conn, named, role).await?.id)),
            None => self.may_in(Reach::Everywhere, role).map(|()| Reach::Everywhere),
        }
    }

    /// The property that an address names by id or slug, if this caller may be there in that role.
    pub async fn hotel(&self, conn: &mut Conn, named: &str, role: Role) -> Result<Hotel, WebError> {
        let found = match named.parse::<PropertyId>() {
            Ok(id) => hotels::find(conn, id).await?,
            Err(_) => hotels::find_by_slug(conn, named).await?,
        };
        let hotel = found.ok_or(WebError::NotFound)?;
        self.may(hotel.id, role)?;
        Ok(hotel)
    }

    /// The person; an API key is none.
    pub fn user(&self) -> Result<UserId, WebError> {
        match self.actor {
            Actor::User(id) => Ok(id),
            Actor::ApiKey(_) | Actor::System => {
                Err(WebError::forbidden("person_needed", "Only a person who signed in can do this."))
            }
        }
    }

    /// Who holds a conversation or signs a message when this caller does: a key acts under its own id.
    pub fn staff_id(&self) -> UserId {
        match self.actor {
            Actor::User(id) => id,
            Actor::ApiKey(id) => UserId(id.0),
            // Nobody calls as the system itself.
            Actor::System => UserId(uuid::Uuid::nil()),
        }
    }

    /// The caller as one who works at the desk.
    pub fn staff(&self) -> Staff {
        Staff { id: self.staff_id(), actor: self.actor, name: self.name.clone() }
    }

    /// What pages put into their forms and into `x-csrf-token`; empty for API keys, which need none.
    pub fn csrf(&self) -> &str {
        match &self.pass {
            Pass::Session { csrf, .. } => csrf,
            Pass::Key { .. } => "",
        }
    }

    /// The mail address of who signed in.
    pub fn email(&self) -> &str {
        match &self.pass {
            Pass::Session { email, .. } => email,
            Pass::Key { .. } => "",
        }
    }

    pub(super) fn session_hash(&self) -> Option<[u8; 32]> {
        match &self.pass {
            Pass::Session { token_hash, .. } => Some(*token_hash),
            Pass::Key { .. } => None,
        }
    }

    /// The same caller as of now, for what outlives its request, such as an event stream: [`WebError::SignIn`] once
    /// the session ended or the user or key was switched off.
    pub async fn renew(&self, web: &Web) -> Result<Caller, WebError> {
        let renewed = match &self.pass {
            Pass::Session { token_hash, .. } => {
                find_session(web, *token_hash).await?.map(|session| session_caller(session, *token_hash))
            }
            Pass::Key { key_hash } => find_key(web, *key_hash).await?.map(|key| key_caller(key, *key_hash)),
        };
        renewed.ok_or(WebError::SignIn)
    }

    /// An audit entry of this caller; the action is object and verb in the past.
    pub fn did(&self, action: &'static str, subject: impl ToString, property: Option<PropertyId>) -> Entry {
        Entry {
            actor: self.actor,
            actor_name: self.name.clone(),
            action,
            subject: subject.to_string(),
            before: None,
            after: None,
            property,
        }
    }
}

fn too_low(role: Role) -> WebError {
    WebError::forbidden("role", format!("This takes the role {role}."))
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, WebError> {
        parts.extensions.get::<Caller>().cloned().ok_or(WebError::SignIn)
    }
}

/// Layer of every router that asks who calls: finds the caller anew for each request, so that whoever was switched
/// off is out at once, and lets no unsafe request of a session pass without its CSRF token.
pub async fn identify(State(web): State<Web>, request: Request, next: Next) -> Result<Response, WebError> {
    let caller = match request.headers().get(AUTHORIZATION) {
        Some(_) => Some(by_key(&web, request.headers(), request.method()).await?),
        None => by_cookie(&web, request.headers()).await?,
    };
    let Some(caller) = caller else { return Ok(next.run(request).await) };
    let mut request = if caller.session_hash().is_some() && !request.method().is_safe() {
        check_csrf(&caller, request, &web).await?
    } else {
        request
    };
    request.extensions_mut().insert(caller);
    Ok(next.run(request).await)
}

/// Layer of routers in which nothing is for strangers.
pub async fn require(request: Request, next: Next) -> Result<Response, WebError> {
    match request.extensions().get::<Caller>() {
        Some(_) => Ok(next.run(request).await),
        None => Err(WebError::SignIn),
    }
}

async fn by_key(web: &Web, headers: &HeaderMap, method: &Method) -> Result<Caller, WebError> {
    let value = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let key_hash = match value.split_once(' ') {
        Some((scheme, key)) if scheme.eq_ignore_ascii_case("bearer") => hash_token(key.trim()),
        _ => return Err(WebError::SignIn),
    };
    let key = find_key(web, key_hash).await?.ok_or(WebError::SignIn)?;
    if key.scope == Scope::Read && !method.is_safe() {
        return Err(WebError::forbidden("scope", "This API key may only read."));
    }
    Ok(key_caller(key, key_hash))
}

async fn find_key(web: &Web, key_hash: [u8; 32]) -> Result<Option<ApiKey>, WebError> {
    Ok(people::find_live_key(&mut web.db.read().await?, &key_hash).await?)
}

fn key_caller(key: ApiKey, key_hash: [u8; 32]) -> Caller {
    let grants = Grants::one(key.reach, scope_role(key.scope));
    Caller { actor: Actor::ApiKey(key.id), grants, name: key.name, pass: Pass::Key { key_hash } }
}

/// A key that reads or writes does what managers do; people, keys and integrations take an admin's.
fn scope_role(scope: Scope) -> Role {
    match scope {
        Scope::Read | Scope::Write => Role::Manager,
        Scope::Admin => Role::Admin,
    }
}

pub(super) async fn by_cookie(web: &Web, headers: &HeaderMap) -> Result<Option<Caller>, WebError> {
    let Some(token_hash) = session_cookie(headers).map(hash_token) else { return Ok(None) };
    let Some(session) = find_session(web, token_hash).await? else { return Ok(None) };
    let now = web.clock.now();
    let until = (now + IDLE).min(session.created_at + LONGEST);
    if session.expires_at - now < IDLE / 2 && until > session.expires_at {
        web.db
            .write(move |tx| Box::pin(async move { sessions::extend(tx, &token_hash, until).await }))
            .await?;
    }
    Ok(Some(session_caller(session, token_hash)))
}

async fn find_session(web: &Web, token_hash: [u8; 32]) -> Result<Option<Session>, WebError> {
    Ok(sessions::find(&mut web.db.read().await?, &token_hash, web.clock.now()).await?)
}

fn session_caller(session: Session, token_hash: [u8; 32]) -> Caller {
    let Session { user, name, grants, csrf, email, .. } = session;
    Caller { actor: Actor::User(user), name, grants, pass: Pass::Session { token_hash, csrf, email } }
}

pub(super) fn session_cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE_NAME).map(|(_, value)| value)
}

/// The token comes in a header, or in the field `csrf` of a form, whose body is then read here and handed on.
async fn check_csrf(caller: &Caller, request: Request, web: &Web) -> Result<Request, WebError> {
    let refused =
        || WebError::forbidden("csrf", "The CSRF token is missing or wrong. Reload the page and try again.");
    check_site(request.headers())?;
    if let Some(token) = request.headers().get("x-csrf-token") {
        let fits = token.to_str().is_ok_and(|token| same_secret(token, caller.csrf()));
        return if fits { Ok(request) } else { Err(refused()) };
    }
    if content_type(&request) != "application/x-www-form-urlencoded" {
        return Err(refused());
    }
    let (parts, body) = request.into_parts();
    let mut limited = Request::new(body);
    *limited.extensions_mut() = parts.extensions.clone();
    let bytes = read_body(limited, web).await?;
    let fits = url::form_urlencoded::parse(&bytes)
        .any(|(name, value)| name == "csrf" && same_secret(&value, caller.csrf()));
    if fits { Ok(Request::from_parts(parts, bytes.into())) } else { Err(refused()) }
}

/// Browsers say where an unsafe request began; another site's is refused. Also the sign-in's guard, which has no token.
pub fn check_site(headers: &HeaderMap) -> Result<(), WebError> {
    match headers.get("sec-fetch-site").and_then(|site| site.to_str().ok()) {
        None | Some("same-origin" | "none") => Ok(()),
        Some(_) => Err(WebError::forbidden("csrf", "This request came from another site.")),
    }
}
