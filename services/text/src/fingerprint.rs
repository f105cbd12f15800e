//! MinHash over character trigrams: near repeats of short Chinese posts. The b-bit form of Li and König (2010) with
//! b = 16; 128 values estimate the Jaccard similarity with a standard deviation of at most 0.045.

use std::sync::LazyLock;

/// Values of a fingerprint.
const VALUES: usize = 128;
/// Characters of one shingle.
const SHINGLE: usize = 3;
/// Bands of [`Fingerprint::bands`].
pub const BANDS: usize = 16;
/// Values in one band. A pair of similarity s shares a band with probability 1 − (1 − s⁴)¹⁶: 0.9998 at 0.8, 0.64 at
/// 0.5, 0.12 at 0.3.
pub const ROWS_PER_BAND: usize = 4;
/// Value of every row of a text without letters or digits.
const EMPTY: u16 = u16::MAX;

/// Multipliers and summands of the permutations. They are part of the stored format and never change.
const PERMUTATIONS: ([i32; VALUES], [i32; VALUES]) = permutations();

static ARCH: LazyLock<pulp::Arch> = LazyLock::new(pulp::Arch::new);

/// What near repeats share. Stored as 256 bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint([u16; VALUES]);

impl Fingerprint {
    /// Of the letters, digits and Han characters of a masked text; case, white space and punctuation do not count.
    pub fn of(masked: &str) -> Fingerprint {
        let mut hashes: Vec<i32> = Vec::with_capacity(masked.len() / 3 + 1);
        let mut window = [0; SHINGLE];
        let mut seen = 0;
        for c in masked.chars().filter(|c| counts(*c)) {
            window = [window[1], window[2], u32::from(c.to_ascii_lowercase())];
            seen += 1;
            if seen >= SHINGLE {
                hashes.push(hash(window));
            }
        }
        match seen {
            0 => return Fingerprint([EMPTY; VALUES]),
            1 | 2 => hashes.push(hash(window)),
            _ => {}
        }
        // The same numbers with the widest instructions that the processor has.
        let minima = ARCH.dispatch(|| minima(&hashes));
        // Low bits of the minimum; the high ones are nearly the same in every minimum.
        Fingerprint(minima.map(|minimum| minimum as u16))
    }

    /// Estimate of the Jaccard similarity of the two sets of trigrams, 0 to 1; 0 when either text had no letters.
    pub fn similarity(&self, other: &Fingerprint) -> f32 {
        if self.is_empty() || other.is_empty() {
            return 0.0;
        }
        let equal = self.0.iter().zip(&other.0).filter(|(a, b)| a == b).count();
        equal as f32 / VALUES as f32
    }

    /// Whether the text had no letters or digits. Such texts share their bands and are similar to nothing.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|value| *value == EMPTY)
    }

    /// Keys for candidates: two similar texts share at least one (see [`ROWS_PER_BAND`]). Keys of different bands
    /// differ, so that all may live in one index.
    pub fn bands(&self) -> [u64; BANDS] {
        let mut keys = [0; BANDS];
        for (index, (key, rows)) in keys.iter_mut().zip(self.0.chunks_exact(ROWS_PER_BAND)).enumerate() {
            let packed = rows.iter().fold(0, |packed, row| packed << 16 | u64::from(*row));
            *key = mix(packed ^ mix(index as u64 + 1));
        }
        keys
    }

    /// 256 bytes, little endian.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|value| value.to_le_bytes()).collect()
    }

    /// What [`to_bytes`](Self::to_bytes) gave; `None` when it is not 256 bytes long.
    pub fn from_bytes(bytes: &[u8]) -> Option<Fingerprint> {
        if bytes.len() != VALUES * 2 {
            return None;
        }
        let mut values = [0; VALUES];
        for (value, pair) in values.iter_mut().zip(bytes.chunks_exact(2)) {
            *value = u16::from_le_bytes(pair.try_into().ok()?);
        }
        Some(Fingerprint(values))
    }
}

/// For every permutation the least of the permuted hashes.
#[inline(always)]
fn minima(hashes: &[i32]) -> [i32; VALUES] {
    let (multipliers, summands) = &PERMUTATIONS;
    let mut minima = [i32::MAX; VALUES];
    for hash in hashes {
        for ((minimum, multiplier), summand) in minima.iter_mut().zip(multipliers).zip(summands) {
            *minimum = (*minimum).min(hash.wrapping_mul(*multiplier).wrapping_add(*summand));
        }
    }
    minima
}

fn counts(c: char) -> bool {
    // Nearly every character; the general test is a slow look-up for it.
    ('\u{4E00}'..='\u{9FFF}').contains(&c) || c.is_alphanumeric()
}

fn hash(shingle: [u32; SHINGLE]) -> i32 {
    // A character needs 21 bits.
    let [a, b, c] = shingle.map(u64::from);
    (mix(a << 42 | b << 21 | c) >> 32) as i32
}

/// The finaliser of SplitMix64.
const fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

const fn permutations() -> ([i32; VALUES], [i32; VALUES]) {
    let mut multipliers = [0; VALUES];
    let mut summands = [0; VALUES];
    let mut index = 0;
    while index < VALUES {
        let random = mix((index as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        // Odd, so that the multiplication is a permutation.
        multipliers[index] = (random >> 32) as i32 | 1;
        summands[index] = random as i32;
        index += 1;
    }
    (multipliers, summands)
}

#[cfg(test)]
mod tests {
    use super::{BANDS, Fingerprint, mix};

    /// Characters of invented posts: enough that unrelated ones share few trigrams, as real ones do.
    fn post(seed: u64, length: usize) -> Vec<char> {
        (0..length as u64).filter_map(|at| char::from_u32(0x4E00 + (mix(seed << 20 | at) % 2_500) as u32)).collect()
    }

    fn text(characters: &[char]) -> String {
        characters.iter().collect()
    }

    fn edited(mut characters: Vec<char>, seed: u64) -> Vec<char> {
        let at = mix(seed) as usize % characters.len();
        match seed % 3 {
            0 => characters[at] = '改',
            1 => characters.insert(at, '增'),
            _ => {
                characters.remove(at);
            }
        }
        characters
    }

    #[test]
    fn one_edit_stays_similar_and_shares_a_band() {
        let (mut low, mut missed, mut close) = (0, 0, 0);
        for seed in 0..2_000 {
            let original = post(seed, 40 + seed as usize % 160);
            let a = Fingerprint::of(&text(&original));
            let b = Fingerprint::of(&text(&edited(original, seed)));
            low += usize::from(a.similarity(&b) < 0.7);
            if a.similarity(&b) >= 0.8 {
                close += 1;
                missed += usize::from(!a.bands().iter().any(|key| b.bands().contains(key)));
            }
        }
        assert!(low <= 4, "{low} of 2000 pairs below 0.7");
        assert!(close > 1_500 && missed * 100 <= close, "{missed} of {close} pairs share no band");
    }

    #[test]
    fn unrelated_posts_are_dissimilar() {
        let posts: Vec<_> = (0..200).map(|seed| Fingerprint::of(&text(&post(seed + 9_000, 120)))).collect();
        for (at, a) in posts.iter().enumerate() {
            for b in posts.iter().skip(at + 1) {
                assert!(a.similarity(b) < 0.3);
            }
        }
    }

    #[test]
    fn only_letters_count() {
        let a = Fingerprint::of("路灯坏了,三天没人修! OK");
        assert_eq!(a, Fingerprint::of("路灯坏了 三天没人修\n(ok)"));
        assert_eq!(a.similarity(&a), 1.0);
    }

    #[test]
    fn texts_without_letters_are_similar_to_nothing() {
        for text in ["", " ", "!!!", "。"] {
            let empty = Fingerprint::of(text);
            assert!(empty.is_empty());
            assert_eq!(empty.similarity(&empty), 0.0);
        }
        for short in ["好", "很好", "很好的"] {
            assert_eq!(Fingerprint::of(short).similarity(&Fingerprint::of(short)), 1.0);
        }
    }

    #[test]
    fn bytes_round_trip_and_never_change() {
        let a = Fingerprint::of("小区停水三天,物业没有通知");
        let bytes = a.to_bytes();
        assert_eq!(bytes.len(), 256);
        assert_eq!(Fingerprint::from_bytes(&bytes), Some(a.clone()));
        assert_eq!(Fingerprint::from_bytes(&bytes[1..]), None);
        assert_eq!(Fingerprint::from_bytes(&[]), None);
        let sum = bytes.iter().fold(0u64, |sum, byte| mix(sum ^ u64::from(*byte)));
        assert_eq!(sum, STORED_SUM, "stored fingerprints would no longer match");
        let keys: std::collections::HashSet<_> = a.bands().into_iter().collect();
        assert_eq!(keys.len(), BANDS);
    }

    const STORED_SUM: u64 = 3_226_522_413_372_866_547;
}
