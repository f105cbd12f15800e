//! From the names a document writes to units of the catalogue, known ones and new ones.

use std::collections::HashMap;

use huiyin_domain::{Level, PlaceCode, SystemCode, UnitId};
use jiff::civil::Date;
use serde::Serialize;

use crate::adopting::bodies::{Bodies, Parts, parts, without_mark};
use crate::adopting::body::{self, plain};
use crate::adopting::collective;
use crate::adopting::roll::Roll;
use crate::catalogue::Catalogue;
use crate::resolve::fold_name;
use crate::unit::Unit;

/// Weight of terms in a body's name from which they tell its system.
const GUESS_WEIGHT_MIN: f64 = 3.0;

/// How a name was understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The catalogue has the name.
    Known,
    /// Another spelling of a unit the catalogue has: kept as a new alias.
    Spelling,
    /// A body of a known system that was not yet in the table: listed under the name the system's bodies have.
    Listed,
    /// A body that was merged or renamed: listed with its last day and its successor.
    Reformed,
    /// Many bodies at once: nothing is assigned to it.
    Collective,
    /// Nothing in the catalogue is called so; listed as a proposal that a person should look at.
    Proposed,
    /// May mean several units; the first was taken, a person should choose.
    Ambiguous,
    /// A body of the whole country: stands for the competent bodies of its system at every place.
    National,
}

impl Outcome {
    /// Every outcome, in the order of reports.
    pub const ALL: [Outcome; 8] = [
        Outcome::Known,
        Outcome::Spelling,
        Outcome::Listed,
        Outcome::Reformed,
        Outcome::Collective,
        Outcome::National,
        Outcome::Ambiguous,
        Outcome::Proposed,
    ];

    /// The words an office reads.
    pub fn label(self) -> &'static str {
        match self {
            Outcome::Known => "目录已有",
            Outcome::Spelling => "新增别名",
            Outcome::Listed => "按系统列入",
            Outcome::Reformed => "机构改革前旧名",
            Outcome::Collective => "统称",
            Outcome::National => "全国性机关",
            Outcome::Ambiguous => "有歧义，待核",
            Outcome::Proposed => "新单位，待核",
        }
    }
}

/// What a name means.
#[derive(Clone, Debug)]
pub(crate) struct Resolved {
    pub(crate) outcome: Outcome,
    /// None for bodies of the whole country.
    pub(crate) unit: Option<UnitId>,
    /// Its lines of work.
    pub(crate) systems: Vec<SystemCode>,
    pub(crate) place: Option<PlaceCode>,
    /// What a person should know, in Chinese.
    pub(crate) note: String,
}

/// Reads the names of one document.
pub(crate) struct Names<'c> {
    pub(crate) catalogue: &'c Catalogue,
    bodies: Bodies,
    /// The place the document is for; none for the whole country.
    near: Option<PlaceCode>,
    /// The day on which its names held.
    on: Date,
    pub(crate) roll: Roll<'c>,
    known: HashMap<(String, Option<PlaceCode>), Resolved>,
}

impl<'c> Names<'c> {
    pub(crate) fn new(catalogue: &'c Catalogue, near: Option<PlaceCode>, on: Date, roll: Roll<'c>) -> Names<'c> {
        Names { catalogue, bodies: Bodies::new(catalogue), near, on, roll, known: HashMap::new() }
    }

    /// What a name means; `before` is the place of the name listed before it. The same name means the same all through
    /// the document. `None` for a name without content.
    pub(crate) fn resolve(&mut self, written: &str, before: Option<&PlaceCode>) -> Option<Resolved> {
        let name = plain(written);
        if name.chars().count() < 2 {
            return None;
        }
        let key = (name.clone(), before.cloned());
        if let Some(known) = self.known.get(&key) {
            return Some(known.clone());
        }
        let resolved = match self.near.clone() {
            None => self.national(&name),
            Some(near) => self.local(&name, written, &near, before),
        };
        self.known.insert(key, resolved.clone());
        Some(resolved)
    }

    fn local(&mut self, name: &str, written: &str, near: &PlaceCode, before: Option<&PlaceCode>) -> Resolved {
        if let Some(resolved) = self.tabled(name, written, near) {
            return resolved;
        }
        if collective::is_collective(name) || self.is_below(name, near) {
            return self.collective(name, written, near);
        }
        // 市委宣传部（市委网信办）: the name before the bracket decides, both are kept.
        if let Some((outer, inner)) =
            name.split_once('(').and_then(|(outer, rest)| Some((outer, rest.strip_suffix(')')?)))
            && outer.chars().count() >= 3
            && inner.chars().count() >= 3
        {
            let mut resolved = self.local(outer, outer, near, before);
            if let Some(unit) = resolved.unit.clone() {
                self.roll.add_alias(&unit, name);
                self.roll.add_alias(&unit, inner);
                resolved.note = join(&resolved.note, &format!("又称{inner}"));
            }
            return resolved;
        }
        let Some(parts) = parts(self.catalogue, &self.bodies, name, near, before) else {
            return self.unplaced(name, near);
        };
        if parts.systems.is_empty() && body::reform(&parts.body).is_none() {
            return self.proposed(&parts, name);
        }
        self.of_system(&parts, name, written)
    }

    /// Whether the mark of a name is of a level below the document's own: 市税务局 in a paper of the province means the one
    /// of every city.
    fn is_below(&self, name: &str, near: &PlaceCode) -> bool {
        let level = self.catalogue.place(near).map(|place| place.level);
        let marks: &[char] = match level {
            Some(Level::Province) => &['市', '县', '区', '州', '旗'],
            Some(Level::Prefecture) => &['县', '区', '旗'],
            _ => &[],
        };
        name.starts_with(marks) && without_mark(name).is_some() && self.bodies.systems(name).is_empty()
    }

    /// A name that the table or this document's earlier names have.
    fn tabled(&mut self, name: &str, written: &str, near: &PlaceCode) -> Option<Resolved> {
        if let Some(unit) = self.roll.named(name, near) {
            return Some(self.known_unit(&unit, Outcome::Known, String::new()));
        }
        let found = self.catalogue.resolve_unit(name, Some(near), self.on);
        let found = if found.is_empty() { self.catalogue.resolve_unit(written, Some(near), self.on) } else { found };
        let first = (*found.first()?).clone();
        let rivals: Vec<&Unit> = found.into_iter().skip(1).filter(|other| other.place == first.place).collect();
        let folded = fold_name(name);
        let renamed = !first.names().any(|own| fold_name(own) == folded || plain(own) == folded);
        let outcome = match (rivals.is_empty(), renamed) {
            (false, _) => Outcome::Ambiguous,
            (true, true) => Outcome::Reformed,
            (true, false) if first.collective => Outcome::Collective,
            (true, false) => Outcome::Known,
        };
        let note = match outcome {
            Outcome::Ambiguous => {
                let names: Vec<String> = rivals.iter().map(|unit| format!("{}（{}）", unit.name, unit.id)).collect();
                format!("也可能指{}", names.join("、"))
            }
            Outcome::Reformed => format!("现由{}承担", first.name),
            _ => String::new(),
        };
        Some(self.known_unit(&first, outcome, note))
    }

    fn known_unit(&mut self, unit: &Unit, outcome: Outcome, mut note: String) -> Resolved {
        self.roll.cite(&unit.id);
        if let Some(successor) = unit.successor.as_ref() {
            let name = self.catalogue.unit(successor).map_or(successor.as_str(), |unit| unit.name.as_str());
            let until = unit.effective_to.map_or_else(|| "后来".to_owned(), |day| format!("{day} 后"));
            note = join(&note, &format!("{until}由{name}承担"));
        }
        Resolved {
            outcome: if unit.collective { Outcome::Collective } else { outcome },
            unit: Some(unit.id.clone()),
            systems: unit.systems.clone(),
            place: Some(unit.place.clone()),
            note,
        }
    }

    fn collective(&mut self, name: &str, written: &str, near: &PlaceCode) -> Resolved {
        let key = collective::key(name);
        let same = |unit: &&Unit| {
            unit.collective && unit.place == *near && unit.names().any(|own| collective::key(&plain(own)) == key)
        };
        let known = self.catalogue.units().find(same).map(|unit| unit.id.clone());
        let id = match known.or_else(|| self.roll.collective(&key, near)) {
            Some(id) => {
                self.roll.cite(&id);
                self.roll.add_alias(&id, name);
                id
            }
            None => self.roll.add_collective(name, written, near, &key),
        };
        let note = "统称多个单位，不直接交办".to_owned();
        Resolved { outcome: Outcome::Collective, unit: Some(id), systems: Vec::new(), place: Some(near.clone()), note }
    }

    /// A body of a known system: the one the table has, or a new row.
    fn of_system(&mut self, parts: &Parts, name: &str, written: &str) -> Resolved {
        if let Some(reform) = body::reform(&parts.body) {
            return self.reformed(parts, name, reform);
        }
        let Some(system) = parts.systems.first() else { return self.proposed(parts, name) };
        let here = self.roll.of_system(&parts.place, system, self.on);
        let same = here
            .iter()
            .find(|unit| unit.names().any(|own| body::same(&self.roll.body_of(own, &unit.place), &parts.body)));
        if let Some(unit) = same.cloned() {
            self.roll.add_alias(&unit.id, name);
            self.roll.add_alias(&unit.id, written);
            return self.known_unit(&unit, Outcome::Spelling, format!("与{}为同一单位", unit.name));
        }
        let others: Vec<String> = here.iter().map(|unit| unit.name.clone()).collect();
        let unit = self.roll.list(parts, system, name);
        let several = parts.systems.len() > 1;
        let organ = body::is_organ(&parts.body);
        let (outcome, note) = if several {
            let systems: Vec<&str> = parts.systems.iter().map(SystemCode::as_str).collect();
            (Outcome::Ambiguous, format!("名称可属系统：{}；暂列{system}", systems.join("、")))
        } else if organ && !others.is_empty() {
            (Outcome::Ambiguous, format!("同属{system}系统的已有{}，请核对是否同一单位", others.join("、")))
        } else if !parts.told {
            (Outcome::Listed, "文中未写层级，按发文地认定".to_owned())
        } else {
            (Outcome::Listed, String::new())
        };
        Resolved { outcome, place: Some(unit.place), systems: unit.systems, unit: Some(unit.id), note }
    }

    /// A body of before a reform: listed as it was where the document is older, otherwise read as its successor.
    fn reformed(&mut self, parts: &Parts, name: &str, reform: body::Reform) -> Resolved {
        let system = SystemCode::new(reform.system);
        let successor = self.roll.main(&parts.place, &system, self.on);
        let Some(successor) = successor else { return self.proposed(parts, name) };
        if self.on > reform.until {
            self.roll.add_alias(&successor.id, name);
            let since = reform.until.tomorrow().unwrap_or(reform.until);
            let note = format!("旧名，{since} 起为{}", successor.name);
            return Resolved { note, ..self.known_unit(&successor, Outcome::Reformed, String::new()) };
        }
        let unit = self.roll.list_former(parts, &system, name, &successor.id, reform.until);
        let note = format!("{} 后由{}承担", reform.until, successor.name);
        Resolved {
            outcome: Outcome::Reformed,
            place: Some(unit.place),
            systems: unit.systems,
            unit: Some(unit.id),
            note,
        }
    }

    /// A body of no known name: its system guessed, for a person to look at.
    fn proposed(&mut self, parts: &Parts, name: &str) -> Resolved {
        let guess = self.bodies.above(&parts.body).and_then(|(_, systems)| systems.first().cloned());
        let guess = guess.or_else(|| self.bodies.systems_by_core(&parts.body).first().cloned());
        let guess = guess.or_else(|| self.by_terms(&parts.body));
        let unit = self.roll.propose(parts, guess.as_ref(), name);
        let note = match &guess {
            Some(system) => format!("系统按名称推测为{system}"),
            None => "未能判断系统，暂不交办".to_owned(),
        };
        Resolved {
            outcome: Outcome::Proposed,
            place: Some(unit.place),
            systems: unit.systems,
            unit: Some(unit.id),
            note,
        }
    }

    fn unplaced(&mut self, name: &str, near: &PlaceCode) -> Resolved {
        let parts = Parts { place: near.clone(), body: name.to_owned(), systems: Vec::new(), told: false };
        self.proposed(&parts, name)
    }

    /// The system whose terms weigh most in a name.
    fn by_terms(&self, body: &str) -> Option<SystemCode> {
        let mut weights: HashMap<&SystemCode, f64> = HashMap::new();
        for term in self.catalogue.terms().iter().filter(|term| body.contains(&term.term)) {
            *weights.entry(&term.system).or_default() += term.weight;
        }
        for system in self.catalogue.systems() {
            if body.contains(system.code.as_str()) || body.contains(&system.name) {
                *weights.entry(&system.code).or_default() += 3.0;
            }
        }
        let strong = weights.into_iter().filter(|(_, weight)| *weight >= GUESS_WEIGHT_MIN);
        let best = strong.max_by(|one, other| one.1.total_cmp(&other.1).then(other.0.cmp(one.0)));
        best.map(|(system, _)| system.clone())
    }

    fn national(&mut self, name: &str) -> Resolved {
        let stripped = ["国家", "全国", "国务院", "中央"].iter().find_map(|front| name.strip_prefix(front));
        let names =
            [Some(name), stripped, name.strip_suffix("总局"), stripped.and_then(|name| name.strip_suffix("总局"))];
        let systems = names.into_iter().flatten().map(|name| self.bodies.systems_by_core(name));
        let systems = systems.into_iter().find(|systems| !systems.is_empty()).unwrap_or_default();
        let system = systems.into_iter().next();
        let note = match &system {
            Some(system) => format!("在各地由{system}系统的主管部门承担"),
            None => "不对应某一系统".to_owned(),
        };
        Resolved { outcome: Outcome::National, unit: None, systems: system.into_iter().collect(), place: None, note }
    }
}

fn join(one: &str, other: &str) -> String {
    if one.is_empty() { other.to_owned() } else { format!("{one}；{other}") }
}
