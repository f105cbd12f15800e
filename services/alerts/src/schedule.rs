//! When a message that did not arrive is tried again.

use jiff::fmt::rfc2822;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

/// Waits after the first, second … failed try, in seconds: over three days in all, after the example of the Standard
/// Webhooks specification (5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h).
const WAITS_SECONDS: [i64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
/// A wait is lengthened or shortened by up to this many thousandths, so that many receivers back up again do not get
/// everything at one instant.
const JITTER_THOUSANDTHS: i64 = 100;
/// A receiver may ask to be left alone for this long at most.
const RETRY_AFTER_MAX: SignedDuration = SignedDuration::from_hours(24);
/// Failures in a row after which a channel is left alone for a while.
const FAILURES_BEFORE_REST: u32 = 4;
/// First and longest such rest, in seconds.
const REST_SECONDS: (i64, i64) = (30, 600);

/// How long to wait after try `round` (from 1) has failed; none after the last.
pub(crate) fn wait_after(round: u32, message: &str, seed: u64) -> Option<SignedDuration> {
    let index = usize::try_from(round.saturating_sub(1)).unwrap_or(usize::MAX);
    let seconds = WAITS_SECONDS.get(index)?;
    let thousandths = 1_000 - JITTER_THOUSANDTHS + drawn(seed, message, round) % (2 * JITTER_THOUSANDTHS + 1);
    Some(SignedDuration::from_millis(seconds * thousandths))
}

/// How long a channel rests after its `failures`-th failure in a row; none for the first few.
pub(crate) fn rest_after(failures: u32) -> Option<SignedDuration> {
    let doublings = failures.checked_sub(FAILURES_BEFORE_REST)?;
    let (first, longest) = REST_SECONDS;
    Some(SignedDuration::from_secs(first.saturating_mul(1 << doublings.min(20)).min(longest)))
}

/// `Retry-After`: seconds, or a date; never longer than a day.
pub(crate) fn retry_after(value: &str, now: Timestamp) -> Option<SignedDuration> {
    let value = value.trim();
    let wait = match value.parse::<u32>() {
        Ok(seconds) => SignedDuration::from_secs(i64::from(seconds)),
        Err(_) => rfc2822::parse(value).ok()?.timestamp().duration_since(now),
    };
    Some(wait.clamp(SignedDuration::ZERO, RETRY_AFTER_MAX))
}

/// A number that looks random, the same for the same seed, message and try.
fn drawn(seed: u64, message: &str, round: u32) -> i64 {
    let mut hasher = Sha256::new();
    hasher.update(seed.to_be_bytes());
    hasher.update(round.to_be_bytes());
    hasher.update(message);
    let digest = hasher.finalize();
    digest.iter().take(4).fold(0, |value, byte| value << 8 | i64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_over_days_and_end() {
        let waits: Vec<i64> =
            (1..).map_while(|round| wait_after(round, "msg_1", 7)).map(|wait| wait.as_secs()).collect();
        assert_eq!(waits.len(), WAITS_SECONDS.len());
        for (wait, named) in waits.iter().zip(WAITS_SECONDS) {
            assert!((named * 9 / 10 - 1..=named * 11 / 10 + 1).contains(wait), "{wait} for {named}");
        }
        assert!(waits.iter().sum::<i64>() > 2 * 86_400);
        assert_eq!(wait_after(3, "msg_1", 7), wait_after(3, "msg_1", 7));
        assert_ne!(wait_after(3, "msg_1", 7), wait_after(3, "msg_2", 7));
    }

    #[test]
    fn channels_rest_after_some_failures() {
        let rests: Vec<Option<i64>> =
            [1, 3, 4, 5, 8, 9, 500].into_iter().map(|one| rest_after(one).map(|rest| rest.as_secs())).collect();
        assert_eq!(rests, [None, None, Some(30), Some(60), Some(480), Some(600), Some(600)]);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date_within_a_day() {
        let now: Timestamp = "2026-03-05T06:00:00Z".parse().unwrap();
        for (value, expected) in [
            ("120", Some(120)),
            (" 7 ", Some(7)),
            ("4000000", Some(86_400)),
            ("Thu, 05 Mar 2026 06:30:00 GMT", Some(1_800)),
            ("Wed, 04 Mar 2026 06:30:00 GMT", Some(0)),
            ("Thu, 05 Mar 2099 06:30:00 GMT", Some(86_400)),
            ("soon", None),
            ("-5", None),
        ] {
            let found = retry_after(value, now).map(|wait| wait.as_secs());
            assert_eq!(found, expected, "{value}");
        }
    }
}
