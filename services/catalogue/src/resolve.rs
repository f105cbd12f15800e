//! From a name in a text or document to the unit it means.

use huiyin_domain::{Level, PlaceCode};
use jiff::civil::Date;

use crate::catalogue::Catalogue;
use crate::place::Place;
use crate::unit::Unit;

/// No name of a place or body is longer; a longer prefix need not be looked up.
const NAME_CHARS_MAX: usize = 24;

impl Catalogue {
    /// Units of the table that a name means on a day. Widths, brackets and white space do not matter.
    ///
    /// A name that tells its place (龙南生态环境局) means the same everywhere. One that does not (市发改委, 区教体局) is
    /// read from `near`: units of that place and those above it, the nearest first, then those of a county's streets;
    /// without `near`, all of them.
    /// A unit that has ended gives its successor in force; one that has none is left out.
    pub fn resolve_unit(&self, name: &str, near: Option<&PlaceCode>, on: Date) -> Vec<&Unit> {
        let name = fold_name(name);
        let above: Option<Vec<&Place>> =
            near.and_then(|near| self.current_place(near)).map(|near| self.ancestors(&near.code));
        let mut found: Vec<(usize, &Unit)> = Vec::new();
        for index in self.unit_names.get(&name).into_iter().flatten() {
            let Some(named) = self.units.get(*index) else { continue };
            let unit = if named.in_force(on) { Some(named) } else { self.successor_in_force(named, on) };
            let Some(unit) = unit.filter(|unit| found.iter().all(|(_, other)| other.id != unit.id)) else { continue };
            let distance = match &above {
                None => 0,
                Some(above) => match above.iter().position(|place| place.code == named.place) {
                    Some(distance) => distance,
                    None if self.tells_place(&name, named) || self.within_county(above, named) => above.len(),
                    None => continue,
                },
            };
            found.push((distance, unit));
        }
        found.sort_by_key(|(distance, _)| *distance); // stable: table order within one distance
        found.into_iter().map(|(_, unit)| unit).collect()
    }

    /// Like [`Catalogue::resolve_unit`], and where the table has no such name, reads it as place and body of a system:
    /// 广昌县教体局, or 县教体局 near 广昌县. Those units may be derived.
    pub fn resolve_body(&self, name: &str, near: Option<&PlaceCode>, on: Date) -> Vec<Unit> {
        let tabled = self.resolve_unit(name, near, on);
        if !tabled.is_empty() {
            return tabled.into_iter().cloned().collect();
        }
        let name = fold_name(name);
        let near = near.and_then(|near| self.current_place(near));
        let (place, body) = self.split_place(&name, near);
        let Some(place) = place else { return self.named_by_rule(&name, on) };
        let mut found: Vec<Unit> = Vec::new();
        for system in &self.systems {
            let called = system.bodies.iter().any(|known| fold_name(known) == body);
            if let Some(unit) = self.unit_at(&system.code, &place.code, on)
                // By a name of the line of work, or by the very name derived for this place.
                && (called || fold_name(&unit.name).ends_with(&name))
                && found.iter().all(|other| other.id != unit.id)
            {
                found.push(unit.into_owned());
            }
        }
        if found.is_empty() { self.named_by_rule(&name, on) } else { found }
    }

    /// The unit whose derived name this is, also where it begins with the place above its own: 南昌市公安局东湖分局.
    fn named_by_rule(&self, name: &str, on: Date) -> Vec<Unit> {
        let same = |unit: &Unit| fold_name(&unit.name) == name;
        self.find_units(name, None, on, usize::MAX).into_iter().filter(same).collect()
    }

    /// Cuts the names of places off the front of a body's name; what is left names the body.
    fn split_place<'c>(&'c self, name: &str, near: Option<&'c Place>) -> (Option<&'c Place>, String) {
        let mut rest: Vec<char> = name.chars().collect();
        let mut place = None;
        while let Some((length, found)) = self.longest_place(&rest, place) {
            rest.drain(..length);
            place = Some(found);
        }
        if place.is_none()
            && let (Some(near), Some(mark)) = (near, rest.first().copied())
        {
            place = self.ancestors(&near.code).into_iter().find(|place| match mark {
                '省' => place.level == Level::Province,
                '市' => matches!(place.level, Level::Prefecture | Level::County) && place.name.ends_with('市'),
                '县' | '区' => place.level == Level::County && place.name.ends_with(mark),
                _ => false,
            });
            if place.is_some() {
                rest.remove(0);
            } else {
                place = Some(near);
            }
        }
        (place, rest.into_iter().collect())
    }

    /// The longest place name at the front, inside the place already found.
    fn longest_place<'c>(&'c self, name: &[char], inside: Option<&'c Place>) -> Option<(usize, &'c Place)> {
        (2..=name.len().min(NAME_CHARS_MAX)).rev().find_map(|length| {
            let prefix: String = name.iter().take(length).collect();
            let places = self.place_names.get(&prefix)?.iter().filter_map(|index| self.places.get(*index));
            let mut current = places.filter(|place| {
                place.successor.is_none()
                    && place.level <= Level::County
                    && inside.is_none_or(|outer| self.contains(&outer.code, &place.code))
            });
            current.next().map(|place| (length, place))
        })
    }

    /// Whether the unit works inside the county that the name is read from.
    fn within_county(&self, above: &[&Place], unit: &Unit) -> bool {
        above.first().is_some_and(|near| near.level == Level::County && self.contains(&near.code, &unit.place))
    }

    /// Whether a unit's name names its place, or one above it below the region's top, and so means the same everywhere.
    fn tells_place(&self, name: &str, unit: &Unit) -> bool {
        self.ancestors(&unit.place).iter().any(|place| place.names().any(|own| name.contains(&fold_name(own))))
    }
}

/// A name with widths, brackets and white space made alike.
pub(crate) fn fold_name(name: &str) -> String {
    let folded = name.chars().filter(|character| !character.is_whitespace());
    folded
        .map(|character| match character {
            '（' | '〔' | '[' | '【' | '﹝' => '(',
            '）' | '〕' | ']' | '】' | '﹞' => ')',
            '！'..='～' => char::from_u32(character as u32 - 0xFEE0).unwrap_or(character),
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_folded() {
        for (name, expected) in [
            ("各市、县〔区〕人民政府", "各市、县(区)人民政府"),
            ("各市、县(区) 人民政府", "各市、县(区)人民政府"),
            ("市委宣传部（市委网信办）", "市委宣传部(市委网信办)"),
            ("１２３４５热线", "12345热线"),
        ] {
            assert_eq!(fold_name(name), expected);
        }
    }
}
