//! The configuration as a hotel would write it: layers, mistakes, remedies.

use super::*;
use crate::domain::hotel::HotelSettings;

const KEY: &str = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

fn file(text: &str) -> ConfigFile {
    ConfigFile { name: "bellhop.toml".to_owned(), text: text.to_owned() }
}

fn findings(text: &str, env: &Env) -> Vec<Finding> {
    let loaded = load(Some(&file(text)), env);
    let mut findings = loaded.findings;
    findings.extend(check(&loaded.config));
    findings
}

fn errors(text: &str) -> Vec<String> {
    let env = Env::from([("DATABASE_URL", "sqlite:bellhop.db"), ("BELLHOP_SECRET_KEY", KEY)]);
    findings(text, &env).iter().filter(|found| found.is_error()).map(ToString::to_string).collect()
}

#[test]
fn the_defaults_can_be_read_and_lack_only_what_every_installation_must_choose() {
    let loaded = load(None, &Env::default());
    assert_eq!(loaded.findings, []);
    let missing: Vec<_> =
        check(&loaded.config).into_iter().filter(Finding::is_error).map(|f| f.key).collect();
    assert_eq!(missing, ["database.url", "secret_key"]);
    assert!(!loaded.config.llm.is_configured());
    assert_eq!(errors(""), [""; 0]);
}

#[test]
fn the_environment_wins_over_the_file_and_the_file_over_the_defaults() {
    let text = "[server]\nlisten = '127.0.0.1:1'\nshutdown_secs = 3\n[llm]\nmodel = 'of-the-file'\n";
    let env = Env::from([
        ("BELLHOP__SERVER__LISTEN", "[::1]:2"),
        ("BELLHOP__SERVER__TRUSTED_PROXIES", "[\"10.0.0.0/8\"]"),
        ("BELLHOP__ENGINE__DEBOUNCE_MS", "10"),
        ("BELLHOP__LLM__MODEL", "of-the-section"),
        ("BELLHOP_MODEL", "of-the-variable"),
        ("OPENAI_API_KEY", "12345"),
        ("OPENAI_BASE_URL", ""),
    ]);
    let Loaded { config, findings } = load(Some(&file(text)), &env);
    assert_eq!(findings, []);
    assert_eq!(config.server.listen.to_string(), "[::1]:2");
    assert_eq!(config.server.trusted_proxies.len(), 1);
    assert_eq!(config.server.shutdown(), Duration::from_secs(3));
    assert_eq!(config.engine.debounce(), Duration::from_millis(10));
    assert_eq!(config.llm.model, "of-the-variable");
    assert_eq!(config.llm.api_key.expose_secret(), "12345");
    assert!(config.llm.base_url.is_none() && config.llm.is_configured());
}

#[test]
fn every_problem_is_told_at_once_with_its_place_and_what_to_do() {
    let text = "
        colour = 'red'
        [server]
        listen = 'localhost'
        public_url = 'hotel.example'
        lisen = 1
        [llm]
        max_rounds = 'four'
        call_secs = 50
        [log]
        format = 'xml'
    ";
    let found = errors(text);
    for (key, words) in [
        ("colour", "is not a key that Bellhop knows (in bellhop.toml)"),
        ("server.listen", "such as 127.0.0.1:8080"),
        ("server.public_url", "is not a complete URL"),
        ("server.lisen", "use one of: listen, public_url"),
        ("llm.max_rounds", "must be u32, and is a text"),
        ("llm.turn_secs", "is less than llm.call_secs"),
        ("log.format", "must be one of: text, json"),
    ] {
        let told = |line: &String| line.starts_with(&format!("error: {key} ")) && line.contains(words);
        assert!(found.iter().any(told), "{key}: {found:#?}");
    }
    assert_eq!(found.len(), 7, "{found:#?}");
}

#[test]
fn an_unknown_variable_of_ours_is_an_error_too() {
    let env = Env::from([("BELLHOP__SERVER__PORT", "80"), ("BELLHOP_HOME", "/opt")]);
    let found = load(None, &env).findings;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].key, "server.port");
    assert!(found[0].problem.contains("BELLHOP__SERVER__PORT"), "{found:?}");
}

#[test]
fn a_short_key_says_how_short_it_is_and_how_to_make_one() {
    let found = findings("secret_key = 'c2hvcnQ='\ndatabase.url = 'sqlite:x'", &Env::default());
    let found: Vec<_> = found.iter().filter(|found| found.is_error()).map(ToString::to_string).collect();
    assert_eq!(found.len(), 1);
    assert!(
        found[0].starts_with("error: secret_key holds 5 bytes") && found[0].contains("urandom"),
        "{found:?}"
    );
}

#[test]
fn a_database_that_is_none_is_refused_without_showing_its_password() {
    let found = findings("[database]\nurl = 'mysql://root:hunter2@db/x'", &Env::default());
    let shown = format!("{found:?}");
    assert!(found.iter().any(|found| found.key == "database.url"), "{shown}");
    assert!(!shown.contains("hunter2"));
}

#[test]
fn a_file_that_is_no_toml_names_the_line_but_does_not_show_it() {
    let found = errors("[llm]\nmodel = 'x'\napi_key = 'sk-abc\n");
    assert!(found[0].contains("bellhop.toml, line 3"), "{found:?}");
    assert!(!found[0].contains("sk-abc"), "{found:?}");
}

#[test]
fn secrets_are_never_shown() {
    let env = Env::from([("BELLHOP_SECRET_KEY", KEY), ("OPENAI_API_KEY", "sk-abc"), ("TOKEN", "t0ken")]);
    let text = "
        [[integrations]]
        property = 'bellevue'
        kind = 'sms.twilio'
        secrets = { auth_token = 'env:TOKEN', other = 'pl4in', number = 90210 }
    ";
    let loaded = load(Some(&file(text)), &env);
    let shown = format!("{loaded:?} {env:?}");
    for secret in [KEY, "sk-abc", "t0ken", "pl4in", "90210"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
    let account = &loaded.config.integrations[0];
    assert_eq!(account.name, "sms.twilio");
    assert_eq!(account.secrets.require("auth_token").map(ExposeSecret::expose_secret).ok(), Some("t0ken"));
    assert_eq!(loaded.findings[0].key, "integrations.0.secrets.number");
}

#[test]
fn a_secret_whose_variable_is_not_set_names_the_variable() {
    let found = errors(
        "[[integrations]]\nproperty = 'bellevue'\nkind = 'sms.twilio'\nsecrets = { auth_token = 'env:NOT_SET' }\n",
    );
    assert_eq!(found.len(), 1);
    assert!(
        found[0].contains("integrations.0.secrets.auth_token") && found[0].contains("Set NOT_SET"),
        "{found:?}"
    );
}

#[test]
fn a_hotel_of_the_file_leaves_what_it_does_not_name() {
    let text = "
        [[properties]]
        slug = 'bellevue'
        name = 'Hotel Bellevue'
        zone = 'Europe/Zurich'
        currency = 'CHF'
        on_call = ['+41790000000']
        limits = { max_quantity = 3 }
        late_checkout = { standard = 10:30:00 }
    ";
    let loaded = load(Some(&file(text)), &Env::default());
    assert_eq!(loaded.findings, []);
    let hotel = &loaded.config.properties[0];
    let before = HotelSettings { reception_phone: "+41440000000".to_owned(), ..HotelSettings::default() };
    let after = hotel.over(&before).unwrap();
    assert_eq!(after.reception_phone, "+41440000000");
    assert_eq!(after.on_call, ["+41790000000"]);
    assert_eq!((after.limits.max_quantity, after.limits.per_charge_minor), (3, 10_000));
    assert_eq!(after.late_checkout.standard.to_string(), "10:30:00");
    assert_eq!(after.late_checkout.paid_until, before.late_checkout.paid_until);
}

#[test]
fn a_hotel_with_mistakes_names_each_of_them() {
    let found = errors(
        "
        [[properties]]
        slug = 'Belle Vue'
        name = 'Hotel Bellevue'
        zone = 'Europe/Zurich'
        currency = 'CHF'
        stars = 4
        limits = { per_minute = 3 }
        [[properties]]
        slug = 'second'
        zone = 'Zurich time'
        currency = 'francs'
        ",
    );
    let expected = [
        "properties.0.slug",
        "properties.0.stars",
        "properties.0.limits.per_minute",
        "properties.1.name",
        "properties.1.zone",
        "properties.1.currency",
    ];
    for key in expected {
        assert!(found.iter().any(|line| line.starts_with(&format!("error: {key} "))), "{key}: {found:#?}");
    }
    assert_eq!(found.len(), expected.len(), "{found:#?}");
}

#[test]
fn settings_that_a_hotel_cannot_have_are_told_before_the_start() {
    let told = |rest: &str| {
        let text = format!(
            "[[properties]]\nslug = 'bellevue'\nname = 'Hotel Bellevue'\nzone = 'Europe/Zurich'\ncurrency = 'CHF'\n{rest}"
        );
        let file = ConfigFile { name: "bellhop.toml".to_owned(), text };
        let loaded = load(Some(&file), &Env::default());
        assert_eq!(loaded.findings, [], "it can be read");
        let found =
            check(&loaded.config).into_iter().filter(|finding| finding.key.starts_with("properties."));
        found.map(|finding| finding.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(told("on_call = ['+41790000000']"), [""; 0]);
    let [phone] = told("on_call = ['079 000 00 00']").try_into().unwrap();
    assert!(phone.starts_with("error: properties.0.on_call ") && phone.contains("international"), "{phone}");
    let whole = "limits = { per_charge_minor = 30000, per_stay_and_day_minor = 20000, max_quantity = 5 }";
    let [limits] = told(whole).try_into().unwrap();
    assert!(limits.starts_with("error: properties.0.limits "), "{limits}");
    // The console may have set the other half higher.
    let [half] = told("limits = { per_charge_minor = 30000 }").try_into().unwrap();
    assert!(half.starts_with("warning: properties.0.limits "), "{half}");
}

#[test]
fn the_public_address_falls_back_to_where_it_listens() {
    let load = |url, bound: &str| {
        let config = load(None, &Env::from([("BELLHOP_PUBLIC_URL", url)])).config;
        config.server.public_url(bound.parse().unwrap()).to_string()
    };
    assert_eq!(load("https://hotel.example:8443/desk/", "127.0.0.1:1"), "https://hotel.example:8443/desk/");
    assert_eq!(load("", "127.0.0.1:4711"), "http://127.0.0.1:4711/");
    assert_eq!(load("", "0.0.0.0:4711"), "http://127.0.0.1:4711/");
    assert_eq!(load("", "[::]:4711"), "http://[::1]:4711/");
}

#[test]
fn how_many_nodes_the_database_can_have_is_said_in_words() {
    let with = |url: &str| load(None, &Env::from([("DATABASE_URL", url)])).config;
    assert!(nodes(&with("sqlite:bellhop.db")).starts_with("SQLite is for one node"));
    assert!(nodes(&with("postgres://db.example/bellhop")).starts_with("PostgreSQL: any number of nodes"));
}
