//! From the number of a feature to its place in the tables of a head.

use super::table::Table;

/// Numbers of features with consecutive places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Vocabulary {
    /// In rising order; the place of a number is its index.
    keys: Vec<u32>,
    places: Table,
}

impl Vocabulary {
    /// Of numbers in any order.
    pub(crate) fn new(mut keys: Vec<u32>) -> Vocabulary {
        keys.sort_unstable();
        keys.dedup();
        let mut places = Table::new(keys.len());
        keys.iter().enumerate().for_each(|(place, key)| places.add(*key, place));
        Vocabulary { keys, places }
    }

    /// Where a feature stands, if it is known.
    pub(crate) fn place(&self, key: u32) -> Option<u32> {
        self.places.get(key)
    }

    /// In rising order.
    pub(crate) fn keys(&self) -> &[u32] {
        &self.keys
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_it_was_given() {
        let vocabulary = Vocabulary::new(vec![9, 1, 5, 9, 0, u32::MAX]);
        assert_eq!(vocabulary.keys(), [0, 1, 5, 9, u32::MAX]);
        for (key, place) in [(0, Some(0)), (1, Some(1)), (5, Some(2)), (9, Some(3)), (u32::MAX, Some(4)), (7, None)] {
            assert_eq!(vocabulary.place(key), place, "{key}");
        }
        assert_eq!(Vocabulary::new(Vec::new()).place(3), None);
    }
}
