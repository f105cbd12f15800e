//! `POST /api/v1/matters/{no}/assign`

use axum::extract::State;
use axum::response::Response;
use huiyin_catalogue::Catalogue;
use huiyin_domain::Grade;
use huiyin_domain::matter::{AssignTo, Command, Matter, Part};
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::ToSchema;

use super::Action;
use super::naming::unit_named;
use crate::ApiState;
use crate::matters::visible;
use crate::openapi::ActionRefusals;
use crate::problem::{ApiError, Code};
use crate::wire::MatterView;

/// Most units of one assignment.
const UNITS_MAX: usize = 30;

/// Body of `assign`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AssignRequest {
    /// The unit that leads, by id or exact name.
    lead: String,
    /// Units that assist, by id or exact name.
    #[serde(default)]
    assist: Vec<String>,
    /// Sets or confirms the grade in the same step: `extreme`, `major`, `considerable` or `ordinary`.
    #[schema(value_type = Option<String>, examples("ordinary"))]
    grade: Option<Grade>,
    /// Instruction to the units.
    instruction: Option<String>,
}

/// 交办
///
/// Gives the matter to units of the catalogue in force; live assignments of other units are overridden.
#[utoipa::path(
    post,
    path = "/api/v1/matters/{no}/assign",
    tag = "actions",
    params(
        ("no" = String, Path, description = "Public number of the matter"),
        ("If-Match" = Option<String>, Header, description = "`ETag` the decision rests on"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes repeating safe; at most 200 visible characters"),
    ),
    request_body = AssignRequest,
    responses(
        (status = 200, description = "The matter after it", body = MatterView, headers(("ETag" = String))),
        ActionRefusals,
    ),
)]
pub(crate) async fn assign(State(state): State<ApiState>, action: Action<AssignRequest>) -> Result<Response, ApiError> {
    let matter = visible(&state, &action.no, &action.actor).await?;
    let catalogue = state.catalogue()?;
    let units = units(&catalogue, &matter, state.today(), &action.body)?;
    action.perform(&state, |body| Command::Assign { units, grade: body.grade, instruction: body.instruction }).await
}

fn units(catalogue: &Catalogue, matter: &Matter, on: Date, body: &AssignRequest) -> Result<Vec<AssignTo>, ApiError> {
    if body.assist.len() >= UNITS_MAX {
        let detail = format!("一次最多交办{UNITS_MAX}个单位");
        return Err(ApiError::new(Code::Invalid, detail).field("assist"));
    }
    let one = |field: &str, name: &str, part| {
        let unit = unit_named(catalogue, matter, on, field, name)?;
        Ok::<_, ApiError>(AssignTo { unit: unit.id, unit_name: unit.name, part })
    };
    let mut units = vec![one("lead", &body.lead, Part::Lead)?];
    for name in &body.assist {
        units.push(one("assist", name, Part::Assist)?);
    }
    Ok(units)
}
