//! `GET /api/v1/units`

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
    /// A name or part of one.
    q: Option<String>,
    /// Code of a place: its units and those its systems have there.
    place: Option<String>,
    /// Units at most, 1 to 200; 50 when left out.
    limit: Option<u32>,
}

/// Units that can be assigned.
#[derive(Serialize, ToSchema)]
pub(crate) struct UnitList {
    /// The units, in the catalogue's order.
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
    let catalogue = state.catalogue()?;
    let found = find(&catalogue, name.as_deref(), place.as_ref(), today, limit);
    let units = found.iter().map(|unit| UnitView::of(unit, &catalogue)).collect();
    Ok(Json(UnitList { units, catalogue: catalogue.version().to_string() }))
}

fn find(catalogue: &Catalogue, name: Option<&str>, place: Option<&PlaceCode>, on: Date, limit: usize) -> Vec<Unit> {
    let named = |unit: &Unit| name.is_none_or(|name| unit.names().any(|own| own.contains(name)));
    let tabled = catalogue.units().filter(|unit| {
        unit.in_force(on) && !unit.collective && place.is_none_or(|place| unit.place == *place) && named(unit)
    });
    let mut found: Vec<Unit> = tabled.take(limit).cloned().collect();
    let mut add = |unit: Unit| {
        if found.len() < limit && found.iter().all(|other| other.id != unit.id) {
            found.push(unit);
        }
    };
    if let Some(place) = place {
        let of_systems = catalogue.systems().filter_map(|system| catalogue.unit_at(&system.code, place, on));
        of_systems.filter(|unit| !unit.collective && named(unit)).for_each(&mut add);
    }
    if let Some(name) = name {
        let bodies = catalogue.resolve_body(name, place, on);
        bodies.into_iter().filter(|unit| !unit.collective).for_each(add);
    }
    found
}
