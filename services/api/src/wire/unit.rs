//! Units, places and systems of the catalogue, for pickers.

use huiyin_catalogue::{Catalogue, Place, System, Unit};
use serde::Serialize;
use utoipa::ToSchema;

/// A unit that can be assigned.
#[derive(Serialize, ToSchema)]
pub(crate) struct UnitView {
    /// Its id, as actions take it.
    id: String,
    /// Official name.
    name: String,
    /// Code of the place it works for.
    place: String,
    /// Name of that place.
    place_name: String,
    /// `province`, `prefecture`, `county` or `street`.
    level: &'static str,
    /// Its systems, the main one first.
    systems: Vec<String>,
    /// Not in the catalogue's table: named after the pattern of its system.
    derived: bool,
}

impl UnitView {
    pub(crate) fn of(unit: &Unit, catalogue: &Catalogue) -> UnitView {
        UnitView {
            id: unit.id.to_string(),
            name: unit.name.clone(),
            place: unit.place.to_string(),
            place_name: catalogue.place(&unit.place).map_or_else(String::new, |place| place.name.clone()),
            level: unit.level.as_str(),
            systems: unit.systems.iter().map(ToString::to_string).collect(),
            derived: unit.derived,
        }
    }
}

/// A place.
#[derive(Serialize, ToSchema)]
pub(crate) struct PlaceView {
    /// GB/T 2260 code to county, statistical code below, or one of ours with a prefix.
    code: String,
    /// Official name.
    name: String,
    /// Names from the province down, this place included.
    full_name: String,
    /// `province`, `prefecture`, `county` or `street`.
    level: &'static str,
    /// Code of the place above.
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<String>,
}

impl PlaceView {
    pub(crate) fn of(place: &Place, catalogue: &Catalogue) -> PlaceView {
        let above = catalogue.ancestors(&place.code);
        PlaceView {
            code: place.code.to_string(),
            name: place.name.clone(),
            full_name: above.iter().rev().map(|place| place.name.as_str()).collect(),
            level: place.level.as_str(),
            parent: place.parent.as_ref().map(ToString::to_string),
        }
    }
}

/// A line of work.
#[derive(Serialize, ToSchema)]
pub(crate) struct SystemView {
    /// The Chinese label is the code.
    code: String,
    /// Name in full.
    name: String,
    /// Its bodies answer to their own body above, not to the government of the place.
    vertical: bool,
    /// The system it is part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<String>,
}

impl SystemView {
    pub(crate) fn of(system: &System) -> SystemView {
        SystemView {
            code: system.code.to_string(),
            name: system.name.clone(),
            vertical: system.vertical,
            parent: system.parent.as_ref().map(ToString::to_string),
        }
    }
}
