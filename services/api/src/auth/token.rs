//! Bearer tokens: `hy_` and 64 hex digits.

use sha2::{Digest, Sha256};

const PREFIX: &str = "hy_";

/// A new token and the digest under which the store keeps it. The token itself is shown once and stored nowhere.
///
/// # Errors
/// When the operating system gives no randomness.
pub fn new_token() -> Result<(String, [u8; 32]), getrandom::Error> {
    let mut secret = [0; 32];
    getrandom::fill(&mut secret)?;
    let token = format!("{PREFIX}{}", hex::encode(secret));
    let digest = token_digest(&token);
    Ok((token, digest))
}

/// SHA-256 of a token as it stands in the header.
pub fn token_digest(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// Whether a text has the form of a token.
pub(super) fn is_token(text: &str) -> bool {
    text.strip_prefix(PREFIX).is_some_and(|rest| rest.len() == 64 && rest.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Compares in a time that does not depend on where two digests differ.
pub(super) fn same_digest(one: &[u8; 32], other: &[u8; 32]) -> bool {
    one.iter().zip(other).fold(0, |difference, (one, other)| difference | (one ^ other)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_token_has_the_form_and_the_digest() {
        let (token, digest) = new_token().unwrap();
        assert!(is_token(&token));
        assert!(same_digest(&digest, &token_digest(&token)));
        assert!(!same_digest(&digest, &token_digest("hy_")));
        for bad in ["", "hy_", "hy_zz", &token.replace("hy_", "")] {
            assert!(!is_token(bad), "{bad}");
        }
    }
}
