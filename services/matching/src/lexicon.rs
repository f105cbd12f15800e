//! Many words at once in a text.

mod sweep;

use std::collections::BTreeMap;

pub(crate) use huiyin_text::trie::Hit;
use huiyin_text::trie::Trie;
pub(crate) use sweep::{Column, Sweep, Swept};

use crate::script::Script;

/// Words with values, found leftmost-longest. ASCII letters are compared without case.
pub(crate) struct Lexicon<V> {
    trie: Trie,
    slots: Vec<Slot<V>>,
}

struct Slot<V> {
    word: String,
    values: Vec<V>,
}

/// A word of the lexicon in a text.
#[derive(Debug)]
pub(crate) struct Found<'l, V> {
    /// Number of the word; the same word has the same number everywhere.
    pub(crate) slot: usize,
    /// First byte in the text.
    pub(crate) start: usize,
    /// Byte after the last.
    pub(crate) end: usize,
    /// All values given with the word, in the order given.
    pub(crate) values: &'l [V],
}

impl<V> Lexicon<V> {
    /// Takes words in any order; empty ones are left out, repeated ones keep all their values.
    pub(crate) fn new(words: impl IntoIterator<Item = (String, V)>) -> Lexicon<V> {
        let mut by_word: BTreeMap<String, Vec<V>> = BTreeMap::new();
        for (word, value) in words {
            if !word.is_empty() {
                by_word.entry(word.to_ascii_lowercase()).or_default().push(value);
            }
        }
        let slots: Vec<Slot<V>> = by_word.into_iter().map(|(word, values)| Slot { word, values }).collect();
        let trie = Trie::new(slots.iter().map(|slot| slot.word.as_str()));
        Lexicon { trie, slots }
    }

    /// How many words there are; their numbers go from 0.
    pub(crate) fn words(&self) -> usize {
        self.slots.len()
    }

    /// The words by their numbers.
    pub(crate) fn all(&self) -> Vec<&str> {
        self.slots.iter().map(|slot| slot.word.as_str()).collect()
    }

    /// The word of a number; empty for a number out of range.
    pub(crate) fn word(&self, slot: usize) -> &str {
        self.slots.get(slot).map_or("", |slot| slot.word.as_str())
    }

    /// The values of a number; none for a number out of range.
    pub(crate) fn values(&self, slot: usize) -> &[V] {
        self.slots.get(slot).map_or(&[], |slot| slot.values.as_slice())
    }

    /// Words in `text`, which must have its ASCII letters in lower case, from left to right, not overlapping.
    pub(crate) fn find<'l, 't>(&'l self, text: &'t str) -> impl Iterator<Item = Found<'l, V>> + use<'l, 't, V> {
        self.trie.find(text).map(|hit| self.found(hit))
    }

    /// The same for a script: what the sweep over it found for this lexicon, where there was one.
    pub(crate) fn read<'l, 's>(
        &'l self,
        script: &'s Script,
        column: Column,
    ) -> impl Iterator<Item = Found<'l, V>> + use<'l, 's, V> {
        let swept = script.swept(column);
        let alone = swept.is_none().then(|| self.trie.find(script.whole()));
        swept.unwrap_or(&[]).iter().copied().chain(alone.into_iter().flatten()).map(|hit| self.found(hit))
    }

    fn found(&self, hit: Hit) -> Found<'_, V> {
        let slot = hit.word as usize;
        Found { slot, start: hit.start, end: hit.end, values: self.values(slot) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longest_word_wins_and_keeps_all_values() {
        let lexicon = Lexicon::new([
            ("公交".to_owned(), 1),
            ("公交车".to_owned(), 2),
            ("公交车".to_owned(), 3),
            ("ETC".to_owned(), 4),
        ]);
        let found = |text: &str| -> Vec<(usize, Vec<i32>)> {
            lexicon.find(text).map(|found| (found.start, found.values.to_vec())).collect()
        };
        assert_eq!(found("坐公交车"), [(3, vec![2, 3])]);
        assert_eq!(found("公交etc"), [(0, vec![1]), (6, vec![4])]);
        assert_eq!(found(""), []);
        assert_eq!(found("公"), []);
        assert_eq!(found("公公交公"), [(3, vec![1])]);
        assert_eq!(Lexicon::<u8>::new([]).find("公交").count(), 0);
    }
}
