//! `POST /api/v1/matters/{no}/close`

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

/// Body of `close`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CloseRequest {
    /// Closing remark (办结方式).
    text: Option<String>,
}

/// 办结
///
/// Closes the matter; an authoritative or final answer must be on the record.
#[utoipa::path(
    post,
    path = "/api/v1/matters/{no}/close",
    tag = "actions",
    params(
        ("no" = String, Path, description = "Public number of the matter"),
        ("If-Match" = Option<String>, Header, description = "`ETag` the decision rests on"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes repeating safe; at most 200 visible characters"),
    ),
    request_body = CloseRequest,
    responses(
        (status = 200, description = "The matter after it", body = MatterView, headers(("ETag" = String))),
        ActionRefusals,
    ),
)]
pub(crate) async fn close(State(state): State<ApiState>, action: Action<CloseRequest>) -> Result<Response, ApiError> {
    action.perform(&state, |body| Command::Close { text: body.text }).await
}
