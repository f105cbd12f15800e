//! `POST /api/v1/matters/{no}/grade`

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

/// Body of `grade`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GradeRequest {
    /// `extreme`, `major`, `considerable` or `ordinary`.
    #[schema(value_type = String, examples("ordinary"))]
    grade: huiyin_domain::Grade,
}

/// 定级
///
/// Sets or confirms the grade; all deadlines are computed anew.
#[utoipa::path(
    post,
    path = "/api/v1/matters/{no}/grade",
    tag = "actions",
    params(
        ("no" = String, Path, description = "Public number of the matter"),
        ("If-Match" = Option<String>, Header, description = "`ETag` the decision rests on"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes repeating safe; at most 200 visible characters"),
    ),
    request_body = GradeRequest,
    responses(
        (status = 200, description = "The matter after it", body = MatterView, headers(("ETag" = String))),
        ActionRefusals,
    ),
)]
pub(crate) async fn grade(State(state): State<ApiState>, action: Action<GradeRequest>) -> Result<Response, ApiError> {
    action.perform(&state, |body| Command::Grade(body.grade)).await
}
