//! What the machine proposes for a matter.

use huiyin_domain::matter::{Decision, Event, Matter, Suggestion};
use huiyin_domain::{CatalogueVersionId, MatterNo, PlaceCode, SystemCode, UnitId};

use super::record::Record;
use crate::Ledger;

/// What the machine proposes, of a post or of a matter.
pub(super) struct Proposal {
    pub(super) suggestion: Suggestion,
    pub(super) system: Option<SystemCode>,
    pub(super) place: Option<PlaceCode>,
    pub(super) place_name: Option<String>,
}

impl Proposal {
    pub(super) fn of_record(record: &Record) -> Proposal {
        let of = &record.assessment;
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Proposal {
            suggestion: Suggestion {
                decision: if of.decision == "unit" { Decision::Unit } else { Decision::Abstain },
                unit: some(&of.unit).map(UnitId::new),
                unit_name: some(&of.unit_name),
                assist: of.assist.iter().map(UnitId::new).collect(),
                grade: record.grade,
                catalogue: CatalogueVersionId::new(&of.catalogue),
                model: of.model.clone(),
            },
            system: some(&of.system).map(SystemCode::new),
            place: some(&of.place).map(PlaceCode::new),
            place_name: some(&of.place_name),
        }
    }

    pub(super) fn of_matter(matter: &Matter) -> Proposal {
        Proposal {
            suggestion: matter.suggestion.clone(),
            system: matter.system.clone(),
            place: matter.place.clone(),
            place_name: matter.place_name.clone(),
        }
    }
}

/// The first entry of a matter that a post opens.
pub(super) fn opened(ledger: &Ledger, record: &Record, follows: Option<MatterNo>) -> Event {
    let Proposal { suggestion, system, place, place_name } = Proposal::of_record(record);
    let deadlines = if record.backfill {
        Vec::new()
    } else {
        ledger.policy().deadlines.of_matter(record.received_at, record.grade, true)
    };
    Event::Opened {
        post: record.post.clone(),
        received_at: record.received_at,
        published_at: record.published_at,
        backfill: record.backfill,
        danger: record.assessment.danger,
        possible: record.possible,
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
        follows,
        deadlines,
    }
}
