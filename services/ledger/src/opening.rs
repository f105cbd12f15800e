//! Opening a matter: by intake for a new concern, by a person for a further concern of a post.

use huiyin_domain::matter::{Content, Decision, Entry, Event, Matter, Policy, Suggestion};
use huiyin_domain::{Actor, BEIJING, CatalogueVersionId, MatterNo, PlaceCode, PostRef, SystemCode, UnitId};
use huiyin_store::AssessmentRow;
use jiff::Timestamp;

use crate::LedgerError;
use crate::act::Change;

/// What the machine proposes, of a post or of a matter.
pub(crate) struct Proposal {
    pub(crate) suggestion: Suggestion,
    pub(crate) system: Option<SystemCode>,
    pub(crate) place: Option<PlaceCode>,
    pub(crate) place_name: Option<String>,
}

impl Proposal {
    pub(crate) fn of_assessment(of: &AssessmentRow, grade: huiyin_domain::Grade) -> Proposal {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Proposal {
            suggestion: Suggestion {
                decision: if of.decision == "unit" { Decision::Unit } else { Decision::Abstain },
                unit: some(&of.unit).map(UnitId::new),
                unit_name: some(&of.unit_name),
                assist: of.assist.iter().map(UnitId::new).collect(),
                grade,
                catalogue: CatalogueVersionId::new(&of.catalogue),
                model: of.model.clone(),
            },
            system: some(&of.system).map(SystemCode::new),
            place: some(&of.place).map(PlaceCode::new),
            place_name: some(&of.place_name),
        }
    }

    pub(crate) fn of_matter(matter: &Matter) -> Proposal {
        Proposal {
            suggestion: matter.suggestion.clone(),
            system: matter.system.clone(),
            place: matter.place.clone(),
            place_name: matter.place_name.clone(),
        }
    }
}

/// A matter about to be opened.
pub(crate) struct Opening {
    pub(crate) post: PostRef,
    pub(crate) received_at: Timestamp,
    pub(crate) published_at: Option<Timestamp>,
    pub(crate) backfill: bool,
    pub(crate) danger: bool,
    pub(crate) possible: bool,
    pub(crate) proposal: Proposal,
    /// The closed matter of the same concern.
    pub(crate) follows: Option<MatterNo>,
    /// The matter the post belongs to, when this one is a further concern of it.
    pub(crate) beside: Option<MatterNo>,
}

impl Opening {
    /// The new matter with its first entry.
    pub(crate) fn open(
        self,
        no: MatterNo,
        content: Content,
        at: Timestamp,
        actor: &Actor,
        policy: &Policy,
    ) -> Result<Change, LedgerError> {
        let event = self.event(policy);
        let entry = Entry { matter: no, version: 1, at, actor: actor.clone(), event, content: Some(content) };
        Ok(Change { matter: Matter::open(&entry)?, before: 0, entries: vec![entry] })
    }

    fn event(self, policy: &Policy) -> Event {
        let Proposal { suggestion, system, place, place_name } = self.proposal;
        let deadlines = if self.backfill {
            Vec::new()
        } else {
            policy.deadlines.of_matter(self.received_at, suggestion.grade, true)
        };
        Event::Opened {
            post: self.post,
            received_at: self.received_at,
            published_at: self.published_at,
            backfill: self.backfill,
            danger: self.danger,
            possible: self.possible,
            place,
            place_name,
            system,
            decision: suggestion.decision,
            unit: suggestion.unit,
            unit_name: suggestion.unit_name,
            assist: suggestion.assist,
            grade: suggestion.grade,
            catalogue: suggestion.catalogue,
            model: suggestion.model,
            follows: self.follows,
            beside: self.beside,
            deadlines,
        }
    }
}

/// The day a matter is numbered in: that on which its post reached us, Beijing time.
pub(crate) fn day(received_at: Timestamp) -> String {
    BEIJING.to_datetime(received_at).date().strftime("%Y%m%d").to_string()
}

/// The counter of a day; locked by the first number taken until the transaction ends, so numbers have no gaps.
pub(crate) fn counter(day: &str) -> String {
    format!("matter:{day}")
}

/// The number of the matter opened as `nth` of that day.
pub(crate) fn number(day: &str, nth: i64) -> MatterNo {
    MatterNo::new(format!("{day}-{nth:05}"))
}

/// A short title: the first line of `text`, shortened.
pub(crate) fn headline(text: &str) -> String {
    const CHARS: usize = 40;
    let line = text.trim().lines().next().unwrap_or_default();
    let mut short: String = line.chars().take(CHARS).collect();
    if line.chars().count() > CHARS {
        short.push('…');
    }
    short
}
