//! Versions of prompts and of rule sets: draft, live, past. It must not judge what is published.

use super::db::{Conn, DbError, One, Tx, sql};
use super::hotels::touch;
use crate::domain::ids::PropertyId;
use crate::domain::version::{Version, VersionState};
use chrono::{DateTime, Utc};
use sqlx::types::{Json, Uuid};
use std::future::Future;

/// The versions of one thing that a manager publishes.
pub trait Versions: 'static {
    type Content: Clone + PartialEq + Send + Sync + 'static;

    /// Newest first, those below `before`.
    fn page(
        conn: &mut Conn,
        property: PropertyId,
        before: Option<i64>,
        limit: i64,
    ) -> impl Future<Output = Result<Vec<Version<Self::Content>>, DbError>> + Send;

    fn find(
        conn: &mut Conn,
        property: PropertyId,
        version: i64,
    ) -> impl Future<Output = Result<Option<Version<Self::Content>>, DbError>> + Send;

    /// The one in use.
    fn live(
        conn: &mut Conn,
        property: PropertyId,
    ) -> impl Future<Output = Result<Option<Version<Self::Content>>, DbError>> + Send;

    /// The one that was in use before the live one.
    fn before_live(
        conn: &mut Conn,
        property: PropertyId,
    ) -> impl Future<Output = Result<Option<Version<Self::Content>>, DbError>> + Send;

    /// Keeps a draft and gives its number, the next one of the property.
    fn insert_draft(
        tx: &mut Tx,
        property: PropertyId,
        id: Uuid,
        content: &Self::Content,
        created_by: &str,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<i64, DbError>> + Send;

    /// Makes the version the live one, and the live one past; an older version is thereby rolled back to.
    /// False: there is no such version.
    fn publish(
        tx: &mut Tx,
        property: PropertyId,
        version: i64,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<bool, DbError>> + Send;
}

/// Both tables are alike but for the content's column; written once, so that they cannot drift apart. `$anew`: what else
/// being published sets.
macro_rules! versions {
    ($(#[$meta:meta])* $name:ident, $module:ident, $table:literal, $column:literal, $anew:literal, $content:ty, $stored:ty,
     $load:expr, $store:expr) => {
        $(#[$meta])*
        pub struct $name;

        mod $module {
            use super::*;

            #[derive(sqlx::FromRow)]
            pub(super) struct Row {
                version: i64,
                content: $stored,
                #[sqlx(try_from = "String")]
                state: VersionState,
                created_by: String,
                created_at: DateTime<Utc>,
                published_at: Option<DateTime<Utc>>,
            }

            impl From<Row> for Version<$content> {
                fn from(row: Row) -> Self {
                    Version {
                        version: row.version,
                        content: ($load)(row.content),
                        state: row.state,
                        created_by: row.created_by,
                        created_at: row.created_at,
                        published_at: row.published_at,
                    }
                }
            }

            macro_rules! select {
                ($rest:literal) => {
                    concat!(
                        "SELECT version, ", $column, " AS content, state, created_by, created_at, published_at FROM ",
                        $table, " WHERE property_id = $1 ", $rest
                    )
                };
            }

            impl Versions for $name {
                type Content = $content;

                async fn page(
                    conn: &mut Conn,
                    property: PropertyId,
                    before: Option<i64>,
                    limit: i64,
                ) -> Result<Vec<Version<$content>>, DbError> {
                    let before = before.unwrap_or(i64::MAX);
                    let rows = sql!(
                        conn,
                        all Row,
                        select!("AND version < $2 ORDER BY version DESC LIMIT $3"),
                        property.0,
                        before,
                        limit,
                    )?;
                    Ok(rows.into_iter().map(Version::from).collect())
                }

                async fn find(
                    conn: &mut Conn,
                    property: PropertyId,
                    version: i64,
                ) -> Result<Option<Version<$content>>, DbError> {
                    let row = sql!(conn, optional Row, select!("AND version = $2"), property.0, version)?;
                    Ok(row.map(Version::from))
                }

                async fn live(
                    conn: &mut Conn,
                    property: PropertyId,
                ) -> Result<Option<Version<$content>>, DbError> {
                    let row = sql!(conn, optional Row, select!("AND state = 'live'"), property.0)?;
                    Ok(row.map(Version::from))
                }

                async fn before_live(
                    conn: &mut Conn,
                    property: PropertyId,
                ) -> Result<Option<Version<$content>>, DbError> {
                    let row = sql!(
                        conn,
                        optional Row,
                        select!("AND state = 'past' ORDER BY published_at DESC, version DESC LIMIT 1"),
                        property.0,
                    )?;
                    Ok(row.map(Version::from))
                }

                async fn insert_draft(
                    tx: &mut Tx,
                    property: PropertyId,
                    id: Uuid,
                    content: &$content,
                    created_by: &str,
                    now: DateTime<Utc>,
                ) -> Result<i64, DbError> {
                    // Raising the revision locks the property: nobody else can be given the same number.
                    touch(tx, property, now).await?;
                    let (version,) = sql!(
                        tx,
                        one One<i64>,
                        concat!(
                            "INSERT INTO ", $table,
                            " (id, property_id, version, ", $column, ", state, created_by, created_at) ",
                            "VALUES ($2, $1, (SELECT CAST(COALESCE(MAX(version), 0) + 1 AS BIGINT) FROM ", $table,
                            " WHERE property_id = $1), $3, 'draft', $4, $5) RETURNING version"
                        ),
                        property.0,
                        id,
                        ($store)(content),
                        created_by,
                        now,
                    )?;
                    Ok(version)
                }

                async fn publish(
                    tx: &mut Tx,
                    property: PropertyId,
                    version: i64,
                    now: DateTime<Utc>,
                ) -> Result<bool, DbError> {
                    touch(tx, property, now).await?;
                    if Self::find(tx, property, version).await?.is_none() {
                        return Ok(false);
                    }
                    sql!(
                        tx,
                        execute,
                        concat!(
                            "UPDATE ", $table,
                            " SET state = 'past' WHERE property_id = $1 AND state = 'live' AND version <> $2"
                        ),
                        property.0,
                        version,
                    )?;
                    sql!(
                        tx,
                        execute,
                        concat!(
                            "UPDATE ", $table,
                            " SET state = 'live', published_at = $3", $anew, " WHERE property_id = $1 AND version = $2"
                        ),
                        property.0,
                        version,
                        now,
                    )?;
                    Ok(true)
                }
            }
        }
    };
}

versions!(
    /// Prompt templates. One that failed has another chance once it is published anew.
    Prompts, prompts, "prompts", "template", ", failure = NULL, failed_at = NULL", String, String,
    |stored| stored, |content: &String| content.clone()
);

versions!(
    /// The manager's escalation rules.
    RuleSets, rule_sets, "rule_sets", "body", "", crate::domain::rules::RuleSet, Json<crate::domain::rules::RuleSet>,
    |stored: Json<_>| stored.0, |content: &crate::domain::rules::RuleSet| Json(content.clone())
);

/// That a published prompt did not render for a guest, and another one answered in its place.
pub mod prompt_failures {
    use super::*;

    /// The first failure of a version since it was published.
    #[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
    pub struct Failure {
        pub version: i64,
        /// In words, with the line.
        pub failure: String,
        pub failed_at: DateTime<Utc>,
    }

    /// Notes the first failure; later ones change nothing. No change of the hotel, so no revision.
    pub async fn note(
        tx: &mut Tx,
        property: PropertyId,
        version: i64,
        why: &str,
        now: DateTime<Utc>,
    ) -> Result<(), DbError> {
        sql!(
            tx,
            execute,
            "UPDATE prompts SET failure = $3, failed_at = $4
             WHERE property_id = $1 AND version = $2 AND failed_at IS NULL",
            property.0,
            version,
            why,
            now,
        )?;
        Ok(())
    }

    /// Of the live version; `None`: it has always rendered.
    pub async fn of_live(conn: &mut Conn, property: PropertyId) -> Result<Option<Failure>, DbError> {
        sql!(
            conn,
            optional Failure,
            "SELECT version, failure, failed_at FROM prompts
             WHERE property_id = $1 AND state = 'live' AND failure IS NOT NULL AND failed_at IS NOT NULL",
            property.0,
        )
    }
}
