//! Terms that speak for a system, and the names of places that are not ours.

use std::collections::BTreeMap;

use huiyin_domain::SystemCode;

use crate::fault::{Faults, Spot};
use crate::table::Table;

pub(crate) const FILE: &str = "terms.csv";
pub(crate) const ELSEWHERE_FILE: &str = "elsewhere.csv";

/// Least and greatest weight of a term.
pub(crate) const WEIGHTS: std::ops::RangeInclusive<f64> = 1.0..=5.0;

/// A word or short phrase of the public that speaks for a system.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// The word, in simplified characters.
    pub term: String,
    /// The system it speaks for; the same word may speak for several.
    pub system: SystemCode,
    /// From 1.0 (a hint) to 5.0 (decides alone).
    pub weight: f64,
    /// Remark.
    pub note: String,
}

/// A province or prefecture-level city outside the region, so that posts about it can be told apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elsewhere {
    /// Name as people write it, in full or short.
    pub name: String,
    /// Its code in GB/T 2260.
    pub code: String,
}

pub(crate) fn read(files: &BTreeMap<String, Vec<u8>>, faults: &mut Faults) -> Option<Vec<(Spot, Term)>> {
    let table = Table::read(files, FILE, &["term", "system", "weight", "note"], &[], faults)?;
    let mut terms = Vec::new();
    for row in table.rows() {
        let term = row.required("term", faults);
        let system = row.required("system", faults);
        let weight = row.number("weight", faults);
        if row.get("weight").is_none() {
            faults.add(row.spot, "weight", "不能为空", "填 1.0 到 5.0 之间的数");
        }
        if let Some(weight) = weight.filter(|weight| !WEIGHTS.contains(weight)) {
            faults.add(row.spot, "weight", format!("权重 {weight} 超出 1.0–5.0"), "填 1.0 到 5.0 之间的数");
        }
        let (Some(term), Some(system), Some(weight)) = (term, system, weight) else { continue };
        if term.chars().count() < 2 {
            faults.add(row.spot, "term", format!("“{term}”只有一个字"), "词语至少两个字，单字会误中");
        }
        let note = row.owned("note").unwrap_or_default();
        terms.push((row.spot, Term { term, system: SystemCode::new(system), weight, note }));
    }
    Some(terms)
}

/// The table of other places may be missing: the national gazetteer has the divisions.
pub(crate) fn read_elsewhere(files: &BTreeMap<String, Vec<u8>>, faults: &mut Faults) -> Vec<(Spot, Elsewhere)> {
    if !files.contains_key(ELSEWHERE_FILE) {
        return Vec::new();
    }
    let Some(table) = Table::read(files, ELSEWHERE_FILE, &["name", "code"], &["note"], faults) else {
        return Vec::new();
    };
    let mut elsewhere = Vec::new();
    for row in table.rows() {
        let (name, code) = (row.required("name", faults), row.required("code", faults));
        if let (Some(name), Some(code)) = (name, code) {
            elsewhere.push((row.spot, Elsewhere { name, code }));
        }
    }
    elsewhere
}
