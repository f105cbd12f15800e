//! Administrative levels, and how two places lie to each other by their codes.

use serde::{Deserialize, Serialize};

use crate::PlaceCode;

/// Level of a place or of the unit that governs it, highest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 省级
    Province,
    /// 设区市
    Prefecture,
    /// 县（市、区）
    County,
    /// 乡镇（街道）
    Street,
}

impl Level {
    /// Reads the word used in files: `province`, `prefecture`, `county` or `street`.
    pub fn parse(word: &str) -> Option<Level> {
        match word {
            "province" => Some(Level::Province),
            "prefecture" => Some(Level::Prefecture),
            "county" => Some(Level::County),
            "street" => Some(Level::Street),
            _ => None,
        }
    }

    /// The word used in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Province => "province",
            Level::Prefecture => "prefecture",
            Level::County => "county",
            Level::Street => "street",
        }
    }
}

/// How one place lies to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// The same place.
    Same,
    /// The other lies in this one.
    Contains,
    /// This one lies in the other.
    Within,
    /// Neither lies in the other.
    Apart,
}

impl PlaceCode {
    /// How this place lies to the other, by the structure of their codes. A zone (`X36010001`) lies in the place whose code
    /// stands after the `X` and in what that lies in; it is apart from the counties beside it, whose land it may share.
    pub fn relation(&self, other: &PlaceCode) -> Relation {
        if self == other {
            return Relation::Same;
        }
        match (self.stem(), other.stem()) {
            (one, other) if one == other => Relation::Same,
            ((one, ""), (other, _)) if other.starts_with(one) => Relation::Contains,
            ((one, _), (other, "")) if one.starts_with(other) => Relation::Within,
            _ => Relation::Apart,
        }
    }

    /// Whether the other place is this one or lies in it.
    pub fn contains(&self, other: &PlaceCode) -> bool {
        matches!(self.relation(other), Relation::Same | Relation::Contains)
    }

    /// The division one level below a region of `level` in which this place lies, or which it is: the city in a province, the
    /// county in a city, the street in a county. None for the region itself, for its own zones, and without a code.
    pub fn division_below(&self, level: Level) -> Option<PlaceCode> {
        const CITY_DIGITS: usize = 4;
        const COUNTY_DIGITS: usize = 6;
        const STREET_DIGITS: usize = 9;
        let (digits, zone) = self.stem();
        let own = |count: usize| digits.get(..count).filter(|_| zone.is_empty()).map(PlaceCode::new);
        match level {
            Level::Province => digits.get(..CITY_DIGITS).map(|city| PlaceCode::new(format!("{city}00"))),
            Level::Prefecture => own(COUNTY_DIGITS),
            Level::County | Level::Street => own(STREET_DIGITS),
        }
    }

    /// The digits that a place and everything in it share (36 for 360000, 361103 for 361103001), and the number of a zone,
    /// whose code is `X`, the code of the place it lies in, and that number.
    pub fn stem(&self) -> (&str, &str) {
        let code = self.as_str();
        let (digits, zone) = match code.strip_prefix('X') {
            Some(rest) => rest.char_indices().nth(6).map_or((rest, ""), |(at, _)| rest.split_at(at)),
            None => (code, ""),
        };
        let shorter = if digits.chars().count() == 6 {
            digits.strip_suffix("0000").or_else(|| digits.strip_suffix("00"))
        } else {
            None
        };
        (shorter.unwrap_or(digits), zone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems() {
        for (code, expected) in [
            ("360000", ("36", "")),
            ("361100", ("3611", "")),
            ("361103", ("361103", "")),
            ("361103001", ("361103001", "")),
            ("X36110001", ("3611", "01")),
            ("X36110302", ("361103", "02")),
            ("X36", ("36", "")),
            ("", ("", "")),
            ("省市县乡村组", ("省市县乡村组", "")),
        ] {
            assert_eq!(PlaceCode::new(code).stem(), expected, "{code}");
        }
    }

    #[test]
    fn divisions_one_level_below_a_region() {
        for (code, region, expected) in [
            ("360102", Level::Province, Some("360100")),
            ("360102001", Level::Province, Some("360100")),
            ("360100", Level::Province, Some("360100")),
            ("X36010001", Level::Province, Some("360100")),
            ("X36000001", Level::Province, None),
            ("360000", Level::Province, None),
            ("", Level::Province, None),
            ("360102001", Level::Prefecture, Some("360102")),
            ("360100", Level::Prefecture, None),
            ("X36010001", Level::Prefecture, None),
            ("360102001", Level::County, Some("360102001")),
            ("360102", Level::County, None),
        ] {
            let below = PlaceCode::new(code).division_below(region);
            assert_eq!(below.as_ref().map(PlaceCode::as_str), expected, "{code} in a {}", region.as_str());
        }
    }

    #[test]
    fn what_lies_in_what() {
        for (one, other, expected) in [
            ("361103", "361103", Relation::Same),
            ("361100", "361103", Relation::Contains),
            ("361100", "361103001", Relation::Contains),
            ("361103001", "360000", Relation::Within),
            ("361103", "361102", Relation::Apart),
            ("361103", "360100", Relation::Apart),
            ("360100", "X36010001", Relation::Contains),
            ("X36010001", "360100", Relation::Within),
            ("X36010001", "360000", Relation::Within),
            ("X36010001", "360102", Relation::Apart),
            ("X36010001", "360102001", Relation::Apart),
            ("X36010001", "X36010002", Relation::Apart),
            ("X36010001", "360200", Relation::Apart),
            ("X36012101", "360121", Relation::Within),
            ("361103001", "361103002", Relation::Apart),
        ] {
            let (one_code, other_code) = (PlaceCode::new(one), PlaceCode::new(other));
            assert_eq!(one_code.relation(&other_code), expected, "{one} {other}");
            let back = match expected {
                Relation::Contains => Relation::Within,
                Relation::Within => Relation::Contains,
                same => same,
            };
            assert_eq!(other_code.relation(&one_code), back, "{other} {one}");
            assert_eq!(one_code.contains(&other_code), matches!(expected, Relation::Same | Relation::Contains));
        }
    }
}
