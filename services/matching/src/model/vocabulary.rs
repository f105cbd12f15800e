//! From the number of a feature to its place in the tables of a head.

/// Share of filled places in the table, one in this many at most.
const ROOM: usize = 2;

/// Numbers of features with consecutive places, by open addressing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Vocabulary {
    /// In rising order; the place of a number is its index.
    keys: Vec<u32>,
    /// Number and place + 1; 0 where free. The length is a power of two.
    table: Vec<(u32, u32)>,
}

impl Vocabulary {
    /// Of numbers in any order.
    pub(crate) fn new(mut keys: Vec<u32>) -> Vocabulary {
        keys.sort_unstable();
        keys.dedup();
        let size = (keys.len() * ROOM).next_power_of_two().max(2);
        let mut table = vec![(0, 0); size];
        for (place, key) in (1_u32..).zip(&keys) {
            let mut at = *key as usize & (size - 1);
            while table.get(at).is_some_and(|(_, place)| *place != 0) {
                at = (at + 1) & (size - 1);
            }
            if let Some(free) = table.get_mut(at) {
                *free = (*key, place);
            }
        }
        Vocabulary { keys, table }
    }

    /// Where a feature stands, if it is known.
    pub(crate) fn place(&self, key: u32) -> Option<u32> {
        let mask = self.table.len() - 1;
        let mut at = key as usize & mask;
        loop {
            let (known, place) = *self.table.get(at)?;
            if place == 0 {
                return None;
            }
            if known == key {
                return Some(place - 1);
            }
            at = (at + 1) & mask;
        }
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
