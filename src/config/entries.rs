//! The hotels and accounts that a configuration file names. What it does not name is not touched.

use super::Env;
use super::check::Finding;
use super::layers::{Reader, mend, unknown_key, unreadable};
use crate::domain::hotel::{Hotel, HotelSettings};
use crate::domain::ids::PropertyId;
use crate::domain::money::Currency;
use crate::secrets::Secrets;
use chrono_tz::Tz;
use figment::value::{Dict, Value};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};

/// A hotel that the file names.
#[derive(Debug, Clone)]
pub struct PropertyEntry {
    pub slug: String,
    pub name: String,
    pub zone: Tz,
    pub currency: Currency,
    /// Only what the file names of [`HotelSettings`].
    named: Map<String, Json>,
}

impl PropertyEntry {
    /// The settings with what the file names put over them; the rest stays.
    pub fn over(&self, settings: &HotelSettings) -> Result<HotelSettings, serde_json::Error> {
        let mut merged = serde_json::to_value(settings)?;
        lay_over(&mut merged, &Json::Object(self.named.clone()));
        serde_json::from_value(merged)
    }

    /// What is wrong with the hotel as the file describes it, over the settings of a new one: each problem begins with
    /// the setting's name. False: a part that the file leaves out may put it right in a hotel that is there already.
    pub(super) fn problems(&self) -> Vec<(bool, String)> {
        let new = HotelSettings::default();
        // What cannot be read has been told already.
        let Ok(settings) = self.over(&new) else { return Vec::new() };
        let (id, name) = (PropertyId(uuid::Uuid::nil()), self.name.clone());
        let (slug, zone, currency) = (self.slug.clone(), self.zone, self.currency);
        let hotel = Hotel { id, slug, name, zone, currency, revision: 1, settings };
        let new = serde_json::to_value(&new).unwrap_or_default();
        let whole = |problem: &String| {
            let setting = problem.split(':').next().unwrap_or_default();
            match (self.named.get(setting), new.get(setting)) {
                (Some(Json::Object(named)), Some(Json::Object(all))) => named.len() >= all.len(),
                _ => true,
            }
        };
        hotel.problems().into_iter().map(|problem| (whole(&problem), problem)).collect()
    }
}

/// An account that the file names, found again by property, kind and name.
#[derive(Debug, Clone)]
pub struct IntegrationEntry {
    /// The property's slug.
    pub property: String,
    pub kind: String,
    pub name: String,
    pub enabled: bool,
    pub config: Map<String, Json>,
    pub secrets: Secrets,
}

/// Tables are merged key by key; everything else is replaced.
fn lay_over(below: &mut Json, above: &Json) {
    match (below, above) {
        (Json::Object(below), Json::Object(above)) => {
            for (key, value) in above {
                lay_over(below.entry(key.clone()).or_insert(Json::Null), value);
            }
        }
        (below, above) => *below = above.clone(),
    }
}

pub(super) fn properties(reader: &mut Reader) -> Vec<PropertyEntry> {
    tables(reader, "properties").filter_map(|mut table| table.property(reader)).collect()
}

pub(super) fn integrations(reader: &mut Reader, env: &Env) -> Vec<IntegrationEntry> {
    tables(reader, "integrations").filter_map(|mut table| table.integration(reader, env)).collect()
}

fn tables(reader: &mut Reader, list: &'static str) -> impl Iterator<Item = Table> + use<> {
    let source = reader.source(list);
    let Value::Array(_, values) = reader.value(list) else {
        let mend = format!("Begin each entry with a line [[{list}]].");
        reader.findings.push(Finding::error(list, format!("must be a list of tables{source}"), mend));
        return Vec::new().into_iter();
    };
    let mut tables = Vec::new();
    for (at, value) in values.into_iter().enumerate() {
        let (key, source) = (format!("{list}.{at}"), source.clone());
        match value {
            Value::Dict(_, dict) => tables.push(Table { key, source, dict }),
            _ => reader.findings.push(Finding::error(key, format!("must be a table{source}"), "Correct it.")),
        }
    }
    tables.into_iter()
}

/// One entry of a list while it is read.
struct Table {
    /// `properties.0`
    key: String,
    source: String,
    dict: Dict,
}

impl Table {
    fn property(&mut self, reader: &mut Reader) -> Option<PropertyEntry> {
        let slug = self.take(reader, "slug", None);
        let name = self.take(reader, "name", None);
        let zone = self.take(reader, "zone", None);
        let currency = self.take(reader, "currency", None);
        self.settings(reader);
        let named = match serde_json::to_value(&self.dict) {
            Ok(Json::Object(named)) => named,
            _ => Map::new(),
        };
        Some(PropertyEntry { slug: slug?, name: name?, zone: zone?, currency: currency?, named })
    }

    /// Tries what is left as settings; notes and drops what cannot be read.
    fn settings(&mut self, reader: &mut Reader) {
        let defaults = match Value::serialize(HotelSettings::default()) {
            Ok(Value::Dict(_, defaults)) => defaults,
            _ => Dict::new(),
        };
        let whole = |named: &Dict| {
            let json = |dict: &Dict| serde_json::to_value(dict).unwrap_or(Json::Null);
            let mut merged = json(&defaults);
            lay_over(&mut merged, &json(named));
            match Value::serialize(merged) {
                Ok(whole) => whole.deserialize::<HotelSettings>().err(),
                Err(error) => Some(error),
            }
        };
        for error in mend(&mut self.dict, &Dict::new(), whole) {
            reader.findings.push(unreadable(&self.key, &error, &self.source));
        }
    }

    fn integration(&mut self, reader: &mut Reader, env: &Env) -> Option<IntegrationEntry> {
        let property = self.take(reader, "property", None);
        let kind: Option<String> = self.take(reader, "kind", None);
        let name = self.take(reader, "name", kind.clone());
        let enabled = self.take(reader, "enabled", Some(true));
        let config = self.take(reader, "config", Some(Map::new()));
        let secrets = self.secrets(reader, env);
        for key in self.dict.keys() {
            let known = ["property", "kind", "name", "enabled", "config", "secrets"];
            reader.findings.push(unknown_key(&format!("{}.{key}", self.key), &self.source, &known));
        }
        Some(IntegrationEntry {
            property: property?,
            kind: kind?,
            name: name?,
            enabled: enabled?,
            config: config?,
            secrets,
        })
    }

    fn secrets(&mut self, reader: &mut Reader, env: &Env) -> Secrets {
        let mut secrets = Secrets::default();
        let dict = match self.dict.remove("secrets") {
            None => return secrets,
            Some(Value::Dict(_, dict)) => dict,
            Some(_) => {
                let problem = format!("must be a table{}", self.source);
                let mend = "Write secrets = { name = \"env:NAME\" }.";
                reader.findings.push(Finding::error(format!("{}.secrets", self.key), problem, mend));
                return secrets;
            }
        };
        for (name, value) in dict {
            let key = format!("{}.secrets.{name}", self.key);
            let finding = match value.into_string() {
                None => Finding::error(key, "must be a text", "Put it in quotes."),
                Some(text) => match text.strip_prefix("env:") {
                    None if !text.is_empty() => {
                        secrets.insert(name, text);
                        continue;
                    }
                    None => {
                        Finding::error(key, "is empty", "Write the secret, or env: and a variable's name.")
                    }
                    Some(variable) => match env.find(variable) {
                        Some(found) => {
                            secrets.insert(name, found);
                            continue;
                        }
                        None => Finding::error(
                            key,
                            format!("refers to the environment variable {variable}, which is not set"),
                            format!("Set {variable} where Bellhop is started."),
                        ),
                    },
                },
            };
            reader.findings.push(finding);
        }
        secrets
    }

    fn take<T: DeserializeOwned>(&mut self, reader: &mut Reader, key: &str, default: Option<T>) -> Option<T> {
        let full = format!("{}.{key}", self.key);
        let Some(value) = self.dict.remove(key) else {
            if default.is_none() {
                reader.findings.push(Finding::error(full, format!("is missing{}", self.source), "Add it."));
            }
            return default;
        };
        value
            .deserialize()
            .map_err(|error| reader.findings.push(unreadable(&full, &error, &self.source)))
            .ok()
    }
}
