//! From grounds to candidates: the unit of each system for the place, the clauses, the reasons.

use std::borrow::Cow;
use std::sync::Arc;

use huiyin_catalogue::{Catalogue, Clause, Unit};
use huiyin_domain::{Candidate, ClauseRef, PlaceCode, SystemCode, UnitRef};
use jiff::civil::Date;

use crate::handling::{Handler, Handling};
use crate::subject::{Ground, Subjects};

/// Candidates shown at most.
pub(crate) const CANDIDATES_MAX: usize = 5;
/// Candidates shown at least, where there is any ground.
pub(crate) const CANDIDATES_MIN: usize = 3;
/// What is left of a system's score when its body said that the matter is not its own.
const DENIED_FACTOR: f64 = 0.5;

/// A candidate in the making.
#[derive(Clone, Debug)]
pub(crate) struct Choice<'a> {
    pub(crate) ground: Ground,
    pub(crate) unit: Option<Cow<'a, Unit>>,
    pub(crate) clauses: Vec<Bearing>,
    /// The text names its unit as handling the matter.
    pub(crate) in_hand: bool,
    pub(crate) denied: bool,
}

/// A clause that bears on a choice.
#[derive(Clone, Debug)]
pub(crate) struct Bearing {
    pub(crate) clause: Arc<Clause>,
    /// Ideas of it that stand in the text.
    pub(crate) hits: usize,
}

/// Where and when the matter plays, for looking up units.
#[derive(Clone, Copy)]
pub(crate) struct Setting<'a> {
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) place: Option<&'a PlaceCode>,
    pub(crate) on: Date,
    /// The scores hold a trained model's opinion beside the terms.
    pub(crate) blended: bool,
}

impl<'a> Setting<'a> {
    /// The unit of a system for the place: its own, else that of the nearest place above that has one
    /// (属地管理、分级负责).
    pub(crate) fn unit(&self, system: &SystemCode) -> Option<Cow<'a, Unit>> {
        let catalogue = self.catalogue;
        let mut place = catalogue.place(self.place?);
        while let Some(here) = place {
            if let Some(unit) = catalogue.unit_at(system, &here.code, self.on) {
                return Some(unit);
            }
            place = here.parent.as_ref().and_then(|parent| catalogue.place(parent));
        }
        None
    }

    /// The unit of a system above the zone that the place is.
    fn beyond_zone(&self, system: &SystemCode) -> Option<Cow<'a, Unit>> {
        let zone = self.catalogue.place(self.place?).filter(|place| place.is_zone())?;
        Setting { place: zone.parent.as_ref(), ..*self }.unit(system)
    }
}

fn stands(choices: &[Choice<'_>], unit: Option<&Unit>) -> bool {
    let Some(unit) = unit else { return false };
    choices.iter().any(|other| other.unit.as_ref().is_some_and(|other| other.id == unit.id))
}

/// Adds what the text says of handling units, drops what is too much, looks up units and, by `bearing`, their clauses.
/// Best first.
pub(crate) fn choices<'a>(
    setting: Setting<'a>,
    subjects: Subjects,
    handling: &'a Handling,
    bearing: impl Fn(Option<&Unit>, &SystemCode) -> Vec<Bearing>,
) -> Vec<Choice<'a>> {
    let mut grounds: Vec<(Ground, Option<&Handler>)> =
        subjects.grounds.into_iter().map(|ground| (ground, None)).collect();
    for handler in &handling.handlers {
        match grounds.iter_mut().find(|(ground, _)| ground.system == handler.system) {
            Some((ground, slot)) => {
                let mut terms = std::mem::take(&mut ground.terms);
                terms.retain(|term| term.text != handler.hit.text); // its name counts once
                terms.push(handler.hit.clone());
                *ground = Ground::new(handler.system.clone(), terms).likely(ground.chance);
                *slot = Some(handler);
            }
            None => grounds.push((Ground::new(handler.system.clone(), vec![handler.hit.clone()]), Some(handler))),
        }
    }
    for (ground, _) in &mut grounds {
        if handling.denied.contains(&ground.system) {
            for term in &mut ground.terms {
                term.weight *= DENIED_FACTOR;
            }
            *ground = Ground::new(ground.system.clone(), std::mem::take(&mut ground.terms)).likely(ground.chance);
        }
    }
    grounds
        .sort_by(|(one, _), (other, _)| other.score.total_cmp(&one.score).then_with(|| one.system.cmp(&other.system)));
    grounds.truncate(CANDIDATES_MAX + CANDIDATES_MIN);
    let mut once: Vec<Choice<'a>> = Vec::with_capacity(CANDIDATES_MAX);
    for (ground, handler) in grounds {
        if once.len() == CANDIDATES_MAX {
            break;
        }
        let named = handler.and_then(|handler| handler.unit.as_ref()).map(Cow::Borrowed);
        let mut unit = named.or_else(|| setting.unit(&ground.system));
        // One unit stands once: under the line of work that speaks most for it. A zone's committee holds all of them; the
        // others are offered to the bodies above it.
        if stands(&once, unit.as_deref()) {
            unit = setting.beyond_zone(&ground.system);
            if unit.is_none() || stands(&once, unit.as_deref()) {
                continue;
            }
        }
        let clauses = bearing(unit.as_deref(), &ground.system);
        let denied = handling.denied.contains(&ground.system);
        let in_hand = handler.is_some_and(|handler| handler.in_hand);
        once.push(Choice { in_hand, ground, unit, clauses, denied });
    }
    once
}

/// Ways out where the text speaks for fewer than three systems: the parent of the first, the street, the duty office,
/// a zone's committee.
pub(crate) fn ways_out(setting: Setting<'_>, choices: &[Choice<'_>]) -> Vec<Candidate> {
    let Some(first) = choices.first() else { return Vec::new() };
    let manifest = setting.catalogue.manifest();
    let parent = setting.catalogue.system(&first.ground.system).and_then(|system| system.parent.clone());
    let offered = [
        parent.map(|parent| (parent, "文中没有直接依据；为首选系统的上级主管，供改派参考。")),
        Some((manifest.street.clone(), "文中没有直接依据；属地乡镇街道，供改派参考。")),
        Some((manifest.duty_office.clone(), "文中没有直接依据；值班室兜底。")),
        Some((manifest.zone.clone(), "文中没有直接依据；地点在园区内时由园区管委会办理。")),
    ];
    let missing = CANDIDATES_MIN.saturating_sub(choices.len());
    let fresh = offered.into_iter().flatten().filter(|(system, _)| {
        setting.catalogue.system(system).is_some() && choices.iter().all(|choice| choice.ground.system != *system)
    });
    let taken = |unit: &Option<Cow<'_, Unit>>| {
        let same = |choice: &Choice<'_>| {
            choice.unit.as_ref().zip(unit.as_ref()).is_some_and(|(one, other)| one.id == other.id)
        };
        choices.iter().any(same)
    };
    let mut seen: Vec<SystemCode> = Vec::new();
    fresh
        .filter(|(system, _)| {
            let new = !seen.contains(system);
            seen.push(system.clone());
            new
        })
        .filter_map(|(system, why)| {
            let unit = setting.unit(&system);
            let unit = if taken(&unit) { setting.beyond_zone(&system) } else { unit };
            (!taken(&unit)).then(|| (unit.as_deref().map(UnitRef::from), system, why))
        })
        .take(missing)
        .map(|(unit, system, why)| Candidate {
            unit,
            system,
            score: 0.0,
            terms: Vec::new(),
            clauses: Vec::new(),
            why: why.to_owned(),
        })
        .collect()
}

impl Choice<'_> {
    /// The candidate to show; `why` says why or why not.
    pub(crate) fn show(self, catalogue: &Catalogue, why: String) -> Candidate {
        let clauses = self.clauses.iter().map(|bearing| clause_ref(catalogue, &bearing.clause)).collect();
        Candidate {
            system: self.ground.system,
            unit: self.unit.as_deref().map(UnitRef::from),
            score: self.ground.score,
            terms: self.ground.terms,
            clauses,
            why,
        }
    }

    /// The weightiest words, quoted.
    pub(crate) fn words(&self) -> String {
        let mut words = String::new();
        for term in self.ground.terms.iter().take(3) {
            ["“", &term.text, "”"].into_iter().for_each(|part| words.push_str(part));
        }
        words
    }
}

fn clause_ref(catalogue: &Catalogue, clause: &Clause) -> ClauseRef {
    let document = catalogue.document(&clause.document);
    let named = document.map(|document| document.number.clone().unwrap_or_else(|| document.title.clone()));
    ClauseRef {
        key: clause.document.clone(),
        document: named.unwrap_or_else(|| clause.document.clone()),
        clause: clause.clause.clone(),
    }
}
