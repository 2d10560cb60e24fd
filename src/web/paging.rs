//! Lists in pages: an opaque cursor that holds the last row's sort key, and a limit.

use super::error::WebError;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

const USUAL: i64 = 50;
const MOST: i64 = 200;

/// The two query parameters of every list; flatten or read it beside a list's own.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// At most so many items; 50 unless told, 200 at most.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<String>,
}

impl Paging {
    pub fn limit(&self) -> Result<i64, WebError> {
        let Some(text) = &self.limit else { return Ok(USUAL) };
        match text.parse::<i64>() {
            Ok(limit) if limit >= 1 => Ok(limit.min(MOST)),
            _ => Err(WebError::bad("bad_limit", "limit is a whole number from 1 to 200.")),
        }
    }

    /// The sort key after which the page begins.
    pub fn after<K: DeserializeOwned>(&self) -> Result<Option<K>, WebError> {
        let Some(cursor) = &self.cursor else { return Ok(None) };
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok();
        let key = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        key.map(Some).ok_or_else(|| WebError::bad("bad_cursor", "cursor is not one that this list gave."))
    }
}

/// One page of a list.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// From `limit + 1` rows asked for: the extra one only says that there is more.
    pub fn new<R, K: Serialize>(
        mut rows: Vec<R>,
        limit: i64,
        key: impl Fn(&R) -> K,
        view: impl Fn(R) -> T,
    ) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let last = rows.last().filter(|_| more).map(key);
        let next_cursor =
            last.and_then(|key| serde_json::to_vec(&key).ok()).map(|json| URL_SAFE_NO_PAD.encode(json));
        Self { items: rows.into_iter().map(view).collect(), next_cursor }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_leads_to_the_next_page_and_the_last_page_has_none() {
        let first = Page::new(vec![1, 2, 3], 2, |row| ("at", *row), |row| row);
        assert_eq!(first.items, [1, 2]);
        let paging = Paging { cursor: first.next_cursor, limit: Some("999".to_owned()) };
        assert_eq!(paging.after::<(String, i32)>().unwrap(), Some(("at".to_owned(), 2)));
        assert_eq!(paging.limit().unwrap(), MOST);
        assert_eq!(Page::new(vec![3], 2, |row| *row, |row| row).next_cursor, None);
    }

    #[test]
    fn nonsense_is_refused() {
        let paging = Paging { cursor: Some("%%%".to_owned()), limit: Some("0".to_owned()) };
        assert!(paging.after::<i32>().is_err() && paging.limit().is_err());
    }
}
