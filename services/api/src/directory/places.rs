//! `GET /api/v1/places`

use axum::Json;
use axum::extract::State;
use huiyin_domain::PlaceCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::ApiState;
use crate::auth::Reader;
use crate::extract::QueryOf;
use crate::matters::list::{limit, text};
use crate::openapi::ReadRefusals;
use crate::problem::ApiError;
use crate::wire::PlaceView;

/// Which places.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PlaceQuery {
    /// A name or part of one.
    q: Option<String>,
    /// Code of a place: only those directly below it.
    parent: Option<String>,
    /// Places at most, 1 to 200; 50 when left out.
    limit: Option<u32>,
}

/// Places of the catalogue.
#[derive(Serialize, ToSchema)]
pub(crate) struct PlaceList {
    /// The places, in the catalogue's order.
    places: Vec<PlaceView>,
    /// Catalogue version they are of.
    catalogue: String,
}

/// 属地
#[utoipa::path(
    get,
    path = "/api/v1/places",
    tag = "directory",
    params(PlaceQuery),
    responses((status = 200, description = "Places that exist today", body = PlaceList), ReadRefusals),
)]
pub(crate) async fn places(
    State(state): State<ApiState>,
    _: Reader,
    QueryOf(query): QueryOf<PlaceQuery>,
) -> Result<Json<PlaceList>, ApiError> {
    let (limit, today) = (limit(query.limit)? as usize, state.today());
    let (name, parent) = (text("q", query.q)?, text("parent", query.parent)?.map(PlaceCode::new));
    let catalogue = state.catalogue()?;
    let found = catalogue.places().filter(|place| {
        place.in_force(today)
            && parent.as_ref().is_none_or(|parent| place.parent.as_ref() == Some(parent))
            && name.as_deref().is_none_or(|name| place.names().any(|own| own.contains(name)))
    });
    let places = found.take(limit).map(|place| PlaceView::of(place, &catalogue)).collect();
    Ok(Json(PlaceList { places, catalogue: catalogue.version().to_string() }))
}
