//! What the machine proposes for a post (研判建议).

use huiyin_catalogue::Unit;
use huiyin_domain::{Grade, PlaceCode, SystemCode, UnitId};
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
    /// Words of danger to life: the officer on duty must look at once.
    pub danger: bool,
    /// The words behind grade and danger, in order of the text.
    pub alarm_words: Vec<String>,
    /// Best first. At least three where the post gives any ground; empty when set aside.
    pub candidates: Vec<Candidate>,
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
}

impl Aside {
    /// The stable word of records and counts.
    pub fn as_str(self) -> &'static str {
        match self {
            Aside::Spam => "spam",
            Aside::HackedPage => "hacked_page",
            Aside::Elsewhere => "elsewhere",
            Aside::Empty => "empty",
        }
    }
}

/// A unit with the name it has on the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitRef {
    /// Its id in the catalogue; derived units have one too.
    pub id: UnitId,
    /// Its official name.
    pub name: String,
}

impl From<&Unit> for UnitRef {
    fn from(unit: &Unit) -> UnitRef {
        UnitRef { id: unit.id.clone(), name: unit.name.clone() }
    }
}

/// A place with its official name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceRef {
    /// Its code.
    pub code: PlaceCode,
    /// Its official name.
    pub name: String,
}

/// A system and its unit that may be responsible.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The line of work.
    pub system: SystemCode,
    /// Its unit for the place, where there is one.
    pub unit: Option<UnitRef>,
    /// Sum of the weights of `terms`; 0.0 for one that is only offered as a way out.
    pub score: f64,
    /// What spoke for it, weightiest first.
    pub terms: Vec<TermHit>,
    /// The clauses it rests on, weightiest first, at most three.
    pub clauses: Vec<ClauseRef>,
    /// Why this one, or why not, in Chinese.
    pub why: String,
}

/// A word of the post that spoke for a candidate.
#[derive(Clone, Debug, PartialEq)]
pub struct TermHit {
    /// The word.
    pub text: String,
    /// What it adds to the score, repeats and title included.
    pub weight: f64,
    /// Byte offset of its first place in title, line feed and text, as stored.
    pub start: usize,
}

/// A clause by its document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClauseRef {
    /// Key of the document in the catalogue.
    pub key: String,
    /// Number of the document (文号), or its title where it has none.
    pub document: String,
    /// Number of the clause as the document writes it.
    pub clause: String,
}
