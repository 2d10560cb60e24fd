//! A database with a hotel in it and a server's configuration for it, in a folder or schema that goes again with its holder.

use super::Options;
use crate::clock::Clock;
use crate::domain::ids::PropertyId;
use crate::domain::stay::{Stay, StayState};
use crate::lab::bench::plan::StayOf;
use crate::lab::{demo, seed};
use crate::secrets::{SecretKey, hash_token, random_token};
use crate::store::{Bells, Db, DbError, probe, stay_tokens, stays};
use anyhow::{Context as _, bail};
use chrono::TimeDelta;
use secrecy::ExposeSecret;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use uuid::Uuid;

pub(super) const ACCOUNT: &str = "AC00000000000000000000000000000001";
pub(super) const TOKEN: &str = "the token of the stub vendor";
/// The hotel's number.
pub(super) const NUMBER: &str = "+351210000009";
/// Guests who have a stay, at least.
const STAYS: u32 = 200;

/// Where everything of this run is kept.
pub(super) struct Place {
    pub folder: PathBuf,
    /// Of the server's database.
    pub url: String,
    /// Of a database on the same disk, for the rate of bare commits.
    pub probe_url: String,
    /// Made in a PostgreSQL that others use, too: its URL and the schema's name.
    schema: Option<(String, String)>,
    pub key: String,
}

impl Place {
    /// A fresh folder, and an empty database in it or an empty schema.
    pub async fn make(options: &Options) -> anyhow::Result<Self> {
        if options.nodes > 1 && options.database == "sqlite" {
            bail!("--nodes needs a PostgreSQL: SQLite serves one node");
        }
        let name = format!("bellhop-bench-{}", Clock::system().id::<Uuid>().as_simple());
        let folder = options.folder.join(&name);
        std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let key = SecretKey::random().to_base64().expose_secret().to_owned();
        let file = |name: &str| format!("sqlite:{}", folder.join(name).display());
        if options.database == "sqlite" {
            let (url, probe_url) = (file("bellhop.db"), file("probe.db"));
            return Ok(Self { folder, url, probe_url, schema: None, key });
        }
        if !options.database.starts_with("postgres") {
            bail!("--database is sqlite or postgres://…");
        }
        probe::must_be_durable(&options.database).await?;
        let schema = name.replace('-', "_");
        let url = probe::make_schema(&options.database, &schema).await?;
        Ok(Self {
            folder,
            probe_url: url.clone(),
            url,
            schema: Some((options.database.clone(), schema)),
            key,
        })
    }

    /// Removes what was made.
    pub async fn clear(self) -> anyhow::Result<()> {
        if let Some((url, schema)) = &self.schema {
            probe::drop_schema(url, schema).await?;
        }
        std::fs::remove_dir_all(&self.folder)
            .with_context(|| format!("cannot remove {}", self.folder.display()))
    }

    pub async fn open(&self) -> Result<Db, DbError> {
        Db::open(&self.url, 2, Bells::new()).await
    }

    /// Tables, the demo hotel, guests of stays, and what is to be there before.
    pub async fn fill(&self, options: &Options) -> anyhow::Result<Vec<StayOf>> {
        let (db, clock) = (self.open().await?, Clock::system());
        db.migrate().await?;
        let property = demo::seed(&db, &clock).await?;
        if options.seed.0 > 0 {
            seed::fill(&db, &clock, property, options.seed.0, options.seed.1).await?;
        }
        stays_of(&db, &clock, property, options.concurrency.max(STAYS)).await
    }

    /// Writes the server's configuration; gives its path.
    pub fn configure(&self, stubs: SocketAddr) -> anyhow::Result<PathBuf> {
        let path = self.folder.join("bellhop.toml");
        std::fs::write(&path, config(stubs)).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(path)
    }

    /// The log of one of the servers.
    pub fn log(&self, node: u32) -> PathBuf {
        Path::join(&self.folder, format!("server-{node}.log"))
    }
}

/// Only rate limits and the pause for further messages differ from the defaults.
fn config(stubs: SocketAddr) -> String {
    format!(
        "[server]\nlisten = '127.0.0.1:0'\n[llm]\nbase_url = 'http://{stubs}/v1'\nmodel = 'stub'\n\
         [engine]\ndebounce_ms = 0\ndebounce_max_ms = 0\n\
         [limits]\nchat_messages_per_minute = 4000000000\nchat_sessions_per_hour = 4000000000\n\
         [[integrations]]\nproperty = '{}'\nkind = 'sms.twilio'\nname = 'Bench'\n\
         config = {{ account_sid = '{ACCOUNT}', from = '{NUMBER}', base_url = 'http://{stubs}', \
         messages_per_second = 0 }}\n\
         secrets = {{ auth_token = '{TOKEN}' }}\n",
        demo::SLUG
    )
}

async fn stays_of(db: &Db, clock: &Clock, property: PropertyId, count: u32) -> anyhow::Result<Vec<StayOf>> {
    let clock = clock.clone();
    let made = db.write::<_, DbError, _>(move |tx| {
        Box::pin(async move {
            let now = clock.now();
            let mut made = Vec::new();
            for number in 0..count {
                let stay = stay(&clock, property, number);
                let (id, _) = stays::upsert(tx, &stay, now).await?;
                let token = random_token();
                let hash = hash_token(token.expose_secret());
                stay_tokens::insert(tx, &hash, id, now + TimeDelta::days(1), now).await?;
                let phone = stay.phone.unwrap_or_default();
                made.push(StayOf { phone, token: token.expose_secret().to_owned() });
            }
            Ok(made)
        })
    });
    Ok(made.await?)
}

fn stay(clock: &Clock, property: PropertyId, number: u32) -> Stay {
    let today = clock.now().date_naive();
    Stay {
        id: clock.id(),
        property_id: property,
        source: crate::connectors::DEFAULT_PMS.to_owned(),
        external_id: format!("BEN{number:05}"),
        confirmation: format!("BEN{number:05}"),
        first_name: "Robin".to_owned(),
        last_name: format!("Guest{number}"),
        phone: Some(format!("+4477000{number:05}")),
        email: None,
        lang: Some("en".to_owned()),
        room: Some(format!("{}", 1000 + number)),
        state: StayState::InHouse,
        arrives_on: today - TimeDelta::days(1),
        departs_on: today + TimeDelta::days(2),
        checkout_until: None,
    }
}
