//! Digest of a post's stored content.

use sha2::{Digest, Sha256};

/// First 16 bytes of SHA-256 over the masked title and text, as 32 hex digits. The same (source, id) with another
/// digest is a revision. It is taken after masking, so it says nothing about what masking removed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ContentDigest(String);

impl ContentDigest {
    /// Digest of `title` and `text`, both masked.
    pub fn of(title: &str, text: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update((title.len() as u64).to_be_bytes());
        hash.update(title.as_bytes());
        hash.update(text.as_bytes());
        let bytes = hash.finalize();
        Self(hex::encode(bytes.iter().take(16).copied().collect::<Vec<u8>>()))
    }

    /// 32 hex digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
