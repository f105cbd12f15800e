//! Time and randomness of the machine: the only place that asks for either.

use huiyin_domain::Clock;
use huiyin_ledger::Entropy;
use jiff::Timestamp;

/// The machine's clock.
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is where time comes in")]
    fn now(&self) -> Timestamp {
        huiyin_domain::whole_micros(Timestamp::now())
    }
}

/// The machine's randomness.
pub(crate) struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn salt(&self) -> [u8; 32] {
        random()
    }
}

/// 32 bytes nobody can guess.
pub(crate) fn random() -> [u8; 32] {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the operating system gives randomness, or nothing here could be trusted");
    bytes
}
