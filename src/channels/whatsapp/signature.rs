//! Whether a webhook is Meta's: HMAC-SHA256 of the raw bytes under the app secret. It must not look into the bytes.

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

pub(super) const HEADER: &str = "x-hub-signature-256";

pub(super) fn is_signed(app_secret: &SecretString, body: &[u8], header: &str) -> bool {
    let Some(signature) = header.trim().strip_prefix("sha256=").and_then(from_hex) else { return false };
    let Ok(key) = Hmac::<Sha256>::new_from_slice(app_secret.expose_secret().as_bytes()) else { return false };
    key.chain_update(body).verify_slice(&signature).is_ok()
}

/// Exactly 32 bytes.
fn from_hex(text: &str) -> Option<[u8; 32]> {
    let digits: Vec<u8> = text
        .chars()
        .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect::<Option<_>>()?;
    if digits.len() != 64 {
        return None;
    }
    let bytes: Vec<u8> =
        digits.chunks_exact(2).map(|pair| pair.iter().fold(0, |byte, digit| (byte << 4) | digit)).collect();
    bytes.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channels::contract_tests::published;
    use serde_json::json;

    /// One of ours in the published form, then the published cases where the machine has them.
    #[test]
    fn cases_in_the_published_form_verify() {
        let mut cases = vec![json!({
            "app_secret": "not a real secret",
            "raw_body": "{\"entry\": [ ]}",
            "header": "sha256=0e8875ee50696a81cb958a6ecc8369f3026844b43382cc586c63e519188f55cd",
        })];
        if let Some(published) = published("vectors/whatsapp_signature_vectors.json") {
            let published = published["cases"].as_array().unwrap();
            assert!(!published.is_empty());
            cases.extend(published.iter().cloned());
        }
        for case in cases {
            let text = |name: &str| case[name].as_str().unwrap();
            let secret = SecretString::from(text("app_secret"));
            let (body, header) = (text("raw_body").as_bytes(), text("header"));
            assert!(is_signed(&secret, body, header), "{case}");
            assert!(!is_signed(&SecretString::from("another"), body, header), "{case}");
            assert!(!is_signed(&secret, &[body, b" "].concat(), header), "{case}");
        }
    }

    #[test]
    fn what_is_no_signature_is_none() {
        let secret = SecretString::from("s");
        for header in
            ["", "sha256=", "sha1=00", "sha256=zz", "ü", &format!("sha256={}", "0".repeat(66)), "\0"]
        {
            assert!(!is_signed(&secret, b"x", header), "{header:?}");
        }
    }
}
