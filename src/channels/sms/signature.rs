//! Whether a webhook is Twilio's, <https://www.twilio.com/docs/usage/webhooks/webhooks-security>; it must not read the
//! request's own idea of its host, nor trim or drop a parameter.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// The decoded, untrimmed parameters of a form: names in byte order, each with its distinct values in byte order.
pub(super) type Form = BTreeMap<String, BTreeSet<String>>;

pub(super) const HEADER: &str = "x-twilio-signature";
const BODY_HASH: &str = "bodySHA256";

/// Repeat five times, whatever failed; without it Twilio repeats only what it could not connect for. A fragment is never
/// sent, and Twilio does not say whether it signs it. <https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides>
pub(super) const CONNECTION_OVERRIDES: &str = "#rc=5&rp=all";

/// Whether `signature` is right for a form sent to `url`.
pub(super) fn form_is_signed(token: &SecretString, url: &str, form: &Form, signature: &str) -> bool {
    let mut data = String::new();
    for (name, values) in form {
        for value in values {
            data.push_str(name);
            data.push_str(value);
        }
    }
    any_url_matches(token, url, &data, signature)
}

/// Whether `signature` is right for another body sent to `url`, which then carries the body's hash.
pub(super) fn body_is_signed(token: &SecretString, url: &str, body: &[u8], signature: &str) -> bool {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let claimed = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == BODY_HASH);
    let Some((_, claimed)) = claimed else { return false };
    let actual = Sha256::digest(body).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    let same = crate::secrets::same_secret(&claimed.to_ascii_lowercase(), &actual);
    same & any_url_matches(token, url, "", signature)
}

/// Twilio signs sometimes with and sometimes without the port, with either spelling of a quote in the query, and perhaps
/// with the connection overrides.
/// All are tried, whichever matches, so that the time taken says nothing.
fn any_url_matches(token: &SecretString, url: &str, data: &str, signature: &str) -> bool {
    let Ok(signature) = STANDARD.decode(signature.trim()) else { return false };
    let Ok(key) = Hmac::<Sha1>::new_from_slice(token.expose_secret().as_bytes()) else { return false };
    let mut spellings = BTreeSet::new();
    for url in [Some(url.to_owned()), without_port(url), with_port(url)].into_iter().flatten() {
        spellings.insert(in_query(&url, "%27", "'"));
        spellings.insert(in_query(&url, "'", "%27"));
        spellings.insert(url);
    }
    let overridden: Vec<_> = spellings.iter().map(|url| format!("{url}{CONNECTION_OVERRIDES}")).collect();
    spellings.extend(overridden);
    spellings.iter().fold(false, |matched, url| {
        let mac = key.clone().chain_update(url).chain_update(data);
        matched | mac.verify_slice(&signature).is_ok()
    })
}

fn in_query(url: &str, from: &str, to: &str) -> String {
    match url.split_once('?') {
        Some((path, query)) => format!("{path}?{}", query.replace(from, to)),
        None => url.to_owned(),
    }
}

/// Scheme, host and the rest; the host with its port, if it names one.
fn parts(url: &str) -> Option<(&str, &str, &str)> {
    let (scheme, rest) = url.split_once("://")?;
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    Some((scheme, &rest[..end], &rest[end..]))
}

fn port_at(host: &str) -> Option<usize> {
    let colon = host.rfind(':')?;
    // In [::1] a colon is no port's.
    (!host[colon..].contains(']')).then_some(colon)
}

fn without_port(url: &str) -> Option<String> {
    let (scheme, host, rest) = parts(url)?;
    Some(format!("{scheme}://{}{rest}", &host[..port_at(host)?]))
}

fn with_port(url: &str) -> Option<String> {
    let (scheme, host, rest) = parts(url)?;
    let port = if scheme.eq_ignore_ascii_case("https") { 443 } else { 80 };
    port_at(host).is_none().then(|| format!("{scheme}://{host}:{port}{rest}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::channels::contract_tests::published;

    fn form(pairs: &[(&str, &str)]) -> Form {
        let mut form = Form::new();
        for (name, value) in pairs {
            form.entry((*name).to_owned()).or_default().insert((*value).to_owned());
        }
        form
    }

    /// The example of Twilio's own documentation.
    fn call(caller: &str) -> Form {
        form(&[
            ("To", "+18005551212"),
            ("From", caller),
            ("Digits", "1234"),
            ("Caller", caller),
            ("CallSid", "CA1234567890ABCDE"),
        ])
    }

    fn signed(url: &str, form: &Form, signature: &str) -> bool {
        form_is_signed(&SecretString::from("12345"), url, form, signature)
    }

    #[test]
    fn the_examples_of_the_documentation_verify() {
        let url = "https://mycompany.com/myapp.php?foo=1&bar=2";
        assert!(signed(url, &call("+14158675309"), "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
        assert!(signed(url, &call("+12349013030"), "0/KCTR6DLpKmkAf8muzZqo1nDgQ="));
        assert!(!signed(url, &call("+14158675309"), "0/KCTR6DLpKmkAf8muzZqo1nDgQ="));
        assert!(!form_is_signed(
            &SecretString::from("54321"),
            url,
            &call("+14158675309"),
            "RSOYDt4T1cUTdK1PDd93/VVr8B8="
        ));
    }

    #[test]
    fn a_parameter_given_twice_counts_once_per_value() {
        let twice = form(&[
            ("Digits", "5678"),
            ("Digits", "1234"),
            ("Digits", "1234"),
            ("Sid", "CA123"),
            ("SidAccount", "AC123"),
        ]);
        let url = "https://mycompany.com/myapp.php?foo=1&bar=2";
        assert!(signed(url, &twice, "IK+Dwps556ElfBT0I3Rgjkr1wJU="));
    }

    #[test]
    fn a_signed_port_verifies_whether_or_not_our_url_has_it() {
        let form = call("+14158675309");
        for (scheme, port, signature) in
            [("https", 443, "kvajT1Ptam85bY51eRf/AJRuM3w="), ("http", 80, "0ZXoZLH/DfblKGATFgpif+LLRf4=")]
        {
            let rest = "/myapp.php?foo=1&bar=2";
            assert!(signed(&format!("{scheme}://mycompany.com:{port}{rest}"), &form, signature));
            assert!(signed(&format!("{scheme}://mycompany.com{rest}"), &form, signature));
            assert!(!signed(&format!("{scheme}://mycompany.org{rest}"), &form, signature));
        }
        let url = "http://mycompany.com:1234/myapp.php?foo=1&bar=2";
        assert!(signed(url, &form, "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="));
        assert!(signed(
            "https://mycompany.com:443/myapp.php?foo=1&bar=2",
            &form,
            "RSOYDt4T1cUTdK1PDd93/VVr8B8="
        ));
    }

    #[test]
    fn ports_are_found_only_where_ports_are() {
        assert_eq!(without_port("https://h:1?a=b:2").as_deref(), Some("https://h?a=b:2"));
        assert_eq!(without_port("https://h/a:1"), None);
        assert_eq!(without_port("http://[::1]/x"), None);
        assert_eq!(with_port("http://[::1]/x").as_deref(), Some("http://[::1]:80/x"));
        assert_eq!(with_port("https://h").as_deref(), Some("https://h:443"));
        assert_eq!(with_port("https://h:8443/x"), None);
        assert_eq!(with_port("no url"), None);
    }

    #[test]
    fn a_quote_in_the_query_may_be_signed_in_either_spelling() {
        let token = SecretString::from("12345");
        let form = form(&[("Body", "it's")]);
        let [plain, coded] = ["https://h.example/x?n=O'Neil", "https://h.example/x?n=O%27Neil"];
        for (asked, signed) in [(plain, coded), (coded, plain), (plain, plain)] {
            let mac =
                Hmac::<Sha1>::new_from_slice(b"12345").unwrap().chain_update(signed).chain_update("Bodyit's");
            let signature = STANDARD.encode(mac.finalize().into_bytes());
            assert!(form_is_signed(&token, asked, &form, &signature), "{asked} {signed}");
        }
    }

    #[test]
    fn a_webhook_with_connection_overrides_verifies_whether_or_not_they_are_signed() {
        let token = SecretString::from("12345");
        let form = form(&[("Body", "Hi")]);
        let url = "https://h.example/hooks/twilio/here";
        for (signed, good) in [
            (url.to_owned(), true),
            (format!("{url}{CONNECTION_OVERRIDES}"), true),
            (format!("https://h.example:443/hooks/twilio/here{CONNECTION_OVERRIDES}"), true),
            (format!("{url}#rc=1"), false),
        ] {
            let mac =
                Hmac::<Sha1>::new_from_slice(b"12345").unwrap().chain_update(&signed).chain_update("BodyHi");
            let signature = STANDARD.encode(mac.finalize().into_bytes());
            assert_eq!(form_is_signed(&token, url, &form, &signature), good, "{signed}");
        }
    }

    #[test]
    fn another_body_needs_its_hash_in_the_url() {
        let token = SecretString::from("12345");
        let url = "https://mycompany.com/myapp.php?foo=1&bar=2&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620";
        let body = br#"{"property": "value", "boolean": true}"#;
        let signature = "a9nBmqA0ju/hNViExpshrM61xv4=";
        assert!(body_is_signed(&token, url, body, signature));
        assert!(!body_is_signed(&token, url, br#"{"property": "value", "boolean": false}"#, signature));
        assert!(!body_is_signed(&token, "https://mycompany.com/myapp.php?foo=1&bar=2", body, signature));
    }

    #[test]
    fn what_is_no_signature_is_none() {
        let form = call("+14158675309");
        for signature in ["", "=", "RSOYDt4T1cUTdK1PDd93/VVr8B8", "RSOYDt4T", "ü", "\0"] {
            assert!(
                !signed("https://mycompany.com/myapp.php?foo=1&bar=2", &form, signature),
                "{signature:?}"
            );
        }
    }

    /// One of ours in the published form, then the published cases where the machine has them.
    #[test]
    fn cases_in_the_published_form_verify() {
        let mut cases = vec![json!({
            "token": "12345",
            "url": "https://mycompany.com/myapp.php?foo=1&bar=2",
            "params": {"Sid": "CA123", "SidAccount": "AC123", "Digits": ["5678", "1234", "1234"]},
            "expected": "IK+Dwps556ElfBT0I3Rgjkr1wJU=",
        })];
        if let Some(published) = published("vectors/twilio_signature_vectors.json") {
            let published = published["cases"].as_array().unwrap();
            assert!(!published.is_empty());
            cases.extend(published.iter().cloned());
        }
        for case in cases {
            let text = |name: &str| case[name].as_str().unwrap();
            let token = SecretString::from(text("token"));
            let (url, signature) = (text("url"), text("expected"));
            let verified = match case["raw_body"].as_str() {
                Some(body) => body_is_signed(&token, url, body.as_bytes(), signature),
                None => form_is_signed(&token, url, &published_form(&case["params"]), signature),
            };
            assert!(verified, "{case}");
        }
    }

    fn published_form(params: &serde_json::Value) -> Form {
        let values = |value: &serde_json::Value| match value.as_array() {
            Some(list) => list.iter().map(|one| one.as_str().unwrap().to_owned()).collect(),
            None => BTreeSet::from([value.as_str().unwrap().to_owned()]),
        };
        params.as_object().unwrap().iter().map(|(name, value)| (name.clone(), values(value))).collect()
    }
}
