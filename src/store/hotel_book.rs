//! Everything of one hotel that a turn needs, read together and kept until its revision moves. It must hold no secret.

use super::db::{Conn, DbError, sql};
use super::versions::{Prompts, RuleSets, Versions};
use super::{facts, hotels, integrations, items, policies};
use crate::domain::hotel::Hotel;
use crate::domain::ids::PropertyId;
use crate::domain::integration::Integration;
use crate::domain::item::{Fact, Item};
use crate::domain::rules::RuleSet;
use crate::domain::tool_policy::ToolPolicy;
use crate::domain::version::Version;
use sqlx::types::Uuid;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};

/// One hotel as it stood at `hotel.revision` or a little later.
#[derive(Debug)]
pub struct HotelBook {
    pub hotel: Arc<Hotel>,
    /// All of them, inactive ones too.
    pub items: Vec<Item>,
    pub facts: Vec<Fact>,
    pub rules: RuleSet,
    /// 0: none was ever published, `rules` are the defaults.
    pub rules_version: i64,
    /// The live prompt; `None`: none was ever published.
    pub prompt: Option<Version<String>>,
    /// Answers in its place if the live one fails.
    pub prompt_before: Option<Version<String>>,
    /// By the tool's name; a tool without one follows its own defaults.
    pub policies: BTreeMap<String, ToolPolicy>,
    /// Those that are switched on.
    pub integrations: Vec<Integration>,
}

impl HotelBook {
    async fn load(conn: &mut Conn, property: PropertyId) -> Result<Option<Self>, DbError> {
        // The revision is read first: a change that comes in between leaves the book looking older than it is, and
        // the next look reloads it. The other way round it would look newer for ever.
        let Some(hotel) = hotels::find(conn, property).await? else { return Ok(None) };
        let rules = RuleSets::live(conn, property).await?;
        let mut integrations = integrations::list(conn, property).await?;
        integrations.retain(|integration| integration.enabled);
        Ok(Some(Self {
            hotel: Arc::new(hotel),
            items: items::list(conn, property).await?,
            facts: facts::list(conn, property).await?,
            rules_version: rules.as_ref().map_or(0, |rules| rules.version),
            rules: rules.map(|rules| rules.content).unwrap_or_default(),
            prompt: Prompts::live(conn, property).await?,
            prompt_before: Prompts::before_live(conn, property).await?,
            policies: policies::list(conn, property).await?,
            integrations,
        }))
    }

    /// The integration of a kind that is switched on, the oldest if there are several.
    pub fn integration(&self, kind: &str) -> Option<&Integration> {
        self.integrations.iter().find(|integration| integration.kind == kind)
    }
}

/// The books of this process; cheap to clone.
#[derive(Clone, Default)]
pub struct HotelBooks {
    books: Arc<RwLock<HashMap<PropertyId, Arc<HotelBook>>>>,
    origins: Arc<RwLock<Arc<Origins>>>,
}

/// The pages that any hotel lets embed its chat.
#[derive(Default)]
struct Origins {
    stamp: (i64, i64),
    allowed: HashSet<String>,
}

impl HotelBooks {
    pub fn new() -> Self {
        Self::default()
    }

    /// The newest book of the hotel; `None`: there is no such hotel.
    ///
    /// `revision`: the one that the caller has just read; without it, one small query asks for it.
    pub async fn get(
        &self,
        conn: &mut Conn,
        property: PropertyId,
        revision: Option<i64>,
    ) -> Result<Option<Arc<HotelBook>>, DbError> {
        let revision = match revision {
            Some(revision) => revision,
            None => match hotels::revision(conn, property).await? {
                Some(revision) => revision,
                None => return Ok(None),
            },
        };
        let kept = self.books.read().unwrap_or_else(PoisonError::into_inner).get(&property).cloned();
        if let Some(book) = kept.filter(|book| book.hotel.revision >= revision) {
            return Ok(Some(book));
        }
        let Some(book) = HotelBook::load(conn, property).await? else { return Ok(None) };
        let book = Arc::new(book);
        let mut books = self.books.write().unwrap_or_else(PoisonError::into_inner);
        let newer = books.get(&property).filter(|other| other.hotel.revision > book.hotel.revision);
        if newer.is_none() {
            books.insert(property, book.clone());
        }
        Ok(Some(book))
    }

    /// Whether any hotel lets pages of this origin embed its chat.
    pub async fn any_allows(&self, conn: &mut Conn, origin: &str) -> Result<bool, DbError> {
        // Read first, as the revision of a book is.
        let stamp = hotels::stamp(conn).await?;
        let mut kept = self.origins.read().unwrap_or_else(PoisonError::into_inner).clone();
        if kept.stamp != stamp {
            let hotels = hotels::list(conn).await?.into_iter();
            let allowed = hotels.flat_map(|hotel| hotel.settings.allowed_origins).collect();
            kept = Arc::new(Origins { stamp, allowed });
            *self.origins.write().unwrap_or_else(PoisonError::into_inner) = kept.clone();
        }
        Ok(kept.allowed.contains(origin))
    }

    /// The newest book of the hotel with this slug.
    pub async fn by_slug(&self, conn: &mut Conn, slug: &str) -> Result<Option<Arc<HotelBook>>, DbError> {
        let row =
            sql!(conn, optional(Uuid, i64), "SELECT id, revision FROM properties WHERE slug = $1", slug)?;
        match row {
            Some((id, revision)) => self.get(conn, PropertyId(id), Some(revision)).await,
            None => Ok(None),
        }
    }
}

#[cfg(test)]
#[path = "hotel_book_tests.rs"]
mod tests;
