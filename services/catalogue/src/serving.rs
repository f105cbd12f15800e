//! Which unit serves a system at a place on a day.

use std::borrow::Cow;

use huiyin_domain::{Level, PlaceCode, SystemCode, UnitId};
use jiff::civil::Date;

use crate::catalogue::Catalogue;
use crate::place::Place;
use crate::system::System;
use crate::unit::Unit;

impl Catalogue {
    /// The unit of a system that works for a place on a day. In this order:
    ///
    /// 1. a unit of the table in force that day, one whose main system it is first;
    /// 2. the successor in force of one that has ended, even where it belongs to another system;
    /// 3. where the table's unit was not yet there, the unit of the system's parent;
    /// 4. in a zone, its committee, unless the system is vertical;
    /// 5. a unit named after the system's pattern ([`Unit::derived`], id `{place}-{system}`);
    /// 6. for a vertical system without a body at this level, the one of the place above;
    /// 7. the unit of the system's parent.
    ///
    /// A street without a unit of its own for the system takes the one of the county above it. An older place stands for
    /// the one that took over from it. `None` for an unknown system or place, and where the level has no such body.
    /// Units of the table are borrowed, those named after a pattern are made.
    pub fn unit_at(&self, system: &SystemCode, place: &PlaceCode, on: Date) -> Option<Cow<'_, Unit>> {
        let mut system = self.system(system)?;
        let place = self.current_place(place)?;
        // A parent chain is checked to be without cycles; it is at most as long as there are systems.
        loop {
            if let Some(unit) = self.unit_of(system, place, on) {
                return Some(unit);
            }
            system = self.system(system.parent.as_ref()?)?;
        }
    }

    /// A unit of the table or a derived one by its id `{place}-{system}`, whatever the day.
    pub fn unit_by_id(&self, id: &UnitId) -> Option<Unit> {
        if let Some(unit) = self.unit(id) {
            return Some(unit.clone());
        }
        let (place, system) = id.as_str().split_once('-')?;
        self.derived(self.system(&SystemCode::new(system))?, self.place(&PlaceCode::new(place))?)
    }

    /// The office of the place's government, which keeps what nobody else holds. A street's is its county's, a zone's
    /// is its committee. Taken on the day the catalogue takes force.
    pub fn duty_office(&self, place: &PlaceCode) -> Option<Unit> {
        self.unit_at(&self.manifest.duty_office, place, self.effective_from()).map(Cow::into_owned)
    }

    fn unit_of<'c>(&'c self, system: &System, place: &Place, on: Date) -> Option<Cow<'c, Unit>> {
        let tabled = self.units_of.get(&place.code).and_then(|of_place| of_place.get(&system.code));
        let tabled = || tabled.into_iter().flatten().filter_map(|index| self.units.get(*index));
        let in_force = || tabled().filter(|unit| unit.in_force(on));
        let main = in_force().find(|unit| unit.systems.first() == Some(&system.code));
        let unit = main.or_else(|| in_force().next());
        if let Some(unit) = unit.or_else(|| tabled().find_map(|unit| self.successor_in_force(unit, on))) {
            return Some(Cow::Borrowed(unit));
        }
        if tabled().next().is_some() {
            return None;
        }
        if place.level == Level::Street {
            return match self.derived(system, place) {
                Some(unit) => Some(Cow::Owned(unit)),
                None => self.unit_of(system, self.place(place.parent.as_ref()?)?, on),
            };
        }
        if place.is_zone() && !system.vertical {
            return self.committee(place, on);
        }
        match self.derived(system, place) {
            Some(unit) => Some(Cow::Owned(unit)),
            None if system.vertical => self.unit_of(system, self.place(place.parent.as_ref()?)?, on),
            None => None,
        }
    }

    /// The unit that has taken over from `unit` and works on that day.
    pub(crate) fn successor_in_force<'c>(&'c self, unit: &'c Unit, on: Date) -> Option<&'c Unit> {
        let chain = std::iter::successors(Some(unit), |unit| self.unit(unit.successor.as_ref()?));
        chain.skip(1).find(|unit| unit.in_force(on))
    }

    fn committee(&self, zone: &Place, on: Date) -> Option<Cow<'_, Unit>> {
        let system = self.system(&self.manifest.zone)?;
        let tabled = self.units_of.get(&zone.code).and_then(|of_place| of_place.get(&system.code));
        let unit =
            tabled.into_iter().flatten().filter_map(|index| self.units.get(*index)).find(|unit| unit.in_force(on));
        unit.map(Cow::Borrowed).or_else(|| self.derived(system, zone).map(Cow::Owned))
    }

    /// A unit named after the pattern of its system, or none where that level has no such body.
    fn derived(&self, system: &System, place: &Place) -> Option<Unit> {
        let name = if place.level == Level::Street {
            if system.code != self.manifest.street {
                return None;
            }
            street_government(&place.name)
        } else if place.is_zone() && system.code == self.manifest.zone {
            if place.name.ends_with('局') { place.name.clone() } else { format!("{}管理委员会", place.name) }
        } else {
            let pattern = match place.level {
                Level::Province => system.province_pattern.as_deref(),
                Level::Prefecture => system.prefecture_pattern.as_deref(),
                Level::County if place.name.ends_with('区') && !place.is_zone() => {
                    system.district_pattern.as_deref().or(system.county_pattern.as_deref())
                }
                Level::County | Level::Street => system.county_pattern.as_deref(),
            }?;
            let parent = place.parent.as_ref().and_then(|parent| self.place(parent));
            let short = place.stem(parent);
            let parent = parent.map_or("", |parent| parent.name.as_str());
            filled(pattern, &[("{place}", &place.name), ("{short}", short), ("{parent}", parent)])
        };
        Some(Unit {
            id: UnitId::new([place.code.as_str(), "-", system.code.as_str()].concat()),
            name,
            aliases: Vec::new(),
            systems: vec![system.code.clone()],
            place: place.code.clone(),
            level: place.level,
            parent: None,
            effective_from: None,
            effective_to: None,
            successor: None,
            documents: Vec::new(),
            collective: false,
            derived: true,
        })
    }
}

/// A pattern with its marks replaced, in one pass: every post asks for such names.
fn filled(pattern: &str, marks: &[(&str, &str)]) -> String {
    let mut name = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern;
    while let Some((before, from)) = rest.find('{').and_then(|at| rest.split_at_checked(at)) {
        name.push_str(before);
        let known = marks.iter().find_map(|(mark, value)| Some((*value, from.strip_prefix(mark)?)));
        let (value, after) = known.unwrap_or_else(|| from.split_at(1));
        name.push_str(value);
        rest = after;
    }
    name.push_str(rest);
    name
}

/// Towns have governments, streets have offices of the district's government; farms and the like act under their name.
fn street_government(name: &str) -> String {
    if name.ends_with("街道") {
        format!("{name}办事处")
    } else if name.ends_with('镇') || name.ends_with('乡') {
        format!("{name}人民政府")
    } else {
        name.to_owned()
    }
}
