//! Time as an argument.

use std::sync::Mutex;

use jiff::Timestamp;

/// Where "now" comes from. The binary passes the system clock, tests a [`ManualClock`].
pub trait Clock: Send + Sync + 'static {
    /// The present instant, in whole microseconds.
    fn now(&self) -> Timestamp;
}

/// A clock that stands until it is moved.
#[derive(Debug)]
pub struct ManualClock(Mutex<Timestamp>);

impl ManualClock {
    /// A clock that shows `at`.
    pub fn new(at: Timestamp) -> Self {
        Self(Mutex::new(crate::whole_micros(at)))
    }

    /// Moves the clock on (or back, with a negative span of hours down to microseconds).
    pub fn advance(&self, by: jiff::SignedDuration) {
        let mut now = self.0.lock().expect("no holder of the clock's lock panics");
        *now = crate::whole_micros(now.saturating_add(by).expect("a signed duration has no calendar units"));
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().expect("no holder of the clock's lock panics")
    }
}
