//! How common pairs of characters are in letters to governments at large.
//!
//! The table is fixed and shipped, not learned from the stream that is grouped: so what two posts have in common does not
//! depend on what arrived before them. It was counted over 8,805 letters to leaders of many cities (2010–2020) by the
//! example `bigram_table`; it holds counts only, no text.

use std::sync::LazyLock;

use super::concerns;

/// Five bytes a pair, in order: both characters as UTF-16 units, little endian, and the weight in sixteenths.
static TABLE: &[u8] = include_bytes!("bigrams.bin");
/// Bytes of one pair.
const ENTRY: usize = 5;
/// Weight of a pair that the table does not hold: ln(letters / 4).
const RARE_WEIGHT: f32 = 7.6875;
/// Empty slots for every full one of the look-up table.
const SPARSITY: usize = 4;

static BIGRAMS: LazyLock<Bigrams> = LazyLock::new(|| {
    let mut bigrams = Bigrams::new(TABLE);
    // Words of concerns name nothing, however seldom letters at large have them: 麻将馆, 烟道.
    for word in concerns::words() {
        for (one, other) in word.chars().zip(word.chars().skip(1)) {
            let pair = bigram(one, other);
            if bigrams.weight(pair).is_none() {
                bigrams.insert(pair, RARE_WEIGHT);
            }
        }
    }
    bigrams
});

/// Two characters side by side, as one number.
pub(super) type Bigram = u64;

/// The number of two characters side by side.
pub(super) fn bigram(one: char, other: char) -> Bigram {
    u64::from(u32::from(one)) << 32 | u64::from(u32::from(other))
}

/// How much a pair tells: the logarithm of the letters at large over those that have it.
pub(super) fn weight(bigram: Bigram) -> f32 {
    BIGRAMS.weight(bigram).unwrap_or(RARE_WEIGHT)
}

/// Whether hardly any letter has the pair: it belongs to a name, or to nothing.
pub(super) fn is_rare(bigram: Bigram) -> bool {
    BIGRAMS.weight(bigram).is_none()
}

/// Open addressing: the table is asked for every character of every post.
struct Bigrams {
    slots: Vec<(Bigram, f32)>,
}

impl Bigrams {
    fn new(table: &[u8]) -> Bigrams {
        let size = (table.len() / ENTRY * SPARSITY).next_power_of_two();
        let mut bigrams = Bigrams { slots: vec![(0, 0.0); size] };
        for entry in table.chunks_exact(ENTRY) {
            let &[one_low, one_high, other_low, other_high, sixteenths] = entry else { continue };
            let unit = |low: u8, high: u8| u64::from(u16::from_le_bytes([low, high]));
            let key = unit(one_low, one_high) << 32 | unit(other_low, other_high);
            bigrams.insert(key, f32::from(sixteenths) / 16.0);
        }
        bigrams
    }

    fn insert(&mut self, bigram: Bigram, weight: f32) {
        let at = self.slot(bigram);
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = (bigram, weight);
        }
    }

    fn weight(&self, bigram: Bigram) -> Option<f32> {
        self.slots.get(self.slot(bigram)).filter(|(key, _)| *key == bigram).map(|(_, weight)| *weight)
    }

    /// The slot of a pair, or the empty one it would take. Three of four slots are empty, so the walk ends.
    fn slot(&self, bigram: Bigram) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = (bigram.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as usize & mask;
        while self.slots.get(at).is_some_and(|(key, _)| *key != 0 && *key != bigram) {
            at = (at + 1) & mask;
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_pairs_weigh_less_than_names() {
        let of = |text: &str| {
            let characters: Vec<char> = text.chars().collect();
            bigram(characters[0], characters[1])
        };
        for (text, rare) in [("问题", false), ("小区", false), ("施工", false), ("汀砚", true), ("𠀀路", true)]
        {
            assert_eq!(is_rare(of(text)), rare, "{text}");
        }
        assert!(weight(of("问题")) < weight(of("油烟")) && weight(of("油烟")) < weight(of("汀砚")));
    }

    #[test]
    fn the_table_is_in_order_and_whole() {
        assert!(TABLE.len().is_multiple_of(ENTRY) && TABLE.len() / ENTRY > 10_000);
        let keys: Vec<Bigram> = TABLE
            .chunks_exact(ENTRY)
            .map(|entry| {
                let unit = |at: usize| u64::from(u16::from_le_bytes([entry[at], entry[at + 1]]));
                unit(0) << 32 | unit(2)
            })
            .collect();
        assert!(keys.is_sorted_by(|one, other| one < other));
        assert!(keys.iter().all(|key| BIGRAMS.weight(*key).is_some()));
    }
}
