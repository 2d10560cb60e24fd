//! Passwords: judged, hashed and verified here; stored elsewhere, and only as hashes.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

/// Shorter passwords are refused.
pub const PASSWORD_CHARS: usize = 10;
/// Longer ones too: nobody types them, and they cost work.
const PASSWORD_BYTES: usize = 512;

/// Why a password is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    #[error("a password has at least {PASSWORD_CHARS} characters")]
    TooShort,
    #[error("a password has at most {PASSWORD_BYTES} bytes")]
    TooLong,
    #[error("the machine gives no randomness")]
    NoRandomness,
}

/// Whether a password may be chosen.
pub fn check(password: &str) -> Result<(), PasswordError> {
    if password.chars().count() < PASSWORD_CHARS {
        Err(PasswordError::TooShort)
    } else if password.len() > PASSWORD_BYTES {
        Err(PasswordError::TooLong)
    } else {
        Ok(())
    }
}

/// The argon2id hash of a password as a PHC string. Tens of milliseconds of work: never inside a write unit.
pub fn hash(password: &str) -> Result<String, PasswordError> {
    let hash = Argon2::default().hash_password(password.as_bytes());
    Ok(hash.map_err(|_| PasswordError::NoRandomness)?.to_string())
}

/// Whether the password belongs to the hash. Without a hash it does the same work and says no, so that an answer's
/// time does not tell whether a user exists.
pub fn verify(password: &str, hash: Option<&str>) -> bool {
    let parsed = hash.and_then(|hash| PasswordHash::new(hash).ok());
    match parsed {
        Some(parsed) if password.len() <= PASSWORD_BYTES => {
            Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok()
        }
        _ => {
            let mut wasted = [0; 32];
            let short = password.get(..PASSWORD_CHARS).unwrap_or_default();
            let _ = Argon2::default().hash_password_into(short.as_bytes(), b"a salt of no one", &mut wasted);
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_fits_its_own_hash_only_and_the_hash_is_argon2id() {
        let stored = hash("correct horse").unwrap();
        assert!(stored.starts_with("$argon2id$"));
        assert!(verify("correct horse", Some(&stored)));
        assert!(!verify("correct horsf", Some(&stored)));
        assert!(!verify("correct horse", None));
        assert!(!verify("correct horse", Some("not a hash")));
        assert_ne!(stored, hash("correct horse").unwrap(), "salted");
    }

    #[test]
    fn short_and_endless_passwords_are_refused() {
        assert_eq!(check("ninechars"), Err(PasswordError::TooShort));
        assert_eq!(check(&"x".repeat(600)), Err(PasswordError::TooLong));
        assert_eq!(check("añadidura1"), Ok(()));
    }
}
