//! Working days and office hours.
//!
//! Hours of a deadline run around the clock; working time runs only inside office hours of working days, which follow
//! the State Council's holiday notice of the year, make-up working days (调休) included.

use std::collections::BTreeSet;

use jiff::civil::{Date, Time, Weekday};
use jiff::{SignedDuration, Span, Timestamp};
use serde::{Deserialize, Serialize};

use crate::BEIJING;

/// A pinned calendar version: which days are worked.
#[derive(Clone, Debug)]
pub struct Calendar {
    version: String,
    first_year: i16,
    last_year: i16,
    holidays: BTreeSet<Date>,
    working: BTreeSet<Date>,
}

/// What is wrong with a calendar file.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("calendar: {field}: {message}; write days as \"2026-10-01\" and spans as \"2026-10-01..2026-10-07\"")]
pub struct CalendarFault {
    /// The faulty field.
    pub field: &'static str,
    /// What is wrong with it.
    pub message: String,
}

/// The parts of a calendar file, before its days are read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarFile {
    version: String,
    first_year: i16,
    last_year: i16,
    holidays: Vec<String>,
    working: Vec<String>,
}

/// Daily office hours, Beijing time: by default 08:30–12:00 and 14:00–17:30.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OfficeHours(pub Vec<(Time, Time)>);

impl Default for OfficeHours {
    fn default() -> Self {
        let at = |hour, minute| Time::constant(hour, minute, 0, 0);
        Self(vec![(at(8, 30), at(12, 0)), (at(14, 0), at(17, 30))])
    }
}

impl OfficeHours {
    /// True when the spans are in order, do not overlap and are not empty: then working time advances every working day.
    pub fn are_valid(&self) -> bool {
        !self.0.is_empty()
            && self.0.iter().all(|(from, to)| from < to)
            && self.0.windows(2).all(|pair| pair[0].1 <= pair[1].0)
    }
}

impl Calendar {
    /// The calendar shipped with this version (`cn-2024-2026`, from the State Council's notices of those years).
    pub fn shipped() -> Calendar {
        let file: CalendarFile =
            toml::from_str(include_str!("../calendar/cn.toml")).expect("the shipped calendar is read by a test");
        Calendar::from_file(file).expect("the shipped calendar is read by a test")
    }

    /// A calendar from a parsed file.
    ///
    /// # Errors
    /// Names the field and the entry that is no date or lies outside the years of the file.
    pub fn from_file(file: CalendarFile) -> Result<Calendar, CalendarFault> {
        let holidays = days("holidays", &file.holidays)?;
        let working = days("working", &file.working)?;
        if let Some(both) = holidays.intersection(&working).next() {
            return Err(CalendarFault { field: "working", message: format!("{both} is also a holiday") });
        }
        let outside = |day: &&Date| day.year() < file.first_year || day.year() > file.last_year;
        if let Some(day) = holidays.iter().chain(&working).find(outside) {
            return Err(CalendarFault { field: "first_year", message: format!("{day} lies outside the file's years") });
        }
        Ok(Calendar {
            version: file.version,
            first_year: file.first_year,
            last_year: file.last_year,
            holidays,
            working,
        })
    }

    /// Name of the version, written beside each deadline computed with it.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// True when the year's notice is part of this calendar; other years count Monday to Friday as worked.
    pub fn covers(&self, day: Date) -> bool {
        (self.first_year..=self.last_year).contains(&day.year())
    }

    /// True on working days, make-up days included.
    pub fn is_working(&self, day: Date) -> bool {
        if self.working.contains(&day) {
            return true;
        }
        !self.holidays.contains(&day) && !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
    }

    /// The end of the working day that lies `days` working days after `from` (the day of `from` does not count).
    pub fn after_working_days(&self, from: Timestamp, days: u32, hours: &OfficeHours) -> Timestamp {
        let mut day = BEIJING.to_datetime(from).date();
        let mut left = days;
        while left > 0 {
            day = next(day);
            if self.is_working(day) {
                left -= 1;
            }
        }
        let end = hours.0.last().map_or(Time::constant(17, 30, 0, 0), |span| span.1);
        instant(day, end)
    }

    /// The instant when `amount` of office hours has run since `from`.
    pub fn after_working_time(&self, from: Timestamp, amount: SignedDuration, hours: &OfficeHours) -> Timestamp {
        let mut left = amount;
        let mut day = BEIJING.to_datetime(from).date();
        // Ten years of days: more than any deadline, and a bound should the office hours be empty.
        for _ in 0..3_660 {
            if self.is_working(day) {
                for (start, end) in &hours.0 {
                    let opens = instant(day, *start).max(from);
                    let closes = instant(day, *end);
                    let open = closes.duration_since(opens);
                    if open <= SignedDuration::ZERO {
                        continue;
                    }
                    if left <= open {
                        return opens.saturating_add(left).unwrap_or(closes);
                    }
                    left -= open;
                }
            }
            day = next(day);
        }
        from
    }
}

fn next(day: Date) -> Date {
    day.saturating_add(Span::new().days(1))
}

fn instant(day: Date, time: Time) -> Timestamp {
    BEIJING.to_timestamp(day.to_datetime(time)).unwrap_or(Timestamp::MAX)
}

fn days(field: &'static str, entries: &[String]) -> Result<BTreeSet<Date>, CalendarFault> {
    let mut found = BTreeSet::new();
    for entry in entries {
        let fault = |message: String| CalendarFault { field, message };
        let (first, last) = entry.split_once("..").unwrap_or((entry, entry));
        let parse = |text: &str| text.parse::<Date>().map_err(|_| fault(format!("\"{entry}\" is no date")));
        let (mut day, last) = (parse(first)?, parse(last)?);
        if last < day || day.until(last).map_or(0, |span| span.get_days()) > 60 {
            return Err(fault(format!("\"{entry}\" ends before it begins or is longer than 60 days")));
        }
        while day <= last {
            found.insert(day);
            day = next(day);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        format!("{text}+08:00").parse().unwrap()
    }

    #[test]
    fn knows_holidays_and_make_up_days() {
        let calendar = Calendar::shipped();
        for (day, worked) in [
            ("2026-10-01", false),
            ("2026-10-10", true),
            ("2026-10-11", false),
            ("2026-11-20", true),
            ("2026-02-14", true),
            ("2026-02-23", false),
            ("2025-10-08", false),
        ] {
            assert_eq!(calendar.is_working(day.parse().unwrap()), worked, "{day}");
        }
        assert!(!calendar.covers("2027-01-04".parse().unwrap()));
    }

    #[test]
    fn working_time_runs_in_office_hours_only() {
        let calendar = Calendar::shipped();
        let hours = OfficeHours::default();
        for (from, minutes, expected) in [
            ("2026-11-20T09:00:00", 120, "2026-11-20T11:00:00"),
            ("2026-11-20T11:00:00", 120, "2026-11-20T15:00:00"),
            ("2026-11-20T12:30:00", 30, "2026-11-20T14:30:00"),
            ("2026-11-20T17:00:00", 120, "2026-11-23T10:00:00"),
            ("2026-11-21T03:00:00", 120, "2026-11-23T10:30:00"),
            ("2026-09-30T17:20:00", 30, "2026-10-08T08:50:00"),
        ] {
            let got = calendar.after_working_time(at(from), SignedDuration::from_mins(minutes), &hours);
            assert_eq!(got, at(expected), "{from} + {minutes} min");
        }
    }

    #[test]
    fn working_days_skip_the_day_itself() {
        let calendar = Calendar::shipped();
        let hours = OfficeHours::default();
        let due = |from, days| calendar.after_working_days(at(from), days, &hours);
        assert_eq!(due("2026-11-20T09:00:00", 2), at("2026-11-24T17:30:00"));
        assert_eq!(due("2026-10-09T09:00:00", 2), at("2026-10-12T17:30:00"));
    }

    #[test]
    fn faults_name_the_field() {
        let file = |holidays: &[&str], working: &[&str]| CalendarFile {
            version: "t".into(),
            first_year: 2026,
            last_year: 2026,
            holidays: holidays.iter().map(ToString::to_string).collect(),
            working: working.iter().map(ToString::to_string).collect(),
        };
        assert_eq!(Calendar::from_file(file(&["2026-13-01"], &[])).unwrap_err().field, "holidays");
        assert_eq!(Calendar::from_file(file(&["2026-05-01"], &["2026-05-01"])).unwrap_err().field, "working");
        assert_eq!(Calendar::from_file(file(&["2027-05-01"], &[])).unwrap_err().field, "first_year");
        assert_eq!(Calendar::from_file(file(&["2026-05-03..2026-05-01"], &[])).unwrap_err().field, "holidays");
    }
}
