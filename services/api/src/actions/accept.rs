//! `POST /api/v1/matters/{no}/accept`

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

/// Body of `accept`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AcceptRequest {
    /// The assignment by its number; may be left out when just one fits.
    assignment: Option<u32>,
}

/// 签收
///
/// The unit signs for its assignment.
#[utoipa::path(
    post,
    path = "/api/v1/matters/{no}/accept",
    tag = "actions",
    params(
        ("no" = String, Path, description = "Public number of the matter"),
        ("If-Match" = Option<String>, Header, description = "`ETag` the decision rests on"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes repeating safe; at most 200 visible characters"),
    ),
    request_body = AcceptRequest,
    responses(
        (status = 200, description = "The matter after it", body = MatterView, headers(("ETag" = String))),
        ActionRefusals,
    ),
)]
pub(crate) async fn accept(State(state): State<ApiState>, action: Action<AcceptRequest>) -> Result<Response, ApiError> {
    action.perform(&state, |body| Command::Accept { assignment: body.assignment }).await
}
