//! The units while a document is taken in: those of the catalogue, and new ones as they are found.

use std::collections::HashSet;

use huiyin_domain::{PlaceCode, SystemCode, UnitId};
use jiff::civil::Date;

use crate::adopting::bodies::{Parts, without_mark};
use crate::adopting::body::{self, expand, plain};
use crate::adopting::collective;
use crate::adopting::sheet::Sheet;
use crate::catalogue::Catalogue;
use crate::resolve::fold_name;
use crate::unit::Unit;

/// The table of units in the making.
pub(crate) struct Roll<'c> {
    catalogue: &'c Catalogue,
    /// Key and title of the document that is taken in.
    document: String,
    title: String,
    sheet: Sheet,
    added: Vec<Unit>,
    /// Names in use at each place: one name means one unit.
    taken: HashSet<(PlaceCode, String)>,
}

impl<'c> Roll<'c> {
    pub(crate) fn new(catalogue: &'c Catalogue, sheet: Sheet, document: &str, title: &str) -> Roll<'c> {
        let named = catalogue.units().flat_map(|unit| unit.names().map(|name| (unit.place.clone(), fold_name(name))));
        Roll {
            catalogue,
            document: document.to_owned(),
            title: title.to_owned(),
            sheet,
            added: Vec::new(),
            taken: named.collect(),
        }
    }

    /// The table.
    pub(crate) fn finish(self) -> Sheet {
        self.sheet
    }

    /// A unit by its id, known or new.
    pub(crate) fn unit(&self, id: &UnitId) -> Option<&Unit> {
        self.added.iter().find(|unit| unit.id == *id).or_else(|| self.catalogue.unit(id))
    }

    /// A new unit of this name near a place.
    pub(crate) fn named(&self, name: &str, near: &PlaceCode) -> Option<Unit> {
        let folded = fold_name(name);
        let near = self.catalogue.ancestors(near);
        let at = |unit: &Unit| near.iter().position(|place| place.code == unit.place).unwrap_or(near.len());
        let mut found: Vec<&Unit> =
            self.added.iter().filter(|unit| unit.names().any(|own| fold_name(own) == folded)).collect();
        found.sort_by_key(|unit| at(unit));
        found.first().map(|unit| (*unit).clone())
    }

    /// Units of a system at a place that work on a day, new ones last.
    pub(crate) fn of_system(&self, place: &PlaceCode, system: &SystemCode, on: Date) -> Vec<Unit> {
        let here = |unit: &&Unit| {
            unit.place == *place && unit.systems.contains(system) && !unit.collective && unit.in_force(on)
        };
        self.catalogue.units().chain(&self.added).filter(here).cloned().collect()
    }

    /// The main body of a system at a place; listed under its derived name where the table has none.
    pub(crate) fn main(&mut self, place: &PlaceCode, system: &SystemCode, on: Date) -> Option<Unit> {
        if let Some(unit) = self.of_system(place, system, on).into_iter().next() {
            return Some(unit);
        }
        let derived = self.derived(place, system)?;
        Some(self.add(derived, "依命名规则补列，待核"))
    }

    /// What is left of a unit's name when its place is taken off.
    pub(crate) fn body_of(&self, name: &str, place: &PlaceCode) -> String {
        let mut rest = plain(name);
        for above in self.catalogue.ancestors(place).into_iter().rev() {
            let stripped = above.names().find_map(|own| rest.strip_prefix(own)).map(str::to_owned);
            rest = stripped.filter(|rest| rest.chars().count() >= 2).unwrap_or(rest);
        }
        without_mark(&rest).map_or(rest.clone(), str::to_owned)
    }

    /// Lists a body of a system that the table lacks.
    pub(crate) fn list(&mut self, parts: &Parts, system: &SystemCode, name: &str) -> Unit {
        let derived = self.derived(&parts.place, system);
        let pattern = derived.as_ref().map(|unit| self.body_of(&unit.name, &parts.place)).unwrap_or_default();
        let same = body::canonical(&pattern) == body::canonical(&parts.body);
        let main = derived.is_none() || same || body::is_organ(&parts.body) || ends_alike(&pattern, &parts.body);
        if !main {
            return self.propose(parts, Some(system), name);
        }
        let government = parts.body == "人民政府" || parts.body == "政府";
        let official = match derived {
            _ if name.ends_with("分局") && !parts.body.ends_with("分局") => name.to_owned(),
            Some(unit) if same || government || unit.name.ends_with(&expand(&parts.body)) => unit.name,
            _ => self.full_name(&parts.place, &parts.body),
        };
        let id = self.free_id(&parts.place, system.as_str(), &parts.body);
        let unit = Unit { aliases: self.aliases(parts, name, &official), ..blank(id, official, parts, system) };
        self.add(unit, "")
    }

    /// Lists a body that a reform did away with, with its last day and its successor.
    pub(crate) fn list_former(
        &mut self,
        parts: &Parts,
        system: &SystemCode,
        name: &str,
        successor: &UnitId,
        until: Date,
    ) -> Unit {
        let official = self.full_name(&parts.place, &parts.body);
        let id = UnitId::new(format!("{}-{}", parts.place, expand(&parts.body)));
        if let Some(known) = self.unit(&id) {
            return known.clone();
        }
        let aliases = self.aliases(parts, name, &official);
        let unit = Unit {
            aliases,
            effective_to: Some(until),
            successor: Some(successor.clone()),
            ..blank(id, official, parts, system)
        };
        self.add(unit, "机构改革前名称")
    }

    /// Lists a body of no known name; its system's main body comes before it, so that it does not take that one's place.
    pub(crate) fn propose(&mut self, parts: &Parts, system: Option<&SystemCode>, name: &str) -> Unit {
        let on = self.catalogue.effective_from();
        let parent = system.and_then(|system| self.main(&parts.place, system, on)).map(|unit| unit.id);
        let official = self.full_name(&parts.place, &parts.body);
        let id = self.free_id(&parts.place, &parts.body, &parts.body);
        let unit = Unit {
            aliases: self.aliases(parts, name, &official),
            systems: system.into_iter().cloned().collect(),
            parent,
            collective: system.is_none(),
            ..blank(id, official, parts, &SystemCode::new(""))
        };
        self.add(unit, "新单位，名称、系统待核")
    }

    /// A collective phrase known under this key at a place.
    pub(crate) fn collective(&self, key: &str, place: &PlaceCode) -> Option<UnitId> {
        let same = |unit: &&Unit| {
            unit.collective && unit.place == *place && unit.names().any(|own| collective::key(&plain(own)) == key)
        };
        self.added.iter().find(same).map(|unit| unit.id.clone())
    }

    /// Lists a collective phrase.
    pub(crate) fn add_collective(&mut self, name: &str, written: &str, place: &PlaceCode, key: &str) -> UnitId {
        let parts = Parts { place: place.clone(), body: name.to_owned(), systems: Vec::new(), told: true };
        let id = self.free_id(place, key, key);
        // Kept as written, but in simplified characters like every official name.
        let simplified = fold_name(written) == name;
        let written =
            if simplified { written.trim().replace('|', "") } else { name.replace('(', "（").replace(')', "）") };
        let unit = Unit {
            aliases: Vec::new(),
            systems: Vec::new(),
            collective: true,
            ..blank(id, if written.is_empty() { name.to_owned() } else { written }, &parts, &SystemCode::new(""))
        };
        self.add(unit, "").id
    }

    /// Notes that the document names a unit.
    pub(crate) fn cite(&mut self, id: &UnitId) {
        if let Some(row) = self.sheet.find("id", id.as_str()) {
            let document = self.document.clone();
            self.sheet.add_item(row, "documents", &document);
        }
    }

    /// Keeps another spelling of a unit's name, unless the name is in use at its place.
    pub(crate) fn add_alias(&mut self, id: &UnitId, alias: &str) {
        let alias = fold_name(alias).replace('|', "");
        let Some(place) = self.unit(id).map(|unit| unit.place.clone()) else { return };
        if alias.chars().count() < 2 || !self.taken.insert((place, alias.clone())) {
            return;
        }
        if let Some(unit) = self.added.iter_mut().find(|unit| unit.id == *id) {
            unit.aliases.push(alias.clone());
        }
        if let Some(row) = self.sheet.find("id", id.as_str()) {
            self.sheet.add_item(row, "aliases", &alias);
        }
    }

    fn add(&mut self, unit: Unit, note: &str) -> Unit {
        let list = |items: &[String]| items.join("|");
        let systems: Vec<String> = unit.systems.iter().map(ToString::to_string).collect();
        let date = |day: Option<Date>| day.map_or_else(String::new, |day| day.to_string());
        let id = |id: &Option<UnitId>| id.as_ref().map_or_else(String::new, ToString::to_string);
        let note = if note.is_empty() { String::new() } else { format!("{note}；见{}", self.title) };
        self.sheet.push(&[
            ("id", unit.id.to_string()),
            ("name", unit.name.clone()),
            ("aliases", list(&unit.aliases)),
            ("systems", systems.join("|")),
            ("place", unit.place.to_string()),
            ("parent", id(&unit.parent)),
            ("effective_to", date(unit.effective_to)),
            ("successor", id(&unit.successor)),
            ("documents", self.document.clone()),
            ("collective", if unit.collective { "yes".to_owned() } else { String::new() }),
            ("note", note),
        ]);
        self.taken.extend(unit.names().map(|name| (unit.place.clone(), fold_name(name))));
        self.added.push(unit.clone());
        unit
    }

    /// The body that the naming pattern of a system gives for a place itself.
    fn derived(&self, place: &PlaceCode, system: &SystemCode) -> Option<Unit> {
        let unit = self.catalogue.unit_by_id(&UnitId::new(format!("{place}-{system}")))?;
        let fresh = unit.derived && self.unit(&unit.id).is_none();
        fresh.then_some(Unit { derived: false, ..unit })
    }

    fn full_name(&self, place: &PlaceCode, body: &str) -> String {
        let place = self.catalogue.place(place).map_or("", |place| place.name.as_str());
        let party =
            ["宣传部", "组织部", "统战部", "政法委", "党校", "社会工作部", "编办", "网信办", "政策研究室", "老干部局"];
        if body.starts_with(place) {
            body.to_owned()
        } else if party.iter().any(|party| body.starts_with(party)) {
            format!("中共{place}委{body}")
        } else {
            format!("{place}{}", expand(body))
        }
    }

    /// Spellings worth keeping: as written, with the mark of the level, and with the place's name before the short form.
    fn aliases(&self, parts: &Parts, name: &str, official: &str) -> Vec<String> {
        let place = self.catalogue.place(&parts.place);
        let with_place = place.map(|place| format!("{}{}", place.name, parts.body));
        let mut aliases: Vec<String> = Vec::new();
        for alias in [Some(name.to_owned()), with_place].into_iter().flatten().map(|alias| alias.replace('|', "")) {
            let fresh = !self.taken.contains(&(parts.place.clone(), fold_name(&alias)));
            if fresh && alias != official && !aliases.contains(&alias) {
                aliases.push(alias);
            }
        }
        aliases
    }

    fn free_id(&self, place: &PlaceCode, first: &str, second: &str) -> UnitId {
        let named = |text: &str| {
            let kept: String = text.chars().filter(|character| character.is_alphanumeric()).collect();
            UnitId::new(format!("{place}-{kept}"))
        };
        let numbered = (2..=99).map(|number| UnitId::new(format!("{}{number}", named(second))));
        let mut ids = [named(first), named(second)].into_iter().chain(numbered);
        ids.find(|id| self.unit(id).is_none()).unwrap_or_else(|| named(second))
    }
}

fn blank(id: UnitId, name: String, parts: &Parts, system: &SystemCode) -> Unit {
    Unit {
        id,
        name,
        aliases: Vec::new(),
        systems: vec![system.clone()],
        place: parts.place.clone(),
        level: huiyin_domain::Level::County,
        parent: None,
        effective_from: None,
        effective_to: None,
        successor: None,
        documents: Vec::new(),
        collective: false,
        derived: false,
    }
}

/// Whether two names end with the same word for their kind.
fn ends_alike(one: &str, other: &str) -> bool {
    let last_two = |name: &str| name.chars().rev().take(2).collect::<String>();
    !one.is_empty() && last_two(one) == last_two(other)
}
