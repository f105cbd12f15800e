//! Leaves of the ledger's proof.

use sha2::{Digest, Sha256};

/// SHA-256 over salt, length of the facts (8 bytes, big endian), facts and content, all as stored. The length keeps
/// facts and content apart; the salt keeps a leaf from being guessed once its content was lawfully erased.
pub fn leaf(salt: &[u8], facts: &[u8], content: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(salt);
    hash.update((facts.len() as u64).to_be_bytes());
    hash.update(facts);
    hash.update(content);
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_and_content_do_not_run_into_each_other() {
        assert_ne!(leaf(b"s", b"ab", b"c"), leaf(b"s", b"a", b"bc"));
        assert_ne!(leaf(b"s", b"ab", b"c"), leaf(b"t", b"ab", b"c"));
    }
}
