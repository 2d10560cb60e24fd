//! Secrets: sealed at rest, hidden in memory, random where we make them. Nothing here may print one.

use crate::domain::ids::IntegrationId;
use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt;

/// First byte of what [`Sealer::seal`] writes: AES-256-GCM, 12 bytes of nonce, JSON inside.
const VERSION: u8 = 1;
const NONCE: usize = 12;

/// The key that seals credentials at rest: 32 bytes, written as base64.
#[derive(Clone)]
pub struct SecretKey([u8; 32]);

/// A text that is no [`SecretKey`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadKey {
    #[error("is not base64")]
    NotBase64,
    #[error("holds {0} bytes, and must hold 32")]
    Length(usize),
}

impl SecretKey {
    /// Reads either alphabet of base64, with or without its padding.
    pub fn from_base64(text: &str) -> Result<Self, BadKey> {
        let text = text.trim();
        let bytes = [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD]
            .iter()
            .find_map(|alphabet| alphabet.decode(text).ok())
            .ok_or(BadKey::NotBase64)?;
        let length = bytes.len();
        bytes.try_into().map(Self).map_err(|_| BadKey::Length(length))
    }

    pub fn random() -> Self {
        Self(random_bytes())
    }

    /// As [`SecretKey::from_base64`] reads it.
    pub fn to_base64(&self) -> SecretString {
        STANDARD.encode(self.0).into()
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(…)")
    }
}

/// The named secrets of one account.
#[derive(Clone, Default)]
pub struct Secrets(BTreeMap<String, SecretString>);

/// An account lacks a secret that its kind needs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the secret `{0}` is missing")]
pub struct MissingSecret(pub String);

impl Secrets {
    pub fn find(&self, name: &str) -> Option<&SecretString> {
        self.0.get(name)
    }

    pub fn require(&self, name: &str) -> Result<&SecretString, MissingSecret> {
        self.find(name)
            .filter(|secret| !secret.expose_secret().is_empty())
            .ok_or_else(|| MissingSecret(name.to_owned()))
    }

    pub fn insert(&mut self, name: impl Into<String>, secret: impl Into<SecretString>) {
        self.0.insert(name.into(), secret.into());
    }

    pub fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The names alone, which may be shown.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

impl From<BTreeMap<String, String>> for Secrets {
    fn from(map: BTreeMap<String, String>) -> Self {
        map.into_iter().collect()
    }
}

impl<S: Into<SecretString>> FromIterator<(String, S)> for Secrets {
    fn from_iter<I: IntoIterator<Item = (String, S)>>(pairs: I) -> Self {
        Self(pairs.into_iter().map(|(name, secret)| (name, secret.into())).collect())
    }
}

impl PartialEq for Secrets {
    fn eq(&self, other: &Self) -> bool {
        let exposed =
            |(a, b): (&SecretString, &SecretString)| same_secret(a.expose_secret(), b.expose_secret());
        self.0.len() == other.0.len()
            && self.0.keys().eq(other.0.keys())
            && self.0.values().zip(other.0.values()).all(exposed)
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

/// Why sealed secrets cannot be read. It does not say which, since a forger would like to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("sealed secrets cannot be opened: another BELLHOP_SECRET_KEY sealed them, or they were changed")]
pub struct CannotOpen;

/// Seals secrets for the database: AES-256-GCM (NIST SP 800-38D) under a random nonce.
#[derive(Clone)]
pub struct Sealer {
    cipher: Aes256Gcm,
}

impl Sealer {
    pub fn new(key: &SecretKey) -> Self {
        Self { cipher: Aes256Gcm::new(&key.0.into()) }
    }

    /// What is sealed for one owner cannot be opened as another's: the id is the associated data.
    pub fn seal(&self, secrets: &Secrets, owner: IntegrationId) -> Vec<u8> {
        let plain: BTreeMap<&str, &str> =
            secrets.0.iter().map(|(name, secret)| (name.as_str(), secret.expose_secret())).collect();
        let plain = SecretString::from(serde_json::json!(plain).to_string());
        let nonce: [u8; NONCE] = random_bytes();
        let payload = Payload { msg: plain.expose_secret().as_bytes(), aad: owner.0.as_bytes() };
        #[expect(clippy::expect_used, reason = "AES-GCM refuses only texts beyond 64 GiB")]
        let sealed = self.cipher.encrypt(&Nonce::from(nonce), payload).expect("secrets fit a message");
        [&[VERSION], nonce.as_slice(), sealed.as_slice()].concat()
    }

    pub fn open(&self, sealed: &[u8], owner: IntegrationId) -> Result<Secrets, CannotOpen> {
        let (&VERSION, rest) = sealed.split_first().ok_or(CannotOpen)? else { return Err(CannotOpen) };
        let (nonce, msg) = rest.split_first_chunk::<NONCE>().ok_or(CannotOpen)?;
        let payload = Payload { msg, aad: owner.0.as_bytes() };
        let plain = self.cipher.decrypt(&Nonce::from(*nonce), payload).map_err(|_| CannotOpen)?;
        let plain = SecretString::from(String::from_utf8(plain).map_err(|_| CannotOpen)?);
        let map: BTreeMap<String, String> =
            serde_json::from_str(plain.expose_secret()).map_err(|_| CannotOpen)?;
        Ok(map.into())
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer(…)")
    }
}

/// A fresh token: 32 random bytes in base64url, 43 characters.
pub fn random_token() -> SecretString {
    URL_SAFE_NO_PAD.encode(random_bytes::<32>()).into()
}

/// A fresh password to be shown once, short enough to be typed: 120 random bits, 20 characters.
pub fn random_password() -> SecretString {
    URL_SAFE_NO_PAD.encode(random_bytes::<15>()).into()
}

/// A fresh API key; its prefix says what it is where it turns up by mistake.
pub fn random_key() -> SecretString {
    format!("bh_{}", random_token().expose_secret()).into()
}

/// What is kept of a random token: its SHA-256. Passwords, which people choose, need argon2 instead.
pub fn hash_token(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// Compares without telling by its duration where two secrets differ.
pub fn same_secret(a: &str, b: &str) -> bool {
    subtle::ConstantTimeEq::ct_eq(a.as_bytes(), b.as_bytes()).into()
}

/// Random bytes of the operating system, for salts, nonces and keys.
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    #[expect(clippy::expect_used, reason = "without the system's randomness no secret may be made")]
    #[expect(clippy::disallowed_methods, reason = "this is where randomness comes from")]
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: IntegrationId = IntegrationId(uuid::Uuid::from_u128(1));
    const TWO: IntegrationId = IntegrationId(uuid::Uuid::from_u128(2));

    fn secrets() -> Secrets {
        Secrets::from_iter([("auth_token".to_owned(), "s3cr3t".to_owned())])
    }

    #[test]
    fn sealed_secrets_open_for_their_owner_alone() {
        let sealer = Sealer::new(&SecretKey::random());
        let sealed = sealer.seal(&secrets(), ONE);
        assert_eq!(sealer.open(&sealed, ONE), Ok(secrets()));
        assert_eq!(sealer.open(&sealed, TWO), Err(CannotOpen));
        assert_eq!(Sealer::new(&SecretKey::random()).open(&sealed, ONE), Err(CannotOpen));
    }

    #[test]
    fn a_change_of_any_byte_is_noticed() {
        let sealer = Sealer::new(&SecretKey::random());
        let sealed = sealer.seal(&secrets(), ONE);
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(sealer.open(&changed, ONE), Err(CannotOpen), "byte {at}");
            assert_eq!(sealer.open(&sealed[..at], ONE), Err(CannotOpen), "cut at {at}");
        }
    }

    #[test]
    fn the_same_secrets_are_never_sealed_alike() {
        let sealer = Sealer::new(&SecretKey::random());
        let sealed = sealer.seal(&secrets(), ONE);
        assert_ne!(sealed, sealer.seal(&secrets(), ONE));
        assert!(!sealed.windows(6).any(|bytes| bytes == b"s3cr3t"));
    }

    #[test]
    fn a_key_reads_back_in_either_alphabet_and_a_short_one_says_how_short() {
        let key = SecretKey([0xfb; 32]);
        let standard = key.to_base64();
        let url = standard.expose_secret().replace('+', "-").replace('/', "_").replace('=', "");
        assert_ne!(url, standard.expose_secret());
        assert_eq!(SecretKey::from_base64(&url).map(|read| read.0), Ok(key.0));
        assert_eq!(SecretKey::from_base64(standard.expose_secret()).map(|read| read.0), Ok(key.0));
        assert_eq!(SecretKey::from_base64("c2hvcnQ=").map(|read| read.0), Err(BadKey::Length(5)));
        assert_eq!(SecretKey::from_base64("no key!").map(|read| read.0), Err(BadKey::NotBase64));
    }

    #[test]
    fn nothing_prints_a_secret() {
        let key = SecretKey::random();
        let shown = format!("{:?} {:?} {:?} {:?}", secrets(), key, Sealer::new(&key), random_token());
        assert!(shown.contains("auth_token") && !shown.contains("s3cr3t"), "{shown}");
        assert!(!shown.contains(key.to_base64().expose_secret()), "{shown}");
    }

    #[test]
    fn a_missing_or_empty_secret_is_named() {
        let mut secrets = secrets();
        secrets.insert("app_secret", "");
        assert_eq!(secrets.require("app_secret").err(), Some(MissingSecret("app_secret".to_owned())));
        assert_eq!(secrets.require("auth_token").map(ExposeSecret::expose_secret).ok(), Some("s3cr3t"));
    }

    #[test]
    fn tokens_are_long_and_differ_and_their_hash_is_sha_256() {
        let (one, two) = (random_token(), random_token());
        assert_eq!(one.expose_secret().len(), 43);
        assert_ne!(one.expose_secret(), two.expose_secret());
        // The digest of "abc" in FIPS 180-4's examples.
        assert_eq!(hash_token("abc")[..4], [0xba, 0x78, 0x16, 0xbf]);
    }
}
