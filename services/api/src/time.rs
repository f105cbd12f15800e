//! Instants as requests write them, and as pages show them.

use huiyin_domain::{BEIJING, whole_micros};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

/// RFC 3339, or a local date and time or a date alone, which are read as +08:00.
pub(crate) fn parse_instant(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some(whole_micros(instant));
    }
    let local = text.parse::<DateTime>().or_else(|_| text.parse::<Date>().map(|date| date.at(0, 0, 0, 0))).ok()?;
    BEIJING.to_timestamp(local).ok().map(whole_micros)
}

/// From the midnight a day of `YYYY-MM-DD` begins with in Beijing to the next.
pub(crate) fn whole_day(text: &str) -> Option<(Timestamp, Timestamp)> {
    let day: Date = text.parse().ok()?;
    let midnight = |day: Date| BEIJING.to_timestamp(day.at(0, 0, 0, 0)).ok();
    Some((midnight(day)?, midnight(day.tomorrow().ok()?)?))
}

/// `2026-11-22 10:38`, Beijing time.
pub(crate) fn local(at: Timestamp) -> String {
    BEIJING.to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_zone_it_is_beijing_time() {
        for (text, expected) in [
            ("2026-12-01T17:30:00+08:00", Some("2026-12-01T09:30:00Z")),
            ("2026-12-01T09:30:00Z", Some("2026-12-01T09:30:00Z")),
            ("2026-12-01T17:30:00", Some("2026-12-01T09:30:00Z")),
            ("2026-12-01 17:30", Some("2026-12-01T09:30:00Z")),
            ("2026-12-01", Some("2026-11-30T16:00:00Z")),
            ("明天", None),
            ("", None),
        ] {
            assert_eq!(parse_instant(text), expected.map(|at| at.parse().unwrap()), "{text}");
        }
        let midnights = ["2026-11-30T16:00:00Z", "2026-12-01T16:00:00Z"].map(|at| at.parse().unwrap());
        assert_eq!(whole_day("2026-12-01"), Some(midnights.into()));
        assert_eq!((whole_day("2026-12"), whole_day("9999-12-31")), (None, None));
        assert_eq!(local("2026-12-01T09:30:00Z".parse().unwrap()), "2026-12-01 17:30");
    }
}
