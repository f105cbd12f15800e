//! Systems: lines of work that have a body at every level.

use std::collections::BTreeMap;

use huiyin_domain::SystemCode;

use crate::fault::{Faults, Spot};
use crate::table::Table;

pub(crate) const FILE: &str = "systems.csv";

const PATTERNS: [&str; 4] = ["province_pattern", "prefecture_pattern", "county_pattern", "district_pattern"];

/// A line of work (系统): 教育, 住建, 城管 …
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct System {
    /// The Chinese label is the code.
    pub code: SystemCode,
    /// Its name in full.
    pub name: String,
    /// Whether its bodies answer to their own body above and not to the government of the place (税务、气象、海关 …).
    pub vertical: bool,
    /// What its bodies are called without a place: 教育局, 教体局. For finding mentions of them in a text.
    pub bodies: Vec<String>,
    /// How the provincial body is called; `{place}`, `{short}` and `{parent}` stand for names of places.
    pub province_pattern: Option<String>,
    /// How the body of a prefecture-level city is called.
    pub prefecture_pattern: Option<String>,
    /// How the body of a county is called.
    pub county_pattern: Option<String>,
    /// How the body of a city district is called, where that differs from a county's.
    pub district_pattern: Option<String>,
    /// The system it is part of or that oversees it: 交警 → 公安, 房产 → 住建.
    pub parent: Option<SystemCode>,
    /// Remark.
    pub note: String,
}

pub(crate) fn read(files: &BTreeMap<String, Vec<u8>>, faults: &mut Faults) -> Option<Vec<(Spot, System)>> {
    let required = ["code", "name", "vertical", "province_pattern", "prefecture_pattern", "county_pattern"];
    let optional = ["district_pattern", "bodies", "parent", "note"];
    let table = Table::read(files, FILE, &required, &optional, faults)?;
    let mut systems = Vec::new();
    for row in table.rows() {
        let code = row.required("code", faults);
        let name = row.required("name", faults);
        let vertical = row.flag("vertical", faults);
        let bodies = row.list("bodies", faults);
        for field in PATTERNS {
            if let Some(message) = row.get(field).and_then(|pattern| pattern_fault(pattern, field)) {
                faults.add(
                    row.spot,
                    field,
                    message,
                    "可用 {place}（本地全称）、{short}（本地简称）、{parent}（上级地名）",
                );
            }
        }
        let (Some(code), Some(name)) = (code, name) else { continue };
        let system = System {
            code: SystemCode::new(code),
            name,
            vertical,
            bodies,
            province_pattern: row.owned("province_pattern"),
            prefecture_pattern: row.owned("prefecture_pattern"),
            county_pattern: row.owned("county_pattern"),
            district_pattern: row.owned("district_pattern"),
            parent: row.get("parent").map(SystemCode::new),
            note: row.owned("note").unwrap_or_default(),
        };
        systems.push((row.spot, system));
    }
    Some(systems)
}

/// Below the province a pattern without a place would give every body the same name.
fn pattern_fault(pattern: &str, field: &str) -> Option<String> {
    let mut rest = pattern.to_owned();
    for known in ["{place}", "{short}", "{parent}"] {
        rest = rest.replace(known, "");
    }
    if rest.contains(['{', '}']) {
        return Some(format!("“{pattern}”中有不认识的占位符"));
    }
    let own = pattern.contains("{place}") || pattern.contains("{short}");
    (!own && field != "province_pattern").then(|| format!("“{pattern}”中没有本地地名"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        for (pattern, field, faulty) in [
            ("{place}教育局", "prefecture_pattern", false),
            ("{parent}{short}生态环境局", "county_pattern", false),
            ("江西省教育厅", "province_pattern", false),
            ("教育局", "county_pattern", true),
            ("{parent}教育局", "county_pattern", true),
            ("{地名}教育局", "county_pattern", true),
            ("{place教育局", "county_pattern", true),
        ] {
            assert_eq!(pattern_fault(pattern, field).is_some(), faulty, "{pattern}");
        }
    }
}
