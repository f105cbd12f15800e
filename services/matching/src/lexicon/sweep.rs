//! The words of several lexicons in one pass over a text.

use std::collections::BTreeMap;

use huiyin_text::trie::{Hit, Trie};

/// The lexicons that are read together, by what they are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    Subjects,
    Clauses,
    Handling,
    Places,
    Alarm,
    Screen,
    Scene,
    Turns,
}

/// How many there are.
const COLUMNS: usize = 8;

/// All words of the lexicons.
pub(crate) struct Sweep {
    trie: Trie,
    /// Where the owners of each word end in `owners`.
    ends: Vec<u32>,
    /// Column and the number that the word has there.
    owners: Vec<(u8, u32)>,
}

/// What each lexicon would find by itself.
#[derive(Debug, Default)]
pub(crate) struct Swept([Vec<Hit>; COLUMNS]);

impl Sweep {
    /// Of the words of each column by their numbers, in the order of [`Column`].
    pub(crate) fn new(columns: [Vec<&str>; COLUMNS]) -> Sweep {
        let mut by_word: BTreeMap<&str, Vec<(u8, u32)>> = BTreeMap::new();
        for (column, words) in (0..).zip(columns) {
            for (number, word) in (0..).zip(words) {
                by_word.entry(word).or_default().push((column, number));
            }
        }
        let trie = Trie::new(by_word.keys().copied());
        let (mut ends, mut owners) = (Vec::with_capacity(by_word.len()), Vec::new());
        for list in by_word.into_values() {
            owners.extend(list);
            ends.push(owners.len() as u32);
        }
        Sweep { trie, ends, owners }
    }

    /// Reads a text with its ASCII letters in lower case.
    pub(crate) fn read(&self, text: &str) -> Swept {
        // Room for a word in every four or five characters of each lexicon: more than most posts have.
        let mut swept = Swept(std::array::from_fn(|_| Vec::with_capacity(text.len() / 14)));
        self.trie.each(text, |found| {
            for (column, word) in self.owners(found.word) {
                let Some(hits) = swept.0.get_mut(usize::from(*column)) else { continue };
                let hit = Hit { word: *word, ..found };
                match hits.last_mut() {
                    Some(last) if last.start == hit.start => *last = hit, // the longer one
                    Some(last) if last.end > hit.start => {}
                    _ => hits.push(hit),
                }
            }
        });
        swept
    }

    fn owners(&self, word: u32) -> &[(u8, u32)] {
        let word = word as usize;
        let start = word.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(word).copied().unwrap_or(start);
        self.owners.get(start as usize..end as usize).unwrap_or(&[])
    }
}

impl Swept {
    /// Drops from columns the words that lie inside one of `names` and are not all of it.
    pub(crate) fn hide(&mut self, columns: &[Column], names: &[(usize, usize)]) {
        for column in columns {
            let Some(hits) = self.0.get_mut(*column as usize) else { continue };
            hits.retain(|hit| {
                !names.iter().any(|(start, end)| {
                    *start <= hit.start && hit.end <= *end && (*start, *end) != (hit.start, hit.end)
                })
            });
        }
    }

    pub(crate) fn of(&self, column: Column) -> &[Hit] {
        self.0.get(column as usize).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn finds_what_each_finds_alone(
            columns in prop::collection::vec(prop::collection::btree_set("[东西a南]{1,4}", 0..8), COLUMNS),
            text in "[东西a南北]{0,40}",
        ) {
            let words: Vec<Vec<&str>> = columns.iter().map(|set| set.iter().map(String::as_str).collect()).collect();
            let swept = Sweep::new(words.clone().try_into().unwrap()).read(&text);
            for (number, words) in words.iter().enumerate() {
                let alone: Vec<_> = Trie::new(words.iter().copied()).find(&text).map(|hit| (hit.word, hit.start, hit.end)).collect();
                let together: Vec<_> = swept.0[number].iter().map(|hit| (hit.word, hit.start, hit.end)).collect();
                prop_assert_eq!(together, alone);
            }
        }
    }
}
