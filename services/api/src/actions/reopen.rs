//! `POST /api/v1/matters/{no}/reopen`

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

/// Body of `reopen`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReopenRequest {
    /// Why.
    reason: String,
}

/// 重新打开
///
/// Opens a closed or dismissed matter again.
#[utoipa::path(
    post,
    path = "/api/v1/matters/{no}/reopen",
    tag = "actions",
    params(
        ("no" = String, Path, description = "Public number of the matter"),
        ("If-Match" = Option<String>, Header, description = "`ETag` the decision rests on"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes repeating safe; at most 200 visible characters"),
    ),
    request_body = ReopenRequest,
    responses(
        (status = 200, description = "The matter after it", body = MatterView, headers(("ETag" = String))),
        ActionRefusals,
    ),
)]
pub(crate) async fn reopen(State(state): State<ApiState>, action: Action<ReopenRequest>) -> Result<Response, ApiError> {
    action.perform(&state, |body| Command::Reopen { reason: body.reason }).await
}
