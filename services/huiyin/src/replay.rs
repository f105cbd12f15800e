//! A clock that is led through past times, then runs on with the real one: for the demo.

use std::sync::atomic::{AtomicI64, Ordering};

use huiyin_domain::Clock;
use jiff::Timestamp;

use crate::clock::SystemClock;

/// Marks that the clock follows the machine's.
const FOLLOWS: i64 = i64::MIN;

/// Stands where it was led, until [`ReplayClock::follow`].
pub(crate) struct ReplayClock(AtomicI64);

impl ReplayClock {
    pub(crate) fn new(at: Timestamp) -> ReplayClock {
        ReplayClock(AtomicI64::new(at.as_microsecond()))
    }

    /// Leads the clock on; it never goes back.
    pub(crate) fn lead(&self, at: Timestamp) {
        self.0.fetch_max(at.as_microsecond(), Ordering::SeqCst);
    }

    /// From now on the machine's time.
    pub(crate) fn follow(&self) {
        self.0.store(FOLLOWS, Ordering::SeqCst);
    }
}

impl Clock for ReplayClock {
    fn now(&self) -> Timestamp {
        match self.0.load(Ordering::SeqCst) {
            FOLLOWS => SystemClock.now(),
            micros => Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH),
        }
    }
}
