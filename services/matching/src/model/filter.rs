//! What most unknown features stop at.

/// Bits for each number: one in as many unknown ones passes.
const BITS_EACH: usize = 8;

/// A set of numbers of features that never misses one and now and then takes another for one. Small enough to stay near the
/// processor, where the tables of the features themselves do not.
pub(crate) struct Filter {
    /// One bit for the upper bits of every number.
    bits: Vec<u64>,
    shift: u32,
}

impl Filter {
    pub(crate) fn of(keys: &[u32]) -> Filter {
        let size = (keys.len() * BITS_EACH).next_power_of_two().clamp(64, 1 << 26);
        let mut filter = Filter { bits: vec![0; size / 64], shift: 32 - size.trailing_zeros() };
        for key in keys {
            let (at, bit) = filter.place(*key);
            filter.bits.get_mut(at).into_iter().for_each(|bits| *bits |= bit);
        }
        filter
    }

    pub(crate) fn may_hold(&self, key: u32) -> bool {
        let (at, bit) = self.place(key);
        self.bits.get(at).is_some_and(|bits| bits & bit != 0)
    }

    fn place(&self, key: u32) -> (usize, u64) {
        let at = key >> self.shift;
        ((at >> 6) as usize, 1 << (at & 63))
    }
}
