//! Signing in and out, and changing one's password. Refusals never tell whether a mail address is known.

use super::auth::{self, COOKIE_NAME, Caller, IDLE, LONGEST};
use super::error::{WebError, page};
use super::extract::{Form, Query};
use super::network::ClientAddress;
use super::state::Web;
use crate::domain::people::{Actor, Grants};
use crate::secrets::{hash_token, random_token};
use crate::store::audit::{self, Entry};
use crate::store::people::{self, Login, normal_email};
use crate::store::sessions::{self, NewSession, Try};
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

const HOME: &str = "/inbox";

/// For strangers.
pub fn routes() -> Router<Web> {
    Router::new().route("/login", get(show).post(sign_in))
}

/// For those who signed in; goes under [`auth::identify`].
pub fn own_routes() -> Router<Web> {
    Router::new()
        .route("/logout", post(sign_out))
        .route("/password", get(show_password).post(change_password))
}

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage<'a> {
    next: &'a str,
    email: &'a str,
    /// What went wrong, if anything.
    problem: Option<&'a str>,
}

#[derive(Deserialize)]
struct Target {
    #[serde(default)]
    next: String,
}

async fn show(Query(target): Query<Target>) -> Result<Response, WebError> {
    Ok(page(&LoginPage { next: local(&target.next), email: "", problem: None })?.into_response())
}

#[derive(Deserialize)]
struct SignIn {
    email: String,
    password: SecretString,
    #[serde(default)]
    next: String,
}

async fn sign_in(
    State(web): State<Web>,
    from: ClientAddress,
    headers: HeaderMap,
    Form(form): Form<SignIn>,
) -> Result<Response, WebError> {
    auth::check_site(&headers)?;
    let email = normal_email(&form.email);
    let answer = match check(&web, &email, &form.password, from).await {
        Ok(login) => return enter(&web, login, &email, from, &headers, local(&form.next)).await,
        Err(WebError::TooMany { retry_after_secs }) => {
            let minutes = (retry_after_secs + 59) / 60;
            let text = format!("Too many tries. Wait {minutes} minutes, then try again.");
            let shown = LoginPage { next: local(&form.next), email: &form.email, problem: Some(&text) };
            let after = [(header::RETRY_AFTER, HeaderValue::from(retry_after_secs))];
            (StatusCode::TOO_MANY_REQUESTS, after, page(&shown)?).into_response()
        }
        Err(WebError::SignIn) => {
            let text = "Mail address and password do not fit together.";
            let shown = LoginPage { next: local(&form.next), email: &form.email, problem: Some(text) };
            (StatusCode::UNAUTHORIZED, page(&shown)?).into_response()
        }
        Err(error) => return Err(error),
    };
    Ok(answer)
}

/// The login if the password fits and the user is enabled. Counts the try first; the work is the same for unknown
/// addresses, wrong passwords and disabled users.
async fn check(
    web: &Web,
    email: &str,
    password: &SecretString,
    from: ClientAddress,
) -> Result<Login, WebError> {
    let (clock, mail, network) = (web.clock.clone(), email.to_owned(), from.network());
    let tried = web
        .db
        .write(move |tx| Box::pin(async move { sessions::begin_try(tx, &clock, &mail, &network).await }))
        .await?;
    if let Try::TooMany { until } = tried {
        return Err(WebError::TooMany { retry_after_secs: (until - web.clock.now()).num_seconds().max(1) });
    }
    let login = people::find_login(&mut web.db.read().await?, email).await?;
    let hash = login.as_ref().map(|login| login.password_hash.clone());
    let fits = web.verify_password(password.expose_secret().to_owned(), hash).await?;
    match login {
        Some(login) if fits && login.user.disabled_at.is_none() => Ok(login),
        refused => {
            let (subject, grants) = match refused {
                Some(login) => (login.user.id.to_string(), login.user.grants),
                None => ("unknown".to_owned(), Grants::default()),
            };
            let clock = web.clock.clone();
            let entry = line(Actor::System, from.network(), "user.sign_in_refused", subject);
            web.db
                .write(move |tx| {
                    Box::pin(async move { audit::record_about(tx, &clock, &grants, entry).await })
                })
                .await?;
            Err(WebError::SignIn)
        }
    }
}

fn line(actor: Actor, actor_name: String, action: &'static str, subject: String) -> Entry {
    Entry { actor, actor_name, action, subject, before: None, after: None, property: None }
}

/// Opens the session and sends its cookie.
async fn enter(
    web: &Web,
    login: Login,
    email: &str,
    from: ClientAddress,
    headers: &HeaderMap,
    next: &str,
) -> Result<Response, WebError> {
    let (token, csrf) = (random_token(), random_token());
    let now = web.clock.now();
    let session = NewSession {
        token_hash: hash_token(token.expose_secret()).to_vec(),
        user: login.user.id,
        csrf: csrf.expose_secret().to_owned(),
        expires_at: now + IDLE,
    };
    let (clock, mail, network) = (web.clock.clone(), email.to_owned(), from.network());
    let former = auth::session_cookie(headers).map(hash_token);
    web.db
        .write::<_, WebError, _>(move |tx| {
            Box::pin(async move {
                if let Some(former) = former {
                    sessions::delete(tx, &former).await?;
                }
                sessions::forget_tries(tx, &mail, &network).await?;
                sessions::insert(tx, &session, now).await?;
                let subject = login.user.id.to_string();
                let entry = line(Actor::User(login.user.id), login.user.name, "user.signed_in", subject);
                audit::record_about(tx, &clock, &login.user.grants, entry).await?;
                Ok(())
            })
        })
        .await?;
    let cookie = cookie(web, token.expose_secret(), LONGEST.num_seconds())?;
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(next)).into_response())
}

async fn sign_out(State(web): State<Web>, caller: Caller) -> Result<Response, WebError> {
    if let Some(hash) = caller.session_hash() {
        web.db.write(move |tx| Box::pin(async move { sessions::delete(tx, &hash).await })).await?;
    }
    Ok(([(header::SET_COOKIE, cookie(&web, "", 0)?)], Redirect::to("/login")).into_response())
}

/// `Lax`, so that a link in an alert opens the inbox; unsafe requests need the CSRF token besides.
fn cookie(web: &Web, token: &str, max_age: i64) -> Result<HeaderValue, WebError> {
    let secure = if web.is_https() { "; Secure" } else { "" };
    let text = format!("{COOKIE_NAME}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age}{secure}");
    HeaderValue::try_from(text).map_err(|_| WebError::Internal)
}

/// A path of our own to go on to, else the inbox: never another site's address.
fn local(next: &str) -> &str {
    let is_local =
        next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\r', '\n', '\t']);
    if is_local { next } else { HOME }
}

#[derive(Template)]
#[template(path = "password.html")]
struct PasswordPage<'a> {
    csrf: &'a str,
    name: &'a str,
    home: &'a str,
    least: usize,
    problem: Option<&'a str>,
    done: bool,
}

fn password_page<'a>(caller: &'a Caller, problem: Option<&'a str>, done: bool) -> PasswordPage<'a> {
    let least = crate::passwords::PASSWORD_CHARS;
    PasswordPage { csrf: caller.csrf(), name: &caller.name, home: HOME, least, problem, done }
}

async fn show_password(caller: Caller) -> Result<Response, WebError> {
    caller.user()?;
    Ok(page(&password_page(&caller, None, false))?.into_response())
}

#[derive(Deserialize)]
struct PasswordChange {
    current: SecretString,
    new: SecretString,
    again: SecretString,
}

async fn change_password(
    State(web): State<Web>,
    caller: Caller,
    from: ClientAddress,
    Form(form): Form<PasswordChange>,
) -> Result<Response, WebError> {
    let user = caller.user()?;
    let refuse = |status: StatusCode, why: &str| -> Result<Response, WebError> {
        Ok((status, page(&password_page(&caller, Some(why), false))?).into_response())
    };
    if form.new.expose_secret() != form.again.expose_secret() {
        return refuse(StatusCode::BAD_REQUEST, "The two new passwords differ.");
    }
    match check(&web, caller.email(), &form.current, from).await {
        Ok(_) => {}
        Err(WebError::SignIn) => {
            return refuse(StatusCode::BAD_REQUEST, "The current password is not right.");
        }
        Err(error) => return Err(error),
    }
    let hash = match web.hash_password(form.new.expose_secret().to_owned()).await {
        Ok(hash) => hash,
        Err(WebError::Bad { detail, .. }) => return refuse(StatusCode::BAD_REQUEST, &detail),
        Err(error) => return Err(error),
    };
    let (clock, email, network) = (web.clock.clone(), caller.email().to_owned(), from.network());
    let keep = caller.session_hash();
    let (entry, grants) = (caller.did("user.password_changed", user, None), caller.grants.clone());
    web.db
        .write::<_, WebError, _>(move |tx| {
            Box::pin(async move {
                people::set_password_hash(tx, user, &hash).await?;
                sessions::delete_of_user(tx, user, keep.as_ref().map(|hash| hash.as_slice())).await?;
                sessions::forget_tries(tx, &email, &network).await?;
                audit::record_about(tx, &clock, &grants, entry).await?;
                Ok(())
            })
        })
        .await?;
    Ok(page(&password_page(&caller, None, true))?.into_response())
}
