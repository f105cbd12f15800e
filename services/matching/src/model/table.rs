//! From the number of a feature to its row.

/// Numbers with the places of their rows, by open addressing.
pub(super) struct Table {
    /// Number and start of the row, plus 1; 0 where free. A power of two long.
    slots: Vec<(u32, u32)>,
}

impl Table {
    pub(super) fn new(keys: usize) -> Table {
        Table { slots: vec![(0, 0); (keys * 4 / 3 + 1).next_power_of_two()] }
    }

    pub(super) fn add(&mut self, key: u32, row: usize) {
        let mask = self.slots.len() - 1;
        let mut at = key as usize & mask;
        while self.slots.get(at).is_some_and(|(_, row)| *row != 0) {
            at = (at + 1) & mask;
        }
        self.slots.get_mut(at).into_iter().for_each(|free| *free = (key, row as u32 + 1));
    }

    /// Brings the place of a number near.
    pub(super) fn touch(&self, key: u32) -> u32 {
        self.slots.get(key as usize & (self.slots.len() - 1)).map_or(0, |(key, _)| *key)
    }

    pub(super) fn row(&self, key: u32) -> Option<u32> {
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
