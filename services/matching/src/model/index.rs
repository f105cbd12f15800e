//! What all heads know of a feature, side by side: one look-up for all of them, and their weights next to each other in
//! memory. Sums are taken in one order, so that a text has the same scores on every machine.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::hint::black_box;

use super::filter::Filter;
use super::head::Head;
use super::reader::{ANYWHERE, Feature};
use super::table::Table;
use super::tally::{NARROW, Scored, Tally, is_narrow, value};

/// Features that occur most often have a table of their own, small enough to stay near the processor.
const COMMON: usize = 8192;
/// No row of a feature.
const NOT_KNOWN: u32 = u32::MAX;

/// The features of several heads.
pub(super) struct Index {
    filter: Filter,
    common: Table,
    rare: Table,
    /// For every feature and head, the narrow ones first: rarity (0: not known), how many classes have a weight where the
    /// head is no narrow one, the weights. The commonest features come first, so that what most texts need lies together.
    rows: Vec<u8>,
    heads: Vec<Layout>,
}

/// How the weights of a head lie in the rows.
struct Layout {
    /// As many steps as a narrow head may have classes: no branch depends on how many there are, nor on whether the
    /// feature is known. Otherwise class and step in turn.
    narrow: bool,
    /// Where it stands in every row; the heads behind the first that is not narrow stand behind that one's weights.
    at: usize,
    /// Steps of weight as numbers.
    scales: [f64; 256],
}

impl Layout {
    fn write(&self, row: &[(u8, i8)], out: &mut Vec<u8>) {
        if self.narrow {
            let step = |class| row.iter().find(|(known, _)| usize::from(*known) == class).map_or(0, |(_, step)| *step);
            out.extend((0..NARROW).map(|class| step(class) as u8));
        } else {
            out.push(row.len() as u8);
            out.extend(row.iter().flat_map(|(class, step)| [*class, *step as u8]));
        }
    }

    /// Rarity and weights of this head, and what follows them.
    fn split<'r>(&self, rows: &'r [u8]) -> Option<(u8, &'r [u8], &'r [u8])> {
        let (rarity, rest) = rows.split_first()?;
        let (own, rest) = if self.narrow {
            rest.split_at_checked(NARROW)?
        } else {
            let (count, rest) = rest.split_first()?;
            rest.split_at_checked(usize::from(*count) * 2)?
        };
        Some((*rarity, own, rest))
    }

    fn scale(&self, step: u8) -> f64 {
        self.scales.get(usize::from(step)).copied().unwrap_or(0.0)
    }
}

/// A feature of a text that some head knows, where it stands.
#[derive(Clone, Copy)]
pub(super) struct Known {
    row: u32,
    block: u32,
    count: u32,
    /// Where the first of equal ones stands.
    start: u32,
    end: u32,
}

impl Known {
    pub(super) fn is_anywhere(&self) -> bool {
        self.block == ANYWHERE
    }

    /// First byte.
    pub(super) fn start(&self) -> usize {
        self.start as usize
    }

    /// Byte after the last.
    pub(super) fn end(&self) -> usize {
        self.end as usize
    }
}

/// The features of one text that some head knows, each once, in the order in which they come first.
pub(super) struct Features(Vec<Known>);

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

impl Index {
    /// Of heads in any number, the narrow ones first.
    pub(super) fn new(heads: &[&Head]) -> Index {
        let mut keys: Vec<u32> = heads.iter().flat_map(|head| head.vocabulary().keys()).copied().collect();
        keys.sort_unstable();
        keys.dedup();
        let rarity = |key: u32, head: &Head| {
            let place = head.vocabulary().place(key)?;
            head.rarities().get(place as usize).copied()
        };
        keys.sort_by_key(|key| heads.iter().filter_map(|head| rarity(*key, head)).min());
        let narrow = heads.iter().filter(|head| is_narrow(head)).count();
        let layout = |(number, head): (usize, &&Head)| Layout {
            narrow: is_narrow(head),
            at: number.min(narrow) * (1 + NARROW),
            scales: head.scales(),
        };
        let mut index = Index {
            filter: Filter::of(&keys),
            common: Table::new(COMMON.min(keys.len())),
            rare: Table::new(keys.len().saturating_sub(COMMON)),
            rows: Vec::new(),
            heads: heads.iter().enumerate().map(layout).collect(),
        };
        for (number, key) in keys.into_iter().enumerate() {
            let table = if number < COMMON { &mut index.common } else { &mut index.rare };
            table.add(key, index.rows.len());
            index.add(key, heads);
        }
        index
    }

    fn add(&mut self, key: u32, heads: &[&Head]) {
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

    /// Looks up features in order of the text and keeps those that some head knows. What each step reads is asked for
    /// beforehand, all at once instead of one wait after the other.
    pub(super) fn look_up(&self, candidates: &[Feature]) -> Vec<Known> {
        let mut rows = vec![NOT_KNOWN; candidates.len()];
        let mut rest: Vec<(&Feature, &mut u32)> = Vec::with_capacity(candidates.len());
        black_box(candidates.iter().fold(0, |sum, feature| sum ^ self.common.touch(feature.key)));
        for (feature, slot) in candidates.iter().zip(&mut rows) {
            match self.common.get(feature.key) {
                Some(row) => *slot = row,
                None => rest.push((feature, slot)),
            }
        }
        black_box(rest.iter().fold(0, |sum, (feature, _)| sum ^ self.rare.touch(feature.key)));
        for (feature, slot) in rest {
            *slot = self.rare.get(feature.key).unwrap_or(NOT_KNOWN);
        }
        black_box(rows.iter().fold(0, |sum, row| sum ^ self.rows.get(*row as usize).copied().unwrap_or(0)));
        let known = candidates.iter().zip(rows).filter(|(_, row)| *row != NOT_KNOWN);
        known.map(|(&Feature { block, start, end, .. }, row)| Known { row, block, count: 1, start, end }).collect()
    }

    /// Scores every class of the heads that are given by their numbers, all in one pass over the features.
    pub(super) fn score(&self, heads: &[Option<&Head>], features: &Features) -> Vec<Option<Scored>> {
        let mut tallies: Vec<Option<Tally>> = heads.iter().map(|head| head.map(Tally::of)).collect();
        for (number, (tally, layout)) in tallies.iter_mut().zip(&self.heads).enumerate() {
            let Some(tally) = tally else { continue };
            for known in &features.0 {
                if let Some((rarity, row)) = self.weights(known.row, number, layout) {
                    tally.add(&layout.scales, known.block as usize, value(known.count, rarity), row);
                }
            }
        }
        let tallies = tallies.into_iter().zip(heads).enumerate();
        tallies.map(|(number, (tally, head))| Some(tally?.scored(number, (*head)?))).collect()
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
            let Some((rarity, row)) = self.weights(known.row, scored.head, layout) else { continue };
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

    /// For a head the rarity of a feature, 0 where it is not known, and its weights.
    fn weights(&self, row: u32, head: usize, layout: &Layout) -> Option<(u8, &[u8])> {
        let mut rest = self.rows.get(row as usize + layout.at..)?;
        if !layout.narrow {
            for before in self.heads.iter().take(head).filter(|before| !before.narrow) {
                (_, _, rest) = before.split(rest)?;
            }
        }
        let (rarity, own, _) = layout.split(rest)?;
        Some((rarity, own))
    }
}

impl Features {
    /// Those that are kept, equal ones counted.
    pub(super) fn of(runs: &[Known], keep: impl Fn(&Known) -> bool) -> Features {
        let mut known: Vec<Known> = Vec::with_capacity(runs.len());
        let size = (runs.len() * 2).next_power_of_two();
        let mut places = vec![0_u32; size];
        for run in runs.iter().filter(|run| keep(run)) {
            let mut at = run.row.wrapping_mul(0x9E37_79B1) as usize >> 7;
            loop {
                at &= size - 1;
                let Some(place) = places.get_mut(at) else { break };
                match known.get_mut((*place as usize).wrapping_sub(1)) {
                    Some(same) if same.row == run.row => same.count += 1,
                    Some(_) => {
                        at += 1;
                        continue;
                    }
                    None => {
                        known.push(*run);
                        *place = known.len() as u32;
                    }
                }
                break;
            }
        }
        Features(known)
    }
}
