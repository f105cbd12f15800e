//! On which clauses an assignment rests.

use huiyin_domain::{SystemCode, UnitId};
use jiff::civil::Date;

use crate::catalogue::Catalogue;
use crate::document::{Clause, Duty};
use crate::place::Place;
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

/// Matters of a system held by a unit, for asking which clauses they rest on.
pub struct Held<'c> {
    catalogue: &'c Catalogue,
    unit: &'c UnitId,
    system: &'c SystemCode,
    /// What the system is part of.
    parent: Option<&'c SystemCode>,
    /// The unit's place and those above it.
    above: Vec<&'c Place>,
}

impl Held<'_> {
    /// Whether a clause in force bears on such a matter, and how closely. Clauses of documents for other places do not.
    pub fn bearing(&self, clause: &Clause, on: Date) -> Option<Bearing> {
        let own = clause.systems.contains(self.system);
        let subject = own || self.parent.is_some_and(|parent| clause.systems.contains(parent));
        if !clause.in_force(on) || (!subject && !clause.any_system) {
            return None;
        }
        let distance = match &self.catalogue.document(&clause.document)?.place {
            None => self.above.len(),
            Some(place) => self.above.iter().position(|above| above.code == *place)?,
        };
        let role = if self.catalogue.charges(&clause.lead, self.unit) {
            0
        } else if self.catalogue.charges(&clause.responsible, self.unit) {
            1
        } else if clause.lead == Duty::Competent || clause.responsible == Duty::Competent {
            2
        } else {
            3
        };
        Some(Bearing { general: !subject, wider: subject && !own, role, distance })
    }
}

impl Catalogue {
    /// Matters of `system` held by `unit`.
    pub fn held<'c>(&'c self, unit: &'c Unit, system: &'c SystemCode) -> Held<'c> {
        let parent = self.system(system).and_then(|system| system.parent.as_ref());
        Held { catalogue: self, unit: &unit.id, system, parent, above: self.ancestors(&unit.place) }
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
        let held = self.held(&unit, system);
        let found = self.clauses.iter().filter_map(|clause| Some((held.bearing(clause, on)?, clause)));
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
