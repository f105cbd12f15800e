//! Ids of items: the numbers on the way to them.

use super::item::Item;
use super::numbering::{self, LEVELS, Marker};

/// Ids of items: the numbers on the way to them, without a level whose headings the numbering runs through.
pub(super) struct Ids {
    /// By part and level: the numbering goes on under the next heading one level up.
    runs_on: Vec<[bool; LEVELS]>,
    parents: Vec<Option<usize>>,
    /// The part with most text: the others are the covering notice and annexes.
    main: usize,
}

impl Ids {
    pub(super) fn of(items: &[Item<'_>]) -> Self {
        let parts = items.iter().map(|item| item.marker.part + 1).max().unwrap_or(0);
        let mut runs_on = vec![[false; LEVELS]; parts];
        let mut lengths = vec![0_usize; parts];
        let mut fresh = [true; LEVELS];
        let mut part = 0;
        for item in items {
            let Marker { level, value, part: own, .. } = item.marker;
            if own != part {
                (part, fresh) = (own, [true; LEVELS]);
            }
            if level > 0 && fresh[level] && value > 1 {
                runs_on[own][level] = true;
            }
            fresh[level] = false;
            fresh[level + 1..].fill(true);
            lengths[own] += item.text.len();
        }
        let main = (0..parts).max_by_key(|&part| (lengths[part], std::cmp::Reverse(part))).unwrap_or(0);
        Self { runs_on, parents: parents(items), main }
    }

    pub(super) fn of_item(&self, items: &[Item<'_>], index: usize) -> String {
        let own = &items[index].marker;
        let runs_on = &self.runs_on[own.part];
        let mut path = vec![numbering::shown(own.level, own.value)];
        let (mut level, mut at) = (own.level, index);
        while let Some(parent) = self.parents[at] {
            let marker = &items[parent].marker;
            if !(runs_on[level] && marker.level + 1 == level) {
                path.push(numbering::shown(marker.level, marker.value));
            }
            (level, at) = (marker.level, parent);
        }
        path.reverse();
        let id = path.join(".");
        match own.part.cmp(&self.main) {
            std::cmp::Ordering::Less => format!("通知.{id}"),
            std::cmp::Ordering::Equal => id,
            std::cmp::Ordering::Greater => format!("附{}.{id}", own.part - self.main),
        }
    }
}

/// For each item the one it stands under, within its part.
fn parents(items: &[Item<'_>]) -> Vec<Option<usize>> {
    let mut open: [Option<usize>; LEVELS] = [None; LEVELS];
    let mut part = 0;
    let mut found = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let marker = &item.marker;
        if marker.part != part {
            (part, open) = (marker.part, [None; LEVELS]);
        }
        found.push(open[..marker.level].iter().rev().find_map(|parent| *parent));
        open[marker.level] = Some(index);
        open[marker.level + 1..].fill(None);
    }
    found
}
