//! `POST /api/v1/matters/{no}/supervise`

use axum::extract::State;
use axum::response::Response;
use huiyin_domain::matter::Command;
use serde::Deserialize;
use utoipa::ToSchema;

use super::Action;
use crate::ApiState;
use crate::openapi::ActionRefusals;
use crate::problem::ApiError;
use crate::wire::MatterView;

/// Body of `supervise`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SuperviseRequest {
    /// What the leader demands.
    text: String,
}

/// 督办
///
/// A leader presses the matter.
#[utoipa::path(
    post,
    path = "/api/v1/matters/{no}/supervise",
    tag = "actions",
    params(
        ("no" = String, Path, description = "Public number of the matter"),
        ("If-Match" = Option<String>, Header, description = "`ETag` the decision rests on"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes repeating safe; at most 200 visible characters"),
    ),
    request_body = SuperviseRequest,
    responses(
        (status = 200, description = "The matter after it", body = MatterView, headers(("ETag" = String))),
        ActionRefusals,
    ),
)]
pub(crate) async fn supervise(
    State(state): State<ApiState>,
    action: Action<SuperviseRequest>,
) -> Result<Response, ApiError> {
    action.perform(&state, |body| Command::Supervise { text: body.text }).await
}
