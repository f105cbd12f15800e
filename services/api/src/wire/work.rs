//! What units do about a matter: assignments, answers, promises, steps, consultations, deadlines.

use huiyin_domain::Deadline;
use huiyin_domain::matter::{
    Assignment, Channel, Commitment, Consultation, Part, Response, ResponseKind, Step, StepKind,
};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::matter::UnitName;
use super::words::{assignment_chinese, channel_chinese, commitment_chinese, deadline_chinese, response_chinese};

/// A matter given to a unit.
#[derive(Serialize, ToSchema)]
pub(super) struct AssignmentView {
    /// Number within the matter, from 1; actions name it as `assignment`.
    number: u32,
    /// The unit.
    unit: UnitName,
    /// `lead` or `assist`.
    part: &'static str,
    /// `pending`, `accepted`, `rejected` or `overridden`.
    state: &'static str,
    /// The state in Chinese.
    state_name: &'static str,
    /// When it was given.
    assigned_at: Timestamp,
    /// When it was accepted or rejected.
    #[serde(skip_serializing_if = "Option::is_none")]
    answered_at: Option<Timestamp>,
    /// Why it was rejected.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// Instruction given with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    instruction: Option<String>,
    /// Taken back at once: the unit was never given it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    withdrawn: bool,
}

/// An answer on the record.
#[derive(Serialize, ToSchema)]
pub(super) struct ResponseView {
    /// Number within the matter, from 1.
    number: u32,
    /// The assignment it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    assignment: Option<u32>,
    /// Id of the unit that answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
    /// `holding`, `authoritative` or `final`.
    kind: &'static str,
    /// The same in Chinese.
    kind_name: &'static str,
    /// `source`, `website`, `social_media`, `press`, `press_conference`, `phone` or `other`.
    channel: &'static str,
    /// The same in Chinese.
    channel_name: &'static str,
    /// Link to the published answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
    /// The answer; none once erased.
    text: Option<String>,
    /// When.
    at: Timestamp,
}

/// A promise.
#[derive(Serialize, ToSchema)]
pub(super) struct CommitmentView {
    /// Number within the matter, from 1.
    number: u32,
    /// Id of the unit that owes it.
    owner: String,
    /// By the end of this day, Beijing time.
    due: Date,
    /// Made public.
    published: bool,
    /// What was promised; none once erased.
    text: Option<String>,
    /// When it was promised.
    at: Timestamp,
    /// Kept or broken; none until verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    kept: Option<bool>,
    /// 待核查, 已落实 or 未落实.
    kept_name: &'static str,
    /// When it was verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    verified_at: Option<Timestamp>,
}

/// A follow-up step.
#[derive(Serialize, ToSchema)]
pub(super) struct StepView {
    /// Number within the matter, from 1.
    number: u32,
    /// The assignment it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    assignment: Option<u32>,
    /// `verification` or `measure`.
    kind: &'static str,
    /// What was done; none once erased.
    text: Option<String>,
    /// Link to the evidence.
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
    /// When it was recorded.
    at: Timestamp,
}

/// A consultation of several units.
#[derive(Serialize, ToSchema)]
pub(super) struct ConsultationView {
    /// Number within the matter, from 1.
    number: u32,
    /// Id of the unit that leads it.
    lead: String,
    /// Ids of the units heard.
    units: Vec<String>,
    /// What is to be settled; none once erased.
    question: Option<String>,
    /// What was settled.
    #[serde(skip_serializing_if = "Option::is_none")]
    conclusion: Option<String>,
    /// When it began.
    at: Timestamp,
    /// When it was concluded.
    #[serde(skip_serializing_if = "Option::is_none")]
    concluded_at: Option<Timestamp>,
}

/// A deadline, with how it was computed.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeadlineView {
    /// `information`, `press_conference`, `response`, `sign` or `verification`.
    kind: &'static str,
    /// The kind in Chinese.
    kind_name: &'static str,
    /// The assignment it belongs to; none for the matter as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    assignment: Option<u32>,
    /// When the time began to run.
    started: Timestamp,
    /// When it runs out.
    due: Timestamp,
    /// How it was computed, in Chinese.
    basis: String,
    /// Runs on the suggested grade, since no person has set one yet.
    provisional: bool,
    /// When it was met.
    #[serde(skip_serializing_if = "Option::is_none")]
    met_at: Option<Timestamp>,
    /// Ran out before it was met.
    overdue: bool,
}

impl AssignmentView {
    pub(super) fn of(one: &Assignment) -> AssignmentView {
        AssignmentView {
            number: one.number,
            unit: UnitName { id: one.unit.to_string(), name: one.unit_name.clone() },
            part: if one.part == Part::Lead { "lead" } else { "assist" },
            state: one.state.as_str(),
            state_name: if one.withdrawn { "已撤销" } else { assignment_chinese(one.state) },
            assigned_at: one.assigned_at,
            answered_at: one.answered_at,
            reason: one.reason.clone(),
            instruction: one.instruction.clone(),
            withdrawn: one.withdrawn,
        }
    }
}

impl ResponseView {
    pub(super) fn of(one: &Response) -> ResponseView {
        ResponseView {
            number: one.number,
            assignment: one.assignment,
            unit: one.unit.as_ref().map(ToString::to_string),
            kind_name: response_chinese(one.kind),
            channel_name: channel_chinese(one.channel),
            kind: match one.kind {
                ResponseKind::Holding => "holding",
                ResponseKind::Authoritative => "authoritative",
                ResponseKind::Final => "final",
            },
            channel: match one.channel {
                Channel::Source => "source",
                Channel::Website => "website",
                Channel::SocialMedia => "social_media",
                Channel::Press => "press",
                Channel::PressConference => "press_conference",
                Channel::Phone => "phone",
                Channel::Other => "other",
            },
            link: one.link.clone(),
            text: one.text.clone(),
            at: one.at,
        }
    }
}

impl CommitmentView {
    pub(super) fn of(one: &Commitment) -> CommitmentView {
        CommitmentView {
            number: one.number,
            owner: one.owner.to_string(),
            due: one.due,
            published: one.published,
            text: one.text.clone(),
            at: one.at,
            kept: one.kept,
            kept_name: commitment_chinese(one.kept),
            verified_at: one.verified_at,
        }
    }
}

impl StepView {
    pub(super) fn of(one: &Step) -> StepView {
        StepView {
            number: one.number,
            assignment: one.assignment,
            kind: if one.kind == StepKind::Verification { "verification" } else { "measure" },
            text: one.text.clone(),
            link: one.link.clone(),
            at: one.at,
        }
    }
}

impl ConsultationView {
    pub(super) fn of(one: &Consultation) -> ConsultationView {
        ConsultationView {
            number: one.number,
            lead: one.lead.to_string(),
            units: one.units.iter().map(ToString::to_string).collect(),
            question: one.question.clone(),
            conclusion: one.conclusion.clone(),
            at: one.at,
            concluded_at: one.concluded_at,
        }
    }
}

impl DeadlineView {
    pub(super) fn of(one: &Deadline, now: Timestamp) -> DeadlineView {
        DeadlineView {
            kind: one.kind.as_str(),
            kind_name: deadline_chinese(one.kind),
            assignment: one.assignment,
            started: one.started,
            due: one.due,
            basis: one.basis.clone(),
            provisional: one.provisional,
            met_at: one.met_at,
            overdue: one.is_overdue(now),
        }
    }
}
