//! From the name of a body to its system, and from a written name to its place and body.

use std::collections::HashMap;

use huiyin_domain::{Level, PlaceCode, SystemCode};

use crate::adopting::body::{canonical, core, plain};
use crate::catalogue::Catalogue;
use crate::place::Place;
use crate::resolve::fold_name;

/// No name of a place is longer.
const PLACE_CHARS_MAX: usize = 16;
/// Words that begin with the mark of a level and do not mean it, unless the name goes on in one of these ways.
const NOT_MARKS: [(&str, &[&str]); 10] = [
    ("市场", &[]),
    ("市政", &["府", "务", "数", "法", "协", "研"]),
    ("市容", &[]),
    ("市民", &["政", "族", "宗", "防"]),
    ("省道", &[]),
    ("县道", &[]),
    ("区域", &[]),
    ("区块", &[]),
    ("区间", &[]),
    ("区划", &[]),
];
/// What stands before the place in the names of vertical and party bodies.
pub(crate) const FORERUNNERS: [&str; 4] = ["国家税务总局", "中国共产党", "中共", "国网"];

/// Systems by the names of their bodies.
pub(crate) struct Bodies {
    by_name: HashMap<String, Vec<SystemCode>>,
    by_core: HashMap<String, Vec<SystemCode>>,
}

/// A name read as place and body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Parts {
    /// The place it works for.
    pub(crate) place: PlaceCode,
    /// What is left of the name.
    pub(crate) body: String,
    /// The systems whose bodies are called so; empty for a body of no known name.
    pub(crate) systems: Vec<SystemCode>,
    /// The name itself tells its place or level.
    pub(crate) told: bool,
}

impl Bodies {
    pub(crate) fn new(catalogue: &Catalogue) -> Bodies {
        let mut bodies = Bodies { by_name: HashMap::new(), by_core: HashMap::new() };
        for system in catalogue.systems() {
            let patterns = [
                &system.province_pattern,
                &system.prefecture_pattern,
                &system.county_pattern,
                &system.district_pattern,
            ];
            let named = patterns.into_iter().flatten().map(|pattern| {
                let mut name = pattern.clone();
                for part in ["{parent}", "{place}", "{short}", "国家税务总局", "中共"] {
                    name = name.replace(part, "");
                }
                name
            });
            let called = system.bodies.iter().map(|body| without_mark(body).unwrap_or(body).to_owned());
            for name in called.chain(named).filter(|name| name.chars().count() >= 2) {
                let name = canonical(&plain(&name));
                add(&mut bodies.by_core, core(&name), &system.code);
                add(&mut bodies.by_name, &name, &system.code);
            }
        }
        bodies
    }

    /// Systems whose bodies are called so, as far as their names say.
    pub(crate) fn systems(&self, body: &str) -> Vec<SystemCode> {
        let name = canonical(body);
        let stripped = name.strip_prefix('委').unwrap_or(&name);
        let found = [name.as_str(), stripped].into_iter().find_map(|name| self.by_name.get(name));
        found.cloned().unwrap_or_default()
    }

    /// Like [`Bodies::systems`], and whatever word for its kind the name ends with: 教育部, 教育委员会.
    pub(crate) fn systems_by_core(&self, body: &str) -> Vec<SystemCode> {
        let exact = self.systems(body);
        if !exact.is_empty() {
            return exact;
        }
        let name = canonical(body);
        let core = core(&name);
        let known = (core.chars().count() >= 2).then(|| self.by_core.get(core)).flatten();
        known.cloned().unwrap_or_default()
    }

    /// The longest name of a body at the front of `body`, with its systems: 交通运输局 in 交通运输局路政大队.
    pub(crate) fn above(&self, body: &str) -> Option<(String, Vec<SystemCode>)> {
        let characters: Vec<char> = body.chars().collect();
        (2..characters.len()).rev().find_map(|length| {
            let front: String = characters.iter().take(length).collect();
            let systems = self.systems(&front);
            (!systems.is_empty()).then_some((front, systems))
        })
    }
}

/// Reads a plain name as place and body. `near` is the place of the document, `before` that of the name listed before
/// this one, which a name without a mark of its own follows (省工信厅、财政厅). The best reading first: one whose body is
/// known, then one whose place is told.
pub(crate) fn parts(
    catalogue: &Catalogue,
    bodies: &Bodies,
    name: &str,
    near: &PlaceCode,
    before: Option<&PlaceCode>,
) -> Option<Parts> {
    let name = FORERUNNERS.iter().find_map(|front| name.strip_prefix(front)).unwrap_or(name);
    let mut readings: Vec<Parts> = Vec::new();
    let mut read = |place: &Place, body: &str, told: bool| {
        let body = body.strip_prefix("委").filter(|rest| rest.ends_with(['部', '办', '校', '会'])).unwrap_or(body);
        if body.chars().count() >= 2 {
            let systems = match body {
                "人民政府" | "政府" if place.is_zone() => vec![catalogue.manifest().zone.clone()],
                "人民政府" | "政府" if place.level == Level::Street => vec![catalogue.manifest().street.clone()],
                "人民政府" | "政府" => vec![catalogue.manifest().duty_office.clone()],
                _ => bodies.systems(body),
            };
            readings.push(Parts { place: place.code.clone(), body: body.to_owned(), systems, told });
        }
    };
    if let Some((place, rest)) = named_place(catalogue, name, Some(near)).or_else(|| named_place(catalogue, name, None))
    {
        read(place, if rest.is_empty() { "人民政府" } else { &rest }, true);
        if let Some((inner, base)) = branch(catalogue, place, &rest) {
            read(inner, &base, true);
        }
    }
    if let (Some(mark), Some(rest)) = (name.chars().next(), without_mark(name))
        && let Some(place) = marked_place(catalogue, near, mark)
    {
        read(place, rest, true);
        if let Some((inner, base)) = branch(catalogue, place, rest) {
            read(inner, &base, true);
        }
    }
    let place = if name.ends_with('厅') { marked_place(catalogue, near, '省') } else { None };
    let place = place.or_else(|| catalogue.place(before.unwrap_or(near)));
    if let Some(place) = place {
        read(place, name, false);
    }
    let known = readings.iter().position(|parts| !parts.systems.is_empty());
    let chosen = known.or_else(|| (!readings.is_empty()).then_some(0))?;
    Some(readings.swap_remove(chosen))
}

/// The name without the mark of its level, where it has one.
pub(crate) fn without_mark(name: &str) -> Option<&str> {
    let rest = name.strip_prefix(['省', '市', '县', '区', '州', '旗'])?;
    let word = NOT_MARKS.iter().find_map(|(word, ways)| Some((name.strip_prefix(word)?, *ways)));
    let marked = word.is_none_or(|(after, ways)| ways.iter().any(|way| after.starts_with(way)));
    (marked && rest.chars().count() >= 2).then_some(rest)
}

/// The places that a name begins with, the innermost of them, and the rest of the name.
pub(crate) fn named_place<'c>(
    catalogue: &'c Catalogue,
    name: &str,
    inside: Option<&PlaceCode>,
) -> Option<(&'c Place, String)> {
    let mut rest: Vec<char> = name.chars().collect();
    let mut found: Option<&Place> = None;
    loop {
        let within = found.map(|place| place.code.clone()).or_else(|| inside.cloned());
        let next = (2..=rest.len().min(PLACE_CHARS_MAX)).rev().find_map(|length| {
            let front: String = rest.iter().take(length).collect();
            let indexes = catalogue.place_names.get(&fold_name(&front))?;
            let mut places = indexes.iter().filter_map(|index| catalogue.places.get(*index));
            let place = places.find(|place| {
                place.successor.is_none() && within.as_ref().is_none_or(|outer| catalogue.contains(outer, &place.code))
            })?;
            Some((length, place))
        });
        match next {
            // A whole name of a street means its government, of a zone its committee; of other places it is no body.
            Some((length, place)) if length < rest.len() || place.level == Level::Street || place.is_zone() => {
                rest.drain(..length);
                found = Some(place);
            }
            _ => break,
        }
    }
    found.map(|place| (place, rest.into_iter().collect()))
}

/// The place that a mark of a level means near a place: the nearest one that is called so.
fn marked_place<'c>(catalogue: &'c Catalogue, near: &PlaceCode, mark: char) -> Option<&'c Place> {
    let above = catalogue.ancestors(near);
    let called = above.iter().copied().find(|place| match mark {
        '省' => place.level == Level::Province,
        '市' | '州' => matches!(place.level, Level::Prefecture | Level::County) && place.name.ends_with(mark),
        '县' | '区' | '旗' => place.level == Level::County && place.name.ends_with(mark),
        _ => false,
    });
    // A county that has become a district or city keeps its old mark in older papers; 省 also stands for a region.
    called.or_else(|| {
        above.into_iter().find(|place| match mark {
            '省' => place.level == Level::Province,
            '县' | '区' | '旗' => place.level == Level::County,
            _ => place.level == Level::Prefecture,
        })
    })
}

/// A branch of a body for a place inside: 医疗保障局龙南分局 → 龙南, 医疗保障局.
fn branch<'c>(catalogue: &'c Catalogue, outer: &Place, rest: &str) -> Option<(&'c Place, String)> {
    let trunk = ["分局", "分公司", "管理部", "办事处", "大队", "支队"].iter().find_map(|end| rest.strip_suffix(end))?;
    let end = rest.strip_prefix(trunk).unwrap_or_default();
    let inner = catalogue.children(&outer.code).find_map(|place| {
        let stem = place.stem(Some(outer));
        place.names().chain([stem]).find_map(|name| Some((place, trunk.strip_suffix(name)?.to_owned())))
    });
    inner.map(|(place, base)| match end {
        "大队" | "支队" => (place, format!("{base}{end}")),
        _ => (place, base),
    })
}

fn add(map: &mut HashMap<String, Vec<SystemCode>>, name: &str, system: &SystemCode) {
    let systems = map.entry(name.to_owned()).or_default();
    if !systems.contains(system) {
        systems.push(system.clone());
    }
}
