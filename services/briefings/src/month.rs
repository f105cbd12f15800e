//! A month of Beijing time.

use std::str::FromStr;

use huiyin_domain::BEIJING;
use jiff::civil::Date;
use jiff::{Span, Timestamp};
use serde::{Serialize, Serializer};

use crate::BriefingError;

/// Years a briefing can be of.
const YEARS: std::ops::RangeInclusive<i16> = 2000..=2999;

/// A calendar month, Beijing time; written `2026-11`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    first: Date,
}

impl Month {
    /// The month an instant lies in.
    pub fn of(at: Timestamp) -> Month {
        Month { first: BEIJING.to_datetime(at).date().first_of_month() }
    }

    /// Its first day.
    pub fn first_day(self) -> Date {
        self.first
    }

    /// The month before.
    pub fn before(self) -> Month {
        Month { first: self.first.saturating_sub(Span::new().months(1)) }
    }

    /// The month after.
    pub fn after(self) -> Month {
        Month { first: self.first.saturating_add(Span::new().months(1)) }
    }

    /// Its days, in order.
    pub fn days(self) -> impl Iterator<Item = Date> {
        let days = i64::from(self.first.days_in_month());
        let first = self.first;
        (0..days).map(move |day| first.saturating_add(Span::new().days(day)))
    }

    /// When it begins.
    pub fn from(self) -> Timestamp {
        midnight(self.first)
    }

    /// When it is over: the first instant of the next one.
    pub fn to(self) -> Timestamp {
        self.after().from()
    }

    /// 2026年11月
    pub fn chinese(self) -> String {
        format!("{}年{}月", self.first.year(), self.first.month())
    }

    /// Its number in the year, 1 to 12.
    pub fn number(self) -> u32 {
        u32::from(self.first.month().unsigned_abs())
    }
}

/// The first instant of a day in Beijing.
pub(crate) fn midnight(day: Date) -> Timestamp {
    BEIJING.to_timestamp(day.at(0, 0, 0, 0)).expect("years 2000 to 2999 lie within the range of timestamps")
}

impl FromStr for Month {
    type Err = BriefingError;

    fn from_str(text: &str) -> Result<Month, BriefingError> {
        let refused = || BriefingError::Month(text.chars().take(20).collect());
        let (year, month) = text.split_once('-').ok_or_else(refused)?;
        let digits = |part: &str, count| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(year, 4) || !digits(month, 2) {
            return Err(refused());
        }
        let (year, month): (i16, i8) = (year.parse().map_err(|_| refused())?, month.parse().map_err(|_| refused())?);
        let first = Date::new(year, month, 1).ok().filter(|_| YEARS.contains(&year)).ok_or_else(refused)?;
        Ok(Month { first })
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.first.year(), self.first.month())
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_read_and_bounded_in_beijing() {
        let month: Month = "2026-11".parse().unwrap();
        assert_eq!(month.from().to_string(), "2026-10-31T16:00:00Z");
        assert_eq!(month.to().to_string(), "2026-11-30T16:00:00Z");
        assert_eq!((month.to_string(), month.chinese()), ("2026-11".into(), "2026年11月".into()));
        assert_eq!(month.days().count(), 30);
        assert_eq!("2026-01".parse::<Month>().unwrap().before().to_string(), "2025-12");
        assert_eq!("2026-12".parse::<Month>().unwrap().after().to_string(), "2027-01");
        assert_eq!(Month::of("2026-10-31T16:00:00Z".parse().unwrap()), month);
        assert_eq!(Month::of("2026-10-31T15:59:59Z".parse().unwrap()), month.before());
        for text in
            ["", "2026", "2026-13", "2026-00", "2026-1", "26-01", "0001-01", "2026-11-01", "+026-01", "二〇二六-11"]
        {
            assert!(text.parse::<Month>().is_err(), "{text}");
        }
    }
}
