//! `POST /api/v1/matters/{no}/reject`

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

/// Body of `reject`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RejectRequest {
    /// The assignment by its number; may be left out when just one fits.
    assignment: Option<u32>,
    /// Why it is not the unit's.
    reason: String,
}

/// 退回
///
/// The unit sends its assignment back.
#[utoipa::path(
    post,
    path = "/api/v1/matters/{no}/reject",
    tag = "actions",
    params(
        ("no" = String, Path, description = "Public number of the matter"),
        ("If-Match" = Option<String>, Header, description = "`ETag` the decision rests on"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes repeating safe; at most 200 visible characters"),
    ),
    request_body = RejectRequest,
    responses(
        (status = 200, description = "The matter after it", body = MatterView, headers(("ETag" = String))),
        ActionRefusals,
    ),
)]
pub(crate) async fn reject(State(state): State<ApiState>, action: Action<RejectRequest>) -> Result<Response, ApiError> {
    action.perform(&state, |body| Command::Reject { assignment: body.assignment, reason: body.reason }).await
}
