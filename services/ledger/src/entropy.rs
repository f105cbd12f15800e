//! Randomness as an argument.

use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest, Sha256};

/// Where salts come from. The binary passes the system's randomness, tests a [`SeededEntropy`].
pub trait Entropy: Send + Sync + 'static {
    /// 32 bytes nobody can guess.
    fn salt(&self) -> [u8; 32];
}

/// Salts that repeat from run to run: for tests and simulations only.
#[derive(Debug, Default)]
pub struct SeededEntropy(AtomicU64);

impl SeededEntropy {
    /// A sequence of its own for each seed.
    pub fn new(seed: u64) -> SeededEntropy {
        SeededEntropy(AtomicU64::new(seed << 32))
    }
}

impl Entropy for SeededEntropy {
    fn salt(&self) -> [u8; 32] {
        Sha256::digest(self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes()).into()
    }
}
