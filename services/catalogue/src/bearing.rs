//! On which clauses an assignment rests.

use huiyin_domain::{SystemCode, UnitId};
use jiff::civil::Date;

use crate::catalogue::Catalogue;
use crate::document::{Clause, Duty};
use crate::unit::Unit;

/// How closely a clause bears on a matter; the closer the less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bearing {
    /// It is on every subject, not on the matter's own.
    pub general: bool,
    /// It is on the system that the matter's own is part of.
    pub wider: bool,
    /// 0 where it names the unit as lead, 1 as responsible, 2 where it charges the competent body, 3 otherwise. A body of
    /// before a merger counts as the one that took over.
    pub role: u8,
    /// Steps from the unit's place up to the document's; the whole country comes last.
    pub distance: usize,
}

impl Catalogue {
    /// Whether a clause in force bears on a matter of `system` held by `unit`, and how closely. Clauses of documents for
    /// other places do not.
    pub fn bears_on(&self, clause: &Clause, unit: &Unit, system: &SystemCode, on: Date) -> Option<Bearing> {
        let own = clause.systems.contains(system);
        let parent = self.system(system).and_then(|system| system.parent.as_ref());
        let subject = own || parent.is_some_and(|parent| clause.systems.contains(parent));
        if !clause.in_force(on) || (!subject && !clause.any_system) {
            return None;
        }
        let above = self.ancestors(&unit.place);
        let distance = match &self.document(&clause.document)?.place {
            None => above.len(),
            Some(place) => above.iter().position(|above| above.code == *place)?,
        };
        let role = if self.charges(&clause.lead, &unit.id) {
            0
        } else if self.charges(&clause.responsible, &unit.id) {
            1
        } else if clause.lead == Duty::Competent || clause.responsible == Duty::Competent {
            2
        } else {
            3
        };
        Some(Bearing { general: !subject, wider: subject && !own, role, distance })
    }

    /// Clauses in force that bear on a matter of `system` held by `unit`, the weightiest first:
    ///
    /// - those on the subject, then those on what it is part of, then those on every subject;
    /// - within these, those that name the unit as lead, then as responsible, then those that charge the competent body,
    ///   then the rest;
    /// - then documents of the nearer place, then table order.
    ///
    /// Clauses of documents for other places are left out. Empty for an unknown unit.
    pub fn clauses_for(&self, unit: &UnitId, system: &SystemCode, on: Date) -> Vec<&Clause> {
        let Some(unit) = self.unit_by_id(unit) else { return Vec::new() };
        let found = self.clauses.iter().filter_map(|clause| Some((self.bears_on(clause, &unit, system, on)?, clause)));
        let mut bearing: Vec<_> = found.collect();
        bearing.sort_by_key(|(bearing, _)| *bearing);
        bearing.into_iter().map(|(_, clause)| clause).collect()
    }

    /// Whether a duty falls to a unit: it is named, or one whose work it took over is.
    fn charges(&self, duty: &Duty, unit: &UnitId) -> bool {
        let took_over = |id: &UnitId| self.unit(id).is_some_and(|named| named.successor.as_ref() == Some(unit));
        duty.units().iter().any(|id| id == unit || took_over(id))
    }
}
