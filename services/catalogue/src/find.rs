//! Finding units by a part of their name, for people who type.

use std::collections::BTreeSet;

use huiyin_domain::{Level, PlaceCode};
use jiff::civil::Date;

use crate::catalogue::Catalogue;
use crate::place::Place;
use crate::resolve::fold_name;
use crate::system::System;
use crate::unit::Unit;

/// How a name speaks for a unit, the better first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Match {
    /// The official name or an alias begins with it.
    Begins,
    /// The official name or an alias holds it.
    Holds,
    /// It is what bodies of the unit's line of work are called: 城管, 城管局.
    System,
}

impl Catalogue {
    /// Units in force on a day whose name, alias or line of work holds `part`, derived ones too, at most `units_max`. The
    /// nearest to `near` first: its own, those of the places above it, then those within its county; among these the better
    /// match, then the order of the catalogue.
    pub fn find_units(&self, part: &str, near: Option<&PlaceCode>, on: Date, units_max: usize) -> Vec<Unit> {
        let part = fold_name(part);
        if part.is_empty() {
            return Vec::new();
        }
        let above = near.map(|near| self.ancestors(near)).unwrap_or_default();
        let mut seen = BTreeSet::new();
        let mut found: Vec<(usize, Match, Unit)> = Vec::new();
        let mut add = |unit: Unit, how: Match| {
            if !unit.collective && unit.in_force(on) && seen.insert(unit.id.clone()) {
                found.push((self.distance(&above, &unit.place), how, unit));
            }
        };
        for unit in self.units() {
            let systems = unit.systems.iter().filter_map(|system| self.system(system));
            if let Some(how) = names_match(unit, &part).or_else(|| systems_match(systems, &part)) {
                add(unit.clone(), how);
            }
        }
        let streets = self.system(&self.manifest().street);
        for place in self.places().filter(|place| place.in_force(on)) {
            let systems: Box<dyn Iterator<Item = &System>> =
                if place.level == Level::Street { Box::new(streets.into_iter()) } else { Box::new(self.systems()) };
            for system in systems {
                let Some(unit) = self.unit_at(&system.code, &place.code, on).filter(|unit| unit.place == place.code)
                else {
                    continue;
                };
                if let Some(how) = names_match(&unit, &part).or_else(|| systems_match(std::iter::once(system), &part)) {
                    add(unit.into_owned(), how);
                }
            }
        }
        found.sort_by_key(|(distance, how, _)| (*distance, *how)); // stable: the catalogue's order within
        found.into_iter().map(|(_, _, unit)| unit).take(units_max).collect()
    }

    /// Steps up from the place one stands at to `place`, then the place's surroundings, then everything else.
    fn distance(&self, above: &[&Place], place: &PlaceCode) -> usize {
        let within = || above.iter().any(|outer| outer.level == Level::County && self.contains(&outer.code, place));
        match above.iter().position(|outer| outer.code == *place) {
            Some(steps) => steps,
            None if within() => above.len(),
            None => above.len() + 1,
        }
    }
}

fn names_match(unit: &Unit, part: &str) -> Option<Match> {
    let how = |name: &str| {
        let name = fold_name(name);
        if name.starts_with(part) { Some(Match::Begins) } else { name.contains(part).then_some(Match::Holds) }
    };
    unit.names().filter_map(how).min()
}

fn systems_match<'s>(mut systems: impl Iterator<Item = &'s System>, part: &str) -> Option<Match> {
    let called = |system: &System| {
        system.code.as_str() == part || system.bodies.iter().any(|body| fold_name(body).starts_with(part))
    };
    systems.any(called).then_some(Match::System)
}
