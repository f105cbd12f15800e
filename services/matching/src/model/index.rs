//! What all heads know of a feature, side by side: one look-up for all of them, and their weights next to each other in
//! memory. Sums are taken in one order, so that a text has the same scores on every machine.

use super::head::{Head, RARITY_STEP, times};
use super::reader::{BLOCK_FACTORS, BLOCKS, Feature, TITLE_WORDS, WORDS};

/// Bits for each number in the table that most unknown features stop at: one in as many passes wrongly.
const BITS_EACH: usize = 16;
/// Bits of the number of a feature in a text.
const NUMBER_BITS: u32 = 30;

/// The features of several heads.
pub(super) struct Index {
    /// One bit for the upper bits of every number of a feature.
    bits: Vec<u64>,
    shift: u32,
    /// Number of a feature and where its row starts, plus 1; 0 where free. By open addressing, a power of two long.
    table: Vec<(u32, u32)>,
    /// For every feature and head: rarity (0: not known), count of weights, then class and step of each.
    rows: Vec<u8>,
    /// Steps of weight as numbers, by head.
    scales: Vec<[f64; 256]>,
}

/// The features of one text that some head knows.
pub(crate) struct Features {
    /// In order of the text.
    found: Vec<Feature>,
    /// In order of kind and number.
    groups: Vec<Group>,
}

/// Equal features of a text.
#[derive(Clone, Copy)]
struct Group {
    block: usize,
    row: u32,
    /// The first of them in the text.
    first: u32,
    count: u32,
}

/// Scores of all classes of a head with what they rest on.
pub(crate) struct Scored {
    head: usize,
    /// In order of class.
    pub(crate) scores: Vec<f64>,
    values: Vec<Value>,
}

#[derive(Clone, Copy)]
struct Value {
    block: usize,
    /// Where its weights start, and how many there are.
    weights: u32,
    count: u8,
    first: u32,
    value: f32,
}

impl Features {
    /// A feature by its number among those found.
    pub(crate) fn get(&self, number: u32) -> Option<&Feature> {
        self.found.get(number as usize)
    }
}

impl Index {
    pub(super) fn new(heads: &[Head]) -> Index {
        let mut keys: Vec<u32> = heads.iter().flat_map(|head| head.vocabulary().keys()).copied().collect();
        keys.sort_unstable();
        keys.dedup();
        let size = (keys.len() * BITS_EACH).next_power_of_two().clamp(64, 1 << 26);
        let mut index = Index {
            bits: vec![0; size / 64],
            shift: 32 - size.trailing_zeros(),
            table: vec![(0, 0); (keys.len() * 4 / 3 + 1).next_power_of_two()],
            rows: Vec::new(),
            scales: heads.iter().map(Head::scales).collect(),
        };
        for key in keys {
            index.add(key, heads);
        }
        index
    }

    fn add(&mut self, key: u32, heads: &[Head]) {
        let (at, bit) = self.bit(key);
        self.bits.get_mut(at).into_iter().for_each(|bits| *bits |= bit);
        let mask = self.table.len() - 1;
        let mut at = key as usize & mask;
        while self.table.get(at).is_some_and(|(_, row)| *row != 0) {
            at = (at + 1) & mask;
        }
        let start = self.rows.len() as u32 + 1;
        self.table.get_mut(at).into_iter().for_each(|free| *free = (key, start));
        for head in heads {
            let place = head.vocabulary().place(key);
            let rarity = place.and_then(|place| head.rarities().get(place as usize)).copied().unwrap_or(0);
            let row = place.map_or(&[][..], |place| head.row(place));
            self.rows.extend([rarity, row.len().min(usize::from(u8::MAX)) as u8]);
            self.rows.extend(row.iter().take(usize::from(u8::MAX)).flat_map(|(class, step)| [*class, *step as u8]));
        }
    }

    /// Whether some head may know a feature: wrong now and then, but fast.
    pub(super) fn may_know(&self, key: u32) -> bool {
        let (at, bit) = self.bit(key);
        self.bits.get(at).is_some_and(|bits| bits & bit != 0)
    }

    /// Looks up features in order of the text.
    pub(super) fn features(&self, candidates: &[Feature]) -> Features {
        let mut found = Vec::with_capacity(candidates.len());
        let mut order: Vec<u64> = Vec::with_capacity(candidates.len());
        let mut rows = Vec::with_capacity(candidates.len());
        for feature in candidates {
            if let Some(row) = self.row(feature.key) {
                let number = found.len() as u64 & ((1 << NUMBER_BITS) - 1);
                order.push((feature.block as u64) << 62 | u64::from(feature.key) << NUMBER_BITS | number);
                found.push(*feature);
                rows.push(row);
            }
        }
        order.sort_unstable();
        let groups = order.chunk_by(|one, other| one >> NUMBER_BITS == other >> NUMBER_BITS).filter_map(|same| {
            let first = same.first()?;
            let number = first & ((1 << NUMBER_BITS) - 1);
            let row = *rows.get(number as usize)?;
            Some(Group { block: (first >> 62) as usize, row, first: number as u32, count: same.len() as u32 })
        });
        Features { groups: groups.collect(), found }
    }

    /// Scores every class of the head of a number.
    pub(super) fn score(&self, number: usize, head: &Head, features: &Features) -> Scored {
        let mut scores: Vec<f64> = head.biases.iter().map(|bias| f64::from(*bias)).collect();
        let mut values: Vec<Value> = Vec::with_capacity(features.groups.len());
        let scales = self.scales.get(number).unwrap_or(&[0.0; 256]);
        for block in features.groups.chunk_by(|one, other| one.block == other.block) {
            let start = values.len();
            let mut squares = 0.0;
            for group in block {
                let (rarity, count, weights) = self.weights(group.row, number);
                if rarity > 0 {
                    let value = times(group.count as usize) * (f64::from(rarity) * RARITY_STEP);
                    squares += value * value;
                    let Group { block, first, .. } = *group;
                    values.push(Value { block, weights, count, first, value: value as f32 });
                }
            }
            let kind = block.first().map_or(0, |group| group.block).min(BLOCKS - 1);
            let factor = BLOCK_FACTORS.get(kind).copied().unwrap_or(0.0) / f64::max(squares.sqrt(), 1e-9);
            for known in values.iter_mut().skip(start) {
                known.value = (f64::from(known.value) * factor) as f32;
                for [class, step] in self.pairs(known) {
                    let weight = scales.get(usize::from(*step)).copied().unwrap_or(0.0);
                    if let Some(score) = scores.get_mut(usize::from(*class)) {
                        *score += weight * f64::from(known.value);
                    }
                }
            }
        }
        Scored { head: number, scores, values }
    }

    /// What spoke for each of `classes`: number of the feature among those found and what it added, the largest first.
    /// Words alone, or all features.
    pub(super) fn reasons(&self, scored: &Scored, classes: &[usize], only_words: bool) -> Vec<Vec<(u32, f64)>> {
        let mut reasons = vec![Vec::new(); classes.len()];
        let mut wanted = [None; 256];
        for (place, class) in classes.iter().enumerate() {
            wanted.get_mut(*class).into_iter().for_each(|slot| *slot = Some(place));
        }
        let scales = self.scales.get(scored.head).unwrap_or(&[0.0; 256]);
        for known in scored.values.iter().filter(|known| !only_words || matches!(known.block, WORDS | TITLE_WORDS)) {
            for [class, step] in self.pairs(known) {
                let weight = scales.get(usize::from(*step)).copied().unwrap_or(0.0);
                let place = wanted.get(usize::from(*class)).copied().flatten().filter(|_| weight > 0.0);
                if let Some(slot) = place.and_then(|place| reasons.get_mut(place)) {
                    slot.push((known.first, weight * f64::from(known.value)));
                }
            }
        }
        for slot in &mut reasons {
            slot.sort_unstable_by(|one: &(u32, f64), other| {
                other.1.total_cmp(&one.1).then_with(|| one.0.cmp(&other.0))
            });
        }
        reasons
    }

    fn pairs(&self, value: &Value) -> &[[u8; 2]] {
        let start = value.weights as usize;
        self.rows.get(start..start + usize::from(value.count) * 2).map_or(&[][..], |row| row.as_chunks::<2>().0)
    }

    /// Rarity, count of weights and where they start for one head.
    fn weights(&self, row: u32, head: usize) -> (u8, u8, u32) {
        let mut at = row as usize;
        for _ in 0..head {
            at += 2 + usize::from(self.rows.get(at + 1).copied().unwrap_or(0)) * 2;
        }
        let byte = |at: usize| self.rows.get(at).copied().unwrap_or(0);
        (byte(at), byte(at + 1), at as u32 + 2)
    }

    fn row(&self, key: u32) -> Option<u32> {
        let mask = self.table.len() - 1;
        let mut at = key as usize & mask;
        loop {
            let (known, row) = *self.table.get(at)?;
            if row == 0 {
                return None;
            }
            if known == key {
                return Some(row - 1);
            }
            at = (at + 1) & mask;
        }
    }

    fn bit(&self, key: u32) -> (usize, u64) {
        let at = key >> self.shift;
        ((at >> 6) as usize, 1 << (at & 63))
    }
}
