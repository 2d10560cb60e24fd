//! What versions of the prompt and of the rules have in common: how they are shown, kept and published.

use crate::domain::hotel::Hotel;
use crate::domain::people::Role;
use crate::domain::version::{Version, VersionState};
use crate::store::audit;
use crate::store::versions::Versions;
use crate::web::paging::{Page, Paging};
use crate::web::{Caller, Web, WebError};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

/// A version in a few words.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct VersionView {
    pub version: i64,
    pub state: VersionState,
}

/// Who wrote a version, and what became of it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Written {
    pub version: i64,
    pub state: VersionState,
    pub created_by: String,
    pub created_at: DateTime<Utc>,
    /// The last time that it went live.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published_at: Option<DateTime<Utc>>,
}

impl Written {
    /// Apart from what was written.
    pub fn split<T>(version: Version<T>) -> (Self, T) {
        let Version { version, content, state, created_by, created_at, published_at } = version;
        (Self { version, state, created_by, created_at, published_at }, content)
    }
}

/// The versions of a hotel that the caller manages, newest first.
pub async fn page<V: Versions, T: From<Version<V::Content>>>(
    web: &Web,
    caller: &Caller,
    property: &str,
    paging: &Paging,
) -> Result<Page<T>, WebError> {
    let mut conn = web.db.read().await?;
    let hotel = caller.hotel(&mut conn, property, Role::Manager).await?;
    let limit = paging.limit()?;
    let rows = V::page(&mut conn, hotel.id, paging.after()?, limit + 1).await?;
    Ok(Page::new(rows, limit, |row| row.version, T::from))
}

/// What the audit calls a thing that has versions, and what is done with it.
pub struct AuditNames {
    pub what: &'static str,
    pub drafted: &'static str,
    pub published: &'static str,
}

/// Keeps a draft and gives its number.
pub async fn keep<V: Versions>(
    web: &Web,
    caller: &Caller,
    hotel: &Hotel,
    content: V::Content,
    names: &'static AuditNames,
) -> Result<i64, WebError> {
    let (clock, caller, property) = (web.clock.clone(), caller.clone(), hotel.id);
    web.db
        .write::<_, WebError, _>(move |tx| {
            Box::pin(async move {
                let (id, now) = (clock.id::<Uuid>(), clock.now());
                let version = V::insert_draft(tx, property, id, &content, &caller.name, now).await?;
                let subject = format!("{} {version}", names.what);
                let mut entry = caller.did(names.drafted, subject, Some(property));
                entry.after = Some(json!({ "version": version }));
                audit::record(tx, &clock, entry).await?;
                Ok(version)
            })
        })
        .await
}

/// Makes a version the live one; nobody judges it here.
pub async fn publish<V: Versions>(
    web: &Web,
    caller: &Caller,
    hotel: &Hotel,
    version: i64,
    names: &'static AuditNames,
) -> Result<(), WebError> {
    let (clock, caller, property) = (web.clock.clone(), caller.clone(), hotel.id);
    web.db
        .write::<_, WebError, _>(move |tx| {
            Box::pin(async move {
                let before = V::live(tx, property).await?.map(|live| live.version);
                if !V::publish(tx, property, version, clock.now()).await? {
                    return Err(WebError::NotFound);
                }
                let subject = format!("{} {version}", names.what);
                let mut entry = caller.did(names.published, subject, Some(property));
                entry.before = Some(json!({ "version": before }));
                entry.after = Some(json!({ "version": version }));
                Ok(audit::record(tx, &clock, entry).await?)
            })
        })
        .await
}
