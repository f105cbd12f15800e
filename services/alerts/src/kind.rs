//! Kinds of event one can be told of.

use huiyin_domain::matter::Event;

/// A kind of event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AlertKind {
    /// A certain danger to life in a new matter, or in a post that joined one.
    Danger,
    /// Given to a unit.
    Assigned,
    /// Given to another unit instead.
    Overridden,
    /// Sent back by a unit.
    Rejected,
    /// A deadline passed unmet.
    DeadlinePassed,
    /// A leader pressed it.
    Supervised,
    /// An answer went on the record.
    Responded,
    /// Something was promised.
    Committed,
    /// A promise falls due, or is overdue.
    CommitmentDue,
    /// Closed.
    Closed,
}

impl AlertKind {
    /// Every kind, gravest first.
    pub const ALL: [AlertKind; 10] = [
        AlertKind::Danger,
        AlertKind::Assigned,
        AlertKind::Overridden,
        AlertKind::Rejected,
        AlertKind::DeadlinePassed,
        AlertKind::Supervised,
        AlertKind::Responded,
        AlertKind::Committed,
        AlertKind::CommitmentDue,
        AlertKind::Closed,
    ];

    /// The word used in rules, payloads and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            AlertKind::Danger => "danger",
            AlertKind::Assigned => "assigned",
            AlertKind::Overridden => "overridden",
            AlertKind::Rejected => "rejected",
            AlertKind::DeadlinePassed => "deadline_passed",
            AlertKind::Supervised => "supervised",
            AlertKind::Responded => "responded",
            AlertKind::Committed => "committed",
            AlertKind::CommitmentDue => "commitment_due",
            AlertKind::Closed => "closed",
        }
    }

    /// Reads that word.
    pub fn parse(word: &str) -> Option<AlertKind> {
        AlertKind::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// The word an official reads.
    pub fn chinese(self) -> &'static str {
        match self {
            AlertKind::Danger => "险情",
            AlertKind::Assigned => "交办",
            AlertKind::Overridden => "改派",
            AlertKind::Rejected => "退回",
            AlertKind::DeadlinePassed => "超时",
            AlertKind::Supervised => "督办",
            AlertKind::Responded => "回应",
            AlertKind::Committed => "承诺",
            AlertKind::CommitmentDue => "承诺到期",
            AlertKind::Closed => "办结",
        }
    }

    /// The kind a ledger entry is told of as; none for entries nobody is told of.
    pub fn of(event: &Event) -> Option<AlertKind> {
        match event {
            Event::Opened { danger: true, possible: false, backfill: false, .. }
            | Event::Endangered { possible: false, from: None, .. } => Some(AlertKind::Danger),
            Event::Assigned { .. } => Some(AlertKind::Assigned),
            Event::Overridden { .. } => Some(AlertKind::Overridden),
            Event::Rejected { .. } => Some(AlertKind::Rejected),
            Event::DeadlinePassed { .. } => Some(AlertKind::DeadlinePassed),
            Event::Supervised => Some(AlertKind::Supervised),
            Event::Responded { .. } => Some(AlertKind::Responded),
            Event::Committed { .. } => Some(AlertKind::Committed),
            Event::Closed => Some(AlertKind::Closed),
            _ => None,
        }
    }
}
