//! Faults between rows and tables: what is named must exist, once, and without cycles.

use std::collections::HashMap;
use std::hash::Hash;

use huiyin_domain::{Level, PlaceCode, SystemCode, UnitId};
use jiff::civil::Date;

use crate::document::{self, Clause, Document};
use crate::fault::{Faults, Spot};
use crate::locality::Locality;
use crate::manifest::ReadManifest;
use crate::place::Place;
use crate::resolve::fold_name;
use crate::system::System;
use crate::term::{Elsewhere, Term};
use crate::unit::ReadUnit;

/// The tables as read; one that could not be read is left out, and what refers to it is not checked.
pub(crate) struct Tables<'t> {
    pub(crate) manifest: Option<&'t ReadManifest>,
    pub(crate) places: Option<&'t [(Spot, Place)]>,
    pub(crate) systems: Option<&'t [(Spot, System)]>,
    pub(crate) units: Option<&'t [(Spot, ReadUnit)]>,
    pub(crate) documents: Option<&'t [(Spot, Document)]>,
    pub(crate) clauses: Option<&'t [(Spot, Clause)]>,
    pub(crate) terms: Option<&'t [(Spot, Term)]>,
    pub(crate) elsewhere: &'t [(Spot, Elsewhere)],
    pub(crate) localities: &'t [(Spot, Locality)],
}

/// Keys of a table that was read, for looking up what other tables name.
struct Known<K>(Option<HashMap<K, usize>>);

impl<K: Eq + Hash + Clone + std::fmt::Display> Known<K> {
    /// Collects the keys; a key that comes twice is a fault of the later row.
    fn collect<T>(rows: Option<&[(Spot, T)]>, field: &str, key: impl Fn(&T) -> &K, faults: &mut Faults) -> Known<K> {
        let Some(rows) = rows else { return Known(None) };
        let mut known = HashMap::new();
        for (index, (spot, value)) in rows.iter().enumerate() {
            let key = key(value);
            if let Some(first) = known.get(key).and_then(|first: &usize| rows.get(*first)) {
                faults.add(
                    *spot,
                    field,
                    format!("“{key}”与第 {} 行重复", first.0.line),
                    "每个代码只能用一次，改掉其中一个",
                );
            } else {
                known.insert(key.clone(), index);
            }
        }
        Known(Some(known))
    }

    /// Faults a key that the table does not have.
    fn expect(&self, key: &K, spot: Spot, field: &str, file: &str, faults: &mut Faults) {
        if self.0.as_ref().is_some_and(|known| !known.contains_key(key)) {
            faults.add(spot, field, format!("“{key}”不在 {file} 中"), format!("改正，或先在 {file} 中加上它"));
        }
    }

    fn index(&self, key: &K) -> Option<usize> {
        self.0.as_ref()?.get(key).copied()
    }
}

pub(crate) fn check(tables: &Tables<'_>, faults: &mut Faults) {
    let places = Known::collect(tables.places, "code", |place: &Place| &place.code, faults);
    let systems = Known::collect(tables.systems, "code", |system: &System| &system.code, faults);
    let units = Known::collect(tables.units, "id", |read: &ReadUnit| &read.unit.id, faults);
    let documents = Known::collect(tables.documents, "key", |document: &Document| &document.key, faults);
    check_manifest(tables, &places, &systems, faults);
    check_places(tables, &places, faults);
    check_systems(tables, &systems, faults);
    check_units(tables, &units, &places, &systems, &documents, faults);
    check_documents(tables, &documents, &places, &units, &systems, faults);
    check_terms(tables, &systems, faults);
    check_elsewhere(tables, faults);
    for (spot, locality) in tables.localities {
        places.expect(&locality.place, *spot, "place", "places.csv", faults);
    }
}

fn check_manifest(tables: &Tables<'_>, places: &Known<PlaceCode>, systems: &Known<SystemCode>, faults: &mut Faults) {
    let Some(read) = tables.manifest else { return };
    let manifest = &read.manifest;
    places.expect(&manifest.region, read.spot("region"), "region", "places.csv", faults);
    for (key, system) in
        [("duty_office", &manifest.duty_office), ("street", &manifest.street), ("zone", &manifest.zone)]
    {
        systems.expect(system, read.spot(key), key, "systems.csv", faults);
    }
}

fn check_places(tables: &Tables<'_>, known: &Known<PlaceCode>, faults: &mut Faults) {
    let Some(rows) = tables.places else { return };
    let at = |code: &PlaceCode| known.index(code).and_then(|index| rows.get(index)).map(|(_, place)| place);
    let mut tops: Vec<Spot> = Vec::new();
    for (spot, place) in rows {
        match &place.parent {
            None if place.level == Level::Province => tops.push(*spot),
            None => faults.add(*spot, "parent", "不能为空", "只有省级没有上级；填写上级的 code"),
            Some(parent) => {
                known.expect(parent, *spot, "parent", "places.csv", faults);
                if let Some(above) = at(parent).filter(|above| !governs(above.level, place.level)) {
                    let message = format!(
                        "{}（{}）不能在{}（{}）之下",
                        place.name,
                        place.level.as_str(),
                        above.name,
                        above.level.as_str()
                    );
                    faults.add(*spot, "parent", message, "改正 level 或 parent");
                }
            }
        }
        if let Some(successor) = &place.successor {
            known.expect(successor, *spot, "successor", "places.csv", faults);
        }
    }
    if let Some(second) = tops.get(1) {
        faults.add(*second, "parent", "有两个省级", "一个目录只有一个省；外地地名放在 elsewhere.csv");
    }
    let parents: Vec<_> =
        rows.iter().map(|(_, place)| place.parent.as_ref().and_then(|code| known.index(code))).collect();
    cycles(&parents, |index| rows.get(index).map(|(spot, _)| *spot), "parent", faults);
    let next: Vec<_> =
        rows.iter().map(|(_, place)| place.successor.as_ref().and_then(|code| known.index(code))).collect();
    cycles(&next, |index| rows.get(index).map(|(spot, _)| *spot), "successor", faults);
    let mut names: HashMap<(Option<&PlaceCode>, String), usize> = HashMap::new();
    for (index, (spot, place)) in rows.iter().enumerate() {
        let key = (place.parent.as_ref(), fold_name(&place.name));
        let other = names.insert(key, index).and_then(|first| rows.get(first));
        if let Some((first, other)) = other
            && overlap(place.effective_from, place.effective_to, other.effective_from, other.effective_to)
        {
            let message = format!("“{}”在同一上级之下与第 {} 行重名", place.name, first.line);
            faults.add(*spot, "name", message, "改名，或用日期区分先后");
        }
    }
}

/// A zone may hold streets; otherwise every level is right below the next one, streets of a city without counties aside.
fn governs(above: Level, below: Level) -> bool {
    matches!(
        (above, below),
        (Level::Province, Level::Prefecture | Level::County)
            | (Level::Prefecture, Level::County | Level::Street)
            | (Level::County, Level::Street | Level::County)
    )
}

fn check_systems(tables: &Tables<'_>, known: &Known<SystemCode>, faults: &mut Faults) {
    let Some(rows) = tables.systems else { return };
    for (spot, system) in rows {
        if let Some(parent) = &system.parent {
            known.expect(parent, *spot, "parent", "systems.csv", faults);
        }
    }
    let parents: Vec<_> =
        rows.iter().map(|(_, system)| system.parent.as_ref().and_then(|code| known.index(code))).collect();
    cycles(&parents, |index| rows.get(index).map(|(spot, _)| *spot), "parent", faults);
}

fn check_units(
    tables: &Tables<'_>,
    known: &Known<UnitId>,
    places: &Known<PlaceCode>,
    systems: &Known<SystemCode>,
    documents: &Known<String>,
    faults: &mut Faults,
) {
    let Some(rows) = tables.units else { return };
    let place_level = |code: &PlaceCode| tables.places?.get(places.index(code)?).map(|(_, place)| place.level);
    for (spot, read) in rows {
        let unit = &read.unit;
        places.expect(&unit.place, *spot, "place", "places.csv", faults);
        for system in &unit.systems {
            systems.expect(system, *spot, "systems", "systems.csv", faults);
        }
        for document in &unit.documents {
            documents.expect(document, *spot, "documents", "documents.csv", faults);
        }
        for (field, other) in [("parent", &unit.parent), ("successor", &unit.successor)] {
            if let Some(other) = other {
                known.expect(other, *spot, field, "units.csv", faults);
            }
        }
        if let (Some(level), Some(of_place)) = (read.level, place_level(&unit.place))
            && level < of_place
        {
            let message = format!("{} 高于所在地的层级 {}", level.as_str(), of_place.as_str());
            faults.add(*spot, "level", message, "改正 level 或 place，或留空（= 与所在地相同）");
        }
    }
    let spot_of = |index: usize| rows.get(index).map(|(spot, _)| *spot);
    let index = |id: &Option<UnitId>| id.as_ref().and_then(|id| known.index(id));
    let parents: Vec<_> = rows.iter().map(|(_, read)| index(&read.unit.parent)).collect();
    cycles(&parents, spot_of, "parent", faults);
    let successors: Vec<_> = rows.iter().map(|(_, read)| index(&read.unit.successor)).collect();
    cycles(&successors, spot_of, "successor", faults);
    check_unit_names(rows, faults);
}

/// One name must mean one unit at one place on one day, or a document's clause could be read two ways.
fn check_unit_names(rows: &[(Spot, ReadUnit)], faults: &mut Faults) {
    let mut names: HashMap<(&PlaceCode, String), Vec<usize>> = HashMap::new();
    for (index, (spot, read)) in rows.iter().enumerate() {
        let unit = &read.unit;
        for name in unit.names() {
            let field = if name == unit.name { "name" } else { "aliases" };
            let named = names.entry((&unit.place, fold_name(name))).or_default();
            for (first, other) in named.iter().filter_map(|first| rows.get(*first)) {
                let other = &other.unit;
                let ended = (unit.successor.is_some() && unit.effective_to.is_none())
                    || (other.successor.is_some() && other.effective_to.is_none());
                let both = overlap(unit.effective_from, unit.effective_to, other.effective_from, other.effective_to);
                if other.id != unit.id && both && !ended {
                    let message = format!("“{name}”与第 {} 行的 {} 重名", first.line, other.id);
                    faults.add(*spot, field, message, "改名，或用日期区分先后");
                }
            }
            named.push(index);
        }
    }
}

fn check_documents(
    tables: &Tables<'_>,
    known: &Known<String>,
    places: &Known<PlaceCode>,
    units: &Known<UnitId>,
    systems: &Known<SystemCode>,
    faults: &mut Faults,
) {
    for (spot, document) in tables.documents.unwrap_or_default() {
        if let Some(place) = &document.place {
            places.expect(place, *spot, "place", "places.csv", faults);
        }
    }
    let mut seen: HashMap<(&str, &str), u64> = HashMap::new();
    for (spot, clause) in tables.clauses.unwrap_or_default() {
        known.expect(&clause.document, *spot, "document", document::FILE, faults);
        for system in &clause.systems {
            systems.expect(system, *spot, "systems", "systems.csv", faults);
        }
        for (field, duty) in [("lead", &clause.lead), ("responsible", &clause.responsible)] {
            for unit in duty.units() {
                units.expect(unit, *spot, field, "units.csv", faults);
            }
        }
        if let Some(first) = seen.insert((&clause.document, &clause.clause), spot.line) {
            let message = format!("{} 的“{}”与第 {first} 行重复", clause.document, clause.clause);
            faults.add(*spot, "clause", message, "每条只写一行，编号按原文件");
        }
    }
}

fn check_terms(tables: &Tables<'_>, systems: &Known<SystemCode>, faults: &mut Faults) {
    let mut seen: HashMap<(&str, &SystemCode), u64> = HashMap::new();
    for (spot, term) in tables.terms.unwrap_or_default() {
        systems.expect(&term.system, *spot, "system", "systems.csv", faults);
        if let Some(first) = seen.insert((&term.term, &term.system), spot.line) {
            let message = format!("“{}”对 {} 与第 {first} 行重复", term.term, term.system);
            faults.add(*spot, "term", message, "删去其中一行");
        }
    }
}

/// A foreign name that is also ours would set our own posts aside.
fn check_elsewhere(tables: &Tables<'_>, faults: &mut Faults) {
    let ours: HashMap<&str, Spot> = tables
        .places
        .unwrap_or_default()
        .iter()
        .flat_map(|(spot, place)| place.names().map(move |name| (name, *spot)))
        .collect();
    let mut seen: HashMap<&str, u64> = HashMap::new();
    for (spot, elsewhere) in tables.elsewhere {
        if let Some(own) = ours.get(elsewhere.name.as_str()) {
            let message = format!("“{}”也是 places.csv 第 {} 行的地名", elsewhere.name, own.line);
            faults.add(*spot, "name", message, "删去这一行，本地地名优先");
        }
        if let Some(first) = seen.insert(&elsewhere.name, spot.line) {
            faults.add(*spot, "name", format!("“{}”与第 {first} 行重复", elsewhere.name), "删去其中一行");
        }
    }
}

/// Whether two periods share a day; an open end lasts for ever.
fn overlap(from: Option<Date>, to: Option<Date>, other_from: Option<Date>, other_to: Option<Date>) -> bool {
    let starts_in_time = |from: Option<Date>, to: Option<Date>| match (from, to) {
        (Some(from), Some(to)) => from <= to,
        _ => true,
    };
    starts_in_time(from, other_to) && starts_in_time(other_from, to)
}

/// Faults every row from which following `next` comes back to that same row.
fn cycles(next: &[Option<usize>], spot: impl Fn(usize) -> Option<Spot>, field: &str, faults: &mut Faults) {
    for start in 0..next.len() {
        let step = |index: &usize| next.get(*index).copied().flatten();
        let path = std::iter::successors(step(&start), step).take(next.len());
        if let (true, Some(spot)) = (path.into_iter().any(|index| index == start), spot(start)) {
            faults.add(spot, field, "形成循环：沿这一列会回到本行", "改正循环中的一行");
        }
    }
}
