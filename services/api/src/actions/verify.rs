//! `POST /api/v1/matters/{no}/verify`

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

/// Body of `verify`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct VerifyRequest {
    /// The commitment by its number.
    commitment: u32,
    /// Kept or broken.
    kept: bool,
    /// What was found.
    text: String,
}

/// 核查承诺
///
/// Records whether a promise was kept; by someone other than who recorded it.
#[utoipa::path(
    post,
    path = "/api/v1/matters/{no}/verify",
    tag = "actions",
    params(
        ("no" = String, Path, description = "Public number of the matter"),
        ("If-Match" = Option<String>, Header, description = "`ETag` the decision rests on"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes repeating safe; at most 200 visible characters"),
    ),
    request_body = VerifyRequest,
    responses(
        (status = 200, description = "The matter after it", body = MatterView, headers(("ETag" = String))),
        ActionRefusals,
    ),
)]
pub(crate) async fn verify(State(state): State<ApiState>, action: Action<VerifyRequest>) -> Result<Response, ApiError> {
    action
        .perform(&state, |body| Command::Verify { commitment: body.commitment, kept: body.kept, text: body.text })
        .await
}
