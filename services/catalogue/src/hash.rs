//! Maps of the catalogue. Their keys come from its files alone, so nobody can choose ones that collide, and a short hash
//! does for the look-ups that every post asks many of.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A map by names or codes of the catalogue.
pub(crate) type Index<K, V> = HashMap<K, V, BuildHasherDefault<Quick>>;

/// Multiplies eight bytes at a time.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Quick(u64);

impl Quick {
    fn add(&mut self, number: u64) {
        self.0 = (self.0.rotate_left(23) ^ number).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    }
}

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        let (eights, rest) = bytes.as_chunks::<8>();
        eights.iter().for_each(|eight| self.add(u64::from_le_bytes(*eight)));
        self.add(rest.iter().fold(0, |last, byte| last << 8 | u64::from(*byte)));
    }

    fn write_u8(&mut self, byte: u8) {
        self.0 ^= u64::from(byte);
    }

    /// The upper bits are the well mixed ones, a map takes the lower.
    fn finish(&self) -> u64 {
        self.0.rotate_left(26)
    }
}
