//! Judges a configuration that could be read: every problem at once, each with what to do. It must not do I/O.

use super::{Config, IntegrationEntry};
use crate::secrets::{BadKey, SecretKey};
use secrecy::ExposeSecret;
use std::collections::BTreeSet;
use std::fmt;

/// Whether Bellhop can start with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    Error,
    Warning,
}

/// One thing that is wrong with the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub severity: Severity,
    /// Where: `server.public_url`.
    pub key: String,
    /// What is wrong, without the value, which may be a secret.
    pub problem: String,
    /// What to do.
    pub mend: String,
}

impl Finding {
    pub fn error(key: impl Into<String>, problem: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { severity: Severity::Error, key: key.into(), problem: problem.into(), mend: mend.into() }
    }

    pub fn warning(key: impl Into<String>, problem: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(key, problem, mend) }
    }

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(f, "{word}: {} {}. {}", self.key, self.problem, self.mend)
    }
}

/// Everything that `serve` needs.
pub fn check(config: &Config) -> Vec<Finding> {
    let mut findings = check_database(config);
    secret_key(config, &mut findings);
    server(config, &mut findings);
    numbers(config, &mut findings);
    properties(config, &mut findings);
    integrations(&config.integrations, &mut findings);
    findings
}

/// What a command needs that only reads and writes the database.
pub fn check_database(config: &Config) -> Vec<Finding> {
    let url = config.database.url.expose_secret();
    let known = ["sqlite:", "postgres://", "postgresql://"];
    let mut findings = Vec::new();
    if url.is_empty() {
        findings.push(Finding::error(
            "database.url",
            "is not set",
            "Set DATABASE_URL, such as sqlite:/var/lib/bellhop/bellhop.db or postgres://user:password@host/bellhop.",
        ));
    } else if !known.iter().any(|scheme| url.starts_with(scheme) && url.len() > scheme.len()) {
        findings.push(Finding::error(
            "database.url",
            "is no address of a database that Bellhop can use",
            "Begin it with sqlite: and a path, or with postgres:// and a server.",
        ));
    }
    if config.database.connections == 0 {
        findings.push(Finding::error("database.connections", "is 0", "Allow at least one."));
    }
    findings
}

/// How many nodes the configured database can have, in words.
pub fn nodes(config: &Config) -> &'static str {
    match config.database.url.expose_secret().starts_with("sqlite:") {
        true => {
            "SQLite is for one node, which does everything (--role all); several nodes share one PostgreSQL."
        }
        false => {
            "PostgreSQL: any number of nodes of any role may share it. Run `bellhop migrate` before them."
        }
    }
}

fn secret_key(config: &Config, findings: &mut Vec<Finding>) {
    const MAKE: &str =
        "Set BELLHOP_SECRET_KEY to what `head -c 32 /dev/urandom | base64` prints, and keep it.";
    let text = config.secret_key.expose_secret();
    let problem = if text.is_empty() {
        "is not set".to_owned()
    } else {
        match SecretKey::from_base64(text) {
            Ok(_) => return,
            Err(error @ (BadKey::NotBase64 | BadKey::Length(_))) => error.to_string(),
        }
    };
    findings.push(Finding::error("secret_key", problem, MAKE));
}

fn server(config: &Config, findings: &mut Vec<Finding>) {
    let Some(url) = &config.server.public_url else {
        findings.push(Finding::warning(
            "server.public_url",
            "is not set, so links and webhooks point to the address that Bellhop listens on",
            "Set BELLHOP_PUBLIC_URL to what guests, staff and vendors reach.",
        ));
        return;
    };
    if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
        let problem = "carries more than scheme, host, port and path";
        findings.push(Finding::error("server.public_url", problem, "Leave the rest out."));
    }
    let local = match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    };
    if url.scheme() == "http" && !local {
        findings.push(Finding::warning(
            "server.public_url",
            "is not encrypted, so passwords and guests' words can be read on the way",
            "Put a proxy with TLS in front and use https.",
        ));
    }
}

fn numbers(config: &Config, findings: &mut Vec<Finding>) {
    let (llm, engine, limits) = (&config.llm, &config.engine, &config.limits);
    let mut must = |holds: bool, key: &str, problem: &str, mend: &str| {
        if !holds {
            findings.push(Finding::error(key, problem, mend));
        }
    };
    must(!llm.model.is_empty(), "llm.model", "is empty", "Name a model of the server.");
    must(!llm.call().is_zero(), "llm.call_secs", "is 0", "Allow at least one second.");
    must(
        llm.turn() >= llm.call(),
        "llm.turn_secs",
        "is less than llm.call_secs",
        "Let a turn hold one call.",
    );
    must(llm.max_rounds > 0, "llm.max_rounds", "is 0", "Allow at least one round.");
    must(
        usize::try_from(llm.max_completion_tokens)
            .is_ok_and(|answer| 0 < answer && answer < llm.context_tokens),
        "llm.max_completion_tokens",
        "is 0, or leaves nothing of llm.context_tokens for the question",
        "Make it smaller than llm.context_tokens.",
    );
    must(
        engine.debounce_max() >= engine.debounce(),
        "engine.debounce_max_ms",
        "is less than engine.debounce_ms",
        "Make it at least as long.",
    );
    must(engine.workers > 0, "engine.workers", "is 0", "Allow at least one.");
    must(
        engine.lease() > llm.turn(),
        "engine.lease_secs",
        "is not longer than llm.turn_secs, so two workers could answer the same guest",
        "Make it longer.",
    );
    must(
        engine.told_after() > llm.turn(),
        "engine.told_after_secs",
        "is not longer than llm.turn_secs, so a guest whose answer is on its way would be told to wait",
        "Make it longer.",
    );
    must(
        engine.called_after() > engine.told_after(),
        "engine.called_after_secs",
        "is not longer than engine.told_after_secs",
        "Call staff after the guest was told.",
    );
    must(!engine.poll().is_zero(), "engine.poll_ms", "is 0", "Use 1000 where you have no other wish.");
    must(
        limits.body_bytes >= 16_384,
        "limits.body_bytes",
        "is too small for a vendor's webhook",
        "Allow 16384 at least.",
    );
    must(limits.chat_messages_per_minute > 0, "limits.chat_messages_per_minute", "is 0", "Allow some.");
    must(limits.chat_sessions_per_hour > 0, "limits.chat_sessions_per_hour", "is 0", "Allow some.");
}

fn properties(config: &Config, findings: &mut Vec<Finding>) {
    let mut slugs = BTreeSet::new();
    for (at, property) in config.properties.iter().enumerate() {
        let key = format!("properties.{at}.slug");
        if !slugs.insert(&property.slug) {
            findings.push(Finding::error(
                &key,
                "is that of another property too",
                "Name each property once.",
            ));
        }
        for (certain, problem) in property.problems() {
            let (setting, what) = problem.split_once(": ").unwrap_or(("", &problem));
            let (key, problem) = (format!("properties.{at}.{setting}"), format!("cannot be used: {what}"));
            findings.push(match certain {
                true => Finding::error(key, problem, "Correct it."),
                false => {
                    Finding::warning(key, problem, "Name the rest of it too, unless the console has set it.")
                }
            });
        }
    }
}

fn integrations(entries: &[IntegrationEntry], findings: &mut Vec<Finding>) {
    let mut seen = BTreeSet::new();
    for (at, entry) in entries.iter().enumerate() {
        let key = format!("integrations.{at}");
        if !entry.kind.contains('.') {
            let mend = "Write area and vendor, such as sms.twilio.";
            findings.push(Finding::error(format!("{key}.kind"), "is no kind of integration", mend));
        }
        if !seen.insert((&entry.property, &entry.kind, &entry.name)) {
            let mend = "Give each account of a kind at a property its own name.";
            findings.push(Finding::error(format!("{key}.name"), "is that of another entry too", mend));
        }
    }
}
