//! What a person may ask of a matter, and how it is refused.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Channel, Part, ResponseKind, StepKind};
use crate::{DeadlineKind, Grade, UnitId};

/// One unit a matter is to be given to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssignTo {
    /// The unit.
    pub unit: UnitId,
    /// Its name, from the catalogue in force.
    pub unit_name: String,
    /// Leads or assists.
    pub part: Part,
}

/// An action on one matter. Assignments, commitments and consultations are named by their number within it.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// 交办: gives it to units; live assignments of other units are overridden.
    Assign {
        /// Exactly one leads.
        units: Vec<AssignTo>,
        /// Sets or confirms the grade in the same step.
        grade: Option<Grade>,
        /// Instruction to the units.
        instruction: Option<String>,
    },
    /// 定级: sets or confirms the grade.
    Grade(Grade),
    /// 签收
    Accept {
        /// The assignment; may be left out when the actor's unit has just one.
        assignment: Option<u32>,
    },
    /// 退回
    Reject {
        /// As for accept.
        assignment: Option<u32>,
        /// Why it is not the unit's.
        reason: String,
    },
    /// 回应
    Respond {
        /// As for accept; a duty officer may record an answer of the lead.
        assignment: Option<u32>,
        /// Holding, authoritative or final.
        kind: ResponseKind,
        /// Where it was given.
        channel: Channel,
        /// Link to it.
        link: Option<String>,
        /// The answer.
        text: String,
    },
    /// 承诺
    Commit {
        /// As for accept.
        assignment: Option<u32>,
        /// Due by the end of this day.
        due: Date,
        /// Made public.
        published: bool,
        /// What is promised.
        text: String,
    },
    /// 核查承诺
    Verify {
        /// The commitment.
        commitment: u32,
        /// Kept or broken.
        kept: bool,
        /// What was found.
        text: String,
    },
    /// 处置举措 or 核查报告
    Act {
        /// As for accept.
        assignment: Option<u32>,
        /// Which of the two.
        kind: StepKind,
        /// What was done.
        text: String,
        /// Link to evidence.
        link: Option<String>,
    },
    /// 会商: begins a consultation.
    Consult {
        /// Leads it.
        lead: UnitId,
        /// Are heard.
        units: Vec<UnitId>,
        /// What is to be settled.
        question: String,
    },
    /// Concludes a consultation.
    Conclude {
        /// The consultation.
        consultation: u32,
        /// What was settled.
        conclusion: String,
    },
    /// 督办
    Supervise {
        /// What the leader demands.
        text: String,
    },
    /// 延期
    Extend {
        /// Which deadline.
        deadline: DeadlineKind,
        /// Of which assignment.
        assignment: Option<u32>,
        /// The new end.
        due: Timestamp,
        /// Why.
        reason: String,
    },
    /// 不予办理
    Dismiss {
        /// Why.
        reason: String,
    },
    /// 办结
    Close {
        /// Closing remark (办结方式).
        text: Option<String>,
    },
    /// 重新打开
    Reopen {
        /// Why.
        reason: String,
    },
}

/// Why a command was refused; nothing was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// What kind of refusal.
    pub kind: RefusalKind,
    /// Cause and remedy in Chinese, for the person who asked.
    pub message: String,
}

/// Kinds of refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalKind {
    /// The actor's role or unit may not do this.
    Forbidden,
    /// The matter's state does not allow it now.
    State,
    /// A value is missing or wrong.
    Invalid,
    /// The time to take an action back is over.
    UndoExpired,
    /// The action cannot be taken back, or not by this actor.
    UndoRefused,
}

impl Refusal {
    pub(super) fn forbidden(message: impl Into<String>) -> Refusal {
        Refusal { kind: RefusalKind::Forbidden, message: message.into() }
    }

    pub(super) fn state(message: impl Into<String>) -> Refusal {
        Refusal { kind: RefusalKind::State, message: message.into() }
    }

    pub(super) fn invalid(message: impl Into<String>) -> Refusal {
        Refusal { kind: RefusalKind::Invalid, message: message.into() }
    }
}
