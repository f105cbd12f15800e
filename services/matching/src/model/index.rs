//! What all heads know of a feature, side by side: one look-up for all of them, and their weights next to each other in
//! memory. Sums are taken in one order, so that a text has the same scores on every machine.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::hint::black_box;

use super::filter::Filter;
use super::head::{Head, RARITY_STEP, times};
use super::reader::{BLOCK_FACTORS, BLOCKS, Feature};

/// Features that occur most often have a table of their own, small enough to stay near the processor.
const COMMON: usize = 8192;
/// No row of a feature.
const NOT_KNOWN: u32 = u32::MAX;

/// The features of several heads.
pub(super) struct Index {
    filter: Filter,
    common: Table,
    rare: Table,
    /// For every feature and head: rarity (0: not known), how many classes have a weight where the head is no narrow one,
    /// the weights. The commonest features come first, so that what most texts need lies together.
    rows: Vec<u8>,
    heads: Vec<Layout>,
}

/// Classes of a narrow head at most.
const NARROW: usize = 8;

/// How the weights of a head lie in the rows.
struct Layout {
    /// As many steps as a narrow head may have classes: no branch depends on how many there are, nor on whether the
    /// feature is known. Otherwise class and step in turn.
    narrow: bool,
    /// Where it stands in every row, if only narrow heads stand before it.
    at: Option<usize>,
    /// Steps of weight as numbers.
    scales: [f64; 256],
}

impl Layout {
    fn all(heads: &[Head]) -> Vec<Layout> {
        let mut next = Some(0);
        let layout = |head: &Head| {
            let narrow = head.classes().len() <= NARROW;
            let at = next;
            next = next.filter(|_| narrow).map(|at| at + 1 + NARROW);
            Layout { narrow, at, scales: head.scales() }
        };
        heads.iter().map(layout).collect()
    }

    fn write(&self, row: &[(u8, i8)], out: &mut Vec<u8>) {
        if self.narrow {
            let step = |class| row.iter().find(|(known, _)| usize::from(*known) == class).map_or(0, |(_, step)| *step);
            out.extend((0..NARROW).map(|class| step(class) as u8));
        } else {
            out.push(row.len() as u8);
            out.extend(row.iter().flat_map(|(class, step)| [*class, *step as u8]));
        }
    }

    /// The weights of this head, and what follows them.
    fn split<'r>(&self, rows: &'r [u8]) -> Option<(&'r [u8], &'r [u8])> {
        if self.narrow {
            return rows.split_at_checked(NARROW);
        }
        let (count, rest) = rows.split_first()?;
        rest.split_at_checked(usize::from(*count) * 2)
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

/// The features of one text that some head knows, each once, in the order in which they come first.
pub(crate) struct Features(Vec<Known>);

/// Equal features of a text.
#[derive(Clone, Copy)]
struct Known {
    row: u32,
    block: u32,
    count: u32,
    /// Where the first of them stands.
    start: u32,
    end: u32,
}

/// Scores of all classes of a head with what they rest on.
pub(crate) struct Scored {
    head: usize,
    /// In order of class.
    pub(crate) scores: Vec<f64>,
    /// What the values of each kind are multiplied by.
    factors: [f64; BLOCKS],
}

/// A feature that spoke for a class. The greatest added most; of equal ones it stands first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reason {
    /// First byte in the text.
    pub(crate) start: u32,
    /// Byte after the last.
    pub(crate) end: u32,
    pub(crate) added: f64,
}

impl Ord for Reason {
    fn cmp(&self, other: &Reason) -> Ordering {
        self.added.total_cmp(&other.added).then_with(|| (other.start, other.end).cmp(&(self.start, self.end)))
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

/// A head's sums over the features of a text, by kind.
struct Tally {
    /// In order of class; those of a narrow head.
    narrow: [[f64; NARROW]; BLOCKS],
    /// Those of any other.
    wide: [Vec<f64>; BLOCKS],
    squares: [f64; BLOCKS],
}

impl Tally {
    fn of(head: &Head, layout: &Layout) -> Tally {
        let classes = if layout.narrow { 0 } else { head.classes.len() };
        Tally {
            narrow: [[0.0; NARROW]; BLOCKS],
            wide: std::array::from_fn(|_| vec![0.0; classes]),
            squares: [0.0; BLOCKS],
        }
    }

    fn add(&mut self, layout: &Layout, kind: usize, value: f64, row: &[u8]) {
        if let Some(square) = self.squares.get_mut(kind) {
            *square += value * value;
        }
        if layout.narrow {
            let (Some(sums), Some(steps)) = (self.narrow.get_mut(kind), row.first_chunk::<NARROW>()) else { return };
            for (sum, step) in sums.iter_mut().zip(steps) {
                *sum += layout.scale(*step) * value;
            }
        } else if let Some(sums) = self.wide.get_mut(kind) {
            for [class, step] in row.as_chunks::<2>().0 {
                if let Some(sum) = sums.get_mut(usize::from(*class)) {
                    *sum += layout.scale(*step) * value;
                }
            }
        }
    }

    fn scored(self, number: usize, head: &Head, layout: &Layout) -> Scored {
        let mut factors = BLOCK_FACTORS;
        factors.iter_mut().zip(self.squares).for_each(|(factor, square)| *factor /= f64::max(square.sqrt(), 1e-9));
        let mut scores: Vec<f64> = head.biases.iter().map(|bias| f64::from(*bias)).collect();
        for ((narrow, wide), factor) in self.narrow.iter().zip(&self.wide).zip(factors) {
            let sums = if layout.narrow { narrow.as_slice() } else { wide.as_slice() };
            scores.iter_mut().zip(sums).for_each(|(score, sum)| *score += sum * factor);
        }
        Scored { head: number, scores, factors }
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
        let mut index = Index {
            filter: Filter::of(&keys),
            common: Table::new(COMMON.min(keys.len())),
            rare: Table::new(keys.len().saturating_sub(COMMON)),
            rows: Vec::new(),
            heads: Layout::all(heads),
        };
        for (number, key) in keys.into_iter().enumerate() {
            let table = if number < COMMON { &mut index.common } else { &mut index.rare };
            table.add(key, index.rows.len());
            index.add(key, heads);
        }
        index
    }

    fn add(&mut self, key: u32, heads: &[Head]) {
        for (head, layout) in heads.iter().zip(&self.heads) {
            let place = head.vocabulary().place(key);
            self.rows.push(place.and_then(|place| head.rarities().get(place as usize)).copied().unwrap_or(0));
            layout.write(place.map_or(&[], |place| head.row(place)), &mut self.rows);
        }
    }

    /// Whether some head may know a feature: wrong now and then, but fast.
    pub(super) fn may_know(&self, key: u32) -> bool {
        self.filter.may_hold(key)
    }

    /// Looks up features in order of the text. What each step reads is asked for beforehand, all at once instead of one
    /// wait after the other.
    pub(super) fn features(&self, candidates: &[Feature]) -> Features {
        let mut rows = vec![NOT_KNOWN; candidates.len()];
        let mut rest: Vec<(&Feature, &mut u32)> = Vec::with_capacity(candidates.len());
        black_box(candidates.iter().fold(0, |sum, feature| sum ^ self.common.touch(feature.key)));
        for (feature, slot) in candidates.iter().zip(&mut rows) {
            match self.common.row(feature.key) {
                Some(row) => *slot = row,
                None => rest.push((feature, slot)),
            }
        }
        black_box(rest.iter().fold(0, |sum, (feature, _)| sum ^ self.rare.touch(feature.key)));
        for (feature, slot) in rest {
            *slot = self.rare.row(feature.key).unwrap_or(NOT_KNOWN);
        }
        black_box(rows.iter().fold(0, |sum, row| sum ^ self.rows.get(*row as usize).copied().unwrap_or(0)));
        Features(once_each(candidates, &rows))
    }

    /// Scores every class of the heads that are given by their numbers, all in one pass over the features.
    pub(super) fn score(&self, heads: &[Option<&Head>], features: &Features) -> Vec<Option<Scored>> {
        let given = heads.iter().zip(&self.heads);
        let mut tallies: Vec<Option<Tally>> = given.map(|(head, layout)| Some(Tally::of((*head)?, layout))).collect();
        for known in &features.0 {
            let rows = self.weights(known.row).zip(&self.heads);
            for (tally, ((rarity, row), layout)) in tallies.iter_mut().zip(rows) {
                if let Some(tally) = tally {
                    tally.add(layout, known.block as usize, value(known.count, rarity), row);
                }
            }
        }
        let tallies = tallies.into_iter().zip(heads.iter().zip(&self.heads)).enumerate();
        tallies.map(|(number, (tally, (head, layout)))| Some(tally?.scored(number, (*head)?, layout))).collect()
    }

    /// What spoke for each of `classes`.
    pub(super) fn reasons(&self, scored: &Scored, features: &Features, classes: &[usize]) -> Vec<BinaryHeap<Reason>> {
        let Some(layout) = self.heads.get(scored.head) else { return Vec::new() };
        let mut reasons: Vec<Vec<Reason>> = classes.iter().map(|_| Vec::with_capacity(features.0.len())).collect();
        // Where each class stands among those asked for: a row is read once for all of them.
        let mut places = [u8::MAX; 256];
        for (place, class) in (0..u8::MAX).zip(classes) {
            places.get_mut(*class).into_iter().for_each(|slot| *slot = place);
        }
        for known in &features.0 {
            let Some((rarity, row)) = self.weights_of(known.row, scored.head, layout) else { continue };
            let factor = scored.factors.get(known.block as usize).copied().unwrap_or(0.0);
            let mut add = |place: u8, step: u8| {
                let weight = layout.scale(step);
                if let Some(reasons) = reasons.get_mut(usize::from(place)).filter(|_| weight > 0.0) {
                    let added = weight * value(known.count, rarity) * factor;
                    reasons.push(Reason { start: known.start, end: known.end, added });
                }
            };
            if layout.narrow {
                for (place, class) in (0..u8::MAX).zip(classes) {
                    add(place, row.get(*class).copied().unwrap_or(0));
                }
            } else {
                for [class, step] in row.as_chunks::<2>().0 {
                    add(places.get(usize::from(*class)).copied().unwrap_or(u8::MAX), *step);
                }
            }
        }
        reasons.into_iter().map(BinaryHeap::from).collect()
    }

    /// For each head the rarity of a feature, 0 where it is not known, and its weights.
    fn weights(&self, row: u32) -> impl Iterator<Item = (u8, &[u8])> {
        let mut rest = self.rows.get(row as usize..).unwrap_or(&[]);
        self.heads.iter().map_while(move |layout| {
            let (rarity, weights) = rest.split_first()?;
            let own;
            (own, rest) = layout.split(weights)?;
            Some((*rarity, own))
        })
    }

    /// The same for one head.
    fn weights_of(&self, row: u32, head: usize, layout: &Layout) -> Option<(u8, &[u8])> {
        let Some(at) = layout.at else { return self.weights(row).nth(head) };
        let (rarity, weights) = self.rows.get(row as usize + at..)?.split_first()?;
        Some((*rarity, layout.split(weights)?.0))
    }
}

fn value(count: u32, rarity: u8) -> f64 {
    times(count as usize) * (f64::from(rarity) * RARITY_STEP)
}

/// Counts equal features among those that are known.
fn once_each(candidates: &[Feature], rows: &[u32]) -> Vec<Known> {
    let mut known: Vec<Known> = Vec::with_capacity(candidates.len());
    let size = (candidates.len() * 2).next_power_of_two();
    let mut places = vec![0_u32; size];
    for (feature, row) in candidates.iter().zip(rows).filter(|(_, row)| **row != NOT_KNOWN) {
        let mut at = row.wrapping_mul(0x9E37_79B1) as usize >> 7;
        loop {
            at &= size - 1;
            let Some(place) = places.get_mut(at) else { break };
            match known.get_mut((*place as usize).wrapping_sub(1)) {
                Some(same) if same.row == *row => same.count += 1,
                Some(_) => {
                    at += 1;
                    continue;
                }
                None => {
                    let Feature { block, start, end, .. } = *feature;
                    known.push(Known { row: *row, block, count: 1, start, end });
                    *place = known.len() as u32;
                }
            }
            break;
        }
    }
    known
}
