//! Units: the bodies that answer.

use std::collections::BTreeMap;

use huiyin_domain::{Level, PlaceCode, SystemCode, UnitId, UnitRef};
use jiff::civil::Date;

use crate::fault::{Faults, Spot};
use crate::place;
use crate::table::Table;

pub(crate) const FILE: &str = "units.csv";

/// A government body, or a collective that a document names as one (各县（区）人民政府).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// `{place}-{system}` for the body of a system, `{place}-{name}` for others.
    pub id: UnitId,
    /// Official name in full.
    pub name: String,
    /// Names as documents and people write them, short ones included.
    pub aliases: Vec<String>,
    /// Its lines of work, the main one first. Collectives may have none.
    pub systems: Vec<SystemCode>,
    /// The place it works for.
    pub place: PlaceCode,
    /// Its level, normally that of its place.
    pub level: Level,
    /// The unit it belongs to or that oversees it, where that is not simply the government of its place.
    pub parent: Option<UnitId>,
    /// First day in force; open when not known.
    pub effective_from: Option<Date>,
    /// Last day in force; open while it lasts.
    pub effective_to: Option<Date>,
    /// The unit that took over its work.
    pub successor: Option<UnitId>,
    /// Keys of the documents that name it.
    pub documents: Vec<String>,
    /// Names many bodies at once; nothing can be assigned to it.
    pub collective: bool,
    /// Not in the table: named after the pattern of its system.
    pub derived: bool,
}

impl Unit {
    /// Whether the unit works on a day. One that has a successor but no known last day counts as gone.
    pub fn in_force(&self, on: Date) -> bool {
        place::in_force(self.effective_from, self.effective_to, self.successor.is_some(), on)
    }

    /// Every name of the unit, the official one first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.name.as_str()).chain(self.aliases.iter().map(String::as_str))
    }
}

/// A unit as read: the level may be left to the place.
pub(crate) struct ReadUnit {
    pub(crate) unit: Unit,
    pub(crate) level: Option<Level>,
}

impl From<&Unit> for UnitRef {
    fn from(unit: &Unit) -> UnitRef {
        UnitRef { id: unit.id.clone(), name: unit.name.clone() }
    }
}

pub(crate) fn read(files: &BTreeMap<String, Vec<u8>>, faults: &mut Faults) -> Option<Vec<(Spot, ReadUnit)>> {
    let required = [
        "id",
        "name",
        "aliases",
        "systems",
        "place",
        "level",
        "parent",
        "effective_from",
        "effective_to",
        "successor",
        "documents",
    ];
    let table = Table::read(files, FILE, &required, &["collective", "note"], faults)?;
    let mut units = Vec::new();
    for row in table.rows() {
        let id = row.required("id", faults);
        let name = row.required("name", faults);
        let place = row.required("place", faults);
        let aliases = row.list("aliases", faults);
        let systems: Vec<_> = row.list("systems", faults).into_iter().map(SystemCode::new).collect();
        let documents = row.list("documents", faults);
        let collective = row.flag("collective", faults);
        let level = row.level("level", faults);
        let (effective_from, effective_to) = row.period(faults);
        if systems.is_empty() && !collective {
            faults.add(
                row.spot,
                "systems",
                "单位没有系统",
                "填写所属系统；统称（如 各县〔区〕人民政府）把 collective 设为 yes",
            );
        }
        let (Some(id), Some(name), Some(place)) = (id, name, place) else { continue };
        let unit = Unit {
            id: UnitId::new(id),
            name,
            aliases,
            systems,
            place: PlaceCode::new(place),
            level: level.unwrap_or(Level::County),
            parent: row.get("parent").map(UnitId::new),
            effective_from,
            effective_to,
            successor: row.get("successor").map(UnitId::new),
            documents,
            collective,
            derived: false,
        };
        units.push((row.spot, ReadUnit { unit, level }));
    }
    Some(units)
}
