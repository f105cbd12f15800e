//! The national gazetteer: every division of China down to county, and its townships and streets.
//!
//! Compiled in, so that telling our places from others needs no file of the installation. Source, licence and how the
//! data are derived: `data/README.md`. A catalogue's own places come before the gazetteer's.

use std::collections::HashMap;
use std::sync::LazyLock;

use huiyin_domain::{Level, PlaceCode};

use crate::place::Place;

const DIVISIONS: &str = include_str!("../data/divisions.csv");
const STREETS: &str = include_str!("../data/streets.csv");
/// Digits of a county's code in GB/T 2260.
const COUNTY_DIGITS: usize = 6;

/// A division of the state at or above county level, or a zone without a code of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Division {
    /// Six digits of GB/T 2260; zones have `X`, the parent's code, two digits.
    pub code: &'static str,
    /// Official name: 长沙市.
    pub name: &'static str,
    /// Name without its kind: 长沙. The name itself where the short one would be read as an everyday word.
    pub short: &'static str,
    /// Other names, former ones included.
    pub aliases: Vec<&'static str>,
    /// A zone is of county level.
    pub level: Level,
    /// Code of the division above; only provinces have none.
    pub parent: Option<&'static str>,
}

impl Division {
    /// Every name, the official one first, each once.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        let short = (self.short != self.name).then_some(self.short);
        std::iter::once(self.name).chain(short).chain(self.aliases.iter().copied())
    }
}

struct Gazetteer {
    divisions: Vec<Division>,
    index: HashMap<&'static str, usize>,
}

static GAZETTEER: LazyLock<Gazetteer> = LazyLock::new(|| {
    let lines = || DIVISIONS.lines().skip(1).filter_map(|line| line.split_once(',')).map(|(code, _)| code);
    let codes: HashMap<&'static str, usize> = lines().zip(0..).collect();
    let divisions = DIVISIONS.lines().skip(1).filter_map(|line| division_of(line, &codes)).collect();
    Gazetteer { divisions, index: codes }
});

/// Every division, in order of code, each zone after its parent.
pub fn divisions() -> &'static [Division] {
    &GAZETTEER.divisions
}

/// A division by its code.
pub fn division(code: &str) -> Option<&'static Division> {
    GAZETTEER.index.get(code).and_then(|index| GAZETTEER.divisions.get(*index))
}

/// Townships and streets of a county or zone: statistical code of nine digits (or the zone's with three more) and name.
pub fn streets_of(county: &str) -> Vec<(String, &'static str)> {
    let line = STREETS.lines().find_map(|line| line.strip_prefix(county)?.strip_prefix(','));
    let streets = line.into_iter().flat_map(|line| line.split('|'));
    streets.filter_map(|street| Some((format!("{county}{}", street.get(..3)?), street.get(3..)?))).collect()
}

/// A region as rows of `places.csv`: the divisions above it, itself, and all below it down to townships and streets.
/// Empty for an unknown code.
pub fn places_of(region: &str) -> Vec<Place> {
    let Some(region) = division(region) else { return Vec::new() };
    let above = std::iter::successors(Some(region), |inner| inner.parent.and_then(division));
    let mut above: Vec<&Division> = above.skip(1).collect();
    above.reverse();
    let inside = divisions().iter().filter(|one| {
        std::iter::successors(Some(*one), |inner| inner.parent.and_then(division)).any(|one| one.code == region.code)
    });
    let inside: Vec<&Division> = inside.collect();
    let streets = inside.iter().flat_map(|county| {
        streets_of(county.code)
            .into_iter()
            .map(|(code, name)| place(&code, name, name, Level::Street, Some(county.code)))
    });
    let divisions = above.iter().chain(&inside).map(|division| {
        let mut place = place(division.code, division.name, division.short, division.level, division.parent);
        place.aliases = division.aliases.iter().map(|alias| (*alias).to_owned()).collect();
        place
    });
    divisions.chain(streets).collect()
}

fn place(code: &str, name: &str, short: &str, level: Level, parent: Option<&str>) -> Place {
    Place {
        code: PlaceCode::new(code),
        name: name.to_owned(),
        short: short.to_owned(),
        level,
        parent: parent.map(PlaceCode::new),
        aliases: Vec::new(),
        effective_from: None,
        effective_to: None,
        successor: None,
    }
}

fn division_of(line: &'static str, codes: &HashMap<&'static str, usize>) -> Option<Division> {
    let mut fields = line.split(',');
    let (code, name, short) = (fields.next()?, fields.next()?, fields.next()?);
    let aliases = fields.next()?.split('|').filter(|alias| !alias.is_empty()).collect();
    let level = match code {
        zone if zone.starts_with('X') => Level::County,
        province if province.ends_with("0000") => Level::Province,
        prefecture if prefecture.ends_with("00") => Level::Prefecture,
        _ => Level::County,
    };
    let short = if short.is_empty() { name } else { short };
    Some(Division { code, name, short, aliases, level, parent: parent_of(code, codes) })
}

/// A county of a municipality, or one under the province itself, has no prefecture above it.
fn parent_of(code: &'static str, codes: &HashMap<&'static str, usize>) -> Option<&'static str> {
    if let Some(zone) = code.strip_prefix('X') {
        let above = zone.get(..COUNTY_DIGITS)?;
        return codes.get_key_value(above).map(|(above, _)| *above);
    }
    let above =
        [(4, "00"), (2, "0000")].map(|(digits, zeros)| code.get(..digits).map(|start| format!("{start}{zeros}")));
    let mut above = above.into_iter().flatten().filter(|above| above != code);
    above.find_map(|above| codes.get_key_value(above.as_str()).map(|(above, _)| *above))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn divisions_and_their_parents() {
        let counts = [Level::Province, Level::Prefecture, Level::County]
            .map(|level| divisions().iter().filter(|one| one.level == level && !one.code.starts_with('X')).count());
        assert_eq!(counts, [34, 333, 2850]);
        assert!(!DIVISIONS.contains('"') && !STREETS.contains('"'), "fields are split at commas");
        for (code, name, parent) in [
            ("110105", "朝阳区", Some("110000")),
            ("360783", "龙南市", Some("360700")),
            ("429004", "仙桃市", Some("420000")),
            ("500101", "万州区", Some("500000")),
            ("441900", "东莞市", Some("440000")),
            ("X32050076", "苏州工业园区", Some("320500")),
            ("360000", "江西省", None),
        ] {
            let found = division(code).unwrap();
            assert_eq!((found.name, found.parent), (name, parent), "{code}");
        }
        assert!(division("360199").is_none());
        let orphans = divisions().iter().filter(|one| one.parent.is_none() && one.level != Level::Province);
        assert_eq!(orphans.count(), 0);
    }

    #[test]
    fn names() {
        for (code, names) in [
            ("422800", vec!["恩施土家族苗族自治州", "恩施", "恩施州"]),
            ("371100", vec!["日照市"]),
            ("450000", vec!["广西壮族自治区", "广西"]),
            ("350405", vec!["沙县区", "沙县"]),
        ] {
            let found: Vec<&str> = division(code).unwrap().names().collect();
            assert_eq!(found, names, "{code}");
        }
    }

    #[test]
    fn a_region_down_to_its_streets() {
        let places = places_of("360700");
        let first: Vec<&str> = places.iter().take(3).map(|place| place.name.as_str()).collect();
        assert_eq!(first, ["江西省", "赣州市", "章贡区"]);
        assert!(places.iter().any(|place| place.name == "龙南镇" && place.code.as_str() == "360783100"));
        assert!(places.iter().all(|place| place.code.as_str().starts_with("36")));
        assert_eq!(places_of("990000"), []);
        assert_eq!(streets_of("990000"), []);
        assert!(places_of("X32050076").iter().any(|place| place.level == Level::Street));
    }
}
