//! The history below the prompt and the rules: versions with who and when, which is live, and a draft that waits.

use super::shell::Shell;
use crate::domain::version::{Version, VersionState};
use crate::store::versions::Versions;
use crate::web::staff::When;
use crate::web::{Web, WebError};

/// How many versions the history shows.
const SHOWN: i64 = 30;

/// The versions as the page shows them.
pub(super) struct Shown<V: Versions> {
    /// The one that the address names.
    pub chosen: Option<Version<V::Content>>,
    pub live: Option<Version<V::Content>>,
    /// Newest first.
    latest: Vec<Version<V::Content>>,
}

impl<V: Versions> Shown<V> {
    /// `version`: one to be looked at; 404 where there is none.
    pub async fn load(web: &Web, frame: &Shell, version: Option<i64>) -> Result<Self, WebError> {
        let mut conn = web.db.read().await?;
        let chosen = match version {
            Some(version) => Some(V::find(&mut conn, frame.at.id, version).await?.ok_or(WebError::NotFound)?),
            None => None,
        };
        let live = V::live(&mut conn, frame.at.id).await?;
        let latest = V::page(&mut conn, frame.at.id, None, SHOWN).await?;
        Ok(Self { chosen, live, latest })
    }
}

pub(super) struct History {
    /// Newest first.
    pub past: Vec<Past>,
    /// 0: none yet.
    pub live: i64,
    /// Which version the form began with; 0: none.
    pub base: i64,
    /// A draft that is newer than what is live, and not the one in the form.
    pub newer_draft: Option<i64>,
}

/// A version in the history.
pub(super) struct Past {
    pub version: i64,
    pub by: String,
    pub at: When,
    pub published: Option<When>,
}

impl History {
    pub fn new<V: Versions>(frame: &Shell, shown: &Shown<V>, base: i64) -> Self {
        let live = shown.live.as_ref().map_or(0, |live| live.version);
        let newest = shown.latest.first().filter(|newest| newest.state == VersionState::Draft);
        let newer = newest.map(|newest| newest.version).filter(|draft| *draft > live && *draft != base);
        let past = |version: &Version<V::Content>| Past {
            version: version.version,
            by: version.created_by.clone(),
            at: frame.when(version.created_at),
            published: version.published_at.map(|at| frame.when(at)),
        };
        Self { past: shown.latest.iter().map(past).collect(), live, base, newer_draft: newer }
    }
}

/// The version that holds this: the one that the form began with, if nothing was changed.
pub(super) async fn unchanged<V: Versions>(
    web: &Web,
    frame: &Shell,
    content: &V::Content,
    base: i64,
) -> Result<Option<i64>, WebError> {
    let found = V::find(&mut web.db.read().await?, frame.at.id, base).await?;
    Ok(found.filter(|version| version.content == *content).map(|version| version.version))
}
