//! `GET /api/v1/units`

use std::borrow::Cow;

use axum::Json;
use axum::extract::State;
use huiyin_catalogue::{Catalogue, Unit};
use huiyin_domain::PlaceCode;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::ApiState;
use crate::auth::Reader;
use crate::extract::QueryOf;
use crate::matters::list::{limit, text};
use crate::openapi::ReadRefusals;
use crate::problem::ApiError;
use crate::wire::UnitView;

/// Which units.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct UnitQuery {
    /// A name or part of one, or what bodies of a line of work are called (城管).
    q: Option<String>,
    /// Code of a place: its units and those its systems have there.
    place: Option<String>,
    /// With `q`: code of the place the matter is at, whose units come first.
    near: Option<String>,
    /// Units at most, 1 to 200; 50 when left out.
    limit: Option<u32>,
}

/// Units that can be assigned.
#[derive(Serialize, ToSchema)]
pub(crate) struct UnitList {
    /// The units: with `q` the nearest first, else in the catalogue's order.
    units: Vec<UnitView>,
    /// Catalogue version they are of.
    catalogue: String,
}

/// 单位
///
/// Units in force today that can be assigned.
#[utoipa::path(
    get,
    path = "/api/v1/units",
    tag = "directory",
    params(UnitQuery),
    responses((status = 200, description = "Units", body = UnitList), ReadRefusals),
)]
pub(crate) async fn units(
    State(state): State<ApiState>,
    _: Reader,
    QueryOf(query): QueryOf<UnitQuery>,
) -> Result<Json<UnitList>, ApiError> {
    let (limit, today) = (limit(query.limit)? as usize, state.today());
    let (name, place) = (text("q", query.q)?, text("place", query.place)?.map(PlaceCode::new));
    let near = text("near", query.near)?.map(PlaceCode::new);
    let catalogue = state.catalogue()?;
    let found = match (&name, &place) {
        (Some(name), None) => catalogue.find_units(name, near.as_ref(), today, limit),
        _ => at_place(&catalogue, name.as_deref(), place.as_ref(), today, limit),
    };
    let units = found.iter().map(|unit| UnitView::of(unit, &catalogue)).collect();
    Ok(Json(UnitList { units, catalogue: catalogue.version().to_string() }))
}

/// Units of the table and, of a place, those its systems have there.
fn at_place(
    catalogue: &Catalogue,
    name: Option<&str>,
    place: Option<&PlaceCode>,
    on: Date,
    units_max: usize,
) -> Vec<Unit> {
    let named = |unit: &Unit| name.is_none_or(|name| unit.names().any(|own| own.contains(name)));
    let tabled = catalogue.units().filter(|unit| {
        unit.in_force(on) && !unit.collective && place.is_none_or(|place| unit.place == *place) && named(unit)
    });
    let mut found: Vec<Unit> = tabled.take(units_max).cloned().collect();
    let mut add = |unit: Unit| {
        if found.len() < units_max && found.iter().all(|other| other.id != unit.id) {
            found.push(unit);
        }
    };
    if let Some(place) = place {
        let of_systems = catalogue.systems().filter_map(|system| catalogue.unit_at(&system.code, place, on));
        of_systems.filter(|unit| !unit.collective && named(unit)).map(Cow::into_owned).for_each(&mut add);
        let bodies = name.map(|name| catalogue.resolve_body(name, Some(place), on)).unwrap_or_default();
        bodies.into_iter().filter(|unit| !unit.collective).for_each(add);
    }
    found
}
