//! From the number of a feature to what is kept for it.

/// Share of filled places, one in this many at most, as a fraction: three of four.
const ROOM: (usize, usize) = (4, 3);

/// Numbers with what is kept for each, by open addressing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Table {
    /// Number and what is kept, plus 1; 0 where free. A power of two long.
    slots: Vec<(u32, u32)>,
}

impl Table {
    /// With room for so many numbers.
    pub(super) fn new(keys: usize) -> Table {
        Table { slots: vec![(0, 0); (keys * ROOM.0 / ROOM.1 + 1).next_power_of_two()] }
    }

    /// Keeps something for a number that is not there yet.
    pub(super) fn add(&mut self, key: u32, kept: usize) {
        let mask = self.slots.len() - 1;
        let mut at = key as usize & mask;
        while self.slots.get(at).is_some_and(|(_, kept)| *kept != 0) {
            at = (at + 1) & mask;
        }
        self.slots.get_mut(at).into_iter().for_each(|free| *free = (key, kept as u32 + 1));
    }

    /// Brings the place of a number near.
    pub(super) fn touch(&self, key: u32) -> u32 {
        self.slots.get(key as usize & (self.slots.len() - 1)).map_or(0, |(key, _)| *key)
    }

    /// What is kept for a number.
    pub(super) fn get(&self, key: u32) -> Option<u32> {
        let mask = self.slots.len() - 1;
        let mut at = key as usize & mask;
        loop {
            let (known, kept) = *self.slots.get(at)?;
            if kept == 0 {
                return None;
            }
            if known == key {
                return Some(kept - 1);
            }
            at = (at + 1) & mask;
        }
    }
}
