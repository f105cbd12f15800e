//! Places: administrative divisions and the zones governed beside them.

use std::collections::BTreeMap;

use huiyin_domain::{Level, PlaceCode};
use jiff::civil::Date;

use crate::fault::{Faults, Spot};
use crate::table::Table;

pub(crate) const FILE: &str = "places.csv";

/// An administrative division, or a zone with a committee of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Six digits of GB/T 2260 to county, nine statistical digits below; zones have `X`, the parent's code, two digits.
    pub code: PlaceCode,
    /// Official name: 广丰区.
    pub name: String,
    /// Name without its kind: 广丰. Blank in the table means the same as the name.
    pub short: String,
    /// Level; a zone is of county level.
    pub level: Level,
    /// The place that governs it; only the province has none.
    pub parent: Option<PlaceCode>,
    /// Other names, older ones included.
    pub aliases: Vec<String>,
    /// First day in force; open when not known.
    pub effective_from: Option<Date>,
    /// Last day in force; open while it lasts.
    pub effective_to: Option<Date>,
    /// The place that took over from this one.
    pub successor: Option<PlaceCode>,
}

impl Place {
    /// Whether this is a development zone or the like, governed by a committee, not a division of the state.
    pub fn is_zone(&self) -> bool {
        self.code.as_str().starts_with('X')
    }

    /// The short name bodies use in their own names (东湖 in 南昌市公安局东湖分局), also where the table gives none because
    /// people would misread it. 南昌县 keeps its kind: it shares its short name with the city above.
    pub fn stem(&self, parent: Option<&Place>) -> &str {
        if self.short != self.name {
            return &self.short;
        }
        let stem = self.name.strip_suffix(['市', '县', '区']).filter(|stem| stem.chars().count() >= 2);
        stem.filter(|stem| parent.is_none_or(|parent| parent.short != *stem)).unwrap_or(&self.name)
    }

    /// Whether the place exists on a day. One that has a successor but no known last day counts as gone.
    pub fn in_force(&self, on: Date) -> bool {
        in_force(self.effective_from, self.effective_to, self.successor.is_some(), on)
    }

    /// Every name of the place, the official one first, each once.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let short = (self.short != self.name).then_some(self.short.as_str());
        std::iter::once(self.name.as_str()).chain(short).chain(self.aliases.iter().map(String::as_str))
    }
}

/// A period is closed on both days; a successor without a date of handing over means "at some time before now".
pub(crate) fn in_force(from: Option<Date>, to: Option<Date>, succeeded: bool, on: Date) -> bool {
    from.is_none_or(|from| from <= on) && to.map_or(!succeeded, |to| on <= to)
}

pub(crate) fn read(files: &BTreeMap<String, Vec<u8>>, faults: &mut Faults) -> Option<Vec<(Spot, Place)>> {
    let required = ["code", "name", "short", "level", "parent", "aliases", "effective_from", "effective_to"];
    let table = Table::read(files, FILE, &required, &["successor", "note"], faults)?;
    let mut places = Vec::new();
    for row in table.rows() {
        let code = row.required("code", faults);
        let name = row.required("name", faults);
        let level = row.level("level", faults);
        if row.get("level").is_none() {
            faults.add(row.spot, "level", "不能为空", "填 province、prefecture、county 或 street");
        }
        let aliases = row.list("aliases", faults);
        let (effective_from, effective_to) = row.period(faults);
        let (Some(code), Some(name), Some(level)) = (code, name, level) else { continue };
        if !is_code(&code) {
            let message = format!("“{code}”不是区划代码");
            faults.add(
                row.spot,
                "code",
                message,
                "县以上 6 位数字，乡镇街道 9 位，自编的为 X 加上级代码加两位；该列设为文本格式",
            );
        }
        let short = row.owned("short").unwrap_or_else(|| name.clone());
        let parent = row.get("parent").map(PlaceCode::new);
        let successor = row.get("successor").map(PlaceCode::new);
        let code = PlaceCode::new(code);
        places.push((
            row.spot,
            Place { code, name, short, level, parent, aliases, effective_from, effective_to, successor },
        ));
    }
    Some(places)
}

fn is_code(code: &str) -> bool {
    let (digits, lengths): (&str, &[usize]) = match code.strip_prefix('X') {
        Some(rest) => (rest, &[8, 11]),
        None => (code, &[6, 9]),
    };
    lengths.contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn codes() {
        for (code, valid) in [
            ("360000", true),
            ("360783202", true),
            ("X36010001", true),
            ("3600", false),
            ("3.6E5", false),
            ("X36", false),
        ] {
            assert_eq!(is_code(code), valid, "{code}");
        }
    }

    #[test]
    fn periods_include_both_days() {
        let (from, to) = (Some(date(2019, 1, 1)), Some(date(2020, 6, 30)));
        for (from, to, succeeded, on, expected) in [
            (from, to, true, date(2020, 6, 30), true),
            (from, to, true, date(2020, 7, 1), false),
            (from, to, true, date(2018, 12, 31), false),
            (None, None, false, date(2018, 12, 31), true),
            (None, None, true, date(2018, 12, 31), false),
        ] {
            assert_eq!(in_force(from, to, succeeded, on), expected, "{from:?} {to:?} {on}");
        }
    }
}
