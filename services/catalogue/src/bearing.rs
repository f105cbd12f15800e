//! On which clauses an assignment rests.

use huiyin_domain::{Level, SystemCode, UnitId};
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
    /// How it names the unit.
    pub naming: Naming,
    /// Steps from the unit's place up to the document's; the whole country comes last.
    pub distance: usize,
}

/// How a clause names a unit. A clause that does not name it at all is no ground for giving it anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Naming {
    /// As lead; a body of before a merger counts as the one that took over.
    Lead,
    /// As responsible.
    Responsible,
    /// By a phrase for many that holds it: 各县（区）人民政府.
    Collective,
    /// As the competent body of the clause's line of work: 县级以上人民政府…主管部门.
    Competent,
}

/// Matters of a system held by a unit, for asking which clauses they rest on.
pub struct Held<'c> {
    catalogue: &'c Catalogue,
    unit: &'c Unit,
    system: &'c SystemCode,
    /// What the system is part of.
    parent: Option<&'c SystemCode>,
    /// The unit's place and those above it.
    above: Vec<&'c Place>,
}

impl Held<'_> {
    /// Whether a clause in force bears on such a matter and names the unit, and how closely. Clauses of documents for other
    /// places do not.
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
        let naming = self.catalogue.naming(clause, self.unit)?;
        Some(Bearing { general: !subject, wider: subject && !own, naming, distance })
    }
}

impl Catalogue {
    /// Matters of `system` held by `unit`.
    pub fn held<'c>(&'c self, unit: &'c Unit, system: &'c SystemCode) -> Held<'c> {
        let parent = self.system(system).and_then(|system| system.parent.as_ref());
        Held { catalogue: self, unit, system, parent, above: self.ancestors(&unit.place) }
    }

    /// Clauses in force that bear on a matter of `system` held by `unit`, the weightiest first:
    ///
    /// - those on the subject, then those on what it is part of, then those on every subject;
    /// - within these, those that name the unit as lead, then as responsible, then by a phrase for many, then those that
    ///   charge the competent body;
    /// - then documents of the nearer place, then table order.
    ///
    /// Clauses of documents for other places are left out, and those that do not name the unit. Empty for an unknown unit.
    pub fn clauses_for(&self, unit: &UnitId, system: &SystemCode, on: Date) -> Vec<&Clause> {
        let Some(unit) = self.unit_by_id(unit) else { return Vec::new() };
        let held = self.held(&unit, system);
        let found = self.clauses.iter().filter_map(|clause| Some((held.bearing(clause, on)?, clause)));
        let mut bearing: Vec<_> = found.collect();
        bearing.sort_by_key(|(bearing, _)| *bearing);
        bearing.into_iter().map(|(_, clause)| clause).collect()
    }

    /// How a clause names a unit, if it does.
    pub fn naming(&self, clause: &Clause, unit: &Unit) -> Option<Naming> {
        let (lead, responsible) = (&clause.lead, &clause.responsible);
        let collective = |duty: &Duty| {
            let named = duty.units().iter().filter_map(|id| self.unit(id));
            named.filter(|named| named.collective).any(|named| self.embraces(named, unit))
        };
        if self.charges(lead, &unit.id) {
            Some(Naming::Lead)
        } else if self.charges(responsible, &unit.id) {
            Some(Naming::Responsible)
        } else if collective(lead) || collective(responsible) {
            Some(Naming::Collective)
        } else {
            let competent = *lead == Duty::Competent || *responsible == Duty::Competent;
            let holds = clause.any_system || clause.systems.iter().any(|system| unit.systems.contains(system));
            (competent && holds).then_some(Naming::Competent)
        }
    }

    /// Whether a phrase for many bodies holds a unit: 市政府各部门 those of the city itself, 各乡镇人民政府 the towns in it,
    /// 各县（区）人民政府 the counties in it with their departments, 开发区管委会 its zones.
    pub fn embraces(&self, collective: &Unit, unit: &Unit) -> bool {
        if unit.collective || !self.contains(&collective.place, &unit.place) {
            return false;
        }
        let name = collective.name.as_str();
        let says = |words: &[&str]| words.iter().any(|word| name.contains(word));
        let zone = self.place(&unit.place).is_some_and(Place::is_zone);
        let own = unit.place == collective.place;
        if says(&["乡镇", "镇街", "街道", "（镇）", "(镇)", "各乡", "各镇"]) {
            unit.level == Level::Street
        } else if says(&["管委会", "开发区", "园区"]) {
            zone
        } else if says(&["部门", "单位", "直属", "机构", "企业"]) {
            own
        } else if says(&["政府"]) {
            !own && unit.level < Level::Street && (!says(&["设区市"]) || unit.level == Level::Prefecture)
        } else {
            false
        }
    }

    /// Whether a duty falls to a unit: it is named, or one whose work it took over is.
    fn charges(&self, duty: &Duty, unit: &UnitId) -> bool {
        let took_over = |id: &UnitId| self.unit(id).is_some_and(|named| named.successor.as_ref() == Some(unit));
        duty.units().iter().any(|id| id == unit || took_over(id))
    }
}
