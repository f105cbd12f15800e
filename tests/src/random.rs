//! Seeded randomness.

/// SplitMix64: the same seed gives the same numbers everywhere.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// From `HUIYIN_SEED` when it is set, or else from `seed`; prints which.
    #[must_use]
    pub fn seeded(seed: u64) -> Random {
        let seed = std::env::var("HUIYIN_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(seed);
        println!("HUIYIN_SEED={seed}");
        Random(seed)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to `below`, which is not among them.
    pub fn below(&mut self, below: u64) -> u64 {
        self.bits() % below.max(1)
    }
}
