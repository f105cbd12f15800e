//! Ledger entries (台账记录): what happened, in facts that stay and in texts that lawful erasure can remove.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Suggestion;
use crate::{
    Actor, CatalogueVersionId, Deadline, DeadlineKind, Grade, MatterNo, PlaceCode, PostRef, SystemCode, UnitId,
};

/// One append-only record of a matter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The matter.
    pub matter: MatterNo,
    /// Version of the matter after this entry: 1, 2, 3 … without gaps.
    pub version: u64,
    /// When it was recorded.
    pub at: Timestamp,
    /// Who acted.
    pub actor: Actor,
    /// What happened: facts, kept for ever.
    pub event: Event,
    /// Its texts; none once erased.
    pub content: Option<Content>,
}

/// The texts of an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Content {
    /// Title of an opened matter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Text of an answer, promise, step, instruction, question or conclusion.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Reason given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Link to a published answer or to evidence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

impl Content {
    /// A content of one text.
    pub fn text(text: impl Into<String>) -> Content {
        Content { text: Some(text.into()), ..Content::default() }
    }

    /// A content of one reason.
    pub fn reason(reason: impl Into<String>) -> Content {
        Content { reason: Some(reason.into()), ..Content::default() }
    }
}

/// What happened to a matter. Every variant carries what was decided, so that folding decides nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// A post opened the matter.
    Opened {
        /// The post.
        post: PostRef,
        /// When it reached us.
        received_at: Timestamp,
        /// When its source published it.
        published_at: Option<Timestamp>,
        /// From a backfill: no deadlines, no alarms.
        backfill: bool,
        /// A life may be at stake.
        danger: bool,
        /// The danger is not certain: it stands on top of the queue and rings nobody.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        possible: bool,
        /// Place as assessed.
        place: Option<PlaceCode>,
        /// Its full name.
        place_name: Option<String>,
        /// System as assessed.
        system: Option<SystemCode>,
        /// Sure of a unit, or abstained.
        decision: Decision,
        /// The unit proposed to lead.
        unit: Option<UnitId>,
        /// Its name.
        unit_name: Option<String>,
        /// Units proposed to assist.
        assist: Vec<UnitId>,
        /// Grade suggested.
        grade: Grade,
        /// Catalogue version of the proposal.
        catalogue: CatalogueVersionId,
        /// Model version of the proposal.
        model: String,
        /// The closed matter of the same concern.
        follows: Option<MatterNo>,
        /// The matter its post belongs to: this one is a further concern of that post, opened by hand.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        beside: Option<MatterNo>,
        /// Deadlines computed, provisional ones.
        deadlines: Vec<Deadline>,
    },
    /// A further concern of the first post became a matter of its own.
    FurtherOpened {
        /// The further concern's line of work.
        system: SystemCode,
        /// Its matter.
        matter: MatterNo,
    },
    /// A post joined.
    Joined {
        /// The post.
        post: PostRef,
        /// Why it belongs here.
        by: JoinedBy,
        /// When it reached us.
        received_at: Timestamp,
    },
    /// A post that joined speaks of danger to life, as none before it did.
    Endangered {
        /// The post.
        post: PostRef,
        /// The matter it was known of before, when it came by a merge.
        from: Option<MatterNo>,
        /// The danger is not certain: it stands on top of the queue and rings nobody.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        possible: bool,
        /// Grade suggested now, never a lesser one.
        grade: Grade,
        /// All deadlines of the matter, some of them sooner.
        deadlines: Vec<Deadline>,
    },
    /// The machine, unsure until then, proposes a unit: a post that joined gave it more ground.
    Suggested {
        /// Its proposal.
        suggestion: Suggestion,
        /// System as assessed with it.
        system: Option<SystemCode>,
        /// Place as assessed with it, where the matter had none.
        place: Option<PlaceCode>,
        /// Its full name.
        place_name: Option<String>,
    },
    /// A person set or confirmed the grade.
    Graded {
        /// The grade.
        grade: Grade,
        /// All deadlines of the matter, computed anew.
        deadlines: Vec<Deadline>,
    },
    /// Given to a unit.
    Assigned {
        /// Number of the assignment.
        assignment: u32,
        /// The unit.
        unit: UnitId,
        /// Its name.
        unit_name: String,
        /// Leads or assists.
        part: Part,
        /// Deadlines of this assignment.
        deadlines: Vec<Deadline>,
    },
    /// Replaced by a later assignment.
    Overridden {
        /// Number of the assignment.
        assignment: u32,
    },
    /// The unit signed for it.
    Accepted {
        /// Number of the assignment.
        assignment: u32,
    },
    /// The unit sent it back, with a reason.
    Rejected {
        /// Number of the assignment.
        assignment: u32,
    },
    /// An answer went on the record.
    Responded {
        /// The assignment it answers.
        assignment: Option<u32>,
        /// The unit that answered.
        unit: Option<UnitId>,
        /// Holding, authoritative or final.
        response: ResponseKind,
        /// Where it was given.
        channel: Channel,
    },
    /// Something was promised.
    Committed {
        /// The unit that owes it.
        owner: UnitId,
        /// By the end of this day.
        due: Date,
        /// Made public.
        published: bool,
    },
    /// A promise was checked by someone other than the promiser.
    Verified {
        /// Number of the commitment.
        commitment: u32,
        /// Kept or broken.
        kept: bool,
    },
    /// A follow-up step was taken.
    Acted {
        /// The assignment it belongs to.
        assignment: Option<u32>,
        /// A verification report or another step.
        step: StepKind,
    },
    /// A consultation began.
    Consulted {
        /// The unit that leads it.
        lead: UnitId,
        /// The units heard.
        units: Vec<UnitId>,
    },
    /// A consultation was concluded.
    Concluded {
        /// Number of the consultation.
        consultation: u32,
    },
    /// A leader pressed the matter.
    Supervised,
    /// A deadline was moved, with a reason.
    Extended {
        /// Which deadline.
        deadline: DeadlineKind,
        /// Of which assignment.
        assignment: Option<u32>,
        /// The new end.
        due: Timestamp,
    },
    /// A deadline passed unmet.
    DeadlinePassed {
        /// Which deadline.
        deadline: DeadlineKind,
        /// Of which assignment.
        assignment: Option<u32>,
    },
    /// Another matter was merged into this one.
    Absorbed {
        /// The other matter.
        from: MatterNo,
        /// Its posts, now here.
        posts: Vec<PostRef>,
        /// Posts it showed that belong to other matters: they are shown here too.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        shown: Vec<PostRef>,
    },
    /// This matter was merged into another one.
    MergedInto {
        /// The one that survives.
        into: MatterNo,
    },
    /// A matter merged into this one was split off again.
    Released {
        /// The matter split off.
        to: MatterNo,
        /// Its posts.
        posts: Vec<PostRef>,
        /// Posts of other matters that only it showed.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        shown: Vec<PostRef>,
    },
    /// This matter was split off again from the one it had been merged into.
    SplitFrom {
        /// The one it had been merged into.
        from: MatterNo,
        /// Its posts, back again.
        posts: Vec<PostRef>,
        /// The state it returns to.
        state: super::State,
        /// Deadlines that run on.
        deadlines: Vec<Deadline>,
    },
    /// Not to be handled, with a reason.
    Dismissed,
    /// Closed.
    Closed,
    /// Opened again, with a reason.
    Reopened {
        /// The state it returns to.
        state: super::State,
        /// Deadlines that run anew.
        deadlines: Vec<Deadline>,
    },
    /// The last action was taken back by who did it, moments after: all of it is as it was before.
    Undone {
        /// Version of the action's first entry.
        from: u64,
        /// Version of its last one.
        to: u64,
        /// The state it returns to.
        state: super::State,
        /// The grade it returns to.
        grade: Option<Grade>,
        /// Assignments that were never given.
        withdrawn: Vec<u32>,
        /// Assignments that stand as before.
        revived: Vec<(u32, super::AssignmentState)>,
        /// Times a leader pressed it, without those taken back.
        supervisions: Vec<Timestamp>,
        /// All deadlines, as they were.
        deadlines: Vec<Deadline>,
        /// When it had ended.
        ended_at: Option<Timestamp>,
    },
}

impl Event {
    /// The word used in the `kind` column.
    pub fn kind(&self) -> &'static str {
        match self {
            Event::Opened { .. } => "opened",
            Event::FurtherOpened { .. } => "further_opened",
            Event::Joined { .. } => "joined",
            Event::Endangered { .. } => "endangered",
            Event::Suggested { .. } => "suggested",
            Event::Graded { .. } => "graded",
            Event::Assigned { .. } => "assigned",
            Event::Overridden { .. } => "overridden",
            Event::Accepted { .. } => "accepted",
            Event::Rejected { .. } => "rejected",
            Event::Responded { .. } => "responded",
            Event::Committed { .. } => "committed",
            Event::Verified { .. } => "verified",
            Event::Acted { .. } => "acted",
            Event::Consulted { .. } => "consulted",
            Event::Concluded { .. } => "concluded",
            Event::Supervised => "supervised",
            Event::Extended { .. } => "extended",
            Event::DeadlinePassed { .. } => "deadline_passed",
            Event::Absorbed { .. } => "absorbed",
            Event::MergedInto { .. } => "merged_into",
            Event::Released { .. } => "released",
            Event::SplitFrom { .. } => "split_from",
            Event::Dismissed => "dismissed",
            Event::Closed => "closed",
            Event::Reopened { .. } => "reopened",
            Event::Undone { .. } => "undone",
        }
    }

    /// Changes what is decided (state, units, grade, deadlines), and so the `ETag`.
    pub fn decides(&self) -> bool {
        !matches!(
            self,
            Event::Joined { .. }
                | Event::FurtherOpened { .. }
                | Event::Suggested { .. }
                | Event::Absorbed { .. }
                | Event::Released { .. }
        )
    }
}

/// The machine's decision about a post that became or joined a matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Sure of a unit.
    Unit,
    /// Not sure: waits in the duty office's own queue (首接负责、兜底).
    Abstain,
}

/// Why a post belongs to a matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JoinedBy {
    /// Nearly the same text.
    NearRepeat,
    /// Another text of a post that already belongs here.
    Revision,
    /// The same event in other words.
    SameEvent,
}

/// The part of a unit in a matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// 第一责任单位
    Lead,
    /// 协同单位
    Assist,
}

/// Kind of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseKind {
    /// 先期回应: received, being looked into. Meets no deadline.
    Holding,
    /// 权威回应: what is known, from the unit responsible.
    Authoritative,
    /// 最终回应: what was found and done.
    Final,
}

/// Where an answer was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// 原渠道: where the post was.
    Source,
    /// 政府网站
    Website,
    /// 政务新媒体
    SocialMedia,
    /// 新闻媒体
    Press,
    /// 新闻发布会
    PressConference,
    /// 电话
    Phone,
    /// 其他
    Other,
}

/// Kind of a follow-up step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// 核查报告
    Verification,
    /// 处置举措
    Measure,
}
