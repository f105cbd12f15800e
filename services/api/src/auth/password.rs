//! Passwords: argon2id, checked off the async threads.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

use crate::ApiState;
use crate::problem::ApiError;

/// Fewest characters of a password (GB/T 22239 asks for complexity; length is what counts against guessing).
const CHARS_MIN: usize = 10;

/// Most bytes: what is longer is no password.
pub(super) const BYTES_MAX: usize = 1024;

/// Hash of no password: makes an unknown name take as long as a known one. Parameters as [`Argon2::default`].
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$aHVpeWluLW5vYm9keS1zYWx0$2eC4mVmJ3xPzvUuT0m7y5jM2l1o8mB0bC6y1dJq4nQk";

/// Why a password cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// Too short or too long.
    #[error("a password has at least {CHARS_MIN} characters and at most {BYTES_MAX} bytes")]
    Length,
    /// Hashing failed.
    #[error("cannot hash the password: {0}")]
    Hash(String),
}

/// Hash of a password for the staff table: argon2id, 19 MiB, 2 passes (OWASP's minimum). Takes some 30 ms of CPU.
///
/// # Errors
/// [`PasswordError`] when the password is too short or long, or there is no randomness for its salt.
pub fn hash_password(password: &str) -> Result<String, PasswordError> {
    if password.chars().count() < CHARS_MIN || password.len() > BYTES_MAX {
        return Err(PasswordError::Length);
    }
    let hash = Argon2::default().hash_password(password.as_bytes());
    Ok(hash.map_err(|error| PasswordError::Hash(error.to_string()))?.to_string())
}

/// Whether `password` has that hash. Without a hash it takes as long and is false.
pub(super) async fn is_password(state: &ApiState, password: String, hash: Option<String>) -> Result<bool, ApiError> {
    let permit = state.password_checks().acquire().await;
    let _permit = permit.map_err(|error| ApiError::internal("waiting to check a password", &error))?;
    let checked = tokio::task::spawn_blocking(move || verify(&password, hash.as_deref())).await;
    checked.map_err(|error| ApiError::internal("checking a password", &error))
}

fn verify(password: &str, hash: Option<&str>) -> bool {
    let Ok(parsed) = PasswordHash::new(hash.unwrap_or(NOBODY)) else {
        tracing::error!("a password hash in the staff table cannot be read");
        return false;
    };
    let fits = Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok();
    fits && hash.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_password_fits() {
        let hash = hash_password("回音值班口令一二三四").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(verify("回音值班口令一二三四", Some(&hash)));
        assert!(!verify("回音值班口令一二三五", Some(&hash)));
        assert!(!verify("回音值班口令一二三四", None));
        assert!(!verify("x", Some("no hash")));
    }

    #[test]
    fn the_hash_of_nobody_is_worked_through() {
        let nobody = PasswordHash::new(NOBODY).unwrap();
        let hash = hash_password("0123456789").unwrap();
        let real = PasswordHash::new(&hash).unwrap();
        assert_eq!(nobody.params, real.params);
        assert_eq!(nobody.hash.unwrap().as_bytes().len(), real.hash.unwrap().as_bytes().len());
    }

    #[test]
    fn lengths() {
        assert!(matches!(hash_password("short"), Err(PasswordError::Length)));
        assert!(matches!(hash_password(&"x".repeat(1025)), Err(PasswordError::Length)));
    }
}
