//! The matter (事项): one public concern, as a state machine over its ledger entries.
//!
//! `decide` turns a command into events or refuses it; `apply` folds an event and never decides. Current-state tables
//! are written from the folded [`Matter`] alone, so a rebuild from the entries gives identical rows.

mod apply;
mod command;
mod decide;
mod entry;
mod further;
mod merge;
mod undo;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use apply::FoldError;
pub use command::{AssignTo, Command, Refusal, RefusalKind};
pub use decide::{Policy, allowed_actions};
pub use entry::{Channel, Content, Decision, Entry, Event, JoinedBy, Part, ResponseKind, StepKind};
pub use further::OpenedFurther;
pub use undo::UndoOffer;

use crate::{CatalogueVersionId, Deadline, Grade, MatterNo, PlaceCode, PostRef, SystemCode, UnitId};

/// One public concern, folded from its entries.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Matter {
    /// Public number.
    pub no: MatterNo,
    /// Number of entries folded.
    pub version: u64,
    /// Version of the last entry that decided something (state, units, grade, deadlines): the `ETag`. A joined post
    /// does not change it.
    pub decided_version: u64,
    /// Where it stands.
    pub state: State,
    /// Short text of the first post; none once lawfully erased.
    pub title: Option<String>,
    /// The post that opened it.
    pub first_post: PostRef,
    /// Posts that belong to it, revisions not counted apart.
    pub posts: u32,
    /// When the first post reached us: deadlines start here.
    pub received_at: Timestamp,
    /// When the first post was published, by its source.
    pub published_at: Option<Timestamp>,
    /// When the last post joined.
    pub last_post_at: Timestamp,
    /// Opened from a backfill: no deadlines, no alarms.
    pub backfill: bool,
    /// A life may be at stake: straight to the top of the queue.
    pub danger: bool,
    /// The danger is not certain: nobody was rung up for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub possible: bool,
    /// Place as assessed.
    pub place: Option<PlaceCode>,
    /// Full name of the place at the time.
    pub place_name: Option<String>,
    /// System as assessed.
    pub system: Option<SystemCode>,
    /// The machine's proposal.
    pub suggestion: Suggestion,
    /// Grade set or confirmed by a person.
    pub grade: Option<Grade>,
    /// Assignments in order; the number of each is its place here, from 1.
    pub assignments: Vec<Assignment>,
    /// Answers on the record.
    pub responses: Vec<Response>,
    /// Promises.
    pub commitments: Vec<Commitment>,
    /// Follow-up steps taken.
    pub steps: Vec<Step>,
    /// Consultations.
    pub consultations: Vec<Consultation>,
    /// Times a leader pressed it.
    pub supervisions: Vec<Timestamp>,
    /// Deadlines, past ones included.
    pub deadlines: Vec<Deadline>,
    /// Assignments rejected so far.
    pub bounces: u32,
    /// The closed matter of the same concern that came before.
    pub follows: Option<MatterNo>,
    /// The matter its first post belongs to, when this one is a further concern of that post.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beside: Option<MatterNo>,
    /// Posts that belong to other matters and are shown here too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shown: Vec<PostRef>,
    /// Further concerns of its first post that became matters of their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub further: Vec<OpenedFurther>,
    /// Where it was merged into.
    pub merged_into: Option<MatterNo>,
    /// Matters split off from this one, or it from them, by hand: the machine never merges them again.
    pub apart: Vec<MatterNo>,
    /// When it was closed, dismissed or merged.
    pub ended_at: Option<Timestamp>,
}

/// Where a matter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// 待研判: waits for the duty office.
    New,
    /// 待签收: given to units, none has accepted yet.
    Assigned,
    /// 办理中: a unit has accepted.
    Accepted,
    /// 已回应: an authoritative or final answer is on the record.
    Responded,
    /// 已办结
    Closed,
    /// 不予办理, with a reason.
    Dismissed,
    /// 已合并 into another matter.
    Merged,
}

impl State {
    /// Every state, in the order a matter passes them.
    pub const ALL: [State; 7] = [
        State::New,
        State::Assigned,
        State::Accepted,
        State::Responded,
        State::Closed,
        State::Dismissed,
        State::Merged,
    ];

    /// New posts may join and actions may follow.
    pub fn is_open(self) -> bool {
        matches!(self, State::New | State::Assigned | State::Accepted | State::Responded)
    }

    /// The word used in records, columns and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            State::New => "new",
            State::Assigned => "assigned",
            State::Accepted => "accepted",
            State::Responded => "responded",
            State::Closed => "closed",
            State::Dismissed => "dismissed",
            State::Merged => "merged",
        }
    }

    /// Reads the word of [`State::as_str`].
    pub fn parse(word: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// The words an official reads.
    pub fn chinese(self) -> &'static str {
        match self {
            State::New => "待研判",
            State::Assigned => "待签收",
            State::Accepted => "办理中",
            State::Responded => "已回应",
            State::Closed => "已办结",
            State::Dismissed => "不予办理",
            State::Merged => "已合并",
        }
    }
}

/// What the machine proposed when the matter opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// Sure of a unit, or abstained.
    pub decision: Decision,
    /// The unit proposed to lead.
    pub unit: Option<UnitId>,
    /// Its name at the time.
    pub unit_name: Option<String>,
    /// Units proposed to assist.
    pub assist: Vec<UnitId>,
    /// Grade suggested.
    pub grade: Grade,
    /// Catalogue version it rests on.
    pub catalogue: CatalogueVersionId,
    /// Model version it rests on.
    pub model: String,
}

/// A matter given to a unit (交办).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// Number within the matter, from 1.
    pub number: u32,
    /// The unit.
    pub unit: UnitId,
    /// Its name at the time.
    pub unit_name: String,
    /// Leads or assists.
    pub part: Part,
    /// Where it stands.
    pub state: AssignmentState,
    /// When it was given.
    pub assigned_at: Timestamp,
    /// When it was accepted or rejected.
    pub answered_at: Option<Timestamp>,
    /// Why it was rejected.
    pub reason: Option<String>,
    /// Instruction given with it.
    pub instruction: Option<String>,
    /// Taken back before it counted: the unit was never given it, and sees nothing of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withdrawn: bool,
}

/// Where an assignment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssignmentState {
    /// 待签收
    Pending,
    /// 已签收
    Accepted,
    /// 已退回, with a reason
    Rejected,
    /// 已改派: replaced by a later assignment
    Overridden,
}

impl AssignmentState {
    /// The word used in records, columns and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            AssignmentState::Pending => "pending",
            AssignmentState::Accepted => "accepted",
            AssignmentState::Rejected => "rejected",
            AssignmentState::Overridden => "overridden",
        }
    }

    /// Pending or accepted.
    pub fn is_live(self) -> bool {
        matches!(self, AssignmentState::Pending | AssignmentState::Accepted)
    }
}

/// An answer on the record (回应).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    /// Number within the matter, from 1.
    pub number: u32,
    /// The assignment it answers.
    pub assignment: Option<u32>,
    /// The unit that answered.
    pub unit: Option<UnitId>,
    /// Holding, authoritative or final.
    pub kind: ResponseKind,
    /// Where it was given.
    pub channel: Channel,
    /// Link to the published answer.
    pub link: Option<String>,
    /// The answer; none once erased.
    pub text: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// Something promised (承诺).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commitment {
    /// Number within the matter, from 1.
    pub number: u32,
    /// The unit that owes it.
    pub owner: UnitId,
    /// By the end of this day, Beijing time.
    pub due: Date,
    /// The promise was made public.
    pub published: bool,
    /// What was promised; none once erased.
    pub text: Option<String>,
    /// When it was promised.
    pub at: Timestamp,
    /// Login name of who recorded it: another person has to verify it.
    pub promised_by: String,
    /// Kept or broken, once verified by someone other than the promiser.
    pub kept: Option<bool>,
    /// When it was verified.
    pub verified_at: Option<Timestamp>,
}

/// A follow-up step taken (处置举措).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Number within the matter, from 1.
    pub number: u32,
    /// The assignment it belongs to.
    pub assignment: Option<u32>,
    /// A verification report or another step.
    pub kind: StepKind,
    /// What was done; none once erased.
    pub text: Option<String>,
    /// Link to the evidence.
    pub link: Option<String>,
    /// When it was recorded.
    pub at: Timestamp,
}

/// Several units settle one matter (会商).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consultation {
    /// Number within the matter, from 1.
    pub number: u32,
    /// The unit that leads it.
    pub lead: UnitId,
    /// The units heard.
    pub units: Vec<UnitId>,
    /// What is to be settled; none once erased.
    pub question: Option<String>,
    /// What was settled.
    pub conclusion: Option<String>,
    /// When it began.
    pub at: Timestamp,
    /// When it was concluded.
    pub concluded_at: Option<Timestamp>,
}

impl Matter {
    /// Grade in force: the one set by a person, or else the suggested one, on which deadlines run provisionally.
    pub fn grade_in_force(&self) -> Grade {
        self.grade.unwrap_or(self.suggestion.grade)
    }

    /// No person has decided anything about it yet, so the machine may still merge it.
    pub fn is_untouched(&self) -> bool {
        self.state == State::New
            && self.grade.is_none()
            && self.assignments.is_empty()
            && self.responses.is_empty()
            && self.supervisions.is_empty()
            && self.consultations.is_empty()
            && self.apart.is_empty()
            && self.further.is_empty()
            && self.shown.is_empty()
    }

    /// The open state that follows from answers and assignments alone.
    fn state_of_work(&self) -> State {
        let live = |state| self.assignments.iter().any(|one| one.state == state);
        if live(AssignmentState::Accepted) {
            State::Accepted
        } else if live(AssignmentState::Pending) {
            State::Assigned
        } else {
            State::New
        }
    }

    /// The live assignment that leads.
    pub fn lead(&self) -> Option<&Assignment> {
        self.assignments.iter().find(|one| one.state.is_live() && one.part == Part::Lead)
    }

    /// The earliest deadline still running.
    pub fn next_due(&self) -> Option<&Deadline> {
        self.deadlines.iter().filter(|deadline| deadline.is_pending()).min_by_key(|deadline| deadline.due)
    }
}
