//! `GET /api/v1/systems`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::ApiState;
use crate::auth::Reader;
use crate::openapi::ReadRefusals;
use crate::problem::ApiError;
use crate::wire::SystemView;

/// Systems of the catalogue.
#[derive(Serialize, ToSchema)]
pub(crate) struct SystemList {
    /// The systems, in the catalogue's order.
    systems: Vec<SystemView>,
    /// Catalogue version they are of.
    catalogue: String,
}

/// 系统
#[utoipa::path(
    get,
    path = "/api/v1/systems",
    tag = "directory",
    responses((status = 200, description = "Systems", body = SystemList), ReadRefusals),
)]
pub(crate) async fn systems(State(state): State<ApiState>, _: Reader) -> Result<Json<SystemList>, ApiError> {
    let catalogue = state.catalogue()?;
    let systems = catalogue.systems().map(SystemView::of).collect();
    Ok(Json(SystemList { systems, catalogue: catalogue.version().to_string() }))
}
