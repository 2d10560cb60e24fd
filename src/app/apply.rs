//! Puts the hotels and accounts that a configuration file names into the database. What it does not name stays as
//! managers have set it.

use super::kinds;
use crate::clock::Clock;
use crate::config::{Config, IntegrationEntry, PropertyEntry};
use crate::conversation::first_versions;
use crate::domain::hotel::{Hotel, HotelSettings};
use crate::domain::ids::PropertyId;
use crate::domain::integration::Integration;
use crate::domain::people::Actor;
use crate::secrets::{Sealer, Secrets};
use crate::store::audit::{self, Entry};
use crate::store::{Db, DbError, Tx, hotels, integrations};
use serde_json::{Value, json};

/// As the audit list shows who did it.
const FILE: &str = "configuration file";

/// Why the file's entries cannot be applied.
#[derive(Debug, thiserror::Error)]
pub enum ApplyProblem {
    #[error(transparent)]
    Db(#[from] DbError),
    #[error("the property {slug} of the configuration file cannot be used: {why}")]
    Settings { slug: String, why: String },
    #[error("an integration is for the property {0:?}, which neither the file nor the database has")]
    NoProperty(String),
    #[error("the integration {name:?} of {property} cannot be used: {why}")]
    Integration { property: String, name: String, why: String },
}

/// Creates what is missing and puts back what differs; run again, it changes nothing.
pub async fn apply(db: &Db, clock: &Clock, sealer: &Sealer, config: &Config) -> Result<(), ApplyProblem> {
    for entry in &config.properties {
        let outcome = put_property(db, clock, entry).await;
        // Another node, started at the same moment, has created it: look again.
        match outcome {
            Err(ApplyProblem::Db(DbError::Unique)) => put_property(db, clock, entry).await?,
            other => other?,
        }
    }
    for entry in &config.integrations {
        match put_integration(db, clock, sealer, entry).await {
            Err(ApplyProblem::Db(DbError::Unique)) => put_integration(db, clock, sealer, entry).await?,
            other => other?,
        }
    }
    Ok(())
}

async fn put_property(db: &Db, clock: &Clock, entry: &PropertyEntry) -> Result<(), ApplyProblem> {
    let (clock, entry) = (clock.clone(), entry.clone());
    db.write(move |tx| {
        Box::pin(async move {
            let now = clock.now();
            let Some(before) = hotels::find_by_slug(tx, &entry.slug).await? else {
                let hotel = named(&entry, clock.id(), &HotelSettings::default(), 1)?;
                judge(&hotel)?;
                hotels::insert(tx, &hotel, now).await?;
                first_versions::publish(tx, &clock, hotel.id).await?;
                let (id, change) = (hotel.id, (None, shown(&hotel)));
                return Ok(record(tx, &clock, "property.created", id.to_string(), id, change).await?);
            };
            let wanted = named(&entry, before.id, &before.settings, before.revision)?;
            if wanted == before {
                return Ok(());
            }
            let Some(before) = hotels::begin_change(tx, before.id, now).await? else { return Ok(()) };
            let after = named(&entry, before.id, &before.settings, before.revision)?;
            judge(&after)?;
            hotels::update(tx, &after).await?;
            let (id, change) = (after.id, (Some(shown(&before)), shown(&after)));
            Ok(record(tx, &clock, "property.changed", id.to_string(), id, change).await?)
        })
    })
    .await
}

/// The hotel as the file wants it, over the settings that it has.
fn named(
    entry: &PropertyEntry,
    id: PropertyId,
    settings: &HotelSettings,
    revision: i64,
) -> Result<Hotel, ApplyProblem> {
    let settings = entry
        .over(settings)
        .map_err(|error| ApplyProblem::Settings { slug: entry.slug.clone(), why: error.to_string() })?;
    Ok(Hotel {
        id,
        slug: entry.slug.clone(),
        name: entry.name.clone(),
        zone: entry.zone,
        currency: entry.currency,
        revision,
        settings,
    })
}

fn judge(hotel: &Hotel) -> Result<(), ApplyProblem> {
    match hotel.problems() {
        problems if problems.is_empty() => Ok(()),
        problems => Err(ApplyProblem::Settings { slug: hotel.slug.clone(), why: problems.join("; ") }),
    }
}

fn shown(hotel: &Hotel) -> Value {
    json!({
        "name": hotel.name,
        "zone": hotel.zone.name(),
        "currency": hotel.currency,
        "settings": hotel.settings,
    })
}

async fn put_integration(
    db: &Db,
    clock: &Clock,
    sealer: &Sealer,
    entry: &IntegrationEntry,
) -> Result<(), ApplyProblem> {
    let (clock, sealer, entry) = (clock.clone(), sealer.clone(), entry.clone());
    db.write(move |tx| {
        Box::pin(async move {
            let hotel = hotels::find_by_slug(tx, &entry.property)
                .await?
                .ok_or_else(|| ApplyProblem::NoProperty(entry.property.clone()))?;
            kinds::judge(&entry).map_err(|why| ApplyProblem::Integration {
                property: entry.property.clone(),
                name: entry.name.clone(),
                why,
            })?;
            let found = integrations::find_by_name(tx, hotel.id, &entry.kind, &entry.name).await?;
            match found {
                None => create(tx, &clock, &sealer, &entry, hotel.id).await?,
                Some(before) => put_back(tx, &clock, &sealer, &entry, before).await?,
            }
            Ok(())
        })
    })
    .await
}

async fn create(
    tx: &mut Tx,
    clock: &Clock,
    sealer: &Sealer,
    entry: &IntegrationEntry,
    property: PropertyId,
) -> Result<(), DbError> {
    let now = clock.now();
    let account = Integration {
        id: clock.id(),
        property_id: property,
        kind: entry.kind.clone(),
        name: entry.name.clone(),
        config: entry.config.clone(),
        enabled: entry.enabled,
        last_ok_at: None,
        last_error: None,
        created_at: now,
    };
    let sealed = (!entry.secrets.is_empty()).then(|| sealer.seal(&entry.secrets, account.id));
    integrations::insert(tx, &account, sealed.as_deref(), now).await?;
    let change = (None, account_shown(&account, &entry.secrets));
    record(tx, clock, "integration.created", account.id.to_string(), property, change).await
}

async fn put_back(
    tx: &mut Tx,
    clock: &Clock,
    sealer: &Sealer,
    entry: &IntegrationEntry,
    before: Integration,
) -> Result<(), DbError> {
    let now = clock.now();
    let sealed = integrations::sealed_secrets(tx, before.property_id, before.id).await?;
    // Secrets that cannot be opened, because the key was changed, are replaced by the file's.
    let secrets = sealed.map(|sealed| sealer.open(&sealed, before.id)).transpose().ok().flatten();
    let secrets = secrets.unwrap_or_default();
    let after = Integration { config: entry.config.clone(), enabled: entry.enabled, ..before.clone() };
    if after == before && secrets == entry.secrets {
        return Ok(());
    }
    integrations::update(tx, &after, now).await?;
    if secrets != entry.secrets {
        let sealed = (!entry.secrets.is_empty()).then(|| sealer.seal(&entry.secrets, after.id));
        integrations::set_secrets(tx, after.property_id, after.id, sealed.as_deref(), now).await?;
    }
    let change = (Some(account_shown(&before, &secrets)), account_shown(&after, &entry.secrets));
    record(tx, clock, "integration.changed", after.id.to_string(), after.property_id, change).await
}

/// Without any secret; their names may be read.
fn account_shown(account: &Integration, secrets: &Secrets) -> Value {
    let names: Vec<_> = secrets.names().collect();
    json!({
        "kind": account.kind,
        "name": account.name,
        "config": account.config,
        "enabled": account.enabled,
        "secrets": names,
    })
}

async fn record(
    tx: &mut Tx,
    clock: &Clock,
    action: &'static str,
    subject: String,
    property: PropertyId,
    (before, after): (Option<Value>, Value),
) -> Result<(), DbError> {
    let entry = Entry {
        actor: Actor::System,
        actor_name: FILE.to_owned(),
        action,
        subject,
        before,
        after: Some(after),
        property: Some(property),
    };
    audit::record(tx, clock, entry).await
}
