//! How each unit kept its deadlines.

use std::collections::{BTreeMap, BTreeSet};

use huiyin_domain::UnitId;
use huiyin_store::{MatterKey, Promptness};

use super::{Scope, ratio};
use crate::slice::Slice;
use crate::{BriefingError, UnitFigures, UnitQueries};

const ANSWERED: [Promptness; 2] = [Promptness::InTime, Promptness::Late];

impl Scope<'_> {
    pub(super) async fn units(&self) -> Result<Vec<UnitFigures>, BriefingError> {
        let [month, _] = self.slices();
        let by = async |slice: Slice, key| self.store.count_matters_by(&slice.filter, key).await;
        let response = |any: Promptness| by(month.clone().response(&[any]), MatterKey::Lead);
        let assigned = by(month.clone(), MatterKey::Lead).await?;
        let assisting = by(month.clone(), MatterKey::Assist).await?;
        let signed = by(month.clone().signed(&[Promptness::InTime]), MatterKey::Lead).await?;
        let in_time = response(Promptness::InTime).await?;
        let late = response(Promptness::Late).await?;
        let overdue = response(Promptness::Overdue).await?;
        let waiting = response(Promptness::Waiting).await?;
        let ids: BTreeSet<&String> = assigned.keys().chain(assisting.keys()).collect();
        let mut units: Vec<UnitFigures> = ids
            .into_iter()
            .map(|id| {
                let of = |counts: &BTreeMap<String, u64>| counts.get(id).copied().unwrap_or(0);
                let (in_time, late, overdue) = (of(&in_time), of(&late), of(&overdue));
                UnitFigures {
                    unit: id.clone(),
                    name: self.unit_name(id),
                    assigned: of(&assigned),
                    assisting: of(&assisting),
                    accepted_in_time: of(&signed),
                    answered: in_time + late,
                    in_time,
                    late,
                    overdue,
                    waiting: of(&waiting),
                    rate: ratio(in_time, in_time + late + overdue),
                    queries: queries(&month, id),
                }
            })
            .collect();
        units.sort_by(|one, other| other.assigned.cmp(&one.assigned).then_with(|| one.unit.cmp(&other.unit)));
        Ok(units)
    }

    /// The unit's name in the catalogue in force; its id where that knows it no more.
    pub(super) fn unit_name(&self, id: &str) -> String {
        self.catalogue.unit_by_id(&UnitId::new(id)).map_or_else(|| id.to_owned(), |unit| unit.name)
    }
}

fn queries(month: &Slice, unit: &str) -> UnitQueries {
    let lead = || month.clone().lead(unit);
    UnitQueries {
        assigned: lead().query(),
        assisting: month.clone().assist(unit).query(),
        accepted_in_time: lead().signed(&[Promptness::InTime]).query(),
        answered: lead().response(&ANSWERED).query(),
        in_time: lead().response(&[Promptness::InTime]).query(),
        late: lead().response(&[Promptness::Late]).query(),
        overdue: lead().response(&[Promptness::Overdue]).query(),
        waiting: lead().response(&[Promptness::Waiting]).query(),
    }
}
