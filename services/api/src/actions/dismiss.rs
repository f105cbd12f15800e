//! `POST /api/v1/matters/{no}/dismiss`

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

/// Body of `dismiss`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DismissRequest {
    /// Why.
    reason: String,
}

/// 不予办理
///
/// Ends the matter without an answer.
#[utoipa::path(
    post,
    path = "/api/v1/matters/{no}/dismiss",
    tag = "actions",
    params(
        ("no" = String, Path, description = "Public number of the matter"),
        ("If-Match" = Option<String>, Header, description = "`ETag` the decision rests on"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes repeating safe; at most 200 visible characters"),
    ),
    request_body = DismissRequest,
    responses(
        (status = 200, description = "The matter after it", body = MatterView, headers(("ETag" = String))),
        ActionRefusals,
    ),
)]
pub(crate) async fn dismiss(
    State(state): State<ApiState>,
    action: Action<DismissRequest>,
) -> Result<Response, ApiError> {
    action.perform(&state, |body| Command::Dismiss { reason: body.reason }).await
}
