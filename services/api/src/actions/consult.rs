//! `POST /api/v1/matters/{no}/consult`

use axum::extract::State;
use axum::response::Response;
use huiyin_domain::matter::Command;
use serde::Deserialize;
use utoipa::ToSchema;

use super::Action;
use super::naming::unit_named;
use crate::ApiState;
use crate::matters::visible;
use crate::openapi::ActionRefusals;
use crate::problem::{ApiError, Code};
use crate::wire::MatterView;

/// Most units heard.
const UNITS_MAX: usize = 30;

/// Body of `consult`: begins a consultation, or concludes one.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum ConsultRequest {
    /// Begins one.
    Begin(Begin),
    /// Concludes one.
    Conclude(Conclude),
}

/// Begins a consultation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Begin {
    /// The unit that leads it, by id or exact name.
    lead: String,
    /// Units heard, by id or exact name.
    units: Vec<String>,
    /// What is to be settled.
    question: String,
}

/// Concludes a consultation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Conclude {
    /// The consultation by its number.
    consultation: u32,
    /// What was settled.
    conclusion: String,
}

/// 会商
///
/// Begins a consultation (`lead`, `units`, `question`) or concludes one (`consultation`, `conclusion`).
#[utoipa::path(
    post,
    path = "/api/v1/matters/{no}/consult",
    tag = "actions",
    params(
        ("no" = String, Path, description = "Public number of the matter"),
        ("If-Match" = Option<String>, Header, description = "`ETag` the decision rests on"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes repeating safe; at most 200 visible characters"),
    ),
    request_body = ConsultRequest,
    responses(
        (status = 200, description = "The matter after it", body = MatterView, headers(("ETag" = String))),
        ActionRefusals,
    ),
)]
pub(crate) async fn consult(
    State(state): State<ApiState>,
    action: Action<serde_json::Value>,
) -> Result<Response, ApiError> {
    let Action { no, actor, body, if_match, idempotency } = action;
    let command = match read(body)? {
        ConsultRequest::Conclude(body) => {
            Command::Conclude { consultation: body.consultation, conclusion: body.conclusion }
        }
        ConsultRequest::Begin(body) => {
            let matter = visible(&state, &no, &actor).await?;
            if body.units.len() > UNITS_MAX {
                return Err(ApiError::new(Code::Invalid, format!("一次会商最多{UNITS_MAX}个单位")).field("units"));
            }
            let (catalogue, today) = (state.catalogue()?, state.today());
            let id = |field: &str, name: &str| unit_named(&catalogue, &matter, today, field, name).map(|unit| unit.id);
            let units = body.units.iter().map(|name| id("units", name)).collect::<Result<_, _>>()?;
            Command::Consult { lead: id("lead", &body.lead)?, units, question: body.question }
        }
    };
    Action { no, actor, body: command, if_match, idempotency }.perform(&state, |command| command).await
}

/// Told apart by hand, so that a refusal names the field.
fn read(body: serde_json::Value) -> Result<ConsultRequest, ApiError> {
    let concludes = body.get("consultation").is_some() || body.get("conclusion").is_some();
    let read = match concludes {
        true => serde_json::from_value(body).map(ConsultRequest::Conclude),
        false => serde_json::from_value(body).map(ConsultRequest::Begin),
    };
    read.map_err(|error| crate::extract::malformed_json(&error.to_string()))
}
