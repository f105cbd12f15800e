//! Deadlines: what is due, when, and by which rule.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{Calendar, Grade, OfficeHours};

/// What has to happen in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeadlineKind {
    /// Authoritative information out (权威信息发布), emergencies only.
    Information,
    /// Press conference (新闻发布会), emergencies only.
    PressConference,
    /// Response (回应).
    Response,
    /// Signing for an assignment (签收).
    Sign,
    /// Verification report (核查报告).
    Verification,
}

impl DeadlineKind {
    /// The word used in records, columns and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            DeadlineKind::Information => "information",
            DeadlineKind::PressConference => "press_conference",
            DeadlineKind::Response => "response",
            DeadlineKind::Sign => "sign",
            DeadlineKind::Verification => "verification",
        }
    }

    /// Reads the word of [`DeadlineKind::as_str`].
    pub fn parse(word: &str) -> Option<DeadlineKind> {
        use DeadlineKind::{Information, PressConference, Response, Sign, Verification};
        [Information, PressConference, Response, Sign, Verification].into_iter().find(|kind| kind.as_str() == word)
    }
}

/// One deadline of a matter, with how it was computed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// What is due.
    pub kind: DeadlineKind,
    /// The assignment it belongs to, by its number within the matter; none for the matter as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignment: Option<u32>,
    /// When the time began to run.
    pub started: Timestamp,
    /// When it runs out.
    pub due: Timestamp,
    /// How it was computed, in Chinese, for the console: rule, amount, calendar version.
    pub basis: String,
    /// Runs on the suggested grade, since no person has set one yet.
    pub provisional: bool,
    /// When it was met.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub met_at: Option<Timestamp>,
    /// An entry has recorded that it passed unmet.
    #[serde(default)]
    pub passed: bool,
}

impl Deadline {
    /// Still running: neither met nor recorded as passed.
    pub fn is_pending(&self) -> bool {
        self.met_at.is_none() && !self.passed
    }

    /// Ran out before it was met (or before `now`, while unmet).
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        self.met_at.unwrap_or(now) > self.due
    }
}

/// Configuration of the deadlines, with the defaults of the rules named at each field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DeadlineRules {
    /// Authoritative information in an emergency, hours: 5 (国办发〔2016〕80号).
    pub information_hours: u32,
    /// Press conference in an emergency, hours: 24 (国办发〔2016〕61号).
    pub press_conference_hours: u32,
    /// Response in an emergency, hours: 24 (国办发〔2016〕61号).
    pub response_emergency_hours: u32,
    /// Response otherwise, hours: 48 (国办发〔2016〕61号).
    pub response_hours: u32,
    /// Signing in an emergency, minutes around the clock: 30 (local practice).
    pub sign_emergency_minutes: u32,
    /// Signing otherwise, minutes of working time: 120 (local practice).
    pub sign_minutes: u32,
    /// Verification report in an emergency, working days: 2 (local practice).
    pub verification_emergency_days: u32,
    /// Verification report otherwise, working days: 5 (local practice).
    pub verification_days: u32,
    /// Office hours for working time, Beijing time.
    pub office_hours: OfficeHours,
}

impl Default for DeadlineRules {
    fn default() -> Self {
        Self {
            information_hours: 5,
            press_conference_hours: 24,
            response_emergency_hours: 24,
            response_hours: 48,
            sign_emergency_minutes: 30,
            sign_minutes: 120,
            verification_emergency_days: 2,
            verification_days: 5,
            office_hours: OfficeHours::default(),
        }
    }
}

impl DeadlineRules {
    /// The deadlines of a matter received at `received`: information and press conference in an emergency, and the
    /// response always. Hours run around the clock.
    pub fn of_matter(&self, received: Timestamp, grade: Grade, provisional: bool) -> Vec<Deadline> {
        let hours = |kind, hours: u32, rule: &str| Deadline {
            kind,
            assignment: None,
            started: received,
            due: after_minutes(received, hours * 60),
            basis: format!("{}：自收到之时起{hours}小时（{rule}）", grade.chinese()),
            provisional,
            met_at: None,
            passed: false,
        };
        let mut deadlines = Vec::new();
        if grade.is_emergency() {
            deadlines.push(hours(DeadlineKind::Information, self.information_hours, "国办发〔2016〕80号"));
            deadlines.push(hours(DeadlineKind::PressConference, self.press_conference_hours, "国办发〔2016〕61号"));
            deadlines.push(hours(DeadlineKind::Response, self.response_emergency_hours, "国办发〔2016〕61号"));
        } else {
            deadlines.push(hours(DeadlineKind::Response, self.response_hours, "国办发〔2016〕61号"));
        }
        deadlines
    }

    /// The deadlines of one assignment made at `assigned`: signing and the verification report.
    pub fn of_assignment(
        &self,
        assigned: Timestamp,
        assignment: u32,
        grade: Grade,
        provisional: bool,
        calendar: &Calendar,
    ) -> Vec<Deadline> {
        let emergency = grade.is_emergency();
        let days = if emergency { self.verification_emergency_days } else { self.verification_days };
        let (sign_due, sign_basis) = if emergency {
            let minutes = self.sign_emergency_minutes;
            (after_minutes(assigned, minutes), format!("{}：自交办之时起{minutes}分钟", grade.chinese()))
        } else {
            let minutes = self.sign_minutes;
            let amount = SignedDuration::from_mins(i64::from(minutes));
            let due = calendar.after_working_time(assigned, amount, &self.office_hours);
            (due, format!("{}：自交办之时起{minutes}分钟工作时间（日历 {}）", grade.chinese(), calendar.version()))
        };
        let deadline = |kind, due, basis| Deadline {
            kind,
            assignment: Some(assignment),
            started: assigned,
            due,
            basis,
            provisional,
            met_at: None,
            passed: false,
        };
        let report_due = calendar.after_working_days(assigned, days, &self.office_hours);
        let report_basis = format!("{}：交办后{days}个工作日（日历 {}）", grade.chinese(), calendar.version());
        vec![
            deadline(DeadlineKind::Sign, sign_due, sign_basis),
            deadline(DeadlineKind::Verification, report_due, report_basis),
        ]
    }
}

fn after_minutes(from: Timestamp, minutes: u32) -> Timestamp {
    from.saturating_add(SignedDuration::from_mins(i64::from(minutes))).expect("a signed duration has no calendar units")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        format!("{text}+08:00").parse().unwrap()
    }

    #[test]
    fn an_emergency_is_due_in_5_and_24_hours_and_others_in_48() {
        let rules = DeadlineRules::default();
        let received = at("2026-11-20T22:00:00");
        let due = |grade| {
            rules.of_matter(received, grade, true).into_iter().map(|one| (one.kind, one.due)).collect::<Vec<_>>()
        };
        assert_eq!(
            due(Grade::Major),
            vec![
                (DeadlineKind::Information, at("2026-11-21T03:00:00")),
                (DeadlineKind::PressConference, at("2026-11-21T22:00:00")),
                (DeadlineKind::Response, at("2026-11-21T22:00:00")),
            ]
        );
        assert_eq!(due(Grade::Ordinary), vec![(DeadlineKind::Response, at("2026-11-22T22:00:00"))]);
    }

    #[test]
    fn signing_waits_for_office_hours_except_in_an_emergency() {
        let rules = DeadlineRules::default();
        let calendar = Calendar::shipped();
        let assigned = at("2026-11-20T22:00:00");
        let due = |grade| {
            let all = rules.of_assignment(assigned, 1, grade, false, &calendar);
            (all[0].due, all[1].due)
        };
        assert_eq!(due(Grade::Extreme), (at("2026-11-20T22:30:00"), at("2026-11-24T17:30:00")));
        assert_eq!(due(Grade::Considerable), (at("2026-11-23T10:30:00"), at("2026-11-27T17:30:00")));
    }

    #[test]
    fn overdue_is_judged_by_when_it_was_met() {
        let mut deadline =
            DeadlineRules::default().of_matter(at("2026-11-20T08:00:00"), Grade::Ordinary, false).remove(0);
        assert!(!deadline.is_overdue(at("2026-11-22T08:00:00")));
        assert!(deadline.is_overdue(at("2026-11-22T08:00:01")));
        deadline.met_at = Some(at("2026-11-21T08:00:00"));
        assert!(!deadline.is_overdue(at("2026-12-01T08:00:00")));
    }
}
