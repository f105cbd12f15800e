//! What the machine proposes for a post (研判建议).

use huiyin_domain::{Evidence, Grade, PlaceRef, SystemCode, UnitRef};
use huiyin_text::Fingerprint;

/// The proposal for one post, with everything an officer needs to agree or disagree.
#[derive(Clone, Debug)]
pub struct Assessment {
    /// The subject the model sees in it; none without a model that tells subjects.
    pub topic: Option<String>,
    /// To a unit, to the duty office's own queue, or set aside.
    pub decision: Decision,
    /// Why, in Chinese, for an officer. Never empty.
    pub reason: String,
    /// The system decided on; that of the first candidate when abstaining, if there is one.
    pub system: Option<SystemCode>,
    /// The unit decided on. None when abstaining or aside, and possibly with [`crate::Scope::Anywhere`].
    pub unit: Option<UnitRef>,
    /// Units that assist (协同单位), in order of weight; the supervising one where the post complains about the unit.
    pub assist: Vec<UnitRef>,
    /// The place the post is about.
    pub place: Option<PlaceRef>,
    /// Suggested grade; a person sets or confirms it.
    pub grade: Grade,
    /// A life may be at stake now or soon: the officer on duty must look at once.
    pub danger: bool,
    /// How sure `danger` is: only a certain one rings, any other stands on top of the queue.
    pub certain: bool,
    /// What the proposal rests on.
    pub evidence: Evidence,
    /// Fingerprint of title and text, for grouping.
    pub fingerprint: Fingerprint,
}

/// Where a post goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// To the unit.
    Unit,
    /// Not sure: the duty office decides.
    Abstain,
    /// Not a concern of ours.
    Aside(Aside),
}

impl Decision {
    /// The word used in records and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Decision::Unit => "unit",
            Decision::Abstain => "abstain",
            Decision::Aside(_) => "aside",
        }
    }
}

/// Why a post is set aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aside {
    /// Advertising.
    Spam,
    /// Keyword lists of a hacked page.
    HackedPage,
    /// About a place outside the region.
    Elsewhere,
    /// Nothing to go by.
    Empty,
    /// Talk among people: nothing is asked of anybody in office.
    Chat,
    /// News or a notice passed on.
    News,
    /// Praise or thanks with nothing left to do: kept as such, assigned to nobody.
    Praise,
}

impl Aside {
    /// The reason that a trained model's class names; none for the class of concerns.
    pub(crate) fn of_class(class: &str) -> Option<Aside> {
        match class {
            "ad" => Some(Aside::Spam),
            "hacked" => Some(Aside::HackedPage),
            "test" => Some(Aside::Empty),
            "chat" => Some(Aside::Chat),
            "news" => Some(Aside::News),
            "praise" => Some(Aside::Praise),
            _ => None,
        }
    }

    /// The stable word of records and counts.
    pub fn as_str(self) -> &'static str {
        match self {
            Aside::Spam => "spam",
            Aside::HackedPage => "hacked_page",
            Aside::Elsewhere => "elsewhere",
            Aside::Empty => "empty",
            Aside::Chat => "chat",
            Aside::News => "news",
            Aside::Praise => "praise",
        }
    }
}
