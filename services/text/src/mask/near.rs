//! What the words of `data/names.txt` say of the places of a text: one sweep for all lists.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::letters::Letters;
use super::letters::class::WORD;
use crate::lists::Lists;
use crate::trie::{Hit, Trie};

pub(super) static LISTS: LazyLock<Lists> =
    LazyLock::new(|| Lists::read("names.txt", include_str!("../../data/names.txt")));
/// Lists of what may stand before a name, the most telling first; the number of one in the features is its place here.
const BEFORE: [&str; 6] = ["introductions", "labels", "roles", "kin", "offices", "closings"];
/// Behind the words of these a given name may stand alone: introductions, labels, roles, kin.
pub(super) const GIVEN_BEHIND: u8 = 0b1111;
pub(super) const KIN: u8 = 1 << 3;
/// Behind these stands a name, whatever it is made of; behind those, what somebody is called on a platform.
const STATING: u8 = 1 << 6;
const PLATFORM: u8 = 1 << 7;
const LABEL: u8 = 1 << 1;
const IN_FEATURES: u8 = (1 << BEFORE.len()) - 1;
/// The same as [`BEFORE`] for what may stand behind.
const BEHIND: [&str; 4] = ["offices", "titles", "things", "after"];
pub(super) const TITLE: u8 = 1 << 1;
pub(super) const THING: u8 = 1 << 2;
/// Of [`BEFORE`].
pub(super) const OFFICE: u8 = 1 << 4;
/// Behind the bits of [`BEHIND`]: what is made like a name and is known to be none.
pub(super) const KNOWN: u8 = 1 << 4;

/// All words of the lists.
struct Words {
    trie: Trie,
    /// For each word its bits in [`BEFORE`] and in [`BEHIND`].
    lists: Vec<(u8, u8)>,
}

static NEAR: LazyLock<Words> = LazyLock::new(|| {
    let mut words: BTreeMap<&str, (u8, u8)> = BTreeMap::new();
    for (bit, list) in BEFORE.iter().enumerate() {
        LISTS.get(list).iter().for_each(|word| words.entry(word).or_default().0 |= 1 << bit);
    }
    for (bits, list) in [(STATING, "stating"), (PLATFORM, "platforms")] {
        LISTS.get(list).iter().for_each(|word| words.entry(word).or_default().0 |= bits);
    }
    for (bit, list) in BEHIND.iter().enumerate() {
        LISTS.get(list).iter().for_each(|word| words.entry(word).or_default().1 |= 1 << bit);
    }
    LISTS.get("known").iter().for_each(|word| words.entry(word).or_default().1 |= KNOWN);
    Words { trie: Trie::new(words.keys().copied()), lists: words.into_values().collect() }
});

/// What the lists say of every byte of a text.
pub(super) struct Near {
    all: Vec<AtByte>,
    /// Ends of words of "stating", and of labels.
    pub(super) stating: Vec<usize>,
    pub(super) labels: Vec<usize>,
    /// Whether a word for what somebody is called on a platform stands in the text.
    pub(super) platform: bool,
}

#[derive(Clone, Copy, Default)]
struct AtByte {
    /// Bits of [`BEFORE`] for the words that end there.
    ends: u8,
    /// Bits of [`BEHIND`] for the words that begin there.
    begins: u8,
    /// Bytes of the longest title that begins there, and of the longest word that is known to be no name.
    title: u8,
    known: u8,
}

impl Near {
    pub(super) fn of(text: &str, letters: &Letters) -> Near {
        let mut near = Near {
            all: vec![AtByte::default(); text.len() + 1],
            stating: Vec::new(),
            labels: Vec::new(),
            platform: false,
        };
        let mut take = |hit: Hit| {
            let (before, behind) = NEAR.lists.get(hit.word as usize).copied().unwrap_or_default();
            if let Some(at) = near.all.get_mut(hit.end) {
                at.ends |= before & IN_FEATURES;
            }
            if let Some(at) = near.all.get_mut(hit.start) {
                at.begins |= behind & !KNOWN;
                if behind & TITLE != 0 {
                    at.title = (hit.end - hit.start) as u8;
                }
                if behind & KNOWN != 0 {
                    at.known = (hit.end - hit.start) as u8;
                }
            }
            if before & (STATING | PLATFORM | LABEL) != 0 {
                near.platform |= before & PLATFORM != 0;
                if before & STATING != 0 {
                    near.stating.push(hit.end);
                }
                if before & LABEL != 0 {
                    near.labels.push(hit.end);
                }
            }
        };
        for place in (0..letters.len()).filter(|place| letters.is(*place, WORD)) {
            NEAR.trie.beginning(text, letters.byte(place), &mut take);
        }
        near
    }

    pub(super) fn ends(&self, byte: usize) -> u8 {
        self.all.get(byte).map_or(0, |at| at.ends)
    }

    pub(super) fn begins(&self, byte: usize) -> u8 {
        self.all.get(byte).map_or(0, |at| at.begins)
    }

    /// Letters of the longest word that begins there and is known to be no name.
    pub(super) fn known(&self, byte: usize) -> usize {
        self.all.get(byte).map_or(0, |at| usize::from(at.known) / 3)
    }

    /// Letters of the title that begins there; titles are ideographs of three bytes.
    pub(super) fn title(&self, byte: usize) -> usize {
        self.all.get(byte).map_or(0, |at| usize::from(at.title) / 3)
    }
}

/// Number of the first list in some bits, from 1; 0 for none.
pub(super) fn number_of(bits: u8) -> u32 {
    if bits == 0 { 0 } else { bits.trailing_zeros() + 1 }
}
