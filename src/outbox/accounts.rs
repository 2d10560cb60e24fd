//! The hotel's channel accounts, opened with their secrets and kept until the integration changes.

use crate::channels::{self, Account, ConfigProblem};
use crate::domain::ids::{IntegrationId, PropertyId};
use crate::domain::integration::Integration;
use crate::secrets::{Sealer, Secrets};
use crate::store::{Conn, Db, DbError, integrations, send_pace};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Why an account cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    #[error(transparent)]
    Db(#[from] DbError),
    #[error("the integration is gone or switched off")]
    Gone,
    #[error("no channel of kind {0} is built")]
    NotBuilt(String),
    #[error("its secrets cannot be opened: was the secret key changed?")]
    Sealed,
    #[error(transparent)]
    Config(#[from] ConfigProblem),
}

/// An account that is ready to be used.
#[derive(Clone)]
pub struct Opened {
    pub integration: Arc<Integration>,
    pub account: Arc<dyn Account>,
}

/// Opens accounts; cheap to clone.
#[derive(Clone)]
pub struct Accounts {
    db: Db,
    sealer: Sealer,
    kept: Arc<Mutex<HashMap<IntegrationId, Kept>>>,
}

/// An account, when its integration had last changed, and the hotel's revision of which that is known.
type Kept = (DateTime<Utc>, i64, Opened);

impl Accounts {
    pub fn new(db: Db, sealer: Sealer) -> Self {
        Self { db, sealer, kept: Arc::default() }
    }

    /// The account, as the integration stands now.
    pub async fn open(&self, property: PropertyId, id: IntegrationId) -> Result<Opened, AccountError> {
        let mut conn = self.db.read().await?;
        let stamp = integrations::changed_at(&mut conn, property, id).await?.ok_or(AccountError::Gone)?;
        if let Some(kept) = self.kept(id, |at, _| at == stamp) {
            return Ok(kept);
        }
        self.read(conn, property, id, stamp, 0).await
    }

    /// The account as it stands at the hotel's `revision`, which every change of an integration raises: one that was opened
    /// at this revision is given without a question.
    pub async fn open_as_of(
        &self,
        property: PropertyId,
        id: IntegrationId,
        revision: i64,
    ) -> Result<Opened, AccountError> {
        if let Some(kept) = self.kept(id, |_, kept| kept >= revision) {
            return Ok(kept);
        }
        let mut conn = self.db.read().await?;
        let stamp = integrations::changed_at(&mut conn, property, id).await?.ok_or(AccountError::Gone)?;
        self.read(conn, property, id, stamp, revision).await
    }

    async fn read(
        &self,
        mut conn: Conn,
        property: PropertyId,
        id: IntegrationId,
        stamp: DateTime<Utc>,
        revision: i64,
    ) -> Result<Opened, AccountError> {
        let found = integrations::find(&mut conn, property, id).await?;
        let integration = found.filter(|integration| integration.enabled).ok_or(AccountError::Gone)?;
        let sealed = integrations::sealed_secrets(&mut conn, property, id).await?;
        drop(conn);
        let secrets = unseal(&self.sealer, id, sealed.as_deref())?;
        let channel = channels::by_kind(&integration.kind)
            .ok_or_else(|| AccountError::NotBuilt(integration.kind.clone()))?;
        let account: Arc<dyn Account> = Arc::from(channel.open(&integration.config, &secrets)?);
        self.keep_pace(id, account.gap()).await?;
        let opened = Opened { integration: Arc::new(integration), account };
        self.keep(id, (stamp, revision, opened.clone()));
        Ok(opened)
    }

    /// The account's pace stands in the database, for all nodes; it is written where it has changed.
    async fn keep_pace(&self, id: IntegrationId, gap: TimeDelta) -> Result<(), DbError> {
        let known = send_pace::gap(&mut self.db.read().await?, id).await?;
        if known.unwrap_or_default() == gap {
            return Ok(());
        }
        self.db.write(move |tx| Box::pin(async move { send_pace::set_gap(tx, id, gap).await })).await
    }

    fn kept(&self, id: IntegrationId, fits: impl Fn(DateTime<Utc>, i64) -> bool) -> Option<Opened> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(&id).filter(|(at, revision, _)| fits(*at, *revision)).map(|(_, _, opened)| opened.clone())
    }

    fn keep(&self, id: IntegrationId, kept: Kept) {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).insert(id, kept);
    }
}

/// The secrets of an integration; none sealed is none at all.
pub fn unseal(sealer: &Sealer, id: IntegrationId, sealed: Option<&[u8]>) -> Result<Secrets, AccountError> {
    match sealed {
        None => Ok(Secrets::default()),
        Some(sealed) => sealer.open(sealed, id).map_err(|_| AccountError::Sealed),
    }
}
