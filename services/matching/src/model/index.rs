//! What all heads know of a feature, side by side: one look-up for all of them, and their weights next to each other in
//! memory. Sums are taken in one order, so that a text has the same scores on every machine.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::hint::black_box;

use super::head::{Head, RARITY_STEP, times};
use super::reader::{BLOCK_FACTORS, BLOCKS, Feature, TITLE_WORDS, WORDS};

/// Bits for each number in the table that most unknown features stop at: one in as many passes wrongly.
const BITS_EACH: usize = 8;
/// Features that occur most often have a table of their own, small enough to stay near the processor.
const COMMON: usize = 8192;
/// Bits of the number of a feature in a text.
const NUMBER_BITS: u32 = 30;
const NUMBER_MAX: u32 = (1 << NUMBER_BITS) - 1;

/// The features of several heads.
pub(super) struct Index {
    /// One bit for the upper bits of every number of a feature.
    bits: Vec<u64>,
    shift: u32,
    common: Table,
    rare: Table,
    /// For every feature: rarity (0: not known) and length of the weights by head, then the weights by head. The commonest
    /// features come first, so that what most texts need lies together.
    rows: Vec<u8>,
    heads: Vec<Layout>,
}

/// How the weights of a head lie in the rows.
struct Layout {
    /// One byte a class in order, where most classes have a weight; otherwise class and step in turn.
    dense: bool,
    /// Steps of weight as numbers.
    scales: [f64; 256],
}

/// Rarity and length of the weights, in bytes of a row.
const HEADER: usize = 3;

impl Layout {
    fn of(head: &Head) -> Layout {
        Layout { dense: head.weights.len() * 2 > head.features() * head.classes().len(), scales: head.scales() }
    }

    fn write(&self, row: &[(u8, i8)], classes: usize, out: &mut Vec<u8>) {
        if self.dense {
            let step = |class| row.iter().find(|(known, _)| usize::from(*known) == class).map_or(0, |(_, step)| *step);
            out.extend((0..classes).map(|class| step(class) as u8));
        } else {
            out.extend(row.iter().flat_map(|(class, step)| [*class, *step as u8]));
        }
    }

    fn scale(&self, step: u8) -> f64 {
        self.scales.get(usize::from(step)).copied().unwrap_or(0.0)
    }
}

/// From the number of a feature to its row, by open addressing.
struct Table {
    /// Number and start of the row, plus 1; 0 where free. A power of two long.
    slots: Vec<(u32, u32)>,
}

/// The features of one text that some head knows.
pub(crate) struct Features {
    /// In order of the text; some are not known after all.
    candidates: Vec<Feature>,
    /// Those that are known, in order of kind and number.
    groups: Vec<Group>,
}

/// Equal features of a text.
#[derive(Clone, Copy)]
struct Group {
    block: u32,
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

#[derive(Clone, Copy, Default)]
struct Value {
    block: u32,
    /// Where its weights start, and how many bytes there are.
    weights: u32,
    bytes: u32,
    first: u32,
    value: f32,
}

/// A feature that spoke for a class. The greatest added most; of equal ones it stands first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reason {
    /// Number of the feature in the text.
    pub(crate) number: u32,
    pub(crate) added: f64,
}

impl Ord for Reason {
    fn cmp(&self, other: &Reason) -> Ordering {
        self.added.total_cmp(&other.added).then_with(|| other.number.cmp(&self.number))
    }
}

impl PartialOrd for Reason {
    fn partial_cmp(&self, other: &Reason) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Reason {
    fn eq(&self, other: &Reason) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Reason {}

impl Features {
    /// A feature by its number in the text.
    pub(crate) fn get(&self, number: u32) -> Option<&Feature> {
        self.candidates.get(number as usize)
    }
}

impl Table {
    fn new(keys: usize) -> Table {
        Table { slots: vec![(0, 0); (keys * 4 / 3 + 1).next_power_of_two()] }
    }

    fn add(&mut self, key: u32, row: usize) {
        let mask = self.slots.len() - 1;
        let mut at = key as usize & mask;
        while self.slots.get(at).is_some_and(|(_, row)| *row != 0) {
            at = (at + 1) & mask;
        }
        self.slots.get_mut(at).into_iter().for_each(|free| *free = (key, row as u32 + 1));
    }

    /// Brings the place of a number near.
    fn touch(&self, key: u32) -> u32 {
        self.slots.get(key as usize & (self.slots.len() - 1)).map_or(0, |(key, _)| *key)
    }

    fn row(&self, key: u32) -> Option<u32> {
        let mask = self.slots.len() - 1;
        let mut at = key as usize & mask;
        loop {
            let (known, row) = *self.slots.get(at)?;
            if row == 0 {
                return None;
            }
            if known == key {
                return Some(row - 1);
            }
            at = (at + 1) & mask;
        }
    }
}

impl Index {
    pub(super) fn new(heads: &[Head]) -> Index {
        let mut keys: Vec<u32> = heads.iter().flat_map(|head| head.vocabulary().keys()).copied().collect();
        keys.sort_unstable();
        keys.dedup();
        let rarity = |key: u32, head: &Head| {
            let place = head.vocabulary().place(key)?;
            head.rarities().get(place as usize).copied()
        };
        keys.sort_by_key(|key| heads.iter().filter_map(|head| rarity(*key, head)).min());
        let size = (keys.len() * BITS_EACH).next_power_of_two().clamp(64, 1 << 26);
        let mut index = Index {
            bits: vec![0; size / 64],
            shift: 32 - size.trailing_zeros(),
            common: Table::new(COMMON.min(keys.len())),
            rare: Table::new(keys.len().saturating_sub(COMMON)),
            rows: Vec::new(),
            heads: heads.iter().map(Layout::of).collect(),
        };
        for (number, key) in keys.into_iter().enumerate() {
            let (at, bit) = index.bit(key);
            index.bits.get_mut(at).into_iter().for_each(|bits| *bits |= bit);
            let table = if number < COMMON { &mut index.common } else { &mut index.rare };
            table.add(key, index.rows.len());
            index.add(key, heads);
        }
        index
    }

    fn add(&mut self, key: u32, heads: &[Head]) {
        let mut weights: Vec<u8> = Vec::new();
        for (head, layout) in heads.iter().zip(&self.heads) {
            let place = head.vocabulary().place(key);
            let rarity = place.and_then(|place| head.rarities().get(place as usize)).copied().unwrap_or(0);
            let before = weights.len();
            if let Some(row) = place.map(|place| head.row(place)) {
                layout.write(row, head.classes().len(), &mut weights);
            }
            let [low, high] = ((weights.len() - before) as u16).to_le_bytes();
            self.rows.extend([rarity, low, high]);
        }
        self.rows.extend(weights);
    }

    /// Whether some head may know a feature: wrong now and then, but fast.
    pub(super) fn may_know(&self, key: u32) -> bool {
        let (at, bit) = self.bit(key);
        self.bits.get(at).is_some_and(|bits| bits & bit != 0)
    }

    /// Looks up features in order of the text. What each step reads is asked for beforehand, all at once instead of one
    /// wait after the other.
    pub(super) fn features(&self, candidates: Vec<Feature>) -> Features {
        let mut order: Vec<u64> = Vec::with_capacity(candidates.len());
        let mut rows = vec![0; candidates.len()];
        let mut rest: Vec<u32> = Vec::with_capacity(candidates.len());
        let mut keep = |number: u32, feature: &Feature, row: u32| {
            order.push(u64::from(feature.block) << 62 | u64::from(feature.key) << NUMBER_BITS | u64::from(number));
            rows.get_mut(number as usize).into_iter().for_each(|slot| *slot = row);
        };
        black_box(candidates.iter().fold(0, |sum, feature| sum ^ self.common.touch(feature.key)));
        for (number, feature) in (0..NUMBER_MAX).zip(&candidates) {
            match self.common.row(feature.key) {
                Some(row) => keep(number, feature, row),
                None => rest.push(number),
            }
        }
        let known = |number: &u32| Some((*number, candidates.get(*number as usize)?));
        let rest = || rest.iter().filter_map(known);
        black_box(rest().fold(0, |sum, (_, feature)| sum ^ self.rare.touch(feature.key)));
        for (number, feature) in rest() {
            if let Some(row) = self.rare.row(feature.key) {
                keep(number, feature, row);
            }
        }
        black_box(rows.iter().fold(0, |sum, row| sum ^ self.rows.get(*row as usize).copied().unwrap_or(0)));
        order.sort_unstable();
        let groups = order.chunk_by(|one, other| one >> NUMBER_BITS == other >> NUMBER_BITS).filter_map(|same| {
            let first = same.first()?;
            let number = first & u64::from(NUMBER_MAX);
            let row = *rows.get(number as usize)?;
            Some(Group { block: (first >> 62) as u32, row, first: number as u32, count: same.len() as u32 })
        });
        Features { groups: groups.collect(), candidates }
    }

    /// Scores every class of the head of a number.
    pub(super) fn score(&self, number: usize, head: &Head, features: &Features) -> Scored {
        let mut scores: Vec<f64> = head.biases.iter().map(|bias| f64::from(*bias)).collect();
        let mut values = vec![Value::default(); features.groups.len()];
        let mut count = 0;
        let Some(layout) = self.heads.get(number) else { return Scored { head: number, scores, values: Vec::new() } };
        for block in features.groups.chunk_by(|one, other| one.block == other.block) {
            let start = count;
            let mut squares = 0.0;
            for group in block {
                let (rarity, weights, bytes) = self.weights(group.row, number);
                let value = times(group.count as usize) * (f64::from(rarity) * RARITY_STEP);
                squares += value * value;
                let Group { block, first, .. } = *group;
                // Kept or overwritten: no processor foresees which features this head knows.
                if let Some(slot) = values.get_mut(count) {
                    *slot = Value { block, weights, bytes, first, value: value as f32 };
                    count += usize::from(rarity > 0);
                }
            }
            let kind = block.first().map_or(0, |group| group.block as usize).min(BLOCKS - 1);
            let factor = BLOCK_FACTORS.get(kind).copied().unwrap_or(0.0) / f64::max(squares.sqrt(), 1e-9);
            for known in values.iter_mut().take(count).skip(start) {
                known.value = (f64::from(known.value) * factor) as f32;
                let value = f64::from(known.value);
                let row = self.row(known);
                if layout.dense {
                    for (score, step) in scores.iter_mut().zip(row) {
                        *score += layout.scale(*step) * value;
                    }
                } else {
                    for [class, step] in row.as_chunks::<2>().0 {
                        if let Some(score) = scores.get_mut(usize::from(*class)) {
                            *score += layout.scale(*step) * value;
                        }
                    }
                }
            }
        }
        values.truncate(count);
        Scored { head: number, scores, values }
    }

    /// What spoke for each of `classes`: words alone, or all features.
    pub(super) fn reasons(&self, scored: &Scored, classes: &[usize], only_words: bool) -> Vec<BinaryHeap<Reason>> {
        const NOT_WANTED: u8 = u8::MAX;
        let mut reasons = vec![Vec::new(); classes.len()];
        let Some(layout) = self.heads.get(scored.head) else { return Vec::new() };
        let mut wanted = [NOT_WANTED; 256];
        for (place, class) in (0..NOT_WANTED).zip(classes) {
            wanted.get_mut(*class).into_iter().for_each(|slot| *slot = place);
        }
        let mut add = |known: &Value, class: usize, step: u8| {
            let place = wanted.get(class).copied().unwrap_or(NOT_WANTED);
            if place != NOT_WANTED
                && layout.scale(step) > 0.0
                && let Some(slot) = reasons.get_mut(usize::from(place))
            {
                slot.push(Reason { number: known.first, added: layout.scale(step) * f64::from(known.value) });
            }
        };
        for known in scored.values.iter().filter(|known| !only_words || matches!(known.block, WORDS | TITLE_WORDS)) {
            let row = self.row(known);
            if layout.dense {
                row.iter().enumerate().for_each(|(class, step)| add(known, class, *step));
            } else {
                row.as_chunks::<2>().0.iter().for_each(|[class, step]| add(known, usize::from(*class), *step));
            }
        }
        reasons.into_iter().map(BinaryHeap::from).collect()
    }

    fn row(&self, value: &Value) -> &[u8] {
        let start = value.weights as usize;
        self.rows.get(start..start + value.bytes as usize).unwrap_or(&[])
    }

    /// Rarity of a feature for one head, where its weights start and how many bytes they take.
    fn weights(&self, row: u32, head: usize) -> (u8, u32, u32) {
        let start = row as usize;
        let header = self.rows.get(start..start + self.heads.len() * HEADER).unwrap_or(&[]).as_chunks::<HEADER>().0;
        let mut at = row + header.len() as u32 * HEADER as u32;
        for [_, low, high] in header.iter().take(head) {
            at += u32::from(u16::from_le_bytes([*low, *high]));
        }
        let [rarity, low, high] = header.get(head).copied().unwrap_or_default();
        (rarity, at, u32::from(u16::from_le_bytes([low, high])))
    }

    fn bit(&self, key: u32) -> (usize, u64) {
        let at = key >> self.shift;
        ((at >> 6) as usize, 1 << (at & 63))
    }
}
