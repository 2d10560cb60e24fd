//! Reads the layers into a [`Config`] and names everything that cannot be read. It must not print a value.

use super::check::Finding;
use super::entries;
use super::{Config, Env};
use figment::error::{Actual, Kind};
use figment::util::nest;
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};
use secrecy::SecretString;
use serde::de::DeserializeOwned;

const DEFAULTS: &str = include_str!("default.toml");

/// Variables that other tools use too, and the keys that they set.
const PLAIN: &[(&str, &str)] = &[
    ("DATABASE_URL", "database.url"),
    ("OPENAI_API_KEY", "llm.api_key"),
    ("OPENAI_BASE_URL", "llm.base_url"),
    ("BELLHOP_MODEL", "llm.model"),
    ("BELLHOP_SECRET_KEY", "secret_key"),
    ("BELLHOP_PUBLIC_URL", "server.public_url"),
    ("BELLHOP_DEMO_PASSWORD", "demo.password"),
    ("BELLHOP_DEMO_API_KEY", "demo.api_key"),
];

/// A configuration file's name, for messages, and its text.
#[derive(Clone)]
pub struct ConfigFile {
    pub name: String,
    pub text: String,
}

/// What was read. With findings among which one is an error, `config` holds defaults in the places concerned.
#[derive(Debug, Clone)]
pub struct Loaded {
    pub config: Config,
    pub findings: Vec<Finding>,
}

/// Reads defaults, file and environment, the last one winning, and gives everything that is wrong at once.
pub fn load(file: Option<&ConfigFile>, env: &Env) -> Loaded {
    let mut findings = Vec::new();
    let defaults = builtin();
    let mut figment = Figment::from(Layer { name: "the defaults".to_owned(), dict: defaults.clone() });
    if let Some(file) = file {
        match toml::from_str::<toml::Table>(&file.text) {
            Ok(table) => figment = figment.merge(Layer { name: file.name.clone(), dict: dict(table) }),
            Err(error) => findings.push(syntax(file, &error)),
        }
    }
    for (name, key, value) in from_env(env, &defaults) {
        if let Value::Dict(_, dict) = nest(&key, value) {
            figment = figment.merge(Layer { name, dict });
        }
    }
    let mut reader = Reader { figment, defaults, findings };
    let config = reader.config(env);
    Loaded { config, findings: reader.findings }
}

struct Layer {
    name: String,
    dict: Dict,
}

impl Provider for Layer {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.name.clone())
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Ok([(Profile::Default, self.dict.clone())].into())
    }
}

fn builtin() -> Dict {
    #[expect(clippy::expect_used, reason = "the defaults are part of the program, and a test reads them")]
    let mut table: toml::Table = toml::from_str(DEFAULTS).expect("the defaults are TOML");
    for list in ["properties", "integrations"] {
        table.insert(list.to_owned(), toml::Value::Array(Vec::new()));
    }
    dict(table)
}

fn dict(table: toml::Table) -> Dict {
    table.into_iter().map(|(key, value)| (key, value_of(value))).collect()
}

fn value_of(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(truth) => truth.into(),
        // A time written without quotes, `07:00:00`, means what it means with them.
        toml::Value::Datetime(time) => time.to_string().into(),
        toml::Value::Array(values) => values.into_iter().map(value_of).collect::<Vec<_>>().into(),
        toml::Value::Table(table) => dict(table).into(),
    }
}

/// The line number only: the line itself may hold a secret.
fn syntax(file: &ConfigFile, error: &toml::de::Error) -> Finding {
    let at = error.span().map_or(0, |span| span.start);
    let line = file.text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
    let why = error.message().lines().next().unwrap_or_default();
    Finding::error(
        format!("{}, line {line}", file.name),
        format!("cannot be read as TOML: {why}"),
        "Correct this line.",
    )
}

/// What the environment sets: the variable's name, the key, the value.
fn from_env(env: &Env, defaults: &Dict) -> Vec<(String, String, Value)> {
    let defaults = Value::from(defaults.clone());
    let typed = |key: &str, text: &str| match defaults.find_ref(key) {
        // A password of digits only is a text all the same.
        Some(Value::String(..)) => Value::from(text),
        _ => text.parse().unwrap_or_else(|never: std::convert::Infallible| match never {}),
    };
    let own = env.with_prefix("BELLHOP__").map(|(name, text)| {
        let key = name.to_lowercase().replace("__", ".");
        let value = typed(&key, text);
        (format!("BELLHOP__{name}"), key, value)
    });
    let plain = PLAIN.iter().filter_map(|(name, key)| {
        Some(((*name).to_owned(), (*key).to_owned(), Value::from(env.find(name)?)))
    });
    own.chain(plain).collect()
}

pub(super) struct Reader {
    figment: Figment,
    defaults: Dict,
    pub(super) findings: Vec<Finding>,
}

impl Reader {
    fn config(&mut self, env: &Env) -> Config {
        self.unknown_sections();
        let properties = entries::properties(self);
        let integrations = entries::integrations(self, env);
        Config {
            server: self.section("server"),
            database: self.section("database"),
            secret_key: self.section::<Secret>("secret_key").0,
            llm: self.section("llm"),
            engine: self.section("engine"),
            limits: self.section("limits"),
            log: self.section("log"),
            demo: self.section("demo"),
            properties,
            integrations,
        }
    }

    fn unknown_sections(&mut self) {
        let Ok(Value::Dict(_, all)) = self.figment.find_value("") else { return };
        for key in all.keys().filter(|key| !self.defaults.contains_key(*key)) {
            let known: Vec<_> = self.defaults.keys().map(String::as_str).collect();
            let source = self.source(key);
            self.findings.push(unknown_key(key, &source, &known));
        }
    }

    /// The merged value of a top-level key.
    pub(super) fn value(&self, key: &str) -> Value {
        self.figment.find_value(key).unwrap_or_else(|_| Value::from(Dict::new()))
    }

    /// ` (in bellhop.toml)`, or nothing when it is not known.
    pub(super) fn source(&self, key: &str) -> String {
        self.figment.find_metadata(key).map(|found| format!(" (in {})", found.name)).unwrap_or_default()
    }

    /// Reads a section; what cannot be read is noted and takes its default, so that the rest is judged too.
    fn section<T: DeserializeOwned>(&mut self, name: &str) -> T {
        let default = self.defaults.get(name).cloned().unwrap_or_else(|| Value::from(Dict::new()));
        match (self.value(name), &default) {
            (Value::Dict(tag, mut dict), Value::Dict(_, defaults)) => {
                for error in
                    mend(&mut dict, defaults, |dict| Value::Dict(tag, dict.clone()).deserialize::<T>().err())
                {
                    let key = error.path.join(".");
                    let source = self.source(&format!("{name}.{key}"));
                    self.findings.push(unreadable(name, &error, &source));
                }
                if let Ok(section) = Value::Dict(tag, dict).deserialize() {
                    return section;
                }
            }
            (value, _) => match value.deserialize() {
                Ok(section) => return section,
                Err(error) => {
                    let source = self.source(name);
                    self.findings.push(unreadable(name, &error, &source));
                }
            },
        }
        #[expect(clippy::expect_used, reason = "the defaults are part of the program, and a test reads them")]
        default.deserialize().expect("the defaults can be read")
    }
}

#[derive(serde::Deserialize)]
struct Secret(#[serde(deserialize_with = "super::secret")] SecretString);

/// Replaces, one after the other, the entries of `dict` that cannot be read by their defaults, or drops those that
/// have none; gives the errors.
pub(super) fn mend(
    dict: &mut Dict,
    defaults: &Dict,
    error: impl Fn(&Dict) -> Option<figment::Error>,
) -> Vec<figment::Error> {
    let mut errors = Vec::new();
    // Each round settles one entry, so there are no more rounds than entries.
    for _ in 0..=dict.len() {
        let Some(mut error) = error(dict) else { break };
        if let Kind::UnknownField(field, _) = &error.kind
            && error.path.last() != Some(field)
        {
            error.path.push(field.clone());
        }
        let Some(culprit) = error.path.first().cloned() else {
            errors.push(error);
            break;
        };
        match defaults.get(&culprit) {
            Some(default) => dict.insert(culprit, default.clone()),
            None => dict.remove(&culprit),
        };
        errors.push(error);
    }
    errors
}

pub(super) fn unknown_key(key: &str, source: &str, known: &[&str]) -> Finding {
    Finding::error(
        key,
        format!("is not a key that Bellhop knows{source}"),
        format!("Remove it, or use one of: {}.", known.join(", ")),
    )
}

/// An error of reading as a finding, without the value that was found.
pub(super) fn unreadable(prefix: &str, error: &figment::Error, source: &str) -> Finding {
    let key = std::iter::once(prefix).chain(error.path.iter().map(String::as_str));
    let mut key = key.collect::<Vec<_>>().join(".");
    let mend = hint(&key);
    let problem = match &error.kind {
        Kind::UnknownField(_, known) => return unknown_key(&key, source, known),
        Kind::MissingField(field) => {
            key = format!("{key}.{field}");
            return Finding::error(key, format!("is missing{source}"), "Add it.");
        }
        Kind::InvalidType(found, wanted) | Kind::InvalidValue(found, wanted) => {
            format!("must be {wanted}, and is {}", kind_of(found))
        }
        Kind::UnknownVariant(_, known) => format!("must be one of: {}", known.join(", ")),
        Kind::Message(message) => message.clone(),
        Kind::InvalidLength(_, wanted) => format!("must be {wanted}"),
        Kind::DuplicateField(_)
        | Kind::ISizeOutOfRange(_)
        | Kind::USizeOutOfRange(_)
        | Kind::Unsupported(_)
        | Kind::UnsupportedKey(..) => "cannot be read".to_owned(),
    };
    Finding::error(key, format!("{problem}{source}"), mend)
}

fn kind_of(found: &Actual) -> &'static str {
    match found {
        Actual::Bool(_) => "true or false",
        Actual::Unsigned(_) | Actual::Signed(_) | Actual::Float(_) => "a number",
        Actual::Char(_) | Actual::Str(_) | Actual::Bytes(_) => "a text",
        Actual::Seq => "a list",
        Actual::Map => "a table",
        _ => "something else",
    }
}

/// What to write instead.
fn hint(key: &str) -> &'static str {
    match key.rsplit('.').find(|part| !part.bytes().all(|byte| byte.is_ascii_digit())).unwrap_or(key) {
        "listen" => "Use an address and a port, such as 127.0.0.1:8080.",
        "public_url" => "Use the whole address, such as https://concierge.hotel.example.",
        "base_url" => "Use the whole address, such as https://api.openai.com/v1.",
        "trusted_proxies" => "Use addresses or ranges, such as [\"10.0.0.0/8\"].",
        "zone" => "Use a name of the IANA time zone database, such as Europe/Lisbon.",
        "currency" => "Use a code of ISO 4217, such as EUR.",
        _ => "Correct it; the reference explains each key.",
    }
}
