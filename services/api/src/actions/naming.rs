//! Units as a request names them: by id or by exact name.

use std::collections::BTreeSet;

use huiyin_catalogue::{Catalogue, Unit};
use huiyin_domain::matter::Matter;
use huiyin_domain::{PlaceCode, UnitId};
use jiff::civil::Date;

use crate::problem::{ApiError, Code};

/// Most names offered instead of an unknown one.
const CANDIDATES_MAX: usize = 5;

/// The unit of an id or an exact name that works on that day; names without a place are read near the matter's.
pub(super) fn unit_named(
    catalogue: &Catalogue,
    matter: &Matter,
    on: Date,
    field: &str,
    name: &str,
) -> Result<Unit, ApiError> {
    let refused = |code, detail: String| ApiError::new(code, detail).field(field);
    let name = name.trim();
    if let Some(unit) = catalogue.unit_by_id(&UnitId::new(name)) {
        if unit.collective {
            return Err(refused(Code::Invalid, format!("{}是统称，不能交办，请选择具体单位", unit.name)));
        }
        if !unit.in_force(on) {
            let successor = unit.successor.as_ref().and_then(|id| catalogue.unit_by_id(id));
            let remedy =
                successor.as_ref().map_or_else(String::new, |unit| format!("，职责由{}（{}）承接", unit.name, unit.id));
            let candidates = successor.into_iter().map(|unit| unit.name).collect();
            return Err(refused(Code::Invalid, format!("{}已不再履职{remedy}", unit.name)).candidates(candidates));
        }
        return Ok(unit);
    }
    let mut found = catalogue.resolve_body(name, matter.place.as_ref(), on);
    found.retain(|unit| !unit.collective);
    match (found.pop(), found.len()) {
        (Some(unit), 0) => Ok(unit),
        (Some(last), _) => {
            found.push(last);
            let names = found.iter().map(|unit| format!("{}（{}）", unit.name, unit.id)).collect();
            Err(refused(Code::UnknownUnit, format!("“{name}”可能指{}个单位，请写明单位编号", found.len()))
                .candidates(names))
        }
        (None, _) => {
            let near = nearest(catalogue, matter.place.as_ref(), on, name);
            let hint = if near.is_empty() {
                "请核对名称".to_owned()
            } else {
                format!("相近的有：{}", near.join("、"))
            };
            Err(refused(Code::UnknownUnit, format!("现行职责目录中没有“{name}”，{hint}")).candidates(near))
        }
    }
}

/// Names in the catalogue that share most pairs of characters with `name`; those of the matter's place come first.
fn nearest(catalogue: &Catalogue, place: Option<&PlaceCode>, on: Date, name: &str) -> Vec<String> {
    let wanted = pairs(name);
    let score = |unit: &Unit| {
        let best = unit.names().map(|own| likeness(&wanted, &pairs(own))).max().unwrap_or(0);
        let near = place.is_some_and(|place| catalogue.contains(&unit.place, place));
        (best, near)
    };
    let in_force = catalogue.units().filter(|unit| !unit.collective && unit.in_force(on));
    let mut scored: Vec<_> =
        in_force.map(|unit| (score(unit), &unit.name)).filter(|((best, _), _)| *best >= 300).collect();
    scored.sort_by(|(one, _), (other, _)| other.cmp(one)); // stable: table order among equals
    let mut names: Vec<String> = Vec::new();
    for (_, name) in scored {
        if !names.contains(name) {
            names.push(name.clone());
        }
        if names.len() == CANDIDATES_MAX {
            break;
        }
    }
    names
}

/// Pairs of neighbouring characters; a single character stands for itself.
fn pairs(name: &str) -> BTreeSet<(char, char)> {
    let characters: Vec<char> = name.chars().take(60).collect();
    match characters.as_slice() {
        [only] => BTreeSet::from([(*only, *only)]),
        many => many.windows(2).filter_map(|pair| Some((*pair.first()?, *pair.get(1)?))).collect(),
    }
}

/// Dice coefficient in thousandths.
fn likeness(one: &BTreeSet<(char, char)>, other: &BTreeSet<(char, char)>) -> usize {
    let total = one.len() + other.len();
    (2000 * one.intersection(other).count()).checked_div(total).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn likeness_counts_shared_pairs() {
        for (one, other, expected) in [
            ("青川市教育局", "青川市教育局", 1000),
            ("市教育局", "青川市教育局", 750),
            ("教育局", "水利站", 0),
            ("", "", 0),
        ] {
            assert_eq!(likeness(&pairs(one), &pairs(other)), expected, "{one} {other}");
        }
    }
}
