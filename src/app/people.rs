//! People and API keys made from the command line. Passwords and keys are hashed here and kept nowhere.

use crate::clock::Clock;
use crate::domain::ids::{ApiKeyId, UserId};
use crate::domain::people::{Actor, Grants, Reach, Role, Scope};
use crate::passwords::{self, PasswordError};
use crate::secrets::hash_token;
use crate::store::audit::{self, Entry};
use crate::store::people::{self, ApiKey, NewUser};
use crate::store::{Conn, Db, DbError, hotels};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

/// Why a person or a key cannot be added.
#[derive(Debug, thiserror::Error)]
pub enum PeopleProblem {
    #[error(transparent)]
    Db(DbError),
    #[error("there is a user with this mail address already")]
    Taken,
    #[error("this is no mail address")]
    BadEmail,
    #[error("there is no property {0:?}")]
    NoProperty(String),
    #[error(transparent)]
    Password(#[from] PasswordError),
}

impl From<DbError> for PeopleProblem {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Unique => PeopleProblem::Taken,
            other => PeopleProblem::Db(other),
        }
    }
}

/// A member of staff to be.
#[derive(Debug, Clone)]
pub struct NewStaff {
    pub email: String,
    pub name: String,
    pub role: Role,
    /// The slug of the one property; `None`: all of them.
    pub property: Option<String>,
}

pub async fn add_user(
    db: &Db,
    clock: &Clock,
    staff: NewStaff,
    password: &SecretString,
) -> Result<UserId, PeopleProblem> {
    let (before_at, after_at) = staff.email.split_once('@').ok_or(PeopleProblem::BadEmail)?;
    if before_at.is_empty() || after_at.is_empty() || staff.email.contains(char::is_whitespace) {
        return Err(PeopleProblem::BadEmail);
    }
    passwords::check(password.expose_secret())?;
    let password_hash = passwords::hash(password.expose_secret())?;
    let clock = clock.clone();
    db.write(move |tx| {
        Box::pin(async move {
            let reach = find_reach(tx, staff.property.as_deref()).await?;
            let user = NewUser {
                id: clock.id(),
                email: staff.email,
                name: staff.name,
                password_hash,
                grants: Grants::one(reach, staff.role),
            };
            people::insert_user(tx, &user, clock.now()).await?;
            let after = json!({ "email": user.email, "role": staff.role, "property": staff.property });
            audit::record(tx, &clock, entry("user.created", user.id.to_string(), reach, after)).await?;
            Ok(user.id)
        })
    })
    .await
}

/// `key` is what the holder will send; only its hash is kept.
pub async fn add_key(
    db: &Db,
    clock: &Clock,
    name: String,
    scope: Scope,
    property: Option<String>,
    key: &SecretString,
) -> Result<ApiKeyId, PeopleProblem> {
    let (clock, hash) = (clock.clone(), hash_token(key.expose_secret()));
    db.write(move |tx| {
        Box::pin(async move {
            let reach = find_reach(tx, property.as_deref()).await?;
            let key =
                ApiKey { id: clock.id(), reach, name, scope, disabled_at: None, created_at: clock.now() };
            people::insert_key(tx, &key, &hash).await?;
            let after = json!({ "name": key.name, "scope": scope, "property": property });
            audit::record(tx, &clock, entry("api_key.created", key.id.to_string(), reach, after)).await?;
            Ok(key.id)
        })
    })
    .await
}

async fn find_reach(conn: &mut Conn, property: Option<&str>) -> Result<Reach, PeopleProblem> {
    let Some(slug) = property else { return Ok(Reach::Everywhere) };
    let hotel = hotels::find_by_slug(conn, slug).await?;
    hotel.map(|hotel| Reach::Property(hotel.id)).ok_or_else(|| PeopleProblem::NoProperty(slug.to_owned()))
}

fn entry(action: &'static str, subject: String, reach: Reach, after: Value) -> Entry {
    let property = match reach {
        Reach::Property(id) => Some(id),
        Reach::Everywhere => None,
    };
    let (actor, actor_name) = (Actor::System, "command line".to_owned());
    Entry { actor, actor_name, action, subject, before: None, after: Some(after), property }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{hotel_fixtures, testing};

    fn staff(email: &str, property: Option<&str>) -> NewStaff {
        let property = property.map(str::to_owned);
        NewStaff { email: email.to_owned(), name: "Ines".to_owned(), role: Role::Manager, property }
    }

    #[tokio::test]
    async fn a_user_signs_in_with_the_password_and_a_second_of_the_same_address_is_refused() {
        testing::both(|db| async move {
            let clock = hotel_fixtures::clock();
            let hotel = hotel_fixtures::hotel(&db, &clock, "bellevue").await;
            let password = "correct horse".into();
            let made = add_user(&db, &clock, staff("Ines@hotel.example", Some("bellevue")), &password);
            let id = made.await.unwrap();
            let mut conn = db.read().await.unwrap();
            let login = people::find_login(&mut conn, "ines@hotel.example").await.unwrap().unwrap();
            assert_eq!(login.user.id, id);
            assert!(passwords::verify("correct horse", Some(&login.password_hash)));
            assert_eq!(login.user.grants, Grants::one(Reach::Property(hotel.id), Role::Manager));
            let again = add_user(&db, &clock, staff("ines@hotel.example", None), &password).await;
            assert!(matches!(again, Err(PeopleProblem::Taken)), "{again:?}");
        })
        .await;
    }

    #[tokio::test]
    async fn a_key_is_found_by_what_its_holder_sends() {
        testing::both(|db| async move {
            let (clock, key) = (hotel_fixtures::clock(), SecretString::from("bh_1"));
            let id = add_key(&db, &clock, "till".to_owned(), Scope::Write, None, &key).await.unwrap();
            let found =
                people::find_live_key(&mut db.read().await.unwrap(), &hash_token("bh_1")).await.unwrap();
            assert_eq!(found.map(|key| (key.id, key.scope)), Some((id, Scope::Write)));
        })
        .await;
    }

    #[tokio::test]
    async fn mistakes_are_named_and_leave_nothing_behind() {
        testing::both(|db| async move {
            let clock = hotel_fixtures::clock();
            let add = |email, property, password: &'static str| {
                let (db, clock) = (db.clone(), clock.clone());
                async move { add_user(&db, &clock, staff(email, property), &password.into()).await.unwrap_err() }
            };
            assert!(matches!(add("ines", None, "correct horse").await, PeopleProblem::BadEmail));
            assert!(matches!(add("i@h.example", None, "short").await, PeopleProblem::Password(_)));
            let lost = add("i@h.example", Some("nowhere"), "correct horse").await;
            assert!(matches!(lost, PeopleProblem::NoProperty(_)), "{lost}");
            let found = people::find_login(&mut db.read().await.unwrap(), "i@h.example").await.unwrap();
            assert!(found.is_none());
        })
        .await;
    }
}
