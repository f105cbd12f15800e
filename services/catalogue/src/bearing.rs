//! On which clauses an assignment rests.

use huiyin_domain::{SystemCode, UnitId};
use jiff::civil::Date;

use crate::catalogue::Catalogue;
use crate::document::{Clause, Duty};

impl Catalogue {
    /// Clauses in force that bear on a matter of `system` held by `unit`, the weightiest first:
    ///
    /// - those on the subject before those on every subject;
    /// - within these, those that name the unit as lead, then as responsible, then those that charge the competent body,
    ///   then the rest;
    /// - then documents of the nearer place, then table order.
    ///
    /// Clauses of documents for other places are left out. Empty for an unknown unit.
    pub fn clauses_for(&self, unit: &UnitId, system: &SystemCode, on: Date) -> Vec<&Clause> {
        let Some(unit) = self.unit_by_id(unit) else { return Vec::new() };
        let above = self.ancestors(&unit.place);
        let mut bearing: Vec<_> = self
            .clauses
            .iter()
            .filter(|clause| clause.in_force(on))
            .filter_map(|clause| {
                let subject = clause.systems.contains(system);
                if !subject && !clause.any_system {
                    return None;
                }
                let distance = match &self.document(&clause.document)?.place {
                    None => above.len(),
                    Some(place) => above.iter().position(|above| above.code == *place)?,
                };
                let role = if clause.lead.names(&unit.id) {
                    0
                } else if clause.responsible.names(&unit.id) {
                    1
                } else if clause.lead == Duty::Competent || clause.responsible == Duty::Competent {
                    2
                } else {
                    3
                };
                Some((!subject, role, distance, clause))
            })
            .collect();
        bearing.sort_by_key(|(general, role, distance, _)| (*general, *role, *distance));
        bearing.into_iter().map(|(_, _, _, clause)| clause).collect()
    }
}
